"""What stands out in a week: SKUs that fall, refunds above their own past, stock that sits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from shop.warehouse import Shop
from tools.review import queries
from tools.review.period import ZERO, Period, Rates

FALL_PCT = 30
FALL_MIN_UNITS = 10
FALL_SPREADS = 2
STEADY_WEEKS = 0.8  # of the weeks before, that reach half of their median
SPREAD_OF_NORMAL = Decimal("1.4826")  # median absolute deviation to standard deviation
REFUND_MIN_UNITS = 5
REFUND_MIN_ORDERS = 3
REFUND_MIN_ORDERED = 20
REFUND_FACTOR = 1.5
CERTAIN = 2.5  # standard deviations; one false alarm in about 160 SKU-weeks


@dataclass(frozen=True)
class Fall:
    """A SKU that sold less than in its usual week; `empty` names the warehouses where it has run out, `stocked`
    says that stock of it was counted in that week."""

    sku: str
    units: int
    usual: int
    drop_pct: Decimal
    empty: tuple[str, ...]
    stocked: bool


@dataclass(frozen=True)
class RefundRate:
    """Refunded units in percent of units ordered, recently and before."""

    sku: str
    refunded: int
    ordered: int
    rate_pct: Decimal
    past_pct: Decimal | None
    high: bool


@dataclass(frozen=True)
class Stock:
    """What lies in the warehouses at unit cost, and the days it lasts at the recent pace of cost of goods sold."""

    value: Decimal
    turnover_days: Decimal | None
    slowest: tuple[str, int] | None


def falling(shop: Shop, week: Period, before: Sequence[Period], share: Decimal) -> list[Fall]:
    """SKUs at least 30% below the median of the weeks before, beyond chance; the deepest loss first.

    The median keeps one wholesale order from making the next weeks look like a fall. Only SKUs of steady
    sales can fall: four in five of the weeks before reach half of the median. The loss must be above twice
    the spread of those weeks (median absolute deviation, scaled to a standard deviation; Hampel 1974) and
    above twice the spread of counts of that size. `share` is the part of the week that has passed.
    """
    empty, stocked = _shelf(shop, week)
    found = []
    for name in sorted({name for past in before for name in past.skus}):
        weeks = [Decimal(past.skus[name].units if name in past.skus else 0) for past in before]
        middle = median(weeks)
        if sum(units * 2 >= middle for units in weeks) < STEADY_WEEKS * len(weeks):
            continue
        usual = middle * share
        spread = median(abs(units - middle) for units in weeks) * SPREAD_OF_NORMAL * share
        now = week.skus[name].units if name in week.skus else 0
        if usual < FALL_MIN_UNITS or usual - now < FALL_SPREADS * max(usual.sqrt(), spread):
            continue
        drop = (1 - now / usual) * 100
        if drop >= FALL_PCT:
            found.append(Fall(name, now, round(usual), drop, tuple(empty.get(name, ())), name in stocked))
    return sorted(found, key=lambda fall: (fall.units - fall.usual, fall.sku))


def _shelf(shop: Shop, week: Period) -> tuple[dict[str, list[str]], set[str]]:
    """Where each SKU had run out at the end of the week, and the SKUs counted as in stock within the week."""
    empty: dict[str, list[str]] = {}
    stocked: set[str] = set()
    for name, house, day, left in shop.rows(
        "SELECT sku, warehouse, day, on_hand FROM inventory WHERE day <= ? "
        "QUALIFY row_number() OVER (PARTITION BY sku, warehouse ORDER BY day DESC) = 1 ORDER BY 1, 2",
        [week.end],
    ):
        if left <= 0:
            empty.setdefault(str(name), []).append(str(house))
        elif day >= week.start:
            stocked.add(str(name))
    return empty, stocked


def refund_rates(shop: Shop, recent: Period, past: Period) -> list[RefundRate]:
    """Every SKU's refund rate, the highest first; `high` when it is well above its own past, beyond chance.

    High needs at least 20 units ordered, at least 5 refunded out of 3 or more orders, and no more refunded
    than ordered: what exceeds the sales of the days (write-offs, returns of older orders) is no rate of them.
    """
    orders = dict(
        shop.rows(
            "SELECT sku, count(DISTINCT order_id) FROM refunds WHERE refunded_at::DATE BETWEEN ? AND ? GROUP BY 1",
            [recent.start, recent.end],
        )
    )
    found = []
    for name, sold in recent.skus.items():
        refunded = recent.refunds.get(name, (0, ZERO))[0]
        if not sold.units:
            continue
        rate = Decimal(refunded) / sold.units
        before = past.skus[name].units if name in past.skus else 0
        usual = Decimal(past.refunds.get(name, (0, ZERO))[0]) / before if before else None
        enough = (
            sold.units >= REFUND_MIN_ORDERED
            and REFUND_MIN_UNITS <= refunded <= sold.units
            and orders.get(name, 0) >= REFUND_MIN_ORDERS
        )
        high = False
        if enough and usual is not None and rate >= usual * Decimal(str(REFUND_FACTOR)):
            expected = max(float(usual) * sold.units, 0.5)
            error = math.sqrt(expected * max(1 - float(usual), 0.05) * (1 + sold.units / before))
            high = (refunded - expected) / error > CERTAIN
        found.append(
            RefundRate(name, refunded, sold.units, rate * 100, usual * 100 if usual is not None else None, high)
        )
    return sorted(found, key=lambda one: (-one.rate_pct, one.sku))


def stock(shop: Shop, rates: Rates, day: date, month: Period) -> Stock | None:
    """Stock at the end of a day against the cost of goods sold in the 28 days before; None without inventory."""
    rows = shop.rows(queries.STOCK, rates.given([(day, day)]))
    if not rows:
        return None
    value = sum((amount for _, _, amount in rows if amount is not None), ZERO)
    cover = []
    for name, units, _ in rows:
        sold = month.skus[str(name)].units if str(name) in month.skus else 0
        if units and sold:
            cover.append((int(units * 28 / sold), str(name)))
    slowest = max(cover, default=None)
    return Stock(
        value, value / (month.cost / 28) if month.cost else None, (slowest[1], slowest[0]) if slowest else None
    )
