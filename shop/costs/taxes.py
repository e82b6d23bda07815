"""VAT, GST or consumption tax inside a price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item
from shop.costs.parts import Gap, gap
from shop.costs.rates import Rate

ENOUGH_ORDERS = 20


@dataclass(frozen=True)
class Tax:
    """The share of what the customer pays that belongs to the state, 0 where tax comes on top or is not charged."""

    share: Decimal
    source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()


def tax(costs: Costs, item: Item, country: str, channel: str, day: date) -> Tax:
    """The tax in a price of that country and channel.

    The books overrule the reference in one thing: where 20 or more orders of a market state their tax and none
    carries any, prices there are without tax (as in wholesale).
    """
    rate = costs.one("vat", day, country=country, sku=item.sku, category=item.group, channel=channel)
    if rate is None:
        return Tax(Decimal(0), "not known", (gap("no_tax_rate", country=country),))
    included = costs.one("price_includes_tax", day, country=country, channel=channel)
    used = (rate,) if included is None else (rate, included)
    if included is not None and included.value == 0:
        return Tax(Decimal(0), included.label, (), used)
    orders = costs.seen.orders.get((country, channel))
    stated = (included is not None and included.stated) or rate.stated
    if not stated and orders is not None and orders.with_tax >= ENOUGH_ORDERS and orders.taxed == 0:
        return Tax(Decimal(0), f"{orders.with_tax} orders of the last year carry no tax", (), used)
    return Tax(rate.value / (100 + rate.value), f"{rate.value}% {rate.label}", (), used)
