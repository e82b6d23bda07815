"""From staged text to typed columns: every different value of a column is read once, in one consistent way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shop.readers import amounts, dates, places
from shop.readers.clean import LOST_DIGITS, clean
from shop.readers.layout import Field
from shop.records import SQL_TYPES

if TYPE_CHECKING:
    import duckdb

Read = tuple[Any, str | None]
TEXT = {"code", "text", "long"}
WHOLE, AMOUNTS, DAYS = {"whole"}, {"amount", "percent", "whole"}, {"day", "time"}
YES = {"yes", "y", "true", "t", "1", "x", "ja", "oui", "si", "sí", "是", "有", "はい"}
NO = {"no", "n", "false", "f", "0", "nein", "non", "否", "无", "いいえ"}
ODD = r"[^\x20-\x7e]|^[ '=]| $|\d[.,]\d+E\+\d"
SUSPECT = re.compile(r"[^\W\d_]\?[^\W\d_]|\?\?|\ufffd")
SQL_KINDS = {
    "amount": "DECIMAL(18,4)",
    "percent": "DECIMAL(18,4)",
    "whole": "BIGINT",
    "day": "DATE",
    "time": "TIMESTAMP",
    "yes": "BOOLEAN",
}

assert set(SQL_KINDS.values()) <= set(SQL_TYPES.values())


class Columns:
    """The staged columns of one file as SQL: `value(name)` and `why(name)` over `raw` joined by `joins`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, fields: list[Field], delimiter: str) -> None:
        self._connection = connection
        self._fields = fields
        self._delimiter = delimiter
        self.warnings: list[str] = []
        self._mapped: set[str] = set()
        self._read_all()

    @property
    def joins(self) -> str:
        """LEFT JOINs from the staged rows (alias r) to the values read."""
        return " ".join(f'LEFT JOIN read_{name} m_{name} ON r."{name}" = m_{name}.raw' for name in sorted(self._mapped))

    def value(self, field: Field) -> str:
        """SQL of the typed value."""
        if field.name not in self._mapped:
            return f'r."{field.name}"'
        if field.kind in TEXT:
            return f'CASE WHEN m_{field.name}.raw IS NULL THEN r."{field.name}" ELSE m_{field.name}.value END'
        return f"m_{field.name}.value"

    def why(self, field: Field) -> str:
        """SQL of the reason a value is refused, NULL when it is fine."""
        return f"m_{field.name}.why" if field.name in self._mapped else "NULL"

    def drop(self) -> None:
        """Forget the values read."""
        for name in self._mapped:
            self._connection.execute(f"DROP TABLE read_{name}")

    def _read_all(self) -> None:
        numbers = {f.name: amounts.evidence(self._counts(f)) for f in self._fields if f.kind in AMOUNTS}
        days = {f.name: dates.evidence(self._counts(f)) for f in self._fields if f.kind in DAYS}
        all_days = dates.Evidence(
            sum(found.day_first for found in days.values()), sum(found.month_first for found in days.values())
        )
        for field in self._fields:
            if field.kind in AMOUNTS:
                self._amounts(field, numbers)
            elif field.kind in DAYS:
                first = dates.day_first(days[field.name], all_days)
                self._map(field, self._counts(field), dates.DateColumn(first, field.kind == "time").read)
            elif field.kind in TEXT:
                self._text(field)
            else:
                self._map(field, self._counts(field), READERS[field.kind])

    def _amounts(self, field: Field, numbers: Mapping[str, Mapping[str, int]]) -> None:
        own = numbers[field.name]
        elsewhere = amounts.pooled(found for name, found in numbers.items() if name != field.name)
        whole = field.kind in WHOLE
        column = amounts.AmountColumn(own, elsewhere, self._delimiter, whole, field.kind == "percent")
        if own["?"] and not own["."] and not own[","] and not elsewhere:
            self.warnings.append(
                f"{field.name}: nothing in the file proves whether , or . is the decimal sign; "
                f"12,131 was read as 12131 and 1.234 as 1.234 where they were not refused."
            )
        self._map(field, self._counts(field), column.read)

    def _text(self, field: Field) -> None:
        odd = self._counts(field, ODD)
        breaks, code = field.kind == "long", field.kind == "code"

        def read(text: str) -> Read:
            cleaned = clean(text, breaks=breaks, code=code)
            if code and cleaned and LOST_DIGITS.fullmatch(cleaned):
                return None, "has lost digits in a spreadsheet"
            return cleaned, None

        if odd:
            self._map(field, odd, read)
        marked = self._counts(field, r"\?|\x{FFFD}")
        lost = sum(rows for text, rows in marked.items() if SUSPECT.search(text))
        if lost:
            self.warnings.append(f"{field.name}: {lost:,} values hold ? or \ufffd where characters seem to be lost.")

    def _map(self, field: Field, values: Mapping[str, int], read: Callable[[str], Read]) -> None:
        found = [read(text) for text in values]
        kind = SQL_KINDS.get(field.kind, "VARCHAR")
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE read_{field.name} AS SELECT unnest(?::VARCHAR[]) AS raw, "
            f"unnest(?::VARCHAR[])::{kind} AS value, unnest(?::VARCHAR[]) AS why",
            [
                list(values),
                [None if value is None else str(value) for value, _ in found],
                [f"{field.name} {why}" if why else None for _, why in found],
            ],
        )
        self._mapped.add(field.name)

    def _counts(self, field: Field, pattern: str | None = None) -> dict[str, int]:
        where, parameters = (" AND regexp_matches(v, ?)", [pattern]) if pattern else ("", [])
        query = (
            f'SELECT v, n FROM (SELECT "{field.name}" AS v, count(*) AS n FROM raw GROUP BY 1) '  # noqa: S608
            f"WHERE v IS NOT NULL{where}"
        )
        return dict(self._connection.execute(query, parameters).fetchall())


def _country(text: str) -> Read:
    code = places.country(clean(text) or "ZZ")
    return (code, None) if code else (None, "is no country we know: write its ISO code such as DE")


def _currency(text: str) -> Read:
    code = places.currency(clean(text, code=True) or "")
    return (code, None) if code else (None, "is no ISO 4217 code such as USD")


def _language(text: str) -> Read:
    tag = places.language(clean(text) or "")
    return (tag, None) if tag else (None, "is no language we know: write a tag such as en or zh-CN")


def _channel(text: str) -> Read:
    cleaned = clean(text)
    return (cleaned.lower() if cleaned else None), None


def _yes(text: str) -> Read:
    word = (clean(text) or "").lower()
    if word in YES:
        return True, None
    return (False, None) if word in NO else (None, "is neither yes nor no")


READERS: dict[str, Callable[[str], Read]] = {
    "country": _country,
    "currency": _currency,
    "language": _language,
    "channel": _channel,
    "yes": _yes,
}
