"""Stock-outs read as censored demand: unbiased against simulated truth, and never more than a reading of empty days."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.forecasting.censored import fill_shelf, pace
from tools.forecasting.cleaning import fill_stockouts

Floats = NDArray[np.float64]
Days = NDArray[np.bool_]


def lived(seed: int, means: Floats, days: int, restock: int = 45, late: int = 10) -> tuple[Floats, Floats, Days]:
    """Countries x days of wanted and sold units, and days that ended empty: one shelf, deliveries that come late."""
    rng = np.random.default_rng(seed)
    wanted = rng.negative_binomial(9, 9 / (9 + np.repeat(means[:, None], days, axis=1))).astype(np.float64)
    sold, empty, shelf = wanted.copy(), np.zeros(days, dtype=bool), 0.0
    for day in range(days):
        if day % restock == 0:
            shelf += float(means.sum()) * (restock - late)
        need = wanted[:, day].sum()
        if need > shelf:
            sold[:, day] = rng.multivariate_hypergeometric(wanted[:, day].astype(int), int(shelf))
        shelf -= sold[:, day].sum()
        shelf = np.floor(shelf)
        empty[day] = shelf <= 0
    return wanted, sold, empty


@pytest.mark.parametrize("means", [(8.0,), (4.0, 3.0, 2.0), (0.8,)])
def test_mean_demand_is_recovered_through_stock_outs(means: tuple[float, ...]) -> None:
    true = np.array(means)
    filled_sum = sold_sum = 0.0
    days_out = 0
    for seed in range(12):
        _, sold, empty = lived(seed, true, 400)
        filled, _ = fill_shelf(list(sold), empty)
        missing = empty & np.concatenate(([False], empty[:-1]))  # began and ended with nothing
        filled_sum += float(np.sum(filled, axis=0)[missing].sum())
        sold_sum += float(sold.sum(axis=0)[missing].sum())
        days_out += int(missing.sum())
    assert filled_sum == pytest.approx(days_out * true.sum(), rel=0.05)
    assert sold_sum < 0.5 * days_out * true.sum()


def test_the_whole_series_has_the_true_level() -> None:
    levels = []
    for seed in range(20):
        _, sold, empty = lived(seed, np.array([6.0]), 400)
        levels.append(float(fill_stockouts(sold[0], empty)[0].mean()))
    assert np.mean(levels) == pytest.approx(6.0, rel=0.02)


def test_a_stock_out_inside_a_sales_event_is_filled_at_the_events_pace() -> None:
    rng = np.random.default_rng(3)
    shape = np.ones(300)
    shape[200:206] = 3.0
    others = rng.poisson(120 * shape).astype(np.float64)
    units = rng.poisson(12 * shape).astype(np.float64)
    empty = np.zeros(300, dtype=bool)
    empty[197:206] = True
    units[197:206] = 0.0
    filled, _ = fill_shelf([units], empty, [pace(others)])
    assert filled[0][200:206].sum() == pytest.approx(6 * 36, rel=0.15)
    plain, _ = fill_shelf([units], empty)
    assert plain[0][200:206].sum() < 0.5 * 6 * 36


def test_an_event_after_the_stock_out_is_not_read_as_its_level() -> None:
    rng = np.random.default_rng(4)
    shape = np.ones(300)
    shape[215:222] = 4.0
    others, units = rng.poisson(200 * shape).astype(np.float64), rng.poisson(15 * shape).astype(np.float64)
    empty = np.zeros(300, dtype=bool)
    empty[190:212] = True
    units[empty] = 0.0
    filled, _ = fill_shelf([units], empty, [pace(others)])
    assert filled[0][empty].mean() == pytest.approx(15.0, rel=0.12)


def test_a_shop_that_is_out_today_is_filled_from_the_days_before() -> None:
    units = np.random.default_rng(5).poisson(10, 200).astype(np.float64)
    empty = np.zeros(200, dtype=bool)
    empty[180:] = True
    units[181:] = 0.0
    filled, missing = fill_stockouts(units, empty)
    assert filled[180:].mean() == pytest.approx(units[150:180].mean(), rel=0.15)
    assert missing[181:].all()


def test_nothing_known_is_left_as_it_is() -> None:
    zeros, always = np.zeros(30), np.ones(30, dtype=bool)
    assert not fill_stockouts(zeros, always)[1].any()
    assert not fill_stockouts(zeros, ~always)[1].any()
    assert not fill_stockouts(zeros, np.arange(30) > 20)[1].any()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_filling_never_lowers_a_day_nor_changes_one_with_stock(data: st.DataObject) -> None:
    days = data.draw(st.integers(1, 80))
    countries = data.draw(st.integers(1, 3))
    counts = st.lists(st.integers(0, 40), min_size=days, max_size=days)
    units = [np.array(data.draw(counts), dtype=np.float64) for _ in range(countries)]
    empty = np.array(data.draw(st.lists(st.booleans(), min_size=days, max_size=days)))
    filled, missing = fill_shelf(units, empty)
    assert not (missing & ~empty).any()
    for before, after in zip(units, filled, strict=True):
        assert np.isfinite(after).all()
        assert (after >= before - 1e-9).all()
        assert np.array_equal(after[~empty], before[~empty])
        assert np.array_equal(after[~missing], before[~missing])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=150))
def test_the_pace_is_positive_and_finite(others: list[int]) -> None:
    found = pace(np.array(others, dtype=np.float64))
    assert np.isfinite(found).all()
    assert (found > 0).all()
