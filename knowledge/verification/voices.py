"""What buyers complain about where a claim praises, and what only buyers say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.opinions import read_review
from knowledge.passage import Passage
from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import plain
from knowledge.verification.reading import Reading, particles, word_pattern
from knowledge.verification.verdict import Reason

FEWEST = 3  # complaints
SHARE = 0.08  # of the product's reviews
UNHAPPY = 3  # stars or fewer
_QUOTED = re.compile(r"[\"“„«「『]([^\"”“»」』]{8,})[\"”“»」』]")


def complaints(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason where a claim praises what many buyers of the product complain about."""
    if len(grounds.reviews) < FEWEST:
        return
    for mention in claim.mentions:
        aspect = mention.concept.praise
        if not aspect or (mention.denied and aspect not in ("leak", "smell", "colour")):
            continue
        against = [
            r for r in grounds.reviews if (r.rating is None or r.rating <= UNHAPPY) and aspect in complained_of(r)
        ]
        if len(against) >= FEWEST and len(against) >= SHARE * len(grounds.reviews):
            yield Reason(
                "contradicted_by_reviews", claim.text[mention.start : mention.end], tuple(r.id for r in against[:5]), against[0].text
            )  # fmt: skip


def voice(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason where a claim rests on reviews alone and does not say so, or quotes what nobody wrote."""
    if grounds.only_reviews and not word_pattern(tuple(particles()["buyers"])).search(plain(claim.text)):
        yield Reason("review_only", claim.text, tuple(dict.fromkeys(s.passage.id for s in grounds.proving)))
    written = plain("\n".join(p.text for p in grounds.cited))
    for quote in _QUOTED.finditer(claim.text):
        if _loose(quote[1]) not in _loose(written):
            yield Reason("quote", quote[1])


def _loose(text: str) -> str:
    return re.sub(r"[\s.,!?;:'’…。，！？]+", " ", plain(text)).strip()


def complained_of(review: Passage) -> frozenset[str]:
    """The aspects a review complains of."""
    return frozenset(one.aspect for one in read_review(review.text, review.language, review.rating).about(-1))
