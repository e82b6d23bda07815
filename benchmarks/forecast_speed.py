"""Speed and error of the forecasts beside AutoETS, AutoTheta and the seasonal naive, in the same run.

`python -m benchmarks.forecast_speed [--series N] [--retail FILE]`: N simulated SKUs of two years (weekly and
yearly season, trend, level shifts, over-dispersed orders), and the 30 best products of a file in the layout of
UCI Online Retail where one is given. Seconds are CPU seconds of one process; WAPE is of the 28-day sums.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.cleaning import cap_one_off
from tools.forecasting.demand import forecast_series
from tools.forecasting.series import Series

Floats = NDArray[np.float64]
HORIZON = 28
DAYS = 730
LAST = date(2026, 9, 1)


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--series", type=int, default=14)
    arguments.add_argument("--retail", type=Path)
    arguments.add_argument(
        "--many", type=int, default=1000, help="series of the engine's own speed test; 0 leaves it out"
    )
    asked = arguments.parse_args()
    print(f"cold start, import and one forecast: {_cold('tools.forecasting.demand', _OURS):.1f} s CPU")
    print(f"cold start, import and one AutoETS:  {_cold('statsforecast', _AUTO_ETS):.1f} s CPU")
    past, ahead = simulated(asked.series)
    compare(f"{asked.series} simulated SKUs", past, ahead)
    if asked.many:
        many(asked.many)
    if asked.retail:
        past, ahead = retail(asked.retail)
        compare("30 best products of a real shop", past, ahead)


def compare(title: str, past: list[Series], ahead: Floats) -> None:
    """One row a method: CPU seconds, series a second, WAPE of the horizon sums, share inside 80%."""
    from statsforecast.models import AutoETS, AutoTheta, SeasonalNaive

    print(f"\n{title}, {HORIZON} days ahead\n{'method':<28}{'s CPU':>9}{'series/s':>10}{'WAPE':>8}{'inside 80%':>12}")
    begin = time.process_time()
    found = forecast_series(past, HORIZON)
    ours = time.process_time() - begin
    inside = float(np.mean([one.low <= actual <= one.high for one, actual in zip(found, ahead, strict=True)]))
    _row("Pacer, backtest included", ours, np.array([one.units for one in found]), ahead, inside)
    methods: dict[str, Callable[[], object]] = {
        "AutoETS, no backtest": lambda: AutoETS(season_length=7),
        "AutoTheta, no backtest": lambda: AutoTheta(season_length=7),
        "seasonal naive": lambda: SeasonalNaive(season_length=7),
    }
    for name, make in methods.items():
        begin = time.process_time()
        sums = np.array([make().forecast(y=one.demand, h=HORIZON)["mean"].sum() for one in past])  # type: ignore[attr-defined]
        _row(name, time.process_time() - begin, np.maximum(sums, 0.0), ahead, None)


def many(count: int) -> None:
    """Fit, backtest and forecast so many daily series of two years in one process on one core."""
    past, ahead = simulated(count)
    begin, cpu = time.perf_counter(), time.process_time()
    found = forecast_series(past, HORIZON, told=lambda done, of: print(f"  {done} of {of}", end="\r", file=sys.stderr))
    wall, seconds = time.perf_counter() - begin, time.process_time() - cpu
    inside = float(np.mean([one.low <= actual <= one.high for one, actual in zip(found, ahead, strict=True)]))
    print(f"\n{count} daily series of two years, fitted, backtested and forecast {HORIZON} days ahead:")
    print(
        f"{seconds:.1f} s CPU, {wall:.1f} s on the clock, {count / seconds:.0f} series/s, {inside:.0%} of sums inside 80%"
    )


def simulated(count: int) -> tuple[list[Series], Floats]:
    """Two years of each SKU and the units of the 28 days after."""
    rng = np.random.default_rng(2026)
    past, ahead = [], []
    for _ in range(count):
        at = np.arange(DAYS + HORIZON)
        season = np.exp(rng.uniform(0, 0.5) * np.sin(2 * np.pi * (at / 365.25 + rng.uniform())))
        week = 1 + rng.uniform(0, 0.4) * np.sin(2 * np.pi * at / 7 + rng.uniform(0, 6))
        level = np.exp(rng.uniform(0, 4) + np.cumsum(rng.normal(0, 0.006, len(at))))
        expected = level * week * season
        units = rng.negative_binomial(4, 4 / (4 + expected)).astype(np.float64)
        past.append(Series(None, LAST - timedelta(days=DAYS - 1), units[:DAYS], units[:DAYS]))
        ahead.append(units[DAYS:].sum())
    return past, np.array(ahead)


def retail(path: Path) -> tuple[list[Series], Floats]:
    """The 30 products with most units in the 90 days up to 2011-11-08, and what sold in the 28 days after."""
    import duckdb

    first, cut = date(2010, 12, 1), date(2011, 11, 8)
    days = (cut - first).days + 1
    daily: dict[str, Floats] = {}
    for name, day, quantity in duckdb.execute(
        "SELECT StockCode, CAST(InvoiceDate AS DATE), sum(Quantity) FROM read_parquet(?) "
        "WHERE InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0 GROUP BY 1, 2",
        [str(path)],
    ).fetchall():
        daily.setdefault(name, np.zeros(400))[(day - first).days] += quantity
    past, ahead = [], []
    for name in sorted(daily, key=lambda one: -daily[one][days - 90 : days].sum())[:30]:
        begin = int(np.flatnonzero(daily[name])[0])
        start = first + timedelta(days=begin)
        demand, _ = cap_one_off(daily[name][begin:days], start.toordinal())
        past.append(Series(name, start, daily[name][begin:days], demand))
        ahead.append(daily[name][days : days + HORIZON].sum())
    return past, np.array(ahead)


_OURS = (
    "import numpy as np; from datetime import date; from tools.forecasting.series import Series; "
    "y = np.random.default_rng(0).poisson(20, 730).astype(float); "
    "m.forecast_series([Series(None, date(2024, 9, 2), y, y)], 28)"
)
_AUTO_ETS = (
    "import numpy as np; from statsforecast.models import AutoETS; "
    "y = np.random.default_rng(0).poisson(20, 730).astype(float); AutoETS(season_length=7).forecast(y=y, h=28)"
)


def _cold(module: str, then: str) -> float:
    """CPU seconds of a new process that imports the module and runs the code with it as `m`."""
    code = f"import importlib, time; m = importlib.import_module({module!r}); {then}; print(time.process_time())"
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def _row(name: str, seconds: float, sums: Floats, ahead: Floats, inside: float | None) -> None:
    wape = float(np.abs(sums - ahead).sum() / ahead.sum())
    share = "" if inside is None else f"{inside:.0%}"
    print(f"{name:<28}{seconds:>9.2f}{len(ahead) / max(seconds, 1e-4):>10.1f}{wape:>8.1%}{share:>12}")


if __name__ == "__main__":
    main()
