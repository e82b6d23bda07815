"""From documents and reviews to passages: cleaned, each with its place, language, date and products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from knowledge.language import languages
from knowledge.markdown import Section, as_date, gathered
from knowledge.passage import KINDS, DatedBy, Passage, PassageKind, passage_id
from knowledge.products import Products
from knowledge.readers.document import Document
from knowledge.readers.review_rows import ReviewRow
from knowledge.refusals import Refusal
from knowledge.strangers import clean

_PLURALS = {"stories": "story", "evidence": "evidence", "reviews": "review", "policies": "policy"}
_NO_TITLE = re.compile(
    r"(?:microsoft word|untitled|unbenannt|document\d*\b|slide \d|.*\.(?:docx?|pdf|indd|qxd|pptx?|rtf|odt)$)", re.I
)


@dataclass(frozen=True)
class Asked:
    """What the operator said about the files; nothing where they should say it themselves."""

    kind: str | None = None
    skus: tuple[str, ...] = ()
    date: date | None = None


def document_passages(
    document: Document, source: str, asked: Asked, products: Products, file_date: date | None = None, path: str = ""
) -> list[Passage]:
    """A document as passages of 60 to 200 words.

    Asked for, else stated at its top, else found: kind by a folder's or the file's name; products by their names in
    the text; the date in the document's properties, else `file_date`, marked as such. Raises KnowledgeError where
    no kind is found or the front matter is malformed.
    """
    stated = document.stated
    kind = kind_of(asked.kind or stated.get("kind"), source, path)
    title = "" if document.unit != "line" and _NO_TITLE.match(document.title) else clean(document.title)
    found = [
        (section, clean(section.text), clean(section.heading))
        for part in document.parts
        for section in gathered(part, title)
    ]
    found = [one for one in found if one[1]]
    said = str(stated["language"]) if stated.get("language") else None
    spoken = [said] * len(found) if said else languages([words for _, words, _ in found], document.language)
    day, dated_by = _date(asked.date or as_date(stated.get("date"), source), document, file_date)
    skus = asked.skus or _stated_skus(stated, source)
    about = [skus] * len(found) if skus else _found_skus(found, kind, products, f"{title} {PurePath(source).stem}")
    passages = []
    for (section, words, heading), language, named in zip(found, spoken, about, strict=True):
        place = f"{heading}, {document.unit} {section.line}" if heading else f"{document.unit} {section.line}"
        passages.append(
            Passage(
                passage_id(source, place, words),
                words,
                kind,
                source,
                place,
                heading,
                named,
                language,
                day,
                dated_by=dated_by,
            )
        )
    return passages


def review_passages(rows: Sequence[ReviewRow], source: str, asked: Asked, products: Products) -> list[Passage]:
    """Reviews of a file, one passage each; its place is the review's id, or the line where ids are not given once each."""
    spoken = languages([row.words for row in rows])
    unique = len({row.id for row in rows}) == len(rows) and all(row.id for row in rows)
    passages = []
    for row, language in zip(rows, spoken, strict=True):
        place = row.id if unique else f"line {row.line}"
        day = row.date or asked.date
        passages.append(
            Passage(
                passage_id(source, place, row.words), row.words, kind_of(asked.kind or "review", source), source, place,
                skus=_review_skus(row, asked, products), language=row.language or language, date=day,
                rating=row.rating, country=row.country, dated_by="said" if day else None,
            )
        )  # fmt: skip
    return passages


def kind_of(said: Any, source: str, path: str = "") -> PassageKind:
    """The kind that was said, else that the path's folders or the file's name say. Raises KnowledgeError if none."""
    if not said:
        said = _kind_of_path(path or source)
    if not said:
        raise Refusal("which_kind", name=source, kinds=", ".join(KINDS))
    told = str(said).strip().lower()
    for known in KINDS:
        if told == known:
            return known
    raise Refusal("no_such_kind", name=source, kind=told, kinds=", ".join(KINDS))


def _kind_of_path(path: str) -> str | None:
    file = PurePath(path)
    for folder in (name.lower() for name in reversed(file.parent.parts)):
        if folder in KINDS or folder in _PLURALS:
            return _PLURALS.get(folder, folder)
    named = {_PLURALS.get(word, word) for word in re.findall(r"[a-z]+", file.stem.lower())} & set(KINDS)
    return named.pop() if len(named) == 1 else None


def _date(said: date | None, document: Document, file_date: date | None) -> tuple[date | None, DatedBy | None]:
    if said:
        return said, "said"
    if document.date:
        return document.date, document.dated_by
    return (file_date, "file") if file_date else (None, None)


def _stated_skus(stated: Any, source: str) -> tuple[str, ...]:
    said = stated.get("skus", stated.get("sku")) or ()
    skus = said.replace(";", ",").split(",") if isinstance(said, str) else said
    if not isinstance(skus, list | tuple):
        raise Refusal("skus_no_list", name=source)
    return tuple(str(sku).strip() for sku in skus if str(sku).strip())


def _found_skus(
    found: Iterable[tuple[Section, str, str]], kind: PassageKind, products: Products, about: str
) -> list[tuple[str, ...]]:
    """Products of each passage: those named in it, else in its headings, else by the whole document.

    A policy that mentions a product in passing still holds for all, so there only headings and titles count. What an
    evidence document proves holds for the products it names, also on pages that do not repeat the name.
    """
    passages = [(words, heading) for _, words, heading in found]
    whole = products.named(about)
    if kind == "evidence" and not whole:
        named = {sku for words, heading in passages for sku in products.named(f"{heading}\n{words}")}
        whole = tuple(sku for sku in products.skus if sku in named)
    return [
        (() if kind == "policy" else products.named(words)) or products.named(heading) or whole
        for words, heading in passages
    ]


def _review_skus(row: ReviewRow, asked: Asked, products: Products) -> tuple[str, ...]:
    if row.sku:
        return (products.known(row.sku) or row.sku,)
    return asked.skus or products.named(row.product) or products.named(row.words)


def shop_reviews(rows: Iterable[tuple[Any, ...]], source: str) -> Iterator[Passage]:
    """Reviews of the books (id, day, sku, country, language, rating, title, text), one passage each."""
    kept = [(row, clean("\n".join(part for part in row[6:8] if part))) for row in rows]
    kept = [(row, words) for row, words in kept if words]
    spoken = languages([words for _, words in kept])
    for (row, words), guessed in zip(kept, spoken, strict=True):
        review_id, day, sku, country, language, rating = row[:6]
        yield Passage(
            passage_id(source, review_id, words), words, "review", source, review_id, skus=(sku,),
            language=language or guessed, date=day, rating=int(rating), country=country, dated_by="said",
        )  # fmt: skip
