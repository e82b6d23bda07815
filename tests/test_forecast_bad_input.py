"""Poor books: each time the forecast says what it did, or in one sentence why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, FIRST, Rows, build, line, order, tiny_tables
from tools.contract import Finding, Result, ToolError
from tools.messages import render
from tools.registry import run

Change = Callable[[dict[str, Rows]], None]


def changed(folder: Path, change: Change) -> Shop:
    tables = tiny_tables()
    change(tables)
    return build(folder, tables)


def ask(shop: Shop, **arguments: Any) -> Result:
    found = run(shop, "forecast_demand", arguments)
    for one in [*found.findings, *found.assumptions, *found.warnings]:
        assert render(one, "en")
        assert render(one, "zh")
    return found


def said(found: list[Finding], key: str) -> dict[str, Any]:
    """The plain values of the one finding with the key."""
    (one,) = (found for found in found if found.key == f"forecast_demand.{key}")
    return {name: value.value for name, value in one.values.items()}


def units(found: Result) -> int:
    value = found.findings[0].values["units"].value
    assert not isinstance(value, (str, list))
    return int(value)  # type: ignore[arg-type]


def only_days(tables: dict[str, Rows], keep: int) -> None:
    """Leave the orders of the last `keep` days."""
    tables["orders"] = [row for row in tables["orders"] if row["ordered_at"].date() > AS_OF - timedelta(days=keep)]
    left = {row["order_id"] for row in tables["orders"]}
    tables["order_lines"] = [row for row in tables["order_lines"] if row["order_id"] in left]


def test_three_days_of_history_give_a_guess_that_says_so(tmp_path: Path) -> None:
    found = ask(changed(tmp_path, lambda tables: only_days(tables, 3)), skus=["BOT-750"])
    assert units(found) == 60
    assert said(found.warnings, "short_history")["days"] == 3
    assert not [one for one in found.findings if one.key.startswith("forecast_demand.accuracy")]
    low, high = (found.findings[0].values[name].value for name in ("low", "high"))
    assert float(low) < 45 < 75 < float(high)  # type: ignore[arg-type]


def test_lines_of_nothing_are_not_a_sale(tmp_path: Path) -> None:
    def zeros(tables: dict[str, Rows]) -> None:
        for row in tables["order_lines"]:
            row["quantity"] = 0

    shop = changed(tmp_path, zeros)
    with pytest.raises(ToolError) as refused:
        ask(shop)
    assert str(refused.value).count(". ") == 0
    with pytest.raises(ToolError, match="BOT-750 has never been sold"):
        ask(shop, skus=["BOT-750"])


def test_one_giant_order_is_counted_as_an_ordinary_day(tmp_path: Path) -> None:
    def giant(tables: dict[str, Rows]) -> None:
        tables["orders"].append(order("BIG", AS_OF - timedelta(days=2), "US", "shopify", "USD"))
        tables["order_lines"].append(line("BIG", "BOT-750", 5000, "20.00"))

    found = ask(changed(tmp_path, giant), skus=["BOT-750"])
    assert units(found) == 60
    assert said(found.assumptions, "one_off")["ordered"] == 5002
    assert said(found.findings, "driven_down")["first"] == "driver.exceptional"


def test_a_product_known_from_one_giant_order_is_no_daily_seller(tmp_path: Path) -> None:
    def giant(tables: dict[str, Rows]) -> None:
        tables["orders"].append(order("BIG", AS_OF, "US", "shopify", "USD"))
        tables["order_lines"].append(line("BIG", "CAP-UV", 8000, "9.00"))

    found = ask(changed(tmp_path, giant), skus=["CAP-UV"])
    assert units(found) <= 8000
    assert said(found.warnings, "single_day")["units"] == 8000


def test_negative_lines_are_left_out_and_counted(tmp_path: Path) -> None:
    def returns_as_lines(tables: dict[str, Rows]) -> None:
        for n in range(10):
            tables["order_lines"].append({**line(f"U{n}", "BOT-750", -2, "30.00"), "line": 2})

    found = ask(changed(tmp_path, returns_as_lines), skus=["BOT-750"])
    assert units(found) == 60
    assert said(found.assumptions, "not_sales")["count"] == 10


def test_lines_that_stand_twice_are_a_warning(tmp_path: Path) -> None:
    def twice(tables: dict[str, Rows]) -> None:
        tables["order_lines"] += [dict(row) for row in tables["order_lines"] if row["sku"] == "BOT-750"]

    found = ask(changed(tmp_path, twice), skus=["BOT-750"])
    assert said(found.warnings, "twice")["count"] == 70


def test_days_without_orders_are_days_without_demand(tmp_path: Path) -> None:
    def gaps(tables: dict[str, Rows]) -> None:
        tables["orders"] = [row for row in tables["orders"] if row["ordered_at"].day % 2]
        left = {row["order_id"] for row in tables["orders"]}
        tables["order_lines"] = [row for row in tables["order_lines"] if row["order_id"] in left]

    found = ask(changed(tmp_path, gaps), skus=["BOT-750"], horizon_days=28)
    assert units(found) == pytest.approx(28, abs=5)


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    def backwards(tables: dict[str, Rows]) -> None:
        tables["orders"] = tables["orders"][::-1]
        tables["order_lines"] = tables["order_lines"][::2] + tables["order_lines"][1::2]

    straight, mixed = build(tmp_path / "a"), changed(tmp_path / "b", backwards)
    assert ask(straight).tables == ask(mixed).tables
    assert ask(straight).findings == ask(mixed).findings


def test_two_currencies_are_added_as_units(tmp_path: Path) -> None:
    """Demand is units; the currencies of the orders play no part in it."""

    def in_yen(tables: dict[str, Rows]) -> None:
        for n, row in enumerate(row for row in tables["orders"] if row["country"] == "US"):
            if n % 2:
                row["currency"] = "JPY"
        for n, row in enumerate(row for row in tables["order_lines"] if row["sku"] == "BOT-750"):
            if n % 2:
                row["unit_price"] = "4500"

    found = ask(changed(tmp_path, in_yen), skus=["BOT-750"])
    assert units(found) == pytest.approx(60, abs=2)


def test_a_shop_that_sold_once_long_ago_is_told_when(tmp_path: Path) -> None:
    def long_ago(tables: dict[str, Rows]) -> None:
        tables["orders"] = [order("OLD", FIRST - timedelta(days=1500), "US", "shopify", "USD")]
        tables["order_lines"] = [line("OLD", "BOT-750", 3, "30.00")]

    with pytest.raises(ToolError) as refused:
        ask(changed(tmp_path, long_ago), skus=["BOT-750"])
    assert (FIRST - timedelta(days=1500)).isoformat() in str(refused.value)
