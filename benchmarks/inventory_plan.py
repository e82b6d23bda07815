"""The weighing of `plan_replenishment` called on arrays, a period taken for its day: what it would order every period.

The tool's own forecast (season, events, prices) needs a shop's books; here a smoothed level stands in for it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.inventory_peers import Peer
from benchmarks.inventory_world import Case as Restocked

if TYPE_CHECKING:
    from tools.replenishment.plan_demand import Shelf

Floats = NDArray[np.float64]
SCENARIOS = 300
SMOOTHING = 0.15
TRUST_AFTER = 5  # arrivals at which the times seen weigh as much as the promise, as in the tool
LEAD_SPREAD = 0.15  # of the promise, where nothing is seen
BEYOND = 6
NOWHERE = "ZZ"  # a country without factory closures


class PlanRule(Peer):
    """Orders the quantity the tool finds worth most, with a period between orders."""

    def __init__(self, case: Restocked, observed: bool) -> None:
        super().__init__(case, observed)
        self.period = 0
        self.open: list[tuple[int, int]] = []

    def received(self, waited: int) -> None:
        """An order arrived, so many periods after it was placed."""
        super().received(waited)
        placed = self.period - 1 - waited
        self.open = [one for one in self.open if one[0] != placed]

    def decide(self, date: str, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        """Units to order now."""
        if last_demand is not None:
            self.seen.append(last_demand)
        units = self._best(on_hand)
        if units:
            self.open.append((self.period, units))
        self.period += 1
        return units

    def order(self, position: float) -> float:
        """Not asked: the weighing looks at each order under way, not at the position."""
        raise NotImplementedError

    def _best(self, on_hand: float) -> int:
        from tools.replenishment.plan_demand import futures
        from tools.replenishment.plan_lead_times import Spent
        from tools.replenishment.plan_offers import Offer, Tier
        from tools.replenishment.plan_options import Case, Way, weigh
        from tools.replenishment.simulate import World

        rng = np.random.default_rng([7, self.period])
        leads = self._leads(rng)
        ahead = int(leads.max()) + BEYOND
        shelf = self._shelf(ahead)
        rate = float(shelf.mean[0])
        if rate <= 0:
            return 0
        arrivals = np.zeros((SCENARIOS, ahead))
        rows = np.arange(SCENARIOS)
        for placed, units in self.open:
            age = self.period - placed
            due = np.maximum(self._leads(rng), age) - age
            arrivals[rows, np.minimum(due, ahead - 1)] += units
        demand = futures(str(self.period), "", shelf, SCENARIOS)
        offer = Offer(
            "", "", "", NOWHERE, "", "USD", 1, self.promised, 0.0, None, (Tier(1, Decimal(0)),), 0, 1.0, False, False
        )
        way = Way(offer, Spent(NOWHERE, date(2026, 1, 1), leads.astype(np.float64) + 1.0, 0.0), lambda quantity: 0.0)
        case = Case(World(on_hand, demand, arrivals), (way,), self.profit, self.holding, 1, rate, 1)
        best = weigh(case).best
        return 0 if best is None else best.quantity

    def _leads(self, rng: np.random.Generator) -> NDArray[np.int64]:
        promised = np.maximum(np.rint(self.promised * (1.0 + LEAD_SPREAD * rng.standard_normal(SCENARIOS))), 0)
        if not self.waits:
            return promised.astype(np.int64)
        trusted = rng.random(SCENARIOS) < len(self.waits) / (len(self.waits) + TRUST_AFTER)
        return np.where(trusted, rng.choice(self.waits, SCENARIOS), promised).astype(np.int64)

    def _shelf(self, ahead: int) -> Shelf:
        from tools.replenishment.plan_demand import Shelf

        seen = np.array(self.seen)
        level, levels = float(seen[:4].mean()), []
        for units in seen:
            levels.append(level)
            level += SMOOTHING * (units - level)
        usual = max(float(np.mean(levels)), 1e-9)
        cover = max(1, min(round(self.lead) + 1, len(seen) // 2))
        later = np.convolve(seen, np.ones(cover) / cover, mode="valid")
        wrong = (later - np.array(levels)[: len(later)]) / usual
        scatter = float(np.mean((seen - later.mean()) ** 2)) / usual
        whole = float(np.mean(wrong**2))
        spread = np.sqrt(max(whole - scatter / usual / cover, 0.05**2))
        return Shelf(np.full(ahead, level), 0.0, np.array([1.0]), float(min(spread, 1.0)), max(scatter, 1.0), 0.0)
