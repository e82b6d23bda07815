"""write_faq: the questions buyers really ask about a product, answered only from the brand's own material."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from shop.warehouse import Shop
from tools.contract import DataUsed, Request, Result, Tool, ToolError
from tools.copywriting.voice import voice
from tools.messages import refusal

if TYPE_CHECKING:
    from tools.faq.compile import Faq

SPOKEN = ("en", "zh", "de", "fr", "es", "ja")
DEFAULT_LANGUAGE = "en"


class WriteFaq(Request):
    """Of which product, in which language, for whom."""

    sku: str = Field(description="the product")
    language: str | None = Field(
        None, description="BCP 47, such as en, zh, de, fr, es, ja; not said: the one most of its buyers write in"
    )
    persona: str | None = Field(
        None, description="who reads it, such as first-time buyer, athlete, gift giver, parent or wholesale buyer"
    )

    @field_validator("persona")
    @classmethod
    def _short(cls, said: str | None) -> str | None:
        if said is not None and len(said) > 120:
            raise ValueError("a persona has at most 120 characters")
        return said


def run(shop: Shop, request: WriteFaq) -> Result:
    """Write an FAQ with after-sales and care notes for one product: the questions buyers really ask (tickets, reviews, searches,
    inquiries) first, then what its kind of product needs, then returns, shipping, warranty and duties by country;
    answered only from the brand's evidence and policies, each answer cited, and a list of what no source answers.
    Use it for "FAQ for the yoga mat in German", "what do buyers ask about the belt", "给跑步袜写常见问题".
    It drafts and files nothing: propose_change does.
    """
    from knowledge.errors import KnowledgeError
    from knowledge.store import open_store
    from tools.faq.compile import compiled
    from tools.faq.personas import persona_of
    from tools.faq.proposal import payload
    from tools.faq.telling import assumptions, findings, points, tables, warnings
    from tools.faq.wording import Wording

    persona, understood = persona_of(request.persona)
    language = _language(shop, request)
    try:
        store = open_store(shop.folder)
        if not store.count():
            raise refusal("errors.nothing_learned", command="pacer learn PATH", demo="pacer demo")
        faq = compiled(shop, store, request.sku, language, persona)
        known = [p for p in store.passages() if not p.skus or request.sku in p.skus]
        version = store.version
    except KnowledgeError as refused:
        raise ToolError(str(refused)) from refused
    wording = Wording(language, request.sku, (faq.product.name, *faq.product.aliases, shop.name), known, voice())
    said = [(entry, [(told, wording.worded(told)) for told in entry.answer.told]) for entry in faq.answered]
    found = findings(faq, said)
    return Result(
        findings=found,
        points=points(found),
        tables=tables(faq, said),
        proposals=[payload(faq, said)] if faq.answered else [],
        assumptions=assumptions(faq, said, understood, request.persona or ""),
        warnings=warnings(faq, said, wording),
        data_used=_used(shop, faq, version),
    )


def _language(shop: Shop, request: WriteFaq) -> str:
    """The language asked for, as a BCP 47 tag; else the one most tickets and reviews of the product are in."""
    from babel import Locale, UnknownLocaleError

    if not request.language:
        rows = shop.rows(
            "SELECT language FROM (SELECT language FROM tickets WHERE sku = ? UNION ALL SELECT language FROM reviews WHERE sku = ?) "
            "WHERE language IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            [request.sku, request.sku],
        )
        return str(rows[0][0]).split("-")[0] if rows and str(rows[0][0]).split("-")[0] in SPOKEN else DEFAULT_LANGUAGE
    said = request.language.strip().replace("_", "-")
    try:
        return str(Locale.parse(said, sep="-").language)
    except (UnknownLocaleError, ValueError) as unknown:
        raise refusal("errors.unknown_language", said=said[:20], known=", ".join(SPOKEN)) from unknown


def _used(shop: Shop, faq: Faq, version: int) -> DataUsed:
    from tools.faq.questions import dated

    return DataUsed(
        as_of=shop.as_of,
        version=shop.version,
        tables={**faq.asked.read, "passages": faq.shelf.passages},
        reference=[f"knowledge version {version}", f"faq questions {dated()}"],
    )


WRITE_FAQ = Tool("write_faq", WriteFaq, run)
