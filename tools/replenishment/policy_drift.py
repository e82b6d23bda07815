"""Belief about demand whose level wanders: local levels, plain, with a damped drift, or pulled back to a usual level.

A bank of dynamic linear models with unknown, slowly forgotten noise variance (West and Harrison 1997, Bayesian
Forecasting and Dynamic Models, ch. 4 and 10; the damped drift is Gardner and McKenzie 1985), one for each pace at
which the level may move; they are weighed by how well they predicted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.policy_scale import Scale
from tools.replenishment.policy_segments import draw, normals, student

Floats = NDArray[np.float64]

WANDER = ((0.01, 0.0), (0.05, 0.0), (0.15, 0.0), (0.4, 0.0), (1.0, 0.0), (3.0, 0.0))
DRIFT = ((0.05, 0.85), (0.4, 0.85))
REVERT = ((0.3, 0.6), (0.3, 0.85), (1.5, 0.6), (1.5, 0.85))
FORGETTING = 0.97
SLOW = 0.005


class DriftBelief:
    """Weighted local-level models on one scale."""

    def __init__(self, scale: Scale, spread: float, firmness: float = 1.5) -> None:
        self.scale = scale
        table = np.array(WANDER + DRIFT + REVERT)
        pace, damping = table.T
        count = len(table)
        drift = np.arange(count) < len(WANDER) + len(DRIFT)
        plain, back = np.arange(count) < len(WANDER), ~drift
        drift &= ~plain
        self.seen = np.zeros((count, 2))
        self.seen[:, 0] = 1.0
        self.seen[back, 1] = 1.0
        self.noise = np.zeros((count, 2, 2))
        self.noise[:, 0, 0] = np.where(back, SLOW, pace)
        self.noise[:, 1, 1] = np.where(back, pace, np.where(drift, 0.15 * pace, 0.0))
        self.turn = np.zeros((count, 2, 2))
        self.turn[:, 0, 0] = 1.0
        self.turn[:, 1, 1] = damping
        self.turn[drift, 0, 1] = damping[drift]
        self.mean = np.zeros((count, 2))
        self.cover = np.zeros((count, 2, 2))
        self.cover[:, 0, 0] = 0.5**2 / spread**2
        self.cover[drift, 1, 1] = 0.1
        self.cover[back, 1, 1] = pace[back] / (1.0 - damping[back] ** 2)
        self.shape = np.full(count, firmness)
        self.rate = self.shape * spread**2
        weight = np.where(plain, 1.0 / len(WANDER), np.where(drift, 0.5 / len(DRIFT), 0.5 / len(REVERT)))
        self.log_weight = np.log(weight / weight.sum())

    def observe(self, demand: float) -> float:
        """Learn one period's demand; gives the log predictive density it had."""
        value = self.scale.inward(demand)
        self.shape, self.rate = np.maximum(self.shape * FORGETTING, 1.0), self.rate * FORGETTING
        self.mean = np.einsum("nij,nj->ni", self.turn, self.mean)
        self.cover = self.turn @ self.cover @ self.turn.transpose(0, 2, 1) + self.noise
        reach = np.einsum("nij,nj->ni", self.cover, self.seen)
        spread = 1.0 + np.einsum("ni,ni->n", reach, self.seen)
        error = value - np.einsum("ni,ni->n", self.mean, self.seen)
        density = student(error, self.shape, self.rate / self.shape * spread)
        gain = reach / spread[:, None]
        self.cover = self.cover - gain[:, :, None] * reach[:, None, :]
        self.mean = self.mean + gain * error[:, None]
        self.shape = self.shape + 0.5
        self.rate = self.rate + 0.5 * error**2 / spread
        self.log_weight = self.log_weight + density
        total = float(np.logaddexp.reduce(self.log_weight))
        self.log_weight -= total
        return total + self.scale.log_slope(demand)

    def sample(self, count: int, horizon: int, rng: np.random.Generator) -> Floats:
        """`count` futures of `horizon` periods."""
        chosen = draw(np.exp(self.log_weight), count, rng)
        noise = np.sqrt(self.rate[chosen] / rng.gamma(self.shape[chosen]))
        cover = self.cover[chosen]
        first = np.sqrt(np.maximum(cover[:, 0, 0], 0.0))
        slant = np.where(first > 0, cover[:, 0, 1] / np.where(first > 0, first, 1.0), 0.0)
        second = np.sqrt(np.maximum(cover[:, 1, 1] - slant**2, 0.0))
        start = rng.normal(size=(count, 2))
        level = self.mean[chosen, 0] + noise * first * start[:, 0]
        drift = self.mean[chosen, 1] + noise * (slant * start[:, 0] + second * start[:, 1])
        push, damping, second_seen = self.turn[chosen, 0, 1], self.turn[chosen, 1, 1], self.seen[chosen, 1]
        level_step, drift_step = (np.sqrt(self.noise[chosen, i, i]) * noise for i in range(2))
        paths = np.empty((count, horizon))
        shocks = rng.normal(size=(2, count, horizon))
        odd = noise[:, None] * normals(count, horizon, rng)
        for step in range(horizon):
            level = level + push * drift + level_step * shocks[0, :, step]
            drift = damping * drift + drift_step * shocks[1, :, step]
            paths[:, step] = level + second_seen * drift + odd[:, step]
        return self.scale.outward(paths)
