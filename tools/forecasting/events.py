"""The yearly events whose date moves or whose peak is too short for a smooth season, where a series sells.

Seven pieces around Black Friday and Christmas hold for every series. The others come from the shop's dated
calendar and hold only where the series sells: Golden Week in Japan, Prime Day on Amazon, Chinese New Year on
wholesale channels. How strong an event is, is learned from the orders, never told here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shop.calendar import black_friday, of_year
from shop.warehouse import Shop

BLACK_FRIDAY = "black_friday"
AUTUMN: tuple[str, ...] = (
    "singles_day", "before_black_friday", BLACK_FRIDAY, "after_black_friday", "gift_season", "christmas", "new_year",
)  # fmt: skip
# From the calendar, with the spread (log) of what such an event may do where nothing is known yet.
CALENDAR: dict[str, float] = {
    "prime_day": 0.5, "prime_big_deal_days": 0.5, "mid_year_618": 0.5, "double_twelve": 0.4,
    "chinese_new_year": 0.5, "golden_week_china": 0.4, "golden_week_japan": 0.4, "amazon_spring_sale": 0.3,
}  # fmt: skip
PIECES: tuple[str, ...] = (*AUTUMN, *CALENDAR)
SPREAD_BEFORE_SEEN = 0.7
LEAST_SHARE = 0.1

__all__ = ["BLACK_FRIDAY", "PIECES", "Place", "black_friday", "occurrences", "pieces", "place_of", "spread_unseen"]


@dataclass(frozen=True)
class Place:
    """The countries and channels a series mostly sells in."""

    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


_SHARES = """
    SELECT o.country, o.channel, sum(l.quantity)::DOUBLE FROM orders o JOIN order_lines l USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 AND o.ordered_at::DATE <= ?::DATE
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.country))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel))
    GROUP BY ALL
"""


def place_of(shop: Shop, skus: tuple[str, ...], countries: tuple[str, ...], channels: tuple[str, ...]) -> Place:
    """Countries and channels that each take at least a tenth of the units of a scope; empty tuples mean all."""
    filters = [list(skus), list(skus), list(countries), list(countries), list(channels), list(channels)]
    rows = shop.rows(_SHARES, [shop.as_of, *filters])
    by_country: dict[str, float] = {}
    by_channel: dict[str, float] = {}
    for country, channel, units in rows:
        by_country[str(country)] = by_country.get(str(country), 0.0) + float(units)
        by_channel[str(channel)] = by_channel.get(str(channel), 0.0) + float(units)
    return Place(_most(by_country), _most(by_channel))


def _most(units: dict[str, float]) -> tuple[str, ...]:
    least = LEAST_SHARE * sum(units.values())
    return tuple(sorted(name for name, sold in units.items() if sold >= least))


@cache
def windows(year: int, place: Place | None = None) -> tuple[tuple[str, date, date], ...]:
    """Name, first and last day of each event that begins in the year; the longest first.

    Black Friday runs to Cyber Monday. Without a place only the seven pieces of the autumn are there.
    """
    friday = black_friday(year)
    found = [
        ("singles_day", date(year, 11, 10), date(year, 11, 12)),
        ("before_black_friday", friday - timedelta(days=7), friday - timedelta(days=1)),
        (BLACK_FRIDAY, friday, friday + timedelta(days=3)),
        ("after_black_friday", friday + timedelta(days=4), friday + timedelta(days=6)),
        ("gift_season", friday + timedelta(days=7), date(year, 12, 20)),
        ("christmas", date(year, 12, 21), date(year, 12, 26)),
        ("new_year", date(year, 12, 27), date(year + 1, 1, 3)),
    ]
    if place is not None:
        held = {
            (event.name, event.start, event.end)
            for event in of_year(year)
            if event.name in CALENDAR
            and any(
                event.holds(country, channel)
                for country in place.countries or (None,)
                for channel in place.channels or (None,)
            )
        }
        found += sorted(_merged(held))
    return tuple(sorted(found, key=lambda one: (one[1] - one[2], one[1])))


def _merged(spans: set[tuple[str, date, date]]) -> list[tuple[str, date, date]]:
    """Occurrences of the same event in several countries as one where they touch."""
    out: list[tuple[str, date, date]] = []
    for name, first, last in sorted(spans):
        if out and out[-1][0] == name and first <= out[-1][2] + timedelta(days=1):
            out[-1] = (name, out[-1][1], max(last, out[-1][2]))
        else:
            out.append((name, first, last))
    return out


def occurrences(first: int, last: int, place: Place | None = None) -> list[tuple[int, int, int]]:
    """(piece, first, last) as ordinals for every event touching the days first..last."""
    found = []
    for year in range(date.fromordinal(first).year - 1, date.fromordinal(last).year + 1):
        for name, begin, end in windows(year, place):
            if end.toordinal() >= first and begin.toordinal() <= last:
                found.append((PIECES.index(name), begin.toordinal(), end.toordinal()))
    return found


def pieces(ordinals: NDArray[np.int64], place: Place | None = None) -> NDArray[np.int64]:
    """Per day the index into PIECES, -1 on ordinary days; where events overlap the shorter one is named."""
    label = np.full(len(ordinals), -1, dtype=np.int64)
    if len(ordinals):
        found = occurrences(int(ordinals[0]), int(ordinals[-1]), place)
        for piece, begin, end in sorted(found, key=lambda one: one[1] - one[2]):
            label[(ordinals >= begin) & (ordinals <= end)] = piece
    return label


def spread_unseen() -> NDArray[np.float64]:
    """Per piece the standard deviation (log) of an uplift nobody has seen yet."""
    return np.array([SPREAD_BEFORE_SEEN] * len(AUTUMN) + list(CALENDAR.values()))
