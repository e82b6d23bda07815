"""What the shop has, lacks and runs short of, in findings a person can act on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from shop.records import TABLES
from tests.tiny_shop import build, line, order, tiny_tables
from tools.contract import Result
from tools.messages import render, wordings
from tools.registry import run


def status(folder: Path, **changes: object) -> Result:
    tables = tiny_tables()
    tables.update(changes)  # type: ignore[arg-type]
    return run(build(folder, tables), "shop_status", {})


def keys(found: Result) -> list[str]:
    return [one.key.removeprefix("shop_status.") for one in found.findings]


def test_rows_and_days_of_every_table(tmp_path: Path) -> None:
    found = status(tmp_path)
    rows = {row[0]: row[1:] for row in found.tables[0].rows}
    assert set(rows) == set(TABLES)
    assert rows["orders"] == [140, "2026-09-07", "2026-11-15"]
    assert rows["products"] == [3, None, None]
    assert rows["refunds"] == [0, None, None]
    assert found.data_used.tables["order_lines"] == 140
    assert render(found.findings[0], "en") == (
        "The books hold 140 orders from Sep 7, 2026 to Nov 15, 2026; today is Nov 15, 2026."
    )


def test_every_empty_table_is_told_with_what_it_blocks(tmp_path: Path) -> None:
    found = status(tmp_path)
    empty = {row[0] for row in found.tables[0].rows if row[1] == 0}
    assert {key.removeprefix("missing.") for key in keys(found) if key.startswith("missing.")} == empty
    assert all(f"shop_status.missing.{table}" in wordings() for table in TABLES)


def test_stock_is_told_by_warehouse(tmp_path: Path) -> None:
    found = status(tmp_path)
    low = [one for one in found.findings if one.key == "shop_status.low"]
    assert [render(one, "en") for one in low] == [
        "BOT-750 is low in US-LAX: 20 units left, enough for 10 days at the recent rate."
    ]
    inventory = [{"day": date(2026, 11, 15), "sku": "BOT-500", "warehouse": "EU-RTM", "on_hand": 5, "reserved": 5}]
    assert "out" in keys(status(tmp_path, inventory=inventory))


def test_old_tables_are_told(tmp_path: Path) -> None:
    inventory = [{"day": date(2026, 11, 1), "sku": "BOT-750", "warehouse": "US-LAX", "on_hand": 900}]
    found = status(tmp_path, inventory=inventory)
    (old,) = [
        one for one in found.findings if one.key == "shop_status.stale" and one.values["table"].value == "inventory"
    ]
    assert old.values["late"].value == 14
    assert "stale" not in keys(status(tmp_path, inventory=[{**inventory[0], "day": date(2026, 11, 13)}]))


def test_gaps_inside_tables_are_told(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["products"][2]["unit_cost"] = None
    tables["orders"].append(order("N1", date(2026, 11, 15), "ZZ", "shopify", "USD"))
    tables["order_lines"].append(line("N1", "GHOST", 1, "1.00"))
    found = keys(run(build(tmp_path, tables), "shop_status", {}))
    assert {"no_cost", "unlisted", "no_country"} <= set(found)


def test_a_shop_without_orders_says_so(tmp_path: Path) -> None:
    found = status(tmp_path, orders=[], order_lines=[], shipments=[])
    assert found.findings[0].key == "shop_status.no_orders"
    assert found.findings[0].severity == "act"
    for told in found.findings:
        assert render(told, "en")
        assert render(told, "zh")
