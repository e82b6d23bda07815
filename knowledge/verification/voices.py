"""What buyers complain about where a claim praises, and what only buyers say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import HAN, plain
from knowledge.verification.reading import Reading, particles, word_pattern
from knowledge.verification.verdict import Reason

ASPECTS = Path(__file__).resolve().parent.parent.parent / "prompts" / "aspects.yaml"
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
            r for r in grounds.reviews if (r.rating is None or r.rating <= UNHAPPY) and aspect in complained_of(r.text)
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


@lru_cache(maxsize=20_000)
def complained_of(text: str) -> frozenset[str]:
    """The aspects of prompts/aspects.yaml whose complaint words a review holds."""
    flat = plain(text)
    return frozenset(aspect for aspect, pattern in _aspects().items() if pattern.search(flat))


@cache
def _aspects() -> dict[str, re.Pattern[str]]:
    import yaml

    said = yaml.safe_load(ASPECTS.read_text(encoding="utf-8"))
    return {
        aspect: re.compile(
            "|".join(re.escape(plain(w)) if HAN.search(w) else rf"(?<!\w){re.escape(plain(w))}" for w in words)
        )
        for aspect, words in said.items()
    }
