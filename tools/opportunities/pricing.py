"""What a price between the nearest competitors could earn, under a published spread of price elasticities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

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
    gain: Gain
    units: float


def room(market: Market, gap: Gap, band: Band | None) -> Room | None:
    """The best move for a gap: up where the competitor is unusually dear, down where it is unusually cheap.

    Demand answers to price with a constant elasticity drawn from Bijmolt, van Heerde and Pieters (2005); costs a unit
    stay. None where we do not sell there or no move has a positive expected gain.
    """
    skus = gap.skus or tuple(sku for sku, item in market.items.items() if item.category == gap.category)
    cells = [
        (market.year(sku, gap.country), market.price[sku, gap.country], market.profit[sku, gap.country])
        for sku in skus
        if (sku, gap.country) in market.price and (sku, gap.country) in market.profit
    ]
    units = sum(sold for sold, _, _ in cells)
    if not units:
        return None
    rungs = sorted(share for _, share, _ in band.tiers) if band is not None else [gap.against]
    cheaper = max((share for share in rungs if share < 1), default=None)
    dearer = min((share for share in rungs if share > 1), default=None)
    elasticity = np.random.default_rng(SEED).normal(*ELASTICITY, DRAWS).clip(*ELASTICITY_BOUNDS)
    best: tuple[float, float, Floats] | None = None
    for change in _steps(gap, cheaper, dearer):
        worth = _worth(cells, change, elasticity)
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


def _worth(cells: Sequence[tuple[float, Decimal, Decimal]], change: float, elasticity: Floats) -> Floats:
    total = np.zeros(len(elasticity))
    for sold, price, profit in cells:
        unit = float(profit) + float(price) * change
        total += sold * ((1 + change) ** elasticity * unit - float(profit))
    return total
