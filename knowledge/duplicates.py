"""When two passages say the same: equal but for punctuation, articles and slips of the pen.

A changed number, unit, negation or material is another statement, however alike the rest, so it is never a duplicate.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from heapq import nsmallest
from zlib import crc32

from knowledge.passage import Passage

SHINGLE = 3  # tokens
SKETCH = 8  # smallest hashes kept: bottom-k sketch as in Broder, "On the resemblance and containment", 1997
SHARED = 4  # of them, for a pair to be looked at; texts that differ in one word of twenty share 7 on average
FEWEST_TOKENS = 8  # shorter texts are the same only under the same heading
FEWEST_IN_REVIEW = 12  # "Love it!" by two buyers is two reviews
SLIPS_PER_TOKEN = 0.04
SHORTEST_MISSPELT = 5

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+|[%°<>≤≥+±~$€£¥-]"
)
_ARTICLES = frozenset(
    ("a", "an", "the", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "le", "la",
     "les", "un", "une", "el", "los", "las", "una", "il", "lo", "gli", "o", "os", "as")
)  # fmt: skip


def tokens(text: str) -> tuple[str, ...]:
    """Words, numbers, Chinese and Japanese characters and signs that carry meaning, without case."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()))


class Twins:
    """Passages seen so far, asked for one that says the same as another."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[Passage, tuple[str, ...]]] = {}
        self._by_hash: defaultdict[tuple[Hashable, int], list[str]] = defaultdict(list)

    def add(self, passage: Passage) -> None:
        """Remember a passage."""
        said = tokens(passage.text)
        self._seen[passage.id] = (passage, said)
        for part in _sketch(said):
            self._by_hash[_realm(passage), part].append(passage.id)

    def find(self, passage: Passage) -> Passage | None:
        """A passage added before that says the same, or None."""
        said = tokens(passage.text)
        sketch = _sketch(said)
        shared = Counter(id for part in sketch for id in self._by_hash.get((_realm(passage), part), ()))
        for id, count in shared.most_common():
            if count < min(SHARED, len(sketch)):
                return None
            other, other_said = self._seen[id]
            if other.id != passage.id and _agree(passage, other, len(said)) and same_words(said, other_said):
                return other
        return None


def same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two token sequences differ at most in articles and a few misspelt words."""
    if one == other:
        return True
    allowed = max(1, int(SLIPS_PER_TOKEN * max(len(one), len(other))))
    if abs(len(one) - len(other)) > allowed:
        return False
    from rapidfuzz.distance import Levenshtein

    if Levenshtein.distance(one, other, score_cutoff=allowed) > allowed:
        return False
    return all(
        _slight(one[op.src_start : op.src_end], other[op.dest_start : op.dest_end])
        for op in Levenshtein.opcodes(one, other)
        if op.tag != "equal"
    )


def _slight(left: Sequence[str], right: Sequence[str]) -> bool:
    if all(word in _ARTICLES for word in (*left, *right)):
        return True
    return len(left) == len(right) and all(map(_misspelt, left, right))


def _misspelt(word: str, other: str) -> bool:
    """One slip inside a word; its first two letters count, since un- and in- turn the meaning round."""
    from rapidfuzz.distance import OSA

    if min(len(word), len(other)) < SHORTEST_MISSPELT or word[:2] != other[:2]:
        return False
    return OSA.distance(word, other) == 1


def _realm(passage: Passage) -> Hashable:
    """What two passages must have in common before their words are compared."""
    if passage.kind == "review":
        return passage.kind, passage.skus, passage.rating
    return passage.kind, bool(passage.skus)


def _agree(one: Passage, other: Passage, length: int) -> bool:
    if one.kind != "review":
        return length >= FEWEST_TOKENS or one.heading == other.heading
    for mine, theirs in ((one.date, other.date), (one.country, other.country)):
        if mine is not None and theirs is not None and mine != theirs:
            return False
    return length >= FEWEST_IN_REVIEW or (one.date is not None and one.date == other.date and one.place == other.place)


def _sketch(said: Sequence[str]) -> list[int]:
    shingles = {" ".join(said[at : at + SHINGLE]) for at in range(max(1, len(said) - SHINGLE + 1))}
    return nsmallest(SKETCH, (crc32(shingle.encode()) for shingle in shingles))
