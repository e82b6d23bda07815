"""How much to order: sampled futures, one reading of all candidates on the same futures.

Two steps. First the best capped base-stock rule (Xin 2021, Understanding the performance of capped base-stock
policies in lost-sales inventory models) is searched on the sampled futures. Then every quantity for this period is
tried once with that rule afterwards, which improves on the rule (rollout, Bertsekas and Tsitsiklis 1997; common random
numbers). Sales not served are lost; stock left is charged each period; units are otherwise free to leave for later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.policy_lead import Leads

Floats = NDArray[np.float64]

TARGETS = (0.3, 0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.25, 1.45, 1.75, 2.2)
CAPS = (0.7, 1.0, 1.3, 1.8, 3.5)
STEPS = np.array([0.0, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0])


@dataclass(frozen=True)
class Stakes:
    """Profit of a unit sold and cost of a unit left at the end of a period, in the same currency."""

    profit: float
    holding: float


class Futures:
    """Sampled demand and arrivals ahead, on which order rules are played."""

    def __init__(self, on_hand: float, demand: Floats, leads: Leads, stakes: Stakes, horizon: int) -> None:
        self.on_hand, self.stakes, self.horizon = on_hand, stakes, horizon
        self.demand, self.leads = demand, leads
        count = len(demand)
        ahead = np.arange(horizon)
        self.arrivals = np.zeros((horizon, count))
        self.credited = np.zeros((horizon, count))
        last = len(leads.credit) - 1
        for column in range(leads.units.shape[1]):
            units, due, age = leads.units[:, column], leads.due[:, column], leads.age[:, column]
            self.arrivals += (ahead[:, None] == due) * units
            self.credited += (ahead[:, None] <= due) * units * leads.credit[np.minimum(age + ahead[:, None], last)]
        reach = leads.new[leads.new <= last]
        self.longest = int(reach.max()) if len(reach) else 0
        mean = demand.mean(axis=0)
        window = 1.0 + leads.usual
        whole = int(window)
        sums = np.concatenate([[0.0], np.cumsum(mean)])
        part = window - whole
        self.cover = sums[whole : whole + horizon] - sums[:horizon] + part * mean[whole : whole + horizon]
        self.rhythm = np.array([mean[min(h + int(leads.usual), len(mean) - 1)] for h in range(horizon)])

    def play(self, target: Floats, cap: Floats, first: Floats | None = None) -> tuple[Floats, Floats]:
        """Mean reward of each rule (row) and its order now, a mean over futures; `first` replaces that order."""
        shape = (len(target), len(self.demand))
        stock = np.full(shape, float(self.on_hand))
        coming = np.broadcast_to(self.arrivals[:, None, :], (self.horizon, *shape)).copy()
        credit = np.broadcast_to(self.credited[:, None, :], (self.horizon, *shape)).copy()
        reward = np.zeros(shape)
        now = np.zeros(len(target))
        for step in range(self.horizon):
            if step == 0 and first is not None:
                order = np.broadcast_to(first[:, None], shape)
            else:
                wanted = (target * self.cover[step])[:, None] - stock - credit[step]
                order = np.clip(wanted, 0.0, (cap * self.rhythm[step])[:, None])
            if step == 0:
                now = order.mean(axis=1)
            lead = self.leads.new[:, step]
            for lag in range(min(self.longest + 1, self.horizon - step)):
                arrives = lead == lag
                if arrives.any():
                    coming[step + lag] += order * arrives
                if lag and self.leads.credit[lag] > 0:
                    credit[step + lag] += order * ((lead >= lag) * self.leads.credit[lag])
            stock += coming[step]
            sold = np.minimum(stock, self.demand[:, step])
            stock -= sold
            reward += self.stakes.profit * sold - self.stakes.holding * stock
        return reward.mean(axis=1), now


def best_order(futures: Futures) -> float:
    """The quantity to order now, in units (not rounded)."""
    target, cap = (grid.ravel() for grid in np.meshgrid(np.array(TARGETS), np.array(CAPS)))
    reward, now = futures.play(target, cap)
    best = int(np.argmax(reward))
    around = max(now[best], 0.3 * futures.rhythm[0])
    first = np.unique(around * STEPS)
    many = np.ones(len(first))
    value, _ = futures.play(target[best] * many, cap[best] * many, first)
    top = int(np.argmax(value))
    return peak(first, value, top)


def peak(places: Floats, values: Floats, top: int) -> float:
    """Highest point of the parabola through the best place and its neighbours."""
    if top in (0, len(places) - 1):
        return float(places[top])
    left, mid, right = places[top - 1 : top + 2]
    rise, fall = (values[top] - values[top - 1]) / (mid - left), (values[top + 1] - values[top]) / (right - mid)
    bend = (fall - rise) / (right - left)
    if bend >= -1e-15:
        return float(mid)
    found = (left + mid) / 2 - rise / (2 * bend)
    return float(np.clip(found, left, right))
