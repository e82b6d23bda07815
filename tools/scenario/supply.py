"""Goods on the way under the levers: later or sooner, cut off, or bought on top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shop.costs import landed_cost
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.messages import refusal
from tools.replenishment.plan_lead_times import LeadTimes, lead_times
from tools.replenishment.plan_offers import Offer, sources
from tools.scenario.baseline import Arrival, Baseline
from tools.scenario.lever import Lever

Floats = NDArray[np.float64]
MIDDLE = np.array([[0.5, 0.5]])


@dataclass(frozen=True)
class Purchase:
    """Units bought for a cell, there on day `day` (0 is tomorrow) `took` days after the order on day `placed`.

    `lever` is the place of the lever that buys them; `unit` the landed cost of one in base currency.
    """

    lever: int
    cell: int
    units: int
    placed: int
    took: int
    supplier: str
    unit: Decimal | None

    @property
    def day(self) -> int:
        """The day the goods are there."""
        return self.placed + self.took


def arrivals(base: Baseline, levers: Sequence[Lever], bought: Sequence[Purchase] = ()) -> Floats:
    """Units that come in by cell and day."""
    came = np.zeros((len(base.cells), base.horizon))
    if not base.cells:
        return came
    for one in base.arrivals:
        day = _day(base, one, levers)
        if day is not None and day < base.horizon:
            came[one.cell, day] += one.units
    for order in bought:
        if cut_off(order.supplier, order.day, levers):
            continue
        day = order.placed + _way(base, order.cell, order.supplier).took(order.took, order.placed, levers)
        if day < base.horizon:
            came[order.cell, day] += order.units
    return came


def _day(base: Baseline, one: Arrival, levers: Sequence[Lever]) -> int | None:
    if cut_off(one.supplier, one.day, levers):
        return None
    took = one.day + 1 + one.ordered_before
    return max(one.day + _way(base, one.cell, one.supplier).took(took, one.day, levers) - took, 0)


def cut_off(supplier: str, day: int, levers: Sequence[Lever]) -> bool:
    """Whether goods of a supplier due on that day do not come."""
    return any(
        lever.name == "supplier_out" and supplier in lever.names("supplier") and lever.first <= day <= lever.last
        for lever in levers
    )


@dataclass(frozen=True)
class Way:
    """Goods on their way: what, where to and from whom."""

    sku: str
    warehouse: str
    supplier: str
    category: str | None

    def took(self, took: int, day: int, levers: Sequence[Lever]) -> int:
        """Days from order to shelf of goods due on `day`: a percentage stretches the whole way, days add to it."""
        days = float(took)
        for lever in levers:
            if (
                lever.name == "lead_time"
                and lever.first <= day <= lever.last
                and lever.touches("sku", self.sku)
                and lever.touches("category", self.category)
                and lever.touches("warehouse", self.warehouse)
                and lever.touches("supplier", self.supplier)
            ):
                amount = lever.amount
                each = {"days": 1.0, "weeks": 7.0}.get(amount.measure)
                days = days + each * float(amount.value) if each else days * float(amount.factor)
        return max(math.ceil(days - 1e-9), 1)


def _way(base: Baseline, cell: int, supplier: str) -> Way:
    sku, house = base.cells[cell]
    return Way(sku, house, supplier, base.categories.get(sku))


@dataclass(frozen=True)
class Source:
    """A usable offer: days from order to the shelf and landed cost of a unit at the smallest order."""

    offer: Offer
    took: int
    unit: Decimal | None


def offers_for(shop: Shop, sku: str, house: str, times: LeadTimes | None = None) -> list[Source]:
    """The usable offers of a SKU for a warehouse, the supplier last bought from first, then by landed cost."""
    known = sources(shop, [sku]).get(sku)
    if known is None:
        return []
    times = times or lead_times(shop)
    last = shop.rows(
        "SELECT supplier_id FROM purchase_orders WHERE sku = ? AND coalesce(status, 'open') <> 'cancelled' "
        "ORDER BY warehouse = ? DESC, ordered_on DESC, po_id DESC LIMIT 1",
        [sku, house],
    )
    usual = str(last[0][0]) if last else ""
    found = []
    for offer in known.usable:
        took = math.ceil(times.spent(offer, house, MIDDLE).mean_days)
        found.append(Source(offer, took, unit_landed(shop, sku, house, offer, offer.least)))
    return sorted(
        found, key=lambda one: (one.offer.supplier != usual, one.unit or Decimal("Infinity"), one.offer.supplier)
    )


def unit_landed(shop: Shop, sku: str, house: str, offer: Offer, quantity: int) -> Decimal | None:
    """Landed cost of a unit of an offer at a quantity, in base currency; None where the cost model has none."""
    try:
        return landed_cost(shop, sku, house, None, max(quantity, offer.least), offer.supplier).exact
    except ShopError:
        return None


def purchases(shop: Shop, base: Baseline, levers: Sequence[Lever]) -> list[Purchase]:
    """The goods that purchase levers buy: to the warehouse that was said, else the one with most demand of the SKU.

    Raises ToolError when the SKU lies in no warehouse, or the supplier has no usable offer.
    """
    found = []
    for at, lever in enumerate(levers):
        if lever.name != "purchase":
            continue
        (sku,) = lever.names("sku")
        cell = _cell(base, sku, lever.names("warehouse"))
        if cell is None:
            raise refusal("errors.no_stock_of", skus=sku)
        named = lever.names("supplier")
        offers = [one for one in offers_for(shop, *base.cells[cell]) if not named or one.offer.supplier in named]
        if not offers:
            raise refusal("errors.scenario_no_offer", sku=sku)
        best, units = offers[0], int(lever.amount.value)
        unit = unit_landed(shop, *base.cells[cell], best.offer, units)
        found.append(Purchase(at, cell, units, lever.first, best.took, best.offer.supplier, unit))
    return found


def _cell(base: Baseline, sku: str, houses: frozenset[str]) -> int | None:
    asked = np.zeros(len(base.cells))
    here = base.cell_of >= 0
    np.add.at(asked, base.cell_of[here], base.demand[here].sum(axis=1))
    cells = [at for at, cell in enumerate(base.cells) if cell[0] == sku and (not houses or cell[1] in houses)]
    return max(cells, key=lambda at: (asked[at], -at), default=None)
