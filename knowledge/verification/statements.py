"""Passages as statements: sentences, list items and table rows, each with what it may prove."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knowledge.passage import Passage
from knowledge.strangers import addresses_assistant, clean
from knowledge.verification.lexicon import main_language, plain
from knowledge.verification.reading import Reading, particles, read, word_pattern

_END = re.compile(r"(?<=[.!?])[\"'”’»)]*\s+(?=[\"'“„«(]*[^\sa-zäöüéè])|(?<=[。！？])[」』”]*|\n+")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_BOLD = re.compile(r"\*\*|__")


@dataclass(frozen=True)
class Statement:
    """One sentence or table row of a passage, taken apart."""

    reading: Reading
    passage: Passage

    @property
    def text(self) -> str:
        return self.reading.text

    def speaks_of(self, sku: str | None, at: int) -> bool:
        """Whether what stands at `at` is said of the SKU, as far as the passage and the sentence name any."""
        if sku is None:
            return True
        if self.passage.skus and sku not in self.passage.skus:
            return False
        owner = self.reading.owner(at, frozenset(s.name for s in self.reading.skus if self._is_product(s.name, sku)))
        return not owner or sku in owner

    def _is_product(self, code: str, sku: str) -> bool:
        """Whether a code is a product's: one the passage is about, or of the same family, as BOT-500 beside BOT-750."""
        return code == sku or code in self.passage.skus or code.split("-")[0] == sku.split("-")[0]

    @property
    def day(self) -> date:
        return self.passage.date or date.min


def rank(statement: Statement, sku: str | None = None) -> tuple[int, int]:
    """Evidence outranks a policy, a policy a story, a story a review; what is about the product itself outranks what
    is about the whole brand, except that evidence outranks any story."""
    kind = ("review", "story", "policy", "evidence").index(statement.passage.kind)
    own = int(sku is None or sku in statement.passage.skus)
    return (kind if kind < 2 else 2 + own, kind)


def statements_of(passages: Iterable[Passage]) -> list[Statement]:
    """Every statement of the passages; sentences that address an assistant are left out."""
    return [
        Statement(reading, passage)
        for passage in passages
        for reading in _readings(passage.text, main_language(passage.language) or "en")
    ]


@lru_cache(maxsize=20_000)
def unchecked(passage: Passage) -> bool:
    """Whether a story says of itself that nobody has checked it, or that it no longer holds."""
    if passage.kind in ("evidence", "policy"):
        return False
    first = passage.text[:240]
    return bool(word_pattern(tuple(particles()["unchecked"])).search(plain(f"{passage.heading}\n{first}")))


@lru_cache(maxsize=20_000)
def _readings(text: str, language: str) -> tuple[Reading, ...]:
    return tuple(read(sentence, language) for sentence in sentences(text) if not addresses_assistant(sentence))


def sentences(text: str) -> Iterator[str]:
    """Sentences, list items and table rows; a row is worded "heading: cell; heading: cell"."""
    headings: list[str] = []
    for block in _blocks(clean(text)):
        row = _ROW.match(block)
        if row is None:
            headings = []
            for sentence in _END.split(_BOLD.sub("", _BULLET.sub("", block))):
                if sentence.strip():
                    yield sentence.strip()
            continue
        cells = [cell.strip() for cell in row[1].split("|")]
        if _RULE.match(block):
            continue
        if not headings:
            headings = cells
            continue
        named = [
            cell if n == 0 or not heading or not cell else f"{heading}: {cell}"
            for n, (heading, cell) in enumerate(zip(headings, cells, strict=False))
        ]
        yield "; ".join(part for part in named if part)


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs with their line breaks joined; table rows and list items one by one."""
    paragraph: list[str] = []
    for line in [*text.split("\n"), ""]:
        single = bool(_ROW.match(line) or _BULLET.match(line))
        if (single or not line.strip()) and paragraph:
            yield " ".join(paragraph)
            paragraph = []
        if _ROW.match(line):
            yield line
        elif line.strip():
            paragraph.append(line.strip())
