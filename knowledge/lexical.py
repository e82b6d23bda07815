"""Words in common: BM25 and the share of a query's words that each passage holds, for all passages at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from knowledge.passage import Passage
from knowledge.words import content

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Lin et al., "Pyserini" (SIGIR 2021) use 0.9 and 0.4 for short passages; on product questions they stand in the middle
# of a plateau (docs/search.md).
K1, B = 0.9, 0.4


class WordIndex:
    """BM25 over the stems of one version of the passages, built in memory.

    Each language is a collection of its own, with its own stems and its own rareness of words, else any German word
    would be rare among English passages. A query's language is not guessed: it is asked of every collection.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        import numpy as np

        self._passages = len(passages)
        places: dict[str, list[int]] = {}
        for place, passage in enumerate(passages):
            places.setdefault(_code(passage.language), []).append(place)
        self._collections = [
            (np.array(own), _Collection([passages[place] for place in own], language))
            for language, own in sorted(places.items())
        ]

    def scores(self, query: str) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Of every passage the BM25 score and the share of the query's words it holds, rare words weighing more."""
        import numpy as np

        points = np.zeros(self._passages, dtype=np.float32)
        held = np.zeros(self._passages, dtype=np.float32)
        for places, collection in self._collections:
            points[places], held[places] = collection.scores(query)
        return points, held


class _Collection:
    """The passages of one language."""

    def __init__(self, passages: Sequence[Passage], language: str) -> None:
        import bm25s

        tokens = [content(p.context, language) for p in passages]
        self._passages, self._language = len(tokens), language
        self._bm25: Any = None
        if any(tokens):
            self._bm25 = bm25s.BM25(method="lucene", backend="numpy", k1=K1, b=B)
            self._bm25.index(tokens, show_progress=False)

    def scores(self, query: str) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        import numpy as np

        points = np.zeros(self._passages, dtype=np.float32)
        held = np.zeros(self._passages, dtype=np.float32)
        whole = 0.0
        for token in dict.fromkeys(content(query, self._language)):
            places, scored = self._postings(token)
            points[places] += scored
            weight = float(np.log(1 + (self._passages - len(places) + 0.5) / (len(places) + 0.5)))
            held[places] += weight
            whole += weight
        return points, held / whole if whole else held

    def _postings(self, token: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The passages that hold the token, and what BM25 gives them for it."""
        import numpy as np

        column = self._bm25.vocab_dict.get(token) if self._bm25 else None
        if column is None:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        columns = self._bm25.scores
        start, end = columns["indptr"][column], columns["indptr"][column + 1]
        return columns["indices"][start:end], columns["data"][start:end]


def _code(language: str | None) -> str:
    return (language or "en").split("-")[0].lower()
