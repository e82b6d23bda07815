"""Markdown into passages: front matter says what a text is, headings and paragraphs where to cut it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knowledge.readers.document import Outline, Part
from knowledge.refusals import Refusal
from knowledge.words import length

SHORT, LONG = 60, 200  # words
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])")


@dataclass(frozen=True)
class Section:
    """A stretch of text under its headings, starting on a line (or page, or paragraph) of its file."""

    heading: str
    line: int
    text: str


def front_matter(markdown: str, path: str) -> tuple[dict[str, Any], str, int]:
    """What stands between the --- lines at the top, the text below, and the line it starts on.

    Raises KnowledgeError when the front matter is not `name: value` lines.
    """
    import yaml

    lines = markdown.lstrip("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        return {}, "\n".join(lines), 1
    ends = [n for n, line in enumerate(lines[1:], start=1) if line.strip() in ("---", "...")]
    if not ends:
        return {}, "\n".join(lines), 1
    try:
        stated = yaml.safe_load("\n".join(lines[1 : ends[0]])) or {}
    except (yaml.YAMLError, ValueError) as broken:
        raise Refusal("front_matter", name=path) from broken
    if not isinstance(stated, dict):
        raise Refusal("front_matter", name=path)
    return {str(k): v for k, v in stated.items()}, "\n".join(lines[ends[0] + 1 :]), ends[0] + 2


def as_date(value: Any, path: str) -> date | None:
    """A date of front matter. Raises KnowledgeError when it is not ISO."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as broken:
        raise Refusal("bad_date", name=path, date=value) from broken


def sections(markdown: str, title: str = "", first_line: int = 1) -> Iterator[Section]:
    """Passages of 60 to 200 words: short paragraphs of one heading together, long ones cut between sentences.

    A heading with less text than that is a passage of its own, since the next heading is another matter.
    """
    for part in parts(markdown, first_line):
        yield from gathered(part, title)


def gathered(part: Part, title: str = "") -> Iterator[Section]:
    """The paragraphs under one heading as passages of 60 to 200 words."""
    heading = _trail(title, part.headings)
    together: list[tuple[int, str]] = []
    for number, paragraph in (piece for p in part.paragraphs for piece in _cut(*p)):
        so_far = sum(length(text) for _, text in together)
        if together and (so_far >= SHORT or so_far + length(paragraph) > LONG):
            yield _section(heading, together)
            together = []
        together.append((number, paragraph))
    if together:
        yield _section(heading, together)


def parts(markdown: str, first_line: int = 1) -> tuple[Part, ...]:
    """Markdown's paragraphs under their headings, each with its line."""
    outline = Outline()
    open_paragraph: list[str] = []
    started, in_fence = first_line, False
    for number, line in enumerate([*markdown.splitlines(), ""], start=first_line):
        if _FENCE.match(line):
            in_fence = not in_fence
            continue
        heading = None if in_fence else _HEADING.match(line)
        if heading or (not line.strip() and not in_fence):
            outline.paragraph(started, "\n".join(open_paragraph))
            open_paragraph = []
        elif not open_paragraph:
            started, open_paragraph = number, [line.strip()]
        else:
            open_paragraph.append(line.strip())
        if heading:
            outline.heading(len(heading[1]), heading[2])
    outline.paragraph(started, "\n".join(open_paragraph))
    return outline.finish()


def _section(heading: str, paragraphs: list[tuple[int, str]]) -> Section:
    return Section(heading, paragraphs[0][0], "\n\n".join(text for _, text in paragraphs))


def _trail(title: str, above: tuple[str, ...]) -> str:
    names = [title] if title else []
    return " › ".join([*names, *(words for words in above if words != title)])


def _cut(line: int, paragraph: str) -> Iterator[tuple[int, str]]:
    if length(paragraph) <= LONG:
        yield line, paragraph
        return
    piece = ""
    for sentence in (s for part in _SENTENCE_END.split(paragraph) for s in _break(part)):
        if piece and length(piece) + length(sentence) > LONG:
            yield line, piece.strip()
            line, piece = line + piece.count("\n"), ""
        piece += sentence if not piece or piece[-1] in "。！？；\n" else f" {sentence}"
    if piece.strip():
        yield line, piece.strip()


def _break(sentence: str) -> Iterator[str]:
    """A sentence, or stretches of one that has no end in sight."""
    while length(sentence) > LONG:
        at = sentence.rfind(" ", 0, 4 * LONG)
        at = at if at > 0 else 2 * LONG
        if at >= len(sentence):
            break
        yield sentence[:at]
        sentence = sentence[at:].lstrip(" ")
    yield sentence
