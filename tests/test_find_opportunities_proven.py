"""Law 2 for find_opportunities: every number it says about the demo shop is proven, in both languages, on every path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.compose import compose
from shop.warehouse import Shop
from tests.proving import assert_proven
from tools.registry import run

pytestmark = pytest.mark.slow

ASKED: list[dict[str, Any]] = [
    {}, {"countries": ["DE"]}, {"countries": ["JP"], "category": "apparel"}, {"category": "bottles"}, {"horizon_days": 300},
    {"countries": ["FR", "GB"], "category": "recovery", "horizon_days": 30},
]  # fmt: skip


@pytest.fixture(scope="module")
def shop(demo_folder: Path) -> Shop:
    return Shop.open(demo_folder)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("arguments", ASKED)
def test_every_number_is_proven(shop: Shop, arguments: dict[str, Any], language: str) -> None:
    result = run(shop, "find_opportunities", arguments)
    assert_proven(result, shop, language)


def test_the_best_of_each_kind_is_in_the_short_answer(shop: Shop) -> None:
    result = run(shop, "find_opportunities", {"countries": ["DE"]})
    names = {product.sku: product.name for product in shop.vocabulary.products}
    short = compose([result], [], "en", names)
    assert "A price gap for “mats” in Germany" in short
    assert "stirnlampe laufen" in short
    assert "Order by" in short
