"""Buyers' opinions on both demo brands: what was planted in their reviews is what comes out first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import close_stores, learn_demo
from shop.demo.second import build_second
from shop.warehouse import Shop
from tools.contract import Finding
from tools.registry import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def northlane(tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("buyers") / "northlane"
    shutil.copytree(demo_folder, folder)
    yield Shop.open(folder)
    close_stores()


@pytest.fixture(scope="module")
def tauernruh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("buyers") / "tauernruh"
    build_second(folder)
    learn_demo(folder, "tauernruh")
    yield Shop.open(folder)
    close_stores()


def told(shop: Shop, query: str, sku: str, key: str) -> list[Finding]:
    result = run(shop, "search_knowledge", {"query": query, "sku": sku})
    return [f for f in result.findings if f.key.startswith(f"search_knowledge.{key}")]


@pytest.mark.parametrize(
    ("sku", "aspects"),
    [
        ("VEST-HI", {"size"}), ("BOT-500", {"leak"}), ("MAT-TPE", {"smell"}), ("BELT-RUN", {"durability"}),
        ("GEL-24", {"taste", "freshness"}), ("CAP-UV", {"colour"}),
    ],
)  # fmt: skip
def test_what_was_planted_is_complained_about_most(northlane: Shop, sku: str, aspects: set[str]) -> None:
    first = told(northlane, "what do buyers complain about", sku, "complaint_beside")[0]
    assert str(first.values["aspect"].value).removeprefix("aspect.") in aspects


@pytest.mark.parametrize(("sku", "aspect"), [("SOCK-3P", "comfort"), ("TOW-ICE", "temperature")])
def test_what_was_planted_is_praised_most(northlane: Shop, sku: str, aspect: str) -> None:
    first = told(northlane, "买家最喜欢什么", sku, "praise_beside")[0]
    assert first.values["aspect"].value == f"aspect.{aspect}"


def test_a_bad_batch_shows_as_a_trend(northlane: Shop, tauernruh: Shop) -> None:
    for shop, sku, aspect in ((northlane, "BOT-500", "leak"), (tauernruh, "HUT-450", "durability")):
        rising = told(shop, "what do buyers complain about", sku, "complaints_rising")
        assert f"aspect.{aspect}" in [f.values["aspect"].value for f in rising]
        assert not told(shop, "what do buyers complain about", sku, "complaints_falling")
