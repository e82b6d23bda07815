"""The forests of weekly levels: learned from the past only, the same stored as grown, and no worse than smoothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.forecasting.demand import forecast_series
from tools.forecasting.pooled import by_week, pool_from
from tools.forecasting.series import Series
from tools.forecasting.trees import grow, keep, kept
from tools.forecasting.weekly import cap, enough, learn, levels, weeks
from tools.forecasting.weeks_ahead import forecast_weeks

Floats = NDArray[np.float64]
HORIZON = 8


def shop(count: int, length: int, seed: int) -> Floats:
    """Weekly units around levels that wander and fall back to their long mean."""
    rng = np.random.default_rng(seed)
    mean, gap = rng.uniform(1, 4, (count, 1)), np.zeros((count, 1))
    logs = []
    for _ in range(length):
        gap = 0.9 * gap + rng.normal(0, 0.25, (count, 1))
        logs.append(mean + gap)
    expected = np.exp(np.hstack(logs))
    return rng.negative_binomial(3, 3 / (3 + expected)).astype(np.float64)


@pytest.mark.slow
def test_stored_arrays_say_what_the_library_says(tmp_path: Path) -> None:
    from sklearn.ensemble import HistGradientBoostingRegressor

    from tools.forecasting import trees

    rng = np.random.default_rng(1)
    rows = rng.normal(size=(2000, 6))
    targets = rows[:, 0] * 2 + np.sign(rows[:, 1]) + rng.normal(0, 0.1, 2000)
    forest = grow(rows, targets)
    library = HistGradientBoostingRegressor(
        max_iter=trees.ROUNDS, learning_rate=trees.LEARNING_RATE, max_leaf_nodes=trees.LEAVES,
        min_samples_leaf=trees.LEAST_IN_LEAF, l2_regularization=trees.SHRINKAGE, max_bins=trees.BINS,
        early_stopping=False, random_state=trees.SEED,
    ).fit(rows, targets)  # fmt: skip
    new = rng.normal(size=(300, 6))
    np.testing.assert_allclose(forest.predict(new), library.predict(new), rtol=1e-9)
    keep(forest, tmp_path / "shelf" / "forest.npz")
    again = kept(tmp_path / "shelf" / "forest.npz")
    assert again is not None
    np.testing.assert_array_equal(again.predict(new), forest.predict(new))
    (tmp_path / "shelf" / "forest.npz").write_bytes(b"damaged")
    assert kept(tmp_path / "shelf" / "forest.npz") is None
    assert kept(tmp_path / "none.npz") is None


def test_pooling_beats_smoothing_where_levels_fall_back() -> None:
    units = shop(150, 70, 3)
    past, ahead = weeks(list(units[:, :-HORIZON])), units[:, -HORIZON:].mean(axis=1)
    smooth, pooled = levels(past, None), levels(past, learn(past, HORIZON))
    assert np.mean((pooled - ahead) ** 2) < 0.97 * np.mean((smooth - ahead) ** 2)


@pytest.mark.slow
def test_nothing_of_the_future_is_read() -> None:
    units = shop(80, 60, 4)
    changed = units.copy()
    changed[:, 50:] *= 7
    before = forecast_weeks(list(units[:, :50]), HORIZON)
    after = forecast_weeks(list(changed[:, :50]), HORIZON)
    np.testing.assert_array_equal(before.mean, after.mean)


def test_four_in_five_held_out_weeks_lie_inside() -> None:
    units = shop(300, 90, 5)
    found = forecast_weeks(list(units[:, :-HORIZON]), HORIZON)
    held = units[:, -HORIZON:]
    assert 0.75 <= np.mean((held >= found.low) & (held <= found.high)) <= 0.86


@pytest.mark.parametrize("lengths", [[1, 2, 3], [60] * 3, [5] * 80, [0, 60, 30], [60] * 60 + [1] * 20])
def test_few_or_short_series_are_still_told(lengths: list[int]) -> None:
    rng = np.random.default_rng(6)
    given = [rng.poisson(5, one).astype(np.float64) for one in lengths]
    found = forecast_weeks(given, HORIZON)
    assert found.mean.shape == (len(lengths), HORIZON)
    assert np.isfinite(found.mean).all()
    assert np.isfinite(found.high).all()
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    assert (found.low >= 0).all()


def test_one_giant_week_is_capped_and_zeros_stay_zero() -> None:
    calm = np.tile([4.0, 6.0], 20)
    calm[30] = 9_000.0
    assert cap(calm[None])[0, 30] == 18.0
    assert forecast_weeks([np.zeros(40)], HORIZON).mean.max() == 0.0


def test_too_few_series_grow_no_forest() -> None:
    assert not enough(weeks([np.ones(60)] * 49), HORIZON)
    assert enough(weeks([np.ones(60)] * 50), HORIZON)
    assert not enough(weeks([np.ones(25)] * 50), HORIZON)


def test_whole_weeks_end_with_the_last_day() -> None:
    assert by_week(np.arange(10.0)).tolist() == [sum(range(3, 10))]


def test_many_daily_series_learn_from_one_another() -> None:
    weekly = shop(60, 80, 7)
    rng = np.random.default_rng(8)
    daily = [np.concatenate([rng.multinomial(int(week), np.full(7, 1 / 7)) for week in row]) for row in weekly]
    last = date(2026, 9, 1)
    start = last - timedelta(days=len(daily[0]) - 1)
    known = [one.astype(np.float64)[:-56] for one in daily]
    assert pool_from(known, 56, last.toordinal() - 56) is not None
    found = forecast_series([Series(str(at), start, one, one) for at, one in enumerate(known)], 56)
    assert sum(one.model.startswith("Pooled") for one in found) > 10
    truth = np.array([float(one[-56:].sum()) for one in daily])
    mean = np.array([float(one.mean()) * 56 for one in known])
    said = np.array([one.units for one in found])
    assert np.abs(said - truth).sum() < 1.1 * np.abs(mean - truth).sum()
