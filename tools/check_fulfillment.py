"""Will stock last: demand against stock and goods on the way, late parcels, unusual orders, what could move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

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
    days,
    finding,
    on,
    percent,
    ratio,
    several,
    sku,
    units,
    warehouse,
)  # fmt: skip
from tools.fulfillment.books import OVERDUE_ARRIVES_IN_DAYS, Held, held, inbound, serving
from tools.fulfillment.projection import Inbound, Projection, project
from tools.fulfillment.signals import RECENT_DAYS, Late, Surge, late_parcels, surges, transit_days
from tools.fulfillment.views import projection_table, stock_chart
from tools.messages import refusal

TOLD = 8
NAMED = 20
MOVES_TOLD = 4
DELAY_DAYS = 7
MOVE_AT_LEAST = 1


class CheckFulfillment(Request):
    """Which SKUs and countries, how far ahead, and how much demand is scaled."""

    skus: list[str] = Field([], description="empty means all")
    countries: list[str] = Field([], description="empty means all; others still draw on the same warehouses")
    horizon_days: int = Field(30, ge=1, le=365)
    demand_multiplier: float = Field(1.0, gt=0, le=20, description="1.4 means 40% more demand than forecast")


def run(shop: Shop, request: CheckFulfillment) -> Result:
    """Check whether stock lasts: for each SKU and warehouse the demand ahead, stock and goods on the way,
    the day it runs out, days of cover and units lost; also late parcels by carrier, unusual orders, overdue
    goods and what could move between warehouses. Use it for "do we have enough stock", "will we run out",
    "can we handle 40% more demand" (demand_multiplier=1.4), "are deliveries late", "days of cover".
    """
    stock = held(shop, request.skus)
    if stock is None:
        if request.skus:
            raise refusal("errors.no_stock_of", skus=", ".join(request.skus))
        raise refusal("errors.no_stock")
    from tools.fulfillment.demand import asked

    horizon, factor = request.horizon_days, request.demand_multiplier
    demand = asked(shop, stock, request.skus, request.countries, horizon, factor)
    goods = inbound(shop, request.skus)
    cells = _cells(shop, stock, request.countries)
    nothing = [0.0] * horizon
    ahead = [
        project(
            *cell, stock.free.get(cell, 0), shop.as_of, demand.by_cell.get(cell, nothing), goods.get(cell, ())
        )
        for cell in cells
    ]  # fmt: skip
    ahead.sort(key=lambda one: (one.out_on is None, one.out_on or shop.as_of, -one.short, one.sku, one.warehouse))
    parcels = late_parcels(shop, request.countries, sorted({one.warehouse for one in ahead}))
    surge = surges(shop, request.skus, request.countries)
    findings = [
        _verdict(ahead, request, shop),
        *_shortages(ahead),
        *_overdue(ahead),
        *_leaning(ahead),
        *_moves(shop, ahead),
        *_late(parcels),
        *_surges(surge),
        _totals(ahead, request),
        *_punctual(parcels),
    ]
    first, rest = findings[0], findings[1:]
    rank = {"act": 0, "watch": 1, "good": 2, "info": 3}
    return Result(
        findings=[first, *sorted(rest, key=lambda told: rank[told.severity])],
        tables=[projection_table(ahead)],
        charts=[stock_chart(ahead)] if ahead else [],
        assumptions=_assumptions(request),
        warnings=_warnings(shop, stock, request),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version,
            tables={
                **demand.rows, "inventory": len(stock.free),
                "purchase_orders": sum(len(one) for one in goods.values()),
                "shipments": sum(one.parcels + one.past_parcels for one in parcels),
            },
        ),
    )  # fmt: skip


def _cells(shop: Shop, stock: Held, countries: Sequence[str]) -> list[tuple[str, str]]:
    """The SKUs and warehouses to look at: all, or those warehouses that deliver to the countries."""
    if not countries:
        return list(stock.free)
    serves = serving(shop)
    houses = {house for name in countries for house in serves.get(name, [])}
    return [cell for cell in stock.free if cell[1] in houses] or list(stock.free)


def _verdict(ahead: list[Projection], request: CheckFulfillment, shop: Shop) -> Finding:
    """Do we run out? Yes or no, before anything else."""
    end = shop.as_of + timedelta(days=request.horizon_days)
    short = list(dict.fromkeys(one.sku for one in ahead if one.out_on))
    names = list(dict.fromkeys(one.sku for one in ahead))
    about = About(skus=short or names, countries=request.countries, start=shop.as_of, end=end)
    scaled = request.demand_multiplier != 1
    values = {"end": on(end), "days": days(request.horizon_days), "of": count(len(names))}
    if scaled:
        values["factor"] = ratio(request.demand_multiplier)
    suffix = ("_one" if len(names) == 1 else "") + ("_if" if scaled else "")
    if len(names) == 1:
        values["sku"] = sku(names[0])
    if not short:
        least = min((one.cover_days for one in ahead if one.cover_days is not None), default=None)
        if least is None:
            return finding("check_fulfillment.no_demand", "info", about, end=on(end), days=days(request.horizon_days))
        return finding(f"check_fulfillment.no{suffix}", "good", about, **values, cover=days(least))
    first = ahead[0]
    assert first.out_on is not None
    values |= {
        "n": count(len(short)), "skus": several([sku(name) for name in short[:NAMED]]), "first": sku(first.sku),
        "warehouse": warehouse(first.warehouse), "date": on(first.out_on),
    }  # fmt: skip
    if first.free == 0:
        return finding(f"check_fulfillment.yes_already{suffix}", "act", about, **values)
    return finding(f"check_fulfillment.yes{suffix}", "act", about, **values)


def _shortages(ahead: list[Projection]) -> list[Finding]:
    short = [one for one in ahead if one.out_on]
    told = []
    for one in short[:TOLD]:
        assert one.out_on is not None
        following = one.next_after_out
        values: dict[str, Value] = {
            "sku": sku(one.sku), "warehouse": warehouse(one.warehouse), "date": on(one.out_on),
            "free": units(one.free), "asked": units(one.expected), "horizon": days(len(one.demand)),
            "lost": units(max(one.lost_until_next, 1)), "total": units(max(one.short, 1)), "cover": days(one.cover_days or 0),
        }  # fmt: skip
        key = "check_fulfillment.empty" if one.free == 0 else "check_fulfillment.short"
        if following:
            key += "_until" if one.short - one.lost_until_next < 1 else "_again"
            values |= {"arriving": units(following.units), "arrives": on(following.arrives)}
        told.append(finding(key, "act", About(skus=[one.sku], start=one.as_of), **values))
    if len(short) > TOLD:
        told.append(finding("check_fulfillment.more_short", "act", n=count(len(short) - TOLD)))
    return told


def _overdue(ahead: list[Projection]) -> list[Finding]:
    late: list[tuple[Projection, Inbound]] = [(one, po) for one in ahead for po in one.inbound if po.overdue]
    return [
        finding(
            "check_fulfillment.overdue", "watch", About(skus=[one.sku]),
            po=code(po.po_id), sku=sku(one.sku), units=units(po.units), warehouse=warehouse(one.warehouse),
            promised=on(po.promised), late=days((one.as_of - po.promised).days),
        )
        for one, po in late[:TOLD]
        if po.promised is not None and po.promised < one.as_of
    ]  # fmt: skip


def _leaning(ahead: list[Projection]) -> list[Finding]:
    """Stock that lasts only because goods come in time: what a week's delay would do."""
    told = []
    for one in ahead:
        if one.out_on or not one.inbound:
            continue
        later = project(one.sku, one.warehouse, one.free, one.as_of, one.demand, one.inbound, DELAY_DAYS)
        if later.out_on is None:
            continue
        told.append(
            finding(
                "check_fulfillment.leans", "watch", About(skus=[one.sku]),
                sku=sku(one.sku), warehouse=warehouse(one.warehouse), arrives=on(one.inbound[0].arrives),
                units=units(one.inbound[0].units), delay=days(DELAY_DAYS), date=on(later.out_on),
                lost=units(max(later.short, 1)),
            )
        )  # fmt: skip
    return told[:MOVES_TOLD]


def _moves(shop: Shop, ahead: list[Projection]) -> list[Finding]:
    """Free units that one warehouse does not need over the horizon and another lacks, each counted once."""
    spare = {(one.sku, one.warehouse): one.surplus for one in ahead if one.out_on is None}
    told = []
    for one in ahead:
        if one.out_on is None:
            continue
        donors = sorted(
            ((left, house) for (name, house), left in spare.items() if name == one.sku and left >= MOVE_AT_LEAST),
            reverse=True,
        )
        if not donors:
            continue
        left, house = donors[0]
        transit = transit_days(shop, house, one.warehouse)
        take = int(min(left, sum(one.lost[transit or 0 :])))
        if take < MOVE_AT_LEAST:
            continue
        spare[one.sku, house] = left - take
        values = {
            "units": units(take), "sku": sku(one.sku), "source": warehouse(house), "target": warehouse(one.warehouse),
            "spare": units(int(left)),
        }  # fmt: skip
        about = About(skus=[one.sku])
        if transit is None:
            told.append(finding("check_fulfillment.move", "watch", about, **values))
        else:
            told.append(finding("check_fulfillment.move_days", "watch", about, **values, transit=days(transit)))
    return told[:MOVES_TOLD]


def _late(parcels: list[Late]) -> list[Finding]:
    worse = sorted((one for one in parcels if one.worse), key=lambda one: (-one.rate, one.carrier))
    return [
        finding(
            "check_fulfillment.late", "watch",
            carrier=code(one.carrier), warehouse=warehouse(one.warehouse), rate=percent(one.rate * 100),
            past=percent((one.past_rate or 0) * 100), late=count(one.late), parcels=count(one.parcels),
            days=days(RECENT_DAYS),
        )
        for one in worse[:MOVES_TOLD]
    ]  # fmt: skip


def _punctual(parcels: list[Late]) -> list[Finding]:
    total, late = sum(one.parcels for one in parcels), sum(one.late for one in parcels)
    if not total:
        return []
    past, past_late = sum(one.past_parcels for one in parcels), sum(one.past_late for one in parcels)
    values = {
        "rate": percent(late / total * 100),
        "late": count(late),
        "parcels": count(total),
        "days": days(RECENT_DAYS),
    }
    if not past:
        return [finding("check_fulfillment.punctual_first", "info", None, **values)]
    return [finding("check_fulfillment.punctual", "info", None, **values, past=percent(past_late / past * 100))]


def _surges(found: list[Surge]) -> list[Finding]:
    told = []
    for one in found[:MOVES_TOLD]:
        values = {
            "sku": sku(one.sku), "units": units(one.units), "usual": units(one.usual),
            "factor": ratio(one.units / one.usual, 1),
        }  # fmt: skip
        about = About(skus=[one.sku])
        if one.largest >= (one.units - one.usual) / 2:
            told.append(
                finding(
                    "check_fulfillment.surge_one", "watch", about, **values,
                    order=code(one.order_id), largest=units(one.largest),
                )
            )  # fmt: skip
        else:
            told.append(finding("check_fulfillment.surge", "watch", about, **values))
    return told


def _totals(ahead: list[Projection], request: CheckFulfillment) -> Finding:
    return finding(
        "check_fulfillment.totals", "info", About(skus=list(dict.fromkeys(one.sku for one in ahead))),
        asked=units(sum(one.expected for one in ahead)), free=units(sum(one.free for one in ahead)),
        arriving=units(sum(one.arriving for one in ahead)), lost=units(sum(one.short for one in ahead)),
        horizon=days(request.horizon_days),
    )  # fmt: skip


def _warnings(shop: Shop, stock: Held, request: CheckFulfillment) -> list[Finding]:
    told = []
    if stock.counted < shop.as_of:
        told.append(finding("check_fulfillment.old_count", "watch", day=on(stock.counted), as_of=on(shop.as_of)))
    known = {name for name, _ in stock.free}
    unknown = [name for name in request.skus if name not in known]
    if unknown:
        told.append(
            finding(
                "check_fulfillment.no_stock",
                "watch",
                About(skus=unknown),
                skus=several([sku(name) for name in unknown]),
            )
        )
    if not shop.vocabulary.warehouses:
        told.append(finding("check_fulfillment.no_warehouses", "watch"))
    if not shop.count("purchase_orders"):
        told.append(finding("check_fulfillment.no_purchase_orders", "info"))
    if not shop.count("shipments"):
        told.append(finding("check_fulfillment.no_shipments", "info"))
    return told


def _assumptions(request: CheckFulfillment) -> list[Finding]:
    told = [finding("check_fulfillment.forecast", tool=code("forecast_demand"))]
    if request.demand_multiplier != 1:
        told.append(
            finding("check_fulfillment.scaled_in", factor=ratio(request.demand_multiplier),
                    countries=several([country(name) for name in request.countries]))
            if request.countries
            else finding("check_fulfillment.scaled", factor=ratio(request.demand_multiplier))
        )  # fmt: skip
    elif request.countries:
        told.append(
            finding("check_fulfillment.shared", countries=several([country(name) for name in request.countries]))
        )
    told.append(finding("check_fulfillment.arrivals", overdue=days(OVERDUE_ARRIVES_IN_DAYS)))
    return told


CHECK_FULFILLMENT = Tool("check_fulfillment", CheckFulfillment, run)
