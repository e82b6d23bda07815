"""Logarithms of counts without their bias: what log(units + 1/2) is on average, and how much it scatters."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LOWEST, HIGHEST, STEP = -7.0, 6.0, 0.05
_COUNTS = 1000


@cache
def _table() -> tuple[Floats, Floats, Floats, Floats]:
    """Log mean, then mean, slope and variance of log(Y + 1/2) for Poisson counts of that mean."""
    logs = np.arange(LOWEST, HIGHEST + STEP, STEP)
    counts = np.arange(_COUNTS, dtype=np.float64)
    factorial = np.concatenate([[0.0], np.cumsum(np.log(counts[1:]))])
    chance = np.exp(counts * logs[:, None] - np.exp(logs)[:, None] - factorial)
    value = np.log(counts + 0.5)
    mean = chance @ value
    slope = (chance * (counts - np.exp(logs)[:, None])) @ value
    return logs, mean, slope, chance @ value**2 - mean**2


def linearised(units: Floats, log_mean: Floats) -> tuple[Floats, Floats]:
    """Per count the log mean it speaks for, seen from `log_mean`, and the variance of that.

    log(units + 1/2) is compared with its own mean under a Poisson law, so that zeros and small counts do
    not pull, and large ones weigh no more than their logarithm says (a quasi-score in the sense of
    Wedderburn 1974, Biometrika 61, on a transformed count).
    """
    logs, mean, slope, variance = _table()
    at = np.clip(log_mean, LOWEST, HIGHEST)
    large = log_mean > HIGHEST
    expected = np.where(large, log_mean, np.interp(at, logs, mean))
    steep = np.where(large, 1.0, np.interp(at, logs, slope))
    spread = np.where(large, np.exp(-log_mean), np.interp(at, logs, variance))
    said = np.clip(log_mean, LOWEST, None) + (np.log(units + 0.5) - expected) / steep
    return said, spread / steep**2
