"""Events by country and channel: where they hold, that they are learned, and that drivers and splits add up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.tiny_shop import build
from tools.forecasting.around import calendar_of, split
from tools.forecasting.demand import forecast, forecast_series
from tools.forecasting.drivers import drivers, events_inside
from tools.forecasting.events import PIECES, Place, pieces, place_of, windows
from tools.forecasting.series import Scope, Series

AMAZON_US, SHOPIFY_US = Place(("US",), ("amazon",)), Place(("US",), ("shopify",))


def names(year: int, place: Place | None) -> set[str]:
    return {name for name, _, _ in windows(year, place)}


def test_events_hold_where_a_series_sells() -> None:
    assert {"prime_day", "prime_big_deal_days"} <= names(2026, AMAZON_US)
    assert not {"prime_day", "golden_week_japan", "mid_year_618"} & names(2026, SHOPIFY_US)
    assert "golden_week_japan" in names(2026, Place(("JP",), ("shopify",)))
    assert {"mid_year_618", "chinese_new_year"} <= names(2026, Place(("US",), ("alibaba",)))
    assert {"black_friday", "christmas"} <= names(2026, None)


def test_the_shorter_event_names_the_day() -> None:
    label = pieces(np.array([date(2026, 12, 11).toordinal(), date(2026, 12, 12).toordinal()]), AMAZON_US)
    assert [PIECES[one] for one in label] == ["gift_season", "double_twelve"]


def test_a_place_is_where_a_tenth_of_the_units_go(tmp_path: Path) -> None:
    shop = build(tmp_path)
    assert place_of(shop, (), (), ()) == Place(("DE", "US"), ("amazon", "shopify"))
    assert place_of(shop, ("BOT-750",), (), ()) == Place(("US",), ("shopify",))


def seller(place: Place | None, end: date, lift: float) -> Series:
    """A hundred a day for two and a half years, `lift` times as many on Prime Days."""
    start = date(2024, 1, 1)
    days = (end - start).days + 1
    units = np.random.default_rng(1).poisson(100, days).astype(np.float64)
    for first, last in ((date(2024, 7, 16), date(2024, 7, 17)), (date(2025, 7, 8), date(2025, 7, 11))):
        units[(first - start).days : (last - start).days + 1] *= lift
    return Series("A", start, units, units, place=place)


def test_an_event_on_another_date_is_expected_from_its_past() -> None:
    end = date(2026, 6, 10)
    (knows,) = forecast_series([seller(AMAZON_US, end, 3.0)], 30)
    (blind,) = forecast_series([seller(SHOPIFY_US, end, 3.0)], 30)
    prime = slice((date(2026, 6, 23) - end).days - 1, (date(2026, 6, 26) - end).days)
    assert knows.path[prime].mean() == pytest.approx(285, rel=0.12)
    assert np.delete(knows.path, np.r_[prime]).mean() == pytest.approx(100, rel=0.1)
    assert blind.path[prime].mean() < 150
    (effect,) = (one for one in events_inside(knows) if one.name == "prime_day")
    assert effect.years == 2
    assert effect.added == pytest.approx(4 * 185, rel=0.15)


def test_an_event_that_did_nothing_changes_nothing() -> None:
    end = date(2026, 6, 10)
    (one,) = forecast_series([seller(AMAZON_US, end, 1.0)], 30)
    prime = slice((date(2026, 6, 23) - end).days - 1, (date(2026, 6, 26) - end).days)
    assert one.path[prime].mean() == pytest.approx(100, rel=0.1)


def test_an_event_never_seen_has_no_uplift() -> None:
    place = Place(("JP",), ("shopify",))
    start = date(2025, 6, 1)
    units = np.full(320, 10.0)
    (one,) = forecast_series([Series("A", start, units, units, place=place)], 30)
    golden = pieces(np.arange(one.start.toordinal(), one.end.toordinal() + 1), place) == PIECES.index(
        "golden_week_japan"
    )
    assert golden.any()
    assert one.path[golden].mean() == pytest.approx(10, rel=0.02)


def test_drivers_add_up_to_the_forecast() -> None:
    end = date(2026, 6, 10)
    (one,) = forecast_series([seller(AMAZON_US, end, 3.0)], 30)
    found = drivers(one)
    assert found is not None
    assert found.before == round(float(one.series.ordered[-30:].sum()))
    assert found.after == round(one.units)
    assert found.parts["events"] == pytest.approx(4 * 185, rel=0.2)
    assert max(found.parts, key=lambda name: abs(found.parts[name])) == "events"


def test_no_drivers_without_days_to_compare_with() -> None:
    units = np.full(20, 5.0)
    (one,) = forecast_series([Series("A", date(2026, 5, 1), units, units)], 30)
    assert drivers(one) is None


def test_the_split_adds_up_and_follows_the_orders(tmp_path: Path) -> None:
    shop = build(tmp_path)
    for total in (90.0, 91.4, 0.6):
        parts = split(shop, Scope(), total)
        assert sum(part.units for part in parts) == round(total)
    assert [(part.country, part.channel, part.units) for part in split(shop, Scope(), 90.0)] == [
        ("US", "shopify", 60), ("DE", "amazon", 30),
    ]  # fmt: skip
    assert split(shop, Scope(("BOT-750",)), 60.0) == []


def test_the_calendar_of_a_forecast_names_countries(tmp_path: Path) -> None:
    shop = build(tmp_path)
    found = forecast(shop, Scope(), 30)
    assert found is not None
    told = {event.name: places for event, places in calendar_of(found.total, Scope())}
    assert told["black_friday"] == ("DE", "US")
    assert told["double_twelve"] == ("DE", "US")
    assert {event.name for event, _ in calendar_of(found.total, Scope((), ("US",), ("shopify",)))} >= {"cyber_monday"}
    assert "double_twelve" not in {e.name for e, _ in calendar_of(found.total, Scope((), ("US",), ("shopify",)))}
    assert all(event.start <= found.total.end for event, _ in calendar_of(found.total, Scope()))
    assert found.total.start - timedelta(days=1) == shop.as_of
