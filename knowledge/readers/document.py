"""What every reader makes of a file: paragraphs under their headings, each with the place it stands at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from knowledge.passage import DatedBy

Unit = Literal["line", "page", "paragraph"]
Reading = Callable[[int, int], None]  # pages or rows read, of how many


def unwatched(done: int, whole: int) -> None:
    """Nobody watches the reading."""


@dataclass(frozen=True)
class Part:
    """Paragraphs under one heading (its trail, outermost first), each with its line, page or paragraph number."""

    headings: tuple[str, ...]
    paragraphs: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Document:
    """A file's text and what the file says about itself.

    unit: what the numbers of the paragraphs count; stated: front matter; date and dated_by: the document's own
    properties; language: BCP 47 as the document states it; notes: one sentence for each thing left out.
    """

    parts: tuple[Part, ...]
    unit: Unit = "line"
    title: str = ""
    date: date | None = None
    dated_by: DatedBy | None = None
    language: str | None = None
    stated: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is no word in it."""
        return not any(text.strip() for part in self.parts for _, text in part.paragraphs)


class Outline:
    """Gathers paragraphs under headings as a reader meets them."""

    def __init__(self) -> None:
        self._above: list[tuple[int, str]] = []
        self._open: list[tuple[int, str]] = []
        self.parts: list[Part] = []

    def heading(self, level: int, text: str) -> None:
        """A heading: what follows is another matter."""
        self.cut()
        self._above = [(depth, words) for depth, words in self._above if depth < level] + [(level, text)]

    def paragraph(self, number: int, text: str) -> None:
        """A paragraph under the headings so far."""
        if text.strip():
            self._open.append((number, text.strip()))

    def cut(self) -> None:
        """What follows must not share a passage with what came before, as on the next page."""
        if self._open:
            self.parts.append(Part(tuple(words for _, words in self._above if words), tuple(self._open)))
            self._open = []

    def finish(self) -> tuple[Part, ...]:
        """All the parts."""
        self.cut()
        return tuple(self.parts)


def table_lines(rows: list[list[str]]) -> list[str]:
    """A table as one line a row, each cell with the name of its column where the first row names them."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    width = max(len(row) for row in rows)
    head = rows[0]
    if width == 2:
        return [": ".join(filter(None, row)) for row in rows]
    named = len(head) == width and all(head[1:]) and len(set(head)) == width and not any(map(_has_digit, head))
    if not named or len(rows) == 1:
        return [" | ".join(filter(None, row)) for row in rows]
    return [
        "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False) if cell)
        for row in rows[1:]
    ]


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
