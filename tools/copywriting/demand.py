"""What buyers of a product want to hear: the words they search and the praise in their reviews."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.passage import Passage
from knowledge.words import function_words, words
from shop.warehouse import Shop
from tools.copywriting.facts import sentences

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEAST_LIKE = 0.45  # cosine of a search term and a product's name from which the term is about it
MOST_TERMS, MOST_PRAISE = 300, 160
MEANT = 0.45  # cosine of a pair of words and a fact from which the pair speaks of it
HAPPY = 4
TOP = 3
LANGUAGE_OF = {
    "US": "en", "GB": "en", "IE": "en", "AU": "en", "NZ": "en", "DE": "de", "AT": "de", "FR": "fr", "ES": "es", "MX": "es",
    "JP": "ja", "CN": "zh", "TW": "zh", "HK": "zh", "SG": "en",
}  # fmt: skip


@dataclass(frozen=True)
class Term:
    """What buyers typed, and how often."""

    text: str
    searches: int
    country: str


@dataclass(frozen=True)
class Demand:
    """Search terms about the product, most searched first, and sentences of praise from reviews of four and five stars."""

    terms: tuple[Term, ...]
    praise: tuple[tuple[str, Passage], ...]


def demand(shop: Shop, sku: str, reviews: Sequence[Passage], language: str, country: str) -> Demand:
    """Terms are those of the country, or of every country where the language is spoken when none is said."""
    return Demand(_terms(shop, sku, language, country), tuple(_praise(reviews)[:MOST_PRAISE]))


def interest(wanted: Demand, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How near each embedded fact is to what buyers want: mean cosine with the nearest few; zeros where nothing is known."""
    import numpy as np

    from knowledge.embed import embed

    texts = [*(term.text for term in wanted.terms), *(text for text, _ in wanted.praise)]
    if not texts or not len(vectors):
        return np.zeros(len(vectors), dtype=np.float32)
    near = np.sort(vectors @ embed(texts).T, axis=1)[:, -TOP:]
    return np.asarray(near.mean(axis=1), dtype=np.float32)


def phrases(wanted: Demand, language: str, facts: npt.NDArray[np.float32], most: int = 12) -> list[str]:
    """Word pairs that at least two reviewers of the language use in praise of what the facts say, most used first."""
    said: dict[str, dict[str, Passage]] = {}
    for text, passage in wanted.praise:
        if (passage.language or "") != language:
            continue
        for pair in _pairs(text):
            said.setdefault(pair, {})[passage.id] = passage
    often = Counter({pair: len(by) for pair, by in said.items() if len(by) > 1})
    ordered = [pair for pair, _ in sorted(often.items(), key=lambda one: (-one[1], one[0]))]
    if not ordered or not len(facts):
        return []
    from knowledge.embed import embed

    near = (embed(ordered) @ facts.T).max(axis=1)
    return [pair for pair, meant in zip(ordered, near, strict=True) if meant >= MEANT][:most]


def _pairs(text: str) -> set[str]:
    """Neighbouring words that both mean something, as they were written."""
    idle = function_words()
    found = set()
    for part in re.split(r"[,;:.!?()，。！？；：]", text):
        spoken = re.findall(r"[^\W\d_]{3,}", part.casefold())
        for one, two in pairwise(spoken):
            if not ({*words(one), *words(two)} & idle):
                found.add(f"{one} {two}")
    return found


def _praise(reviews: Sequence[Passage]) -> list[tuple[str, Passage]]:
    happy = sorted(
        (p for p in reviews if (p.rating or 0) >= HAPPY), key=lambda p: (p.date is None, p.date), reverse=True
    )
    return [(text, p) for p in happy for text in sentences(p.text) if len(text) > 12]


def _terms(shop: Shop, sku: str, language: str, country: str) -> tuple[Term, ...]:
    """The country's search terms that are nearer to this product's names than to any other's."""
    import numpy as np

    from knowledge.embed import embed

    places = [country] if country else [place for place, spoken in LANGUAGE_OF.items() if spoken == language]
    places = [place for place in places if LANGUAGE_OF.get(place, language) == language]
    marks = ", ".join("?" for _ in places)
    rows = shop.rows(
        f"SELECT term, sum(searches)::BIGINT AS n, min(country) FROM searches WHERE country IN ({marks}) "  # noqa: S608
        "GROUP BY term ORDER BY n DESC, term LIMIT ?",
        [*places, MOST_TERMS],
    ) if places else []  # fmt: skip
    if not rows:
        return ()
    products = shop.vocabulary.products
    names = [(p.sku, name) for p in products for name in (p.name, *p.aliases)]
    near = embed([str(term) for term, _, _ in rows]) @ embed([name for _, name in names]).T
    own = np.array([code == sku for code, _ in names])
    return tuple(
        Term(str(term), int(n), str(place))
        for (term, n, place), row in zip(rows, near, strict=True)
        if own.any() and row[own].max() >= LEAST_LIKE and row[own].max() >= row[~own].max(initial=-1.0)
    )
