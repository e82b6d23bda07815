"""Belief about demand that repeats the shape of the year before: its peaks, and its slow wave, on a level that wanders.

The shape is last year's logarithmic demand: what stands out of its neighbours by more than noise, shrunk towards them
(the non-negative garrote of Breiman 1995, Better subset regression), and a share of the smooth rest about its mean.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tools.replenishment.policy_drift import DriftBelief
from tools.replenishment.policy_scale import Scale

Floats = NDArray[np.float64]

BESIDE = 4
NOISE = 2.0
KEPT = 0.85


class YearBelief:
    """A wandering level times the shape of the year before.

    `seen` is demand in units, at least one `year` (in periods) of it; of a first year the shape is its own. `wave` is
    the share of the slow wave that comes again.
    """

    def __init__(self, scale: Scale, spread: float, seen: list[float], year: int, wave: float) -> None:
        self.scale, self._year, self._wave = scale, year, wave
        self._seen = list(seen)
        self._level = DriftBelief(scale, spread)
        for demand, lift in zip(seen, self._shape(len(seen)), strict=True):
            self._level.observe(demand / np.exp(lift))

    def observe(self, demand: float) -> float:
        """Learn one period's demand; gives the log predictive density it had."""
        lift = float(self._shape(len(self._seen) + 1)[-1])
        self._seen.append(demand)
        return self._level.observe(demand / np.exp(lift)) - lift

    def sample(self, count: int, horizon: int, rng: np.random.Generator) -> Floats:
        """`count` futures of `horizon` periods."""
        lift = self._shape(len(self._seen) + horizon)[-horizon:]
        return self._level.sample(count, horizon, rng) * np.exp(lift)

    def _shape(self, periods: int) -> Floats:
        """Log of the lift of each of the first `periods`: in the first year its own, then that of the year before."""
        value = np.array([self.scale.inward(demand) for demand in self._seen])
        around = sliding_window_view(np.pad(value, BESIDE, mode="reflect"), 2 * BESIDE + 1)
        usual = np.median(around, axis=1)
        peak = value - usual
        noise = 1.4826 * float(np.median(np.abs(peak))) + 1e-6
        peak *= KEPT * np.clip(1.0 - (NOISE * noise / np.maximum(np.abs(peak), 1e-9)) ** 2, 0.0, None)
        smooth = sliding_window_view(np.pad(usual, BESIDE, mode="edge"), 2 * BESIDE + 1).mean(axis=1)
        lift = peak + self._wave * (smooth - smooth[: self._year].mean())
        place = np.arange(periods)
        back = np.where(place < self._year, place, place - self._year)
        return np.asarray(lift[np.minimum(back, len(lift) - 1)])
