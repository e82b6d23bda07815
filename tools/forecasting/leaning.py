"""How far the forecast's level leans on a signal: only where that would have helped, and never far.

Searches and visits are counted in far larger numbers than orders, so they show a change of a product's level with
less noise. Over past origins the orders of the next two weeks are regressed on what orders and a signal had lately
done, each against the average of all products that week; the signal is used only when the regression fitted on the
earlier origins predicts the later ones better than the one without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.forecasting.series import Scope
from tools.forecasting.signals import BASE, DAYS, RECENT, Cells, counts_of, remembered

if TYPE_CHECKING:
    from tools.forecasting.outcome import Forecast

Floats = NDArray[np.float64]
AHEAD = 14
FADE = 28
MOST = 0.15
STEP = 14
ORIGINS = 26
TRAINED = 0.6
LEAST_GAIN = 0.03
LEAST_ORDERS = 100.0
LEAST_CELLS = 6
NOISE = 0.03


@dataclass(frozen=True)
class Leaning:
    """The source leaned on, what it gained out of sample (share of squared error), and the log shift by cell."""

    source: str
    gain: float
    shifts: dict[tuple[str, str], float]


def leaning_of(shop: Shop, channels: tuple[str, ...]) -> Leaning | None:
    """What forecasts through the channels (all when empty) lean on today; kept per version of the books."""

    def find() -> Leaning | None:
        counts = counts_of(shop, channels)
        return leaning(counts.by_source, counts.orders)

    return remembered((shop.folder.resolve(), shop.version, channels, "leaning"), find)


def lean(shop: Shop, scope: Scope, forecasts: dict[str, Forecast]) -> dict[str, Forecast]:
    """The forecasts by SKU with the level of their everyday orders leaned on the best signal, if there is one."""
    channels = tuple(sorted(scope.channels))
    found = leaning_of(shop, channels)
    if found is None:
        return forecasts
    orders = counts_of(shop, channels).orders
    return {sku: _leaned(one, factor(found.shifts, orders, sku, scope.countries)) for sku, one in forecasts.items()}


def _leaned(one: Forecast, now: float) -> Forecast:
    bulk = one.bulk_units / max(len(one.path), 1)
    path = (one.path - bulk) * fading(now, len(one.path)) + bulk
    units = float(path.sum())
    share = units / one.units if one.units > 0 else 1.0
    return replace(
        one, path=path, units=units,
        low=max(units - share * (one.units - one.low), 0.0), high=units + share * (one.high - one.units),
    )  # fmt: skip


def leaning(by_source: dict[str, Cells], orders: Cells, until: int = DAYS) -> Leaning | None:
    """The best source to lean on at day number `until`, None where none would have helped.

    A shift is the log of the factor on the level of a SKU in a country for the next two weeks, at most 0.15.
    """
    found: Leaning | None = None
    for source, cells in by_source.items():
        one = _of_source(source, cells, orders, until)
        if one is not None and (found is None or one.gain > found.gain):
            found = one
    return found


def factor(shifts: dict[tuple[str, str], float], orders: Cells, sku: str, countries: tuple[str, ...]) -> float:
    """The factor on a SKU's level over the countries asked for (all when empty), each by its orders."""
    weights, shifted = 0.0, 0.0
    for (name, country), days in orders.items():
        if name == sku and (not countries or country in countries):
            lately = float(days[-BASE:].sum())
            weights += lately
            shifted += lately * float(np.exp(shifts.get((name, country), 0.0)))
    return shifted / weights if weights else 1.0


def fading(factor_now: float, days: int) -> Floats:
    """The factor of each day ahead: full for two weeks, gone four weeks later."""
    share = np.clip((AHEAD + FADE - np.arange(days)) / FADE, 0.0, 1.0)
    return np.asarray(factor_now**share, dtype=np.float64)


def _of_source(source: str, cells: Cells, orders: Cells, until: int) -> Leaning | None:
    used = [
        cell
        for cell, days in cells.items()
        if cell in orders and orders[cell][max(until - 364, 0) : until].sum() >= LEAST_ORDERS and days[:until].any()
    ]
    ends = np.arange(until - AHEAD - STEP * (ORIGINS - 1), until - AHEAD + 1, STEP)
    ends = ends[ends >= RECENT + BASE]
    if len(used) < LEAST_CELLS or len(ends) < ORIGINS // 2:
        return None
    signal = np.array([cells[cell] for cell in used])
    ordered = np.array([orders[cell] for cell in used])
    begun = np.array([int(np.flatnonzero(cells[cell] + orders[cell])[0]) for cell in used])
    alive = begun[:, None] + RECENT + BASE <= ends[None, :]
    told, lately = _recent(signal, ends, alive), _recent(ordered, ends, alive)
    later = _later(ordered, ends, alive)
    weight = np.where(alive, 1 / (NOISE + 1 / (_sums(ordered, ends, ends + AHEAD) + 1)), 0.0)
    first = np.zeros(len(ends), dtype=bool)
    first[: int(TRAINED * len(ends))] = True
    plain = _fit([lately[:, first]], later[:, first], weight[:, first])
    with_it = _fit([lately[:, first], told[:, first]], later[:, first], weight[:, first])
    rest = ~first
    without = _error([lately[:, rest]], plain, later[:, rest], weight[:, rest])
    gain = 1 - _error([lately[:, rest], told[:, rest]], with_it, later[:, rest], weight[:, rest]) / max(without, 1e-9)
    if gain < LEAST_GAIN or with_it[1] <= 0:
        return None
    plain = _fit([lately], later, weight)
    with_it = _fit([lately, told], later, weight)
    now = np.array([until])
    living = begun[:, None] + RECENT + BASE <= now[None, :]
    shift = with_it[1] * _recent(signal, now, living) + (with_it[0] - plain[0]) * _recent(ordered, now, living)
    return Leaning(source, gain, dict(zip(used, np.clip(shift[:, 0], -MOST, MOST).tolist(), strict=True)))


def _sums(days: Floats, begin: NDArray[np.int64], end: NDArray[np.int64]) -> Floats:
    total = np.concatenate([np.zeros((len(days), 1)), np.cumsum(days, axis=1)], axis=1)
    return np.asarray(total[:, end] - total[:, begin], dtype=np.float64)


def _recent(days: Floats, ends: NDArray[np.int64], alive: NDArray[np.bool_]) -> Floats:
    """Log of the last two weeks over the eight before, against the other products."""
    recent, base = _sums(days, ends - RECENT, ends), _sums(days, ends - RECENT - BASE, ends - RECENT)
    return _against_others(np.log((recent + 1) / (base * RECENT / BASE + 1)), alive)


def _later(days: Floats, ends: NDArray[np.int64], alive: NDArray[np.bool_]) -> Floats:
    """Log of the next two weeks over the eight before, against the other products."""
    later, base = _sums(days, ends, ends + AHEAD), _sums(days, ends - BASE, ends)
    return _against_others(np.log((later + 1) / (base * AHEAD / BASE + 1)), alive)


def _against_others(logs: Floats, alive: NDArray[np.bool_]) -> Floats:
    known = np.where(alive, logs, 0.0)
    return np.where(alive, known - known.sum(axis=0) / np.maximum(alive.sum(axis=0), 1), 0.0)


def _fit(columns: list[Floats], later: Floats, weight: Floats) -> Floats:
    design = np.column_stack([one.ravel() for one in columns])
    left = design.T @ (weight.ravel()[:, None] * design) + 1e-6 * np.eye(len(columns))
    return np.asarray(np.linalg.solve(left, design.T @ (weight.ravel() * later.ravel())), dtype=np.float64)


def _error(columns: list[Floats], fit: Floats, later: Floats, weight: Floats) -> float:
    said = np.sum([one * float(slope) for one, slope in zip(columns, fit, strict=True)], axis=0)
    return float((weight * (later - said) ** 2).sum())
