"""Demand at each shelf: the forecast of a SKU sent to the warehouses that answer it, and many futures of it.

Steady demand and bulk orders go their own ways, as wholesale often ships from elsewhere: by country and channel to
the warehouse that has shipped them, else to the one that serves the country. Shares of steady demand are counted per
day in stock, so that a shelf that was empty does not look unwanted.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.fulfillment.books import Held, home, serving, shipped_from

if TYPE_CHECKING:
    from tools.forecasting.demand import Forecast

Floats = NDArray[np.float64]
Cell = tuple[str, str]
WINDOWS = (91, 364)
IN_STOCK_AT_LEAST = 21
BULK_DAYS = 365
BATCH = 50
Z90 = 1.2816
LEAST_LEVEL_SD = 0.05
MOST_LEVEL_SD = 1.0


@dataclass(frozen=True)
class Shelf:
    """What one SKU in one warehouse will be asked for: mean units a day, and how they come about.

    `steady` and `bulk_a_day` add up to the mean; `sizes` are the bulk orders seen; `level_sd` is how wrong the level
    may be, as a share; `scatter` the variance of a day over its mean.
    """

    steady: Floats
    bulk_a_day: float
    sizes: Floats
    level_sd: float
    scatter: float
    share_sd: float

    @property
    def mean(self) -> Floats:
        """Units a day."""
        return self.steady + self.bulk_a_day


@dataclass(frozen=True)
class Ahead:
    """Every shelf with demand, units sold lately by shelf and (country, channel), and the rows it stands on."""

    shelves: dict[Cell, Shelf]
    markets: dict[Cell, dict[tuple[str, str], float]]
    rows: dict[str, int]


def ahead(shop: Shop, stock: Held, skus: Sequence[str], horizon: int) -> Ahead:
    """Demand of the SKUs (all when empty) at their warehouses for so many days from tomorrow."""
    wanted = list(skus) or sorted({sku for sku, _ in stock.free})
    paths, rows = _forecasts(shop, tuple(skus), wanted, horizon)
    shares, markets = _shares(shop, stock, list(paths))
    shelves: dict[Cell, Shelf] = {}
    for sku, found in paths.items():
        bulk = found.bulk_units / len(found.path)
        steady = np.maximum(found.path - bulk, 0.0)
        sizes = np.array([1.0]) if found.series.bulk is None else found.series.bulk[-BULK_DAYS:]
        sizes = sizes[sizes > 0] if (sizes > 0).any() else np.array([1.0])
        spread = _level_sd(found, float(steady.sum()), bulk, sizes)
        for house, (part, bulk_part, counted) in shares.get(sku, {}).items():
            doubt = float(np.sqrt((1 - part) / max(counted, 1.0))) if part else 0.0
            shelves[sku, house] = Shelf(
                steady * part, bulk * bulk_part, sizes, spread, max(found.scatter, 1.0), min(doubt, 0.5)
            )
    return Ahead(shelves, markets, rows)


def futures(sku: str, house: str, shelf: Shelf, scenarios: int) -> Floats:
    """Scenarios (rows) of units a day. The same SKU meets the same luck with its level in every warehouse."""
    of_sku = np.random.default_rng(zlib.crc32(sku.encode()))
    of_cell = np.random.default_rng(zlib.crc32(f"{sku}\n{house}".encode()))
    level = _mean_one(shelf.level_sd, of_sku.standard_normal(scenarios))
    level = level * _mean_one(shelf.share_sd, of_cell.standard_normal(scenarios))
    means = level[:, None] * shelf.steady[None, :]
    if shelf.scatter > 1.001:
        over = shelf.scatter - 1
        units = of_cell.poisson(of_cell.gamma(np.maximum(means / over, 1e-12), over))
    else:
        units = of_cell.poisson(means)
    drawn = units.astype(np.float64)
    if shelf.bulk_a_day > 0:
        orders = of_cell.poisson(shelf.bulk_a_day / float(shelf.sizes.mean()), size=drawn.shape)
        scenario, day = np.nonzero(orders)
        times = orders[scenario, day]
        sizes = of_cell.choice(shelf.sizes, int(times.sum()))
        np.add.at(drawn, (np.repeat(scenario, times), np.repeat(day, times)), sizes)
    return drawn


def _mean_one(sd: float, normal: Floats) -> Floats:
    """Lognormal factors with mean 1 and the given standard deviation."""
    log_sd = float(np.sqrt(np.log1p(sd**2)))
    return np.asarray(np.exp(log_sd * normal - log_sd**2 / 2), dtype=np.float64)


def _level_sd(found: Forecast, steady: float, bulk: float, sizes: Floats) -> float:
    """What the forecast's 80% interval leaves for a wrong level, after the scatter of single days and bulk orders."""
    if steady <= 0:
        return LEAST_LEVEL_SD
    whole = ((found.high - found.units) / Z90) ** 2
    daily = found.scatter * steady
    bulky = bulk * len(found.path) * float((sizes**2).mean() / sizes.mean())
    left = float(np.sqrt(max(whole - daily - bulky, 0.0))) / steady
    return min(max(left, LEAST_LEVEL_SD), MOST_LEVEL_SD)


def _forecasts(
    shop: Shop, skus: tuple[str, ...], wanted: list[str], horizon: int
) -> tuple[dict[str, Forecast], dict[str, int]]:  # fmt: skip
    from tools.forecasting.demand import Scope, forecast

    paths: dict[str, Forecast] = {}
    rows: dict[str, int] = {}
    for part in _parts(skus, wanted, paths):
        found = forecast(shop, Scope(skus=part), horizon)
        if found is not None:
            paths |= found.by_sku
            rows = rows or dict(found.sold.rows)
    return {sku: paths[sku] for sku in wanted if sku in paths}, rows


def _parts(skus: tuple[str, ...], wanted: list[str], done: dict[str, Forecast]) -> Iterator[tuple[str, ...]]:
    yield skus
    left = [sku for sku in wanted if sku not in done]
    for at in range(0, len(left), BATCH):
        yield tuple(left[at : at + BATCH])


_SOLD = """
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines
        WHERE quantity > 0 AND list_contains(?::VARCHAR[], sku) GROUP BY sku
    )
    SELECT l.sku, o.country, o.channel, l.quantity >= u.bulk,
           coalesce(sum(l.quantity) FILTER (WHERE o.ordered_at::DATE > ?), 0)::DOUBLE, sum(l.quantity)::DOUBLE
    FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0
      AND o.ordered_at::DATE > ? AND o.ordered_at::DATE <= ?
    GROUP BY ALL ORDER BY ALL
"""

_EMPTY = """
    SELECT sku, warehouse, count(*) FILTER (WHERE day > ?), count(*) FROM inventory
    WHERE on_hand <= 0 AND day > ? AND day <= ? AND list_contains(?::VARCHAR[], sku) GROUP BY ALL
"""


Shares = dict[str, dict[str, tuple[float, float, float]]]


def _shares(shop: Shop, stock: Held, skus: list[str]) -> tuple[Shares, dict[Cell, dict[tuple[str, str], float]]]:
    """SKU -> warehouse -> share of its steady demand, share of its bulk orders, units that the first stands on."""
    near, far = (shop.as_of - timedelta(days=days) for days in WINDOWS)
    empty = {
        (str(sku), str(house)): (int(lately), int(ever))
        for sku, house, lately, ever in shop.rows(_EMPTY, [near, far, shop.as_of, skus])
    }
    routes = shipped_from(shop)
    serves = serving(shop)
    rates: dict[str, dict[str, list[float]]] = {}
    markets: dict[Cell, dict[tuple[str, str], float]] = {}
    sold = shop.rows(_SOLD, [skus, near, far, shop.as_of])
    if not sold:
        sold = shop.rows(_SOLD, [skus, date.min, date.min, shop.as_of])
    lately_sold = {str(row[0]) for row in sold if row[4]}
    for sku, country, channel, bulk, lately, ever in sold:
        house = routes.get((str(country), str(channel)))
        if house is None or (str(sku), house) not in stock.free:
            house = home(str(country), str(sku), serves, stock)
        if house is None:
            continue
        sales = markets.setdefault((str(sku), house), {})
        sales[str(country), str(channel)] = sales.get((str(country), str(channel)), 0.0) + float(ever)
        rate = rates.setdefault(str(sku), {}).setdefault(house, [0.0, 0.0, 0.0])
        if bulk:
            rate[1] += float(ever)
            continue
        out = empty.get((str(sku), house), (0, 0))
        steady, counted = _a_day(float(lately), float(ever), out, str(sku) in lately_sold)
        rate[0] += steady
        rate[2] += counted
    return {sku: _normal(by_house) for sku, by_house in rates.items()}, markets


def _a_day(lately: float, ever: float, empty: tuple[int, int], recent: bool) -> tuple[float, float]:
    """Units per day in stock, lately where the shelf was filled long enough, and the units counted."""
    in_stock = WINDOWS[0] - empty[0]
    if recent and in_stock >= IN_STOCK_AT_LEAST:
        return lately / in_stock, lately
    return ever / max(WINDOWS[1] - empty[1], IN_STOCK_AT_LEAST), ever


def _normal(by_house: dict[str, list[float]]) -> dict[str, tuple[float, float, float]]:
    steady = sum(rate[0] for rate in by_house.values())
    bulk = sum(rate[1] for rate in by_house.values())
    return {
        house: (
            rate[0] / steady if steady else rate[1] / bulk,
            rate[1] / bulk if bulk else rate[0] / steady,
            rate[2],
        )
        for house, rate in by_house.items()
    }  # fmt: skip
