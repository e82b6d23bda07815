"""Is this sentence of copy supported by the passages it cites, and may it be said at all?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.passage import Passage
from knowledge.strangers import addresses_assistant, clean
from knowledge.verification.certificates import certificates
from knowledge.verification.comparison import comparison
from knowledge.verification.denied_words import denied_words
from knowledge.verification.figures import figures
from knowledge.verification.forbidden import forbidden, marks
from knowledge.verification.grounds import Grounds, grounds
from knowledge.verification.lexicon import main_language
from knowledge.verification.names import names as unknown_names
from knowledge.verification.nearness import nearness
from knowledge.verification.newer_figures import newer_figures
from knowledge.verification.origin import origin
from knowledge.verification.reading import Reading, read
from knowledge.verification.tongue import tongue
from knowledge.verification.unknown_materials import unknown_materials
from knowledge.verification.verdict import Reason, Verdict
from knowledge.verification.voices import complaints, voice
from knowledge.verification.wording import contradictions, outranked, wearers, wording


def verify(
    claim: str,
    cited: Sequence[Passage],
    *,
    language: str,
    sku: str | None = None,
    others: Sequence[Passage] = (),
    names: Sequence[str] = (),
    country: str | None = None,
    channel: str | None = None,
    day: date | None = None,
) -> Verdict:
    """Judge one sentence of copy.

    cited: the passages it rests on; others: what else is known of the product (evidence, reviews), in which only
    contradictions are looked for; sku: the product it is about, so that another product's figures do not count;
    names: the brand's and its products' own names, allowed without a source; country, channel, day: where and when
    it is to be said, for rules that bind only there. Nothing in the claim or a passage is ever followed.
    """
    text = clean(claim)
    spoken = main_language(language)
    known = grounds(cited, others, sku)
    reading = read(text, spoken)
    reasons = list(_judged(text, reading, known, spoken, names, country, channel, day))
    near, far = nearness(reading, known)
    if far is not None:
        reasons.append(far)
    return Verdict(
        supported=not reasons,
        reasons=tuple(dict.fromkeys(reasons)),
        passages=tuple(dict.fromkeys(s.passage.id for s in known.proving)) if not reasons else (),
        outranked=outranked(reading, known) if not reasons else (),
        nearness=round(near, 3),
    )


def _judged(text: str, claim: Reading, known: Grounds, language: str, names: Sequence[str],
            country: str | None, channel: str | None, day: date | None) -> Iterator[Reason]:  # fmt: skip
    if addresses_assistant(text):
        yield Reason("instruction", text)
    yield from tongue(text, language, names)
    if not known.proving:
        yield _nothing(claim, known)
    yield from figures(claim, known)
    yield from newer_figures(claim, known)
    yield from wording(claim, known)
    yield from unknown_materials(claim, known)
    yield from contradictions(claim, known)
    yield from denied_words(claim, known)
    yield from wearers(claim, known)
    yield from certificates(claim, known, names)
    yield from origin(claim, known)
    yield from unknown_names(claim, known, names)
    yield from marks(claim, known, names)
    yield from comparison(claim, known)
    yield from forbidden(claim, known, country=country, channel=channel, day=day)
    yield from complaints(claim, known)
    yield from voice(claim, known)


def _nothing(claim: Reading, known: Grounds) -> Reason:
    if known.unchecked:
        return Reason("unchecked", claim.text, tuple(p.id for p in known.unchecked))
    if known.elsewhere:
        return Reason("product", claim.text, tuple(p.id for p in known.elsewhere))
    return Reason("no_source", claim.text, tuple(p.id for p in known.cited))
