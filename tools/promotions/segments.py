"""Kinds of customers, told from what they ordered: followers, functional buyers, price-sensitive ones, wholesale.

A latent class model (Lazarsfeld & Henry 1968; Dempster, Laird & Rubin 1977 for its estimation): within a class, how
often somebody comes back and how often under a promotion are independent.
Wholesale is whoever mostly orders in bulk. A customer belongs to a class with a probability, never for certain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from shop.recent import Recent
from shop.warehouse import Shop

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Floats = NDArray[np.float64]
SegmentName = Literal["follower", "functional", "price_sensitive", "wholesale"]
NAMES: tuple[SegmentName, ...] = ("follower", "functional", "price_sensitive", "wholesale")
RETAIL = 3  # the first three of NAMES
ROUNDS = 40
HELD = 1.0  # how firmly a kind keeps to its description, against what its customers did
AGAIN = np.array([2.0, 0.4, 1.0])  # further orders of a kind, against the shop's retail customers
UNDER_PROMOTION = np.array([0.6, 0.6, 3.0])  # share of orders under a promotion, against the same
MOST_PROMOTED = 0.6
FOLLOWED_YEARS = 0.66  # after this long without an order somebody who comes back late is not waited for
LEAST_CUSTOMERS = 60
YEAR_DAYS = 365
WEEKS = 52
LEAST_RATE = 1e-4
KEPT = 16

_ORDERS = """
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines WHERE quantity > 0 GROUP BY sku
    )
    SELECT o.customer_id AS customer, o.order_id AS order_id, o.channel AS channel, o.country AS country,
           date_diff('day', ?::DATE, o.ordered_at::DATE) AS day, l.sku AS sku, l.quantity::DOUBLE AS units,
           (coalesce(o.promotion, '') <> '' OR coalesce(l.discount, 0) > 0) AS promoted, l.quantity >= u.bulk AS bulk
    FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
    WHERE o.customer_id IS NOT NULL AND coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0
      AND o.ordered_at::DATE <= ?::DATE
"""


@dataclass(frozen=True)
class Segments:
    """Customers and how likely each is of each kind: a row of `chance` adds up to one (NaN: had not ordered yet), columns
    are NAMES.

    Per kind: `size` customers expected, `repeat` further orders a year, `promoted` share of orders under a promotion.
    `known` is False where there are too few customers to tell kinds apart: then all retail customers are functional.
    """

    customers: NDArray[np.object_]
    chance: Floats
    size: Floats
    repeat: Floats
    promoted: Floats
    known: bool


@dataclass(frozen=True)
class Orders:
    """Order lines of known customers up to as_of. `lines`: who (place in `customers`), order (a number), channel,
    country, day (0 is as_of, past days negative), sku, units, promoted, bulk. `heads`: its first line of each order, in
    time order, with the marks of all its lines."""

    customers: NDArray[np.object_]
    lines: pd.DataFrame
    heads: pd.DataFrame


def orders(shop: Shop) -> Orders:
    """The orders that kinds of customers are told from. Kept per version of the books."""
    return remembered(shop, "orders", lambda: _orders(shop))


def _orders(shop: Shop) -> Orders:
    import pandas as pd

    lines = shop.frame(_ORDERS, [shop.as_of, shop.as_of])
    lines["who"], customers = pd.factorize(lines["customer"])
    lines["order"], _ = pd.factorize(lines["order_id"])
    lines = lines.drop(columns=["customer", "order_id"]).sort_values(["day", "order"], kind="stable", ignore_index=True)
    count = int(lines["order"].max()) + 1 if len(lines) else 0
    for mark in ("promoted", "bulk"):
        lines[mark] = lines[mark].fillna(False).astype(bool)
        whole = np.bincount(lines["order"], weights=lines[mark], minlength=count) > 0
        lines[mark] = whole[lines["order"].to_numpy()]
    return Orders(np.asarray(customers, dtype=object), lines, lines.drop_duplicates("order", ignore_index=True))


def segments(shop: Shop, until: date | None = None) -> Segments:
    """The kinds of customers as the orders up to `until` (as_of unless said) tell them. Kept per version of the books."""
    last = 0 if until is None else (until - shop.as_of).days
    return remembered(shop, ("segments", last), lambda: _told(orders(shop), last))


def _told(told: Orders, last: int) -> Segments:
    heads = told.heads if last >= 0 else told.heads[told.heads["day"] <= last]
    count, who = len(told.customers), heads["who"].to_numpy()
    came = np.bincount(who, minlength=count).astype(float)
    promoted = np.bincount(who, weights=heads["promoted"], minlength=count)
    bulk = np.bincount(who, weights=heads["bulk"], minlength=count)
    first_day = np.full(count, np.inf)
    np.minimum.at(first_day, who, heads["day"].to_numpy(dtype=float))
    wholesale, retail = (came > 0) & (bulk * 2 >= came), (came > 0) & (bulk * 2 < came)
    chance = np.full((count, len(NAMES)), np.nan)
    chance[came > 0] = 0.0
    chance[wholesale, RETAIL] = 1.0
    if int(retail.sum()) < LEAST_CUSTOMERS:
        chance[retail, NAMES.index("functional")] = 1.0
        nothing = np.zeros(len(NAMES))
        return Segments(told.customers, chance, np.nansum(chance, axis=0), nothing, nothing, False)
    years = np.minimum(np.maximum(last - first_day, 7.0) / YEAR_DAYS, FOLLOWED_YEARS * came)
    alike, place, many = np.unique(
        np.stack([came[retail], promoted[retail], np.ceil(years[retail] * WEEKS)]), axis=1, return_inverse=True, return_counts=True
    )  # fmt: skip
    inside, repeat, promo = _fit(_Seen(alike[0], alike[1], alike[2] / WEEKS, many.astype(float)))
    chance[retail, :RETAIL] = inside[place.ravel()]
    whole = came[wholesale].sum()
    return Segments(
        told.customers, chance, np.nansum(chance, axis=0),
        np.append(repeat, (whole - wholesale.sum()) / max(float(years[wholesale].sum()), 1e-9)),
        np.append(promo, promoted[wholesale].sum() / max(whole, 1.0)), True,
    )  # fmt: skip


@dataclass(frozen=True)
class _Seen:
    """Customers that look alike: orders, those under a promotion, years watched, and how many they are."""

    orders: Floats
    promoted: Floats
    years: Floats
    many: Floats


def _fit(seen: _Seen) -> tuple[Floats, Floats, Floats]:
    """Chances of the three retail kinds, their repeat orders a year and promoted shares, in the order of NAMES.

    Begins with who came back, who came under a promotion, and who did neither; each kind's rates lean on its description,
    so that the kinds keep their names whatever the data.
    """
    again = seen.orders > 1
    cheap = seen.promoted * 2 > seen.orders
    inside = np.full((len(seen.orders), RETAIL), 0.15)
    inside[np.arange(len(seen.orders)), np.where(cheap, 2, np.where(again, 0, 1))] = 0.7
    repeat = promo = np.zeros(RETAIL)
    came_in_all = float(seen.many @ seen.orders)
    usual_repeat = float(seen.many @ (seen.orders - 1)) / float(seen.many @ seen.years)
    usual_promo = np.minimum(float(seen.many @ seen.promoted) / came_in_all * UNDER_PROMOTION, MOST_PROMOTED)
    for _ in range(ROUNDS):
        weight = inside * seen.many[:, None]
        size = weight.sum(axis=0)
        came = weight.T @ seen.orders
        watched = weight.T @ seen.years
        firm = HELD * watched
        repeat = np.maximum((came - size + firm * usual_repeat * AGAIN) / (watched + firm), LEAST_RATE)
        promo = (weight.T @ seen.promoted + HELD * came * usual_promo) / (came * (1 + HELD))
        promo = np.clip(promo, LEAST_RATE, 1 - LEAST_RATE)
        log = (
            np.log(size / size.sum())
            + np.outer(seen.orders - 1, np.log(repeat)) - np.outer(seen.years, repeat)
            + np.outer(seen.promoted, np.log(promo)) + np.outer(seen.orders - seen.promoted, np.log1p(-promo))
        )  # fmt: skip
        log -= log.max(axis=1, keepdims=True)
        inside = np.exp(log)
        inside /= inside.sum(axis=1, keepdims=True)
    return inside, repeat, promo


_kept: Recent[object] = Recent(KEPT)


def remembered(shop: Shop, what: object, make: Callable[[], T]) -> T:
    """What was worked out before for this version of the books, else made now."""
    return cast(T, _kept.get((shop.folder.resolve(), shop.version, shop.as_of, what), make))
