"""match_suppliers: whom to order from, at what whole cost, how likely in time, and whom never to order from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from shop.warehouse import Shop
from tools.contract import (
    About,
    DataUsed,
    Finding,
    Request,
    Result,
    Tool,
    Value,
    code,
    country,
    days,
    finding,
    percent,
    quote,
    several,
    sku,
    units,
    warehouse,
)  # fmt: skip
from tools.cost_gaps import cost_gap
from tools.messages import refusal

if TYPE_CHECKING:
    from tools.suppliers.books import Offer, Supply
    from tools.suppliers.choices import Choices
    from tools.suppliers.meaning import Meant
    from tools.suppliers.need import Place
    from tools.suppliers.options import Field as Options

LONGEST_DEADLINE = 730
LARGEST = 10_000_000
RFQS = 3
GAPS_TOLD = 3
SIGNS_TOLD = 12
SURE_OF_MEANING = 0.6


class MatchSuppliers(Request):
    """A need: a SKU, or words that say what is wanted, and what must hold."""

    sku: str = Field("", description="the product; without it and without requirement all suppliers are screened")
    requirement: str = Field("", description="what is needed or what a supplier must have, in words")
    quantity: int | None = Field(None, ge=1, le=LARGEST, description="units; the usual order if not said")
    max_lead_time_days: int | None = Field(
        None, ge=1, le=LONGEST_DEADLINE,
        description="days from today: until delivered where a destination is said, else until ready at the factory",
    )  # fmt: skip
    max_landed_cost: Decimal | None = Field(None, description="per unit in the warehouse, in the shop's base currency")
    destination: str = Field("", description="country or warehouse; the SKU's usual warehouse if not said")


def run(shop: Shop, request: MatchSuppliers) -> Result:
    """Find and screen suppliers for a SKU or a need in words: landed cost at the quantity with defects, delays and
    payment terms, chance to come in time, certificates the destination asks for, an exact split where one supplier
    cannot make it all, cheaper, safer and faster choices with their price, scams and bad records kept out and
    explained, and a draft request for quotation in English and Chinese; without a product, all suppliers are screened
    for scams and bad records. Use it for "find a supplier", "who can make
    2000 in 25 days", "cheapest reliable factory", "is this supplier a scam", "靠谱的供应商", "payment terms".
    """
    if request.max_landed_cost is not None and not 0 < request.max_landed_cost < Decimal("1e9"):
        raise refusal("errors.above", name="max_landed_cost", least=0, said=request.max_landed_cost)
    from tools.suppliers.books import supply

    book = supply(shop)
    if not book.offers:
        raise refusal("errors.no_offers_at_all", command="pacer import FILE")
    if not request.sku and not request.requirement.strip():
        return _whole_field(shop, book, request)
    meant: Meant | None = None
    item = request.sku
    if not item:
        from tools.suppliers.meaning import meant_sku

        meant = meant_sku(shop, book, request.requirement)
        if meant is None:
            return _leads(shop, book, request)
        item = meant.sku
    if not book.offers_for(item):
        raise refusal("errors.no_offer", sku=item)
    return _matched(shop, book, request, item, meant)


def _whole_field(shop: Shop, book: Supply, request: MatchSuppliers) -> Result:
    """All suppliers screened; a quantity, deadline, limit or destination needs something to be matched."""
    from tools.suppliers.screening import screening

    if request.model_fields_set - {"sku", "requirement"}:
        raise refusal("errors.match_needs")
    return screening(shop, book)


def _matched(shop: Shop, book: Supply, request: MatchSuppliers, item: str, meant: Meant | None) -> Result:
    from tools.suppliers.choices import choices
    from tools.suppliers.gate import screen
    from tools.suppliers.need import destination, usual_quantity, wishes
    from tools.suppliers.options import options
    from tools.suppliers.rfq import Ask, drafts
    from tools.suppliers.telling import findings
    from tools.suppliers.views import cost_chart, offer_table, plan_table, sign_table

    place = destination(shop, item, request.destination)
    wanted = wishes(request.requirement, book, place.country if place.said else None)
    quantity = request.quantity or usual_quantity(book, item, place.warehouse)
    need = options(
        shop, book, item, place, quantity, request.max_lead_time_days, wanted, request.max_landed_cost
    )  # fmt: skip
    found = choices(need)
    base = shop.base_currency
    verdicts = screen(shop)
    names = list(dict.fromkeys(one.offer.supplier for one in need.options))
    told = findings(need, found, wanted, request.max_landed_cost, base)
    if meant is not None and meant.near < SURE_OF_MEANING:
        told.insert(1, finding("match_suppliers.perhaps_meant", "watch", None, text=quote(meant.text), sku=sku(item)))
    to = _asked(need, found)
    tables = [offer_table(need, base)]
    if found.named:
        tables.append(plan_table(found, base))
    if any(verdicts[name].flags for name in names):
        tables.append(sign_table(verdicts[name] for name in names))
    if to:
        ask = Ask(item, "", quantity, place.warehouse, place.country, need.deadline, need.delivered, need.needed)
        tables.append(drafts(shop, ask, [(book.company(offer.supplier), offer) for offer in to]))
        suppliers: list[Value] = [code(offer.supplier) for offer in to]
        told.append(finding("match_suppliers.rfq", "info", About(skus=[item]), suppliers=several(suppliers)))
    told += _ask(need, found)
    chart = cost_chart(need, base)
    return Result(
        findings=told, tables=tables, charts=[chart] if chart is not None else [],
        assumptions=_assumptions(request, need, place, meant, shop),
        warnings=_signs(need),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version,
            tables={
                "suppliers": len(book.companies), "supplier_offers": sum(len(one.tiers) for one in book.offers_for(item)),
                "purchase_orders": len(book.deliveries), "freight_rates": shop.count("freight_rates"),
            },
            reference=_references(need),
        ),
    )  # fmt: skip


def _asked(need: Options, found: Choices) -> list[Offer]:
    """Whom to ask for a quotation: the suppliers of the plans first, then others that may be used."""
    order = [one.option for _, plan in found.named for one in plan.orders] + [
        one for one in need.options if one.why in ("", "certificate", "dear")
    ]
    seen = {one.offer.supplier: one.offer for one in reversed(order)}
    return [seen[name] for name in dict.fromkeys(one.offer.supplier for one in order)][:RFQS]


def _ask(need: Options, found: Choices) -> list[Finding]:
    """How to have the advised order filed."""
    if found.advised is None:
        return []
    first = found.advised.orders[0]
    return [
        finding(
            "match_suppliers.ask", "info", About(skus=[need.sku]), quantity=units(first.quantity), sku=sku(need.sku),
            supplier=code(first.option.offer.supplier), warehouse=warehouse(need.place.warehouse),
        )
    ]  # fmt: skip


def _assumptions(
    request: MatchSuppliers, need: Options, place: Place, meant: Meant | None, shop: Shop
) -> list[Finding]:  # fmt: skip
    from tools.suppliers.choices import WANTED_CHANCE
    from tools.suppliers.options import UNTRIED_SHARE

    told = []
    if meant is not None:
        told.append(finding("match_suppliers.meant", "info", None, text=quote(request.requirement), sku=sku(meant.sku)))
        if meant.others:
            others: list[Value] = [sku(one) for one in meant.others]
            told.append(finding("match_suppliers.could_mean", "watch", None, skus=several(others)))
    if request.quantity is None:
        told.append(finding("match_suppliers.usual_quantity", "info", None, quantity=units(need.quantity)))
    if not place.said:
        told.append(finding("match_suppliers.usual_place", "info", None, warehouse=warehouse(place.warehouse)))
    if place.far:
        told.append(
            finding(
                "match_suppliers.far", "watch", None, country=country(place.country), warehouse=warehouse(place.warehouse)
            )
        )  # fmt: skip
    if need.deadline is not None:
        key = "match_suppliers.delivered" if need.delivered else "match_suppliers.ready"
        told.append(finding(key, "info", None, deadline=days(need.deadline), wanted=percent(100 * WANTED_CHANCE, 0)))
    told.append(finding("match_suppliers.whole_cost"))
    if any(not one.verdict.received and not one.why for one in need.options):
        told.append(finding("match_suppliers.untried_share", "info", None, share=percent(100 * UNTRIED_SHARE, 0)))
    told += [cost_gap(gap) for gap in list(need.gaps.values())[:GAPS_TOLD]]
    return told


def _signs(need: Options) -> list[Finding]:
    """Every sign of the gate with its evidence."""
    seen = {one.offer.supplier: one.verdict for one in need.options}
    order = sorted(seen.values(), key=lambda one: (-one.score, one.supplier))
    signs = [flag.told("act" if one.blocked else "watch") for one in order for flag in one.signs]
    info = [flag.told("info") for one in order for flag in one.flags if not flag.weight]
    return [*signs[:SIGNS_TOLD], *info[:2]]


def _references(need: Options) -> list[str]:
    from tools.replenishment.plan_closures import reference_version
    from tools.suppliers.certificates import reference_version as certificates_version

    return sorted({reference_version(), certificates_version(), *need.versions})


def _leads(shop: Shop, book: Supply, request: MatchSuppliers) -> Result:
    """Nobody offers what the words say: suppliers whose own words come nearest, to be asked for a quotation."""
    from tools.suppliers.gate import screen
    from tools.suppliers.meaning import LEADS, LEAST_LIKE, fits
    from tools.suppliers.need import destination
    from tools.suppliers.rfq import Ask, drafts

    verdicts = screen(shop)
    like = [one for one in fits(shop, book, request.requirement) if one.near >= LEAST_LIKE]
    near = [one for one in like if not verdicts[one.supplier].blocked][:LEADS]
    if not near:
        raise refusal("errors.nobody_for", said=request.requirement[:80])
    place = destination(shop, "", request.destination)
    names: list[Value] = [code(one.supplier) for one in near]
    ask = Ask(
        None, request.requirement, request.quantity or 1, place.warehouse, place.country, request.max_lead_time_days,
        place.said, (),
    )  # fmt: skip
    told = [
        finding("match_suppliers.leads", "watch", None, text=quote(request.requirement), suppliers=several(names)),
        *(
            finding(
                "match_suppliers.lead", "info", None, supplier=code(one.supplier), name=quote(book.company(one.supplier).name),
                text=quote(book.company(one.supplier).description), near=percent(100 * one.near, 0),
            )
            for one in near
        ),
        finding("match_suppliers.rfq", "info", None, suppliers=several(names)),
    ]  # fmt: skip
    return Result(
        findings=told, tables=[drafts(shop, ask, [(book.company(one.supplier), None) for one in near])],
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version, tables={"suppliers": len(book.companies)},
        ),
    )  # fmt: skip


MATCH_SUPPLIERS = Tool("match_suppliers", MatchSuppliers, run)
