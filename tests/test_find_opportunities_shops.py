"""Small shops with one thing to find each, and shops that lack what an answer needs."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_shop import AS_OF, Rows, build, line, order, price, product, tiny_tables
from tools.contract import Result, ToolError
from tools.messages import render
from tools.registry import run

CURRENCY = {"US": "USD", "DE": "EUR", "GB": "GBP", "FR": "EUR"}
SKUS = {"BOT": ("Steel Bottle", 6), "CAP": ("Running Cap", 4), "MAT": ("Yoga Mat", 3), "ROPE": ("Jump Rope", 5)}


def year_of_sales(without: tuple[str, str] | None = None) -> dict[str, Rows]:
    """Four SKUs in four countries, the same number a week everywhere, for two years; one may be left out of one country."""
    tables: dict[str, Rows] = {name: [] for name in tiny_tables()}
    tables["products"] = [product(sku, name, "", "5.00", "20.00", "goods") for sku, (name, _) in SKUS.items()]
    for place, currency in CURRENCY.items():
        for sku, (_, weekly) in SKUS.items():
            if (sku, place) == without:
                continue
            tables["prices"].append(price(sku, place, "shopify", "20.00", currency, since=date(2024, 1, 1)))
            for week in range(104):
                day = AS_OF - timedelta(weeks=week, days=1)
                name = f"{place}-{sku}-{week}"
                tables["orders"].append(order(name, day, place, "shopify", currency))
                tables["order_lines"].append(line(name, sku, weekly, "20.00"))
    return tables


def searched(term: str, place: str, weekly: int, weeks: int = 104) -> Rows:
    return [
        {"day": AS_OF - timedelta(weeks=week), "country": place, "channel": "shopify", "term": term, "searches": weekly}
        for week in range(weeks)
    ]  # fmt: skip


def offered(rival: str, place: str, amount: str, currency: str, **more: Any) -> Rows:
    return [
        {
            "day": AS_OF - timedelta(weeks=week), "category": "goods", "country": place, "channel": "shopify",
            "competitor": rival, "title": f"{rival} thing", "price": amount, "currency": currency, **more,
        }
        for week in range(8)
    ]  # fmt: skip


def told(found: Result, key: str) -> list[str]:
    return [render(one, "en") for one in [*found.findings, *found.warnings] if key in one.key]


def test_a_sku_missing_from_one_country_is_worth_what_it_sells_elsewhere(tmp_path: Path) -> None:
    found = run(build(tmp_path, year_of_sales(without=("CAP", "FR"))), "find_opportunities", {})
    (row,) = found.tables[0].rows
    assert row[:3] == ["reach", "FR", "CAP"]
    (text,) = told(found, ".absent")
    assert "CAP is not offered in France" in text
    (absent,) = [one for one in found.findings if one.key.endswith(".absent")]
    assert 180 <= int(str(absent.values["expected"].value)) <= 240  # 4 a week


def test_nothing_is_missing_where_all_sell_alike(tmp_path: Path) -> None:
    found = run(build(tmp_path, year_of_sales()), "find_opportunities", {})
    assert found.findings[0].key == "find_opportunities.nothing"
    assert found.findings[0].severity == "info"


def test_without_a_price_list_a_sku_that_did_not_sell_is_not_said_to_be_missing(tmp_path: Path) -> None:
    tables = year_of_sales(without=("CAP", "FR"))
    tables["prices"] = []
    found = run(build(tmp_path, tables), "find_opportunities", {})
    assert told(found, ".absent") == []


def test_a_search_without_product_is_found_and_ours_and_brands_are_not(tmp_path: Path) -> None:
    tables = year_of_sales()
    tables["searches"] = [
        *searched("yoga mat", "US", 60), *searched("massage gun", "US", 50), *searched("Rivalo bottles", "US", 40),
        *searched("odd thing", "US", 1, weeks=6),
    ]  # fmt: skip
    tables["competitor_prices"] = offered("Rivalo", "US", "18.00", "USD")
    found = run(build(tmp_path, tables), "find_opportunities", {})
    assert [row[:3] for row in found.tables[0].rows] == [["unmet", "US", "massage gun"]]
    (text,) = told(found, ".unmet")
    assert "2,600 times a year" in text


def test_competitors_without_our_sku_still_give_a_band_in_base_currency(tmp_path: Path) -> None:
    tables = year_of_sales()
    tables["competitor_prices"] = [
        *offered("Rivalo", "DE", "10.00", "EUR"), *offered("Konkur", "DE", "30.00", "EUR"),
        *offered("Nurda", "DE", "20.00", "XXX"),
    ]  # fmt: skip
    found = run(build(tmp_path, tables), "find_opportunities", {"countries": ["DE"], "category": "GOODS"})
    (band,) = next(table for table in found.tables if table.title == "Price bands").rows
    assert band[2:4] == [2, 2]  # the one in a currency without a rate is left out
    low, high = float(band[4]), float(band[6])
    assert high == pytest.approx(3 * low, rel=0.05)
    assert 10 < low < 13  # euros in dollars
    assert found.charts[0].figure["data"][0]["x"] == ["goods DE"]


def test_what_cannot_be_asked_is_refused_in_one_sentence(tmp_path: Path) -> None:
    shop = build(tmp_path, year_of_sales())
    for wrong, sentence in (
        ({"countries": ["BR"]}, "shop sells to|sells to"),
        ({"category": "shoes"}, "There is no category shoes; the books have goods"),
        ({"horizon_days": 0}, "horizon_days must be a whole number from 1 to 365"),
        ({"sku": "BOT"}, "has no argument sku"),
    ):
        with pytest.raises(ToolError, match=sentence):
            run(shop, "find_opportunities", wrong)


def test_zeros_are_no_opportunity(tmp_path: Path) -> None:
    tables = year_of_sales()
    for row in tables["order_lines"]:
        row["quantity"] = 0
    tables["searches"] = searched("massage gun", "US", 0)
    tables["competitor_prices"] = offered("Rivalo", "US", "0.00", "USD", rating="0", reviews=0)
    found = run(build(tmp_path, tables), "find_opportunities", {})
    assert found.findings[0].key == "find_opportunities.nothing"


def test_without_unit_costs_needs_are_told_without_money(tmp_path: Path) -> None:
    tables = year_of_sales(without=("CAP", "FR"))
    tables["searches"] = [*searched("yoga mat", "US", 60), *searched("massage gun", "US", 50)]
    for row in tables["products"]:
        row["unit_cost"] = None
    found = run(build(tmp_path, tables), "find_opportunities", {})
    assert told(found, ".unmet_no_cost")
    assert told(found, ".absent_no_cost")
    assert told(found, ".no_costs")
    assert all(row[4] is None for row in found.tables[0].rows)


def test_stranger_text_is_fenced(tmp_path: Path) -> None:
    tables = year_of_sales()
    tables["searches"] = [*searched("yoga mat", "US", 60), *searched("<b>gun</b> https://evil.example/x", "US", 50)]
    (text,) = told(run(build(tmp_path, tables), "find_opportunities", {}), ".unmet")
    assert "“‹b›gun" in text
    assert "evil.example" not in text
