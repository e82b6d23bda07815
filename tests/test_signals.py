"""Signals: what moved beyond noise, what led orders, when the level leans on them, and which SKU a term means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from shop.warehouse import ProductName
from tests.tiny_shop import build
from tools.forecasting import signals
from tools.forecasting.leaning import MOST, fading, leaning
from tools.forecasting.series import Scope
from tools.forecasting.signals import DAYS, Cells, Counts, _lead, _p, leads, moves
from tools.forecasting.terms import sku_of_terms

PRODUCTS = (
    ProductName("BOT-750", "Insulated Steel Bottle 750 ml", ("保温瓶 750", "big bottle", "水筒750ml", "steel bottle")),
    ProductName("BOT-500", "Insulated Steel Bottle 500 ml", ("小保温瓶", "small bottle", "steel bottle")),
    ProductName("TOW-ICE", "Cooling Towel", ("冷感タオル", "serviette rafraîchissante", "Kühlhandtuch", "towel")),
)


@pytest.mark.parametrize(
    ("term", "sku"),
    [
        ("Cooling towels", "TOW-ICE"),
        ("best cooling towel for gym", "TOW-ICE"),
        ("serviette rafraichissante", "TOW-ICE"),
        ("kühlhandtuch sport", "TOW-ICE"),
        ("水筒 750ml", "BOT-750"),
        ("冷感タオル スポーツ", "TOW-ICE"),
        ("insulated steel bottle 500ml", "BOT-500"),
        ("botle big", "BOT-750"),  # a slip of the pen
        ("steel bottle", None),  # two products by that name
        ("paper towel", None),  # one short word of a name is not the product
        ("massage gun", None),
        ("", None),
    ],
)
def test_a_term_means_the_product_it_names(term: str, sku: str | None) -> None:
    assert sku_of_terms(PRODUCTS, [term]).get(term) == sku


@given(st.integers(0, 400), st.floats(0.5, 300), st.floats(0.03, 0.6))
def test_the_chance_is_that_of_a_negative_binomial(recent: int, expected: float, spread: float) -> None:
    size = 1 / spread**2
    chance = size / (size + expected)
    both = min(nbinom.cdf(recent, size, chance), nbinom.sf(recent - 1, size, chance))
    assert _p(recent, expected, spread) == pytest.approx(min(2 * both, 1.0), rel=1e-6, abs=1e-12)


def noise(seed: int, cells: int, mean: float) -> Cells:
    rng = np.random.default_rng(seed)
    return {(f"S{n}", "US"): rng.poisson(mean, DAYS).astype(np.float64) for n in range(cells)}


def held(monkeypatch: pytest.MonkeyPatch, by_source: dict[str, Cells], orders: Cells) -> None:
    monkeypatch.setattr(signals, "counts_of", lambda shop, channels: Counts(by_source, orders, {}, {}))


def test_a_signal_that_doubles_is_found_and_noise_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = build(tmp_path)
    calm = noise(1, 40, 5.0)
    held(monkeypatch, {"searches": calm}, {})
    assert len(moves(shop, Scope())) <= 1
    loud = {cell: days.copy() for cell, days in calm.items()}
    loud["S7", "US"][-14:] += np.random.default_rng(2).poisson(5.0, 14)
    held(monkeypatch, {"searches": loud}, {})
    found = moves(shop, Scope())
    assert found[0].sku == "S7"
    assert found[0].share == pytest.approx(2.0, abs=0.5)
    assert moves(shop, Scope(("S3",))) == []


def test_a_rise_that_comes_every_year_is_no_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    yearly = noise(3, 10, 8.0)
    for days in yearly.values():
        days[-14:] *= 2
        days[-364 - 14 : -364] *= 2
    held(monkeypatch, {"sessions": yearly}, {})
    assert moves(build(tmp_path), Scope()) == []


def test_a_product_just_launched_has_no_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = noise(4, 1, 6.0)
    fresh["S0", "US"][:-80] = 0
    fresh["S0", "US"][-14:] *= 3
    held(monkeypatch, {"searches": fresh}, {})
    assert moves(build(tmp_path), Scope()) == []


def drifting(seed: int, cells: int) -> dict[tuple[str, str], np.ndarray]:
    """Levels that wander by week, each product on its own."""
    rng = np.random.default_rng(seed)
    walks = np.repeat(rng.normal(0, 0.35, (cells, DAYS // 7 + 10)), 7, axis=1)
    return {(f"S{n}", "US"): 10 * np.exp(walks[n]) for n in range(cells)}


@pytest.mark.parametrize(("days", "ahead"), [(6, True), (0, False)])
def test_a_source_that_runs_ahead_of_orders_is_known_by_its_days(days: int, ahead: bool) -> None:
    rng = np.random.default_rng(5)
    levels = drifting(6, 12)
    signal = {cell: rng.poisson(8 * level[days : days + DAYS]).astype(np.float64) for cell, level in levels.items()}
    orders = {cell: rng.poisson(level[:DAYS]).astype(np.float64) for cell, level in levels.items()}
    found = _lead("searches", signal, orders)
    assert found is not None
    assert found.ahead is ahead
    assert abs(found.days - days) <= 1


def test_a_source_that_has_nothing_to_do_with_orders_does_not_lead() -> None:
    found = _lead("searches", noise(7, 12, 30.0), noise(8, 12, 9.0))
    assert found is not None
    assert not found.ahead


def test_the_level_leans_on_a_signal_that_helps_and_within_bounds() -> None:
    rng = np.random.default_rng(9)
    cells = [(f"S{n}", "US") for n in range(12)]
    walks = np.cumsum(rng.normal(0, 0.06, (12, DAYS)), axis=1)
    walks[0, -14:] += 1.0
    levels = 2 * np.exp(walks - walks.mean(axis=1, keepdims=True))
    visits = {cell: rng.poisson(30 * levels[n]).astype(np.float64) for n, cell in enumerate(cells)}
    orders = {cell: rng.poisson(levels[n]).astype(np.float64) for n, cell in enumerate(cells)}
    found = leaning({"sessions": visits, "inquiries": noise(10, 12, 20.0)}, orders)
    assert found is not None
    assert found.source == "sessions"
    assert found.gain > 0.03
    assert found.shifts["S0", "US"] == pytest.approx(MOST)
    assert all(abs(shift) <= MOST + 1e-12 for shift in found.shifts.values())


def test_the_level_does_not_lean_on_noise() -> None:
    assert leaning({"sessions": noise(11, 12, 30.0)}, noise(12, 12, 3.0)) is None
    assert leaning({}, noise(12, 12, 3.0)) is None


def test_the_lean_fades_out() -> None:
    factors = fading(1.1, 60)
    assert factors[:14] == pytest.approx(np.full(14, 1.1))
    assert factors[-1] == 1.0
    assert np.all(np.diff(factors) <= 1e-12)


def test_a_shop_without_signals_has_none(tmp_path: Path) -> None:
    shop = build(tmp_path)
    assert moves(shop, Scope()) == []
    assert leads(shop) == {}
