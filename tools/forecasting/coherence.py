"""Forecasts of parts that add up to the forecast of the whole, whatever is asked.

Middle-out (Athanasopoulos, Ahmed & Hyndman 2009): a SKU in all countries and channels is forecast on its own, where
its series is long and clean; sums over SKUs come from below, and a country or channel gets its share of each day by
what forecasts of the single cells, country by channel, expect of that day (forecast proportions). So a cell may have
a season, events and a level of its own, and any set of cells comes to the same units however it is asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.forecasting.candidates import MEAN, YEARLY, Job, job, predict
from tools.forecasting.events import Place
from tools.forecasting.outcome import Forecast
from tools.forecasting.profiles import Profile
from tools.forecasting.series import BULK_DAYS, HISTORY_DAYS, Scope, Series
from tools.forecasting.set_apart import ids_apart

Floats = NDArray[np.float64]
Cell = tuple[str, str]
LEAST_UNITS = 60.0
LEAST_DAYS = 56
SHORT = 28
MOST_STRETCH = 2.0
KEPT_SHARES = 512

_BY_CELL = """
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines WHERE quantity > 0 GROUP BY sku
    )
    SELECT CASE WHEN len(?::VARCHAR[]) = 0 THEN '' ELSE l.sku END, o.country, o.channel,
           date_diff('day', ?::DATE, o.ordered_at::DATE), l.quantity >= u.bulk, sum(l.quantity)::DOUBLE
    FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
      AND o.order_id NOT IN (SELECT unnest(?::VARCHAR[]))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
    GROUP BY ALL ORDER BY ALL
"""

_kept: OrderedDict[tuple[object, ...], dict[Cell, Share]] = OrderedDict()
_keeping = Lock()


@dataclass(frozen=True)
class Share:
    """What a cell gets of a SKU: of the everyday units of each day ahead, and of those in bulk orders."""

    everyday: Floats
    bulk: float


def part_of(whole: Forecast, own: Forecast, shares: dict[Cell, Share], scope: Scope) -> Forecast:
    """`own`, the scope's forecast by itself, moved onto its share of `whole`; its interval keeps its width."""
    inside = [
        share for (country, channel), share in shares.items()
        if (not scope.countries or country in scope.countries) and (not scope.channels or channel in scope.channels)
    ]  # fmt: skip
    days = len(whole.path)
    bulk = whole.bulk_units / days
    everyday = np.sum([one.everyday for one in inside], axis=0) if inside else np.zeros(days)
    share_of_bulk = sum(one.bulk for one in inside)
    return moved(own, (whole.path - bulk) * everyday + bulk * share_of_bulk, whole.bulk_units * share_of_bulk)


def sum_of(own: Forecast, parts: Sequence[Forecast]) -> Forecast:
    """`own`, the forecast of a total by itself, moved onto the sum of its parts."""
    return moved(own, np.sum([one.path for one in parts], axis=0), sum(one.bulk_units for one in parts))


def moved(own: Forecast, path: Floats, bulk_units: float) -> Forecast:
    """A forecast with another path; the interval moves along and stretches as the units do, at most twofold."""
    units = float(path.sum())
    stretch = float(np.clip(units / own.units if own.units > 0 else 1.0, 1 / MOST_STRETCH, MOST_STRETCH))
    return replace(
        own, path=path, units=units, bulk_units=bulk_units,
        low=max(units - stretch * (own.units - own.low), 0.0), high=units + stretch * (own.high - own.units),
    )  # fmt: skip


def shares_of(
    shop: Shop, skus: Sequence[str], horizon: int, profiles: dict[str, Profile | None]
) -> dict[str, dict[Cell, Share]]:
    """For each SKU ('' for all goods together, when `skus` is empty) the share of each cell on each day ahead.

    The shares of a SKU add up to one on every day. Kept per version of the books; `profiles` are those of the SKUs,
    towards which the weekdays and events of their cells are drawn.
    """
    names = list(skus) or [""]
    key = (shop.folder.resolve(), shop.version, shop.as_of, horizon)
    with _keeping:
        found = {name: _kept[(*key, name)] for name in names if (*key, name) in _kept}
    missing = [name for name in names if name not in found]
    if missing:
        made = _made(shop, [name for name in missing if name], horizon, profiles)
        with _keeping:
            for name in missing:
                _kept[(*key, name)] = found[name] = made.get(name, {})
            while len(_kept) > KEPT_SHARES:
                _kept.popitem(last=False)
    return found


def _made(
    shop: Shop, skus: list[str], horizon: int, profiles: dict[str, Profile | None]
) -> dict[str, dict[Cell, Share]]:
    first = shop.as_of - timedelta(days=HISTORY_DAYS - 1)
    steady: dict[tuple[str, Cell], Floats] = {}
    bulk: dict[tuple[str, Cell], Floats] = {}
    for name, country, channel, day, is_bulk, units in shop.rows(
        _BY_CELL, [skus, first, first, shop.as_of, ids_apart(shop), skus, skus]
    ):
        cell = (str(name), (str(country), str(channel)))
        for of in (steady, bulk):
            of.setdefault(cell, np.zeros(HISTORY_DAYS))
        (bulk if is_bulk else steady)[cell][int(day)] += float(units)
    paths: dict[tuple[str, Cell], Floats] = {}
    jobs: dict[tuple[str, Cell], Job] = {}
    for cell, units in steady.items():
        history = _history(cell, units, bulk[cell], first)
        if history is None:
            paths[cell] = np.full(horizon, float(units[-BULK_DAYS:].mean()))
        else:
            jobs[cell] = job(history, len(history.demand), horizon, profiles.get(cell[0]))
    for cell, told in zip(jobs, predict(list(jobs.values())) if jobs else [], strict=True):
        paths[cell] = told.get(MEAN + YEARLY, told[MEAN])
    found: dict[str, dict[Cell, Share]] = {}
    for name in sorted({name for name, _ in steady}):
        cells = [cell for of, cell in steady if of == name]
        of_bulk = [float(bulk[name, cell][-BULK_DAYS:].sum()) or 1e-9 * float(bulk[name, cell].sum()) for cell in cells]
        everyday = _proportions([paths[name, cell] for cell in cells])
        in_bulk = _proportions([np.array([units]) for units in of_bulk])
        found[name] = {
            cell: Share(share, float(large[0])) for cell, share, large in zip(cells, everyday, in_bulk, strict=True)
        }
    return found


def _history(cell: tuple[str, Cell], units: Floats, bulk: Floats, first: date) -> Series | None:
    """The cell as a series from its first order, None where too little of it was ordered to be one."""
    begin = int(np.flatnonzero(units + bulk)[0])
    if len(units) - begin < LEAST_DAYS or units[-BULK_DAYS:].sum() < LEAST_UNITS or not units[-SHORT:].any():
        return None
    name, (country, channel) = cell
    own = units[begin:]
    return Series(name, first + timedelta(days=begin), own, own, place=Place((country,), (channel,)))


def _proportions(paths: list[Floats]) -> list[Floats]:
    """Each path's share of their sum; by units of the whole horizon, else alike, on days none expects any."""
    total = np.sum(paths, axis=0)
    whole = float(total.sum())
    return [
        np.where(total > 0, path / np.where(total > 0, total, 1.0), path.sum() / whole if whole > 0 else 1 / len(paths))
        for path in paths
    ]
