"""Prices as tables and a chart: the ladder of all places, the profit expected at each price, the arms of a test."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from shop.costs.parts import rounded
from tools.contract import Chart, Column, Table
from tools.pricing.curve import Curve
from tools.pricing.floor import margin
from tools.pricing.solve import Choice, Goal, Solution
from tools.pricing.trial import Trial

CURVES = 3
LOW, HIGH = 0.1, 0.9


def ladder_table(found: Solution, base: str, goal: Goal) -> Table:
    """Every place meant, best gain first."""
    what = "revenue" if goal == "revenue" else "profit"
    return Table(
        title="Prices by place",
        columns=[
            Column(name="SKU", kind="sku"), Column(name="country", kind="country"), Column(name="channel", kind="channel"),
            Column(name="currency", kind="code"), Column(name="today", kind="money"), Column(name="best", kind="money"),
            Column(name="margin today", kind="percent"), Column(name="margin at best", kind="percent"),
            Column(name=f"{what} gained", kind="money", unit=base), Column(name="gained, low", kind="money", unit=base),
            Column(name="gained, high", kind="money", unit=base), Column(name="units today", kind="units"),
            Column(name="units at best", kind="units"), Column(name="elasticity", kind="count"),
            Column(name="its spread", kind="count"), Column(name="price changes seen", kind="count"),
        ],
        rows=[_row(one) for one in found.choices.values()],
    )  # fmt: skip


def _row(one: Choice) -> list[object]:
    market, price = one.place.market, one.price
    low, high = np.quantile(one.gain, [LOW, HIGH])
    sold = float(one.place.units.sum())
    then = sold * float(one.curve.ratio[one.at].mean()) if one.curve is not None and one.at is not None else None
    gained: list[object] = [round(float(one.gain.mean())), round(float(low)), round(float(high))]
    return [
        *one.place.key, market.currency, str(one.place.price), None if price is None else str(price),
        _points(margin(market, one.place.price)), None if price is None else _points(margin(market, price)),
        *(gained if price is not None else [None] * 3), round(sold), None if then is None else round(then),
        round(one.place.elasticity.mean, 2), round(one.place.elasticity.sd, 2), one.place.own_changes,
    ]  # fmt: skip


def curve_table(choices: Sequence[Choice], base: str) -> Table:
    """Units and profit over the horizon at each price of a few places, with the 80% range."""
    rows: list[list[object]] = []
    for one in choices[:CURVES]:
        if one.curve is None:
            continue
        profit, units = one.curve.profit(), one.curve.units()
        for at, price in enumerate(one.curve.prices):
            low, high = np.quantile(profit[at], [LOW, HIGH])
            rows.append(
                [
                    *one.place.key, one.place.market.currency, str(price), round(float(units[at].mean())),
                    _points(margin(one.place.market, price)), round(float(profit[at].mean())), round(float(low)),
                    round(float(high)),
                ]
            )  # fmt: skip
    return Table(
        title="Profit expected at each price",
        columns=[
            Column(name="SKU", kind="sku"), Column(name="country", kind="country"), Column(name="channel", kind="channel"),
            Column(name="currency", kind="code"), Column(name="price", kind="money"), Column(name="units", kind="units"),
            Column(name="margin", kind="percent"), Column(name="profit", kind="money", unit=base),
            Column(name="profit, low", kind="money", unit=base), Column(name="profit, high", kind="money", unit=base),
        ],
        rows=rows,
    )  # fmt: skip


def trial_table(trials: Sequence[Trial]) -> Table:
    """The arms of each test."""
    return Table(
        title="Price tests",
        columns=[
            Column(name="SKU", kind="sku"), Column(name="country", kind="country"), Column(name="channel", kind="channel"),
            Column(name="currency", kind="code"), Column(name="today", kind="money"),
            Column(name="test price", kind="money"), Column(name="weeks", kind="weeks"),
            Column(name="units a week", kind="units"), Column(name="weekly noise", kind="percent"),
        ],
        rows=[
            [
                *arm.place.key, arm.place.market.currency, str(arm.place.price), str(arm.price), trial.weeks,
                round(arm.weekly), round(arm.noise * 100, 1),
            ]
            for trial in trials
            for arm in trial.arms
        ],
    )  # fmt: skip


def curve_chart(curve: Curve, base: str) -> Chart:
    """Expected profit of a place by price, with its 80% range, and today's price."""
    profit = curve.profit()
    low, high = np.quantile(profit, [LOW, HIGH], axis=1)
    prices = [float(price) for price in curve.prices]
    title = f"Profit by price: {' '.join(curve.place.key)}"
    return Chart(
        title=title,
        figure={
            "data": [
                _line("high", prices, high, {"width": 0}),
                {**_line("80% range", prices, low, {"width": 0}), "fill": "tonexty"},
                {**_line("expected profit", prices, profit.mean(axis=1), {"width": 2}), "mode": "lines+markers"},
            ],
            "layout": {
                "title": {"text": title},
                "xaxis": {"title": {"text": f"price, {curve.place.market.currency}"}},
                "yaxis": {"title": {"text": f"profit, {base}"}},
                "shapes": [
                    {
                        "type": "line", "xref": "x", "yref": "paper", "x0": float(curve.place.price),
                        "x1": float(curve.place.price), "y0": 0, "y1": 1, "line": {"dash": "dot"},
                    }
                ],
            },
        },
    )  # fmt: skip


def _line(name: str, prices: list[float], values: np.ndarray, line: dict[str, object]) -> dict[str, object]:
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": prices, "line": line,
        "y": [round(float(one), 2) for one in values],
    }  # fmt: skip


def _points(share: Decimal | None) -> str | None:
    return None if share is None else str(rounded(share, "USD"))
