"""Competing offers of the last weeks in the base currency: bands, ratings, and who asks an unusual price."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import numpy as np

from shop.warehouse import Shop
from tools.opportunities.market import Market, in_base
from tools.opportunities.significance import discoveries, two_sided

RECENT_DAYS = 56
REVIEW_DAYS = 364
LEAST_PEERS = 3
LEAST_SPREAD = 0.03  # log; prices are rounded and drift at least this much
LEAST_GAP = 0.18  # log: smaller differences are no gap to act on
MEDIAN_WORTH = 0.37  # efficiency of the median absolute deviation: how much fewer values its spread rests on
SPREAD_OF_NORMAL = 1.4826  # median absolute deviation to standard deviation


@dataclass(frozen=True)
class Offer:
    """A competitor's product in one country and channel; `price` and `ours` are medians of the recent weeks in the
    base currency, `against` is price over ours, `new_reviews` were written within a year."""

    category: str
    country: str
    channel: str
    competitor: str
    title: str
    sku: str | None
    price: Decimal
    against: float | None
    rating: Decimal | None
    reviews: int
    new_reviews: int
    days: int
    last: date


@dataclass(frozen=True)
class Band:
    """What competitors ask for goods of a category in a country, in the base currency, and where we stand.

    `cheaper` and `dearer` are the nearest competitors' price over ours, medians over SKUs and channels.
    """

    category: str
    country: str
    competitors: int
    offers: int
    low: Decimal
    middle: Decimal
    high: Decimal
    ours: Decimal | None
    dearer_share: float | None
    rating: float | None
    tiers: tuple[tuple[str, float, float | None], ...]
    reviews_a_year: int
    reviews_below: float | None
    offers_below: float | None


@dataclass(frozen=True)
class Gap:
    """A competitor who asks, in one country, another share of our price than elsewhere, beyond chance.

    `against` and `usual` are shares of our price; `shrunk` is the log difference pulled toward zero by what differences
    of that size are worth; `chance` is the false-discovery rate at which it is found.
    """

    category: str
    country: str
    competitor: str
    against: float
    usual: float
    shrunk: float
    chance: float
    days: int
    offers: int
    skus: tuple[str, ...]
    channels: tuple[str, ...]


def offers(shop: Shop, market: Market) -> list[Offer]:
    """The offers seen in the last eight weeks of the table, in every country and category."""
    newest = shop.rows("SELECT max(day) FROM competitor_prices WHERE day <= ?", [shop.as_of])[0][0]
    if newest is None:
        return []
    start = newest - timedelta(days=RECENT_DAYS - 1)
    rows = shop.rows(
        "SELECT day, category, country, channel, competitor, title, sku, price, currency, rating, reviews "
        "FROM competitor_prices WHERE day BETWEEN ?::DATE AND ?::DATE AND price > 0 ORDER BY day, competitor, title",
        [start, shop.as_of],
    )
    before = {
        tuple(map(str, key)): int(count)
        for *key, count in shop.rows(
            "SELECT country, channel, competitor, title, arg_max(reviews, day) FROM competitor_prices "
            "WHERE day <= ? AND reviews IS NOT NULL GROUP BY 1, 2, 3, 4",
            [newest - timedelta(days=REVIEW_DAYS)],
        )
    }
    groups: dict[tuple[str, str, str, str, str], list[tuple[object, ...]]] = defaultdict(list)
    for row in rows:
        groups[str(row[1]), str(row[2]), str(row[3]), str(row[4]), str(row[5])].append(row)
    found = []
    for (category, country, channel, competitor, title), seen in groups.items():
        offer = _offer(shop, market, category, country, channel, competitor, title, seen, before)
        if offer is not None:
            found.append(offer)
    return found


def _offer(
    shop: Shop, market: Market, category: str, country: str, channel: str, competitor: str, title: str,
    seen: Sequence[tuple[object, ...]], before: dict[tuple[str, ...], int],
) -> Offer | None:  # fmt: skip
    last = seen[-1]
    sku = None if last[6] is None else str(last[6])
    own = market.asking.get((sku, country, channel)) if sku else None
    prices: list[Decimal] = []
    shares: list[float] = []
    for row in seen:
        day, amount, currency = row[0], row[7], str(row[8])
        assert isinstance(day, date)
        assert isinstance(amount, Decimal)
        worth = in_base(shop, amount, currency, day)
        if worth is None:
            continue
        prices.append(worth)
        if own is not None and own[1] == currency:
            shares.append(float(amount / own[0]))
        elif (own is not None and (mine := in_base(shop, own[0], own[1], day))) or (
            sku and (mine := market.price.get((sku, country)))
        ):
            shares.append(float(worth / mine))
    if not prices:
        return None
    now = int(str(last[10])) if last[10] is not None else 0
    old = before.get((country, channel, competitor, title))
    return Offer(
        category, country, channel, competitor, title, sku, median(prices), median(shares) if shares else None,
        Decimal(str(last[9])) if last[9] is not None else None, now, max(now - old, 0) if old is not None else 0,
        len(seen), last[0] if isinstance(last[0], date) else shop.as_of,
    )  # fmt: skip


def bands(market: Market, found: Sequence[Offer]) -> list[Band]:
    """One band for each category and country, the fullest first."""
    groups: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    for one in found:
        groups[one.category, one.country].append(one)
    told = [_band(market, category, country, group) for (category, country), group in sorted(groups.items())]
    return told


def _band(market: Market, category: str, country: str, group: Sequence[Offer]) -> Band:
    prices = sorted(one.price for one in group)
    own = [
        market.price[sku, country]
        for sku, item in market.items.items()
        if item.category == category and (sku, country) in market.price
    ]
    rivals: dict[str, list[Offer]] = defaultdict(list)
    for one in group:
        rivals[one.competitor].append(one)
    tiers = []
    for name, theirs in rivals.items():
        shares = [one.against for one in theirs if one.against is not None]
        ratings = [float(one.rating) for one in theirs if one.rating is not None]
        if shares:
            tiers.append((name, median(shares), float(np.mean(ratings)) if ratings else None))
    tiers.sort(key=lambda one: one[1])
    compared = [one for one in group if one.against is not None]
    weight = [(float(one.rating), one.reviews) for one in group if one.rating is not None]
    reviewed = sum(n for _, n in weight)
    fresh = sum(one.new_reviews for one in compared)
    below = [one for one in compared if one.against is not None and one.against < 1]
    return Band(
        category, country, len(rivals), len(group), prices[0], median(prices), prices[-1],
        median(own) if own else None,
        1 - len(below) / len(compared) if compared else None,
        sum(rating * n for rating, n in weight) / reviewed if reviewed else None,
        tuple(tiers), sum(one.new_reviews for one in group),
        sum(one.new_reviews for one in below) / fresh if fresh else None,
        len(below) / len(compared) if compared else None,
    )  # fmt: skip


def gaps(found: Sequence[Offer], rate: float = 0.1) -> list[Gap]:
    """Competitors far from their usual share of our price, at a false-discovery rate.

    A competitor's level in a country is the median log of its price over ours; the usual level is its median in the
    other countries. The spread of all such differences (median absolute deviation) is the noise; differences are tested
    with a t distribution and controlled by Benjamini and Hochberg (1995). At least three other countries are needed.
    """
    levels: dict[tuple[str, str], dict[str, list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        if one.against is not None and one.against > 0:
            levels[one.category, one.competitor][one.country].append(one)
    cells = []
    for (category, competitor), by_country in levels.items():
        level = {
            name: median(math.log(one.against) for one in theirs if one.against) for name, theirs in by_country.items()
        }
        for country, here in level.items():
            others = [value for name, value in level.items() if name != country]
            if len(others) >= LEAST_PEERS:
                cells.append((category, competitor, country, here, median(others), by_country[country]))
    if not cells:
        return []
    differences = np.array([here - usual for *_, here, usual, _ in cells])
    spread = max(SPREAD_OF_NORMAL * float(np.median(np.abs(differences))), LEAST_SPREAD)
    chances = two_sided(differences / spread, degrees=max(round(MEDIAN_WORTH * (len(cells) - len(levels))), 4))
    keep = 1 - spread**2 / max(float(np.mean(differences**2)), spread**2)
    told = []
    for (category, competitor, country, here, usual, theirs), q in zip(cells, discoveries(chances), strict=True):
        difference = here - usual
        if q > rate or abs(difference) < LEAST_GAP:
            continue
        told.append(
            Gap(
                category, country, competitor, math.exp(here), math.exp(usual),
                difference * max(keep, 1 - (spread / difference) ** 2), float(q), max(one.days for one in theirs),
                len(theirs), tuple(sorted({one.sku for one in theirs if one.sku})),
                tuple(sorted({one.channel for one in theirs})),
            )
        )  # fmt: skip
    return sorted(told, key=lambda one: (-abs(one.shrunk), one.category, one.country))
