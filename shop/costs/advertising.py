"""Advertising per unit sold, from the spend of the last quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item
from shop.costs.parts import Gap, gap
from shop.costs.rates import Rate


@dataclass(frozen=True)
class Advertising:
    """Ad cost of one unit sold, ad or no ad, in base currency."""

    amount: Decimal
    source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()


def advertising(costs: Costs, item: Item, country: str, channel: str, day: date) -> Advertising:
    """Spend over all units sold in the market in the same quarter.

    Ads on a sales channel count for that channel. Ads elsewhere (search, social) feed the shops of one's own in that
    country, shared by units. Campaigns without a SKU are shared by all SKUs of the market by units.
    """
    stated = costs.one("advertising", day, sku=item.sku, country=country, channel=channel)
    if stated is not None:
        return Advertising(stated.value * costs.exchange(stated.unit, costs.base, day), stated.label, (), (stated,))
    if not costs.seen.any_ads:
        return Advertising(Decimal(0), "not known", (gap("no_ads"),))
    own = _units(costs, country, channel, item.sku)
    amount = _spend(costs, item.sku, country, channel, day) / own if own else Decimal(0)
    all_units = _units(costs, country, channel, None)
    if all_units:
        amount += _spend(costs, None, country, channel, day) / all_units
    return Advertising(amount, "ad spend and units of the last quarter")


def _units(costs: Costs, country: str, channel: str, sku: str | None) -> int:
    if sku is not None:
        sales = costs.seen.sales.get((sku, country, channel))
        return sales.recent_units if sales else 0
    key = ("units", country, channel)
    if key not in costs.memory:
        costs.memory[key] = sum(
            sales.recent_units
            for (_, to, through), sales in costs.seen.sales.items()
            if (to, through) == (country, channel)
        )
    return int(costs.memory[key])


def _spend(costs: Costs, sku: str | None, country: str, channel: str, day: date) -> Decimal:
    """Spend on a SKU (None: on no SKU in particular) that falls on the market."""
    key = ("spend", sku, country, channel, day)
    if key in costs.memory:
        return costs.memory[key]  # type: ignore[no-any-return]
    selling = {through for _, through in costs.seen.orders}
    total = Decimal(0)
    for where in _ad_channels(costs):
        spend = costs.seen.ads.get((sku, country, where))
        if not spend:
            continue
        if where == channel:
            share = Decimal(1)
        elif where in selling or _marketplace(costs, channel, day):
            continue
        else:
            shops = [c for c in sorted(selling) if not _marketplace(costs, c, day)]
            sold = sum(_units(costs, country, c, sku) for c in shops)
            share = Decimal(_units(costs, country, channel, sku)) / sold if sold else Decimal(0)
        total += share * sum(
            (amount * costs.exchange(currency, costs.base, day) for currency, amount in spend.items()), Decimal(0)
        )
    costs.memory[key] = total
    return total


def _ad_channels(costs: Costs) -> tuple[str, ...]:
    if "ad channels" not in costs.memory:
        costs.memory["ad channels"] = tuple(sorted({where for _, _, where in costs.seen.ads}))
    return costs.memory["ad channels"]  # type: ignore[no-any-return]


def _marketplace(costs: Costs, channel: str, day: date) -> bool:
    rate = costs.one("marketplace", day, channel=channel)
    return rate is not None and rate.value == 1
