"""The plan as a table and a chart."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from tools.contract import Chart, Column, Table
from tools.fulfillment.projection import Inbound, project
from tools.replenishment.plan_run import Plan
from tools.replenishment.plan_verdicts import Line

LINES = 6


def plan_table(plan: Plan, base: str) -> Table:
    """Every SKU and warehouse, the most pressing first."""
    return Table(
        title="Restocking plan by SKU and warehouse",
        columns=[
            Column(name="SKU", kind="sku"), Column(name="warehouse", kind="warehouse"),
            Column(name="verdict", kind="words"), Column(name="order now", kind="units"), Column(name="order later", kind="units"),
            Column(name="supplier", kind="code"), Column(name="latest order date", kind="date"),
            Column(name="runs out on", kind="date"), Column(name="days of cover", kind="days"),
            Column(name="free stock", kind="units"), Column(name="on the way", kind="units"),
            Column(name="demand expected", kind="units"), Column(name="landed cost", kind="money", unit=base),
            Column(name="expected gain", kind="money", unit=base),
            Column(name="regret if demand is low", kind="money", unit=base),
            Column(name="regret if demand is high", kind="money", unit=base),
            Column(name="chance to last", kind="percent"),
            Column(name="beyond need", kind="units"), Column(name="expires unsold", kind="units"),
        ],
        rows=[_row(plan, line) for line in plan.lines],
    )  # fmt: skip


def _row(plan: Plan, line: Line) -> list[object]:
    option = line.option
    ordered: list[object] = [0, 0, *[None] * 5]
    if option is not None:
        quantity = option.quantity if line.funded else 0
        ordered = [
            quantity if line.now else 0, 0 if line.now else quantity, option.way.offer.supplier,
            round(plan.landed(line)), round(option.profit), round(option.regret_low), round(option.regret_high),
        ]  # fmt: skip
    now, later, supplier, cost, gain, low, high = ordered
    return [
        line.sku, line.warehouse, line.verdict.replace("_", " "), now, later, supplier, _iso(line.due_on),
        _iso(line.out_on), line.cover_days, line.position.free, line.position.coming, round(line.expected), cost, gain,
        low, high, round(option.service * 100) if option is not None else None,
        round(line.excess), round(line.expiring.units) if line.expiring is not None else 0,
    ]  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def stock_chart(plan: Plan, as_of: date, horizon: int) -> Chart:
    """Stock expected without and with the orders, of the shelves to order for."""
    lines = [line for line in plan.lines if line.option is not None and line.now and line.funded][:LINES]
    traces = []
    for line in lines:
        for name, goods in (("", ()), (" with the order", (_arrival(line, as_of),))):
            traces.append(_trace(line, f"{line.sku} {line.warehouse}{name}", goods, as_of, horizon, bool(name)))
    return Chart(
        title="Stock expected, with and without the orders",
        figure={
            "data": traces,
            "layout": {
                "title": {"text": "Stock expected, with and without the orders"},
                "yaxis": {"title": {"text": "units"}, "rangemode": "tozero"},
            },
        },
    )


def _arrival(line: Line, as_of: date) -> Inbound:
    assert line.option is not None
    day = int(np.median(line.option.way.spent.shelf_day(0))) + 1
    return Inbound("new", line.option.quantity, as_of + timedelta(days=day), None)


def _trace(
    line: Line, name: str, extra: tuple[Inbound, ...], as_of: date, horizon: int, dashed: bool
) -> dict[str, object]:  # fmt: skip
    goods = tuple(
        Inbound(order.po_id, order.units, as_of + timedelta(days=int(in_days)), order.promised, order.overdue)
        for order, in_days in line.position.inbound
    )
    mean = line.position.shelf.mean if line.position.shelf is not None else np.zeros(horizon)
    path = [float(one) for one in mean[:horizon]]
    seen = project(line.sku, line.warehouse, line.position.free, as_of, path, goods + extra)
    return {
        "type": "scatter", "mode": "lines", "name": name, "line": {"dash": "dash" if dashed else "solid"},
        "x": [(as_of + timedelta(days=n)).isoformat() for n in range(len(seen.stock) + 1)],
        "y": [line.position.free, *(round(float(left), 1) for left in seen.stock)],
    }  # fmt: skip
