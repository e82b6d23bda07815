"""Hybrid search: nearness in meaning and words in common, added up, with an honest floor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import log, sqrt
from typing import TYPE_CHECKING, Any, Literal

from knowledge.embedder import Baseline
from knowledge.lexical import WordIndex
from knowledge.passage import KINDS, Passage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    _Numbers = npt.NDArray[np.floating[Any]]

Ranking = Literal["fused", "dense", "lexical"]

# The rank is BM25 plus the cosine in units of noise, a convex combination (Bruch, Gai and Ingber, "An Analysis of
# Fusion Functions for Hybrid Retrieval", TOIS 2023). A ranker fitted to real product questions came to nearly the same
# ratio, and 15 further signs gave it nothing (docs/search.md).
_RANKS: dict[Ranking, Callable[[_Numbers, _Numbers], _Numbers]] = {
    "fused": lambda meaning, shared: shared + meaning,
    "dense": lambda meaning, shared: meaning,
    "lexical": lambda meaning, shared: shared,
}
WHOLE_BRAND_WEIGHT = 0.9
REVIEW_CHANCE = 1.3  # how much nearer reviews come by chance than longer texts: they are short and many are alike
REVIEW_WEIGHT = 0.8  # hundreds of short reviews would crowd out the one page that answers

# Measured on 1,000 generated reviews in five languages. The cosines of 24 questions about other things with all
# of them have mean 0.01 and standard deviation 0.057; the largest of n such cosines stays below
# 0.07 * sqrt(2 ln n), the bound for normal noise, in nine questions of ten for n from 10 to 1,000.
# With 22 questions about known matters, not worded as the reviews are, `python -m benchmarks.mentions` finds the
# reviews that speak of them with this precision and recall; higher floors gain less precision than they lose recall.
MENTION_PRECISION, MENTION_RECALL = 0.68, 0.72
FEWEST = 30  # a handful of short passages is judged like this many, since one of them is soon near by chance
FLOOR = 2.0  # cosine, in units of noise, below which a passage is noise
SHARED_ENOUGH = 0.5  # a passage with this share of the question's word weight is near whatever its cosine
SHARE_OF_BEST = 0.5  # of the best score, which the others must reach


class PassageIndex:
    """One version of the passages with their words and vectors, in memory, searched exactly.

    `vectors` has one row of length 1 for each passage; `baseline` says what their cosines are worth.
    """

    def __init__(
        self, passages: Sequence[Passage], vectors: npt.NDArray[np.float32], baseline: Baseline | None = None
    ) -> None:
        import numpy as np

        self.passages = tuple(passages)
        self._vectors = vectors
        self._baseline = baseline or Baseline()
        self._words = WordIndex(self.passages)
        self._kinds = np.array([KINDS.index(p.kind) for p in self.passages], dtype=np.int8)
        self._whole_brand = np.array([not p.skus for p in self.passages], dtype=bool)
        self._of_sku: dict[str, list[int]] = {}
        for position, passage in enumerate(self.passages):
            for sku in passage.skus:
                self._of_sku.setdefault(sku, []).append(position)

    def search(
        self,
        query: str,
        vector: npt.NDArray[np.float32],
        kinds: Iterable[str] = (),
        sku: str | None = None,
        limit: int = 8,
        ranking: Ranking = "fused",
        share_of_best: float = SHARE_OF_BEST,
    ) -> list[Passage]:
        """The passages nearest to the query, best first, each with its score; none when none is near.

        `vector` is the query's. Passages of other SKUs and kinds are left out; those that speak of the whole brand
        stay, a little behind those of the SKU. Reviews come a little behind the brand's own texts.
        """
        import numpy as np

        meaning, shared, overlap = self._read(query, vector)
        score = 1.0 - (1.0 - np.minimum(meaning * self._baseline.noise, 1.0)) * (1.0 - 0.5 * overlap)
        review = self._kinds == KINDS.index("review")
        allowed = self._allowed(frozenset(kinds), sku)
        near = np.concatenate(
            [
                _worth(np.flatnonzero(group), meaning, overlap, score, share_of_best, chance)
                for group, chance in ((allowed & ~review, 1.0), (allowed & review, REVIEW_CHANCE))
            ]
        )
        rank = _RANKS[ranking](meaning, shared) * np.where(review, REVIEW_WEIGHT, 1.0)
        if sku is not None:
            rank = rank * np.where(self._whole_brand, WHOLE_BRAND_WEIGHT, 1.0)
        return [
            replace(self.passages[place], score=round(float(score[place]), 3)) for place in _best(near, rank, limit)
        ]

    def ranks(self, query: str, vector: npt.NDArray[np.float32], ranking: Ranking = "fused") -> _Numbers:
        """What the order of `search` rests on, for every passage, whatever its kind, SKU and nearness."""
        meaning, shared, _ = self._read(query, vector)
        return _RANKS[ranking](meaning, shared)

    def _read(self, query: str, vector: npt.NDArray[np.float32]) -> tuple[_Numbers, _Numbers, _Numbers]:
        """Of every passage the cosine in units of noise, BM25, and the share of the query's words it holds."""
        import numpy as np

        meaning = np.maximum(self._baseline.adjusted(self._vectors @ vector), 0.0) / self._baseline.noise
        return (meaning, *self._words.scores(query))

    def _allowed(self, kinds: frozenset[str], sku: str | None) -> npt.NDArray[np.bool_]:
        import numpy as np

        allowed = np.ones(len(self.passages), dtype=bool)
        if kinds:
            allowed &= np.isin(self._kinds, [KINDS.index(kind) for kind in KINDS if kind in kinds])
        if sku is not None:
            of_sku = self._whole_brand.copy()
            of_sku[self._of_sku.get(sku, [])] = True
            allowed &= of_sku
        return allowed


def _worth(
    places: npt.NDArray[np.int64],
    meaning: _Numbers,
    overlap: _Numbers,
    score: _Numbers,
    share_of_best: float,
    chance: float,
) -> npt.NDArray[np.int64]:
    """Those above the floor, or none when even the best could be chance."""
    known: npt.NDArray[np.int64] = places[(meaning[places] >= FLOOR) | (overlap[places] >= SHARED_ENOUGH)]
    enough = chance * near_enough(len(places))
    if not len(known) or (meaning[known].max() < enough and overlap[known].max() < SHARED_ENOUGH):
        return known[:0]
    good: npt.NDArray[np.int64] = known[score[known] >= share_of_best * score[known].max()]
    return good


def near_enough(passages: int) -> float:
    """The cosine, in units of noise, that the best of so many passages must reach, else nothing is near."""
    return sqrt(2 * log(max(passages, FEWEST)))


def _best(places: npt.NDArray[np.int64], rank: _Numbers, limit: int) -> list[int]:
    import numpy as np

    ranks = rank[places]
    if len(places) > limit:
        least = np.partition(ranks, len(places) - limit)[len(places) - limit]
        places = places[ranks >= least]  # with all that are as good as the last
        ranks = rank[places]
    return [int(place) for place in places[np.lexsort((places, -ranks))][:limit]]
