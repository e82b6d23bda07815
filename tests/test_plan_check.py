"""A plan held against the question: what is missing is put in its one place, what was not said goes."""

from __future__ import annotations

from typing import Any

import pytest

from agent.planner.check import differences, mended
from agent.planner.clarify import clarification
from agent.planner.leaning import leans
from tests.test_plan_language import said

SLOTS = {
    "forecast_demand": ("skus", "countries", "channels", "horizon_days"),
    "check_fulfillment": ("skus", "countries", "horizon_days", "demand_multiplier"),
    "weekly_review": ("weeks_ago",),
    "propose_change": ("kind", "payload"),
    "project_cash": ("weeks", "purchase_amount", "purchase_week"),
}
Call = tuple[str, dict[str, Any]]


@pytest.mark.parametrize(
    ("question", "planned", "expected"),
    [
        (
            "yoga mat sales in Germany on amazon, next 2 weeks",
            [("forecast_demand", {"skus": ["MAT-TPE"]})],
            [
                (
                    "forecast_demand",
                    {"skus": ["MAT-TPE"], "countries": ["DE"], "channels": ["amazon"], "horizon_days": 14},
                )
            ],
        ),
        (
            "do we run out of the yoga mat and the big bottle?",
            [("check_fulfillment", {"skus": ["MAT-TPE"]})],
            [("check_fulfillment", {"skus": ["MAT-TPE", "BOT-750"]})],
        ),
        (
            "compare the yoga mat in Japan and Germany",
            [
                ("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["JP"]}),
                ("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["DE"]}),
            ],
            [
                ("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["JP"]}),
                ("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["DE"]}),
            ],
        ),
        (
            "set the small bottle to 19.90 in Germany",
            [("propose_change", {"kind": "price", "payload": {"sku": "BOT-500", "price": 19.9}})],
            [("propose_change", {"kind": "price", "payload": {"sku": "BOT-500", "price": 19.9, "country": "DE"}})],
        ),
        ("how did last week go?", [("weekly_review", {})], [("weekly_review", {"weeks_ago": 1})]),
        ("same twice", [("weekly_review", {}), ("weekly_review", {})], [("weekly_review", {"weeks_ago": 1})]),
    ],
)
def test_what_was_said_finds_its_place(question: str, planned: list[Call], expected: list[Call]) -> None:
    assert mended(planned, SLOTS, said(question)) == expected


def test_values_of_an_earlier_turn_give_way_to_said_ones() -> None:
    earlier = (("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["JP"]}),)
    planned = [("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["JP"]})]
    assert mended(planned, SLOTS, said("and in the US?", earlier)) == [
        ("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["US"]})
    ]


def test_what_has_no_place_is_named() -> None:
    found = differences([("project_cash", {})], SLOTS, said("cash in Germany?"))
    assert found == ["country DE was said and is not in the plan"]


@pytest.mark.parametrize(
    ("question", "planned", "asks"),
    [
        ("forecast the steel bottle", [("forecast_demand", {"skus": ["BOT-750"]})], True),
        ("forecast both steel bottles", [("forecast_demand", {"skus": ["BOT-750", "BOT-500"]})], False),
        ("forecast the big bottle", [("forecast_demand", {"skus": ["BOT-750"]})], False),
        ("set the price to 20 in the US", [("propose_change", {"kind": "price", "payload": {"price": 20}})], True),
    ],
)
def test_an_unclear_product_is_asked_for(question: str, planned: list[Call], asks: bool) -> None:
    words = clarification(planned, said(question))
    assert (words is not None and words.asks_back) is asks
    if asks and words:
        assert "BOT-750" in words.text


@pytest.mark.parametrize(
    ("question", "payload", "asked"),
    [
        ("order more of the yoga mat, you know the one", {"kind": "purchase_order"}, "How many"),
        ("把瑜伽垫的价格改一下", {"kind": "price"}, "新价格"),
    ],
)
def test_a_figure_that_was_not_said_is_asked_for(question: str, payload: dict[str, Any], asked: str) -> None:
    planned = [("propose_change", {**payload, "payload": {"sku": "MAT-TPE"}})]
    words = clarification(planned, said(question))
    assert words is not None
    assert words.asks_back
    assert asked in words.text
    assert said(question).own_numbers_for("quantity") == []


def test_a_missing_tool_is_named_honestly() -> None:
    words = clarification([("unavailable", {"text": "optimize_prices"})], said("瑜伽垫定什么价？"))
    assert words is not None
    assert "定价优化" in words.text
    assert not words.asks_back


@pytest.mark.parametrize(
    ("question", "follows"),
    [
        ("and in the US?", True),
        ("日本呢", True),
        ("is there enough stock for that", True),
        ("same question for the running belt", True),
        ("and if sales triple?", True),
        ("只看Shopify", True),
        ("order 500 then", True),
        ("黑五之前哪些货会断？顺便看看上周经营情况", False),
        ("Which products will run out before Black Friday in the US?", False),
        ("How many yoga mats will we sell in Germany next month?", False),
    ],
)
def test_only_follow_ups_lean_on_earlier_turns(question: str, follows: bool) -> None:
    assert leans(said(question).reading) is follows
