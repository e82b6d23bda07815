"""Which passage answers a question, how sure that is, and when none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from knowledge.answer_signs import SIGNS, Signs, signs
from knowledge.passage import Passage
from knowledge.words import length, sentences

if TYPE_CHECKING:
    from knowledge.store import Store

# Logistic regression on the signs, fitted by `python -m benchmarks.answering --fit` on human labels of product
# questions (ePQA and hetPQA, CDLA-Sharing-1.0); what it reaches on questions it was not fitted on is in docs/search.md.
INTERCEPT = -1.190
WEIGHTS = Signs(
    meaning=1.618,
    overlap=0.824,
    focus=0.766,
    length=0.115,
    hedged=-0.441,
    yes_or_no=0.165,
    number=0.380,
    number_missing=-0.269,
    question_length=-0.184,
)
LEAST = 0.62  # probability below which nothing is given: one question in five was answered on the half fitted on
CONSIDERED = 12  # passages that search hands over
WHOLE = 40  # words up to which a passage is also read as one


@dataclass(frozen=True)
class Answer:
    """The passage that answers, the part of it that does, and the probability that a reader would agree."""

    passage: Passage
    sentence: str
    probability: float


def answer(question: str, passages: Sequence[Passage], least: float = LEAST) -> Answer | None:
    """The surest answer among the passages, or nothing when none is at least so sure.

    `passages` are what search found or any other few; they are all read.
    """
    ranked = answers(question, passages)
    return ranked[0] if ranked and ranked[0].probability >= least else None


def answers(question: str, passages: Sequence[Passage]) -> list[Answer]:
    """Every passage with its likeliest sentence and its probability to answer the question, surest first."""
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
    parts = [(passage, part) for passage in passages for part in _parts(passage)]
    seen = signs(question, [(part, passage.heading, passage.language) for passage, part in parts])
    nearest: dict[str, tuple[Passage, str, Signs]] = {}
    for (passage, part), own in zip(parts, seen, strict=True):
        best = nearest.get(passage.id)
        if best is None or own.nearness > best[2].nearness:
            nearest[passage.id] = (passage, part, own)
    return list(nearest.values())


def probability(seen: Signs) -> float:
    """That a person would say the passage answers the question, 0 to 1."""
    score = INTERCEPT + sum(getattr(WEIGHTS, name) * getattr(seen, name) for name in SIGNS)
    return round(1.0 / (1.0 + exp(-score)), 4)


def _parts(passage: Passage) -> list[str]:
    own = sentences(passage.text)
    if len(own) > 1 and length(passage.text) <= WHOLE:
        own.append(passage.text)
    return own or [passage.text]
