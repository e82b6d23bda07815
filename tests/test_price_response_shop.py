"""Prices in a shop's books: what was asked and given away on each day, and forecasts at the last asking price."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.tiny_shop import AS_OF, FIRST, build, line, order, price, tiny_tables
from tools.forecasting.demand import forecast_series
from tools.forecasting.discounts import daily_discounts
from tools.forecasting.price import PriceEffect, combined, price_effects, weekly_observations
from tools.forecasting.series import Series

DAYS = 70


def paid(rows: list[tuple[str, int, str, float, float]]) -> pd.DataFrame:
    """A frame of (sku, day, code, gross, discount), one unit each, in one country and channel."""
    frame = pd.DataFrame(rows, columns=["sku", "day", "code", "gross", "discount"])
    return frame.assign(country="US", channel="shopify", units=1.0)


def test_a_promotion_holds_on_days_without_an_order_too() -> None:
    rows = [("A", day, "SPRING", 10.0, 1.5) for day in (10, 11, 14, 16)] + [
        ("A", day, "", 10.0, 0.0) for day in (5, 25)
    ]
    off = daily_discounts(paid(rows), 40)["A", "US", "shopify"]
    assert off[10:17] == pytest.approx(np.full(7, 0.15), abs=0.001)
    assert not off[:10].any()
    assert not off[17:].any()


def test_a_code_that_few_orders_use_counts_as_what_it_took_off_all_of_them() -> None:
    rows = [("A", day, "", 10.0, 0.0) for day in range(40) for _ in range(9)]
    rows += [("A", day, "WELCOME", 10.0, 1.0) for day in range(40)]
    off = daily_discounts(paid(rows), 40)["A", "US", "shopify"]
    assert off == pytest.approx(np.full(40, 0.01), abs=0.001)


def test_a_promotion_reaches_a_silent_sku_it_covered_before_and_no_other() -> None:
    rows = [(sku, day, "SALE", 20.0, 4.0) for sku in "AB" for day in (3, 4)]
    rows += [("A", day, "SALE", 20.0, 4.0) for day in (30, 31)] + [("C", day, "", 20.0, 0.0) for day in (4, 30)]
    off = daily_discounts(paid(rows), 40)
    assert off["B", "US", "shopify"][30:32] == pytest.approx([0.2, 0.2])
    assert ("C", "US", "shopify") not in off


def shop_with(folder: Path, changes: list[dict[str, object]]) -> dict[tuple[str, str], PriceEffect]:
    tables = tiny_tables()
    tables["prices"] += changes
    return price_effects(build(folder, tables), ["BOT-750", "BOT-500"], (), FIRST, DAYS)


def test_the_effect_is_one_at_todays_price_and_more_while_it_was_cheaper(tmp_path: Path) -> None:
    rise = AS_OF - timedelta(days=20)
    effects = shop_with(tmp_path, [price("BOT-750", "US", "shopify", "36.00", "USD", rise)])
    effect = effects["BOT-750", "US"]
    assert effect.asked[-21:] == pytest.approx(np.ones(21))
    before = float(effect.asked[0])
    assert before > 1.05
    assert effect.asked[:-21] == pytest.approx(np.full(DAYS - 21, before))
    assert ("BOT-500", "DE") not in effects


def test_prices_that_never_moved_or_cannot_be_compared_have_no_effect(tmp_path: Path) -> None:
    other = price("BOT-500", "DE", "amazon", "2900", "JPY", AS_OF - timedelta(days=30))
    zero = price("BOT-750", "US", "shopify", "0", "USD", AS_OF - timedelta(days=10))
    assert shop_with(tmp_path, [other, zero]) == {}


def test_discounts_count_outside_sales_events_only(tmp_path: Path) -> None:
    tables = tiny_tables()
    plain, single = FIRST + timedelta(days=20), date(2026, 11, 11)
    for name, day in (("P", plain), ("S", single)):
        tables["orders"].append(order(name, day, "US", "shopify", "USD", promotion=f"CODE{name}"))
        tables["order_lines"].append(line(name, "BOT-750", 6, "30.00", discount="36.00"))
    effect = price_effects(build(tmp_path, tables), ["BOT-750"], (), FIRST, DAYS)["BOT-750", "US"]
    assert effect.paid[(plain - FIRST).days] > 1.1
    assert effect.paid[(single - FIRST).days] == pytest.approx(1.0)
    assert effect.asked == pytest.approx(np.ones(DAYS))


def test_weeks_of_the_books_carry_price_and_leave_out_empty_shelves(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["prices"].append(price("BOT-750", "US", "shopify", "33.00", "USD", AS_OF - timedelta(days=13)))
    for row in tables["inventory"]:
        if row["sku"] == "BOT-500" and row["day"] == FIRST + timedelta(days=30):
            row["on_hand"] = 0
    seen = weekly_observations(build(tmp_path, tables))
    assert seen.out is not None
    rows = list(zip(seen.sku, seen.units, seen.price, seen.out, strict=True))
    bottle = [row for row in rows if row[0] == "BOT-750"]
    assert [round(float(row[2]), 2) for row in bottle][-3:] == [30.0, 33.0, 33.0]
    assert {float(row[1]) for row in bottle} == {14.0}
    assert [float(row[3]) > 0 for row in rows if row[0] == "BOT-500"].count(True) == 1
    assert seen.category["BOT-750"] == "bottles"


def test_a_week_with_a_code_is_a_deal_of_its_sku(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["orders"].append(order("P", FIRST + timedelta(days=20), "US", "shopify", "USD", promotion="CODE"))
    tables["order_lines"].append(line("P", "BOT-750", 6, "30.00", discount="36.00"))
    seen = weekly_observations(build(tmp_path, tables))
    assert seen.deal is not None
    on = [(sku, deal) for sku, deal in zip(seen.sku, seen.deal, strict=True) if deal]
    assert on == [("BOT-750", pytest.approx(1 / 7))]


def test_a_forecast_after_a_price_rise_learns_from_it() -> None:
    rng = np.random.default_rng(2)
    factor = np.where(np.arange(400) < 395, 1.4, 1.0)
    units = rng.poisson(10 * factor).astype(np.float64)
    start = date(2026, 9, 1) - timedelta(days=399)
    effect = PriceEffect(factor, factor)
    known = forecast_series([Series("A", start, units, units, price=effect)], 28)[0]
    blind = forecast_series([Series("A", start, units, units)], 28)[0]
    assert known.units == pytest.approx(280, rel=0.06)
    assert blind.units > 1.1 * known.units


def test_a_promotion_in_the_last_weeks_does_not_lift_the_level() -> None:
    rng = np.random.default_rng(3)
    factor = np.ones(400)
    factor[386:] = 1.8
    units = rng.poisson(10 * factor).astype(np.float64)
    start = date(2026, 9, 1) - timedelta(days=399)
    known = forecast_series([Series("A", start, units, units, price=PriceEffect(factor, np.ones(400)))], 28)[0]
    assert known.units == pytest.approx(280, rel=0.07)


def test_the_effect_on_a_sum_leaves_the_parts_units_at_todays_prices() -> None:
    rng = np.random.default_rng(4)
    levels = [rng.poisson(5, 30).astype(np.float64), rng.poisson(9, 30).astype(np.float64)]
    effect = PriceEffect(rng.uniform(0.5, 2, 30), np.ones(30))
    whole = combined(levels, [effect, None])
    assert whole is not None
    units = levels[0] * effect.paid + levels[1]
    assert units / whole.paid == pytest.approx(levels[0] + levels[1])
    assert combined(levels, [None, None]) is None
