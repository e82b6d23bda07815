"""Does a claim mean what its sources mean? Cosine of the embedder, whole and clause by clause, and words in common."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.embed import embed
from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import UNSPACED, plain, stem
from knowledge.verification.reading import Reading, particles, read, word_pattern
from knowledge.verification.tongue import function_words
from knowledge.verification.verdict import Reason

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WHOLE = 0.30  # of a sentence without a figure, material or quality that was checked by itself
CHECKED = 0.14  # of one with
CLAUSE = 0.12
STRANGE = 0.40  # of a clause most of whose words no source holds
STRANGERS, MOSTLY = 3, 0.75  # how many such words, and of how many
CLAUSE_LETTERS = 12
KEPT = 20_000
_CLAUSE = re.compile(r"[,;:–—，；：、。]\s*|\s[-|]\s|\.\s")
_CONTENT = re.compile(r"[^\W\d_]{4,}")
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
    if whole < (CHECKED if _checked(claim) else WHOLE) and _shared(claim.text, claim.language, texts) < 0.5:
        return whole, Reason("not_near", claim.text)
    for clause, near in zip(clauses or [claim.text], best[1:] if clauses else best, strict=True):
        if clauses and _checked(read(clause, claim.language)):
            continue
        if near < CLAUSE and _shared(clause, claim.language, texts) < 0.5:
            return whole, Reason("not_near", clause)
        if near < STRANGE and not buyers.search(plain(clause)) and len(_strange(clause, claim, grounds)) >= STRANGERS:
            return whole, Reason("not_near", clause)
    return whole, None


def _checked(reading: Reading) -> bool:
    """Whether a figure, material, quality or standard in it is checked by itself."""
    return bool(reading.quantities or reading.standards or [m for m in reading.mentions if m.concept.kind != "facet"])


def _shared(text: str, language: str, sources: Sequence[str]) -> float:
    """The share of the longer words that a source holds too."""
    wanted = {stem(w, language) for w in _WORD.findall(plain(text))}
    if not wanted:
        return 0.0
    held = {stem(w, language) for source in sources for w in _WORD.findall(plain(source))}
    return len(wanted & held) / len(wanted)


def _strange(clause: str, claim: Reading, grounds: Grounds) -> frozenset[str]:
    """The clause's words that no source in its language holds, when they are most of its words."""
    if claim.language in UNSPACED or claim.language not in {s.reading.language for s in grounds.told}:
        return frozenset()
    facts = {w for start, end in claim.facts for w in _CONTENT.findall(plain(claim.text[start:end]))}
    wanted = {
        stem(w, claim.language) for w in _CONTENT.findall(plain(clause)) if w not in facts and w not in function_words()
    }
    told = {s.passage.context for s in grounds.told if s.reading.language == claim.language}
    held = frozenset().union(*(_stems(text, claim.language) for text in told))
    beginnings = {w[:5] for w in held}
    strange = frozenset(w for w in wanted if w not in held and (len(w) < 5 or w[:5] not in beginnings))
    return strange if len(strange) >= MOSTLY * len(wanted) else frozenset()


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(w, language) for w in _CONTENT.findall(plain(text)))


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
