"""One budget over many orders, against trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tools.replenishment import plan_budget
from tools.replenishment.plan_budget import Choice, allocate

Menu = list[Choice]


def menus_of(random: np.random.Generator) -> list[Menu]:
    return [
        [Choice(float(random.integers(1, 60)), float(random.integers(-10, 50))) for _ in range(random.integers(1, 5))]
        for _ in range(random.integers(1, 6))
    ]


def total(menus: list[Menu], taken: list[int | None]) -> tuple[float, float]:
    chosen = [menu[at] for menu, at in zip(menus, taken, strict=True) if at is not None]
    return sum(one.cost for one in chosen), sum(one.profit for one in chosen)


def brute(menus: list[Menu], budget: float) -> float:
    best = 0.0
    for taken in itertools.product(*[[None, *range(len(menu))] for menu in menus]):
        cost, profit = total(menus, list(taken))
        if cost <= budget:
            best = max(best, profit)
    return best


def test_two_hundred_small_cases_are_solved_exactly() -> None:
    random = np.random.default_rng(11)
    bound = 0
    for _ in range(200):
        menus, budget = menus_of(random), float(random.integers(0, 150))
        cost, profit = total(menus, allocate(menus, budget))
        assert cost <= budget + 1e-6
        assert profit == pytest.approx(brute(menus, budget))
        bound += profit < brute(menus, 1e9)
    assert bound > 50  # the budget did bind


def test_a_bigger_budget_never_lowers_profit() -> None:
    random = np.random.default_rng(12)
    for _ in range(20):
        menus = menus_of(random)
        profits = [total(menus, allocate(menus, float(budget)))[1] for budget in range(0, 200, 20)]
        assert profits == sorted(profits)


def test_what_loses_money_or_costs_too_much_is_left() -> None:
    assert allocate([[Choice(10, -1)], [Choice(100, 50)]], 60) == [None, None]
    assert allocate([], 60) == []
    assert allocate([[Choice(10, 5), Choice(20, 5)]], 60) == [0]  # the same profit for less


def test_a_large_shop_is_solved() -> None:
    random = np.random.default_rng(13)
    menus = [
        [Choice(float(cost), float(np.sqrt(cost) * random.uniform(1, 9))) for cost in random.uniform(50, 4000, 15)]
        for _ in range(300)
    ]
    cost, profit = total(menus, allocate(menus, 50_000))
    greedy = sorted((one for menu in menus for one in menu), key=lambda one: -one.profit / one.cost)
    assert 49_000 < cost <= 50_000
    assert profit > sum(one.profit for one in greedy[:10])


def test_both_ways_of_solving_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(14)
    for _ in range(15):
        menus = menus_of(random)
        listed = total(menus, allocate(menus, 60.0))
        with monkeypatch.context() as forced:
            forced.setattr(plan_budget, "MOST_SUMS", 0)
            solved = total(menus, allocate(menus, 60.0))
        assert listed[1] == pytest.approx(solved[1])
