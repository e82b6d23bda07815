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
ROUNDS = 4
LEAST_TOGETHER = 5
WEEK_SD = 0.5


@dataclass(frozen=True)
class Level:
    """A local linear level of each row: how many columns either side tell it is `half_width`."""

    weight: Floats
    half_width: int
    _moments: tuple[Floats, Floats, Floats]

    @classmethod
    def over(cls, weight: Floats, half_width: int) -> Level:
        """Prepare for these weights."""
        moments = tuple(_spread(weight, half_width, power) for power in (0, 1, 2))
        return cls(weight, half_width, (moments[0], moments[1], moments[2]))

    def of(self, values: Floats) -> Floats:
        """The level of values at every column."""
        nought, one, two = self._moments
        weighted = self.weight * values
        first, second = _spread(weighted, self.half_width, 0), _spread(weighted, self.half_width, 1)
        ground = nought * two - one**2
        flat = first / np.maximum(nought, 1e-12)
        straight = (two * first - one * second) / np.maximum(ground, 1e-12)
        return np.where(ground > 0.05 * nought**2, straight, flat)

    def used(self) -> Floats:
        """Per row the observations that the level uses up."""
        nought, one, two = self._moments
        own = self.weight * two / np.maximum(nought * two - one**2, 1e-12)
        return np.asarray(np.clip(own, 0.0, 1.0).sum(axis=1), dtype=np.float64)


@dataclass(frozen=True)
class Partialling:
    """Takes out levels and weeks; `weight` is 0 where nothing was seen. Rows are series, sorted by group.

    `starts` is where each group of series begins that shares weeks of its own besides those of all. A good's level over
    all its places moves freely (`together`), that of a place against its good hardly (`own`): the places whose price
    stood still tell what the season did where it changed (difference in differences).
    """

    weight: Floats
    starts: Ints
    own: Level
    together: Level | None
    good: Ints

    @classmethod
    def over(cls, weight: Floats, starts: Ints, half_width: int, good: Ints | None = None) -> Partialling:
        """Prepare for these weights; `half_width` is how many weeks either side tell a level, `good` which good a row is of.

        Without `good` every row has a level of its own that moves freely.
        """
        if good is None:
            return cls(weight, starts, Level.over(weight, half_width), None, np.zeros(0, dtype=np.int64))
        whole = Level.over(_by_good(good, weight), half_width)
        return cls(weight, starts, Level.over(weight, max(weight.shape[1], half_width)), whole, good)

    def remainder(self, values: Floats) -> Floats:
        """Values without the level of their series and the effects of their weeks."""
        left = np.where(self.weight > 0, values, 0.0)
        for _ in range(ROUNDS):
            left = left - self._weeks(left)
            left = left - self._levels(left)
        return left

    def used(self) -> Floats:
        """Per series the observations that its level uses up; of that of its good by its share in it."""
        if self.together is None:
            return self.own.used()
        share = (self.weight / np.maximum(self.together.weight[self.good], 1e-12)).sum(axis=1)
        weeks = np.maximum((self.together.weight > 0).sum(axis=1), 1)
        of_good: Floats = share * (self.together.used() / weeks)[self.good]
        return self.own.used() + of_good

    def _levels(self, values: Floats) -> Floats:
        if self.together is None:
            return self.own.of(values)
        mean = _by_good(self.good, self.weight * values) / np.maximum(self.together.weight, 1e-12)
        shared = np.where(self.weight > 0, self.together.of(mean)[self.good], 0.0)
        return shared + np.where(self.weight > 0, self.own.of(values - shared), 0.0)

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


def _by_good(good: Ints, values: Floats) -> Floats:
    order = np.argsort(good, kind="stable")
    summed: Floats = np.add.reduceat(values[order], np.flatnonzero(np.diff(good[order], prepend=-1)), axis=0)
    return summed


def _spread(values: Floats, half_width: int, power: int) -> Floats:
    """Sums over the neighbours of each week, by a triangular kernel times their distance to a power."""
    from scipy.ndimage import correlate1d

    lag = np.arange(-half_width, half_width + 1)
    kernel = (1 - np.abs(lag) / (half_width + 1)) * lag.astype(np.float64) ** power
    return np.asarray(correlate1d(values, kernel, axis=1, mode="constant"), dtype=np.float64)
