"""Where a SKU is sold and at which price: costs, demand at today's price, elasticity, competitors and shelf of each place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shop.costs import Costs
from shop.costs.contribution import asking_price
from shop.costs.market import Market, market
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.forecasting.elasticity import Elasticity
from tools.pricing.charm import habit

Floats = NDArray[np.float64]
Key = tuple[str, str, str]  # SKU, country, channel
HORIZON = 90
SOLD_DAYS = 365
RIVAL_DAYS = 28
LEAST_RIVALS = 2
WHOLESALE_UNITS = 10  # median units a line from which a channel's prices are negotiated, not asked
BATCH = 50


@dataclass(frozen=True)
class Place:
    """A SKU in one country and channel. `units` are expected a day at today's price over the horizon.

    `own_changes` counts the price changes of the SKU in the country, on any channel. `rivals` are the lowest and the
    highest usual price of competitors of the SKU there, in the market's currency, None where fewer than two are known.
    `ending` is how the shop's prices in this currency end.
    """

    market: Market
    price: Decimal
    units: Floats
    elasticity: Elasticity
    own_changes: int
    rivals: tuple[Decimal, Decimal] | None
    ending: Decimal | None

    @property
    def key(self) -> Key:
        """SKU, country and channel."""
        return self.market.sku, self.market.country, self.market.channel


@dataclass(frozen=True)
class Book:
    """What prices are decided on. `places` are all that the SKUs asked for are sold in, `asked` those meant.

    `no_cost`: SKUs without a known purchase cost; `no_price`: places without a price in a currency with a rate;
    `unsold`: places without expected demand; `negotiated`: wholesale places meant; all left out.
    """

    places: dict[Key, Place]
    asked: frozenset[Key]
    no_cost: tuple[str, ...]
    no_price: tuple[Key, ...]
    unsold: tuple[Key, ...]
    negotiated: tuple[Key, ...]
    rows: dict[str, int]
    versions: tuple[str, ...]


def book(shop: Shop, skus: Sequence[str], countries: Collection[str], channels: Collection[str]) -> Book:
    """Read the places of the SKUs (all when empty), those in the countries and channels (all when empty) being meant."""
    costs = Costs.of(shop)
    sold = _sold(shop, skus)
    wholesale = _wholesale(shop)
    markets, no_cost, no_price = _markets(shop, costs, [key for key in sold if key[2] not in wholesale])
    meant = {
        key for key in sold if (not countries or key[1] in countries) and (not channels or key[2] in channels)
    }  # fmt: skip
    negotiated = tuple(sorted(key for key in meant if key[2] in wholesale))
    wanted = {key[0] for key in meant if key in markets}
    retail = {key: found for key, found in markets.items() if key[0] in wanted}
    units, rows = _units(shop, sorted(wanted))
    rivals = _rivals(shop, costs, {key: found for key, (found, _) in retail.items()})
    places = _places(shop, retail, units, rivals)
    return Book(
        places, frozenset(meant & set(places)), tuple(sorted({key[0] for key in no_cost if key in meant})),
        tuple(key for key in no_price if key in meant),
        tuple(sorted(key for key in meant if key in retail and key not in places)), negotiated,
        {**rows, "prices": shop.count("prices"), "competitor_prices": shop.count("competitor_prices")},
        tuple(sorted({version for one in places.values() for version in one.market.versions})),
    )  # fmt: skip


def _places(
    shop: Shop, retail: dict[Key, tuple[Market, Decimal]], units: dict[Key, Floats],
    rivals: dict[Key, tuple[Decimal, Decimal]],
) -> dict[Key, Place]:  # fmt: skip
    from tools.forecasting.price import shop_elasticities

    if not retail:
        return {}
    known = shop_elasticities(shop)
    own = _habits(Costs.of(shop), _wholesale(shop))
    return {
        key: Place(
            found, price, units[key], known.cautious(*key), known.of(key[0], key[1]).observed_changes,
            rivals.get(key), own.get(found.currency),
        )
        for key, (found, price) in sorted(retail.items())
        if key in units and units[key].sum() > 0
    }  # fmt: skip


def _habits(costs: Costs, wholesale: Collection[str]) -> dict[str, Decimal | None]:
    """How the shop's asking prices of today end, by currency, wholesale left out."""
    asked: dict[str, list[Decimal]] = defaultdict(list)
    for key in costs.prices:
        known = costs.asking(*key, costs.as_of)
        if known is not None and key[2] not in wholesale:
            asked[known[1]].append(known[0])
    return {currency: habit(prices, currency) for currency, prices in asked.items()}


def _sold(shop: Shop, skus: Sequence[str]) -> list[Key]:
    """Where the SKUs have an asking price or sold within a year."""
    return [
        (str(sku), str(country), str(channel))
        for sku, country, channel in shop.rows(
            "SELECT sku, country, channel FROM prices WHERE effective_from <= $1 "
            "AND (len($3::VARCHAR[]) = 0 OR list_contains($3::VARCHAR[], sku)) UNION "
            "SELECT l.sku, o.country, o.channel FROM orders o JOIN order_lines l USING (order_id) "
            "WHERE o.ordered_at::DATE > $2 AND coalesce(o.status, 'paid') <> 'cancelled' "
            "AND (len($3::VARCHAR[]) = 0 OR list_contains($3::VARCHAR[], l.sku)) ORDER BY 1, 2, 3",
            [shop.as_of, shop.as_of - timedelta(days=SOLD_DAYS), list(skus)],
        )
    ]


def _wholesale(shop: Shop) -> set[str]:
    return {
        str(channel)
        for (channel,) in shop.rows(
            "SELECT o.channel FROM orders o JOIN order_lines l USING (order_id) WHERE l.quantity > 0 "
            "GROUP BY 1 HAVING median(l.quantity) >= ?",
            [WHOLESALE_UNITS],
        )
    }


def _markets(
    shop: Shop, costs: Costs, keys: Sequence[Key]
) -> tuple[dict[Key, tuple[Market, Decimal]], list[Key], list[Key]]:
    found: dict[Key, tuple[Market, Decimal]] = {}
    no_cost, no_price = [], []
    for key in keys:
        try:
            one = market(costs, *key, shop.as_of)
            price, _ = asking_price(costs, one)
        except ShopError:
            no_price.append(key)
            continue
        if one.landed is None:
            no_cost.append(key)
        else:
            found[key] = (one, price)
    return found, no_cost, no_price


def _units(shop: Shop, skus: list[str]) -> tuple[dict[Key, Floats], dict[str, int]]:
    """Everyday units a day of each place from the shop's one forecast; bulk orders are negotiated and left out."""
    from tools.forecasting.coherence import shares_of
    from tools.forecasting.demand import ALL_UP_TO, Scope, forecast

    found: dict[Key, Floats] = {}
    rows: dict[str, int] = {}
    few = len(shop.vocabulary.products) <= ALL_UP_TO
    parts = [()] if few and skus else [tuple(skus[at : at + BATCH]) for at in range(0, len(skus), BATCH)]
    for part in parts:
        ahead = forecast(shop, Scope(skus=part), HORIZON)
        if ahead is None:
            continue
        rows = rows or dict(ahead.sold.rows)
        mine = {sku: one for sku, one in ahead.by_sku.items() if sku in skus}
        shares = shares_of(shop, list(mine), HORIZON, {sku: one.profile for sku, one in mine.items()})
        for sku, one in mine.items():
            steady = np.maximum(one.path - one.bulk_units / len(one.path), 0.0)
            for (country, channel), share in shares[sku].items():
                found[sku, country, channel] = steady * share.everyday
    return found, rows


def _rivals(shop: Shop, costs: Costs, markets: dict[Key, Market]) -> dict[Key, tuple[Decimal, Decimal]]:
    """The lowest and highest of the competitors' median prices of the last four weeks of the table."""
    skus = sorted({key[0] for key in markets})
    newest = shop.rows("SELECT max(day) FROM competitor_prices WHERE day <= ?", [shop.as_of])[0][0]
    if newest is None:
        return {}
    seen: dict[Key, list[Decimal]] = defaultdict(list)
    for sku, country, channel, _, currency, price in shop.rows(
        "SELECT sku, country, channel, competitor, currency, median(price) FROM competitor_prices "
        "WHERE day > ? AND day <= ? AND price > 0 AND list_contains(?::VARCHAR[], sku) GROUP BY 1, 2, 3, 4, 5 ORDER BY ALL",
        [newest - timedelta(days=RIVAL_DAYS), shop.as_of, skus],
    ):
        key = (str(sku), str(country), str(channel))
        if key not in markets:
            continue
        try:
            rate = costs.exchange(str(currency), markets[key].currency, shop.as_of)
        except ShopError:
            continue
        seen[key].append(Decimal(str(price)) * rate)
    return {key: (min(prices), max(prices)) for key, prices in seen.items() if len(prices) >= LEAST_RIVALS}
