"""Forecasts of goods a few days old, thirty days ahead: `python -m benchmarks.forecast_launches`.

Goods of a file in the layout of UCI Online Retail whose first sale lies at least 60 days into it are launches; each is
forecast as of its 4th, 10th and 20th day, from its own days and what the other goods had sold by then. With `--seeds`
the demo shop's launches are asked the same way, from books cut at that day, against what was drawn. Told are bias and
WAPE of the units, and the share of outcomes inside the 80% interval. Peers: the pace of the first days kept up, and
that of all other goods at the same age. `--half 0|1` takes every second SKU by a hash, so one half can be set aside.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.cash import cut
from benchmarks.forecast_demo import outcomes
from benchmarks.forecast_weekly import RETAIL
from shop.demo import build, truth
from shop.seasonal_goods import seasonal_goods
from shop.warehouse import Shop
from tools.forecasting.demand import Scope, forecast, forecast_series
from tools.forecasting.launches import BULK_DAYS, OPEN_DAYS, RECENT_DAYS, Good, launch
from tools.forecasting.outcome import Forecast
from tools.forecasting.series import Series, cleaned

Floats = NDArray[np.float64]
HORIZON = 30
AGES = (4, 10, 20)

_LINES = """
    WITH kept AS (
        SELECT StockCode AS sku, CAST(InvoiceDate AS DATE) AS day, Quantity AS units, UnitPrice AS price, Description AS name
        FROM read_parquet(?)
        WHERE InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0 AND regexp_matches(StockCode, '^[0-9]{5}')
    ), usual AS (SELECT sku, greatest(12, 8 * median(units)) AS bulk FROM kept GROUP BY sku)
    SELECT sku, date_diff('day', (SELECT min(day) FROM kept), day), units >= bulk, sum(units)::DOUBLE,
           sum(units::DOUBLE ** 2) FROM kept JOIN usual USING (sku) GROUP BY ALL
"""
_GOODS = """
    SELECT StockCode, median(UnitPrice), mode(Description ORDER BY Description), min(min(CAST(InvoiceDate AS DATE))) OVER ()
    FROM read_parquet(?)
    WHERE InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0 AND regexp_matches(StockCode, '^[0-9]{5}') GROUP BY ALL
"""


@dataclass(frozen=True)
class Case:
    """A launch forecast, what the pace so far and other goods would say, and what came."""

    age: int
    units: float
    low: float
    high: float
    pace: float
    others: float
    outcome: float


@dataclass(frozen=True)
class Retail:
    """Units by SKU and day, everyday and in bulk orders, and the squares of the latter's sizes."""

    skus: list[str]
    everyday: Floats
    bulk: Floats
    squares: Floats
    prices: dict[str, float]
    names: dict[str, str]
    start: date


def retail(file: Path) -> Retail:
    """The file by SKU and day."""
    import duckdb

    goods = duckdb.execute(_GOODS, [str(file)]).fetchall()
    rows = duckdb.execute(_LINES, [str(file)]).fetchall()
    skus = sorted(str(row[0]) for row in goods)
    place = {sku: at for at, sku in enumerate(skus)}
    shape = (len(skus), max(int(row[1]) for row in rows) + 1)
    everyday, bulk, squares = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for sku, day, is_bulk, units, square in rows:
        (bulk if is_bulk else everyday)[place[sku], day] += units
        if is_bulk:
            squares[place[sku], day] += square
    prices = {str(sku): float(price) for sku, price, _, _ in goods}
    names = {str(sku): str(name or "") for sku, _, name, _ in goods}
    return Retail(skus, everyday, bulk, squares, prices, names, goods[0][3])


def of_retail(held: Retail, age: int, half: int | None) -> Iterator[Case]:
    """Every launch of the file that is so many days old with thirty days to come."""
    first = np.array([int(np.flatnonzero(row)[0]) if row.any() else row.size for row in held.everyday + held.bulk])
    sums = [np.concatenate([np.zeros((len(one), 1)), one.cumsum(axis=1)], axis=1) for one in (held.everyday, held.bulk, held.squares)]  # fmt: skip
    days = held.everyday.shape[1]
    chosen = [
        at for at in np.flatnonzero((first >= OPEN_DAYS) & (first + age + HORIZON < days))
        if half is None or zlib.crc32(held.skus[at].encode()) % 2 == half
    ]  # fmt: skip
    series, new, others = [], {}, []
    for at in chosen:
        now, sku = int(first[at]) + age, held.skus[at]
        goods = _goods(held, sums, first, now, age, int(at))
        own_days = held.everyday[at, first[at] : now]
        own_good = Good(
            sku,
            int(first[at]),
            float(own_days.sum()),
            int(np.count_nonzero(own_days)),
            0.0,
            0.0,
            age,
            None,
            held.prices[sku],
        )
        new[sku] = launch(goods, age, HORIZON, own_good)
        began = [one.later for one in goods if one.begun >= OPEN_DAYS]
        others.append(float(np.mean(began)) if began else float("nan"))
        own = slice(int(first[at]), now)
        every = held.everyday[at, own] + held.bulk[at, own]
        start = held.start + timedelta(days=int(first[at]))
        one = cleaned(sku, every, held.everyday[at, own], held.bulk[at, own], start, 0)
        series.append(
            Series(sku, start, one.ordered, one.demand, 0, one.capped, one.bulk, goods=seasonal_goods(held.names[sku]))
        )
    for at, found, other in zip(chosen, forecast_series(series, HORIZON, new=new), others, strict=True):
        ahead = slice(int(first[at]) + age, int(first[at]) + age + HORIZON)
        yield _case(found, age, float((held.everyday[at, ahead] + held.bulk[at, ahead]).sum()), other)


def _goods(held: Retail, sums: list[Floats], first: NDArray[np.int64], now: int, age: int, but: int) -> list[Good]:
    """The other goods as known on the morning of day number `now`."""
    everyday, bulk, squares = sums
    at = np.flatnonzero(first + age + HORIZON <= now)
    at = at[at != but]
    begun, year = first[at], np.maximum(now - BULK_DAYS, 0)
    early = everyday[at, begun + age] - everyday[at, begun]
    on = np.count_nonzero([held.everyday[at, begun + day] for day in range(age)], axis=0)
    later = everyday[at, begun + age + HORIZON] - everyday[at, begun + age]
    recent = everyday[at, now] - everyday[at, max(now - RECENT_DAYS, 0)]
    large, large_squares, all_year = (one[at, now] - one[at, year] for one in (bulk, squares, everyday))
    return [
        Good(held.skus[k], int(b), e, int(o), n, r, int(now - b), None, held.prices[held.skus[k]], a, m, q)
        for k, b, e, o, n, r, a, m, q in zip(
            at, begun, early, on, later, recent, all_year, large, large_squares, strict=True
        )
    ]


def of_demo(folder: Path, age: int) -> Iterator[Case]:
    """The demo shop's launches at that age, where the books then held them."""
    true = truth.load(folder)
    for product in true.facts["products"]:
        days = true.demand[true.demand["sku"] == product["sku"]]["day"].dt.date
        day = days.min() + timedelta(days=age - 1)
        if days.min() <= true.demand["day"].dt.date.min() or day > Shop.open(folder).as_of - timedelta(days=HORIZON):
            continue
        with tempfile.TemporaryDirectory() as then:
            found = forecast(cut(folder, day, Path(then)), Scope(), HORIZON)
        assert found is not None
        one = found.by_sku.get(product["sku"])
        if one is not None:
            rest = [
                float(o.series.ordered[-RECENT_DAYS:].mean())
                for sku, o in found.by_sku.items()
                if sku != product["sku"]
            ]
            yield _case(
                one, age, float(outcomes(true, day, HORIZON)["drawn"][product["sku"]]), HORIZON * float(np.mean(rest))
            )


def _case(found: Forecast, age: int, outcome: float, others: float) -> Case:
    pace = HORIZON * float(found.series.ordered.mean())
    return Case(age, found.units, found.low, found.high, pace, others, outcome)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--file", type=Path, default=RETAIL)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--seeds", type=int, nargs="*", default=[], help="demo shops to simulate")
    parser.add_argument("--folder", type=Path, help="keep the shops here, and use those that are there")
    asked = parser.parse_args()
    if not asked.file.is_file():
        sys.exit(f"Skipped: {asked.file.name} is not beside the checkout; name a file with --file.")
    print("| launches | age | count | inside | below | bias | WAPE | own pace bias | WAPE | other goods bias | WAPE |")
    print("|" + "-|" * 11)
    held = retail(asked.file)
    for age in AGES:
        _row(asked.file.stem, list(of_retail(held, age, asked.half)))
    with tempfile.TemporaryDirectory() as temporary:
        shops = {seed: (asked.folder or Path(temporary)) / str(seed) for seed in asked.seeds}
        for seed, folder in shops.items():
            if not (folder / "truth").is_dir():
                build(folder, seed)
        for age in AGES if shops else ():
            _row("demo shop", [one for folder in shops.values() for one in of_demo(folder, age)])


def _row(name: str, found: list[Case]) -> None:
    if not found:
        return
    outcome = np.array([one.outcome for one in found])
    inside = np.mean([round(one.low) <= one.outcome <= round(one.high) for one in found])
    below = np.mean([one.outcome < round(one.low) for one in found])
    cells = [name, str(found[0].age), str(len(found)), f"{inside:.1%}", f"{below:.1%}"]
    for said in ([one.units for one in found], [one.pace for one in found], [one.others for one in found]):
        known = np.isfinite(said)
        errors = (np.array(said) - outcome)[known]
        whole = outcome[known].sum()
        cells += [f"{errors.sum() / whole:+.1%}", f"{np.abs(errors).sum() / whole:.1%}"]
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
