"""Price decisions against brute force and hand-made markets: the floor, the ladder, the endings, the best price, tests."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.costs import Costs, Rate
from shop.costs.contribution import at_price
from shop.costs.market import Market, market
from shop.costs.parts import coin
from shop.costs.price import lowest_price
from tests.costs_shop import costs_shop, costs_tables
from tests.tiny_shop import AS_OF
from tools.forecasting.elasticity import Elasticity
from tools.pricing.charm import charmed, endings, first_from, habit
from tools.pricing.floor import keeps, needed
from tools.pricing.ladder import CHANNEL_SPREAD, COUNTRY_SPREAD, Limits, Rung, climb, limits
from tools.pricing.places import HORIZON, Book, Place
from tools.pricing.shelf import Shelf
from tools.pricing.solve import CLEAR_STEP, STEP, candidates, solve
from tools.pricing.trial import arm, break_even, designed, trial_price

D = Decimal
WHERE = [(c, ch) for c in ("US", "DE", "GB", "JP") for ch in ("shopify", "amazon")]


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    folder: Path = tmp_path_factory.mktemp("prices")
    return Costs.of(costs_shop(folder, costs_tables("EXW"), None))


def sold(costs: Costs, country: str = "US", channel: str = "shopify") -> Market:
    return market(costs, "BOT-750", country, channel, AS_OF)


def place(of: Market, price: str | Decimal, mean: float = -2.0, sd: float = 0.0, units: float = 2.0) -> Place:
    ending = D(90) if coin(of.currency) == 1 else D("0.90")
    return Place(of, D(price), np.full(HORIZON, units), Elasticity(mean, sd, 3), 3, None, ending)


def book(*places: Place) -> Book:
    known = {one.key: one for one in places}
    return Book(known, frozenset(known), (), (), (), (), {}, ())


@pytest.mark.parametrize("floor", ["0", "20", "35"])
def test_the_best_price_is_that_of_a_search_by_hand(costs: Costs, floor: str) -> None:
    for country, channel in WHERE:
        of = sold(costs, country, channel)
        start = lowest_price(of, D(floor))
        assert start is not None
        for mean in (-3.5, -2.0, -1.2, -0.5):
            one = place(of, (start * D("1.05")).quantize(coin(of.currency)), mean)
            prices, _ = candidates(one, D(floor), "profit")
            worth = {
                price: float(price / one.price) ** mean
                * float(at_price(of, price).exact + (of.ads + of.storage) * of.rate)  # type: ignore[operator]
                for price in prices
            }
            chosen = solve(book(one), D(floor), "profit", {}, {}).choices[one.key].price
            assert chosen is not None
            assert worth[chosen] >= max(worth.values()) * (1 - 0.006)


def test_an_unsure_elasticity_moves_prices_less(costs: Costs) -> None:
    of = sold(costs)
    moved: dict[float, list[float]] = {0.0: [], 1.5: []}
    for mean in (-5.0, -4.0, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5):
        for sd, steps in moved.items():
            one = place(of, "40.90", mean, sd)
            price = solve(book(one), D(0), "profit", {}, {}).choices[one.key].price
            assert price is not None
            steps.append(abs(float(price / one.price) - 1))
    assert sum(moved[1.5]) < sum(moved[0.0])


rates = st.lists(
    st.sampled_from(
        [
            Rate(what="vat", value=D("23"), unit="pct"), Rate(what="referral", value=D("30"), unit="pct", channel="amazon"),
            Rate(what="return_rate", value=D("45"), unit="pct"), Rate(what="advertising", value=D("6"), unit="USD"),
            Rate(what="payment_fixed", value=D("0.9"), unit="EUR"), Rate(what="duty_stack", value=D("120"), unit="pct"),
            Rate(what="purchase_surcharge", value=D("180"), unit="pct"),
        ]
    ),
    unique_by=lambda one: one.what, max_size=2,
)  # fmt: skip


@cache
def under(costs: Costs, rows: frozenset[Rate], country: str, channel: str) -> Market:
    return sold(costs.under(sorted(rows, key=str)), country, channel)


@settings(max_examples=60, deadline=None)
@given(
    rows=rates, where=st.lists(st.sampled_from(WHERE), min_size=1, max_size=3, unique=True),
    price=st.decimals("3", "90", places=2), floor=st.decimals("-20", "85", places=1),
    mean=st.floats(-6, 0.5), sd=st.floats(0, 2), goal=st.sampled_from(["profit", "revenue", "clear_stock"]),
)  # fmt: skip
def test_the_floor_is_never_broken(
    costs: Costs, rows: list[Rate], where: list[tuple[str, str]], price: Decimal, floor: Decimal, mean: float, sd: float,
    goal: str,
) -> None:  # fmt: skip
    places = []
    for country, channel in where:
        of = under(costs, frozenset(rows), country, channel)
        asked = (price / of.rate).quantize(coin(of.currency)) or D(1)
        places.append(place(of, asked, mean, sd))
    found = solve(book(*places), floor, goal, {}, {})  # type: ignore[arg-type]
    for one in found.choices.values():
        of = one.place.market
        if one.price is None:
            assert lowest_price(of, floor) is None
            continue
        assert isinstance(one.price, Decimal)
        assert one.price == one.price.quantize(coin(of.currency))
        assert of.contribution(one.price) >= floor / 100 * of.net(one.price)
        step = CLEAR_STEP if goal == "clear_stock" else STEP
        assert one.far or abs(one.price / one.place.price - 1) <= step
        if one.far:
            lowest = lowest_price(of, floor)
            assert lowest is not None
            assert one.price >= lowest


def test_what_would_keep_the_floor_does_to_the_coin(costs: Costs) -> None:
    for country, channel in WHERE:
        of = replace(sold(costs, country, channel), storage=D(0))
        price = lowest_price(of, D(10))
        assert price is not None
        need = needed(of, price, D(25))
        assert need.landed is not None
        step = coin(of.base) / of.rate
        cheaper = replace(of, landed=need.landed / of.rate)
        assert keeps(cheaper, price, D(25))
        assert not keeps(replace(cheaper, landed=need.landed / of.rate + step), price, D(25))
        if need.commission is not None:
            paid = price - of.discount + of.shipping
            lower = replace(of, fees=replace(of.fees, bands=(replace(of.fees.bands[0], up_to=None, share=need.commission / 100, portion=False),), minimum=D(0)))  # fmt: skip
            assert lower.fees.commission(paid) < of.fees.commission(paid)
            assert keeps(lower, price, D(25))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_ladder_is_that_of_brute_force(data: st.DataObject) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    rungs = []
    for _ in range(int(random.integers(1, 5))):
        count = int(random.integers(1, 5))
        rungs.append(
            Rung(str(random.choice(["US", "DE"])), np.sort(random.normal(0, 0.15, count)), random.normal(0, 5, count))
        )
    allowed = Limits(dict.fromkeys(("US", "DE"), 0.1), 0.2)

    def fits(chosen: tuple[int, ...]) -> bool:
        levels = [float(one.level[at]) for one, at in zip(rungs, chosen, strict=True)]
        if max(levels) - min(levels) > 0.2 + 1e-9:
            return False
        for country in ("US", "DE"):
            here = [level for one, level in zip(rungs, levels, strict=True) if one.country == country]
            if here and max(here) - min(here) > 0.1 + 1e-9:
                return False
        return True

    possible = [one for one in itertools.product(*(range(len(rung.level)) for rung in rungs)) if fits(one)]
    chosen, kept = climb(rungs, allowed)
    assert kept == bool(possible)
    if possible:
        best = max(sum(float(r.worth[at]) for r, at in zip(rungs, one, strict=True)) for one in possible)
        assert fits(tuple(chosen))
        assert sum(float(r.worth[at]) for r, at in zip(rungs, chosen, strict=True)) == pytest.approx(best)


def test_a_ladder_is_never_wider_than_set_or_today(costs: Costs) -> None:
    places = [
        place(sold(costs, "US", "shopify"), "40.90", -6.0), place(sold(costs, "US", "amazon"), "41.90", -0.3),
        place(sold(costs, "DE", "amazon"), "42.90", -0.3),
    ]  # fmt: skip
    found = solve(book(*places), D(0), "profit", {}, {})

    def level(one: Place, price: Decimal) -> float:
        return math.log(float(price * (1 - one.market.tax.share) * one.market.rate))

    today = [level(one, one.price) for one in places]
    prices = [found.choices[one.key].price for one in places]
    assert all(price is not None for price in prices)
    new = [level(one, price) for one, price in zip(places, prices, strict=True) if price is not None]
    assert abs(new[0] - new[1]) <= max(math.log1p(CHANNEL_SPREAD), abs(today[0] - today[1])) + 1e-6
    assert max(new) - min(new) <= max(math.log1p(COUNTRY_SPREAD), max(today) - min(today)) + 1e-6
    assert any(one.held_back for one in found.choices.values())
    assert limits([("US", 0.0), ("US", 0.5)]).places == 0.5


@given(low=st.decimals("1", "500", places=2), width=st.decimals("0.2", "60", places=2), code=st.sampled_from(["USD", "JPY", "KWD"]))  # fmt: skip
def test_endings(low: Decimal, width: Decimal, code: str) -> None:
    low = low * 100 if code == "JPY" else low
    high = low + (width * 100 if code == "JPY" else width)
    step = D(100) if code == "JPY" else D(1)
    for own in (None, D("0.95") * step):
        found = charmed(low, high, code, own)
        assert found == sorted(set(found))
        assert all(low <= price <= high for price in found)
        allowed = {end % (step / 10) for end in endings(code, own)}
        assert all(price % (step / 10) in allowed for price in found)
        first = first_from(low, code, own)
        assert first >= low
        assert first % step in endings(code, own)
        assert first - low < step
    if code == "JPY":
        assert all(price % 10 == 0 for price in charmed(low, high, code, None))


def test_a_habit_needs_most_prices() -> None:
    assert habit([D("9.90"), D("19.9000"), D("5.90"), D("7.90"), D("8.99")], "EUR") == D("0.90")
    assert habit([D("9.90"), D("19.90"), D("5.99"), D("7.99"), D("8.50")], "EUR") is None
    assert habit([D("2680"), D("980"), D("1280"), D("3380"), D("4480")], "JPY") == D(80)


def test_a_short_shelf_raises_and_a_full_one_lowers(costs: Costs) -> None:
    one = place(sold(costs), "40.90", -2.2)
    cell = ("BOT-750", "US-LAX")
    short = Shelf(*cell, free=20.0, coming=0.0, arriving=0.0, window=60, asked=120.0, asked_horizon=180.0, expiring=0.0, credit=0.0)  # fmt: skip
    plenty = replace(short, free=900.0, window=10, asked=20.0, expiring=500.0, credit=float(one.market.landed or 0))

    def price(shelf: Shelf, goal: str) -> Decimal:
        found = solve(book(one), D(0), goal, {cell: shelf}, {one.key: cell}).choices[one.key].price  # type: ignore[arg-type]
        assert found is not None
        return found

    assert price(short, "profit") > price(plenty, "profit")
    assert price(short, "profit") > one.price
    assert price(plenty, "clear_stock") < one.price * D("0.75")
    assert price(replace(plenty, free=170.0, credit=0.0, expiring=0.0), "clear_stock") == one.price


def test_a_test_of_so_many_weeks_has_the_power_promised(costs: Costs) -> None:
    one = place(sold(costs), "40.90", -2.0, 0.6, units=40.0)
    price = trial_price(one, D("42.90"), D(0), D("0.10"))
    assert price is not None
    assert one.price < price <= one.price * D("1.10")
    noisy = arm(one, price, 0.12)
    trial = designed("BOT-750", [noisy], {}, {})
    even = break_even(one, price)
    both = [float(one.market.contribution(p) + one.market.ads + one.market.storage) for p in (one.price, price)]
    assert float(price / one.price) ** even * both[1] == pytest.approx(both[0])
    random = np.random.default_rng(7)
    step = math.log(float(price / one.price))
    far = max(abs(trial.expected - even), 0.6)
    high = np.arange(trial.weeks) % 2 == 0
    error = 2 * noisy.noise / (step * math.sqrt(trial.weeks))
    seen = {}
    for name, true in (("there", even - far), ("not there", even)):
        logs = true * step * high + random.normal(0, noisy.noise, (4000, trial.weeks))
        estimate = (logs[:, high].mean(axis=1) - logs[:, ~high].mean(axis=1)) / step
        seen[name] = float(((even - estimate) / error > 1.2816).mean())
    assert seen["there"] >= 0.78
    assert seen["not there"] <= 0.12


def test_a_test_stays_above_the_floor(costs: Costs) -> None:
    of = sold(costs)
    start = lowest_price(of, D(20))
    assert start is not None
    one = place(of, first_from(start, "USD", D("0.90")), -3.0, 1.0)
    down = trial_price(one, D("1.00"), D(20), D("0.20"))
    assert down is not None
    assert keeps(of, down, D(20))
