"""One file before its rows are read: encoding, separator, header, and the layout it fits."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from shop.errors import ShopError
from shop.readers.clean import clean
from shop.readers.encoding import Encoding, detect
from shop.readers.layout import Match, known_columns, matched
from shop.readers.rows import opened

DELIMITERS = ",;\t|"
HEADER_SAMPLE = 256 << 10
WIDEST = 1000


@dataclass(frozen=True)
class Source:
    """A file that can be read: what it is, and where its rows begin."""

    path: Path
    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    header_lines: int
    match: Match


def inspect(path: Path, kind: str | None = None) -> Source:
    """Look at a file's bytes and header. Raises ShopError, naming the file, when it is no table of ours."""
    encoding = detect(path)
    with opened(path, encoding) as stream:
        sample = stream.read(HEADER_SAMPLE).splitlines(keepends=True)
    skipped = 0
    while skipped < len(sample) and not sample[skipped].strip(" \t\r\n\ufeff,;|"):
        skipped += 1
    told = None
    if (
        skipped < len(sample)
        and sample[skipped].strip().lower().startswith("sep=")
        and len(sample[skipped].strip()) == 5
    ):
        told = sample[skipped].strip()[4]
        skipped += 1
    if skipped >= len(sample):
        raise ShopError(f"{path.name} is empty.")
    best = max((_header(sample[skipped:], delimiter) for delimiter in told or DELIMITERS), key=_fit)
    delimiter, header, lines = best
    if len(header) > WIDEST:
        raise ShopError(f"{path.name} has {len(header):,} columns: at most {WIDEST:,} can be read.")
    try:
        match = matched(header, kind)
    except ShopError as misfit:
        raise ShopError(f"{path.name}: {misfit}") from None
    return Source(path, encoding, delimiter, header, skipped + lines, match)


def _header(sample: list[str], delimiter: str) -> tuple[str, tuple[str, ...], int]:
    reader = csv.reader(sample, delimiter=delimiter)
    try:
        header = next(reader, [])
    except csv.Error:
        return delimiter, (), 1
    return delimiter, tuple(clean(name, code=True) or "" for name in header), reader.line_num


def _fit(candidate: tuple[str, tuple[str, ...], int]) -> tuple[int, int]:
    return known_columns(candidate[1]), len(candidate[1])
