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

TARGETS = (0.3, 0.5, 0.65, 0.8, 0.9, 1.0, 1.12, 1.3, 1.6, 2.1, 2.8, 3.8, 5.5, 8.0)
CAPS = (0.7, 1.0, 1.4, 3.0, 10.0)
SEARCHED = 96
FAINT = 0.02
REMEMBERED = 3
SLOWEST = 0.3
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
        self.learned = self._learned(whole)

    def _learned(self, window: int) -> Floats:
        """What demand seen on a future's way would say about the rest of it, as a factor on the rule (step x future).

        Regression of the demand to cover on the mean of the last periods before, over all futures.
        """
        factor = np.ones((self.horizon, len(self.demand)))
        for step in range(1, self.horizon):
            past = self.demand[:, max(0, step - REMEMBERED) : step].mean(axis=1)
            later = self.demand[:, step : step + window].sum(axis=1)
            past = past - past.mean()
            slope = past @ (later - later.mean()) / max(float(past @ past), 1e-9)
            factor[step] += np.clip(slope, 0.0, None) * past / max(float(later.mean()), 1e-9)
        return np.asarray(np.clip(factor, 0.3, 3.0))

    def play(self, target: Floats, cap: Floats, first: Floats | None = None, futures: int | None = None) -> Played:
        """Mean reward of each rule (row) and its order now over the sampled futures; `first` replaces that order."""
        count = len(self.demand) if futures is None else futures
        shape = (len(target), count)
        stock = np.full(shape, float(self.on_hand))
        reward, coming, credit = np.zeros(shape), np.zeros((self.horizon, *shape)), np.zeros((self.horizon, *shape))
        now = np.zeros(len(target))
        for step in range(self.horizon):
            if step == 0 and first is not None:
                order = np.broadcast_to(first[:, None], shape)
            else:
                learned = self.learned[step, :count]
                order = (target * self.cover[step])[:, None] * learned - self.credited[step, :count]
                order -= credit[step]
                order -= stock
                np.clip(order, 0.0, (cap * self.rhythm[step])[:, None] * learned, out=order)
            if step == 0:
                now = order.mean(axis=1)
            lead = self.leads.new[:count, step]
            for lag in range(min(self.longest + 1, self.horizon - step)):
                arrives = lead == lag
                if arrives.all():
                    coming[step + lag] += order
                elif arrives.any():
                    coming[step + lag] += order * arrives
                if lag and self.leads.credit[lag] > FAINT:
                    credit[step + lag] += order * ((lead >= lag) * self.leads.credit[lag])
            stock += self.arrivals[step, :count]
            stock += coming[step]
            sold = np.minimum(stock, self.demand[:count, step])
            stock -= sold
            sold *= self.stakes.profit
            reward += sold
            reward -= self.stakes.holding * stock
        reward -= self._later(stock)
        return Played(reward.mean(axis=1), now)

    def _later(self, stock: Floats) -> Floats:
        """Holding after the horizon of what is more than a period's demand, until it is sold."""
        pace = self.demand[: stock.shape[1]].mean(axis=1)
        pace = np.maximum(pace, SLOWEST * np.median(pace) + 1e-9)
        return np.asarray(self.stakes.holding * np.maximum(stock - pace, 0.0) ** 2 / (2.0 * pace))


@dataclass(frozen=True)
class Played:
    """Of each rule: mean reward and mean order now."""

    reward: Floats
    now: Floats


def best_order(futures: Futures) -> float:
    """The quantity to order now, in units (not rounded)."""
    target, cap = (grid.ravel() for grid in np.meshgrid(np.array(TARGETS), np.array(CAPS)))
    search = futures.play(target, cap, futures=min(SEARCHED, len(futures.demand)))
    best = int(np.argmax(search.reward))
    around = max(search.now[best], 0.3 * futures.rhythm[0])
    first = np.unique(around * STEPS)
    many = np.ones(len(first))
    value = futures.play(target[best] * many, cap[best] * many, first).reward
    return peak(first, value, int(np.argmax(value)))


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
