"""Daily ordered units from the books: one series per SKU over a scope, and the days stock was out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shop.seasonal_goods import SeasonalGoods, seasonal_goods
from shop.warehouse import Shop
from tools.forecasting.censored import fill_shelf, pace
from tools.forecasting.cleaning import Capped, cap_one_off
from tools.forecasting.events import Place, place_of
from tools.forecasting.price import PriceEffect, combined, price_effects
from tools.forecasting.set_apart import ids_apart
from tools.forecasting.shelves import ANYWHERE, empty_shelves

Floats = NDArray[np.float64]
HISTORY_DAYS = 1096
BULK_DAYS = 365
RARELY_SOLD = 4


@dataclass(frozen=True)
class Scope:
    """What is asked for; an empty tuple means all."""

    skus: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Series:
    """Units a day of one SKU (or of all: sku None) from its first sale in the scope to as_of.

    `ordered` is what the books say, cancelled orders left out. `demand` is the steady part of it: stock-out days
    estimated, one-off orders capped, bulk orders and those set apart (set_apart.py) taken out. `bulk` holds those, None
    where there are none: order lines far above the SKU's usual quantity, as from wholesale buyers.
    `place` is where it sells, which tells the events it may know. `price` is how far each day's price moved
    its demand, None where no price ever moved; `goods` the season its product's name tells, None where it tells none.
    All have one value a day, gaps are zeros.
    """

    sku: str | None
    start: date
    ordered: Floats
    demand: Floats
    stockout_days: int = 0
    capped: tuple[Capped, ...] = ()
    bulk: Floats | None = None
    place: Place | None = None
    price: PriceEffect | None = None
    goods: SeasonalGoods | None = None

    def at_todays_prices(self) -> Floats:
        """`demand` as it would have been at the asking prices of the last day."""
        return self.demand if self.price is None else self.demand / self.price.paid

    def at_prices_of(self, known: int) -> Floats:
        """`demand` of the first `known` days as it would have been at the asking prices of the last of them."""
        if self.price is None or known == 0:
            return self.demand[:known]
        return self.at_todays_prices()[:known] * float(self.price.asked[known - 1])

    def bulk_rate(self, known: int) -> float:
        """Bulk units a day over the year before day number `known`."""
        if self.bulk is None or known == 0:
            return 0.0
        return float(self.bulk[max(known - BULK_DAYS, 0) : known].mean())

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
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines
        WHERE quantity > 0 AND list_contains(?::VARCHAR[], sku) GROUP BY sku
    )
    SELECT l.sku, o.country, date_diff('day', ?::DATE, o.ordered_at::DATE) AS day, l.quantity >= u.bulk AS is_bulk,
           o.order_id IN (SELECT unnest(?::VARCHAR[])) AS is_apart, sum(l.quantity)::DOUBLE
    FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
    WHERE l.quantity > 0 AND coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
    GROUP BY ALL
"""

_TOTAL = """
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines WHERE quantity > 0 GROUP BY sku
    )
    SELECT date_diff('day', ?::DATE, o.ordered_at::DATE) AS day, l.quantity >= u.bulk AS is_bulk,
           o.order_id IN (SELECT unnest(?::VARCHAR[])) AS is_apart, sum(l.quantity)::DOUBLE
    FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
    WHERE l.quantity > 0 AND coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
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
    GROUP BY GROUPING SETS ((l.sku), ()) HAVING count(*) > 0
    ORDER BY l.sku IS NOT NULL, recent DESC, l.sku
"""

_ON_OFFER = """
    WITH sales AS (
        SELECT l.sku, o.country, o.channel, date_diff('day', ?::DATE, o.ordered_at::DATE) AS day
        FROM orders o JOIN order_lines l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
    ), opened AS (
        SELECT min(day) AS day FROM sales WHERE (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], country))
          AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], channel))
    )
    SELECT s.sku, greatest(min(s.day), any_value(opened.day)) FROM sales s, opened
    WHERE list_contains(?::VARCHAR[], s.sku) GROUP BY s.sku
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
    (_, lines, orders, _), *found = found
    chosen = [str(row[0]) for row in found[: None if len(found) <= all_up_to else else_top]]
    span = [first, first, shop.as_of]
    apart = ids_apart(shop)
    cells = shop.rows(_BY_SKU_COUNTRY, [chosen, first, apart, first, shop.as_of, *filters[2:]])
    empty = empty_shelves(shop, chosen, first, HISTORY_DAYS)
    moved = price_effects(shop, chosen, channels, first, HISTORY_DAYS)
    cellular = _per_country(cells)
    rare = [sku for sku, per_country in cellular.items() if _order_days(per_country) < RARELY_SOLD]
    offered: dict[str, int] = {}
    if rare:
        offered = {str(sku): int(day) for sku, day in shop.rows(_ON_OFFER, [*span, *filters[2:], rare])}
    others = _by_country(cellular, moved)
    by_sku = {}
    for sku, per_country in cellular.items():
        prices = {country: moved[sku, country] for country in per_country if (sku, country) in moved}
        by_sku[sku] = _series(
            sku, per_country, empty.get(sku, {}), prices, others, first, offered.get(sku, HISTORY_DAYS)
        )
    by_sku = {sku: by_sku[sku] for sku in chosen if sku in by_sku}
    complete = len(found) == len(chosen)
    if complete and by_sku:
        total = _sum(list(by_sku.values()), shop.as_of)
    else:
        total = _plain(shop.rows(_TOTAL, [first, apart, first, shop.as_of, *filters]), first)
    rows = {"orders": int(orders), "order_lines": int(lines)}
    known = bool(shop.rows("SELECT 1 FROM inventory LIMIT 1"))
    if known:
        rows["inventory"] = int(
            shop.rows("SELECT count(*) FROM inventory WHERE list_contains(?::VARCHAR[], sku)", [chosen])[0][0]
        )
    place = place_of(shop, scope.skus, scope.countries, scope.channels)
    called = names_of(shop, list(by_sku))
    by_sku = {
        sku: replace(one, place=place, goods=seasonal_goods(called.get(sku, ""), place.countries))
        for sku, one in by_sku.items()
    }
    return Sold(replace(total, place=place), by_sku, len(found), rows, known)


def names_of(shop: Shop, skus: list[str]) -> dict[str, str]:
    """The names of products, where the books hold them."""
    rows = shop.rows("SELECT sku, name FROM products WHERE list_contains(?::VARCHAR[], sku)", [skus])
    return {str(sku): str(name or "") for sku, name in rows}


def sold_where(shop: Shop, skus: Sequence[str]) -> list[tuple[str, str, date]]:
    """(country, channel, last order) wherever any of the SKUs (all when empty) was ever ordered."""
    return [(str(c), str(w), last) for c, w, last in shop.rows(_SOLD_WHERE, [shop.as_of, list(skus), list(skus)])]


@dataclass
class _Cell:
    """One SKU in one country."""

    steady: Floats
    bulk: Floats
    apart: Floats

    @property
    def ordered(self) -> Floats:
        """All units of the books."""
        return self.steady + self.bulk + self.apart


def _empty_cell() -> _Cell:
    return _Cell(*(np.zeros(HISTORY_DAYS) for _ in range(3)))


def _per_country(cells: Sequence[tuple[object, ...]]) -> dict[str, dict[str, _Cell]]:
    found: dict[str, dict[str, _Cell]] = {}
    for sku, country, day, is_bulk, is_apart, quantity in cells:
        cell = found.setdefault(str(sku), {}).setdefault(str(country), _empty_cell())
        stream = cell.apart if is_apart else cell.bulk if is_bulk else cell.steady
        stream[int(str(day))] += float(str(quantity))
    return found


def _order_days(per_country: dict[str, _Cell]) -> int:
    """Days with an order, over all countries."""
    return int(np.count_nonzero(np.sum([cell.ordered for cell in per_country.values()], axis=0)))


def _series(
    sku: str, per_country: dict[str, _Cell], empty: dict[str, NDArray[np.bool_]], prices: dict[str, PriceEffect],
    others: dict[str, Floats], first: date, offered: int,
) -> Series:  # fmt: skip
    """Add the countries up after estimating what each would have ordered on its stock-out days.

    `others` is what all SKUs of the scope sold at today's prices, by country: the pace of the shop. A SKU hardly
    ever ordered here has been on offer longer than its first sale tells: it begins with day number `offered`,
    when both the SKU and the scope had begun to sell.
    """
    bulk = np.sum([cell.bulk for cell in per_country.values()], axis=0)
    ordered = np.sum([cell.ordered for cell in per_country.values()], axis=0)
    begin = min(int(np.flatnonzero(ordered)[0]) if ordered.any() else HISTORY_DAYS - 1, offered)
    demand = np.zeros(HISTORY_DAYS - begin)
    out = np.zeros(HISTORY_DAYS - begin, dtype=bool)
    effects = {country: prices[country].since(begin) if country in prices else None for country in per_country}
    levels = {}  # units at today's prices
    for country, cell in per_country.items():
        effect = effects[country]
        levels[country] = cell.steady[begin:] / (effect.paid if effect else 1.0)
    for countries, nothing in _shelves(per_country, empty):
        paces = [pace(others[country][begin:] - levels[country]) for country in countries]
        filled, missing = fill_shelf([levels[country] for country in countries], nothing[begin:], paces)
        levels |= dict(zip(countries, filled, strict=True))
        out |= missing
    for country, level in levels.items():
        effect = effects[country]
        demand += level * (effect.paid if effect else 1.0)
    done = cleaned(sku, ordered[begin:], demand, bulk[begin:], first + timedelta(days=begin), int(out.sum()))
    return replace(done, price=combined(list(levels.values()), list(effects.values())))


def _shelves(
    per_country: dict[str, _Cell], empty: dict[str, NDArray[np.bool_]]
) -> list[tuple[list[str], NDArray[np.bool_]]]:
    """Countries that were without stock on the same days, since one shelf serves them, and those days."""
    found: dict[bytes, tuple[list[str], NDArray[np.bool_]]] = {}
    for country in per_country:
        nothing = empty.get(country, empty.get(ANYWHERE))
        if nothing is not None:
            found.setdefault(nothing.tobytes(), ([], nothing))[0].append(country)
    return list(found.values())


def _by_country(cellular: dict[str, dict[str, _Cell]], moved: dict[tuple[str, str], PriceEffect]) -> dict[str, Floats]:
    """Units a day of all SKUs at today's prices."""
    out: dict[str, Floats] = {}
    for sku, per_country in cellular.items():
        for country, cell in per_country.items():
            effect = moved.get((sku, country))
            out[country] = out.get(country, np.zeros(HISTORY_DAYS)) + cell.steady / (effect.paid if effect else 1.0)
    return out


def cleaned(sku: str | None, ordered: Floats, demand: Floats, bulk: Floats, start: date, out: int) -> Series:
    """Cap one-offs of either stream; a bulk order that has no second is a one-off, too."""
    steady, capped = cap_one_off(demand, start.toordinal())
    days = np.flatnonzero(bulk)
    if len(days) == 1:
        day = date.fromordinal(start.toordinal() + int(days[0]))
        capped = (*capped, Capped(day, float(ordered[days[0]]), float(steady[days[0]])))
        bulk = np.zeros(len(bulk))
    else:
        bulk, large = cap_one_off(bulk, start.toordinal())
        capped = (*capped, *large)
    return Series(sku, start, ordered, steady, out, capped, bulk if bulk.any() else None)


def _sum(parts: list[Series], as_of: date) -> Series:
    start = min(part.start for part in parts)
    length = (as_of - start).days + 1
    ordered, demand, bulk = np.zeros(length), np.zeros(length), np.zeros(length)
    for part in parts:
        ordered[-len(part.ordered) :] += part.ordered
        demand[-len(part.demand) :] += part.demand
        if part.bulk is not None:
            bulk[-len(part.bulk) :] += part.bulk
    capped = tuple(one for part in parts for one in part.capped)
    out = sum(part.stockout_days for part in parts)
    before = [length - len(part.ordered) for part in parts]
    levels = [np.pad(part.at_todays_prices(), (gap, 0)) for part, gap in zip(parts, before, strict=True)]
    effects = [part.price.since(-gap) if part.price else None for part, gap in zip(parts, before, strict=True)]
    price = combined(levels, effects)
    return Series(None, start, ordered, demand, out, capped, bulk if bulk.any() else None, price=price)


def _plain(days: Sequence[tuple[object, ...]], first: date) -> Series:
    every = _empty_cell()
    for day, is_bulk, is_apart, quantity in days:
        stream = every.apart if is_apart else every.bulk if is_bulk else every.steady
        stream[int(str(day))] += float(str(quantity))
    begin = int(np.flatnonzero(every.ordered)[0]) if every.ordered.any() else HISTORY_DAYS - 1
    start = first + timedelta(days=begin)
    return cleaned(None, every.ordered[begin:], every.steady[begin:], every.bulk[begin:], start, 0)
