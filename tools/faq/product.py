"""The product an FAQ is about, told apart from the shop's other products by the words they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from shop.warehouse import Shop
from tools.faq.questions import kinds_of

LEAST_LETTERS = 3
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Product:
    """A SKU with its name, other names, kinds, and the names and codes of the other products."""

    sku: str
    name: str
    aliases: tuple[str, ...]
    kinds: tuple[str, ...]
    others: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def names(self) -> re.Pattern[str] | None:
        """Any of its names or its code."""
        return _any_of((self.sku, self.name, *self.aliases))

    @cached_property
    def other_skus(self) -> re.Pattern[str] | None:
        """The code of any other product."""
        return _any_of([sku for sku, _ in self.others])

    @cached_property
    def other_names(self) -> re.Pattern[str] | None:
        """Any name of another product that is not also one of this product."""
        own = {name.casefold() for name in (self.name, *self.aliases)}
        return _any_of({name for _, names in self.others for name in names if name.casefold() not in own})

    @cached_property
    def own_words(self) -> re.Pattern[str] | None:
        """Single words of its names, by which labels such as "Bottles" call it."""
        return _any_of(_words((self.name, *self.aliases)))

    @cached_property
    def other_words(self) -> re.Pattern[str] | None:
        """Single words of other products' names that are not words of its own."""
        own = _words((self.name, *self.aliases))
        return _any_of({word for _, names in self.others for word in _words(names)} - own)

    def labelled(self, label: str) -> bool:
        """Whether a label such as "Bottles" or ボトル names this product."""
        return self.mentioned_in(label) or _part_of(label, (self.name, *self.aliases))

    def labels_another(self, label: str) -> bool:
        """Whether a label names another product."""
        by_word = self.other_words is not None and self.other_words.search(label) is not None
        return by_word or any(_part_of(label, names) for _, names in self.others)

    def mentioned_in(self, text: str) -> bool:
        """Whether a text calls the product by a name or one word of it."""
        return bool((self.names and self.names.search(text)) or (self.own_words and self.own_words.search(text)))

    def called(self, language: str) -> str:
        """Its name in a language, as far as the books know one: the first alias in that script, else its name."""
        if language.split("-")[0] == "zh":
            return next(
                (a for a in self.aliases if re.search(r"[\u4e00-\u9fff]", a) and not re.search(r"[\u3040-\u30ff]", a)),
                self.name,
            )
        if language.split("-")[0] == "ja":
            return next((a for a in self.aliases if re.search(r"[\u3040-\u30ff]", a)), self.name)
        return self.name


def product_of(shop: Shop, sku: str) -> Product:
    """The product as the books know it; one that is sold but not listed is called by its code."""
    listed = {p.sku: p for p in shop.vocabulary.products}
    row = shop.rows("SELECT category FROM products WHERE sku = ?", [sku])
    own = listed.get(sku)
    name, aliases = (own.name, tuple(own.aliases)) if own else (sku, ())
    others = tuple((p.sku, (p.name, *p.aliases)) for p in listed.values() if p.sku != sku)
    kinds = kinds_of(f"{name} {' '.join(aliases)}" if not kinds_of(name, None) else name, row[0][0] if row else None)
    return Product(sku, name, aliases, tuple(kinds), others)


def _part_of(label: str, names: Iterable[str]) -> bool:
    """Whether a label in an unspaced script is part of a name."""
    return bool(_UNSPACED.search(label)) and any(label.strip() in name for name in names)


def _words(names: Iterable[str]) -> set[str]:
    """Words of names, without numbers; a name in an unspaced script is one word."""
    return {word for name in names for word in re.findall(r"[^\W\d_]{3,}", name.casefold())}


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Names as one pattern, longest first; Latin ones as whole words, plural or not."""
    kept = sorted(
        {n.strip() for n in names if len(n.strip()) >= LEAST_LETTERS or _UNSPACED.search(n)}, key=lambda n: (-len(n), n)
    )
    parts = [re.escape(n) if _UNSPACED.search(n) else rf"(?<![\w-]){re.escape(n)}(?:s|es|n|en)?(?![\w-])" for n in kept]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None
