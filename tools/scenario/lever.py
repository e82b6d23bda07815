"""The twelve levers: what each takes, and a change of one on the shop's own names and days."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from tools.messages import refusal
from tools.scenario.amounts import Amount, Measure

Name = Literal[
    "demand", "price", "unit_cost", "freight", "duty", "fx", "lead_time", "supplier_out", "ad_budget", "return_rate",
    "promotion", "purchase",
]  # fmt: skip
Place = Literal["sku", "category", "country", "channel", "supplier", "warehouse", "currency", "mode"]

GOODS: tuple[Place, ...] = ("sku", "category", "country", "channel")


@dataclass(frozen=True)
class Rule:
    """What a lever takes: a bare number's measure, other measures, what may be named, and the number's bounds."""

    plain: Measure
    others: tuple[Measure, ...]
    places: tuple[Place, ...]
    low: Decimal = Decimal(-100)
    high: Decimal = Decimal(1000)
    says: str = ""


RULES: dict[str, Rule] = {
    "demand": Rule("percent", ("factor",), GOODS, says="20, -15, +20%, x1.5"),
    "price": Rule("percent", ("factor", "amount", "keep"), GOODS, Decimal(-90), says="5, -8%, x1.1, 19.99 EUR, keep 30%"),
    "unit_cost": Rule(
        "percent", ("factor", "amount"), ("sku", "category", "supplier"), Decimal(-99), says="12, -5%, x1.2, 4.20 USD"
    ),
    "freight": Rule(
        "percent", ("factor",), ("sku", "category", "country", "warehouse", "mode"), says="30, -10%, x1.5"
    ),
    "duty": Rule(
        "points", ("factor",), ("sku", "category", "country", "warehouse"), Decimal(-200), says="10 (points), 15 points, x2"
    ),
    "fx": Rule("percent", ("factor",), ("currency",), Decimal(-90), says="-4 (weaker), 5%, x1.1"),
    "lead_time": Rule(
        "percent", ("factor", "days", "weeks"), ("sku", "category", "supplier", "warehouse"), Decimal(-95),
        says="50, x1.5, 14 days",
    ),
    "supplier_out": Rule("plain", ("percent", "factor", "points", "days", "weeks", "units"), ("supplier",)),
    "ad_budget": Rule("percent", ("factor",), GOODS, says="50, -50%, x2"),
    "return_rate": Rule("percent", ("factor", "points"), GOODS, says="20 (percent more), 5 points, x1.5"),
    "promotion": Rule("percent", (), GOODS, Decimal(-90), Decimal(90), says="20 (20% off)"),
    "purchase": Rule("units", (), ("sku", "warehouse", "supplier"), Decimal(1), Decimal(10) ** 7, says="500"),
}  # fmt: skip
LEVERS: tuple[str, ...] = tuple(RULES)
UNDIRECTED = frozenset({"supplier_out"})
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lever:
    """One change: which lever, how much, on which names (empty: all), on days `first` up to `last` (0 is tomorrow)."""

    name: str
    amount: Amount
    on: tuple[tuple[Place, str], ...]
    first: int
    last: int

    def names(self, place: Place) -> frozenset[str]:
        """The names of one kind that the change is for; none means all of that kind."""
        return self._named.get(place, _NONE)

    @cached_property
    def _named(self) -> dict[Place, frozenset[str]]:
        return {kind: frozenset(name for other, name in self.on if other == kind) for kind, _ in self.on}

    def touches(self, place: Place, name: str | None) -> bool:
        """Whether a name of that kind is meant."""
        named = self.names(place)
        return not named or name in named


def measured(name: str, said: Amount) -> Amount:
    """The amount in the lever's own measure. Raises ToolError for another measure or out of bounds."""
    rule = RULES[name]
    found = said
    if said.measure == "plain":
        found = Amount(rule.plain, said.value)
    elif name == "duty" and said.measure == "percent":
        found = Amount("points", said.value)
    elif name == "return_rate" and said.measure == "amount":
        raise refusal("errors.scenario_measure", lever=name, allowed=rule.says)
    if found.measure not in (rule.plain, *rule.others) and name not in UNDIRECTED:
        raise refusal("errors.scenario_measure", lever=name, allowed=rule.says)
    if name == "promotion":
        found = Amount("percent", abs(found.value))
        if not found.value:
            raise refusal("errors.scenario_measure", lever=name, allowed=rule.says)
    _within(name, found, rule)
    return found


def _within(name: str, found: Amount, rule: Rule) -> None:
    low, high, value = rule.low, rule.high, found.value
    if found.measure == "factor":
        low, high = 1 + rule.low / 100, 1 + rule.high / 100
    elif found.measure == "days":
        low, high = Decimal(-365), Decimal(365)
    elif found.measure == "weeks":
        low, high = Decimal(-52), Decimal(52)
    elif found.measure == "keep":
        low, high = Decimal(-100), Decimal("99.9")
    elif found.measure == "amount":
        low, high = Decimal("0.000001"), Decimal(10) ** 9
    if name in UNDIRECTED:
        return
    if not low <= value <= high:
        raise refusal("errors.scenario_bounds", lever=name, low=f"{low:f}", high=f"{high:f}", said=f"{value:f}")
