"""Units sold become baskets, orders and customers who come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shop.demo.demand import START, Demand, Ints, random
from shop.demo.fraud import FraudOrder
from shop.demo.parameters import (
    CANCELLED_SHARE,
    CHANNELS,
    CODES,
    COUNTRIES,
    FOUNDER_SKUS,
    HISTORY_DAYS,
    HONEST_BILLING_MISMATCH,
    HONEST_IP_MISMATCH,
    PRODUCTS,
    REPEAT_AFTER_DAYS,
    REPEAT_WITHIN_DAYS,
    SCALE,
    SEGMENTS,
    SKUS,
)
from shop.demo.stock import Stock

if TYPE_CHECKING:
    import pandas as pd

THEMES = tuple(dict.fromkeys(p.theme for p in PRODUCTS))
BASKET_END = 0.72  # chance that a unit is the last of its order
CLUB_ORDER, CLUB_UNITS = 0.0015, 7  # chance that a unit begins an honest order for a whole club, and how many follow
LOYAL_TO_THEME = 0.7  # share of orders whose customer leans to the theme of the first SKU
SAME_THEME = 0.65  # chance that a unit stands next to others of its theme
STRANGERS = ("US", "GB", "DE", "FR", "JP", "CH", "AT", "NL", "CA", "ES", "SE", "AU")


@dataclass(frozen=True)
class Sales:
    """Orders and lines as frames of numbers; orders are in time order, their position is their number.

    orders: t, at, c, ch, segment, customer, address, status, code, express, goods (minor units), billing, ip, fraud,
    order_id, customer_id. lines: order, line, s, quantity, price, discount (minor units).
    """

    orders: pd.DataFrame
    lines: pd.DataFrame


def write(seed: int, demand: Demand, stock: Stock, fraud: list[FraudOrder]) -> Sales:
    """Turn what was sold into orders. Cancelled orders are extra: they never took stock."""
    import pandas as pd

    rng = random(seed, 4)
    units = _units(rng, demand, stock)
    lines = _baskets(rng, units)
    bulk = pd.DataFrame(
        [(w.t, w.c, 2, w.s, w.quantity) for w in stock.wholesale], columns=["t", "c", "ch", "s", "quantity"]
    )
    bulk["basket"], bulk["status"], bulk["fraud"] = np.arange(len(bulk)) + lines["basket"].max() + 1, "paid", -1
    rings = pd.DataFrame(
        [(o.t, o.c, o.channel, s, n, k, "paid", k) for k, o in enumerate(fraud) for s, n in o.lines],
        columns=["t", "c", "ch", "s", "quantity", "basket", "status", "fraud"],
    )
    rings["basket"] += bulk["basket"].max() + 1
    lines = pd.concat([lines, bulk, rings], ignore_index=True)
    at = (lines["t"], lines["s"], lines["c"], lines["ch"])
    cell = tuple(x.to_numpy() for x in at)
    lines["price"] = demand.price[cell]
    lines["percent"] = np.where(lines["fraud"] >= 0, 0, demand.discount[cell])
    lines["discount"] = np.round(lines["price"] * lines["quantity"] * lines["percent"] / 100).astype(np.int64)
    lines["code"] = np.where(lines["percent"] > 0, demand.code[cell], 0)
    lines["goods"] = lines["price"] * lines["quantity"] - lines["discount"]
    lines["founder"] = lines["s"].isin([SKUS.index(s) for s in FOUNDER_SKUS])
    orders = (
        lines.groupby("basket", sort=True)
        .agg(t=("t", "first"), c=("c", "first"), ch=("ch", "first"), status=("status", "first"), code=("code", "max"),
             goods=("goods", "sum"), founder=("founder", "any"), s=("s", "first"), fraud=("fraud", "first"))
        .reset_index()
    )  # fmt: skip
    orders = _timed(rng, orders)
    position = pd.Series(np.arange(len(orders)), index=orders["basket"].to_numpy())
    lines["order"] = lines["basket"].map(position)
    lines = lines.sort_values(["order", "s"], kind="stable", ignore_index=True)
    lines["line"] = lines.groupby("order").cumcount() + 1
    orders = _customers(rng, orders, fraud)
    number = np.char.add(np.array(["S", "A", "B"])[orders["ch"]], (100001 + np.arange(len(orders))).astype(str))
    orders["order_id"] = number.astype(object)
    orders["code"] = np.array(demand.codes, dtype=object)[orders["code"]]
    return Sales(orders, lines[["order", "line", "s", "quantity", "price", "discount"]])


def _units(rng: np.random.Generator, demand: Demand, stock: Stock) -> pd.DataFrame:
    import pandas as pd

    extra = rng.poisson(CANCELLED_SHARE * demand.mean[:HISTORY_DAYS, :, :, :2])
    parts = []
    for counts, status in ((stock.sold, "paid"), (extra, "cancelled")):
        t, s, c, ch = np.nonzero(counts)
        repeat = counts[t, s, c, ch]
        frame = pd.DataFrame({"t": t, "s": s, "c": c, "ch": ch}).loc[np.repeat(np.arange(len(t)), repeat)]
        parts.append(frame.assign(status=status))
    return pd.concat(parts, ignore_index=True)


def _baskets(rng: np.random.Generator, units: pd.DataFrame) -> pd.DataFrame:
    theme = np.array([THEMES.index(p.theme) for p in PRODUCTS])[units["s"]]
    loose = rng.random(len(units)) * len(THEMES)
    near = theme + rng.random(len(units))
    units["place"] = np.where(rng.random(len(units)) < SAME_THEME, near, loose)
    units = units.sort_values(["t", "c", "ch", "status", "place"], kind="stable", ignore_index=True)
    group = units[["t", "c", "ch", "status"]].ne(units[["t", "c", "ch", "status"]].shift()).any(axis=1)
    club = np.flatnonzero(rng.random(len(units)) < CLUB_ORDER)
    whole = np.zeros(len(units), dtype=bool)
    for k in range(CLUB_UNITS):
        whole[np.minimum(club + k, len(units) - 1)] = True
    ends = (rng.random(len(units)) < BASKET_END) & ~whole
    units["basket"] = (group | ends).cumsum()
    keys = ["basket", "t", "c", "ch", "status", "s"]
    lines = units.groupby(keys, sort=False).size().rename("quantity").reset_index()
    return lines.assign(fraud=-1)


def _timed(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    peak = np.array([c.peak_hour for c in COUNTRIES])[orders["c"]]
    hour = np.where(orders["ch"] == 2, rng.normal(6, 2.5, len(orders)), rng.normal(peak, 4.5, len(orders))) % 24
    seconds = np.minimum((hour * 3600).astype(np.int64), 86399)
    orders["at"] = pd.Timestamp(START) + pd.to_timedelta(orders["t"] * 86400 + seconds, unit="s")
    return orders.sort_values(["at", "basket"], ignore_index=True)


def _customers(rng: np.random.Generator, orders: pd.DataFrame, fraud: list[FraudOrder]) -> pd.DataFrame:
    count = len(orders)
    orders["segment"] = _segments(rng, orders)
    theme = np.array([THEMES.index(p.theme) for p in PRODUCTS])[orders["s"]]
    orders["leaning"] = np.where(rng.random(count) < LOYAL_TO_THEME, theme, rng.integers(0, len(THEMES), count))
    parent = np.arange(count)
    for _, rows in orders[orders["fraud"] < 0].groupby(["c", "ch", "segment", "leaning"], sort=True):
        at, days = rows.index.to_numpy(), rows["t"].to_numpy()
        repeat = SEGMENTS[int(rows["segment"].iloc[0])].repeat
        parent[at] = at[_previous(rng, days, repeat)]
    while (parent[parent] != parent).any():
        parent = parent[parent]
    address = parent.astype(np.int64)
    household = rng.random(count) < 0.02  # two people, one door
    address = np.where(household[parent], np.maximum(parent - 1, 0), address)
    billing = np.array(CODES, dtype=object)[orders["c"]]
    ip = billing.copy()
    for column, share in ((billing, HONEST_BILLING_MISMATCH), (ip, HONEST_IP_MISMATCH)):
        odd = rng.random(count) < share
        column[odd] = rng.choice(STRANGERS, int(odd.sum()))
    express_share = np.array([s.express for s in SEGMENTS])[orders["segment"]]
    express = (rng.random(count) < express_share) & (orders["ch"].to_numpy() == 0)
    customer = np.array([f"C{100000 + p}" for p in parent], dtype=object)
    for i in np.flatnonzero(orders["fraud"] >= 0):
        order = fraud[int(orders["fraud"].iloc[i])]
        customer[i] = f"C{100000 + count + order.ring * 100 + order.customer}"
        address[i] = count + order.ring
        billing[i], ip[i], express[i] = order.billing, order.ip, True
    orders["customer_id"] = customer
    orders["address"] = [f"{(int(a) * 2654435761 + 97) % 2**32:08x}" for a in address]
    orders["billing"], orders["ip"], orders["express"] = billing, ip, express
    last_evening = (orders["t"] == HISTORY_DAYS - 1) & (rng.random(count) < 0.25) & (orders["status"] == "paid")
    orders.loc[last_evening, "status"] = "pending"
    return orders


def _previous(rng: np.random.Generator, days: Ints, repeat: float) -> Ints:
    """Position of each order's previous order by the same customer, or its own. No order is followed by two."""
    previous = np.arange(len(days))
    followed = np.zeros(len(days), dtype=bool)
    first, last = np.searchsorted(days, days - REPEAT_WITHIN_DAYS), np.searchsorted(days, days - REPEAT_AFTER_DAYS)
    waiting = np.flatnonzero((rng.random(len(days)) < repeat) & (last > first))
    for _ in range(6):
        drawn = first[waiting] + np.floor(rng.random(len(waiting)) * (last - first)[waiting]).astype(np.int64)
        _, once = np.unique(drawn, return_index=True)
        good = np.isin(np.arange(len(drawn)), once) & ~followed[drawn]
        previous[waiting[good]] = drawn[good]
        followed[drawn[good]] = True
        waiting = waiting[~good]
    return previous


def _segments(rng: np.random.Generator, orders: pd.DataFrame) -> Ints:
    plain = np.array([[s.share[ch] for s in SEGMENTS] for ch in CHANNELS])
    promoted = np.array([[s.promoted[ch] for s in SEGMENTS] for ch in CHANNELS])
    weight = np.where((orders["code"] > 0).to_numpy()[:, None], promoted[orders["ch"]], plain[orders["ch"]])
    weight[:, 0] *= np.where(orders["founder"], 2.0, 1.0)
    edges = weight.cumsum(axis=1)
    return np.asarray((rng.random(len(orders))[:, None] * edges[:, -1:] > edges).sum(axis=1))


def shipping_charged(orders: pd.DataFrame) -> Ints:
    """What the customer paid for delivery, in minor units: free from 50 US dollars on, express always costs."""
    rate = np.array([c.usd_rate for c in COUNTRIES])[orders["c"]]
    scale = np.array([SCALE[c.currency] for c in COUNTRIES])[orders["c"]]
    dollars = orders["goods"].to_numpy() / scale / rate
    fee = np.where(orders["express"], 14.95, np.where(dollars < 50, 4.95, 0.0))
    charged = np.round(fee * rate * scale / np.where(scale == 1, 10, 5)) * np.where(scale == 1, 10, 5)
    return np.where(orders["ch"] == 0, charged, 0).astype(np.int64)


def tax(orders: pd.DataFrame) -> Ints:
    """VAT or consumption tax inside the goods' price, in minor units; none in the US and on wholesale exports."""
    percent = np.array([c.tax_pct for c in COUNTRIES])[orders["c"]] * (orders["ch"].to_numpy() != 2)
    return np.asarray(np.round(orders["goods"].to_numpy() * percent / (100 + percent)), np.int64)
