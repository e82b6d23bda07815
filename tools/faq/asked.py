"""What buyers asked about a product: tickets, reviews, inquiries and searches, without names, numbers and addresses.

Everything here was written by strangers: it is cleaned, and what talks to an assistant is kept out and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from shop.warehouse import Shop
from tools.faq.product import Product
from tools.faq.questions import Question

Origin = Literal["tickets", "reviews", "inquiries"]

DAYS = 365
REVIEW_DAYS = 730
LOW_RATING = 3
MOST_ROWS = 4000  # of each table, the latest
SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n+")
_QUESTION = re.compile(r"[?？]\s*$|(?:です|ます|ません|でしょう|ました|の|でした)か[。．]?\s*$|(?:吗|呢|么)[。．]?\s*$")
_PRIVATE = re.compile(
    r"\S+@\S+|\+?\d[\d\s()/-]{7,}\d|(?:order|bestellung|commande|pedido|订单|注文)?\s*#?\b[A-Z]{0,4}-?\d{4,}\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\s*(?:hi|hello|hey|dear \w+|guten tag|hallo|bonjour|hola|buenos días|你好|您好|こんにちは)\b[\s,.!，。！、]*", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True)
class Remark:
    """One message of a buyer as it is grouped: without order numbers, addresses and the product's name.

    questions: its sentences that ask, as they may be shown; complaint: from a low review or a ticket without a question.
    """

    origin: Origin
    id: str
    text: str
    questions: tuple[str, ...]
    language: str | None
    day: date


@dataclass
class Asked:
    """Everything buyers asked about one product; `suspicious` are rows that talk to an assistant, left out of all else."""

    remarks: list[Remark] = field(default_factory=list)
    suspicious: list[tuple[Origin, str, str]] = field(default_factory=list)
    terms: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def searched(self, question: Question) -> int:
        """Searches whose term speaks of what the question is about."""
        return sum(times for term, times in self.terms.items() if question.cue.search(term))


def asked_about(shop: Shop, product: Product, wholesale: bool) -> Asked:
    """What was asked about a product in the last year (reviews: two), latest first; inquiries only for wholesale."""
    found = Asked()
    tickets = shop.rows(
        "SELECT ticket_id, coalesce(subject, ''), text, language, received_at FROM tickets "
        "WHERE sku = ? AND received_at >= ? ORDER BY received_at DESC, ticket_id LIMIT ?",
        [product.sku, shop.as_of - timedelta(days=DAYS), MOST_ROWS],
    )
    for id, subject, text, language, at in tickets if not wholesale else []:
        _take(
            found,
            product,
            "tickets",
            str(id),
            f"{subject}. {text}" if subject else str(text),
            language,
            at.date(),
            whole=True,
        )
    reviews = shop.rows(
        "SELECT review_id, coalesce(title, ''), text, language, reviewed_on, rating FROM reviews "
        "WHERE sku = ? AND reviewed_on >= ? ORDER BY reviewed_on DESC, review_id LIMIT ?",
        [product.sku, shop.as_of - timedelta(days=REVIEW_DAYS), MOST_ROWS],
    )
    for id, title, text, language, day, rating in reviews if not wholesale else []:
        words = f"{title}. {text}" if title else str(text)
        _take(found, product, "reviews", str(id), words, language, day, whole=False, complaint=rating <= LOW_RATING)
    inquiries = shop.rows(
        "SELECT inquiry_id, coalesce(text, ''), received_at FROM inquiries WHERE sku = ? AND received_at >= ? "
        "ORDER BY received_at DESC, inquiry_id LIMIT ?",
        [product.sku, shop.as_of - timedelta(days=DAYS), MOST_ROWS],
    )
    for id, text, at in inquiries if wholesale else []:
        _take(found, product, "inquiries", str(id), str(text), None, at.date(), whole=False, complaint=True)
    found.read = {"tickets": len(tickets), "reviews": len(reviews), "inquiries": len(inquiries)}
    found.terms = _terms(shop, product)
    found.read["searches"] = len(found.terms)
    return found


def is_question(sentence: str) -> bool:
    """Whether a sentence asks something."""
    return bool(_QUESTION.search(sentence))


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text in any of the shop's languages."""
    for part in SENTENCE.split(text):
        if part and re.search(r"\w", part):
            yield part.strip()


def without_private(text: str) -> str:
    """A message without order numbers, telephone numbers, mail addresses and greeting."""
    plain = _GREETING.sub("", _PRIVATE.sub(" ", text))
    return re.sub(r"\s+([?!.,？。])", r"\1", re.sub(r"\s+", " ", plain)).strip()


def _take(found: Asked, product: Product, origin: Origin, id: str, text: str, language: str | None, day: date,
          whole: bool, complaint: bool = False) -> None:  # fmt: skip
    from knowledge.strangers import addresses_assistant, clean

    words = clean(text)
    if not words:
        return
    if addresses_assistant(text) or addresses_assistant(words):
        found.suspicious.append((origin, id, words))
        return
    said = [plain for one in sentences(words) if (plain := without_private(one))]
    if whole:
        asking = tuple(one for one in said if is_question(one))
        found.remarks.append(Remark(origin, id, _unnamed(" ".join(said), product), asking, language, day))
        return
    for one in said:
        asks = is_question(one)
        if asks or complaint:
            found.remarks.append(Remark(origin, id, _unnamed(one, product), (one,) if asks else (), language, day))


def _unnamed(text: str, product: Product) -> str:
    plain = product.names.sub(" ", text) if product.names else text
    return re.sub(r"\s+", " ", plain).strip() or text


def _terms(shop: Shop, product: Product) -> dict[str, int]:
    """Search terms of the last year that hold one of the product's names, with their searches."""
    if product.names is None:
        return {}
    rows = shop.rows(
        "SELECT lower(term), sum(searches) FROM searches WHERE day >= ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        [shop.as_of - timedelta(days=DAYS), MOST_ROWS],
    )
    return {str(term): int(times) for term, times in rows if product.names.search(str(term))}
