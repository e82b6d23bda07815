"""Which orders are no demand that goes on: undone at once, charged back, or by a ring of strange buyers at one door.

Only the books are read. A ring is many customers who send to one delivery address within a short spell, whose orders
bear marks that the shop's orders seldom bear: billed in or ordered from another country, or unusually many units. How
seldom is learned from the shop's own orders, so an office or a dormitory with ordinary orders is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from shop.recent import Recent
from shop.warehouse import Shop

Reason = Literal["undone", "charged_back", "ring"]
LEAST_NAMES = 4
SPELL_GAP_DAYS = 45
MOST_SPELL_DAYS = 180
CHANCE = 1e-3
UNDONE_DAYS = 2
KEPT = 16

_GIVEN_BACK = """
    WITH asked AS (SELECT order_id, sum(quantity) AS units FROM order_lines WHERE quantity > 0 GROUP BY order_id),
    back AS (
        SELECT order_id, sum(quantity) AS units, max(refunded_at::DATE) AS day, bool_or(regexp_matches(
            lower(coalesce(reason, '')), 'charge[ _-]?back|fraud|unauthori[sz]ed|stolen|unrecogni[sz]ed')) AS charged
        FROM refunds WHERE refunded_at::DATE <= ?::DATE GROUP BY order_id
    )
    SELECT o.order_id, o.ordered_at::DATE, CASE WHEN b.charged THEN 'charged_back' ELSE 'undone' END
    FROM orders o JOIN asked a USING (order_id) JOIN back b USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE <= ?::DATE
      AND (b.charged OR (b.units >= a.units AND b.day <= o.ordered_at::DATE + ?::INTEGER))
    ORDER BY 1
"""

_MARKED = """
    WITH usual AS (
        SELECT l.sku, o.channel, greatest(3, 1 + quantile_disc(l.quantity, 0.99)) AS many
        FROM order_lines l JOIN orders o USING (order_id) WHERE l.quantity > 0 GROUP BY ALL
    ), large AS (
        SELECT DISTINCT l.order_id FROM order_lines l JOIN orders o USING (order_id) JOIN usual u USING (sku, channel)
        WHERE l.quantity >= u.many
    ), seen AS (
        SELECT o.order_id, o.ordered_at::DATE AS day, o.address_hash AS door, o.customer_id AS name,
               coalesce(o.billing_country <> o.country, false) OR coalesce(o.ip_country <> o.country, false)
                   OR l.order_id IS NOT NULL AS marked
        FROM orders o LEFT JOIN large l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE <= ?::DATE
          AND o.address_hash IS NOT NULL AND o.customer_id IS NOT NULL
    ), busy AS (SELECT door FROM seen WHERE marked GROUP BY door HAVING count(DISTINCT name) >= ?)
    SELECT order_id, day, door, name, marked, (SELECT avg(marked::INTEGER) FROM seen) AS share
    FROM seen WHERE door IN (SELECT door FROM busy) ORDER BY door, day, order_id
"""

_UNITS = """
    SELECT o.order_id, o.ordered_at::DATE, o.country, o.channel, l.sku, sum(l.quantity)::BIGINT
    FROM orders o JOIN order_lines l USING (order_id)
    WHERE l.quantity > 0 AND list_contains(?::VARCHAR[], o.order_id)
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
    GROUP BY ALL ORDER BY 2 DESC, 1, 5
"""


@dataclass(frozen=True)
class Order:
    """An order set apart, and why."""

    order_id: str
    day: date
    reason: Reason


@dataclass(frozen=True)
class Line:
    """Units of a SKU in an order set apart."""

    order_id: str
    day: date
    country: str
    channel: str
    sku: str
    units: int
    reason: Reason


@dataclass(frozen=True)
class Seen:
    """An order at a door that is asked about; `name` is its customer."""

    order_id: str
    day: date
    door: str
    name: str
    marked: bool


_kept: Recent[tuple[Order, ...]] = Recent(KEPT)


def set_apart(shop: Shop) -> tuple[Order, ...]:
    """The orders up to as_of that are not counted as demand, by order id; kept per version of the books."""
    return _kept.get((shop.folder.resolve(), shop.version, shop.as_of), lambda: _find(shop))


def ids_apart(shop: Shop) -> list[str]:
    """Their order ids."""
    return [one.order_id for one in set_apart(shop)]


def lines_apart(
    shop: Shop, skus: Sequence[str], countries: Sequence[str], channels: Sequence[str], first: date
) -> list[Line]:
    """What the orders set apart since `first` hold of the SKUs, countries and channels (all when empty), latest first."""
    reasons = {one.order_id: one.reason for one in set_apart(shop) if one.day >= first}
    asked = [list(skus), list(skus), list(countries), list(countries), list(channels), list(channels)]
    if not reasons:
        return []
    return [
        Line(str(order), day, str(country), str(channel), str(sku), int(units), reasons[str(order)])
        for order, day, country, channel, sku, units in shop.rows(_UNITS, [list(reasons), *asked])
    ]


def _find(shop: Shop) -> tuple[Order, ...]:
    found = {
        str(order): Order(str(order), day, reason)
        for order, day, reason in shop.rows(_GIVEN_BACK, [shop.as_of, shop.as_of, UNDONE_DAYS])
    }
    rows = shop.rows(_MARKED, [shop.as_of, LEAST_NAMES])
    seen = [Seen(str(order), day, str(door), str(name), bool(marked)) for order, day, door, name, marked, _ in rows]
    for one in rings(seen, float(rows[0][-1]) if rows else 0.0):
        found.setdefault(one.order_id, Order(one.order_id, one.day, "ring"))
    return tuple(found[order] for order in sorted(found))


def rings(seen: Sequence[Seen], share: float) -> list[Seen]:
    """The orders of rings among those seen at busy doors, where a `share` of all the shop's orders is marked.

    A spell at a door is a ring when at least four customers placed marked orders and so many of its orders are marked
    as chance leaves to one door in a thousand of those asked about (binomial, Bonferroni). Its marked orders are meant.
    What has gone on for half a year, as at a freight forwarder's, is demand that goes on.
    """
    spells = _spells(seen)
    found: list[Seen] = []
    for spell in spells:
        marked = [one for one in spell if one.marked]
        lasted = (spell[-1].day - spell[0].day).days
        if len({one.name for one in marked}) < LEAST_NAMES or lasted > MOST_SPELL_DAYS:
            continue
        if len(spells) * _tail(len(marked), len(spell), share) <= CHANCE:
            found += marked
    return found


def _spells(seen: Sequence[Seen]) -> list[list[Seen]]:
    """The orders of each door, split where none marked came for 45 days; unmarked ones between marked ones included."""
    by_door: dict[str, list[Seen]] = {}
    for one in seen:
        by_door.setdefault(one.door, []).append(one)
    out = []
    for orders in by_door.values():
        days = sorted({one.day for one in orders if one.marked})
        begin = 0
        for at in range(1, len(days) + 1):
            if at == len(days) or (days[at] - days[at - 1]).days > SPELL_GAP_DAYS:
                out.append([one for one in orders if days[begin] <= one.day <= days[at - 1]])
                begin = at
    return out


def _tail(marked: int, count: int, share: float) -> float:
    """The chance that at least so many of a count bear a mark."""
    from scipy.stats import binom

    return float(binom.sf(marked - 1, count, np.clip(share, 1e-4, 1.0)))
