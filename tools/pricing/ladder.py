"""The best prices of a SKU over all its places at once, none so far apart that buying in one to sell in another pays.

Two limits on prices without tax in one currency: between channels of a country, and between any two places. Each is a
window on the logarithm of the price, and some price lies at its lower end; so trying every price as the lower end of the
outer window, and within it of every country's, finds the best ladder exactly.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CHANNEL_SPREAD = 0.15
COUNTRY_SPREAD = 0.30
ROOM = 1e-9
WIDENING = 0.05
WIDEST = 60


@dataclass(frozen=True)
class Rung:
    """A place's prices: the log level of each, rising, and what it is worth, and the country it is in."""

    country: str
    level: Floats
    worth: Floats

    @cached_property
    def levels(self) -> list[float]:
        """The levels as plain numbers."""
        return [float(one) for one in self.level]

    @cached_property
    def worths(self) -> list[float]:
        """The worths as plain numbers."""
        return [float(one) for one in self.worth]


@dataclass(frozen=True)
class Limits:
    """Widest log distances between channels of a country, and between places."""

    channels: dict[str, float]
    places: float


def limits(today: Sequence[tuple[str, float]]) -> Limits:
    """The set spreads, or today's where that is already wider, from country and log level of each place's price."""
    by_country: dict[str, list[float]] = {}
    for country, level in today:
        by_country.setdefault(country, []).append(level)
    levels = [level for _, level in today]
    return Limits(
        {country: max(float(np.log1p(CHANNEL_SPREAD)), max(found) - min(found)) for country, found in by_country.items()},
        max(float(np.log1p(COUNTRY_SPREAD)), max(levels) - min(levels)) if levels else float(np.log1p(COUNTRY_SPREAD)),
    )  # fmt: skip


def climb(rungs: Sequence[Rung], allowed: Limits) -> tuple[list[int], bool]:
    """The index of the price of each place with the highest worth in sum, and whether the limits could be kept.

    Where hard floors force prices further apart, the limits are widened until a ladder exists.
    """
    free = [int(np.argmax(one.worth)) for one in rungs]
    if _within(rungs, free, allowed):
        return free, True
    for step in range(WIDEST):
        wider = Limits(
            {country: most + step * WIDENING for country, most in allowed.channels.items()},
            allowed.places + step * WIDENING,
        )
        found = _best(rungs, wider)
        if found is not None:
            return found, step == 0
    return free, False


def binding(rungs: Sequence[Rung], chosen: Sequence[int]) -> list[int]:
    """Places whose price would be another one without the others."""
    return [at for at, (one, index) in enumerate(zip(rungs, chosen, strict=True)) if int(np.argmax(one.worth)) != index]


def _within(rungs: Sequence[Rung], chosen: Sequence[int], allowed: Limits) -> bool:
    levels = [float(one.level[index]) for one, index in zip(rungs, chosen, strict=True)]
    if max(levels) - min(levels) > allowed.places + ROOM:
        return False
    for country, most in allowed.channels.items():
        here = [level for one, level in zip(rungs, levels, strict=True) if one.country == country]
        if here and max(here) - min(here) > most + ROOM:
            return False
    return True


def _best(rungs: Sequence[Rung], allowed: Limits) -> list[int] | None:
    countries: dict[str, list[int]] = {}
    for at, one in enumerate(rungs):
        countries.setdefault(one.country, []).append(at)
    best: tuple[float, dict[int, int]] | None = None
    known: dict[tuple[str, float, float], tuple[float, dict[int, int]] | None] = {}
    for low in sorted({level for one in rungs for level in one.levels}):
        total = 0.0
        chosen: dict[int, int] = {}
        for country, members in countries.items():
            found = _country(rungs, members, low, low + allowed.places, allowed.channels[country], known, country)
            if found is None:
                break
            total += found[0]
            chosen |= found[1]
        else:
            if best is None or total > best[0]:
                best = (total, chosen)
    return [best[1][at] for at in range(len(rungs))] if best is not None else None


def _country(
    rungs: Sequence[Rung], members: list[int], low: float, high: float, most: float,
    known: dict[tuple[str, float, float], tuple[float, dict[int, int]] | None], country: str,
) -> tuple[float, dict[int, int]] | None:  # fmt: skip
    """The best prices of a country's places inside the outer window and no further apart than `most`."""
    starts = sorted({level for at in members for level in rungs[at].levels if low - ROOM <= level <= high + ROOM})
    best: tuple[float, dict[int, int]] | None = None
    for start in starts:
        end = min(start + most, high)
        key = (country, start, end)
        if key not in known:
            known[key] = _window(rungs, members, start, end)
        found = known[key]
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best


def _window(rungs: Sequence[Rung], members: list[int], low: float, high: float) -> tuple[float, dict[int, int]] | None:
    total, chosen = 0.0, {}
    for at in members:
        best: int | None = None
        level, worth = rungs[at].levels, rungs[at].worths
        for index in range(bisect_left(level, low - ROOM), bisect_right(level, high + ROOM)):
            if best is None or worth[index] > worth[best]:
                best = index
        if best is None:
            return None
        total += worth[best]
        chosen[at] = best
    return total, chosen
