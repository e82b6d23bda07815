"""What buyers complain about, by aspect, in their own words; and how competing goods are rated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.aspects import OVERALL
from knowledge.opinions import opinions
from shop.warehouse import Shop
from tools.opportunities.market import Market
from tools.opportunities.significance import discoveries

LOW_RATING = 3
DAYS = 730
LEAST_NAMED = 3
PRIOR_REVIEWS = 8.0  # reviews at the shop's own rate that a category's rate is shrunk with
QUOTED_LENGTH = 160


@dataclass(frozen=True)
class Complaint:
    """An aspect that low reviews (three stars and less) of a category name. `rate` is the share of all its reviews,
    shrunk toward `usual`, that of the whole shop; `chance` the false-discovery rate of its being higher."""

    category: str
    aspect: str
    named: int
    reviews: int
    rate: float
    usual: float
    chance: float
    sku: str
    quote: str
    country: str
    day: date


def complaints(shop: Shop, market: Market, categories: Sequence[str], countries: Sequence[str]) -> list[Complaint]:
    """Complaints by category and aspect, those named most above the shop's usual share first.

    A review counts once for an aspect when it has at most three stars and a clause that complains about it.
    Tested by the binomial tail against the share in the other categories.
    """
    since = shop.as_of - timedelta(days=DAYS)
    rows = shop.rows(
        "SELECT sku, rating, coalesce(title, ''), text, country, reviewed_on, language FROM reviews "
        "WHERE reviewed_on BETWEEN ?::DATE AND ?::DATE AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], country)) "
        "ORDER BY reviewed_on DESC, review_id",
        [since, shop.as_of, list(countries), list(countries)],
    )
    total: dict[str, int] = defaultdict(int)
    named: dict[tuple[str, str], list[tuple[str, str, str, date]]] = defaultdict(list)
    for sku, rating, title, text, country, day, language in rows:
        item = market.items.get(str(sku))
        if item is None or not item.category:
            continue
        total[item.category] += 1
        if rating > LOW_RATING:
            continue
        for aspect, sentence in spoken(f"{title}. {text}" if title else str(text), language).items():
            named[item.category, aspect].append((str(sku), sentence, str(country), day))
    everything = sum(total.values())
    cells = [(category, aspect) for category, aspect in sorted(named) if category in categories]
    if not cells:
        return []
    rates = []
    for category, aspect in cells:
        elsewhere = sum(len(found) for (other, same), found in named.items() if same == aspect and other != category)
        others = everything - total[category]
        rates.append((elsewhere + 0.5) / (others + 1) if others else 0.0)
    found = _tested(cells, named, total, rates)
    return sorted(found, key=lambda one: (one.chance, -one.named, one.category, one.aspect))


def _tested(
    cells: Sequence[tuple[str, str]], named: dict[tuple[str, str], list[tuple[str, str, str, date]]],
    total: dict[str, int], rates: Sequence[float],
) -> list[Complaint]:  # fmt: skip
    import numpy as np
    from scipy.special import bdtrc

    chances = np.array([
        float(bdtrc(len(named[cell]) - 1, total[cell[0]], min(rate, 1.0))) if rate else 1.0
        for cell, rate in zip(cells, rates, strict=True)
    ])  # fmt: skip
    found = []
    for cell, usual, q in zip(cells, rates, discoveries(chances), strict=True):
        category, aspect = cell
        said = named[cell]
        if len(said) < LEAST_NAMED:
            continue
        sku, quote, country, day = min(said, key=lambda one: (abs(len(one[1]) - 60), one[1]))
        shrunk = (len(said) + PRIOR_REVIEWS * usual) / (total[category] + PRIOR_REVIEWS)
        found.append(
            Complaint(category, aspect, len(said), total[category], shrunk, usual, float(q), sku, quote, country, day)
        )
    return found


def spoken(text: str, language: str | None = None) -> dict[str, str]:
    """The aspects a review complains about, each with the first sentence that does."""
    found: dict[str, str] = {}
    for one in opinions(text, language):
        if one.polarity < 0 and one.aspect != OVERALL:
            found.setdefault(one.aspect, one.sentence[:QUOTED_LENGTH])
    return found
