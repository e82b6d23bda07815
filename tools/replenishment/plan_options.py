"""What an order is worth: every sensible quantity of every usable offer, run through the same futures.

A newsvendor by simulation. An order counts from its arrival until the next one could be there (a lead time and an
order interval later): sales it saves, days its units lie on the shelf, units that expire. What is left then keeps its
replacement cost less the days until it is sold; what a year of demand would not clear keeps nothing.
After Porteus, Foundations of Stochastic Inventory Theory (2002), ch. 1 and 4, without its normal demand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.plan_lead_times import Spent
from tools.replenishment.plan_offers import Offer
from tools.replenishment.simulate import Outcome, World, simulate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEEDS = (0.05, 0.2, 0.35, 0.5, 0.6, 0.7, 0.78, 0.85, 0.9, 0.94, 0.97, 0.99)
FINER, ROUNDS, FINE_ENOUGH = 5, 3, 0.04
DEAD_AFTER_DAYS = 365
BAND = 0.05
TAILS = (0.1, 0.9)
LEAST_RETURN = 0.05  # of its cost that an order must bring beyond capital and storage, which holding cost holds


@dataclass(frozen=True)
class Way:
    """One offer brought to one warehouse: times, and the landed cost of a unit at a quantity (base currency).

    `mode` is the way of freight where it is not the usual one.
    """

    offer: Offer
    spent: Spent
    unit_cost: Callable[[int], float]
    mode: str | None = None


@dataclass(frozen=True)
class Case:
    """One SKU in one warehouse that could be ordered for.

    `earned` is what a sold unit leaves before its own landed cost, `holding` what a unit on the shelf costs a day,
    both in base currency; `interval` the days between orders; `rate` units a day after the simulated days; `life` days
    the goods can be sold after arrival.
    """

    world: World
    ways: tuple[Way, ...]
    earned: float
    holding: float
    interval: int
    rate: float
    pack: int
    life: int | None = None


@dataclass(frozen=True)
class Option:
    """One quantity from one offer. Amounts in base currency, means over the futures, beyond ordering nothing.

    `service` is the share of futures without a lost sale from its arrival to the next order's; `regret_low` and
    `regret_high` what is lost against the best quantity if demand comes at its 10th or 90th percentile.
    """

    way: Way
    quantity: int
    unit_cost: float
    profit: float
    service: float
    saved: float
    expired: float
    regret_low: float = 0.0
    regret_high: float = 0.0

    @property
    def cost(self) -> float:
        """Landed cost of the order."""
        return self.unit_cost * self.quantity

    @property
    def worth(self) -> float:
        """Expected profit less what the money itself must bring, by which options are chosen."""
        return self.profit - LEAST_RETURN * self.cost


@dataclass(frozen=True)
class Weighed:
    """All options of a case placed on one day, cheapest quantity first, and what happens without an order.

    `lost_before` are units lost on average before the order could be there, `asked_before` those asked for,
    `short_before` the share of futures in which any are lost by then.
    """

    options: tuple[Option, ...]
    lost_before: float
    asked_before: float
    short_before: float

    @property
    def best(self) -> Option | None:
        """The option worth most; None where none is worth its money."""
        found = max(self.options, key=lambda one: (one.worth, -one.quantity), default=None)
        return found if found is not None and found.worth > 0 else None

    def for_service(self, level: float) -> Option | None:
        """The smallest quantity of the best offer that reaches a service level, its largest where none does."""
        best = self.best
        if best is None:
            return None
        same = [one for one in self.options if one.way is best.way]
        return next((one for one in same if one.service >= level), same[-1])


def weigh(case: Case, placed: int = 0) -> Weighed:
    """Weigh every option of an order placed so many days from today."""
    arrive = [way.spent.shelf_day(placed) for way in case.ways]
    following = np.max([way.spent.shelf_day(placed + case.interval) for way in case.ways], axis=0)
    until = np.minimum(np.maximum(following, np.max(arrive, axis=0) + 1), case.world.days)
    worth = _replacement(case)
    first = min(range(len(case.ways)), key=lambda at: case.ways[at].spent.mean_days)
    nothing = simulate(case.world, np.zeros(1), arrive[first], until)
    base = _value(case, nothing, worth)
    asked = np.cumsum(case.world.demand, axis=1)
    total = _until(asked, until)
    found: list[tuple[Option, Floats]] = []
    for way, there in zip(case.ways, arrive, strict=True):
        found += _of_way(case, way, there, until, worth, base, float(nothing.lost.mean()))
    regrets = _regrets([gain for _, gain in found], total)
    options = [
        Option(
            one.way, one.quantity, one.unit_cost, one.profit, one.service, one.saved, one.expired, low, high,
        )
        for (one, _), (low, high) in zip(found, regrets, strict=True)
    ]  # fmt: skip
    return Weighed(
        tuple(sorted(options, key=lambda one: (one.quantity, one.cost))),
        float((nothing.lost - nothing.short_after).mean()), float(_until(asked, arrive[first]).mean()),
        float(((nothing.lost - nothing.short_after) > 0).mean()),
    )  # fmt: skip


def cannot_wait(case: Case, way: Way, wait: int) -> bool:
    """Whether ordering from a way today is worth more than ordering so many days later, over the same days.

    Stock that runs out before even today's order could come is no reason: waiting would not change it.
    """
    soon, later = way.spent.shelf_day(0), way.spent.shelf_day(wait)
    until = np.minimum(np.maximum(way.spent.shelf_day(wait + case.interval), later + 1), case.world.days)
    worth = _replacement(case)
    nothing = simulate(case.world, np.zeros(1), soon, until)
    base = _value(case, nothing, worth)
    now, then = (
        max(one.worth for one, _ in _of_way(case, way, arrive, until, worth, base, 0.0, 1)) for arrive in (soon, later)
    )
    return now > 0 and now > then


def _replacement(case: Case) -> float:
    """What a unit left over is worth: its landed cost in an order of usual size, at most what it earns."""
    typical = max(math.ceil(case.rate * case.interval), 1)
    costs = [way.unit_cost(max(typical, way.offer.least)) / way.offer.good_share for way in case.ways]
    return min(*costs, case.earned)


def _until(cumulative: Floats, days: Ints) -> Floats:
    """The cumulative value after so many days, per scenario."""
    days = np.minimum(days, cumulative.shape[1])
    rows = np.arange(len(days))
    return np.where(days > 0, cumulative[rows, np.maximum(days - 1, 0)], 0.0)


def _of_way(
    case: Case, way: Way, arrive: Ints, until: Ints, worth: float, base: Floats, lost: float, rounds: int = ROUNDS
) -> list[tuple[Option, Floats]]:  # fmt: skip
    without = simulate(case.world, np.zeros(1), arrive, until)
    tried = _tried(case, way, without.short_after[0] / way.offer.good_share)
    found = _weighed(case, way, tried, arrive, until, worth, base, lost)
    for _ in range(rounds):
        known = sorted(found, key=lambda one: one[0].quantity)
        best = max(range(len(known)), key=lambda at: known[at][0].worth)
        finer = _between([one.quantity for one, _ in known], best, case.pack)
        if not finer:
            break
        found += _weighed(case, way, finer, arrive, until, worth, base, lost)
    return found


def _tried(case: Case, way: Way, need: Floats) -> list[int]:
    least, most = _packed(way.offer.least, case.pack), way.offer.capacity or 10_000_000
    steps = [_packed(float(units), case.pack) for units in np.quantile(need, NEEDS)]
    steps += [_packed(tier.least, case.pack) for tier in way.offer.tiers]
    return sorted({least, *(step for step in steps if least < step <= most)})


def _packed(units: float, pack: int) -> int:
    return max(math.ceil(units / pack), 1) * pack


def _between(tried: list[int], best: int, pack: int) -> list[int]:
    low, high = tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)]
    if high - low <= FINE_ENOUGH * tried[best]:
        return []
    steps = np.unique(np.round(np.linspace(low, high, FINER + 2) / pack).astype(int)) * pack
    return [int(step) for step in steps if step not in tried and low < step < high]


def _weighed(
    case: Case, way: Way, quantities: list[int], arrive: Ints, until: Ints, worth: float, base: Floats, lost: float
) -> list[tuple[Option, Floats]]:  # fmt: skip
    good = np.array(quantities, dtype=np.float64) * way.offer.good_share
    seen = simulate(case.world, good, arrive, until, case.life)
    costs = np.array([way.unit_cost(quantity) for quantity in quantities])
    gain = _value(case, seen, worth) - base - (costs * np.array(quantities))[:, None]
    return [
        (
            Option(
                way, quantity, float(costs[at]), float(gain[at].mean()), float((seen.short_after[at] <= 0).mean()),
                lost - float(seen.lost[at].mean()), float(seen.expired[at].mean()),
            ),
            gain[at],
        )
        for at, quantity in enumerate(quantities)
    ]  # fmt: skip


def _value(case: Case, seen: Outcome, worth: float) -> Floats:
    """Base currency by quantity and scenario, what was paid for goods left out."""
    rate = max(case.rate, 1e-6)
    life = DEAD_AFTER_DAYS if case.life is None else min(case.life, DEAD_AFTER_DAYS)
    kept = np.minimum(seen.left, rate * life)
    later = case.holding * (kept**2 / (2 * rate) + (seen.left - kept) * life)
    return case.earned * seen.sold - case.holding * seen.held + worth * kept - later


def _regrets(gains: list[Floats], total: Floats) -> list[tuple[float, float]]:
    """Per option what it falls short of the best, nothing included, in futures of low and of high demand."""
    if not gains:
        return []
    order = np.argsort(total, kind="stable")
    out = []
    for tail in TAILS:
        first = int((tail - BAND) * len(order))
        band = order[first : max(int((tail + BAND) * len(order)), first + 1)]
        means = [float(gain[band].mean()) for gain in gains]
        best = max(0.0, *means)
        out.append([best - mean for mean in means])
    return list(zip(*out, strict=True))
