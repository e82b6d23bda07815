"""Where a SKU sells less than similar countries suggest, or is not offered at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.opportunities.market import YEAR_WEEKS, Market
from tools.opportunities.significance import discoveries, upper

Floats = NDArray[np.float64]
LEAST_UNITS = 26.0  # expected a year
LEAST_COUNTRY_UNITS = 100.0
LEAST_KNOWN_WEEKS = 26
FAR_BELOW = 0.65
LEAST_SPREAD = 0.15  # log, of a SKU's share between countries
SPREAD_OF_NORMAL = 1.4826


@dataclass(frozen=True)
class Reach:
    """A SKU in a country: units a year, what similar countries suggest, the log spread of that, and the peers."""

    sku: str
    country: str
    units: float
    expected: float
    spread: float
    offered: bool
    peers: tuple[str, ...]
    chance: float


def thin(market: Market, rate: float = 0.1) -> list[Reach]:
    """SKUs not offered where similar countries buy them, then SKUs far below their share there, beyond chance.

    Expected units are the odds of the SKU among all units in other countries, weighted by how alike the countries' mixes
    are (Gaussian of the root mean square of log odds, the SKU itself left out), times the other units of the country.
    The spread is estimated over all SKUs and countries (median absolute deviation).
    """
    skus = [sku for sku in market.items if _known(market, sku)]
    places = [
        place for place in market.countries if sum(market.year(sku, place) for sku in skus) >= LEAST_COUNTRY_UNITS
    ]
    if len(places) < 3 or len(skus) < 3:
        return []
    sold = np.array([[market.year(sku, place) for place in places] for sku in skus])
    odds = np.log((sold + 0.5) / (sold.sum(axis=0) - sold + 0.5))
    offered = np.array([[is_offered(market, sku, place) for place in places] for sku in skus])
    expected = np.full(sold.shape, np.nan)
    for s in range(len(skus)):
        for c in range(len(places)):
            others = [k for k in range(len(places)) if k != c and offered[s, k]]
            if len(others) >= 2:
                weight = _alike(odds, offered, s, c, others)
                expected[s, c] = np.exp(weight @ odds[s, others]) * (sold[:, c].sum() - sold[s, c])
    with np.errstate(invalid="ignore"):
        below = np.log(expected + 0.5) - np.log(sold + 0.5)
    seen = offered & ~np.isnan(below)
    if not seen.any():
        return []
    spread = max(SPREAD_OF_NORMAL * float(np.median(np.abs(below[seen]))), LEAST_SPREAD)
    order = np.argwhere(seen)
    noise = np.sqrt(spread**2 + 1 / (sold[seen] + 1))
    chances = discoveries(upper(below[seen] / noise, degrees=max(len(order) - len(skus), 4)))
    found = [
        Reach(
            skus[s], places[c], float(sold[s, c]), float(expected[s, c]), spread, True,
            _peers(places, offered, s, c), float(q),
        )
        for (s, c), q in zip(order, chances, strict=True)
        if q <= rate and expected[s, c] >= LEAST_UNITS and sold[s, c] < FAR_BELOW * expected[s, c]
    ]  # fmt: skip
    absent = [
        Reach(
            skus[s], places[c], float(sold[s, c]), float(expected[s, c]), max(spread, 0.3), False,
            _peers(places, offered, s, c), 0.0,
        )
        for s, c in np.argwhere(~offered & ~np.isnan(expected))
        if expected[s, c] >= LEAST_UNITS
    ]  # fmt: skip
    return sorted([*absent, *found], key=lambda one: (one.offered, one.units - one.expected, one.sku, one.country))


def is_offered(market: Market, sku: str, country: str) -> bool:
    """It has an asking price there, or sold within half a year."""
    if any((sku, country) == cell[:2] for cell in market.asking):
        return True
    series = market.sold.get((sku, country))
    return series is not None and bool(series[-YEAR_WEEKS // 2 :].any())


def closing(one: Reach, closed: Floats, draws: int, seed: int) -> Floats:
    """Draws of extra units a year when part of the distance is closed."""
    random = np.random.default_rng(seed)
    could = one.expected * np.exp(random.normal(0, one.spread, draws))
    return np.asarray(np.maximum(could - one.units, 0) * closed, dtype=np.float64)


def _known(market: Market, sku: str) -> bool:
    days = [(market.as_of - day).days for (name, _), day in market.first.items() if name == sku]
    return bool(days) and max(days) >= LEAST_KNOWN_WEEKS * 7


def _alike(odds: Floats, offered: NDArray[np.bool_], s: int, c: int, others: Sequence[int]) -> Floats:
    rest = [k for k in range(len(odds)) if k != s]
    distance = np.array([
        float(np.sqrt(np.mean([(odds[k, c] - odds[k, o]) ** 2 for k in rest if offered[k, c] and offered[k, o]] or [0.0])))
        for o in others
    ])  # fmt: skip
    width = max(float(np.median(distance)), 0.1)
    weight = np.exp(-(distance**2) / (2 * width**2))
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _peers(places: Sequence[str], offered: NDArray[np.bool_], s: int, c: int) -> tuple[str, ...]:
    return tuple(place for k, place in enumerate(places) if k != c and offered[s, k])
