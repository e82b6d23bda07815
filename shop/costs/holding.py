"""What it costs to keep a unit in a warehouse for a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shop.costs.book import Costs
from shop.costs.fulfilment import YEAR_DAYS, keeping
from shop.costs.landed import landed
from shop.warehouse import Shop


def holding_cost_per_day(shop: Shop, sku: str, warehouse: str, on: date | None = None) -> Decimal:
    """Storage by volume plus the cost of capital on the landed cost, per unit and day, base currency, not rounded.

    Without a known landed cost only storage counts, without a volume only capital.
    Raises ShopError for an unknown SKU or warehouse.
    """
    costs = Costs.of(shop)
    day = on or costs.as_of
    item = costs.item(sku)
    cost = landed(costs, sku, warehouse, day).exact or Decimal(0)
    capital = costs.one("capital", day)
    return keeping(costs, item, warehouse, None, day).amount + (
        cost * capital.value / 100 / YEAR_DAYS if capital else Decimal(0)
    )
