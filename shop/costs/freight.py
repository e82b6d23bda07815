"""What it costs to bring a unit to a warehouse: the lane, the mode, weight or volume, whichever costs more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item, Lane
from shop.costs.parts import Gap, gap
from shop.costs.rates import Rate
from shop.errors import ShopError

MODES = ("sea", "air", "rail", "road", "express")


@dataclass(frozen=True)
class Freight:
    """Freight of one unit in base currency, unrounded."""

    amount: Decimal
    mode: str | None
    source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()


def freight(
    costs: Costs, item: Item, origin: str | None, warehouse: str, day: date, goods: Decimal, mode: str | None
) -> Freight:
    """`base_freight` with the surcharge of the operator or a scenario, if any."""
    found = base_freight(costs, item, origin, warehouse, day, goods, mode)
    surcharge = costs.one("freight_surcharge", day, mode=found.mode, origin=costs.places(origin), warehouse=warehouse)
    if surcharge is None:
        return found
    amount = found.amount * (1 + surcharge.value / 100)
    return replace(found, amount=amount, rates=(*found.rates, surcharge))


def base_freight(
    costs: Costs, item: Item, origin: str | None, warehouse: str, day: date, goods: Decimal, mode: str | None
) -> Freight:
    """Freight of one unit from a country to a warehouse, by the cheapest mode unless one is asked for.

    The dearer of weight and volume counts, as carriers bill (W/M). Rates of the books first, then the reference's
    usual prices; a share of the goods' value (`goods`, base currency) where the unit has neither weight nor volume.
    Raises ShopError for a mode that no rate to the warehouse has.
    """
    if mode is not None and mode not in MODES:
        raise ShopError(f"There is no freight mode {mode}; there are: {', '.join(MODES)}.")
    country = costs.warehouse_country(warehouse)
    if item.kg is None and item.m3 is None:
        share = costs.one("freight_share", day, sku=item.sku)
        pct = share.value if share else Decimal(0)
        told = (gap("freight_share", sku=item.sku, pct=pct),)
        return Freight(goods * pct / 100, mode, share.label if share else "not known", told, (share,) if share else ())
    gaps: list[Gap] = []
    if item.kg is None or item.m3 is None:
        gaps.append(gap("no_weight" if item.kg is None else "no_size", sku=item.sku))
    stated = _stated(costs, item, origin, warehouse, day)
    own = {way.mode for way in stated}
    lanes = [lane for lane in _lanes(costs, origin, warehouse, country, day) if lane.mode not in own]
    ways = stated + [way for lane in lanes if (way := _by_lane(costs, item, lane, day)) is not None]
    known = sorted({str(way.mode) for way in ways})
    if mode is not None:
        ways = [way for way in ways if way.mode == mode]
        if known and not ways:
            raise ShopError(
                f"There is no {mode} freight rate to {warehouse} from {origin}; there are: {', '.join(known)}."
            )
    if ways:
        cheapest = min(ways, key=lambda way: (way.amount, str(way.mode), way.source))
        return replace(cheapest, gaps=tuple(gaps))
    return _usual(costs, item, origin, warehouse, country, day, mode, gaps)


def place_country(costs: Costs, place: str) -> str:
    """The country of a place in a freight rate: of the warehouse of that name, else its first two letters (UN/LOCODE)."""
    known = costs.warehouses.get(place)
    return known[0] if known else place[:2].upper()


def _lanes(costs: Costs, origin: str | None, warehouse: str, country: str, day: date) -> list[Lane]:
    """The newest rate of each lane and mode that fits best: from that country, else from its customs union."""
    newest: dict[tuple[str, str, str], Lane] = {}
    for lane in costs.lanes:
        if lane.since <= day or (lane.origin, lane.destination, lane.mode) not in newest:
            newest[lane.origin, lane.destination, lane.mode] = lane
    lanes = [lane for lane in newest.values() if lane.destination == warehouse]
    lanes = lanes or [lane for lane in newest.values() if place_country(costs, lane.destination) == country]
    if origin is None:
        return []
    exact = [lane for lane in lanes if place_country(costs, lane.origin) == origin]
    return exact or [lane for lane in lanes if costs.same_border(place_country(costs, lane.origin), origin)]


def _stated(costs: Costs, item: Item, origin: str | None, warehouse: str, day: date) -> list[Freight]:
    """The ways that the operator or a scenario gives rates for."""
    ways = []
    for mode in MODES:
        used = [rate for rate in _rates(costs, mode, origin, warehouse, day) if rate.stated]
        if used:
            ways.append(Freight(_billed(costs, item, used, day), mode, used[0].label, (), tuple(used)))
    return ways


def _by_lane(costs: Costs, item: Item, lane: Lane, day: date) -> Freight | None:
    by = [
        size * rate
        for size, rate in ((item.kg, lane.per_kg), (item.m3, lane.per_m3))
        if size is not None and rate is not None
    ]
    if not by:
        return None
    source = f"{lane.mode} freight rate {lane.origin} to {lane.destination} since {lane.since.isoformat()}"
    return Freight(max(by) * costs.exchange(lane.currency, costs.base, day), lane.mode, source)


def _rates(costs: Costs, mode: str, origin: str | None, warehouse: str, day: date) -> list[Rate]:
    return [
        rate
        for what in ("freight_kg", "freight_m3")
        if (rate := costs.one(what, day, mode=mode, origin=costs.places(origin), warehouse=warehouse))
    ]


def _billed(costs: Costs, item: Item, rates: list[Rate], day: date) -> Decimal:
    """The dearer of what weight and volume cost."""
    return max(
        (
            size * rate.value * costs.exchange(rate.money, costs.base, day)
            for rate in rates
            if (size := item.kg if rate.what == "freight_kg" else item.m3) is not None
        ),
        default=Decimal(0),
    )


def _usual(
    costs: Costs, item: Item, origin: str | None, warehouse: str, country: str, day: date, mode: str | None,
    gaps: list[Gap],
) -> Freight:  # fmt: skip
    near = origin is not None and costs.same_border(origin, country)
    wanted = mode or ("road" if near else "sea")
    used = _rates(costs, wanted, origin, warehouse, day)
    gaps.append(gap("freight_assumed", warehouse=warehouse, origin=origin or "abroad", mode=wanted))
    return Freight(
        _billed(costs, item, used, day), wanted, used[0].label if used else "not known", tuple(gaps), tuple(used)
    )
