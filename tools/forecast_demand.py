"""forecast_demand: units that will be ordered, with an honest interval and how well the method did before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from shop.calendar import table_version
from shop.warehouse import Shop
from tools.contract import DataUsed, Request, Result, Tool, ToolError
from tools.messages import refusal

if TYPE_CHECKING:
    from tools.forecasting.outcome import Demand
    from tools.forecasting.series import Scope
    from tools.forecasting.telling import Context

LONGEST_HORIZON = 365
CHARTS = 3
SET_APART_DAYS = 365


class ForecastDemand(Request):
    """Which SKUs, countries and channels (empty: all), and how many days ahead."""

    skus: list[str] = Field([], description="SKUs; empty means all")
    countries: list[str] = Field([], description="countries the orders ship to; empty means all")
    channels: list[str] = Field([], description="sales channels; empty means all")
    horizon_days: int = Field(
        30,
        description=f"days ahead, from the day after today; 1 to {LONGEST_HORIZON}",
        json_schema_extra={"minimum": 1, "maximum": LONGEST_HORIZON},
    )


def run(shop: Shop, request: ForecastDemand) -> Result:
    """How many units customers will order over the coming days: expected demand with an 80% interval,
    by SKU, country and channel, against the days before and last year. Use it for any question about
    future sales, demand or how much will sell; not for how much to order or whether stock lasts."""
    if not 1 <= request.horizon_days <= LONGEST_HORIZON:
        raise refusal("errors.range_whole", name="horizon_days", low=1, high=LONGEST_HORIZON, said=request.horizon_days)
    if shop.count("orders") == 0 or shop.count("order_lines") == 0:
        raise refusal("errors.no_orders", command="pacer import FILE")
    from tools.forecasting.charts import chart
    from tools.forecasting.demand import forecast
    from tools.forecasting.findings import assumptions, findings, table, warnings
    from tools.forecasting.series import Scope
    from tools.forecasting.signals import sources_held
    from tools.forecasting.telling import tables

    scope = Scope(
        tuple(dict.fromkeys(request.skus)),
        tuple(dict.fromkeys(request.countries)),
        tuple(dict.fromkeys(request.channels)),
    )
    demand = forecast(shop, scope, request.horizon_days)
    if demand is None:
        raise _never_sold(shop, scope)
    context = _context(shop, scope, demand)
    several_series = len(demand.by_sku) > 1 or demand.sold.sku_count > 1
    shown = [demand.total] if several_series else []
    shown += list(demand.by_sku.values())
    return Result(
        findings=findings(scope, demand, several_series, context),
        tables=[table(scope, shown), *tables(demand.total, context)],
        charts=[chart(one, one.series.sku or "Total") for one in shown[:CHARTS]],
        assumptions=assumptions(scope, demand, several_series, context),
        warnings=warnings(scope, demand, context),
        data_used=DataUsed(
            as_of=shop.as_of,
            version=shop.version,
            tables=demand.sold.rows
            | sources_held(shop)
            | ({"refunds": context.returns.rows} if context.returns else {}),
            reference=[table_version()] if context.calendar else [],
        ),
    )


FORECAST_DEMAND = Tool("forecast_demand", ForecastDemand, run)


def _context(shop: Shop, scope: Scope, demand: Demand) -> Context:
    from tools.forecasting.around import calendar_of, doubtful, returns, split
    from tools.forecasting.drivers import drivers, events_inside
    from tools.forecasting.leaning import leaning_of
    from tools.forecasting.set_apart import lines_apart
    from tools.forecasting.signals import leads, moves, sources_told
    from tools.forecasting.telling import Context

    channels = tuple(sorted(scope.channels))
    return Context(
        drivers=drivers(demand.total),
        effects=events_inside(demand.total),
        calendar=calendar_of(demand.total, scope),
        moves=moves(shop, scope),
        leads=leads(shop, channels),
        sources=sources_told(shop, scope),
        leaning=leaning_of(shop, channels),
        parts=split(shop, scope, demand.total.units),
        returns=returns(shop, scope),
        apart=lines_apart(
            shop, scope.skus, scope.countries, scope.channels, shop.as_of - timedelta(days=SET_APART_DAYS - 1)
        ),
        doubtful=doubtful(shop, scope),
    )


def _never_sold(shop: Shop, scope: Scope) -> ToolError:
    from tools.forecasting.series import sold_where

    what = ", ".join(scope.skus)
    many = len(scope.skus) > 1
    sales = sold_where(shop, scope.skus)
    if not sales and not what:
        return refusal("errors.no_demand", as_of=shop.as_of)
    if not sales:
        return refusal("errors.never_sold_many" if many else "errors.never_sold", skus=what)
    inside = [
        last
        for place, way, last in sales
        if (not scope.countries or place in scope.countries) and (not scope.channels or way in scope.channels)
    ]
    if inside and what:
        return refusal("errors.sold_long_ago", skus=what, last=max(inside))
    if inside:
        return refusal("errors.ordered_long_ago", last=max(inside))
    places = " ".join(
        f"{word} {', '.join(said)}" for word, said in (("in", scope.countries), ("on", scope.channels)) if said
    )
    known = ", ".join(sorted({place for place, _, _ in sales}))
    if scope.channels:
        known += f" on {', '.join(sorted({way for _, way, _ in sales}))}"
    if what:
        key = "errors.not_sold_there_many" if many else "errors.not_sold_there"
        return refusal(key, skus=what, where=places, known=known)
    return refusal("errors.nothing_sold_there", where=places, known=known)
