"""Several questions in one message: each answered by a tool of its own, what no tool answers said beside."""

from __future__ import annotations

from datetime import date

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from agent.planner.model import PlanningModel
from agent.planner.parts import parts_of
from agent.tooling import langchain_tools
from shop.demo.names import NAMES
from shop.warehouse import ProductName, Vocabulary

NORTHLANE = Vocabulary(
    tuple(ProductName(sku, name, aliases) for sku, (name, aliases) in NAMES.items()),
    ("US", "DE", "FR", "GB", "JP"), ("shopify", "amazon", "alibaba"), ("CN-NGB", "US-LAX", "EU-RTM"), "USD",
    date(2026, 11, 15),
)  # fmt: skip


def planned(asked: str) -> AIMessage:
    planner = PlanningModel(source=None, vocabulary=lambda: NORTHLANE).bind_tools(langchain_tools())
    answer = planner.invoke([HumanMessage(asked)])
    assert isinstance(answer, AIMessage)
    return answer


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("How was last week, and what should I reorder?", ["How was last week", "what should I reorder?"]),
        ("上周怎么样？顺便看看现金", ["上周怎么样", "看看现金"]),
        ("Write a listing for the cap in English and German", ["Write a listing for the cap in English and German"]),
        ("跳绳在英国怎么定价？毛利要40个点", ["跳绳在英国怎么定价？毛利要40个点"]),
        ("Forecast socks in the US and in Japan", ["Forecast socks in the US and in Japan"]),
    ],
)
def test_a_message_is_cut_only_where_both_sides_ask(message: str, parts: list[str]) -> None:
    assert [part.rstrip("?") for part in parts_of(message)] == [part.rstrip("?") for part in parts]


@pytest.mark.parametrize(
    ("asked", "calls"),
    [
        (
            "how was wk before last & what do i need to reorder",
            [("weekly_review", {"weeks_ago": 2}), ("plan_replenishment", {})],
        ),
        (
            "跳绳在英国改到16.9，另外再订300条",
            [
                ("propose_change", {"kind": "price", "payload": {"sku": "ROPE-SPD", "country": "GB", "price": 16.9}}),
                ("propose_change", {"kind": "purchase_order", "payload": {"sku": "ROPE-SPD", "quantity": 300}}),
            ],
        ),
    ],
)
def test_each_part_has_its_tool(asked: str, calls: list[tuple[str, dict[str, object]]]) -> None:
    made = [(call["name"], call["args"]) for call in planned(asked).tool_calls]
    assert [name for name, _ in made] == [name for name, _ in calls]
    for (_, args), (_, wanted) in zip(made, calls, strict=True):
        payload = args.get("payload", {})
        assert wanted.get("payload", {}).items() <= payload.items()  # type: ignore[attr-defined]
        assert {n: v for n, v in wanted.items() if n != "payload"}.items() <= args.items()


def test_changes_supposed_together_stay_together() -> None:
    (call,) = planned("What if freight rises 20% and demand falls 10%?").tool_calls
    assert [one["lever"] for one in call["args"]["changes"]] == ["freight", "demand"]


def test_a_part_that_no_tool_answers_is_said_beside_the_others() -> None:
    answer = planned("sum up last week and list suspicious orders")
    assert [call["name"] for call in answer.tool_calls] == ["weekly_review"]
    assert "fraud screening" in str(answer.text)
    assert "not have yet" in str(answer.text)
