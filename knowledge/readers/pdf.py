"""PDF files: paragraphs and headings from the letters' places and sizes, page by page."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.readers.document import Document, Outline, Reading, unwatched
from knowledge.readers.limits import MB, MOST_CHARACTERS, MOST_PAGES, PDF_MEMORY, PDF_SECONDS
from knowledge.refusals import Refusal

HOME = Path(__file__).resolve().parents[2]
HEADING_SIZE = 1.15  # of the body's letters
LONGEST_HEADING = 120  # characters
PARAGRAPH_GAP = 1.35  # of the usual distance between lines
RUNNING_HEAD = 0.5  # share of pages on which a first or last line comes again
_LEADERS = re.compile(r"(?:\s*\.){4,}\s*")  # from a name to its page or price
_HYPHENS = "\x02\ufffe\u00ad"  # what PDFium gives for a hyphen at a line's end
_WORDLESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]$")

Line = tuple[str, float, float]


def read_pdf(path: Path, reading: Reading = unwatched) -> Document:
    """A PDF with text. Raises KnowledgeError when it is protected, damaged, too large, or has pictures only."""
    about, pages = _pages(path, reading)
    unread = [number for number, page in enumerate(pages, 1) if page is None]
    silent = [number for number, page in enumerate(pages, 1) if page is not None and not page]
    if not any(pages):
        raise Refusal("pdf_silent", name=path.name, pages=len(pages))
    notes = []
    for numbers, why in (
        (silent, "have no text, perhaps they are pictures"),
        (unread, "are damaged and could not be read"),
    ):
        if numbers:
            notes.append(f"Pages without text learned: {_listed(numbers)} {why}.")
    return Document(
        _parts([page or [] for page in pages]), "page", str(about.get("title") or "").strip(), _day(about.get("date")),
        "document" if _day(about.get("date")) else None, notes=tuple(notes),
    )  # fmt: skip


def _pages(path: Path, reading: Reading) -> tuple[dict[str, Any], list[list[Line] | None]]:
    limits = (str(PDF_SECONDS), str(PDF_MEMORY), str(MOST_PAGES))
    with subprocess.Popen(
        [sys.executable, "-m", "knowledge.readers.pdf_pages", str(path.resolve()), *limits],
        cwd=HOME, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        clock = threading.Timer(PDF_SECONDS, process.kill)
        clock.start()
        try:
            assert process.stdout is not None
            about: dict[str, Any] = json.loads(process.stdout.readline() or '{"error": "damaged"}')
            if "error" in about:
                raise Refusal(f"pdf_{about['error']}", name=path.name, most=f"{MOST_PAGES:,}")
            pages: list[list[Line] | None] = []
            characters = 0
            for line in process.stdout:
                characters += len(line)
                if characters > MOST_CHARACTERS:
                    raise Refusal("pdf_long", name=path.name, most=MOST_CHARACTERS // MB)
                pages.append(json.loads(line))
                reading(len(pages), about["pages"])
        finally:
            clock.cancel()
            process.kill()
    if len(pages) < about["pages"]:
        raise Refusal("pdf_stopped", name=path.name, page=len(pages), pages=about["pages"])
    return about, pages


def _parts(pages: list[list[Line]]) -> tuple[Any, ...]:
    body = statistics.median([size for page in pages for _, size, _ in page] or [0])
    gaps = [gap for page in pages for _, size, gap in page if gap > 0 and size <= body * HEADING_SIZE]
    usual = sorted(gaps)[len(gaps) // 4] if gaps else 0.0  # most lines go on, so the lower quartile is their distance
    running = _running_heads(pages)
    outline = Outline()
    for number, page in enumerate(pages, 1):
        for heading, text in _paragraphs([line for line in page if _mask(line[0], number) not in running], body, usual):
            if heading:
                outline.heading(heading, text)
            else:
                outline.paragraph(number, text)
        outline.cut()
    return outline.finish()


def _paragraphs(lines: list[Line], body: float, usual: float) -> Iterator[tuple[int, str]]:
    """(level of heading or 0, text): lines of one size without a wider gap between them belong together."""
    gathered: list[str] = []
    before = 0.0
    for text, size, gap in lines:
        apart = gap < 0 or (usual and gap > PARAGRAPH_GAP * max(usual, size)) or abs(size - before) > 0.5
        if gathered and apart:
            yield _told(gathered, before, body)
            gathered = []
        gathered.append(text)
        before = size
    if gathered:
        yield _told(gathered, before, body)


def _told(lines: list[str], size: float, body: float) -> tuple[int, str]:
    text = lines[0]
    for line in lines[1:]:
        if text[-1] in _HYPHENS:
            text = text[:-1] + line
        else:
            text += line if _WORDLESS.search(text) and _WORDLESS.match(line[0]) else f" {line}"
    text = _LEADERS.sub(" … ", text.translate(dict.fromkeys(map(ord, _HYPHENS)))).strip()
    heading = body and size >= HEADING_SIZE * body and len(text) <= LONGEST_HEADING
    return (max(1, 6 - round(2 * size / body)) if heading else 0), text


def _running_heads(pages: list[list[Line]]) -> set[str]:
    """First and last lines that come again on most pages but for the page's number."""
    if len(pages) < 3:
        return set()
    ends = Counter(
        mask
        for number, page in enumerate(pages, 1)
        if page
        for mask in {_mask(page[0][0], number), _mask(page[-1][0], number)}
    )
    return {mask for mask, count in ends.items() if count > max(2, RUNNING_HEAD * len(pages))}


def _mask(line: str, page: int) -> str:
    return re.sub(rf"(?<!\d){page}(?!\d)", "#", line)


def _day(text: Any) -> date | None:
    """The day of a PDF date such as D:20260301120000+01'00'."""
    digits = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", str(text or ""))
    try:
        return date(*map(int, digits.groups())) if digits else None
    except ValueError:
        return None


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (f" and {len(numbers) - 10} more" if len(numbers) > 10 else "")
