"""A request for quotation as a draft for the operator: a template in prompts/, filled with typed values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from shop.costs import Costs
from shop.warehouse import Shop
from tools.contract import (
    Column,
    Table,
    Value,
    code,
    country,
    days,
    on,
    percent,
    quote,
    several,
    units,
    warehouse,
    words,
)
from tools.messages import LANGUAGES, Language, placeholders, shown
from tools.suppliers.books import Company, Offer
from tools.suppliers.certificates import Requirement

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"
REPLY_DAYS = 7
TIERS_UP_TO = 5
MOST_DEPOSIT = Decimal(30)
USUAL_INCOTERM = "FOB"
BALANCE_DAYS = 30


@dataclass(frozen=True)
class Ask:
    """What a request is about. `deadline` is in days from today, None where nobody set one."""

    sku: str | None
    need: str
    quantity: int
    warehouse: str
    country: str
    deadline: int | None
    delivered: bool
    needed: Sequence[Requirement]


@cache
def template(language: Language) -> str:
    """The request in a language, with {names} for values."""
    return (PROMPTS / f"rfq_{language}.md").read_text(encoding="utf-8").strip()


def drafts(shop: Shop, ask: Ask, to: Sequence[tuple[Company, Offer | None]]) -> Table:
    """One draft for each company and language."""
    return Table(
        title="Requests for quotation (drafts, nothing was sent)",
        columns=[
            Column(name="supplier", kind="code"), Column(name="language", kind="language"),
            Column(name="text", kind="words"),
        ],
        rows=[
            [company.supplier_id, language, draft(shop, ask, company, offer, language)]
            for company, offer in to
            for language in LANGUAGES
        ],
    )  # fmt: skip


def draft(shop: Shop, ask: Ask, company: Company, offer: Offer | None, language: Language) -> str:
    """The request to one company. Its own name is a stranger's text and stands in quotation marks."""
    values = _values(shop, ask, company, offer)
    text = template(language)
    assert placeholders(text) <= set(values)
    return text.format(**{name: shown(value, language) for name, value in values.items()})


def _values(shop: Shop, ask: Ask, company: Company, offer: Offer | None) -> dict[str, Value]:
    product = next((one for one in shop.vocabulary.products if one.sku == ask.sku), None)
    item = Costs.of(shop).items.get(ask.sku or "")
    if ask.deadline is None:
        needed = words("match_suppliers.rfq_soon")
    else:
        needed = on(shop.as_of + timedelta(days=ask.deadline))
    law = [words(f"certificate.{one.name}") for one in ask.needed]
    asked = min((offer.deposit_pct if offer and offer.deposit_pct is not None else MOST_DEPOSIT), MOST_DEPOSIT)
    return {
        "product": quote(ask.need) if product is None else code(product.name),
        "sku": code(ask.sku or "-"), "hs": code((item.hs_code if item else None) or "-"),
        "quantity": units(ask.quantity), "more": units(ask.quantity * TIERS_UP_TO),
        "incoterm": code(offer.incoterm if offer else USUAL_INCOTERM), "warehouse": warehouse(ask.warehouse),
        "country": country(ask.country), "needed": needed,
        "proof": several(law) if law else words("match_suppliers.rfq_no_proof"),
        "deposit": percent(asked, 0), "balance": days((offer.balance_days if offer else None) or BALANCE_DAYS),
        "reply": on(shop.as_of + timedelta(days=REPLY_DAYS)), "shop": code(shop.name or "-"),
        "supplier": quote(company.name),
    }  # fmt: skip
