"""Daily ordered units from the books: one series per SKU over a scope, and the days stock was out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.forecasting.cleaning import Capped, cap_one_off, fill_stockouts

Floats = NDArray[np.float64]
HISTORY_DAYS = 1096


@dataclass(frozen=True)
class Scope:
    """What is asked for; an empty tuple means all."""

    skus: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Series:
    """Units a day of one SKU (or of all: sku None) from its first sale in the scope to as_of.

    `ordered` is what the books say, cancelled orders left out; `demand` is the same with stock-out
    days estimated and one-off orders capped. Both have one value a day, gaps are zeros.
    """

    sku: str | None
    start: date
    ordered: Floats
    demand: Floats
    stockout_days: int = 0
    capped: tuple[Capped, ...] = ()

    @property
    def ordinals(self) -> NDArray[np.int64]:
        """The days as proleptic ordinals."""
        return np.arange(len(self.ordered), dtype=np.int64) + self.start.toordinal()


@dataclass(frozen=True)
class Sold:
    """Everything a forecast of a scope stands on. `total` covers all SKUs of the scope, listed or not."""

    total: Series
    by_sku: dict[str, Series]
    sku_count: int
    rows: dict[str, int]
    inventory_known: bool


_BY_SKU_COUNTRY = """
    SELECT l.sku, o.country, date_diff('day', ?::DATE, o.ordered_at::DATE) AS day, sum(l.quantity)::DOUBLE
    FROM orders o JOIN order_lines l USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
      AND list_contains(?::VARCHAR[], l.sku)
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
    GROUP BY ALL
"""

_TOTAL = """
    SELECT date_diff('day', ?::DATE, o.ordered_at::DATE) AS day, sum(l.quantity)::DOUBLE
    FROM orders o JOIN order_lines l USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
    GROUP BY ALL
"""

_SKUS = """
    SELECT l.sku, count(*), count(DISTINCT o.order_id),
           coalesce(sum(l.quantity) FILTER (WHERE o.ordered_at::DATE > ?::DATE), 0)::DOUBLE AS recent
    FROM orders o JOIN order_lines l USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
    GROUP BY l.sku ORDER BY recent DESC, l.sku
"""

_EMPTY_SHELVES = """
    SELECT sku, warehouse, date_diff('day', ?::DATE, day) FROM inventory
    WHERE on_hand <= 0 AND day BETWEEN ?::DATE AND ?::DATE AND list_contains(?::VARCHAR[], sku)
"""

_SOLD_WHERE = """
    SELECT o.country, o.channel, max(o.ordered_at::DATE) FROM orders o JOIN order_lines l USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 AND o.ordered_at::DATE <= ?::DATE
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
    GROUP BY ALL ORDER BY ALL
"""


def sold(shop: Shop, scope: Scope, all_up_to: int, else_top: int) -> Sold | None:
    """The daily series of a scope, None when nothing of it was ordered in the last three years.

    With more than `all_up_to` SKUs in the scope only the `else_top` with the most units of the last
    90 days get a series of their own; the total still covers all.
    """
    skus, countries, channels = list(scope.skus), list(scope.countries), list(scope.channels)
    filters = [skus, skus, countries, countries, channels, channels]
    first = shop.as_of - timedelta(days=HISTORY_DAYS - 1)
    found = shop.rows(_SKUS, [shop.as_of - timedelta(days=90), first, shop.as_of, *filters])
    if not found:
        return None
    chosen = [str(row[0]) for row in found[: None if len(found) <= all_up_to else else_top]]
    span = [first, first, shop.as_of]
    cells = shop.rows(_BY_SKU_COUNTRY, [*span, chosen, *filters[2:]])
    empty = _empty_shelves(shop, chosen, first)
    by_sku = {}
    for sku, per_country in _per_country(cells).items():
        by_sku[sku] = _series(sku, per_country, empty.get(sku, {}), first)
    by_sku = {sku: by_sku[sku] for sku in chosen if sku in by_sku}
    complete = len(found) == len(chosen)
    if complete and by_sku:
        total = _sum(list(by_sku.values()), shop.as_of)
    else:
        total = _plain(shop.rows(_TOTAL, [*span, *filters]), first)
    rows = {"orders": sum(int(row[2]) for row in found), "order_lines": sum(int(row[1]) for row in found)}
    known = bool(shop.rows("SELECT 1 FROM inventory LIMIT 1"))
    if known:
        rows["inventory"] = int(
            shop.rows("SELECT count(*) FROM inventory WHERE list_contains(?::VARCHAR[], sku)", [chosen])[0][0]
        )
    return Sold(total, by_sku, len(found), rows, known)


def sold_where(shop: Shop, skus: Sequence[str]) -> list[tuple[str, str, date]]:
    """(country, channel, last order) wherever any of the SKUs (all when empty) was ever ordered."""
    return [(str(c), str(w), last) for c, w, last in shop.rows(_SOLD_WHERE, [shop.as_of, list(skus), list(skus)])]


def _per_country(cells: Sequence[tuple[object, ...]]) -> dict[str, dict[str, Floats]]:
    found: dict[str, dict[str, Floats]] = {}
    for sku, country, day, quantity in cells:
        days = found.setdefault(str(sku), {}).setdefault(str(country), np.zeros(HISTORY_DAYS))
        days[int(str(day))] += float(str(quantity))
    return found


def _empty_shelves(shop: Shop, skus: list[str], first: date) -> dict[str, dict[str, NDArray[np.bool_]]]:
    """Per SKU and country: the days on which every warehouse that serves the country ended with nothing."""
    holds: dict[str, set[str]] = {}
    for sku, warehouse in shop.rows(
        "SELECT DISTINCT sku, warehouse FROM inventory WHERE list_contains(?::VARCHAR[], sku)", [skus]
    ):
        holds.setdefault(str(sku), set()).add(str(warehouse))
    if not holds:
        return {}
    empty: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for sku, warehouse, day in shop.rows(_EMPTY_SHELVES, [first, first, shop.as_of, skus]):
        empty.setdefault((str(sku), str(warehouse)), np.zeros(HISTORY_DAYS, dtype=bool))[int(day)] = True
    serves: dict[str, set[str]] = {}
    for warehouse, countries in shop.rows("SELECT warehouse, serves FROM warehouses"):
        for country in str(countries or "").split("|"):
            serves.setdefault(country.strip(), set()).add(str(warehouse))
    out: dict[str, dict[str, NDArray[np.bool_]]] = {}
    for sku, warehouses in holds.items():
        for country in [*serves, ""]:
            asked = (serves.get(country, set()) & warehouses) or warehouses
            if all((sku, warehouse) in empty for warehouse in asked):
                out.setdefault(sku, {})[country] = np.logical_and.reduce([empty[sku, w] for w in asked])
    return out


def _series(
    sku: str, per_country: dict[str, Floats], empty: dict[str, NDArray[np.bool_]], first: date
) -> Series:  # fmt: skip
    """Add the countries up after estimating what each would have ordered on its stock-out days."""
    ordered = np.sum(list(per_country.values()), axis=0)
    begin = int(np.flatnonzero(ordered)[0]) if ordered.any() else HISTORY_DAYS - 1
    demand = np.zeros(HISTORY_DAYS - begin)
    out = np.zeros(HISTORY_DAYS - begin, dtype=bool)
    served = {country for country in empty if country}
    for country, days in per_country.items():
        nothing = empty.get(country) if country in served else empty.get("")
        if nothing is None:
            demand += days[begin:]
            continue
        filled, missing = fill_stockouts(days[begin:], nothing[begin:])
        demand += filled
        out |= missing
    capped_demand, capped = cap_one_off(demand, first.toordinal() + begin)
    return Series(sku, first + timedelta(days=begin), ordered[begin:], capped_demand, int(out.sum()), capped)


def _sum(parts: list[Series], as_of: date) -> Series:
    start = min(part.start for part in parts)
    length = (as_of - start).days + 1
    ordered, demand = np.zeros(length), np.zeros(length)
    for part in parts:
        ordered[-len(part.ordered) :] += part.ordered
        demand[-len(part.demand) :] += part.demand
    capped = tuple(one for part in parts for one in part.capped)
    return Series(None, start, ordered, demand, sum(part.stockout_days for part in parts), capped)


def _plain(days: Sequence[tuple[object, ...]], first: date) -> Series:
    ordered = np.zeros(HISTORY_DAYS)
    for day, quantity in days:
        ordered[int(str(day))] += float(str(quantity))
    begin = int(np.flatnonzero(ordered)[0]) if ordered.any() else HISTORY_DAYS - 1
    demand, capped = cap_one_off(ordered[begin:], first.toordinal() + begin)
    return Series(None, first + timedelta(days=begin), ordered[begin:], demand, 0, capped)
