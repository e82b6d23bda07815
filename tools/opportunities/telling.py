"""Opportunities as findings: what it is, what it could earn a year, and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

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
    words,
)
from tools.opportunities.gains import Gain
from tools.opportunities.market import Market
from tools.opportunities.offers import Band
from tools.opportunities.pricing import Room
from tools.opportunities.reach import Reach
from tools.opportunities.searches import Answer, Rise
from tools.opportunities.seasons import Window
from tools.opportunities.views import Balance
from tools.opportunities.voices import Complaint

Severity = Literal["act", "watch", "good", "info"]
SOON_DAYS = 14
ZERO = Decimal(0)


def named(category: str) -> Value:
    """A category, or all goods of a shop that has none."""
    return quote(category) if category else words("find_opportunities.all_goods")


def rough(amount: Decimal, currency: str) -> Value:
    """An estimate, to two significant digits."""
    return money(round(amount, 1 - amount.adjusted()) if amount else amount, currency)


def _gained(gain: Gain | None, base: str) -> dict[str, Value]:
    if gain is None:
        return {}
    return {"gain": rough(gain.mean, base), "low": rough(gain.low, base), "high": rough(gain.high, base)}


def told_term(market: Market, one: Answer, rise: Rise | None, gain: Gain | None, sold: float) -> Finding:
    """A term no SKU answers, or one that rises."""
    term = one.term
    values = {
        "term": quote(term.term), "country": country(term.country), "weekly": count(round(term.recent)),
        "days": days(term.days), **_gained(gain, market.base),
    }  # fmt: skip
    key = "find_opportunities.unmet" if rise is None else "find_opportunities.rising"
    if rise is not None:
        values |= {"factor": ratio(rise.factor, 1), "before": count(round(rise.before))}
    else:
        values |= {"year": count(round(term.year))}
    if one.sku is not None:
        key += "_ours"
        values["sku"] = sku(one.sku)
    else:
        values["units"] = units(sold)
        if gain is None:
            key += "_no_cost"
    skus = [one.sku] if one.sku else []
    return finding(key, "watch", About(skus=skus, countries=[term.country]), **values)


def told_need(market: Market, terms: Sequence[str], places: Sequence[str], searched: int, gain: Gain | None) -> Finding:
    """One need that several countries search for in their own words."""
    values = {
        "terms": several([quote(term) for term in terms]), "countries": several([country(name) for name in places]),
        "year": count(searched), **_gained(gain, market.base),
    }  # fmt: skip
    key = "find_opportunities.need" if gain is not None else "find_opportunities.need_no_cost"
    return finding(key, "watch", About(countries=list(places)), **values)


def told_price(market: Market, one: Room) -> Finding:
    """A competitor at an unusual price, the space it leaves, and the test worth running."""
    gap = one.gap
    values = {
        "category": named(gap.category), "country": country(gap.country), "competitor": code(gap.competitor),
        "against": percent(gap.against * 100, 0), "usual": percent(gap.usual * 100, 0), "offers": count(gap.offers),
        "weeks": count(gap.days),
    }  # fmt: skip
    way = "up" if gap.shrunk > 0 else "down"
    if one.cheaper is not None and one.dearer is not None:
        way += "_between"
        values |= {"cheaper": percent(one.cheaper * 100, 0), "dearer": percent(one.dearer * 100, 0)}
    key = f"find_opportunities.price_{way}"
    if one.change and one.gain is not None and one.gain.mean > 0:
        key += "_test"
        values |= {"change": percent(abs(one.change) * 100, 0), **_gained(one.gain, market.base)}
    about = About(countries=[gap.country])
    return finding(key, "watch", about, **values)


def told_reach(market: Market, one: Reach, gain: Gain | None) -> Finding:
    """A SKU missing from, or thin in, a country."""
    values = {
        "sku": sku(one.sku), "country": country(one.country), "expected": units(one.expected),
        "peers": several([country(name) for name in one.peers]), **_gained(gain, market.base),
    }  # fmt: skip
    key = "find_opportunities.thin" if one.offered else "find_opportunities.absent"
    if one.offered:
        values["units"] = units(one.units)
    if gain is None:
        key += "_no_cost"
    return finding(key, "watch", About(skus=[one.sku], countries=[one.country]), **values)


def told_window(market: Market, one: Window, gain: Gain | None, event: str | None) -> Finding:
    """High weeks ahead, and the last days to order and ship for them."""
    values = {
        "category": named(one.category), "country": country(one.country), "start": on(one.start), "end": on(one.end),
        "lift": percent((one.lift - 1) * 100, 0), "extra": units(one.extra), **_gained(gain, market.base),
    }  # fmt: skip
    key = "find_opportunities.season"
    if event is not None:
        key += "_event"
        values["event"] = words(f"event.{event}")
    if one.route is None or one.order_by is None or one.ship_by is None:
        key += "_no_way"
    else:
        values |= {"mode": words(f"mode.{one.route.mode}"), "warehouse": warehouse(one.route.warehouse),
                   "lead": days(one.route.lead_days), "transit": days(one.route.transit_days)}  # fmt: skip
        if one.in_time:
            values |= {"order_by": on(one.order_by), "ship_by": on(one.ship_by)}
        else:
            key += "_late"
            values |= {"arrives": on(market.as_of + timedelta(days=one.route.days))}
    if gain is None:
        key += "_no_cost"
    if not one.in_time:
        severity: Severity = "info"
    else:
        severity = "act" if one.order_by and _soon(market.as_of, one.order_by) else "watch"
    about = About(countries=[one.country], start=one.start, end=one.end)
    return finding(key, severity, about, **values)


def _soon(today: date, day: date) -> bool:
    return (day - today).days <= SOON_DAYS


def told_complaint(one: Complaint, usual: bool) -> Finding:
    """What buyers of a category complain about more than other buyers do."""
    values = {
        "category": named(one.category), "aspect": words(f"aspect.{one.aspect}"), "named": count(one.named),
        "reviews": count(one.reviews), "sku": sku(one.sku), "country": country(one.country), "quote": quote(one.quote),
        "rate": percent(one.named / one.reviews * 100, 0),
    }  # fmt: skip
    if usual:
        values["usual"] = percent(one.usual * 100, 1)
    key = "find_opportunities.complaint" if usual else "find_opportunities.complaint_only"
    return finding(key, "info", About(skus=[one.sku]), **values)


def told_band(market: Market, one: Band) -> Finding:
    """What competitors ask and where we stand."""
    values = {
        "category": named(one.category), "country": country(one.country), "offers": count(one.offers),
        "competitors": count(one.competitors), "low": money(round(one.low, 2), market.base),
        "middle": money(round(one.middle, 2), market.base), "high": money(round(one.high, 2), market.base),
    }  # fmt: skip
    about = About(countries=[one.country])
    if one.ours is None or one.offers_below is None:
        return finding("find_opportunities.band", "info", about, **values)
    values |= {"ours": money(round(one.ours, 2), market.base), "below": percent(one.offers_below * 100, 0)}
    if one.reviews_below is None:
        return finding("find_opportunities.band_ours", "info", about, **values)
    values["reviews_below"] = percent(one.reviews_below * 100, 0)
    return finding("find_opportunities.band_demand", "info", about, **values)


def told_balance(one: Balance, usual: float) -> Finding:
    """Where most searches meet one competing offer."""
    return finding(
        "find_opportunities.balance", "info", About(countries=[one.country]),
        category=named(one.category), country=country(one.country), searches=count(one.searches),
        offers=count(one.offers), each=count(round(one.per_offer)), usual=count(round(usual)), units=units(one.units),
    )  # fmt: skip


def told_weak(one: tuple[str, str, Decimal, int, float | None]) -> Finding:
    """A competitor whom many rate low."""
    category, competitor, rating, reviews, against = one
    values = {
        "category": named(category), "competitor": code(competitor), "rating": plain(rating),
        "reviews": count(reviews),
    }  # fmt: skip
    if against is None:
        return finding("find_opportunities.weak_rival", "info", None, **values)
    return finding("find_opportunities.weak_rival_price", "info", None, **values, against=percent(against * 100, 0))


def plain(number: Decimal) -> Value:
    """A number of stars, or an elasticity."""
    return Value(kind="count", value=round(number, 1))
