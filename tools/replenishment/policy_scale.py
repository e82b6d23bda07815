"""Scales on which demand is modelled: shares of the usual demand, or their logarithm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Demand in units of `usual`; `logarithmic` adds `offset` units first, so that zero has a place.

    Zero on either scale is the usual demand.
    """

    usual: float
    logarithmic: bool
    offset: float = 0.0

    def inward(self, demand: float) -> float:
        """Demand in units to the scale."""
        if self.logarithmic:
            return float(np.log((demand + self.offset) / (self.usual + self.offset)))
        return demand / self.usual - 1.0

    def log_slope(self, demand: float) -> float:
        """Log of the derivative of `inward`: turns a density on the scale into one of demand."""
        return -float(np.log(demand + self.offset)) if self.logarithmic else -float(np.log(self.usual))

    def outward(self, values: Floats) -> Floats:
        """Values on the scale to demand in units, never below zero."""
        if self.logarithmic:
            found = np.exp(np.minimum(values, 6.0)) * (self.usual + self.offset) - self.offset
        else:
            found = (values + 1.0) * self.usual
        return np.asarray(np.maximum(found, 0.0))
