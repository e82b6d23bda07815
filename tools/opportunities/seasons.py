"""Weeks ahead in which a category sells well above its year, and the last days to order and ship for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tools.opportunities.market import WEEKS, YEAR_WEEKS, Market
from tools.opportunities.supply_time import Route

Floats = NDArray[np.float64]
HIGH = 1.2  # of the year's mean
AHEAD_WEEKS = 40
PRIOR_UNITS = 10.0  # units of the mean that a week's index is shrunk with
LEAST_YEAR_UNITS = 100.0
CERTAIN = 3.5  # standard deviations of counts with the spread of weekly sales
CERTAIN_ONCE, STEADY_ONCE = 6.0, 3.0  # the same, and the most dispersion, where only one year is known
KERNEL = np.array([0.25, 0.5, 0.25])
YEAR_SPREAD = 0.25  # log, of a window's lift from year to year, where two years do not tell


@dataclass(frozen=True)
class Window:
    """A run of high weeks of a category in a country. `lift` is units over the year's mean, `extra` the units above the
    mean, `years` how many past years show it; `sku` leads the category, `route` is the way that still arrives."""

    category: str
    country: str
    start: date
    end: date
    lift: float
    extra: float
    spread: float
    years: int
    skus: tuple[str, ...]
    route: Route | None
    order_by: date | None
    ship_by: date | None
    in_time: bool


def windows(market: Market, places: Sequence[str], categories: Sequence[str], horizon_days: int,
            ways: Mapping[str, Mapping[str, Sequence[Route]]]) -> list[Window]:  # fmt: skip
    """Windows that begin, or whose last order day lies, within the horizon; the largest first.

    A week's index is its units over the mean of its year, averaged over the years known, smoothed over three weeks and
    shrunk toward one. A window needs an index of 1.2 and more, in each year known, beyond the spread of weekly sales.
    """
    end = market.as_of + timedelta(days=horizon_days)
    found = []
    for category in categories:
        skus = [sku for sku, item in market.items.items() if item.category == category]
        for country in places:
            series = [market.sold[sku, country] for sku in skus if (sku, country) in market.sold]
            if not series:
                continue
            total = np.sum(series, axis=0)
            ours = tuple(sorted(skus, key=lambda sku: (-market.year(sku, country), sku)))
            for one in _windows(market.as_of, total):
                window = _timed(market.as_of, category, country, ours, one, ways.get(country, {}))
                ordering = window.order_by is not None and market.as_of <= window.order_by <= end
                if window.start <= end or ordering:
                    found.append(window)
    return sorted(found, key=lambda one: (-one.extra, one.category, one.country))


Run = tuple[date, date, float, float, float, int]


def _windows(as_of: date, total: Floats) -> list[Run]:
    years = _years(total)
    if not years or total[-YEAR_WEEKS:].sum() < LEAST_YEAR_UNITS:
        return []
    mean = float(total[-YEAR_WEEKS:].mean())
    shapes = []
    raws = []
    for year in years:
        usual = float(year.mean())
        raw = (year + PRIOR_UNITS) / (usual + PRIOR_UNITS)
        raws.append(raw)
        shapes.append(np.convolve(np.concatenate([raw[-1:], raw, raw[:1]]), KERNEL, mode="valid"))
    index = np.mean(shapes, axis=0)
    agreed = np.min(shapes, axis=0)
    spread_out = _dispersion(total[-YEAR_WEEKS * len(years) :])
    if len(years) == 1 and spread_out > STEADY_ONCE:
        return []
    certain = CERTAIN if len(years) > 1 else CERTAIN_ONCE
    found: list[Run] = []
    week = 0
    while week < AHEAD_WEEKS:
        if index[week] < HIGH or agreed[week] < 1 + (HIGH - 1) / 2:
            week += 1
            continue
        last = week
        while last + 1 < YEAR_WEEKS and index[last + 1] >= HIGH and agreed[last + 1] >= 1 + (HIGH - 1) / 2:
            last += 1
        inside = np.mean(raws, axis=0)[week : last + 1]
        extra = float((inside - 1).sum()) * mean
        noise = np.sqrt(mean * len(inside) * spread_out / len(years))
        if extra / noise >= certain:
            lifts = [float(shape[week : last + 1].mean() - 1) for shape in shapes]
            spread = (
                YEAR_SPREAD
                if len(lifts) < 2
                else max(abs(lifts[0] - lifts[1]) / np.sqrt(2) / max(np.mean(lifts), 0.05), 0.15)
            )
            begin = as_of + timedelta(days=1 + 7 * week)
            found.append(
                (begin, as_of + timedelta(days=7 * (last + 1)), float(inside.mean()), extra, float(spread), len(years))
            )
        week = last + 1
    return found


def _dispersion(weekly: Floats) -> float:
    """Variance over mean of the weeks, from their changes, the largest tenth left out; one for a Poisson count."""
    changes = np.sort(np.diff(weekly) ** 2)
    kept = changes[: max(int(len(changes) * 0.9), 1)]
    return max(float(kept.mean()) / 2 / max(float(weekly.mean()), 1e-9), 1.0)


def _years(total: Floats) -> list[Floats]:
    """Past years by week ahead: entry 0 is the week that follows as_of, one or two years ago."""
    known = np.flatnonzero(total)
    if not len(known):
        return []
    whole = (WEEKS - int(known[0])) // YEAR_WEEKS
    return [total[WEEKS - YEAR_WEEKS * (k + 1) : WEEKS - YEAR_WEEKS * k] for k in range(min(whole, 2))]


def _timed(as_of: date, category: str, country: str, skus: tuple[str, ...], run: Run,
           ways: Mapping[str, Sequence[Route]]) -> Window:  # fmt: skip
    start, end, lift, extra, spread, years = run
    route = None
    for sku in skus:
        known = ways.get(sku, ())
        if known:
            in_time = [way for way in known if as_of + timedelta(days=way.days) <= start]
            route = in_time[0] if in_time else min(known, key=lambda way: way.days)
            break
    if route is None:
        return Window(category, country, start, end, lift, extra, spread, years, skus, None, None, None, False)
    order_by = start - timedelta(days=route.days)
    ship_by = start - timedelta(days=route.transit_days)
    return Window(
        category, country, start, end, lift, extra, spread, years, skus, route, order_by, ship_by, order_by >= as_of
    )
