"""Law 2 for what_if: every number it says about the demo shop is proven, in both languages, on every lever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shop.warehouse import Shop
from tests.proving import assert_proven
from tools.registry import run

pytestmark = pytest.mark.slow

ASKED: list[list[dict[str, Any]]] = [
    [{"lever": "demand", "value": -15}, {"lever": "freight", "value": "+30%"}],
    [{"lever": "price", "target": "CAP-UV, US", "value": 5}, {"lever": "fx", "target": "USD", "value": -4}],
    [{"lever": "price", "target": "MAT-TPE, FR", "value": "keep 30%"}],
    [{"lever": "lead_time", "value": "14 days"}, {"lever": "demand", "value": "x1.5", "target": "amazon"}],
    [{"lever": "supplier_out", "target": "SUP-03"}],
    [{"lever": "purchase", "target": "SOCK-3P", "value": 1000}, {"lever": "duty", "target": "US", "value": 10}],
    [{"lever": "promotion", "target": "BOX-GIFT", "value": 20, "start": "2026-11-27", "end": "2026-11-30"}],
    [
        {"lever": "return_rate", "value": "5 points"},
        {"lever": "ad_budget", "value": -50},
        {"lever": "unit_cost", "value": 7},
    ],
    [{"lever": "fx", "target": "CNY", "value": 5}],
]


@pytest.fixture(scope="module")
def shop(demo_folder: Path) -> Shop:
    return Shop.open(demo_folder)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("changes", ASKED)
def test_every_number_is_proven(shop: Shop, changes: list[dict[str, Any]], language: str) -> None:
    result = run(shop, "what_if", {"changes": changes})
    assert_proven(result, shop, language)
