"""optimize_prices on whole shops: prices that never moved, bad input, the sample question, drafts, and proven numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shop.costs import economics
from shop.journal import proposals
from shop.warehouse import Shop
from tests.proving import assert_proven
from tests.tiny_shop import build, line, order, price, tiny_tables
from tools.contract import Result, ToolError
from tools.messages import render
from tools.registry import run

SAMPLE = {"skus": ["MAT-TPE"], "countries": ["FR"], "channels": ["amazon"], "min_margin_pct": 35}
ASKED: list[dict[str, Any]] = [
    {}, SAMPLE, {"skus": ["BOX-GIFT"]}, {"skus": ["GEL-24"], "objective": "clear_stock"},
    {"countries": ["JP"], "objective": "revenue"}, {"skus": ["TOW-ICE"], "countries": ["JP"], "min_margin_pct": 60},
    {**SAMPLE, "min_margin_pct": 90}, {"skus": ["VEST-HI"], "countries": ["DE"], "channels": ["amazon"], "min_margin_pct": 45},
    {"channels": ["amazon"], "countries": ["GB", "US"], "min_margin_pct": 30},
]  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return build(tmp_path_factory.mktemp("prices"))


def said(result: Result, language: str = "en") -> list[str]:
    return [render(one, language) for one in result.findings]


def test_a_price_that_never_moved_is_said_and_a_test_proposed(tiny: Shop) -> None:
    result = run(tiny, "optimize_prices", {"skus": ["BOT-750"]})
    keys = [one.key.removeprefix("optimize_prices.") for one in result.findings]
    assert keys[0] in ("profit_up", "profit_down", "keep")
    assert "untried" in keys
    trial = next(one for one in result.findings if one.key.startswith("optimize_prices.trial"))
    assert {"weeks", "units"} <= set(trial.values)
    table = next(table for table in result.tables if table.title == "Price tests")
    assert table.rows
    row = dict(zip([column.name for column in table.columns], table.rows[0], strict=True))
    assert 0.03 <= abs(float(row["test price"]) / 30 - 1) <= 0.2


def test_the_result_stands_on_the_cost_model(tiny: Shop) -> None:
    result = run(tiny, "optimize_prices", {"skus": ["BOT-750"], "min_margin_pct": 20})
    ladder = result.tables[0]
    row = dict(zip([column.name for column in ladder.columns], ladder.rows[0], strict=True))
    told = economics(tiny, "BOT-750", "US", "shopify", price=Decimal(row["best"]))
    assert told.margin_pct is not None
    assert told.margin_pct >= 20
    assert abs(Decimal(row["margin at best"]) - told.margin_pct) <= Decimal("0.01")
    assert any(name.startswith("channel_fees") for name in result.data_used.reference)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"min_margin_pct": 100}, "min_margin_pct"),
        ({"min_margin_pct": "much"}, "min_margin_pct"),
        ({"objective": "fame"}, "objective must be one of profit, revenue, clear_stock"),
        ({"skus": ["BOT-999"]}, "There is no SKU BOT-999"),
        ({"countries": ["BR"]}, "This shop has no sales to BR"),
        ({"skus": ["CAP-UV"]}, "CAP-UV"),
    ],
)
def test_bad_input_is_one_clear_sentence(tiny: Shop, arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ToolError) as refused:
        run(tiny, "optimize_prices", arguments)
    assert sentence in str(refused.value)
    assert str(refused.value).count(". ") == 0


def test_no_gain_is_promised_of_a_price_too_far_away_to_draft(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["prices"].append(price("BOT-750", "DE", "amazon", "28.00", "EUR"))
    result = run(build(tmp_path, tables), "optimize_prices", {"min_margin_pct": 75})
    first = result.findings[0]
    assert first.key == "optimize_prices.none_near"
    assert not result.proposals
    assert "profit" not in first.values
    assert all(render(first, language) for language in ("en", "zh"))


def test_a_cost_that_cannot_be_is_no_cost(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["supplier_offers"] = []
    for product in tables["products"]:
        product["unit_cost"] = "0"
    shop = build(tmp_path, tables)
    with pytest.raises(ToolError, match="No purchase cost of BOT-750 is known"):
        run(shop, "optimize_prices", {"skus": ["BOT-750"]})


def test_an_empty_shop_says_what_to_bring(tmp_path: Path) -> None:
    shop = build(tmp_path, {})
    with pytest.raises(ToolError, match="There are no orders"):
        run(shop, "optimize_prices", {})


def test_a_price_in_a_currency_without_a_rate_is_left_out(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["prices"].append(price("BOT-750", "DE", "amazon", "99.00", "XTS"))
    tables["orders"].append(order("X1", date(2026, 11, 10), "DE", "amazon", "EUR"))
    tables["order_lines"].append(line("X1", "BOT-750", 1, "30.00"))
    result = run(build(tmp_path, tables), "optimize_prices", {"skus": ["BOT-750"]})
    assert any(one.key == "optimize_prices.no_price" for one in result.warnings)
    assert len(result.tables[0].rows) == 1


@pytest.fixture(scope="module")
def demo(demo_folder: Path) -> Shop:
    return Shop.open(demo_folder)


@pytest.mark.slow
def test_the_sample_question(demo: Shop) -> None:
    result = run(demo, "optimize_prices", SAMPLE)
    first = result.findings[0]
    new = first.values["new"]
    assert new.unit == "EUR"
    told = economics(demo, "MAT-TPE", "FR", "amazon", price=Decimal(str(new.value)))
    assert told.margin_pct is not None
    assert told.margin_pct >= 35
    assert str(new.value).endswith(".90")
    assert len(result.findings) <= 8
    assert len(result.proposals) <= 1


@pytest.mark.slow
def test_no_price_of_the_whole_shop_breaks_the_floor(demo: Shop) -> None:
    before = proposals(demo.folder)
    result = run(demo, "optimize_prices", {"min_margin_pct": 30})
    ladder = result.tables[0]
    names = [column.name for column in ladder.columns]
    for row in (dict(zip(names, cells, strict=True)) for cells in ladder.rows):
        if row["best"] is not None:
            told = economics(demo, row["SKU"], row["country"], row["channel"], price=Decimal(row["best"]))
            assert told.exact is not None
            assert told.margin_pct is not None
            assert told.margin_pct >= Decimal("29.99")
    assert len(result.proposals) <= 5
    assert proposals(demo.folder) == before
    for draft in result.proposals:
        filed = draft.payload
        mine = next(
            cells for cells in ladder.rows if cells[:3] == [filed["sku"], filed["country"], filed["channel"]]
        )  # fmt: skip
        assert Decimal(filed["price"]) == Decimal(mine[names.index("best")])
        assert draft.expected_before["price"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("arguments", ASKED)
def test_every_number_is_proven(demo: Shop, arguments: dict[str, Any], language: str) -> None:
    result = run(demo, "optimize_prices", arguments)
    assert_proven(result, demo, language)
