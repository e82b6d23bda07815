"""The forecast of a scope: prepare the series, run every model at every origin, keep what was right most."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from shop.recent import Recent
from shop.warehouse import Shop
from tools.forecasting.backtest import COVERAGE, SHORT_HISTORY, plan
from tools.forecasting.candidates import LAST_YEAR, Job, job, predict
from tools.forecasting.coherence import part_of, shares_of, sum_of
from tools.forecasting.judgement import judge
from tools.forecasting.launches import LAUNCH_DAYS, Launch, launches
from tools.forecasting.leaning import lean
from tools.forecasting.outcome import Demand, Forecast
from tools.forecasting.pooled import Pool, pool_from, pool_of
from tools.forecasting.profiles import Profile, profile
from tools.forecasting.series import Scope, Series, sold
from tools.forecasting.weekly import LEAST_SERIES

Floats = NDArray[np.float64]
MOST_SERIES = 20
ALL_UP_TO = 60
MOST_NAMED = 200
KEPT_FORECASTS = 64
USUAL_HORIZON = 30
AT_ONCE = 100

__all__ = [
    "COVERAGE",
    "LAST_YEAR",
    "MOST_SERIES",
    "Demand",
    "Forecast",
    "Scope",
    "forecast",
    "forecast_series",
    "prepare_forecasts",
]

_kept: Recent[Demand | None] = Recent(KEPT_FORECASTS)
_kept_background: Recent[Series | None] = Recent(KEPT_FORECASTS)


def forecast(shop: Shop, scope: Scope, horizon: int) -> Demand | None:
    """Forecast the scope from the day after as_of; None when nothing of it was ever ordered.

    Kept in memory per version of the books, scope and horizon, so other tools may ask again for nothing.
    Without named SKUs a shop of more than 60 gets single forecasts for the 20 that sell most.
    """
    same = (tuple(sorted(scope.skus)), tuple(sorted(scope.countries)), tuple(sorted(scope.channels)))
    key = (shop.folder.resolve(), shop.version, *same, horizon)
    return _kept.get(key, lambda: _forecast(shop, scope, horizon))


def prepare_forecasts(shop: Shop, horizon: int = USUAL_HORIZON) -> None:
    """Have the whole shop's forecast ready, on which those of its parts stand."""
    if shop.count("order_lines"):
        forecast(shop, Scope(), horizon)


def _whole_shop(shop: Shop, scope: Scope) -> Series | None:
    """All SKUs in the scope's countries and channels: what a SKU without a Black Friday of its own leans on."""
    key = (shop.folder.resolve(), shop.version, tuple(sorted(scope.countries)), tuple(sorted(scope.channels)))

    def find() -> Series | None:
        found = sold(shop, Scope((), scope.countries, scope.channels), ALL_UP_TO, 1)
        return found.total if found else None

    return _kept_background.get(key, find)


def _forecast(shop: Shop, scope: Scope, horizon: int) -> Demand | None:
    found = sold(shop, scope, max(ALL_UP_TO, min(len(scope.skus), MOST_NAMED)), MOST_SERIES)
    if found is None or not found.by_sku:
        return None
    parts = list(found.by_sku.values())
    alone = len(parts) == 1 and found.sku_count == 1
    background = _whole_shop(shop, scope) if scope.skus else found.total
    ages = {sku: len(one.demand) for sku, one in found.by_sku.items() if len(one.demand) < LAUNCH_DAYS}
    new = launches(shop, ages, horizon) if ages else {}
    series = parts if alone else [found.total, *parts]
    done = _forecasts(series, horizon, background, pool_of(shop, horizon), new)
    own = {one.series.sku or "": one for one in (done if alone else done[1:])}
    by_sku = _add_up(shop, scope, horizon, own) if scope.countries or scope.channels else lean(shop, scope, own)
    ranked = dict(sorted(by_sku.items(), key=lambda item: (-item[1].units, item[0])))
    if alone:
        return Demand(found, next(iter(by_sku.values())), ranked)
    if found.sku_count == len(parts):
        return Demand(found, sum_of(done[0], list(by_sku.values())), ranked)
    return Demand(found, _part_of_all(shop, scope, horizon, done[0]), ranked)


def _add_up(shop: Shop, scope: Scope, horizon: int, own: dict[str, Forecast]) -> dict[str, Forecast]:
    """The SKUs' forecasts in some countries or channels as their shares of what is forecast for everywhere."""
    few = len(shop.vocabulary.products) <= ALL_UP_TO  # then one forecast of the shop serves every later question
    everywhere = forecast(shop, Scope() if few else Scope(tuple(sorted(own))), horizon)
    whole = everywhere.by_sku if everywhere else {}
    shares = shares_of(shop, list(whole), horizon, {sku: one.profile for sku, one in whole.items()})
    return {sku: part_of(whole[sku], one, shares[sku], scope) if sku in whole else one for sku, one in own.items()}


def _part_of_all(shop: Shop, scope: Scope, horizon: int, own: Forecast) -> Forecast:
    """The total over more SKUs than are forecast one by one."""
    if scope.skus or not (scope.countries or scope.channels):
        return own
    whole = forecast(shop, Scope(), horizon)
    if whole is None:
        return own
    return part_of(whole.total, own, shares_of(shop, (), horizon, {"": whole.total.profile})[""], scope)


def forecast_series(
    series: list[Series], horizon: int, background: Series | None = None, told: Callable[[int, int], None] | None = None,
    new: dict[str, Launch] | None = None,
) -> list[Forecast]:  # fmt: skip
    """Forecast many series in one pass; event uplifts lean on `background`, usually the whole shop.

    Where there are enough and they end on the same day, they learn the level of the weeks ahead from one another.
    `told` hears how many of how many are done. `new` is what is expected of new SKUs.
    """
    pool = _own_pool(series, horizon)
    found: list[Forecast] = []
    for at in range(0, len(series), AT_ONCE):
        found += _forecasts(series[at : at + AT_ONCE], horizon, background, pool, new or {})
        if told is not None:
            told(len(found), len(series))
    return found


def _forecasts(
    series: list[Series], horizon: int, background: Series | None, pool: Pool | None, new: dict[str, Launch]
) -> list[Forecast]:
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

    jobs: list[Job] = []
    for one, tests in zip(series, plans, strict=True):
        for origin in tests.origins:
            jobs.append(job(one, origin, tests.window, prior(one, origin)))
        jobs.append(job(one, len(one.demand), horizon, prior(one, len(one.demand))))
    predicted = predict(jobs, pool)
    out, at = [], 0
    for one, tests in zip(series, plans, strict=True):
        count = len(tests.origins)
        out.append(
            judge(
                one,
                tests,
                predicted[at : at + count],
                predicted[at + count],
                jobs[at + count],
                prior(one, len(one.demand)),
                new.get(one.sku) if one.sku else None,
            )
        )
        at += count + 1
    return out


def _own_pool(series: list[Series], horizon: int) -> Pool | None:
    ends = {int(one.ordinals[-1]) for one in series}
    if len(series) < LEAST_SERIES or len(ends) > 1:
        return None
    calm = [one.demand if one.goods is None else one.demand / one.goods.factors(one.ordinals) for one in series]
    return pool_from(calm, horizon, ends.pop())
