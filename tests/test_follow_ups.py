"""Questions that lean on the turn before, planned without a model on the demo shop's words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from agent.planner.model import PlanningModel
from agent.tooling import langchain_tools
from shop.demo.names import NAMES
from shop.warehouse import ProductName, Vocabulary

NORTHLANE = Vocabulary(
    tuple(ProductName(sku, name, aliases) for sku, (name, aliases) in NAMES.items()),
    ("US", "DE", "FR", "GB", "JP"), ("shopify", "amazon", "alibaba"), ("CN-NGB", "US-LAX", "EU-RTM"), "USD",
    date(2026, 11, 15),
)  # fmt: skip


def last_plan(*turns: str) -> tuple[str, dict[str, Any]] | str:
    """The plan of the last turn, or what was said instead."""
    planner = PlanningModel(source=None, vocabulary=lambda: NORTHLANE).bind_tools(langchain_tools())
    messages: list[BaseMessage] = []
    answer = AIMessage("")
    for turn in turns:
        messages.append(HumanMessage(turn))
        answer = planner.invoke(messages)
        messages.append(answer)
    return (answer.tool_calls[0]["name"], answer.tool_calls[0]["args"]) if answer.tool_calls else str(answer.text)


@pytest.mark.parametrize(
    ("turns", "tool", "args"),
    [
        (
            ("How much will MAT-TPE sell in Japan in 30 days?", "and in the US?"),
            "forecast_demand",
            {"skus": ["MAT-TPE"], "countries": ["US"], "horizon_days": 30},
        ),
        (("How did last week go?", "And the week before?"), "weekly_review", {"weeks_ago": 2}),
        (("上周经营怎么样？", "再前一周呢？"), "weekly_review", {"weeks_ago": 2}),
        (
            ("瑜伽垫在美国亚马逊定价多少合适？", "那日本呢？"),
            "optimize_prices",
            {"skus": ["MAT-TPE"], "countries": ["JP"], "channels": ["amazon"]},
        ),
        (
            ("Write a Shopify listing for the cooling towel", "and in German?"),
            "write_listing",
            {"sku": "TOW-ICE", "languages": ["de"], "channel": "shopify"},
        ),
        (("How did last week go?", "what about our cash?"), "project_cash", {}),
        (
            ("How many vests will sell in Germany next month?", "is there enough stock for that?"),
            "check_fulfillment",
            {"skus": ["VEST-HI"], "countries": ["DE"]},
        ),
        (
            ("背心在法国定什么价？", "那就改成26.9"),
            "propose_change",
            {"kind": "price", "payload": {"sku": "VEST-HI", "country": "FR", "price": 26.9}},
        ),
        (
            ("Will mats run out in Japan?", "ok order 600"),
            "propose_change",
            {"kind": "purchase_order", "payload": {"sku": "MAT-TPE", "quantity": 600}},
        ),
        (
            ("Will the caps run out in the UK within 30 days?", "and if sales triple?"),
            "check_fulfillment",
            {"skus": ["CAP-UV"], "countries": ["GB"], "horizon_days": 30, "demand_multiplier": 3},
        ),
    ],
)
def test_what_is_new_takes_the_place_of_what_was_said(turns: tuple[str, str], tool: str, args: dict[str, Any]) -> None:
    assert last_plan(*turns) == (tool, args)


def test_thanks_after_an_answer_asks_for_nothing() -> None:
    assert isinstance(last_plan("How much will MAT-TPE sell in Japan in 30 days?", "thanks!"), str)


@pytest.mark.parametrize("asked", ["Is any of my suppliers a scam?", "我的供应商里有没有骗子？", "供应商里哪家不靠谱"])
def test_whom_to_trust_needs_no_product(asked: str) -> None:
    assert last_plan(asked) == ("match_suppliers", {})
