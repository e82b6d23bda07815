"""Is every standard, certificate, approval and code of a claim held, by this product, and of the standing claimed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import plain
from knowledge.verification.reading import Reading, particles, word_pattern
from knowledge.verification.standards import Standard
from knowledge.verification.statements import Statement
from knowledge.verification.verdict import Reason

STANDINGS = ("tested", "certified", "approved")
_ONLY = ("only", "nur", "ausschließlich", "uniquement", "seulement", "solo", "仅", "只", "のみ", "だけ")


def certificates(claim: Reading, grounds: Grounds, names: Sequence[str]) -> Iterator[Reason]:
    """A reason for every standard, scheme, grade or code that the sources do not give this product."""
    own = {plain(name) for name in [*names, *([grounds.sku] if grounds.sku else [])]}
    wanted = standing(claim)
    for claimed in claim.standards:
        if plain(claimed.name) in own:
            continue
        denied = claim.denied(claimed.start, claimed.end)
        words = claim.text[claimed.start : claimed.end]
        said = [
            (s, one)
            for s in grounds.told
            for one in s.reading.standards
            if one.is_of(claimed) and _of_product(s, one, grounds.sku)
        ]
        held = [s for s, one in said if s.reading.denied(one.start, one.end) == denied]
        against = _against(claimed, denied, grounds)
        if claimed.sort in ("code", "grade"):
            if not held:
                yield _reason("code" if claimed.sort == "code" else "certificate", words, against)
            continue
        firm = [s for s in held if s.passage.kind in ("evidence", "policy")]
        if not firm:
            yield _reason("story_only" if held and not against else "certificate", words, against or held)
        elif against and max(s.day for s in against) > max(s.day for s in firm):
            yield _reason("contradicted_by_newer", words, against)
        elif not denied and wanted > 1 and wanted > max(standing(s.reading) for s in firm):
            yield _reason("certificate", words, against or firm)
    bare = wanted > 1 and not claim.standards and all(m.concept.kind == "facet" for m in claim.mentions)
    if bare and not any(standing(s.reading) >= wanted for s in grounds.firm):  # certified by whom for what, nobody says
        yield Reason("certificate", claim.text)


def standing(reading: Reading) -> int:
    """0 when no standing is said, 1 tested or meets, 2 certified, 3 approved or registered; what is denied counts not."""
    flat = plain(reading.text)
    best = 0
    for rank, name in enumerate(STANDINGS, start=1):
        for match in _standing(name).finditer(flat):
            if not reading.denied(match.start(), match.end()):
                best = max(best, rank)
    if any(one.sort == "code" and any(c.isalpha() for c in one.name) for one in reading.standards):
        best = max(best, 2)  # a number was given to it
    return best


@cache
def _standing(name: str):  # type: ignore[no-untyped-def]
    return word_pattern(tuple(particles()["standing"][name]))


def _of_product(statement: Statement, said: Standard, sku: str | None) -> bool:
    if sku is None:
        return True
    if not statement.speaks_of(sku, said.start):
        return False
    if sku in statement.passage.skus or sku in statement.text:
        return True
    return not word_pattern(_ONLY).search(plain(statement.text))  # "bottles of another factory only"


def _against(claimed: Standard, denied: bool, grounds: Grounds) -> list[Statement]:
    return [
        s
        for s in grounds.speaking
        for one in s.reading.standards
        if one.name == claimed.name and one.sort == claimed.sort and s.reading.denied(one.start, one.end) != denied
        and _of_product(s, one, grounds.sku)
    ]  # fmt: skip


def _reason(code: str, words: str, statements: Sequence[Statement]) -> Reason:
    ids = tuple(dict.fromkeys(s.passage.id for s in statements))
    return Reason(code, words, ids, statements[0].text if statements else "")  # type: ignore[arg-type]
