"""Which lever did it: a difference shared out so that the shares add up to it, to the smallest coin.

Two levers: each alone, and what only both together do. Three and more: Shapley values (Shapley 1953, Contributions to
the Theory of Games II), the mean of what a lever adds over every order of pulling them, exact up to eight levers and
from seeded random orders, each with its reverse, beyond (Castro, Gomez & Tejada 2009, Computers & OR 36).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from shop.costs.parts import share_out

EXACT_UP_TO = 8
ORDERS = 60
SEED = 20261115


@dataclass(frozen=True)
class Attribution:
    """`shares` by lever and `interaction` add up to `total`; `alone` is what each would do without the others.

    With three and more levers the interaction is inside the shares, and `interaction` is zero.
    """

    total: Decimal
    shares: tuple[Decimal, ...]
    alone: tuple[Decimal, ...]
    interaction: Decimal
    exact: bool

    @property
    def together(self) -> Decimal:
        """What the levers do together beyond the sum of each alone."""
        return self.total - sum(self.alone, Decimal(0))


def attribute(value: Callable[[frozenset[int]], Decimal], count: int, currency: str) -> Attribution:
    """Share out value(all) - value(none). `value` is asked for subsets of range(count)."""
    nothing = value(frozenset())
    total = value(frozenset(range(count))) - nothing
    alone = tuple(value(frozenset({n})) - nothing for n in range(count))
    if count == 1:
        return Attribution(total, (total,), alone, Decimal(0), True)
    if count == 2:
        return Attribution(total, alone, alone, total - sum(alone, Decimal(0)), True)
    exact = shapley(value, count) if count <= EXACT_UP_TO else _sampled(value, count)
    shares, _ = share_out([(str(n), amount, "") for n, amount in enumerate(_closing(exact, total))], currency)
    return Attribution(total, tuple(part.amount for part in shares), alone, Decimal(0), count <= EXACT_UP_TO)


def shapley(value: Callable[[frozenset[int]], Decimal], count: int) -> list[Decimal]:
    """Exact Shapley values over all subsets."""
    found = []
    for n in range(count):
        others = [other for other in range(count) if other != n]
        share = Decimal(0)
        for size in range(count):
            weight = Decimal(math.factorial(size) * math.factorial(count - size - 1)) / math.factorial(count)
            for chosen in combinations(others, size):
                without = frozenset(chosen)
                share += weight * (value(without | {n}) - value(without))
        found.append(share)
    return found


def _sampled(value: Callable[[frozenset[int]], Decimal], count: int) -> list[Decimal]:
    drawn = random.Random(SEED)
    totals = [Decimal(0)] * count
    for _ in range(ORDERS // 2):
        order = list(range(count))
        drawn.shuffle(order)
        for way in (order, order[::-1]):
            before: frozenset[int] = frozenset()
            for n in way:
                totals[n] += value(before | {n}) - value(before)
                before = before | {n}
    return [one / (ORDERS // 2 * 2) for one in totals]


def _closing(exact: list[Decimal], total: Decimal) -> list[Decimal]:
    """The last digits of the divisions put right."""
    return [*exact[:-1], total - sum(exact[:-1], Decimal(0))]
