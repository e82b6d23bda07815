"""Demand of every SKU at the warehouse that answers it, day by day, from the same forecast as forecast_demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shop.warehouse import Shop
from tools.fulfillment.books import Held, country_shares, home, serving
from tools.fulfillment.projection import Floats


@dataclass(frozen=True)
class Asked:
    """Units a day by SKU and warehouse, and the rows it was worked out from."""

    by_cell: dict[tuple[str, str], Floats]
    rows: dict[str, int]


def asked(
    shop: Shop, stock: Held, skus: Sequence[str], countries: Sequence[str], horizon: int, multiplier: float
) -> Asked:  # fmt: skip
    """Forecast the SKUs over the horizon and send each country's share to its warehouse.

    The multiplier scales the demand of the named countries (of all when none is named). SKUs that
    were never ordered have no entry.
    """
    from tools.forecasting.demand import Scope, forecast

    found = forecast(shop, Scope(skus=tuple(skus)), horizon)
    if found is None:
        return Asked({}, {})
    serves = serving(shop)
    shares = country_shares(shop, list(found.by_sku))
    cells: dict[tuple[str, str], Floats] = {}
    for sku, ahead in found.by_sku.items():
        for country, share in shares.get(sku, {}).items():
            house = home(country, sku, serves, stock)
            if house is None:
                continue
            scale = multiplier if not countries or country in countries else 1.0
            part = np.asarray(ahead.path, dtype=np.float64) * share * scale
            cells[sku, house] = cells.get((sku, house), np.zeros(horizon)) + part
    return Asked(cells, dict(found.sold.rows))
