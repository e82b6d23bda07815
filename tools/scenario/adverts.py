"""What advertising sells: the share of sales credited to ads, and how credited sales answer the spend.

A share s of a market's sales comes from ads, and credited sales move with spend to the power e < 1 (diminishing
returns); demand with spend times f is 1 + s (f^e - 1). The power is a pooled slope of log credited sales on log spend
by week, campaigns and weeks taken out, drawn to one half (sd a quarter). Where platforms credit no sales, demand
answers spend by the mean short-term elasticity of the meta-analysis of Sethuraman, Tellis & Briesch (2011), J.
Marketing Research 48(3): 0.12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from shop.costs.market import Market
from shop.errors import ShopError
from shop.warehouse import Shop

Floats = NDArray[np.float64]
WEEKS = 52
QUARTER_DAYS = 91
PRIOR_MEAN, PRIOR_SD = 0.5, 0.25
LITERATURE = 0.12
MOST_SHARE = 0.9
LEAST_ROWS = 30


@dataclass(frozen=True)
class AdResponse:
    """`share` of each market's demand that ads bring, and the power that credited sales go by; `weeks` of data told it."""

    share: Floats
    power: float
    power_sd: float
    weeks: int
    credited: bool

    def factor(self, spend: float) -> Floats:
        """Demand of each market when the spend is multiplied."""
        if not self.credited:
            return np.where(self.share > 0, max(spend, 0.01) ** LITERATURE, 1.0)
        return 1 + self.share * (max(spend, 0.0) ** self.power - 1 if spend > 0 else -1.0)


def ad_response(shop: Shop, markets: Sequence[Market]) -> AdResponse:
    """Ads of the last quarter against revenue, by country; a campaign on a sales channel counts for that channel."""
    share, any_credit = _shares(shop, markets)
    if not any_credit:
        spent = np.array([float(one.ads > 0) for one in markets])
        return AdResponse(spent, LITERATURE, 0.05, 0, False)
    power, sd, weeks = _power(shop)
    return AdResponse(share, power, sd, weeks, True)


def _shares(shop: Shop, markets: Sequence[Market]) -> tuple[Floats, bool]:
    since = shop.as_of - timedelta(days=QUARTER_DAYS - 1)
    sold: dict[tuple[str, str], float] = {}
    for country, channel, currency, amount in shop.rows(
        "SELECT o.country, o.channel, o.currency, sum(l.unit_price * l.quantity)::DOUBLE FROM orders o "
        "JOIN order_lines l USING (order_id) WHERE coalesce(o.status, 'paid') <> 'cancelled' "
        "AND o.ordered_at::DATE BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL",
        [since, shop.as_of],
    ):
        sold[str(country), str(channel)] = sold.get((str(country), str(channel)), 0.0) + _base(shop, amount, currency)
    own: dict[tuple[str, str], float] = {}
    elsewhere: dict[str, float] = {}
    for country, where, currency, amount in shop.rows(
        "SELECT country, channel, currency, sum(sales)::DOUBLE FROM ad_spend WHERE day BETWEEN ? AND ? AND sales > 0 "
        "GROUP BY ALL ORDER BY ALL",
        [since, shop.as_of],
    ):
        worth = _base(shop, amount, currency)
        if (str(country), str(where)) in sold:
            own[str(country), str(where)] = own.get((str(country), str(where)), 0.0) + worth
        else:
            elsewhere[str(country)] = elsewhere.get(str(country), 0.0) + worth
    paid = {(one.country, one.channel) for one in markets if one.ads > 0}
    shared = {land: sum(n for (c, w), n in sold.items() if c == land and (c, w) in paid) for land in elsewhere}
    found = []
    for one in markets:
        place = (one.country, one.channel)
        total = sold.get(place, 0.0)
        credit = own.get(place, 0.0) / total if total else 0.0
        rest = (
            elsewhere.get(one.country, 0.0) / shared[one.country] if place in paid and shared.get(one.country) else 0.0
        )
        found.append(min(credit + rest, MOST_SHARE) if one.ads > 0 else 0.0)
    return np.array(found), bool(own or elsewhere)


def _base(shop: Shop, amount: float, currency: str) -> float:
    from shop import fx

    try:
        return float(amount) * float(fx.rate(str(currency), shop.base_currency, shop.as_of))
    except ShopError:
        return 0.0


def _power(shop: Shop) -> tuple[float, float, int]:
    rows = shop.rows(
        "SELECT campaign || '/' || country || '/' || channel || '/' || coalesce(sku, ''), "
        "datediff('day', ?::DATE, day) // 7 AS week, sum(spend)::DOUBLE, sum(sales)::DOUBLE FROM ad_spend "
        "WHERE day > ? AND day <= ? GROUP BY ALL HAVING sum(spend) > 0 AND sum(sales) > 0 ORDER BY ALL",
        [shop.as_of - timedelta(weeks=WEEKS), shop.as_of - timedelta(weeks=WEEKS), shop.as_of],
    )
    if len(rows) < LEAST_ROWS:
        return PRIOR_MEAN, PRIOR_SD, len(rows)
    series = np.unique([str(row[0]) for row in rows], return_inverse=True)[1]
    week = np.unique([int(row[1]) for row in rows], return_inverse=True)[1]
    spend, sales = (np.log([float(row[at]) for row in rows]) for at in (2, 3))
    for _ in range(20):
        for group in (series, week):
            count = np.bincount(group)
            spend = spend - (np.bincount(group, spend) / count)[group]
            sales = sales - (np.bincount(group, sales) / count)[group]
    said = float(spend @ spend)
    if said < 1e-6:
        return PRIOR_MEAN, PRIOR_SD, len(rows)
    slope = float(spend @ sales) / said
    noise = float(((sales - slope * spend) ** 2).sum()) / max(
        len(rows) - len(np.unique(series)) - len(np.unique(week)), 1
    )
    precision = said / max(noise, 1e-9)
    total = precision + PRIOR_SD**-2
    power = (slope * precision + PRIOR_MEAN * PRIOR_SD**-2) / total
    return float(np.clip(power, 0.0, 1.0)), total**-0.5, len(rows)
