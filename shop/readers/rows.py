"""Rows of a delimited text file, with the line each begins on; a damaged row never takes others with it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from shop.readers.encoding import Encoding

CHUNK_ROWS = 50_000
LONGEST_ROW = 500_000


@dataclass
class Chunk:
    """Good rows, each with the physical line it begins on as last item, and the rows that cannot be split."""

    rows: list[list[str | int]] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def opened(path: Path, encoding: Encoding) -> TextIO:
    """The file as text with its own line ends, as the csv module wants it."""
    return path.open(encoding=encoding.codec, errors=encoding.errors, newline="")


def chunks(path: Path, encoding: Encoding, delimiter: str, header_line: int, width: int) -> Iterator[Chunk]:
    """Rows after the header in chunks; each has exactly `width` fields or is refused with a reason.

    A quote that never closes costs only the line it stands on: reading goes on with the next line.
    Blank lines are no rows.
    """
    with opened(path, encoding) as stream:
        for _ in range(header_line):
            stream.readline()
        yield from _Splitter(stream, delimiter, header_line, width).chunks()


class _Splitter:
    def __init__(self, stream: TextIO, delimiter: str, lines_before: int, width: int) -> None:
        self._stream = stream
        self._delimiter = delimiter
        self._width = width
        self._done = lines_before  # physical lines that belong to finished rows
        self._replay: deque[str] = deque()
        self._pending: list[str] = []  # physical lines of the row being read

    def chunks(self) -> Iterator[Chunk]:
        chunk = Chunk()
        while not self._read_until_trouble(chunk):
            if len(chunk.rows) + len(chunk.refused) >= CHUNK_ROWS:
                yield chunk
                chunk = Chunk()
        yield chunk

    def _physical(self) -> Iterator[str]:
        keep = self._pending.append
        while self._replay:
            line = self._replay.popleft()
            keep(line)
            yield line
        for line in self._stream:
            keep(line)
            yield line

    def _read_until_trouble(self, chunk: Chunk) -> bool:
        """Fill the chunk; True at the end of the file, False when full or after a damaged row."""
        pending, width, rows = self._pending, self._width, chunk.rows
        reader = csv.reader(self._physical(), delimiter=self._delimiter, strict=True)
        try:
            for row in reader:
                if len(row) == width and len(pending[0]) <= LONGEST_ROW:
                    row.append(self._done + 1)  # type: ignore[arg-type]
                    rows.append(row)  # type: ignore[arg-type]
                elif not row:
                    pass
                elif not self._mend(row, chunk):
                    return False
                self._done += len(pending)
                pending.clear()
                if len(rows) + len(chunk.refused) >= CHUNK_ROWS:
                    return False
        except csv.Error as trouble:
            self._after_error(chunk, ended="end of data" in str(trouble))
            return False
        return True

    def _mend(self, row: list[str], chunk: Chunk) -> bool:
        """A row with the wrong number of fields: keep it when only blanks are too many, else refuse it."""
        if sum(map(len, row)) > LONGEST_ROW:
            chunk.refused.append((self._done + 1, f"the row is longer than {LONGEST_ROW:,} characters", self._text()))
            return True
        if len(row) >= self._width and not any(cell.strip() for cell in row[self._width :]):
            chunk.rows.append([*row[: self._width], self._done + 1])
            return True
        if not any(cell.strip() for cell in row):
            return True
        if len(self._pending) > 1:
            self._refuse_first(chunk, "a quote is opened and not closed on this line")
            return False
        few = "too few" if len(row) < self._width else "too many"
        chunk.refused.append((self._done + 1, f"{few} fields", self._text()))
        return True

    def _after_error(self, chunk: Chunk, ended: bool) -> None:
        if len(self._pending) == 1:
            row = None if ended else self._leniently()
            if row is not None and len(row) == self._width:
                chunk.rows.append([*row, self._done + 1])
                self._done += 1
                self._pending.clear()
                return
            too_long = len(self._pending[0]) > csv.field_size_limit()
            reason = f"a field is longer than {csv.field_size_limit():,} characters"
            self._refuse_first(chunk, reason if too_long else "a quote is opened and not closed on this line")
        else:
            self._refuse_first(chunk, "a quote is opened and not closed on this line")

    def _leniently(self) -> list[str] | None:
        """The row where a quote inside a quoted field is not doubled, as in "5" pipe"."""
        try:
            return next(csv.reader(self._pending, delimiter=self._delimiter), None)
        except csv.Error:
            return None

    def _refuse_first(self, chunk: Chunk, reason: str) -> None:
        chunk.refused.append((self._done + 1, reason, self._text()))
        self._replay.extendleft(reversed(self._pending[1:]))
        self._pending.clear()
        self._done += 1

    def _text(self) -> str:
        return self._pending[0][:500].rstrip("\r\n")
