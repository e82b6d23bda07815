"""The tables and the chart behind the opportunities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.contract import Chart, Column, Kind, Table
from tools.opportunities.gains import Opportunity
from tools.opportunities.market import Market
from tools.opportunities.offers import Band
from tools.opportunities.searches import Answer
from tools.opportunities.voices import Complaint

CHART_PLACES = 24
_RIVALS, _OURS = "#94a3b8", "#0d9488"


def ranking(found: Sequence[Opportunity], base: str) -> Table:
    """Every opportunity by expected yearly gross profit, with its interval and evidence."""
    return _table(
        "Opportunities by expected yearly gross profit",
        [
            ("kind", "code", None), ("country", "country", None), ("subject", "quote", None), ("SKU", "sku", None),
            ("gross profit a year", "money", base), ("P10", "money", base), ("P90", "money", base),
            ("days of data", "days", None), ("evidence", "count", None), ("counted", "code", None),
        ],
        [
            [
                one.kind, one.country, one.subject, one.skus[0] if len(one.skus) == 1 else None,
                *([_cell(one.gain.mean), _cell(one.gain.low), _cell(one.gain.high)] if one.gain else [None] * 3),
                one.evidence_days, one.evidence_count, one.evidence_of,
            ]
            for one in found
        ],
    )  # fmt: skip


def band_table(found: Sequence[Band], base: str) -> Table:
    """Competitor prices by category and country, our price, and where the new reviews went."""
    return _table(
        "Price bands",
        [
            ("category", "code", None), ("country", "country", None), ("competitors", "count", None),
            ("offers", "count", None), ("lowest", "money", base), ("median", "money", base), ("highest", "money", base),
            ("our price", "money", base), ("cheaper than us", "percent", None), ("rating", "ratio", None),
            ("new reviews a year", "count", None), ("of them at cheaper offers", "percent", None),
        ],
        [
            [
                one.category, one.country, one.competitors, one.offers, _cell(one.low), _cell(one.middle),
                _cell(one.high), _cell(one.ours), _share(one.offers_below),
                None if one.rating is None else round(one.rating, 1), one.reviews_a_year, _share(one.reviews_below),
            ]
            for one in found
        ],
    )  # fmt: skip


def rival_table(found: Sequence[Band]) -> Table:
    """Each competitor's price against ours and its rating."""
    return _table(
        "Competitors against our price",
        [
            ("category", "code", None), ("country", "country", None), ("competitor", "code", None),
            ("price against ours", "percent", None), ("rating", "ratio", None),
        ],
        [
            [one.category, one.country, name, _share(against), None if rating is None else round(rating, 1)]
            for one in found
            for name, against, rating in one.tiers
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class Balance:
    """Demand against supply: searches a year that our SKUs of a category answer, competing offers, and our units."""

    category: str
    country: str
    searches: int
    offers: int
    units: int

    @property
    def per_offer(self) -> float:
        """Searches a year for one competing offer."""
        return self.searches / self.offers


def balances(market: Market, answers: Sequence[Answer], found: Sequence[Band]) -> list[Balance]:
    """Categories and countries with searches or sales, most searches for an offer first."""
    searched: dict[tuple[str, str], float] = defaultdict(float)
    for one in answers:
        if one.sku is not None and one.sku in market.items:
            searched[market.items[one.sku].category, one.term.country] += one.term.year
    told = []
    for band in found:
        asked = searched.get((band.category, band.country), 0.0)
        sold = sum(market.year(s, band.country) for s, item in market.items.items() if item.category == band.category)
        if asked or sold:
            told.append(Balance(band.category, band.country, round(asked), band.offers, round(sold)))
    return sorted(told, key=lambda one: (-one.per_offer, one.category, one.country))


def balance_table(found: Sequence[Balance]) -> Table:
    """Demand against supply by category and country."""
    return _table(
        "Demand against supply",
        [
            ("category", "code", None), ("country", "country", None), ("searches a year", "count", None),
            ("competing offers", "count", None), ("searches per offer", "count", None), ("our units a year", "units", None),
        ],
        [
            [one.category, one.country, one.searches, one.offers, round(one.per_offer), one.units] for one in found
        ],
    )  # fmt: skip


def complaint_table(found: Sequence[Complaint]) -> Table:
    """What low reviews name, by category and aspect."""
    from tools.messages import wordings

    return _table(
        "Complaints by aspect",
        [
            ("category", "code", None), ("aspect", "words", None), ("named", "count", None), ("reviews", "count", None),
            ("share", "percent", None), ("other categories", "percent", None), ("SKU", "sku", None), ("words", "quote", None),
        ],
        [
            [
                one.category, wordings()[f"aspect.{one.aspect}"]["en"], one.named, one.reviews, _share(one.rate),
                _share(one.usual), one.sku, one.quote,
            ]
            for one in found
        ],
    )  # fmt: skip


def band_chart(found: Sequence[Band], base: str) -> Chart:
    """Lowest to highest competing price with the median, and our price, by category and country."""
    shown = [one for one in found if one.ours is not None][:CHART_PLACES] or list(found[:CHART_PLACES])
    names = [f"{one.category} {one.country}" for one in shown]
    middle = [_plain(one.middle) for one in shown]
    spread = {
        "type": "data", "symmetric": False, "array": [_plain(one.high - one.middle) for one in shown],
        "arrayminus": [_plain(one.middle - one.low) for one in shown], "color": _RIVALS, "thickness": 4, "width": 0,
    }  # fmt: skip
    ours = [None if one.ours is None else _plain(one.ours) for one in shown]
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "markers", "name": "competitors", "x": names, "y": middle, "error_y": spread,
         "marker": {"color": _RIVALS, "size": 9}},
        {"type": "scatter", "mode": "markers", "name": "our price", "x": names, "y": ours,
         "marker": {"color": _OURS, "size": 11, "symbol": "diamond"}},
    ]  # fmt: skip
    layout = {
        "title": {"text": "Price bands"}, "yaxis": {"title": {"text": base}, "rangemode": "tozero"},
        "legend": {"orientation": "h"}, "margin": {"l": 50, "r": 20, "t": 50, "b": 90},
    }  # fmt: skip
    return Chart(title="Price bands", figure={"data": data, "layout": layout})


def _table(title: str, columns: Sequence[tuple[str, Kind, str | None]], rows: list[list[Any]]) -> Table:
    return Table(
        title=title, columns=[Column(name=name, kind=kind, unit=unit) for name, kind, unit in columns], rows=rows
    )


def _cell(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _share(part: float | None) -> float | None:
    return None if part is None else round(part * 100, 1)


def _plain(amount: Decimal) -> float:
    return float(round(amount, 2))
