"""Stock day by day: what is free to sell, what is on the way, what is asked for, what is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

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
    demand: Sequence[float]
    stock: Sequence[float]
    lost: Sequence[float]
    inbound: tuple[Inbound, ...] = field(default=())

    @property
    def expected(self) -> float:
        """Units asked for over the horizon."""
        return sum(self.demand)

    @property
    def out_on(self) -> date | None:
        """The first day on which stock falls short; None when it lasts."""
        if self.short < LOST_AT_LEAST:
            return None
        return self.as_of + timedelta(days=next(day for day, lost in enumerate(self.lost, 1) if lost > 0))

    @property
    def cover_days(self) -> int | None:
        """Whole days the free stock alone lasts, beyond the horizon at its mean demand; None without demand."""
        if self.expected <= 0:
            return None
        for day, needed in enumerate(accumulate(self.demand)):
            if needed > self.free:
                return day
        days = len(self.demand)
        return days + int((self.free - self.expected) / (self.expected / days))

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
        return sum(self.lost[:days])

    @property
    def short(self) -> float:
        """Units lost over the whole horizon."""
        return sum(self.lost)

    @property
    def surplus(self) -> float:
        """Free units beyond the demand of the horizon, goods on the way not counted."""
        return max(self.free - self.expected, 0.0)


def project(
    sku: str, warehouse: str, free: int, as_of: date, demand: Sequence[float], inbound: tuple[Inbound, ...], delay: int = 0
) -> Projection:  # fmt: skip
    """Run the stock down by each day's demand; goods are there from the morning they arrive, `delay` days late.

    Demand that meets an empty shelf is lost, not kept.
    """
    came = _by_day(inbound, as_of, delay)
    left = float(free)
    stock: list[float] = []
    lost: list[float] = []
    for day, asked in enumerate(demand):
        left += came.get(day, 0)
        lost.append(max(asked - left, 0.0))
        left = max(left - asked, 0.0)
        stock.append(left)
    return Projection(sku, warehouse, free, as_of, demand, stock, lost, inbound)


def _by_day(inbound: tuple[Inbound, ...], as_of: date, delay: int) -> dict[int, int]:
    came: dict[int, int] = {}
    for one in inbound:
        day = max((one.arrives - as_of).days - 1 + delay, 0)
        came[day] = came.get(day, 0) + one.units
    return came
