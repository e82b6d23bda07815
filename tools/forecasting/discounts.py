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
    given = paid[paid["discount"] > 0]
    if given.empty:
        return {}
    given = given.assign(run=given["code"].where(given["code"] != "", "\0" + given["sku"]))
    covered = {(str(c), str(h), str(s)) for c, h, s in zip(given["run"], given["channel"], given["sku"], strict=True)}
    everything = {place: rows.sort_values("day") for place, rows in paid.groupby(["country", "channel"])}
    out: dict[Key, Floats] = {}
    for (country, channel, code), rows in given.groupby(["country", "channel", "run"]):
        there = everything[country, channel]
        dates = there["day"].to_numpy()
        for first, last in _runs(np.unique(rows["day"].to_numpy())):
            inside = there.iloc[np.searchsorted(dates, first) : np.searchsorted(dates, last, side="right")]
            for sku, depth in _depths(inside, str(code), str(channel), covered).items():
                off = out.setdefault((sku, str(country), str(channel)), np.zeros(days))
                off[first : last + 1] = np.minimum(1 - (1 - off[first : last + 1]) * (1 - depth), DEEPEST)
    return out


def _runs(dates: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last day of each stretch of days no more than a week apart."""
    breaks = np.flatnonzero(np.diff(dates) > GAP_DAYS)
    begins, ends = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(dates) - 1]])
    return [(int(dates[b]), int(dates[e])) for b, e in zip(begins, ends, strict=True)]


def _depths(inside: pd.DataFrame, code: str, channel: str, covered: set[Key]) -> dict[str, float]:
    """Share off each covered SKU over all its orders of the promotion's days."""
    own = inside["code"].eq(code) if not code.startswith("\0") else inside["code"].eq("") & inside["sku"].eq(code[1:])
    sums = inside.assign(off=inside["discount"].where(own, 0.0)).groupby("sku")[["units", "gross", "off"]].sum()
    sums = sums[[(code, channel, str(sku)) in covered for sku in sums.index]]
    gross = float(sums["gross"].sum())
    usual = float(sums["off"].sum()) / gross if gross > 0 else 0.0
    steadying = STEADYING_UNITS * sums["gross"] / sums["units"].clip(lower=1)
    depth = ((sums["off"] + usual * steadying) / (sums["gross"] + steadying)).clip(0.0, DEEPEST)
    found = {str(sku): float(share) for sku, share in depth.items()}
    silent = {sku for run, at, sku in covered if (run, at) == (code, channel)} - set(found)
    return found | dict.fromkeys(silent, min(usual, DEEPEST))
