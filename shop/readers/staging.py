"""Rows of one file on their way into the books: staged as text, typed, checked, and sorted into good and refused."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shop.readers.checks import check
from shop.readers.columns import Columns
from shop.readers.layout import Field
from shop.readers.rows import LONGEST_ROW, chunks
from shop.readers.source import Source

if TYPE_CHECKING:
    import duckdb

EXCERPT = 500
LONGEST_BYTES = 8 * LONGEST_ROW


class Staging:
    """The temporary tables of one file.

    `raw` holds text, `typed` values with a reason `why` (NULL while good), `refused` (file, line, reason, text)
    every row that does not enter the books, of all files of the import.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> None:
        self.folder = folder
        self.connection = connection
        self.source = source
        self.file = source.path.name
        self.fields: list[Field] = [
            source.match.layout.fields[name]
            for name in sorted(source.match.columns, key=source.match.columns.__getitem__)
        ]
        self.rows_in = 0
        self.warnings: list[str] = []

    @staticmethod
    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        """Make the table of refusals, once per import."""
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE refused (part INTEGER, line BIGINT, reason VARCHAR, text VARCHAR)"
        )

    def fill(self, part: int, progress: Callable[[str], None]) -> None:
        """Read the file into `typed`; `part` is its number within the import."""
        self._stage(part, progress)
        progress(f"{self.file}: checking {self.rows_in:,} rows")
        columns = Columns(self.connection, self.fields, self.source.delimiter)
        self.warnings += columns.warnings
        values = ", ".join(f'{columns.value(field)} AS "{field.name}"' for field in self.fields)
        whys = ", ".join(columns.why(field) for field in self.fields)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE typed AS SELECT r.source_line, {values}, "  # noqa: S608
            f"coalesce({whys}, NULL)::VARCHAR AS why FROM raw r {columns.joins}"
        )
        columns.drop()
        self._check()

    def refuse(self, part: int) -> int:
        """Move the rows of `typed` that have a reason into `refused`; returns how many stay."""
        text = ", ".join(f'r."{field.name}"' for field in self.fields)
        self.connection.execute(
            f"INSERT INTO refused SELECT ?, t.source_line, t.why, left(concat_ws(?, {text}), ?) "  # noqa: S608
            "FROM typed t JOIN raw r USING (source_line) WHERE t.why IS NOT NULL",
            [part, self.source.delimiter, EXCERPT],
        )
        self.connection.execute("DELETE FROM typed WHERE why IS NOT NULL")
        self.connection.execute("DROP TABLE raw")
        found = self.connection.execute("SELECT count(*) FROM typed").fetchone()
        return int(found[0]) if found else 0

    def _stage(self, part: int, progress: Callable[[str], None]) -> None:
        """Rows go through a CSV of known form, which DuckDB reads far faster than values handed over one by one."""
        source, width = self.source, len(self.source.header)
        with tempfile.TemporaryDirectory(prefix="import-", dir=self.folder) as folder:
            staged = Path(folder) / "rows.csv"
            with staged.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
                for chunk in chunks(source.path, source.encoding, source.delimiter, source.header_lines, width):
                    self.rows_in += len(chunk.rows) + len(chunk.refused)
                    writer.writerows(chunk.rows)
                    self._refuse_unread(part, chunk.refused)
                    progress(f"{self.file}: {self.rows_in:,} rows read")
            self._read_staged(staged, width)
        blank = " AND ".join(f'"{field.name}" IS NULL' for field in self.fields)
        found = self.connection.execute(f"DELETE FROM raw WHERE {blank} RETURNING source_line").fetchall()  # noqa: S608
        self.rows_in -= len(found)

    def _read_staged(self, staged: Path, width: int) -> None:
        positions = self.source.match.columns
        picked = ", ".join(f"nullif(trim(c{positions[field.name]}), '') AS \"{field.name}\"" for field in self.fields)
        columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(width))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE raw AS SELECT source_line, {picked} FROM read_csv(?, auto_detect = false, "  # noqa: S608
            f"header = false, new_line = '\\n', delim = ',', quote = '\"', escape = '\"', columns = {{{columns}, 'source_line': 'BIGINT'}}, "
            f"max_line_size = {LONGEST_BYTES}, buffer_size = {4 * LONGEST_BYTES})",
            [str(staged)],
        )

    def _refuse_unread(self, part: int, refused: list[tuple[int, str, str]]) -> None:
        if refused:
            lines, reasons, texts = (list(column) for column in zip(*refused, strict=True))
            self.connection.execute(
                "INSERT INTO refused SELECT ?, unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [part, lines, reasons, texts],
            )

    def _check(self) -> None:
        """Fill blanks that have a default, then give every row that may not enter its first reason."""
        table = self.source.match.layout.table
        reasons = ["why"]
        for field in self.fields:
            if field.kind == "country" and field.name == "country":
                self._country_not_said()
            elif field.default is not None and field.known_from == table:
                self.connection.execute(
                    f'UPDATE typed SET "{field.name}" = ? WHERE "{field.name}" IS NULL AND why IS NULL',  # noqa: S608
                    [field.default],
                )
            elif field.required:
                reasons.append(f"CASE WHEN \"{field.name}\" IS NULL THEN '{field.name} is missing' END")
            checked = check(table, field.name)
            if checked:
                reasons.append(checked)
        self.connection.execute(f"UPDATE typed SET why = coalesce({', '.join(reasons)}) WHERE why IS NULL")  # noqa: S608

    def _country_not_said(self) -> None:
        wide = self.source.match.layout.table == "order_lines"  # there the order's other lines may say it
        if not wide:
            self.connection.execute("UPDATE typed SET country = 'ZZ' WHERE country IS NULL AND why IS NULL")
        found = self.connection.execute(
            "SELECT count(*) FROM typed WHERE coalesce(country, 'ZZ') = 'ZZ' AND why IS NULL"
        ).fetchone()
        if found and found[0]:
            self.warnings.append(f"country: {found[0]:,} rows do not say it; they are kept under ZZ.")
