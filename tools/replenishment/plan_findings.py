"""The plan in findings: what to order now first, then what is in a rush, what to clear, and what comes next."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from shop.warehouse import Shop
from tools.contract import (
    About,
    Finding,
    Value,
    code,
    count,
    country,
    days,
    finding,
    money,
    on,
    percent,
    quote,
    ratio,
    several,
    sku,
    units,
    warehouse,
)  # fmt: skip
from tools.fulfillment.signals import transit_days
from tools.replenishment.plan_closures import Closure, closures
from tools.replenishment.plan_run import Plan, due_next
from tools.replenishment.plan_verdicts import RUSH_UNITS, TOO_LONG_DAYS, Line

RUSHES, ORDERS, CLEARS, NAMED, NEXT = 2, 5, 3, 6, 3
LATE_DAYS = 5
SMALL_SHARE = 0.1
KEY = "plan_replenishment."
BLACK_FRIDAY = "black_friday"


def whole(amount: float | Decimal, currency: str) -> Value:
    """Money that an expectation is about: whole units of the currency."""
    return money(Decimal(round(amount)), currency)


def findings(shop: Shop, plan: Plan, horizon: int, budget: Decimal | None) -> list[Finding]:
    """The first answers the question; then by urgency."""
    base = shop.base_currency
    rushes = [line for line in plan.lines if line.verdict == "rush"]
    orders = [line for line in plan.orders if line.verdict != "rush"]
    clear = [line for line in plan.lines if line.verdict in ("run_down", "bundle")]
    told = [_headline(shop, plan, horizon, budget)]
    told += [_rush(plan, line, shop.as_of, base) for line in rushes[:RUSHES]]
    told += [_order(plan, line, base) for line in orders[:ORDERS]]
    told += _events(shop, rushes)
    if len(rushes) > RUSHES:
        told.append(_more("more_rush", rushes[RUSHES:]))
    if len(orders) > ORDERS:
        told.append(_more("more_orders", orders[ORDERS:]))
    told += _budget(plan, budget, base)
    for line in clear[:CLEARS]:
        told += _clear(plan, line, base)
    if len(clear) > CLEARS:
        told.append(_more("more_clear", clear[CLEARS:], "watch"))
    told += _moves(shop, plan, rushes)
    told += _late(plan)
    told += _tiers(plan, base)
    told += _closed(shop, plan, horizon)
    told += _next(plan)
    told += _passed_over(plan)
    if plan.orders:
        told.append(_ask(plan.orders[0]))
    return told


def _headline(shop: Shop, plan: Plan, horizon: int, budget: Decimal | None) -> Finding:
    base = shop.base_currency
    rushes = [line for line in plan.lines if line.verdict == "rush"]
    orders = plan.orders
    names = list(dict.fromkeys(line.sku for line in plan.lines))
    about = About(skus=names, start=shop.as_of, end=shop.as_of + timedelta(days=horizon))
    if budget is not None and plan.due and not orders:
        assert plan.cheapest is not None
        line, option = plan.cheapest
        return finding(
            f"{KEY}budget_too_small", "act", about, budget=money(budget, base), least=whole(option.cost, base),
            quantity=units(option.quantity), sku=sku(line.sku), supplier=code(option.way.offer.supplier),
            warehouse=warehouse(line.warehouse),
        )  # fmt: skip
    if orders:
        values = {
            "n": count(len(orders)), "cost": whole(sum(map(plan.landed, orders), Decimal(0)), base),
            "skus": several([sku(name) for name in dict.fromkeys(line.sku for line in orders)][:NAMED]),
        }  # fmt: skip
        key = "order_now" if len({line.sku for line in orders}) <= NAMED else "order_now_many"
        key = "order_now_one" if len(orders) == 1 else key
        if rushes:
            return finding(f"{KEY}{key}_rush", "act", about, **values, rush=count(len(rushes)))
        return finding(f"{KEY}{key}", "act", about, **values)
    if rushes:
        first = rushes[0]
        return finding(
            f"{KEY}rush_only", "act", about, rush=count(len(rushes)), first=sku(first.sku),
            warehouse=warehouse(first.warehouse),
        )  # fmt: skip
    later = due_next(plan.lines)
    if later and later[0].due_on is not None and later[0].option is not None:
        return finding(
            f"{KEY}nothing_yet", "good", about, sku=sku(later[0].sku), warehouse=warehouse(later[0].warehouse),
            due=on(later[0].due_on), quantity=units(later[0].option.quantity),
        )  # fmt: skip
    if not any(line.expected > 0 for line in plan.lines):
        return finding(f"{KEY}no_demand", "info", about, horizon=days(horizon))
    return finding(f"{KEY}nothing", "good", about, horizon=days(horizon))


def _rush(plan: Plan, line: Line, as_of: date, base: str) -> Finding:
    values: dict[str, Value] = {
        "sku": sku(line.sku), "warehouse": warehouse(line.warehouse), "lost": units(max(line.lost, 1)),
        "value": whole(line.lost * line.margin, base), "free": units(line.position.free),
        "out": on(line.out_on or as_of),
    }  # fmt: skip
    key = "rush_empty" if line.position.free == 0 else "rush"
    coming = line.position.inbound
    if coming:
        order, in_days = max(coming[:2], key=lambda one: one[0].units)
        key += "_chase"
        values |= {
            "po": code(order.po_id), "arriving": units(order.units), "arrives": on(as_of + timedelta(days=int(in_days))),
        }  # fmt: skip
    if line.now and line.option is not None and line.funded:
        key += "_order"
        values |= _ordered(plan, line, base)
        if line.option.way.mode:
            key += "_by"
            values["mode"] = code(line.option.way.mode)
    elif not coming:
        key += "_none"
    return finding(f"{KEY}{key}", "act", About(skus=[line.sku], start=as_of), **values)


def _ordered(plan: Plan, line: Line, base: str) -> dict[str, Value]:
    option = line.option
    assert option is not None
    return {
        "quantity": units(option.quantity), "supplier": code(option.way.offer.supplier),
        "cost": whole(plan.landed(line), base), "profit": whole(option.profit, base),
        "low": whole(option.regret_low, base), "high": whole(option.regret_high, base),
    }  # fmt: skip


def _order(plan: Plan, line: Line, base: str) -> Finding:
    assert line.due_on is not None
    values = {
        "sku": sku(line.sku), "warehouse": warehouse(line.warehouse), "due": on(line.due_on),
        "cover": days(line.cover_days or 0), **_ordered(plan, line, base),
    }  # fmt: skip
    if line.out_on is None:
        return finding(f"{KEY}order", "act", About(skus=[line.sku]), **values)
    return finding(f"{KEY}order_out", "act", About(skus=[line.sku]), **values, out=on(line.out_on))


def _more(key: str, lines: list[Line], severity: str = "act") -> Finding:
    places = several([code(f"{line.sku} {line.warehouse}") for line in lines])
    return finding(
        f"{KEY}{key}", "watch" if severity == "watch" else "act", None,
        n=count(len(lines)), places=places,
    )  # fmt: skip


def _budget(plan: Plan, budget: Decimal | None, base: str) -> list[Finding]:
    if budget is None or not plan.due or not plan.orders:
        return []
    left = plan.unfunded
    spent = sum(map(plan.landed, plan.orders), Decimal(0))
    values = {
        "budget": money(budget, base), "n": count(len(plan.orders)), "of": count(plan.due), "spent": whole(spent, base),
    }  # fmt: skip
    if not left:
        return [finding(f"{KEY}budget_enough", "info", None, **values)]
    missed = sum(line.option.profit for line in left if line.option is not None)
    return [
        finding(
            f"{KEY}budget_short", "act", About(skus=[line.sku for line in left]), **values,
            places=several([code(f"{line.sku} {line.warehouse}") for line in left]), missed=whole(missed, base),
        )
    ]  # fmt: skip


def _clear(plan: Plan, line: Line, base: str) -> list[Finding]:
    about = About(skus=[line.sku])
    where = {"sku": sku(line.sku), "warehouse": warehouse(line.warehouse)}
    told = []
    surplus = line.excess
    if line.expiring is not None:
        surplus = max(surplus, line.expiring.units)
        told.append(
            finding(
                f"{KEY}expiring", "act" if line.expiring.units > SMALL_SHARE * line.position.free else "watch", about, **where,
                units=units(line.expiring.units), free=units(line.position.free), first=on(line.expiring.first),
            )
        )  # fmt: skip
    elif line.expected > 0:
        told.append(
            finding(
                f"{KEY}run_down", "watch", about, **where, free=units(line.position.free),
                cover=days(line.cover_days or 0), excess=units(line.excess), span=days(TOO_LONG_DAYS),
            )
        )  # fmt: skip
    else:
        told.append(finding(f"{KEY}no_sales", "watch", about, **where, free=units(line.position.free)))
    pair = plan.pairs.get((line.sku, line.warehouse))
    if pair is not None:
        sold = plan.sells()[pair.partner, line.warehouse]
        values = {
            **where, "partner": sku(pair.partner), "lift": ratio(pair.lift, 1), "together": count(pair.together),
            "sold": units(sold),
        }  # fmt: skip
        both = About()  # a number of a pair is of neither SKU alone
        if surplus < sold:
            share = percent(surplus / sold * 100, 0)
            told.append(finding(f"{KEY}bundle", "watch", both, **values, share=share))
        else:
            told.append(finding(f"{KEY}bundle_partly", "watch", both, **values, surplus=units(surplus)))
    return told


def _tiers(plan: Plan, base: str) -> list[Finding]:
    """Orders that were raised to the next price, and what that is worth."""
    told = []
    for line in plan.orders:
        option = line.option
        assert option is not None
        assert line.weighed is not None
        reached = [tier for tier in option.way.offer.tiers if tier.least <= option.quantity]
        if len(reached) < 2 or option.quantity - reached[-1].least >= max(line.position.case.pack, 1):
            continue
        below = [
            one for one in line.weighed.options if one.way is option.way and one.quantity < reached[-1].least
        ]  # fmt: skip
        if not below:
            continue
        smaller = max(below, key=lambda one: one.worth)
        told.append(
            finding(
                f"{KEY}tier", "info", About(skus=[line.sku]), sku=sku(line.sku), warehouse=warehouse(line.warehouse),
                quantity=units(option.quantity), smaller=units(smaller.quantity), least=units(reached[-1].least),
                price=money(reached[-1].unit_price, option.way.offer.currency),
                gain=whole(max(option.profit - smaller.profit, 0), base),
            )
        )  # fmt: skip
    return told[:2]


def _events(shop: Shop, rushes: list[Line]) -> list[Finding]:
    """The Black Friday that comes before goods ordered now, and what is out of stock by its end."""
    from shop.calendar import events_between

    ways = [way.spent.mean_days for line in rushes for way in line.position.case.ways]
    if not ways:
        return []
    reach = shop.as_of + timedelta(days=int(min(ways)))
    for sale in events_between(shop.as_of + timedelta(days=1), reach):
        out = [line for line in rushes if line.out_on is not None and line.out_on <= sale.end]
        if sale.name == BLACK_FRIDAY and out:
            return [
                finding(
                    f"{KEY}event", "act", About(skus=[line.sku for line in out], start=sale.start, end=sale.end),
                    start=on(sale.start), places=several([code(f"{line.sku} {line.warehouse}") for line in out]),
                )
            ]  # fmt: skip
    return []


def _moves(shop: Shop, plan: Plan, rushes: list[Line]) -> list[Finding]:
    """What another warehouse can spare for a shelf in a rush, where it would come before the goods on order."""
    told = []
    for line in rushes:
        donors = [
            (other.position.free - other.expected, other)
            for other in plan.lines
            if other.sku == line.sku and other is not line and other.verdict in ("hold", "run_down", "bundle")
        ]
        spare, donor = max(donors, key=lambda one: one[0], default=(0.0, None))
        if donor is None or spare < RUSH_UNITS:
            continue
        transit = transit_days(shop, donor.warehouse, line.warehouse)
        first = line.position.inbound[0][1] if line.position.inbound else float("inf")
        if transit is None or transit + 1 >= max(first, (line.out_on - shop.as_of).days if line.out_on else 0):
            continue
        told.append(
            finding(
                f"{KEY}move", "watch", About(skus=[line.sku]), sku=sku(line.sku), source=warehouse(donor.warehouse),
                target=warehouse(line.warehouse), units=units(min(spare, max(line.lost, 1.0))), transit=days(transit),
            )
        )  # fmt: skip
    return told


def _late(plan: Plan) -> list[Finding]:
    """Suppliers of the orders that come much later than they promise, which the plan counts on."""
    seen = {line.option.way.offer.supplier: line.option.way.offer for line in plan.orders if line.option is not None}
    told = []
    for supplier, offer in sorted(seen.items()):
        known = plan.times.lateness(supplier)
        if known is not None and known[0] >= LATE_DAYS:
            told.append(
                finding(
                    f"{KEY}late_supplier", "watch", None, supplier=code(supplier), name=quote(offer.name),
                    late=days(known[0]), n=count(known[1]),
                )
            )  # fmt: skip
    return told


def _closed(shop: Shop, plan: Plan, horizon: int) -> list[Finding]:
    """Factory closures of the suppliers in use within the horizon, and the last day to order ahead of each."""
    slowest: dict[str, float] = {}
    skus: dict[str, set[str]] = {}
    for line in plan.lines:
        for way in line.position.case.ways:
            place = way.offer.country
            slowest[place] = max(slowest.get(place, 0.0), way.offer.lead_days)
            skus.setdefault(place, set()).add(line.sku)
    told = []
    for place, lead in sorted(slowest.items()):
        reach = shop.as_of + timedelta(days=horizon)
        near: list[Closure] = [one for one in closures(place, shop.as_of, reach) if (one.end - one.start).days >= 10]
        for one in near[:1]:
            last = max(one.start - timedelta(days=int(lead) + 1), shop.as_of)
            told.append(
                finding(
                    f"{KEY}closure", "watch", About(skus=sorted(skus[place]), start=one.start, end=one.end),
                    country=country(place), start=on(one.start), end=on(one.end), last=on(last),
                    lead=days(int(lead)),
                )
            )  # fmt: skip
    return told


def _next(plan: Plan) -> list[Finding]:
    return [
        finding(
            f"{KEY}next", "info", About(skus=[line.sku]), sku=sku(line.sku), warehouse=warehouse(line.warehouse),
            due=on(line.due_on), quantity=units(line.option.quantity), supplier=code(line.option.way.offer.supplier),
        )
        for line in [one for one in due_next(plan.lines) if one.verdict == "hold"][:NEXT]
        if line.due_on is not None and line.option is not None
    ]  # fmt: skip


def _passed_over(plan: Plan) -> list[Finding]:
    told = []
    for reason in ("suspected", "bad_record", "no_history"):
        skus: dict[tuple[str, str], list[str]] = {}
        for offer, why in plan.passed_over:
            if why == reason:
                skus.setdefault((offer.supplier, offer.name), []).append(offer.sku)
        told += [
            finding(
                f"{KEY}{reason}", "info" if reason == "no_history" else "watch", About(skus=names),
                supplier=code(supplier), name=quote(name), skus=several([sku(one) for one in names]),
            )
            for (supplier, name), names in sorted(skus.items())
        ]  # fmt: skip
    if plan.untried:
        told.append(
            finding(
                f"{KEY}untried", "watch", About(skus=[offer.sku for offer in plan.untried]),
                suppliers=several([code(one) for one in dict.fromkeys(offer.supplier for offer in plan.untried)]),
            )
        )  # fmt: skip
    return told


def _ask(line: Line) -> Finding:
    assert line.option is not None
    return finding(
        f"{KEY}ask", "info", About(skus=[line.sku]), quantity=units(line.option.quantity), sku=sku(line.sku),
        supplier=code(line.option.way.offer.supplier), warehouse=warehouse(line.warehouse),
    )  # fmt: skip
