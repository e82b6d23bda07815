"""What was planted in the demo shop: shelves about to run dry, stock that is too much, suppliers that are not as told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shop.demo import suppliers as supply
from shop.demo.parameters import OUTAGES, OVERBUYS, PRODUCTS
from shop.warehouse import Shop
from tools.contract import Finding, Result
from tools.messages import render
from tools.registry import run


@pytest.fixture(scope="module")
def planned(demo_folder: Path) -> Result:
    return run(Shop.open(demo_folder), "plan_replenishment", {})


def lines(found: Result) -> dict[tuple[str, str], dict[str, Any]]:
    names = [column.name for column in found.tables[0].columns]
    return {(row[0], row[1]): dict(zip(names, row, strict=True)) for row in found.tables[0].rows}


def told(found: Result, *keys: str) -> list[Finding]:
    return [one for one in found.findings if one.key.removeprefix("plan_replenishment.") in keys]


def test_every_shelf_that_will_be_empty_is_in_a_rush(planned: Result) -> None:
    ahead = [late for late in OUTAGES if late.end > date(2026, 11, 15)]
    assert len(ahead) == 3
    for late in ahead:
        row = lines(planned)[late.sku, late.warehouse]
        assert row["verdict"] == "rush", late
        assert abs((date.fromisoformat(row["runs out on"]) - max(late.start, date(2026, 11, 15))).days) <= 14


def test_the_bottle_runs_out_before_black_friday_and_its_order_is_to_be_pressed_for(planned: Result) -> None:
    (rush,) = [
        one
        for one in told(planned, "rush_chase", "rush_chase_order", "rush_chase_order_by")
        if (one.values["sku"].value, one.values["warehouse"].value) == ("BOT-750", "US-LAX")
    ]
    assert str(rush.values["out"].value) < "2026-11-28"
    assert rush.severity == "act"
    (event,) = told(planned, "event")
    assert "BOT-750 US-LAX" in render(event, "en")


def test_what_was_overbought_is_run_down_or_bundled(planned: Result) -> None:
    for bought in OVERBUYS:
        row = lines(planned)[bought.sku, bought.warehouse]
        assert row["verdict"] in ("run down", "bundle"), bought
        assert row["latest order date"] is None or row["latest order date"] > "2026-11-22"
    assert lines(planned)["GEL-24", "US-LAX"]["expires unsold"] > 1000
    assert lines(planned)["ROLL-45", "EU-RTM"]["beyond need"] > 500
    assert any(one.values["sku"].value == "GEL-24" for one in told(planned, "expiring"))


def test_partners_are_of_the_same_theme(planned: Result) -> None:
    theme = {product.sku: product.theme for product in PRODUCTS}
    bundles = told(planned, "bundle", "bundle_partly")
    assert bundles
    for one in bundles:
        assert theme[str(one.values["sku"].value)] == theme[str(one.values["partner"].value)]


def test_nothing_is_ordered_from_the_scam_or_the_untried(planned: Result) -> None:
    used = {row["supplier"] for row in lines(planned).values()} - {None}
    assert used <= {one.supplier_id for one in supply.SUPPLIERS} - {supply.SCAM, "SUP-08"}
    assert [one.values["supplier"].value for one in told(planned, "suspected")] == [supply.SCAM]
    late = [one for one in told(planned, "late_supplier") if one.values["supplier"].value == supply.CHEAP_AND_LATE]
    if supply.CHEAP_AND_LATE in {row["supplier"] for row in lines(planned).values() if row["order now"]}:
        assert 13 <= int(str(late[0].values["late"].value)) <= 21  # truly 17 days


def test_orders_keep_moq_and_cartons_and_drafts_are_complete(planned: Result, demo_folder: Path) -> None:
    pack = {product.sku: product.pack_size for product in PRODUCTS}
    shop = Shop.open(demo_folder)
    least = {
        (str(supplier), str(sku)): int(moq)
        for supplier, sku, moq in shop.rows("SELECT supplier_id, sku, min(moq) FROM supplier_offers GROUP BY 1, 2")
    }
    orders = [row for row in lines(planned).values() if row["order now"]]
    assert len(orders) > 5
    for row in orders:
        assert row["order now"] % pack[row["SKU"]] == 0
        assert row["order now"] >= least[row["supplier"], row["SKU"]]
        assert row["regret if demand is low"] >= 0
        assert row["regret if demand is high"] >= 0
    assert 1 <= len(planned.proposals) <= 5
    for draft in planned.proposals:
        assert draft.id is None
        assert draft.expected_before["moq"] <= draft.payload["quantity"]


def test_the_plan_covers_the_true_demand(planned: Result, demo_folder: Path) -> None:
    """Demand expected by SKU over the horizon against the true mean of the same ninety days."""
    from shop.demo.truth import load

    truth = load(demo_folder).demand
    coming = truth[(truth["day"] > "2026-11-15") & (truth["day"] <= "2027-02-13")]
    true = coming.groupby("sku")["mean"].sum()
    seen: dict[str, float] = {}
    for (sku, _), row in lines(planned).items():
        seen[sku] = seen.get(sku, 0.0) + row["demand expected"]
    assert sum(seen.values()) == pytest.approx(float(true.sum()), rel=0.15)
    houses = {("US", False): "US-LAX", ("JP", False): "CN-NGB"}
    coming = coming.assign(
        house=[
            "CN-NGB" if channel == "alibaba" else houses.get((country, False), "EU-RTM")
            for country, channel in zip(coming["country"], coming["channel"], strict=True)
        ]
    )
    by_house = coming.groupby("house")["mean"].sum()
    for house, units in by_house.items():
        mine = sum(row["demand expected"] for (_, place), row in lines(planned).items() if place == house)
        assert mine == pytest.approx(float(units), rel=0.2), house


def test_a_budget_goes_where_it_earns_most_and_the_rest_is_named(demo_folder: Path) -> None:
    found = run(Shop.open(demo_folder), "plan_replenishment", {"budget": 20000})
    (short,) = told(found, "budget_short")
    spent = sum(row["landed cost"] for row in lines(found).values() if row["order now"])
    assert spent <= 20000 + 1
    assert spent > 15000
    assert int(str(short.values["of"].value)) > int(str(short.values["n"].value)) > 0
    assert str(short.values["missed"].unit) == "USD"
