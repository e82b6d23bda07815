"""find_opportunities: where more profit could come from, each with what it could earn a year and the evidence."""

from __future__ import annotations

from decimal import Decimal
from statistics import median
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
    count,
    country,
    finding,
    percent,
    quote,
    several,
    sku,
)
from tools.messages import refusal

if TYPE_CHECKING:
    from tools.opportunities.gains import Opportunity
    from tools.opportunities.survey import Survey
    from tools.opportunities.views import Balance

LONGEST_HORIZON = 365
TOLD_OF_A_KIND = 4
BANDS_TOLD = 3
COMPLAINTS_TOLD = 4
WEAK_TOLD = 2
NAMED = 5
NEEDS_TOLD = 2
ACT_SHARE = Decimal("0.1")  # of the best opportunity's profit: below it an order can wait to be read
CERTAIN = 0.05
KINDS = ("price", "unmet", "rising", "reach", "season")


class FindOpportunities(Request):
    """Where, of which goods, and how far ahead seasons are looked for."""

    countries: list[str] = Field([], description="empty means all")
    category: str = Field("", description="a product category of the shop; empty means all")
    horizon_days: int = Field(90, ge=1, le=LONGEST_HORIZON, description="how far ahead seasons and order dates count")


def run(shop: Shop, request: FindOpportunities) -> Result:
    """Find where more profit could come from: competitor price bands and gaps by category and country with our
    price in them, demand against supply, searches that no product answers and terms that rise, countries where a SKU
    sells less than similar ones suggest or is not offered, seasons ahead with the last order and shipping days, what
    buyers complain about; each ranked by expected yearly gross profit with an interval. Use it for "any gap in
    competitor prices", "what should we launch next", "which market to enter", "德国市场有什么机会".
    """
    if not any(shop.count(table) for table in ("order_lines", "competitor_prices", "searches")):
        raise refusal("errors.no_opportunities", command="pacer import FILE")
    category = _category(shop, request.category)
    from tools.opportunities.survey import survey
    from tools.opportunities.views import (
        balance_table,
        balances,
        band_chart,
        band_table,
        complaint_table,
        ranking,
        rival_table,
    )

    found = survey(shop, request.countries, category, request.horizon_days)
    base = shop.base_currency
    tables = [ranking(found.opportunities, base)] if found.opportunities else []
    balance = balances(found.market, found.answers, found.bands)
    if found.bands:
        tables += [band_table(found.bands, base), rival_table(found.bands)]
        tables += [balance_table(balance)] if balance else []
    if found.complaints:
        tables.append(complaint_table(found.complaints))
    return Result(
        findings=[_verdict(found, request, category), *_told(found), *_market(found, balance)],
        tables=tables,
        charts=[band_chart(found.bands, base)] if found.bands else [],
        assumptions=_assumptions(found),
        warnings=_missing(shop, found),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version, tables=found.rows, reference=[*_references(), *sorted(found.market.profit.versions)],
        ),
    )  # fmt: skip


def _category(shop: Shop, said: str) -> str:
    """The category in the shop's own spelling."""
    wanted = said.strip()[:80]
    if not wanted:
        return ""
    known = [
        str(row[0])
        for row in shop.rows(
            "SELECT category FROM products WHERE category IS NOT NULL UNION "
            "SELECT category FROM competitor_prices ORDER BY 1"
        )
    ]
    for name in known:
        if name.casefold().rstrip("s") == wanted.casefold().rstrip("s"):
            return name
    if known:
        raise refusal("errors.unknown_category", said=wanted, known=", ".join(known))
    raise refusal("errors.no_categories", said=wanted)


def _verdict(found: Survey, request: FindOpportunities, category: str) -> Finding:
    """How many opportunities, of which kinds, and which is the largest."""
    from tools.opportunities.telling import rough

    about = About(countries=request.countries)
    values: dict[str, Value] = {}
    key = "find_opportunities.found" if found.opportunities else "find_opportunities.nothing"
    if request.countries:
        key += "_in"
        values["countries"] = several([country(name) for name in request.countries])
    if category:
        key += "_of"
        values["category"] = quote(category)
    if not found.opportunities:
        return finding(key, "info", about, **values)
    kinds = [one.kind for one in found.opportunities]
    best = found.opportunities[0]
    if best.gain is not None and best.gain.mean > 0:
        key += f"_{best.kind}"
        values |= {
            "best": _best(best),
            "gain": rough(best.gain.mean, found.market.base),
            "where": country(best.country),
        }
    values |= {
        "n": count(len(kinds)), "price": count(kinds.count("price")), "unmet": count(kinds.count("unmet")),
        "rising": count(kinds.count("rising")), "reach": count(kinds.count("reach")),
        "season": count(kinds.count("season")),
    }  # fmt: skip
    return finding(key, "good", about, **values)


def _best(one: Opportunity) -> Value:
    from tools.opportunities.telling import named

    if one.kind in ("unmet", "rising"):
        return quote(one.subject)
    return sku(one.subject) if one.kind == "reach" else named(one.subject)


def _told(found: Survey) -> list[Finding]:
    """The best of every kind by profit, then the next best of each; of windows, those to be ordered soon come first.

    Only the best thing to search demand, price, country and season are pressing, so that a short answer names each.
    """
    from tools.opportunities import telling

    of_kind: dict[str, list[Opportunity]] = {kind: [] for kind in KINDS}
    pressing = {"act": 0, "watch": 1, "good": 2, "info": 3}
    for one in sorted(found.opportunities, key=lambda one: pressing[one.finding.severity]):
        if len(of_kind[one.kind]) < TOLD_OF_A_KIND:
            of_kind[one.kind].append(one)
    order = {id(one): rank for rank, one in enumerate(found.opportunities)}
    told = [
        telling.told_need(found.market, one.terms, one.countries, one.searched, one.gain)
        for one in found.needs[:NEEDS_TOLD]
    ]
    pressed = {"unmet", "rising"} if told else set()
    told = [*told[:1], *(one.model_copy(update={"severity": "info"}) for one in told[1:])]
    for place in range(TOLD_OF_A_KIND):
        level = [known[place] for known in of_kind.values() if len(known) > place]
        for one in sorted(level, key=lambda one: order[id(one)]):
            severity = "info" if one.kind in pressed else one.finding.severity
            if severity == "act" and _worth(one) < ACT_SHARE * _worth(found.opportunities[0]):
                severity = "watch"
            pressed |= {"unmet", "rising"} if one.kind in ("unmet", "rising") else {one.kind}
            told.append(one.finding.model_copy(update={"severity": severity}))
    return told


def _worth(one: Opportunity) -> Decimal:
    return one.gain.mean if one.gain else Decimal(0)


def _market(found: Survey, balance: list[Balance]) -> list[Finding]:
    """Bands where we stand most apart, where demand meets least supply, complaints beyond chance, weak competitors."""
    from tools.opportunities import telling

    apart = sorted(found.bands, key=lambda one: (-abs(_apart(one.ours, one.middle)), one.category, one.country))
    heard = [one for one in balance if one.searches]
    sure = [one for one in found.complaints if one.chance <= CERTAIN]
    return [
        *(telling.told_band(found.market, one) for one in apart[:BANDS_TOLD]),
        *(telling.told_balance(one, median(each.per_offer for each in heard)) for one in heard[:1] if len(heard) > 1),
        *(telling.told_complaint(one, one.usual > 0) for one in sure[:COMPLAINTS_TOLD]),
        *(telling.told_weak(one) for one in found.weak[:WEAK_TOLD]),
    ]


def _apart(ours: object, middle: object) -> float:
    return 0.0 if ours is None else float(str(ours)) / float(str(middle)) - 1


def _assumptions(found: Survey) -> list[Finding]:
    from tools.opportunities.gains import CLOSED_SHARE, ELASTICITY, NEWCOMER_SHARE

    kinds = {one.kind for one in found.opportunities}
    told = [finding("find_opportunities.interval")] if found.opportunities else []
    if kinds & {"unmet", "rising"}:
        low, high = NEWCOMER_SHARE
        told.append(finding("find_opportunities.newcomer", low=percent(low * 100, 0), high=percent(high * 100, 0)))
    if "price" in kinds:
        told.append(
            finding("find_opportunities.elasticity", mean=_number(ELASTICITY[0]), spread=_number(ELASTICITY[1]))
        )
    if "reach" in kinds:
        low, high = CLOSED_SHARE
        told.append(finding("find_opportunities.closed", low=percent(low * 100, 0), high=percent(high * 100, 0)))
    return told


def _missing(shop: Shop, found: Survey) -> list[Finding]:
    """What data is missing, and how to get it."""
    told = []
    for table in ("competitor_prices", "searches", "order_lines", "reviews", "freight_rates", "supplier_offers"):
        if not shop.count(table):
            told.append(finding(f"find_opportunities.no_{table}", "watch", command=code("pacer import FILE")))
    if found.market.profit.unknown:
        unknown = [sku(name) for name in sorted(found.market.profit.unknown)[:NAMED]]
        told.append(finding("find_opportunities.no_costs", "watch", skus=several(unknown)))
    if shop.count("competitor_prices") and not found.bands:
        told.append(finding("find_opportunities.no_offers_here", "info"))
    return told


def _number(plain: float) -> Value:
    return Value(kind="count", value=Decimal(str(plain)))


def _references() -> list[str]:
    from shop import calendar, fx

    return [fx.reference_version(), calendar.table_version()]


FIND_OPPORTUNITIES = Tool("find_opportunities", FindOpportunities, run)
