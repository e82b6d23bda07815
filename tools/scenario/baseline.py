"""The shop as it stands, as arrays: expected demand by SKU, country and channel, stock, goods on the way, and money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shop.costs import Costs
from shop.costs.contribution import asking_price
from shop.costs.market import Market, market
from shop.costs.rates import OPERATOR_FILE
from shop.errors import ShopError
from shop.recent import Recent
from shop.warehouse import Shop
from tools.fulfillment.books import Held, held, home, inbound, serving, shipped_from
from tools.replenishment.plan_lead_times import open_orders
from tools.scenario.adverts import AdResponse, ad_response

if TYPE_CHECKING:
    from tools.forecasting.elasticity import Elasticities
    from tools.forecasting.outcome import Forecast

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cell = tuple[str, str]
BATCH = 50
KEPT = 4


@dataclass(frozen=True)
class Arrival:
    """Goods of an open purchase order: the cell they go to, the day they are there (0 is tomorrow), days since ordered."""

    cell: int
    units: int
    day: int
    ordered_before: int
    supplier: str
    po_id: str


@dataclass(frozen=True)
class Baseline:
    """One row per SKU, country and channel that is expected to sell; money per unit from the shop's one cost model.

    `demand` units a day from tomorrow; `cells` are SKU and warehouse, `cell_of` the row's cell, -1 where no stock is
    known (then nothing runs out); `stock` units free to sell. `prices` asking prices in the market's currency;
    `response` percent units per percent price (at most 0), with its standard deviation. `unpriced` are SKUs left out
    for lack of a price or a purchase cost, `missed` the units a day that they would have sold.
    """

    as_of: date
    base: str
    horizon: int
    markets: tuple[Market, ...]
    prices: tuple[Decimal, ...]
    demand: Floats
    cells: tuple[Cell, ...]
    cell_of: Ints
    stock: Floats
    counted: date | None
    arrivals: tuple[Arrival, ...]
    response: Floats
    response_sd: Floats
    deal: Floats
    adverts: AdResponse
    categories: dict[str, str]
    parcel_currency: dict[tuple[str, str], str]
    costs: Costs
    unpriced: tuple[str, ...]
    gaps: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    versions: tuple[str, ...]
    rows: dict[str, int]

    @property
    def key_of(self) -> dict[tuple[str, str, str], int]:
        """SKU, country, channel -> row."""
        return {(one.sku, one.country, one.channel): at for at, one in enumerate(self.markets)}


_kept: Recent[Baseline | None] = Recent(KEPT)


def baseline(shop: Shop, horizon: int) -> Baseline | None:
    """The shop's next days if nothing changes; None where nothing is expected to sell. Kept per version of the books."""
    own = shop.folder / OPERATOR_FILE
    stamp = own.stat().st_mtime_ns if own.exists() else 0
    key = (shop.folder.resolve(), shop.version, shop.as_of, horizon, stamp)
    return _kept.get(key, lambda: _baseline(shop, horizon))


def _baseline(shop: Shop, horizon: int) -> Baseline | None:
    from tools.forecasting.price import shop_elasticities

    paths, rows = _paths(shop, horizon)
    asked = _by_market(shop, paths, horizon)
    costs = Costs.of(shop)
    rows_of: list[tuple[Market, Decimal, Floats]] = []
    unpriced: set[str] = set()
    for (sku, country, channel), demand in asked.items():
        try:
            found = market(costs, sku, country, channel, shop.as_of)
            price = asking_price(costs, found)[0]
        except ShopError:
            unpriced.add(sku)
            continue
        if found.landed is None or price <= 0:
            unpriced.add(sku)
            continue
        rows_of.append((found, price, demand))
    if not rows_of:
        return None
    markets = tuple(row[0] for row in rows_of)
    stock = held(shop, [])
    cells, cell_of = _cells(shop, markets, stock)
    known = shop_elasticities(shop)
    answers = [_answer(known, one) for one in markets]
    return Baseline(
        shop.as_of, shop.base_currency, horizon, markets, tuple(row[1] for row in rows_of),
        np.array([row[2] for row in rows_of]), cells, cell_of,
        np.array([stock.free.get(cell, 0) if stock else 0 for cell in cells], dtype=np.float64),
        stock.counted if stock else None, _arrivals(shop, cells),
        np.array([one[0] for one in answers]), np.array([one[1] for one in answers]),
        np.array([known.deals.get((m.sku, m.country, m.channel), 0.0) for m in markets]),
        ad_response(shop, markets),
        {str(sku): str(kind) for sku, kind in shop.rows("SELECT sku, category FROM products WHERE category IS NOT NULL")},
        _parcel_currencies(shop), costs, tuple(sorted(unpriced)),
        tuple(dict.fromkeys((gap.key, gap.values) for one in markets for gap in one.gaps)),
        tuple(sorted({name for one in markets for name in one.versions})),
        {**rows, "prices": shop.count("prices"), "inventory": len(cells), "purchase_orders": shop.count("purchase_orders")},
    )  # fmt: skip


def _paths(shop: Shop, horizon: int) -> tuple[dict[str, Forecast], dict[str, int]]:
    """Every SKU's forecast; those that one forecast of a large shop leaves out in batches."""
    from tools.forecasting.demand import Scope, forecast

    found: dict[str, Forecast] = {}
    rows: dict[str, int] = {}
    sold = [
        str(row[0])
        for row in shop.rows(
            "SELECT DISTINCT l.sku FROM order_lines l JOIN orders o USING (order_id) "
            "WHERE coalesce(o.status, 'paid') <> 'cancelled' ORDER BY 1"
        )
    ]
    for part in _parts(sold, found):
        told = forecast(shop, Scope(skus=part), horizon)
        if told is not None:
            found |= told.by_sku
            rows = rows or dict(told.sold.rows)
    return found, rows


def _parts(sold: list[str], done: dict[str, Forecast]) -> Iterator[tuple[str, ...]]:
    yield ()
    left = [sku for sku in sold if sku not in done]
    for at in range(0, len(left), BATCH):
        yield tuple(left[at : at + BATCH])


def _by_market(shop: Shop, paths: dict[str, Forecast], horizon: int) -> dict[tuple[str, str, str], Floats]:
    """Units a day of each SKU's forecast in each country and channel, by the shares that forecasts there go by."""
    from tools.forecasting.coherence import shares_of

    found: dict[tuple[str, str, str], Floats] = {}
    names = sorted(paths)
    for at in range(0, len(names), BATCH):
        part = names[at : at + BATCH]
        shares = shares_of(shop, part, horizon, {sku: paths[sku].profile for sku in part})
        for sku in part:
            bulk = paths[sku].bulk_units / horizon
            for (country, channel), share in shares[sku].items():
                units = (paths[sku].path - bulk) * share.everyday + bulk * share.bulk
                if float(units.sum()) > 0:
                    found[sku, country, channel] = np.maximum(units, 0.0)
    return dict(sorted(found.items()))


def _cells(shop: Shop, markets: tuple[Market, ...], stock: Held | None) -> tuple[tuple[Cell, ...], Ints]:
    if stock is None:
        return (), np.full(len(markets), -1, dtype=np.int64)
    serves, shipped = serving(shop), shipped_from(shop)
    cells = tuple(sorted(stock.free))
    place = {cell: at for at, cell in enumerate(cells)}
    found = []
    for one in markets:
        house = shipped.get((one.country, one.channel))
        if house is None or (one.sku, house) not in place:
            house = home(one.country, one.sku, serves, stock)
        found.append(place.get((one.sku, house), -1) if house is not None else -1)
    return cells, np.array(found, dtype=np.int64)


def _arrivals(shop: Shop, cells: tuple[Cell, ...]) -> tuple[Arrival, ...]:
    """Open purchase orders, on the days that check_fulfillment expects them."""
    place = {cell: at for at, cell in enumerate(cells)}
    skus = sorted({sku for sku, _ in cells})
    orders = {(one.po_id, one.sku, one.warehouse): one for one in open_orders(shop, skus)}
    found = []
    for (sku, house), goods in inbound(shop, skus).items():
        for one in goods:
            order = orders.get((one.po_id, sku, house))
            if (sku, house) in place:
                found.append(
                    Arrival(
                        place[sku, house], one.units, max((one.arrives - shop.as_of).days - 1, 0),
                        (shop.as_of - order.ordered).days if order else 0, order.supplier if order else "", one.po_id,
                    )
                )  # fmt: skip
    return tuple(found)


def _answer(known: Elasticities, one: Market) -> tuple[float, float]:
    found = known.of(one.sku, one.country, one.channel)
    return min(found.mean, 0.0), found.sd


def _parcel_currencies(shop: Shop) -> dict[tuple[str, str], str]:
    """Country and channel -> the currency that most of its parcels are paid in."""
    return {
        (str(country), str(channel)): str(currency)
        for country, channel, currency in shop.rows(
            "SELECT o.country, o.channel, s.currency FROM shipments s JOIN orders o USING (order_id) "
            "WHERE s.currency IS NOT NULL AND s.cost > 0 GROUP BY 1, 2, 3 "
            "QUALIFY row_number() OVER (PARTITION BY o.country, o.channel ORDER BY count(*) DESC, s.currency) = 1"
        )
    }
