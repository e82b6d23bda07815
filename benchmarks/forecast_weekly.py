"""Weekly forecasts of a real shop beside statsforecast's, in the same run, at rolling origins.

`python -m benchmarks.forecast_weekly [--limit N] [--origins K] [--file FILE] [--ranked all|past] [--back W]`: the N best-selling
SKUs of a file in the layout of UCI Online Retail, eight weeks ahead from K origins four weeks apart, the last of
which holds out the last eight weeks. `--ranked all` ranks SKUs by the units of the whole file, `past` by those before
the first origin, as a shop would know them then; `--back W` leaves the last W weeks out, so that other origins are
asked. Pacer also reads the product names, which tell Christmas goods; a second line shows it without them. RMSSE scales by the in-sample one-step naive error (M5, Makridakis
et al. 2022) and is the mean over SKUs and origins; bias is the share of the units sold; weeks in is the share of
single held-out weeks inside our 80% interval. Cancelled invoices are refunds, not negative demand. Seconds are CPU
seconds of one process after a first call that compiles; ours include training and calibrating.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RETAIL = Path(__file__).resolve().parents[2] / "shared" / "data" / "online_retail.parquet"
HORIZON = 8
APART = 4
LEAST_HISTORY = 4
NAIVE_SEASON = 4


_KEPT = """InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0 AND regexp_matches(StockCode, '^[0-9]{5}')"""
_NAMES = f"SELECT StockCode, mode(Description ORDER BY Description) FROM read_parquet(?) WHERE {_KEPT} GROUP BY ALL"  # noqa: S608
_LAST = f"SELECT max(CAST(InvoiceDate AS DATE)) FROM read_parquet(?) WHERE {_KEPT}"  # noqa: S608


@dataclass(frozen=True)
class Told:
    """One method at every origin: mean paths, CPU seconds, and the interval where it has one."""

    paths: list[Floats]
    seconds: float
    low: list[Floats] | None = None
    high: list[Floats] | None = None


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--limit", type=int, default=500)
    arguments.add_argument("--origins", type=int, default=3)
    arguments.add_argument("--file", type=Path, default=RETAIL)
    arguments.add_argument("--ranked", choices=("all", "past"), default="all")
    arguments.add_argument("--back", type=int, default=0)
    asked = arguments.parse_args()
    if not asked.file.is_file():
        sys.exit(f"Skipped: {asked.file.name} is not beside the checkout; name a file with --file.")
    units, names, last = weekly(asked.file)
    if asked.back:
        units, last = units[:, : -asked.back], last - timedelta(weeks=asked.back)
    length = units.shape[1]
    origins = [length - HORIZON - APART * back for back in range(asked.origins)][::-1]
    known = length if asked.ranked == "all" else origins[0]
    best = np.argsort(-units[:, :known].sum(axis=1), kind="stable")[: asked.limit]
    report(units[best], origins, [names[at] for at in best], last)


def weekly(file: Path) -> tuple[Floats, list[str], date]:
    """Units by SKU and whole week, the SKUs' usual descriptions, and the last day of the file and of its last week."""
    import duckdb

    rows = duckdb.execute(
        "WITH sold AS (SELECT StockCode AS sku, CAST(InvoiceDate AS DATE) AS day, Quantity AS units "  # noqa: S608
        f"FROM read_parquet(?) WHERE {_KEPT}), ends AS (SELECT max(day) AS last FROM sold) "
        "SELECT sku, date_diff('day', day, last) // 7 AS ago, sum(units)::DOUBLE FROM sold, ends GROUP BY ALL",
        [str(file)],
    ).fetchall()
    whole = max(int(ago) for _, ago, _ in rows)
    place = {sku: at for at, sku in enumerate(sorted({str(sku) for sku, _, _ in rows}))}
    units = np.zeros((len(place), whole))
    for sku, ago, count in rows:
        if ago < whole:
            units[place[str(sku)], whole - 1 - int(ago)] += count
    called = dict(duckdb.execute(_NAMES, [str(file)]).fetchall())
    (last,) = duckdb.execute(_LAST, [str(file)]).fetchall()[0]
    return units, [str(called.get(sku) or "") for sku in place], last


def report(units: Floats, origins: list[int], names: list[str], last: date) -> None:
    """Run every method at every origin and print error, bias, coverage and speed, then error week by week."""
    from statsforecast.models import TSB, AutoETS, AutoTheta, CrostonOptimized, SeasonalNaive

    histories = [[_live(row[:origin]) for row in units] for origin in origins]
    actual = [units[:, origin : origin + HORIZON] for origin in origins]
    scales = [np.array([_scale(one) for one in at]) for at in histories]
    peers: dict[str, Callable[[], object]] = {
        f"SeasonalNaive({NAIVE_SEASON})": lambda: SeasonalNaive(NAIVE_SEASON),
        "AutoETS": lambda: AutoETS(season_length=1),
        "AutoTheta": lambda: AutoTheta(season_length=1),
        "CrostonOptimized": CrostonOptimized,
        "TSB(0.2, 0.2)": lambda: TSB(0.2, 0.2),
    }
    told = {name: _peer(make, histories) for name, make in peers.items()}
    together = [np.mean([one.paths[at] for one in told.values()], axis=0) for at in range(len(origins))]
    errors = {name: _error(one.paths, actual, scales) for name, one in told.items()}
    best = min(errors, key=lambda name: errors[name])
    told["mean of these"] = Told(together, sum(one.seconds for one in told.values()))
    ends = [last - timedelta(weeks=units.shape[1] - origin) for origin in origins]
    told["Pacer"] = _ours(histories, names, ends)
    told["Pacer, no names"] = _ours(histories, [], ends)
    able = sum(int(np.isfinite(one).sum()) for one in scales)
    print(f"{len(units)} SKUs, {HORIZON} weeks ahead from weeks {', '.join(map(str, origins))} of {units.shape[1]}")
    print(f"{able} forecasts scored; the rest had fewer than {LEAST_HISTORY} weeks of history or never changed\n")
    print(f"{'method':<20}{'RMSSE':>8}{'bias':>8}{'weeks in':>10}{'series/s':>10}   by origin")
    for name, one in told.items():
        error = _error(one.paths, actual, scales)
        each = " ".join(f"{_error([p], [a], [s]):.3f}" for p, a, s in zip(one.paths, actual, scales, strict=True))
        pace = sum(len(at) for at in histories) / max(one.seconds, 1e-4)
        print(
            f"{name:<20}{error:>8.4f}{_bias(one, actual, scales):>8.1%}{_inside(one, actual, scales):>10}{pace:>10.0f}   {each}"
        )
    ours = _error(told["Pacer"].paths, actual, scales)
    mean = _error(told["mean of these"].paths, actual, scales)
    print(f"\nPacer against the best single one ({best}): {ours / errors[best] - 1:+.1%} RMSSE; ", end="")
    print(f"against their mean: {ours / mean - 1:+.1%}; ", end="")
    print(f"{told['AutoETS'].seconds / told['Pacer'].seconds:.1f} times AutoETS's series a second")
    print(f"\n{'absolute error / scale':<24}" + "".join(f"{f'week {step}':>8}" for step in range(1, HORIZON + 1)))
    for name in (best, "mean of these", "Pacer"):
        print(f"{name:<24}" + "".join(f"{one:>8.3f}" for one in _by_week(told[name].paths, actual, scales)))


def _live(units: Floats) -> Floats:
    sold = np.flatnonzero(units)
    return units[sold[0] :] if len(sold) else units[:0]


def _scale(history: Floats) -> float:
    """The root mean squared one-step naive error, NaN where there is none to scale by."""
    if len(history) < LEAST_HISTORY:
        return float("nan")
    return float(np.sqrt(np.mean(np.diff(history) ** 2))) or float("nan")


def _peer(make: Callable[[], object], histories: list[list[Floats]]) -> Told:
    """A method of statsforecast; the mean of the history where it refuses one so short."""
    _one(make, np.arange(1.0, 40.0) % 7)
    begin = time.process_time()
    paths = [np.array([_one(make, history) for history in at]) for at in histories]
    return Told(paths, time.process_time() - begin)


def _one(make: Callable[[], object], history: Floats) -> Floats:
    if len(history) >= LEAST_HISTORY:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                told: Floats = make().forecast(y=history, h=HORIZON)["mean"]  # type: ignore[attr-defined]
            if np.isfinite(told).all():
                return told
        except (NotImplementedError, ValueError, ZeroDivisionError, IndexError):
            pass
    return np.full(HORIZON, history.mean() if len(history) else 0.0)


def _ours(histories: list[list[Floats]], names: list[str], ends: list[date]) -> Told:
    from tools.forecasting.weeks_ahead import forecast_weeks

    forecast_weeks(histories[0], HORIZON)
    begin = time.process_time()
    found = [forecast_weeks(at, HORIZON, names, end) for at, end in zip(histories, ends, strict=True)]
    seconds = time.process_time() - begin
    return Told([one.mean for one in found], seconds, [one.low for one in found], [one.high for one in found])


def _error(paths: list[Floats], actual: list[Floats], scales: list[Floats]) -> float:
    scored = [np.sqrt(((p - a) ** 2).mean(axis=1)) / s for p, a, s in zip(paths, actual, scales, strict=True)]
    return float(np.nanmean(np.concatenate(scored)))


def _by_week(paths: list[Floats], actual: list[Floats], scales: list[Floats]) -> Floats:
    scored = [np.abs(p - a) / s[:, None] for p, a, s in zip(paths, actual, scales, strict=True)]
    return np.asarray(np.nanmean(np.vstack(scored), axis=0))


def _bias(one: Told, actual: list[Floats], scales: list[Floats]) -> float:
    over = sum(float((p - a)[np.isfinite(s)].sum()) for p, a, s in zip(one.paths, actual, scales, strict=True))
    return over / sum(float(a[np.isfinite(s)].sum()) for a, s in zip(actual, scales, strict=True))


def _inside(one: Told, actual: list[Floats], scales: list[Floats]) -> str:
    if one.low is None or one.high is None:
        return ""
    held = [
        ((a >= np.round(low)) & (a <= np.round(high)))[np.isfinite(s)]
        for a, low, high, s in zip(actual, one.low, one.high, scales, strict=True)
    ]
    return f"{np.vstack(held).mean():.1%}"


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
