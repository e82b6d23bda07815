"""Weeks ahead of many series with 80% intervals that hold as often as they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shop.seasonal_goods import seasonal_goods
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


def forecast_weeks(
    series: list[Floats], horizon: int, names: Sequence[str] = (), last: date | None = None
) -> WeeksAhead:
    """Forecast weekly series that end in the same week, each from its first sale; learned over all where enough.

    With product `names`, one a series, and the `last` day of the last week, goods with a selling season of their own
    (shop/seasonal_goods.py) are forecast as if they had none, and then given it.

    The interval is split conformal (Lei et al. 2018) within kinds of series alike in how far their weeks scatter
    (Mondrian conformal, Vovk et al. 2005): quantiles of what a forest grown without the last weeks missed there.
    Raises ValueError when there are names, but not one a series.
    """
    ahead, calm = np.ones((len(series), horizon)), series
    if names and last is not None:
        longest = max((len(one) for one in series), default=0)
        season = _seasons(names, last, longest, horizon)
        calm = [one / own[longest - len(one) : longest] for one, own in zip(series, season, strict=True)]
        ahead = season[:, longest:]
    given = weeks(calm)
    forest = learn(given, horizon) if enough(given, horizon) else None
    level = levels(given, forest)
    low, high = _bounds(given, level, horizon)
    return WeeksAhead(level[:, None] * ahead, low[:, None] * ahead, high[:, None] * ahead)


def _seasons(names: Sequence[str], last: date, past: int, ahead: int) -> Floats:
    """What the season makes of each week, from `past` weeks up to the one ending on `last` to `ahead` weeks after."""
    middles = last.toordinal() - 3 + 7 * np.arange(1 - past, ahead + 1, dtype=np.int64)
    kinds = [seasonal_goods(name) for name in names]
    return np.array([kind.factors(middles) if kind else np.ones(past + ahead) for kind in kinds])


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
