"""The projection as a table and a chart."""

from __future__ import annotations

from datetime import timedelta

from tools.contract import Chart, Column, Table
from tools.fulfillment.projection import Projection

LINES = 8


def projection_table(ahead: list[Projection]) -> Table:
    """Every SKU and warehouse, the first to run out on top."""
    return Table(
        title="Stock ahead by SKU and warehouse",
        columns=[
            Column(name="SKU", kind="sku"), Column(name="warehouse", kind="warehouse"),
            Column(name="free stock", kind="units"), Column(name="demand expected", kind="units"),
            Column(name="arriving", kind="units"), Column(name="next goods", kind="date"),
            Column(name="days of cover", kind="days"), Column(name="runs out on", kind="date"),
            Column(name="units lost until next goods", kind="units"),
            Column(name="units lost in the horizon", kind="units"),
        ],
        rows=[
            [
                one.sku, one.warehouse, one.free, round(one.expected), one.arriving,
                one.inbound[0].arrives.isoformat() if one.inbound else None, one.cover_days,
                one.out_on.isoformat() if one.out_on else None,
                round(one.lost_until_next) if one.out_on else 0, round(one.short),
            ]
            for one in ahead
        ],
    )  # fmt: skip


def stock_chart(ahead: list[Projection]) -> Chart:
    """Projected stock at each day's end, of the eight that run out first."""
    lines = [one for one in ahead if one.free or one.inbound or one.expected][:LINES]
    return Chart(
        title="Projected stock",
        figure={
            "data": [
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": f"{one.sku} {one.warehouse}",
                    "x": [(one.as_of + timedelta(days=n)).isoformat() for n in range(len(one.stock) + 1)],
                    "y": [one.free, *(round(float(left), 1) for left in one.stock)],
                }
                for one in lines
            ],
            "layout": {
                "title": {"text": "Projected stock"},
                "yaxis": {"title": {"text": "units"}, "rangemode": "tozero"},
            },
        },
    )
