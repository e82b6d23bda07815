"""Rows of one file on their way into the books: staged as text, typed, checked, and sorted into good and refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shop.readers.checks import check
from shop.readers.columns import Columns
from shop.readers.layout import Field
from shop.readers.rows import chunks
from shop.readers.source import Source

if TYPE_CHECKING:
    import duckdb

EXCERPT = 500


class Staging:
    """The temporary tables of one file.

    `raw` holds text, `typed` values with a reason `why` (NULL while good), `refused` (file, line, reason, text)
    every row that does not enter the books, of all files of the import.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: Source) -> None:
        self.connection = connection
        self.source = source
        self.file = source.path.name
        self.fields: list[Field] = [source.match.layout.fields[name] for name in source.match.columns]
        self.rows_in = 0
        self.warnings: list[str] = []

    @staticmethod
    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        """Make the table of refusals, once per import."""
        connection.execute("CREATE OR REPLACE TEMP TABLE refused (part INTEGER, line BIGINT, reason VARCHAR, text VARCHAR)")

    def fill(self, part: int, progress: Callable[[str], None]) -> None:
        """Read the file into `typed`; `part` is its number within the import."""
        self._stage(part, progress)
        progress(f"{self.file}: checking {self.rows_in:,} rows")
        columns = Columns(self.connection, self.fields, self.source.delimiter)
        self.warnings += columns.warnings
        values = ", ".join(f'{columns.value(field)} AS "{field.name}"' for field in self.fields)
        whys = ", ".join(columns.why(field) for field in self.fields)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE typed AS SELECT r.line AS source_line, {values}, "  # noqa: S608
            f"coalesce({whys}, NULL)::VARCHAR AS why FROM raw r {columns.joins}"
        )
        columns.drop()
        self._check()

    def refuse(self, part: int) -> int:
        """Move the rows of `typed` that have a reason into `refused`; returns how many stay."""
        text = ", ".join(f'r."{field.name}"' for field in self.fields)
        self.connection.execute(
            f"INSERT INTO refused SELECT ?, t.source_line, t.why, left(concat_ws(?, {text}), ?) "  # noqa: S608
            "FROM typed t JOIN raw r ON r.line = t.source_line WHERE t.why IS NOT NULL",
            [part, self.source.delimiter, EXCERPT],
        )
        self.connection.execute("DELETE FROM typed WHERE why IS NOT NULL")
        self.connection.execute("DROP TABLE raw")
        found = self.connection.execute("SELECT count(*) FROM typed").fetchone()
        return int(found[0]) if found else 0

    def _stage(self, part: int, progress: Callable[[str], None]) -> None:
        import pyarrow as pa

        names = [field.name for field in self.fields]
        positions = [self.source.match.columns[name] for name in names]
        columns = ", ".join(f'"{name}" VARCHAR' for name in names)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE raw (line BIGINT, {columns})")
        trimmed = ", ".join(f"nullif(\"{name}\", '')" for name in names)
        source = self.source
        for chunk in chunks(source.path, source.encoding, source.delimiter, source.header_lines, len(source.header)):
            self.rows_in += len(chunk.rows) + len(chunk.refused)
            if chunk.rows:
                cells = list(zip(*chunk.rows, strict=True))
                arrays = [pa.array(chunk.lines, pa.int64()), *(pa.array(cells[p], pa.string()) for p in positions)]
                self.connection.register("chunk", pa.table(arrays, names=["line", *names]))
                self.connection.execute(f"INSERT INTO raw SELECT line, {trimmed} FROM chunk")  # noqa: S608
                self.connection.unregister("chunk")
            if chunk.refused:
                lines, reasons, texts = zip(*chunk.refused, strict=True)
                self.connection.register(
                    "chunk", pa.table([pa.array(lines, pa.int64()), list(reasons), list(texts)], names=["l", "r", "t"])
                )
                self.connection.execute("INSERT INTO refused SELECT ?, l, r, left(t, ?) FROM chunk", [part, EXCERPT])
                self.connection.unregister("chunk")
            progress(f"{self.file}: {self.rows_in:,} rows read")

    def _check(self) -> None:
        """Fill blanks that have a default, then give every row that may not enter its first reason."""
        table = self.source.match.layout.table
        reasons = ["why"]
        for field in self.fields:
            if field.kind == "country" and field.name == "country":
                self._country_not_said()
            elif field.default is not None:
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
        found = self.connection.execute("SELECT count(*) FROM typed WHERE coalesce(country, 'ZZ') = 'ZZ' AND why IS NULL").fetchone()
        if found and found[0]:
            self.warnings.append(f"country: {found[0]:,} rows do not say it; they are kept under ZZ.")
