"""Whether a share has changed: the last weeks against before, tested exactly."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb


@dataclass(frozen=True)
class Trend:
    """`recent_named` of `recent` reviews lately, `before_named` of `before` earlier; `chance`: two-sided p of Fisher's
    exact test that both have the same share, 1 where one of the periods is empty."""

    recent_named: int
    recent: int
    before_named: int
    before: int
    chance: float

    @property
    def rising(self) -> bool:
        """Whether the share lately is the larger one."""
        return self.recent_named * self.before > self.before_named * self.recent


def trend(recent_named: int, recent: int, before_named: int, before: int) -> Trend:
    """The two periods with the test. Raises ValueError when more are named than there are."""
    if not (0 <= recent_named <= recent and 0 <= before_named <= before):
        raise ValueError("No more reviews can name an aspect than there are.")
    return Trend(recent_named, recent, before_named, before, _fisher(recent_named, recent, before_named, before))


def _fisher(one: int, of_one: int, other: int, of_other: int) -> float:
    """Two-sided Fisher's exact test (Fisher 1935): the tables with these margins that are no more likely."""
    if not of_one or not of_other:
        return 1.0
    named, everything = one + other, of_one + of_other
    ways = [
        comb(of_one, k) * comb(of_other, named - k) for k in range(max(0, named - of_other), min(named, of_one) + 1)
    ]
    seen = comb(of_one, one) * comb(of_other, other)
    return min(1.0, sum(w for w in ways if w <= seen) / comb(everything, named))
