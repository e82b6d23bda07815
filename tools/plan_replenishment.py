"""What to order, how much and by when: rush, order, hold, run down or bundle for each SKU and warehouse."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from shop.warehouse import Shop
from tools.contract import (
    About,
    DataUsed,
    Finding,
    Proposal,
    Request,
    Result,
    Tool,
    ToolError,
    code,
    count,
    days,
    finding,
    on,
    percent,
    several,
    sku,
)  # fmt: skip
from tools.fulfillment.books import Held, held
from tools.messages import refusal

if TYPE_CHECKING:
    from tools.replenishment.plan_run import Plan
    from tools.replenishment.plan_verdicts import Line

DRAFTS = 5
LONGEST_HORIZON = 365
LEAST_SERVICE, MOST_SERVICE = 0.5, 0.999


class PlanReplenishment(Request):
    """Which SKUs (empty: all), how far ahead, how sure stock must last, and the money there is."""

    skus: list[str] = Field([], description="empty means all")
    horizon_days: int = Field(90, ge=1, le=LONGEST_HORIZON, description="days ahead in which orders fall due")
    service_level: float | None = Field(
        None,
        description="chance that stock lasts from one order to the next, such as 0.95; worked out from margin and holding cost if not said",
    )
    budget: Decimal | None = Field(None, description="money for all orders together, in the shop's base currency")


def run(shop: Shop, request: PlanReplenishment) -> Result:
    """Plan restocking: for each SKU and warehouse whether to rush, order, hold, run down or bundle; how much to order
    from whom and by when, the day stock runs out, what it costs and gains, and what is lost if demand comes low or
    high; with MOQ, price breaks, lead times as they really were, goods on the way, expiry, factory closures and a
    budget over all SKUs. Use it for "what do I need to restock", "how much should I order", "what can wait", "which
    stock should I run down". It drafts orders and files none: propose_change does.
    """
    level = _service(request.service_level)
    if request.budget is not None and (not request.budget.is_finite() or request.budget <= 0):
        raise refusal("errors.above", name="budget", least=0, said=request.budget)
    stock = held(shop, request.skus)
    if stock is None:
        if request.skus and shop.count("inventory"):
            raise refusal("errors.no_stock_of", skus=", ".join(request.skus))
        raise refusal("errors.no_stock")
    from tools.replenishment.plan_closures import reference_version
    from tools.replenishment.plan_findings import findings
    from tools.replenishment.plan_run import plan
    from tools.replenishment.plan_views import plan_table, stock_chart

    budget = float(request.budget) if request.budget is not None else None
    found = plan(shop, stock, request.skus, request.horizon_days, level, budget)
    return Result(
        findings=findings(shop, found, request.horizon_days, request.budget),
        tables=[plan_table(found, shop.base_currency)],
        charts=[stock_chart(found, shop.as_of, request.horizon_days)] if found.orders else [],
        proposals=[draft for line in found.orders[:DRAFTS] if (draft := _draft(shop, line)) is not None],
        assumptions=_assumptions(found, request, level),
        warnings=_warnings(shop, found, stock, request),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version, tables=found.rows,
            reference=sorted({reference_version(), *found.money.versions}),
        ),
    )  # fmt: skip


def _service(said: float | None) -> float | None:
    """A share; 95 means 95 percent."""
    if said is None:
        return None
    level = said / 100 if 1 < said < 100 else said
    if not LEAST_SERVICE <= level <= MOST_SERVICE:
        raise refusal("errors.range_number", name="service_level", low=LEAST_SERVICE, high=MOST_SERVICE, said=said)
    return level


def _draft(shop: Shop, line: Line) -> Proposal | None:
    """The order as propose_change would file it; None where it refuses."""
    from shop.writers.kinds import WRITERS
    from tools.proposals.purchase_order import purchase_order

    assert line.option is not None
    try:
        change = purchase_order(
            shop,
            {
                "sku": line.sku, "quantity": line.option.quantity, "supplier_id": line.option.way.offer.supplier,
                "warehouse": line.warehouse, "ordered_on": shop.as_of.isoformat(),
            },
        ).change  # fmt: skip
    except ToolError:
        return None
    return Proposal(
        kind="purchase_order", payload=change.model_dump(mode="json"),
        expected_before=WRITERS["purchase_order"].before(shop, change),
    )  # fmt: skip


def _assumptions(found: Plan, request: PlanReplenishment, level: float | None) -> list[Finding]:
    from tools.replenishment.plan_options import LEAST_RETURN
    from tools.replenishment.plan_verdicts import REVIEW_DAYS

    told = [finding("plan_replenishment.forecast", tool=code("forecast_demand"), horizon=days(request.horizon_days))]
    if level is None:
        told.append(finding("plan_replenishment.service_learned"))
    else:
        told.append(finding("plan_replenishment.service_said", level=percent(level * 100)))
    told.append(finding("plan_replenishment.worth", share=percent(LEAST_RETURN * 100)))
    told.append(finding("plan_replenishment.now", review=days(REVIEW_DAYS)))
    told.append(finding("plan_replenishment.costs"))
    seen = {
        line.option.way.offer.supplier: found.times.orders_seen(line.option.way.offer.supplier)
        for line in found.orders
        if line.option is not None
    }
    if seen:
        told.append(
            finding(
                "plan_replenishment.lead_times",
                n=count(sum(seen.values())),
                suppliers=several([code(one) for one in sorted(seen)]),
            )
        )
    if found.orders:
        told.append(finding("plan_replenishment.not_filed", tool=code("propose_change")))
    return told


def _warnings(shop: Shop, found: Plan, stock: Held, request: PlanReplenishment) -> list[Finding]:
    told = []
    if stock.counted < shop.as_of:
        told.append(finding("plan_replenishment.old_count", "watch", day=on(stock.counted), as_of=on(shop.as_of)))
    known = {line.sku for line in found.lines}
    for reason in ("no_offer", "no_usable_offer", "no_price", "no_cost"):
        names = sorted({line.sku for line in found.lines if line.position.why_not == reason and line.expected > 0})
        if names:
            told.append(
                finding(
                    f"plan_replenishment.{reason}",
                    "watch",
                    About(skus=names),
                    skus=several([sku(one) for one in names]),
                )
            )
    unknown = [name for name in request.skus if name not in known]
    if unknown:
        told.append(
            finding(
                "plan_replenishment.no_stock",
                "watch",
                About(skus=unknown),
                skus=several([sku(one) for one in unknown]),
            )
        )
    if not shop.vocabulary.warehouses:
        told.append(finding("plan_replenishment.no_warehouses", "watch"))
    if not shop.count("purchase_orders"):
        told.append(finding("plan_replenishment.no_purchase_orders", "info"))
    undated = sorted(
        {
            line.sku
            for line in found.lines
            if line.position.case.life is not None and not line.position.batches and line.position.free
        }
    )
    if undated:
        told.append(
            finding(
                "plan_replenishment.unknown_age",
                "watch",
                About(skus=undated),
                skus=several([sku(one) for one in undated]),
            )
        )
    return told


PLAN_REPLENISHMENT = Tool("plan_replenishment", PlanReplenishment, run)
