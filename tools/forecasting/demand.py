"""The forecast of a scope: prepare the series, run every model at every origin, keep what was right most."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.forecasting import models
from tools.forecasting.backtest import (  # fmt: skip
    COVERAGE,
    LEAST_ORIGINS,
    SHORT_HISTORY,
    SHORT_HISTORY_SPREAD,
    Z80,
    Plan,
    Score,
    choose,
    half_width,
    plan,
    score,
)
from tools.forecasting.events import BLACK_FRIDAY, PIECES, black_friday, pieces
from tools.forecasting.leaning import lean
from tools.forecasting.profiles import Profile, profile
from tools.forecasting.series import BULK_DAYS, Scope, Series, Sold, sold

Floats = NDArray[np.float64]
MOST_SERIES = 20
ALL_UP_TO = 60
MOST_NAMED = 200
KEPT_FORECASTS = 64
EVENT_MATTERS = 0.05
LEAST_FACTOR = 0.25
YEARLY = "+Year"
MEAN = "Mean"
NAIVE = "SeasonalNaive"
LAST_YEAR = "LastYearGrowth"
COMBINATIONS = (MEAN, MEAN + YEARLY)

__all__ = ["COVERAGE", "MOST_SERIES", "Demand", "Forecast", "Scope", "forecast", "forecast_series"]


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
        share = (self.high - self.units) / max(self.units, 1.0)
        half = np.hypot(share * units, Z80 * np.sqrt(np.maximum(units, 0.1 * days) * self.scatter))
        return np.maximum(units - half, 0.0), units + half

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


@dataclass(frozen=True)
class _Job:
    """One series at one origin."""

    units: Floats
    profile: Profile
    now: Floats
    now_yearly: Floats | None
    later: Floats
    later_yearly: Floats | None
    start: int


_kept: OrderedDict[tuple[object, ...], Demand | None] = OrderedDict()
_kept_background: OrderedDict[tuple[object, ...], Series | None] = OrderedDict()
_keeping = Lock()


def forecast(shop: Shop, scope: Scope, horizon: int) -> Demand | None:
    """Forecast the scope from the day after as_of; None when nothing of it was ever ordered.

    Kept in memory per version of the books, scope and horizon, so other tools may ask again for nothing.
    Without named SKUs a shop of more than 60 gets single forecasts for the 20 that sell most.
    """
    same = (tuple(sorted(scope.skus)), tuple(sorted(scope.countries)), tuple(sorted(scope.channels)))
    key = (shop.folder.resolve(), shop.version, *same, horizon)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _forecast(shop, scope, horizon)
    with _keeping:
        _kept[key] = found
        while len(_kept) > KEPT_FORECASTS:
            _kept.popitem(last=False)
    return found


def _whole_shop(shop: Shop, scope: Scope) -> Series | None:
    """All SKUs in the scope's countries and channels: what a SKU without a Black Friday of its own leans on."""
    key = (shop.folder.resolve(), shop.version, tuple(sorted(scope.countries)), tuple(sorted(scope.channels)))
    with _keeping:
        if key in _kept_background:
            return _kept_background[key]
    found = sold(shop, Scope((), scope.countries, scope.channels), ALL_UP_TO, 1)
    background = found.total if found else None
    with _keeping:
        _kept_background[key] = background
        while len(_kept_background) > KEPT_FORECASTS:
            _kept_background.popitem(last=False)
    return background


def _forecast(shop: Shop, scope: Scope, horizon: int) -> Demand | None:
    found = sold(shop, scope, max(ALL_UP_TO, min(len(scope.skus), MOST_NAMED)), MOST_SERIES)
    if found is None or not found.by_sku:
        return None
    parts = list(found.by_sku.values())
    alone = len(parts) == 1 and found.sku_count == 1
    background = _whole_shop(shop, scope) if scope.skus else found.total
    done = forecast_series(parts if alone else [found.total, *parts], horizon, background)
    by_sku = lean(shop, scope, {one.series.sku or "": one for one in (done if alone else done[1:])})
    ranked = dict(sorted(by_sku.items(), key=lambda item: (-item[1].units, item[0])))
    return Demand(found, next(iter(by_sku.values())) if alone else done[0], ranked)


def forecast_series(series: list[Series], horizon: int, background: Series | None = None) -> list[Forecast]:
    """Forecast many series in one pass; event uplifts lean on `background`, usually the whole shop."""
    plans = [plan(len(one.demand), horizon) for one in series]
    priors: dict[int, Profile] = {}

    def prior(one: Series, origin: int) -> Profile | None:
        if background is None or background is one:
            return None
        known = (one.start - background.start).days + origin
        if known < SHORT_HISTORY:
            return None
        if known not in priors:
            priors[known] = profile(background.at_prices_of(known), background.ordinals[:known], place=background.place)
        return priors[known]

    jobs: list[_Job] = []
    for one, tests in zip(series, plans, strict=True):
        for origin in tests.origins:
            jobs.append(_job(one, origin, tests.window, prior(one, origin)))
        jobs.append(_job(one, len(one.demand), horizon, prior(one, len(one.demand))))
    predicted = _predict(jobs)
    out, at = [], 0
    for one, tests in zip(series, plans, strict=True):
        count = len(tests.origins)
        out.append(
            _judge(
                one,
                tests,
                predicted[at : at + count],
                predicted[at + count],
                jobs[at + count],
                prior(one, len(one.demand)),
            )
        )
        at += count + 1
    return out


def _job(series: Series, origin: int, days: int, prior: Profile | None) -> _Job:
    ordinals = series.ordinals[:origin]
    ahead = np.arange(days, dtype=np.int64) + series.start.toordinal() + origin
    units = series.at_prices_of(origin)
    found = profile(units, ordinals, prior, series.place)
    yearly = found.yearly is not None
    return _Job(
        units, found, found.factors(ordinals, False), found.factors(ordinals, True) if yearly else None,
        found.factors(ahead, False), found.factors(ahead, True) if yearly else None,
        int(ahead[0]),
    )  # fmt: skip


def _predict(jobs: list[_Job]) -> list[dict[str, Floats]]:
    """Every model's path at every job, keyed by the model's name."""
    flattened = [job.units / job.now for job in jobs]
    seasonal = {at: job.units / job.now_yearly for at, job in enumerate(jobs) if job.now_yearly is not None}
    smoothed = models.smooth([*flattened, *seasonal.values()])
    yearly = dict(zip(seasonal, smoothed[len(jobs) :], strict=True))
    slow = [at for at, job in enumerate(jobs) if models.slow(job.units)]
    sparse = dict(zip(slow, models.intermittent([flattened[at] for at in slow]), strict=True))
    out = []
    for at, job in enumerate(jobs):
        paths = _smoothing_paths(smoothed[at], job.later, "")
        if at in yearly and job.later_yearly is not None:
            paths |= _smoothing_paths(yearly[at], job.later_yearly, YEARLY)
        paths[NAIVE] = models.same_weekday(job.units, len(job.later))
        same = models.last_year(job.units / np.maximum(job.now, LEAST_FACTOR), len(job.later))
        if same is not None:  # an event on another date this year moves with it
            paths[LAST_YEAR] = same * np.maximum(job.later, LEAST_FACTOR)
        if at in sparse:
            paths["Croston-SBA"] = sparse[at].croston * job.later
            paths["TSB"] = sparse[at].tsb * job.later
        out.append(paths)
    return out


def _smoothing_paths(fit: models.Smoothed, later: Floats, season: str) -> dict[str, Floats]:
    days = len(later)
    single = {"SES": fit.flat(days), "DampedTrend": fit.damped(days), "Theta": fit.theta(days)}
    paths = {name + season: path * later for name, path in single.items()}
    paths[MEAN + season] = np.mean(list(paths.values()), axis=0)
    return paths


def _judge(
    series: Series,
    tests: Plan,
    past: list[dict[str, Floats]],
    ahead: dict[str, Floats],
    job: _Job,
    prior: Profile | None,
) -> Forecast:
    ranks, scores = _scores(series, tests, past, set(ahead))
    if len(ranks) > 1 and job.profile.event_effect(job.start, len(job.later)) >= EVENT_MATTERS:
        ranks.pop(NAIVE, None)  # it knows no events, whatever its luck in windows without them
    if len(series.demand) < SHORT_HISTORY:
        name, steady = "HistoricMean", np.full(len(job.later), float(series.demand.mean()))
    else:
        name = choose(ranks, COMBINATIONS) if ranks else MEAN
        steady = ahead[name]
    known = scores.get(name)
    label = pieces(series.ordinals[-1] + 1 + np.arange(len(steady), dtype=np.int64), series.place)
    per_piece = np.bincount(label[label >= 0], weights=steady[label >= 0], minlength=len(PIECES))
    spread = float(np.linalg.norm(per_piece * job.profile.event_sd))
    bulk_rate = series.bulk_rate(len(series.demand))
    path = steady + bulk_rate
    units = float(path.sum())
    scatter = _scatter(series.demand)
    recent = float(series.demand[-182:].mean())
    noise = _noise(len(series.demand), recent, float(steady.sum()), scatter, known is not None)
    half = half_width(
        units,
        known.relative if known else (),
        _independent(tests),
        float(np.hypot(noise, _bulk_noise(series, len(path)))),
        spread if name not in (NAIVE, LAST_YEAR) else 0.0,
    )
    friday = PIECES.index(BLACK_FRIDAY)
    naive = scores.get(NAIVE)
    return Forecast(
        series, path, units, max(0.0, units - half), units + half, name,
        known.wape if known else None, known.bias if known else None, naive.wape if naive else None,
        len(tests.origins), tests.window, name.endswith(YEARLY), bulk_rate * len(path),
        float(job.profile.event[friday]) if bool((label == friday).any()) else None,
        bool(job.profile.event_years[friday]) or (prior is not None and bool(prior.event_years[friday])),
        int(job.profile.event_years[friday]), scatter, job.profile,
        float(np.mean(np.array(known.relative) <= half / max(units, 1.0))) if known and known.relative else None,
    )  # fmt: skip


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
        stand_in = plain if plain in past[0] and plain != name else MEAN
        paths = [found.get(name, found[stand_in]) for found in past]
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


def _bulk_noise(series: Series, horizon: int) -> float:
    """Standard deviation of the bulk units over the horizon: orders at random, and a rate known from as few."""
    if series.bulk is None:
        return 0.0
    year = series.bulk[-BULK_DAYS:]
    squares = float((year**2).sum()) / len(year)
    return float(np.sqrt(squares * horizon + squares * horizon**2 / len(year)))


def _noise(days: int, mean: float, units: float, scatter: float, tested: bool) -> float:
    """Standard deviation of the sum: day-to-day scatter, and how well so few days tell the level."""
    level = units**2 * scatter / (max(mean, 1e-3) * min(days, 60))
    guess = 0.0 if tested else (SHORT_HISTORY_SPREAD * units) ** 2
    return float(np.sqrt(max(units, 0.5) * scatter + level + guess))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
