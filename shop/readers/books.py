"""Typed rows of one file into its table: a row replaces the one with the same key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop.records import KEYS, TABLES

if TYPE_CHECKING:
    import duckdb

SAME_KEY = "the same key comes again on a later line, which counts"


def refuse_repeated(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Within one file the last row of a key counts; the earlier ones are refused."""
    keys = ", ".join(_quoted(table, connection))
    connection.execute(
        "UPDATE typed SET why = ? WHERE why IS NULL AND source_line NOT IN "  # noqa: S608
        f"(SELECT max(source_line) FROM typed WHERE why IS NULL GROUP BY {keys})",
        [SAME_KEY],
    )


def load(connection: duckdb.DuckDBPyConnection, table: str, file: str) -> None:
    """Replace rows by key. Columns the file does not have keep the value an older row had."""
    present = set(_columns(connection))
    same = " AND ".join(f'b."{key}" IS NOT DISTINCT FROM {_side(key, present)}' for key in KEYS[table])
    values = ", ".join(
        f't."{name}"' if name in present else f'{_absent(table, name)} AS "{name}"'
        for name in TABLES[table].model_fields
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT {values}, ? AS source_file, t.source_line "  # noqa: S608
        f"FROM typed t LEFT JOIN {table} b ON {same}",
        [file],
    )
    again = " AND ".join(f'b."{key}" IS NOT DISTINCT FROM f."{key}"' for key in KEYS[table])
    connection.execute(f"DELETE FROM {table} b USING fresh f WHERE {again}")  # noqa: S608
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM fresh")  # noqa: S608
    connection.execute("DROP TABLE fresh")


def _absent(table: str, name: str) -> str:
    """The value of a column the file lacks: the older row's, else the record's default."""
    field = TABLES[table].model_fields[name]
    if name == "country" and table == "orders":
        return "coalesce(b.country, 'ZZ')"
    if field.is_required() or field.default is None:
        return f'b."{name}"'
    return f"coalesce(b.\"{name}\", '{field.default}')"


def _side(key: str, present: set[str]) -> str:
    return f't."{key}"' if key in present else "NULL"


def _quoted(table: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    present = set(_columns(connection))
    return [f'"{key}"' for key in KEYS[table] if key in present]


def _columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(row[0]) for row in connection.execute("DESCRIBE typed").fetchall()]
