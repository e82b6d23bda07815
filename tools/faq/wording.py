"""How an answer is said: in the source's own words, or by the chosen model where the source is in another language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.faq.answers import Told
from tools.faq.sources import Line


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer with the line it stands on; `own_words` when it is the source's, word for word."""

    text: str
    language: str
    own_words: bool
    line: Line


def worded(told: Told, language: str) -> list[Sentence]:
    """The lines of an answer as sentences."""
    return [Sentence(line.text, line.language, True, line) for line in told.lines]


def joined(sentences: Sequence[Sentence]) -> str:
    """Sentences as one text; rows of a table are set apart by semicolons."""
    text = ""
    for at, one in enumerate(sentences):
        is_row = one.line.is_row and one.own_words
        ended = one.text[-1:] in ".。!?！？;；"
        close = "" if ended or not is_row else ";" if at < len(sentences) - 1 else "."
        gap = "" if not text or text[-1] in "。！？" else " "
        text += f"{gap}{one.text}{close}"
    return text
