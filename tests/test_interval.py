"""The ends of the interval: gamma where only everyday units are, compound Poisson beside them for bulk orders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.forecasting.backtest import Z80
from tools.forecasting.interval import BulkAhead, bounds

NO_BULK = BulkAhead()


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_everyday_units_alone_are_gamma(share: float) -> None:
    from scipy.stats import gamma

    low, high = bounds(100.0, Z80 * 100 * share, NO_BULK, 30)
    law = gamma(share**-2, scale=100 * share**2)
    assert (law.cdf(low), law.cdf(high)) == pytest.approx((0.1, 0.9), abs=0.015)


@given(st.floats(0, 1e4), st.floats(0, 1e5))
@settings(max_examples=60, deadline=None)
def test_the_interval_holds_its_forecast_and_is_never_below_nothing(units: float, half: float) -> None:
    for bulk in (NO_BULK, BulkAhead(0.3, (40.0, 90.0), 0.4)):
        low, high = bounds(units, half, bulk, 30)
        assert 0 <= low <= units + 30 * bulk.rate <= high


@pytest.mark.parametrize(("rate", "days"), [(0.5, 7), (2.0, 30), (10.0, 90)])
def test_bulk_orders_hold_as_often_as_told(rate: float, days: int) -> None:
    """Oracle: everyday units and orders of 20 to 80 at random, as many as the rate says."""
    rng = np.random.default_rng(7)
    sizes = (20.0, 50.0, 80.0)
    low, high = bounds(300.0, Z80 * 60, BulkAhead(rate, sizes, 0.0), days)
    orders = rng.poisson(rate * days / 50, 20_000)
    outcome = rng.normal(300, 60, 20_000) + [rng.choice(sizes, n).sum() for n in orders]
    assert np.mean((low <= outcome) & (outcome <= high)) == pytest.approx(0.8, abs=0.03)
    assert np.mean(outcome < low) == pytest.approx(0.1, abs=0.03)


def test_a_bulk_order_that_seldom_comes_lifts_the_upper_end_only() -> None:
    low, high = bounds(100.0, 13.0, BulkAhead(6.0, (200.0,), 0.0), 7)
    assert low == pytest.approx(88, abs=3)
    assert high > 250
    unlikely = bounds(100.0, 13.0, BulkAhead(0.5, (200.0,), 0.0), 7)
    assert unlikely[1] == pytest.approx(115, abs=5)


def test_a_rate_hardly_known_widens_the_interval_and_many_orders_keep_their_sum() -> None:
    known, unknown = (bounds(0.0, 0.0, BulkAhead(20.0, (50.0,), spread), 90) for spread in (0.1, 0.8))
    assert unknown[1] - unknown[0] > 2 * (known[1] - known[0])
    low, high = bounds(0.0, 0.0, BulkAhead(5000.0, (10.0,), 0.1), 30)
    assert (low + high) / 2 == pytest.approx(150_000, rel=0.02)
