"""What is left of a variable after each series' slow level and the weeks common to all are taken out.

Partialling out as in Frisch & Waugh 1933, with a local linear smoother for the level (Robinson 1988,
Econometrica 56; Speckman 1988, JRSS B 50), and ridge effects for weeks shared by many series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS = 3
LEAST_TOGETHER = 5
WEEK_SD = 0.5


@dataclass(frozen=True)
class Partialling:
    """Takes out levels and weeks; `weight` is 0 where nothing was seen. Rows are series, sorted by group.

    `half_width` is how many weeks either side tell the level, `starts` where each group of series begins
    that shares weeks of its own besides those of all.
    """

    weight: Floats
    starts: Ints
    half_width: int
    _moments: tuple[Floats, Floats, Floats]

    @classmethod
    def over(cls, weight: Floats, starts: Ints, half_width: int) -> Partialling:
        """Prepare for these weights."""
        moments = tuple(_spread(weight, half_width, power) for power in (0, 1, 2))
        return cls(weight, starts, half_width, (moments[0], moments[1], moments[2]))

    def remainder(self, values: Floats) -> Floats:
        """Values without the level of their series and the effects of their weeks."""
        left = np.where(self.weight > 0, values, 0.0)
        for _ in range(ROUNDS):
            left = left - self._level(left)
            left = left - self._weeks(left)
        return left

    def used(self) -> Floats:
        """Per series the observations that its level uses up."""
        nought, one, two = self._moments
        own = self.weight * two / np.maximum(nought * two - one**2, 1e-12)
        return np.asarray(np.clip(own, 0.0, 1.0).sum(axis=1), dtype=np.float64)

    def _level(self, values: Floats) -> Floats:
        nought, one, two = self._moments
        weighted = self.weight * values
        first, second = _spread(weighted, self.half_width, 0), _spread(weighted, self.half_width, 1)
        ground = nought * two - one**2
        flat = first / np.maximum(nought, 1e-12)
        straight = (two * first - one * second) / np.maximum(ground, 1e-12)
        return np.where(ground > 0.05 * nought**2, straight, flat)

    def _weeks(self, values: Floats) -> Floats:
        live = self.weight > 0
        everywhere = self._effect(values, live, np.zeros(1, dtype=np.int64))
        found = np.repeat(everywhere, len(values), axis=0)
        if len(self.starts) > 1:
            sizes = np.diff(np.append(self.starts, len(values)))
            found = found + np.repeat(self._effect(values - found, live, self.starts), sizes, axis=0)
        return np.where(live, found, 0.0)

    def _effect(self, values: Floats, live: NDArray[np.bool_], starts: Ints) -> Floats:
        total = np.add.reduceat(self.weight, starts, axis=0)
        summed = np.add.reduceat(self.weight * values, starts, axis=0)
        together = np.add.reduceat(live.astype(np.int64), starts, axis=0)
        return np.where(together >= LEAST_TOGETHER, summed / (total + WEEK_SD**-2), 0.0)


def _spread(values: Floats, half_width: int, power: int) -> Floats:
    """Sums over the neighbours of each week, by a triangular kernel times their distance to a power."""
    from scipy.ndimage import correlate1d

    lag = np.arange(-half_width, half_width + 1)
    kernel = (1 - np.abs(lag) / (half_width + 1)) * lag.astype(np.float64) ** power
    return np.asarray(correlate1d(values, kernel, axis=1, mode="constant"), dtype=np.float64)
