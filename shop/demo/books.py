"""Rows into the warehouse: money travels as whole ten-thousandths, never as a float."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from shop.demo.parameters import AS_OF, BASE_CURRENCY, NAME, SCALE
from shop.records import TABLES, python_type

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

SOURCE = "demo"
UNIT = 10_000  # DECIMAL(18,4)


def ten_thousandths(minor: Any, currency: Any) -> np.ndarray:
    """Minor units of a currency (an array or one code) as whole ten-thousandths of the currency."""
    scale = SCALE[currency] if isinstance(currency, str) else np.array([SCALE[x] for x in currency], np.int64)
    return np.asarray(minor, np.int64) * (UNIT // scale)


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Write a frame to a table by column name. Decimal columns hold ten-thousandths as int64, missing ones stay NULL."""
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name, field in TABLES[table].model_fields.items():
        if name not in frame:
            continue
        if python_type(field.annotation) is Decimal:
            columns[name] = _decimals(frame[name].to_numpy(np.int64))
        else:
            columns[name] = pa.array(frame[name], from_pandas=True)
    columns["source_file"] = pa.array([SOURCE] * len(frame))
    columns["source_line"] = pa.array(np.arange(1, len(frame) + 1))
    connection.register("incoming", pa.table(columns))
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")  # noqa: S608 - a name from TABLES
    connection.unregister("incoming")


def settle(
    connection: duckdb.DuckDBPyConnection, name: str = NAME, base_currency: str = BASE_CURRENCY, as_of: date = AS_OF
) -> None:
    """Write the shop's settings, Northlane's unless others are given."""
    said = {"name": name, "base_currency": base_currency, "as_of": as_of.isoformat()}
    connection.executemany("INSERT INTO settings VALUES (?, ?)", [list(pair) for pair in said.items()])


def _decimals(amounts: np.ndarray) -> pa.Array:
    import pyarrow as pa

    words = np.column_stack([amounts, amounts >> 63]).astype("<i8")  # a 128-bit integer: low word, sign
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(amounts), [None, pa.py_buffer(words.tobytes())])
