"""What a forecast is: units of a series or a scope over the days ahead, and what they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.backtest import Z80
from tools.forecasting.events import black_friday
from tools.forecasting.profiles import Profile
from tools.forecasting.series import Series, Sold

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Forecast:
    """Units of one series over the horizon, with an 80% interval of their sum.

    `path` is the mean of each day from the day after the history. `error` and `bias` (positive: too
    high) are shares of the units really ordered in the backtest; None when the history is too short
    for one. `bulk_units` are those of the units that come in bulk orders, `event_years` how many years of
    Black Friday this series has seen (0: the uplift comes from the whole shop, or there is none). `profile`
    is the week, the year and the events it stands on, `covered` the share of backtest windows whose units
    lay within this interval's width.
    """

    series: Series
    path: Floats
    units: float
    low: float
    high: float
    model: str
    error: float | None
    bias: float | None
    naive_error: float | None
    origins: int
    window: int
    yearly: bool
    bulk_units: float
    event_ratio: float | None
    event_known: bool
    event_years: int
    scatter: float
    profile: Profile | None = None
    covered: float | None = None

    @property
    def start(self) -> date:
        """The first day forecast."""
        return self.series.start + timedelta(days=len(self.series.ordered))

    def band(self, units: Floats, days: Floats) -> tuple[Floats, Floats]:
        """The 80% interval of parts of the path: `units` over so many `days` each."""
        noise = Z80 * np.sqrt(np.maximum(units, 0.1 * days) * self.scatter)
        below, above = (one / max(self.units, 1.0) for one in (self.units - self.low, self.high - self.units))
        return np.maximum(units - np.hypot(below * units, noise), 0.0), units + np.hypot(above * units, noise)

    @property
    def end(self) -> date:
        """The last day forecast."""
        return self.start + timedelta(days=len(self.path) - 1)

    def units_between(self, first: date, last: date) -> float:
        """Units of the path on the days first..last."""
        begin = max((first - self.start).days, 0)
        return float(self.path[begin : (last - self.start).days + 1].sum())

    def black_friday(self) -> tuple[date, date] | None:
        """The days from Black Friday to Cyber Monday that lie inside the horizon, None when none does."""
        for year in (self.start.year, self.end.year):
            first, last = black_friday(year), black_friday(year) + timedelta(days=3)
            if first <= self.end and last >= self.start:
                return max(first, self.start), min(last, self.end)
        return None

    def last_order(self) -> date:
        """The last day with an order."""
        return self.series.start + timedelta(days=int(np.flatnonzero(self.series.ordered)[-1]))

    def ordered_before(self) -> float | None:
        """Units ordered in as many days just before; None when the history is shorter."""
        days = len(self.path)
        return float(self.series.ordered[-days:].sum()) if len(self.series.ordered) >= days else None

    def ordered_last_year(self) -> float | None:
        """Units ordered from the same date a year earlier, for as many days; None where there are none."""
        begin = (_year_before(self.start) - self.series.start).days
        end = begin + len(self.path)
        if begin < 0 or end > len(self.series.ordered):
            return None
        return float(self.series.ordered[begin:end].sum())


@dataclass(frozen=True)
class Demand:
    """The forecast of a scope: the total, each SKU by most units first, and what it stands on."""

    sold: Sold
    total: Forecast
    by_sku: dict[str, Forecast]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
