"""From which warehouse a market is served."""

from __future__ import annotations

from collections import Counter

from shop.costs.book import Costs
from shop.costs.parts import Gap, gap

ENOUGH = 5


def route(costs: Costs, country: str, channel: str) -> tuple[str | None, tuple[Gap, ...]]:
    """The warehouse that sends most parcels to the market, else the one said to serve the country.

    Else one inside the same customs border, else the busiest; None where the shop has no warehouses.
    """
    key = ("route", country, channel)
    known = costs.memory.get(key)
    if known is None:
        known = costs.memory[key] = _route(costs, country, channel)
    return known


def _route(costs: Costs, country: str, channel: str) -> tuple[str | None, tuple[Gap, ...]]:
    sent: Counter[str] = Counter()
    busy: Counter[str] = Counter()
    for (warehouse, to, through), parcels in costs.seen.sent.items():
        if warehouse in costs.warehouses:
            busy[warehouse] += parcels
            if (to, through) == (country, channel):
                sent[warehouse] += parcels
    if sent and max(sent.values()) >= ENOUGH:
        return _most(sent), ()
    serving = [name for name, (_, serves) in costs.warehouses.items() if country in serves]
    if serving:
        return serving[0], ()
    near = [name for name, (place, _) in costs.warehouses.items() if costs.same_border(place, country)]
    if near:
        return near[0], (gap("no_warehouse", country=country, warehouse=near[0]),)
    if costs.warehouses:
        chosen = _most(busy) if busy else next(iter(costs.warehouses))
        return chosen, (gap("no_warehouse", country=country, warehouse=chosen),)
    return None, (gap("no_warehouses", country=country),)


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda name: (-counted[name], name))
