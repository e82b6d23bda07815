"""Needs in words: which SKU is meant, and which suppliers' descriptions come near. A stranger's text is only compared."""

from __future__ import annotations

from dataclasses import dataclass

from shop.warehouse import Shop
from tools.suppliers.books import Supply

NEAR_ENOUGH = 0.42
ALSO = 0.05
WORDS_COUNT = 0.95
LEADS = 3
LEAST_LIKE = 0.15  # below it a supplier's own words have nothing to do with the need


@dataclass(frozen=True)
class Meant:
    """A SKU that the words mean, how near (0 to 1), and others nearly as near."""

    text: str
    sku: str
    near: float
    others: tuple[str, ...]


@dataclass(frozen=True)
class Fit:
    """How near a supplier's description and goods come to the words, 0 to 1."""

    supplier: str
    near: float


def meant_sku(shop: Shop, book: Supply, text: str) -> Meant | None:
    """The offered SKU that the words mean; None where none comes near."""
    offered = {one.sku for one in book.offers}
    products = [one for one in shop.vocabulary.products if one.sku in offered]
    if not products or not text.strip():
        return None
    names = [(one.sku, name) for one in products for name in (one.sku, one.name, *one.aliases) if name]
    scores = _scores(text, [name for _, name in names])
    best: dict[str, float] = {}
    for (sku, _), score in zip(names, scores, strict=True):
        best[sku] = max(best.get(sku, 0.0), score)
    order = sorted(best, key=lambda sku: (-best[sku], sku))
    if best[order[0]] < NEAR_ENOUGH:
        return None
    others = tuple(sku for sku in order[1:] if best[sku] >= best[order[0]] - ALSO)
    return Meant(text.strip(), order[0], best[order[0]], others)


def fits(shop: Shop, book: Supply, text: str) -> list[Fit]:
    """Every supplier by how near what it says and offers comes to the words, the nearest first."""
    from knowledge.strangers import clean

    if not text.strip() or not book.companies:
        return []
    names = {one.sku: one.name for one in shop.vocabulary.products}
    told, who = [], []
    for company in book.companies.values():
        goods = sorted({names.get(one.sku, one.sku) for one in book.offers if one.supplier == company.supplier_id})
        told.append(" ".join([clean(company.description), ", ".join(goods)]))
        who.append(company.supplier_id)
    scores = _scores(text, told)
    return sorted(
        (Fit(name, score) for name, score in zip(who, scores, strict=True)), key=lambda fit: (-fit.near, fit.supplier)
    )


def _scores(text: str, against: list[str]) -> list[float]:
    """Likeness of a text to others: the higher of meaning (cosine) and words in common."""
    from rapidfuzz import fuzz

    from knowledge.embed import embed

    vectors = embed([text, *against])
    near = vectors[1:] @ vectors[0]
    folded = text.casefold()
    shared = [fuzz.token_set_ratio(folded, other.casefold()) / 100 for other in against]
    alike = [one if one >= 1.0 or len(other.split()) > 1 else 0.0 for one, other in zip(shared, against, strict=True)]
    return [
        max(float(meaning), WORDS_COUNT * words if words > 0.8 else 0.0)
        for meaning, words in zip(near, alike, strict=True)
    ]
