"""What a daily series must lose before a model sees it: empty shelves read as no demand, one-off orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NEIGHBOURS = 3
NEIGHBOUR_WEEKS = 8
STILL_SELLING = 0.2
ONE_OFF = 3.0
DAYS_PER_ONE_OFF = 180


@dataclass(frozen=True)
class Capped:
    """A day whose units were far above all others and were counted as fewer."""

    day: date
    ordered: float
    counted: float


def fill_stockouts(units: Floats, empty: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    """Units with the days of empty shelves estimated, and which days were estimated.

    `empty` marks days that ended with no stock. A day that also began with none and sold nothing is
    missing: it takes the mean of up to three same weekdays before and three after it. On the day the
    stock ran out the units sold are a lower bound. Where orders kept coming while shelves were empty
    (back orders, another warehouse), nothing is changed.
    """
    if not empty.any():
        return units, np.zeros(len(units), dtype=bool)
    all_day = empty & np.concatenate(([True], empty[:-1]))
    estimate = _same_weekday(units, ~empty)
    expected = float(np.nansum(np.where(all_day, estimate, 0.0)))
    if float(units[all_day].sum()) > STILL_SELLING * expected:
        return units, np.zeros(len(units), dtype=bool)
    missing = empty & (np.nan_to_num(estimate, nan=-1.0) > units)
    return np.where(missing, estimate, units), missing


def _same_weekday(units: Floats, seen: NDArray[np.bool_]) -> Floats:
    """For unseen days the mean of the nearest seen same weekdays on either side, NaN where there are none."""
    estimate = np.full(len(units), np.nan)
    for day in np.flatnonzero(~seen):
        near: list[float] = []
        for step in (-7, 7):
            side: list[float] = []
            at, weeks = day + step, 0
            while 0 <= at < len(units) and len(side) < NEIGHBOURS and (weeks < NEIGHBOUR_WEEKS or not side):
                if seen[at]:
                    side.append(float(units[at]))
                at, weeks = at + step, weeks + 1
            near += side
        if near:
            estimate[day] = float(np.mean(near))
    return estimate


def cap_one_off(units: Floats, first_ordinal: int) -> tuple[Floats, tuple[Capped, ...]]:
    """Units with one-off days counted as the largest ordinary day, and what was capped.

    A day is a one-off when it is over three times the largest day left after setting aside one day in
    180 (at least one), and that many days only: anything more frequent is the series' own nature.
    """
    aside = max(1, len(units) // DAYS_PER_ONE_OFF)
    sold = np.sort(units[units > 0])[::-1]
    if len(sold) < aside + 3:
        return units, ()
    ordinary = float(sold[aside])
    one_off = units > ONE_OFF * max(ordinary, 2.0)
    if not one_off.any():
        return units, ()
    capped = tuple(
        Capped(date.fromordinal(first_ordinal + int(at)), float(units[at]), ordinary) for at in np.flatnonzero(one_off)
    )
    return np.where(one_off, ordinary, units), capped
