"""When goods ordered today would be ready and on the shelf: the promise, the supplier's delays, closures, the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tools.replenishment.plan_closures import delayed
from tools.replenishment.plan_lead_times import Transit
from tools.suppliers.books import Offer
from tools.suppliers.delays import Delays, Spread

Floats = NDArray[np.float64]
GRACE_DAYS = 7  # a delivery within a week of its promise counts as kept where no deadline is set
LATE_TAIL = 1.2816  # stock that covers nine delays in ten


@dataclass(frozen=True)
class Timing:
    """Days from today until goods are ready and until they are in the warehouse, as a distribution.

    `own` is the number of the supplier's own deliveries behind it, `promised` the days it promises with the way.
    """

    ready: Floats
    travel: float
    weights: Floats
    spread: Spread
    own: int
    promised: float

    def chance(self, days: float, delivered: bool) -> float:
        """The chance to be ready (or delivered) within so many days from today."""
        when = self.ready + (self.travel if delivered else 0.0)
        return float(self.weights[when < days + 0.5].sum())

    @property
    def kept(self) -> float:
        """The chance to be delivered within a week of the promise (closures known)."""
        return float(self.spread.chance_within(float(GRACE_DAYS))[0])

    @property
    def mean_ready(self) -> float:
        """Mean days until ready."""
        return float(self.ready @ self.weights)

    @property
    def mean_days(self) -> float:
        """Mean days until in the warehouse."""
        return self.mean_ready + self.travel

    @property
    def buffer_days(self) -> float:
        """Days that stock must cover for nine deliveries in ten to be in time: mean delay and its scatter."""
        return max(self.spread.mean, 0.0) + LATE_TAIL * self.spread.sd


def timing(
    offer: Offer, country: str, warehouse: str, way: Transit | None, delays: Delays, today: date
) -> Timing:  # fmt: skip
    """Days of an order placed today. Delays of the making and of the way are learned together, from arrivals."""
    spread = delays.of(offer.supplier, warehouse)
    making = np.maximum(offer.lead_days + spread.values, 1.0)
    ready = delayed(country, today, making)
    travel = way.days if way is not None else 0.0
    return Timing(ready, travel, spread.weights, spread, delays.count(offer.supplier), offer.lead_days + travel)
