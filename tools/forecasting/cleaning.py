"""What a daily series must lose before a model sees it: empty shelves read as no demand, one-off orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.censored import fill_shelf

Floats = NDArray[np.float64]
ONE_OFF = 3.0
DAYS_PER_ONE_OFF = 180


@dataclass(frozen=True)
class Capped:
    """A day whose units were far above all others and were counted as fewer."""

    day: date
    ordered: float
    counted: float


def fill_stockouts(units: Floats, empty: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    """Units of one series with the days of empty shelves estimated, and which days were: see censored.fill_shelf."""
    (filled,), missing = fill_shelf([units], empty)
    return filled, missing


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
