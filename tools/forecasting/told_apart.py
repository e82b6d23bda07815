"""How the answer names the orders that are not counted as demand: findings by reason, and a table of the orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tools.contract import About, Column, Finding, Table, Value, code, count, days, finding, on, several, units
from tools.forecasting.set_apart import UNDONE_DAYS, Line, Reason

REASONS: tuple[Reason, ...] = ("ring", "charged_back", "undone")
SEVERITY: dict[Reason, Literal["watch", "info"]] = {"ring": "watch", "charged_back": "watch", "undone": "info"}
NAMED, LISTED = 3, 100


def set_aside(lines: Sequence[Line]) -> list[Finding]:
    """One finding for each reason: how many orders and units, when, and the names of the latest."""
    found = []
    for reason in REASONS:
        meant = [one for one in lines if one.reason == reason]
        if not meant:
            continue
        orders = list(dict.fromkeys(one.order_id for one in meant))
        about = About(
            skus=sorted({one.sku for one in meant}), countries=sorted({one.country for one in meant}),
            channels=sorted({one.channel for one in meant}),
            start=min(one.day for one in meant), end=max(one.day for one in meant),
        )  # fmt: skip
        values: dict[str, Value] = {
            "orders": count(len(orders)), "units": units(sum(one.units for one in meant)),
            "start": on(min(one.day for one in meant)), "end": on(max(one.day for one in meant)),
            "latest": several([code(order) for order in orders[:NAMED]]),
        }  # fmt: skip
        if reason == "undone":
            values["within"] = days(UNDONE_DAYS)
        found.append(finding(f"forecast_demand.apart_{reason}", SEVERITY[reason], about, **values))
    return found


def orders_apart(lines: Sequence[Line]) -> list[Table]:
    """The orders set apart, the latest hundred lines; none where there are none."""
    if not lines:
        return []
    columns = [
        Column(name="order", kind="code"), Column(name="day", kind="date"), Column(name="sku", kind="sku"),
        Column(name="country", kind="country"), Column(name="channel", kind="channel"),
        Column(name="units", kind="units"), Column(name="reason", kind="words"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [one.order_id, one.day.isoformat(), one.sku, one.country, one.channel, one.units, f"apart.{one.reason}"]
        for one in lines[:LISTED]
    ]
    return [Table(title="Orders set apart", columns=columns, rows=rows)]
