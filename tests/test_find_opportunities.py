"""The demo shop's planted opportunities are found and nothing else is; what is missing is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shop.demo import truth
from shop.warehouse import Shop
from tests.tiny_shop import build, tiny_tables
from tools.contract import Result, ToolError
from tools.messages import render
from tools.registry import run


@pytest.fixture(scope="module")
def demo(demo_folder: Path) -> Shop:
    return Shop.open(demo_folder)


@pytest.fixture(scope="module")
def found(demo: Shop) -> Result:
    return run(demo, "find_opportunities", {})


def ranking(found: Result) -> list[dict[str, Any]]:
    table = found.tables[0]
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


def keys(found: Result) -> list[str]:
    return [one.key.removeprefix("find_opportunities.") for one in found.findings]


def test_planted_terms_are_found_and_no_other(found: Result, demo_folder: Path) -> None:
    facts = truth.load(demo_folder).facts
    risen = {(place, term) for place, terms in facts["rising_terms"].items() for term in terms}
    missing = {(place, term) for place, terms in facts["unmet_terms"].items() for term in terms}
    rows = ranking(found)
    assert {(row["country"], row["subject"]) for row in rows if row["kind"] == "rising"} == risen
    assert {(row["country"], row["subject"]) for row in rows if row["kind"] == "unmet"} == missing


def test_planted_price_gaps_are_found_and_no_other(found: Result, demo_folder: Path) -> None:
    planted = {
        (place, f"{category}: {name}") for category, place, name, _ in truth.load(demo_folder).facts["price_gaps"]
    }
    assert {(row["country"], row["subject"]) for row in ranking(found) if row["kind"] == "price"} == planted


def test_ranked_by_profit_with_interval_and_evidence(found: Result) -> None:
    rows = ranking(found)
    profit = [float(row["gross profit a year"]) for row in rows]
    assert profit == sorted(profit, reverse=True)
    for row in rows:
        assert float(row["P10"]) <= float(row["gross profit a year"]) <= float(row["P90"])
        assert row["days of data"] > 0
        assert row["evidence"] > 0


def test_every_statement_reads_in_both_languages(found: Result) -> None:
    for told in [*found.findings, *found.warnings, *found.assumptions]:
        assert render(told, "en")
        assert render(told, "zh")


def test_an_unknown_category_names_the_known(demo: Shop) -> None:
    with pytest.raises(ToolError, match="There is no category umbrellas; the books have accessories, apparel"):
        run(demo, "find_opportunities", {"category": "umbrellas"})


def test_missing_data_is_said_with_the_way_to_get_it(tmp_path: Path) -> None:
    found = run(build(tmp_path), "find_opportunities", {})
    assert keys(found) == ["nothing"]
    told = [render(one, "en") for one in found.warnings]
    assert any("no competitor prices" in text and "pacer import" in text for text in told)
    assert any("no searches" in text for text in told)


def test_an_empty_shop_is_refused_in_one_sentence(tmp_path: Path) -> None:
    tables = {"products": tiny_tables()["products"]}
    with pytest.raises(ToolError, match="There are no orders, competitor prices or searches"):
        run(build(tmp_path, tables), "find_opportunities", {})
