"""Does a claim mean what its sources mean? Cosine of the embedder, whole and clause by clause, and words in common."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.embed import embed
from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import plain, stem
from knowledge.verification.reading import Reading, particles, word_pattern
from knowledge.verification.verdict import Reason

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WHOLE = 0.30
CLAUSE = 0.12
CLAUSE_LETTERS = 12
KEPT = 20_000
_CLAUSE = re.compile(r"[,;:–—，；：、。]\s*|\s[-|]\s|\.\s")
_WORD = re.compile(r"[^\W\d_]{3,}")
_vectors: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()


def nearness(claim: Reading, grounds: Grounds) -> tuple[float, Reason | None]:
    """The cosine with the nearest cited statement, and a reason when the claim or a clause of it is too far."""
    import numpy as np

    if not grounds.proving:
        return 0.0, None
    buyers = word_pattern(tuple(particles()["buyers"]))  # "one buyer writes" has no source of its own
    texts = [s.text for s in grounds.proving] + list(dict.fromkeys(s.passage.context for s in grounds.proving))
    clauses = [c.strip() for c in _CLAUSE.split(claim.text) if len(c.strip()) >= CLAUSE_LETTERS]
    clauses = [c for c in clauses if not buyers.search(plain(c))] if len(clauses) > 1 else []
    sources = np.vstack(_embedded(texts))
    cosines = np.vstack(_embedded([claim.text, *clauses])) @ sources.T
    best = cosines.max(axis=1)
    whole = float(best[0])
    if whole < WHOLE and _shared(claim.text, claim.language, texts) < 0.5:
        return whole, Reason("not_near", claim.text)
    for clause, near in zip(clauses, best[1:], strict=True):
        if near < CLAUSE and _shared(clause, claim.language, texts) < 0.5:
            return whole, Reason("not_near", clause)
    return whole, None


def _shared(text: str, language: str, sources: Sequence[str]) -> float:
    """The share of the longer words that a source holds too."""
    wanted = {stem(w, language) for w in _WORD.findall(plain(text))}
    if not wanted:
        return 0.0
    held = {stem(w, language) for source in sources for w in _WORD.findall(plain(source))}
    return len(wanted & held) / len(wanted)


def _embedded(texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
    """Vectors, those of statements kept because a product's statements are asked for again and again."""
    missing = [t for t in dict.fromkeys(texts) if t not in _vectors]
    if missing:
        for text, row in zip(missing, embed(missing), strict=True):
            _vectors[text] = row
    rows = [_vectors[t] for t in texts]
    while len(_vectors) > KEPT:
        _vectors.popitem(last=False)
    return rows
