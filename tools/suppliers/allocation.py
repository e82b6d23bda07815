"""How much to order from whom: the cheapest split that meets the quantity, exactly (mixed-integer linear programme).

Every source is a supplier by one way, with price tiers that hold for all its units, a smallest order and a largest
one. One way per supplier. The chance that all orders of a split come in time is the product of theirs, which in logs
is linear in the choice, so that a wanted chance is a constraint of the programme. Solved with HiGHS by scipy's milp.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST_CHANCE = 1e-6
SLACK = 1e-9


@dataclass(frozen=True)
class Band:
    """Quantities from `least` to `most` at a cost per unit."""

    least: int
    most: int
    cost: float


@dataclass(frozen=True)
class Source:
    """A supplier by one way: bands of quantity and cost, the chance to come in time, and mean days until there."""

    supplier: str
    way: str
    bands: tuple[Band, ...]
    chance: float
    days: float


@dataclass(frozen=True)
class Share:
    """Units ordered from a source, at the cost per unit of their band."""

    source: int
    quantity: int
    cost: float


def bands(tiers: Sequence[tuple[int, float]], least: int, most: int) -> tuple[Band, ...]:
    """Bands of price tiers (from quantity, cost per unit) within the smallest and the largest order."""
    ordered = sorted(tiers)
    found = []
    for at, (start, cost) in enumerate(ordered):
        end = ordered[at + 1][0] - 1 if at + 1 < len(ordered) else most
        low, high = max(start if at else 0, least), min(end, most)
        if low <= high:
            found.append(Band(low, high, cost))
    return tuple(found)


def allocate(sources: Sequence[Source], quantity: int, chance: float = 0.0) -> tuple[Share, ...] | None:
    """The cheapest orders of at least `quantity` units together that all come in time with `chance`; None if none can."""
    return _solved(sources, quantity, [_risk(one) for one in sources], -math.log(chance) if chance > 0 else None, False)


def safest(sources: Sequence[Source], quantity: int) -> tuple[Share, ...] | None:
    """The orders with the highest chance to come in time, the cheapest of these."""
    risk = [_risk(one) for one in sources]
    first = _solved(sources, quantity, risk, None, True)
    if first is None:
        return None
    return _solved(sources, quantity, risk, sum(risk[one.source] for one in first), False) or first


def fastest(sources: Sequence[Source], quantity: int) -> tuple[Share, ...] | None:
    """The orders whose last one is there soonest on average, the cheapest of these."""
    for days in sorted({one.days for one in sources}):
        near = [at for at, one in enumerate(sources) if one.days <= days]
        found = allocate([sources[at] for at in near], quantity)
        if found is not None:
            return tuple(Share(near[one.source], one.quantity, one.cost) for one in found)
    return None


def whole_cost(shares: Sequence[Share]) -> float:
    """What the orders cost together."""
    return sum(one.quantity * one.cost for one in shares)


def joint_chance(sources: Sequence[Source], shares: Sequence[Share]) -> float:
    """The chance that all orders come in time."""
    return math.prod(sources[one.source].chance for one in shares)


def _risk(source: Source) -> float:
    return -math.log(max(min(source.chance, 1.0), LEAST_CHANCE))


def _solved(
    sources: Sequence[Source], quantity: int, risk: Sequence[float], most_risk: float | None, for_safety: bool
) -> tuple[Share, ...] | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    columns = [(at, band) for at, one in enumerate(sources) for band in one.bands]
    if not columns or quantity < 1:
        return None
    n = len(columns)
    most = np.array([band.most for _, band in columns], dtype=float)
    least = np.array([band.least for _, band in columns], dtype=float)
    units, taken = np.eye(n, 2 * n), np.eye(n, 2 * n, n)
    suppliers = sorted({one.supplier for one in sources})
    once = np.zeros((len(suppliers), 2 * n))
    for place, (at, _) in enumerate(columns):
        once[suppliers.index(sources[at].supplier), n + place] = 1
    risks = np.array([risk[at] for at, _ in columns])
    rules = [
        LinearConstraint(units.sum(axis=0), quantity, np.inf),
        LinearConstraint(units - taken * most[:, None], -np.inf, 0),
        LinearConstraint(units - taken * least[:, None], 0, np.inf),
        LinearConstraint(once, -np.inf, 1),
    ]
    if most_risk is not None:
        rules.append(LinearConstraint(np.concatenate([np.zeros(n), risks]), -np.inf, most_risk + SLACK))
    costs = np.array([band.cost for _, band in columns])
    aim = np.concatenate([np.zeros(n), risks + SLACK]) if for_safety else np.concatenate([costs, np.zeros(n)])
    found = milp(
        aim, constraints=rules, integrality=np.ones(2 * n),
        bounds=Bounds(np.zeros(2 * n), np.concatenate([most, np.ones(n)])), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    if found.x is None:
        return None
    return tuple(
        Share(at, round(float(found.x[place])), band.cost)
        for place, (at, band) in enumerate(columns)
        if round(float(found.x[n + place])) and round(float(found.x[place]))
    )
