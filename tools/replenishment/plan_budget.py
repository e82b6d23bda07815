"""One budget over all orders: which quantity of each gives the most expected profit together.

A multiple-choice knapsack, solved exactly: small ones by the list of undominated sums (Nemhauser & Ullmann 1969), which
is quicker there, larger ones as a mixed-integer program by HiGHS (scipy.optimize.milp).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
GAP = 1e-9
SECONDS = 5.0
MOST_SUMS = 60_000


@dataclass(frozen=True)
class Choice:
    """One way to order a SKU for a warehouse: what it costs and what it is expected to earn beyond ordering nothing."""

    cost: float
    profit: float


def allocate(menus: Sequence[Sequence[Choice]], budget: float) -> list[int | None]:
    """At most one choice of each menu, the most profit in sum within the budget; None where nothing is ordered.

    Choices that lose money or cost more than the budget are never taken. Raises RuntimeError when the solver
    finds nothing in its time, which does not happen at the sizes of a shop.
    """
    open_to = [
        [at for at, one in enumerate(menu) if one.profit > 0 and one.cost <= budget] for menu in menus
    ]  # fmt: skip
    best = [max(ats, key=lambda at, menu=menu: (menu[at].profit, -menu[at].cost), default=None)  # type: ignore[misc]
            for menu, ats in zip(menus, open_to, strict=True)]  # fmt: skip
    if sum(menu[at].cost for menu, at in zip(menus, best, strict=True) if at is not None) <= budget:
        return best
    kept = [_frontier(menu, ats) for menu, ats in zip(menus, open_to, strict=True)]
    exact = _by_sums(menus, kept, budget)
    if exact is not None:
        return exact
    columns = [(row, at) for row, ats in enumerate(kept) for at in ats]
    taken: list[int | None] = [None] * len(menus)
    for place in _solve([(row, menus[row][at]) for row, at in columns], budget):
        row, at = columns[place]
        taken[row] = at
    return taken


def _frontier(menu: Sequence[Choice], ats: list[int]) -> list[int]:
    """The choices that no cheaper one beats."""
    kept: list[int] = []
    for at in sorted(ats, key=lambda at: (menu[at].cost, -menu[at].profit)):
        if not kept or menu[at].profit > menu[kept[-1]].profit:
            kept.append(at)
    return kept


def _by_sums(menus: Sequence[Sequence[Choice]], kept: list[list[int]], budget: float) -> list[int | None] | None:
    """The best choices from every undominated sum of cost and profit; None when there are too many of them."""
    cost, profit = np.zeros(1), np.zeros(1)
    steps: list[tuple[Ints, Ints]] = []
    for menu, ats in zip(menus, kept, strict=True):
        costs = np.array([0.0, *(menu[at].cost for at in ats)])
        profits = np.array([0.0, *(menu[at].profit for at in ats)])
        every, gain = (cost[:, None] + costs).ravel(), (profit[:, None] + profits).ravel()
        order = np.lexsort((-gain, every))
        order = order[every[order] <= budget]
        best = np.maximum.accumulate(gain[order])
        order = order[np.concatenate([[True], best[1:] > best[:-1]])]
        if len(order) > MOST_SUMS:
            return None
        steps.append((order // len(costs), order % len(costs)))
        cost, profit = every[order], gain[order]
    taken: list[int | None] = []
    state = len(cost) - 1
    for (before, choice), ats in zip(reversed(steps), reversed(kept), strict=True):
        picked = int(choice[state])
        taken.append(ats[picked - 1] if picked else None)
        state = int(before[state])
    return taken[::-1]


def _solve(columns: list[tuple[int, Choice]], budget: float) -> list[int]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    if not columns:
        return []
    rows = sorted({row for row, _ in columns})
    place = {row: at for at, row in enumerate(rows)}
    at = np.arange(len(columns))
    one_each = csr_array(
        (np.ones(len(columns)), (np.array([place[row] for row, _ in columns]), at)), shape=(len(rows), len(columns))
    )
    costs = np.array([[choice.cost for _, choice in columns]])
    found = milp(
        -np.array([choice.profit for _, choice in columns]),
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one_each, -np.inf, 1), LinearConstraint(costs, -np.inf, budget)],
        options={"mip_rel_gap": GAP, "time_limit": SECONDS},
    )
    if found.x is None:
        raise RuntimeError(f"the budget was not solved: {found.message}")
    return [int(n) for n in np.flatnonzero(found.x > 0.5)]
