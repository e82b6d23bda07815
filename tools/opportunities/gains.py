"""What an opportunity is worth: yearly gross profit in the base currency, from draws of what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.contract import Finding

Floats = NDArray[np.float64]
DRAWS = 2000
SEED = 7
NEWCOMER_SHARE = (0.2, 1.0)  # of what our own products win per search
CLOSED_SHARE = (0.0, 1.0)  # of the distance to similar countries
ELASTICITY = (-2.2, 0.8)  # median and spread over 1,851 estimates: Bijmolt, van Heerde and Pieters (2005)
ELASTICITY_BOUNDS = (-5.0, -0.5)
ZERO = Decimal(0)

Kind = Literal["unmet", "rising", "price", "reach", "season"]


@dataclass(frozen=True)
class Gain:
    """Yearly gross profit in the base currency: one case in ten is below `low`, one in ten above `high`."""

    low: Decimal
    mean: Decimal
    high: Decimal


@dataclass(frozen=True)
class Opportunity:
    """One thing to do, where, what it could earn a year (None where no unit cost is known), how much data stands
    behind it, and the finding that tells it."""

    kind: Kind
    country: str
    subject: str
    skus: tuple[str, ...]
    gain: Gain | None
    evidence_days: int
    evidence_count: int
    evidence_of: str
    finding: Finding


def gain(units: Floats, profits: Sequence[Decimal]) -> Gain | None:
    """Draws of extra units a year times the profit of a unit.

    `profits` is what a unit of each of several comparable SKUs earns, one of which is drawn each time. None without any.
    """
    several = sorted(profits)
    if not several:
        return None
    picks = np.random.default_rng(SEED).integers(len(several), size=len(units))
    worth = units * np.array([float(one) for one in several])[picks]
    return of_draws(worth)


def of_draws(worth: Floats) -> Gain:
    """The interval of draws in the base currency."""
    low, high = np.quantile(worth, [0.1, 0.9])
    return Gain(amount(low), amount(worth.mean()), amount(high))


def amount(number: float) -> Decimal:
    """A computed amount, to the cent."""
    return Decimal(f"{number:.2f}")


def ranked(found: Sequence[Opportunity]) -> list[Opportunity]:
    """The most profitable first."""
    return sorted(found, key=lambda one: (-(one.gain.mean if one.gain else ZERO), one.kind, one.country, one.subject))
