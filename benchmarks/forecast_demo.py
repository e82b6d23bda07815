"""The whole forecast against the demo shop's truth at rolling origins: `python -m benchmarks.forecast_demo`.

Shops are simulated from other seeds than the demo's. At each origin the books are cut to what was known that day, and
every SKU is forecast 30 days ahead. Inside: the share of SKUs whose drawn demand, lost sales included, lay in the 80%
interval (aim 75 to 85%); wholesale orders count as sold, since none says what was lost of them. Bias: units forecast over the true mean, minus one. WAPE: absolute errors of the SKUs against
the true mean over its units. Beside it in the same run, from units as sold: statsforecast's AutoETS (weekly season),
and the pace of the last 30 days. The last row of a shop stands on its last day, where only the true mean is known;
`young` are SKUs in their first 120 days, whatever the origin.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.cash import cut
from shop.demo import build, truth
from shop.warehouse import Shop
from tools.forecasting.demand import Scope, forecast

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
HORIZON = 30
APART = 45
YOUNG_DAYS = 120


@dataclass(frozen=True)
class Case:
    """One SKU at one origin: units forecast, the interval, the peers, the true mean, and what was drawn (NaN: not yet)."""

    sku: str
    days: int
    units: float
    low: float
    high: float
    pace: float
    ets: float
    mean: float
    drawn: float


def cases(shop: Shop, true: truth.Truth, drawn: bool) -> list[Case]:
    """Every SKU that was ever sold, forecast from the last day of the books."""
    found = forecast(shop, Scope(), HORIZON)
    assert found is not None
    sums = outcomes(true, shop.as_of, HORIZON)
    out = []
    for sku, one in found.by_sku.items():
        ordered = one.series.ordered
        out.append(
            Case(
                sku, len(ordered), one.units, one.low, one.high, HORIZON * float(ordered[-HORIZON:].mean()), _ets(ordered),
                float(sums["mean"][sku]), float(sums["drawn"][sku]) if drawn else float("nan"),
            )
        )  # fmt: skip
    return out


def outcomes(true: truth.Truth, day: date, horizon: int) -> pd.DataFrame:
    """By SKU over the days after `day`: true mean units, and those drawn, with retail's lost sales and no fraud."""
    ahead = true.demand["day"].dt.date
    rows = true.demand[(ahead > day) & (ahead <= day + timedelta(days=horizon))]
    sums: pd.DataFrame = rows.assign(drawn=rows["demand"].fillna(rows["sold"])).groupby("sku")[["mean", "drawn"]].sum()
    return sums


def _ets(ordered: Floats) -> float:
    from statsforecast.models import AutoETS

    if len(ordered) < 15:
        return HORIZON * float(ordered.mean())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path: Floats = AutoETS(season_length=7).forecast(y=ordered[-365:], h=HORIZON)["mean"]
    return float(np.maximum(path, 0.0).sum())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="how many shops to simulate")
    parser.add_argument("--origins", type=int, default=8, help="past origins of each shop, 45 days apart")
    parser.add_argument("--folder", type=Path, help="keep the shops here, and use those that are there")
    chosen = parser.parse_args()
    print(
        f"| shop | origin | SKUs | inside | bias | WAPE | AutoETS bias | WAPE | last 30 days bias | WAPE |\n|{'-|' * 10}"
    )
    every: list[Case] = []
    today: list[Case] = []
    with tempfile.TemporaryDirectory() as temporary:
        for seed in range(1, chosen.seeds + 1):
            folder = (chosen.folder or Path(temporary)) / str(seed)
            if not (folder / "truth").is_dir():
                build(folder, seed)
            shop, true = Shop.open(folder), truth.load(folder)
            for back in range(chosen.origins, 0, -1):
                day: date = shop.as_of - timedelta(days=APART * back)
                with tempfile.TemporaryDirectory() as then:
                    found = cases(cut(folder, day, Path(then)), true, True)
                _row(str(seed), day.isoformat(), found)
                every += found
            found = cases(shop, true, False)
            _row(str(seed), f"{shop.as_of} (last day)", found)
            today += found
    _row("all", "past origins", every)
    _row("all", "last days", today)
    for name, rows in (("past origins, young", every), ("last days, young", today)):
        _row("all", name, [one for one in rows if one.days < YOUNG_DAYS])


def _row(shop: str, origin: str, found: list[Case]) -> None:
    if not found:
        return
    mean = np.array([one.mean for one in found])
    known = [one for one in found if np.isfinite(one.drawn)]
    inside = f"{np.mean([round(one.low) <= one.drawn <= round(one.high) for one in known]):.0%}" if known else "-"
    cells = [shop, origin, str(len(found)), inside]
    for said in ([one.units for one in found], [one.ets for one in found], [one.pace for one in found]):
        errors = np.array(said) - mean
        cells += [f"{errors.sum() / mean.sum():+.1%}", f"{np.abs(errors).sum() / mean.sum():.1%}"]
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
