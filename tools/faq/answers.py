"""What the brand's own material answers to a question: the lines that answer, market by market, or nothing.

A line answers a known question when it holds what an answer must hold (the question's cue), when it or the headings
above it speak of the matter. Questions only buyers asked need a sentence that surely answers (knowledge/answering.py).
What no line answers stays unanswered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.faq.groups import ways
from tools.faq.questions import Question
from tools.faq.sources import Line, Shelf

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from knowledge.passage import Passage

LEAST_NEAR = 0.0  # cosine of a line that holds the cue of a known question
CUES_COUNTED, CUE_WEIGHT = 3, 0.12
OWN_PRODUCT, OWN_KIND, OWN_RULE, OWN_LANGUAGE, ENGLISH, OWN_LABEL = 0.15, 0.05, 0.2, 0.2, 0.1, 0.15
OTHER_PRODUCT = -0.1  # a line that names another SKU as well
MOST_ROWS = 6  # of one table
SHARE_OF_BEST = 0.75  # of the best line's score, which the others of an answer must reach
FACTS = ("product", "use")  # parts that evidence answers, and of policies only those for the product itself


@dataclass(frozen=True)
class Answering:
    """A line with how well it answers, higher is better."""

    line: Line
    score: float


@dataclass
class Told:
    """The lines that answer in one market, or in all when `country` is None; `rest` answer too and are not told."""

    country: str | None
    lines: list[Line]
    rest: list[Line] = field(default_factory=list)


@dataclass
class Answer:
    """What is told in each market; empty when the sources are silent. `silent_in` are markets no line speaks to."""

    told: list[Told]
    silent_in: list[str] = field(default_factory=list)


class Finder:
    """Finds answers among the lines of one shelf."""

    def __init__(self, shelf: Shelf, sku: str, language: str, sentences: int, markets: Sequence[str]) -> None:
        self._lines = shelf.lines
        self._sku = sku
        self._language = language.split("-")[0]
        self._sentences = sentences
        self._markets = markets
        self._rows = embedded(tuple(f"{line.passage.heading}\n{line.text}" for line in shelf.lines))
        self._plain = embedded(tuple(line.text for line in shelf.lines))

    def known(self, question: Question) -> Answer:
        """The answer to a known question."""
        asked = ways(question)
        near = self._near(asked)
        holding = [
            (line, float(near[at]))
            for at, line in enumerate(self._lines)
            if near[at] >= LEAST_NEAR and question.answered_by(line.own) and self._allowed(line, question)
        ]
        found = [Answering(line, self._score(line, question, close)) for line, close in _on_topic(holding, question)]
        if not question.per_country:
            return self._everywhere(found, question.leads)
        return self._by_market(found, question.leads)

    def unknown(self, question: str, near: Sequence[Passage]) -> Answer:
        """The answer to a question only buyers asked, from passages near it: the surest sentence, or nothing."""
        from knowledge.answering import answer

        readable = {line.passage.id for line in self._lines}
        best = answer(question, [passage for passage in near if passage.id in readable])
        if best is None:
            return Answer([])
        lines = [
            line
            for line in self._lines
            if line.passage.id == best.passage.id
            and not line.is_row
            and (line.text in best.sentence or best.sentence in line.text)
        ][: self._sentences]
        if not lines:
            return Answer([])
        whom = min(lines[0].countries) if lines[0].countries else None
        return Answer([Told(whom, lines)])

    def _near(self, asked: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        import numpy as np

        if not self._lines:
            return np.zeros(0, dtype=np.float32)
        return np.asarray(((self._rows @ asked.T).max(axis=1) + (self._plain @ asked.T).max(axis=1)) / 2)

    def _allowed(self, line: Line, question: Question) -> bool:
        return question.part not in FACTS or line.passage.kind == "evidence" or self._sku in line.passage.skus

    def _score(self, line: Line, question: Question, near: float) -> float:
        cues = len({hit.group().casefold() for hit in question.cue.finditer(line.own)})
        first = "evidence" if question.part in FACTS else "policy"
        return (
            near
            + CUE_WEIGHT * min(cues, CUES_COUNTED)
            + OWN_PRODUCT * line.names_product
            + (OWN_KIND if question.part in FACTS else OWN_RULE) * (line.passage.kind == first)
            + (OWN_LANGUAGE if line.language == self._language else ENGLISH * (line.language == "en"))
            + OWN_LABEL * bool(line.label and question.cue.search(line.label))
            + OTHER_PRODUCT * line.names_another
        )

    def _everywhere(self, found: list[Answering], leads: bool = False) -> Answer:
        if not found:
            return Answer([])
        general = [one for one in found if not one.line.countries]
        told, rest = self._picked(general or found, leads)
        whom = None if general else min(told[0].countries)
        return Answer([Told(whom, told, rest)])

    def _by_market(self, found: list[Answering], leads: bool) -> Answer:
        if not found:
            return Answer([], [])
        general = [one for one in found if not one.line.countries]
        told, silent = [], []
        for market in self._markets:
            own = [one for one in found if market in one.line.countries]
            if own:
                told.append(Told(market, *self._picked(own, leads)))
            elif not general:
                silent.append(market)
        if general and len(told) < len(self._markets):
            told.append(Told(None, *self._picked(general, leads)))
        return Answer(told, silent)

    def _picked(self, found: list[Answering], leads: bool) -> tuple[list[Line], list[Line]]:
        """The best lines of the best passage in the order they stand there (its first where the matter leads), and the
        other lines that answer."""
        best = sorted(found, key=lambda one: (-one.score, one.line.passage.id, one.line.at))
        least = SHARE_OF_BEST * best[0].score
        home = best[0].line.passage.id
        own = [one.line for one in best if one.line.passage.id == home and (leads or one.score >= least)]
        if leads:
            own.sort(key=lambda line: line.at)
        kept = own[: MOST_ROWS if own[0].is_row else self._sentences]
        rest = [one.line for one in best if one.line not in kept]
        return sorted(kept, key=lambda line: line.at), rest


def _on_topic(holding: list[tuple[Line, float]], question: Question) -> list[tuple[Line, float]]:
    """Lines under headings on the topic, else lines that name it themselves; all where a question has no topic."""
    if question.topic is None:
        return holding
    topic = question.topic
    return [one for one in holding if topic.search(one[0].passage.heading)] or [
        one for one in holding if topic.search(one[0].text)
    ]


@lru_cache(maxsize=8)
def embedded(texts: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """One row for each text, of length 1."""
    from knowledge.embed import embed

    return embed(texts)
