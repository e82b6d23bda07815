"""Are the materials and qualities a claim names said by its sources, of the same part and the same way round?"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.verification.certificates import standing
from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import proves
from knowledge.verification.reading import Mention, Reading
from knowledge.verification.statements import Statement, rank
from knowledge.verification.verdict import Reason


def wording(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason for every material and quality that no cited statement says as the claim does."""
    for mention in claim.mentions:
        if mention.concept.kind == "facet":
            continue
        said = [(s, m) for s in grounds.proving for m in s.reading.mentions if _speaks(s, m, mention, grounds.sku)]
        same = [(s, m) for s, m in said if _proves(m, mention)]
        words = claim.text[mention.start : mention.end]
        same = [(s, m) for s, m in same if not _of_another_part(s, m, claim, mention)]
        if other := _part_of_other(claim, mention, same, grounds):
            yield Reason("material", words, (other.passage.id,), other.text)
            continue
        if same:
            yield from _strong_enough(claim, mention, words, [s for s, _ in same])
            continue
        against = [s for s in grounds.speaking for m in s.reading.mentions if _denies(s, m, mention, grounds.sku)]
        ids = tuple(dict.fromkeys(s.passage.id for s in against))
        if against:
            yield Reason("negation", words, ids, against[0].text)
        else:
            yield Reason("material" if mention.concept.kind == "material" else "quality", words)


def outranked(claim: Reading, grounds: Grounds) -> tuple[str, ...]:
    """Ids of evidence that denies what the claim says, and is older than the evidence it stands on."""
    return tuple(
        dict.fromkeys(
            s.passage.id for mention in claim.mentions for s in grounds.speaking for m in s.reading.mentions
            if mention.concept.kind != "facet" and _denies(s, m, mention, grounds.sku)
        )
    )  # fmt: skip


def contradictions(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """What a claim says with one source and the evidence denies: evidence beats a story, newer evidence older."""
    for mention in claim.mentions:
        if mention.concept.kind == "facet":
            continue
        proofs = [
            s for s in grounds.proving for m in s.reading.mentions
            if _speaks(s, m, mention, grounds.sku) and _proves(m, mention)
        ]  # fmt: skip
        against = [s for s in grounds.speaking for m in s.reading.mentions if _denies(s, m, mention, grounds.sku)]
        if not proofs or not against:
            continue
        best = max(rank(s, grounds.sku) for s in proofs)
        firm = [s for s in proofs if rank(s, grounds.sku) == best]
        newest = max(against, key=lambda s: (rank(s, grounds.sku), s.day))
        words = claim.text[mention.start : mention.end]
        if best < rank(newest, grounds.sku):
            yield Reason("contradicted", words, (newest.passage.id, proofs[0].passage.id), newest.text)
        elif _frank(claim, mention):
            continue
        elif (best == rank(newest, grounds.sku) and newest.day > max(s.day for s in firm)) or any(
            _lies(s, mention) for s in against
        ):
            yield Reason("contradicted_by_newer", words, (newest.passage.id, firm[0].passage.id), newest.text)


def wearers(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason where a claim is for those whom the sources only name to leave them out."""
    for mention in claim.mentions:
        if mention.concept.facet != "wearer" or mention.denied:
            continue
        named = [
            (s, m) for s in (*grounds.told, *grounds.speaking) for m in s.reading.mentions
            if m.concept == mention.concept and s.speaks_of(grounds.sku, m.start)
        ]  # fmt: skip
        if named and all(m.denied for _, m in named):
            first = named[0][0]
            yield Reason("negation", claim.text[mention.start : mention.end], (first.passage.id,), first.text)


def _speaks(statement: Statement, said: Mention, claimed: Mention, sku: str | None) -> bool:
    related = (
        proves(said.concept, claimed.concept) or proves(claimed.concept, said.concept)
        or _without(said, claimed) or _without(claimed, said)
    )  # fmt: skip
    return related and statement.speaks_of(sku, said.start)


def _proves(said: Mention, claimed: Mention) -> bool:
    """To say steel one must have said steel; to deny rubber one must have denied rubber or something wider."""
    if claimed.moot:  # "there is no latex-free version"
        return said.moot or (not said.denied and proves(said.concept, claimed.concept))
    if said.moot:
        return False
    if _without(said, claimed) or _without(claimed, said):
        return True
    if said.denied != claimed.denied:
        return False
    return proves(claimed.concept, said.concept) if claimed.denied else proves(said.concept, claimed.concept)


def _without(whole: Mention, free: Mention) -> bool:
    """Whether the one says in a word that there is none of the other: unscented, and "no perfume"."""
    return bool(whole.concept.without) and whole.concept.without == free.concept.name and whole.denied != free.denied


def _denies(statement: Statement, said: Mention, claimed: Mention, sku: str | None) -> bool:
    if claimed.moot or not statement.speaks_of(sku, said.start):
        return False
    opposite = claimed.concept.denied_by if claimed.denied else claimed.concept.against
    if opposite and said.concept.name == opposite and not said.denied:
        return True
    if said.moot:
        return claimed.denied and said.concept.name == claimed.concept.name
    if said.denied == claimed.denied:
        return False
    return proves(said.concept, claimed.concept) if claimed.denied else proves(claimed.concept, said.concept)


def _frank(claim: Reading, claimed: Mention) -> bool:
    """Whether the claim itself adds what would give it the lie."""
    return claimed.denied and any(m.concept.name == claimed.concept.denied_by and not m.denied for m in claim.mentions)


def _lies(statement: Statement, claimed: Mention) -> bool:
    """Whether a statement gives the lie to "free of it", as traces do."""
    return claimed.denied and any(m.concept.name == claimed.concept.denied_by for m in statement.reading.mentions)


def _of_another_part(statement: Statement, said: Mention, claim: Reading, claimed: Mention) -> bool:
    """Whether the claim says it of one part of the thing, and the statement of another."""
    if said.concept.kind == "quality":
        mine = claim.parts(claimed.start)
        theirs = statement.reading.parts(said.start) if mine else frozenset()
        return bool(mine and theirs and not mine & theirs)
    if claimed.denied:
        return False
    own = _part(claim, claimed)
    return bool(own and (other := _part(statement.reading, said)) and not own & other)


def _part_of_other(
    claim: Reading, claimed: Mention, proofs: list[tuple[Statement, Mention]], grounds: Grounds
) -> Statement | None:  # fmt: skip
    """A statement that gives another material for the one part the claim names, where none gives the material claimed."""
    if claimed.concept.kind != "material" or claimed.denied or claimed.moot or not proofs:
        return None
    own, piece = claim.parts(claimed.start), claim.piece_of(claimed.start)
    beside = [m for m in claim.mentions if m.concept.kind == "material" and piece.start <= m.start < piece.end]
    if len(own) != 1 or len(beside) > 1 or any(own & _own_part(s.reading, m) for s, m in proofs):
        return None
    proving = {id(s) for s, _ in proofs}  # "filling: kapok and latex": one sentence may name both
    for statement in (s for s in grounds.told if id(s) not in proving):
        for m in statement.reading.mentions:
            told = m.concept.kind == "material" and not m.denied and statement.speaks_of(grounds.sku, m.start)
            if told and own == _own_part(statement.reading, m) and not proves(m.concept, claimed.concept):
                return statement
    return None


def _own_part(reading: Reading, material: Mention) -> frozenset[str]:
    """The part the material is of and not the one it comes with: in "steel with a lid", steel is of none."""
    joined = reading.piece_of(material.start).edge == "with"
    return reading.parts(material.start) if joined else _part(reading, material)


def _part(reading: Reading, material: Mention) -> frozenset[str]:
    nearest = reading.member("part", material.start, material.end)
    return reading.parts(material.start) | ({nearest} if nearest else set())


def _strong_enough(claim: Reading, mention: Mention, words: str, proofs: list[Statement]) -> Iterator[Reason]:
    kinds = {s.passage.kind for s in proofs}
    ids = tuple(dict.fromkeys(s.passage.id for s in proofs))
    wanted = standing(claim) if not claim.standards else 0
    firm = bool(kinds & {"evidence", "policy"})
    if mention.concept.kind == "material" and kinds == {"review"}:
        yield Reason("review_only", words, ids)
    elif mention.concept.evidence_only and not firm and not mention.denied:
        yield Reason("review_only" if kinds == {"review"} else "story_only", words, ids)
    if (
        wanted > 1
        and mention.concept.kind in ("material", "quality")
        and max(standing(s.reading) for s in proofs) < wanted
    ):
        yield Reason("certificate", claim.text, ids)
