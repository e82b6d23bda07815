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
REFUND_MIN_UNITS = 5
REFUND_FACTOR = 1.5
CERTAIN = 2.5  # standard deviations; one false alarm in about 160 SKU-weeks


@dataclass(frozen=True)
class Fall:
    """A SKU that sold less than in its usual week; `empty` names the warehouses where it has run out."""

    sku: str
    units: int
    usual: int
    drop_pct: Decimal
    empty: tuple[str, ...]


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

    The median keeps one wholesale order from making the next weeks look like a fall. `share` is the
    part of the week that has passed.
    """
    empty: dict[str, list[str]] = {}
    for name, house in shop.rows(
        "SELECT sku, warehouse FROM inventory WHERE day <= ? "
        "QUALIFY row_number() OVER (PARTITION BY sku, warehouse ORDER BY day DESC) = 1 AND on_hand <= 0 ORDER BY 1, 2",
        [week.end],
    ):
        empty.setdefault(str(name), []).append(str(house))
    found = []
    for name in sorted({name for past in before for name in past.skus}):
        usual = Decimal(median(past.skus[name].units if name in past.skus else 0 for past in before)) * share
        now = week.skus[name].units if name in week.skus else 0
        if usual < FALL_MIN_UNITS or usual - now < 2 * usual.sqrt():
            continue
        drop = (1 - now / usual) * 100
        if drop >= FALL_PCT:
            found.append(Fall(name, now, round(usual), drop, tuple(empty.get(name, ()))))
    return sorted(found, key=lambda fall: (fall.units - fall.usual, fall.sku))


def refund_rates(recent: Period, past: Period) -> list[RefundRate]:
    """Every SKU's refund rate, the highest first; `high` when it is well above its own past, beyond chance."""
    found = []
    for name, sold in recent.skus.items():
        refunded = recent.refunds.get(name, (0, ZERO))[0]
        if not sold.units:
            continue
        rate = Decimal(refunded) / sold.units
        before = past.skus[name].units if name in past.skus else 0
        usual = Decimal(past.refunds.get(name, (0, ZERO))[0]) / before if before else None
        high = False
        if usual is not None and refunded >= REFUND_MIN_UNITS and rate >= usual * Decimal(str(REFUND_FACTOR)):
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
