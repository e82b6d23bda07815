"""Paths of demand that meet the stock: how much of the expected sales each path really sells, week by week."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tools.cash.purchases import Bought
from tools.cash.sales import Asked, rate_sd
from tools.replenishment.plan_demand import Shelf

Floats = NDArray[np.float64]
Cell = tuple[str, str]
WEEK = 7
PATHS = 1000
SEED = "cash"
DRIFT = 0.5  # share of a level's variance that comes as it drifts


def demand_paths(wanted: Asked, weeks: int, paths: int = PATHS) -> Floats:
    """Paths x cells x weeks of units asked for.

    Levels are wrong together, by SKU and by shelf, half from the start and half as they drift on (a random walk that
    leaves the sum over the horizon as uncertain as the forecast says); whole weeks stray together; single weeks scatter around them (negative binomial,
    as sums of days with that variance over the mean); bulk orders come one by one with the sizes seen.
    """
    normal = _random(SEED).standard_normal
    shelves = wanted.shelves
    common = _drifting(wanted.common_sd, _random(SEED, "level"), paths, weeks)
    astray = np.stack([_mean_one(float(sd), normal(paths)) for sd in wanted.weekly_sd[:weeks]], axis=1)
    asked = np.zeros((paths, len(shelves), weeks))
    levels: dict[str, Floats] = {}
    for at, ((sku, house), shelf) in enumerate(shelves.items()):
        if sku not in levels:
            levels[sku] = common * _drifting(shelf.level_sd, _random(SEED, sku), paths, weeks)
        rng = _random(SEED, sku, house)
        level = levels[sku] * _mean_one(shelf.share_sd, rng.standard_normal(paths))[:, None]
        means = astray * level * shelf.steady[: weeks * WEEK].reshape(weeks, WEEK).sum(axis=1)[None, :]
        if shelf.scatter > 1.001:
            over = shelf.scatter - 1
            means = rng.gamma(np.maximum(means / over, 1e-12), over)
        asked[:, at] = rng.poisson(means)
        if shelf.bulk_a_day > 0:
            _bulk(asked, at, rng, shelf, common)
    return asked


def _bulk(asked: Floats, at: int, rng: np.random.Generator, shelf: Shelf, common: Floats) -> None:
    rate = common * _mean_one(rate_sd(shelf), rng.standard_normal(len(asked)))[:, None]
    a_week = WEEK * shelf.bulk_a_day / float(shelf.sizes.mean())
    orders = rng.poisson(a_week * rate, size=asked[:, at].shape)
    path, week = np.nonzero(orders)
    times = orders[path, week]
    sizes = rng.choice(shelf.sizes, int(times.sum()))
    np.add.at(asked[:, at], (np.repeat(path, times), np.repeat(week, times)), sizes)


def sold(asked: Floats, free: Floats, arrivals: Floats, share_after: Floats) -> Floats:
    """Paths x cells x weeks of units sold: what is asked for, as far as stock goes; the rest is lost.

    `free` (cells,) is stock to begin with, `arrivals` (cells x weeks) goods coming in, `share_after` the share of that
    week that is left when they come.
    """
    out = np.zeros_like(asked)
    stock = np.broadcast_to(free, asked.shape[:2]).copy()
    for week in range(asked.shape[2]):
        before = np.minimum(asked[:, :, week] * (1 - share_after[:, week]), stock)
        stock += arrivals[:, week] - before
        after = np.minimum(asked[:, :, week] * share_after[:, week], stock)
        stock -= after
        out[:, :, week] = before + after
    return out


def arriving(cells: Sequence[Cell], orders: Iterable[Bought], start: date, weeks: int) -> tuple[Floats, Floats]:
    """Cells x weeks of goods coming in, and the share of the week that is left when they come (1 where none do)."""
    place = {cell: n for n, cell in enumerate(cells)}
    units, left = np.zeros((len(cells), weeks)), np.zeros((len(cells), weeks))
    for order in orders:
        cell = place.get((order.sku, order.warehouse))
        week, day = divmod((order.arrives - start).days, WEEK)
        if cell is not None and 0 <= week < weeks:
            units[cell, week] += order.units
            left[cell, week] += order.units * (WEEK - day) / WEEK
    return units, np.where(units > 0, left / np.maximum(units, 1e-9), 1.0)


def factors(units: Floats, expected: Floats) -> NDArray[np.float32]:
    """Units of each path over the units expected (cells x weeks); 0 where none are expected."""
    return np.asarray(units / np.where(expected > 0, expected, np.inf)[None, :, :], dtype=np.float32)


def _drifting(sd: float, rng: np.random.Generator, paths: int, weeks: int) -> Floats:
    """Paths x weeks of factors with mean 1 whose mean over the weeks has the standard deviation `sd`."""
    start = rng.standard_normal((paths, 1))
    walk = np.cumsum(rng.standard_normal((paths, weeks)), axis=1)
    number = np.arange(1, weeks + 1, dtype=np.float64)
    of_mean = float((np.minimum(number[:, None], number[None, :])).mean())  # variance of the walk's mean
    log_sd = float(np.sqrt(np.log1p(sd**2)))
    moved = log_sd * (np.sqrt(1 - DRIFT) * start + np.sqrt(DRIFT / of_mean) * walk)
    variance = log_sd**2 * (1 - DRIFT + DRIFT * number / of_mean)
    return np.asarray(np.exp(moved - variance / 2), dtype=np.float64)


def _mean_one(sd: float, normal: Floats) -> Floats:
    """Lognormal factors with mean 1 and the given standard deviation."""
    log_sd = float(np.sqrt(np.log1p(sd**2)))
    return np.asarray(np.exp(log_sd * normal - log_sd**2 / 2), dtype=np.float64)


def _random(*names: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32("\n".join(names).encode()))
