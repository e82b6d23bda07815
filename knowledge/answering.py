"""Which passage answers a question, how sure that is, and when none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from knowledge.answer_parts import parts_of
from knowledge.answer_signs import SIGNS, Signs, signs, unknowing
from knowledge.passage import Passage

if TYPE_CHECKING:
    from knowledge.store import Store

# Logistic regression on the signs, fitted by `python -m benchmarks.answering --fit` on human labels of product
# questions (ePQA and hetPQA, CDLA-Sharing-1.0); what it reaches on questions it was not fitted on is in docs/search.md.
INTERCEPT = -1.485
WEIGHTS = Signs(
    meaning=2.052,
    overlap=1.032,
    whole=0.435,
    open_overlap=-0.429,
    focus=0.930,
    length=0.135,
    hedged=-0.809,
    supposed=-0.124,
    yes_or_no=0.426,
    number=0.762,
    unit_missing=-0.676,
    question_length=-0.145,
)
LEAST = 0.71  # below it nothing is given: on the half fitted on, out of fold, 85% were right above it and 15% answered
CONSIDERED = 12  # passages that search hands over


@dataclass(frozen=True)
class Answer:
    """The passage that answers, the part of it that does, and the probability that a reader would agree."""

    passage: Passage
    sentence: str
    probability: float


def answer(question: str, passages: Sequence[Passage], least: float = LEAST) -> Answer | None:
    """The surest answer among the passages, or nothing when none is at least so sure.

    `passages` are what search found or any other few; they are all read. Who says that he does not know is never given.
    """
    knowing = (one for one in answers(question, passages) if not unknowing(one.sentence))
    return next((one for one in knowing if one.probability >= least), None)


def answers(question: str, passages: Sequence[Passage]) -> list[Answer]:
    """Each passage that states something, with its likeliest statement and the probability that it answers; surest first."""
    found = [Answer(passage, part, probability(seen)) for passage, part, seen in read(question, passages)]
    return sorted(found, key=lambda a: (-a.probability, a.passage.id))


def answer_from(
    store: Store, question: str, sku: str | None = None, kinds: Iterable[str] = (), least: float = LEAST
) -> Answer | None:
    """The surest answer in the brand's memory, or nothing. Raises KnowledgeError for an unknown kind."""
    return answer(question, store.search(question, kinds, sku, limit=CONSIDERED), least)


def read(question: str, passages: Sequence[Passage]) -> list[tuple[Passage, str, Signs]]:
    """Each passage with the part of it that is nearest to the question, and the signs of that part."""
    if not question.strip() or not passages:
        return []
    parts = [part for passage in passages for part in parts_of(passage)]
    nearest: dict[str, tuple[Passage, str, Signs]] = {}
    for part, own in zip(parts, signs(question, parts), strict=True):
        best = nearest.get(part.passage.id)
        if best is None or own.nearness > best[2].nearness:
            nearest[part.passage.id] = (part.passage, part.text, own)
    return list(nearest.values())


def probability(seen: Signs) -> float:
    """That a person would say the passage answers the question, 0 to 1."""
    score = INTERCEPT + sum(getattr(WEIGHTS, name) * getattr(seen, name) for name in SIGNS)
    return round(1.0 / (1.0 + exp(-score)), 4)
