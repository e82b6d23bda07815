"""Demand for the order policy benchmark: ten kinds of simulated demand, and real weekly sales of two shops.

The kinds are those of InventoryBench (Baek, Fu, Ma, Peng: AI Agents for Inventory Control); every parameter is drawn
here, none is taken from that benchmark. 5 periods of history, then 50 (simulated) or 48 (real weeks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DATA = Path(__file__).parents[2] / "shared" / "data"
HISTORY, PERIODS, WEEKS = 5, 50, 48


@dataclass(frozen=True)
class Series:
    """One product's demand with its period labels, history first."""

    kind: str
    labels: tuple[str, ...]
    demand: tuple[int, ...]


def _level(rng: np.random.Generator) -> float:
    return 100.0 * float(rng.uniform(0.6, 1.6))


def _noise(rng: np.random.Generator, size: int) -> Floats:
    spread = rng.uniform(0.08, 0.4)
    if rng.random() < 0.5:
        return np.asarray(rng.normal(0.0, spread, size))
    return np.asarray(rng.uniform(-spread, spread, size) * np.sqrt(3))


def _steady(rng: np.random.Generator, size: int) -> Floats:
    return _level(rng) * (1.0 + _noise(rng, size))


def _jump(rng: np.random.Generator, size: int, factor: float) -> Floats:
    shape = np.ones(size)
    shape[int(rng.integers(12, 24)) + HISTORY :] = factor
    return _level(rng) * shape * (1.0 + _noise(rng, size))


def _slope(rng: np.random.Generator, size: int, end: float) -> Floats:
    shape = np.maximum(np.linspace(1.0, end, size), 0.05)
    return _level(rng) * (shape + _noise(rng, size) * min(1.0, float(rng.uniform(0.5, 1.0))))


def _variance(rng: np.random.Generator, size: int) -> Floats:
    spread = np.full(size, rng.uniform(0.05, 0.15))
    spread[int(rng.integers(12, 24)) + HISTORY :] *= rng.uniform(2.0, 4.0)
    if rng.random() < 0.3:
        spread = spread[::-1]
    return np.asarray(_level(rng) * (1.0 + rng.normal(size=size) * spread))


def _season(rng: np.random.Generator, size: int) -> Floats:
    period = float(rng.choice([4, 6, 8, 10, 12, 13, 20, 25, 26, 50])) * rng.choice([1.0, rng.uniform(0.85, 1.15)])
    wave = rng.uniform(0.2, 0.6) * np.sin(2 * np.pi * (np.arange(size) / period + rng.random()))
    return np.asarray(_level(rng) * (1.0 + wave + 0.6 * _noise(rng, size)))


def _breaks(rng: np.random.Generator, size: int) -> Floats:
    shape = np.ones(size)
    for place in rng.choice(np.arange(8, size - 4), int(rng.integers(2, 6)), replace=False):
        shape[place:] = rng.uniform(0.4, 2.2)
    return _level(rng) * shape * (1.0 + _noise(rng, size))


def _passing(rng: np.random.Generator, size: int) -> Floats:
    shape = np.ones(size)
    place = int(rng.integers(12, 35)) + HISTORY
    shape[place : place + int(rng.integers(1, 9))] = rng.choice([rng.uniform(1.5, 3.0), rng.uniform(0.2, 0.6)])
    return _level(rng) * shape * (1.0 + _noise(rng, size))


def _echo(rng: np.random.Generator, size: int) -> Floats:
    keep, spread = rng.uniform(0.4, 0.95), rng.uniform(0.08, 0.25)
    values = np.empty(size)
    now = float(rng.normal()) * spread
    for step in range(size):
        now = keep * now + spread * float(rng.normal())
        values[step] = now
    return _level(rng) * (1.0 + values)


KINDS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "stationary": _steady,
    "mean jumps up": lambda rng, size: _jump(rng, size, float(rng.uniform(1.4, 3.0))),
    "mean falls": lambda rng, size: _jump(rng, size, float(rng.uniform(0.3, 0.75))),
    "trend up": lambda rng, size: _slope(rng, size, float(rng.uniform(1.4, 3.0))),
    "trend down": lambda rng, size: _slope(rng, size, float(rng.uniform(0.1, 0.7))),
    "variance changes": _variance,
    "seasonal": _season,
    "several changes": _breaks,
    "spike or dip": _passing,
    "autoregressive": _echo,
}


def simulated(kind: str, count: int, seed: int) -> list[Series]:
    """`count` series of a kind; the same seed gives the same series."""
    found = []
    for place in range(count):
        rng = np.random.default_rng([seed, list(KINDS).index(kind), place])
        demand = np.maximum(np.rint(KINDS[kind](rng, HISTORY + PERIODS)), 0).astype(int)
        labels = tuple(f"Period_{step + 1}" for step in range(len(demand)))
        found.append(Series(kind, labels, tuple(int(units) for units in demand)))
    return found


def online_retail(products: int = 300) -> list[Series]:
    """Weekly units of the best-selling products of a giftware shop, in 53 weeks (UCI Online Retail)."""
    import duckdb

    rows = duckdb.execute(
        """SELECT StockCode::VARCHAR, date_trunc('week', InvoiceDate)::DATE, sum(Quantity)
        FROM read_parquet(?) WHERE Quantity > 0 AND UnitPrice > 0 AND InvoiceNo::VARCHAR NOT LIKE 'C%' GROUP BY 1, 2""",
        [str(DATA / "online_retail.parquet")],
    ).fetchall()
    weeks = sorted({week for _, week, _ in rows})[: HISTORY + WEEKS]
    units: dict[str, dict[date, int]] = {}
    for product, week, sold in rows:
        units.setdefault(product, {})[week] = int(sold)
    best = sorted(units, key=lambda product: (-sum(units[product].values()), product))[:products]
    labels = tuple(week.isoformat() for week in weeks)
    found = [Series("online retail", labels, tuple(units[product].get(week, 0) for week in weeks)) for product in best]
    return [one for one in found if sum(one.demand[:HISTORY]) > 0]


def dominicks(products: int = 300) -> list[Series]:
    """Weekly units of one product in one grocery store, a year of weeks each (Dominick's Finer Foods)."""
    import duckdb

    rows = duckdb.execute(
        """SELECT UPC, STORE, list({'week': WEEK, 'units': MOVE} ORDER BY WEEK) FROM read_parquet(?)
        WHERE MOVE IS NOT NULL GROUP BY 1, 2 HAVING count(*) >= 53 AND avg(MOVE) >= 10 ORDER BY 1, 2""",
        [str(DATA / "dominicks_weekly.parquet")],
    ).fetchall()
    rng = np.random.default_rng(7)
    found = []
    for place in rng.permutation(len(rows)):
        sales = {int(one["week"]): int(one["units"]) for one in rows[place][2]}
        first = min(sales) + int(rng.integers(0, max(1, max(sales) - min(sales) - HISTORY - WEEKS + 2)))
        weeks = range(first, first + HISTORY + WEEKS)
        demand = tuple(sales.get(week, 0) for week in weeks)
        if np.mean(np.array(demand) > 0) < 0.9 or sum(demand[:HISTORY]) == 0:
            continue
        labels = tuple((date(1989, 9, 14) + timedelta(weeks=week - 1)).isoformat() for week in weeks)
        found.append(Series("dominick's", labels, demand))
        if len(found) == products:
            break
    return found
