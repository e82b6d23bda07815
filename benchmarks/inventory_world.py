"""A shelf that is restocked once a period and loses what it cannot serve, and what a clairvoyant would have made of it.

A period runs in this order: order, arrivals (a lead time of 0 arrives at once), demand, holding on what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One product to restock.

    `labels` of all periods, `history` demand of the first ones, which is known from the start, `demand` of the periods
    played, both in units. `promised` lead time and `leads`, the true one of an order placed in each played period, in
    periods. `profit` of a unit sold and `holding` of a unit left at the end of a period, in one currency. `stock` are
    the units on hand before the first period; nothing is under way then.
    """

    name: str
    labels: tuple[str, ...]
    history: tuple[int, ...]
    demand: tuple[int, ...]
    promised: int
    leads: tuple[int, ...]
    profit: float
    holding: float
    stock: int

    def __post_init__(self) -> None:
        if not len(self.demand) == len(self.leads) == len(self.labels) - len(self.history):
            raise ValueError(f"{self.name}: labels, history, demand and leads differ in length.")


class Policy(Protocol):
    """Decides once a period. The units that came in the period before may belong to several orders."""

    def decide(self, date: str, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        """Units to order now."""


class Receiving(Policy, Protocol):
    """A policy that is told as well which order arrived."""

    def received(self, waited: int) -> None:
        """An order arrived, so many periods after it was placed."""


Starter = Callable[[Case], Policy]


@dataclass(frozen=True)
class Played:
    """What came of a case, by period: units `ordered`, `arrived`, `sold`, `left` on the shelf at the end."""

    case: Case
    ordered: Floats
    arrived: Floats
    sold: Floats
    left: Floats

    @property
    def profit(self) -> float:
        """Profit on sales less holding, over all periods."""
        return float(self.case.profit * self.sold.sum() - self.case.holding * self.left.sum())

    @property
    def fill(self) -> float:
        """Share of the demanded units that were sold; 1 when nothing was demanded."""
        asked = sum(self.case.demand)
        return float(self.sold.sum() / asked) if asked else 1.0

    @property
    def weeks_of_stock(self) -> float:
        """Mean units left, in mean demand of a period."""
        usual = float(np.mean(self.case.demand))
        return float(self.left.mean() / usual) if usual else 0.0


def play(case: Case, start: Starter) -> Played:
    """Let a policy restock a case to its end. Raises ValueError for an order that is no whole number of 0 or more."""
    policy = start(case)
    told = getattr(policy, "received", None)
    periods = len(case.demand)
    coming = np.zeros(periods)
    due: dict[int, list[int]] = {}
    ordered, arrived, sold, left = (np.zeros(periods) for _ in range(4))
    stock = float(case.stock)
    for period in range(periods):
        before = period - 1
        units = policy.decide(
            case.labels[len(case.history) + period], stock,
            float(case.demand[before]) if period else None, float(arrived[before]) if period else 0.0,
        )  # fmt: skip
        if units < 0 or units != int(units):
            raise ValueError(f"{case.name}: an order must be a whole number of 0 or more, not {units!r}.")
        ordered[period] = units
        arrives = period + case.leads[period]
        if units and arrives < periods:
            coming[arrives] += units
            due.setdefault(arrives, []).append(period)
        arrived[period] = coming[period]
        if told is not None:
            for placed in due.get(period, ()):
                told(period - placed)
        stock += arrived[period]
        sold[period] = min(stock, case.demand[period])
        stock -= sold[period]
        left[period] = stock
    return Played(case, ordered, arrived, sold, left)


def clairvoyant(case: Case) -> Played:
    """The most that could be made by who knows all demand and the lead time of every order beforehand.

    Exact: with orders of any size and no cost of ordering it is a linear program over the flow of units, whose corners
    are whole numbers (arrivals into the period, sales out of it, stock on to the next).
    """
    from scipy.optimize import linprog
    from scipy.sparse import diags, hstack, identity

    periods = len(case.demand)
    reached = np.zeros(periods, dtype=bool)
    first: dict[int, int] = {}
    for period, lead in enumerate(case.leads):
        if period + lead < periods:
            reached[period + lead] = True
            first.setdefault(period + lead, period)
    come = identity(periods)
    keep = diags([-np.ones(periods), np.ones(periods - 1)], [0, -1])
    balance = hstack([come, -identity(periods), keep], format="csc")
    opening = np.zeros(periods)
    opening[0] = -case.stock
    found = linprog(
        np.concatenate([np.zeros(periods), np.full(periods, -case.profit), np.full(periods, case.holding)]),
        A_eq=balance, b_eq=opening,
        bounds=[(0, None if open_ else 0) for open_ in reached]
        + [(0, units) for units in case.demand]
        + [(0, None)] * periods,
        method="highs",
    )  # fmt: skip
    if found.status != 0:
        raise RuntimeError(f"{case.name}: no clairvoyant plan was found: {found.message}")
    arrived, sold, left = np.round(found.x).reshape(3, periods)
    ordered = np.zeros(periods)
    for period, placed in first.items():
        ordered[placed] += arrived[period]
    return Played(case, ordered, arrived, sold, left)
