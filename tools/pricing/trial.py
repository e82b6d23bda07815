"""A safe price test where the price never moved: which price, for how many weeks, with how much stock.

The places of a SKU change over every week between today's price and the test price, half of them starting with each, so
that a week's luck hits both. The elasticity is then the difference of mean log sales over the difference of log prices;
its standard error is 2 s / (d sqrt(n)) over n weeks with weekly noise s (log) and step d (log); precisions of places add
up. Weeks are those of a one-sided test at 10% with power 80% (Cohen 1988) for a difference as large as the one expected
between the elasticity and the one at which the step pays exactly.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.pricing.charm import charmed
from tools.pricing.curve import curve, draws
from tools.pricing.floor import keeps
from tools.pricing.places import Key, Place
from tools.pricing.shelf import Cell, Shelf

Floats = NDArray[np.float64]
TRIAL_STEPS = (Decimal("0.10"), Decimal("0.15"), Decimal("0.20"))
LEAST_STEP = 0.03
WEEKS_SEEN = 26
LEAST_WEEKS, MOST_WEEKS = 4, 26
POWER, ERROR = 0.8, 0.10
Z = NormalDist().inv_cdf(POWER) + NormalDist().inv_cdf(1 - ERROR)
MAD = 1.4826
LOWEST_ELASTICITY, HIGHEST_ELASTICITY = -12.0, 2.0
SURE = 1.2816  # of demand: the stock suffices nine times in ten


@dataclass(frozen=True)
class Arm:
    """A place of a test: its test price, weekly noise of log sales, and units a week at today's price."""

    place: Place
    price: Decimal
    noise: float
    weekly: float


@dataclass(frozen=True)
class Trial:
    """A test of one SKU. `weeks` it needs; more than half a year means its sales are too few to tell.

    `units` it sells at most nine times in ten, `missing` how many of them neither lie nor arrive in time where it ships
    from. `break_even` is the elasticity at which the step neither gains nor loses, `expected` what is expected.
    """

    sku: str
    arms: tuple[Arm, ...]
    weeks: int
    units: float
    missing: float
    break_even: float
    expected: float

    @property
    def worthwhile(self) -> bool:
        """Whether it can tell within half a year."""
        return self.weeks <= MOST_WEEKS


def trials(
    shop: Shop, untried: Collection[Place], chosen: Mapping[Key, Decimal], floor: Decimal,
    shelves: Mapping[Cell, Shelf], shelf_of: Mapping[Key, Cell],
) -> list[Trial]:  # fmt: skip
    """A test for each SKU with untried places, of a step towards the chosen price, else upwards; never below the floor.

    The smallest step that can tell within half a year, else the largest.
    """
    noise = weekly_noise(shop, [place.key for place in untried])
    by_sku: dict[str, list[Place]] = defaultdict(list)
    for place in untried:
        by_sku[place.key[0]].append(place)
    found = []
    for sku, places in sorted(by_sku.items()):
        best: Trial | None = None
        for step in TRIAL_STEPS:
            arms = []
            for place in places:
                price = trial_price(place, chosen.get(place.key, place.price), floor, step)
                if price is not None:
                    arms.append(arm(place, price, noise.get(place.key, 0.0)))
            if arms:
                best = designed(sku, arms, shelves, shelf_of)
            if best is not None and best.worthwhile:
                break
        found += [best] if best is not None else []
    return found


def arm(place: Place, price: Decimal, noise: float) -> Arm:
    """An arm whose weeks scatter at least as counts do."""
    weekly = float(place.units.sum()) / len(place.units) * 7
    return Arm(place, price, max(noise, 1 / math.sqrt(max(weekly, 1.0))), weekly)


def trial_price(place: Place, towards: Decimal, floor: Decimal, step: Decimal) -> Decimal | None:
    """The usual price furthest from today's within a step, on the side of `towards`, that keeps the floor."""
    low, high = place.price * (1 - step), place.price * (1 + step)
    usual = [
        price
        for price in charmed(low, high, place.market.currency, place.ending)
        if keeps(place.market, price, floor) and abs(math.log(float(price / place.price))) >= LEAST_STEP
    ]
    up, down = [p for p in usual if p > place.price], [p for p in usual if p < place.price]
    sides = (down, up) if towards < place.price else (up, down)
    best = [max(up) if side is up else min(down) for side in sides if side]
    return best[0] if best else None


def designed(
    sku: str, arms: Sequence[Arm], shelves: Mapping[Cell, Shelf], shelf_of: Mapping[Key, Cell]
) -> Trial:  # fmt: skip
    """Weeks and stock for the arms together."""
    information = sum((_step(arm) / (2 * arm.noise)) ** 2 for arm in arms)
    weights = np.array([(_step(arm) / arm.noise) ** 2 for arm in arms])
    even = float(np.average([break_even(arm.place, arm.price) for arm in arms], weights=weights))
    expected = float(np.average([arm.place.elasticity.mean for arm in arms], weights=weights))
    doubt = float(np.average([arm.place.elasticity.sd for arm in arms], weights=weights))
    far = max(abs(expected - even), doubt, 1e-6)
    weeks = max(2 * math.ceil(Z**2 / (far**2 * information) / 2), LEAST_WEEKS)
    wanted: dict[Cell | None, list[float]] = defaultdict(list)
    for arm in arms:
        more = float(np.maximum((float(arm.price / arm.place.price)) ** draws(arm.place.elasticity), 1.0).mean())
        wanted[shelf_of.get(arm.place.key)].append(arm.weekly * weeks * (1 + more) / 2)
    needs = {cell: sum(units) + SURE * math.sqrt(sum(units)) for cell, units in wanted.items()}
    missing = sum(
        max(units - shelves[cell].free - shelves[cell].arriving, 0.0)
        for cell, units in needs.items()
        if cell is not None
    )
    return Trial(sku, tuple(arms), weeks, sum(needs.values()), missing, even, expected)


def break_even(place: Place, price: Decimal) -> float:
    """The elasticity at which a place earns as much at the price as today."""
    both = curve(place, (place.price, price))
    now, then = float(both.earned[0]), float(both.earned[1])
    if now <= 0 or then <= 0:
        return LOWEST_ELASTICITY if then > now else HIGHEST_ELASTICITY
    found = math.log(now / then) / math.log(float(price / place.price))
    return min(max(found, LOWEST_ELASTICITY), HIGHEST_ELASTICITY)


def weekly_noise(shop: Shop, keys: Collection[Key]) -> dict[Key, float]:
    """Standard deviation of log units of a week around a slowly moving level, from differences of neighbouring weeks.

    The median absolute difference, so that a sale or an empty shelf does not count.
    """
    first = shop.as_of - timedelta(days=WEEKS_SEEN * 7 - 1)
    wanted = set(keys)
    units: dict[Key, Floats] = {key: np.zeros(WEEKS_SEEN) for key in wanted}
    for sku, country, channel, week, sold in shop.rows(
        "SELECT l.sku, o.country, o.channel, date_diff('day', ?::DATE, o.ordered_at::DATE) // 7, sum(l.quantity)::DOUBLE "
        "FROM orders o JOIN order_lines l USING (order_id) WHERE coalesce(o.status, 'paid') <> 'cancelled' "
        "AND l.quantity > 0 AND o.ordered_at::DATE BETWEEN ? AND ? AND list_contains(?::VARCHAR[], l.sku) GROUP BY ALL",
        [first, first, shop.as_of, sorted({key[0] for key in wanted})],
    ):
        key = (str(sku), str(country), str(channel))
        if key in wanted:
            units[key][int(week)] += float(sold)
    return {key: scatter(sold) for key, sold in units.items()}


def scatter(sold: Floats) -> float:
    """The noise of one series of weekly units, from its first sale on; 0 with fewer than four differences."""
    some = np.flatnonzero(sold)
    if not len(some):
        return 0.0
    apart = np.diff(np.log(sold[some[0] :] + 0.5))
    return float(MAD * np.median(np.abs(apart)) / math.sqrt(2)) if len(apart) >= LEAST_WEEKS else 0.0


def ends(start: date, test: Trial) -> date:
    """The day a test that starts on `start` is over."""
    return start + timedelta(weeks=test.weeks)


def _step(arm: Arm) -> float:
    return abs(math.log(float(arm.price / arm.place.price)))
