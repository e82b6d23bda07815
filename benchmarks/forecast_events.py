"""Events by country and channel, and the lean on signals, against the demo shop's true demand.

At ten origins over a year the same engine forecasts 30 days with only the autumn's events, with all events of where
the series sells, and with its levels leaning on the best signal besides. Errors are those of the 30-day sums, as
shares of the true mean demand; `SKUs` adds up the misses of the single SKUs.

Run: python -m benchmarks.forecast_events [--shop DIR] [--limit N]   (a demo shop is built where none is given)
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shop.warehouse import Shop
from tools.forecasting.demand import forecast_series
from tools.forecasting.leaning import factor, fading, leaning
from tools.forecasting.outcome import Forecast
from tools.forecasting.series import Scope, Series, sold
from tools.forecasting.signals import DAYS, counts_of

if TYPE_CHECKING:
    import pandas as pd

HORIZON = 30
SCOPES = {
    "all": Scope(), "US": Scope((), ("US",)), "JP": Scope((), ("JP",)),
    "amazon": Scope((), (), ("amazon",)), "shopify": Scope((), (), ("shopify",)),
}  # fmt: skip
# days before as_of: ahead of Black Friday, Christmas, Chinese New Year, spring, Golden Week, Prime Day, July,
# September, Prime Big Deal Days and today
ORIGINS = (366, 330, 283, 250, 211, 160, 123, 75, 49, 0)
WAYS = ("autumn only", "all events", "and signals")


def until(one: Series, day: date) -> Series | None:
    """The series as it was known on a day; None when it had hardly begun."""
    known = (day - one.start).days + 1
    if known < 60:
        return None
    price = (
        None if one.price is None else replace(one.price, paid=one.price.paid[:known], asked=one.price.asked[:known])
    )
    bulk = None if one.bulk is None else one.bulk[:known]
    return replace(one, ordered=one.ordered[:known], demand=one.demand[:known], bulk=bulk, price=price)


def true_units(truth: pd.DataFrame, scope: Scope, day: date) -> dict[str, float]:
    """True mean demand of the days after one, by SKU."""
    ahead = truth[(truth["on"] > day) & (truth["on"] <= day + timedelta(days=HORIZON))]
    for column, wanted in (("country", scope.countries), ("channel", scope.channels)):
        if wanted:
            ahead = ahead[ahead[column].isin(wanted)]
    return {str(sku): float(units) for sku, units in ahead.groupby("sku")["mean"].sum().items()}


def misses(found: list[Forecast], said: dict[str, float], truth: dict[str, float]) -> tuple[float, float]:
    """Error of the total and of the SKUs."""
    everything = sum(truth.values())
    inside = {one.series.sku or "" for one in found[1:]}
    counted = sum(units for sku, units in truth.items() if sku in inside)
    missed = sum(abs(said[sku] - truth.get(sku, 0.0)) for sku in inside)
    return abs(found[0].units - everything) / everything, missed / counted


def main() -> None:
    """Print one table: scope, way, error of the total and of the SKUs, mean over the origins."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--shop", type=Path)
    asked.add_argument("--limit", type=int, default=len(ORIGINS), help="use only the last so many origins")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = told.shop
        if folder is None:
            from shop.demo import build

            folder = Path(made)
            build(folder)
        measure(folder, ORIGINS[-told.limit :])


def measure(folder: Path, origins: tuple[int, ...]) -> None:
    """The table for one demo shop."""
    from shop.demo.truth import load

    shop = Shop.open(folder)
    truth = load(folder).demand
    truth = truth.assign(on=truth["day"].dt.date)
    print(f"{'scope':<9}{'way':<14}{'total %':>9}{'SKUs %':>9}")
    for name, scope in SCOPES.items():
        books = sold(shop, scope, 60, 20)
        if books is None:
            continue
        counts = counts_of(shop, scope.channels)
        errors: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for ago in origins:
            day = shop.as_of - timedelta(days=ago)
            series = [one for part in [books.total, *books.by_sku.values()] if (one := until(part, day)) is not None]
            real = true_units(truth, scope, day)
            for way in WAYS:
                known = [replace(one, place=None) for one in series] if way == WAYS[0] else series
                found = forecast_series(known, HORIZON, known[0])
                said = {one.series.sku or "": one.units for one in found[1:]}
                if way == WAYS[2]:
                    cut = DAYS - ago
                    orders = {cell: days[:cut] for cell, days in counts.orders.items()}
                    sources = {
                        source: {cell: days[:cut] for cell, days in cells.items()}
                        for source, cells in counts.by_source.items()
                    }
                    shifts = lean.shifts if (lean := leaning(sources, orders, cut)) is not None else {}
                    for ahead in found[1:]:
                        sku, bulk = ahead.series.sku or "", ahead.bulk_units / HORIZON
                        now = fading(factor(shifts, orders, sku, scope.countries), HORIZON)
                        said[sku] = float(((ahead.path - bulk) * now + bulk).sum())
                errors[way].append(misses(found, said, real))
        for way, found_errors in errors.items():
            total, single = np.mean(found_errors, axis=0)
            print(f"{name:<9}{way:<14}{100 * total:>9.1f}{100 * single:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
