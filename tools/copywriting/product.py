"""The product's own record as a source: what the books call it in a language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from knowledge.passage import Passage, passage_id
from shop.warehouse import Shop

BOOKS = "products"
_KANA, _HAN = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\u3400-\u9fff]")
LATIN = ("en", "de", "fr", "es")
LIKELY, LIKELY_NAME = 0.6, 0.4


@dataclass(frozen=True)
class ProductRecord:
    """A SKU of the books. `name` is in English or the seller's language, `language` the one most names of the books are
    in; `passage` cites the row."""

    sku: str
    brand: str
    name: str
    aliases: tuple[str, ...]
    hs_code: str
    category: str
    passage: Passage
    language: str = ""

    def named(self, language: str) -> str | None:
        """What buyers who speak the language call it: the longest name with all figures; None where the books know none."""
        spoken = language.split("-")[0]
        if spoken == self.language:
            return self.name
        if (
            likely(self.name, spoken) >= likely(self.name, "en" if spoken != "en" else "de")
            and likely(self.name, spoken) >= LIKELY_NAME
        ):
            return self.name
        known = self.spoken(language)
        figures = set(re.findall(r"\d+", self.name))
        whole = [alias for alias in known if figures <= set(re.findall(r"\d+", alias))]
        return max(whole or known, key=len, default=None)

    def spoken(self, language: str) -> list[str]:
        """Every name of it that is in the language."""
        spoken = language.split("-")[0]
        return [name for name in (self.name, *self.aliases) if likely(name, spoken) >= LIKELY]


def product_record(shop: Shop, sku: str, language: str) -> ProductRecord:
    """The SKU as the books hold it, its passage in one language; a SKU that only orders know has nothing but its code."""
    rows = shop.rows(
        "SELECT name, aliases, category, hs_code, source_file, source_line FROM products WHERE sku = ?", [sku]
    )
    name, aliases, category, hs_code, file, line = rows[0] if rows else (sku, "", "", "", BOOKS, 0)
    others = tuple(part.strip() for part in str(aliases or "").split("|") if part.strip())
    spoken = language.split("-")[0]
    names = dict.fromkeys([str(name), *(one for one in others if likely(one, spoken) >= LIKELY)])
    text = "\n".join(f"{one}." for one in names)
    passage = _passage(sku, text, str(file or BOOKS), int(line or 0), spoken)
    return ProductRecord(
        sku, shop.name or "", str(name), others, str(hs_code or ""), str(category or ""), passage, _of_names(shop)
    )


def _of_names(shop: Shop) -> str:
    """The language that the shop's product names are in, taken together: a single name is too short to tell."""
    names = ". ".join(str(name) for (name,) in shop.rows("SELECT name FROM products ORDER BY sku LIMIT 200"))
    if _KANA.search(names) or _HAN.search(names):
        return "ja" if _KANA.search(names) else "zh"
    ranked = _ranked(names) if names else {}
    return max(ranked, key=lambda one: ranked[one], default="")


def likely(name: str, language: str) -> float:
    """How likely a short name is in a language, 0 to 1: by its script, else py3langid among the commonest of Europe."""
    if _KANA.search(name):
        return float(language == "ja")
    if _HAN.search(name):
        return float(language == "zh")
    return _ranked(name).get(language, 0.0)


@lru_cache(maxsize=4096)
def _ranked(name: str) -> dict[str, float]:
    return {str(language): float(share) for language, share in _identifier().rank(name)}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LATIN))
    return identifier


def _passage(sku: str, text: str, source: str, line: int, language: str) -> Passage:
    place = f"{sku}, line {line}" if line else sku
    return Passage(
        passage_id(source, place, text), text, "evidence", source, place, "Products in the books", (sku,), language
    )
