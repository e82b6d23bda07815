"""The simulated restocking world: units are conserved, the clairvoyant is exact, stockpyl agrees with the peers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise, product
from math import sqrt
from pathlib import Path
from statistics import NormalDist, mean, stdev
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.inventory_cases import Lane, demo_cases, lead_times, opening, weeks
from benchmarks.inventory_peers import OURS, POLICIES, BaseStock, ReorderPoint, StockpylSeenDemand
from benchmarks.inventory_world import Case, Policy, clairvoyant, play

PEERS = [name for name in POLICIES if name != OURS]


class Orders:
    """Orders what it was told to, and remembers what it was told."""

    def __init__(self, units: tuple[int, ...]) -> None:
        self.units = list(units)
        self.told: list[tuple[str, float, float | None, float]] = []
        self.waits: list[int] = []

    def decide(self, date: str, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        self.told.append((date, on_hand, last_demand, last_arrivals))
        return self.units[len(self.told) - 1]

    def received(self, waited: int) -> None:
        self.waits.append(waited)


def told(units: tuple[int, ...], _: Case) -> Orders:
    return Orders(units)


def case(
    demand: tuple[int, ...],
    leads: tuple[int, ...],
    stock: int = 0,
    profit: float = 4.0,
    holding: float = 1.0,
    history: tuple[int, ...] = (3, 4, 5, 4, 3),
    promised: int = 1,
) -> Case:
    labels = tuple(f"Period_{k + 1}" for k in range(len(history) + len(demand)))
    return Case("tiny", labels, history, demand, promised, leads, profit, holding, stock)


@st.composite
def cases(draw: st.DrawFn, periods: int = 12, most: int = 30) -> Case:
    size = draw(st.integers(1, periods))
    whole = st.integers(0, most)
    return case(
        tuple(draw(st.lists(whole, min_size=size, max_size=size))),
        tuple(draw(st.lists(st.integers(0, 6), min_size=size, max_size=size))),
        draw(whole),
        draw(st.floats(0.5, 50)),
        draw(st.floats(0.05, 5)),
        tuple(draw(st.lists(whole, min_size=5, max_size=9))),
        draw(st.integers(0, 4)),
    )


def test_a_period_is_order_arrival_demand_holding() -> None:
    orders = Orders((5, 7, 2, 9))
    seen = play(case((3, 6, 4, 1), (1, 0, 9, 0), stock=4), lambda _: orders)
    assert seen.arrived.tolist() == [0, 12, 0, 9], "two orders meet, one comes after the end"
    assert seen.sold.tolist() == [3, 6, 4, 1]
    assert seen.left.tolist() == [1, 7, 3, 11]
    assert seen.profit == 4.0 * 14 - 1.0 * 22
    assert orders.told == [
        ("Period_6", 4, None, 0),
        ("Period_7", 1, 3, 0),
        ("Period_8", 7, 6, 12),
        ("Period_9", 3, 4, 0),
    ]
    assert orders.waits == [1, 0, 0]


def test_unserved_demand_is_lost_and_still_told() -> None:
    orders = Orders((0, 0, 5))
    seen = play(case((3, 6, 4), (0, 0, 0), stock=2), lambda _: orders)
    assert seen.sold.tolist() == [2, 0, 4]
    assert [one[2] for one in orders.told] == [None, 3, 6]
    assert seen.fill == 6 / 13


@pytest.mark.parametrize("units", [-1, 1.5])
def test_an_order_is_a_whole_number_of_units(units: float) -> None:
    with pytest.raises(ValueError, match="whole number"):
        play(case((1,), (0,)), lambda _: Orders((units,)))  # type: ignore[arg-type]


def test_a_case_needs_a_lead_time_for_every_period() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        case((1, 2), (0,))


@settings(max_examples=30, deadline=None)
@given(cases(), st.sampled_from(PEERS))
def test_units_are_conserved_and_the_clairvoyant_is_never_beaten(world: Case, name: str) -> None:
    seen, bound = play(world, POLICIES[name]), clairvoyant(world)
    for played in (seen, bound):
        before = np.concatenate([[world.stock], played.left[:-1]])
        np.testing.assert_allclose(before + played.arrived - played.sold, played.left)
        assert (played.sold <= np.array(world.demand)).all()
        assert (played.left >= 0).all()
        assert played.arrived.sum() <= played.ordered.sum()
    assert seen.profit <= bound.profit + 1e-6


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_clairvoyants_orders_earn_what_it_says(world: Case) -> None:
    bound = clairvoyant(world)
    again = play(world, lambda _: Orders(tuple(int(units) for units in bound.ordered)))
    assert again.profit == pytest.approx(bound.profit)
    assert again.sold.sum() == bound.sold.sum()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=4, max_size=4).filter(lambda demand: sum(demand) <= 4),  # one order may be all
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.integers(0, 3),
    st.floats(0.3, 4),
)
def test_the_clairvoyant_is_the_best_of_all_orders(
    demand: list[int], leads: list[int], stock: int, profit: float
) -> None:
    world = case(tuple(demand), tuple(leads), stock, profit)
    best = max(play(world, partial(told, orders)).profit for orders in product(range(5), repeat=4))
    assert clairvoyant(world).profit == pytest.approx(best)


def test_a_unit_is_not_ordered_early_when_keeping_it_costs_more_than_it_earns() -> None:
    world = case((0, 0, 0, 5), (0, 9, 9, 9), profit=4.0, holding=1.5)
    assert clairvoyant(world).profit == 0.0
    assert clairvoyant(replace(world, holding=1.0)).profit == 5 * (4.0 - 3.0)


HISTORY = (40, 55, 61, 38, 52, 47, 60, 44, 49, 58, 35, 51)


def test_base_stock_agrees_with_stockpyls_newsvendor() -> None:
    from stockpyl.newsvendor import newsvendor_normal

    for lead in (0, 2, 7):
        world = case((50,), (0,), profit=9.0, holding=0.5, history=HISTORY, promised=lead)
        level, _ = newsvendor_normal(0.5, 9.0, np.mean(HISTORY), np.std(HISTORY, ddof=1), lead_time=lead)
        assert BaseStock(world, False).order(0.0) == pytest.approx(level)
        assert BaseStock(world, False).decide("", 20.0, None, 0.0) == round(level - 20.0)


def test_reorder_point_orders_up_to_a_periods_demand_above_the_point() -> None:
    world = case((50,), (0,), profit=9.0, holding=0.5, history=HISTORY, promised=2)
    point = 3 * mean(HISTORY) + NormalDist().inv_cdf(9.0 / 9.5) * sqrt(3) * stdev(HISTORY)
    assert ReorderPoint(world, False).order(point + 0.01) == 0.0
    assert ReorderPoint(world, False).order(point) == pytest.approx(np.mean(HISTORY))


def test_seen_demand_is_the_brute_force_newsvendor() -> None:
    world = case((50,), (0,), profit=9.0, holding=1.0, history=HISTORY, promised=1)
    sums = [a + b for a, b in pairwise(HISTORY)]
    cost = {level: sum(max(level - x, 0) + 9 * max(x - level, 0) for x in sums) for level in range(150)}
    assert StockpylSeenDemand(world, False).order(0.0) == min(cost, key=lambda level: cost[level])


def test_observed_lead_times_replace_the_promise_and_widen_the_level() -> None:
    world = case((50,), (0,), profit=9.0, holding=0.5, history=HISTORY, promised=2)
    believing, watching = BaseStock(world, False), BaseStock(world, True)
    assert watching.normal() == believing.normal()
    for waited in (2, 4, 6):
        believing.received(waited)
        watching.received(waited)
    usual, sd = watching.normal()
    assert usual == pytest.approx(5 * np.mean(HISTORY))
    assert sd == pytest.approx(sqrt(5 * np.var(HISTORY, ddof=1) + np.mean(HISTORY) ** 2 * 4.0))
    assert believing.normal()[0] == pytest.approx(3 * np.mean(HISTORY))


def test_peers_count_what_is_on_order() -> None:
    orders: list[int] = []

    class Watched(BaseStock):
        def order(self, position: float) -> float:
            orders.append(round(100 - position))
            return 100 - position

    seen = play(case((10, 10, 10, 10), (2, 2, 2, 2), stock=30), lambda world: Watched(world, False))
    assert seen.ordered.tolist() == [70, 10, 10, 10]
    assert orders == [70, 10, 10, 10]


def test_on_steady_demand_every_policy_earns_nearly_all() -> None:
    steady = (50, 51, 49, 50, 52, 48) * 6
    world = case(steady[12:], (2,) * 24, 150, 10.0, 0.2, steady[:12], 2)
    best = clairvoyant(world)
    for name in PEERS:
        seen = play(world, POLICIES[name])
        assert seen.fill > 0.97, name
        assert seen.profit > 0.95 * best.profit, name


class TestLeadTimes:
    """Promises and what deliveries made of them."""

    LATE: ClassVar[Lane] = Lane("late", np.array([50, 100]), np.array([50, 150]))

    def test_days_become_weeks_until_goods_can_be_sold(self) -> None:
        assert [weeks(days) for days in (0, 1, 7, 7.1, 14, 45)] == [0, 1, 1, 2, 2, 7]

    def test_a_lead_time_is_the_promise_or_as_late_as_a_delivery_was(self) -> None:
        drawn = lead_times(self.LATE, 28.0, 400, np.random.default_rng(3))
        assert set(drawn) == {4, 6}
        assert 0.4 < np.mean(np.array(drawn) == 6) < 0.6

    def test_the_first_stock_lasts_the_lead_time_and_two_weeks(self) -> None:
        assert opening([100, *[10] * 8], 3) == 50


@pytest.mark.slow
def test_the_demo_world_draws_the_true_means(demo_folder: Path) -> None:
    from shop.demo import truth
    from shop.demo.parameters import AS_OF

    lane = Lane("kept", np.array([30]), np.array([30]))
    runs = [demo_cases(demo_folder, seed, [lane]) for seed in (1, 2)]
    assert [one.name for one in runs[0]] == [one.name for one in runs[1]]
    assert [one.demand for one in runs[0]] != [one.demand for one in runs[1]]
    assert runs[0] == demo_cases(demo_folder, 1, [lane])
    frame = truth.load(demo_folder).demand
    frame = frame[(frame["day"].dt.date <= AS_OF) & (frame["sku"] == "GEL-24") & (frame["country"] == "US")]
    year = frame[(frame["channel"] != "alibaba") & (frame["day"] > frame["day"].max() - np.timedelta64(364, "D"))]
    for run in runs:
        (drawn,) = [one for one in run if one.name == "GEL-24 US-LAX"]
        assert sum(drawn.demand) == pytest.approx(year["mean"].sum(), rel=0.1)
        assert set(drawn.leads) == {drawn.promised}
        assert drawn.profit > drawn.holding > 0


def test_policies_share_one_interface() -> None:
    world = case((5,) * 4, (1,) * 4)
    for start in POLICIES.values():
        policy: Policy = start(world)
        assert isinstance(policy.decide("Period_6", 3.0, None, 0.0), int)
