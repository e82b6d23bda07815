"""Does a claim compare with others, and do firm sources make that comparison?"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import plain
from knowledge.verification.reading import Reading, particles, word_pattern
from knowledge.verification.verdict import Reason


def comparison(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason where a comparison with others is made that no evidence makes."""
    pattern = word_pattern(tuple(particles()["comparisons"]))
    found = pattern.search(plain(claim.text))
    if found and not any(pattern.search(plain(s.text)) for s in grounds.firm):
        yield Reason("comparison", claim.text[found.start() : found.end()])
