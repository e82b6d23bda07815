"""The tables and the chart behind a supplier choice."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tools.contract import Chart, Column, Kind, Table
from tools.suppliers.choices import Choices
from tools.suppliers.gate import Verdict
from tools.suppliers.options import Field, Option

STATUS = {
    "": "usable", "gate": "blocked by the gate", "wish": "does not meet the request", "certificate": "lacks proof by law",
    "dear": "above the cost limit", "no_cost": "no known cost",
}  # fmt: skip
COLOURS = {"landed": "#0d9488", "defects": "#f59e0b", "terms": "#64748b", "delays": "#ef4444"}
BARS = 12


def offer_table(need: Field, base: str) -> Table:
    """Every offer by every way, usable ones first, the cheapest first."""
    return _table(
        "Offers at this quantity",
        [
            ("supplier", "code", None), ("name", "quote", None), ("status", "words", None), ("way", "code", None),
            ("landed cost", "money", base), ("defects", "money", base), ("terms", "money", base),
            ("delays", "money", base), ("whole cost of a good unit", "money", base), ("chance in time", "percent", None),
            ("mean days", "days", None), ("days promised", "days", None), ("own deliveries known", "count", None),
            ("bad units expected", "percent", None), ("smallest order", "units", None), ("largest order", "units", None),
            ("incoterm", "code", None), ("deposit", "percent", None), ("balance after shipping", "days", None),
        ],
        [_offer(need, one) for one in _ordered(need)],
    )  # fmt: skip


def _ordered(need: Field) -> list[Option]:
    return sorted(
        need.options,
        key=lambda one: (bool(one.why), one.cost(need.quantity).whole if one.costs else Decimal("Infinity"), one.offer.supplier),
    )  # fmt: skip


def _offer(need: Field, one: Option) -> list[object]:
    cost = one.cost(need.quantity) if one.costs else None
    offer = one.offer
    return [
        offer.supplier, one.company.name, STATUS[one.why], one.mode,
        *([_cell(part) for part in (cost.landed, cost.defects, cost.terms, cost.delays, cost.whole)] if cost else [None] * 5),
        round(100 * need.chance(one)), round(need.days(one)), round(one.timed.promised), one.timed.own,
        round(100 * one.bad_share, 1), one.least, one.most, offer.incoterm,
        None if offer.deposit_pct is None else float(offer.deposit_pct), offer.balance_days,
    ]  # fmt: skip


def plan_table(found: Choices, base: str) -> Table:
    """The plans and their orders."""
    return _table(
        "Choices",
        [
            ("plan", "words", None), ("supplier", "code", None), ("way", "code", None), ("quantity", "units", None),
            ("landed cost", "money", base), ("whole cost of the plan", "money", base), ("against advised", "money", base),
            ("chance in time", "percent", None), ("mean days", "days", None),
        ],
        [
            [
                name, one.option.offer.supplier, one.option.mode, one.quantity, _cell(one.landed), _cell(plan.whole),
                _cell(plan.whole - found.advised.whole) if found.advised else None, round(100 * plan.chance), round(plan.days),
            ]
            for name, plan in found.named
            for one in plan.orders
        ],
    )  # fmt: skip


def sign_table(verdicts: Iterable[Verdict]) -> Table:
    """Every sign against a supplier and its weight; signs of one kind that add up to one block."""
    return _table(
        "Screening",
        [
            ("supplier", "code", None), ("verdict", "words", None), ("sign", "words", None), ("kind", "code", None),
            ("weight", "ratio", None),
        ],
        [
            [
                one.supplier, "blocked" if one.blocked else "warned" if one.signs else "passed",
                f"gate.short.{flag.key}", flag.kind, round(flag.weight, 2),
            ]
            for one in verdicts
            for flag in one.flags
        ],
    )  # fmt: skip


def cost_chart(need: Field, base: str) -> Chart | None:
    """What a good unit costs from each supplier, stacked; None without any cost."""
    shown = [one for one in _ordered(need) if one.costs][:BARS]
    if not shown:
        return None
    names = [f"{one.offer.supplier} {one.mode or ''}".strip() + ("" if not one.why else " ✕") for one in shown]
    return Chart(
        title="Cost of a good unit in the warehouse",
        figure={
            "data": [
                {
                    "type": "bar", "name": part, "x": names, "marker": {"color": colour},
                    "y": [_cell(getattr(one.cost(need.quantity), part)) for one in shown],
                }
                for part, colour in COLOURS.items()
            ],
            "layout": {
                "title": {"text": "Cost of a good unit in the warehouse"}, "barmode": "relative",
                "yaxis": {"title": {"text": base}},
            },
        },
    )  # fmt: skip


def _cell(amount: Decimal) -> float:
    return float(round(amount, 2))


def _table(title: str, columns: list[tuple[str, Kind, str | None]], rows: list[list[object]]) -> Table:
    return Table(
        title=title, columns=[Column(name=name, kind=kind, unit=unit) for name, kind, unit in columns], rows=rows
    )
