"""Belief about demand as stretches of one simple law each, with unknown changes between them.

Every hypothesis is a Bayesian linear regression (normal-inverse-gamma) of one kind - level, trend, season, first-order
autoregression - started at one period. A new observation weighs them all by their Student-t prediction, and with a
small chance a new stretch starts: the run-length recursion of Adams and MacKay (2007, Bayesian online changepoint
detection) with several models a stretch as in Fearnhead and Liu (2007, On-line inference for multiple changepoint
problems).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.policy_scale import Scale

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

PERIODS = (4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0, 30.0, 40.0, 52.0)
LEVEL, TREND, ECHO, SEASON = range(4)
KEPT = 160


@dataclass(frozen=True)
class SegmentPrior:
    """What is expected before any demand is seen, in shares of the usual demand (or its logarithm).

    `spread` noise of a period, `level` difference between stretches, `slope` change in ten periods, `wave` height of
    a season, `hazard` chance a period that a new stretch starts, `share` prior weights of level, trend, echo, season.
    """

    spread: float = 0.2
    firmness: float = 1.5
    level: float = 0.5
    slope: float = 0.2
    wave: float = 0.4
    echo: float = 0.5
    hazard: float = 0.02
    share: tuple[float, float, float, float] = (0.5, 0.15, 0.15, 0.2)


class SegmentBelief:
    """Weighted hypotheses (start of the stretch, law of the stretch) on one scale."""

    def __init__(self, scale: Scale, prior: SegmentPrior) -> None:
        self.scale, self.prior = scale, prior
        self.period = 0
        self.last = 0.0
        kinds = [LEVEL, TREND, ECHO] + [SEASON] * len(PERIODS)
        waves = [0.0, 0.0, 0.0, *PERIODS]
        self._kinds = np.array(kinds)
        self._waves = np.array(waves)
        share = np.array(prior.share)
        share[SEASON] /= len(PERIODS)
        self._birth = np.log(share[self._kinds])
        self.kind, self.wave = self._kinds.copy(), self._waves.copy()
        self.log_weight = self._birth - np.logaddexp.reduce(self._birth)
        noise = prior.spread**2
        self.start, self.centre, self.mean, self.cover, self.shape, self.rate = self._fresh(0, 0.0, noise)

    def _fresh(self, start: int, centre: float, noise: float) -> tuple[Whole, Floats, Floats, Floats, Floats, Floats]:
        count, prior = len(self._kinds), self.prior
        mean = np.zeros((count, 3))
        mean[:, 0] = centre
        mean[self._kinds == ECHO, 1] = prior.echo
        sizes = {
            LEVEL: (prior.level, 0.0, 0.0),
            TREND: (prior.level, prior.slope, 0.0),
            ECHO: (prior.level, 0.0, 0.0),
            SEASON: (prior.level, prior.wave, prior.wave),
        }
        cover = np.zeros((count, 3, 3))
        for kind, spread in sizes.items():
            cover[self._kinds == kind] = np.diag(np.square(spread)) / noise
        cover[self._kinds == ECHO, 1, 1] = 0.3**2 / noise
        shape = np.full(count, prior.firmness)
        return (
            np.full(count, start),
            np.full(count, centre),
            mean,
            cover,
            shape,
            shape * noise,
        )

    def _features(self, period: int) -> Floats:
        features = np.zeros((len(self.kind), 3))
        features[:, 0] = 1.0
        trend, echo, season = self.kind == TREND, self.kind == ECHO, self.kind == SEASON
        features[trend, 1] = (period - self.start[trend]) / 10.0
        features[echo, 1] = self.last - self.centre[echo]
        angle = 2 * np.pi * period / self.wave[season]
        features[season, 1], features[season, 2] = np.sin(angle), np.cos(angle)
        return features

    def observe(self, demand: float) -> float:
        """Learn one period's demand; gives the log predictive density it had."""
        value = self.scale.inward(demand)
        if self.period:
            self._start_stretches()
        features = self._features(self.period)
        reach = np.einsum("nij,nj->ni", self.cover, features)
        spread = 1.0 + np.einsum("ni,ni->n", features, reach)
        error = value - np.einsum("ni,ni->n", features, self.mean)
        density = student(error, self.shape, self.rate / self.shape * spread)
        gain = reach / spread[:, None]
        self.mean += gain * error[:, None]
        self.cover -= gain[:, :, None] * reach[:, None, :]
        self.shape += 0.5
        self.rate += 0.5 * error**2 / spread
        self.log_weight = self.log_weight + density
        total = float(np.logaddexp.reduce(self.log_weight))
        self.log_weight -= total
        self._prune()
        self.period += 1
        self.last = value
        return total + self.scale.log_slope(demand)

    def _start_stretches(self) -> None:
        weight = np.exp(self.log_weight)
        noise = float(weight @ (self.rate / np.maximum(self.shape - 0.5, 0.5)))
        centre = float(weight @ np.einsum("ni,ni->n", self._features(self.period), self.mean))
        fresh = self._fresh(self.period, centre, max(noise, 1e-6))
        self.kind, self.wave = np.append(self.kind, self._kinds), np.append(self.wave, self._waves)
        held = (self.start, self.centre, self.mean, self.cover, self.shape, self.rate)
        joined = [np.concatenate(pair) for pair in zip(held, fresh, strict=True)]
        self.start, self.centre, self.mean, self.cover, self.shape, self.rate = joined
        birth = self._birth - np.logaddexp.reduce(self._birth) + np.log(self.prior.hazard)
        self.log_weight = np.append(self.log_weight + np.log1p(-self.prior.hazard), birth)

    def _prune(self) -> None:
        if len(self.log_weight) <= KEPT:
            return
        best = np.argpartition(-self.log_weight, KEPT)[:KEPT]
        self.kind, self.wave = self.kind[best], self.wave[best]
        self.start, self.centre = self.start[best], self.centre[best]
        self.mean, self.cover = self.mean[best], self.cover[best]
        self.shape, self.rate = self.shape[best], self.rate[best]
        self.log_weight = self.log_weight[best] - np.logaddexp.reduce(self.log_weight[best])

    def sample(self, count: int, horizon: int, rng: np.random.Generator) -> Floats:
        """`count` futures of `horizon` periods, with the chance of further changes inside them."""
        chosen = draw(np.exp(self.log_weight), count, rng)
        kind, wave, start, centre = self.kind[chosen], self.wave[chosen], self.start[chosen], self.centre[chosen]
        noise = self.rate[chosen] / rng.gamma(self.shape[chosen])
        root = factor(self.cover[chosen])
        beta = self.mean[chosen] + np.sqrt(noise)[:, None] * np.einsum("nij,nj->ni", root, rng.normal(size=(count, 3)))
        echo = kind == ECHO
        beta[echo, 1] = np.clip(beta[echo, 1], -0.95, 0.95)
        shock = normals(count, horizon, rng) * np.sqrt(noise)[:, None]
        changed = np.cumsum(rng.random((count, horizon)) < self.prior.hazard, axis=1) > 0
        shock += changed * (rng.normal(size=count) * self.prior.level * 0.7)[:, None]
        ahead = self.period + np.arange(horizon)
        angle = 2 * np.pi * ahead[None, :] / np.where(wave > 0, wave, 1.0)[:, None]
        season = (kind == SEASON)[:, None]
        steady = beta[:, :1] + season * (beta[:, 1:2] * np.sin(angle) + beta[:, 2:3] * np.cos(angle))
        steady += (kind == TREND)[:, None] * beta[:, 1:2] * (ahead[None, :] - start[:, None]) / 10.0
        paths = steady + shock
        if echo.any():
            before = np.full(int(echo.sum()), self.last)
            for step in range(horizon):
                paths[echo, step] += beta[echo, 1] * (before - centre[echo])
                before = paths[echo, step]
        return self.scale.outward(paths)


def student(error: Floats, shape: Floats, spread: Floats) -> Floats:
    """Log density of a Student-t with 2*shape degrees of freedom and squared scale `spread`.

    The ratio of gamma functions is Stirling's series, right to 0.001 for shape >= 1.
    """
    ratio = 0.5 * np.log(shape) - 0.125 / shape + 1.0 / (192.0 * shape**3)
    bend = np.log1p(error**2 / (2.0 * shape * spread))
    return np.asarray(ratio - 0.5 * np.log(2.0 * np.pi * shape * spread) - (shape + 0.5) * bend)


def draw(weight: Floats, count: int, rng: np.random.Generator) -> Whole:
    """Systematic resampling: `count` positions, each as often as its weight says, in random order."""
    steps = np.cumsum(weight / weight.sum())
    chosen = np.searchsorted(steps, (rng.random() + np.arange(count)) / count)
    return np.asarray(rng.permutation(np.minimum(chosen, len(weight) - 1)))


def normals(count: int, columns: int, rng: np.random.Generator) -> Floats:
    """Normal numbers that fill each column evenly (Latin hypercube; McKay, Beckman and Conover 1979)."""
    return rng.permuted(np.repeat(_even(count)[:, None], columns, axis=1), axis=0)


@lru_cache(maxsize=1024)
def _even(count: int) -> Floats:
    law = NormalDist()
    return np.array([law.inv_cdf((place + 0.5) / count) for place in range(count)])


def factor(cover: Floats) -> Floats:
    """Lower triangular roots of many positive semi-definite matrices of three rows, zero rows allowed."""
    root = np.zeros_like(cover)
    for column in range(cover.shape[-1]):
        left = cover[:, column, column] - np.sum(root[:, column, :column] ** 2, axis=1)
        pivot = np.sqrt(np.maximum(left, 0.0))
        root[:, column, column] = pivot
        safe = np.where(pivot > 1e-12, pivot, np.inf)
        for row in range(column + 1, cover.shape[-1]):
            inner = np.sum(root[:, row, :column] * root[:, column, :column], axis=1)
            root[:, row, column] = (cover[:, row, column] - inner) / safe
    return root
