"""An FAQ to publish: schema.org FAQPage for the product page, Markdown for people, CSV with every source."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator

from shop.warehouse import Shop
from shop.writers.change import ChangeFile, Payload, Writer, separated

MOST_QUESTIONS = 100
_MARKUP = re.compile(r"<\s*[a-zA-Z/!?]|javascript:|data:text", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~!])")


def _plain(text: str) -> str:
    """One line of visible text. Raises ValueError for markup."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    line = re.sub(r"\s+", " ", kept).strip()
    if not line:
        raise ValueError("text must not be empty")
    if _MARKUP.search(line):
        raise ValueError("text must not hold HTML or script")
    return line


class FaqSource(Payload):
    """Where an answer stands: the passage's id, its source and place, and its day."""

    passage: str = Field(min_length=1, max_length=64)
    source: str = Field(min_length=1, max_length=400)
    place: str = Field(min_length=1, max_length=400)
    day: date | None = None


class FaqAnswer(Payload):
    """What is answered in one country, or everywhere; `own_words` when the text is the source's own."""

    text: str = Field(max_length=4000)
    country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    language: str
    own_words: bool = True
    sources: list[FaqSource] = Field(min_length=1, max_length=20)

    _text = field_validator("text")(_plain)


class FaqItem(Payload):
    """A question and its answers, country by country."""

    question: str = Field(max_length=400)
    answers: list[FaqAnswer] = Field(min_length=1, max_length=60)

    _question = field_validator("question")(_plain)


class FaqPayload(Payload):
    """The FAQ of one product in one language for one kind of reader."""

    form: Literal["faq"]
    sku: str
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    persona: str = Field("everybody", max_length=120)
    items: list[FaqItem] = Field(min_length=1, max_length=MOST_QUESTIONS)


def before(shop: Shop, change: FaqPayload) -> dict[str, Any]:
    """The product's name, which stands in the questions; empty when the books do not list it."""
    found = shop.rows("SELECT name FROM products WHERE sku = ?", [change.sku])
    return {"name": str(found[0][0])} if found else {}


def files(shop: Shop, change: FaqPayload, proposal_id: str) -> list[ChangeFile]:
    """faq.jsonld (schema.org FAQPage), faq.md, and faq.csv with one row for each answer and source."""
    return [
        ChangeFile("faq.jsonld", json_ld(change).encode("utf-8")),
        ChangeFile("faq.md", markdown(change, _title(shop, change)).encode("utf-8")),
        ChangeFile("faq.csv", separated(*_rows(change))),
    ]


def json_ld(change: FaqPayload) -> str:
    """schema.org FAQPage (https://schema.org/FAQPage): one Question with one acceptedAnswer each.

    <, > and & are written as JSON escapes, so the text may stand inside a script element.
    """
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": change.language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": item.question,
                "acceptedAnswer": {"@type": "Answer", "text": _joined(item, change.language)},
            }
            for item in change.items
        ],
    }
    text = json.dumps(page, ensure_ascii=False, indent=2)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text + "\n"


def markdown(change: FaqPayload, title: str) -> str:
    """Questions as headings, answers below, sources at the end; nothing in the text can become a link or markup."""
    lines = [f"# {_escaped(title)}", ""]
    for item in change.items:
        lines += [f"## {_escaped(item.question)}", ""]
        for answer in item.answers:
            told = f"**{_country(answer.country, change.language)}**: " if answer.country else ""
            notes = ", ".join(dict.fromkeys(f"{one.source}, {one.place}" for one in answer.sources))
            lines += [f"{told}{_escaped(answer.text)}", "", f"<!-- {_comment(notes)} -->", ""]
    return "\n".join(lines).rstrip() + "\n"


def _joined(item: FaqItem, language: str) -> str:
    return " ".join(
        f"{_country(answer.country, language)}: {answer.text}" if answer.country else answer.text
        for answer in item.answers
    )


def _rows(change: FaqPayload) -> tuple[list[str], list[list[object]]]:
    header = ["sku", "language", "persona", "question", "answer", "country", "answer_language", "own_words", "source", "place", "day", "passage"]  # fmt: skip
    rows: list[list[object]] = [
        [
            _cell(change.sku), change.language, _cell(change.persona), _cell(item.question), _cell(answer.text),
            answer.country, answer.language, "yes" if answer.own_words else "no", _cell(source.source),
            _cell(source.place), source.day, source.passage,
        ]
        for item in change.items
        for answer in item.answers
        for source in answer.sources
    ]  # fmt: skip
    return header, rows


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _comment(text: str) -> str:
    return re.sub(r"\s+|-{2,}|[<>]", " ", text)


def _country(code: str | None, language: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language, sep="-").territories.get(code or "", code))
    except (UnknownLocaleError, ValueError):
        return str(code)


def _title(shop: Shop, change: FaqPayload) -> str:
    found = before(shop, change)
    return f"{found.get('name', change.sku)}: FAQ"


FAQ = Writer("listing", FaqPayload, ("form", "sku", "language"), before, files)
