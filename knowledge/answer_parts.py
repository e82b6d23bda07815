"""What of a passage can answer: its statements. Questions that stand in it are what these statements answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.passage import Passage
from knowledge.words import length, sentences, words

WHOLE = 40  # words up to which a passage is also read as one
_ASKED = re.compile(r"(?:^|(?<=\s))(?:questions?|q|frage|pregunta|问题?|問題?|質問)\s*[:：]\s*", re.IGNORECASE)
_ANSWERED = re.compile(r"(?:^|(?<=\s))(?:answers?|a|antwort|réponse|respuesta|回答|答案?)\s*[:：]\s*", re.IGNORECASE)
_QUESTION = re.compile(r"[?？]\W*$|[吗嗎]\W*$")


@dataclass(frozen=True)
class Part:
    """A statement of a passage, with what it stands under: the question it answers there, or the nearest heading."""

    passage: Passage
    text: str
    under: str


def parts_of(passage: Passage) -> list[Part]:
    """The statements of a passage, a short passage's also as one; none where it only asks."""
    said, asked = statements(passage.text)
    under = asked[0] if asked else passage.heading.rsplit(" › ", 1)[-1]
    together = passage.text if not asked else " ".join(said)
    if len(said) > 1 and length(together) <= WHOLE:
        said = [*said, together]
    return [Part(passage, text, under) for text in said]


def statements(text: str) -> tuple[list[str], list[str]]:
    """What a text says and what it asks, sentence by sentence as they stand, marks such as "Q:" and "A:" left out."""
    said: list[str] = []
    asked: list[str] = []
    first, *questions = _ASKED.split(text)
    _sort(_ANSWERED.sub("", first, count=1) if _ANSWERED.match(first) else first, said, asked)
    for part in questions:
        answered = _ANSWERED.search(part)
        asked.append((part[: answered.start()] if answered else part).strip())
        if answered:
            _sort(part[answered.end() :], said, asked)
    return said, [one for one in asked if words(one)]


def _sort(text: str, said: list[str], asked: list[str]) -> None:
    for sentence in sentences(text):
        (asked if _QUESTION.search(sentence) else said).append(sentence)
