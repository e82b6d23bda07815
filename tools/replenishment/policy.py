"""The order policy that stands alone: what to order each period from what has been seen, nothing else.

Demand is forecast by Bayesian model averaging over changing stretches and wandering levels (policy_demand), the true
lead time is learned by matching arrivals to own orders (policy_lead), and the quantity is the best one on sampled
futures with lost sales (policy_orders); the sources of the methods are named there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date as Date

import numpy as np

from tools.replenishment.policy_demand import DemandBelief
from tools.replenishment.policy_lead import LeadTimeBelief
from tools.replenishment.policy_orders import Futures, Stakes, best_order

Label = Date | str
LEAST_HISTORY, MOST_HISTORY = 5, 100
SAMPLES = 192
AFTER = 6
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class OrderPolicy:
    """Orders for one product with lost sales; called once a period.

    `history`: (date, demand) of 5 to 100 past periods, oldest first; a date is a `datetime.date`, an ISO text or any
    label. `promised_lead_time` in whole periods. `unit_profit` of a unit sold and `holding_cost` of a unit left at
    the end of a period, in one currency. Raises ValueError, one sentence, where these make no sense.
    """

    def __init__(
        self,
        history: Sequence[tuple[Label, float]],
        promised_lead_time: int,
        unit_profit: float,
        holding_cost: float,
    ) -> None:
        demand = _demand_of(history)
        if isinstance(promised_lead_time, bool) or not 0 <= promised_lead_time <= 52 or promised_lead_time % 1:
            raise ValueError(
                f"promised_lead_time must be a whole number of periods from 0 to 52, not {promised_lead_time!r}."
            )
        for name, money in (("unit_profit", unit_profit), ("holding_cost", holding_cost)):
            if not math.isfinite(money) or money < 0:
                raise ValueError(f"{name} must be a number of at least 0, not {money!r}.")
        self._stakes = Stakes(float(unit_profit), float(holding_cost))
        self._belief = DemandBelief(demand, all(_is_calendar(label) for label, _ in history))
        self._leads = LeadTimeBelief(int(promised_lead_time))
        self._period = 0
        self._ordered = 0
        self._most = max(demand)

    def decide(self, date: Label, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        """Units to order now.

        `on_hand` is the stock before anything arrives in this period; `last_demand` and `last_arrivals` are those of
        the period before (None and 0 at the first call). Raises ValueError for numbers below zero or not finite.
        """
        for name, value in (("on_hand", on_hand), ("last_demand", last_demand or 0), ("last_arrivals", last_arrivals)):
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{name} must be a number of at least 0, not {value!r}.")
        if self._period:
            self._leads.observe(self._period - 1, self._ordered, round(last_arrivals))
        if last_demand is not None:
            self._belief.observe(float(last_demand))
            self._most = max(self._most, float(last_demand))
        self._ordered = self._order(float(on_hand))
        self._period += 1
        return self._ordered

    def _order(self, on_hand: float) -> int:
        if self._stakes.profit == 0:
            return 0
        rng = np.random.default_rng([20260101, self._period])
        span = self._leads.span
        leads = self._leads.sample(self._period, SAMPLES, span + AFTER, rng)
        horizon = int(math.ceil(leads.usual)) + AFTER
        demand = self._belief.sample(SAMPLES, horizon + int(leads.usual) + 2, rng)
        demand = np.minimum(demand, 20.0 * self._most + 10.0)
        futures = Futures(on_hand, demand, leads, self._stakes, min(horizon, span + AFTER))
        return int(round(best_order(futures)))


def _demand_of(history: Sequence[tuple[Label, float]]) -> list[float]:
    if not LEAST_HISTORY <= len(history) <= MOST_HISTORY:
        raise ValueError(f"history must hold {LEAST_HISTORY} to {MOST_HISTORY} periods, not {len(history)}.")
    demand = [float(units) for _, units in history]
    for units in demand:
        if not math.isfinite(units) or units < 0:
            raise ValueError(f"Demand in history must be a number of at least 0, not {units!r}.")
    return demand


def _is_calendar(label: Label) -> bool:
    return isinstance(label, Date) or bool(ISO_DATE.match(str(label)))
