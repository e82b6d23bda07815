"""Whether a share has changed: the last weeks against before, tested exactly."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb


@dataclass(frozen=True)
class Trend:
    """`recent_named` of `recent` reviews lately, `before_named` of `before` earlier; `chance`: two-sided p of Fisher's
    exact test that both have the same share, 1 where one of the periods is empty; `attainable`: the least it could be
    with so many reviews and so many named, above which a change could not show (Tarone 1990)."""

    recent_named: int
    recent: int
    before_named: int
    before: int
    chance: float
    attainable: float

    @property
    def rising(self) -> bool:
        """Whether the share lately is the larger one."""
        return self.recent_named * self.before > self.before_named * self.recent


def trend(recent_named: int, recent: int, before_named: int, before: int) -> Trend:
    """The two periods with the test. Raises ValueError when more are named than there are."""
    if not (0 <= recent_named <= recent and 0 <= before_named <= before):
        raise ValueError("No more reviews can name an aspect than there are.")
    return Trend(recent_named, recent, before_named, before, *_fisher(recent_named, recent, before_named, before))


def _fisher(one: int, of_one: int, other: int, of_other: int) -> tuple[float, float]:
    """Two-sided Fisher's exact test (Fisher 1935), the tables with these margins that are no more likely; and the least
    it can be with these margins."""
    if not of_one or not of_other:
        return 1.0, 1.0
    named = one + other
    ways = [
        comb(of_one, k) * comb(of_other, named - k) for k in range(max(0, named - of_other), min(named, of_one) + 1)
    ]
    every, seen, rarest = comb(of_one + of_other, named), comb(of_one, one) * comb(of_other, other), min(ways)
    return min(1.0, sum(w for w in ways if w <= seen) / every), sum(w for w in ways if w == rarest) / every
