"""The plan as tables and a chart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tools.contract import Chart, Column, Table
from tools.promotions.choose import Chosen
from tools.promotions.response import Audience

BARS = 12


def plan_table(chosen: Chosen, base: str) -> Table:
    """Every promotion, the most gainful first."""
    return Table(
        title="Promotions",
        columns=[
            Column(name="sku", kind="sku"), Column(name="country", kind="country"), Column(name="channel", kind="channel"),
            Column(name="audience", kind="words"), Column(name="start", kind="date"), Column(name="end", kind="date"),
            Column(name="discount", kind="percent"), Column(name="price", kind="code"), Column(name="now", kind="code"),
            Column(name="units", kind="units"), Column(name="extra units", kind="units"),
            Column(name="profit added", kind="money", unit=base), Column(name="low", kind="money", unit=base),
            Column(name="high", kind="money", unit=base), Column(name="chance of gain", kind="percent"),
            Column(name="stock after", kind="units"), Column(name="last promotion", kind="code"),
        ],
        rows=[
            [
                *one.cell, f"segment.{one.audience}", one.window.start.isoformat(), one.window.end.isoformat(), one.depth,
                f"{one.price} {one.ground.market.currency}", f"{one.ground.price} {one.ground.market.currency}",
                round(one.units), round(one.extra), str(Decimal(round(one.gain))), str(Decimal(round(one.low))),
                str(Decimal(round(one.high))), round(100 * one.chance),
                None if one.left is None else round(one.left),
                f"{one.last.code} {one.last.depth:g}% {one.last.start}" if one.last else None,
            ]
            for one in chosen.plans
        ],
    )  # fmt: skip


def left_table(chosen: Chosen, base: str) -> Table:
    """What is left at its price, why, and what its best discount would have brought."""
    return Table(
        title="Not discounted",
        columns=[
            Column(name="sku", kind="sku"), Column(name="country", kind="country"), Column(name="channel", kind="channel"),
            Column(name="reason", kind="words"), Column(name="best discount", kind="percent"),
            Column(name="profit added", kind="money", unit=base), Column(name="stock lasts until", kind="date"),
        ],
        rows=[
            [
                *one.ground.cell, f"promotion_reason.{one.why}", one.best.depth if one.best else None,
                str(Decimal(round(one.best.gain))) if one.best else None,
                one.ground.shelf.out_on.isoformat() if one.ground.shelf and one.ground.shelf.out_on else None,
            ]
            for one in sorted(chosen.left, key=lambda one: (one.why, one.ground.cell))
        ],
    )  # fmt: skip


def segment_table(kinds: Mapping[str, Audience]) -> Table:
    """The kinds of customers as a promotion meets them."""
    return Table(
        title="Kinds of customers",
        columns=[
            Column(name="segment", kind="words"), Column(name="customers", kind="count"),
            Column(name="share of units", kind="percent"), Column(name="share of extra units in promotions", kind="percent"),
            Column(name="orders by known customers", kind="percent"),
        ],
        rows=[
            [f"segment.{one.name}", one.customers, round(100 * one.share[""], 1), round(100 * one.extra, 1), round(100 * one.reach, 1)]
            for one in kinds.values()
            if one.name != "wholesale"
        ],
    )  # fmt: skip


def gain_chart(chosen: Chosen, base: str) -> Chart:
    """Profit added by each promotion with its 80% interval."""
    shown = chosen.plans[:BARS]
    names = [f"{one.ground.sku} {one.ground.country} {one.ground.channel} -{one.depth}%" for one in shown]
    bars = {
        "type": "bar", "x": names, "y": [round(one.gain) for one in shown],
        "error_y": {
            "type": "data", "symmetric": False, "array": [round(one.high - one.gain) for one in shown],
            "arrayminus": [round(one.gain - one.low) for one in shown],
        },
    }  # fmt: skip
    layout = {"yaxis": {"title": {"text": base}}, "showlegend": False}
    return Chart(title="Profit added by promotion", figure={"data": [bars], "layout": layout})
