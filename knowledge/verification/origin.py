"""Does a claim say where something was made, or name a country, that its sources name for the same thing?"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import plain
from knowledge.verification.reading import Reading, particles, word_pattern
from knowledge.verification.verdict import Reason


def origin(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason for every country the sources do not name; where it was made must be said as such."""
    making = _says_made(claim)
    for place in claim.places:
        words = claim.text[place.start : place.end]
        denied = claim.denied(place.start, place.end)
        said = [
            s
            for s in (grounds.told if not making else grounds.firm)
            for other in s.reading.places
            if other.country == place.country
            and s.speaks_of(grounds.sku, other.start)
            and s.reading.denied(other.start, other.end) == denied
            and (not making or _says_made(s.reading))
        ]
        if said:
            continue
        instead = [s for s in grounds.speaking if _says_made(s.reading) and any(p.country != place.country for p in s.reading.places)]  # fmt: skip
        if making and instead:
            yield Reason("origin", words, tuple(dict.fromkeys(s.passage.id for s in instead)), instead[0].text)
        else:
            yield Reason("origin" if making else "place", words)


def _says_made(reading: Reading) -> bool:
    return bool(word_pattern(tuple(particles()["made"])).search(plain(reading.text)))
