"""Which products a text speaks of: their SKUs, names and aliases in any language, the longest reading of each stretch."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from shop.warehouse import ProductName

LONG_WORD = 8  # letters from which one word is name enough; "cap" is also a bottle's
HAN_NAME = 3  # characters
_TOKEN = re.compile(r"\d+|[\u3040-\u30ff\u3400-\u9fff々ー]|[^\W\d_\u3040-\u30ff\u3400-\u9fff々ー]+")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々ー]")
_ENDINGS = ("es", "en", "s", "n", "e")


class Products:
    """A shop's products, asked which of them a text names."""

    def __init__(self, products: Sequence[ProductName]) -> None:
        self.skus = tuple(product.sku for product in products)
        self.fingerprint = str(crc32(repr(list(products)).encode()))
        self._by_case = {product.sku.casefold(): product.sku for product in products}
        self._named: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        self._starts: defaultdict[str, set[int]] = defaultdict(set)
        for product in products:
            for name in (product.sku, product.name, *product.aliases):
                said = _tokens(name)
                if said and (name == product.sku or _telling(name, said)) and product.sku not in self._named[said]:
                    self._named[said].append(product.sku)
                    self._starts[said[0]].add(len(said))

    def known(self, sku: str) -> str | None:
        """The shop's own spelling of a SKU, or None when it has no such product."""
        return self._by_case.get(sku.strip().casefold())

    def nearest(self, sku: str) -> list[str]:
        """The three SKUs spelled most like one that is not known."""
        from rapidfuzz import process

        return [found for found, _, _ in process.extract(sku.upper(), self.skus, limit=3)]

    def named(self, text: str) -> tuple[str, ...]:
        """SKUs of the products named in the text, in the shop's order."""
        said = _tokens(text)
        found: set[str] = set()
        at = 0
        while at < len(said):
            for length in sorted(self._starts.get(said[at], ()), reverse=True):
                if named := self._named.get(said[at : at + length]):
                    found.update(named)
                    at += length
                    break
            else:
                at += 1
        return tuple(sku for sku in self.skus if sku in found)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(map(_stem, _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())))


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    """Without accents, and without the endings of plurals and cases."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    if word.isascii() and len(word) < 4:
        return word
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            return bare[: -len(ending)]
    return bare if bare else word


def _telling(name: str, said: tuple[str, ...]) -> bool:
    if any(map(_HAN.match, said)):
        return len(said) >= HAN_NAME
    words = [token for token in said if not token.isdigit()]
    return (len(said) > 1 and bool(words)) or len(name) >= LONG_WORD
