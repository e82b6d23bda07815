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
LEAST_PEERS = 2
MOST_PEERS = 4  # named
UNKNOWN = "ZZ"  # orders whose country the source does not say
MOST_SKUS = 500  # the best sellers
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
    The spread is estimated over all SKUs and countries (median absolute deviation). Where the books list no prices for a
    country, every SKU counts as offered there.
    """
    total: dict[str, float] = {}
    for sku, place in market.sold:
        total[sku] = total.get(sku, 0.0) + market.year(sku, place)
    old = _old(market)
    skus = sorted((sku for sku in market.items if sku in old), key=lambda sku: (-total.get(sku, 0.0), sku))[:MOST_SKUS]
    places = [
        place
        for place in market.countries
        if place != UNKNOWN and sum(market.year(sku, place) for sku in skus) >= LEAST_COUNTRY_UNITS
    ]
    if len(places) < 3 or len(skus) < 3:
        return []
    sold = np.array([[market.year(sku, place) for place in places] for sku in skus])
    odds = np.log((sold + 0.5) / (sold.sum(axis=0) - sold + 0.5))
    priced = {cell[:2] for cell in market.asking}
    listed = {place for _, place in priced}
    offered = np.array(
        [[place not in listed or (s, place) in priced or _sells(market, s, place) for place in places] for s in skus]
    )
    expected = np.full(sold.shape, np.nan)
    doubt = np.zeros(sold.shape)
    alike: list[Floats] = []
    for c in range(len(places)):
        weight = _alike(odds, offered, c)
        enough = (offered & (np.arange(len(places)) != c)).sum(axis=1) >= LEAST_PEERS
        likely = (weight * odds).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)
        share = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
        doubt[:, c] = (share**2 / (sold + 0.5)).sum(axis=1)
        alike.append(weight)
        expected[:, c] = np.where(enough, np.exp(likely) * (sold[:, c].sum() - sold[:, c]), np.nan)
    with np.errstate(invalid="ignore"):
        below = np.log(expected + 0.5) - np.log(sold + 0.5)
    seen = offered & ~np.isnan(below)
    if not seen.any():
        return []
    spread = max(SPREAD_OF_NORMAL * float(np.median(np.abs(below[seen]))), LEAST_SPREAD)
    order = np.argwhere(seen)
    noise = np.sqrt(spread**2 + 1 / (sold[seen] + 1) + doubt[seen])
    chances = discoveries(upper(below[seen] / noise, degrees=max(len(order) - len(skus), 4)))
    found = [
        Reach(
            skus[s], places[c], float(sold[s, c]), float(expected[s, c]), spread, True,
            _peers(places, alike[c][s]), float(q),
        )
        for (s, c), q in zip(order, chances, strict=True)
        if q <= rate and expected[s, c] >= LEAST_UNITS and sold[s, c] < FAR_BELOW * expected[s, c]
    ]  # fmt: skip
    absent = [
        Reach(
            skus[s], places[c], float(sold[s, c]), float(expected[s, c]), max(spread, 0.3), False,
            _peers(places, alike[c][s]), 0.0,
        )
        for s, c in np.argwhere(~offered & ~np.isnan(expected))
        if expected[s, c] >= LEAST_UNITS
    ]  # fmt: skip
    return sorted([*absent, *found], key=lambda one: (one.offered, one.units - one.expected, one.sku, one.country))


def closing(one: Reach, closed: Floats, draws: int, seed: int) -> Floats:
    """Draws of extra units a year when part of the distance is closed."""
    random = np.random.default_rng(seed)
    could = one.expected * np.exp(random.normal(0, one.spread, draws))
    return np.asarray(np.maximum(could - one.units, 0) * closed, dtype=np.float64)


def _sells(market: Market, sku: str, country: str) -> bool:
    """It sold within half a year."""
    series = market.sold.get((sku, country))
    return series is not None and bool(series[-YEAR_WEEKS // 2 :].any())


def _old(market: Market) -> set[str]:
    """SKUs known for half a year."""
    return {sku for (sku, _), day in market.first.items() if (market.as_of - day).days >= LEAST_KNOWN_WEEKS * 7}


def _alike(odds: Floats, offered: NDArray[np.bool_], c: int) -> Floats:
    """For each SKU the weight of every other country that offers it: how alike the rest of its mix is."""
    both = offered & offered[:, [c]]
    square = np.where(both, (odds - odds[:, [c]]) ** 2, 0.0)
    rest = np.maximum(both.sum(axis=0) - both, 1)
    distance = np.sqrt((square.sum(axis=0) - square) / rest)
    others = np.arange(odds.shape[1]) != c
    width = np.maximum(np.median(distance[:, others], axis=1, keepdims=True), 0.1)
    return np.asarray(np.exp(-(distance**2) / (2 * width**2)) * (offered & others), dtype=np.float64)


def _peers(places: Sequence[str], weight: Floats) -> tuple[str, ...]:
    """The most alike countries that offer it."""
    best = sorted(np.flatnonzero(weight > 0), key=lambda k: -float(weight[k]))[:MOST_PEERS]
    return tuple(places[int(k)] for k in best)
