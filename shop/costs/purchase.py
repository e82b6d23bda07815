"""What one unit costs to buy, from whom and under which incoterm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Bought, Costs, Item, Tier
from shop.costs.parts import Gap, gap
from shop.errors import ShopError

FACTORY_DOOR = "EXW"
USUAL = "FOB"


@dataclass(frozen=True)
class Purchase:
    """A price per unit in its own currency; `price` None when nothing in the books or the rates tells one."""

    price: Decimal | None
    currency: str
    incoterm: str
    supplier_id: str | None
    offer_id: str | None
    source: str
    gaps: tuple[Gap, ...] = ()


def purchase(
    costs: Costs, item: Item, warehouse: str, day: date, quantity: int | None, supplier_id: str | None
) -> Purchase:
    """The price of a unit when `quantity` are bought.

    In this order: the operator's unit_cost (when no supplier is asked for); the named supplier's tier; the price
    last paid (with a quantity: the tier of the supplier last bought from); the product's unit cost; the middle one of
    all offers. Raises ShopError for an unknown supplier or a supplier that never had a price for the SKU.
    """
    if quantity is not None and quantity < 1:
        raise ShopError(f"A quantity is a whole number from 1 on, not {quantity}.")
    if supplier_id is not None:
        return _of_supplier(costs, item, day, quantity, supplier_id)
    stated = costs.one("unit_cost", day, sku=item.sku)
    if stated is not None:
        return Purchase(stated.value, stated.unit, FACTORY_DOOR, None, None, stated.label)
    last = _last(costs, item.sku, warehouse, day)
    if last is not None:
        return _as_bought(costs, item, last, quantity)
    gaps: tuple[Gap, ...] = ()
    if item.unit_cost is not None:
        if item.unit_cost > 0:
            told = () if item.currency else (gap("currency_assumed", sku=item.sku, currency=costs.base),)
            currency = item.currency or costs.base
            return Purchase(item.unit_cost, currency, FACTORY_DOOR, None, None, "unit cost of the product", told)
        gaps = (gap("cost_not_positive", sku=item.sku, cost=item.unit_cost),)
    offers = costs.offers.get(item.sku)
    if offers:
        tiers = [_tier(found, quantity) for found in offers.values()]
        tiers.sort(key=lambda tier: (tier.price * costs.exchange(tier.currency, costs.base, day), tier.supplier_id))
        middle = tiers[(len(tiers) - 1) // 2]
        return _from_tier(middle, quantity, (*gaps, gap("offer_assumed", sku=item.sku, count=len(tiers))))
    return Purchase(None, costs.base, USUAL, None, None, "not known", (*gaps, gap("no_unit_cost", sku=item.sku)))


def _of_supplier(costs: Costs, item: Item, day: date, quantity: int | None, supplier_id: str) -> Purchase:
    tiers = costs.offers.get(item.sku, {}).get(supplier_id)
    if tiers:
        return _from_tier(_tier(tiers, quantity), quantity, ())
    paid = [bought for bought in costs.bought.get(item.sku, []) if bought.supplier_id == supplier_id]
    if paid:
        return _as_bought(costs, item, paid[-1], None)
    if supplier_id not in costs.supplier_country:
        known = ", ".join(costs.supplier_country) or "none"
        raise ShopError(f"There is no supplier {supplier_id}; there are: {known}.")
    sellers = ", ".join(costs.offers.get(item.sku, {})) or "none"
    raise ShopError(f"{supplier_id} has no offer for {item.sku}; suppliers with one: {sellers}.")


def _last(costs: Costs, sku: str, warehouse: str, day: date) -> Bought | None:
    """The last order for that warehouse up to the day, else for any."""
    before = [bought for bought in costs.bought.get(sku, []) if bought.day <= day]
    here = [bought for bought in before if bought.warehouse == warehouse]
    return here[-1] if here else before[-1] if before else None


def _as_bought(costs: Costs, item: Item, last: Bought, quantity: int | None) -> Purchase:
    tiers = costs.offers.get(item.sku, {}).get(last.supplier_id or "", [])
    if quantity is not None and tiers:
        return _from_tier(_tier(tiers, quantity), quantity, ())
    terms = sorted({tier.incoterm for tier in tiers}) or sorted(
        {tier.incoterm for offers in costs.offers.values() for tier in offers.get(last.supplier_id or "", [])}
    )
    known = [term for term in terms if term in costs.facts["incoterms"]]
    gaps = () if known else (gap("incoterm_assumed", incoterm=USUAL),)
    source = f"purchase order of {last.day.isoformat()}"
    return Purchase(last.price, last.currency, known[0] if known else USUAL, last.supplier_id, None, source, gaps)


def _tier(tiers: list[Tier], quantity: int | None) -> Tier:
    """The tier of that quantity: the last one reached, the first where none is; without a quantity the first."""
    reached = [tier for tier in tiers if quantity is not None and tier.least <= quantity]
    return reached[-1] if reached else tiers[0]


def _from_tier(tier: Tier, quantity: int | None, gaps: tuple[Gap, ...]) -> Purchase:
    smallest = max(tier.moq, 1)
    if quantity is not None and quantity < max(smallest, tier.least):
        gaps = (
            *gaps,
            gap("tier_below_moq", quantity=quantity, supplier=tier.supplier_id, moq=max(smallest, tier.least)),
        )
    source = f"offer {tier.offer_id} from {tier.least} units"
    return Purchase(tier.price, tier.currency, tier.incoterm, tier.supplier_id, tier.offer_id, source, gaps)
