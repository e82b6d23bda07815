"""Law 2 for project_cash: every number it says about the demo shop is proven, in both languages, on every path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shop.cash_facts import OPERATOR_FILE
from shop.warehouse import Shop
from tests.proving import assert_proven
from tools.contract import Result
from tools.registry import run

pytestmark = pytest.mark.slow

RICH = "opening_balance: 90000\nfloor: 5000\nfixed_costs:\n  - {name: wages, amount: 9000, every: month, day: 28}\n"
POOR = "opening_balance: 1000\nfloor: 5000\nbalance_on: 2026-10-01\nfixed_costs:\n  - {name: wages, amount: 60000, every: week, day: 5}\n"
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("", {"weeks": 10}), ("", {"purchase_amount": 20000, "purchase_week": 3}), ("", {"purchase_amount": 900000, "weeks": 8}),
    ("fixed_costs:\n  - {name: wages, amount: 99000, every: week, day: 5}\n", {"weeks": 4}),
    (RICH, {"weeks": 6}), (RICH, {"purchase_amount": 20000, "purchase_week": 3}), (POOR, {"weeks": 6, "purchase_amount": 500000}),
    (POOR, {"weeks": 5}),
]  # fmt: skip


def asked(folder: Path, facts: str, arguments: dict[str, Any]) -> tuple[Shop, Result]:
    """The answer with those cash facts; the shop's folder is left as it was."""
    said = folder / OPERATOR_FILE
    said.write_text(facts, encoding="utf-8")
    try:
        shop = Shop.open(folder)
        return shop, run(shop, "project_cash", arguments)
    finally:
        said.unlink()


@pytest.mark.parametrize(("facts", "arguments"), ASKED)
def test_every_number_is_proven(demo_folder: Path, facts: str, arguments: dict[str, Any]) -> None:
    shop, result = asked(demo_folder, facts, arguments)
    for language in ("en", "zh"):
        assert_proven(result, shop, language)
