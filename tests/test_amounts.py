"""Amounts that were said find the one place a tool has for them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_follow_ups import last_plan


@pytest.mark.parametrize(
    ("asked", "tool", "args"),
    [
        ("what should i buy more of w/ 12k", "plan_replenishment", {"budget": 12000}),
        ("手里就3万刀，补哪些", "plan_replenishment", {"budget": 30000}),
        ("if i put 8k into stock in week 2, will i go broke", "project_cash",
         {"purchase_amount": 8000, "purchase_week": 2}),
        ("下下周要付1.5万货款，钱够吗", "project_cash", {"purchase_amount": 15000, "purchase_week": 2}),
        ("找人做2千个礼盒，一个月内要，落地价别超15刀", "match_suppliers",
         {"sku": "BOX-GIFT", "quantity": 2000, "max_lead_time_days": 30, "max_landed_cost": 15}),
        ("网红爆单5倍，帽子够发吗", "check_fulfillment", {"skus": ["CAP-UV"], "demand_multiplier": 5}),
        ("caps down 30% in the UK, is there enough stock?", "check_fulfillment",
         {"skus": ["CAP-UV"], "countries": ["GB"], "demand_multiplier": 0.7}),
        ("跳绳在英国怎么定价，毛利要40个点", "optimize_prices",
         {"skus": ["ROPE-SPD"], "countries": ["GB"], "min_margin_pct": 40}),
    ],
)  # fmt: skip
def test_an_amount_goes_where_it_belongs(asked: str, tool: str, args: dict[str, Any]) -> None:
    plan = last_plan(asked)
    assert plan[0] == tool
    assert isinstance(plan[1], dict)
    assert {name: plan[1].get(name) for name in args} == args


@pytest.mark.parametrize(
    ("asked", "payload"),
    [
        ("毛巾在Shopify上降价6%", {"sku": "TOW-ICE", "channel": "shopify", "change_pct": -6}),
        ("Put the price of the socks up by 5%", {"sku": "SOCK-3P", "change_pct": 5}),
        ("Set BOT-500 to 24.90 euros in France",
         {"sku": "BOT-500", "country": "FR", "price": 24.9, "currency": "EUR"}),
        ("Order 850 foam rollers from SUP-04 into EU-RTM",
         {"sku": "ROLL-45", "quantity": 850, "supplier_id": "SUP-04", "warehouse": "EU-RTM"}),
        ("弹力圈下单1千5", {"sku": "BAND-LOOP", "quantity": 1500}),
    ],
)  # fmt: skip
def test_a_proposal_holds_what_was_said(asked: str, payload: dict[str, Any]) -> None:
    plan = last_plan(asked)
    assert plan[0] == "propose_change"
    assert plan[1]["payload"] == payload  # type: ignore[index]


def test_no_amount_is_made_of_an_article() -> None:
    assert "How many units" in last_plan("buy more stock of the mat, you know the one, place the order")


def test_what_has_nothing_to_do_with_the_shop_runs_no_tool() -> None:
    assert isinstance(last_plan("Can you recommend a good restaurant in Paris?"), str)
