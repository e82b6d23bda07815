"""Landed cost: what one unit costs when it lies in a warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item
from shop.costs.duty import NONE, counts_freight, duty
from shop.costs.freight import freight
from shop.costs.parts import Gap, Part, early, gap, share_out
from shop.costs.purchase import USUAL, Purchase, purchase
from shop.costs.rates import Rate
from shop.warehouse import Shop

Exact = tuple[str, Decimal, str]


@dataclass(frozen=True)
class Landed:
    """The cost of one unit in a warehouse, in the shop's base currency.

    `cost` is rounded to the smallest coin and is the sum of `parts` (purchase, origin_leg, freight, insurance,
    destination_leg, duty, exchange); None when no purchase price is known. `exact` is the same, not rounded: use it to
    multiply; `exact_parts` are its parts, not rounded. `missing` says in English what was not known and what was
    assumed, `gaps` the same by key and values;
    `versions` names the dated reference data used.
    """

    sku: str
    warehouse: str
    on: date
    quantity: int | None
    supplier_id: str | None
    offer_id: str | None
    incoterm: str
    origin: str | None
    mode: str | None
    currency: str
    cost: Decimal | None
    exact: Decimal | None
    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...]
    versions: tuple[str, ...]
    exact_parts: tuple[Exact, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What was not known and how it was assumed, in English."""
        return tuple(str(told) for told in self.gaps)


def landed_cost(
    shop: Shop,
    sku: str,
    warehouse: str,
    on: date | None = None,
    quantity: int | None = None,
    supplier_id: str | None = None,
    mode: str | None = None,
) -> Landed:
    """The cost of one unit of a SKU lying in a warehouse, in base currency.

    `on` is the day whose prices, rates and exchange count (the shop's today unless said), `quantity` the size of the
    order to the supplier (picks the price tier), `mode` the way of freight (the cheapest unless said). The incoterm
    decides which legs are paid on top of the price. Import VAT is not a cost: it is taken as refunded.
    Raises ShopError for an unknown SKU, warehouse, supplier, mode or a currency without a rate.
    """
    costs = Costs.of(shop)
    return landed(costs, sku, warehouse, on or costs.as_of, quantity, supplier_id, mode)


def landed(
    costs: Costs,
    sku: str,
    warehouse: str,
    day: date,
    quantity: int | None = None,
    supplier_id: str | None = None,
    mode: str | None = None,
) -> Landed:
    """`landed_cost` on a loaded book, kept for the next question."""
    key = ("landed", sku, warehouse, day, quantity, supplier_id, mode)
    known = costs.memory.get(key)
    if known is None:
        known = costs.memory[key] = _landed(costs, sku, warehouse, day, quantity, supplier_id, mode)
    return known


def _landed(
    costs: Costs, sku: str, warehouse: str, day: date, quantity: int | None, supplier_id: str | None, mode: str | None
) -> Landed:
    item = costs.item(sku)
    country = costs.warehouse_country(warehouse)
    bought = purchase(costs, item, warehouse, day, quantity, supplier_id)
    gaps = list(bought.gaps)
    used: list[Rate] = []
    exact: list[Exact] = []
    sent_from, made_in = _origins(costs, item, bought, supplier_id is not None, gaps)
    way: str | None = None
    if bought.price is not None:
        goods = bought.price * costs.exchange(bought.currency, costs.base, day)
        surcharge = costs.one("purchase_surcharge", day, sku=sku, origin=costs.places(sent_from))
        if surcharge is not None:
            goods *= 1 + surcharge.value / 100
            used.append(surcharge)
        exact.append(("purchase", goods, bought.source))
        legs = costs.facts["incoterms"].get(bought.incoterm)
        if legs is None:
            gaps.append(gap("incoterm_assumed", incoterm=USUAL))
            legs = costs.facts["incoterms"][USUAL]
        way = _legs(costs, item, warehouse, country, day, goods, (sent_from, made_in), legs, mode, exact, used, gaps)
        _exchange_margin(costs, bought, goods, day, exact, used)
    gaps += early(used, day)
    parts, whole = share_out([part for part in exact if part[1] or part[0] == "purchase"], costs.base)
    known = bought.price is not None
    return Landed(
        sku, warehouse, day, quantity, bought.supplier_id, bought.offer_id, bought.incoterm, made_in, way, costs.base,
        whole if known else None,
        sum((amount for _, amount, _ in exact), Decimal(0)) if known else None,
        parts, tuple(dict.fromkeys(gaps)), tuple(sorted({costs.rates.version_of(rate) for rate in used} | exchange_version(costs, bought.currency))),
        tuple(exact) if known else (),
    )  # fmt: skip


def _origins(costs: Costs, item: Item, bought: Purchase, asked: bool, gaps: list[Gap]) -> tuple[str | None, str | None]:
    """Where the goods are sent from (the supplier's country) and where they were made (for duty).

    The product says where it is made; a supplier that was asked for by name is taken to make it at home.
    """
    sender = costs.supplier_country.get(bought.supplier_id or "")
    made = item.origin
    if sender is not None and sender != made and (made is None or asked):
        made = sender
        gaps.append(gap("origin_assumed", sku=item.sku, origin=sender))
    return sender or made, made


def _legs(
    costs: Costs, item: Item, warehouse: str, country: str, day: date, goods: Decimal,
    origins: tuple[str | None, str | None], legs: list[str], mode: str | None,
    exact: list[Exact], used: list[Rate], gaps: list[Gap],
) -> str | None:  # fmt: skip
    """Everything between the supplier's price and the shelf; returns the freight mode."""
    sent_from, made_in = origins
    abroad = sent_from is not None and not costs.same_border(sent_from, country)
    way = freight(costs, item, sent_from, warehouse, day, goods, mode)
    insurance = costs.one("insurance", day, mode=way.mode)
    cover = (goods + way.amount) * insurance.value / 100 if insurance else Decimal(0)
    inland = Decimal(0)
    if "origin_leg" in legs and abroad:
        inland = _share(costs.one("origin_leg", day, origin=costs.places(sent_from)), "origin_leg", goods, exact, used)
    if "freight" in legs:
        exact.append(("freight", way.amount, way.source))
        gaps.extend(way.gaps)
        used.extend(way.rates)
    if "insurance" in legs and insurance is not None:
        exact.append(("insurance", cover, insurance.label))
        used.append(insurance)
    if "destination_leg" in legs:
        _share(costs.one("destination_leg", day, country=costs.places(country)), "destination_leg", goods, exact, used)
    if "duty" in legs and (abroad or sent_from is None):
        charged = duty(costs, item, made_in, country, day)
        value = _customs_value(legs, counts_freight(costs, country, day), goods, way.amount, cover, inland)
        exact.append(("duty", value * charged.pct / 100, charged.source))
        used.extend(charged.rates)
        gaps.extend(charged.gaps)
    elif not abroad:
        exact.append(("duty", NONE.pct, NONE.source))
    return way.mode if "freight" in legs else None


def _customs_value(
    legs: list[str], with_freight: bool, goods: Decimal, freight: Decimal, cover: Decimal, inland: Decimal
) -> Decimal:
    """What duty is charged on: goods at the port of export, or at the border with freight and insurance.

    What the supplier's price already holds is not added again, and taken out where it does not count.
    """
    way = freight + cover
    paid = (freight if "freight" in legs else Decimal(0)) + (cover if "insurance" in legs else Decimal(0))
    return goods + inland + paid if with_freight else max(goods + inland - (way - paid), Decimal(0))


def _share(rate: Rate | None, name: str, goods: Decimal, exact: list[Exact], used: list[Rate]) -> Decimal:
    if rate is None:
        return Decimal(0)
    amount = goods * rate.value / 100
    exact.append((name, amount, rate.label))
    used.append(rate)
    return amount


def _exchange_margin(
    costs: Costs, bought: Purchase, goods: Decimal, day: date, exact: list[Exact], used: list[Rate]
) -> None:
    """Paying a supplier in a currency that the shop does not hold costs a margin on the rate."""
    if bought.currency == costs.base:
        return
    margin = costs.one("exchange_margin", day, currency=bought.currency)
    _share(margin, "exchange", goods, exact, used)


def exchange_version(costs: Costs, *currencies: str) -> set[str]:
    """The name of the exchange rates, where any were needed."""
    from shop import fx

    return {fx.reference_version()} if any(currency != costs.base for currency in currencies) else set()
