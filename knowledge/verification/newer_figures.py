"""Which figure holds when sources give two for the same thing: evidence before story, newer before older."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.verification.figures import FACETS, gives, holds
from knowledge.verification.grounds import Grounds
from knowledge.verification.quantities import BARE, Quantity
from knowledge.verification.reading import Reading
from knowledge.verification.statements import Statement, rank
from knowledge.verification.verdict import Code, Reason


def newer_figures(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason for every figure that a weightier or newer source gives otherwise."""
    for quantity in claim.quantities:
        known = _thing(claim, quantity)
        if not known or quantity.dimension == BARE:
            continue
        proofs = [
            s for s in grounds.told if any(gives(s, q, claim, quantity, grounds.sku) for q in s.reading.quantities)
        ]
        if not proofs:
            continue
        best = max(proofs, key=lambda s: (rank(s, grounds.sku), s.day))
        for statement in _otherwise(quantity, known, grounds):
            weight, against = rank(best, grounds.sku), rank(statement, grounds.sku)
            if (against, statement.day) > (weight, best.day):
                ids = (statement.passage.id, best.passage.id)
                code: Code = "contradicted" if against > weight else "contradicted_by_newer"
                yield Reason(code, quantity.written, ids, statement.text)
                break


def _thing(reading: Reading, quantity: Quantity) -> frozenset[str]:
    """What a figure measures, as far as words say it: hot, the length, the cotton."""
    facets = (f for f in FACETS if f != "material" or quantity.dimension == "share")
    return frozenset(member for f in facets if (member := reading.member(f, quantity.start, quantity.end)))


def _otherwise(quantity: Quantity, known: frozenset[str], grounds: Grounds) -> Iterator[Statement]:
    """Firm statements whose passage gives one other figure for the very same thing, and the claimed one nowhere."""
    by_passage: dict[str, list[tuple[Statement, Quantity]]] = {}
    for statement in grounds.speaking:
        for said in statement.reading.quantities:
            if said.dimension == quantity.dimension and statement.speaks_of(grounds.sku, said.start):
                by_passage.setdefault(statement.passage.id, []).append((statement, said))
    for found in by_passage.values():
        if any(holds(said, quantity) for _, said in found):
            continue
        same = [(s, q) for s, q in found if _thing(s.reading, q) == known]
        if len({q.values for _, q in same}) == 1:
            yield same[0][0]
