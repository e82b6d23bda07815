"""Everything one shelf's decision stands on, read from the books once for all of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.fulfillment.books import Held
from tools.replenishment.plan_demand import Shelf, futures
from tools.replenishment.plan_lead_times import LeadTimes, OpenOrder
from tools.replenishment.plan_offers import Offer, Sources
from tools.replenishment.plan_options import Case, Way
from tools.replenishment.plan_shelf_life import Delivery, ages
from tools.replenishment.simulate import Batch, World

Floats = NDArray[np.float64]
Cell = tuple[str, str]
INTERVAL_DAYS = 28
SHORTEST_INTERVAL, LONGEST_INTERVAL = 14, 60
TAIL_DAYS = 56
LEAST_LIFE = 1


class Money(Protocol):
    """What units cost and earn, in base currency; None where the books do not tell."""

    def earned(self, sku: str, warehouse: str) -> float | None:
        """What a sold unit leaves before its own landed cost."""

    def holding(self, sku: str, warehouse: str) -> float:
        """What a unit on the shelf costs a day."""

    def unit_cost(self, offer: Offer, warehouse: str, mode: str | None = None) -> Callable[[int], float] | None:
        """Landed cost of a unit at a quantity, by the cheapest way of freight unless `mode` is said."""


@dataclass(frozen=True)
class Position:
    """One SKU in one warehouse: stock, what is coming, what is asked for, and how it could be ordered.

    `faster` are the same offers by a faster way. `case` has no ways where nothing can be ordered; `why_not` says why: no_offer, no_usable_offer, no_price, no_cost.
    """

    sku: str
    warehouse: str
    free: int
    shelf: Shelf | None
    inbound: tuple[tuple[OpenOrder, float], ...]
    batches: tuple[Batch, ...]
    case: Case
    faster: tuple[Way, ...]
    why_not: str | None

    @property
    def coming(self) -> int:
        """Units on their way."""
        return sum(order.units for order, _ in self.inbound)


def intervals(shop: Shop, skus: Sequence[str]) -> dict[Cell, int]:
    """The usual days between two orders of a SKU for a warehouse, where it was ordered three times or more."""
    days: dict[Cell, list[date]] = {}
    for sku, house, day in shop.rows(
        "SELECT DISTINCT sku, warehouse, ordered_on FROM purchase_orders "
        "WHERE coalesce(status, 'open') <> 'cancelled' AND ordered_on <= ? AND list_contains(?::VARCHAR[], sku) "
        "ORDER BY 1, 2, 3",
        [shop.as_of, list(skus)],
    ):
        days.setdefault((str(sku), str(house)), []).append(day)
    usual = {
        cell: median((later - day).days for day, later in pairwise(on)) for cell, on in days.items() if len(on) >= 3
    }
    return {cell: int(min(max(gap, SHORTEST_INTERVAL), LONGEST_INTERVAL)) for cell, gap in usual.items()}


@dataclass(frozen=True)
class Books:
    """What was read, by SKU or by SKU and warehouse."""

    stock: Held
    times: LeadTimes
    sources: Mapping[str, Sources]
    open_orders: Mapping[Cell, Sequence[OpenOrder]]
    deliveries: Mapping[Cell, Sequence[Delivery]]
    intervals: Mapping[Cell, int]
    packs: Mapping[str, int]
    lives: Mapping[str, int]


def position(
    cell: Cell, books: Books, shelf: Shelf | None, money: Money, days: int, scenarios: int
) -> Position:  # fmt: skip
    """Put one shelf together; scenarios are drawn by SKU and warehouse alone, so that answers repeat."""
    sku, house = cell
    free = books.stock.free.get(cell, 0)
    demand = np.zeros((scenarios, days)) if shelf is None else futures(sku, house, shelf, scenarios)[:, :days]
    chance = np.random.default_rng(zlib.crc32(f"{house}\n{sku}\ntimes".encode())).random((scenarios, 2))
    inbound, arrivals = _arrivals(books, cell, chance, demand.shape)
    travel = _travel(books, cell)
    life = books.lives.get(sku)
    usable = None if life is None else max(int(life - travel), LEAST_LIFE)
    batches: tuple[Batch, ...] = ()
    if usable is not None:
        batches = ages(free, books.deliveries.get(cell, ()), usable, books.times.as_of)
        if batches or not free:
            batches += tuple(Batch(float(order.units), int(in_days) - 1 + usable) for order, in_days in inbound)
    world = World(float(free), demand, arrivals, batches)
    ways, faster, earned, why_not = _ways(cell, books, money, chance)
    rate = float(shelf.mean[-TAIL_DAYS:].mean()) if shelf is not None else 0.0
    case = Case(
        world, ways, earned or 0.0, money.holding(sku, house) if ways else 0.0,
        books.intervals.get(cell, INTERVAL_DAYS), rate, books.packs.get(sku, 1), usable,
    )  # fmt: skip
    return Position(sku, house, free, shelf, inbound, batches, case, faster, why_not)


def _arrivals(
    books: Books, cell: Cell, chance: Floats, shape: tuple[int, ...]
) -> tuple[tuple[tuple[OpenOrder, float], ...], Floats]:  # fmt: skip
    """Open orders with their median days until they come, and units by scenario and day."""
    arrivals = np.zeros(shape)
    found = []
    rows = np.arange(shape[0])
    for number, order in enumerate(books.open_orders.get(cell, ())):
        turned = np.roll(chance, number * 7, axis=0)  # two orders of one supplier are not late by the same draw
        days = np.ceil(books.times.arrival(order, turned))
        found.append((order, float(np.median(days))))
        inside = days <= shape[1]
        np.add.at(arrivals, (rows[inside], days[inside].astype(np.int64) - 1), float(order.units))
    return tuple(sorted(found, key=lambda one: one[1])), arrivals


def _travel(books: Books, cell: Cell) -> float:
    """Days goods travel to the warehouse from the supplier they usually come from."""
    ways = [
        books.times.transit(offer, cell[1])
        for offer in (books.sources[cell[0]].usable if cell[0] in books.sources else ())
    ]
    return min((way.days for way in ways if way is not None), default=0.0)


def _ways(
    cell: Cell, books: Books, money: Money, chance: Floats
) -> tuple[tuple[Way, ...], tuple[Way, ...], float | None, str | None]:  # fmt: skip
    sku, house = cell
    known = books.sources.get(sku)
    if known is None:
        return (), (), None, "no_offer"
    if not known.usable:
        return (), (), None, "no_usable_offer"
    earned = money.earned(sku, house)
    if earned is None:
        return (), (), None, "no_price"
    ways, faster = [], []
    for offer in known.usable:
        cost = money.unit_cost(offer, house)
        if cost is not None:
            ways.append(Way(offer, books.times.spent(offer, house, chance), cost))
        fast = books.times.faster(offer, house)
        dear = money.unit_cost(offer, house, fast.mode) if fast is not None else None
        if fast is not None and dear is not None:
            faster.append(Way(offer, books.times.spent(offer, house, chance, fast), dear, fast.mode))
    return tuple(ways), tuple(faster), earned, None if ways else "no_cost"
