"""Events and holidays fall on the days the world knows them by."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import calendar
from shop.calendar import SalesEvent, black_friday, easter, events_between, holidays_between, names, of_year
from shop.errors import ShopError
from tools.messages import wordings


def first_days(name: str, country: str | None = None, channel: str | None = None) -> list[date]:
    """The first day of each occurrence of 2024 to 2027."""
    found = events_between(date(2024, 1, 1), date(2027, 12, 31), country, channel)
    return sorted({one.start for one in found if one.name == name and one.start.year >= 2024})


def spans(name: str, year: int, country: str) -> list[tuple[date, date]]:
    """First and last days in one year and country."""
    found = events_between(date(year, 1, 1), date(year, 12, 31), country)
    return [(e.start, e.end) for e in found if e.name == name and e.start.year == year]


def days_of(events: list[SalesEvent]) -> set[tuple[str, date]]:
    """Every day of every event by name."""
    return {(e.name, e.start + timedelta(days=n)) for e in events for n in range((e.end - e.start).days + 1)}


def test_black_friday_and_its_monday() -> None:
    fridays = [date(2024, 11, 29), date(2025, 11, 28), date(2026, 11, 27), date(2027, 11, 26)]
    assert [black_friday(day.year) for day in fridays] == fridays
    assert first_days("black_friday", "US", "amazon") == fridays
    assert first_days("cyber_monday", "DE") == [day + timedelta(days=3) for day in fridays]


def test_chinese_new_year_and_the_factories_around_it() -> None:
    new_year = {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6)}
    for year, day in new_year.items():
        ((begin, end),) = spans("chinese_new_year", year, "CN")
        assert begin <= day <= end
        ((closed, opened),) = spans("factory_closure_new_year", year, "CN")
        assert day - timedelta(days=10) <= closed < begin
        assert day + timedelta(days=14) <= opened <= day + timedelta(days=15)
    wholesale = [e for e in of_year(2027) if e.name == "chinese_new_year" and e.holds("US", "alibaba")]
    assert [(e.start, e.confirmed) for e in wholesale] == [(date(2027, 2, 5), False)]
    assert not [e for e in of_year(2027) if e.name == "chinese_new_year" and e.holds("US", "shopify")]


def test_chinese_new_year_agrees_with_the_holidays_package() -> None:
    for year in (2025, 2026, 2027, 2028):
        days = {
            h.day for h in holidays_between(date(year, 1, 1), date(year, 3, 15), "CN") if "Chinese New Year" in h.en
        }
        ((begin, end),) = spans("chinese_new_year", year, "CN")
        assert min(days) >= begin
        assert min(days) + timedelta(days=3) <= end


def test_marketplace_events() -> None:
    assert first_days("prime_day", "US", "amazon") == [
        date(2024, 7, 16), date(2025, 7, 8), date(2026, 6, 23), date(2027, 6, 22),
    ]  # fmt: skip
    assert first_days("prime_day", "JP", "amazon")[:2] == [date(2024, 7, 16), date(2025, 7, 11)]
    assert first_days("prime_day", "US", "shopify") == []
    assert first_days("prime_big_deal_days", "DE", "amazon")[:2] == [date(2024, 10, 8), date(2025, 10, 7)]
    assert {e.confirmed for e in of_year(2025) if e.name == "prime_day"} == {True}
    assert {e.confirmed for e in of_year(2027) if e.name == "prime_day"} == {False}
    assert first_days("singles_day") == [date(year, 11, 11) for year in range(2024, 2028)]
    assert spans("mid_year_618", 2026, "CN") == [(date(2026, 6, 16), date(2026, 6, 18))]
    assert first_days("mid_year_618", "US", "shopify") == []
    assert first_days("mid_year_618", "US", "tiktok")
    assert first_days("double_twelve", "US", "shopify") == []


def test_golden_weeks() -> None:
    assert spans("golden_week_japan", 2025, "JP") == [(date(2025, 4, 29), date(2025, 5, 6))]
    assert spans("golden_week_japan", 2026, "JP") == [(date(2026, 4, 29), date(2026, 5, 6))]
    assert spans("golden_week_japan", 2030, "JP") == [(date(2030, 4, 29), date(2030, 5, 5))]
    assert spans("golden_week_china", 2025, "CN") == [(date(2025, 10, 1), date(2025, 10, 8))]
    assert spans("golden_week_japan", 2026, "US") == []


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_japans_golden_week_holds_its_public_holidays(year: int) -> None:
    ((begin, end),) = spans("golden_week_japan", year, "JP")
    days = {h.day for h in holidays_between(date(year, 4, 20), date(year, 5, 15), "JP")}
    assert len(days) >= 4
    assert all(begin <= day <= end for day in days)


def test_mothers_day_by_country() -> None:
    sundays = {
        "US": [date(2024, 5, 12), date(2025, 5, 11), date(2026, 5, 10), date(2027, 5, 9)],
        "GB": [date(2024, 3, 10), date(2025, 3, 30), date(2026, 3, 15), date(2027, 3, 7)],
        "FR": [date(2024, 5, 26), date(2025, 5, 25), date(2026, 5, 31), date(2027, 5, 30)],
        "ES": [date(2024, 5, 5), date(2025, 5, 4), date(2026, 5, 3), date(2027, 5, 2)],
        "MX": [date(year, 5, 10) for year in range(2024, 2028)],
    }
    for country, days in sundays.items():
        assert [spans("mothers_day", day.year, country)[0][1] for day in days] == days, country
    assert [spans("fathers_day", year, "DE")[0][1] for year in (2025, 2026)] == [date(2025, 5, 29), date(2026, 5, 14)]


def test_france_keeps_mothers_day_off_whit_sunday() -> None:
    for year in range(2024, 2029):
        ((_, sunday),) = spans("mothers_day", year, "FR")
        assert sunday.weekday() == 6
        last = max(date(year, 5, day) for day in range(25, 32) if date(year, 5, day).weekday() == 6)
        assert sunday == (last + timedelta(days=7) if last == easter(year) + timedelta(days=49) else last)


def test_last_posting_days() -> None:
    def last(name: str, year: int, country: str) -> tuple[date, bool]:
        (one,) = (e for e in of_year(year) if e.name == name and e.holds(country))
        return one.end, one.confirmed

    assert last("posting_deadline_standard", 2025, "US") == (date(2025, 12, 17), True)
    assert last("posting_deadline_express", 2024, "GB") == (date(2024, 12, 23), True)
    assert last("posting_deadline_standard", 2025, "DE") == (date(2025, 12, 20), True)
    assert last("posting_deadline_standard", 2026, "DE") == (date(2026, 12, 18), False)  # the 20th is a Sunday
    assert not last("posting_deadline_standard", 2026, "FR")[1]


def test_an_event_that_runs_over_new_year_is_found_in_january() -> None:
    assert "new_year" in {e.name for e in events_between(date(2027, 1, 1), date(2027, 1, 1), "JP")}
    assert "new_year" in {e.name for e in events_between(date(2027, 1, 3), date(2027, 1, 3), "JP")}
    assert "new_year" not in {e.name for e in events_between(date(2027, 1, 3), date(2027, 1, 3), "US")}


def test_every_event_has_a_name_in_both_languages_and_a_source() -> None:
    assert {f"event.{name}" for name in names()} == {key for key in wordings() if key.startswith("event.")}
    for event in (e for year in (2024, 2025, 2026, 2027) for e in of_year(year)):
        assert event.source
        assert event.start <= event.end
        assert all(len(code) == 2 and code.isupper() for code in event.countries), event
        assert all(name == name.lower() for name in event.channels)


@pytest.mark.parametrize("name", names())
def test_every_event_is_dated_in_2024_to_2027(name: str) -> None:
    assert {e.start.year for year in range(2024, 2028) for e in of_year(year) if e.name == name} == {
        2024,
        2025,
        2026,
        2027,
    }


def test_no_event_stands_twice_for_a_place() -> None:
    for country in ("US", "DE", "GB", "FR", "JP", "CN", "ES", "AU"):
        for channel in ("shopify", "amazon"):
            found = events_between(date(2026, 1, 1), date(2026, 12, 31), country, channel)
            days = sorted((e.name, e.start, e.end) for e in found)
            for one, other in pairwise(days):
                assert one[0] != other[0] or one[2] < other[1], (country, one, other)


def test_public_holidays_have_english_and_chinese_names() -> None:
    found = holidays_between(date(2026, 11, 20), date(2026, 12, 31), "US")
    assert [(h.day, h.en, h.zh) for h in found] == [
        (date(2026, 11, 26), "Thanksgiving Day", "感恩节"), (date(2026, 12, 25), "Christmas Day", "圣诞节"),
    ]  # fmt: skip
    (national, *_) = holidays_between(date(2026, 10, 1), date(2026, 10, 1), "CN")
    assert (national.en, national.zh) == ("National Day", "国庆节")
    assert holidays_between(date(2026, 1, 1), date(2026, 12, 31), "ZZ") == []


@given(st.integers(1900, 2200))
def test_easter_is_a_sunday_after_the_equinox_and_agrees_with_dateutil(year: int) -> None:
    from dateutil.easter import easter as oracle  # type: ignore[import-untyped]

    assert easter(year) == oracle(year)


@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)), st.integers(0, 120), st.sampled_from(["US", "JP", "DE", None]))
def test_events_touch_the_days_asked_for_and_none_is_missed(start: date, length: int, country: str | None) -> None:
    end = start + timedelta(days=length)
    found = events_between(start, end, country)
    assert found == sorted(found, key=lambda e: (e.start, e.end, e.name, e.countries))
    every = [e for year in range(2022, 2031) for e in of_year(year)]
    there = [e for e in every if e.start <= end and e.end >= start and e.holds(country)]
    assert days_of(found) == days_of(there)
    assert len({(e.name, e.start, e.end, e.countries, e.channels) for e in found}) == len(found)


def test_a_damaged_table_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "sales_events.yaml"
    broken.write_text("version: x\nevents:\n  - {name: a, kind: sale, source: s, ruel: {month: 1}}\n", encoding="utf-8")
    monkeypatch.setattr(calendar, "TABLE", broken)
    calendar._read.cache_clear()
    try:
        with pytest.raises(ShopError, match=r"sales_events\.yaml: a is not"):
            calendar._read()
    finally:
        calendar._read.cache_clear()
