"""The level of the weeks ahead, learned over all series of a shop at once.

One boosted forest reads from each series how high its weeks were of late and earlier, how they scatter, how many
sell nothing, and says how far the mean of the weeks ahead will lie from a smoothed level; so a single series need
not be long. Global models over many related series: Montero-Manso & Hyndman 2021; gradient boosting won the M5
competition, Makridakis et al. 2022. Smoothed level: a mean of exponential smoothings weighed by how each did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.trees import Forest, grow

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
LEAST_SERIES = 50
LEAST_WEEKS = 26
FIRST_CUT = 10
LEAST_AGE = 8
MOST_ROWS = 14_000
MOST_SCALES = 6.0
ONE_OFF = 3.0
LEAST_ONE_OFF = 6.0
FOREST_SHARE = 0.67
SEED = 20260102
_SMOOTHINGS = np.array((0.05, 0.1, 0.15, 0.2, 0.3, 0.4))
_MEANS = (1, 2, 4, 8, 13, 26)
_SELECTIVENESS = 10.0


@dataclass(frozen=True)
class Weeks:
    """Weekly units of many series that end in the same week: rows are series, `first` the week of the first sale."""

    units: Floats
    first: Whole

    def until(self, cut: int) -> Weeks:
        """The weeks before week number `cut`."""
        return Weeks(self.units[:, :cut], np.minimum(self.first, cut))


def weeks(series: list[Floats]) -> Weeks:
    """Weekly series of any length, aligned at their ends; one-off weeks count as thrice the next largest."""
    longest = max((len(one) for one in series), default=0)
    units = np.zeros((len(series), longest))
    for at, one in enumerate(series):
        units[at, longest - len(one) :] = one
    capped = cap(units)
    return Weeks(capped, np.where(capped.any(axis=1), (capped > 0).argmax(axis=1), longest))


def cap(units: Floats) -> Floats:
    """A single week over three times the second largest is counted as that much; needs four weeks with sales."""
    if units.shape[1] < 4:
        return units
    top = -np.partition(-units, 3, axis=1)[:, :4]
    top = -np.sort(-top, axis=1)
    most = np.where(top[:, 3] > 0, np.maximum(ONE_OFF * top[:, 1], LEAST_ONE_OFF), np.inf)
    return np.minimum(units, most[:, None])


@dataclass(frozen=True)
class _Past:
    """What each series looked like at every cut: smoothings and their errors, naive errors, running sums."""

    weeks: Weeks
    states: Floats
    squares: Floats
    scale: Floats
    sums: Floats


def _past(given: Weeks) -> _Past:
    count, length = given.units.shape
    states = np.zeros((length + 1, count, len(_SMOOTHINGS)))
    squares = np.zeros_like(states)
    sums = np.concatenate([np.zeros((count, 1)), np.cumsum(given.units, axis=1)], axis=1)
    begin = np.minimum(given.first, length)
    early = np.minimum(begin + 8, length)
    each = np.arange(count)
    opening = (sums[each, early] - sums[each, begin]) / np.maximum(early - begin, 1)
    state, square = np.repeat(opening[:, None], len(_SMOOTHINGS), axis=1), np.zeros((count, len(_SMOOTHINGS)))
    states[0] = state
    for week in range(length):
        live = (week >= given.first)[:, None]
        error = np.where(live, given.units[:, week, None] - state, 0.0)
        square = square + np.where((week >= given.first + 4)[:, None], error * error, 0.0)
        state = state + _SMOOTHINGS * error
        states[week + 1], squares[week + 1] = state, square
    steps = np.diff(given.units, axis=1) ** 2
    steps = np.where(np.arange(1, length) > given.first[:, None], steps, 0.0)
    total = np.concatenate([np.zeros((count, 2)), np.cumsum(steps, axis=1)], axis=1)[:, : length + 1]
    known = np.maximum(np.arange(length + 1) - given.first[:, None] - 1, 1)
    return _Past(given, states, squares, np.maximum(np.sqrt(total / known), 0.5), sums)


def _level(past: _Past, cut: int) -> Floats:
    """The mean of the smoothings, those of smaller errors counting more."""
    squares = past.squares[cut]
    worse = squares / np.maximum(squares.min(axis=1, keepdims=True), 1e-9) - 1
    weight = np.exp(-_SELECTIVENESS * np.minimum(worse, 50.0))
    return np.asarray((past.states[cut] * weight).sum(axis=1) / weight.sum(axis=1))


def _features(past: _Past, cut: int) -> Floats:
    """One row a series, read from the weeks before the cut; every feature is free of the series' size but one."""
    units, first = past.weeks.units[:, :cut], past.weeks.first
    age = np.maximum(cut - first, 1)
    each, scale = np.arange(len(units)), past.scale[:, cut]

    def mean(over: int | Floats) -> Floats:
        back = np.minimum(np.minimum(over, age), cut).astype(np.int64)
        return np.asarray((past.sums[:, cut] - past.sums[each, cut - back]) / back)

    near = np.maximum((mean(8) + mean(26)) / 2, 0.25)
    recent = units[:, -13:]
    typical = recent.mean(axis=1)
    since = np.where(units.any(axis=1), (units[:, ::-1] > 0).argmax(axis=1), cut)
    lags = [np.log1p(units[:, -lag] / near) for lag in range(1, 6)]
    states = past.states[cut]
    columns = [
        *(np.log1p(mean(over) / near) for over in _MEANS), np.log1p(mean(age.astype(np.float64)) / near), *lags,
        np.median(recent, axis=1) / near, recent.max(axis=1) / near, (recent > 0).mean(axis=1),
        recent.std(axis=1) / np.maximum(typical, 0.1), since, np.minimum(age, 30), np.log(near), np.log(near / scale),
        _level(past, cut) / scale, states[:, 0] / scale, states[:, 2] / scale, states[:, -1] / scale,
        mean(4) / scale, mean(13) / scale,
    ]  # fmt: skip
    return np.column_stack(columns)


def enough(given: Weeks, horizon: int) -> bool:
    """Whether there are enough series, long enough, to learn from one another for so many weeks ahead."""
    length = given.units.shape[1]
    old = int((length - given.first >= LEAST_WEEKS).sum())
    return old >= LEAST_SERIES and length - FIRST_CUT >= 2 * min(horizon, length // 3)


def learn(given: Weeks, horizon: int) -> Forest:
    """Fit the forest for the mean of `horizon` weeks ahead, from every cut of the past, seeded and capped in rows."""
    past, length = _past(given), given.units.shape[1]
    window = max(1, min(horizon, length // 3))
    cuts = np.arange(length - max(window // 2, 1), FIRST_CUT - 1, -1)
    step = max(1, int(np.ceil(len(cuts) * len(given.units) / MOST_ROWS)))
    rng = np.random.default_rng(SEED)
    rows, targets = [], []
    for cut in cuts:
        able = np.flatnonzero(given.first <= cut - LEAST_AGE)
        if step > 1:
            able = np.sort(rng.choice(able, max(1, len(able) // step), replace=False)) if len(able) else able
        if not len(able):
            continue
        scale = past.scale[able, cut]
        ahead = given.units[able, cut : cut + window].mean(axis=1) / scale
        level = _level(past, int(cut))[able] / scale
        rows.append(_features(past, int(cut))[able])
        targets.append(np.minimum(ahead, MOST_SCALES) - np.minimum(level, MOST_SCALES))
    return grow(np.vstack(rows), np.concatenate(targets))


def levels(given: Weeks, forest: Forest | None) -> Floats:
    """Mean units a week of each series over the weeks ahead, never below zero; without a forest the smoothed level."""
    past, length = _past(given), given.units.shape[1]
    smooth = _level(past, length)
    level = smooth
    if forest is not None:
        told = smooth + forest.predict(_features(past, length)) * past.scale[:, length]
        level = np.where(
            length - given.first >= LEAST_AGE // 2, FOREST_SHARE * told + (1 - FOREST_SHARE) * smooth, smooth
        )
    return np.maximum(level, 0.0)
