"""Slips of the finger: a doubled letter more or less, or two neighbours that changed places."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

_DOUBLED = re.compile(r"(\w)\1")
LEAST_SWAPPED = 6  # letters; shorter words that differ so are mostly two words of their own: waits and waist


def slipped(typed: str, word: str) -> bool:
    """Whether only that differs, as in botle or bottel for bottle; battle is another word."""
    if sorted(typed) == sorted(word):
        return len(word) >= LEAST_SWAPPED and OSA.distance(typed, word) == 1
    return typed != word and _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", word)
