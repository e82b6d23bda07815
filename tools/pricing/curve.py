"""What each price of a place would earn: expected units and profit over draws of the elasticity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.elasticity import Elasticity
from tools.pricing.places import Place

Floats = NDArray[np.float64]
DRAWS = 201
STRONGEST, WEAKEST = -8.0, -0.05  # elasticities outside are taken as noise of the estimate
MOST_FACTOR = 20.0


@dataclass(frozen=True)
class Curve:
    """One place over its prices in order: one row per price, one column per draw of the elasticity.

    `ratio` is units over those at today's price. Money is per unit in the base currency: `earned` what a further unit
    leaves (advertising and storage are average spending that no further unit adds), `net` its net revenue, `fixed` what
    advertising and storage cost a day at today's units. `level` is the log of the price without tax, in base currency.
    """

    place: Place
    prices: tuple[Decimal, ...]
    ratio: Floats
    earned: Floats
    net: Floats
    level: Floats
    landed: float
    today: int | None

    def units(self, path: Floats | None = None) -> Floats:
        """Units over the horizon or a part of it, by price and draw."""
        sold = float((self.place.units if path is None else path).sum())
        return sold * self.ratio

    def profit(self) -> Floats:
        """Profit over the horizon after all costs, by price and draw."""
        market = self.place.market
        fixed = float((market.ads + market.storage) * market.rate) * float(self.place.units.sum())
        return self.units() * self.earned[:, None] - fixed

    def revenue(self) -> Floats:
        """Net revenue over the horizon, by price and draw."""
        return self.units() * self.net[:, None]


def curve(place: Place, prices: tuple[Decimal, ...]) -> Curve:
    """The curve of a place at the prices; the cost model gives the money of each."""
    market = place.market
    drawn = draws(place.elasticity)
    steps = np.array([float(price / place.price) for price in prices])
    ratio = np.minimum(steps[:, None] ** drawn[None, :], MOST_FACTOR)
    spent = market.ads + market.storage
    earned = np.array([float((market.contribution(price) + spent) * market.rate) for price in prices])
    net = np.array([float(market.net(price) * market.rate) for price in prices])
    level = np.log([float(price * (1 - market.tax.share) * market.rate) for price in prices])
    return Curve(
        place, prices, ratio, earned, net, np.asarray(level, dtype=np.float64),
        float((market.landed or Decimal(0)) * market.rate),
        prices.index(place.price) if place.price in prices else None,
    )  # fmt: skip


def draws(known: Elasticity) -> Floats:
    """The posterior as its quantiles, from the strongest answer to the weakest; without chance, so without a seed."""
    if known.sd <= 0:
        return np.array([known.mean])
    return np.clip(known.mean + known.sd * _normal(), STRONGEST, WEAKEST)


@cache
def _normal() -> Floats:
    return np.array([NormalDist().inv_cdf((at + 0.5) / DRAWS) for at in range(DRAWS)])
