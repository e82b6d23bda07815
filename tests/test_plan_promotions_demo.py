"""plan_promotions on the demo shop, against what is planted there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.promotions import POLICIES, WINDOWS, measure
from shop.demo import truth
from shop.warehouse import Shop
from tools.promotions.segments import NAMES, segments
from tools.registry import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(demo_folder: Path) -> Shop:
    return Shop.open(demo_folder)


def lines(shop: Shop, **said: Any) -> list[dict[str, Any]]:
    """The lines of every drafted campaign."""
    return [one for draft in run(shop, "plan_promotions", said).proposals for one in draft.payload["lines"]]


def test_planted_surplus_is_what_gets_cleared(shop: Shop) -> None:
    cleared = {(one["sku"], one["country"]) for one in lines(shop, goal="clear_stock", end="2026-12-25")}
    assert {("ROLL-45", "DE"), ("GEL-24", "US")} <= cleared


def test_a_shelf_that_runs_dry_before_black_friday_is_left_alone(shop: Shop) -> None:
    planned = {(one["sku"], one["country"]) for one in lines(shop, start="2026-11-27", end="2026-11-30")}
    assert not {("BOT-750", "US"), ("VEST-HI", "DE"), ("VEST-HI", "GB"), ("VEST-HI", "FR")} & planned


def test_nothing_deeper_than_allowed(shop: Shop) -> None:
    found = lines(shop, end="2026-12-25", max_discount_pct=10)
    assert found
    assert all(float(one["discount_pct"]) <= 10 for one in found)


def test_kinds_of_customers_agree_with_the_truth(shop: Shop, demo_folder: Path) -> None:
    real = truth.load(demo_folder).segments.set_index("customer_id")["segment"]
    found = segments(shop)
    kinds = real.reindex(found.customers).to_numpy()
    for at, name in enumerate(NAMES):
        inside, outside = found.chance[kinds == name, at].mean(), found.chance[kinds != name, at].mean()
        assert inside > 1.1 * outside, f"{name}: {inside:.2f} of its own, {outside:.2f} of the others"
    assert np.allclose(found.chance.sum(axis=1), 1)


def test_planned_promotions_beat_the_usual_ones_on_the_truth(demo_folder: Path) -> None:
    found = measure(demo_folder)
    total = {name: sum(found[window, name] for window in WINDOWS) for name in POLICIES}
    assert total["plan_promotions"] > max(total["none"], total["20% on everything"], total["same as last time"])
    assert total["best in hindsight"] >= total["plan_promotions"]
