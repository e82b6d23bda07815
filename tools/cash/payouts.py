"""When a channel pays out what it took in: delivery, hold, settlement day, bank, and the share it keeps back longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WEEK = 7
EARLIEST = date(1, 1, 1)


@dataclass(frozen=True)
class Payout:
    """How a channel pays.

    A sale is free to be paid `hold_days` after it (after delivery, `delivery_days` later, where the hold counts from
    there). It goes out with the next settlement: every `every_days` days, one of them on `settles_on`; and is in the
    bank `bank_days` later. `business` days skip Saturday and Sunday in the hold and the bank's days. `reserve` (a
    share) stays `reserve_days` longer. From `delayed_from` on the channel sends nothing until `delayed_days` later
    than due.
    """

    name: str
    hold_days: int = 0
    delivery_days: int = 0
    every_days: int = 1
    settles_on: date = date(2026, 1, 1)
    bank_days: int = 0
    business: bool = False
    reserve: float = 0.0
    reserve_days: int = 0
    delayed_from: date | None = None
    delayed_days: int = 0

    def paid_on(self, sold: date, more_days: int = 0) -> date:
        """The day on which money of a sale is in the bank; `more_days` are added to the hold."""
        free = sold + timedelta(days=self.delivery_days)
        free = _forward(free, self.hold_days, self.business) + timedelta(days=more_days)
        wait = (self.settles_on - free).days % self.every_days
        paid = _forward(free + timedelta(days=wait), self.bank_days, self.business)
        if self.delayed_from is not None and paid >= self.delayed_from:
            paid += timedelta(days=self.delayed_days)
        return paid

    def shares(self, sold: date) -> list[tuple[date, float]]:
        """Days on which a sale is paid, and the share of it that comes then; the shares add up to one."""
        if not self.reserve:
            return [(self.paid_on(sold), 1.0)]
        return [(self.paid_on(sold), 1.0 - self.reserve), (self.paid_on(sold, self.reserve_days), self.reserve)]

    def late(self, first: date, by: int) -> Payout:
        """The same channel when everything that is due from `first` on comes `by` days later."""
        return replace(self, delayed_from=first, delayed_days=by)


def _forward(day: date, days: int, business: bool) -> date:
    if not business:
        return day + timedelta(days=days)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def weeks_of(payout: Payout, first: date, days: int, start: date, weeks: int) -> Floats:
    """days x weeks: the share of a sale on each day from `first` on that is paid in each week from `start` on.

    What is paid before `start` or after the last week is in no column.
    """
    into = np.zeros((days, weeks))
    for n in range(days):
        for paid, share in payout.shares(first + timedelta(days=n)):
            week = (paid - start).days // WEEK
            if 0 <= week < weeks:
                into[n, week] += share
    return into


def spread(lags: Sequence[float] | Floats, days: int, weeks: int) -> Floats:
    """days x weeks: where money goes that follows a sale by 0, 1, 2, ... days with the shares `lags`."""
    into = np.zeros((days, weeks))
    for n in range(days):
        for lag, share in enumerate(lags):
            week = (n + lag) // WEEK
            if week < weeks:
                into[n, week] += share
    return into
