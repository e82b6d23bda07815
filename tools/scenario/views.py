"""The scenario as tables and a chart: figures now and then, each lever, where it falls, profit day by day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np

from shop.costs.parts import rounded
from tools.contract import Chart, Column, Table
from tools.scenario.attribute import Attribution
from tools.scenario.cash import CashLow
from tools.scenario.solve import Engine
from tools.scenario.unit import PARTS

PLACES = 40


def figures_table(engine: Engine, cash: tuple[CashLow, CashLow] | None) -> Table:
    """Everything compared: units, each part of the profit, what runs out, the lowest cash."""
    base, before, after = engine.base, engine.solve(frozenset()), engine.solve(engine.everything)
    rows: list[list[object]] = [
        ["units sold", *_pair(round(before.units), round(after.units))],
        ["units lost", *_pair(round(before.lost_units), round(after.lost_units))],
        ["shelves that run out", *_pair(len(before.short), len(after.short))],
        ["revenue", *_pair(before.revenue, after.revenue)],
    ]
    rows += [[name.replace("_", " "), *_pair(before.parts[name], after.parts[name])] for name in PARTS if before.parts[name] or after.parts[name]]  # fmt: skip
    rows.append(["gross profit", *_pair(before.profit, after.profit)])
    if cash is not None:
        name = "lowest cash" if cash[0].known else "lowest cash, as a change from today"
        rows.append([name, *_pair(cash[0].low, cash[1].low)])
    return Table(
        title=f"Now and in the scenario ({base.base})",
        columns=[Column(name=name, kind="words" if name == "figure" else "count") for name in ("figure", "now", "scenario", "difference")],
        rows=rows,
    )  # fmt: skip


def _pair(before: Decimal | int, after: Decimal | int) -> tuple[str, str, str]:
    return str(before), str(after), str(after - before)


def levers_table(engine: Engine, told: Attribution) -> Table:
    """Each lever: its share of the difference and what it would do alone."""
    base = engine.base.base
    rows: list[list[object]] = [
        [
            lever.name, f"{lever.amount.value:f}", lever.amount.measure, ", ".join(name for _, name in lever.on) or "all",
            (engine.base.as_of + timedelta(days=lever.first + 1)).isoformat(),
            (engine.base.as_of + timedelta(days=lever.last + 1)).isoformat(), str(share), str(alone),
        ]
        for lever, share, alone in zip(engine.levers, told.shares, told.alone, strict=True)
    ]  # fmt: skip
    if len(engine.levers) == 2:
        rows.append(["together", "", "", "", None, None, str(told.interaction), ""])
    return Table(
        title="What each change does to gross profit",
        columns=[
            Column(name="change", kind="code"), Column(name="value", kind="words"), Column(name="measure", kind="words"),
            Column(name="on", kind="words"), Column(name="from", kind="date"), Column(name="to", kind="date"),
            Column(name="share", kind="money", unit=base), Column(name="alone", kind="money", unit=base),
        ],
        rows=rows,
    )  # fmt: skip


def places_table(engine: Engine) -> Table:
    """Where the difference falls, the largest first."""
    base, before, after = engine.base, engine.solve(frozenset()), engine.solve(engine.everything)
    change = after.by_row - before.by_row
    order = sorted(np.flatnonzero(np.abs(change) >= 0.005), key=lambda at: -abs(change[at]))[:PLACES]
    everything = engine.everything
    rows: list[list[object]] = []
    for at in order:
        one = base.markets[at]
        price = engine.units.market(int(at), everything)[1]
        rows.append(
            [
                one.sku, one.country, one.channel, one.currency, str(base.prices[at]), str(price),
                round(float(before.sold[at].sum())), round(float(after.sold[at].sum())),
                str(rounded(Decimal(repr(float(change[at]))), base.base)),
            ]
        )  # fmt: skip
    return Table(
        title="Where it falls",
        columns=[
            Column(name="SKU", kind="sku"), Column(name="country", kind="country"), Column(name="channel", kind="channel"),
            Column(name="currency", kind="code"), Column(name="price now", kind="words"), Column(name="price then", kind="words"),
            Column(name="units now", kind="units"), Column(name="units then", kind="units"),
            Column(name="gross profit", kind="money", unit=base.base),
        ],
        rows=rows,
    )  # fmt: skip


def chart(engine: Engine, told: Attribution) -> Chart:
    """From the profit now to the profit then, one bar a lever."""
    before, after = engine.solve(frozenset()).profit, engine.solve(engine.everything).profit
    names = [f"{lever.name} {', '.join(name for _, name in lever.on)}".strip() for lever in engine.levers]
    steps = [float(share) for share in told.shares]
    if len(engine.levers) == 2:
        names, steps = [*names, "together"], [*steps, float(told.interaction)]
    title = f"Gross profit over {engine.base.horizon} days ({engine.base.base})"
    return Chart(
        title=title,
        figure={
            "data": [
                {
                    "type": "waterfall", "x": ["now", *names, "scenario"], "y": [float(before), *steps, float(after)],
                    "measure": ["absolute", *["relative"] * len(steps), "total"],
                }
            ],
            "layout": {"title": {"text": title}, "yaxis": {"title": {"text": engine.base.base}}},
        },
    )  # fmt: skip
