"""What stands around a forecast: how it splits over countries and channels, what comes back, what the calendar holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shop.calendar import SalesEvent, events_between
from shop.warehouse import Shop
from tools.forecasting.outcome import Forecast
from tools.forecasting.series import Scope
from tools.forecasting.set_apart import ids_apart

SPLIT_DAYS = 91
RETURN_DAYS, RETURNS_ARRIVE = 180, 30
LEAST_SOLD = 30
TOLD = ("sale", "gift", "holiday", "deadline")


@dataclass(frozen=True)
class Part:
    """One country and channel of the forecast, in whole units; the parts add up to the total."""

    country: str
    channel: str
    units: int


@dataclass(frozen=True)
class Returns:
    """Share of units sent back, from `sold` units ordered long enough ago to have come back."""

    share: float
    sold: int
    rows: int


@dataclass(frozen=True)
class Doubtful:
    """Lines with a quantity of nothing or less, and lines beyond the first of an order and line number."""

    none: int
    twice: int


_DOUBTFUL = """
    SELECT coalesce(count(*) FILTER (WHERE l.quantity <= 0), 0),
           count(*) - count(DISTINCT (l.order_id, l.line)) FROM orders o JOIN order_lines l USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE <= ?::DATE
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
"""
_WHERE = """
    coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
    AND o.order_id NOT IN (SELECT unnest(?::VARCHAR[]))
    AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
    AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
    AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
"""
_SPLIT = (
    "SELECT o.country, o.channel, sum(l.quantity)::DOUBLE FROM orders o JOIN order_lines l USING (order_id) WHERE"  # noqa: S608
    + _WHERE
    + "GROUP BY ALL ORDER BY 3 DESC, 1, 2"
)
_SOLD = "SELECT coalesce(sum(l.quantity), 0) FROM orders o JOIN order_lines l USING (order_id) WHERE" + _WHERE  # noqa: S608
_BACK = (
    "SELECT coalesce(sum(least(r.quantity, l.quantity)), 0), count(*) FROM refunds r JOIN "  # noqa: S608
    "(SELECT order_id, sku, sum(quantity) AS quantity FROM order_lines GROUP BY ALL) l USING (order_id, sku) "
    "JOIN orders o USING (order_id) WHERE" + _WHERE
)


def doubtful(shop: Shop, scope: Scope) -> Doubtful:
    """Order lines of the scope up to as_of that the forecast does not take at their word."""
    asked = [shop.as_of, *_filters(scope)]
    none, twice = shop.rows(_DOUBTFUL, asked)[0]
    return Doubtful(int(none), int(twice))


def split(shop: Shop, scope: Scope, units: float) -> list[Part]:
    """The forecast by country and channel, by what each took of the last thirteen weeks; most units first.

    Whole units that add up exactly (largest remainders). Empty where there is only one country and channel.
    """
    first = shop.as_of - timedelta(days=SPLIT_DAYS - 1)
    rows = shop.rows(_SPLIT, [first, shop.as_of, ids_apart(shop), *_filters(scope)])
    everything = sum(float(row[2]) for row in rows)
    if len(rows) < 2 or everything <= 0:
        return []
    exact = [units * float(row[2]) / everything for row in rows]
    whole = [int(one) for one in exact]
    missing = round(units) - sum(whole)
    for place in sorted(range(len(rows)), key=lambda at: whole[at] - exact[at])[: max(missing, 0)]:
        whole[place] += 1
    return [Part(str(row[0]), str(row[1]), n) for row, n in zip(rows, whole, strict=True)]


def returns(shop: Shop, scope: Scope) -> Returns | None:
    """Units sent back of those ordered one to seven months ago; None where too few were sold or no refunds are kept."""
    if shop.count("refunds") == 0:
        return None
    last = shop.as_of - timedelta(days=RETURNS_ARRIVE)
    asked = [last - timedelta(days=RETURN_DAYS - 1), last, ids_apart(shop), *_filters(scope)]
    sold = int(shop.rows(_SOLD, asked)[0][0])
    back, rows = shop.rows(_BACK, asked)[0]
    return Returns(float(back) / sold, sold, int(rows)) if sold >= LEAST_SOLD else None


def calendar_of(one: Forecast, scope: Scope) -> list[tuple[SalesEvent, tuple[str, ...]]]:
    """Events inside the horizon that touch where the series sells, each with the countries it touches there."""
    place = one.series.place
    countries = scope.countries or (place.countries if place else ())
    channels = scope.channels or (place.channels if place else ())
    found: dict[tuple[str, date, date], tuple[SalesEvent, list[str]]] = {}
    for country in countries:
        for event in events_between(one.start, one.end, country):
            if event.kind not in TOLD or not any(event.holds(country, channel) for channel in channels or (None,)):
                continue
            _, places = found.setdefault((event.name, event.start, event.end), (event, []))
            if country not in places:
                places.append(country)
    return [(event, tuple(places)) for event, places in sorted(found.values(), key=lambda pair: pair[0].start)]


def _filters(scope: Scope) -> list[list[str]]:
    return [
        list(scope.skus), list(scope.skus), list(scope.countries), list(scope.countries),
        list(scope.channels), list(scope.channels),
    ]  # fmt: skip
