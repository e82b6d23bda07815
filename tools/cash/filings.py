"""When tax in the prices has to be paid to the state: filing periods and their due days, by country, dated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WEEK = 7


@dataclass(frozen=True)
class Filing:
    """Tax of a period of `months` months (counted from `first_month`) is due in the `due_month`th month after its end.

    `due_day` is the day of that month, 0 its last day.
    """

    name: str
    months: int = 3
    due_month: int = 1
    due_day: int = 0
    first_month: int = 1

    def period(self, day: date) -> tuple[date, date]:
        """First and last day of the period a day lies in."""
        number = day.year * 12 + day.month - 1
        begin = number - (number - (self.first_month - 1)) % self.months
        return _month(begin), _month(begin + self.months) - timedelta(days=1)

    def due(self, day: date) -> date:
        """When the tax of a sale on that day is paid."""
        last = self.period(day)[1]
        month = last.year * 12 + last.month - 1 + self.due_month
        if self.due_day == 0:
            return _month(month + 1) - timedelta(days=1)
        return min(_month(month) + timedelta(days=self.due_day - 1), _month(month + 1) - timedelta(days=1))


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def weeks_due(due: Callable[[date], date], first: date, days: int, start: date, weeks: int) -> Floats:
    """days x weeks: 1 where what arises on a day from `first` on is due in a week from `start` on."""
    into = np.zeros((days, weeks))
    for n in range(days):
        week = (due(first + timedelta(days=n)) - start).days // WEEK
        if 0 <= week < weeks:
            into[n, week] = 1.0
    return into
