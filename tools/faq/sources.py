"""What of the brand's own material a buyer may read about a product: sentences and table rows, each with its passage.

Only evidence and policies answer. Stories and reviews do not: what they claim is not proven. Left out are lines about
other products, lines that name a supplier, and lines that talk to an assistant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from shop.warehouse import Shop
from tools.faq.product import Product
from tools.faq.questions import headings

if TYPE_CHECKING:
    from knowledge.passage import Passage

ANSWERING = ("evidence", "policy")
LABEL_WORDS = 3  # "Bottles: … Socks: … Mat: …": so short a label that names a product says whom what follows is for
LONGEST_LINE = 600
LIST_ITEMS = 3  # parted by semicolons
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b\d\.)(?<!\b\d\d\.)\s+(?=[^a-z])|(?<=[。！？])\s*")
FEW_WORDS = 2  # "Passed." stays with the sentence before
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_LABEL = re.compile(r"^([^:：.。]{1,40})[:：]\s*\S")
_RULE = re.compile(r"^\|?[\s:|-]+\|?$")
_MARKS = re.compile(r"(?<!\w)\*{1,2}(?=\S)|(?<=\S)\*{1,2}(?!\w)|`")
_CODE_OF_COUNTRY = re.compile(r"[-_./ ]([a-z]{2})(?=[-_./]|$)")
_ABBREVIATED = {"US": ("U.S.", "USA", "US-"), "GB": ("UK", "U.K."), "DE": (), "FR": (), "JP": ()}


@dataclass(frozen=True)
class Line:
    """A sentence or a table row as it stands in its passage. `label` is what a row or sentence is headed by; `countries`
    whom it is for, all when empty; `at` its position; `names_another` whether it also names another SKU,
    `names_product` whether a label or its passage is for this one; `own` its text without list items for other products."""

    passage: Passage
    at: int
    text: str
    label: str
    countries: frozenset[str]
    is_row: bool = False
    names_another: bool = False
    names_product: bool = False
    own: str = ""

    @property
    def language(self) -> str:
        """The passage's language without region."""
        return (self.passage.language or "en").split("-")[0]

    @property
    def where(self) -> str:
        """Source and place, as it is cited."""
        return f"{self.passage.source}, {self.passage.place}"


@dataclass
class Shelf:
    """The lines that may answer about a product, and the ids of passages that talk to an assistant."""

    lines: list[Line]
    suspicious: list[Passage]
    passages: int


def shelf_of(shop: Shop, product: Product, passages: Iterable[Passage], wholesale: bool) -> Shelf:
    """Every line of the passages that a buyer of the product may read; trade terms are for wholesale buyers only."""
    from knowledge.strangers import addresses_assistant

    suppliers = _suppliers(shop)
    countries = shop.vocabulary.countries
    shelf = Shelf([], [], 0)
    for passage in sorted(passages, key=lambda one: (one.source, one.place, one.id)):
        if passage.kind not in ANSWERING or (passage.skus and product.sku not in passage.skus):
            continue
        shelf.passages += 1
        if addresses_assistant(passage.text):
            shelf.suspicious.append(passage)
            continue
        if headings("internal").search(passage.heading) or (suppliers and suppliers.search(passage.heading)):
            continue
        if not wholesale and headings("trade_only").search(passage.heading):
            continue
        shelf.lines += [
            line for line in _lines(passage, product, countries) if not (suppliers and suppliers.search(line.text))
        ]
    return shelf


def countries_in(text: str, countries: Sequence[str]) -> frozenset[str]:
    """The countries among these that a text names, in the languages buyers read."""
    plain = text.casefold()
    found = set()
    for country in countries:
        if any(
            re.search(rf"\b{re.escape(name)}\b", plain) if name.isascii() else name in plain for name in _names(country)
        ) or any(short in text for short in _ABBREVIATED.get(country, ())):
            found.add(country)
    return frozenset(found)


def _lines(passage: Passage, product: Product, countries: Sequence[str]) -> Iterator[Line]:
    whom = _countries_of(passage, countries)
    cut = list(_cut(passage.text))
    last = ""
    for at, (label, text, is_row) in enumerate(cut):
        if label and not is_row:
            short = len(label.split()) <= LABEL_WORDS
            last = label if short and (product.labelled(label) or product.labels_another(label)) else ""
        if _about_another(text, label if is_row else last, passage, product):
            continue
        named = countries_in(text, countries)
        another = bool(product.other_skus and product.other_skus.search(text))
        own = product.sku in passage.skus or bool(last and not is_row and product.labelled(last))
        yield Line(
            passage, at, text[:LONGEST_LINE], label, (named & whom or named) if named else whom, is_row, another, own,
            own_items(text[:LONGEST_LINE], product),
        )  # fmt: skip


def own_items(text: str, product: Product) -> str:
    """A text without those items of its list that are for other products: "a vest certificate; an antibacterial test
    for the socks; any clinical study"."""
    items = text.split(";")
    if len(items) < LIST_ITEMS or not product.other_words:
        return text
    others = product.other_words
    return ";".join(item for item in items if product.mentioned_in(item) or not others.search(item))


def _about_another(text: str, label: str, passage: Passage, product: Product) -> bool:
    """Whether a line speaks of other products and not of this one. In a list its label says so."""
    if passage.skus == (product.sku,):
        return False
    if label and product.labelled(label):
        return False
    if label and product.labels_another(label):
        return True
    if product.names and product.names.search(text):
        return False
    if product.other_skus and product.other_skus.search(text):
        return True
    if headings("all_goods").search(text):
        return False
    return bool(product.other_names and product.other_names.search(text) and not product.mentioned_in(text))


def _cut(text: str) -> Iterator[tuple[str, str, bool]]:
    """(label, line, whether it is a table row). A row reads `first cell: header cell, header cell`."""
    header: list[str] | None = None
    paragraph: list[str] = []
    for raw in [*text.split("\n"), ""]:
        row = raw.strip()
        if row.startswith("|"):
            yield from _sentences(paragraph)
            paragraph = []
            cells = [_MARKS.sub("", cell).strip() for cell in row.strip("|").split("|")]
            if _RULE.match(row):
                continue
            if header is None:
                header = cells
            elif any(cells):
                yield cells[0], _row(header, cells), True
            continue
        header = None
        if not row or _BULLET.match(row):
            yield from _sentences(paragraph)
            paragraph = []
        if row:
            paragraph.append(_MARKS.sub("", _BULLET.sub("", row)))


def _sentences(paragraph: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    kept: list[str] = []
    for part in _SENTENCE.split(" ".join(paragraph)):
        if kept and re.search(r"\w", part) and len(part.split()) <= FEW_WORDS and part.isascii():
            kept[-1] += f" {part.strip()}"
        elif re.search(r"\w", part):
            kept.append(part.strip())
    for text in kept:
        label = _LABEL.match(text)
        yield (label[1].strip() if label else ""), text, False


def _row(header: Sequence[str], cells: Sequence[str]) -> str:
    if len(cells) > 1 and (len(header) == 2 or header[1].casefold() in _VALUE):
        return f"{cells[0]}: {cells[1]}"
    told = [f"{name} {cell}".strip() for name, cell in zip(header[1:], cells[1:], strict=False) if cell]
    first = cells[0] if not header[0] or header[0].casefold() in _VALUE else f"{header[0]} {cells[0]}"
    return f"{first}: {', '.join(told)}"


_VALUE = frozenset(
    {
        "value",
        "amount",
        "wert",
        "valeur",
        "valor",
        "数值",
        "值",
        "値",
        "property",
        "item",
        "bottle",
        "eigenschaft",
        "项目",
        "項目",
    }
)


def _countries_of(passage: Passage, countries: Sequence[str]) -> frozenset[str]:
    """Whom a passage is for: its own country, those its headings name, or a code in its file's name that is no language."""
    if passage.country:
        return frozenset({passage.country})
    if named := countries_in(passage.heading, countries):
        return named
    codes = set(_CODE_OF_COUNTRY.findall(passage.source.casefold().rsplit(".", 1)[0])) - {"en", "de", "fr", "es", "it"}
    return frozenset({code.upper() for code in codes} & set(countries))


def _suppliers(shop: Shop) -> re.Pattern[str] | None:
    rows = shop.rows("SELECT supplier_id, name FROM suppliers")
    names = {part for id, name in rows for part in (str(id), str(name), _short(str(name))) if len(part) >= 4}
    parts = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names, key=lambda one: (-len(one), one))]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _short(name: str) -> str:
    """A company's first two words, as letters call it: Ningbo Outrun of Ningbo Outrun Bags Co., Ltd."""
    words = name.split()
    return " ".join(words[:2]) if len(words) > 2 else name


@cache
def _names(country: str) -> tuple[str, ...]:
    from babel import Locale

    names = {Locale.parse(language).territories.get(country, "") for language in ("en", "zh", "de", "fr", "es", "ja")}
    return tuple(sorted(name.casefold() for name in names if name))
