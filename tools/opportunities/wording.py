"""Which product a search term means, by its words: exact, plural, accents, compounds, and Chinese or Japanese runs."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

ALIKE = 86.0  # rapidfuzz ratio of two spellings of one word
PART_LEAST = 5  # letters of a word that may stand for a compound beginning or ending with it
STEM = 4
THEME_SKUS = 3  # a stem in the names of this many SKUs says what the shop is about, not which product
RUN_LEAST = 2  # characters of Chinese or Japanese that count as a word
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "for",
        "the",
        "of",
        "to",
        "in",
        "with",
        "on",
        "my",
        "best",
        "buy",
        "cheap",
        "near",
        "me",
        "für",
        "fur",
        "der",
        "die",
        "das",
        "und",
        "mit",
        "zum",
        "zur",
        "von",
        "kaufen",
        "bester",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "un",
        "une",
        "pour",
        "avec",
        "et",
        "en",
        "à",
        "a",
        "d",
        "l",
        "meilleur",
        "acheter",
        "para",
        "con",
        "el",
        "los",
        "las",
        "y",
        "del",
        "mejor",
    ]
)
_NONE: frozenset[str] = frozenset()
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\u30fc]+")


@dataclass(frozen=True)
class Spoken:
    """How far one SKU's names cover a term: share of the telling words, and the words no name has."""

    sku: str | None
    covered: float
    left: tuple[str, ...]


class Names:
    """The words of every product's names."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        """`names` maps SKU to its names in any language."""
        self.tokens = {sku: sorted({t for name in known for t in words(name)}) for sku, known in names.items()}
        self.runs = {
            sku: "\n".join("".join(_CJK.findall(_folded(name))) for name in known) for sku, known in names.items()
        }
        stems: dict[str, set[str]] = defaultdict(set)
        for sku, tokens in self.tokens.items():
            for token in tokens:
                if len(token) >= STEM:
                    stems[token[:STEM]].add(sku)
        for sku, text in self.runs.items():
            for at in range(len(text) - 1):
                stems[text[at : at + RUN_LEAST]].add(sku)
        self._themes = frozenset(stem for stem, skus in stems.items() if len(skus) >= THEME_SKUS)
        self._by_token: dict[str, set[str]] = defaultdict(set)
        self._shelves: dict[str, set[str]] = defaultdict(set)
        for sku, tokens in self.tokens.items():
            for token in tokens:
                self._by_token[token].add(sku)
                self._shelves["^" + token[:2]].add(token)
                self._shelves["$" + token[-2:]].add(token)

    def says(self, term: str) -> Spoken:
        """The SKU whose names cover the term best. Words of the shop's theme count only where a SKU has them."""
        said = words(term)
        if not said:
            return Spoken(None, 0.0, ())
        has: dict[str, set[str]] = defaultdict(set)
        for token in said:
            for sku in self._owners(token):
                has[sku].add(token)
        best = max(sorted(has), key=lambda sku: (len(has[sku]), -self._size(sku)), default=None)
        if best is None:
            return Spoken(None, 0.0, tuple(said))
        left = tuple(token for token in said if token not in has[best] and not self._theme(token))
        telling = len([token for token in has[best] if not self._theme(token)])
        if telling == 0 and left:
            return Spoken(None, 0.0, left)
        return Spoken(best, max(telling, 1) / (max(telling, 1) + len(left)), left)

    def _size(self, sku: str) -> int:
        return len(self.tokens[sku])

    def _owners(self, token: str) -> set[str]:
        if _CJK.fullmatch(token):
            return {sku for sku, text in self.runs.items() if token in text}
        owners = set(self._by_token.get(token, ()))
        if len(token) <= STEM:
            return owners
        for known in self._shelves.get("^" + token[:2], _NONE) | self._shelves.get("$" + token[-2:], _NONE):
            part = len(token) >= PART_LEAST and (known.startswith(token) or known.endswith(token))
            if part or alike(token, known):
                owners |= self._by_token[known]
        return owners

    def _theme(self, token: str) -> bool:
        if _CJK.fullmatch(token):
            return any(token[at : at + RUN_LEAST] in self._themes for at in range(len(token) - 1))
        return len(token) >= STEM and token[:STEM] in self._themes


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> bool:
    """Two spellings of a word."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= ALIKE


def words(text: str) -> list[str]:
    """The words of a text without accents, plural s and stop words; runs of Chinese or Japanese stay whole."""
    found: list[str] = []
    for piece in re.findall(r"\w+", _folded(text)):
        for part in re.split(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", piece):
            rest = part
            for run in _CJK.findall(part):
                found.append(run)
                rest = rest.replace(run, " ")
            found += [_singular(word) for word in rest.split() if word not in STOP]
    return list(dict.fromkeys(found))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _folded(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).casefold()
    kept = []
    for letter in wide:
        if _CJK.match(letter):
            kept.append(letter)
        else:
            kept += [c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c)]
    return "".join(kept)
