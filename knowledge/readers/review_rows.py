"""Customer reviews from a CSV of any platform: columns found by their names, every row read or refused with a reason."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from knowledge import strangers
from knowledge.errors import KnowledgeError
from knowledge.readers.document import Reading, unwatched
from knowledge.readers.ratings import rating
from knowledge.refusals import Refusal

NAMES = Path(__file__).with_name("review_columns.yaml")
DELIMITERS = ",;\t|"
HEADER_SAMPLE = 256 << 10
SHOWN_COLUMNS = 8


@dataclass(frozen=True)
class ReviewRow:
    """One review: title and text, cleaned; `line` is the physical line it begins on."""

    line: int
    words: str
    id: str = ""
    rating: int | None = None
    date: date | None = None
    sku: str = ""
    product: str = ""
    country: str | None = None
    language: str | None = None


@dataclass
class ReviewFile:
    """The rows that could be read, those that could not (line, reason, beginning), and what else to say."""

    rows: list[ReviewRow] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


def read_reviews(path: Path, reading: Reading = unwatched) -> ReviewFile:
    """Every row of a CSV of reviews. Raises KnowledgeError when the file is no table or has no column of words."""
    from shop.errors import ShopError
    from shop.readers.encoding import detect
    from shop.readers.rows import chunks, opened

    try:
        encoding = detect(path)
    except ShopError as refused:
        raise KnowledgeError(str(refused)) from refused
    with opened(path, encoding) as stream:
        sample = stream.read(HEADER_SAMPLE)
    delimiter, header, lines = _header(sample)
    found = columns(header)
    if "text" not in found and "title" not in found:
        has = ", ".join(name for name in header[:SHOWN_COLUMNS] if name) or "no names"
        raise Refusal("no_review_column", name=path.name, has=has)
    read = ReviewFile(columns={name: header[at] for name, at in found.items()})
    if encoding.warning:
        read.notes.append(encoding.warning)
    raw: list[tuple[int, dict[str, str]]] = []
    size, seen = path.stat().st_size, 0
    try:
        for chunk in chunks(path, encoding, delimiter, lines, len(header)):
            for row in chunk.rows:
                cells = [str(cell) for cell in row[:-1]]
                if any(cell.strip() for cell in cells):
                    raw.append((int(row[-1]), {name: cells[at] for name, at in found.items()}))
                seen += sum(map(len, cells)) + len(cells)
            read.refused += chunk.refused
            reading(min(seen, size), size)
    except ShopError as refused:
        raise KnowledgeError(str(refused)) from refused
    _typed(raw, read)
    return read


def columns(header: list[str]) -> dict[str, int]:
    """Which column holds what, by the alias table; the first name in the table that the header has."""
    from shop.readers.layout import plain

    names = [plain(name) for name in header]
    found: dict[str, int] = {}
    for what, aliases in _aliases().items():
        for alias in aliases:
            if alias in names and names.index(alias) not in found.values():
                found[what] = names.index(alias)
                break
    return found


def _header(sample: str) -> tuple[str, list[str], int]:
    """Separator, column names, and how many lines they take."""
    from shop.readers.clean import clean

    lines = sample.splitlines(keepends=True)
    blank = next((n for n, line in enumerate(lines) if line.strip(" \t\r\n\ufeff,;|")), len(lines))
    told = lines[blank].strip().lower() if blank < len(lines) else ""
    separators = told[4] if told.startswith("sep=") and len(told) == 5 else DELIMITERS
    blank += separators != DELIMITERS
    best: tuple[tuple[int, int], str, list[str], int] | None = None
    for delimiter in separators:
        reader = csv.reader(lines[blank:], delimiter=delimiter)
        try:
            header = [clean(name, code=True) or "" for name in next(reader, [])]
        except csv.Error:
            continue
        rank = (len(columns(header)), len(header))
        if best is None or rank > best[0]:
            best = (rank, delimiter, header, blank + reader.line_num)
    return best[1:] if best else (",", [], 1)


@lru_cache
def _aliases() -> dict[str, list[str]]:
    import yaml

    from shop.readers.layout import plain

    stored: dict[str, list[str]] = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    return {what: [plain(name) for name in names] for what, names in stored.items()}


def _typed(raw: list[tuple[int, dict[str, str]]], read: ReviewFile) -> None:
    from shop.readers import dates, places
    from shop.readers.clean import LOST_DIGITS, clean

    evidence = dates.evidence(Counter(cells["date"] for _, cells in raw if "date" in cells))
    days = dates.DateColumn(dates.day_first(evidence, evidence), time=False)
    unknown: Counter[str] = Counter()
    ratings = {said: rating(said) for said in {cells.get("rating", "") for _, cells in raw}}
    for line, cells in raw:
        words = strangers.clean(
            "\n".join(filter(None, (cells.get("title", "").strip(), cells.get("text", "").strip())))
        )
        stars, bad_rating = ratings[cells.get("rating", "")]
        day, bad_date = days.read(cells["date"]) if "date" in cells else (None, None)
        sku = clean(cells.get("sku", ""), code=True) or ""
        why = (
            bad_rating
            or (f"date {bad_date}" if bad_date else None)
            or (None if words else "has no words")
            or ("sku has lost digits in a spreadsheet" if LOST_DIGITS.fullmatch(sku) else None)
        )
        if why:
            read.refused.append((line, why, " ".join(filter(None, (sku, *words.split())))[:200]))
            continue
        country = places.country(cells["country"]) if cells.get("country", "").strip() else None
        language = places.language(cells["language"]) if cells.get("language", "").strip() else None
        unknown["country"] += bool(cells.get("country", "").strip()) and country is None
        unknown["language"] += bool(cells.get("language", "").strip()) and language is None
        read.rows.append(
            ReviewRow(
                line, words, clean(cells.get("id", ""), code=True) or "", stars,
                day if isinstance(day, date) else None, sku, clean(cells.get("product", "")) or "",
                None if country == places.NOT_SAID else country, language,
            )
        )  # fmt: skip
    read.refused.sort()
    read.notes += [
        f"{count:,} rows name no {what} we know; they were learned without." for what, count in unknown.items() if count
    ]
