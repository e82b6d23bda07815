"""forecast_demand on whole books: what counts as demand, what is said, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, FIRST, Rows, build, insert, line, order, tiny_tables
from tools.contract import Finding, Result, ToolError, Value
from tools.forecast_demand import FORECAST_DEMAND, ForecastDemand, run
from tools.messages import LANGUAGES, placeholders, render, wordings

Change = Callable[[dict[str, Rows]], None]


@pytest.fixture
def tiny(tmp_path: Path) -> Shop:
    return build(tmp_path)


def changed(folder: Path, change: Change) -> Shop:
    tables = tiny_tables()
    change(tables)
    return build(folder, tables)


def ask(shop: Shop, **arguments: Any) -> Result:
    return run(shop, ForecastDemand(**arguments))


def keys(found: list[Finding]) -> list[str]:
    return [one.key.removeprefix("forecast_demand.") for one in found]


def value(found: Finding, name: str) -> Any:
    content = found.values[name].value
    assert not isinstance(content, list)
    return content


def test_two_a_day_is_sixty_in_thirty_days(tiny: Shop) -> None:
    found = ask(tiny, skus=["BOT-750"], countries=["US"])
    first = found.findings[0]
    assert first.key == "forecast_demand.sku_in"
    assert value(first, "units") == 60
    assert value(first, "low") < 60 < value(first, "high")
    assert (value(first, "start"), value(first, "end")) == (AS_OF + timedelta(days=1), AS_OF + timedelta(days=30))
    assert first.about.skus == ["BOT-750"]
    assert first.about.countries == ["US"]
    assert "level_on_before" in keys(found.findings)
    assert found.data_used.tables["orders"] == 70


def test_nothing_asked_means_everything_with_a_total(tiny: Shop) -> None:
    found = ask(tiny, horizon_days=10)
    assert found.findings[0].key == "forecast_demand.total"
    assert value(found.findings[0], "units") == 30
    assert [row[0] for row in found.tables[0].rows] == ["ALL", "BOT-750", "BOT-500"]
    assert [row[5] for row in found.tables[0].rows] == [30, 20, 10]
    assert len(found.charts) == 3


def test_the_answer_is_one_sentence_in_both_languages(tiny: Shop) -> None:
    first = ask(tiny, skus=["BOT-750"], countries=["US"], channels=["shopify"], horizon_days=14).findings[0]
    english, chinese = render(first, "en"), render(first, "zh")
    assert english.startswith("Expect about 28 units of BOT-750 to be ordered in United States on Shopify from Nov 16")
    assert chinese.startswith("2026年11月16日至2026年11月29日，预计美国经Shopify渠道将订购 BOT-750 约28 件")


def test_every_wording_has_the_same_values_in_both_languages_and_no_digits() -> None:
    ours = {key: wording for key, wording in wordings().items() if key.startswith("forecast_demand.")}
    assert len(ours) > 25
    for key, wording in ours.items():
        assert placeholders(wording["en"]) == placeholders(wording["zh"]), key
        assert not any(letter.isdigit() for language in LANGUAGES for letter in wording[language]), key


def test_cancelled_orders_are_not_demand_and_refunds_do_not_lower_it(tmp_path: Path, tiny: Shop) -> None:
    def cancel_every_second(tables: dict[str, Rows]) -> None:
        for n, row in enumerate(row for row in tables["orders"] if row["country"] == "US"):
            if n % 2:
                row["status"] = "cancelled"

    half = changed(tmp_path / "half", cancel_every_second)
    assert value(ask(half, skus=["BOT-750"], horizon_days=28).findings[0], "units") == pytest.approx(28, abs=3)
    assert value(ask(tiny, skus=["BOT-750"], horizon_days=28).findings[0], "units") == 56


def test_days_with_empty_shelves_are_estimated_and_counted(tmp_path: Path) -> None:
    out = [AS_OF - timedelta(days=n) for n in range(14)]

    def empty(tables: dict[str, Rows]) -> None:
        gone = {
            row["order_id"] for row in tables["orders"] if row["country"] == "US" and row["ordered_at"].date() in out
        }
        tables["orders"] = [row for row in tables["orders"] if row["order_id"] not in gone]
        tables["order_lines"] = [row for row in tables["order_lines"] if row["order_id"] not in gone]
        for row in tables["inventory"]:
            if row["sku"] == "BOT-750" and row["day"] in out:
                row["on_hand"] = 0

    found = ask(changed(tmp_path, empty), skus=["BOT-750"])
    assert value(found.findings[0], "units") == 60
    said = next(one for one in found.assumptions if one.key == "forecast_demand.stockouts")
    assert value(said, "days") == 14


def test_without_stock_levels_the_answer_says_so(tmp_path: Path, tiny: Shop) -> None:
    def no_inventory(tables: dict[str, Rows]) -> None:
        tables["inventory"] = []

    assert "no_inventory" in keys(ask(changed(tmp_path / "bare", no_inventory)).assumptions)
    assert "no_inventory" not in keys(ask(tiny).assumptions)


def test_one_giant_order_is_named_and_does_not_carry_on(tmp_path: Path) -> None:
    day = AS_OF - timedelta(days=5)

    def giant(tables: dict[str, Rows]) -> None:
        tables["orders"].append(order("BIG", day, "US", "shopify", "USD"))
        tables["order_lines"].append(line("BIG", "BOT-750", 800, "20.00"))

    found = ask(changed(tmp_path, giant), skus=["BOT-750"])
    assert value(found.findings[0], "units") == 60
    said = next(one for one in found.assumptions if one.key == "forecast_demand.one_off")
    assert (value(said, "day"), value(said, "ordered"), value(said, "counted")) == (day, 802, 2)


def test_a_new_sku_is_forecast_with_a_warning(tmp_path: Path) -> None:
    def launch(tables: dict[str, Rows]) -> None:
        for n in range(3):
            tables["orders"].append(order(f"N{n}", AS_OF - timedelta(days=n), "US", "shopify", "USD"))
            tables["order_lines"].append(line(f"N{n}", "CAP-UV", 4, "15.00"))

    found = ask(changed(tmp_path, launch), skus=["CAP-UV"], horizon_days=10)
    assert value(found.findings[0], "units") == 49  # four a day, and the usual growth of new goods: exp(0.2)
    warned = next(one for one in found.warnings if one.key == "forecast_demand.short_history")
    assert value(warned, "days") == 3


def test_a_sku_no_longer_ordered_is_named(tmp_path: Path) -> None:
    def stop(tables: dict[str, Rows]) -> None:
        for n in range(20):
            tables["orders"].append(order(f"O{n}", FIRST + timedelta(days=n), "US", "shopify", "USD"))
            tables["order_lines"].append(line(f"O{n}", "CAP-UV", 1, "15.00"))

    found = ask(changed(tmp_path, stop), skus=["CAP-UV"])
    warned = next(one for one in found.warnings if one.key == "forecast_demand.quiet")
    assert value(warned, "last") == FIRST + timedelta(days=19)
    assert value(found.findings[0], "units") <= 3


def test_orders_after_today_are_not_known_yet(tmp_path: Path) -> None:
    early = build(tmp_path, settings={"name": "Tiny", "as_of": (AS_OF - timedelta(days=30)).isoformat()})
    found = ask(early, skus=["BOT-750"], horizon_days=7)
    assert found.data_used.tables["orders"] == 40
    assert value(found.findings[0], "end") == AS_OF - timedelta(days=23)


def test_black_friday_without_an_earlier_one_is_a_warning(tiny: Shop) -> None:
    assert "black_friday_unknown" in keys(ask(tiny, horizon_days=30).warnings)
    assert "black_friday_unknown" not in keys(ask(tiny, horizon_days=7).warnings)


def test_a_part_that_never_sold_is_named_and_the_rest_answered(tiny: Shop) -> None:
    found = ask(tiny, skus=["BOT-750", "CAP-UV"])
    warned = next(one for one in found.warnings if one.key == "forecast_demand.never_sold")
    assert warned.values["skus"].value == [Value(kind="sku", value="CAP-UV")]
    assert value(found.findings[0], "units") == 60


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"horizon_days": 0}, "1 to 365"),
        ({"horizon_days": 366}, "1 to 365"),
        ({"skus": ["BOT-750"], "countries": ["DE"]}, "BOT-750 has never been sold in DE; it sells in US."),
        (
            {"skus": ["BOT-750"], "channels": ["amazon"]},
            "BOT-750 has never been sold on amazon; it sells in US on shopify.",
        ),
        ({"skus": ["CAP-UV"]}, "CAP-UV has never been sold"),
        ({"countries": ["JP"]}, "Nothing has been sold yet in JP; orders come from DE, US."),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_one_sentence(tiny: Shop, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolError) as refused:
        ask(tiny, **arguments)
    assert said in str(refused.value)
    assert str(refused.value).count(". ") == 0


def test_a_shop_without_orders_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no orders"):
        ask(build(tmp_path, {"products": tiny_tables()["products"]}))


def test_bulk_orders_are_a_stream_of_their_own(tmp_path: Path) -> None:
    """A wholesale buyer takes 70 every tenth day: 7 a day on top of 2, whenever the last one was."""

    def wholesale(tables: dict[str, Rows]) -> None:
        for n in range(7):
            tables["orders"].append(order(f"W{n}", FIRST + timedelta(days=10 * n + 5), "US", "alibaba", "USD"))
            tables["order_lines"].append(line(f"W{n}", "BOT-750", 70, "20.00"))

    shop = changed(tmp_path, wholesale)
    both = ask(shop, skus=["BOT-750"])
    assert value(both.findings[0], "units") == pytest.approx(60 + 210, abs=5)
    apart = next(one for one in both.assumptions if one.key == "forecast_demand.bulk")
    assert value(apart, "units") == pytest.approx(210, abs=5)
    retail = ask(shop, skus=["BOT-750"], channels=["shopify"])
    assert value(retail.findings[0], "units") == 60
    alone = ask(shop, skus=["BOT-750"], channels=["alibaba"])
    assert value(alone.findings[0], "units") == pytest.approx(210, rel=0.15)
    assert not alone.assumptions[0].key.endswith("one_off")


def test_where_every_order_is_large_none_is_a_bulk_order(tmp_path: Path) -> None:
    def wholesale_only(tables: dict[str, Rows]) -> None:
        for row in tables["order_lines"]:
            row["quantity"] = row["quantity"] * 100

    found = ask(changed(tmp_path, wholesale_only), skus=["BOT-750"])
    assert value(found.findings[0], "units") == 6000
    assert "bulk" not in keys(found.assumptions)


def test_an_order_of_two_skus_is_one_order_read(tmp_path: Path) -> None:
    def together(tables: dict[str, Rows]) -> None:
        tables["order_lines"] += [{**line(f"U{n}", "BOT-500", 1, "20.00"), "line": 2} for n in range(10)]

    found = ask(changed(tmp_path, together))
    assert (found.data_used.tables["orders"], found.data_used.tables["order_lines"]) == (140, 150)


def test_charts_and_tables_are_plain_json(tiny: Shop) -> None:
    for horizon in (30, 90):
        found = ask(tiny, skus=["BOT-750"], horizon_days=horizon)
        text = json.dumps([chart.figure for chart in found.charts] + [table.rows for table in found.tables])
        assert "bdata" not in text
        figure = found.charts[0].figure
        assert [len(trace["x"]) == len(trace["y"]) > 0 for trace in figure["data"]] == [True] * 4
        low, high = figure["data"][2]["y"], figure["data"][1]["y"]
        ahead = figure["data"][3]["y"]
        assert all(a <= b <= c for a, b, c in zip(low, ahead, high, strict=True))


def test_every_finding_renders(tiny: Shop) -> None:
    found = ask(tiny)
    for one in [*found.findings, *found.assumptions, *found.warnings]:
        assert render(one, "en")
        assert render(one, "zh")


def test_a_new_version_of_the_books_is_forecast_anew(tmp_path: Path) -> None:
    first = build(tmp_path)
    assert value(ask(first, skus=["BOT-750"]).findings[0], "units") == 60

    from shop.warehouse import writing

    with writing(tmp_path, "more orders") as connection:
        insert(connection, "order_lines", [{**line(f"U{n}", "BOT-750", 2, "30.00"), "line": 2} for n in range(70)])
    assert value(ask(first.newest(), skus=["BOT-750"]).findings[0], "units") == 120
    assert value(ask(first, skus=["BOT-750"]).findings[0], "units") == 60


def test_the_request_is_not_changed_by_the_answer_and_answers_repeat(tiny: Shop) -> None:
    assert ask(tiny, skus=["BOT-500", "BOT-750"]).tables == ask(tiny, skus=["BOT-750", "BOT-500"]).tables
    assert FORECAST_DEMAND.effect == "read"


def test_many_skus_get_a_total_and_the_best_sellers(tmp_path: Path) -> None:
    def many(tables: dict[str, Rows]) -> None:
        for n in range(80):
            tables["orders"].append(order(f"M{n}", AS_OF - timedelta(days=n % 40), "US", "shopify", "USD"))
            tables["order_lines"].append(line(f"M{n}", f"SKU-{n:03d}", 1 + n % 5, "5.00"))

    found = ask(changed(tmp_path, many), horizon_days=14)
    assert len(found.tables[0].rows) == 21
    said = next(one for one in found.assumptions if one.key == "forecast_demand.top_only")
    assert (value(said, "count"), value(said, "all")) == (20, 82)
    assert found.tables[0].rows[0][5] > 14 * 3
    assert len(found.findings) <= 14


def test_stock_in_a_warehouse_that_serves_another_country_does_not_hide_a_stock_out(tmp_path: Path) -> None:
    def other_warehouse(tables: dict[str, Rows]) -> None:
        tables["orders"] = [row for row in tables["orders"] if row["country"] != "US" or row["ordered_at"].day % 2]
        kept = {row["order_id"] for row in tables["orders"]}
        tables["order_lines"] = [row for row in tables["order_lines"] if row["order_id"] in kept]
        for row in tables["inventory"]:
            if row["sku"] == "BOT-750":
                row["on_hand"] = 5 if row["day"].day % 2 else 0
        tables["inventory"] += [
            {"day": row["day"], "sku": "BOT-750", "warehouse": "EU-RTM", "on_hand": 500}
            for row in tables["inventory"]
            if row["sku"] == "BOT-750"
        ]

    found = ask(changed(tmp_path, other_warehouse), skus=["BOT-750"], countries=["US"])
    assert value(found.findings[0], "units") == pytest.approx(60, abs=4)


def test_the_band_of_a_week_is_narrower_than_seven_bands_of_a_day(tiny: Shop) -> None:
    from tools.forecasting.demand import forecast
    from tools.forecasting.series import Scope

    found = forecast(tiny, Scope(("BOT-750",)), 28)
    assert found is not None
    low, high = found.total.band(found.total.path[:7], np.ones(7))
    week_low, week_high = found.total.band(np.array([found.total.path[:7].sum()]), np.array([7.0]))
    assert float((high - low).sum()) > float(week_high[0] - week_low[0])


@pytest.fixture(scope="module")
def northlane(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    from shop.demo import build as build_demo

    folder = tmp_path_factory.mktemp("northlane")
    build_demo(folder)
    return Shop.open(folder)


@pytest.mark.slow
def test_the_demo_shop_is_forecast_near_its_truth(northlane: Shop) -> None:
    """The next 30 days against the rates the demo is simulated from, Black Friday and bulk orders included."""
    from shop.demo.truth import load

    days = load(northlane.folder).demand.assign(day=lambda rows: rows["day"].astype(str))
    last = (northlane.as_of + timedelta(days=30)).isoformat()
    days = days[(days["day"] > northlane.as_of.isoformat()) & (days["day"].str.slice(0, 10) <= last)]
    truth = days.groupby("sku")["mean"].sum().to_dict()
    rows = ask(northlane).tables[0].rows
    said = {row[0]: row for row in rows}
    everything = sum(truth.values())
    assert said["ALL"][5] == pytest.approx(everything, rel=0.1)
    missed = sum(abs(said[sku][5] - mean) for sku, mean in truth.items())
    month = sum(abs(said[sku][8] - mean) for sku, mean in truth.items())
    assert missed < 0.2 * everything
    assert missed < 0.6 * month
    assert np.mean([said[sku][6] <= mean <= said[sku][7] for sku, mean in truth.items()]) >= 0.75


@pytest.mark.slow
def test_nothing_of_the_demo_forecast_comes_from_its_truth(northlane: Shop) -> None:
    import shutil

    before = ask(northlane, horizon_days=21).tables
    bare = northlane.folder.parent / "bare"
    shutil.copytree(northlane.folder, bare, ignore=shutil.ignore_patterns("truth"))
    assert ask(Shop.open(bare), horizon_days=21).tables == before
