"""How late suppliers come: delays of past deliveries, each supplier's own as far as it has many, else those of all.

The distribution of a supplier at a place leans on the supplier's own, and that on the distribution of all suppliers
(partial pooling: Gelman and Hill 2007, chapter 12; the weight of n deliveries is n / (n + k), as in Bühlmann's
credibility, 1967). Recent deliveries count more: their weight halves every `half_life` days, for a supplier that was
good may have gone bad. Which half-life and k hold is tried on the shop's own latest deliveries where there are enough.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
K = TypeVar("K")
HALF_LIVES = (180.0, 365.0, 730.0)
LEANINGS = (4.0, 10.0, 25.0)
USUAL = (365.0, 10.0)
WORTH_CHANGING = 0.97  # of the score of the usual setting
ENOUGH_TO_TRY = 150
TRIED_SHARE = 0.25
PRIOR_DELIVERIES = 4.0
PRIOR_MEAN, PRIOR_SD = 2.0, 6.0  # days, where a shop has seen few deliveries of anybody
HALF_DAY = 0.5  # delays are whole days


@dataclass(frozen=True)
class Seen:
    """A delivery: whose, to where, how many days after its promise (negative: early), and when it was known.

    `open` marks one that has not come: it is at least that late. `weight` is less than 1 where several orders are one
    case, since what holds up one holds up the others.
    """

    supplier: str
    place: str
    delay: float
    known: date
    open: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Spread:
    """A distribution of delays in days: values with weights that add up to 1.

    `own` is the number of deliveries of the supplier itself that stand behind it, by weight of their age.
    """

    values: Floats
    weights: Floats
    own: float

    def chance_within(self, days: float | Floats) -> Floats:
        """The chance that the delay is at most so many days."""
        limit = np.atleast_1d(np.asarray(days, dtype=np.float64))
        within = self.values[None, :] < limit[:, None] + HALF_DAY
        return np.asarray((within * self.weights[None, :]).sum(axis=1), dtype=np.float64)

    @property
    def mean(self) -> float:
        """Mean delay in days."""
        return float(self.values @ self.weights)

    @property
    def sd(self) -> float:
        """Standard deviation in days."""
        return math.sqrt(float(self.weights @ (self.values - self.mean) ** 2))


@dataclass
class Delays:
    """Delays of all deliveries known on a day. Built by `learn`."""

    today: date
    half_life: float
    leaning: float
    _values: Floats
    _weights: Floats
    _supplier: dict[str, NDArray[np.int64]]
    _both: dict[tuple[str, str], NDArray[np.int64]]
    _all: Spread
    _kept: dict[tuple[str, str], Spread] = field(default_factory=dict)

    @property
    def deliveries(self) -> int:
        """How many deliveries it learned from."""
        return len(self._values)

    def count(self, supplier: str) -> int:
        """How many of a supplier's deliveries it learned from."""
        return len(self._supplier.get(supplier, ()))

    def of(self, supplier: str, place: str) -> Spread:
        """The delays to expect from a supplier at a place."""
        known = self._kept.get((supplier, place))
        if known is None:
            known = self._lean(self._all, self._supplier.get(supplier), 0.0)
            own = known.own
            known = self._lean(known, self._both.get((supplier, place)), own)
            self._kept[supplier, place] = known
        return known

    def _lean(self, parent: Spread, own: NDArray[np.int64] | None, seen: float) -> Spread:
        if own is None or not len(own):
            return Spread(parent.values, parent.weights, seen)
        weights = self._weights[own]
        trust = float(weights.sum()) / (float(weights.sum()) + self.leaning)
        values = np.concatenate([self._values[own], parent.values])
        mixed = np.concatenate([weights / weights.sum() * trust, parent.weights * (1 - trust)])
        return Spread(values, mixed, max(seen, float(weights.sum())))


def learn(seen: Sequence[Seen], today: date) -> Delays:
    """Delays as far as they were known on `today`; half-life and leaning are tried where there are enough of them."""
    known = [one for one in seen if one.known <= today]
    half_life, leaning = _tried(known) if len(known) >= ENOUGH_TO_TRY else USUAL
    return fitted(known, today, half_life, leaning)


def fitted(known: Sequence[Seen], today: date, half_life: float, leaning: float) -> Delays:
    """Delays at a half-life and leaning (both in the units of `HALF_LIVES` and `LEANINGS`)."""
    values = np.array([one.delay for one in known], dtype=np.float64)
    ages = np.array([(today - one.known).days for one in known], dtype=np.float64)
    weights = 0.5 ** (ages / half_life) * np.array([one.weight for one in known], dtype=np.float64)
    by_supplier = _rows((one.supplier, at) for at, one in enumerate(known))
    by_both = _rows(((one.supplier, one.place), at) for at, one in enumerate(known))
    return Delays(
        today, half_life, leaning, values, weights, by_supplier, by_both, _of_all(values, weights, by_supplier)
    )


def _rows(keys: Iterable[tuple[K, int]]) -> dict[K, NDArray[np.int64]]:
    found: dict[K, list[int]] = {}
    for key, at in keys:
        found.setdefault(key, []).append(at)
    return {key: np.array(rows, dtype=np.int64) for key, rows in found.items()}


def _of_all(values: Floats, weights: Floats, by_supplier: dict[str, NDArray[np.int64]]) -> Spread:
    """All suppliers together, each by the square root of its deliveries so that none speaks for all, with a prior."""
    from scipy.special import ndtri

    middle = PRIOR_MEAN + PRIOR_SD * ndtri((np.arange(9) + 0.5) / 9)
    shares = np.zeros(len(values))
    for rows in by_supplier.values():
        total = float(weights[rows].sum())
        shares[rows] = weights[rows] / np.sqrt(max(total, 1e-9))
    whole = float(shares.sum())
    trust = whole / (whole + PRIOR_DELIVERIES)
    every = np.concatenate([values, middle])
    mixed = np.concatenate([shares / max(whole, 1e-9) * trust, np.full(9, (1 - trust) / 9)])
    return Spread(every, mixed, 0.0)


def _tried(known: Sequence[Seen]) -> tuple[float, float]:
    """The half-life and leaning under which the latest quarter of deliveries was least surprising.

    Judged by the Brier score of being late at all and of being a week late, learned from what was known before; the
    usual setting stays unless another is clearly better.
    """
    ordered = sorted(known, key=lambda one: one.known)
    cut = ordered[int(len(ordered) * (1 - TRIED_SHARE))].known
    before = [one for one in ordered if one.known < cut]
    after = [one for one in ordered if one.known >= cut and not one.open]
    if len(before) < ENOUGH_TO_TRY // 2 or not after:
        return USUAL
    limits = np.array([0.0, 7.0])
    came = np.array([[one.delay <= limit for limit in limits] for one in after], dtype=np.float64)
    pairs = {(one.supplier, one.place) for one in after}
    scores = {}
    for setting in itertools.product(HALF_LIVES, LEANINGS):
        model = fitted(before, cut, *setting)
        told = {pair: model.of(*pair).chance_within(limits) for pair in pairs}
        scores[setting] = float(np.mean((np.array([told[one.supplier, one.place] for one in after]) - came) ** 2))
    best = min(scores, key=lambda setting: scores[setting])
    return best if scores[best] < WORTH_CHANGING * scores[USUAL] else USUAL
