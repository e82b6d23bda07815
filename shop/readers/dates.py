"""Dates as people write them: day or month first, decided once per column, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from shop.readers.amounts import BLANK
from shop.readers.clean import clean

YEARS = range(1990, 2101)
CLOCK = r"(?:[T ,]+(?P<h>\d{1,2})[:.h](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?|上午|下午)?)?"
ZONE = r"\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})[-/.年 ](?P<m>\d{{1,2}})[-/.月 ](?P<d>\d{{1,2}})日?{CLOCK}{ZONE}")
COMPACT = re.compile(rf"(?P<y>\d{{4}})(?P<m>\d{{2}})(?P<d>\d{{2}}){CLOCK}{ZONE}")
YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}})(?P<sep>[-/. ])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}}){CLOCK}{ZONE}")
DAY_NAME = re.compile(
    rf"(?P<d>\d{{1,2}})\.?[- ](?:de )?(?P<n>[^\W\d]{{3,}})\.?,?[- ](?:de )?(?P<y>\d{{4}}|\d{{2}}){CLOCK}{ZONE}"
)
NAME_DAY = re.compile(rf"(?P<n>[^\W\d]{{3,}})\.?[- ](?P<d>\d{{1,2}}),?[- ](?P<y>\d{{4}}){CLOCK}{ZONE}")
PLAIN_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?")

Read = tuple[date | datetime | None, str | None]


@dataclass(frozen=True)
class Evidence:
    """How many rows can only be day first, only month first, or both."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0


def evidence(values: Mapping[str, int]) -> Evidence:
    """What the column says about the order of day and month. Points (`7.10.2025`) always mean day first."""
    day = month = either = 0
    for text, rows in values.items():
        found = YEAR_LAST.fullmatch(_tidy(text))
        if not found or found["sep"] == "." or found["a"] == found["b"]:
            continue
        first, second = int(found["a"]), int(found["b"])
        if first > 12 >= second:
            day += rows
        elif second > 12 >= first:
            month += rows
        else:
            either += rows
    return Evidence(day, month, either)


def day_first(own: Evidence, file: Evidence) -> bool | None:
    """True, False, or None when neither the column nor the file tells."""
    for found in (own, file):
        if found.day_first and not found.month_first:
            return True
        if found.month_first and not found.day_first:
            return False
        if found.day_first and found.month_first:
            return None
    return None


class DateColumn:
    """Reads one column of dates or times. Times with a zone become UTC; times without are kept."""

    def __init__(self, day_first: bool | None, time: bool) -> None:
        self._day_first = day_first
        self._time = time

    def read(self, text: str) -> Read:
        """The date (or time), or the reason it is refused; (None, None) for a blank."""
        if PLAIN_ISO.fullmatch(text):
            try:
                return self._ranged(datetime.fromisoformat(text))
            except ValueError:
                return None, "is not a date"
        tidy = _tidy(text)
        if tidy.lower() in BLANK:
            return None, None
        for pattern in (YEAR_FIRST, COMPACT):
            if found := pattern.fullmatch(tidy):
                return self._made(found, int(found["m"]), int(found["d"]))
        if found := YEAR_LAST.fullmatch(tidy):
            return self._year_last(found)
        for pattern in (DAY_NAME, NAME_DAY):
            if found := pattern.fullmatch(tidy):
                month = month_names().get(found["n"].casefold())
                return self._made(found, month, int(found["d"])) if month else (None, "is not a date")
        return None, "is not a date"

    def _year_last(self, found: re.Match[str]) -> Read:
        first, second = int(found["a"]), int(found["b"])
        if found["sep"] == "." or first == second:
            return self._made(found, second, first)
        if self._day_first is None:
            return None, "does not tell day from month: write it as 2025-10-07"
        return self._made(found, second, first) if self._day_first else self._made(found, first, second)

    def _made(self, found: re.Match[str], month: int, day: int) -> Read:
        year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        hour, half = int(found["h"] or 0), (found["ap"] or "").lower().replace(".", "")
        if half in ("pm", "下午") and hour < 12:
            hour += 12
        elif half in ("am", "上午") and hour == 12:
            hour = 0
        try:
            moment = datetime(year, month, day, hour, int(found["mi"] or 0), int(found["s"] or 0))
        except ValueError:
            return None, "is not a date"
        zone = found["z"] or ""
        if zone[:1] in ("+", "-"):
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
            moment = moment - offset if zone[0] == "+" else moment + offset
        return self._ranged(moment)

    def _ranged(self, moment: datetime) -> Read:
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        if moment.year not in YEARS:
            return None, f"is outside the years {YEARS[0]} to {YEARS[-1]}"
        return (moment if self._time else moment.date()), None


def _tidy(text: str) -> str:
    return (clean(text, code=True) or "").replace("\u00a0", " ").replace("\u202f", " ")


@lru_cache
def month_names() -> dict[str, int]:
    """Month names and their short forms in seven languages, without case."""
    from babel.dates import get_month_names

    found: dict[str, int] = {"sept": 9}
    for language in ("en", "de", "fr", "es", "it", "pt", "nl"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                found[name.casefold().rstrip(".")] = number
    return found
