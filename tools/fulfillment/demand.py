"""Demand of every SKU at the warehouse that answers it, day by day, from the same forecast as forecast_demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shop.warehouse import Shop
from tools.fulfillment.books import Held, country_shares, home, serving


@dataclass(frozen=True)
class Asked:
    """Units a day by SKU and warehouse, and the rows it was worked out from."""

    by_cell: dict[tuple[str, str], list[float]]
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
    cells: dict[tuple[str, str], list[float]] = {}
    for sku, ahead in found.by_sku.items():
        for country, share in shares.get(sku, {}).items():
            house = home(country, sku, serves, stock)
            if house is None:
                continue
            scale = multiplier if not countries or country in countries else 1.0
            known = cells.get((sku, house), [0.0] * horizon)
            cells[sku, house] = [
                had + float(units) * share * scale for had, units in zip(known, ahead.path, strict=True)
            ]
    return Asked(cells, dict(found.sold.rows))
