"""Who can be ordered from: offers by SKU, what speaks against a supplier, and how its deliveries turned out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from shop.warehouse import Shop
from tools.suppliers.gate import Verdict, screen

DEFECT_DAYS = 180
DEFECT_PRIOR = 0.01
DEFECT_PRIOR_UNITS = 500

Reason = Literal["suspected", "bad_record", "no_history"]


@dataclass(frozen=True)
class Tier:
    """A price that holds from `least` units on, in the offer's currency."""

    least: int
    unit_price: Decimal


@dataclass(frozen=True)
class Offer:
    """One supplier's offer for a SKU. `received` counts its purchase orders of any SKU that came in.

    `good_share` is the share of delivered units that can be sold, from recent defects drawn to one percent bad.
    """

    offer_id: str
    supplier: str
    name: str
    country: str
    sku: str
    currency: str
    moq: int
    lead_days: float
    lead_sd: float
    capacity: int | None
    tiers: tuple[Tier, ...]
    received: int
    good_share: float
    suspected: bool
    bad_record: bool

    def price(self, quantity: int) -> Decimal:
        """Unit price at a quantity; below the first tier the first tier's."""
        reached = [tier for tier in self.tiers if tier.least <= quantity] or [self.tiers[0]]
        return reached[-1].unit_price

    @property
    def least(self) -> int:
        """The smallest quantity that can be ordered."""
        return max(self.moq, self.tiers[0].least, 1)


@dataclass(frozen=True)
class Sources:
    """Offers of one SKU that may be used, and those passed over with the reason."""

    usable: tuple[Offer, ...]
    passed_over: tuple[tuple[Offer, Reason], ...]

    @property
    def untried(self) -> bool:
        """Whether nobody with a received order offers the SKU."""
        return bool(self.usable) and not any(offer.received for offer in self.usable)


def sources(shop: Shop, skus: Sequence[str]) -> dict[str, Sources]:
    """The offers of each SKU, judged by the gate: a supplier that looks like a scam is never used; one with a bad
    record, or that has delivered nothing yet, only where nobody with a sound record offers the SKU."""
    found: dict[str, list[Offer]] = {}
    for offer in _offers(shop, skus):
        found.setdefault(offer.sku, []).append(offer)
    return {sku: _judged(offers) for sku, offers in found.items()}


def _judged(offers: list[Offer]) -> Sources:
    passed: list[tuple[Offer, Reason]] = [(one, "suspected") for one in offers if one.suspected]
    usable = [one for one in offers if not one.suspected]
    if any(one.received and not one.bad_record for one in usable):
        passed += [(one, "bad_record") for one in usable if one.bad_record]
        usable = [one for one in usable if not one.bad_record]
    if any(one.received for one in usable):
        passed += [(one, "no_history") for one in usable if not one.received]
        usable = [one for one in usable if one.received]
    return Sources(tuple(usable), tuple(passed))


def _offers(shop: Shop, skus: Sequence[str]) -> list[Offer]:
    rows = shop.rows(
        """
        WITH done AS (
            SELECT supplier_id, count(*) FILTER (WHERE received_on <= ?) AS received,
                   coalesce(sum(defects) FILTER (WHERE received_on BETWEEN ? AND ?), 0) AS bad,
                   coalesce(sum(quantity) FILTER (WHERE received_on BETWEEN ? AND ? AND defects IS NOT NULL), 0) AS units
            FROM purchase_orders WHERE coalesce(status, 'open') <> 'cancelled' GROUP BY 1
        )
        SELECT o.offer_id, o.supplier_id, coalesce(s.name, o.supplier_id), coalesce(s.country, 'ZZ'), o.sku, o.currency,
               o.moq, o.lead_time_days, o.lead_time_sd, o.monthly_capacity, o.min_quantity, o.unit_price,
               coalesce(d.received, 0), coalesce(d.bad, 0), coalesce(d.units, 0)
        FROM supplier_offers o LEFT JOIN suppliers s USING (supplier_id) LEFT JOIN done d USING (supplier_id)
        WHERE list_contains(?::VARCHAR[], o.sku) AND o.unit_price > 0
        ORDER BY o.sku, o.supplier_id, o.offer_id, o.min_quantity
        """,
        [
            shop.as_of, shop.as_of - timedelta(days=DEFECT_DAYS), shop.as_of,
            shop.as_of - timedelta(days=DEFECT_DAYS), shop.as_of, list(skus),
        ],
    )  # fmt: skip
    offers: dict[str, list[tuple[object, ...]]] = {}
    for row in rows:
        offers.setdefault(f"{row[0]}\n{row[1]}\n{row[4]}\n{row[5]}", []).append(row)
    verdicts = screen(shop)
    return [_offer(lines, verdicts[str(lines[0][1])]) for lines in offers.values()]


def _offer(lines: Sequence[tuple[object, ...]], verdict: Verdict) -> Offer:
    offer_id, supplier, name, country, sku, currency, _, lead, sd, capacity, _, _, received, bad, units = lines[0]
    spoiled = (float(str(bad)) + DEFECT_PRIOR * DEFECT_PRIOR_UNITS) / (float(str(units)) + DEFECT_PRIOR_UNITS)
    return Offer(
        str(offer_id), str(supplier), str(name), str(country), str(sku), str(currency),
        max(int(str(line[6])) for line in lines), float(str(lead)),
        float(str(sd)) if sd is not None else 0.2 * float(str(lead)),
        int(str(capacity)) if capacity is not None else None,
        tuple(Tier(int(str(line[10])), Decimal(str(line[11]))) for line in lines),
        int(str(received)), 1 - min(spoiled, 0.9), verdict.suspected, verdict.bad_record,
    )  # fmt: skip
