"""Sales ahead as money: every SKU in every market, by day, from the forecast, the asking prices and the cost model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shop.costs.book import Costs
from shop.costs.contribution import asking_price
from shop.costs.market import Market, market
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.replenishment.plan_demand import LEAST_LEVEL_SD, Shelf

if TYPE_CHECKING:
    from tools.forecasting.outcome import Forecast

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cell = tuple[str, str]
Place = tuple[str, str]
RECENT_DAYS, YEAR_DAYS = 91, 364
LEAST_LINES = 10
AROUND_DAYS = 1
PROBE = Decimal("0.8")
Z80 = 1.2816
WEEK, LEAST_WEEKS, BULK_DAYS = 7, 12, 365
SINGLE = 0.3  # of the spread of single weeks: levels drift from week to week as well (benchmarks/cash.py)
TOGETHER = 0.8  # of the spread that all levels share: the interval of the whole, from ten origins, is on the safe side
HANDLED = ("return_handling", "import_duty")


@dataclass(frozen=True)
class Asked:
    """What will be asked for: a shelf for each SKU and warehouse, and the markets that ask there with their units.

    `common_sd` is how wrong all levels may be together, as a share; `weekly_sd` (weeks,) how far single weeks stray
    from their place in the forecast, together; `free` the stock to sell (None where the books have no stock: then
    nothing limits sales).
    """

    shelves: dict[Cell, Shelf]
    markets: dict[Cell, dict[Place, float]]
    free: dict[Cell, int] | None
    common_sd: float
    weekly_sd: Floats
    rows: dict[str, int]


@dataclass(frozen=True)
class Rows:
    """The money of expected demand, row by row (a SKU in a market) and day by day, in base currency.

    `cells` are the SKU and warehouse that answer each row; `places` its country and channel. `share` is the part of
    the tax in what the customer pays. `unpriced` are SKUs without any price, left out.
    """

    cells: list[Cell]
    places: list[Place]
    sales: Floats
    fees: Floats
    refunds: Floats
    tax: Floats
    running: Floats
    unpriced: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
    tax_share: dict[Place, float] = field(default_factory=dict)


def asked(shop: Shop, days: int) -> Asked | None:
    """Demand at every shelf for so many days; None where nothing was ever ordered."""
    from tools.forecasting.demand import Scope, forecast
    from tools.fulfillment.books import held, market_shares
    from tools.replenishment.plan_demand import ahead

    whole = forecast(shop, Scope(), days)
    if whole is None:
        return None
    stock = held(shop, [])
    if stock is not None:
        found = ahead(shop, stock, [], days)
        missing = [sku for sku in whole.by_sku if sku not in {one for one, _ in found.shelves}]
        shelves, markets, free = dict(found.shelves), dict(found.markets), dict(stock.free)
    else:
        missing, shelves, markets, free = list(whole.by_sku), {}, {}, {}
    shares = market_shares(shop, missing)
    for sku in missing:
        one = whole.by_sku[sku]
        spread = min(max((one.high - one.low) / 2 / Z80 / max(one.units, 1.0), 0.05), 1.0)
        shelves[sku, ""] = Shelf(one.path, 0.0, np.ones(1), spread, max(one.scatter, 1.0), 0.0)
        markets[sku, ""] = shares.get(sku, {})
    shelves = _without_rate(shelves)
    total = whole.total
    astray = _astray(total, days)
    half = (total.high - total.low) / 2 / Z80
    by_week = total.path[: len(astray) * WEEK].reshape(-1, WEEK).sum(axis=1)
    single = float(((astray * by_week) ** 2).sum())
    common = _common(shelves, half**2 - single)
    kept = SINGLE * astray
    return Asked(shelves, markets, free if stock is not None else None, common, kept, dict(whole.sold.rows))


def _common(shelves: dict[Cell, Shelf], variance: float) -> float:
    """The spread of a level that all share: a part of what the forecast of the whole scatters beyond its SKUs."""
    by_sku: dict[str, float] = {}
    units = noise = 0.0
    for (sku, _), shelf in shelves.items():
        days, steady = len(shelf.steady), float(shelf.steady.sum())
        bulk = shelf.bulk_a_day * days
        by_sku[sku] = by_sku.get(sku, 0.0) + shelf.level_sd * steady
        noise += shelf.scatter * steady + bulk * mean_size(shelf) + (rate_sd(shelf) * bulk) ** 2
        units += steady + bulk
    left = variance - noise - sum(own**2 for own in by_sku.values())
    return TOGETHER * float(np.sqrt(max(left, 0.0))) / max(units, 1.0)


def _without_rate(shelves: dict[Cell, Shelf]) -> dict[Cell, Shelf]:
    """The shelves with level errors that no longer hold how little is known of the rate of bulk orders: that is drawn
    apart."""
    steady: dict[str, float] = {}
    rate: dict[str, float] = {}
    for (sku, _), shelf in shelves.items():
        steady[sku] = steady.get(sku, 0.0) + float(shelf.steady.sum())
        rate[sku] = rate.get(sku, 0.0) + (rate_sd(shelf) * shelf.bulk_a_day * len(shelf.steady)) ** 2
    out = {}
    for (sku, house), shelf in shelves.items():
        left = (shelf.level_sd * steady[sku]) ** 2 - rate[sku]
        level = float(np.sqrt(max(left, 0.0))) / max(steady[sku], 1.0)
        out[sku, house] = replace(shelf, level_sd=min(max(level, LEAST_LEVEL_SD), shelf.level_sd))
    return out


def mean_size(shelf: Shelf) -> float:
    """Size of the bulk order that a bulk unit belongs to, on average."""
    return float((shelf.sizes**2).mean() / shelf.sizes.mean())


def rate_sd(shelf: Shelf) -> float:
    """How wrong the rate of bulk orders may be, as a share: it is known from the orders of a year."""
    seen = shelf.bulk_a_day * BULK_DAYS
    return min(float(np.sqrt(mean_size(shelf) / seen)), 1.0) if seen > 0 else 0.0


def _astray(total: Forecast, days: int) -> Floats:
    """How far whole weeks stray, as a share: as week followed week lately (robust), and what events may turn out."""
    from tools.forecasting.events import PIECES, pieces

    weeks = days // WEEK
    demand = total.series.demand[-YEAR_DAYS:]
    past = demand[len(demand) % WEEK :].reshape(-1, WEEK).sum(axis=1)
    usual = 0.0
    if len(past) > LEAST_WEEKS and (past > 0).all():
        steps = np.diff(np.log(past))
        spread = 1.4826 * float(np.median(np.abs(steps - np.median(steps)))) / np.sqrt(2)
        usual = float(np.sqrt(max(spread**2 - total.scatter / float(past.mean()), 0.0)))
    out = np.full(weeks, usual)
    if total.profile is None:
        return out
    label = pieces(total.start.toordinal() + np.arange(days, dtype=np.int64), total.series.place)
    for week in range(weeks):
        within = slice(week * WEEK, (week + 1) * WEEK)
        known = label[within] >= 0
        if known.any():
            per = np.bincount(label[within][known], weights=total.path[within][known], minlength=len(PIECES))
            out[week] = np.hypot(
                usual, np.linalg.norm(per * total.profile.event_sd) / max(total.path[within].sum(), 1.0)
            )
    return out


def rows_of(shop: Shop, wanted: Asked, days: int) -> Rows:
    """Price every row of demand; discounts as a year before on the same days, else as lately."""
    costs = Costs.of(shop)
    off = discounts(shop, days)
    cells: list[Cell] = []
    places: list[Place] = []
    money: dict[str, list[Floats]] = {kind: [] for kind in ("sales", "fees", "refunds", "tax", "running")}
    unpriced: set[str] = set()
    versions: set[str] = set()
    shares: dict[Place, float] = {}
    for cell, shelf in wanted.shelves.items():
        units = wanted.markets.get(cell, {})
        whole = sum(units.values())
        for place, n in units.items():
            try:
                found = market(costs, cell[0], *place, costs.as_of)
                price, _ = asking_price(costs, found)
            except ShopError:
                unpriced.add(cell[0])
                continue
            full, cut = _unit(found, price), _unit(found, price, price * (1 - PROBE))
            demand = shelf.mean[:days] * (n / whole)
            share = off.get(place, np.zeros(days))[:days] / float(1 - PROBE)
            for kind, amounts in money.items():
                amounts.append(demand * (full[kind] + (cut[kind] - full[kind]) * share))
            cells.append(cell)
            places.append(place)
            versions.update(found.versions)
            shares[place] = float(found.tax.share)
    empty = np.zeros((0, days))
    made = {kind: np.array(amounts) if amounts else empty for kind, amounts in money.items()}
    return Rows(cells, places, **made, unpriced=frozenset(unpriced), versions=frozenset(versions), tax_share=shares)


def _unit(found: Market, price: Decimal, discount: Decimal = Decimal(0)) -> dict[str, float]:
    """The cash of one unit sold, in base currency, by kind; all positive."""
    at = replace(found, discount=discount)
    parts = {name: amount for name, amount, _ in at.exact(price)}
    zero = Decimal(0)
    paid = price - discount + at.shipping
    goods = price - discount
    back = at.returns.rate * at.returns.refunded * goods
    kept = (
        "marketplace_fee",
        "payment_fee",
        "exchange",
        *(("fulfilment", "storage") if at.parcel_told.by_channel else ()),
    )
    spent = HANDLED if at.parcel_told.by_channel else (*HANDLED, "fulfilment", "storage")
    kinds = {
        "sales": paid,
        "fees": -sum((parts.get(name, zero) for name in kept), zero) - parts.get("fees_refunded", zero),
        "refunds": back,
        "tax": (paid - back) * at.tax.share,
        "running": -sum((parts.get(name, zero) for name in spent), zero),
    }
    return {kind: float(amount * at.rate) for kind, amount in kinds.items()}


def discounts(shop: Shop, days: int) -> dict[Place, Floats]:
    """(country, channel) -> share taken off prices on each day ahead.

    As on the same weekday 364 days before (with the day before and after) where enough was sold then, else the
    average of the last 13 weeks.
    """
    begin = shop.as_of - timedelta(days=YEAR_DAYS + AROUND_DAYS)
    found: dict[Place, dict[int, tuple[float, float, int]]] = {}
    for country, channel, day, gross, off, lines in shop.rows(
        "SELECT o.country, o.channel, o.ordered_at::DATE, sum(l.unit_price * l.quantity)::DOUBLE, "
        "coalesce(sum(l.discount), 0)::DOUBLE, count(*) FROM orders o JOIN order_lines l USING (order_id) "
        "WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 AND o.ordered_at::DATE BETWEEN ? AND ? "
        "GROUP BY ALL ORDER BY ALL",
        [begin, shop.as_of],
    ):
        found.setdefault((str(country), str(channel)), {})[_number(day)] = (float(gross), float(off), int(lines))
    out: dict[Place, Floats] = {}
    for place, by_day in found.items():
        lately = [
            by_day[n] for n in range(_number(shop.as_of) - RECENT_DAYS + 1, _number(shop.as_of) + 1) if n in by_day
        ]
        usual = _share(lately)
        path = np.full(days, usual)
        for n in range(days):
            then = _number(shop.as_of) + 1 + n - YEAR_DAYS
            near = [by_day[m] for m in range(then - AROUND_DAYS, then + AROUND_DAYS + 1) if m in by_day]
            if then in by_day and sum(lines for *_, lines in near) >= LEAST_LINES and then <= _number(shop.as_of):
                path[n] = _share([by_day[then]]) if by_day[then][2] >= LEAST_LINES else _share(near)
        out[place] = np.clip(path, 0.0, 0.9)
    return out


def _number(day: date) -> int:
    return day.toordinal()


def _share(days: list[tuple[float, float, int]]) -> float:
    gross = sum(one[0] for one in days)
    return sum(one[1] for one in days) / gross if gross > 0 else 0.0
