"""Elasticities from the first 70% of weeks, judged by log sales in the last 30%: `python -m benchmarks.elasticity`.

Every method gives one number per store-SKU, the elasticity. `level held`: the level is the mean of the
first weeks at that elasticity. `level followed`: it is that of the last eight weeks before each week.
"""

from __future__ import annotations

import argparse
import time
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


def slopes(learn: pd.DataFrame, series: pd.DataFrame) -> dict[str, Floats]:
    """Per method the elasticity of each series (rows of `series`: sku, store)."""
    logs, prices = np.log(learn["units"].to_numpy()), np.log(learn["price"].to_numpy())
    number = learn["series"].to_numpy()
    count = np.bincount(number, minlength=len(series))
    x = prices - (np.bincount(number, prices, len(series)) / np.maximum(count, 1))[number]
    y = logs - (np.bincount(number, logs, len(series)) / np.maximum(count, 1))[number]
    top, ground = np.bincount(number, x * y, len(series)), np.bincount(number, x * x, len(series))
    skus = np.unique(series["sku"].to_numpy(), return_inverse=True)[1]
    sku_slope = np.bincount(skus, top) / np.maximum(np.bincount(skus, ground), 1e-9)
    found = elasticities(dominicks.observations(learn, deals=False))
    beyond = elasticities(dominicks.observations(learn, deals=True))
    places = list(zip(series["sku"], series["store"], strict=True))
    return {
        "no price": np.zeros(len(series)),
        "OLS, all together": np.full(len(series), top.sum() / ground.sum()),
        "OLS per SKU": sku_slope[skus],
        "OLS per store-SKU": np.where(ground > 1e-9, top / np.maximum(ground, 1e-9), 0.0),
        "pooled by kind, deals unknown": np.array([found.of(*place).mean for place in places]),
        "pooled by kind, deals set apart (ours)": np.array([beyond.of(*place).mean for place in places]),
    }


def errors(rows: pd.DataFrame, slope: Floats, learning: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Log errors in the later weeks with the level held and with the level followed."""
    number = rows["series"].to_numpy()
    effect = slope[number] * np.log(rows["price"].to_numpy())
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
    found = slopes(rows[learning], series)
    took = time.perf_counter() - started
    print(
        f"{len(series)} store-SKUs, {learning.sum()} weeks to learn from, {(~learning).sum()} to predict, {took:.0f} s"
    )
    print("| elasticity | mean | 10th..90th | level held: RMSE | MAE | level followed: RMSE | MAE |\n|-|-|-|-|-|-|-|")
    for name, slope in found.items():
        held, followed = errors(rows, slope, learning)
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
