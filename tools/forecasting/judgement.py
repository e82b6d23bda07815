"""The forecast of one series from what every model said before and says now: what is kept, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.backtest import (  # fmt: skip
    LEAST_ORIGINS,
    SHORT_HISTORY,
    SHORT_HISTORY_SPREAD,
    Z80,
    Plan,
    Score,
    choose,
    half_width,
    score,
)
from tools.forecasting.candidates import COMBINATIONS, LAST_YEAR, MEAN, NAIVE, YEARLY, Job
from tools.forecasting.events import BLACK_FRIDAY, PIECES, pieces
from tools.forecasting.interval import BulkAhead, bounds
from tools.forecasting.launches import Launch
from tools.forecasting.outcome import Forecast
from tools.forecasting.profiles import Profile
from tools.forecasting.series import BULK_DAYS, Series

Floats = NDArray[np.float64]
EVENT_MATTERS = 0.05
SEASON_DOUBT = 0.35
BULK_DRIFT = 0.2  # how far the rate of bulk orders moves from one year to the weeks after it, as a share
LAUNCHED = "Launches"


def judge(
    series: Series,
    tests: Plan,
    past: list[dict[str, Floats]],
    ahead: dict[str, Floats],
    job: Job,
    prior: Profile | None,
    launch: Launch | None = None,
) -> Forecast:
    """What is kept of the paths; `launch` is what is expected of goods so new."""
    ranks, scores = _scores(series, tests, past, set(ahead))
    if len(ranks) > 1 and job.profile.event_effect(job.start, len(job.later)) >= EVENT_MATTERS:
        ranks.pop(NAIVE, None)  # it knows no events, whatever its luck in windows without them
    season = _season_ahead(series, job)
    if series.goods is not None:
        ranks.pop(NAIVE, None)  # nor a season
    level = _level(series, job, ranks, ahead, season, launch)
    name, steady = level.name, level.path
    known = scores.get(name)
    label = pieces(series.ordinals[-1] + 1 + np.arange(len(steady), dtype=np.int64), series.place)
    per_piece = np.bincount(label[label >= 0], weights=steady[label >= 0], minlength=len(PIECES))
    spread = float(np.hypot(np.linalg.norm(per_piece * job.profile.event_sd), level.doubt * steady.sum()))
    if series.goods is not None:  # how much a season does differs by goods, and the name tells no more than the kind
        spread = float(np.hypot(spread, SEASON_DOUBT * abs(np.log(season.mean())) * steady.sum()))
    bulk = _bulk(series, steady, launch)
    path = steady + bulk.rate
    units = float(path.sum())
    scatter = _scatter(series.demand)
    if launch is None:
        noise = _noise(
            len(series.demand), float(series.demand[-182:].mean()), float(steady.sum()), scatter, known is not None
        )
    else:  # how well so few days tell the level is in its doubt
        noise = float(np.sqrt(max(steady.sum(), 0.5) * scatter))
    half = half_width(
        float(steady.sum()),
        ranks[name].relative if name in ranks else (),
        _independent(tests),
        noise,
        spread if name not in (NAIVE, LAST_YEAR) else 0.0,
    )
    if launch is None:
        low, high = bounds(float(steady.sum()), half, bulk, len(path))
    else:  # what other goods had in bulk orders tells no more than a spread
        low, high = bounds(units, float(np.hypot(half, Z80 * bulk.noise(len(path)))), BulkAhead(), len(path))
    friday = PIECES.index(BLACK_FRIDAY)
    naive = scores.get(NAIVE)
    return Forecast(
        series, path, units, low, high, name,
        known.wape if known else None, known.bias if known else None, naive.wape if naive else None,
        len(tests.origins), tests.window, name.endswith(YEARLY), bulk.rate * len(path),
        float(job.profile.event[friday]) if bool((label == friday).any()) else None,
        bool(job.profile.event_years[friday]) or (prior is not None and bool(prior.event_years[friday])),
        int(job.profile.event_years[friday]), scatter, job.profile,
        float(np.mean(np.array(known.relative) <= (high - low) / 2 / max(units, 1.0))) if known and known.relative else None,
    )  # fmt: skip


@dataclass(frozen=True)
class _Level:
    """The everyday units of each day ahead by a model, and what its level may be off by, as a share."""

    name: str
    path: Floats
    doubt: float = 0.0


def _level(
    series: Series, job: Job, ranks: dict[str, Score], ahead: dict[str, Floats], season: Floats, launch: Launch | None
) -> _Level:
    if launch is not None:
        pace, doubt = launch.pace(float(job.units.sum()), float(job.now.sum()), _scatter(series.demand))
        return _Level(LAUNCHED, pace * job.later, doubt)
    days = len(series.demand)
    if days >= SHORT_HISTORY:
        name = choose(ranks, COMBINATIONS) if ranks else MEAN
        return _Level(name, ahead[name])
    if np.count_nonzero(series.demand) == 1:  # one day with orders tells no pace: take it to come once more
        days = max(days, len(job.later))
    return _Level("HistoricMean", season * float(series.demand.sum()) / days)


def _bulk(series: Series, steady: Floats, launch: Launch | None) -> BulkAhead:
    """Bulk orders like those of the past year; those of a new SKU like what goods like it had."""
    if launch is not None:
        seen = 0.0 if series.bulk is None else float(series.bulk.sum())
        rate = launch.bulk.rate(seen, len(series.demand), float(steady.mean()))
        return BulkAhead(rate, (launch.bulk.size,) if launch.bulk.size else (), launch.bulk.spread)
    if series.bulk is None:
        return BulkAhead()
    year = series.bulk[-BULK_DAYS:]
    sizes = year[year > 0]
    return BulkAhead(
        series.bulk_rate(len(series.demand)),
        tuple(sizes.tolist()),
        float(np.hypot(len(sizes) ** -0.5, BULK_DRIFT)) if len(sizes) else 0.0,
    )


def _season_ahead(series: Series, job: Job) -> Floats:
    """The season its name tells on each day ahead, against that of the last four weeks."""
    if series.goods is None:
        return np.ones(len(job.later))
    ahead = np.arange(len(job.later), dtype=np.int64) + job.start
    return np.asarray(series.goods.factors(ahead) / series.goods.factors(series.ordinals[-28:]).mean())


def _scores(
    series: Series, tests: Plan, past: list[dict[str, Floats]], names: set[str]
) -> tuple[dict[str, Score], dict[str, Score]]:
    """Per model how it did on the steady part, by which it is chosen, and on all units, by which it is judged."""
    steady = [series.demand[origin : origin + tests.window] for origin in tests.origins]
    bulk = [np.zeros(len(one)) for one in steady]
    rates = [series.bulk_rate(origin) for origin in tests.origins]
    if series.bulk is not None:
        bulk = [series.bulk[origin : origin + tests.window] for origin in tests.origins]
    every = [one + more for one, more in zip(steady, bulk, strict=True)]
    if not any(one.any() for one in every):
        return {}, {}
    ranks, scores = {}, {}
    for name in sorted(names):
        plain = name.removesuffix(YEARLY)
        if sum(name in paths for paths in past) < min(LEAST_ORIGINS, len(past)):
            continue
        paths = [found.get(name, found.get(plain, found[MEAN])) for found in past]
        ranks[name] = score(steady, paths)
        scores[name] = score(every, [path + rate for path, rate in zip(paths, rates, strict=True)])
    return ranks, scores


def _independent(tests: Plan) -> float:
    """How many windows without overlap the origins amount to."""
    if not tests.origins:
        return 0.0
    days = {day for origin in tests.origins for day in range(origin, origin + tests.window)}
    return len(days) / tests.window


def _scatter(demand: Floats) -> float:
    """Variance of a day over its mean, 1 for orders that come one by one, more for larger orders."""
    recent = demand[-182:]
    if len(recent) < 7 or not recent.any():
        return 2.0
    return max(float(np.var(np.diff(recent))) / 2 / float(recent.mean()), 1.0)


def _noise(days: int, mean: float, units: float, scatter: float, tested: bool) -> float:
    """Standard deviation of the sum: day-to-day scatter, and how well so few days tell the level."""
    level = units**2 * scatter / (max(mean, 1e-3) * min(days, 60))
    guess = 0.0 if tested else (SHORT_HISTORY_SPREAD * units) ** 2
    return float(np.sqrt(max(units, 0.5) * scatter + level + guess))
