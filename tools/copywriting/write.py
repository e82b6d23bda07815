"""Everything copy of one SKU stands on, gathered once; then one listing per language and angle."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.store import Store
from shop.listing_rules import ListingRules
from shop.warehouse import Shop
from tools.copywriting.choose import Angle, Ranked, Tier
from tools.copywriting.claims import Claim, Refused, Scribe
from tools.copywriting.compose import Brief, Composer
from tools.copywriting.conflicts import Conflict, conflicts
from tools.copywriting.decides import decides
from tools.copywriting.demand import Demand, demand, interest
from tools.copywriting.listing import Listing
from tools.copywriting.product import ProductRecord, product_record
from tools.copywriting.roles import roles
from tools.copywriting.sources import Material, material
from tools.copywriting.voice import Voice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DECIDES = 1.0  # what buyers of the kind of goods decide on, against what those of this product search and praise
MODEL_SENTENCES = 8  # at most this many a listing: about four seconds each with the built-in model

Hear = Callable[[str, Claim], None]


@dataclass(frozen=True)
class Ground:
    """A SKU's material, embedded and sorted by what each fact is for."""

    record: ProductRecord
    material: Material
    ranked: tuple[Ranked, ...]
    vectors: npt.NDArray[np.float32]
    wanted: Demand
    internal: frozenset[str]
    disputed: tuple[Conflict, ...]

    @property
    def language(self) -> str:
        """The language most of the evidence is in."""
        spoken = Counter(one.fact.language.split("-")[0] for one in self.ranked if one.fact.passage.kind != "policy")
        return spoken.most_common(1)[0][0] if spoken else "en"


def ground(shop: Shop, store: Store, sku: str, language: str, country: str) -> Ground:
    """Gather what is known of the SKU, and how much buyers who speak the language want each fact."""
    from knowledge.embed import embed

    record = product_record(shop, sku, language)
    known = material(store.passages(), sku, shop.vocabulary, country)
    vectors = embed([fact.text for fact in known.facts])
    wanted = demand(shop, sku, known.reviews, language.split("-")[0], country)
    near = interest(wanted, vectors) + DECIDES * decides(record, vectors)
    sorted_by = roles(known.facts, vectors)
    ranked = [
        Ranked(fact, role, fit, float(near[at]), at)
        for at, (fact, (role, fit)) in enumerate(zip(known.facts, sorted_by, strict=True))
        if role
    ]
    codes = [
        str(code) for (code,) in shop.rows("SELECT supplier_id FROM suppliers UNION SELECT warehouse FROM warehouses")
    ]
    disputed = conflicts(ranked)
    older = {one.older for one in disputed}
    kept = tuple(one for one in ranked if one not in older)
    return Ground(record, known, kept, vectors, wanted, frozenset(codes), tuple(disputed))


def write(
    shop: Shop, about: Ground, rules: ListingRules, language: str, country: str, tier: Tier, angles: Sequence[Angle],
    voice: Voice | None, hear: Hear,
) -> tuple[list[Listing], list[Refused]]:  # fmt: skip
    """One listing for each angle, fewer where the sources do not hold one, none where they hold no copy at all.

    Beside them every sentence that was tried and refused.
    """
    name = about.record.named(language) or about.record.name
    found: list[Listing] = []
    refused: list[Refused] = []
    for angle in angles:
        scribe = Scribe(
            language, country, about.record, short_name(name), tier, rules, shop.as_of,
            [*about.material.passages, about.record.passage], names_of(about.record), about.internal, voice,
            MODEL_SENTENCES,
        )  # fmt: skip
        brief = Brief(rules.channel, language, country, tier, angle, shop.as_of)
        composer = Composer(brief, about.record, about.ranked, about.vectors, about.wanted, rules, scribe, hear)
        if listing := composer.listing(name):
            found.append(listing)
        refused += scribe.refused
    return found, refused


def short_name(name: str) -> str:
    """The name without its measures, as one would say it in a sentence."""
    return (
        re.sub(r"\s+", " ", re.sub(r"\d+(?:[.,]\d+)?\s?(?:(?:ml|l|cm|mm|m|g|kg|oz)\b|毫升|厘米|升)", "", name)).strip()
        or name
    )


def names_of(record: ProductRecord) -> list[str]:
    """The brand's and the product's own names, which need no source."""
    return [name for name in (record.brand, record.sku, record.name, *record.aliases) if name]
