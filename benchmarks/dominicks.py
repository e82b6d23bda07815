"""Dominick's Finer Foods: weekly units, price and deals of products in stores, as the price benchmarks read them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tools.forecasting.elasticity import Observations

if TYPE_CHECKING:
    import pandas as pd

FILE = Path("../shared/data/dominicks_weekly.parquet")
DEALS = ("B", "C", "S")  # bonus buy, coupon, simple price reduction
CUT = 0.95  # of the regular price, the median of the quarter before; below it a week is a promotion


def load(limit: int | None, path: Path = FILE) -> pd.DataFrame:
    """Columns sku, store, week, units, price (dollars a unit), deal (0 or 1), category; weeks in doubt left out.

    `limit` keeps that many store-SKU series, spread evenly over the file. Raises SystemExit where the file is missing.
    """
    import numpy as np
    import pandas as pd

    if not path.is_file():
        raise SystemExit(f"skipped: {path} is not there (see SOURCES.md beside it)")
    raw = pd.read_parquet(path)
    raw = raw[(raw["OK"] == 1) & (raw["PRICE"] > 0) & (raw["QTY"] > 0) & (raw["MOVE"] >= 0)]
    rows = pd.DataFrame(
        {
            "sku": raw["UPC"].astype(str).to_numpy(), "store": raw["STORE"].astype(str).to_numpy(),
            "week": raw["WEEK"].to_numpy().astype(np.int64), "units": raw["MOVE"].to_numpy().astype(np.float64),
            "price": (raw["PRICE"].astype(float) / raw["QTY"]).to_numpy(),
            "deal": raw["SALE"].isin(DEALS).to_numpy().astype(np.float64), "category": raw["CATEGORY"].astype(str).to_numpy(),
        }
    )  # fmt: skip
    rows = rows.drop_duplicates(["sku", "store", "week"]).sort_values(["sku", "store", "week"], ignore_index=True)
    series = rows.groupby(["sku", "store"], sort=True).ngroup()
    if limit:
        step = max(1, (int(series.max()) + 1) // limit)
        rows = rows[series % step == 0].reset_index(drop=True)
    return rows


def observations(rows: pd.DataFrame, deals: bool = True) -> Observations:
    """The rows as the estimator takes them: a store is a country, all through one channel."""
    import numpy as np

    return Observations(
        rows["sku"].to_numpy(object), rows["store"].to_numpy(object), np.full(len(rows), "store", dtype=object),
        rows["week"].to_numpy(), rows["units"].to_numpy(), rows["price"].to_numpy(),
        rows["deal"].to_numpy() if deals else None,
        category=dict(zip(rows["sku"], rows["category"], strict=True)),
    )  # fmt: skip
