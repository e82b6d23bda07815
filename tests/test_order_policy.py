"""The order policy against oracles: the newsvendor, the clairvoyant, true lead times it is not told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.order_policy import BaseStock, clairvoyant, lead_times, score
from benchmarks.order_policy_demand import HISTORY, KINDS, Series, simulated
from tools.replenishment import OrderPolicy

pytestmark = pytest.mark.slow


class Told:
    """Keeps what was ordered."""

    def __init__(self, policy: OrderPolicy) -> None:
        self.policy, self.orders = policy, list[int]()

    def decide(self, date: str, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        self.orders.append(self.policy.decide(date, on_hand, last_demand, last_arrivals))
        return self.orders[-1]


def series(demand: Sequence[int]) -> Series:
    return Series("test", tuple(f"Period_{place + 1}" for place in range(len(demand))), tuple(demand))


def policy(one: Series, promised: int, profit: float = 4.0) -> OrderPolicy:
    return OrderPolicy(list(zip(one.labels[:HISTORY], one.demand[:HISTORY], strict=True)), promised, profit, 1.0)


def normal(mean: float, spread: float, seed: int, periods: int = 60) -> Series:
    found = np.random.default_rng(seed).normal(mean, spread, periods)
    return series([int(units) for units in np.maximum(np.rint(found), 0)])


def fixed(lead: int, periods: int = 80) -> np.ndarray:
    return np.full(periods, lead)


@pytest.mark.parametrize(("profit", "quantile"), [(1.0, 100.0), (4.0, 116.8), (19.0, 132.9)])
def test_steady_demand_is_ordered_up_to_the_newsvendor_quantile(profit: float, quantile: float) -> None:
    one = normal(100, 20, 1, 90)
    history = list(zip(one.labels, one.demand, strict=True))
    levels = []
    told = OrderPolicy(history, 0, profit, 1.0)
    stock, before, arrived = 0, None, 0
    for step, units in enumerate(np.random.default_rng(2).normal(100, 20, 30)):
        order = told.decide(f"Period_{step}", stock, before, arrived)
        levels.append(stock + order)
        before, arrived = max(int(units), 0), order
        stock = max(stock + order - before, 0)
    assert np.mean(levels[10:]) == pytest.approx(quantile, abs=7)


def test_known_constant_demand_is_met_exactly() -> None:
    one = series([40] * 55)
    assert score(policy(one, 0), one, fixed(0), 4.0, 1.0) > 0.97
    assert score(policy(one, 3), one, fixed(3), 4.0, 1.0) > 0.97 * clairvoyant(one, fixed(3)[:50], 4.0, 1.0)


def brute_force(one: Series, leads: Sequence[int], profit: float) -> float:
    demand, best = one.demand[HISTORY:], 0.0

    def play(orders: tuple[int, ...]) -> float:
        stock, reward = 0, 0.0
        for period, units in enumerate(demand):
            stock += sum(size for placed, size in enumerate(orders) if placed + leads[placed] == period)
            sold = min(stock, units)
            stock -= sold
            reward += profit * sold - stock
        return reward / (profit * sum(demand))

    for code in range(7 ** len(demand)):
        best = max(best, play(tuple(code // 7**place % 7 for place in range(len(demand)))))
    return best


@pytest.mark.parametrize(("leads", "profit"), [((0, 0, 0, 0), 1.0), ((1, 2, 1, 9), 3.0), ((2, 0, 9, 9), 4.0)])
def test_the_clairvoyant_is_the_brute_force_best(leads: tuple[int, ...], profit: float) -> None:
    one = series([2, 2, 2, 2, 2, 1, 3, 0, 2])
    assert clairvoyant(one, np.array(leads), profit, 1.0) == pytest.approx(brute_force(one, leads, profit))
    assert score(policy(one, 1, profit), one, np.array(leads), profit, 1.0) <= brute_force(one, leads, profit)


@pytest.mark.parametrize("kind", list(KINDS))
def test_never_above_the_clairvoyant_nor_far_below_the_base_stock_rule(kind: str) -> None:
    one = simulated(kind, 1, 77)[0]
    ours = score(policy(one, 0), one, fixed(0), 4.0, 1.0)
    assert ours <= clairvoyant(one, fixed(0)[:50], 4.0, 1.0)
    assert ours > score(BaseStock(one.demand[:HISTORY], 0, 4.0, 1.0), one, fixed(0), 4.0, 1.0) - 0.05


@pytest.mark.parametrize(("level", "low", "high"), [(220, 190, 270), (40, 20, 60)])
def test_a_new_level_is_learned_within_five_periods(level: int, low: int, high: int) -> None:
    rng = np.random.default_rng(4)
    demand = [*rng.normal(100, 10, 25), *rng.normal(level, 10, 15)]
    one = series([int(units) for units in demand])
    told = Told(policy(one, 0))
    score(told, one, fixed(0), 4.0, 1.0)
    settled = told.orders[20 + 6 :]
    assert low <= float(np.mean(settled)) <= high


def test_a_season_is_foreseen() -> None:
    steps = np.arange(85)
    wave = 100 + 60 * np.sin(2 * np.pi * steps / 10) + np.random.default_rng(5).normal(0, 6, 85)
    one = series([int(units) for units in np.rint(wave)])
    ours = score(policy(one, 0, 1.0), one, fixed(0), 1.0, 1.0)
    assert ours > score(BaseStock(one.demand[:HISTORY], 0, 1.0, 1.0), one, fixed(0), 1.0, 1.0) + 0.15


@pytest.mark.parametrize(("promised", "true"), [(0, 2), (4, 1), (2, 5)])
def test_a_lead_time_other_than_promised_is_learned(promised: int, true: int) -> None:
    one = normal(100, 15, 6)
    ours = score(policy(one, promised), one, fixed(true), 4.0, 1.0)
    informed = score(policy(one, true), one, fixed(true), 4.0, 1.0)
    assert ours > 0.85 * informed
    assert ours > score(BaseStock(one.demand[:HISTORY], promised, 4.0, 1.0), one, fixed(true), 4.0, 1.0)


def test_orders_that_never_arrive_are_not_counted_for_ever() -> None:
    one = normal(100, 15, 7)
    lost = fixed(1)
    lost[10:16] = 10_000
    told = Told(policy(one, 1))
    score(told, one, lost, 4.0, 1.0)
    assert min(float(np.mean(told.orders[start : start + 4])) for start in range(18, 46, 4)) > 60


def test_scattered_and_lost_orders_are_lived_with() -> None:
    ours, base = [], []
    for seed in range(2):
        one = normal(100, 15, seed)
        leads = lead_times("stochastic", 55, np.random.default_rng(seed))
        ours.append(score(policy(one, 2), one, leads, 4.0, 1.0))
        base.append(score(BaseStock(one.demand[:HISTORY], 2, 4.0, 1.0), one, leads, 4.0, 1.0))
    assert np.mean(ours) > np.mean(base) + 0.15


LABELS: list[Callable[[int], date | str]] = [
    lambda step: date(2024, 1, 1) + timedelta(weeks=step),
    lambda step: (date(2024, 1, 1) + timedelta(weeks=step)).isoformat(),
    lambda step: f"Period_{step}",
]


@pytest.mark.parametrize("label", LABELS)
def test_any_label_of_a_period_will_do(label: Callable[[int], date | str]) -> None:
    told = OrderPolicy([(label(step), 50) for step in range(8)], 0, 4.0, 1.0)
    assert 45 <= told.decide(label(8), 0, None, 0) <= 80


def test_the_same_past_gives_the_same_orders() -> None:
    one = normal(100, 30, 8)
    twice = [Told(policy(one, 2)) for _ in range(2)]
    for told in twice:
        score(told, one, fixed(2), 4.0, 1.0)
    assert twice[0].orders == twice[1].orders


GOOD = [(f"Period_{step}", 10.0) for step in range(5)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((GOOD[:4], 0, 1.0, 1.0), "5 to 100 periods, not 4"),
        ((GOOD * 21, 0, 1.0, 1.0), "5 to 100 periods, not 105"),
        (([*GOOD, ("x", -1.0)], 0, 1.0, 1.0), "at least 0, not -1"),
        (([*GOOD, ("x", float("nan"))], 0, 1.0, 1.0), "at least 0, not nan"),
        (([*GOOD, ("x", "many")], 0, 1.0, 1.0), "at least 0, not 'many'"),
        ((GOOD, -1, 1.0, 1.0), "promised_lead_time"),
        ((GOOD, 1.5, 1.0, 1.0), "promised_lead_time"),
        ((GOOD, float("nan"), 1.0, 1.0), "promised_lead_time"),
        ((GOOD, 0, -4.0, 1.0), "unit_profit"),
        ((GOOD, 0, 1.0, float("inf")), "holding_cost"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(arguments: tuple, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        OrderPolicy(*arguments)
    assert str(refused.value).count(". ") == 0
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("seen", [(-1, 5, 0), (0, -5, 0), (0, 5, float("nan"))])
def test_bad_news_is_refused_and_changes_nothing(seen: tuple[float, float, float]) -> None:
    told, other = OrderPolicy(GOOD, 1, 4.0, 1.0), OrderPolicy(GOOD, 1, 4.0, 1.0)
    assert told.decide("a", 0, None, 0) == other.decide("a", 0, None, 0)
    with pytest.raises(ValueError, match="at least 0"):
        told.decide("b", *seen)
    assert told.decide("b", 0, 9, 0) == other.decide("b", 0, 9, 0)


stream = st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 30_000)), min_size=1, max_size=12)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.floats(0, 1e6), min_size=5, max_size=12),
    st.integers(0, 12),
    st.sampled_from([0.0, 0.01, 1.0, 19.0, 1e6]),
    st.sampled_from([0.0, 1.0, 1e4]),
    stream,
)
def test_an_order_is_always_a_whole_number_not_below_zero(
    past: list[float], promised: int, profit: float, holding: float, seen: list[tuple[int, int]]
) -> None:
    told = OrderPolicy([(str(step), units) for step, units in enumerate(past)], promised, profit, holding)
    before: tuple[float | None, float] = (None, 0)
    for step, (units, arrived) in enumerate(seen):
        order = told.decide(str(step), arrived, *before)
        assert type(order) is int
        assert order >= 0
        before = (units, arrived)


def test_one_giant_order_is_not_taken_for_a_new_level() -> None:
    one = series([10, 12, 9, 11, 10, 10, 11, 5000, 10, 12, 9, 10, 11])
    told = Told(policy(one, 0))
    score(told, one, fixed(0), 4.0, 1.0)
    assert max(told.orders) < 150


def test_sales_that_begin_after_none_are_followed() -> None:
    one = series([0] * 5 + [100, 105, 95, 98, 102, 100, 99, 101])
    told = Told(policy(one, 0))
    score(told, one, fixed(0), 4.0, 1.0)
    assert told.orders[0] == 0
    assert min(told.orders[3:]) > 50
