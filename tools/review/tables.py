"""The weekly review's tables and its chart."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from shop.warehouse import Shop
from tools.contract import Chart, Column, Table
from tools.review.notable import RefundRate
from tools.review.period import Period, Rates, weekly_gmv

CHART_WEEKS = 26


def comparison(week: Period, before: Period, last_year: Period, base: str) -> Table:
    """The week, the week before and the same week last year."""
    return Table(
        title="The week in figures",
        columns=[
            Column(name="from", kind="date"), Column(name="to", kind="date"),
            Column(name="GMV", kind="money", unit=base), Column(name="orders", kind="count"),
            Column(name="units", kind="units"), Column(name="AOV", kind="money", unit=base),
            Column(name="gross profit", kind="money", unit=base), Column(name="gross margin", kind="percent"),
            Column(name="refunds", kind="money", unit=base),
        ],
        rows=[
            [
                one.start.isoformat(), one.end.isoformat(), _cell(one.gmv), one.orders, one.units, _cell(one.aov),
                _cell(one.profit), _cell(one.margin_pct, 1), _cell(one.refunded),
            ]
            for one in (week, before, last_year)
        ],
    )  # fmt: skip


def sku_table(week: Period, before: Period, refunds: list[RefundRate], base: str) -> Table:
    """Units, GMV and refund rates of every SKU, most GMV first."""
    rate = {one.sku: one for one in refunds}
    names = sorted(
        {*week.skus, *before.skus}, key=lambda name: (-week.skus[name].gmv if name in week.skus else 0, name)
    )
    return Table(
        title="By SKU",
        columns=[
            Column(name="SKU", kind="sku"), Column(name="units", kind="units"),
            Column(name="units, week before", kind="units"), Column(name="GMV", kind="money", unit=base),
            Column(name="refund rate, 28 days", kind="percent"), Column(name="refund rate before", kind="percent"),
        ],
        rows=[
            [
                name, week.skus[name].units if name in week.skus else 0,
                before.skus[name].units if name in before.skus else 0,
                _cell(week.skus[name].gmv) if name in week.skus else "0.00",
                _cell(rate[name].rate_pct, 1) if name in rate else None,
                _cell(rate[name].past_pct, 1) if name in rate else None,
            ]
            for name in names
        ],
    )  # fmt: skip


def ad_table(week: Period, base: str) -> Table:
    """Ad spend and credited sales by channel."""
    return Table(
        title="Ads by channel",
        columns=[
            Column(name="channel", kind="channel"), Column(name="spend", kind="money", unit=base),
            Column(name="credited sales", kind="money", unit=base), Column(name="ROAS", kind="ratio"),
        ],
        rows=[[one.channel, _cell(one.spend), _cell(one.sales), _cell(one.roas)] for one in week.ads],
    )  # fmt: skip


def _cell(amount: Decimal | None, digits: int = 2) -> str | None:
    return None if amount is None else f"{amount:.{digits}f}"


def chart(shop: Shop, rates: Rates, end: date) -> Chart:
    """GMV of the last 26 weeks."""
    monday = end - timedelta(days=end.weekday())
    known = weekly_gmv(shop, rates, monday - timedelta(weeks=CHART_WEEKS - 1), end)
    return Chart(
        title="GMV by week",
        figure={
            "data": [
                {
                    "type": "bar",
                    "x": [day.isoformat() for day, _ in known],
                    "y": [float(round(amount, 2)) for _, amount in known],
                    "name": "GMV",
                }
            ],
            "layout": {
                "title": {"text": "GMV by week"},
                "yaxis": {"title": {"text": shop.base_currency}, "rangemode": "tozero"},
            },
        },
    )
