"""The plain CSV layouts, one per table, made from the records; which layout a header belongs to.

`python -m shop.readers.layout` writes docs/plain-csv.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from shop.errors import ShopError
from shop.records import TABLES, python_type

HEADERS = Path(__file__).parents[1] / "reference" / "header_names.yaml"
Kind = Literal[
    "code",
    "text",
    "long",
    "amount",
    "percent",
    "whole",
    "day",
    "time",
    "yes",
    "country",
    "currency",
    "language",
    "channel",
]
LONG = {"text", "description", "comment"}
CODES = {"sku", "hs_code", "line", "promotion", "campaign", "address_hash", "warehouse", "origin", "destination"}
MARKED = ("country", "currency", "language", "channel")


@dataclass(frozen=True)
class Field:
    """A column of a layout: its kind decides how it is read, `default` fills a blank."""

    name: str
    kind: Kind
    required: bool
    default: Any
    description: str
    known_from: str


@dataclass(frozen=True)
class Layout:
    """The columns of one table's CSV; order_lines may also carry its order's and product's columns."""

    table: str
    fields: dict[str, Field]

    @property
    def required(self) -> tuple[str, ...]:
        """Columns a file must have."""
        return tuple(field.name for field in self.fields.values() if field.required)


@dataclass(frozen=True)
class Match:
    """A header read as a layout: which column (by position) holds which field, and what is left over."""

    layout: Layout
    columns: dict[str, int]
    unknown: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns the header lacks."""
        return tuple(name for name in self.layout.required if name not in self.columns)

    @property
    def rank(self) -> tuple[int, int]:
        """How well the layout explains the header: fields found, required ones among them."""
        return len(self.columns), len(self.layout.required) - len(self.missing)


@lru_cache
def layouts() -> dict[str, Layout]:
    """Every layout by the name of its table."""
    made = {table: Layout(table, _fields(table)) for table in TABLES}
    lines = made["order_lines"].fields
    lines["line"] = _optional(lines["line"])
    for name, field in made["orders"].fields.items():
        lines.setdefault(name, _optional(field))
    lines["product_name"] = Field(
        "product_name", "text", False, None, "fills products for SKUs not yet known", "products"
    )
    lines["category"] = Field("category", "text", False, None, "fills products for SKUs not yet known", "products")
    made["orders"].fields["country"] = _optional(made["orders"].fields["country"])
    made["settlements"] = Layout("settlements", _settlement(made["settlements"].fields))
    return made


def _settlement(fields: dict[str, Field]) -> dict[str, Field]:
    """Those of Amazon's settlement file (V2): its first row holds the total and the currency of all the others."""
    total = Field(
        "total_amount", "amount", False, None, "what was paid out, on the settlement's first row", "settlements"
    )
    place = Field("marketplace", "text", False, None, "such as Amazon.de; tells the country", "settlements")
    asked = {name: field if name == "settlement_id" else _optional(field) for name, field in fields.items()}
    del asked["line"], asked["country"], asked["channel"]
    return {**asked, total.name: total, place.name: place}


def matched(header: Sequence[str], kind: str | None = None) -> Match:
    """The layout a header belongs to, by `kind` or by the columns found.

    Raises ShopError naming what is missing, a column that is there twice, or layouts that fit equally well.
    """
    known = layouts()
    if kind is not None and kind not in known:
        raise ShopError(f"There is no layout {kind}; there are: {', '.join(known)}.")
    candidates = sorted(
        (_match(header, layout) for layout in ([known[kind]] if kind else known.values())),
        key=lambda match: match.rank,
        reverse=True,
    )
    complete = [match for match in candidates if not match.missing]
    if not complete:
        nearest = [match for match in candidates[:2] if match.columns]
        if not nearest:
            raise ShopError(
                f"No column is known here; the first line must name the columns of one of: {', '.join(known)}."
            )
        lacks = "; ".join(f"{match.layout.table} lacks {', '.join(match.missing)}" for match in nearest)
        raise ShopError(f"The columns fit no layout: {lacks}. docs/plain-csv.md lists them.")
    best = complete[0]
    if len(complete) > 1 and complete[1].rank == best.rank:
        raise ShopError(f"The columns fit {best.layout.table} and {complete[1].layout.table}: say which with --as.")
    _refuse_twice(header, best)
    return best


def aliases_of(table: str) -> dict[str, list[str]]:
    """The other names each field of a table goes by."""
    found: dict[str, list[str]] = {}
    for name, field in _aliases(table).items():
        if name not in layouts()[table].fields:
            found.setdefault(field, []).append(name)
    return found


def known_columns(header: Sequence[str]) -> int:
    """How many columns of a header the best layout knows; tells the separator."""
    return max(len(_match(header, layout).columns) for layout in layouts().values())


def plain(name: str) -> str:
    """A column name without case, signs and spaces."""
    return re.sub(r"[\W_]+", "_", name.strip().lower()).strip("_")


def _match(header: Sequence[str], layout: Layout) -> Match:
    names = [plain(name) for name in header]
    columns = {name: names.index(name) for name in layout.fields if name in names}
    aliases = _aliases(layout.table)
    taken = set(columns.values())
    for position, name in enumerate(names):
        field = aliases.get(name)
        if field and field not in columns and position not in taken:
            columns[field] = position
            taken.add(position)
    return Match(layout, columns, tuple(header[p] for p in range(len(header)) if p not in taken))


def _refuse_twice(header: Sequence[str], match: Match) -> None:
    names = [plain(name) for name in header]
    for field, position in match.columns.items():
        again = [p + 1 for p in range(len(names)) if names[p] == names[position]]
        if len(again) > 1:
            raise ShopError(
                f"The column {field} is there {len(again)} times (columns {', '.join(map(str, again))}): keep one."
            )


@lru_cache
def _header_names() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(HEADERS.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@lru_cache
def _aliases(table: str) -> dict[str, str]:
    names = _header_names()
    groups = [names.get(table, {}), names["common"]]
    if table == "order_lines":
        groups.insert(1, names["orders"])
    fields = layouts()[table].fields
    found: dict[str, str] = {}
    for group in groups:
        for field, others in group.items():
            if field in fields:
                for other in others:
                    found.setdefault(plain(other), field)
    return found


def _fields(table: str) -> dict[str, Field]:
    made = {}
    for name, info in TABLES[table].model_fields.items():
        default = None if info.is_required() else info.default
        made[name] = Field(name, _kind(name, info), info.is_required(), default, info.description or "", table)
    return made


def _kind(name: str, info: Any) -> Kind:
    marks = [*info.metadata, *(m for choice in get_args(info.annotation) for m in getattr(choice, "__metadata__", ()))]
    for mark in MARKED:
        if mark in marks:
            return mark  # type: ignore[return-value]
    plain_type = python_type(info.annotation).__name__
    if plain_type == "str":
        return "long" if name in LONG else "code" if name in CODES or name.endswith("_id") else "text"
    if plain_type == "Decimal":
        return "percent" if name.endswith("_pct") else "amount"
    return {"int": "whole", "date": "day", "datetime": "time", "bool": "yes"}[plain_type]  # type: ignore[return-value]


def _optional(field: Field) -> Field:
    return Field(field.name, field.kind, False, field.default, field.description, field.known_from)


if __name__ == "__main__":
    from shop.readers.handbook import write

    write(Path(__file__).parents[2] / "docs" / "plain-csv.md")
