"""Rolling origins: where to stand in the past, which model would have been right, how wrong it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_ORIGINS = 10
LEAST_ORIGINS = 3
SHORT_HISTORY = 14
LEAST_TRAINING = 21
YEAR_BACK = 364
COMBINATION_MARGIN = 0.95
COVERAGE = 0.8
Z80 = 1.2816
STEADYING_WINDOWS = 4.0
SHORT_HISTORY_SPREAD = 0.25


@dataclass(frozen=True)
class Plan:
    """Backtest origins as lengths of the history before each, and the days forecast at each."""

    origins: tuple[int, ...]
    window: int


@dataclass(frozen=True)
class Score:
    """How a model did over the origins. `wape` and `bias` are shares of the units really ordered."""

    wape: float
    weekly: float
    bias: float
    relative: tuple[float, ...]

    @property
    def rank(self) -> float:
        """Lower is better: error of the whole window, and half that of its single weeks."""
        return self.wape + 0.5 * self.weekly


def plan(days: int, horizon: int) -> Plan:
    """Up to ten origins close behind each other at the end, and the same season a year ago where there is one.

    The window is the horizon, at most a sixth of the history (28 days at least) and a third of a short one.
    """
    window = max(7, min(horizon, max(28, days // 6), days // 3))
    step = max(7, window // 3)
    least = max(LEAST_TRAINING, window)
    recent = [days - window - step * n for n in range(MOST_ORIGINS) if days - window - step * n >= least]
    if len(recent) < LEAST_ORIGINS:
        return Plan((), window)
    season = [days - YEAR_BACK, days - YEAR_BACK - 7] if horizon <= YEAR_BACK else []
    known = [origin for origin in season if origin >= YEAR_BACK - 14 and origin < recent[-1]]
    return Plan(tuple(recent + known), window)


def score(actual: list[Floats], predicted: list[Floats]) -> Score:
    """Errors of the sums over each origin's window."""
    truth = np.array([one.sum() for one in actual])
    said = np.array([one.sum() for one in predicted])
    whole = max(float(truth.sum()), 1e-9)
    weekly = sum(
        float(np.abs(np.add.reduceat(a - p, np.arange(0, len(a), 7))).sum())
        for a, p in zip(actual, predicted, strict=True)
    )
    errors = said - truth
    return Score(
        float(np.abs(errors).sum()) / whole,
        weekly / whole,
        float(errors.sum()) / whole,
        tuple(float(e) for e in np.abs(errors) / np.maximum(said, 1.0)),
    )


def choose(scores: dict[str, Score], combinations: tuple[str, ...]) -> str:
    """The best combination, unless a single model is at least five percent better."""
    best = min(scores, key=lambda name: scores[name].rank)
    steady = min((name for name in combinations if name in scores), key=lambda name: scores[name].rank, default=best)
    return best if scores[best].rank < COMBINATION_MARGIN * scores[steady].rank else steady


def half_width(units: float, relative: tuple[float, ...], independent: float, noise: float, event: float) -> float:
    """Half of the 80% interval of a sum of `units`.

    Conformal: the quantile of the backtest's relative errors (Vovk et al. 2005; with the finite-sample
    correction of Lei et al. 2018). The origins overlap, so only `independent` windows speak; it is
    steadied with `noise`, the standard deviation the model itself expects. `event` is the standard
    deviation of the uplift of events inside the horizon.
    """
    expected = Z80 * noise
    if relative:
        place = min(len(relative), int(np.ceil((len(relative) + 1) * COVERAGE)))
        conformal = sorted(relative)[place - 1] * max(units, 1.0)
        weight = independent / (independent + STEADYING_WINDOWS)
        expected = max(weight * conformal + (1 - weight) * expected, 0.8 * expected)
    return float(np.hypot(expected, Z80 * event))
