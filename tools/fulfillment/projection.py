"""Stock day by day: what is free to sell, what is on the way, what is asked for, what is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LOST_AT_LEAST = 0.5  # of a unit; less is the rounding of a forecast, not a stock-out


@dataclass(frozen=True)
class Inbound:
    """Goods of an open purchase order; `overdue` when the promised day has passed."""

    po_id: str
    units: int
    arrives: date
    promised: date | None
    overdue: bool = False


@dataclass(frozen=True)
class Projection:
    """One SKU in one warehouse from the day after as_of to the end of the horizon.

    `stock` is what is left at each day's end, `lost` what was asked for that day and not there.
    """

    sku: str
    warehouse: str
    free: int
    as_of: date
    demand: Floats
    stock: Floats
    lost: Floats
    inbound: tuple[Inbound, ...] = field(default=())

    @property
    def expected(self) -> float:
        """Units asked for over the horizon."""
        return float(self.demand.sum())

    @property
    def out_on(self) -> date | None:
        """The first day on which stock falls short; None when it lasts."""
        short = np.flatnonzero(np.cumsum(self.lost) >= LOST_AT_LEAST)
        if not len(short):
            return None
        first = int(np.flatnonzero(self.lost > 0)[0])
        return self.as_of + timedelta(days=first + 1)

    @property
    def cover_days(self) -> int | None:
        """Whole days the free stock alone lasts, beyond the horizon at its mean demand; None without demand."""
        if self.expected <= 0:
            return None
        needed = np.cumsum(self.demand)
        over = np.flatnonzero(needed > self.free)
        if len(over):
            return int(over[0])
        return len(needed) + int((self.free - needed[-1]) / (self.expected / len(needed)))

    @property
    def arriving(self) -> int:
        """Units that arrive within the horizon."""
        return sum(one.units for one in self.inbound if one.arrives <= self.as_of + timedelta(days=len(self.demand)))

    @property
    def next_after_out(self) -> Inbound | None:
        """The first goods that arrive after stock has run out."""
        out = self.out_on
        return next((one for one in self.inbound if out and one.arrives > out), None)

    @property
    def lost_until_next(self) -> float:
        """Units lost from the stock-out to the next goods, or to the end of the horizon."""
        following = self.next_after_out
        days = (following.arrives - self.as_of).days - 1 if following else len(self.lost)
        return float(self.lost[:days].sum())

    @property
    def short(self) -> float:
        """Units lost over the whole horizon."""
        return float(self.lost.sum())

    @property
    def surplus(self) -> float:
        """Free units beyond the demand of the horizon, goods on the way not counted."""
        return max(self.free - self.expected, 0.0)


def project(
    sku: str, warehouse: str, free: int, as_of: date, demand: Floats, inbound: tuple[Inbound, ...], delay: int = 0
) -> Projection:  # fmt: skip
    """Run the stock down by each day's demand; goods are there from the morning they arrive, `delay` days late.

    Demand that meets an empty shelf is lost, not kept.
    """
    came: Mapping[int, int] = _by_day(inbound, as_of, delay)
    left, stock, lost = float(free), np.zeros(len(demand)), np.zeros(len(demand))
    for day, asked in enumerate(demand):
        left += came.get(day, 0)
        lost[day] = max(asked - left, 0.0)
        left = max(left - asked, 0.0)
        stock[day] = left
    return Projection(sku, warehouse, free, as_of, demand, stock, lost, inbound)


def _by_day(inbound: tuple[Inbound, ...], as_of: date, delay: int) -> dict[int, int]:
    came: dict[int, int] = {}
    for one in inbound:
        day = max((one.arrives - as_of).days - 1 + delay, 0)
        came[day] = came.get(day, 0) + one.units
    return came
