"""Search terms and tags: what buyers type and say, each word once, never another brand's, to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shop.listing_rules import ListingRules
from tools.copywriting.demand import Demand, phrases
from tools.copywriting.product import ProductRecord

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def candidates(record: ProductRecord, wanted: Demand, language: str, facts: npt.NDArray[np.float32]) -> Iterator[str]:
    """Terms most searched first, then the product's names, then the pairs of words reviewers use of its facts."""
    spoken = language.split("-")[0]
    yield from (term.text for term in wanted.terms)
    yield from record.spoken(language)
    yield from phrases(wanted, spoken, facts)


def search_terms(
    record: ProductRecord,
    wanted: Demand,
    language: str,
    facts: npt.NDArray[np.float32],
    rules: ListingRules,
    title: str,
) -> str:
    """Words for the hidden search field that the title does not have, as many as the channel's bytes or characters hold."""
    held = {_stem(word) for word in _words(title)}
    kept: list[str] = []
    for word in (word for text in candidates(record, wanted, language, facts) for word in _words(text)):
        if _stem(word) in held or (len(word) < 2 and not _UNSPACED.search(word)):
            continue
        longer = " ".join([*kept, word])
        if not rules.broken("search_terms", longer):
            kept.append(word)
            held.add(_stem(word))
    return " ".join(kept)


def tags(
    record: ProductRecord, wanted: Demand, language: str, facts: npt.NDArray[np.float32], rules: ListingRules
) -> list[str]:
    """Whole terms as tags, each within the channel's length, as many as it takes."""
    kept: list[str] = []
    for text in candidates(record, wanted, language, facts):
        tag = " ".join(text.casefold().split())
        if tag in kept or rules.broken("tags", [*kept, tag]):
            continue
        kept.append(tag)
    return kept


def _words(text: str) -> Sequence[str]:
    """Words in lower case; a run of Chinese or Japanese is one."""
    return [word.casefold() for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    return word if len(word) < 4 or _UNSPACED.search(word) else re.sub(r"(?:es|s)$", "", word)
