"""The best answer to a scenario: a price within a step, an order in time, another supplier, each solved like the scenario.

A price moves by at most a tenth, in one country, never to where a unit brings nothing; it is offered only where it
also pays when demand answers price one standard deviation more or less than expected.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import numpy as np

from shop.costs.parts import rounded
from shop.warehouse import Shop
from tools.replenishment.plan_lead_times import lead_times
from tools.scenario.amounts import Amount
from tools.scenario.lever import Lever
from tools.scenario.solve import Engine, Outcome
from tools.scenario.supply import Purchase, Source, offers_for, unit_landed
from tools.scenario.unit import PLACE

STEPS = (Decimal(-10), Decimal(-5), Decimal(5), Decimal(10))
MOST_PLACES, MOST_SHELVES, MOST_OFFERS = 6, 4, 3
LARGEST_ORDER = 3.0  # times the units that would be lost: a larger smallest order is no answer to them
LEAST_SHARE = Decimal("0.0005")  # of the scenario's profit; a smaller gain is not worth a decision


@dataclass(frozen=True)
class Move:
    """A counter-move and what it gains over the horizon in the scenario; `anyway` is what it gains without the changes."""

    kind: Literal["price", "order", "supplier"]
    sku: str
    gain: Decimal
    anyway: Decimal
    country: str = ""
    change_pct: Decimal = Decimal(0)
    warehouse: str = ""
    quantity: int = 0
    supplier: str = ""
    took: int = 0

    @property
    def answers(self) -> Decimal:
        """What the move gains because of the changes, beyond what it would gain without them."""
        return self.gain - max(self.anyway, Decimal(0))


def moves(shop: Shop, engine: Engine) -> list[Move]:
    """What can be done in the scenario, at most one of each kind: first what answers the changes most, then what would
    be worth as much without them; none where nothing gains or nothing changes."""
    told = engine.solve(engine.everything)
    if told.profit == engine.solve(frozenset()).profit:
        return []
    least = max(abs(told.profit) * LEAST_SHARE, Decimal(1))
    tried = [*_prices(engine), *_orders(shop, engine, told), *_suppliers(shop, engine, told)]
    found = sorted(
        (one for one in tried if one.gain >= least),
        key=lambda one: (one.answers < least, -(one.answers if one.answers >= least else one.gain), one.sku),
    )
    return list({one.kind: one for one in reversed(found)}.values())[::-1]


def _prices(engine: Engine) -> Iterator[Move]:
    """Price moves by gain that hold when demand answers a little more or less."""
    base, usual, told = engine.base, engine.solve(frozenset()), engine.solve(engine.everything)
    change: dict[tuple[str, str], float] = {}
    for at, one in enumerate(base.markets):
        place = (one.sku, one.country)
        change[place] = change.get(place, 0.0) + float(told.by_row[at] - usual.by_row[at])
    hit = sorted((place for place in change if change[place]), key=lambda place: (-abs(change[place]), place))
    fixed = {name for lever in engine.levers if lever.name in ("price", "promotion") for name in lever.names("sku")}
    everything = any(lever.name in ("price", "promotion") and not lever.names("sku") for lever in engine.levers)
    found = []
    for sku, land in hit[:MOST_PLACES]:
        if sku in fixed or everything:
            continue
        for step in STEPS:
            lever = _price_lever(sku, land, step, base.horizon)
            gain = _gain(engine, lever)
            if gain is not None and gain > 0:
                found.append((gain, sku, land, step))
    for gain, sku, land, step in sorted(found, key=lambda one: -one[0]):
        lever = _price_lever(sku, land, step, base.horizon)
        if all(_holds(engine, lever, way) for way in (-1.0, 1.0)):
            alone = engine.more([lever])
            n = len(engine.levers)
            anyway = alone.solve(frozenset({n})).profit - alone.solve(frozenset()).profit
            yield Move("price", sku, gain, anyway, country=land, change_pct=step)


def _price_lever(sku: str, land: str, step: Decimal, horizon: int) -> Lever:
    return Lever("price", Amount("percent", step), (("sku", sku), ("country", land)), 0, horizon - 1)


def _gain(engine: Engine, lever: Lever) -> Decimal | None:
    """Profit more than the scenario's; None where a unit would bring nothing."""
    other = engine.more([lever])
    now = frozenset(n for n in other.everything if other.levers[n].last == other.base.horizon - 1)
    for at, one in enumerate(other.base.markets):
        mine = one.sku in lever.names("sku") and one.country in lever.names("country")
        if mine and float(other.units.row(at, now)[0].sum()) <= 0:
            return None
    return other.solve(other.everything).profit - engine.solve(engine.everything).profit


def _holds(engine: Engine, lever: Lever, way: float) -> bool:
    base = engine.base
    answer = np.minimum(base.response + way * base.response_sd, 0.0)
    shaken = Engine(replace(base, response=answer), engine.levers, engine.bought, engine.units)
    other = shaken.more([lever])
    return other.solve(other.everything).profit > shaken.solve(shaken.everything).profit


def _orders(shop: Shop, engine: Engine, told: Outcome) -> Iterator[Move]:
    """Goods ordered today for shelves that run out, worth what they let sell less what they cost beyond the usual."""
    base = engine.base
    shelves = sorted(told.short, key=lambda cell: -float(told.lost[cell].sum() * _worth(engine, told, cell)))
    times = lead_times(shop)
    out = {name for lever in engine.levers if lever.name == "supplier_out" for name in lever.names("supplier")}
    found = []
    for cell in shelves[:MOST_SHELVES]:
        sku, house = base.cells[cell]
        offers = [one for one in offers_for(shop, sku, house, times) if one.offer.supplier not in out]
        for place, source in enumerate(offers[:MOST_OFFERS]):
            move = _order(shop, engine, told, cell, source, place > 0 or bool(out))
            if move is not None:
                found.append(move)
    yield from sorted(found, key=lambda one: -one.gain)


def _order(shop: Shop, engine: Engine, told: Outcome, cell: int, source: Source, other: bool) -> Move | None:
    base = engine.base
    sku, house = base.cells[cell]
    missed = float(told.lost[cell, source.took :].sum())
    quantity = max(math.ceil(missed), source.offer.least)
    if missed < 1 or quantity > LARGEST_ORDER * missed:
        return None
    n = len(engine.levers)
    lever = Lever(
        "purchase", Amount("units", Decimal(quantity)), (("sku", sku), ("warehouse", house)), 0, base.horizon - 1
    )
    bought = Purchase(n, cell, quantity, 0, source.took, source.offer.supplier, source.unit)
    more = engine.more([lever], [bought])
    then = more.solve(more.everything)
    unit = unit_landed(shop, sku, house, source.offer, quantity)
    usual = _usual_cost(engine, cell)
    dearer = (
        (unit - usual) * Decimal(repr(float(told.lost[cell].sum() - then.lost[cell].sum()))) if unit and usual else 0
    )
    anyway = more.solve(frozenset({n})).profit - more.solve(frozenset()).profit
    gain = then.profit - told.profit - rounded(Decimal(dearer), base.base)
    return Move(
        "supplier" if other else "order", sku, gain, anyway, warehouse=house, quantity=quantity,
        supplier=source.offer.supplier, took=source.took,
    )  # fmt: skip


def _suppliers(shop: Shop, engine: Engine, told: Outcome) -> Iterator[Move]:
    """Buying a SKU from another supplier from now on, where the levers make the goods dearer."""
    base = engine.base
    costly = [n for n, lever in enumerate(engine.levers) if lever.name in ("unit_cost", "fx", "duty", "freight")]
    if not costly:
        return
    general = frozenset(n for n in costly if not engine.levers[n].names("supplier"))
    times = lead_times(shop)
    shelf_rows: dict[int, list[int]] = {}
    for at, cell in enumerate(base.cell_of):
        if cell >= 0:
            shelf_rows.setdefault(int(cell), []).append(at)
    spent = {
        cell: float(told.sold[rows].sum() * -engine.units.row(rows[0], frozenset(costly))[0][PLACE["landed_cost"]])
        for cell, rows in shelf_rows.items()
    }
    found = []
    for cell in sorted(spent, key=lambda one: -spent[one])[:MOST_SHELVES]:
        sku, house = base.cells[cell]
        rows = shelf_rows[cell]
        now = _landed(engine, rows[0], frozenset(costly))
        before, common = _landed(engine, rows[0], frozenset()), _landed(engine, rows[0], general)
        for source in offers_for(shop, sku, house, times)[1 : 1 + MOST_OFFERS]:
            units = float(told.sold[rows][:, source.took :].sum())
            quantity = max(math.ceil(units), source.offer.least)
            unit = unit_landed(shop, sku, house, source.offer, quantity)
            if unit is None or units < 1 or quantity > LARGEST_ORDER * units or before <= 0:
                continue
            gain = (now - float(unit) * common / before) * units
            anyway = (before - float(unit)) * units
            found.append(
                Move(
                    "supplier", sku, _coins(gain, base.base), _coins(anyway, base.base), warehouse=house,
                    quantity=quantity, supplier=source.offer.supplier, took=source.took,
                )
            )  # fmt: skip
    yield from sorted(found, key=lambda one: -one.gain)


def _coins(value: float, currency: str) -> Decimal:
    return rounded(Decimal(repr(float(value))), currency)


def _landed(engine: Engine, at: int, active: frozenset[int]) -> float:
    return -float(engine.units.row(at, active)[0][PLACE["landed_cost"]])


def _usual_cost(engine: Engine, cell: int) -> Decimal | None:
    row = next((at for at, one in enumerate(engine.base.cell_of) if one == cell), None)
    if row is None:
        return None
    found = engine.base.markets[row]
    return found.landed * found.rate if found.landed is not None else None


def _worth(engine: Engine, told: Outcome, cell: int) -> float:
    """What a unit of the shelf brings, on average over what it sells."""
    rows = np.flatnonzero(engine.base.cell_of == cell)
    asked = told.asked[rows].sum(axis=1)
    each = np.array([float(engine.units.row(int(at), engine.everything)[0].sum()) for at in rows])
    return float((each * asked).sum() / max(asked.sum(), 1e-9)) if len(rows) else 0.0
