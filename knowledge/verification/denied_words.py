"""Words the sources only ever deny, said by a claim as if they were so: "No piezo igniter" and "its piezo igniter"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import UNSPACED, plain, stem
from knowledge.verification.reading import Reading
from knowledge.verification.statements import Statement
from knowledge.verification.tongue import function_words
from knowledge.verification.verdict import Reason

NEAR = 2  # words after the "no" that it surely denies
SHORTEST = 4
_WORD = re.compile(r"[^\W\d_]{4,}")
_NO = re.compile(r"\b(?:no|without|kein\w*|ohne|sans|aucune?|pas d[e'’]|sin|ningun\w*)\s?$")


def denied_words(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason for each noun that the sources in the claim's language hold only right after a "no"; what the lexicon
    knows is checked as a quality instead."""
    if claim.language in UNSPACED:
        return
    told = [s for s in grounds.speaking if s.reading.language == claim.language]
    told += [s for s in grounds.told if s.passage.kind == "story" and s.reading.language == claim.language]
    known = [(m.start, m.end) for m in claim.mentions]
    for match in _WORD.finditer(plain(claim.text)):
        start, end = match.span()
        word = stem(match[0], claim.language)
        if match[0] in function_words() or claim.denied(start, end) or any(a <= start < b for a, b in known):
            continue
        against = [s for s in told if word in _lacking(s.reading) and s.speaks_of(grounds.sku, 0)]
        if against and not any(word in _having(s) for s in told):
            yield Reason("negation", claim.text[start:end], tuple(s.passage.id for s in against[:5]), against[0].text)


@lru_cache(maxsize=20_000)
def _lacking(source: Reading) -> frozenset[str]:
    """The stems of a statement's words that only ever follow a "no" at once; "without the lock" lacks nothing."""
    flat = plain(source.text)
    words = [match.span() for match in re.finditer(r"[^\W\d_]+", flat)]
    lacking: set[int] = set()
    for at, (start, _) in enumerate(words):
        if not _NO.search(flat[:start]):
            continue
        for first, last in words[at : at + NEAR]:
            if re.search(r"[,;:.()]", flat[start:first]) or flat[first:last] in function_words():
                break
            if any(m.start <= first < m.end for m in source.mentions):
                break  # "ohne PFAS ausgerüstet" lacks the one and is the other
            if source.language == "de" and not source.text[first].isupper():
                break
            if source.denied(first, last):
                lacking.add(first)
    said = [(first, stem(flat[first:last], source.language)) for first, last in words if last - first >= SHORTEST]
    return frozenset(word for first, word in said if first in lacking) - {
        w for first, w in said if first not in lacking
    }


def _having(statement: Statement) -> frozenset[str]:
    return _stems(statement.reading) - _lacking(statement.reading)


@lru_cache(maxsize=20_000)
def _stems(source: Reading) -> frozenset[str]:
    return frozenset(stem(word, source.language) for word in _WORD.findall(plain(source.text)))
