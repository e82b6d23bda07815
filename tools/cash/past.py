"""Money of sales already made that has not moved yet: payouts on their way, refunds to come, tax to be filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shop.costs.book import Costs
from shop.warehouse import Shop

Floats = NDArray[np.float64]
Place = tuple[str, str]
DEEP_DAYS = 460
LAG_DAYS = 60
YEAR_DAYS = 365
LEAST_REFUNDS = 30
USUAL_LAG = 14


@dataclass(frozen=True)
class Ledger:
    """Days x places of money in base currency: `sales` paid by customers, tax included; `refunds` given back that day.

    `first` is the day of row 0; `places` are country and channel.
    """

    first: date
    places: list[Place]
    sales: Floats
    refunds: Floats


def ledger(shop: Shop, first: date, last: date) -> Ledger:
    """What was sold and given back on each day from first to last, in base currency at the rate of today."""
    costs = Costs.of(shop)
    days = (last - first).days + 1
    sold = shop.rows(
        """
        WITH goods AS (
            SELECT order_id, sum(unit_price * quantity - coalesce(discount, 0)) AS amount FROM order_lines
            WHERE quantity > 0 GROUP BY 1
        )
        SELECT o.country, o.channel, o.currency, o.ordered_at::DATE,
               sum(g.amount + coalesce(o.shipping_charged, 0))::DOUBLE
        FROM orders o JOIN goods g USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL
        """,
        [first, last],
    )
    back = shop.rows(
        "SELECT o.country, o.channel, r.currency, r.refunded_at::DATE, sum(r.amount)::DOUBLE "
        "FROM refunds r JOIN orders o USING (order_id) "
        "WHERE r.refunded_at::DATE BETWEEN ? AND ? AND coalesce(o.status, 'paid') <> 'cancelled' "
        "GROUP BY ALL ORDER BY ALL",
        [first, last],
    )
    places = sorted({(str(row[0]), str(row[1])) for row in (*sold, *back)})
    at = {place: n for n, place in enumerate(places)}
    sales, refunds = np.zeros((days, len(places))), np.zeros((days, len(places)))
    for table, rows in ((sales, sold), (refunds, back)):
        for country, channel, currency, day, amount in rows:
            worth = float(costs.exchange(str(currency), costs.base, costs.as_of))
            table[(day - first).days, at[str(country), str(channel)]] += float(amount) * worth
    return Ledger(first, places, sales, refunds)


def refund_lags(shop: Shop) -> Floats:
    """Share of refunds by days after the order, of refunds of the last year; two weeks where there are too few."""
    rows = shop.rows(
        "SELECT least(greatest(r.refunded_at::DATE - o.ordered_at::DATE, 0), ?), sum(r.amount)::DOUBLE, count(*) FROM refunds r "
        "JOIN orders o USING (order_id) WHERE r.refunded_at::DATE > ? AND r.refunded_at::DATE <= ? "
        "GROUP BY ALL ORDER BY ALL",
        [LAG_DAYS, shop.as_of - timedelta(days=YEAR_DAYS), shop.as_of],
    )
    lags = np.zeros(LAG_DAYS + 1)
    if sum(int(row[2]) for row in rows) < LEAST_REFUNDS:
        lags[USUAL_LAG] = 1.0
        return lags
    for lag, amount, _ in rows:
        lags[int(lag)] += float(amount)
    return np.asarray(lags / lags.sum(), dtype=np.float64)


def delivery_days(shop: Shop) -> dict[Place, int]:
    """(country, channel) -> median days from order to delivery over the last half year."""
    return {
        (str(country), str(channel)): max(round(float(days)), 0)
        for country, channel, days in shop.rows(
            "SELECT o.country, o.channel, median(s.delivered_on - o.ordered_at::DATE) FROM shipments s "
            "JOIN orders o USING (order_id) WHERE s.delivered_on > ? AND s.delivered_on <= ? GROUP BY ALL ORDER BY ALL",
            [shop.as_of - timedelta(days=YEAR_DAYS // 2), shop.as_of],
        )
        if days is not None
    }


def ads_a_day(shop: Shop, days: int) -> float:
    """Mean ad spend a day lately, in base currency."""
    costs = Costs.of(shop)
    spent = shop.rows(
        "SELECT currency, sum(spend)::DOUBLE FROM ad_spend WHERE day > ? AND day <= ? GROUP BY 1 ORDER BY 1",
        [shop.as_of - timedelta(days=days), shop.as_of],
    )
    return (
        sum(float(amount) * float(costs.exchange(str(currency), costs.base, costs.as_of)) for currency, amount in spent)
        / days
    )
