"""What stock to clear could ride on: a strong seller that the same baskets hold more often than chance.

Of what is bought along with a SKU, lift is a partner's share over its share of everything in orders of two or more
SKUs; leverage the share of those orders this amounts to (Piatetsky-Shapiro 1991). Plain lift over all orders would make
every pair look unwanted where most orders hold one SKU. A pair counts with enough orders and beyond chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shop.warehouse import Shop

DAYS = 365
TOGETHER_AT_LEAST = 20
LIFT_AT_LEAST = 1.15
CERTAIN = 3.0


@dataclass(frozen=True)
class Pair:
    """A year of orders with two or more SKUs.

    `together` orders hold both; `along` are all lines beside the SKU in its orders; `of_sku`, `of_partner` and `lines`
    count the lines of either and of all, `orders` the orders.
    """

    sku: str
    partner: str
    together: int
    along: int
    of_sku: int
    of_partner: int
    lines: int
    orders: int

    @property
    def by_chance(self) -> float:
        """Orders that would hold both if what comes along were drawn from all that is sold."""
        return self.along * self.of_partner / max(self.lines - self.of_sku, 1)

    @property
    def lift(self) -> float:
        """Times more often together than by chance."""
        return self.together / self.by_chance

    @property
    def leverage(self) -> float:
        """Share of orders with both, beyond chance."""
        return (self.together - self.by_chance) / self.orders

    @property
    def certain(self) -> bool:
        """Together often enough, and beyond chance by three standard errors."""
        beyond = (self.together - self.by_chance) / math.sqrt(max(self.by_chance, 1.0))
        return self.together >= TOGETHER_AT_LEAST and self.lift >= LIFT_AT_LEAST and beyond >= CERTAIN


def pairs(shop: Shop, skus: Sequence[str]) -> list[Pair]:
    """Pairs of the SKUs with any other, counted over a year of orders with two or more; wholesale-sized lines are left out."""
    if not skus:
        return []
    rows = shop.rows(
        """
        WITH lines AS (
            SELECT o.order_id, l.sku, count(*) OVER (PARTITION BY o.order_id) AS size
            FROM orders o JOIN order_lines l USING (order_id)
            WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity BETWEEN 1 AND 11
              AND o.ordered_at::DATE > ? AND o.ordered_at::DATE <= ?
            GROUP BY o.order_id, l.sku QUALIFY size > 1
        ), counts AS (SELECT sku, count(*) AS n, sum(size - 1) AS along FROM lines GROUP BY 1),
        whole AS (SELECT count(*) AS lines, count(DISTINCT order_id) AS orders FROM lines)
        SELECT a.sku, b.sku, count(*), any_value(x.along), any_value(x.n), any_value(y.n),
               any_value(whole.lines), any_value(whole.orders)
        FROM lines a JOIN lines b ON a.order_id = b.order_id AND a.sku <> b.sku
        JOIN counts x ON x.sku = a.sku JOIN counts y ON y.sku = b.sku, whole
        WHERE list_contains(?::VARCHAR[], a.sku) GROUP BY 1, 2 ORDER BY 1, 2
        """,
        [shop.as_of - timedelta(days=DAYS), shop.as_of, list(skus)],
    )
    return [Pair(str(row[0]), str(row[1]), *(int(n) for n in row[2:])) for row in rows]


def partner(sku: str, found: Iterable[Pair], sells: Mapping[str, float], short: set[str]) -> Pair | None:
    """The best partner of a SKU at one warehouse: certain, selling more there than the SKU itself, and not short.

    `sells` are the units expected there by SKU. Best is who brings most units beyond chance: lift times sales.
    """
    fitting = [
        pair
        for pair in found
        if pair.sku == sku and pair.certain and pair.partner not in short
        and sells.get(pair.partner, 0.0) > sells.get(sku, 0.0)
    ]  # fmt: skip
    return max(fitting, key=lambda pair: (pair.lift * sells[pair.partner], pair.partner), default=None)
