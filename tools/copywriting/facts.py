"""A passage cut into facts that can stand alone: sentences, points and the rows of spec tables, each cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.passage import Passage

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"
LONGEST, SHORTEST = 400, 8
MOST_PROPERTY_COLUMNS, MOST_COLUMNS = 3, 5
_SENTENCE = re.compile(
    r"(?<=[^\W\d_][\"”’)][.!?])\s+(?=[A-ZÄÖÜÀ-Ý0-9])|(?<=[^\W\d_][.!?])[\"”’)]*\s+(?=[\"“„«(]?[A-ZÄÖÜÀ-Ý0-9])|(?<=[\d%)][.!?])\s+(?=[\"“„«(]?[A-ZÄÖÜÀ-Ý])|(?<=[。！？])"
)
_POINT = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.)])\s+")
_RULE = re.compile(r"^\|?[\s:|-]+\|?$")
_SHORT_FORM = re.compile(r"(?:\b(?:No|Nr|St|Dr|ca|approx|bzw|z\.\s?B|d\.\s?h|incl|max|min|env)\.)$", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """Something a passage says that can stand alone.

    text: in the passage's words; label: what the row of a spec table is about, else empty; at: its place in the
    passage, 0 for the first; leaning: it refers to what was said before it.
    """

    text: str
    passage: Passage
    label: str = ""
    at: int = 0
    leaning: bool = False

    @property
    def language(self) -> str:
        """BCP 47, of the passage."""
        return self.passage.language or "en"


@cache
def source_words() -> dict[str, Any]:
    """What tells an unreleased text and a leaning sentence: prompts/copy_sources.yaml."""
    import yaml

    told: dict[str, Any] = yaml.safe_load((PROMPTS / "copy_sources.yaml").read_text(encoding="utf-8"))
    return told


def facts_of(passage: Passage) -> list[Fact]:
    """The facts of one passage in its order; what is too short or too long for copy is left out."""
    return [
        Fact(text, passage, label, at, not label and _leans(text))
        for at, (label, text) in enumerate(_pieces(passage.text))
        if SHORTEST <= len(text) <= LONGEST
    ]


def _leans(text: str) -> bool:
    begins, points, defines = _leaning()
    plain = text.lstrip('"“„«(')
    return bool(begins.match(plain) or points.search(text) or defines.match(plain))


@cache
def _leaning() -> tuple[re.Pattern[str], ...]:
    told = source_words()
    return tuple(re.compile(told[name], re.IGNORECASE) for name in ("leaning", "pointing", "defining"))


def sentences(text: str) -> list[str]:
    """The sentences of plain text; abbreviations and decimals do not end one."""
    found: list[str] = []
    for piece in (part.strip() for part in _SENTENCE.split(text)):
        if not piece:
            continue
        if found and (_SHORT_FORM.search(found[-1]) or _open(found[-1])):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def _open(text: str) -> bool:
    """Whether a quotation that began in the text goes on after it."""
    return text.count('"') % 2 == 1 or any(text.count(a) > text.count(b) for a, b in ("“”", "«»", "「」"))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        if any(line.lstrip().startswith("|") for line in lines):
            yield from _rows([line for line in lines if line.lstrip().startswith("|")])
            lines = [line for line in lines if not line.lstrip().startswith("|")]
        running: list[str] = []
        for line in lines:
            if _POINT.match(line):
                yield from _prose(running)
                running = []
                yield from (("", one) for one in sentences(_plain(_POINT.sub("", line))))
            else:
                running.append(line)
        yield from _prose(running)


def _prose(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from (("", one) for one in sentences(_plain(" ".join(lines))))


def _rows(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Rows of a property table as `label: value`, of one with a few more columns as `heading: value; heading: value`.

    Wider tables mean nothing row by row and are left out.
    """
    rows = [[_plain(cell) for cell in line.strip().strip("|").split("|")] for line in lines if not _RULE.match(line)]
    headed = any(_RULE.match(line) for line in lines) and len(rows) > 1
    for row in rows[1:] if headed else rows:
        if 2 <= len(row) <= MOST_PROPERTY_COLUMNS and row[0] and row[1]:
            yield row[0], f"{_capital(row[0])}: {row[1]}"
        elif headed and len(row) == len(rows[0]) <= MOST_COLUMNS and all(rows[0]) and all(row):
            yield row[0], _capital("; ".join(f"{head}: {cell}" for head, cell in zip(rows[0], row, strict=True)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\*\*|__|`|#+ ", "", text)).strip()
