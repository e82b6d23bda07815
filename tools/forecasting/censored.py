"""Stock-outs as censored demand: what would have been ordered on days when a shelf was, or ran, empty.

A day that began and ended empty is missing. A day on which the stock ran out is a lower bound. The mean of
both comes from the days with stock on either side, at the pace of the rest of the shop that day. The day on
which it ran out does not speak for the level: a shelf ends on a busy day, while the days before one are as
any others (the past seen from an arrival, Palm; Baccelli & Bremaud 2003, Elements of Queueing Theory). That
lost sales must be estimated and not read as zeros: Nahmias (1994), Naval Research Logistics 41.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.bool_]
SIDE_DAYS = 28
LEAST_SIDE = 7
NEARNESS = 1 - np.arange(SIDE_DAYS) / SIDE_DAYS
WEEKDAY_PRIOR_UNITS = 10.0
STILL_SELLING = 0.2
PACE_WEEKS = 9
BUSY_PACE = 1.4
PACE_PRIOR_UNITS = 20.0
SLOWEST, FASTEST = 0.2, 8.0


def fill_shelf(units: list[Floats], empty: Days, paces: list[Floats] | None = None) -> tuple[list[Floats], Days]:
    """Units of the countries one shelf serves, its empty days estimated, and which days were.

    `empty` marks days that ended with no stock. `paces` is what each country's other SKUs sold a day over
    what is usual for them around it, 1 where not given. Days that ended with stock are never changed and
    no day is lowered. Where orders kept coming while the shelf was empty (back orders, another warehouse),
    nothing is changed.
    """
    none = np.zeros(len(empty), dtype=bool)
    if not empty.any() or empty.all() or not any(one[~empty].any() for one in units):
        return units, none
    all_day = empty & np.concatenate(([True], empty[:-1]))
    paces = paces or [np.ones(len(empty)) for _ in units]
    expected = [_expected(one, empty, each) for one, each in zip(units, paces, strict=True)]
    unmet = float(np.sum(expected, axis=0)[all_day].sum())
    if float(np.sum(units, axis=0)[all_day].sum()) > STILL_SELLING * unmet:
        return units, none
    filled = _filled(units, expected, all_day, empty & ~all_day)
    missing = empty & np.any([done > one for done, one in zip(filled, units, strict=True)], axis=0)
    return filled, missing


def pace(others: Floats) -> Floats:
    """Units a day of the rest of a country over the middle of the weeks around it, drawn to 1 when few.

    The middle (median of nine weeks) does not move with a sales event, so a day inside one shows its full pace.
    """
    weeks = len(others) // 7
    if weeks < PACE_WEEKS:
        usual = np.full(len(others), float(others.mean()) if len(others) else 0.0)
    else:
        first = len(others) - weeks * 7
        weekly = np.pad(others[first:].reshape(weeks, 7).mean(axis=1), PACE_WEEKS // 2, mode="reflect")
        middle = np.median(np.lib.stride_tricks.sliding_window_view(weekly, PACE_WEEKS), axis=1)
        usual = np.interp(np.arange(len(others)), first + 7 * np.arange(weeks) + 3, middle)
    return np.asarray(np.clip((others + PACE_PRIOR_UNITS) / (usual + PACE_PRIOR_UNITS), SLOWEST, FASTEST))


def _expected(units: Floats, empty: Days, pace: Floats) -> Floats:
    """The mean of each empty day from the days that speak on either side; nearer sides count more.

    Days of a sales event do not speak for others: a SKU may follow one more or less than the shop does.
    """
    speaks = ~empty
    shape = pace * _weekday(units, pace, speaks)[np.arange(len(units)) % 7]
    calm = speaks & (pace < BUSY_PACE)
    known = np.flatnonzero(calm if calm.sum() >= LEAST_SIDE else speaks)
    out = np.zeros(len(units))
    for day in np.flatnonzero(empty):
        at = int(np.searchsorted(known, day))
        before, behind = known[max(at - SIDE_DAYS, 0) : at][::-1], known[at : at + SIDE_DAYS]
        if len(behind) and behind[0] == day:
            behind = behind[1:]
        total, ground = 0.0, 0.0
        for side in (before, behind):
            if len(side):
                near = NEARNESS[: len(side)]
                trust = min(len(side) / LEAST_SIDE, 1.0) / (abs(int(side[0]) - int(day)) + SIDE_DAYS / 2)
                total += trust * float(near @ units[side]) / max(float(near @ shape[side]), 1e-9)
                ground += trust
        out[day] = total / ground if ground > 0 else 0.0
    return out * shape


def _weekday(units: Floats, pace: Floats, speaks: Days) -> Floats:
    days = np.flatnonzero(speaks)
    if len(days) < 2 * LEAST_SIDE:
        return np.ones(7)
    mean = float(units[days].sum()) / float(pace[days].sum())
    sums = np.bincount(days % 7, weights=units[days], minlength=7)
    usual = mean * np.bincount(days % 7, weights=pace[days], minlength=7)
    factors = (sums + WEEKDAY_PRIOR_UNITS) / (usual + WEEKDAY_PRIOR_UNITS)
    return np.asarray(factors / factors.mean(), dtype=np.float64)


def _filled(units: list[Floats], expected: list[Floats], all_day: Days, ran_out: Days) -> list[Floats]:
    """The mean on empty days; where the stock ran out, what the countries together lack to their mean."""
    filled = [np.where(all_day, np.maximum(mean, one), one) for one, mean in zip(units, expected, strict=True)]
    means, sold = np.sum(expected, axis=0), np.sum(units, axis=0)
    lacking = np.where(ran_out & (means > sold), (means - sold) / np.maximum(means, 1e-9), 0.0)
    return [done + lacking * mean for done, mean in zip(filled, expected, strict=True)]
