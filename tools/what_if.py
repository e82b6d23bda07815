"""What would happen if: any of twelve levers, solved together over demand, stock, prices, costs and cash."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from shop.warehouse import Shop
from tools.contract import (
    DataUsed,
    Finding,
    Request,
    Result,
    Tool,
    Value,
    code,
    days,
    finding,
    on,
    several,
    sku,
)  # fmt: skip
from tools.cost_gaps import told_gap
from tools.messages import refusal
from tools.scenario.changes import Change

if TYPE_CHECKING:
    from tools.scenario.solve import Engine

LONGEST_HORIZON = 365
GAPS_TOLD = 3
NAMED = 6
COUNTED = frozenset({"pct", "count", "quantity", "moq", "cost", "days", "day"})


class WhatIf(Request):
    """The changes to try together, and how far ahead to look."""

    changes: list[Change] = Field(
        description="each {lever, target, value, start, end}; levers: demand, price, unit_cost, freight, duty, fx, "
        "lead_time, supplier_out, ad_budget, return_rate, promotion, purchase"
    )
    horizon_days: int = Field(90, ge=1, le=LONGEST_HORIZON, description="days ahead that are compared")


def run(shop: Shop, request: WhatIf) -> Result:
    """Solve a what-if: demand, prices, supplier prices, freight, duty, exchange rates, lead times, a supplier that
    drops out, ad budgets, return rates, promotions and purchases, any number at once, with targets and dates. Compares
    units, revenue, gross profit, stock-outs and the lowest cash with and without the changes, says how much each change
    is behind, and what the best answer is. Use it for "what if freight rises 30%", "suppose the dollar falls", "what
    does a 5% higher price do", "what price keeps a 30% margin" (lever price, value "keep 30%").
    """
    from tools.scenario.attribute import attribute
    from tools.scenario.baseline import baseline
    from tools.scenario.cash import cash_lows
    from tools.scenario.changes import levers
    from tools.scenario.counter import moves
    from tools.scenario.findings import cash_low, counter, figures, kept, shares, verdict
    from tools.scenario.solve import Engine
    from tools.scenario.supply import purchases
    from tools.scenario.views import chart, figures_table, levers_table, places_table

    chosen = levers(shop, request.changes, request.horizon_days)
    base = baseline(shop, request.horizon_days)
    if base is None:
        raise refusal("errors.scenario_no_base")
    engine = Engine(base, chosen, purchases(shop, base, chosen))
    told = attribute(lambda active: engine.solve(active).profit, len(chosen), base.base)
    cash = cash_lows(shop, engine)
    answers = moves(shop, engine)
    found = [*kept(engine), verdict(engine), *shares(engine, told), *figures(engine)]
    if cash is not None:
        found.append(cash_low(base, *cash))
    found += counter(base, answers)
    return Result(
        findings=found,
        tables=[figures_table(engine, cash), levers_table(engine, told), places_table(engine)],
        charts=[chart(engine, told)],
        assumptions=_assumptions(engine, told.exact),
        warnings=_warnings(shop, engine),
        data_used=DataUsed(as_of=shop.as_of, version=shop.version, tables=base.rows, reference=list(base.versions)),
    )


def _assumptions(engine: Engine, exact: bool) -> list[Finding]:
    base, names = engine.base, {lever.name for lever in engine.levers}
    told = [
        finding("what_if.horizon", horizon=days(base.horizon), tool=code("forecast_demand")),
        finding("what_if.stock") if base.cells else finding("what_if.no_stock"),
        finding("what_if.replacement"),
    ]
    if names & {"price", "promotion"}:
        rows = [at for at in range(len(base.markets)) if engine.units.relevant(at)]
        answers = sorted(float(base.response[at]) for at in rows) or [0.0]
        told.append(
            finding(
                "what_if.response",
                low=_number(abs(answers[-1])),
                high=_number(abs(answers[0])),
                tool=code("forecast_demand"),
            )
        )
    if "promotion" in names:
        told.append(finding("what_if.no_pull_forward"))
    if "fx" in names:
        told.append(finding("what_if.exchange"))
    if "ad_budget" in names:
        adverts = base.adverts
        key = "what_if.adverts" if adverts.credited else "what_if.adverts_literature"
        told.append(finding(key, power=_number(adverts.power), sd=_number(adverts.power_sd)))
    for one in engine.bought:
        name, _ = base.cells[one.cell]
        told.append(finding("what_if.bought", sku=sku(name), supplier=code(one.supplier), took=days(one.took)))
    if len(engine.levers) > 2:
        told.append(finding("what_if.shapley" if exact else "what_if.shapley_sampled"))
    return told


def _warnings(shop: Shop, engine: Engine) -> list[Finding]:
    base = engine.base
    told = []
    if base.counted is not None and base.counted < shop.as_of:
        told.append(finding("what_if.old_count", "watch", day=on(base.counted), as_of=on(shop.as_of)))
    if base.unpriced:
        told.append(finding("what_if.unpriced", "watch", skus=several([sku(one) for one in base.unpriced[:NAMED]])))
    for n, lever in enumerate(engine.levers):
        if engine.solve(frozenset({n})).profit == engine.solve(frozenset()).profit and _pulled(engine, n):
            from tools.scenario.findings import lever_share

            moved = lever_share(base, lever, engine.solve(frozenset()).profit).values
            told.append(finding("what_if.moves_nothing", "watch", lever=moved["lever"], where=moved["where"]))
    plain = [gap for gap in base.gaps if not any(name in COUNTED for name, _ in gap[1])]
    for key, values in plain[:GAPS_TOLD]:
        told.append(told_gap(key, values))
    return told


def _number(plain: float) -> Value:
    return Value(kind="count", value=round(Decimal(repr(plain)), 2))


def _pulled(engine: Engine, at: int) -> bool:
    amount = engine.levers[at].amount
    return (
        amount.measure in ("amount", "keep", "units") or amount.factor != 1 or engine.levers[at].name == "supplier_out"
    )


WHAT_IF = Tool("what_if", WhatIf, run)
