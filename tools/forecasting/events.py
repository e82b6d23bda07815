"""The yearly sales events whose date moves or whose peak is too short for a smooth season."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

BLACK_FRIDAY = "black_friday"
PIECES: tuple[str, ...] = (
    "singles_day", "before_black_friday", BLACK_FRIDAY, "after_black_friday", "gift_season", "christmas", "new_year",
)  # fmt: skip


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


@cache
def windows(year: int) -> tuple[tuple[str, date, date], ...]:
    """Name, first and last day of each event that begins in the year. Black Friday runs to Cyber Monday."""
    friday = black_friday(year)
    return (
        ("singles_day", date(year, 11, 10), date(year, 11, 12)),
        ("before_black_friday", friday - timedelta(days=7), friday - timedelta(days=1)),
        (BLACK_FRIDAY, friday, friday + timedelta(days=3)),
        ("after_black_friday", friday + timedelta(days=4), friday + timedelta(days=6)),
        ("gift_season", friday + timedelta(days=7), date(year, 12, 20)),
        ("christmas", date(year, 12, 21), date(year, 12, 26)),
        ("new_year", date(year, 12, 27), date(year + 1, 1, 3)),
    )


def occurrences(first: int, last: int) -> list[tuple[int, int, int]]:
    """(piece, first, last) as ordinals for every event touching the days first..last."""
    found = []
    for year in range(date.fromordinal(first).year - 1, date.fromordinal(last).year + 1):
        for name, begin, end in windows(year):
            if end.toordinal() >= first and begin.toordinal() <= last:
                found.append((PIECES.index(name), begin.toordinal(), end.toordinal()))
    return found


def pieces(ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per day the index into PIECES, -1 on ordinary days."""
    label = np.full(len(ordinals), -1, dtype=np.int64)
    if len(ordinals):
        for piece, begin, end in occurrences(int(ordinals[0]), int(ordinals[-1])):
            label[(ordinals >= begin) & (ordinals <= end)] = piece
    return label
