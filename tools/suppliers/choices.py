"""The plans worth choosing between: advised, cheapest, safest and fastest, and what each step costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.suppliers.allocation import Share, allocate, fastest, safest
from tools.suppliers.options import Field, Option

WANTED_CHANCE = 0.8


@dataclass(frozen=True)
class Order:
    """Units from one option."""

    option: Option
    quantity: int

    @property
    def whole(self) -> Decimal:
        """Cost of the good units with defects, terms and delays, base currency, not rounded."""
        return self.option.cost(self.quantity).whole * self.quantity

    @property
    def landed(self) -> Decimal:
        """Landed cost of all units, base currency, not rounded."""
        return self.option.cost(self.quantity).landed * self.quantity


@dataclass(frozen=True)
class Plan:
    """Orders that together meet the need. `chance` is that all come in time, `days` the mean days of the slowest."""

    orders: tuple[Order, ...]
    chance: float
    days: float

    @property
    def quantity(self) -> int:
        """Units ordered."""
        return sum(one.quantity for one in self.orders)

    @property
    def whole(self) -> Decimal:
        """Cost with defects, terms and delays."""
        return sum((one.whole for one in self.orders), Decimal(0))

    @property
    def landed(self) -> Decimal:
        """Landed cost."""
        return sum((one.landed for one in self.orders), Decimal(0))

    @property
    def key(self) -> tuple[tuple[str, str, int], ...]:
        """What makes two plans the same."""
        return tuple(sorted((one.option.offer.supplier, one.option.mode or "", one.quantity) for one in self.orders))


@dataclass(frozen=True)
class Choices:
    """Plans by aim; None where the quantity cannot be made. `advised` is the cheapest likely enough to be in time.

    `in_time` says whether the wanted chance can be had; `most` is how much all usable suppliers can make together.
    """

    advised: Plan | None
    cheapest: Plan | None
    safest: Plan | None
    fastest: Plan | None
    in_time: bool
    most: int

    @property
    def named(self) -> list[tuple[str, Plan]]:
        """Plans by name, each once."""
        found: list[tuple[str, Plan]] = []
        for name in ("advised", "cheapest", "safest", "fastest"):
            plan: Plan | None = getattr(self, name)
            if plan is not None and plan.key not in {one.key for _, one in found}:
                found.append((name, plan))
        return found


def choices(need: Field) -> Choices:
    """Solve for each aim. Without a deadline the cheapest is advised, late deliveries being in its cost."""
    usable = need.usable
    sources = [need.source(one) for one in usable]
    most = _most(usable)

    def plan(shares: Sequence[Share] | None) -> Plan | None:
        if not shares:
            return None
        orders = tuple(Order(usable[one.source], one.quantity) for one in shares)
        chance = 1.0
        for one in orders:
            chance *= need.chance(one.option)
        return Plan(orders, chance, max(need.days(one.option) for one in orders))

    cheapest = plan(allocate(sources, need.quantity))
    safe, fast = plan(safest(sources, need.quantity)), plan(fastest(sources, need.quantity))
    if need.deadline is None:
        return Choices(cheapest, cheapest, safe, fast, True, most)
    likely = plan(allocate(sources, need.quantity, WANTED_CHANCE))
    return Choices(likely or safe, cheapest, safe, fast, likely is not None, most)


def _most(usable: Sequence[Option]) -> int:
    by_supplier: dict[str, int] = {}
    for one in usable:
        by_supplier[one.offer.supplier] = max(by_supplier.get(one.offer.supplier, 0), one.most)
    return sum(by_supplier.values())
