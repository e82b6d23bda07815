"""Belief about demand: several families of models, weighted by how well they predicted so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.policy_drift import DriftBelief
from tools.replenishment.policy_scale import Scale
from tools.replenishment.policy_segments import SegmentBelief, SegmentPrior, draw

Floats = NDArray[np.float64]

FADING = 0.97


class DemandBelief:
    """Mixture of changing stretches (in units and in logarithms) and wandering levels.

    `dated` says that periods are calendar dates, so demand is likely that of a shop: uneven, moving in proportion.
    """

    def __init__(self, history: list[float], dated: bool) -> None:
        usual = max(float(np.mean(history)), 0.1)
        offset = 0.5 + 0.1 * usual
        plain, log = Scale(usual, False), Scale(usual, True, offset)
        steady = SegmentPrior()
        uneven = SegmentPrior(spread=0.4, level=0.5, slope=0.2, wave=0.2, hazard=0.02, share=(0.45, 0.15, 0.3, 0.1))
        self.members: list[SegmentBelief | DriftBelief] = [
            SegmentBelief(plain, steady),
            SegmentBelief(log, uneven),
            DriftBelief(log, 0.4 if dated else 0.25),
        ]
        self.log_weight = np.log(np.array((0.2, 0.2, 0.6) if dated else (0.9, 0.06, 0.04)))
        for demand in history:
            self.observe(demand)

    def observe(self, demand: float) -> None:
        """Learn one period's demand in units."""
        density = np.array([float(member.observe(demand)) for member in self.members])
        weight = FADING * self.log_weight + density
        self.log_weight = weight - np.logaddexp.reduce(weight)

    def sample(self, count: int, horizon: int, rng: np.random.Generator) -> Floats:
        """`count` possible futures of `horizon` periods, in units."""
        chosen = draw(np.exp(self.log_weight), count, rng)
        paths = np.empty((count, horizon))
        for place, member in enumerate(self.members):
            rows = chosen == place
            if rows.any():
                paths[rows] = member.sample(int(rows.sum()), horizon, rng)
        return paths
