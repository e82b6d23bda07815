"""forecast_demand: units that will be ordered, with an honest interval and how well the method did before."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from pydantic import Field

from shop.warehouse import Shop
from tools.contract import DataUsed, Request, Result, Tool, ToolError

if TYPE_CHECKING:
    from tools.forecasting.series import Scope

LONGEST_HORIZON = 365
CHARTS = 3
KEPT_RESULTS = 64


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


_kept: OrderedDict[tuple[object, ...], Result] = OrderedDict()
_keeping = Lock()


def run(shop: Shop, request: ForecastDemand) -> Result:
    """How many units customers will order over the coming days: expected demand with an 80% interval,
    by SKU, country and channel, against the days before and last year. Use it for any question about
    future sales, demand or how much will sell; not for how much to order or whether stock lasts."""
    if not 1 <= request.horizon_days <= LONGEST_HORIZON:
        raise ToolError(f"horizon_days must be from 1 to {LONGEST_HORIZON}, not {request.horizon_days}.")
    wanted = [tuple(sorted(set(chosen))) for chosen in (request.skus, request.countries, request.channels)]
    key = (shop.folder, shop.version, *wanted, request.horizon_days)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key].model_copy(deep=True)
    result = _answer(shop, request)
    with _keeping:
        _kept[key] = result.model_copy(deep=True)
        while len(_kept) > KEPT_RESULTS:
            _kept.popitem(last=False)
    return result


FORECAST_DEMAND = Tool("forecast_demand", ForecastDemand, run)


def _answer(shop: Shop, request: ForecastDemand) -> Result:
    if shop.count("orders") == 0 or shop.count("order_lines") == 0:
        raise ToolError("There are no orders in the books yet: import them with `pacer import FILE`.")
    from tools.forecasting.charts import chart
    from tools.forecasting.demand import forecast
    from tools.forecasting.findings import assumptions, findings, table, warnings
    from tools.forecasting.series import Scope

    scope = Scope(
        tuple(dict.fromkeys(request.skus)),
        tuple(dict.fromkeys(request.countries)),
        tuple(dict.fromkeys(request.channels)),
    )
    demand = forecast(shop, scope, request.horizon_days)
    if demand is None:
        raise ToolError(_never_sold(shop, scope))
    several_series = len(demand.by_sku) > 1 or demand.sold.sku_count > 1
    shown = [demand.total] if several_series else []
    shown += list(demand.by_sku.values())
    return Result(
        findings=findings(scope, demand, several_series),
        tables=[table(scope, shown)],
        charts=[chart(one, one.series.sku or "Total") for one in shown[:CHARTS]],
        assumptions=assumptions(scope, demand, several_series),
        warnings=warnings(scope, demand),
        data_used=DataUsed(as_of=shop.as_of, version=shop.version, tables=demand.sold.rows),
    )


def _never_sold(shop: Shop, scope: Scope) -> str:
    from tools.forecasting.series import sold_where

    what = ", ".join(scope.skus) or "Nothing"
    places, ways = sold_where(shop, scope.skus)
    if not places:
        listed = "has" if len(scope.skus) < 2 else "have"
        return f"{what} {listed} never been sold; ask shop_status what has." if scope.skus else "Nothing has been sold."
    where = f" in {', '.join(scope.countries)}" if scope.countries else ""
    through = f" on {', '.join(scope.channels)}" if scope.channels else ""
    verb = "have" if len(scope.skus) > 1 else "has"
    pronoun = {0: "orders come from", 1: "it sells in"}.get(len(scope.skus), "they sell in")
    on_channels = f" on {', '.join(ways)}" if scope.channels else ""
    return f"{what} {verb} never been sold{where}{through}; {pronoun} {', '.join(places)}{on_channels}."
