"""The ends of the 80% interval: everyday units around their forecast, and bulk orders that come or do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.backtest import COVERAGE, Z80

Floats = NDArray[np.float64]
DRAWS = 6000
SEED = 20260103
MOST_ORDERS = 200.0
LEAST_SHAPE, MOST_SHAPE = 0.05, 1e9


@dataclass(frozen=True)
class BulkAhead:
    """Bulk orders expected: units a day, sizes of past orders, how far the rate itself may be off, as a share."""

    rate: float = 0.0
    sizes: tuple[float, ...] = ()
    spread: float = 0.0

    def noise(self, days: int) -> float:
        """Standard deviation of the units of so many days."""
        expected = self.rate * days
        size = float(np.mean(self.sizes)) if self.sizes else 0.0
        return float(np.sqrt(expected * size + (self.spread * expected) ** 2))

    def draws(self, days: int, rng: np.random.Generator) -> Floats:
        """Units of so many days, drawn: a compound Poisson sum at a gamma rate."""
        sizes = np.array(self.sizes)
        orders = self.rate * days / sizes.mean()
        if self.spread > 0:
            shape = self.spread**-2
            expected = orders * rng.gamma(shape, 1 / shape, DRAWS)
        else:
            expected = np.full(DRAWS, orders)
        counts = rng.poisson(np.minimum(expected, MOST_ORDERS))
        drawn = rng.choice(sizes, int(counts.sum()))
        sums = np.bincount(np.repeat(np.arange(DRAWS), counts), weights=drawn, minlength=DRAWS)
        return np.asarray(sums * np.maximum(expected / MOST_ORDERS, 1.0), dtype=np.float64)


def bounds(everyday: float, half: float, bulk: BulkAhead, days: int) -> tuple[float, float]:
    """The interval of the units of so many days: `everyday` ones, whose even interval is of half the width, and bulk.

    Sums of orders are never below nothing and stray further up than down, so everyday units are taken as gamma: by the
    cube root of Wilson & Hilferty (1931) where they are all, else drawn, with a fixed seed, beside the bulk orders.
    """
    if bulk.rate <= 0 or not bulk.sizes:
        return _gamma(everyday, half)
    rng = np.random.default_rng(SEED)
    drawn = bulk.draws(days, rng)
    if everyday > 0 and half > 0:
        shape = _shape(everyday, half)
        drawn = drawn + rng.gamma(shape, everyday / shape, DRAWS)
    else:
        drawn = drawn + everyday
    units, tail = everyday + bulk.rate * days, (1 - COVERAGE) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail))
    return min(float(low), units), max(float(high), units)


def _gamma(units: float, half: float) -> tuple[float, float]:
    if units <= 0 or half <= 0:
        return max(units - half, 0.0), units + half
    shape = _shape(units, half)
    low, high = (max(1 - 1 / (9 * shape) + sign * Z80 / (3 * shape**0.5), 0.0) ** 3 for sign in (-1, 1))
    return min(units * low, units), max(units * high, units)


def _shape(units: float, half: float) -> float:
    """Of the gamma whose standard deviation is that of an even 80% interval of half the width."""
    return float(np.clip(Z80 * units / half, LEAST_SHAPE**0.5, MOST_SHAPE**0.5) ** 2)
