"""Which facts lead: by the angle of the copy, the price tier, and what buyers care about; each only once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from tools.copywriting.facts import Fact
from tools.copywriting.roles import STORY, denies

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Angle = Literal["proof", "story", "use", "review"]
Tier = Literal["value", "core", "premium"]
ANGLES: tuple[Angle, ...] = get_args(Angle)

# What an angle and a tier add to a role, in cosines: about how far a fact has to be nearer to what buyers want.
LEADS: dict[Angle, dict[str, float]] = {
    "proof": {"performance": 0.9, "safety": 0.75, "material": 0.55, "size": 0.4, "contents": 0.5, "use": 0.3, STORY: 0.0},
    "story": {"performance": 0.5, "material": 0.45, "use": 0.6, "contents": 0.5, "size": 0.25, "safety": 0.2, STORY: 0.9},
    "use": {"use": 0.9, "performance": 0.6, "contents": 0.6, "size": 0.5, "material": 0.4, "safety": 0.1, STORY: 0.35},
    "review": {"performance": 0.4, "material": 0.4, "use": 0.4, "size": 0.4, "safety": 0.4, "contents": 0.4, STORY: 0.2},
}  # fmt: skip
TIERS: dict[Tier, dict[str, float]] = {
    "value": {"size": 0.2, "care": 0.3, "warranty": 0.35, "contents": 0.2, "safety": -0.1, STORY: -0.3},
    "core": {},
    "premium": {"material": 0.25, "safety": 0.15, STORY: 0.15, "size": -0.1},
}
HEED = {"proof": 0.6, "story": 0.5, "use": 0.7, "review": 1.6}  # how much an angle heeds what buyers want
CLEAR = 1.2
SAME_ROLE = 0.3
ALIKE = 0.8
ENOUGH = 8  # facts in the language, from which no other language's are put into it
TRANSLATION = 0.6  # cosine from which a fact in another language says what one in the language says


@dataclass(frozen=True)
class Ranked:
    """A fact with its role, how clearly it has that role, how much buyers want it, and its place among the embedded."""

    fact: Fact
    role: str
    fit: float
    wanted: float
    at: int


def leads(
    ranked: Sequence[Ranked], vectors: npt.NDArray[np.float32], angle: Angle, tier: Tier, story: bool, language: str,
    also: Sequence[str] = (),
) -> Iterator[Ranked]:  # fmt: skip
    """Facts in the order in which they should be tried, each step the best that says something new.

    Facts have the roles that lead in the angle and tier, and those in `also`; a story's sentence is a point only when it
    tells of measures that evidence gives. One in the language of the copy is ahead of
    one that has to be put into it.
    """
    leading = {role for role, more in {**LEADS[angle], **TIERS[tier]}.items() if more > 0} | set(also)
    measured = _measured(ranked)
    left = [
        one for one in ranked
        if not one.fact.leaning and one.role in leading
        and (one.role != STORY or (story and figures(one) and figures(one) <= measured))
    ]  # fmt: skip
    own = [one.at for one in left if speaks(one, language)]
    if len(own) >= ENOUGH:  # the language has facts of its own: nothing need be put into it
        left = [one for one in left if speaks(one, language)]
    elif own:  # what the language says itself need not be put into it
        left = [
            one for one in left
            if speaks(one, language) or float((vectors[own] @ vectors[one.at]).max()) < TRANSLATION
        ]  # fmt: skip
    used: dict[str, int] = {}
    chosen: list[Ranked] = []
    while left:
        best = max(left, key=lambda one: (_worth(one, angle, tier, used, language), -one.at))
        left.remove(best)
        if any(float(vectors[best.at] @ vectors[one.at]) > ALIKE for one in chosen):
            continue
        chosen.append(best)
        used[best.role] = used.get(best.role, 0) + 1
        yield best


def scenes(lead: Ranked, ranked: Sequence[Ranked]) -> list[Ranked]:
    """Sentences of stories that tell why a figure of this fact is as it is: they share it. What buyers want comes first."""
    shared, measured = figures(lead), _measured(ranked)
    if not shared or lead.role == STORY:
        return []
    told = [
        one for one in ranked
        if one.role == STORY and not one.fact.leaning and not denies(one.fact.text) and shared & figures(one)
        and figures(one) <= measured
    ]  # fmt: skip
    return sorted(told, key=lambda one: -one.wanted)


def rows_beside(lead: Ranked, ranked: Sequence[Ranked]) -> list[Ranked]:
    """The other rows of the spec table that are for the same thing, nearest in the table first."""
    if not lead.fact.label:
        return []
    near = [
        one for one in ranked
        if one is not lead and one.fact.label and one.role == lead.role and one.fact.passage == lead.fact.passage
    ]  # fmt: skip
    return sorted(near, key=lambda one: abs(one.fact.at - lead.fact.at))


@lru_cache(maxsize=8192)
def figures_of(text: str, language: str) -> frozenset[tuple[str, float]]:
    """The measures a text gives, in words or digits, as dimension and amount in its own unit: (time, 43200.0)."""
    from knowledge.verification.reading import read

    found = read(text, language.split("-")[0]).quantities
    return frozenset((one.dimension, value) for one in found if one.unit for value in one.values)


def figures(one: Ranked) -> frozenset[tuple[str, float]]:
    """The measures a fact gives."""
    return figures_of(one.fact.text, one.fact.language)


def _measured(ranked: Sequence[Ranked]) -> frozenset[tuple[str, float]]:
    """The measures evidence gives: what a story tells beside them was once so, or of something else."""
    return frozenset[tuple[str, float]]().union(
        *(figures(one) for one in ranked if one.fact.passage.kind == "evidence")
    )


def speaks(one: Ranked, language: str) -> bool:
    """Whether the fact is in the language."""
    return one.fact.language.split("-")[0] == language.split("-")[0]


def _worth(one: Ranked, angle: Angle, tier: Tier, used: dict[str, int], language: str) -> float:
    worth = LEADS[angle].get(one.role, 0.0) + TIERS[tier].get(one.role, 0.0) + HEED[angle] * one.wanted
    worth += CLEAR * one.fit
    worth -= SAME_ROLE * used.get(one.role, 0)
    if not speaks(one, language):
        worth -= 1.5
    if one.fact.label:
        worth -= 0.1
    if not one.fact.passage.skus:
        worth -= 0.25
    return worth
