"""Is it more than chance: tail probabilities, false-discovery control, and the spread that noise has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def two_sided(scores: Floats, degrees: int) -> Floats:
    """Chance of a score at least this far from zero under a t distribution."""
    return 2 * upper(np.abs(scores), degrees)


def upper(scores: Floats, degrees: int) -> Floats:
    """Chance of a score at least this high under a t distribution."""
    from scipy.special import stdtr  # scipy.stats takes seconds to import

    return np.asarray(stdtr(degrees, -scores), dtype=np.float64)


def discoveries(chances: Floats) -> Floats:
    """The lowest false-discovery rate at which each is found (Benjamini and Hochberg 1995)."""
    if not len(chances):
        return chances
    order = np.argsort(chances)
    count = len(chances)
    steps = chances[order] * count / np.arange(1, count + 1)
    found = np.empty(count)
    found[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return found
