"""What one answer tries on a shop's cash: a purchase, the restocking plan, other terms, a late payout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np

from tools.cash.outlook import LOW, Outlook, Path, late, on_terms
from tools.cash.purchases import Bought, Due, payments
from tools.cash.replenishment import planned

WEEK = 7
LATER_DAYS = 30
LEAST_DELAY = 7


@dataclass(frozen=True)
class Terms:
    """The lowest weak case when orders are paid at once, or their balances `LATER_DAYS` later."""

    at_once: Path
    later: Path


@dataclass(frozen=True)
class Delay:
    """Cash when the largest channel pays `days` later from now on; `week` is when most is missing, `gap` how much."""

    channel: str
    days: int
    path: Path
    week: int
    gap: float


@dataclass(frozen=True)
class Purchase:
    """A purchase of goods on top of what is ordered; `cost` all its payments, `after` those past the last week."""

    amount: Decimal
    week: int
    path: Path
    cost: Decimal
    after: Decimal


@dataclass(frozen=True)
class Trials:
    """`path` is cash with the orders already placed; `owed` their payments still to come, `owed_soon` in the weeks."""

    path: Path
    owed: list[Due]
    owed_soon: list[Due]
    purchase: Purchase | None
    plan: list[Bought]
    plan_path: Path | None
    plan_due: Decimal
    terms: Terms | None
    delay: Delay | None
    fundable: tuple[float, ...]

    def named_paths(self) -> dict[str, Path]:
        """Paths for the chart, by name."""
        found = {"orders already placed": self.path}
        if self.purchase is not None:
            found["with the purchase"] = self.purchase.path
        if self.plan_path is not None:
            found["with the restocking plan"] = self.plan_path
        return found


def trials(found: Outlook, amount: Decimal | None, week: int) -> Trials:
    """Run them all; `week` counts from 1."""
    path = found.path()
    last = found.start + timedelta(days=WEEK * found.weeks - 1)
    owed = [due for one in found.orders for due in payments(one, found.back) if due.day >= found.start]
    purchase = _purchase(found, amount, week) if amount is not None else None
    plan = planned(found.shop, found.pricing, WEEK * found.weeks)
    plan_dues = [due for one in plan for due in payments(one, found.back) if due.day <= last]
    return Trials(
        path, owed, [due for due in owed if due.day <= last], purchase, plan,
        found.path(more=plan) if plan else None, -sum((due.amount for due in plan_dues), Decimal(0)),
        Terms(found.path(more=on_terms(plan, Decimal(1))), found.path(more=on_terms(plan, None, LATER_DAYS))) if plan else None,
        _delay(found, path), tuple(found.fundable(path, one) for one in range(found.weeks)),
    )  # fmt: skip


def _purchase(found: Outlook, amount: Decimal, week: int) -> Purchase:
    ordered = found.start + timedelta(days=WEEK * (week - 1))
    last = found.start + timedelta(days=WEEK * found.weeks - 1)
    dues = found.profile().dues(amount, ordered, "new")
    return Purchase(
        amount, week, found.path(dues=dues), -sum((due.amount for due in dues), Decimal(0)),
        -sum((due.amount for due in dues if due.day > last), Decimal(0)),
    )  # fmt: skip


def _delay(found: Outlook, path: Path) -> Delay | None:
    """The channel that pays most in these weeks, one settlement later (a week at least)."""
    takings: dict[str, float] = {}
    for n, place in enumerate(found.rows.places):
        takings[place[1]] = takings.get(place[1], 0.0) + float(found.rows.sales[n].sum())
    if not takings or max(takings.values()) <= 0:
        return None
    channel = max(takings, key=lambda name: (takings[name], name))
    days = max(next(one.every_days for one in found.payouts if one.name == channel), LEAST_DELAY)
    slower = found.path(payouts=late(found.payouts, channel, found.start, days))
    missing = path.at(LOW) - slower.at(LOW)
    week = int(np.argmax(missing))
    return Delay(channel, days, slower, week, float(missing[week]))
