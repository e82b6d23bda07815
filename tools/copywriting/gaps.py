"""What the sources lack for a listing: proof a country asks for, the maker's address, plugs, and facts buyers look for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shop.warehouse import Shop
from tools.contract import About, Finding, code, country, finding, several, words
from tools.copywriting.choose import Ranked
from tools.copywriting.product import ProductRecord
from tools.copywriting.roles import denies
from tools.copywriting.sources import Material

KEY = "write_listing."
_MAKER = re.compile(
    r"responsible person|(?:manufacturer|manufactured by|made by|importer)\s*:|verantwortliche person|hersteller\s*:|"
    r"personne responsable|fabricant\s*:|persona responsable|制造商[:：]|责任人|製造者[:：]|責任者[:：]",
    re.IGNORECASE,
)
_PLUG = re.compile(r"\bplug|stecker|\bprise\b|enchufe|插头|プラグ", re.IGNORECASE)
OFFER_LAW = "Regulation (EU) 2023/988, article 19"
PLUGGED = ("8504", "8509", "8510", "8513", "8516", "8518", "8519", "8528", "9405")
PLUGS = {
    "US": "A/B", "CA": "A/B", "MX": "A/B", "JP": "A/B", "CN": "A/C/I", "GB": "G", "IE": "G", "SG": "G", "HK": "G", "AU": "I",
    "NZ": "I", "DE": "C/F", "AT": "C/F", "NL": "C/F", "ES": "C/F", "SE": "C/F", "FR": "C/E", "BE": "C/E", "PL": "C/E",
    "IT": "C/F/L", "CH": "C/J", "DK": "C/E/K",
}  # fmt: skip
WANTED_ROLES = ("performance", "material", "size", "care")


def gaps(shop: Shop, record: ProductRecord, known: Material, ranked: Sequence[Ranked], where: str) -> list[Finding]:
    """To-do findings; those that depend on the country only when one is said."""
    about = About(skus=[record.sku], countries=[where] if where else [])
    told = [
        finding(f"{KEY}needs_fact", "info", about, what=words(f"listing.need.{role}"))
        for role in WANTED_ROLES
        if not any(one.role == role for one in ranked)
    ]
    if where:
        texts = [p.context for p in known.passages if p.kind in ("evidence", "policy")]
        told += [*_proof(shop, record, known, where, about), *_offer(shop, record, texts, where, about)]
    return told


def _proof(shop: Shop, record: ProductRecord, known: Material, where: str, about: About) -> list[Finding]:
    """What the law of the country asks for and no fact names; a sentence that denies it is no proof."""
    from tools.suppliers.certificates import marks_in, required

    held = {mark for fact in known.facts if not denies(fact.text) for mark in marks_in(fact.text)}
    return [
        finding(
            f"{KEY}needs_proof", "watch", about, country=country(where), name=words(f"certificate.{one.name}"),
            marks=several([code(mark) for mark in one.any_of]),
        )
        for one in required(shop, record.sku, where)
        if one.force == "law" and not held & set(one.any_of)
    ]  # fmt: skip


def _offer(shop: Shop, record: ProductRecord, texts: Sequence[str], where: str, about: About) -> list[Finding]:
    from shop.costs import Costs

    told = []
    if "EU" in (Costs.of(shop).places(where) or ()) and not any(_MAKER.search(text) for text in texts):
        told.append(finding(f"{KEY}needs_maker", "watch", about, country=country(where), law=words(OFFER_LAW)))
    if record.hs_code.startswith(PLUGGED) and where in PLUGS and not any(_PLUG.search(text) for text in texts):
        told.append(finding(f"{KEY}needs_plug", "watch", about, country=country(where), types=code(PLUGS[where])))
    return told
