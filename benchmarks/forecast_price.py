"""Forecasts one to four weeks ahead with the price known and without: `python -m benchmarks.forecast_price`.

The same smoothing runs on units as sold and on units with the price effect divided out, which is then
multiplied in for the week ahead. Elasticities are learned from the weeks before the first origin only.
A week is a promotion when its SALE code says so, or when its price is 5% or more under the median of the
thirteen weeks before the origin.
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
from tools.forecasting import models
from tools.forecasting.elasticity import Elasticities, elasticities

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
FIRST, ORIGINS, AHEAD = 0.7, 6, 4
REGULAR_WEEKS, YEAR = 13, 52
LEAST_WEEKS = 104
METHODS = ("seasonal naive", "without price", "with price", "with price and deals")
SLICES = ("SALE code", "price cut", "neither", "all")


@dataclass(frozen=True)
class Panel:
    """Series by weeks; NaN where there was no row."""

    units: Floats
    log_price: Floats
    deal: Floats


def panel(rows: pd.DataFrame, count: int, weeks: int, first: int) -> Panel:
    """Lay the rows out."""
    at = (rows["series"].to_numpy(), rows["week"].to_numpy() - first)
    grids = [np.full((count, weeks), np.nan) for _ in range(3)]
    for grid, values in zip(grids, (rows["units"], np.log(rows["price"]), rows["deal"]), strict=True):
        grid[at] = values.to_numpy()
    return Panel(*grids)


def usual_price(log_price: Floats) -> Floats:
    """Median log price of each series, NaN where no week has one."""
    out = np.full((len(log_price), 1), np.nan)
    known = np.isfinite(log_price).any(axis=1)
    out[known, 0] = np.nanmedian(log_price[known], axis=1)
    return out


def levels(units: Floats) -> Floats:
    """The smoothed level after the last week of each series; weeks without a row carry the last one on."""
    last = np.maximum.accumulate(np.where(np.isnan(units), -1, np.arange(units.shape[1])), axis=1)
    carried = np.take_along_axis(units, np.maximum(last, 0), axis=1)
    begin = (last >= 0).argmax(axis=1)
    fits = models.smooth([row[start:] for row, start in zip(carried, begin, strict=True)])
    return np.array([max(fit.level, 0.0) for fit in fits])


def predicted(seen: Panel, origin: int, slope: dict[str, tuple[Floats, Floats]]) -> dict[str, Floats]:
    """Per method the units of the weeks after the origin, series by weeks."""
    ahead = slice(origin, origin + AHEAD)
    year = seen.units[:, origin - YEAR : origin - YEAR + AHEAD]
    out = {"seasonal naive": np.where(np.isnan(year), np.nanmean(seen.units[:, :origin], axis=1)[:, None], year)}
    out["without price"] = np.repeat(levels(seen.units[:, :origin])[:, None], AHEAD, axis=1)
    usual = usual_price(seen.log_price[:, :origin])
    for name, (price, deal) in slope.items():
        effect = np.exp(price[:, None] * (seen.log_price - usual) + deal[:, None] * seen.deal)
        out[name] = levels(seen.units[:, :origin] / effect[:, :origin])[:, None] * effect[:, ahead]
    return out


def slopes(found: Elasticities, places: list[tuple[str, str]]) -> tuple[Floats, Floats]:
    """Elasticity and deal effect of each series."""
    price = np.array([found.of(sku, store, "store").mean for sku, store in places])
    deal = np.array([found.deals.get((sku, store, "store"), found.deal) for sku, store in places])
    return price, deal


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, help="store-SKUs to take, spread over the file")
    parser.add_argument("--file", type=Path, default=dominicks.FILE, help="another file of the same columns")
    chosen = parser.parse_args()
    rows = dominicks.load(chosen.limit, chosen.file)
    begin, end = int(rows["week"].min()), int(rows["week"].max()) + 1
    first = int(FIRST * (end - begin))
    learned = rows["week"] < begin + first
    size = learned.groupby([rows["sku"], rows["store"]]).transform("sum")
    rows = rows[size >= LEAST_WEEKS].reset_index(drop=True)
    learned = rows["week"] < begin + first
    rows["series"] = rows.groupby(["sku", "store"], sort=True).ngroup()
    places = list(rows.drop_duplicates("series")[["sku", "store"]].itertuples(index=False, name=None))
    seen = panel(rows, len(places), end - begin, begin)
    started = time.perf_counter()
    slope = {
        "with price": slopes(elasticities(dominicks.observations(rows[learned], deals=False)), places),
        "with price and deals": slopes(elasticities(dominicks.observations(rows[learned])), places),
    }
    learning = time.perf_counter() - started
    errors: dict[str, list[Floats]] = {name: [] for name in METHODS}
    actual, kinds = [], []
    for origin in np.linspace(first, end - begin - AHEAD, ORIGINS).astype(int):
        ahead = slice(origin, origin + AHEAD)
        truth = seen.units[:, ahead]
        regular = usual_price(seen.log_price[:, origin - REGULAR_WEEKS : origin])
        cut = seen.log_price[:, ahead] - regular <= np.log(dominicks.CUT)
        kinds.append(np.stack([seen.deal[:, ahead] > 0, cut, ~(seen.deal[:, ahead] > 0) & ~cut, np.isfinite(truth)]))
        actual.append(truth)
        for name, said in predicted(seen, int(origin), slope).items():
            errors[name].append(said - truth)
    known = np.isfinite(np.stack(actual))
    scale = np.nanmean(np.diff(seen.units[:, :first], axis=1) ** 2, axis=1)[None, :, None]
    truth, kind = np.stack(actual), np.stack(kinds, axis=1)
    print(
        f"{len(places)} store-SKUs, {ORIGINS} origins, {AHEAD} weeks ahead; elasticities twice in {learning:.0f} s\n"
        "| forecaster | " + " | ".join(f"{name}: WAPE | RMSSE | bias" for name in SLICES) + " |\n|-|" + "-|" * 12
    )  # fmt: skip
    for name in METHODS:
        wrong, cells = np.stack(errors[name]), []
        for at in range(len(SLICES)):
            chosen_weeks = kind[at] & known
            miss, units = wrong[chosen_weeks], truth[chosen_weeks].sum()
            scaled = np.where(chosen_weeks, wrong**2 / np.maximum(scale, 1.0), 0.0).sum(axis=(0, 2))
            count = chosen_weeks.sum(axis=(0, 2))
            rmsse = float(np.sqrt(scaled[count > 0] / count[count > 0]).mean())
            cells.append(f"{np.abs(miss).sum() / units:.3f} | {rmsse:.3f} | {miss.sum() / units:+.3f}")
        print(f"| {name} | " + " | ".join(cells) + " |")
    print("weeks: " + ", ".join(f"{name} {int((kind[at] & known).sum())}" for at, name in enumerate(SLICES)))


if __name__ == "__main__":
    main()
