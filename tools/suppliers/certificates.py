"""Proof of conformity that a destination asks of goods, and which of it a supplier states to have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shop.costs.book import Costs
from shop.warehouse import Shop

FILE = "certificates.yaml"
OTHER_MARKS = ("ISO9001", "ISO14001", "ISO13485", "BSCI", "SEDEX", "SMETA", "WRAP", "SA8000", "GOTS", "GRS", "FSC", "ORGANIC", "UL", "ETL", "TUV")  # fmt: skip
SHORTEST_INSIDE = 4


class Requirement(BaseModel):
    """One row of the table: what is asked of which goods where, and what counts as proof."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    force: Literal["law", "custom"]
    destinations: tuple[str, ...]
    hs: tuple[str, ...]
    words: tuple[str, ...]
    both: bool = False
    any_of: tuple[str, ...]
    source: str
    as_of: date
    mark: Literal["V", "T", "U"]

    def holds(self, hs: str, words: str, places: Iterable[str]) -> bool:
        """Whether goods of that customs code and with those words need it at one of the places."""
        if not set(self.destinations) & set(places):
            return False
        coded = any(hs.startswith(start) for start in self.hs)
        worded = any(word in words for word in self.words)
        return (coded and worded) if self.both else coded or (not hs and worded)


@dataclass(frozen=True)
class Proof:
    """What a supplier states against what is required: by law and by custom, and what is missing of each."""

    missing_law: tuple[Requirement, ...]
    missing_custom: tuple[Requirement, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing that the law asks for is missing."""
        return not self.missing_law


@cache
def _table() -> tuple[str, tuple[Requirement, ...]]:
    import yaml

    told = yaml.safe_load((files("shop.reference") / FILE).read_text(encoding="utf-8"))
    return str(told["version"]), tuple(Requirement.model_validate(row) for row in told["requirements"])


def reference_version() -> str:
    """Name and date of the table, for the data a result says it used."""
    return f"certificates {_table()[0]}"


def required(shop: Shop, sku: str, country: str) -> list[Requirement]:
    """What a SKU needs in a country, by law first."""
    costs = Costs.of(shop)
    product = next((one for one in shop.vocabulary.products if one.sku == sku), None)
    item = costs.items.get(sku)
    words = " ".join([product.name if product else "", (item.category if item else None) or ""]).casefold()
    hs = (item.hs_code if item else None) or ""
    places = costs.places(country) or ()
    found = [one for one in _table()[1] if one.holds(hs, words, places)]
    return sorted(found, key=lambda one: one.force != "law")


def proof(certificates: Iterable[str], needed: Iterable[Requirement]) -> Proof:
    """What of the requirements a supplier's certificates leave open."""
    stated = [_bare(one) for one in certificates]
    missing = [
        one for one in needed if not any(said.startswith(_bare(mark)) for mark in one.any_of for said in stated)
    ]  # fmt: skip
    return Proof(
        tuple(one for one in missing if one.force == "law"), tuple(one for one in missing if one.force == "custom")
    )


def marks_in(text: str) -> list[str]:
    """Certificates that a text names, such as OEKO-TEX in 'OEKO-TEX认证'."""
    known = sorted({*OTHER_MARKS, *(mark for one in _table()[1] for mark in one.any_of)}, key=lambda one: -len(one))
    bare, found = _bare(text), list[str]()
    words = {_bare(word) for word in _ascii_words(text)}
    for mark in known:
        plain = _bare(mark)
        said = plain in words or (len(plain) >= SHORTEST_INSIDE and plain in bare)
        if said and not any(plain in _bare(longer) for longer in found):
            found.append(mark)
    return found


def states(certificates: Iterable[str], mark: str) -> bool:
    """Whether one of the certificates is of that mark."""
    return any(_bare(one).startswith(_bare(mark)) for one in certificates)


def _ascii_words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9.\-]+", text)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
