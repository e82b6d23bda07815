"""Which SKU a search term asks for, by the names and aliases of the products."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from shop.warehouse import ProductName

CLOSE_ENOUGH = 90.0
LONG_WORD = 9
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def sku_of_terms(products: Iterable[ProductName], terms: Iterable[str]) -> dict[str, str]:
    """SKU per term; a term that names no product, or two equally well, is left out.

    A term names a product when it is one of its names (spelling, order of words, plural and accents aside), or
    holds one of at least two words or nine letters whole (in Chinese or Japanese: two characters); the longest name counts.
    """
    names: dict[str, set[str]] = {}
    for product in products:
        for name in (product.name, *product.aliases):
            plain = _plain(name)
            if plain:
                names.setdefault(plain, set()).add(product.sku)
    found = {term: _sku(_plain(term), names) for term in terms}
    return {term: sku for term, sku in found.items() if sku is not None}


def _sku(term: str, names: dict[str, set[str]]) -> str | None:
    if term in names:
        return _only(names[term])
    inside = [name for name in names if _holds(term, name)]
    if inside:
        longest = max(len(name) for name in inside)
        return _only(set().union(*(names[name] for name in inside if len(name) == longest)))
    from rapidfuzz import fuzz, process

    near = process.extract(term, list(names), scorer=fuzz.token_sort_ratio, score_cutoff=CLOSE_ENOUGH, limit=3)
    return _only(set().union(*(names[name] for name, score, _ in near if score == near[0][1]))) if near else None


def _only(skus: set[str]) -> str | None:
    return next(iter(skus)) if len(skus) == 1 else None


def _holds(term: str, name: str) -> bool:
    if _HAN.search(name):
        return len(name) >= 2 and name in term
    return (" " in name or len(name) >= LONG_WORD) and f" {name} " in f" {term} "


def _plain(text: str) -> str:
    """Lower case without accents, punctuation and plural s; Chinese and Japanese without spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    # the dots of Japanese kana are part of the letter, accents are not
    bare = "".join(c for c in folded if not unicodedata.combining(c) or c in "\u3099\u309a")
    spaced = re.sub(r"(\d)([^\W\d])", r"\1 \2", unicodedata.normalize("NFKC", bare).replace("_", " "))
    words = re.findall(r"\w+", spaced)
    if _HAN.search(text):
        return "".join(words)
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )
