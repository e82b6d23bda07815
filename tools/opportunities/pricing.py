"""What a price between the nearest competitors could earn, under a published spread of price elasticities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.opportunities.earnings import Way, at_change
from tools.opportunities.gains import DRAWS, ELASTICITY, ELASTICITY_BOUNDS, SEED, Gain, of_draws
from tools.opportunities.market import Market
from tools.opportunities.offers import Band, Gap

Floats = NDArray[np.float64]
STEP = 0.02
MOST_UP, MOST_DOWN = 0.15, 0.20
AWAY = 0.03  # stay this far from the competitor


@dataclass(frozen=True)
class Room:
    """The free space between the next cheaper and the next dearer competitor, as shares of our price (None: open),
    the change of price with the best expected yearly profit in it, and what that earns."""

    gap: Gap
    cheaper: float | None
    dearer: float | None
    change: float
    gain: Gain | None
    units: float


def room(shop: Shop, market: Market, gap: Gap, band: Band | None) -> Room | None:
    """The best move for a gap: up where the competitor is unusually dear, down where it is unusually cheap.

    Demand answers to price with a constant elasticity drawn from Bijmolt, van Heerde and Pieters (2005); costs a unit
    follow the cost model. None where we do not sell there.
    """
    skus = gap.skus or tuple(sku for sku, item in market.items.items() if item.category == gap.category)
    ways = {
        way: sold
        for way, sold in sorted(market.channel_units.items())
        if way[0] in skus and way[1] == gap.country and way[2] in gap.channels
    }
    units = sum(ways.values())
    if not units:
        return None
    rungs = sorted(share for _, share, _ in band.tiers) if band is not None else [gap.against]
    cheaper = max((share for share in rungs if share < 1), default=None)
    dearer = min((share for share in rungs if share > 1), default=None)
    elasticity = np.random.default_rng(SEED).normal(*ELASTICITY, DRAWS).clip(*ELASTICITY_BOUNDS)
    best: tuple[float, float, Floats] | None = None
    for change in _steps(gap, cheaper, dearer):
        worth = _worth(shop, ways, change, elasticity)
        if worth is None:
            return Room(gap, cheaper, dearer, 0.0, None, units)
        if best is None or worth.mean() > best[0]:
            best = (float(worth.mean()), change, worth)
    if best is None or best[0] <= 0:
        return Room(gap, cheaper, dearer, 0.0, of_draws(np.zeros(1)), units)
    return Room(gap, cheaper, dearer, best[1], of_draws(best[2]), units)


def _steps(gap: Gap, cheaper: float | None, dearer: float | None) -> list[float]:
    if gap.shrunk > 0:
        most = min(MOST_UP, (dearer or gap.against) - 1 - AWAY)
        return list(map(float, np.arange(STEP, most + 1e-9, STEP)))
    most = min(MOST_DOWN, 1 - (cheaper or gap.against) - AWAY)
    return [-float(step) for step in np.arange(STEP, most + 1e-9, STEP)]


def _worth(shop: Shop, ways: Mapping[Way, int], change: float, elasticity: Floats) -> Floats | None:
    total = np.zeros(len(elasticity))
    for way, sold in ways.items():
        earned = at_change(shop, way, Decimal(f"{change:.2f}"))
        if earned is None:
            return None
        now, then = map(float, earned)
        total += sold * ((1 + change) ** elasticity * then - now)
    return total
