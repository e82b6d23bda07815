"""Goods whose name tells their season: which names do, what the season says, and what it does to a forecast."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from shop.seasonal_goods import SeasonalGoods, names, seasonal_goods
from tools.forecasting.demand import forecast_series
from tools.forecasting.drivers import drivers
from tools.forecasting.series import Series
from tools.forecasting.weeks_ahead import forecast_weeks
from tools.messages import wordings

Floats = NDArray[np.float64]


def kind(name: str, countries: tuple[str, ...] = ()) -> SeasonalGoods:
    found = seasonal_goods(name, countries)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Wooden Christmas Star", "christmas"), ("PAPER CHAIN KIT 50'S CHRISTMAS ", "christmas"),
        ("Weihnachtskugel rot", "christmas"), ("圣诞袜", "christmas"), ("Advent calendar", "christmas"),
        ("Hand Warmers, set of 2", "cold_weather"), ("hot_water_bottle", "cold_weather"),
        ("Garden parasol", "warm_weather"), ("Runner's Gift Box", "presents"), ("礼盒装毛巾", "presents"),
        ("Cocktail parasols", None), ("Diary with lock", None), ("Insulated Steel Bottle 750 ml", None),
        ("Santal candle", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_tells_the_season(name: str, expected: str | None) -> None:
    found = seasonal_goods(name)
    assert (found.name if found else None) == expected


def test_a_season_averages_to_one_and_peaks_in_its_months() -> None:
    year = np.arange(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())
    months = np.array([date.fromordinal(int(day)).month for day in year])
    for name, peak in (("christmas tree", 11), ("halloween mask", 10), ("swimsuit", 6), ("scarf", 11)):
        season = kind(name).factors(year)
        assert season.mean() == pytest.approx(1.0, abs=0.15)
        assert max(range(1, 13), key=lambda month: season[months == month].mean()) == peak
        assert np.abs(np.diff(np.log(season))).max() < 0.1


def test_weather_turns_round_in_the_south_and_christmas_does_not() -> None:
    june = np.array([date(2026, 6, 15).toordinal()])
    assert kind("scarf", ("AU", "NZ")).factors(june)[0] > 1.5 > 0.5 > kind("scarf", ("AU", "US")).factors(june)[0]
    assert kind("christmas card", ("AU",)).factors(june)[0] == kind("christmas card").factors(june)[0]


def test_every_kind_has_its_words() -> None:
    assert {f"goods.{name}" for name in names()} <= set(wordings())


def weekly_christmas(last: date, weeks: int, ahead: int, seed: int) -> Floats:
    """Sixty products that follow a Christmas season of another shape than the table's: a bell around 20 November."""
    rng = np.random.default_rng(seed)
    middles = last.toordinal() - 3 + 7 * np.arange(1 - weeks, ahead + 1)
    away = np.array(
        [(date.fromordinal(int(day)) - date(date.fromordinal(int(day)).year, 11, 20)).days for day in middles]
    )
    shape = 0.1 + 4 * np.exp(-((away / 60) ** 2))
    return rng.poisson(rng.uniform(3, 30, (60, 1)) * shape).astype(np.float64)


@pytest.mark.slow
def test_a_first_autumn_is_forecast_from_the_name() -> None:
    last = date(2026, 9, 13)
    units = weekly_christmas(last, 40, 8, 1)
    past, ahead = list(units[:, :-8]), units[:, -8:]
    told = forecast_weeks(past, 8, ["Christmas bauble"] * 60, last)
    blind = forecast_weeks(past, 8)
    assert np.abs(told.mean - ahead).sum() < 0.6 * np.abs(blind.mean - ahead).sum()
    assert (told.low <= told.mean).all()
    assert (told.mean <= told.high).all()


def test_names_without_a_season_change_nothing() -> None:
    units = list(np.random.default_rng(2).poisson(9, (60, 40)).astype(np.float64))
    plain, named = forecast_weeks(units, 8), forecast_weeks(units, 8, ["Steel bottle"] * 60, date(2026, 9, 13))
    np.testing.assert_array_equal(plain.mean, named.mean)
    np.testing.assert_array_equal(plain.high, named.high)


def test_a_new_present_rises_towards_christmas_and_drivers_add_up() -> None:
    start = date(2026, 9, 21)
    units = np.random.default_rng(3).poisson(10, 49).astype(np.float64)
    plain, present = forecast_series(
        [Series("A", start, units, units), Series("B", start, units, units, goods=kind("gift box"))], 30
    )
    assert present.units > 1.05 * plain.units
    assert present.high - present.units > plain.high - plain.units
    found = drivers(present)
    assert found is not None
    assert found.parts["season"] > 0
    assert found.after == round(present.units)


def test_years_of_its_own_outweigh_the_table() -> None:
    """Named like winter goods, but sells the same all year: with three years of that, hardly anything is left of it."""
    units = np.random.default_rng(4).poisson(40, 1096).astype(np.float64)
    start = date(2026, 10, 1) - timedelta(days=1096)
    (one,) = forecast_series([Series("A", start, units, units, goods=kind("scarf"))], 60)
    assert one.units == pytest.approx(2400, rel=0.2)
