"""Cash ahead as a table that adds up to the cent, and a chart with its band."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tools.cash.outlook import HIGH, LOW, Outlook, Path
from tools.cash.purchases import Due
from tools.contract import Chart, Column, Table

Floats = NDArray[np.float64]
WEEK = 7
CENT = Decimal("0.01")
LINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("payouts less fees", ("payouts", "fees", "payouts_due")),
    ("refunds", ("refunds", "refunds_due")),
    ("suppliers", ("deposit", "balance")),
    ("freight and duty", ("freight", "duty")),
    ("import tax", ("import_tax", "import_tax_back")),
    ("sales tax", ("tax", "tax_due")),
    ("parcels and storage", ("running",)),
    ("advertising", ("ads",)),
    ("fixed costs and other", ("fixed", "one_off")),
)


def cents(amount: float) -> Decimal:
    """A computed amount to the cent."""
    return Decimal(repr(float(amount))).quantize(CENT)


def statement(path: Path, opening: float | None) -> list[list[Decimal]]:
    """Week by week: opening, each line of LINES, closing; closing = opening + the lines, exactly."""
    balance = cents(opening or 0.0)
    weeks = path.cash.shape[1]
    out = []
    for week in range(weeks):
        moved = [
            cents(sum(float(path.moved[kind][week]) for kind in kinds if kind in path.moved)) for _, kinds in LINES
        ]
        closing = balance + sum(moved, Decimal(0))
        out.append([balance, *moved, closing])
        balance = closing
    return out


def week_table(found: Outlook, path: Path, base: str) -> Table:
    """The expected movements of each week, and the balance at its end in the weak, middle and strong case."""
    low, middle, high = path.at(LOW), path.at(50.0), path.at(HIGH)
    known = found.opening is not None
    return Table(
        title="Cash by week" if known else "Cash by week, as change from today's balance",
        columns=[
            Column(name="week ends", kind="date"),
            Column(name="opening" if known else "change before", kind="money", unit=base),
            *(Column(name=name, kind="money", unit=base) for name, _ in LINES),
            Column(name="closing, expected" if known else "change after, expected", kind="money", unit=base),
            Column(name="weak case (P10)", kind="money", unit=base),
            Column(name="middle case (P50)", kind="money", unit=base),
            Column(name="strong case (P90)", kind="money", unit=base),
        ],
        rows=[
            [
                ends(found.start, week).isoformat(), *(str(one) for one in line),
                str(cents(low[week])), str(cents(middle[week])), str(cents(high[week])),
            ]
            for week, line in enumerate(statement(path, found.opening))
        ],
    )  # fmt: skip


def payment_table(dues: list[Due], found: Outlook, base: str) -> Table:
    """What is still to pay for orders already placed, by day."""
    last = found.start + timedelta(days=WEEK * found.weeks - 1)
    owed = sorted(
        (due for due in dues if found.start <= due.day <= last), key=lambda due: (due.day, due.order, due.kind)
    )
    return Table(
        title="Payments for orders already placed",
        columns=[
            Column(name="due", kind="date"), Column(name="order", kind="code"), Column(name="SKU", kind="sku"),
            Column(name="what", kind="words"), Column(name="amount", kind="money", unit=base),
        ],
        rows=[[due.day.isoformat(), due.order, due.sku, due.kind.replace("_", " "), str(-due.amount)] for due in owed],
    )  # fmt: skip


def ends(start: date, week: int) -> date:
    """The last day of a week (0 is the first)."""
    return start + timedelta(days=WEEK * (week + 1) - 1)


def cash_chart(found: Outlook, paths: dict[str, Path], base: str) -> Chart:
    """The middle case of each path by name; the first with its band from weak to strong, and the floor."""
    days = [ends(found.start, week).isoformat() for week in range(found.weeks)]
    traces: list[dict[str, object]] = []
    for place, (name, path) in enumerate(paths.items()):
        if place == 0:
            for percentile, fill in ((HIGH, None), (LOW, "tonexty")):
                trace: dict[str, object] = {
                    "type": "scatter", "mode": "lines", "line": {"width": 0}, "showlegend": fill is not None,
                    "name": "P10 to P90", "x": days, "y": [round(float(y), 2) for y in path.at(percentile)],
                }  # fmt: skip
                traces.append(trace | ({"fill": fill} if fill else {}))
        line = {} if place == 0 else {"line": {"dash": "dash"}}
        traces.append(
            {"type": "scatter", "mode": "lines", "name": name, "x": days, **line,
             "y": [round(float(y), 2) for y in path.at(50.0)]}
        )  # fmt: skip
    if found.opening is not None:
        traces.append(
            {"type": "scatter", "mode": "lines", "name": "floor", "x": [days[0], days[-1]],
             "y": [round(found.floor, 2)] * 2, "line": {"dash": "dot"}}
        )  # fmt: skip
    title = "Cash ahead" if found.opening is not None else "Cash ahead, as change from today"
    return Chart(
        title=title, figure={"data": traces, "layout": {"title": {"text": title}, "yaxis": {"title": {"text": base}}}}
    )
