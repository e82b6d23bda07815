"""The plan language: what is written can be read, and the grammar lets nothing through that was not said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.planner.calls import UnreadablePlan, format_calls, parse_calls
from agent.planner.form import PlanForm, ToolForm, plan_form
from agent.planner.grammar import grammar
from agent.planner.said import Said
from agent.planner.schema import json_schema
from agent.reading import read
from agent.tooling import langchain_tools
from shop.warehouse import ProductName, Vocabulary
from tests.tiny_shop import AS_OF

VOCABULARY = Vocabulary(
    (
        ProductName("MAT-TPE", "Yoga Mat TPE", ("yoga mat", "瑜伽垫")),
        ProductName("BOT-750", "Insulated Steel Bottle 750 ml", ("big bottle", "大水壶")),
        ProductName("BOT-500", "Insulated Steel Bottle 500 ml", ("small bottle", "小水壶")),
    ),
    ("US", "DE", "JP"),
    ("shopify", "amazon"),
    ("EU-RTM", "US-LAX"),
    "USD",
    AS_OF,
)

NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
VALUES = st.recursive(
    st.text(max_size=20) | st.integers(-(10**6), 10**6) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def said(question: str, earlier: tuple[tuple[str, dict[str, Any]], ...] = ()) -> Said:
    return Said(read(question, VOCABULARY), VOCABULARY, earlier)


def form(question: str) -> PlanForm:
    return plan_form([convert_to_openai_tool(tool) for tool in langchain_tools()], said(question))


def arguments(question: str, tool: str) -> dict[str, Any]:
    found = next(one for one in form(question).tools if one.name == tool)
    return {a.name: (a.item.choices if a.item else a.choices) for a in found.arguments}


@given(st.lists(st.tuples(NAMES, st.dictionaries(NAMES, VALUES, max_size=4)), min_size=1, max_size=3))
def test_what_is_written_is_read_back(calls: list[tuple[str, dict[str, Any]]]) -> None:
    assert parse_calls(format_calls(calls)) == calls


@given(st.text(max_size=60))
def test_any_other_text_is_a_plan_or_refused(text: str) -> None:
    refused = False
    try:
        calls = parse_calls(text)
    except UnreadablePlan:
        refused = True
    assert refused or calls


@pytest.mark.parametrize("broken", ["", "forecast(", 'f(a="x', "f(a=)", "f() g()", "f(a=maybe)", "f(a=[1)"])
def test_half_written_plans_are_refused(broken: str) -> None:
    with pytest.raises(UnreadablePlan):
        parse_calls(broken)


def test_only_said_values_are_open() -> None:
    open_values = arguments("How many yoga mats will we sell in Germany over the next 4 weeks?", "forecast_demand")
    assert open_values["skus"] == ("MAT-TPE",)
    assert open_values["countries"] == ("DE",)
    assert 28 in open_values["horizon_days"]
    assert "channels" not in open_values


def test_a_country_never_sold_to_reaches_the_tool() -> None:
    assert arguments("Will the yoga mat run out in Brazil?", "check_fulfillment")["countries"] == ("BR",)


def test_follow_ups_may_use_what_was_said_before() -> None:
    earlier = (("forecast_demand", {"skus": ["MAT-TPE"], "countries": ["JP"], "horizon_days": 30}),)
    leaning = said("and in the US?", earlier)
    assert leaning.skus == ("MAT-TPE",)
    assert leaning.countries == ("US", "JP")
    assert leaning.numbers_for("horizon_days", whole=True) == (30,)


@pytest.mark.parametrize(
    ("question", "argument", "value"),
    [
        ("if demand doubles, do we run out?", "demand_multiplier", 2),
        ("what if 30% more people buy", "demand_multiplier", 1.3),
        ("未来两周", "horizon_days", 14),
        ("in den nächsten 30 Tagen", "horizon_days", 30),
        ("how did last week go", "weeks_ago", 1),
        ("上上周怎么样", "weeks_ago", 2),
    ],
)
def test_numbers_are_read_for_the_argument_they_are_for(question: str, argument: str, value: float) -> None:
    assert value in [float(n) for n in said(question).own_numbers_for(argument)]


def test_grammar_and_schema_hold_the_same_tools() -> None:
    shown = form("How many yoga mats in Germany?")
    text = grammar(shown)
    schema = json_schema(shown)
    named = {c["properties"]["tool"]["const"] for c in schema["properties"]["calls"]["items"]["anyOf"]}
    for tool in shown.tools:
        assert f'"{tool.name}("' in text
        assert tool.name in named
    assert '\\"MAT-TPE\\"' in text
    assert "BOT-750" not in text


def test_every_rule_a_grammar_uses_is_there() -> None:
    import re

    text = grammar(form("order 500 big bottles from SUP-04 and set the yoga mat to 29.90 in Germany on amazon"))
    rules = {line.split(" ::= ")[0] for line in text.splitlines()}
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\]', " ", " ".join(line.split(" ::= ")[1] for line in text.splitlines()))
    assert set(re.findall(r"[a-z][a-z0-9-]*", bare)) <= rules


def test_a_tool_without_arguments_is_called_with_none() -> None:
    assert 'shop-status ::= "shop_status(" "" ")"' in grammar(PlanForm((ToolForm("shop_status"),)))
