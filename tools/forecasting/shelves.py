"""Where and when there was nothing to sell: days that ended with no stock, by the country they left without."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop

Days = NDArray[np.bool_]
ANYWHERE = ""

_HELD = "SELECT DISTINCT sku, warehouse FROM inventory WHERE list_contains(?::VARCHAR[], sku)"
_EMPTY = """
    SELECT sku, warehouse, date_diff('day', ?::DATE, day) FROM inventory
    WHERE on_hand <= 0 AND day BETWEEN ?::DATE AND ?::DATE AND list_contains(?::VARCHAR[], sku)
"""


def empty_shelves(shop: Shop, skus: Sequence[str], first: date, days: int) -> dict[str, dict[str, Days]]:
    """Per SKU and country: the days from `first` on that ended with nothing in every warehouse serving the country.

    Only SKUs and countries with such a day are there. The country "" stands for those no warehouse names:
    all warehouses that hold the SKU serve it.
    """
    holds: dict[str, set[str]] = {}
    for sku, warehouse in shop.rows(_HELD, [list(skus)]):
        holds.setdefault(str(sku), set()).add(str(warehouse))
    if not holds:
        return {}
    empty: dict[tuple[str, str], Days] = {}
    last = first + timedelta(days=days - 1)
    for sku, warehouse, day in shop.rows(_EMPTY, [first, first, last, list(skus)]):
        empty.setdefault((str(sku), str(warehouse)), np.zeros(days, dtype=bool))[int(day)] = True
    serves: dict[str, set[str]] = {}
    for warehouse, countries in shop.rows("SELECT warehouse, serves FROM warehouses"):
        for country in str(countries or "").split("|"):
            serves.setdefault(country.strip(), set()).add(str(warehouse))
    out: dict[str, dict[str, Days]] = {}
    for sku, warehouses in holds.items():
        for country in [*serves, ANYWHERE]:
            asked = (serves.get(country, set()) & warehouses) or warehouses
            if all((sku, warehouse) in empty for warehouse in asked):
                out.setdefault(sku, {})[country] = np.logical_and.reduce([empty[sku, w] for w in asked])
    return out
