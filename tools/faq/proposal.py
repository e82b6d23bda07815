"""The FAQ as a draft for the operator: questions, answers and where each stands."""

from __future__ import annotations

from typing import Any

from tools.contract import Proposal
from tools.faq.answers import Told
from tools.faq.compile import Entry, Faq
from tools.faq.wording import Sentence, joined


def payload(faq: Faq, worded: list[tuple[Entry, list[tuple[Told, list[Sentence]]]]]) -> Proposal:
    """A draft of kind listing, form faq; propose_change files it."""
    content: dict[str, Any] = {
        "form": "faq",
        "sku": faq.product.sku,
        "language": faq.language,
        "persona": faq.persona.key,
        "items": [
            {"question": entry.question, "answers": [_answer(told, said) for told, said in answers]}
            for entry, answers in worded
        ],
    }
    return Proposal(kind="listing", payload=content, expected_before={"name": faq.product.name})


def _answer(told: Told, said: list[Sentence]) -> dict[str, Any]:
    passages = {one.line.passage.id: one.line.passage for one in said}
    return {
        "text": joined(said),
        "country": told.country,
        "language": said[0].language,
        "own_words": all(one.own_words for one in said),
        "sources": [
            {"passage": id, "source": p.source, "place": p.place, "day": p.date.isoformat() if p.date else None}
            for id, p in passages.items()
        ],
    }
