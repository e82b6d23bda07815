"""Which facts lead: by the angle of the copy, the price tier, and what buyers care about; each only once."""

from __future__ import annotations

import re
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
    "use": {"use": 1.2, "performance": 0.6, "contents": 0.8, "size": 0.7, "material": 0.3, "safety": -0.5, STORY: 0.8},
    "review": {"performance": 0.4, "material": 0.4, "use": 0.4, "size": 0.4, "safety": 0.4, "contents": 0.4, STORY: 0.2},
}  # fmt: skip
TIERS: dict[Tier, dict[str, float]] = {
    "value": {"size": 0.2, "care": 0.3, "warranty": 0.35, "contents": 0.2, "safety": -0.1, STORY: -0.3},
    "core": {},
    "premium": {"material": 0.25, "safety": 0.15, STORY: 0.15, "size": -0.1},
}
HEED = {"proof": 0.6, "story": 0.5, "use": 0.7, "review": 1.6}  # how much an angle heeds what buyers want
LABORATORY = frozenset({"concentration", "density"})
CLEAR = 0.5
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
    also: Sequence[str] = (), papers: bool = True,
) -> Iterator[Ranked]:  # fmt: skip
    """Facts in the order in which they should be tried, each step the best that says something new.

    Facts have the roles that lead in the angle and tier, and those in `also`; a story's sentence is a point only when it
    tells of measures that evidence gives. Without `papers` no fact leads that only names a certificate or a report. One in the language of the copy is ahead of
    one that has to be put into it.
    """
    both = {role: LEADS[angle].get(role, 0.0) + TIERS[tier].get(role, 0.0) for role in {**LEADS[angle], **TIERS[tier]}}
    leading = {role for role, more in both.items() if more > 0} | set(also)
    measured = _measured(ranked)
    left = [
        one for one in ranked
        if not one.fact.leaning and one.role in leading and not _for_experts(one)
        and (papers or not only_papers(one.fact.text, one.fact.language))
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


@lru_cache(maxsize=8192)
def only_papers(text: str, language: str) -> bool:
    """Whether a fact names a standard, certificate or report and nothing that a buyer gets: no measure, no quality."""
    from knowledge.verification.reading import read

    found = read(text, language.split("-")[0])
    benefits = [m for m in found.mentions if m.concept.kind == "quality"]
    return bool(found.standards) and not benefits and not any(q.unit for q in found.quantities)


def _for_experts(one: Ranked) -> bool:
    """Whether a fact is a row of a wide table, or gives only what a laboratory reads: a concentration, a hardness."""
    from tools.copywriting.specs import hidden, tabular

    if tabular(one) or hidden(one):
        return True
    return _laboratory(one.fact.text, one.fact.language)


@lru_cache(maxsize=8192)
def _laboratory(text: str, language: str) -> bool:
    from knowledge.verification.reading import read

    found = read(text, language.split("-")[0])
    measures = [q for q in found.quantities if q.unit and q.dimension != "time"]
    if measures and all(q.dimension in LABORATORY or (q.dimension == "share" and q.values[0] < 1) for q in measures):
        return True
    return bool(_hard().search(text)) and not [m for m in found.mentions if m.concept.kind != "facet"]


@lru_cache(maxsize=1)
def _hard() -> re.Pattern[str]:
    from tools.copywriting.specs import spec_words

    return re.compile(spec_words()["laboratory"])


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
        if one is not lead and one.fact.label and one.fact.passage == lead.fact.passage and not _for_experts(one)
        and (one.role == lead.role or alike_rows(one, lead))
    ]  # fmt: skip
    return sorted(near, key=lambda one: abs(one.fact.at - lead.fact.at))


def alike_rows(one: Ranked, other: Ranked) -> bool:
    """Whether two rows give the same measure of several things, such as the force of each colour."""
    first, second = ({dimension for dimension, _ in figures(row)} for row in (one, other))
    return len(first) == 1 and first == second and one.fact.label != other.fact.label


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
        from tools.copywriting.specs import specs_of

        worth -= 0.1 if specs_of(one) else 1.5  # values are said in any language, words have to be put into it
    if one.fact.label:
        worth -= 0.1
    if not one.fact.passage.skus:
        worth -= 0.25
    return worth
