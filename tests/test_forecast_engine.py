"""Parts add up whatever is asked; known series have known answers; poor histories never break the engine."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, build, line, order, price, tiny_tables
from tools.forecasting.demand import Demand, Scope, forecast, forecast_series
from tools.forecasting.series import Series

Floats = NDArray[np.float64]
LAST = date(2026, 9, 1)
SKUS, COUNTRIES, CHANNELS = ("BOT-750", "BOT-500", "CAP-UV"), ("US", "DE", "FR"), ("shopify", "amazon")
DAYS = 160


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Three SKUs in three countries through two channels, each cell with its own level; one rarely sold."""
    rng = np.random.default_rng(5)
    tables = tiny_tables()
    tables["orders"], tables["order_lines"], tables["inventory"], tables["shipments"] = [], [], [], []
    tables["prices"] = [price("BOT-750", "US", "shopify", "30.00", "USD")]
    for n, (sku, country, channel) in enumerate(itertools.product(SKUS, COUNTRIES, CHANNELS)):
        level = 0.02 if (sku, country) == ("CAP-UV", "FR") else 0.3 + 0.4 * (n % 5)
        for back in range(DAYS):
            units = int(rng.poisson(level * (1.5 if back < 40 and country == "DE" else 1.0)))
            if units:
                name = f"{sku}-{country}-{channel}-{back}"
                tables["orders"].append(order(name, AS_OF - timedelta(days=back), country, channel, "USD"))
                tables["order_lines"].append(line(name, sku, units, "30.00"))
    return build(tmp_path_factory.mktemp("cells"), tables)


def told(shop: Shop, skus: tuple[str, ...], countries: tuple[str, ...], channels: tuple[str, ...], days: int) -> Demand:
    found = forecast(shop, Scope(skus, countries, channels), days)
    assert found is not None
    return found


some = st.lists(st.sampled_from(SKUS), min_size=1, max_size=3, unique=True).map(tuple)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(some, st.sets(st.sampled_from(COUNTRIES)), st.sets(st.sampled_from(CHANNELS)), st.sampled_from([14, 30]))
def test_every_scope_is_the_sum_of_its_cells(
    shop: Shop, skus: tuple[str, ...], countries: set[str], channels: set[str], days: int
) -> None:
    whole = told(shop, skus, tuple(sorted(countries)), tuple(sorted(channels)), days)
    cells = itertools.product(skus, sorted(countries) or COUNTRIES, sorted(channels) or CHANNELS)
    parts = [found for s, c, w in cells if (found := forecast(shop, Scope((s,), (c,), (w,)), days)) is not None]
    np.testing.assert_allclose(np.sum([one.total.path for one in parts], axis=0), whole.total.path, rtol=1e-9)
    assert sum(one.units for one in whole.by_sku.values()) == pytest.approx(whole.total.units)
    assert whole.total.low <= whole.total.units <= whole.total.high


def test_a_cell_keeps_its_own_level(shop: Shop) -> None:
    """DE sells half as much again in the last weeks; its share of the forecast follows, not that of the year."""
    all_days = {c: told(shop, ("BOT-750",), (c,), (), 28).total for c in COUNTRIES}
    recent = {c: float(one.series.ordered[-40:].sum()) for c, one in all_days.items()}
    share = all_days["DE"].units / sum(one.units for one in all_days.values())
    assert share == pytest.approx(recent["DE"] / sum(recent.values()), abs=0.08)


def test_the_order_of_questions_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    del tmp_path
    first = told(shop, ("BOT-500",), ("FR",), (), 21).total
    from tools.forecasting import coherence, demand

    demand._kept.clear()
    with coherence._keeping:
        coherence._kept.clear()
    told(shop, (), (), (), 21)
    again = told(shop, ("BOT-500",), ("FR",), (), 21).total
    np.testing.assert_allclose(first.path, again.path)
    assert (first.low, first.high) == pytest.approx((again.low, again.high))


def series(units: Floats, last: date = LAST) -> Series:
    return Series("X", last - timedelta(days=len(units) - 1), units, units)


def one(units: NDArray[np.floating], days: int = 28) -> float:
    return forecast_series([series(np.asarray(units, dtype=np.float64))], days)[0].units


def test_noiseless_level_and_week_are_met_exactly() -> None:
    assert one(np.full(200, 7.0)) == pytest.approx(7 * 28, rel=1e-3)
    week = np.tile([0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0], 40)
    assert one(week) == pytest.approx(float(week[-28:].sum()), rel=0.02)


def test_a_noiseless_trend_goes_on() -> None:
    line_up = 20 + 0.2 * np.arange(365.0)
    assert one(line_up) == pytest.approx(float((20 + 0.2 * np.arange(365, 393)).sum()), rel=0.03)


def test_an_even_trickle_keeps_its_rate() -> None:
    every_fifth = np.where(np.arange(300) % 5 == 0, 1.0, 0.0)
    assert one(every_fifth) == pytest.approx(28 / 5, rel=0.15)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(1.2, 5.0))
def test_more_sold_is_more_forecast(seed: int, factor: float) -> None:
    units = np.random.default_rng(seed).poisson(6, 120).astype(np.float64)
    assert one(units * factor) > one(units)


@pytest.mark.parametrize(
    "units",
    [
        np.array([1.0, 0.0, 2.0]), np.array([5.0]), np.zeros(90), np.concatenate([np.zeros(89), [1.0]]),
        np.concatenate([np.ones(80), [5_000.0], np.ones(9)]), np.concatenate([np.full(60, 3.0), np.zeros(120)]),
        np.where(np.arange(400) // 50 % 2 == 0, 4.0, 0.0),
    ],
    ids=["three days", "one day", "nothing", "one sale", "giant", "ended", "gaps"],
)  # fmt: skip
@pytest.mark.parametrize("days", [1, 30, 180])
def test_poor_histories_give_finite_honest_numbers(units: Floats, days: int) -> None:
    found = forecast_series([series(units)], days)[0]
    assert np.isfinite(found.path).all()
    assert (found.path >= 0).all()
    assert 0 <= found.low <= found.units <= found.high
    assert np.isfinite(found.high)
    assert found.units <= 2 * days * max(float(units.max()), 1.0)
