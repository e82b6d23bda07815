"""What to order on a shop small enough to check by hand, and plain words for what cannot be planned."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shop import journal
from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, Rows, build, offer, tiny_tables
from tools.contract import Result, ToolError
from tools.messages import render
from tools.registry import run


def received(supplier: str, count: int, took: int, sku: str = "BOT-750", **more: Any) -> Rows:
    """Orders of a supplier that came in after so many days, one a month."""
    rows = []
    for n in range(count):
        ordered = AS_OF - timedelta(days=60 + 30 * n)
        rows.append(
            {
                "po_id": f"{supplier}-{n}", "supplier_id": supplier, "sku": sku, "quantity": 100, "unit_price": "8.00",
                "currency": "USD", "warehouse": "US-LAX", "ordered_on": ordered,
                "promised_on": ordered + timedelta(days=30), "received_on": ordered + timedelta(days=took),
                "defects": 0, "status": "received", **more,
            }
        )  # fmt: skip
    return rows


def coming(units: int, in_days: int, sku: str = "BOT-750", house: str = "US-LAX") -> dict[str, Any]:
    return {
        "po_id": f"PO-{in_days}", "supplier_id": "S-1", "sku": sku, "quantity": units, "unit_price": "8.00",
        "currency": "USD", "warehouse": house, "ordered_on": AS_OF - timedelta(days=10),
        "promised_on": AS_OF + timedelta(days=in_days),
    }  # fmt: skip


def keys(found: Result) -> list[str]:
    return [one.key.removeprefix("plan_replenishment.") for one in [*found.findings, *found.warnings]]


def line(found: Result, sku: str, house: str) -> dict[str, Any]:
    names = [column.name for column in found.tables[0].columns]
    return next(dict(zip(names, row, strict=True)) for row in found.tables[0].rows if row[:2] == [sku, house])


def stocked(units: int, tables: dict[str, Rows] | None = None) -> dict[str, Rows]:
    tables = tables or tiny_tables()
    for row in tables["inventory"]:
        if row["sku"] == "BOT-750":
            row["on_hand"] = units
    return tables


def plan(folder: Path, tables: dict[str, Rows] | None = None, **said: Any) -> Result:
    return run(build(folder, tables), "plan_replenishment", said)


def test_a_shelf_that_empties_before_goods_can_come_is_a_rush(tmp_path: Path) -> None:
    found = plan(tmp_path)
    row = line(found, "BOT-750", "US-LAX")
    assert row["verdict"] == "rush"  # 20 last ten days, goods take thirty
    assert row["days of cover"] in (9, 10)
    assert AS_OF + timedelta(days=9) <= date.fromisoformat(row["runs out on"]) <= AS_OF + timedelta(days=12)
    assert row["order now"] >= 100
    assert row["supplier"] in ("S-1", "S-2")
    assert row["latest order date"] == AS_OF.isoformat()
    assert row["landed cost"] >= row["order now"] * 6.5
    assert "rush_order" in keys(found)
    assert "untried" in keys(found)  # nobody has delivered before
    assert {"no_purchase_orders", "no_offer"} <= set(keys(found))
    assert found.findings[0].key.startswith("plan_replenishment.order_now")
    for told in [*found.findings, *found.warnings, *found.assumptions]:
        assert render(told, "en")
        assert render(told, "zh")


def test_enough_stock_waits_and_far_too_much_is_run_down(tmp_path: Path) -> None:
    held = plan(tmp_path / "a", stocked(150))
    row = line(held, "BOT-750", "US-LAX")
    assert row["verdict"] == "hold"
    due = date.fromisoformat(row["latest order date"])
    assert AS_OF + timedelta(days=20) < due < AS_OF + timedelta(days=46)  # 75 days of stock, 30 of lead time
    assert "nothing_yet" in keys(held)
    much = plan(tmp_path / "b", stocked(2000))
    row = line(much, "BOT-750", "US-LAX")
    assert (row["verdict"], row["order now"]) == ("run down", 0)
    assert row["beyond need"] > 1000


def test_goods_in_transit_count(tmp_path: Path) -> None:
    tables = stocked(20)
    tables["purchase_orders"] = [*received("S-1", 8, 30), coming(400, 8)]
    row = line(plan(tmp_path / "a", tables), "BOT-750", "US-LAX")
    assert (row["verdict"], row["on the way"]) == ("hold", 400)
    tables["purchase_orders"][-1] = coming(400, 25)
    found = plan(tmp_path / "b", tables)
    assert line(found, "BOT-750", "US-LAX")["verdict"] == "rush"
    assert "rush_chase" in keys(found)
    (told,) = [one for one in found.findings if one.key == "plan_replenishment.rush_chase"]
    assert told.values["po"].value == "PO-25"
    assert 20 <= int(str(told.values["lost"].value)) <= 40  # two a day from day eleven to day twenty-five
    assert found.proposals == []


def test_a_rush_comes_by_air_where_that_pays(tmp_path: Path) -> None:
    tables = tiny_tables()
    ways = (("sea", "0.50", 35), ("air", "4.00", 5))
    tables["freight_rates"] = [
        {
            "origin": "CN", "destination": "US-LAX", "mode": mode, "rate_per_kg": rate, "currency": "USD",
            "transit_days": took, "effective_from": AS_OF - timedelta(days=300),
        }
        for mode, rate, took in ways
    ]  # fmt: skip
    for row in tables["products"]:
        row |= {"weight_g": "400", "volume_cm3": "2000"}
    for row in tables["supplier_offers"]:
        row["lead_time_days"] = 5
    found = plan(tmp_path / "a", tables)
    assert "rush_order_by" in keys(found)
    (told,) = [one for one in found.findings if one.key == "plan_replenishment.rush_order_by"]
    assert told.values["mode"].value == "air"
    tables["freight_rates"][1]["rate_per_kg"] = "90.00"
    assert "rush_order" in keys(plan(tmp_path / "b", tables))


def test_only_those_who_have_delivered_are_ordered_from(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["purchase_orders"] = received("S-1", 6, 30)
    found = plan(tmp_path, tables)
    assert line(found, "BOT-750", "US-LAX")["supplier"] == "S-1"
    (told,) = [one for one in found.findings if one.key == "plan_replenishment.no_history"]
    assert told.values["supplier"].value == "S-2"
    assert "untried" not in keys(found)


def test_full_prepayment_to_a_bank_abroad_is_never_ordered_from(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["suppliers"][1] |= {"bank_country": "CY"}
    tables["supplier_offers"][2] |= {"deposit_pct": "100", "unit_price": "2.00", "moq": 50, "min_quantity": 50}
    found = plan(tmp_path / "a", tables)
    assert line(found, "BOT-750", "US-LAX")["supplier"] == "S-1"
    assert "suspected" in keys(found)
    tables["supplier_offers"] = tables["supplier_offers"][2:]
    alone = plan(tmp_path / "b", tables)
    assert line(alone, "BOT-750", "US-LAX")["order now"] == 0
    assert "no_usable_offer" in keys(alone)
    assert alone.proposals == []


def test_a_supplier_that_was_late_is_expected_late(tmp_path: Path) -> None:
    tables = stocked(150)
    tables["purchase_orders"] = received("S-1", 12, 30)
    prompt = date.fromisoformat(line(plan(tmp_path / "a", tables), "BOT-750", "US-LAX")["latest order date"])
    tables["purchase_orders"] = received("S-1", 12, 50)
    late = date.fromisoformat(line(plan(tmp_path / "b", tables), "BOT-750", "US-LAX")["latest order date"])
    assert timedelta(days=12) <= prompt - late <= timedelta(days=22)  # twelve orders count for most of twenty days


def test_factories_that_close_make_orders_due_earlier(tmp_path: Path) -> None:
    tables = stocked(230)
    tables["purchase_orders"] = received("S-1", 12, 30)
    china = plan(tmp_path / "a", tables)
    early = date.fromisoformat(line(china, "BOT-750", "US-LAX")["latest order date"])
    assert "closure" in keys(china)
    for row in tables["suppliers"]:
        row["country"] = "MX"
    later = date.fromisoformat(line(plan(tmp_path / "b", tables), "BOT-750", "US-LAX")["latest order date"])
    assert early <= later - timedelta(days=14)  # Chinese New Year 2027 takes three weeks of making


def test_goods_that_expire_are_told_and_not_overordered(tmp_path: Path) -> None:
    tables = stocked(300)
    next(row for row in tables["products"] if row["sku"] == "BOT-750")["shelf_life_days"] = 90
    tables["purchase_orders"] = received("S-1", 3, 30)
    tables["purchase_orders"][0] |= {"quantity": 400}
    found = plan(tmp_path, tables)
    row = line(found, "BOT-750", "US-LAX")
    assert 140 <= row["expires unsold"] <= 185  # came 30 days ago, 60 more days at two a day
    assert row["verdict"] in ("run down", "bundle")
    assert "expiring" in keys(found)


def test_a_budget_is_kept_and_one_below_the_smallest_order_is_said(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["supplier_offers"].append(offer("O-3", "S-1", "BOT-500", 50, "6.00", moq=50, lead=30))
    for row in tables["inventory"]:
        row["on_hand"] = 10
    free = plan(tmp_path, tables)
    cost = sum(row[12] for row in free.tables[0].rows if row[12] and row[3])
    shop = Shop.open(tmp_path)
    spent = []
    for budget in (400, 900, 1500, 3000, 20000):
        found = run(shop, "plan_replenishment", {"budget": budget})
        costs = [row[12] for row in found.tables[0].rows if row[12] and row[3]]
        assert sum(costs) <= budget + 1
        spent.append(sum(row[13] for row in found.tables[0].rows if row[13] and row[3]))
    assert spent == sorted(spent)
    assert run(shop, "plan_replenishment", {"budget": cost + 100}).tables[0].rows == free.tables[0].rows
    none = run(shop, "plan_replenishment", {"budget": 50})
    assert keys(none)[0] == "budget_too_small"
    assert none.proposals == []


def test_a_draft_can_be_filed_and_approved_and_nothing_is_filed_by_asking(tmp_path: Path) -> None:
    found = plan(tmp_path)
    assert journal.proposals(tmp_path) == []
    (draft,) = found.proposals
    assert (draft.id, draft.status, draft.kind) == (None, "draft", "purchase_order")
    number = journal.file_proposal(tmp_path, draft.kind, draft.payload, draft.expected_before, AS_OF)
    (written,) = journal.approve(tmp_path, number, datetime(2026, 11, 15, 9))
    row = (tmp_path / written.file).read_text(encoding="utf-8")
    assert f"{draft.payload['quantity']}" in row
    assert "BOT-750" in row
    again = run(Shop.open(tmp_path), "plan_replenishment", {})
    assert again.proposals == [draft]


def test_more_stock_orders_no_more_and_higher_service_no_less(tmp_path: Path) -> None:
    chosen = []
    for units in (0, 20, 60, 120, 400):
        found = plan(tmp_path / str(units), stocked(units))
        row = line(found, "BOT-750", "US-LAX")
        chosen.append(row["order now"])
    assert chosen == sorted(chosen, reverse=True)
    assert chosen[0] > 0
    shop = Shop.open(tmp_path / "20")
    levels = [
        line(run(shop, "plan_replenishment", {"service_level": level}), "BOT-750", "US-LAX")["order now"]
        for level in (0.6, 0.8, 0.9, 0.95, 0.99)
    ]
    assert levels == sorted(levels)
    percent = run(shop, "plan_replenishment", {"service_level": 95})
    assert line(percent, "BOT-750", "US-LAX")["order now"] == levels[3]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"skus": ["BOT-75O"]}, "nearest: BOT-750"),
        ({"service_level": 1.5}, "0.5 to 0.999"),
        ({"service_level": 0.2}, "0.5 to 0.999"),
        ({"horizon_days": 0}, "1 to 365"),
        ({"horizon_days": 900}, "1 to 365"),
        ({"budget": 0}, "above 0"),
        ({"budget": "NaN"}, "budget"),
        ({"skus": ["CAP-UV"]}, "no stock in the books for CAP-UV"),
    ],
)
def test_what_cannot_be_planned_is_said_in_a_sentence(tmp_path: Path, said: dict[str, Any], names: str) -> None:
    with pytest.raises(ToolError) as refused:
        plan(tmp_path, **said)
    assert names in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_shop_without_inventory_is_told_to_import_it(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["inventory"] = []
    with pytest.raises(ToolError, match="import inventory"):
        plan(tmp_path, tables)


def test_a_sku_without_price_or_offer_is_told_and_the_rest_is_planned(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["inventory"].append({"day": AS_OF, "sku": "CAP-UV", "warehouse": "US-LAX", "on_hand": 5})
    found = plan(tmp_path, tables)
    assert line(found, "BOT-750", "US-LAX")["verdict"] == "rush"
    (told,) = [one for one in found.warnings if one.key == "plan_replenishment.no_offer"]
    assert told.about.skus == ["BOT-500"]  # of CAP-UV nothing was ever asked for
    assert line(found, "CAP-UV", "US-LAX")["verdict"] == "run down"
    nothing = {"inventory": tiny_tables()["inventory"], "products": tiny_tables()["products"]}
    assert keys(run(build(tmp_path / "b", nothing), "plan_replenishment", {}))[0] == "no_demand"
