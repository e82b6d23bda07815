"""What the order policy believes about demand: lumps like those seen, the shape of the year before."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.integrate import quad

from tools.replenishment import OrderPolicy
from tools.replenishment.policy_demand import DemandBelief
from tools.replenishment.policy_lumps import LumpBelief
from tools.replenishment.policy_scale import Scale
from tools.replenishment.policy_year import YearBelief

BEGIN = date(2024, 1, 1)


def lumpy(seed: int, periods: int) -> list[float]:
    """Ten units a period, and once in eight an order of 300."""
    rng = np.random.default_rng(seed)
    return [float(units) for units in rng.poisson(10, periods) + 300 * (rng.random(periods) < 0.125)]


def yearly(seed: int, periods: int) -> list[float]:
    """A hundred units a week, three times that in week 48 of each year."""
    rng = np.random.default_rng(seed)
    return [float(units) for units in rng.poisson([300 if week % 52 == 47 else 100 for week in range(periods)])]


def test_the_density_of_lumps_is_one_of_demand() -> None:
    past = lumpy(1, 40)

    def density(units: float) -> float:
        belief = LumpBelief(Scale(50.0, True, 5.0))
        for demand in past:
            belief.observe(demand)
        return float(np.exp(belief.observe(units)))

    inside = quad(density, -4.99, 60.0, limit=80)[0] + quad(density, 60.0, 5_000.0, points=[300.0], limit=80)[0]
    assert inside == pytest.approx(1.0, abs=0.02)


def test_the_newsvendor_quantile_of_lumps_is_that_of_their_law() -> None:
    belief = DemandBelief(lumpy(2, 100), False)
    ahead = belief.sample(4_000, 4, np.random.default_rng(0)).sum(axis=1)
    truth = np.array([sum(lumpy(seed, 4)) for seed in range(3_000)])
    for ratio in (0.9, 0.98):
        level, best = np.quantile(ahead, ratio), np.quantile(truth, ratio)
        assert cost(level, truth, ratio) < 1.15 * cost(best, truth, ratio)


def cost(level: float, demand: np.ndarray, ratio: float) -> float:
    return float(np.mean(np.where(demand > level, ratio * (demand - level), (1.0 - ratio) * (level - demand))))


def test_lumps_seen_long_ago_are_not_believed_after_a_new_level() -> None:
    belief = DemandBelief([*lumpy(3, 60)], False)
    for units in np.random.default_rng(3).normal(500, 30, 15):
        belief.observe(float(units))
    assert np.mean(belief.sample(500, 3, np.random.default_rng(0))) == pytest.approx(500, rel=0.15)


def test_a_peak_of_the_year_before_is_foreseen_and_nothing_else() -> None:
    belief = YearBelief(Scale(100.0, True, 10.0), 0.4, yearly(4, 90), 52, 0.0)
    middle = np.median(belief.sample(600, 14, np.random.default_rng(0)), axis=0)
    peak = 99 - 90
    assert 220 < middle[peak] < 330
    assert np.delete(middle, peak) == pytest.approx(100, rel=0.15)


def test_a_slow_wave_comes_again() -> None:
    weeks = np.arange(75)
    wave = 100 + 50 * np.cos(2 * np.pi * weeks / 52)
    demand = [float(units) for units in np.random.default_rng(5).poisson(wave)]
    belief = YearBelief(Scale(100.0, True, 10.0), 0.4, demand, 52, 0.8)
    middle = np.median(belief.sample(600, 14, np.random.default_rng(0)), axis=0)
    expected = 100 + 50 * np.cos(2 * np.pi * (75 + np.arange(14)) / 52)
    assert np.abs(middle - expected).mean() < 0.5 * np.abs(demand[-1] - expected).mean()


@pytest.mark.parametrize("dated", [True, False])
def test_stock_for_the_yearly_peak_is_ordered_only_where_labels_are_weeks(dated: bool) -> None:
    demand = yearly(6, 99)
    labels = [(BEGIN + timedelta(weeks=week)).isoformat() if dated else f"Period_{week}" for week in range(100)]
    policy = OrderPolicy(list(zip(labels, demand, strict=False)), 0, 9.0, 1.0)
    order = policy.decide(labels[99], 0, None, 0)
    assert (order > 200) == dated


def test_what_is_worth_it_is_stocked_against_rare_lumps() -> None:
    demand = lumpy(7, 100)
    known = list(zip(map(str, range(100)), demand, strict=True))
    assert 300 < OrderPolicy(known, 0, 500.0, 1.0).decide("next", 0, None, 0) < 700
    assert 5 < OrderPolicy(known, 0, 1.0, 1.0).decide("next", 0, None, 0) < 30


@pytest.mark.parametrize("labels", [["2024-13-77"] * 60, [BEGIN] * 60, ["2024-01-01", *map(str, range(59))]])
def test_labels_that_are_no_weeks_carry_no_year(labels: list[date | str]) -> None:
    policy = OrderPolicy([(label, 20.0) for label in labels], 1, 4.0, 1.0)
    assert 0 < policy.decide("2025-01-01", 10, None, 0) < 100
