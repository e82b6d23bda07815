"""The shop's own forests for the weeks ahead: grown once per version of the books, kept in memory and on disk.

Two are grown: one on all weeks, for the forecast, and one on the weeks before the last sixteen, by which the
backtest judges what such a forest would have said at origins it has not seen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shop.recent import Recent
from shop.seasonal_goods import seasonal_goods
from shop.warehouse import Shop
from tools.forecasting.series import names_of
from tools.forecasting.set_apart import ids_apart
from tools.forecasting.trees import Forest, keep, kept
from tools.forecasting.weekly import LEAST_AGE, Weeks, enough, learn, levels, weeks

Floats = NDArray[np.float64]
HISTORY_WEEKS = 156
MOST_SERIES = 1500
TESTED_WEEKS = 16
WEEKS_AHEAD = (1, 2, 4, 8, 13, 26)
WORTH_KEEPING_SECONDS = 1.0
KEPT_POOLS = 16
EDITION = 3

_SOLD_BY_WEEK = """
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines WHERE quantity > 0 GROUP BY sku
    ), sales AS (
        SELECT l.sku, date_diff('day', o.ordered_at::DATE, ?::DATE) // 7 AS ago, l.quantity
        FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity < u.bulk
          AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE AND o.order_id NOT IN (SELECT unnest(?::VARCHAR[]))
    ), chosen AS (
        SELECT sku FROM sales WHERE ago < 52 GROUP BY sku ORDER BY sum(quantity) DESC, sku LIMIT ?
    )
    SELECT sku, ago, sum(quantity)::DOUBLE FROM sales JOIN chosen USING (sku) GROUP BY ALL ORDER BY sku
"""


@dataclass(frozen=True)
class Pool:
    """The forest for today, and one grown before the day with ordinal `tested_from`."""

    now: Forest
    before: Forest
    tested_from: int

    def level(self, daily: Sequence[Floats], today: bool) -> Floats:
        """Mean units a day ahead of each daily series, NaN for one of under eight weeks."""
        given = weeks([by_week(one) for one in daily])
        told = levels(given, self.now if today else self.before) / 7
        young = np.array([len(one) < 7 * LEAST_AGE for one in daily], dtype=bool)
        return np.where(young, np.nan, told)


_kept: Recent[Pool | None] = Recent(KEPT_POOLS)


def by_week(daily: Floats) -> Floats:
    """Sums of whole weeks, the last ending with the last day."""
    whole = len(daily) // 7
    return np.asarray(daily[len(daily) - 7 * whole :].reshape(whole, 7).sum(axis=1), dtype=np.float64)


def pool_of(shop: Shop, days: int) -> Pool | None:
    """The shop's forests for so many days ahead; None where it has under 50 series of half a year."""
    ahead = _weeks_ahead(days)
    return _kept.get((shop.folder.resolve(), shop.version, ahead), lambda: _stored(shop, ahead))


def pool_from(daily: Sequence[Floats], days: int, end: int) -> Pool | None:
    """Forests grown on daily series that all end on the day with ordinal `end`; None where there are too few."""
    return _grown(weeks([by_week(one) for one in daily]), _weeks_ahead(days), end)


def _weeks_ahead(days: int) -> int:
    asked = -(-days // 7)
    return next((known for known in WEEKS_AHEAD if known >= asked), WEEKS_AHEAD[-1])


def _grown(given: Weeks, ahead: int, end: int) -> Pool | None:
    known = given.units.shape[1] - TESTED_WEEKS
    if known <= 0:
        return None
    past = given.until(known)
    if not (enough(given, ahead) and enough(past, ahead)):
        return None
    return Pool(learn(given, ahead), learn(past, ahead), end - 7 * TESTED_WEEKS + 1)


def _stored(shop: Shop, ahead: int) -> Pool | None:
    end = shop.as_of.toordinal()
    folder = shop.folder / "forecasts"
    stem = f"{EDITION}-{shop.version}-{shop.as_of:%Y%m%d}-{ahead}"
    files = [folder / f"{stem}-{name}.npz" for name in ("now", "before")]
    held = [kept(file) for file in files]
    if held[0] is not None and held[1] is not None:
        return Pool(held[0], held[1], end - 7 * TESTED_WEEKS + 1)
    begin = time.monotonic()
    found = _grown(_sold_by_week(shop), ahead, end)
    if found is not None and time.monotonic() - begin > WORTH_KEEPING_SECONDS:
        _forget_older(folder, f"{EDITION}-{shop.version}-{shop.as_of:%Y%m%d}-")
        keep(found.now, files[0])
        keep(found.before, files[1])
    return found


def _forget_older(folder: Path, current: str) -> None:
    for file in folder.glob("*-*-*-*-*.npz"):
        if not file.name.startswith(current):
            file.unlink(missing_ok=True)


def _sold_by_week(shop: Shop) -> Weeks:
    first = shop.as_of - timedelta(days=7 * HISTORY_WEEKS - 1)
    series: dict[str, Floats] = {}
    for name, ago, quantity in shop.rows(_SOLD_BY_WEEK, [shop.as_of, first, shop.as_of, ids_apart(shop), MOST_SERIES]):
        series.setdefault(str(name), np.zeros(HISTORY_WEEKS))[HISTORY_WEEKS - 1 - int(ago)] += float(quantity)
    if not series:
        return Weeks(np.zeros((0, 0)), np.zeros(0, dtype=np.int64))
    middles = shop.as_of.toordinal() - 3 - 7 * np.arange(HISTORY_WEEKS - 1, -1, -1, dtype=np.int64)
    for sku, name in names_of(shop, list(series)).items():
        goods = seasonal_goods(name)
        if goods is not None:
            series[sku] = series[sku] / goods.factors(middles)
    units = np.vstack(list(series.values()))
    begin = int(np.flatnonzero(units.any(axis=0))[0])
    return weeks(list(units[:, begin:]))
