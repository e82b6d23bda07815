"""Stock behind the prices: too little to sell before goods can come, or more than sells while it is good."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from shop.costs import holding_cost_per_day
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.fulfillment.books import held, home, inbound, serving
from tools.pricing.places import HORIZON, Key, Place

Floats = NDArray[np.float64]
Cell = tuple[str, str]
NO_OFFER_DAYS = 45
TRANSIT_DAYS = 21  # where the books have no freight rate to the warehouse


@dataclass(frozen=True)
class Shelf:
    """A SKU in a warehouse. `free` units now, `coming` in `window` days, the days before a new order can arrive;
    `arriving` within the horizon. `asked` units at today's prices in the window, `asked_horizon` in the horizon.
    `expiring` units will be unsold when their time is over at today's prices; `credit` is what a further unit sold now
    saves in the base currency: its keep, or its whole cost where it would expire."""

    sku: str
    warehouse: str
    free: float
    coming: float
    arriving: float
    window: int
    asked: float
    asked_horizon: float
    expiring: float
    credit: float

    @property
    def scarce(self) -> bool:
        """Whether demand at today's prices empties it before a new order can arrive."""
        return self.asked > self.free + self.coming

    @property
    def excess(self) -> float:
        """Units that are left after the horizon at today's prices."""
        return max(self.free + self.arriving - self.asked_horizon, 0.0)


def shelves(shop: Shop, places: Collection[Place]) -> tuple[dict[Cell, Shelf], dict[Key, Cell]]:
    """The shelf of each place by SKU and warehouse; both empty without stock in the books."""
    skus = sorted({one.key[0] for one in places})
    stock = held(shop, skus) if skus else None
    if stock is None:
        return {}, {}
    serves = serving(shop)
    of: dict[Key, Cell] = {}
    asked: dict[Cell, Floats] = {}
    for one in places:
        sku, country, _ = one.key
        house = one.market.warehouse
        if house is None or (sku, house) not in stock.free:
            house = home(country, sku, serves, stock)
        if house is None:
            continue
        of[one.key] = (sku, house)
        asked[sku, house] = asked.get((sku, house), np.zeros(HORIZON)) + one.units
    goods = inbound(shop, skus)
    leads = _lead_days(shop, skus)
    expiring = _expiring(shop, stock.free, asked)
    found = {}
    for cell, path in sorted(asked.items()):
        window = min(leads.get(cell, leads.get((cell[0], ""), NO_OFFER_DAYS + TRANSIT_DAYS)), HORIZON)
        coming = sum(one.units for one in goods.get(cell, ()) if one.arrives <= shop.as_of + timedelta(days=window))
        arriving = sum(one.units for one in goods.get(cell, ()) if one.arrives <= shop.as_of + timedelta(days=HORIZON))
        free = float(stock.free[cell])
        shelf = Shelf(
            *cell, free, coming, arriving, window, float(path[:window].sum()), float(path.sum()),
            expiring.get(cell, 0.0), 0.0,
        )  # fmt: skip
        found[cell] = _with_credit(shop, shelf, [place for place in places if of.get(place.key) == cell])
    return found, of


def _with_credit(shop: Shop, shelf: Shelf, places: Sequence[Place]) -> Shelf:
    """A unit that would expire is worth its cost, one that would lie beyond the horizon its keep until it sells."""
    from dataclasses import replace

    market = places[0].market
    landed = float((market.landed or 0) * market.rate)
    if shelf.expiring >= 1:
        return replace(shelf, credit=landed)
    if shelf.excess <= 0 or shelf.asked_horizon <= 0:
        return shelf
    try:
        keep = float(holding_cost_per_day(shop, shelf.sku, shelf.warehouse))
    except ShopError:
        return shelf
    longer = shelf.excess / (shelf.asked_horizon / HORIZON)
    return replace(shelf, credit=min(keep * longer, landed))


def _lead_days(shop: Shop, skus: Sequence[str]) -> dict[Cell, int]:
    """Days until a new order can lie on a shelf: the quickest offer and the quickest usual way to the warehouse."""
    transit = {
        str(house): float(days)
        for house, days in shop.rows(
            "SELECT destination, min(transit_days) FROM freight_rates "
            "WHERE effective_from <= ? AND lower(mode) <> 'express' GROUP BY 1",
            [shop.as_of],
        )
    }
    houses = shop.vocabulary.warehouses
    found: dict[Cell, int] = {}
    for sku, days in shop.rows(
        "SELECT sku, min(lead_time_days) FROM supplier_offers WHERE list_contains(?::VARCHAR[], sku) GROUP BY 1",
        [list(skus)],
    ):
        for house in houses:
            found[str(sku), house] = int(np.ceil(float(days) + transit.get(house, TRANSIT_DAYS)))
    return found


def _expiring(shop: Shop, free: dict[Cell, int], asked: dict[Cell, Floats]) -> dict[Cell, float]:
    from tools.replenishment.plan_shelf_life import ages, deliveries, unsold

    lives = {
        str(sku): int(days)
        for sku, days in shop.rows(
            "SELECT sku, shelf_life_days FROM products WHERE shelf_life_days > 0 AND list_contains(?::VARCHAR[], sku)",
            [sorted({sku for sku, _ in asked})],
        )
    }
    if not lives:
        return {}
    came = deliveries(shop, sorted(lives))
    found = {}
    for cell, path in asked.items():
        if cell[0] in lives:
            batches = ages(free[cell], came.get(cell, ()), lives[cell[0]], shop.as_of)
            left = unsold(batches, path, float(path.mean()), shop.as_of)
            found[cell] = left.units if left is not None else 0.0
    return found
