"""What a reader found in a text: each thing said, where, and how exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Span = tuple[int, int]


@dataclass(frozen=True)
class NumberSaid:
    """A number in a text.

    unit: percent, points (percentage points), an ISO 4217 code, day, week, month, year, hour, times
    (a factor), piece, a counted noun (order, review, sku, ...), ml, cm, kg, ... or None. `other_units` holds
    what an ambiguous sign can also mean (¥: JPY, CNY). `step` is the value of the last digit written
    (1.2k: 100). `approximate` is how the number is hedged; `bound` is its place in a range or after a word
    such as "at least"; `role` is "discount" for 30% off; `word` marks numbers written in words.
    """

    value: Decimal
    start: int
    end: int
    text: str
    unit: str | None = None
    other_units: tuple[str, ...] = ()
    step: Decimal = Decimal(1)
    decimals: int = 0
    scale: Decimal = Decimal(1)
    approximate: Literal["about", "over", "under"] | None = None
    bound: Literal["low", "high"] | None = None
    in_range: bool = False
    role: Literal["discount"] | None = None
    word: bool = False

    @property
    def span(self) -> Span:
        """Where it stands, unit included."""
        return (self.start, self.end)


@dataclass(frozen=True)
class DateSaid:
    """A day or a stretch of days in a text; both ends count.

    kind: day; range (from, to, or a named stretch such as last week); duration (the next 30 days);
    deadline (by the end of the year: `end` is the day meant). `absolute` is true when the calendar is named
    (27 Nov, Q1 2027), false when it hangs on today. `year_said` is false for 27 Nov. `name` is a named day
    such as black_friday.
    """

    start: date
    end: date
    span: Span
    text: str
    kind: Literal["day", "range", "duration", "deadline"]
    absolute: bool = True
    year_said: bool = True
    name: str | None = None
    horizon_days: int | None = None

    @property
    def days(self) -> int:
        """How many days it spans; months in a duration count 30, half a year 182."""
        return self.horizon_days or (self.end - self.start).days + 1


@dataclass(frozen=True)
class SkuSaid:
    """A product in a text. `score` is 1.0 for its code or full name, less for part of a name or a typo;
    `alternatives` are the other SKUs the same words may mean, best first."""

    sku: str
    span: Span
    text: str
    score: float
    by: Literal["code", "name", "part", "typo"]
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnknownSku:
    """A code in the shop's style that the shop does not have, and the nearest codes it has."""

    text: str
    span: Span
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class CountrySaid:
    """A country in a text, ISO 3166 alpha-2."""

    country: str
    span: Span
    text: str


@dataclass(frozen=True)
class ChannelSaid:
    """A sales channel in a text; `known` is false when the shop does not sell there."""

    channel: str
    span: Span
    text: str
    known: bool = True


@dataclass(frozen=True)
class LanguageSaid:
    """A language asked for as the language of an output, BCP 47."""

    language: str
    span: Span
    text: str
