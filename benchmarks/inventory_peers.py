"""The usual ways to restock, fitted anew every period to all demand seen so far.

All know their inventory position (on hand and on order) and the critical ratio profit / (profit + holding). Where the
lead time is the observed one, they are told which order arrived, which is more than `OrderPolicy` is told.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from benchmarks.inventory_world import Case, Policy, Starter

Floats = NDArray[np.float64]


class Peer(ABC):
    """Keeps the books every usual policy needs."""

    def __init__(self, case: Case, observed: bool) -> None:
        self.seen = [float(units) for units in case.history]
        self.profit, self.holding = case.profit, case.holding
        self.promised, self.observed = case.promised, observed
        self.waits: list[int] = []
        self.on_order = 0.0

    def received(self, waited: int) -> None:
        """An order arrived, so many periods after it was placed."""
        self.waits.append(waited)

    @property
    def lead(self) -> float:
        """Lead time in periods: the promised one until there is something observed to use."""
        return float(np.mean(self.waits)) if self.observed and self.waits else float(self.promised)

    @property
    def lead_variance(self) -> float:
        """Observed variance of the lead time, 0 where the promise is believed."""
        return float(np.var(self.waits, ddof=1)) if self.observed and len(self.waits) > 1 else 0.0

    @property
    def ratio(self) -> float:
        """The critical ratio: the share of periods without a lost sale that is worth its stock."""
        return self.profit / (self.profit + self.holding)

    def normal(self) -> tuple[float, float]:
        """Mean and standard deviation of demand over the lead time and one period of review."""
        mean, sd = float(np.mean(self.seen)), float(np.std(self.seen, ddof=1))
        cover = self.lead + 1.0
        return mean * cover, math.sqrt(sd**2 * cover + mean**2 * self.lead_variance)

    def decide(self, date: str, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        """Units to order now."""
        if last_demand is not None:
            self.seen.append(last_demand)
        self.on_order -= last_arrivals
        units = max(0, round(self.order(on_hand + self.on_order)))
        self.on_order += units
        return units

    @abstractmethod
    def order(self, position: float) -> float:
        """Units to order at an inventory position."""


class BaseStock(Peer):
    """Order up to mean + z * sd of the demand over lead time and review, every period."""

    def order(self, position: float) -> float:
        """Up to the level."""
        mean, sd = self.normal()
        return mean + NormalDist().inv_cdf(self.ratio) * sd - position


class ReorderPoint(Peer):
    """(s,S): below s = mean + z * sd order up to S = s + a period's demand (ordering itself costs nothing)."""

    def order(self, position: float) -> float:
        """Up to S at or below s."""
        mean, sd = self.normal()
        point = mean + NormalDist().inv_cdf(self.ratio) * sd
        return point + float(np.mean(self.seen)) - position if position <= point else 0.0


class StockpylReorderPoint(Peer):
    """(s,S) of stockpyl's power approximation on the demand over lead time and review.

    It needs a cost of ordering: the one that makes a period's demand the economic order quantity.
    """

    def order(self, position: float) -> float:
        """As stockpyl's policy decides."""
        from stockpyl.policy import Policy as Stockpyl
        from stockpyl.ss import s_s_power_approximation

        mean, sd = self.normal()
        if mean <= 0 or sd <= 0:
            return mean - position
        point, level = s_s_power_approximation(
            self.holding, self.profit, self.holding * float(np.mean(self.seen)) / 2, mean, sd
        )
        rule = Stockpyl(type="sS", reorder_point=point, order_up_to_level=level)
        return float(rule.get_order_quantity(inventory_position=position))


class StockpylSeenDemand(Peer):
    """Base-stock of stockpyl's newsvendor on the sums of demand actually seen over lead time and review."""

    def order(self, position: float) -> float:
        """As stockpyl's policy decides."""
        from stockpyl.newsvendor import newsvendor_discrete
        from stockpyl.policy import Policy as Stockpyl

        cover = min(round(self.lead) + 1, len(self.seen) - 1)
        sums = np.convolve(self.seen, np.ones(cover), mode="valid").astype(int)
        values, counts = np.unique(sums, return_counts=True)
        chances = {int(value): float(count) / len(sums) for value, count in zip(values, counts, strict=True)}
        level, _ = newsvendor_discrete(self.holding, self.profit, demand_pmf=chances)
        rule = Stockpyl(type="BS", base_stock_level=level)
        return float(rule.get_order_quantity(inventory_position=position))


class StockpylReorderQuantity(Peer):
    """(r,Q) of stockpyl: Whitin's iteration on expected inventory, with lead time and review as its lead time."""

    def order(self, position: float) -> float:
        """As stockpyl's policy decides; below r as often as needed in one period."""
        from stockpyl.policy import Policy as Stockpyl
        from stockpyl.rq import r_q_eil_approximation

        mean, sd = float(np.mean(self.seen)), float(np.std(self.seen, ddof=1))
        if mean <= 0 or sd <= 0:
            return mean * (self.lead + 1) - position
        point, quantity, _ = r_q_eil_approximation(
            self.holding, self.profit, self.holding * mean / 2, mean, sd, self.lead + 1, tol=0.01 * mean
        )
        if not math.isfinite(point):
            return mean * (self.lead + 1) - position
        rule = Stockpyl(type="rQ", reorder_point=point, order_quantity=quantity)
        units = 0.0
        while more := float(rule.get_order_quantity(inventory_position=position + units)):
            units += more
        return units


def ours(case: Case) -> Policy:
    """The order policy of this repository."""
    from tools.replenishment import OrderPolicy

    known = case.labels[: len(case.history)]
    policy: Policy = OrderPolicy(list(zip(known, case.history, strict=True)), case.promised, case.profit, case.holding)
    return policy


def peer(kind: Callable[[Case, bool], Policy], observed: bool) -> Starter:
    """A usual policy with the promised or the observed lead time."""
    return lambda case: kind(case, observed)


def plan(case: Case) -> Policy:
    """What `plan_replenishment` would order, on a plain forecast."""
    from benchmarks.inventory_plan import PlanRule

    return PlanRule(case, True)


OURS = "ours (OrderPolicy)"
PLAN = "plan_replenishment, plain forecast"
POLICIES: dict[str, Starter] = {
    OURS: ours,
    PLAN: plan,
    "(s,S), normal formula": peer(ReorderPoint, False),
    "(s,S), normal, observed lead time": peer(ReorderPoint, True),
    "base-stock, normal formula": peer(BaseStock, False),
    "base-stock, normal, observed lead time": peer(BaseStock, True),
    "stockpyl (s,S), power approximation": peer(StockpylReorderPoint, False),
    "stockpyl newsvendor on demand seen": peer(StockpylSeenDemand, False),
    "stockpyl newsvendor, observed lead time": peer(StockpylSeenDemand, True),
    "stockpyl (r,Q), Whitin": peer(StockpylReorderQuantity, False),
}
