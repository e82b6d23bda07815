"""Sources that contradict each other on the same question: the newest evidence is told, the operator is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from knowledge.passage import Passage
from tools.faq.answers import Told, embedded
from tools.faq.questions import Question
from tools.faq.sources import Line

SAME_FACT = 0.8  # cosine, figures taken out, from which two lines state the same fact
SAME_MATTER = 0.4
MOST_COMPARED = 8  # lines beside those told
_FIGURE = re.compile(r"\d+(?:[.,\u00a0 ]\d+)*")
_DENIAL = re.compile(
    r"\b(?:not|no|never|cannot|without|nicht|kein\w*|nie|ohne|ne|pas|jamais|sans|aucun\w*|nunca|sin|ningún)\b|n't\b|[不没無无勿未]|ません|ない", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True)
class Conflict:
    """Two lines that cannot both hold. `newer` counts; when both are of one day (or none), the one that answered better."""

    newer: Line
    older: Line


def settled(told: Told, question: Question | None, sentences: int) -> tuple[Told, list[Conflict]]:
    """The answer with the newest of contradicting lines, and every contradiction found."""
    found = list(_conflicts(told, question))
    winners = [one.newer for one in found if one.older in told.lines and one.newer not in told.lines]
    newest = max(winners, key=_day, default=None)
    if newest is None:
        return told, found
    home = newest.passage.id
    lines = [newest, *(line for line in told.rest if line.passage.id == home and line != newest)][:sentences]
    rest = [line for line in [*told.lines, *told.rest] if line not in lines]
    return Told(told.country, sorted(lines, key=lambda line: line.at), rest), found


def _conflicts(told: Told, question: Question | None) -> Iterator[Conflict]:
    seen: set[frozenset[str]] = set()
    for line, other in combinations([*told.lines, *told.rest[:MOST_COMPARED]], 2):
        pair = frozenset({line.passage.id, other.passage.id})
        if other.passage.source == line.passage.source or pair in seen:
            continue
        if _figures_differ(line, other) or (question is not None and _denied(line, other, question)):
            seen.add(pair)
            yield Conflict(line, other) if _day(line) >= _day(other) else Conflict(other, line)


def _figures_differ(one: Line, other: Line) -> bool:
    """Whether two lines of the same fact give figures of one dimension that have none in common."""
    from knowledge.verification.quantities import quantities_in

    same_label = bool(one.label) and one.label.casefold() == other.label.casefold()
    if not same_label and _near(one, other) < SAME_FACT:
        return False
    mine, others = quantities_in(one.text, one.language), quantities_in(other.text, other.language)
    for dimension in {q.dimension for q in mine} & {q.dimension for q in others} - {"count"}:
        here = [q for q in mine if q.dimension == dimension]
        there = [q for q in others if q.dimension == dimension]
        if not any(_equal(a.values, b.values, a.step + b.step) for a in here for b in there):
            return True
    return False


def _equal(one: Sequence[float], other: Sequence[float], step: float) -> bool:
    return any(abs(a - b) <= max(step, 1e-9 * abs(a)) for a in one for b in other)


def _denied(one: Line, other: Line, question: Question) -> bool:
    """Whether one line denies what the other affirms, in the same word and by the check of claims."""
    from knowledge.verification import verify

    mine, others = _polarity(one.text, question), _polarity(other.text, question)
    if not any(others.get(word) not in (None, denied) for word, denied in mine.items()):
        return False
    if _near(one, other) < SAME_MATTER:
        return False
    verdict = verify(one.text, [one.passage], language=one.language, others=[other.passage])
    return any(
        reason.code.startswith("contradicted") and other.passage.id in reason.passages for reason in verdict.reasons
    )


def _polarity(text: str, question: Question) -> dict[str, bool]:
    """Each word of the question's matter in a text, and whether its clause denies it."""
    return {
        hit.group().casefold(): bool(_DENIAL.search(clause))
        for clause in re.split(r"[;,；，、。]|\bbut\b|\baber\b|\bmais\b", text)
        for hit in question.cue.finditer(clause)
    }


def _near(one: Line, other: Line) -> float:
    rows = embedded((_FIGURE.sub(" ", one.text), _FIGURE.sub(" ", other.text)))
    return float(rows[0] @ rows[1])


def _day(line: Line) -> date:
    return line.passage.date or date.min


def passages_of(conflict: Conflict) -> tuple[Passage, Passage]:
    """The newer passage and the older one."""
    return conflict.newer.passage, conflict.older.passage
