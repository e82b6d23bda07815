"""Law 2 end to end: whatever a tool answers about the demo shop, in both languages, proof bears out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shop.warehouse import Shop
from tests.proving import assert_proven
from tools.registry import run

pytestmark = pytest.mark.slow

PRICE_DOWN = {"sku": "BOT-750", "country": "US", "channel": "amazon", "price": 29.9}
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("shop_status", {}),
    ("weekly_review", {}),
    ("weekly_review", {"weeks_ago": 0}),
    ("weekly_review", {"weeks_ago": 3}),
    ("weekly_review", {"weeks_ago": 52}),
    ("forecast_demand", {}),
    ("forecast_demand", {"skus": ["BOT-750"]}),
    ("forecast_demand", {"skus": ["TOW-ICE"], "horizon_days": 90}),
    ("forecast_demand", {"skus": ["BOT-750", "BOT-500"], "countries": ["US"]}),
    ("forecast_demand", {"skus": ["BOT-750", "SOCK-3P"], "countries": ["US", "DE"], "channels": ["amazon"]}),
    ("forecast_demand", {"countries": ["DE"], "horizon_days": 14}),
    ("forecast_demand", {"channels": ["amazon"], "horizon_days": 60}),
    ("check_fulfillment", {}),
    ("check_fulfillment", {"demand_multiplier": 1.4}),
    ("check_fulfillment", {"skus": ["BOT-750"]}),
    ("check_fulfillment", {"skus": ["CAP-UV"], "horizon_days": 7}),
    ("check_fulfillment", {"skus": ["BOT-750", "BOT-500", "SOCK-3P"], "horizon_days": 120}),
    ("check_fulfillment", {"countries": ["DE"], "horizon_days": 90}),
    ("check_fulfillment", {"countries": ["US", "GB"], "demand_multiplier": 2}),
    ("propose_change", {"kind": "price", "payload": PRICE_DOWN}),
    ("propose_change", {"kind": "price", "payload": {**PRICE_DOWN, "price": 41.5}}),
    ("propose_change", {"kind": "purchase_order", "payload": {"sku": "SOCK-3P", "quantity": 600}}),
    ("write_faq", {"sku": "BOT-750", "language": "en"}),
    ("write_faq", {"sku": "VEST-HI", "language": "zh", "persona": "athlete"}),
    ("search_knowledge", {"query": "return policy", "kinds": ["policy"]}),
    ("search_knowledge", {"query": "BPA free certificate"}),
    ("search_knowledge", {"query": "smell", "sku": "BOT-750", "kinds": ["review"]}),
    ("search_knowledge", {"query": "what do buyers complain about", "sku": "BOT-500"}),
    ("search_knowledge", {"query": "顾客最喜欢弹力带什么", "sku": "BAND-LOOP"}),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> Iterator[Shop]:
    from knowledge import close_stores

    folder = tmp_path_factory.mktemp("proven") / "shop"
    shutil.copytree(demo_folder, folder)
    yield Shop.open(folder)
    close_stores()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("tool", "arguments"), REQUESTS)
def test_every_claim_of_an_answer_is_proven(shop: Shop, tool: str, arguments: dict[str, Any], language: str) -> None:
    result = run(shop, tool, arguments)
    assert_proven(result, shop, language)
