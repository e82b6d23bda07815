"""Signs of trouble: parcels later than promised, orders above the usual, goods that did not come."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shop.warehouse import Shop

RECENT_DAYS = 60
PAST_DAYS = 180
MIN_PARCELS = 20
LATE_AT_LEAST = 0.10
LATE_FACTOR = 1.5
CERTAIN = 2.5
SURGE_WEEKS = 8
SURGE_FACTOR = 1.5
SURGE_SD = 3.0


@dataclass(frozen=True)
class Late:
    """Parcels of one carrier from one warehouse: share late of those whose promised day has come."""

    carrier: str
    warehouse: str
    parcels: int
    late: int
    past_parcels: int
    past_late: int

    @property
    def rate(self) -> float:
        """Share late in the last 60 days."""
        return self.late / self.parcels if self.parcels else 0.0

    @property
    def past_rate(self) -> float | None:
        """Share late in the 180 days before; None with too few parcels."""
        return self.past_late / self.past_parcels if self.past_parcels >= MIN_PARCELS else None

    @property
    def worse(self) -> bool:
        """Late often, and more often than before beyond chance."""
        if self.parcels < MIN_PARCELS or self.rate < LATE_AT_LEAST:
            return False
        before = self.past_rate
        if before is None:
            return False
        pooled = (self.late + self.past_late) / (self.parcels + self.past_parcels)
        error = math.sqrt(max(pooled * (1 - pooled), 1e-9) * (1 / self.parcels + 1 / self.past_parcels))
        return self.rate >= before * LATE_FACTOR and (self.rate - before) / error > CERTAIN


@dataclass(frozen=True)
class Surge:
    """A SKU ordered well above its usual week, and the largest order of the last seven days."""

    sku: str
    units: int
    usual: float
    largest: int
    order_id: str


def late_parcels(shop: Shop, countries: Sequence[str], warehouses: Sequence[str]) -> list[Late]:
    """Late share by carrier and warehouse, by promised day; undelivered past the promise counts as late."""
    recent = shop.as_of - timedelta(days=RECENT_DAYS - 1)
    rows = shop.rows(
        """
        SELECT s.carrier, s.warehouse,
               count(*) FILTER (WHERE s.promised_on >= ?),
               count(*) FILTER (WHERE s.promised_on >= ? AND coalesce(s.delivered_on, ?::DATE + 1) > s.promised_on),
               count(*) FILTER (WHERE s.promised_on < ?),
               count(*) FILTER (WHERE s.promised_on < ? AND coalesce(s.delivered_on, ?::DATE + 1) > s.promised_on)
        FROM shipments s LEFT JOIN orders o USING (order_id)
        WHERE s.promised_on BETWEEN ?::DATE AND ?::DATE
          AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
          AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], s.warehouse))
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        [
            recent, recent, shop.as_of, recent, recent, shop.as_of, recent - timedelta(days=PAST_DAYS), shop.as_of,
            list(countries), list(countries), list(warehouses), list(warehouses),
        ],
    )  # fmt: skip
    return [Late(str(row[0]), str(row[1]), *(int(n) for n in row[2:])) for row in rows]


def surges(shop: Shop, skus: Sequence[str], countries: Sequence[str]) -> list[Surge]:
    """SKUs whose last seven days are at least 1.5 times their usual week of the eight before, beyond chance."""
    week = shop.as_of - timedelta(days=6)
    rows = shop.rows(
        """
        SELECT l.sku,
               coalesce(sum(l.quantity) FILTER (WHERE o.ordered_at::DATE >= ?), 0)::BIGINT,
               coalesce(sum(l.quantity) FILTER (WHERE o.ordered_at::DATE < ?), 0)::DOUBLE / ?,
               min(o.ordered_at)::DATE,
               coalesce(max(l.quantity) FILTER (WHERE o.ordered_at::DATE >= ?), 0)::BIGINT,
               coalesce(arg_max(o.order_id, l.quantity) FILTER (WHERE o.ordered_at::DATE >= ?), '')
        FROM orders o JOIN order_lines l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
          AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
          AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
        GROUP BY 1 ORDER BY 1
        """,
        [
            week, week, SURGE_WEEKS, week, week, week - timedelta(weeks=SURGE_WEEKS), shop.as_of,
            list(skus), list(skus), list(countries), list(countries),
        ],
    )  # fmt: skip
    young = week - timedelta(weeks=SURGE_WEEKS - 2)
    found = [
        Surge(str(sku), int(n), float(usual), int(largest), str(order_id))
        for sku, n, usual, first, largest, order_id in rows
        if first <= young and usual > 0 and n >= SURGE_FACTOR * usual and n - usual > SURGE_SD * math.sqrt(usual) + 1
    ]
    return sorted(found, key=lambda one: (-one.units / one.usual, one.sku))


def transit_days(shop: Shop, origin: str, destination: str) -> int | None:
    """The fastest known transit between two warehouses (or their countries); None when the books have no rate."""
    found = shop.rows(
        """
        SELECT min(f.transit_days) FROM freight_rates f
        WHERE f.effective_from <= ?
          AND (f.origin = ? OR f.origin = (SELECT country FROM warehouses WHERE warehouse = ?))
          AND (f.destination = ? OR f.destination = (SELECT country FROM warehouses WHERE warehouse = ?))
        """,
        [shop.as_of, origin, origin, destination, destination],
    )[0][0]
    return math.ceil(found) if found is not None else None
