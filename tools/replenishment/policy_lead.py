"""Belief about the true lead time, learned from own orders and what arrived.

An arrival is matched to the sets of outstanding orders that add up to it exactly; every consistent matching is kept
as a weighted hypothesis. A lead time is a chain of chances: an order of age a arrives now or not. Each chance has a
Beta prior, so orders still under way count as what they are, survivors so far (discrete-time survival with a
beta-Stacy prior, Walker and Muliere 1997); whatever outlives the chain never arrives. Priors are a mixture: the
promise is kept to the period, another fixed lead time holds, or arrivals are scattered and some orders are lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.policy_segments import draw

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

SLACK = 4
LEAST_SPAN = 6
KEPT = 16
KEPT_PROMISE, OTHER_FIXED, SCATTERED = 0.75, 0.05, 0.2
FIRM, LOOSE = 6.0, 3.0
LEAK = 0.005
LOSS = 0.15


@dataclass
class Matching:
    """One reading of the past: which orders are outstanding, and how often each age brought an arrival or not."""

    outstanding: list[tuple[int, int]]
    hits: Floats
    misses: Floats
    log_weight: Floats = field(repr=False)


class LeadTimeBelief:
    """Weighted matchings times kinds of supplier. Ages and lead times are whole periods, from 0 to `span`."""

    def __init__(self, promised: int) -> None:
        self.span = max(promised + SLACK, LEAST_SPAN)
        ages = np.arange(self.span + 1)
        priors, weights = [], []
        others = np.exp(-0.5 * np.abs(ages - promised))
        others[promised] = 0.0
        others *= OTHER_FIXED / others.sum()
        for fixed in ages:
            spread = np.full(self.span + 2, LEAK / (self.span + 1))
            spread[fixed] = 1.0 - LEAK
            priors.append(FIRM * spread)
            weights.append(KEPT_PROMISE if fixed == promised else others[fixed])
        near = np.exp(-0.8 * np.abs(ages - promised))
        if promised:
            near[0] *= 0.2
        loose = np.append((1.0 - LOSS) * near / near.sum(), LOSS)
        priors.append(LOOSE * loose)
        weights.append(SCATTERED)
        table = np.array(priors)
        self._come = table[:, :-1]
        self._stay = np.cumsum(table[:, ::-1], axis=1)[:, ::-1][:, 1:]
        none = np.zeros(self.span + 1)
        self.matchings = [Matching([], none, none.copy(), np.log(np.array(weights)))]

    def observe(self, period: int, ordered: int, arrived: int) -> None:
        """One period has passed: `ordered` units were ordered in it (after `period` earlier ones), `arrived` came."""
        found: list[Matching] = []
        for held in self.matchings:
            open_orders = [one for one in held.outstanding if period - one[0] <= self.span]
            if ordered:
                open_orders = [*open_orders, (period, ordered)]
            for came in _subsets([units for _, units in open_orders], arrived):
                found.append(self._after(held, open_orders, came, period))
        if not found:
            found = [self._nearest(self.matchings[0], period, ordered, arrived)]
        best = sorted(found, key=lambda one: -float(np.logaddexp.reduce(one.log_weight)))[:KEPT]
        total = np.logaddexp.reduce([np.logaddexp.reduce(one.log_weight) for one in best])
        for one in best:
            one.log_weight = one.log_weight - total
        self.matchings = [one for one in best if np.logaddexp.reduce(one.log_weight) > -12.0]

    def _after(self, held: Matching, orders: list[tuple[int, int]], came: int, period: int) -> Matching:
        hits, misses, weight = held.hits.copy(), held.misses.copy(), held.log_weight
        left = []
        for place, order in enumerate(orders):
            age = period - order[0]
            come, stay = self._come[:, age] + hits[age], self._stay[:, age] + misses[age]
            if came >> place & 1:
                weight = weight + np.log(come / (come + stay))
                hits[age] += 1
            else:
                weight = weight + np.log(stay / (come + stay))
                misses[age] += 1
                left.append(order)
        return Matching(left, hits, misses, weight)

    def _nearest(self, held: Matching, period: int, ordered: int, arrived: int) -> Matching:
        orders = [*held.outstanding, (period, ordered)] if ordered else list(held.outstanding)
        while orders and arrived >= orders[0][1]:
            arrived -= orders.pop(0)[1]
        left = [one for one in orders if period - one[0] <= self.span]
        return Matching(left, held.hits, held.misses, held.log_weight)

    def chances(self, matching: Matching) -> Floats:
        """For each kind of supplier (row) and age (column): the chance that an order of that age arrives now."""
        come = self._come + matching.hits
        return np.asarray(come / (come + self._stay + matching.misses))

    def sample(self, period: int, count: int, horizon: int, rng: np.random.Generator) -> Leads:
        """`count` futures: when each outstanding order arrives, and the lead time of orders placed from now on."""
        weights = np.concatenate([np.exp(one.log_weight) for one in self.matchings])
        kinds = len(self._come)
        chosen = draw(weights, count, rng)
        table = np.concatenate([self.chances(one) for one in self.matchings])
        chance = table[chosen]
        never = 10_000
        uniform = rng.random((count, horizon, self.span + 1))
        comes = uniform < chance[:, None, :]
        leads = np.where(comes.any(axis=2), comes.argmax(axis=2), never)
        mean = (weights / weights.sum()) @ table
        credit = np.append(1.0 - np.cumprod((1.0 - mean)[::-1])[::-1], 0.0)
        width = max((len(one.outstanding) for one in self.matchings), default=0)
        units, due, age = np.zeros((count, width)), np.full((count, width), never), np.zeros((count, width), np.int64)
        for place, matching in enumerate(self.matchings):
            rows = np.flatnonzero(chosen // kinds == place)
            for column, (when, size) in enumerate(matching.outstanding):
                first = period - when
                units[rows, column], age[rows, column] = size, first
                if first <= self.span:
                    hit = rng.random((len(rows), self.span + 1 - first)) < chance[rows, first:]
                    due[rows, column] = np.where(hit.any(axis=1), hit.argmax(axis=1), never)
        lag = np.cumprod(np.insert(1.0 - mean[:-1], 0, 1.0)) * mean
        return Leads(leads, units, due, age, credit, float(lag @ np.arange(self.span + 1) / max(lag.sum(), 1e-9)))


@dataclass(frozen=True)
class Leads:
    """Sampled arrivals: `new` lead time of an order placed in each future period; `units`, `due` (periods from now)
    and `age` of each outstanding order; `credit` chance by age that an order still arrives; `usual` lead time."""

    new: Whole
    units: Floats
    due: Whole
    age: Whole
    credit: Floats
    usual: float


def _subsets(units: list[int], total: int) -> list[int]:
    """Bit masks of all sets of orders that add up to `total`."""
    if total == 0:
        return [0]
    sums = np.zeros(1, np.int64)
    for size in units:
        sums = np.concatenate([sums, sums + size])
    return [int(mask) for mask in np.flatnonzero(sums == total)]
