"""Every offer by every way: what it costs at its price tiers, when it comes, and whether it may be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from shop.costs import Gap
from shop.warehouse import Shop
from tools.replenishment.plan_lead_times import Transit
from tools.suppliers.allocation import Source, bands
from tools.suppliers.books import Company, Offer, Supply
from tools.suppliers.certificates import Proof, Requirement, proof, required, states
from tools.suppliers.costing import UnitCost, defect_share, unit_cost
from tools.suppliers.delays import Delays, learn
from tools.suppliers.gate import Verdict, screen
from tools.suppliers.need import Place, Wishes
from tools.suppliers.punctuality import history
from tools.suppliers.timing import Timing, timing
from tools.suppliers.ways import usual_days, ways

MONTH_DAYS = 30.0
MOST_SURE = 0.99  # past deliveries never show all that can happen
UNTRIED_SHARE = 0.3  # of the quantity that goes at most to a supplier that has delivered nothing yet, where another has
Why = Literal["gate", "wish", "certificate", "dear", "no_cost", ""]


@dataclass(frozen=True)
class Option:
    """An offer by one way. `least` and `most` bound the quantity; `costs` are by the start of each price tier.

    `why` says why it is not used: the gate, a wish it does not meet, a certificate the law asks for that another has,
    a landed cost above the limit, or no known cost.
    """

    offer: Offer
    company: Company
    verdict: Verdict
    way: Transit | None
    timed: Timing
    proof: Proof
    bad_share: float
    least: int
    most: int
    costs: Mapping[int, UnitCost]
    why: Why = ""
    unmet: tuple[str, ...] = ()

    @property
    def mode(self) -> str | None:
        """Way of freight; None where the books have no rate."""
        return self.way.mode if self.way is not None else None

    def cost(self, quantity: int) -> UnitCost:
        """Cost of a good unit at a quantity."""
        reached = [start for start in self.costs if start <= quantity]
        return self.costs[max(reached) if reached else min(self.costs)]


@dataclass
class Field:
    """All options for a need, with what they were made from."""

    sku: str
    place: Place
    quantity: int
    deadline: int | None
    delivered: bool
    needed: tuple[Requirement, ...]
    delays: Delays
    options: list[Option]
    gaps: dict[str, Gap] = field(default_factory=dict)
    versions: set[str] = field(default_factory=set)

    @property
    def usable(self) -> list[Option]:
        """Options that may be ordered from."""
        return [one for one in self.options if not one.why]

    def chance(self, option: Option) -> float:
        """The chance to come by the deadline; without one, to come within a week of the promise."""
        timed = option.timed
        chance = timed.kept if self.deadline is None else timed.chance(self.deadline, self.delivered)
        return min(chance, MOST_SURE)

    def days(self, option: Option) -> float:
        """Mean days until the goods are where the deadline counts."""
        return option.timed.mean_days if self.delivered or self.deadline is None else option.timed.mean_ready

    def source(self, option: Option) -> Source:
        """The option as the split sees it."""
        tiers = [(start, float(cost.whole)) for start, cost in sorted(option.costs.items())]
        return Source(
            option.offer.supplier, option.mode or "", bands(tiers, option.least, option.most), self.chance(option),
            round(self.days(option), 3),
        )  # fmt: skip


def options(
    shop: Shop, book: Supply, sku: str, place: Place, quantity: int, deadline: int | None, wanted: Wishes,
    most_landed: Decimal | None,
) -> Field:  # fmt: skip
    """Every offer of the SKU by every way to the warehouse, judged. `most_landed` is per unit in base currency."""
    verdicts = screen(shop)
    past = [seen for _, seen in history(book, usual_days(shop))]
    delays = learn(past, book.as_of)
    needed = tuple(required(shop, sku, place.country))
    found = Field(sku, place, quantity, deadline, place.said or deadline is None, needed, delays, [])
    tried = {one.supplier for one in book.deliveries if one.received is not None}
    safe = [one for one in book.offers_for(sku) if not verdicts[one.supplier].blocked]
    another = any(one.supplier in tried for one in safe)
    for offer in book.offers_for(sku):
        company = book.company(offer.supplier)
        paths: Sequence[Transit | None] = ways(shop, company.country, place.warehouse) or (None,)
        for way in paths:
            capped = another and offer.supplier not in tried
            found.options.append(_option(shop, book, found, offer, way, verdicts[offer.supplier], wanted, capped))
    _set_aside(found, most_landed)
    return found


def _option(
    shop: Shop, book: Supply, need: Field, offer: Offer, way: Transit | None, verdict: Verdict, wanted: Wishes,
    capped: bool,
) -> Option:  # fmt: skip
    company = book.company(offer.supplier)
    timed = timing(offer, company.country or "", need.place.warehouse, way, need.delays, book.as_of)
    bad = defect_share(offer.supplier, book.deliveries, book.as_of)
    most = _capacity(offer, timed, need)
    if capped:
        most = min(most, max(offer.least, int(need.quantity * UNTRIED_SHARE)))
    costs: dict[int, UnitCost] = {}
    for tier in offer.tiers:
        start = max(tier.least, 1)
        cost = unit_cost(
            shop, offer, need.place.warehouse, way.mode if way else None, max(start, offer.least), timed, bad
        )
        if cost is not None:
            costs[start] = cost
            need.versions.update(cost.versions)
            for gap in cost.gaps:
                need.gaps.setdefault(str(gap), gap)
    unmet = _unmet(company, wanted)
    why: Why = "gate" if verdict.blocked else "no_cost" if not costs else "wish" if unmet else ""
    held = proof(company.certificates, need.needed)
    return Option(offer, company, verdict, way, timed, held, bad, offer.least, most, costs, why, unmet)


def _capacity(offer: Offer, timed: Timing, need: Field) -> int:
    """Units it can make in time: its monthly capacity over its promised days, or until the deadline, a month at least."""
    if offer.capacity is None:
        return max(need.quantity * 10, offer.least)
    days = offer.lead_days
    if need.deadline is not None:
        days = max(days, need.deadline - (timed.travel if need.delivered else 0.0))
    return int(offer.capacity * max(days, MONTH_DAYS) / MONTH_DAYS)


def _unmet(company: Company, wanted: Wishes) -> tuple[str, ...]:
    missing = [mark for mark in wanted.marks if not states(company.certificates, mark)]
    if wanted.inspection and company.inspection is not True:
        missing.append("inspection")
    if wanted.samples and company.samples is not True:
        missing.append("samples")
    if wanted.countries and company.country not in wanted.countries:
        missing.append("country")
    return tuple(missing)


def _set_aside(need: Field, most_landed: Decimal | None) -> None:
    """Options above the cost limit, and those without a proof that the law asks for where another has it all."""
    from dataclasses import replace

    if most_landed is not None:
        need.options = [
            replace(one, why="dear") if not one.why and one.cost(need.quantity).landed > most_landed else one
            for one in need.options
        ]
    if any(not one.why and one.proof.complete for one in need.options):
        need.options = [
            replace(one, why="certificate") if not one.why and not one.proof.complete else one for one in need.options
        ]
