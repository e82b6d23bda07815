"""The dated sales events and public holidays that move orders, by country and channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from shop.errors import ShopError

EventKind = Literal["sale", "gift", "season", "holiday", "closure", "deadline"]
TABLE = Path(__file__).resolve().parent / "reference" / "sales_events.yaml"
HOLIDAY_NAMES = TABLE.with_name("holiday_names.yaml")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENTRY = frozenset({"name", "kind", "source", "rule", "years", "countries", "channels", "confirmed", "confirmed_until"})
_RULE = frozenset({"month", "day", "nth", "weekday", "easter", "shift", "days", "weekdays"})
LAST_YEAR = 9990


@dataclass(frozen=True)
class SalesEvent:
    """One occurrence of an event.

    `name` is a key: prompts/messages words it as event.<name>. Empty `countries` or `channels` mean all.
    `confirmed` is False where the organiser, carrier or state had not named the days when the table was written.
    """

    name: str
    kind: EventKind
    start: date
    end: date
    countries: tuple[str, ...]
    channels: tuple[str, ...]
    confirmed: bool
    source: str

    def holds(self, country: str | None = None, channel: str | None = None) -> bool:
        """Whether it touches the country and the channel; None asks for any."""
        there = country is None or not self.countries or country in self.countries
        return there and (channel is None or not self.channels or channel in self.channels)


@dataclass(frozen=True)
class Holiday:
    """A public holiday of a country, named in English and Chinese; `zh` is the English name where none is known."""

    day: date
    country: str
    en: str
    zh: str


def events_between(start: date, end: date, country: str | None = None, channel: str | None = None) -> list[SalesEvent]:
    """Every event that touches the days start..end, in the order of their first day.

    Without a country or channel those of every place are listed. Where an event is dated for several groups
    of places, each place asked for comes once, with the longest dates it has.
    Raises ShopError when the table is damaged.
    """
    found: list[SalesEvent] = []
    for year in range(max(start.year - 1, 1), min(end.year + 1, LAST_YEAR) + 1):
        inside = [one for one in of_year(year) if one.start <= end and one.end >= start and one.holds(country, channel)]
        found += [one for one in inside if not any(_within(one, other, country, channel, inside) for other in inside)]
    return sorted(found, key=lambda one: (one.start, one.end, one.name, one.countries))


def _within(
    one: SalesEvent, other: SalesEvent, country: str | None, channel: str | None, found: list[SalesEvent]
) -> bool:
    """Whether the other occurrence says all that this one says of the places asked for."""
    if one is other or one.name != other.name or other.start > one.start or other.end < one.end:
        return False
    if not _inside(one, other, country, channel):
        return False
    alike = (one.start, one.end) == (other.start, other.end) and _inside(other, one, country, channel)
    return not alike or found.index(other) < found.index(one)


def _inside(one: SalesEvent, other: SalesEvent, country: str | None, channel: str | None) -> bool:
    """Whether the places of one are places of the other, as far as they were asked for."""

    def held(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
        return not theirs or (bool(mine) and set(mine) <= set(theirs))

    return (country is not None or held(one.countries, other.countries)) and (
        channel is not None or held(one.channels, other.channels)
    )


@cache
def of_year(year: int) -> tuple[SalesEvent, ...]:
    """Every occurrence that the table dates to a year; those around New Year belong to the year they begin in."""
    found = []
    for entry in _table():
        span, confirmed = _days(entry, year)
        if span is not None:
            found.append(
                SalesEvent(
                    entry["name"], entry["kind"], *span, tuple(entry.get("countries", ())),
                    tuple(entry.get("channels", ())), confirmed, entry["source"],
                )
            )  # fmt: skip
    return tuple(found)


def table_version() -> str:
    """The month in which the table was last brought up to date, as 'sales_events 2026-11'."""
    return f"sales_events {_read()['version']}"


def names() -> tuple[str, ...]:
    """The key of every event in the table, once each."""
    return tuple(dict.fromkeys(entry["name"] for entry in _table()))


def holidays_between(start: date, end: date, country: str) -> list[Holiday]:
    """Public holidays of a country (ISO 3166) on the days start..end; empty for a country `holidays` does not know.

    Chinese names come from `holidays` where it has them, else from shop/reference/holiday_names.yaml.
    """
    import holidays

    years = range(start.year, end.year + 1)
    told: dict[str, dict[date, str]] = {}
    for ours, wanted in (("en", ("en_US", "en_GB")), ("zh", ("zh_CN", "zh_TW"))):
        try:
            language = _language(country, wanted)
            told[ours] = dict(holidays.country_holidays(country, years=years, language=language).items())
        except NotImplementedError:
            return []
    chinese = bool(_language(country, ("zh_CN", "zh_TW")))
    return [
        Holiday(day, country, name, told["zh"][day] if chinese else _in_chinese(name))
        for day, name in sorted(told["en"].items())
        if start <= day <= end
    ]


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    return _nth(year, 11, 4, 3) + timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def _language(country: str, wanted: tuple[str, ...]) -> str | None:
    import holidays

    known = holidays.country_holidays(country).supported_languages
    return next((one for one in wanted if one in known), None)


def _in_chinese(name: str) -> str:
    plain, observed = name.removesuffix(" (observed)"), name.endswith(" (observed)")
    known = _holiday_names().get(plain)
    return name if known is None else known + "（补假）" * observed


@cache
def _holiday_names() -> dict[str, str]:
    return dict(_yaml(HOLIDAY_NAMES))


@cache
def _read() -> dict[str, Any]:
    told = _yaml(TABLE)
    for entry in told["events"]:
        strange = set(entry) - _ENTRY | set(entry.get("rule", {})) - _RULE
        if strange or not (entry.keys() >= {"name", "kind", "source"} and entry.keys() & {"rule", "years"}):
            raise ShopError(f"{TABLE.name}: {entry.get('name')} is not as the head of the file says.")
    return told


def _yaml(path: Path) -> dict[str, Any]:
    import yaml

    try:
        told = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as broken:
        raise ShopError(f"{path.name} cannot be read: restore it.") from broken
    return dict(told)


def _table() -> list[dict[str, Any]]:
    return list(_read()["events"])


def _days(entry: Mapping[str, Any], year: int) -> tuple[tuple[date, date] | None, bool]:
    """First and last day in a year, and whether they are confirmed."""
    years = entry.get("years", {})
    if year in years:
        first, last = years[year]
        return (first, last), year <= entry.get("confirmed_until", year)
    if "rule" not in entry:
        return None, False
    return _by_rule(entry["rule"], year), entry.get("confirmed", not years)


def _by_rule(rule: Mapping[str, Any], year: int) -> tuple[date, date]:
    if "easter" in rule:
        first = easter(year) + timedelta(days=rule["easter"])
    elif "nth" in rule:
        first = _nth(year, rule["month"], rule["nth"], WEEKDAYS.index(rule["weekday"]))
    else:
        first = date(year, rule["month"], rule["day"])
    first += timedelta(days=rule.get("shift", 0))
    if rule.get("weekdays"):  # the working day (Monday to Friday) on or before it
        first -= timedelta(days=max(first.weekday() - 4, 0))
    return first, first + timedelta(days=rule.get("days", 1) - 1)


def _nth(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth such weekday of a month; -1 is the last."""
    if nth < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
