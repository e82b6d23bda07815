"""The decision: for each place the price with the most expected profit (or revenue, or stock sold) inside hard limits.

Since nobody knows the elasticity, what counts is the expectation over its draws less a multiple of the regret: the root
mean square of what the best price for each draw would have earned more (Bell 1982, Operations Research 30(5)). That
keeps a price from being staked on one end of a wide interval. The multiple is set on demo shops' truth
(benchmarks/price_decisions.py): the worst miss shrinks and the mean hardly moves between 0.5 and 2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.pricing.charm import charmed, first_from
from tools.pricing.curve import Curve, curve
from tools.pricing.floor import Needed, keeps, needed
from tools.pricing.ladder import Limits, Rung, climb, limits
from tools.pricing.places import HORIZON, Book, Key, Place
from tools.pricing.shelf import Cell, Shelf

Floats = NDArray[np.float64]
Goal = Literal["profit", "revenue", "clear_stock"]
STEP = Decimal("0.10")
CLEAR_STEP = Decimal("0.30")
LEAST_GAIN = 0.005  # of today's profit: less is not worth a new price tag
SCARCITIES = 9
REGRET = 2.0


@dataclass(frozen=True)
class Choice:
    """What to ask in a place. `at` is the chosen price's position on the curve, None where no price keeps the floor.

    `below_floor`: today's price breaks the floor, with what it would need. `far`: the floor starts beyond the usual step.
    `held_back`: another price would be best but for the ladder. `gain` are draws of profit (or revenue) over the horizon
    against today's price.
    """

    place: Place
    curve: Curve | None
    at: int | None
    below_floor: Needed | None
    far: bool
    held_back: bool
    gain: Floats

    @property
    def price(self) -> Decimal | None:
        """The price to ask, None where no price keeps the floor."""
        return None if self.curve is None or self.at is None else self.curve.prices[self.at]

    @property
    def beyond(self) -> bool:
        """Whether the price is so far from today's that nobody can tell what would still sell."""
        return self.price is not None and abs(self.price / self.place.price - 1) > CLEAR_STEP

    @property
    def changes(self) -> bool:
        """Whether it is another price than today's."""
        return self.price is not None and self.price != self.place.price


@dataclass(frozen=True)
class Solution:
    """All choices by place, the one that brings most first, the shelves, and SKUs whose floors force a ladder wider
    than set."""

    choices: dict[Key, Choice]
    shelves: dict[Cell, Shelf]
    shelf_of: dict[Key, Cell]
    torn: tuple[str, ...]


def solve(
    book: Book, floor: Decimal, goal: Goal, shelves: Mapping[Cell, Shelf], shelf_of: Mapping[Key, Cell]
) -> Solution:
    """Choose the prices of all places meant, SKU by SKU; those not meant keep theirs.

    The floor, in percent of net revenue after all costs, is never broken. Steps, competitors and the ladder between
    places give way to it.
    """
    by_sku: dict[str, list[Place]] = defaultdict(list)
    for key, place in book.places.items():
        by_sku[key[0]].append(place)
    choices: dict[Key, Choice] = {}
    torn = []
    for sku, places in sorted(by_sku.items()):
        if not any(place.key in book.asked for place in places):
            continue
        found, kept = _sku(places, book.asked, floor, goal, shelves, shelf_of)
        choices |= found
        torn += [] if kept else [sku]
    ranked = sorted(choices.items(), key=lambda item: (-_stake(item[1], goal), item[0]))
    return Solution(dict(ranked), dict(shelves), dict(shelf_of), tuple(torn))


def candidates(place: Place, floor: Decimal, goal: Goal) -> tuple[tuple[Decimal, ...], bool]:
    """Prices a place may ask, in order, and whether they begin beyond the usual step; empty where none keeps the floor.

    With a usual ending, within one step of today's price (only down when stock is to be cleared), no further outside the
    competitors' prices than today's (unless stock is to be cleared); or today's own. Where none of these keeps the
    floor, the first usual price that does.
    """
    step = CLEAR_STEP if goal == "clear_stock" else STEP
    low, high = place.price * (1 - step), place.price * (1 + step if goal != "clear_stock" else 1)
    if place.rivals is not None and goal != "clear_stock":
        low, high = max(low, min(place.rivals[0], place.price)), min(high, max(place.rivals[1], place.price))
    currency = place.market.currency
    found = sorted({*charmed(low, high, currency, place.ending), place.price})
    kept = tuple(price for price in found if keeps(place.market, price, floor))
    if kept:
        return kept, False
    need = needed(place.market, place.price, floor)
    if need.from_price is None:
        return (), False
    first = first_from(need.from_price, currency, place.ending)
    return (first if keeps(place.market, first, floor) else need.from_price,), True


def _sku(
    places: Sequence[Place], asked: frozenset[Key], floor: Decimal, goal: Goal,
    shelves: Mapping[Cell, Shelf], shelf_of: Mapping[Key, Cell],
) -> tuple[dict[Key, Choice], bool]:  # fmt: skip
    curves: list[Curve] = []
    far: dict[Key, bool] = {}
    hopeless = {}
    for place in places:
        if place.key not in asked:
            curves.append(curve(place, (place.price,)))
            continue
        prices, beyond = candidates(place, floor, goal)
        if not prices:
            hopeless[place.key] = needed(place.market, place.price, floor)
            curves.append(curve(place, (place.price,)))
            continue
        far[place.key] = beyond
        curves.append(curve(place, prices))
    allowed = limits([(one.place.key[1], _today(one)) for one in curves])
    chosen, kept, worths = _best(curves, allowed, goal, shelves, shelf_of)
    choices = {}
    for at, one in enumerate(curves):
        key = one.place.key
        if key in hopeless:
            choices[key] = Choice(one.place, None, None, hopeless[key], False, False, np.zeros(1))
        elif key in asked:
            choices[key] = _choice(one, chosen[at], worths[at], floor, goal, far[key])
    return choices, kept


def _best(
    curves: Sequence[Curve], allowed: Limits, goal: Goal, shelves: Mapping[Cell, Shelf], shelf_of: Mapping[Key, Cell]
) -> tuple[list[int], bool, list[Floats]]:
    """The ladder with the most worth in sum; where a shelf is short, its units are priced by what they are worth.

    The price of a short unit is found by trying: what counts is the worth of the ladder when no shelf sells more than
    it has. When stock is to be cleared all there is counts as all there will be.
    """
    mine = [shelves[cell] if (cell := shelf_of.get(one.place.key)) is not None else None for one in curves]
    most: dict[Cell, float] = {}
    for one, shelf in zip(curves, mine, strict=True):
        if shelf is not None and (shelf.scarce or goal == "clear_stock"):
            cell = (shelf.sku, shelf.warehouse)
            most[cell] = max(most.get(cell, 0.0), float(_each(one, goal, shelf).max()))
    scarcity = dict.fromkeys(most, 0.0)

    def tried(scarce: Mapping[Cell, float]) -> tuple[float, list[int], bool, list[Floats]]:
        worths = [_worth(one, goal, shelf, scarce) for one, shelf in zip(curves, mine, strict=True)]
        rungs = [Rung(one.place.key[1], one.level, worth) for one, worth in zip(curves, worths, strict=True)]
        chosen, kept = climb(rungs, allowed)
        return _total(curves, chosen, goal, mine) if most else 0.0, chosen, kept, worths

    best = tried(scarcity)
    for cell, highest in sorted(most.items()):
        for price in np.linspace(0.0, highest, SCARCITIES)[1:]:
            found = tried({**scarcity, cell: float(price)})
            if found[0] > best[0] + 1e-9:
                best, scarcity = found, {**scarcity, cell: float(price)}
    return best[1], best[2], best[3]


def _each(one: Curve, goal: Goal, shelf: Shelf | None) -> Floats:
    """What a further unit is worth at each price: goods to be cleared are paid for already."""
    if goal == "clear_stock":
        return np.maximum(one.earned + one.landed, 0.0)
    return one.net if goal == "revenue" else one.earned + (shelf.credit if shelf is not None else 0.0)


def _worth(one: Curve, goal: Goal, shelf: Shelf | None, scarcity: Mapping[Cell, float]) -> Floats:
    """Expected worth of each price over the horizon less its regret, a unit costing `scarcity` while its shelf is short.

    Today's price gets the least gain on top that a new price tag must bring.
    """
    ratio = one.ratio.mean(axis=1)
    sold, each = float(one.place.units.sum()), _each(one, goal, shelf)
    worth = ratio * sold * each
    if goal != "clear_stock":
        drawn = one.profit() if goal == "profit" else one.revenue()
        worth = worth - REGRET * np.sqrt(((drawn.max(axis=0) - drawn) ** 2).mean(axis=1))
    if one.today is not None and goal != "clear_stock":
        worth[one.today] += LEAST_GAIN * abs(float(ratio[one.today] * sold * each[one.today]))
    if shelf is not None and (short := scarcity.get((shelf.sku, shelf.warehouse))):
        worth = worth - short * ratio * float(one.place.units[: _days(shelf, goal)].sum())
    return np.asarray(worth, dtype=np.float64)


def _days(shelf: Shelf, goal: Goal) -> int:
    """Days for which the shelf has to do with what it has and what is on its way."""
    return HORIZON if goal == "clear_stock" else shelf.window if shelf.scarce else 0


def _total(curves: Sequence[Curve], chosen: Sequence[int], goal: Goal, mine: Sequence[Shelf | None]) -> float:
    """Worth of a ladder when a shelf that is asked for more than it has sells what it has, in equal shares."""
    wanted: dict[Cell, float] = defaultdict(float)
    for one, at, shelf in zip(curves, chosen, mine, strict=True):
        if shelf is not None:
            first = one.place.units[: _days(shelf, goal)]
            wanted[shelf.sku, shelf.warehouse] += float(one.ratio[at].mean()) * float(first.sum())
    total = 0.0
    for one, at, shelf in zip(curves, chosen, mine, strict=True):
        units = float(one.place.units.sum())
        if shelf is not None:
            asked = wanted[shelf.sku, shelf.warehouse]
            there = shelf.free + (shelf.arriving if goal == "clear_stock" else shelf.coming)
            part = min(there / asked, 1.0) if asked > 0 else 1.0
            units -= (1 - part) * float(one.place.units[: _days(shelf, goal)].sum())
        total += float(_each(one, goal, shelf)[at]) * float(one.ratio[at].mean()) * units
    return total


def _choice(one: Curve, at: int, worth: Floats, floor: Decimal, goal: Goal, far: bool) -> Choice:
    place = one.place
    today = curve(place, (place.price,))
    gain = one.revenue()[at] - today.revenue()[0] if goal == "revenue" else one.profit()[at] - today.profit()[0]
    kept = keeps(place.market, place.price, floor)
    return Choice(
        place, one, at, None if kept else needed(place.market, place.price, floor), far,
        float(worth.max() - worth[at]) > LEAST_GAIN * abs(float(worth[at])), gain,
    )  # fmt: skip


def _stake(one: Choice, goal: Goal) -> float:
    """What the choice brings: money, or units more where stock is to be cleared."""
    if goal != "clear_stock":
        return float(one.gain.mean())
    if one.curve is None or one.at is None:
        return 0.0
    return float(one.place.units.sum()) * (float(one.curve.ratio[one.at].mean()) - 1)


def _today(one: Curve) -> float:
    market = one.place.market
    return float(np.log(float(one.place.price * (1 - market.tax.share) * market.rate)))
