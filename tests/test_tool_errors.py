"""A refusal says the same in both languages, and its English is the error's own sentence."""

from __future__ import annotations

import re
from typing import Any

import pytest

from shop.warehouse import Shop
from tests.tiny_shop import build
from tools.contract import ToolError
from tools.messages import refusal
from tools.registry import run


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return build(tmp_path_factory.mktemp("errors"))


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        ("guess", {}, ["guess", "shop_status"]),
        ("weekly_review", {"week": 1}, ["week", "weeks_ago"]),
        ("check_fulfillment", {"horizon_days": 366}, ["horizon_days", "365", "366"]),
        ("propose_change", {"kind": "price"}, ["payload"]),
        ("propose_change", {"kind": "rename", "payload": {}}, ["kind", "purchase_order", "rename"]),
        ("forecast_demand", {"skus": ["BOT-75"]}, ["BOT-75", "BOT-750"]),
        ("forecast_demand", {"skus": ["bottle"]}, ["bottle", "BOT-750", "BOT-500"]),
        ("forecast_demand", {"countries": ["JP"]}, ["JP", "US", "DE"]),
        ("forecast_demand", {"channels": ["tiktok"]}, ["tiktok", "amazon", "shopify"]),
        ("forecast_demand", {"horizon_days": 400}, ["horizon_days", "365", "400"]),
        ("forecast_demand", {"skus": ["BOT-750"], "countries": ["DE"]}, ["BOT-750", "DE", "US"]),
        ("forecast_demand", {"skus": ["CAP-UV"]}, ["CAP-UV", "shop_status"]),
        ("weekly_review", {"weeks_ago": 900}, ["2026-09-07", "weeks_ago", "10"]),
        ("check_fulfillment", {"skus": ["CAP-UV"]}, ["CAP-UV", "inventory"]),
        ("search_knowledge", {"query": " "}, ["query"]),
        ("search_knowledge", {"query": "lid"}, ["pacer learn PATH", "pacer demo"]),
        ("propose_change", {"kind": "price", "payload": {"sku": "BOT-750"}}, ["sku", "price", "change_pct"]),
        ("propose_change", {"kind": "price", "payload": {"sku": "BOT-750", "price": "much"}}, ["price", "29.90", "much"]),
        ("propose_change", {"kind": "price", "payload": {"sku": "CAP-UV", "price": 9}}, ["CAP-UV"]),
        ("propose_change", {"kind": "listing", "payload": {}}, ["sku"]),
        ("propose_change", {"kind": "ad_budget", "payload": {}}, ["ad_budget", "purchase_order"]),
        ("write_listing", {"sku": "CAP-UV", "channel": "shopify"}, ["CAP-UV", "pacer learn PATH"]),
        ("propose_change", {"kind": "purchase_order", "payload": {"sku": "BOT-750"}}, ["quantity", "supplier_id"]),
    ],
)  # fmt: skip
def test_a_refusal_names_the_same_things_in_chinese(
    shop: Shop, tool: str, arguments: dict[str, Any], named: list[str]
) -> None:
    with pytest.raises(ToolError) as raised:
        run(shop, tool, arguments)
    error = raised.value
    assert error.text("en") == str(error)
    assert error.text("de") == str(error)
    chinese = error.text("zh")
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert chinese.endswith("。")
    for name in named:
        assert name in str(error)
        assert name in chinese


def test_a_refusal_without_a_wording_stays_english() -> None:
    assert ToolError("No.").text("zh") == "No."


def test_what_was_said_brings_no_markup_or_links() -> None:
    error = refusal("errors.near_sku", said="<b>[x](https://evil.example/a)</b>", near="BOT-750")
    for language in ("en", "zh"):
        assert not re.search(r"[<\[\]]|https:", error.text(language))
