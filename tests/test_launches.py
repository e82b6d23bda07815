"""New goods: their own days against earlier launches and goods like them, and how sure that is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, build, line, order, product, tiny_tables
from tools.forecast_demand import ForecastDemand, run
from tools.forecasting.demand import Scope, forecast
from tools.forecasting.launches import (
    BULK_KNOWN_DAYS,
    LEAST_GOODS,
    USUAL_GROWTH,
    USUAL_SPREAD,
    Bulk,
    Good,
    Growth,
    Launch,
    growth,
    launch,
    launches,
)
from tools.messages import render


def launched(folder: Path, paces: list[tuple[int, int]], bulk: int = 0) -> Shop:
    """The tiny shop with a launch for each pair, units a day in its first week and in the thirty days after.

    Beside them YOUNG, a week old, sells two a day. With `bulk` every launch has one order of so many units.
    """
    tables = tiny_tables()
    tables["products"].append(product("YOUNG", "Running Cap", "", "3.00", "15.00", "caps"))
    tables["orders"].append(order("FIRST", AS_OF - timedelta(days=120), "US", "shopify", "USD"))
    tables["order_lines"].append(line("FIRST", "BOT-750", 1, "20.00"))
    for at, (before, after) in enumerate(paces):
        for day in range(37):
            when, units = AS_OF - timedelta(days=36 - day), before if day < 7 else after
            tables["orders"].append(order(f"L{at}-{day}", when, "US", "shopify", "USD"))
            tables["order_lines"].append(line(f"L{at}-{day}", f"NEW-{at}", units, "15.00"))
        if bulk:
            tables["orders"].append(order(f"B{at}", AS_OF - timedelta(days=9), "US", "shopify", "USD"))
            tables["order_lines"].append(line(f"B{at}", f"NEW-{at}", bulk, "15.00"))
    for day in range(7):
        tables["orders"].append(order(f"Y{day}", AS_OF - timedelta(days=day), "US", "shopify", "USD"))
        tables["order_lines"].append(line(f"Y{day}", "YOUNG", 2, "15.00"))
    return build(folder, tables)


def good(early: float, later: float, begun: int = 100, on: int = 5, recent: float = 0.0) -> Good:
    return Good("A", begun, early, on, later, recent, 400)


def test_growth_is_that_of_the_launches_together_drawn_to_the_usual() -> None:
    found = growth([good(14, 180)] * 19 + [good(140, 600)], 7, 30)
    together = np.log((19 * 180 + 600 + 1) / 30) - np.log((19 * 14 + 140 + 1) / 7)
    assert found.log == pytest.approx(20 / 22 * together + 2 / 22 * USUAL_GROWTH)
    assert growth([], 7, 30) == Growth(USUAL_GROWTH, USUAL_SPREAD)
    assert found.sd < USUAL_SPREAD


def test_goods_ordered_on_one_day_hear_only_such_and_usually_come_once_more() -> None:
    regular, odd = [good(14, 180)] * 20, [good(14, 0, on=1)] * 20
    assert growth([*regular, *odd], 7, 30) == growth(regular, 7, 30)
    assert growth([*regular, *odd], 7, 30, once=True) == growth(odd, 7, 30, once=True)
    alone = Launch(growth(regular, 7, 30, once=True))
    assert alone.pace(12.0, 7.0, 2.0)[0] * 30 == pytest.approx(12.0)


def test_the_pace_of_a_new_sku_is_that_of_gamma_goods_seen_through_poisson_days() -> None:
    """Oracle: goods drawn from the prior, kept where their first days agree; their mean and spread."""
    rng = np.random.default_rng(5)
    paces = rng.gamma(4.0, 3.0 / 4.0, 400_000)
    alike = paces[rng.poisson(5 * paces) == 22]
    pace, doubt = Launch(Growth(0.0, 0.0), 3.0, 9.0 / 4.0).pace(22.0, 5.0, 1.0)
    assert pace == pytest.approx(alike.mean(), rel=0.01)
    assert doubt == pytest.approx(alike.std() / alike.mean(), rel=0.03)


@given(
    st.floats(0.1, 50), st.floats(0.05, 2.0), st.integers(1, 27), st.floats(0, 500), st.floats(1, 10), st.floats(-1, 1)
)
@settings(max_examples=80, deadline=None)
def test_the_pace_lies_between_its_own_days_and_goods_like_it(
    mean: float, unlike: float, days: int, units: float, scatter: float, log: float
) -> None:
    new = Launch(Growth(log, 0.3), mean, (unlike * mean) ** 2)
    pace, doubt = new.pace(units, days, scatter)
    own = np.exp(log) * units / days
    assert min(own, mean) - 1e-9 <= pace <= max(own, mean) + 1e-9
    assert doubt > 0
    longer, surer = new.pace(40 * units, 40 * days, scatter)
    assert abs(longer - own) <= abs(pace - own) + 1e-9
    assert surer <= np.hypot(doubt, 0.3) + 1e-9


def test_likeness_is_category_and_price() -> None:
    slow = [Good(f"S{n}", 0, 1, 1, 30.0, 91.0, 400, "caps", 15.0) for n in range(8)]
    fast = [Good(f"F{n}", 0, 1, 1, 900.0, 2730.0, 400, "bottles", 90.0) for n in range(8)]
    cap = launch([*slow, *fast], 4, 30, Good("NEW", 396, 0, 0, 0, 0, 4, "caps", 15.0))
    bottle = launch([*slow, *fast], 4, 30, Good("NEW", 396, 0, 0, 0, 0, 4, "bottles", 90.0))
    unknown = launch([*slow, *fast], 4, 30, Good("NEW", 396, 0, 0, 0, 0, 4))
    assert cap.mean == pytest.approx(1, rel=0.2)
    assert bottle.mean == pytest.approx(30, rel=0.2)
    assert unknown.mean == pytest.approx(15.5)
    assert unknown.variance > max(cap.variance, 50)
    assert launch(slow[: LEAST_GOODS - 1], 4, 30, slow[0]).mean is None


def test_bulk_orders_to_come_are_those_of_other_goods_until_its_own_are_known() -> None:
    bulk = Bulk(0.5, 1.0, 100.0)
    assert bulk.rate(0.0, 0.0, 4.0) == pytest.approx(2.0)
    assert bulk.rate(200.0, 4.0, 4.0) == pytest.approx((200 + 2 * BULK_KNOWN_DAYS) / (4 + BULK_KNOWN_DAYS))


def test_a_week_old_sku_goes_on_as_earlier_ones_did(tmp_path: Path) -> None:
    found = forecast(launched(tmp_path, [(2, 6)] * 20), Scope(("YOUNG",)), 30)
    assert found is not None
    assert found.total.model == "Launches"
    assert found.total.units == pytest.approx(180, rel=0.15)
    few = forecast(launched(tmp_path / "few", []), Scope(("YOUNG",)), 30)
    assert few is not None
    assert few.total.units == pytest.approx(60 * np.exp(USUAL_GROWTH), rel=0.2)
    assert few.total.high - few.total.low > (found.total.high - found.total.low) / 2


def test_bulk_orders_of_other_launches_are_expected_of_the_new_one(tmp_path: Path) -> None:
    without = forecast(launched(tmp_path / "without", [(2, 2)] * 20), Scope(("YOUNG",)), 30)
    found = forecast(launched(tmp_path / "with", [(2, 2)] * 20, bulk=74), Scope(("YOUNG",)), 30)
    assert found is not None
    assert without is not None
    assert without.total.bulk_units == 0
    assert found.total.bulk_units == pytest.approx(60, rel=0.2)
    assert found.total.high - found.total.low > 1.5 * (without.total.high - without.total.low)


def test_books_no_older_than_the_sku_tell_nothing(tmp_path: Path) -> None:
    assert launches(launched(tmp_path, []), {"YOUNG": 100}, 30) == {}


def test_the_answer_says_on_what_a_new_sku_rests(tmp_path: Path) -> None:
    found = run(launched(tmp_path, [(2, 6)] * 20), ForecastDemand(skus=["YOUNG"]))
    (said,) = [one for one in found.assumptions if one.key == "forecast_demand.launched"]
    assert said.values["days"].value == 7
    assert "earlier launches" in render(said, "en")
    assert "新品" in render(said, "zh")
