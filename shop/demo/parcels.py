"""Parcels out, and the units and money that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shop.demo.comments import comment
from shop.demo.demand import day_number, random
from shop.demo.orders import Sales
from shop.demo.parameters import (
    APPAREL_REASONS,
    CODES,
    COUNTRIES,
    HISTORY_DAYS,
    PRODUCTS,
    REFUND_ABUSE_CUSTOMERS,
    REFUND_ABUSE_START,
    RETURN_CAUSES,
    RETURN_REASONS,
    SKUS,
)
from shop.demo.stock import HOUSE_OF, WHOLESALE_HOUSE

if TYPE_CHECKING:
    import pandas as pd

# by country: carrier, mean days, spread, promised days, US cents for a parcel up to 0.5 kg, cents per further kg
CARRIERS: dict[str, tuple[tuple[str, float, float, int, int, int], ...]] = {
    "US": (("USPS", 3.6, 1.3, 5, 520, 180), ("UPS", 2.9, 0.8, 4, 780, 160)),
    "DE": (("DHL", 2.4, 0.7, 4, 560, 110), ("GLS", 2.8, 0.9, 4, 480, 100)),
    "GB": (("Evri", 4.2, 1.5, 6, 590, 120), ("DPD", 3.3, 0.9, 5, 760, 130)),
    "FR": (("Colissimo", 3.2, 1.0, 5, 640, 120), ("Mondial Relay", 4.1, 1.3, 6, 470, 100)),
    "JP": (("Yamato", 4.4, 1.1, 6, 690, 210), ("Sagawa", 4.9, 1.3, 6, 640, 200)),
}
SHARE_OF_FIRST = 0.62
SLOW_CARRIER, SLOW_COUNTRY, SLOW_SINCE, SLOW_DAYS = "GLS", "DE", "2026-10-05", 3.2
RETURN_AFTER_DAYS = (4, 24)


def ship(seed: int, sales: Sales) -> pd.DataFrame:
    """One parcel per order that was not cancelled: order, house, carrier, shipped, promised, delivered (day numbers), cost."""
    import pandas as pd

    rng = random(seed, 5)
    lines = sales.lines
    grams = np.bincount(lines["order"], weights=np.array([p.weight for p in PRODUCTS])[lines["s"]] * lines["quantity"])
    orders = sales.orders[sales.orders["status"] == "paid"]
    at = orders.index.to_numpy()
    wholesale = orders["ch"].to_numpy() == 2
    c = orders["c"].to_numpy()
    second = (rng.random(len(at)) > SHARE_OF_FIRST).astype(int)
    table = np.array([[row[1:] for row in CARRIERS[code]] for code in CODES], dtype=float)[c, second]
    names = np.array([[row[0] for row in CARRIERS[code]] for code in CODES], dtype=object)[c, second]
    handling = 1 + (rng.random(len(at)) < 0.25) + np.where(wholesale, rng.integers(2, 6, len(at)), 0)
    shipped = orders["t"].to_numpy() + handling - (orders["express"].to_numpy() & (handling > 0))
    slow = (names == SLOW_CARRIER) & (c == CODES.index(SLOW_COUNTRY))
    slow &= shipped >= day_number(pd.Timestamp(SLOW_SINCE).date())
    travel = np.maximum(1, rng.normal(table[:, 0] + slow * SLOW_DAYS, table[:, 1]))
    travel = np.where(wholesale, np.maximum(6, rng.normal(30, 5, len(at))), travel)
    cost = table[:, 3] + table[:, 4] * np.maximum(0, grams[at] / 1000 - 0.5)
    cost = np.where(wholesale, 9000 + 95 * grams[at] / 1000, cost)
    frame = pd.DataFrame(
        {
            "order": at,
            "house": np.where(wholesale, WHOLESALE_HOUSE, HOUSE_OF[c]),
            "carrier": np.where(wholesale, "COSCO", names),
            "shipped": shipped,
            "promised": shipped + np.where(wholesale, 38, table[:, 2]).astype(np.int64),
            "delivered": shipped + np.ceil(travel).astype(np.int64),
            "cost": np.round(cost).astype(np.int64),
        }
    )
    return frame[frame["shipped"] < HISTORY_DAYS].reset_index(drop=True)


def give_back(seed: int, sales: Sales, parcels: pd.DataFrame) -> pd.DataFrame:
    """Refunds: order, s, quantity, amount (minor units), at, reason, comment, cause. Returned units are not restocked."""
    import pandas as pd

    rng = random(seed, 6)
    orders = sales.orders
    lines = sales.lines.merge(parcels[["order", "delivered"]], on="order")
    lines = lines.join(orders[["t", "c", "ch", "fraud", "customer_id"]], on="order")
    lines = lines[(lines["fraud"] < 0) & (lines["ch"] != 2)].reset_index(drop=True)
    s, c, t = (lines[x].to_numpy() for x in ("s", "c", "t"))
    quantity = lines["quantity"].to_numpy()
    left = quantity.copy()
    back = []
    usual = np.array([p.return_rate for p in PRODUCTS])[s] * np.where(lines["ch"] == 1, 1.15, 0.9)
    for cause in RETURN_CAUSES:
        inside = (s == SKUS.index(cause.sku)) & np.isin(c, [CODES.index(x) for x in cause.countries])
        inside &= (t >= day_number(cause.start)) & (t <= day_number(cause.end))
        units = np.where(inside, rng.binomial(left, cause.rate), 0)
        left -= units
        back.append(_some(lines, units).assign(reason=cause.reason, cause=cause.name))
    ordinary = _some(lines, rng.binomial(left, usual))
    apparel = np.array([p.category == "apparel" for p in PRODUCTS])[ordinary["s"]]
    ordinary["reason"] = np.where(
        apparel,
        rng.choice(list(APPAREL_REASONS), len(ordinary), p=list(APPAREL_REASONS.values())),
        rng.choice(list(RETURN_REASONS), len(ordinary), p=list(RETURN_REASONS.values())),
    )
    back.append(ordinary.assign(cause="usual"))
    refunds = pd.concat(back, ignore_index=True)
    refunds = refunds[~refunds["customer_id"].isin(abusers(sales))]
    refunds = pd.concat([refunds, _claims(rng, sales, lines)], ignore_index=True)
    paid = refunds["price"] * refunds["quantity"] - refunds["discount"] * refunds["quantity"] // refunds["sold"]
    refunds["amount"] = paid.astype(np.int64)
    refunds["day"] = refunds["delivered"] + rng.integers(*RETURN_AFTER_DAYS, len(refunds))
    refunds = refunds[refunds["day"] < HISTORY_DAYS].sort_values(["day", "order", "s", "cause"], ignore_index=True)
    refunds["second"] = rng.integers(6 * 3600, 20 * 3600, len(refunds))
    language = [x.language for x in COUNTRIES]
    refunds["comment"] = [
        comment(rng, language[c], reason, cause)
        for c, reason, cause in zip(refunds["c"], refunds["reason"], refunds["cause"], strict=True)
    ]
    return refunds


def abusers(sales: Sales) -> list[str]:
    """Accounts at one address that claim nearly every parcel missing: the busiest London followers of late."""
    since = sales.orders[
        (sales.orders["t"] >= day_number(REFUND_ABUSE_START)) & (sales.orders["c"] == CODES.index("GB"))
        & (sales.orders["ch"] == 0) & (sales.orders["fraud"] < 0) & (sales.orders["status"] == "paid")
    ]  # fmt: skip
    busiest = since.groupby("customer_id").size().sort_values(ascending=False, kind="stable")
    return [str(x) for x in busiest.index[:REFUND_ABUSE_CUSTOMERS]]


def share_one_address(sales: Sales) -> None:
    """The abusers' orders all go to one door."""
    mine = sales.orders["customer_id"].isin(abusers(sales))
    sales.orders.loc[mine, "address"] = sales.orders.loc[mine, "address"].iloc[0]


def _some(lines: pd.DataFrame, units: np.ndarray) -> pd.DataFrame:
    return lines[units > 0].assign(quantity=units[units > 0], sold=lines["quantity"][units > 0])


def _claims(rng: np.random.Generator, sales: Sales, lines: pd.DataFrame) -> pd.DataFrame:
    mine = lines[lines["customer_id"].isin(abusers(sales)) & (lines["t"] >= day_number(REFUND_ABUSE_START))]
    claimed = mine[rng.random(len(mine)) < 0.85]
    return claimed.assign(sold=claimed["quantity"], reason="ITEM_NOT_RECEIVED", cause="refund abuse")
