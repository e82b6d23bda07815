"""What buyers complain about, by aspect, in their own words; and how competing goods are rated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shop.warehouse import Shop
from tools.opportunities.market import Market
from tools.opportunities.significance import discoveries

ASPECTS = Path(__file__).resolve().parent.parent.parent / "prompts" / "aspects.yaml"
LOW_RATING = 3
DAYS = 730
LEAST_NAMED = 3
PRIOR_REVIEWS = 8.0  # reviews at the shop's own rate that a category's rate is shrunk with
SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")
QUOTED_LENGTH = 160
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|never|without|kein\w*|nicht|ohne|aucune?|sans|pas|jamais)\s+(?:\w+\s+)?$|[不没無无未]\s?$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(r"\w*\s+(?:nicht|pas)\b|\w{0,3}(?:ない|ません|なし)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


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

    A review counts once for an aspect when it has at most three stars and a sentence with one of the aspect's words.
    Tested by the binomial tail against the share in the other categories.
    """
    since = shop.as_of - timedelta(days=DAYS)
    rows = shop.rows(
        "SELECT sku, rating, coalesce(title, ''), text, country, reviewed_on FROM reviews "
        "WHERE reviewed_on BETWEEN ?::DATE AND ?::DATE AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], country)) "
        "ORDER BY reviewed_on DESC, review_id",
        [since, shop.as_of, list(countries), list(countries)],
    )
    total: dict[str, int] = defaultdict(int)
    named: dict[tuple[str, str], list[tuple[str, str, str, date]]] = defaultdict(list)
    for sku, rating, title, text, country, day in rows:
        item = market.items.get(str(sku))
        if item is None or not item.category:
            continue
        total[item.category] += 1
        if rating > LOW_RATING:
            continue
        for aspect, sentence in spoken(f"{title}. {text}" if title else str(text)).items():
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


def spoken(text: str) -> dict[str, str]:
    """The aspects a review names, each with the first sentence that does."""
    found: dict[str, str] = {}
    for sentence in SENTENCE.split(text):
        plain = sentence.casefold()
        for aspect, pattern in _patterns().items():
            if aspect not in found and any(not _denied(plain, hit) for hit in pattern.finditer(plain)):
                found[aspect] = sentence.strip()[:QUOTED_LENGTH]
    return found


def _denied(sentence: str, hit: re.Match[str]) -> bool:
    """ "No smell", "does not slip", "rutscht nicht", "不滑": the aspect is praised."""
    before, after = sentence[: hit.start()], sentence[hit.end() :]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after))


@cache
def _aspects() -> dict[str, Any]:
    import yaml

    return dict(yaml.load(ASPECTS.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for aspect, entry in _aspects().items():
        parts = [re.escape(w) if _CJK.search(w) else rf"\b{re.escape(w.casefold())}" for w in map(str, entry)]
        found[aspect] = re.compile("|".join(parts))
    return found
