"""The models, run over many series at once: each is one pass over time for every series, origin and parameter.

Own numpy code instead of statsforecast, whose import costs 8 CPU seconds (numba, statsmodels, fugue) and
whose AutoETS takes 0.7 s a fit: benchmarks/forecast_speed.py compares speed and error in the same run.
Sources: exponential smoothing and damped trend, Hyndman & Athanasopoulos, Forecasting (3rd ed.), ch. 8;
theta as smoothing with half the linear drift, Hyndman & Billah 2003; Croston with the correction of
Syntetos & Boylan 2005; TSB, Teunter, Syntetos & Babai 2011.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WARM_UP = 28
SLOW_SHARE_OF_ZEROS = 0.4
TREND_DAYS = 365
_LEVELS = (0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.22, 0.3, 0.45)
_TREND_LEVELS = (0.02, 0.05, 0.1, 0.2)
_TREND_SHARES = (0.02, 0.08, 0.2)
_DAMPING = (0.97, 0.99)
_SIZES = (0.05, 0.1, 0.2, 0.3)
_CHANCES = (0.01, 0.02, 0.05, 0.1)

_GRID: Floats = np.array(
    [(level, 0.0, 0.0) for level in _LEVELS]
    + [(level, share, damp) for level in _TREND_LEVELS for share in _TREND_SHARES for damp in _DAMPING]
)


@dataclass(frozen=True)
class Smoothed:
    """The end state of one series: level and slope a day of the best smoothing of either kind."""

    level: float
    alpha: float
    trend_level: float
    trend: float
    damping: float
    drift: float

    def flat(self, horizon: int) -> Floats:
        """Simple exponential smoothing: the last level."""
        return np.full(horizon, max(self.level, 0.0))

    def damped(self, horizon: int) -> Floats:
        """Damped trend: the slope fades day by day."""
        steps = np.cumsum(self.damping ** np.arange(1, horizon + 1))
        return np.maximum(self.trend_level + self.trend * steps, 0.0)

    def theta(self, horizon: int) -> Floats:
        """Smoothing with half the drift of the last year."""
        ahead = np.arange(horizon) + 1 / self.alpha
        return np.asarray(np.maximum(self.level + self.drift / 2 * ahead, 0.0), dtype=np.float64)


def smooth(series: list[Floats]) -> list[Smoothed]:
    """Fit both kinds of smoothing to every series by the least one-step squared error after four weeks."""
    longest = max(len(one) for one in series)
    scales = np.array([max(float(one.mean()), 1e-9) for one in series])
    padded = np.empty((longest, len(series)))
    openings = np.empty(len(series))
    counted = np.zeros((longest, len(series)))
    for place, one in enumerate(series):
        opening = float(one[:WARM_UP].mean()) / scales[place]
        openings[place] = opening
        padded[: longest - len(one), place] = opening  # equal to the first level, so nothing moves before the start
        padded[longest - len(one) :, place] = one / scales[place]
        counted[longest - len(one) + min(WARM_UP, len(one) // 2) :, place] = 1.0
    alpha, beta, damp = _GRID[:, 0], _GRID[:, 0] * _GRID[:, 1], _GRID[:, 2]
    level = np.repeat(openings[:, None], len(_GRID), axis=1)
    slope, squares, error = np.zeros_like(level), np.zeros_like(level), np.empty_like(level)
    for x, count in zip(padded, counted, strict=True):
        slope *= damp
        level += slope
        np.subtract(x[:, None], level, out=error)
        level += alpha * error
        slope += beta * error
        error *= error
        squares += count[:, None] * error
    return [_best(at, level, slope, squares, scales, series[at]) for at in range(len(series))]


def _best(at: int, level: Floats, slope: Floats, squares: Floats, scales: Floats, units: Floats) -> Smoothed:
    flat = int(np.argmin(squares[at, : len(_LEVELS)]))
    trended = len(_LEVELS) + int(np.argmin(squares[at, len(_LEVELS) :]))
    recent = units[-TREND_DAYS:]
    time = np.arange(len(recent)) - (len(recent) - 1) / 2
    drift = float(time @ recent) / max(float(time @ time), 1.0) if len(recent) >= WARM_UP else 0.0
    scale = float(scales[at])
    return Smoothed(
        float(level[at, flat]) * scale, float(_GRID[flat, 0]), float(level[at, trended]) * scale,
        float(slope[at, trended]) * scale, float(_GRID[trended, 2]), drift,
    )  # fmt: skip


def slow(units: Floats) -> bool:
    """Whether so many days sell nothing that a model of sizes and chances may be better."""
    return float((units[-TREND_DAYS:] <= 0).mean()) >= SLOW_SHARE_OF_ZEROS


@dataclass(frozen=True)
class Intermittent:
    """Units a day of a slow series by Croston's method with the Syntetos-Boylan correction, and by TSB."""

    croston: float
    tsb: float


def intermittent(series: list[Floats]) -> list[Intermittent]:
    """Fit both methods to every series, each with the smoothing of the least one-step squared error.

    TSB is the chance of a sale times its size; its chance also falls on days without one.
    """
    if not series:
        return []
    longest = max(len(one) for one in series)
    units = np.zeros((longest, len(series), 1))
    live = np.zeros((longest, len(series), 1))
    size, gap, chance = (np.ones((len(series), 1)) for _ in range(3))
    for place, one in enumerate(series):
        units[longest - len(one) :, place, 0] = one
        live[longest - len(one) :, place, 0] = 1.0
        sold = one > 0
        if sold.any():
            size[place], gap[place] = one[sold].mean(), len(one) / sold.sum()
            chance[place] = sold[: 2 * WARM_UP].mean()
    return _intermittent(units, live, size, gap, chance)


def _intermittent(units: Floats, live: Floats, size: Floats, gap: Floats, chance: Floats) -> list[Intermittent]:
    alphas = np.array(_SIZES)
    sizes, chances = (grid.ravel() for grid in np.meshgrid(_SIZES, _CHANCES))
    c_size, c_gap = size + 0 * alphas, gap + 0 * alphas
    t_size, t_chance = size + 0 * sizes, chance + 0 * sizes
    c_squares, t_squares, waited = np.zeros_like(c_size), np.zeros_like(t_size), np.zeros_like(gap)
    for x, alive in zip(units, live, strict=True):
        sold = (x > 0).astype(np.float64)
        waited += alive
        c_squares += alive * (x - (1 - alphas / 2) * c_size / c_gap) ** 2
        c_size += sold * alphas * (x - c_size)
        c_gap += sold * alphas * (waited - c_gap)
        waited *= 1 - sold
        t_squares += alive * (x - t_chance * t_size) ** 2
        t_size += sold * sizes * (x - t_size)
        t_chance += alive * chances * (sold - t_chance)
    c_rate, t_rate = (1 - alphas / 2) * c_size / c_gap, t_chance * t_size
    ever = np.asarray(units.sum(axis=0)[:, 0] > 0)
    c_best, t_best = np.argmin(c_squares, axis=1), np.argmin(t_squares, axis=1)
    return [
        Intermittent(float(ever[at] * c_rate[at, c_best[at]]), float(ever[at] * t_rate[at, t_best[at]]))
        for at in range(len(ever))
    ]


def same_weekday(units: Floats, horizon: int) -> Floats:
    """Seasonal naive: the last week again and again."""
    week = units[-7:]
    return np.asarray(np.resize(week, horizon) if len(week) else np.zeros(horizon), dtype=np.float64)


def last_year(units: Floats, horizon: int) -> Floats | None:
    """The same weekdays of a year ago, scaled by how the last eight weeks compare with theirs."""
    if len(units) < 364 + 56 or horizon > 364:
        return None
    begin = len(units) - 364
    then = float(units[begin - 56 : begin].sum())
    growth = (float(units[-56:].sum()) + 10) / (then + 10)
    return units[begin : begin + horizon] * growth
