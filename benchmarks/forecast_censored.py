"""Demand through stock-outs against the demo shop's truth: `python -m benchmarks.forecast_censored`.

Shops are simulated from other seeds. Every day that ended with an empty shelf is a censored SKU-warehouse-day.
`as sold` reads the books as they are. Bias is units over those the truth would have ordered on average, minus
one; `after`: a forecast of the two weeks after a stock-out, made on the day the shelf was full again, against
the true mean, with the stock-out read as censored and as sold.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shop.demo import build, truth
from shop.warehouse import Shop
from tools.forecasting.demand import forecast_series
from tools.forecasting.series import Scope, Series, sold

if TYPE_CHECKING:
    import pandas as pd

RETAIL = ("amazon", "shopify")
AFTER_DAYS = 14
LEAST_OUT = 5
MOST_SKUS = 60


def serving(shop: Shop) -> dict[str, tuple[str, ...]]:
    """Countries by warehouse."""
    sells = {str(row[0]) for row in shop.rows("SELECT DISTINCT country FROM orders")}
    rows = shop.rows("SELECT warehouse, serves FROM warehouses ORDER BY 1")
    return {str(w): tuple(c for c in str(s).split("|") if c in sells) for w, s in rows}


def censored(shop: Shop, true: truth.Truth) -> pd.DataFrame:
    """One row per censored SKU-warehouse-day: sold, filled, mean (true), wanted (drawn), ran_out (that day)."""
    import pandas as pd

    out = []
    demand = true.demand[true.demand["channel"].isin(RETAIL) & true.demand["demand"].notna()]
    for warehouse, countries in serving(shop).items():
        found = sold(shop, Scope((), countries, RETAIL), MOST_SKUS, MOST_SKUS)
        there = demand[demand["country"].isin(countries)].groupby(["sku", "day"])[["mean", "demand"]].sum()
        days = true.stockouts[true.stockouts["warehouse"] == warehouse]
        for sku, rows in days.groupby("sku"):
            series = found.by_sku[str(sku)] if found else None
            if series is None:
                continue
            at = (rows["day"].dt.date.map(date.toordinal) - series.start.toordinal()).to_numpy()
            rows, at = rows[at >= 0], at[at >= 0]
            facts = there.loc[[(sku, day) for day in rows["day"]]]
            out.append(
                pd.DataFrame(
                    {
                        "sku": sku, "warehouse": warehouse, "day": rows["day"].to_numpy(), "sold": series.ordered[at],
                        "filled": series.demand[at], "mean": facts["mean"].to_numpy(),
                        "wanted": facts["demand"].to_numpy().astype(float),
                        "ran_out": ~rows["day"].sub(pd.Timedelta(days=1)).isin(rows["day"]).to_numpy(),
                    }
                )
            )  # fmt: skip
    return pd.concat(out, ignore_index=True)


def after(folder: Path, true: truth.Truth, days: pd.DataFrame, most: int) -> tuple[float, float, float, int]:
    """Sums over stock-outs that ended: forecast as censored, forecast as sold, true mean; and how many."""
    shop = Shop.open(folder)
    by_warehouse = serving(shop)
    demand = true.demand[true.demand["channel"].isin(RETAIL)]
    sums, count = np.zeros(3), 0
    ends = []
    for (sku, warehouse), rows in days.groupby(["sku", "warehouse"]):
        dates = sorted(rows["day"].dt.date)
        for this, following in zip(dates, [*dates[1:], date.max], strict=True):
            out = sum(1 for one in dates if this - timedelta(days=LEAST_OUT) < one <= this)
            if following - this > timedelta(days=AFTER_DAYS) and out == LEAST_OUT:
                ends.append((this, str(sku), str(warehouse)))
    step = max(1, len(ends) // most)
    for last, sku, warehouse in sorted(ends)[::step]:
        origin = last + timedelta(days=1)
        window = (demand["day"].dt.date > origin) & (demand["day"].dt.date <= origin + timedelta(days=AFTER_DAYS))
        here = demand["country"].isin(by_warehouse[warehouse]) & (demand["sku"] == sku)
        if origin + timedelta(days=AFTER_DAYS) > shop.as_of:
            continue
        then = Shop.open(folder)
        then.__dict__["as_of"] = origin  # the books as they stood
        found = sold(then, Scope((sku,), by_warehouse[warehouse], RETAIL), MOST_SKUS, MOST_SKUS)
        if found is None or len(found.by_sku[sku].demand) < 2 * AFTER_DAYS:
            continue
        series = found.by_sku[sku]
        plain = Series(sku, series.start, series.ordered, series.ordered, place=series.place)
        said = [one.units for one in forecast_series([replace(series), plain], AFTER_DAYS)]
        sums += np.array([*said, float(demand[here & window]["mean"].sum())])
        count += 1
    return float(sums[0]), float(sums[1]), float(sums[2]), count


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4, help="how many shops to simulate")
    parser.add_argument("--limit", type=int, default=12, help="stock-outs a shop after which to forecast")
    parser.add_argument("--folder", type=Path, help="keep the shops here, and use those that are there")
    chosen = parser.parse_args()
    print(
        "| seed | censored days | as sold | filled | ran out that day: filled | against units really wanted "
        f"| after: stock-outs | as sold | filled |\n|{'-|' * 9}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        place = chosen.folder or Path(temporary)
        every, forecasts = [], []
        for seed in range(1, chosen.seeds + 1):
            folder = place / str(seed)
            if not (folder / "truth").is_dir():
                build(folder, seed)
            shop, true = Shop.open(folder), truth.load(folder)
            every.append(censored(shop, true))
            forecasts.append(after(folder, true, every[-1], chosen.limit))
            _row(str(seed), every[-1], forecasts[-1])
        import pandas as pd

        _row("all", pd.concat(every), tuple(np.array(forecasts).sum(axis=0)))


def _row(name: str, days: pd.DataFrame, ahead: tuple[float, ...]) -> None:
    ran = days[days["ran_out"]]
    cells = [
        name, str(len(days)), _share(days["sold"].sum(), days["mean"].sum()),
        _share(days["filled"].sum(), days["mean"].sum()), _share(ran["filled"].sum(), ran["mean"].sum()),
        _share(days["filled"].sum(), days["wanted"].sum()), str(int(ahead[3])), _share(ahead[1], ahead[2]),
        _share(ahead[0], ahead[2]),
    ]  # fmt: skip
    print("| " + " | ".join(cells) + " |", flush=True)


def _share(said: float, true: float) -> str:
    return f"{said / true - 1:+.1%}" if true else "-"


if __name__ == "__main__":
    main()
