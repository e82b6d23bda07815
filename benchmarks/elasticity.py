"""Elasticities from the first 70% of weeks, judged by log sales in the last 30%: `python -m benchmarks.elasticity`.

Every method gives one number per store-SKU, the elasticity; those of `price and deal` also what a deal (display, code) adds,
as a planned promotion is known beforehand. `level held`: the level is the mean of the
first weeks at that elasticity. `level followed`: it is that of the last eight weeks before each week.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks import dominicks
from tools.forecasting.elasticity import elasticities

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
LEARN = 0.7
RECENT_WEEKS = 8


@dataclass(frozen=True)
class Effects:
    """Per store-SKU what a log price and a deal (0 or 1) add to log sales; no deals where a method knows of none."""

    price: Floats
    deal: Floats


def effects(learn: pd.DataFrame, series: pd.DataFrame) -> dict[str, Effects]:
    """Per method the effects of each series (rows of `series`: sku, store)."""
    number, size = learn["series"].to_numpy(), len(series)
    count = np.maximum(np.bincount(number, minlength=size), 1)

    def within(values: Floats) -> Floats:
        """Less the mean of the series."""
        return np.asarray(values - (np.bincount(number, values, size) / count)[number], dtype=np.float64)

    x, y = within(np.log(learn["price"].to_numpy())), within(np.log(learn["units"].to_numpy()))
    d = within(learn["deal"].to_numpy().astype(np.float64))
    xy, xx, xd, dd, dy = (_sums(number, one, size) for one in (x * y, x * x, x * d, d * d, d * y))
    skus = np.unique(series["sku"].to_numpy(), return_inverse=True)[1]
    of_sku = [_sums(skus, one, 0) for one in (xy, xx, xd, dd, dy)]
    alone = of_sku[0] / np.maximum(of_sku[1], 1e-9)
    together, beyond = _two(of_sku[0], of_sku[1], of_sku[2], of_sku[3], of_sku[4])
    blind = elasticities(dominicks.observations(learn, deals=False))
    told = elasticities(dominicks.observations(learn, deals=True))
    places = list(zip(series["sku"], series["store"], strict=True))
    none = np.zeros(size)
    ours = np.array([told.of(*place).mean for place in places])
    return {
        "no price": Effects(none, none),
        "OLS, all together": Effects(np.full(size, xy.sum() / xx.sum()), none),
        "OLS per SKU": Effects(alone[skus], none),
        "OLS per store-SKU": Effects(np.where(xx > 1e-9, xy / np.maximum(xx, 1e-9), 0.0), none),
        "pooled by kind, deals unknown": Effects(np.array([blind.of(*place).mean for place in places]), none),
        "pooled by kind, deals set apart (ours)": Effects(ours, none),
        "price and deal, OLS per SKU": Effects(together[skus], beyond[skus]),
        "price and deal, OLS per store-SKU": Effects(*_two(xy, xx, xd, dd, dy)),
        "price and deal, pooled by kind (ours)": Effects(
            ours, np.array([told.deals.get((sku, store, "store"), told.deal) for sku, store in places])
        ),
    }


def _sums(group: NDArray[np.int64], values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(group, values, size), dtype=np.float64)


def _two(xy: Floats, xx: Floats, xd: Floats, dd: Floats, dy: Floats) -> tuple[Floats, Floats]:
    """Least squares on price and deal; on price alone where there were no deals or both moved as one."""
    ground = xx * dd - xd**2
    known = ground > 1e-6 * np.maximum(xx * dd, 1e-12)
    safe = np.where(known, ground, 1.0)
    price = np.where(known, (xy * dd - dy * xd) / safe, np.where(xx > 1e-9, xy / np.maximum(xx, 1e-9), 0.0))
    return price, np.where(known, (dy * xx - xy * xd) / safe, 0.0)


def errors(rows: pd.DataFrame, told: Effects, learning: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Log errors in the later weeks with the level held and with the level followed."""
    number = rows["series"].to_numpy()
    slope = told.price
    effect = slope[number] * np.log(rows["price"].to_numpy()) + told.deal[number] * rows["deal"].to_numpy()
    rest = np.log(rows["units"].to_numpy()) - effect
    count = np.bincount(number[learning], minlength=len(slope))
    held = np.bincount(number[learning], rest[learning], len(slope)) / np.maximum(count, 1)
    total = np.concatenate([[0.0], np.cumsum(rest)])
    at = np.arange(len(rest))
    first = np.flatnonzero(np.diff(number, prepend=-1))[number]
    begin = np.maximum(at - RECENT_WEEKS, first)
    followed = (total[at] - total[begin]) / np.maximum(at - begin, 1)
    return (rest - held[number])[~learning], (rest - followed)[~learning]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, help="store-SKUs to take, spread over the file")
    parser.add_argument("--file", type=Path, default=dominicks.FILE, help="another file of the same columns")
    chosen = parser.parse_args()
    rows = dominicks.load(chosen.limit, chosen.file)
    rows = rows[rows["units"] > 0].reset_index(drop=True)
    cut = rows["week"].min() + LEARN * (rows["week"].max() - rows["week"].min())
    size = rows[rows["week"] <= cut].groupby(["sku", "store"])["week"].transform("size")
    enough = rows.assign(size=size).groupby(["sku", "store"])["size"].transform("max") >= 2 * RECENT_WEEKS
    rows = rows[enough].reset_index(drop=True)
    rows["series"] = rows.groupby(["sku", "store"], sort=True).ngroup()
    series = rows.drop_duplicates("series")[["sku", "store"]].reset_index(drop=True)
    learning = (rows["week"] <= cut).to_numpy()
    started = time.perf_counter()
    found = effects(rows[learning], series)
    took = time.perf_counter() - started
    print(
        f"{len(series)} store-SKUs, {learning.sum()} weeks to learn from, {(~learning).sum()} to predict, {took:.0f} s"
    )
    print("| elasticity | mean | 10th..90th | level held: RMSE | MAE | level followed: RMSE | MAE |\n|-|-|-|-|-|-|-|")
    for name, told in found.items():
        slope = told.price
        held, followed = errors(rows, told, learning)
        scores = [
            np.sqrt(np.mean(held**2)),
            np.abs(held).mean(),
            np.sqrt(np.mean(followed**2)),
            np.abs(followed).mean(),
        ]
        low, high = np.percentile(slope, [10, 90])
        print(
            f"| {name} | {slope.mean():.2f} | {low:.2f}..{high:.2f} | " + " | ".join(f"{s:.4f}" for s in scores) + " |"
        )


if __name__ == "__main__":
    main()
