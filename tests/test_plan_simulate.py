"""The shelf simulated: by hand, against a slow one that keeps every unit's age, and the newsvendor by brute force."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from tools.replenishment.plan_lead_times import Spent
from tools.replenishment.plan_offers import Offer, Tier
from tools.replenishment.plan_options import DEAD_AFTER_DAYS, LEAST_RETURN, Case, Way, weigh
from tools.replenishment.plan_shelf_life import Delivery, ages, unsold
from tools.replenishment.simulate import NEVER, Batch, World, day_by_day, runs_out, simulate

AS_OF = date(2026, 11, 15)
FIELDS = ("sold", "lost", "short_after", "expired", "held", "left")


def numbers(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def days(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def offer(*tiers: tuple[int, str], moq: int = 1) -> Offer:
    found = tuple(Tier(least, Decimal(price)) for least, price in tiers)
    return Offer("O", "S", "S", "CN", "A", "USD", moq, 1.0, 0.0, None, found, 9, 1.0, False, False)


def case(
    demand: np.ndarray, free: float, making: float, price: float, interval: int = 2, holding: float = 0.0, rate: float = 0.0, moq: int = 1, pack: int = 1
) -> Case:  # fmt: skip
    source = offer((1, "4"), moq=moq)
    spent = Spent("XX", AS_OF, np.full(len(demand), making), 0.0)
    return Case(
        World(free, demand, np.zeros_like(demand)), (Way(source, spent, lambda quantity: 4.0),), price, holding,
        interval, rate, pack,
    )  # fmt: skip


def test_one_shelf_by_hand() -> None:
    world = World(3.0, numbers(2, 2, 2, 2)[None, :], numbers(0, 0, 1, 0)[None, :])
    seen = simulate(world, numbers(0, 5), days(2), days(4))
    assert seen.lost[:, 0].tolist() == [4, 1]  # second day lacks one; then one and nothing, or six for four
    assert seen.short_after[:, 0].tolist() == [3, 0]
    assert seen.sold[:, 0].tolist() == [4, 7]
    assert seen.left[:, 0].tolist() == [0, 2]
    assert seen.held[:, 0].tolist() == [1, 1 + 0 + 4 + 2]
    assert runs_out(world).tolist() == [1]
    assert runs_out(World(99.0, world.demand, world.arrivals)).tolist() == [NEVER]


def test_the_quick_way_equals_the_slow_one() -> None:
    random = np.random.default_rng(5)
    for _ in range(150):
        scenarios, length = int(random.integers(1, 6)), int(random.integers(1, 14))
        world = World(
            float(random.integers(0, 20)), random.integers(0, 6, (scenarios, length)).astype(float),
            random.integers(0, 9, (scenarios, length)).astype(float) * (random.random((scenarios, length)) < 0.2),
        )  # fmt: skip
        quantities = random.integers(0, 15, 4).astype(float)
        arrive, until = random.integers(0, length + 3, scenarios), random.integers(0, length + 3, scenarios)
        quick, slow = simulate(world, quantities, arrive, until), day_by_day(world, quantities, arrive, until)
        for name in FIELDS:
            assert np.allclose(getattr(quick, name), getattr(slow, name)), name


def test_expiry_equals_a_shelf_that_knows_every_units_age() -> None:
    random = np.random.default_rng(8)
    for _ in range(150):
        length = int(random.integers(4, 20))
        ends = sorted(int(n) for n in random.choice(length, 2, replace=False))
        batches = tuple(Batch(float(random.integers(1, 20)), end) for end in ends)
        demand = random.integers(0, 5, (1, length)).astype(float)
        order, arrive = float(random.integers(0, 25)), int(random.integers(0, length))
        life = max(int(random.integers(1, 12)), ends[-1] - arrive + 2)  # the order outlives what was there
        world = World(sum(batch.units for batch in batches), demand, np.zeros_like(demand), batches)
        seen = simulate(world, numbers(order), days(arrive), days(length), life)
        shelf = [end for batch, end in zip(batches, ends, strict=True) for _ in range(int(batch.units))]
        sold = expired = 0
        for day in range(length):
            if day == arrive:
                shelf += [arrive + life - 1] * int(order)
            taken = min(len(shelf), int(demand[0, day]))
            sold, shelf = sold + taken, shelf[taken:]
            expired += sum(end == day for end in shelf)
            shelf = [end for end in shelf if end != day]
        assert (seen.sold[0, 0], seen.expired[0, 0], seen.left[0, 0]) == (sold, expired, len(shelf))


@pytest.mark.parametrize("seed", range(6))
def test_the_quantity_is_the_newsvendors(seed: int) -> None:
    """Everything there is tried one by one: no quantity is worth more than the one that is chosen."""
    random = np.random.default_rng(seed)
    demand = random.integers(0, 8, (60, 8)).astype(float)
    price, holding = float(random.uniform(5, 12)), float(random.uniform(0.0, 0.3))
    shelf = case(demand, 6.0, 3.0, price, interval=3, holding=holding, rate=2.0)
    weighed = weigh(shelf)

    def worth(quantity: int) -> float:
        total = 0.0
        for path in demand:  # arrives on day 2, the next on day 5: five days count
            stock, value = 6.0, 0.0
            for day, asked in enumerate(path[:5]):
                stock += quantity if day == 2 else 0
                value += price * min(stock, asked)
                stock = max(stock - asked, 0.0)
                value -= holding * stock
            kept = min(stock, 2.0 * DEAD_AFTER_DAYS)
            value += min(4.0, price) * kept
            value -= holding * (kept**2 / 4.0 + (stock - kept) * DEAD_AFTER_DAYS)
            total += value
        return total / len(demand) - 4.0 * quantity * (1 + LEAST_RETURN)

    curve = [worth(quantity) - worth(0) for quantity in range(61)]
    best = max(range(61), key=lambda quantity: curve[quantity])
    if weighed.best is None:
        assert curve[best] <= 1e-6
        return
    assert weighed.best.worth == pytest.approx(curve[weighed.best.quantity], abs=1e-3)
    assert weighed.best.worth >= curve[best] - 0.02 * abs(curve[best]) - 1e-6


def test_more_stock_never_orders_more() -> None:
    demand = np.random.default_rng(1).poisson(3.0, (100, 30)).astype(float)
    chosen = []
    for free in (0, 10, 20, 40, 60, 90, 150):
        best = weigh(case(demand, float(free), 7.0, 15.0, interval=14, holding=0.01, rate=3.0)).best
        chosen.append(best.quantity if best else 0)
    assert chosen == sorted(chosen, reverse=True)
    assert chosen[0] > 0
    assert chosen[-1] == 0


def test_a_higher_service_level_never_orders_less() -> None:
    demand = np.random.default_rng(2).poisson(3.0, (200, 30)).astype(float)
    weighed = weigh(case(demand, 5.0, 7.0, 15.0, interval=14, holding=0.01, rate=3.0))
    chosen = [weighed.for_service(level) for level in (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)]
    quantities = [one.quantity for one in chosen if one is not None]
    assert len(quantities) == 6
    assert quantities == sorted(quantities)
    for level, one in zip((0.5, 0.7, 0.8, 0.9), chosen, strict=False):
        assert one is not None
        assert one.service >= level


def test_moq_and_packs_hold_and_a_hopeless_moq_is_not_ordered() -> None:
    demand = np.random.default_rng(3).poisson(1.0, (100, 30)).astype(float)
    weighed = weigh(case(demand, 0.0, 7.0, 15.0, interval=14, holding=0.01, rate=1.0, moq=25, pack=12))
    assert all(one.quantity >= 25 and one.quantity % 12 == 0 for one in weighed.options)
    assert weighed.best is not None
    hopeless = weigh(case(demand, 0.0, 7.0, 15.0, interval=14, holding=0.2, rate=1.0, moq=5000))
    assert hopeless.best is None


def test_regret_is_what_the_best_of_each_tail_would_have_added() -> None:
    demand = np.random.default_rng(4).poisson(2.0, (200, 30)).astype(float) * np.linspace(0.2, 3, 200)[:, None].round()
    weighed = weigh(case(demand, 0.0, 7.0, 15.0, interval=14, holding=0.05, rate=2.0))
    small, large = weighed.options[0], weighed.options[-1]
    assert all(one.regret_low >= 0 and one.regret_high >= 0 for one in weighed.options)
    assert small.regret_high > large.regret_high
    assert large.regret_low > small.regret_low
    assert min(one.regret_high for one in weighed.options) == pytest.approx(0)


def test_goods_that_expire_are_not_ordered_for_later() -> None:
    demand = np.full((20, 40), 2.0)
    long = weigh(case(demand, 0.0, 5.0, 15.0, interval=20, rate=2.0, holding=0.01))
    fresh = case(demand, 0.0, 5.0, 15.0, interval=20, rate=2.0, holding=0.01)
    short = weigh(Case(**{**fresh.__dict__, "life": 6}))
    assert long.best is not None
    assert short.best is not None
    assert long.best.quantity >= 40
    assert short.best.quantity == 12  # six days of two
    assert short.best.expired == 0


def test_stock_is_as_old_as_the_deliveries_it_came_from() -> None:
    came = [Delivery(30, AS_OF - timedelta(days=10)), Delivery(50, AS_OF - timedelta(days=100))]
    assert ages(50, came, 120, AS_OF) == (Batch(20.0, 19), Batch(30.0, 109))
    assert ages(10, came, 120, AS_OF) == (Batch(10.0, 109),)
    assert ages(100, came, 90, AS_OF)[0] == Batch(70.0, 0)  # more than ever came in: as old as the oldest, and past it
    assert ages(10, [], 120, AS_OF) == ()
    found = unsold((Batch(20.0, 19), Batch(30.0, 109)), np.full(30, 0.5), 0.1, AS_OF)
    assert found is not None
    assert found.first == AS_OF + timedelta(days=20)
    assert found.units == pytest.approx(10 + 30 - 5 - 8)
    assert unsold((Batch(20.0, 19),), np.full(30, 2.0), 2.0, AS_OF) is None
