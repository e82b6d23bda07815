"""The discount a SKU was under on a day, whether or not it sold that day.

Discounts are only seen on orders. Read as they stand, a day with orders would look cheaper than one without,
and demand would seem to answer prices far more than it does. So the days on which a code was in use become
one promotion, and its depth on a SKU holds on each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Key = tuple[str, str, str]
GAP_DAYS = 7
STEADYING_UNITS = 3.0
DEEPEST = 0.95


def daily_discounts(paid: pd.DataFrame, days: int) -> dict[Key, Floats]:
    """Share off the asking price per SKU, country and channel, one value a day; only those ever discounted.

    `paid` has the columns sku, country, channel, day (0 to days - 1), code (promotion, "" where none), units,
    gross and discount (money before it, and off it), one row for each combination. Where only some orders
    used a code its depth is the share it took off all of them. A SKU with few orders in a promotion leans on
    the others it covered. Discounts without a code are a promotion of their SKU alone.
    """
    if not (paid["discount"] > 0).any():
        return {}
    skus = sorted(set(paid["sku"].astype(str)))
    table = _Table(paid, {sku: at for at, sku in enumerate(skus)})
    covered: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for run, channel, sku in zip(
        table.run[table.given], table.channel[table.given], table.sku[table.given], strict=True
    ):
        covered.setdefault((run, channel), np.zeros(len(skus), dtype=bool))[sku] = True
    out: dict[Key, Floats] = {}
    for place in sorted(set(zip(table.country[table.given], table.channel[table.given], strict=True))):
        there = table.at(*place)
        for run in sorted(set(there.run[there.given])):
            on = covered[run, place[1]]
            for first, last in _runs(np.unique(there.day[there.given & (there.run == run)])):
                depths = _depths(there.between(first, last), run, on)
                for at in np.flatnonzero(on):
                    off = out.setdefault((skus[at], *place), np.zeros(days))
                    off[first : last + 1] = np.minimum(1 - (1 - off[first : last + 1]) * (1 - depths[at]), DEEPEST)
    return out


class _Table:
    """The rows of `paid` as arrays in order of days; `run` names the promotion, `given` marks discounted rows."""

    def __init__(self, paid: pd.DataFrame, places: dict[str, int]) -> None:
        rows = paid.sort_values("day", kind="stable")
        self.country, self.channel = (rows[name].astype(str).to_numpy(dtype=object) for name in ("country", "channel"))
        self.day = rows["day"].to_numpy(dtype=np.int64)
        self.units, self.gross, self.discount = (
            rows[name].to_numpy(dtype=float) for name in ("units", "gross", "discount")
        )
        names = rows["sku"].astype(str).to_numpy(dtype=object)
        codes = rows["code"].astype(str).to_numpy(dtype=object)
        self.sku = np.array([places[name] for name in names], dtype=np.int64)
        self.run = np.where(codes != "", codes, "\0" + names)
        self.given = self.discount > 0

    def at(self, country: str, channel: str) -> _Table:
        """The rows of one place."""
        return self._part((self.country == country) & (self.channel == channel))

    def between(self, first: int, last: int) -> _Table:
        """The rows of days first to last."""
        begin, end = np.searchsorted(self.day, first), np.searchsorted(self.day, last, side="right")
        return self._part(slice(int(begin), int(end)))

    def _part(self, rows: NDArray[np.bool_] | slice) -> _Table:
        part = object.__new__(_Table)
        part.__dict__ = {name: column[rows] for name, column in self.__dict__.items()}
        return part


def _runs(dates: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last day of each stretch of days no more than a week apart."""
    breaks = np.flatnonzero(np.diff(dates) > GAP_DAYS)
    begins, ends = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(dates) - 1]])
    return [(int(dates[b]), int(dates[e])) for b, e in zip(begins, ends, strict=True)]


def _depths(inside: _Table, run: str, covered: NDArray[np.bool_]) -> Floats:
    """Share off each covered SKU over all its orders of the promotion's days, one value a SKU."""
    off = np.where(inside.run == run, inside.discount, 0.0)
    units, gross, taken = (
        np.bincount(inside.sku, weights=column, minlength=len(covered)) for column in (inside.units, inside.gross, off)
    )
    seen = covered & (units > 0)
    whole = float(gross[seen].sum())
    usual = float(taken[seen].sum()) / whole if whole > 0 else 0.0
    steadying = STEADYING_UNITS * gross / np.maximum(units, 1.0)
    with np.errstate(invalid="ignore"):
        depth = (taken + usual * steadying) / (gross + steadying)
    return np.asarray(np.where(seen, np.clip(np.nan_to_num(depth), 0.0, DEEPEST), min(usual, DEEPEST)))
