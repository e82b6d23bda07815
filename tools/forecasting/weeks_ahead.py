"""Weeks ahead of many series with 80% intervals that hold as often as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.backtest import COVERAGE
from tools.forecasting.weekly import LEAST_AGE, Weeks, enough, learn, levels, weeks

Floats = NDArray[np.float64]
KINDS = 4
LEAST_RESIDUALS = 80
CALIBRATION_WINDOWS = 2


@dataclass(frozen=True)
class WeeksAhead:
    """Units a week of each series (rows) over each week ahead (columns): mean and 80% interval of a single week."""

    mean: Floats
    low: Floats
    high: Floats


def forecast_weeks(series: list[Floats], horizon: int) -> WeeksAhead:
    """Forecast weekly series that end in the same week, each from its first sale; learned over all where enough.

    The interval is split conformal (Lei et al. 2018) within kinds of series alike in how far their weeks scatter
    (Mondrian conformal, Vovk et al. 2005): quantiles of what a forest grown without the last weeks missed there.
    """
    given = weeks(series)
    forest = learn(given, horizon) if enough(given, horizon) else None
    level = levels(given, forest)
    mean = np.repeat(level[:, None], horizon, axis=1)
    low, high = _bounds(given, level, horizon)
    return WeeksAhead(mean, np.repeat(low[:, None], horizon, axis=1), np.repeat(high[:, None], horizon, axis=1))


def _bounds(given: Weeks, level: Floats, horizon: int) -> tuple[Floats, Floats]:
    length = given.units.shape[1]
    window = max(1, min(horizon, length // 4))
    known = length - CALIBRATION_WINDOWS * window
    past = given.until(max(known, 1))
    forest = learn(past, horizon) if known > 0 and enough(past, horizon) else None
    missed, kinds = [], []
    for cut in range(max(known, LEAST_AGE), length - window + 1, max(window // 2, 1)):
        then = given.until(cut)
        said = levels(then, forest)
        able = then.first <= cut - LEAST_AGE // 2
        unit = _unit(then, said)
        missed.append(((given.units[:, cut : cut + window] - said[:, None]) / unit[:, None])[able])
        kinds.append((said / unit)[able])
    unit = _unit(given, level)
    if not missed or sum(len(one) for one in missed) == 0:
        half = 1.2816 * unit
        return np.maximum(level - half, 0.0), level + half
    residuals, kind = np.vstack(missed), np.concatenate(kinds)
    several = KINDS if len(residuals) >= KINDS * LEAST_RESIDUALS else 1
    edges = np.quantile(kind, np.linspace(0, 1, several + 1)[1:-1])
    low, high = np.empty_like(level), np.empty_like(level)
    of = np.searchsorted(edges, level / unit)
    group = np.searchsorted(edges, kind)
    for one in range(several):
        values = np.sort(residuals[group == one].ravel())
        tail = (1 - COVERAGE) / 2
        last = len(values) - 1
        bottom = values[max(int(np.floor((len(values) + 1) * tail)) - 1, 0)]
        top = values[min(int(np.ceil((len(values) + 1) * (1 - tail))) - 1, last)]
        low[of == one] = (level + bottom * unit)[of == one]
        high[of == one] = (level + top * unit)[of == one]
    return np.maximum(np.minimum(low, level), 0.0), np.maximum(high, level)


def _unit(given: Weeks, level: Floats) -> Floats:
    """How far a week usually strays: the spread of the last half year, at least as for single orders."""
    recent = given.units[:, -26:]
    spread = np.where(recent.shape[1] > 1, recent.std(axis=1), 0.0)
    return np.asarray(np.maximum(np.maximum(spread, np.sqrt(np.maximum(level, 0.0))), 0.5))
