"""The paths among which a forecast is chosen: each model at each origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.forecasting import models
from tools.forecasting.pooled import Pool
from tools.forecasting.profiles import Profile, profile
from tools.forecasting.series import Series

Floats = NDArray[np.float64]
YEARLY = "+Year"
MEAN = "Mean"
POOLED = "Pooled"
NAIVE = "SeasonalNaive"
LAST_YEAR = "LastYearGrowth"
LEAST_FACTOR = 0.25
COMBINATIONS = (MEAN, MEAN + YEARLY, POOLED, POOLED + YEARLY)


@dataclass(frozen=True)
class Job:
    """One series at one origin."""

    units: Floats
    profile: Profile
    now: Floats
    now_yearly: Floats | None
    later: Floats
    later_yearly: Floats | None
    start: int


def job(series: Series, origin: int, days: int, prior: Profile | None) -> Job:
    ordinals = series.ordinals[:origin]
    ahead = np.arange(days, dtype=np.int64) + series.start.toordinal() + origin
    units = series.at_prices_of(origin)
    found = profile(units, ordinals, prior, series.place, series.goods)
    yearly = found.yearly is not None
    return Job(
        units, found, found.factors(ordinals, False), found.factors(ordinals, True) if yearly else None,
        found.factors(ahead, False), found.factors(ahead, True) if yearly else None,
        int(ahead[0]),
    )  # fmt: skip


def predict(jobs: list[Job], pool: Pool | None = None) -> list[dict[str, Floats]]:
    """Every model's path at every job, keyed by the model's name."""
    flattened = {at: one.units / one.now for at, one in enumerate(jobs)}
    seasonal = {at: one.units / one.now_yearly for at, one in enumerate(jobs) if one.now_yearly is not None}
    smoothed = models.smooth([*flattened.values(), *seasonal.values()])
    yearly = dict(zip(seasonal, smoothed[len(jobs) :], strict=True))
    slow = [at for at, one in enumerate(jobs) if models.slow(one.units)]
    sparse = dict(zip(slow, models.intermittent([flattened[at] for at in slow]), strict=True))
    level = _pooled(jobs, flattened, pool)
    level_yearly = _pooled(jobs, seasonal, pool)
    out = []
    for at, one in enumerate(jobs):
        paths = _smoothing_paths(smoothed[at], one.later, "")
        if at in yearly and one.later_yearly is not None:
            paths |= _smoothing_paths(yearly[at], one.later_yearly, YEARLY)
        if at in level:
            paths[POOLED] = level[at] * one.later
        if at in level_yearly and one.later_yearly is not None:
            paths[POOLED + YEARLY] = level_yearly[at] * one.later_yearly
        paths[NAIVE] = models.same_weekday(one.units, len(one.later))
        same = models.last_year(one.units / np.maximum(one.now, LEAST_FACTOR), len(one.later))
        if same is not None:  # an event on another date this year moves with it
            paths[LAST_YEAR] = same * np.maximum(one.later, LEAST_FACTOR)
        if at in sparse:
            paths["Croston-SBA"] = sparse[at].croston * one.later
            paths["TSB"] = sparse[at].tsb * one.later
        out.append(paths)
    return out


def _smoothing_paths(fit: models.Smoothed, later: Floats, season: str) -> dict[str, Floats]:
    days = len(later)
    single = {"SES": fit.flat(days), "DampedTrend": fit.damped(days), "Theta": fit.theta(days)}
    paths = {name + season: path * later for name, path in single.items()}
    paths[MEAN + season] = np.mean(list(paths.values()), axis=0)
    return paths


def _pooled(jobs: list[Job], flattened: dict[int, Floats], pool: Pool | None) -> dict[int, float]:
    """Units a day by the shop's forest, at every origin it may be asked about."""
    if pool is None:
        return {}
    last = max(one.start for one in jobs)
    found: dict[int, float] = {}
    for today in (True, False):
        able = [
            at for at in flattened
            if (jobs[at].start == last if today else pool.tested_from <= jobs[at].start < last)
        ]  # fmt: skip
        if able:
            told = pool.level([flattened[at] for at in able], today)
            found |= {at: float(one) for at, one in zip(able, told, strict=True) if np.isfinite(one)}
    return found
