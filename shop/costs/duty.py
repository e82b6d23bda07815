"""Customs duty: which rates stack on which goods, into which country, on what value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item
from shop.costs.parts import Gap, gap
from shop.costs.rates import Rate


@dataclass(frozen=True)
class Duty:
    """All duties on a good as one percentage of its customs value."""

    pct: Decimal
    source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()


NONE = Duty(Decimal(0), "no customs border")


def duty(costs: Costs, item: Item, origin: str | None, country: str, day: date) -> Duty:
    """The stacked duty on goods of `origin` (where they were made) that enter `country` from outside.

    A duty_stack row of the operator replaces all; else the base duty (a trade agreement's before the general one)
    plus every extra duty in force.
    """
    key = ("duty", item.sku, origin, country, day)
    known = costs.memory.get(key)
    if known is None:
        known = costs.memory[key] = _duty(costs, item, origin, country, day)
    return known


def _duty(costs: Costs, item: Item, origin: str | None, country: str, day: date) -> Duty:
    if origin is None:
        return Duty(Decimal(0), "not known", (gap("origin_unknown", sku=item.sku),))
    into, made = costs.places(country), costs.places(origin)
    stack = costs.one("duty_stack", day, country=into, origin=made, hs=item.hs_code, sku=item.sku)
    if stack is not None:
        return Duty(stack.value, stack.label, (), (stack,))
    base = costs.one("duty", day, country=into, origin=made, hs=item.hs_code, sku=item.sku)
    if base is None:
        return Duty(Decimal(0), "not known", (gap("no_duty_rate", country=country),))
    gaps: tuple[Gap, ...] = ()
    if base.hs is None and base.origin is None and base.sku is None and not base.stated and base.value > 0:
        if item.hs_code is None:
            gaps = (gap("hs_missing", sku=item.sku, country=country, pct=base.value),)
        else:
            gaps = (gap("duty_assumed", hs=item.hs_code, origin=origin, country=country, pct=base.value),)
    extras = [
        found
        for measure in costs.rates.measures("extra_duty")
        if (found := costs.one("extra_duty", day, country=into, origin=made, hs=item.hs_code, sku=item.sku, measure=measure))
        and found.measure == (measure or None)
        and found.value
    ]  # fmt: skip
    names = "".join(f" + {rate.value}% {rate.measure or 'extra duty'}" for rate in extras)
    source = f"{base.value}%{names}; {base.label}"
    return Duty(base.value + sum((rate.value for rate in extras), Decimal(0)), source, gaps, (base, *extras))


def counts_freight(costs: Costs, country: str, day: date) -> bool:
    """Whether the customs value of a country holds freight and insurance."""
    found = costs.one("customs_value_includes_freight", day, country=costs.places(country))
    return found is None or found.value == 1
