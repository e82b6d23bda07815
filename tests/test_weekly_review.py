"""The week's figures against sums done by hand and, on the demo shop, against plain pandas."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shop.fx import convert
from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, build, line, order, refund, tiny_tables
from tools.contract import Finding, Result, ToolError
from tools.messages import render
from tools.registry import run

MONDAY = date(2026, 11, 9)
AD = {"country": "US", "campaign": "c", "currency": "USD"}


def amount(found: Result, key: str, value: str) -> Any:
    (told,) = [one for one in found.findings if one.key == f"weekly_review.{key}"]
    return told.values[value].value


def keys(found: Result) -> list[str]:
    return [one.key.removeprefix("weekly_review.") for one in found.findings]


def dollars(rows: list[tuple[date, str, str]]) -> Decimal:
    return sum((convert(Decimal(value), currency, "USD", day) for day, value, currency in rows), Decimal(0))


def all_in_dollars() -> dict[str, Any]:
    tables = tiny_tables()
    for one in tables["orders"]:
        one["currency"] = "USD"
    return tables


def test_sales_and_profit_by_hand(tmp_path: Path) -> None:
    found = run(build(tmp_path, all_in_dollars()), "weekly_review", {})
    assert amount(found, "sales", "gmv") == Decimal("560.00")  # 7 x (2 x 30 + 1 x 20)
    assert amount(found, "sales", "orders") == 14
    assert amount(found, "sales", "units") == 21
    assert amount(found, "sales", "aov") == Decimal("40.00")
    assert (amount(found, "sales", "start"), amount(found, "sales", "end")) == (MONDAY, AS_OF)
    assert amount(found, "profit", "cost") == Decimal("154.00")  # 14 x 8 + 7 x 6
    assert amount(found, "profit", "shipping") == Decimal("8.00")  # two parcels of Monday
    assert amount(found, "profit", "profit") == Decimal("398.00")
    assert amount(found, "profit", "margin") == Decimal("71.1")
    assert amount(found, "profit_before", "profit") == Decimal("350.00")
    assert amount(found, "turnover", "days") == 35  # (20 x 8 + 100 x 6) / (28 days' cost 616 / 28)
    assert "gmv_flat_week" in keys(found)
    assert "no_year" in keys(found)
    assert found.warnings[0].key == "weekly_review.unshipped"
    assert found.charts[0].figure["data"][0]["y"][-1] == 560.0
    assert len(found.charts[0].figure["data"][0]["y"]) == 10


def test_euros_count_at_each_day_s_rate(tmp_path: Path) -> None:
    found = run(build(tmp_path), "weekly_review", {})
    expected = 420 + dollars([(MONDAY + timedelta(days=n), "20", "EUR") for n in range(7)])
    assert amount(found, "sales", "gmv") == round(expected, 2)
    assert found.data_used.reference


def test_discounts_refunds_and_cancelled_orders(tmp_path: Path) -> None:
    tables = all_in_dollars()
    tables["orders"] += [
        order("C1", AS_OF, "US", "shopify", "USD", status="cancelled"),
        order("X1", AS_OF, "US", "shopify", "USD"),
    ]
    tables["order_lines"] += [line("C1", "BOT-750", 50, "30.00"), line("X1", "CAP-UV", 2, "15.00", discount="5.00")]
    tables["refunds"] = [
        refund("R1", "U60", "BOT-750", 1, "30.00", AS_OF),
        refund("R2", "U1", "BOT-750", 1, "30.00", AS_OF - timedelta(days=30)),
    ]
    found = run(build(tmp_path, tables), "weekly_review", {})
    assert amount(found, "sales", "gmv") == Decimal("590.00")
    assert amount(found, "sales", "orders") == 15
    assert amount(found, "profit", "net") == Decimal("555.00")  # 590 - 5 - 30
    assert amount(found, "profit", "profit") == Decimal("387.00")  # 555 - 154 - 2 x 3 - 8
    assert amount(found, "refunds", "amount") == Decimal("30.00")


def test_ads_against_break_even(tmp_path: Path) -> None:
    tables = all_in_dollars()
    tables["ad_spend"] = [
        {"day": AS_OF, "channel": "amazon", "spend": "10.00", "sales": "40.00", **AD},
        {"day": MONDAY, "channel": "meta", "spend": "100.00", "sales": "50.00", **AD},
        {"day": MONDAY - timedelta(days=1), "channel": "meta", "spend": "999.00", "sales": "0", **AD},
    ]
    found = run(build(tmp_path, tables), "weekly_review", {})
    gain, loss = (
        next(one for one in found.findings if one.key == f"weekly_review.ads_{way}") for way in ("gain", "loss")
    )
    assert gain.values["roas"].value == 4
    assert gain.values["roi"].value == Decimal("184.3")  # 4 x 398 / 560 - 1
    assert loss.values["roas"].value == Decimal("0.5")
    assert loss.values["spend"].value == Decimal("100.00")
    advice = next(one for one in found.findings if one.key == "weekly_review.suggest_ads")
    assert advice.values["needed"].value == Decimal("1.41")


def test_a_fall_beyond_chance_is_told_and_a_wholesale_order_is_not(tmp_path: Path) -> None:
    tables = quiet_week()
    big = AS_OF - timedelta(days=17)
    tables["orders"].append(order("W1", big, "DE", "amazon", "USD"))
    tables["order_lines"].append(line("W1", "BOT-500", 500, "10.00"))
    found = run(build(tmp_path, tables), "weekly_review", {})
    falls = [one for one in found.findings if one.key == "weekly_review.falling"]
    assert [one.values["sku"].value for one in falls] == ["BOT-750"]
    assert (falls[0].values["units"].value, falls[0].values["usual"].value) == (2, 14)
    assert falls[0].values["drop"].value == Decimal("85.7")
    assert "suggest_falling" in keys(found)


def quiet_week() -> dict[str, Any]:
    tables = all_in_dollars()
    quiet = {f"U{n}" for n in range(64, 70)}
    tables["order_lines"] = [one for one in tables["order_lines"] if one["order_id"] not in quiet]
    return tables


@pytest.mark.parametrize("counted", ["never", "weeks before"])
def test_stock_on_the_shelf_is_said_only_where_it_was_counted(tmp_path: Path, counted: str) -> None:
    tables = quiet_week()
    old = [one for one in tables["inventory"] if one["day"] < MONDAY]
    tables["inventory"] = old if counted == "weeks before" else []
    told = keys(run(build(tmp_path, tables), "weekly_review", {}))
    assert "suggest_falling_unseen" in told
    assert "suggest_falling" not in told


def test_what_sells_in_bursts_does_not_fall(tmp_path: Path) -> None:
    tables = quiet_week()
    tables["order_lines"] = [one for one in tables["order_lines"] if one["sku"] != "BOT-750"]
    for n in range(64):
        if (n // 7) % 2 == 0:  # every other week
            tables["order_lines"].append(line(f"U{n}", "BOT-750", 40, "30.00"))
    assert "falling" not in keys(run(build(tmp_path, tables), "weekly_review", {}))


@pytest.mark.parametrize(
    ("returns", "why"),
    [
        ([("W", 30)], "one big return is one order's story"),
        ([(f"R{n}", 25) for n in range(4)], "more came back than was sold"),
        ([(f"R{n}", 1) for n in range(4)], "too few units"),
    ],
)
def test_returns_that_are_no_rate_are_not_flagged(tmp_path: Path, returns: list[tuple[str, int]], why: str) -> None:
    tables = all_in_dollars()
    tables["refunds"] = [
        refund(f"F{order_id}", order_id, "BOT-750", n, "30", AS_OF - timedelta(days=3)) for order_id, n in returns
    ] + [refund("B1", "U9", "BOT-750", 1, "30", AS_OF - timedelta(days=50))]
    assert "refund_high" not in keys(run(build(tmp_path, tables), "weekly_review", {})), why


def test_refunds_above_their_own_past_are_flagged(tmp_path: Path) -> None:
    tables = all_in_dollars()
    tables["refunds"] = [
        *(refund(f"A{n}", f"U{n}", "BOT-750", 1, "30", AS_OF - timedelta(days=n)) for n in range(1, 21)),
        refund("B1", "U9", "BOT-750", 1, "30", AS_OF - timedelta(days=50)),
        *(refund(f"C{n}", f"D{n}", "BOT-500", 1, "20", AS_OF - timedelta(days=n * 5)) for n in range(1, 12)),
    ]
    found = run(build(tmp_path, tables), "weekly_review", {})
    high = [one for one in found.findings if one.key == "weekly_review.refund_high"]
    assert [one.values["sku"].value for one in high] == ["BOT-750"]
    assert (high[0].values["rate"].value, high[0].values["refunded"].value) == (Decimal("35.7"), 20)


@pytest.mark.parametrize(
    ("weeks_ago", "start", "end"), [(0, "2026-11-09", "2026-11-12"), (1, "2026-11-02", "2026-11-08")]
)
def test_which_week(tmp_path: Path, weeks_ago: int, start: str, end: str) -> None:
    shop = build(tmp_path, all_in_dollars(), {"as_of": "2026-11-12", "base_currency": "USD"})
    found = run(shop, "weekly_review", {"weeks_ago": weeks_ago})
    row, before = found.tables[0].rows[:2]
    assert row[:2] == [start, end]
    assert row[4] == before[4]
    assert ("weekly_review.partial" in [one.key for one in found.warnings]) == (weeks_ago == 0)


def test_beyond_the_data_is_refused(tmp_path: Path) -> None:
    shop = build(tmp_path)
    assert run(shop, "weekly_review", {"weeks_ago": 10}).findings
    with pytest.raises(ToolError, match="start on 2026-09-07; weeks_ago can be 0 to 10"):
        run(shop, "weekly_review", {"weeks_ago": 11})


def test_orders_alone_are_enough(tmp_path: Path) -> None:
    tables = {name: rows for name, rows in all_in_dollars().items() if name in ("orders", "order_lines")}
    found = run(build(tmp_path, tables), "weekly_review", {})
    assert amount(found, "sales", "gmv") == Decimal("560.00")
    assert "no_profit" in keys(found)
    for told in [*found.findings, *found.warnings, *found.assumptions]:
        assert render(told, "en")
        assert render(told, "zh")


def test_suggestions_are_few_and_rest_on_findings(tmp_path: Path) -> None:
    found = run(build(tmp_path), "weekly_review", {})
    assert sum(one.key.startswith("weekly_review.suggest_") for one in found.findings) <= 5


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    from shop.demo import build as build_demo

    folder = tmp_path_factory.mktemp("demo")
    build_demo(folder)
    return Shop.open(folder)


@pytest.mark.slow
@pytest.mark.parametrize("weeks_ago", [1, 2, 51])
def test_demo_gmv_against_pandas(demo: Shop, weeks_ago: int) -> None:
    found = run(demo, "weekly_review", {"weeks_ago": weeks_ago})
    end = demo.as_of - timedelta(days=(demo.as_of.weekday() + 1) % 7 + 7 * (weeks_ago - 1))
    orders = demo.frame("SELECT order_id, ordered_at, currency, status FROM orders")
    lines = demo.frame("SELECT order_id, quantity, unit_price FROM order_lines")
    day = orders["ordered_at"].dt.date
    orders = orders[(orders["status"] != "cancelled") & (day >= end - timedelta(days=6)) & (day <= end)]
    sold = orders.merge(lines, on="order_id")
    sold["amount"] = sold["quantity"] * sold["unit_price"].astype(float)
    sold["day"] = sold["ordered_at"].dt.date
    rate = {
        (when, currency): float(convert(Decimal(1), currency, demo.base_currency, when))
        for when, currency in sold[["day", "currency"]].drop_duplicates().itertuples(index=False)
    }
    factors = [rate[cell] for cell in zip(sold["day"], sold["currency"], strict=True)]
    assert float(amount(found, "sales", "gmv")) == pytest.approx(float((sold["amount"] * factors).sum()), abs=0.01)
    assert amount(found, "sales", "orders") == sold["order_id"].nunique()
    assert amount(found, "sales", "units") == int(sold["quantity"].sum())


@pytest.mark.slow
def test_demo_answers_render_in_both_languages(demo: Shop) -> None:
    for tool in ("shop_status", "weekly_review", "check_fulfillment"):
        found = run(demo, tool, {})
        told: list[Finding] = [*found.findings, *found.warnings, *found.assumptions]
        assert all(render(one, language) for one in told for language in ("en", "zh"))
        found.model_dump_json()
