"""Series whose truth is known: what the forecast must come to, and how often its interval must hold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.forecasting.backtest import Score, choose, half_width, plan, score
from tools.forecasting.cleaning import cap_one_off, fill_stockouts
from tools.forecasting.demand import Forecast, forecast_series
from tools.forecasting.events import black_friday, windows
from tools.forecasting.models import intermittent, smooth
from tools.forecasting.profiles import profile
from tools.forecasting.series import Series

Floats = NDArray[np.float64]
RETAIL = Path(__file__).resolve().parents[2] / "shared" / "data" / "online_retail.parquet"
LAST = date(2026, 11, 15)


def series(units: Floats, last: date = LAST, sku: str | None = "BOT-750") -> Series:
    return Series(sku, last - timedelta(days=len(units) - 1), units, units)


def forecast(units: Floats, horizon: int, last: date = LAST) -> Forecast:
    return forecast_series([series(units, last)], horizon)[0]


def rates(days: int, mean: float, last: date = LAST, week: float = 0.3, year: float = 0.0) -> Floats:
    """Expected units a day with a weekly and a yearly wave."""
    at = np.arange(days) + last.toordinal() - days + 1
    return np.asarray(mean * (1 + week * np.sin(2 * np.pi * at / 7)) * np.exp(year * np.sin(2 * np.pi * at / 365.25)))


def poisson(seed: int, expected: Floats) -> Floats:
    return np.random.default_rng(seed).poisson(expected).astype(np.float64)


@pytest.mark.parametrize("mean", [2.0, 20.0, 200.0])
def test_steady_demand_is_forecast_at_its_mean(mean: float) -> None:
    found = forecast(poisson(1, rates(500, mean, last=date(2026, 9, 1))), 28, last=date(2026, 9, 1))
    assert found.units == pytest.approx(28 * mean, rel=0.1)
    assert found.low < 28 * mean < found.high
    assert found.error is not None
    assert found.error < 0.2


def test_weekdays_keep_their_shape() -> None:
    last = date(2026, 9, 1)
    expected = rates(400, 50, last=last, week=0.6)
    found = forecast(poisson(2, expected), 7, last=last)
    truth = rates(407, 50, last=last + timedelta(days=7), week=0.6)[-7:]
    assert np.corrcoef(found.path, truth)[0, 1] > 0.95


def test_the_season_of_the_year_is_followed_where_two_years_are_known() -> None:
    last = date(2026, 5, 10)
    truth = rates(730 + 90, 40, last=last + timedelta(days=90), year=0.6)
    found = forecast(poisson(3, truth[:730]), 90, last=last)
    assert found.yearly or found.model == "LastYearGrowth"
    assert found.units == pytest.approx(truth[730:].sum(), rel=0.12)
    flat = float(found.series.ordered[-90:].sum())
    assert abs(found.units - truth[730:].sum()) < abs(flat - truth[730:].sum()) / 2


def test_the_backtest_prefers_the_model_that_fits() -> None:
    trending = poisson(4, np.linspace(5, 120, 300))
    found = forecast(trending, 28, last=date(2026, 9, 1))
    truth = float((120 + 115 / 299 * np.arange(1, 29)).sum())
    assert found.units == pytest.approx(truth, rel=0.06)
    assert found.error is not None
    assert found.naive_error is not None
    assert found.error < found.naive_error


def test_choose_takes_a_single_model_only_when_it_is_clearly_better() -> None:
    def scored(wape: float) -> Score:
        return Score(wape, wape, 0.0, (wape,))

    assert choose({"Mean": scored(0.100), "SES": scored(0.097)}, ("Mean",)) == "Mean"
    assert choose({"Mean": scored(0.100), "SES": scored(0.080)}, ("Mean",)) == "SES"


def test_backtest_origins_never_see_their_own_window() -> None:
    for days in (28, 60, 200, 730, 1096):
        for horizon in (1, 7, 30, 90, 365):
            found = plan(days, horizon)
            assert all(origin + found.window <= days for origin in found.origins)
            assert len(found.origins) == 0 or len(found.origins) >= 3
    assert plan(730, 30).window == 30
    assert plan(10, 30).origins == ()


def test_score_by_hand() -> None:
    found = score([np.array([4.0, 6.0]), np.array([10.0, 0.0])], [np.array([5.0, 7.0]), np.array([3.0, 3.0])])
    assert found.wape == pytest.approx((2 + 4) / 20)
    assert found.bias == pytest.approx((2 - 4) / 20)
    assert found.relative == pytest.approx((2 / 12, 4 / 6))


@pytest.mark.slow
@pytest.mark.parametrize(("mean", "drift", "horizon"), [(12.0, 0.0, 30), (3.0, 0.01, 14), (0.3, 0.0, 30)])
def test_the_interval_holds_about_as_often_as_it_says(mean: float, drift: float, horizon: int) -> None:
    rng = np.random.default_rng(11)
    last, draws, days = date(2026, 9, 1), 80, 400
    batch, truth = [], []
    for _ in range(draws):
        wandering = np.exp(np.cumsum(rng.normal(0, drift, days + horizon)))
        expected = rates(days + horizon, mean, last=last + timedelta(days=horizon)) * wandering
        units = rng.negative_binomial(5, 5 / (5 + expected)).astype(np.float64)
        batch.append(series(units[:days], last))
        truth.append(units[days:].sum())
    found = forecast_series(batch, horizon)
    covered = np.mean([one.low <= actual <= one.high for one, actual in zip(found, truth, strict=True)])
    assert 0.70 <= covered <= 0.92


def test_empty_shelves_do_not_lower_the_forecast() -> None:
    truth = poisson(5, rates(300, 20, last=date(2026, 9, 1)))
    empty = np.zeros(300, dtype=bool)
    empty[100:130] = empty[275:300] = True
    seen = np.where(empty, 0.0, truth)
    filled, missing = fill_stockouts(seen, empty)
    assert missing.sum() >= 53
    assert filled[empty].sum() == pytest.approx(truth[empty].sum(), rel=0.12)
    assert np.array_equal(filled[~empty], truth[~empty])
    last = date(2026, 9, 1)
    corrected = forecast(filled, 28, last).units
    assert corrected == pytest.approx(28 * 20, rel=0.12)
    assert forecast(seen, 28, last).units < 0.5 * corrected


def test_orders_that_kept_coming_with_empty_shelves_are_left_alone() -> None:
    units = poisson(6, np.full(200, 10.0))
    empty = np.zeros(200, dtype=bool)
    empty[50:80] = True
    filled, missing = fill_stockouts(units, empty)
    assert not missing.any()
    assert np.array_equal(filled, units)


def test_one_giant_order_is_counted_as_an_ordinary_large_day() -> None:
    units = poisson(7, np.full(250, 6.0))
    ordinary = forecast(units, 30, last=date(2026, 9, 1)).units
    units[240] = 900.0
    kept, capped = cap_one_off(units, date(2026, 1, 1).toordinal())
    assert [(one.day, one.ordered) for one in capped] == [(date(2026, 1, 1) + timedelta(days=240), 900.0)]
    assert kept.max() < 20
    last = date(2026, 9, 1)
    found = forecast_series([Series("X", last - timedelta(days=249), units, kept)], 30)[0]
    assert found.units == pytest.approx(ordinary, rel=0.1)


def test_large_orders_that_come_again_and_again_are_the_series_own_nature() -> None:
    units = np.zeros(365)
    units[::24] = 500.0
    units[3::7] = 2.0
    kept, capped = cap_one_off(units, LAST.toordinal())
    assert capped == ()
    assert np.array_equal(kept, units)


def test_black_friday_is_the_day_after_thanksgiving() -> None:
    assert [black_friday(year) for year in (2024, 2025, 2026)] == [
        date(2024, 11, 29), date(2025, 11, 28), date(2026, 11, 27),
    ]  # fmt: skip


def with_black_friday(expected: Floats, last: date, uplift: float) -> Floats:
    out = expected.copy()
    first = last.toordinal() - len(out) + 1
    for year in (2024, 2025, 2026):
        for name, begin, end in windows(year):
            if name == "black_friday":
                lo, hi = max(begin.toordinal() - first, 0), max(end.toordinal() - first + 1, 0)
                out[lo:hi] *= uplift
    return out


def test_black_friday_inside_the_horizon_is_lifted_as_in_years_before() -> None:
    truth = with_black_friday(rates(730 + 20, 30, last=LAST + timedelta(days=20)), LAST + timedelta(days=20), 3.0)
    units = poisson(8, truth[:730])
    found = forecast(units, 20)
    friday = found.black_friday()
    assert friday == (date(2026, 11, 27), date(2026, 11, 30))
    assert found.event_years == 2
    assert found.event_ratio == pytest.approx(3.0, rel=0.15)
    assert found.units == pytest.approx(truth[730:].sum(), rel=0.1)
    assert found.units_between(*friday) > 2 * found.path[:10].mean() * 4


def test_a_new_sku_takes_the_black_friday_of_the_shop() -> None:
    shop_units = poisson(9, with_black_friday(rates(730, 200), LAST, 3.0))
    new = series(poisson(10, rates(100, 10)), sku="NEW")
    lifted = forecast_series([new], 20, series(shop_units, sku=None))[0]
    assert lifted.event_known
    assert lifted.event_years == 0
    assert lifted.event_ratio == pytest.approx(3.0, rel=0.15)
    alone = forecast_series([new], 20)[0]
    assert not alone.event_known
    assert lifted.units > 1.2 * alone.units


def test_three_days_of_history_give_a_rough_answer_with_a_wide_range() -> None:
    found = forecast(np.array([4.0, 0.0, 8.0]), 10)
    assert found.units == pytest.approx(40.0)
    assert found.error is None
    assert found.low < 25
    assert found.high > 55


def test_a_series_that_stopped_selling_is_forecast_near_nothing() -> None:
    units = np.concatenate([poisson(12, np.full(200, 3.0)), np.zeros(150)])
    found = forecast(units, 30, last=date(2026, 9, 1))
    assert found.units < 10
    assert found.low < 0.5


def test_weeks_and_events_of_a_flat_series_are_flat() -> None:
    ordinals = np.arange(730, dtype=np.int64) + LAST.toordinal() - 729
    found = profile(np.full(730, 10.0), ordinals)
    assert found.weekday == pytest.approx(np.ones(7))
    assert found.event == pytest.approx(np.ones(len(found.event)), abs=0.02)
    ahead = np.arange(365, dtype=np.int64) + LAST.toordinal() + 1
    assert found.factors(ahead, True) == pytest.approx(np.ones(365), abs=0.02)


def test_an_origin_is_the_same_whatever_comes_after_it() -> None:
    """The profile at an origin is made of the days before it only."""
    units = poisson(13, rates(730, 25, year=0.4))
    ordinals = np.arange(730, dtype=np.int64) + LAST.toordinal() - 729
    before = profile(units[:600], ordinals[:600])
    units[600:] = 1e6
    after = profile(units[:600], ordinals[:600])
    assert before.yearly is not None
    assert after.yearly == pytest.approx(before.yearly)


def test_a_shorter_series_is_smoothed_the_same_beside_a_longer_one() -> None:
    short, long = poisson(14, np.full(90, 7.0)), poisson(15, np.full(700, 70.0))
    assert smooth([short, long])[0] == smooth([short])[0]
    slow, slower = poisson(16, np.full(90, 0.3)), poisson(17, np.full(700, 0.1))
    assert intermittent([slow, slower])[0] == intermittent([slow])[0]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=160).filter(any),
    st.integers(1, 365),
)
def test_any_history_gives_a_finite_forecast_inside_its_interval(units: list[int], horizon: int) -> None:
    found = forecast(np.array(units, dtype=np.float64), horizon)
    assert len(found.path) == horizon
    assert np.isfinite(found.path).all()
    assert (found.path >= 0).all()
    assert 0 <= found.low <= found.units <= found.high
    assert found.path.sum() == pytest.approx(found.units)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 50))
def test_ten_times_the_units_is_ten_times_the_noisefree_forecast(factor: int) -> None:
    units = rates(200, 30)
    assert forecast(units * factor, 14).units == pytest.approx(factor * forecast(units, 14).units, rel=0.05)


def test_half_width_is_the_noise_without_a_backtest_and_nears_it_with_many_windows() -> None:
    assert half_width(100, (), 0, 10, 0) == pytest.approx(12.816)
    wide = half_width(100, (0.5,) * 10, 1e9, 10, 0)
    assert wide == pytest.approx(50, rel=0.01)
    assert half_width(100, (), 0, 10, 20) > half_width(100, (), 0, 10, 0)


def test_croston_and_tsb_by_the_books_own_steps() -> None:
    units = poisson(18, np.full(300, 0.3))
    found = intermittent([units])[0]
    sold = units[units > 0]
    by_croston, by_tsb = {}, {}
    for alpha in (0.05, 0.1, 0.2, 0.3):
        size, gap, waited, squares = sold.mean(), len(units) / len(sold), 0, 0.0
        for x in units:
            squares += (x - (1 - alpha / 2) * size / gap) ** 2
            waited += 1
            if x > 0:
                size, gap, waited = size + alpha * (x - size), gap + alpha * (waited - gap), 0
        by_croston[squares] = (1 - alpha / 2) * size / gap
        for beta in (0.01, 0.02, 0.05, 0.1):
            size, chance, squares = sold.mean(), float((units[:56] > 0).mean()), 0.0
            for x in units:
                squares += (x - chance * size) ** 2
                size += alpha * (x - size) if x > 0 else 0.0
                chance += beta * ((x > 0) - chance)
            by_tsb[squares] = chance * size
    assert found.croston == pytest.approx(by_croston[min(by_croston)])
    assert found.tsb == pytest.approx(by_tsb[min(by_tsb)])


@pytest.mark.slow
@pytest.mark.skipif(not RETAIL.exists(), reason="the shared Online Retail data are not here")
def test_four_weeks_of_the_best_thirty_products_of_a_real_shop_beat_the_naive_forecasts() -> None:
    import duckdb

    rows = duckdb.execute(
        "SELECT StockCode, CAST(InvoiceDate AS DATE), sum(Quantity) FROM read_parquet(?) "
        "WHERE InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0 GROUP BY 1, 2",
        [str(RETAIL)],
    ).fetchall()
    first = date(2010, 12, 1)
    daily: dict[str, Floats] = {}
    for code, day, quantity in rows:
        daily.setdefault(code, np.zeros(400))[(day - first).days] += quantity
    missed = {"ours": 0.0, "week": 0.0, "month": 0.0}
    inside, total = [], 0.0
    for cut in (date(2011, 6, 30), date(2011, 8, 15), date(2011, 11, 8)):
        days = (cut - first).days + 1
        best = sorted(daily, key=lambda code: -daily[code][days - 90 : days].sum())[:30]
        batch = []
        for code in best:
            begin = int(np.flatnonzero(daily[code])[0])
            start = first + timedelta(days=begin)
            demand, _ = cap_one_off(daily[code][begin:days], start.toordinal())
            batch.append(Series(code, start, daily[code][begin:days], demand))
        for one in forecast_series(batch, 28):
            actual = float(daily[one.series.sku or ""][days : days + 28].sum())
            total += actual
            missed["ours"] += abs(one.units - actual)
            missed["week"] += abs(4 * float(one.series.ordered[-7:].sum()) - actual)
            missed["month"] += abs(float(one.series.ordered[-28:].sum()) - actual)
            inside.append(one.low <= actual <= one.high)
    assert missed["ours"] < 0.65 * missed["week"]
    assert missed["ours"] < 0.85 * missed["month"]
    assert np.mean(inside) > 0.7
