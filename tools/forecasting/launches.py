"""How new goods go on after their first days: from the shop's earlier launches, and from what goods like them sell.

The pace of the days ahead is a gamma variable among goods, and what was sold so far is Poisson around it with the
series' own scatter; so the first days count as much as they tell, and goods like it for the rest (Poisson-gamma, as in
credibility theory: Buehlmann & Gisler 2005, ch. 2). Where goods differ a lot, they say little about a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.forecasting.set_apart import ids_apart

Floats = NDArray[np.float64]
LAUNCH_DAYS = 28
OPEN_DAYS = 60
RECENT_DAYS, BULK_DAYS = 91, 365
BULK_KNOWN_DAYS = 182  # days after which a SKU's own bulk orders say as much as those of goods like it
STEADY_LAUNCHES = 2.0
USUAL_GROWTH, USUAL_SPREAD = 0.2, 0.5  # logs: new goods become known; how unlike each other launches are
ONCE_SPREAD = 1.0
LEAST_UNITS = 3
LEAST_GOODS = 5
OTHER_CATEGORY, ESTABLISHED = 0.3, 0.2  # weights beside a launch in the same category at the same price
PRICE_SPREAD = 0.5

_GOODS = """
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines WHERE quantity > 0 GROUP BY sku
    ), lines AS (
        SELECT l.sku, o.ordered_at::DATE AS day, l.quantity::DOUBLE AS units, l.quantity >= u.bulk AS is_bulk
        FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0
          AND o.ordered_at::DATE <= ?::DATE AND o.order_id NOT IN (SELECT unnest(?::VARCHAR[]))
    ), sales AS (SELECT sku, day, sum(units) AS units FROM lines WHERE NOT is_bulk GROUP BY ALL
    ), large AS (
        SELECT sku, sum(units) AS units, sum(units * units) AS squares FROM lines
        WHERE is_bulk AND day > ?::DATE - ?::INTEGER GROUP BY sku
    ), begun AS (SELECT sku, min(day) AS first FROM sales GROUP BY sku)
    SELECT sku, any_value(first) - (SELECT min(day) FROM sales),
           coalesce(sum(s.units) FILTER (WHERE day < first + ?::INTEGER), 0),
           count(*) FILTER (WHERE day < first + ?::INTEGER),
           coalesce(sum(s.units) FILTER (WHERE day >= first + ?::INTEGER AND day < first + ?::INTEGER), 0),
           coalesce(sum(s.units) FILTER (WHERE day > ?::DATE - ?::INTEGER), 0), ?::DATE - any_value(first) + 1,
           any_value(p.category), any_value(p.list_price)::DOUBLE,
           coalesce(sum(s.units) FILTER (WHERE day > ?::DATE - ?::INTEGER), 0),
           coalesce(any_value(large.units), 0), coalesce(any_value(large.squares), 0)
    FROM sales s JOIN begun USING (sku) LEFT JOIN large USING (sku) LEFT JOIN products p USING (sku)
    GROUP BY sku ORDER BY sku
"""


@dataclass(frozen=True)
class Growth:
    """Log of the pace over the days ahead over that of the first days: expected, and its standard deviation."""

    log: float
    sd: float


@dataclass(frozen=True)
class Good:
    """A product as it sold: units in its first days, on how many of them, in the days after, and in the last 13 weeks.

    `begun` is its first day counted from the shop's; `days` its age. `category` and `price` may be unknown. Those are
    everyday units; `everyday` and `bulk` are of the last year, `bulk_squares` of the sizes of its bulk orders.
    """

    sku: str
    begun: int
    early: float
    early_days: int
    later: float
    recent: float
    days: int
    category: str | None = None
    price: float | None = None
    everyday: float = 0.0
    bulk: float = 0.0
    bulk_squares: float = 0.0


@dataclass(frozen=True)
class Bulk:
    """Bulk orders of goods: units for each everyday unit, how unlike goods are in that, and the size of an order.

    `spread` is the standard deviation between goods as a share, `size` the mean size each unit is ordered in.
    """

    ratio: float
    spread: float
    size: float

    def rate(self, units: float, days: float, pace: float) -> float:
        """Units a day in bulk orders, after `units` of them in so many days, beside an everyday `pace`."""
        return float((units + self.ratio * pace * BULK_KNOWN_DAYS) / (days + BULK_KNOWN_DAYS))


@dataclass(frozen=True)
class Launch:
    """What is expected of a new SKU before its own days are heard.

    `growth` is how goods go on after as many days; `mean` and `variance` are of the units a day that goods like it
    sell at that age, None where there are too few of them; `bulk` is what such goods sell in bulk orders.
    """

    growth: Growth
    mean: float | None = None
    variance: float = 0.0
    bulk: Bulk = Bulk(0.0, 0.0, 0.0)

    def pace(self, units: float, days: float, scatter: float) -> tuple[float, float]:
        """Units a day from now on, and their standard deviation as a share, after `units` in so many first days.

        `scatter` is the variance of a day's units over their mean.
        """
        grown = np.exp(self.growth.log)
        if self.mean is None or self.mean <= 0:
            return float(grown * units / days), float(np.hypot(self.growth.sd, np.sqrt(scatter / max(units, 1.0))))
        variance = max(self.variance, (0.1 * self.mean) ** 2)
        shape = self.mean**2 / variance + units / scatter
        return float(shape / (self.mean / variance + days / grown / scatter)), self._doubt(shape, units / scatter)

    def _doubt(self, shape: float, own: float) -> float:
        """The gamma's own spread, and that of the growth as far as the pace stands on the first days."""
        return float(np.hypot(shape**-0.5, self.growth.sd * own / shape))


def launches(shop: Shop, ages: dict[str, int], horizon: int) -> dict[str, Launch]:
    """What the `horizon` days ahead are expected to bring to SKUs of so many days (`ages`).

    Left out are those as old as the books themselves, so that they need not be new.
    """
    found: dict[str, Launch] = {}
    for known in sorted(set(ages.values())):
        goods, books = goods_at(shop, known, horizon)
        if books - known < OPEN_DAYS:
            continue
        by_sku = {one.sku: one for one in goods}
        for sku in (sku for sku, days in ages.items() if days == known):
            others = [one for one in goods if one.sku != sku and one.days >= known + horizon]
            own = by_sku.get(sku, Good(sku, 0, 0.0, 0, 0.0, 0.0, known))
            found[sku] = launch(others, known, horizon, own)
    return found


def goods_at(shop: Shop, known: int, horizon: int) -> tuple[list[Good], int]:
    """Every product sold up to as_of, with the first `known` days and the `horizon` after them; and the books' days."""
    year = [shop.as_of, BULK_DAYS]
    ends = [
        shop.as_of, ids_apart(shop), *year, known, known, known, known + horizon, shop.as_of, RECENT_DAYS, shop.as_of, *year,
    ]  # fmt: skip
    goods = [
        Good(
            str(sku),
            int(begun),
            float(early),
            int(on),
            float(later),
            float(recent),
            int(days),
            category,
            price,
            *map(float, rest),
        )
        for sku, begun, early, on, later, recent, days, category, price, *rest in shop.rows(_GOODS, ends)
    ]
    return goods, max((one.begun + one.days for one in goods), default=0)


def launch(others: Sequence[Good], known: int, horizon: int, own: Good) -> Launch:
    """What the new SKU `own` is expected to do, from others old enough to have done it.

    Launches in the books say how they went on at that age; goods still sold say what they sell now, and count less.
    """
    begun = [one for one in others if one.begun >= OPEN_DAYS]
    paces = np.array([one.later / horizon for one in begun])
    weights = np.array([_alike(one, own) for one in begun])
    sold = [one for one in others if one.recent > 0]
    paces = np.concatenate([paces, [one.recent / min(one.days, RECENT_DAYS) for one in sold]])
    weights = np.concatenate([weights, [ESTABLISHED * _alike(one, own) for one in sold]])
    grown = growth(begun, known, horizon, own.early_days <= 1)
    if len(others) < LEAST_GOODS or weights.sum() <= 0:
        return Launch(grown)
    mean = float(np.average(paces, weights=weights))
    variance = float(np.average((paces - mean) ** 2, weights=weights))
    return Launch(grown, mean, variance, _bulk(sold, own))


def _bulk(sold: Sequence[Good], own: Good) -> Bulk:
    """What goods still sold had in bulk orders, those alike counting more."""
    known = [one for one in sold if one.everyday > 0]
    weight = np.array([_alike(one, own) for one in known])
    everyday, large = np.array([one.everyday for one in known]), np.array([one.bulk for one in known])
    units, squares = float(weight @ large), float(weight @ np.array([one.bulk_squares for one in known]))
    if units <= 0:
        return Bulk(0.0, 0.0, 0.0)
    ratio = units / float(weight @ everyday)
    spread = np.sqrt(np.average((large / everyday - ratio) ** 2, weights=weight * everyday)) / ratio
    return Bulk(ratio, float(spread), squares / units)


def growth(begun: Sequence[Good], known: int, horizon: int, once: bool = False) -> Growth:
    """How the pace of launches changed after their first `known` days, all units together, drawn to the usual by two.

    Goods ordered on a single day so far (`once`) go on unlike others, so each kind hears its own; one day tells no pace,
    and usually comes once more in the days ahead. Their sums are compared, since a median of ratios falls short of the mean where a few launches take off.
    """
    usual = (
        Growth(float(np.log(known / max(known, horizon))), ONCE_SPREAD) if once else Growth(USUAL_GROWTH, USUAL_SPREAD)
    )
    least = 1 if once else LEAST_UNITS
    heard = [one for one in begun if one.early >= least and (one.early_days <= 1) == once]
    if not heard:
        return usual
    share = len(heard) / (len(heard) + STEADY_LAUNCHES)
    early, later = sum(one.early for one in heard), sum(one.later for one in heard)
    logs = [_log_ratio(one.early, one.later, known, horizon) for one in heard]
    spread = 1.4826 * float(np.median(np.abs(np.array(logs) - np.median(logs))))
    return Growth(
        share * _log_ratio(early, later, known, horizon) + (1 - share) * usual.log,
        float(np.hypot(share * spread, (1 - share) * usual.sd)),
    )


def _log_ratio(early: float, later: float, known: int, horizon: int) -> float:
    return float(np.log((later + 1) / horizon) - np.log((early + 1) / known))


def _alike(one: Good, own: Good) -> float:
    """The weight of a product as a likeness: by category, and by how near its price is; unknown ones count as other."""
    weight = 1.0 if own.category and one.category == own.category else OTHER_CATEGORY
    if own.price and one.price:
        weight *= float(np.exp(-0.5 * (np.log(one.price / own.price) / PRICE_SPREAD) ** 2))
    return weight
