"""Belief about demand that comes in lumps: a period is like some period seen before, whichever.

A Dirichlet process whose base is wide (Ferguson 1973), smoothed by a kernel as wide as its neighbours are far (Breiman,
Meisel and Purcell 1977, Variable kernel estimates of multivariate densities); the weights of the past are drawn anew for
each future (Rubin 1981, The Bayesian bootstrap). Rare large orders keep their size and their rarity, which no level with
noise gives them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.policy_scale import Scale

Floats = NDArray[np.float64]

BASE, BASE_SPREAD = 1.0, 1.5
NEIGHBOUR = 3
NARROW, WIDE = 0.1, 0.6
MEMORY = 0.99


class LumpBelief:
    """Demand drawn from what was seen, on one scale."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self._seen = np.empty(0)
        self._width = np.empty(0)

    def observe(self, demand: float) -> float:
        """Learn one period's demand; gives the log predictive density it had."""
        value = self.scale.inward(demand)
        centre, width, weight = self._kernels()
        bend = -0.5 * ((value - centre) / width) ** 2 - np.log(width)
        density = float(np.logaddexp.reduce(bend + np.log(weight / weight.sum()) - 0.5 * np.log(2 * np.pi)))
        self._seen = np.append(self._seen, value)
        apart = np.sort(np.abs(self._seen[:, None] - self._seen[None, :]), axis=1)
        self._width = np.clip(apart[:, min(NEIGHBOUR, len(self._seen) - 1)], NARROW, WIDE)
        return density + self.scale.log_slope(demand)

    def _kernels(self) -> tuple[Floats, Floats, Floats]:
        age = np.arange(len(self._seen))[::-1]
        return np.append(self._seen, 0.0), np.append(self._width, BASE_SPREAD), np.append(MEMORY**age, BASE)

    def sample(self, count: int, horizon: int, rng: np.random.Generator) -> Floats:
        """`count` futures of `horizon` periods."""
        centre, width, weight = self._kernels()
        share = np.cumsum(rng.gamma(weight, size=(count, len(weight))), axis=1)
        pick = rng.random((count, horizon)) * share[:, -1:]
        chosen = np.minimum((share[:, None, :] < pick[:, :, None]).sum(axis=2), len(weight) - 1)
        return self.scale.outward(centre[chosen] + width[chosen] * rng.normal(size=(count, horizon)))
