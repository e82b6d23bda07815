"""Evidence that gives two figures for the same thing: the newer one is used, and both are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from tools.copywriting.choose import Ranked, figures

SAME_WORDS = 90.0  # rapidfuzz ratio of two sentences without their figures from which they speak of the same
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Conflict:
    """Two facts of evidence that differ only in their figures."""

    newer: Ranked
    older: Ranked


def conflicts(ranked: Sequence[Ranked]) -> list[Conflict]:
    """Pairs from different sources, of the same words and units and other numbers; facts without a date count as oldest."""
    from rapidfuzz import fuzz

    told = [one for one in ranked if one.fact.passage.kind == "evidence" and figures(one)]
    found = []
    for one, other in combinations(told, 2):
        if one.fact.passage.source == other.fact.passage.source or _units(one) != _units(other):
            continue
        numbers = [_NUMBER.findall(fact.text) for fact in (one.fact, other.fact)]
        if numbers[0] == numbers[1] or len(numbers[0]) != len(numbers[1]):
            continue
        if fuzz.ratio(_words(one), _words(other)) >= SAME_WORDS:
            newer, older = sorted((one, other), key=_day, reverse=True)
            found.append(Conflict(newer, older))
    return found


def _words(one: Ranked) -> str:
    return _NUMBER.sub("#", one.fact.text.casefold())


def _units(one: Ranked) -> list[str]:
    return sorted(dimension for dimension, _ in figures(one))


def _day(one: Ranked) -> date:
    return one.fact.passage.date or date.min
