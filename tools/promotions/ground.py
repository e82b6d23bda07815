"""What a promotion stands on: the units of each market without any discount, what they earn, and the stock to sell from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shop.costs import Costs, holding_cost_per_day
from shop.costs.contribution import asking_price
from shop.costs.market import Market, market
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.fulfillment.books import held, inbound
from tools.fulfillment.projection import project
from tools.promotions.past import Past

Floats = NDArray[np.float64]
Cell = tuple[str, str, str]
SHORT_DAYS, LONGEST = 90, 365
NEW_STOCK_DAYS = 75  # until ordered goods come, where the books tell no route
LONG_COVER_DAYS = 180
NOT_MARGINAL = ("advertising", "storage")
LEAST_UNITS = 0.5


@dataclass(frozen=True)
class Shelf:
    """Stock of a SKU in a warehouse. `left` is what lies there at the end of each day from tomorrow on, as far as sales
    without promotions go; new goods can come by `until`; `out_on` is the day it runs dry before; `surplus` units beyond half a year's sales or unsold when they
    expire, `expiring` the latter alone; `cover_days` how long the free stock lasts."""

    sku: str
    warehouse: str
    free: int
    left: Floats
    until: int
    out_on: date | None
    cover_days: float
    surplus: float
    expiring: float
    expires: date | None
    holding: Decimal

    def spare(self, first: int) -> float:
        """Units that a promotion from day `first` on (0 is tomorrow) may sell on top, so that none is missing before new
        goods can come; no limit where they can come before it begins."""
        if self.out_on is not None:
            return 0.0
        if first >= self.until:
            return float("inf")
        return float(self.left[first : self.until].min())


@dataclass(frozen=True)
class Ground:
    """A SKU in a country and channel: `path` of units a day from tomorrow on without discounts, money in base currency.

    `contribution` after all costs and `margin` (without average advertising and storage, which a further unit does not
    cost) are per unit at the asking price `price` (market's currency). `usual_off` is the share off on each day that
    earlier years gave at the same event.
    """

    sku: str
    country: str
    channel: str
    path: Floats
    spread: float
    usual_off: Floats
    price: Decimal
    market: Market
    margin: float
    wholesale: bool
    marketplace: bool
    shelf: Shelf | None
    category: str | None

    @property
    def cell(self) -> Cell:
        """SKU, country and channel."""
        return self.sku, self.country, self.channel

    def margin_at(self, price: Decimal) -> float:
        """What a further unit earns at a price, in base currency."""
        parts = self.market.exact(price)
        return float(
            sum((amount for name, amount, _ in parts if name not in NOT_MARGINAL), Decimal(0)) * self.market.rate
        )

    def contribution_at(self, price: Decimal) -> Decimal:
        """The contribution after all costs at a price, in the market's currency."""
        return self.market.contribution(price)


@dataclass
class Grounds:
    """All markets that may be promoted, and what could not be: SKUs without costs, without a forecast."""

    as_of: date
    cells: list[Ground]
    unknown_cost: set[str] = field(default_factory=set)
    no_demand: set[str] = field(default_factory=set)
    no_stock: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    _margins: dict[tuple[Cell, Decimal], float] = field(default_factory=dict)

    def margin_at(self, cell: Ground, price: Decimal) -> float:
        """What a further unit earns at a price, in base currency; kept, since every audience and window asks."""
        key = (cell.cell, price)
        if key not in self._margins:
            self._margins[key] = cell.margin_at(price)
        return self._margins[key]


def grounds(
    shop: Shop, past: Past, skus: list[str], countries: list[str], wholesale: bool, last: date
) -> Grounds:  # fmt: skip
    """Every market of the SKUs (all when empty) in the countries, from the same forecast, stock and costs as other tools.

    `last` is the last day any promotion may run.
    """
    from tools.forecasting.coherence import shares_of
    from tools.forecasting.demand import ALL_UP_TO, Scope, forecast
    from tools.forecasting.price import shop_elasticities

    horizon = min(max((last - shop.as_of).days, SHORT_DAYS), LONGEST)
    few = len(shop.vocabulary.products) <= ALL_UP_TO
    demand = forecast(shop, Scope() if few else Scope(tuple(skus)), horizon)
    found = Grounds(shop.as_of, [])
    if demand is None:
        return found
    names = [sku for sku in demand.by_sku if not skus or sku in skus]
    found.no_demand = set(skus) - set(names)
    found.rows = dict(demand.sold.rows)
    shares = shares_of(shop, list(demand.by_sku), horizon, {sku: one.profile for sku, one in demand.by_sku.items()})
    costs, known = Costs.of(shop), shop_elasticities(shop)
    cells: dict[Cell, tuple[Floats, bool, Market, Decimal, Floats, float]] = {}
    asked: dict[tuple[str, str], Floats] = {}
    for sku in names:
        whole = demand.by_sku[sku]
        bulk = whole.bulk_units / horizon
        for (country, channel), share in shares[sku].items():
            retail, trade = (whole.path - bulk) * share.everyday, np.full(horizon, bulk * share.bulk)
            try:
                place = market(costs, sku, country, channel, costs.as_of)
                price, _ = asking_price(costs, place)
            except ShopError:
                found.unknown_cost.add(sku)
                continue
            if place.warehouse is not None:
                cell = (sku, place.warehouse)
                asked[cell] = asked.get(cell, np.zeros(horizon)) + retail + trade
            in_bulk = trade.sum() > retail.sum()
            if place.landed is None:
                found.unknown_cost.add(sku)
                continue
            if (countries and country not in countries) or in_bulk != wholesale:
                continue
            units = trade if in_bulk else retail
            if units.sum() < LEAST_UNITS:
                continue
            off = _usual_off(shop, past, (sku, country, channel), horizon)
            lifted = np.exp(min(known.of(sku, country, channel).mean, 0.0) * np.log1p(-off))
            spread = (whole.high - whole.low) / 2 / 1.2816 / max(whole.units, 1.0)
            cells[sku, country, channel] = (units / lifted, in_bulk, place, price, off, float(spread))
    shelves = _shelves(shop, sorted({sku for sku, _, _ in cells}), asked, horizon)
    for (sku, country, channel), (path, in_bulk, place, price, off, spread) in cells.items():
        found.versions |= set(place.versions)
        shelf = shelves.get((sku, place.warehouse or ""))
        if shelf is None and shop.count("inventory"):
            found.no_stock.add(sku)
            continue
        brings = costs.one("marketplace", costs.as_of, channel=channel)
        made = Ground(
            sku, country, channel, path, spread, off, price, place, 0.0, in_bulk,
            brings is not None and brings.value == 1, shelf, costs.item(sku).category,
        )  # fmt: skip
        found.cells.append(replace(made, margin=made.margin_at(price)))
    return found


def _usual_off(shop: Shop, past: Past, cell: Cell, horizon: int) -> Floats:
    """Share off that past years gave on the days of the same event, which the forecast of those days holds."""
    from tools.forecasting.events import Place, pieces

    out = np.zeros(horizon)
    given = past.discount.get(cell)
    if given is None:
        return out
    place = Place((cell[1],), (cell[2],))
    ahead = pieces(np.arange(horizon, dtype=np.int64) + shop.as_of.toordinal() + 1, place)
    if not (ahead >= 0).any():
        return out
    before = pieces(np.arange(len(given), dtype=np.int64) + past.first.toordinal(), place)
    for piece in np.unique(ahead[ahead >= 0]):
        seen = given[before == piece]
        if len(seen):
            out[ahead == piece] = 1 - np.exp(np.log1p(-seen).mean())
    return out


def _shelves(
    shop: Shop, skus: list[str], asked: dict[tuple[str, str], Floats], horizon: int
) -> dict[tuple[str, str], Shelf]:
    from tools.opportunities.supply_time import routes
    from tools.replenishment.plan_shelf_life import ages, deliveries, unsold

    stock = held(shop, skus)
    if stock is None or not skus:
        return {}
    coming = inbound(shop, skus)
    ways: dict[tuple[str, str], int] = {}
    for by_sku in routes(shop, shop.vocabulary.countries).values():
        for sku, known in by_sku.items():
            for one in known:
                ways[sku, one.warehouse] = min(ways.get((sku, one.warehouse), one.days), one.days)
    life = {
        str(sku): int(days)
        for sku, days in shop.rows("SELECT sku, shelf_life_days FROM products WHERE shelf_life_days IS NOT NULL")
    }
    came = deliveries(shop, sorted(life))
    found = {}
    for (sku, house), free in stock.free.items():
        demand = asked.get((sku, house), np.zeros(horizon))
        rate = float(demand.mean())
        until = min(ways.get((sku, house), NEW_STOCK_DAYS), horizon)
        run = project(sku, house, free, shop.as_of, demand.tolist(), coming.get((sku, house), ()))
        dry = run.out_on
        if dry is not None and (dry - shop.as_of).days > until:
            dry = None
        total = free + sum(one.units for one in coming.get((sku, house), ()))
        expiring = None
        if sku in life:
            batches = ages(free, came.get((sku, house), ()), life[sku], shop.as_of)
            expiring = unsold(batches, demand, rate, shop.as_of) if batches else None
        wasted = expiring.units if expiring else 0.0
        found[sku, house] = Shelf(
            sku, house, free, np.asarray(run.stock), until, dry,
            total / rate if rate > 0 else float("inf"), max(total - rate * LONG_COVER_DAYS, wasted, 0.0), wasted,
            expiring.first if expiring else None, holding_cost_per_day(shop, sku, house),
        )  # fmt: skip
    return found
