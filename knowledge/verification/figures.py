"""Is every figure of a claim in its sources: same value, same unit, same thing measured, rounded only the safe way?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.verification.counts import counted
from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import plain, proves
from knowledge.verification.quantities import BARE, Quantity
from knowledge.verification.reading import Reading, particles, word_pattern
from knowledge.verification.statements import Statement
from knowledge.verification.verdict import Reason

FACETS = ("held", "measure", "span", "carrying", "side", "turn", "moisture", "wearer", "switch", "colour", "material")
ABOUT = 0.05  # "about" may be off by a twentieth
BESIDE = 40  # characters between the time of a reading and what was read
SAFE = 2.0  # "over 100 m" of 148 m is true and honest, of 400 m it says too little to be the same claim
SAME = {"measure:diameter": "measure:width", "measure:depth": "measure:length", "measure:height": "measure:length"}

_AFTER = re.compile(r"(?:\b(?:after|at|nach|après|bei|después de|tras)\s|[后後])\s*$", re.IGNORECASE)


def figures(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason for every figure that no cited statement gives."""
    for quantity in claim.quantities:
        where = [
            s for s in grounds.told if any(gives(s, q, claim, quantity, grounds.sku) for q in s.reading.quantities)
        ]
        if where or counted(claim, quantity, grounds):
            continue
        in_reviews = [s for s in grounds.proving if s.passage.kind == "review" and any(_equal(q, quantity) for q in s.reading.quantities)]  # fmt: skip
        if in_reviews and word_pattern(tuple(particles()["buyers"])).search(plain(claim.text)):
            continue  # said as what buyers say
        if in_reviews:
            yield Reason("review_only", quantity.written, tuple(dict.fromkeys(s.passage.id for s in in_reviews)))
            continue
        yield _missing(claim, quantity, grounds)


def gives(statement: Statement, said: Quantity, claim: Reading, claimed: Quantity, sku: str | None) -> bool:
    """Whether a figure of a statement proves a figure of the claim."""
    return (
        holds(said, claimed)
        and statement.speaks_of(sku, said.start)
        and not _of_another_thing(statement.reading, said, claim, claimed)
        and _in_its_condition(statement.reading, said, claim, claimed)
    )


def holds(said: Quantity, claimed: Quantity) -> bool:
    """Whether the value said allows the value claimed, by unit, rounding and bound."""
    if said.dimension != claimed.dimension:
        return False
    return any(_allows(a, said, b, claimed) for a in said.values for b in claimed.values)


def _allows(said: float, source: Quantity, claimed: float, claim: Quantity) -> bool:
    slack = 1e-6 * max(abs(said), abs(claimed), 1e-9)
    converted = source.unit != claim.unit
    if claim.unit and converted:
        slack += claim.step
    equal = abs(said - claimed) <= slack
    if claim.bound == "about":
        return equal or abs(said - claimed) <= ABOUT * abs(said)
    if claim.bound == "at_least":
        if source.bound == "at_least":
            return equal
        return source.bound != "at_most" and claimed <= said + slack and said <= SAFE * claimed + slack
    if claim.bound == "at_most":
        if source.bound == "at_most":  # "no more than" and "up to": neither may move
            return equal
        return equal or (said / SAFE <= claimed <= said and source.bound == "exact" and claim.dimension == "time")
    return (equal and source.bound in ("exact", "about")) or (equal and source.bound == "at_least")


def _equal(said: Quantity, claimed: Quantity) -> bool:
    return said.dimension == claimed.dimension and any(abs(a - b) <= 1e-6 * max(abs(a), 1) for a in said.values for b in claimed.values)  # fmt: skip


def _of_another_thing(source: Reading, said: Quantity, claim: Reading, claimed: Quantity) -> bool:
    for facet in FACETS:
        if facet == "material":
            if claimed.dimension == "share" and not _same_material(source, said, claim, claimed):
                return True
            continue
        mine = claim.member(facet, claimed.start, claimed.end)
        theirs = source.member(facet, said.start, said.end) if mine else ""
        if mine and theirs and not _same_member(mine, theirs):
            return True
        if mine and not theirs and facet == "held" and claimed.dimension == "time":
            return True
    return False


def _in_its_condition(source: Reading, said: Quantity, claim: Reading, claimed: Quantity) -> bool:
    """ "62.9 °C after 12 h" does not say "hot for 12 h": the time of a reading counts only beside what was read."""
    if not _AFTER.search(source.text[: said.start]):
        return True
    start = source.text.rfind(";", 0, said.start) + 1
    beside = [
        q for q in source.quantities
        if q.dimension not in (said.dimension, BARE) and start <= q.start and abs(q.start - said.start) < BESIDE
    ]  # fmt: skip
    if not beside:
        return True
    return any(holds(q, other) for q in beside for other in claim.quantities if other is not claimed)


def _same_member(mine: str, theirs: str) -> bool:
    return SAME.get(mine, mine) == SAME.get(theirs, theirs)


def _same_material(source: Reading, said: Quantity, claim: Reading, claimed: Quantity) -> bool:
    mine = claim.materials(claimed.start, claimed.end)
    theirs = source.materials(said.start, said.end) if mine else []
    return not mine or not theirs or any(proves(one, other) for one in theirs for other in mine)


def _missing(claim: Reading, quantity: Quantity, grounds: Grounds) -> Reason:
    """The reason, with the figure the sources give for the same thing, if they give one."""
    nearest = next(iter(_instead(claim, quantity, grounds.speaking)), None)
    bare = [
        s
        for s in grounds.told
        for q in s.reading.quantities
        if quantity.dimension != q.dimension
        and BARE not in (quantity.dimension, q.dimension)
        and _same_digits(quantity, q)
    ]
    code = "unit" if bare or _other_unit(quantity, grounds.told) else "number"
    if nearest is None:
        return Reason("unit" if code == "unit" else "number", quantity.written)
    return Reason("unit" if code == "unit" else "number", quantity.written, (nearest.passage.id,), nearest.text)


def _other_unit(quantity: Quantity, statements: Iterable[Statement]) -> bool:
    return any(
        q.dimension == quantity.dimension and q.unit != quantity.unit and _same_digits(q, quantity)
        for s in statements
        for q in s.reading.quantities
    )


def _same_digits(one: Quantity, other: Quantity) -> bool:
    def digits(written: str) -> str:
        return "".join(c for c in written if c.isdigit())

    return digits(one.written) == digits(other.written) != ""


def _instead(claim: Reading, quantity: Quantity, statements: Iterable[Statement]) -> Iterator[Statement]:
    """Statements that give another figure for the same thing."""
    for statement in statements:
        for said in statement.reading.quantities:
            if said.dimension != quantity.dimension or said.dimension == BARE:
                continue
            shared = [
                facet
                for facet in FACETS
                if (mine := claim.member(facet, quantity.start, quantity.end))
                and mine == statement.reading.member(facet, said.start, said.end)
            ]
            if shared:
                yield statement
                break
