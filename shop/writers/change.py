"""What a change is made of: a checked payload, what must still hold, and the files that carry it out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from shop.warehouse import Shop


class Payload(BaseModel):
    """The content of a proposal; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


P = TypeVar("P", bound=Payload)


@dataclass(frozen=True)
class ChangeFile:
    """A file for the operator to import: the end of its name, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Writer(Generic[P]):
    """How one kind of change is checked and written.

    `identity` are the fields an edit may not change; `before` reads from the books what the change
    was decided on; `files` makes the change files for a proposal id.
    """

    kind: str
    payload: type[P]
    identity: tuple[str, ...]
    before: Callable[[Shop, P], dict[str, Any]]
    files: Callable[[Shop, P, str], list[ChangeFile]]


def amount_text(amount: Decimal) -> str:
    """A Decimal without trailing zeros beyond two decimals and without an exponent: 30.0000 is 30.00."""
    shortest = amount.normalize()
    exponent = shortest.as_tuple().exponent
    return f"{shortest:f}" if isinstance(exponent, int) and exponent < -2 else f"{amount:.2f}"


def separated(header: Sequence[str], rows: Sequence[Sequence[object]], separator: str = ",") -> bytes:
    """Rows as UTF-8 CSV, or tab-separated; None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue().encode("utf-8")
