"""Belief about demand: several families of models, weighted by how well they predicted so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.policy_drift import DriftBelief
from tools.replenishment.policy_lumps import LumpBelief
from tools.replenishment.policy_scale import Scale
from tools.replenishment.policy_segments import SegmentBelief, SegmentPrior, draw
from tools.replenishment.policy_year import YearBelief

Floats = NDArray[np.float64]

FADING = 0.97
SHARED = 0.001
LUMPS_WEIGHT, LUMPS_HISTORY = 0.02, 26
WAVES = (0.0, 0.8)


class DemandBelief:
    """Mixture of changing stretches (in units and in logarithms) and wandering levels.

    `dated` says that periods are calendar dates, so demand is likely that of a shop: uneven, moving in proportion.
    With a history of 26 periods or more, demand may come in lumps like those seen. `year` is the number of periods in
    a year, None where the labels do not tell; once that many are seen, half of the weight goes to levels times the
    shape of the year before. No family is ever given up: each keeps a small share of its first weight (Herbster and
    Warmuth 1998, Tracking the best expert).
    """

    def __init__(self, history: list[float], dated: bool, year: int | None = None) -> None:
        usual = max(float(np.mean(history)), 0.1)
        offset = 0.5 + 0.1 * usual
        plain, self._log = Scale(usual, False), Scale(usual, True, offset)
        steady = SegmentPrior()
        uneven = SegmentPrior(spread=0.4, level=0.5, slope=0.2, wave=0.2, hazard=0.02, share=(0.45, 0.15, 0.3, 0.1))
        self._spread = 0.4 if dated else 0.25
        self.members: list[SegmentBelief | DriftBelief | LumpBelief | YearBelief] = [
            SegmentBelief(plain, steady),
            SegmentBelief(self._log, uneven),
            DriftBelief(self._log, self._spread),
        ]
        weight = [0.2, 0.2, 0.6] if dated else [0.9, 0.06, 0.04]
        if len(history) >= LUMPS_HISTORY:
            self.members.append(LumpBelief(self._log))
            weight.append(LUMPS_WEIGHT)
        self._prior = np.array(weight) / sum(weight)
        self.log_weight = np.log(self._prior)
        self._year = year
        self._seen: list[float] = []
        for demand in history:
            self.observe(demand)

    def observe(self, demand: float) -> None:
        """Learn one period's demand in units."""
        density = np.array([float(member.observe(demand)) for member in self.members])
        weight = FADING * self.log_weight + density
        share = np.exp(weight - np.logaddexp.reduce(weight))
        self.log_weight = np.log((1.0 - SHARED) * share + SHARED * self._prior)
        self._seen.append(demand)
        if self._year is not None and len(self._seen) == self._year:
            self._remember(self._year)

    def _remember(self, year: int) -> None:
        self.members += [YearBelief(self._log, self._spread, self._seen, year, wave) for wave in WAVES]
        shared = np.full(len(WAVES), 1.0 / len(WAVES))
        self._prior = 0.5 * np.concatenate([self._prior, shared])
        self.log_weight = np.log(0.5) + np.concatenate([self.log_weight, np.log(shared)])

    def sample(self, count: int, horizon: int, rng: np.random.Generator) -> Floats:
        """`count` possible futures of `horizon` periods, in units."""
        chosen = draw(np.exp(self.log_weight), count, rng)
        paths = np.empty((count, horizon))
        for place, member in enumerate(self.members):
            rows = chosen == place
            if rows.any():
                paths[rows] = member.sample(int(rows.sum()), horizon, rng)
        return paths
