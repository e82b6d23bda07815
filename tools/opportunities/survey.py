"""All opportunities of a shop: looked for everywhere, since the statistics need it, then told for what was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np

from shop.calendar import events_between
from shop.warehouse import Shop
from tools.opportunities import searches, telling
from tools.opportunities.gains import (
    CLOSED_SHARE,
    DRAWS,
    NEWCOMER_SHARE,
    SEED,
    Gain,
    Kind,
    Opportunity,
    gain,
    ranked,
)
from tools.opportunities.market import YEAR_WEEKS, Market, market
from tools.opportunities.meaning import alike_groups
from tools.opportunities.offers import Band, Offer, bands, gaps, offers
from tools.opportunities.pricing import room
from tools.opportunities.reach import closing, thin
from tools.opportunities.seasons import Window, windows
from tools.opportunities.supply_time import routes
from tools.opportunities.voices import Complaint, complaints

KINDS_OF_EVENT = ("sale", "gift", "season")
WEAK_RATING = 4.0
WEAK_REVIEWS = 100
LEADING = 20  # best sellers of a category whose profit stands for it
ZERO = Decimal(0)


@dataclass(frozen=True)
class Need:
    """One thing that people search for in several countries and no product of ours answers."""

    terms: tuple[str, ...]
    countries: tuple[str, ...]
    searched: int
    gain: Gain | None


@dataclass(frozen=True)
class Survey:
    """What was found for the countries and the category asked for (empty: all); opportunities are ranked."""

    market: Market
    opportunities: list[Opportunity]
    needs: list[Need]
    bands: list[Band]
    weak: list[tuple[str, str, Decimal, int, float | None]]
    complaints: list[Complaint]
    answers: list[searches.Answer]
    places: tuple[str, ...]
    categories: tuple[str, ...]
    rows: dict[str, int]


def survey(shop: Shop, countries: Sequence[str], category: str, horizon_days: int) -> Survey:
    """Look at competitors, searches, countries, seasons and reviews. Statistics use the whole shop."""
    books = market(shop)
    competing = offers(shop, books)
    places = tuple(countries) or tuple(dict.fromkeys([*books.countries, *sorted({one.country for one in competing})]))
    categories = (category,) if category else books.categories or ("",)
    every_band = bands(books, competing)
    brands = [shop.name, *sorted({one.competitor for one in competing})]
    asked_for = searches.answers(books, searches.terms(shop), brands) if shop.count("searches") else []
    found = [
        *_terms(books, asked_for, category),
        *_prices(shop, books, competing, every_band, categories),
        *_reach(books, categories),
        *_seasons(shop, books, places, categories, horizon_days),
    ]
    shown = [one for one in found if one.country in places]
    wanted = {*categories, *({one.category for one in competing} if not category else ())}
    seen = [one for one in every_band if one.country in places and one.category in wanted]
    rows = {
        **books.rows, "competitor_prices": sum(one.days for one in competing),
        "searches": shop.count("searches") if asked_for else 0, "reviews": shop.count("reviews"),
    }  # fmt: skip
    return Survey(
        books, ranked(shown), _needs(ranked(shown)), seen, _weak(competing, wanted, places),
        complaints(shop, books, categories, list(countries)), [one for one in asked_for if one.term.country in places],
        places, categories, {name: n for name, n in rows.items() if n},
    )  # fmt: skip


def _profits(books: Market, country: str, category: str = "") -> list[Decimal]:
    """What our SKUs earn a unit in a country (of a category, where it is known), else anywhere."""
    own = [sku for sku, item in books.items.items() if category and item.category == category]
    return books.profit.several(country, own) or books.profit.several(country, books.items)


def _terms(books: Market, found: Sequence[searches.Answer], category: str) -> list[Opportunity]:
    rates = searches.per_search(books, found)
    risen = {(one.answer.term.country, one.answer.term.term): one for one in searches.rising(books, found)}
    missing = {(one.term.country, one.term.term): one for one in searches.unmet(found)}
    told = []
    for key in dict.fromkeys([*missing, *risen]):
        rise = risen.get(key)
        one = missing[key] if key in missing else risen[key].answer
        near = one.sku or one.near
        if category and (near is None or books.items[near].category != category):
            continue
        share = np.random.default_rng(SEED).uniform(*NEWCOMER_SHARE, DRAWS)
        weekly = one.term.year / YEAR_WEEKS if rise is None else rise.weekly
        if one.sku is not None and rise is not None:
            weekly = max(rise.weekly - rise.before, 0.0)
        units = searches.units_a_year(one.term, weekly, rates, DRAWS, SEED) * share
        earns = _profits(books, one.term.country, books.items[one.sku].category if one.sku else "")
        worth = gain(units, earns) if rates else None
        kind = "unmet" if rise is None else "rising"
        told.append(
            Opportunity(
                cast(Kind, kind), one.term.country, one.term.term, (one.sku,) if one.sku else (), worth,
                one.term.days, round(one.term.year), "searches",
                telling.told_term(books, one, rise, worth, float(units.mean())),
            )
        )  # fmt: skip
    return told


def _needs(found: Sequence[Opportunity]) -> list[Need]:
    """Unanswered terms of near meaning in two countries and more, the most profitable first; their gains add up."""
    open_terms: dict[str, list[Opportunity]] = defaultdict(list)
    for one in found:
        if one.kind in ("unmet", "rising") and not one.skus:
            open_terms[one.subject].append(one)
    told = []
    for group in alike_groups(list(open_terms)):
        members = [one for term in group for one in open_terms[term]]
        places = tuple(dict.fromkeys(one.country for one in members))
        if len(places) < 2:
            continue
        gains = [one.gain for one in members if one.gain is not None]
        whole = Gain(
            sum((g.low for g in gains), ZERO), sum((g.mean for g in gains), ZERO), sum((g.high for g in gains), ZERO)
        )
        told.append(Need(tuple(group), places, sum(one.evidence_count for one in members), whole if gains else None))
    return sorted(told, key=lambda one: (-(one.gain.mean if one.gain else ZERO), one.terms))


def _prices(
    shop: Shop, books: Market, competing: Sequence[Offer], every_band: Sequence[Band], categories: Sequence[str]
) -> list[Opportunity]:
    by_place = {(one.category, one.country): one for one in every_band}
    told = []
    for gap in gaps(competing):
        if gap.category not in categories:
            continue
        band = by_place.get((gap.category, gap.country))
        space = room(shop, books, gap, band)
        if space is None:
            continue
        told.append(
            Opportunity(
                "price", gap.country, f"{gap.category}: {gap.competitor}", gap.skus, space.gain, gap.days * 7,
                gap.offers * gap.days, "prices", telling.told_price(books, space),
            )
        )  # fmt: skip
    return told


def _reach(books: Market, categories: Sequence[str]) -> list[Opportunity]:
    closed = np.random.default_rng(SEED + 1).uniform(*CLOSED_SHARE, DRAWS)
    told = []
    for one in thin(books):
        if books.items[one.sku].category not in categories:
            continue
        mine = books.profit.of(one.sku, one.country)
        earns = [mine] if mine is not None else books.profit.anywhere(one.sku)
        worth = gain(closing(one, closed, DRAWS, SEED), earns)
        told.append(
            Opportunity(
                "reach", one.country, one.sku, (one.sku,), worth, YEAR_WEEKS * 7, round(one.units), "units",
                telling.told_reach(books, one, worth),
            )
        )  # fmt: skip
    return told


def _seasons(
    shop: Shop, books: Market, places: Sequence[str], categories: Sequence[str], horizon_days: int
) -> list[Opportunity]:
    ways = routes(shop, places)
    told = []
    for one in windows(books, places, categories, horizon_days, ways):
        random = np.random.default_rng(SEED)
        units = one.extra * np.exp(random.normal(-(one.spread**2) / 2, one.spread, DRAWS))
        weights = [(books.year(sku, one.country), books.profit.of(sku, one.country)) for sku in one.skus[:LEADING]]
        known = [(sold, earns) for sold, earns in weights if earns is not None and sold > 0]
        worth: Gain | None = None
        if known:
            mean = sum((Decimal(round(sold)) * earns for sold, earns in known), Decimal(0)) / sum(
                round(sold) for sold, _ in known
            )
            worth = gain(units, [mean])
        told.append(
            Opportunity(
                "season", one.country, one.category, one.skus, worth, one.years * YEAR_WEEKS * 7,
                round(sum(sold for sold, _ in weights)), "units",
                telling.told_window(books, one, worth, _event(one, shop.vocabulary.channels)),
            )
        )  # fmt: skip
    return told


def _event(one: Window, channels: Sequence[str]) -> str | None:
    """The sales or gift event that begins in the window, else one that runs through it."""
    inside = [
        event
        for event in events_between(one.start, one.end, one.country)
        if event.kind in KINDS_OF_EVENT and (not event.channels or set(event.channels) & set(channels))
    ]
    if not inside:
        return None
    rank = {kind: place for place, kind in enumerate(KINDS_OF_EVENT)}
    return min(inside, key=lambda event: (event.start < one.start, rank[event.kind], event.start, event.name)).name


def _weak(
    competing: Sequence[Offer], wanted: set[str], places: Sequence[str]
) -> list[tuple[str, str, Decimal, int, float | None]]:
    """Competitors rated below four stars by many, the most reviewed first: category, name, rating, reviews, price."""
    groups: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    for one in competing:
        if one.category in wanted and one.country in places and one.rating is not None:
            groups[one.category, one.competitor].append(one)
    told = []
    for (category, name), theirs in sorted(groups.items()):
        ratings = [one.rating for one in theirs if one.rating is not None]
        rating = sum(ratings, Decimal(0)) / len(ratings)
        reviews = max(one.reviews for one in theirs)
        shares = [one.against for one in theirs if one.against is not None]
        if rating < Decimal(str(WEAK_RATING)) and reviews >= WEAK_REVIEWS:
            told.append((category, name, rating, reviews, float(np.median(shares)) if shares else None))
    return sorted(told, key=lambda one: (-one[3], one[0], one[1]))
