"""The order policy that stands alone: what to order each period from what has been seen, nothing else.

Demand (policy_demand) is a mixture, weighted by past predictions, of changing stretches (Adams and MacKay 2007; Fearnhead
and Liu 2007), wandering levels (West and Harrison 1997; Gardner and McKenzie 1985), lumps like those seen (Ferguson 1973)
and, once a year of dated weeks is known, its shape coming again. The true lead time (policy_lead) is learned by matching
arrivals to own orders, as survival with Beta chances (Walker and Muliere 1997). The order (policy_orders) is the best on
sampled futures with lost sales: a capped base-stock rule (Xin 2021), improved by rollout (Bertsekas and Tsitsiklis 1997);
more futures are drawn where profit is over a hundred times holding, since there the rarest decide. The end of selling is
not known and not assumed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date as Date
from itertools import pairwise

import numpy as np

from tools.replenishment.policy_demand import DemandBelief
from tools.replenishment.policy_lead import LeadTimeBelief
from tools.replenishment.policy_orders import Futures, Stakes, best_order

Label = Date | str
LEAST_HISTORY, MOST_HISTORY = 5, 100
LONGEST_LEAD = 52
LEAP, LEAST_LEAP = 6.0, 5.0
SAMPLES = 256
MORE_SAMPLES, UNEVEN = 640, 100.0
AFTER = 5
HIGHEST = 3.0
WEEKS_A_YEAR = 52
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
        promised = _amount("promised_lead_time", promised_lead_time)
        if promised > LONGEST_LEAD or promised % 1:
            raise ValueError(
                f"promised_lead_time must be a whole number from 0 to {LONGEST_LEAD} periods, not {promised_lead_time!r}."
            )
        self._stakes = Stakes(_amount("unit_profit", unit_profit), _amount("holding_cost", holding_cost))
        labels = [label for label, _ in history]
        self._belief = DemandBelief(demand, all(map(_is_calendar, labels)), _year(labels))
        self._leads = LeadTimeBelief(int(promised))
        self._period = 0
        self._ordered = 0
        self._most = max(demand)

    def decide(self, date: Label, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        """Units to order now.

        `on_hand` is the stock before anything arrives in this period; `last_demand` and `last_arrivals` are those of
        the period before (None and 0 at the first call). Demand more than six times the highest so far counts as six
        times that, so one giant order is not taken for a new level at once. Raises ValueError for numbers below zero
        or not finite.
        """
        stock, arrived = _amount("on_hand", on_hand), _amount("last_arrivals", last_arrivals)
        sold = None if last_demand is None else _amount("last_demand", last_demand)
        if self._period:
            self._leads.observe(self._period - 1, self._ordered, round(arrived))
        if sold is not None:
            believed = min(sold, LEAP * max(self._most, LEAST_LEAP))
            self._belief.observe(believed)
            self._most = max(self._most, believed)
        self._ordered = self._order(stock)
        self._period += 1
        return self._ordered

    def _order(self, on_hand: float) -> int:
        if self._stakes.profit == 0:
            return 0
        rng = np.random.default_rng([20260101, self._period])
        count = MORE_SAMPLES if self._stakes.profit > UNEVEN * self._stakes.holding else SAMPLES
        span = self._leads.span
        leads = self._leads.sample(self._period, count, span + AFTER, rng)
        horizon = math.ceil(leads.usual) + AFTER
        demand = self._belief.sample(count, horizon + int(leads.usual) + 2, rng)
        demand = np.minimum(demand, HIGHEST * self._most + 1.0)
        futures = Futures(on_hand, demand, leads, self._stakes, min(horizon, span + AFTER))
        return round(best_order(futures))


def _demand_of(history: Sequence[tuple[Label, float]]) -> list[float]:
    if not LEAST_HISTORY <= len(history) <= MOST_HISTORY:
        raise ValueError(f"history must hold {LEAST_HISTORY} to {MOST_HISTORY} periods, not {len(history)}.")
    return [_amount("Demand in history", units) for _, units in history]


def _amount(name: str, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{name} must be a number of at least 0, not {value!r}.")
    return number


def _is_calendar(label: Label) -> bool:
    return isinstance(label, Date) or bool(ISO_DATE.match(str(label)))


def _year(labels: Sequence[Label]) -> int | None:
    """52 where the labels are dates a week apart."""
    if not all(map(_is_calendar, labels)):
        return None
    try:
        days = [Date.fromisoformat(str(label)[:10]) for label in labels]
    except ValueError:
        return None
    weekly = all((after - before).days == 7 for before, after in pairwise(days))
    return WEEKS_A_YEAR if weekly else None
