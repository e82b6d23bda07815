"""What planted fraud does to forecasts, set apart and not: `python -m benchmarks.forecast_rings`.

The demo shop holds orders on stolen cards in the weeks before its last day. Printed for each shop: how many of its
planted orders are set apart and how many honest ones, and over the SKUs and countries where rings ordered in the last
90 days on that channel, and over all others there, bias and WAPE of the next 30 days against the true mean. Beside it,
the same forecast from books without delivery addresses, in which no ring can be seen.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import numpy as np

from shop.demo import build, truth
from shop.warehouse import Shop, writing
from tools.forecasting.demand import Scope, forecast
from tools.forecasting.set_apart import lines_apart, set_apart

HORIZON = 30
RECENT_DAYS = 90
CHANNEL = "shopify"

Cell = tuple[str, str]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="shops to simulate")
    parser.add_argument("--folder", type=Path, help="keep the shops here, and use those that are there")
    asked = parser.parse_args()
    print("| shop | planted | set apart | honest set apart | cells | seen: bias | WAPE | not seen: bias | WAPE |")
    print("|" + "-|" * 9)
    every: dict[str, list[tuple[float, float, float]]] = {"where rings ordered": [], "elsewhere": []}
    with tempfile.TemporaryDirectory() as temporary:
        for seed in asked.seeds:
            folder = (asked.folder or Path(temporary)) / str(seed)
            if not (folder / "truth").is_dir():
                build(folder, seed)
            shop, true = Shop.open(folder), truth.load(folder)
            planted, found = set(true.facts["fraud_orders"]), {one.order_id for one in set_apart(shop)}
            with tempfile.TemporaryDirectory() as bare:
                blind = _without_addresses(folder, Path(bare))
                seen, unseen = _forecasts(shop, shop), _forecasts(blind, shop)
            first = shop.as_of - timedelta(days=RECENT_DAYS)
            struck = {
                (one.country, one.sku) for one in lines_apart(shop, [], [], [CHANNEL], first) if one.order_id in planted
            }
            means = _means(true, shop)
            for name, chosen in (("where rings ordered", struck), ("elsewhere", set(seen) - struck)):
                rows = [(seen[cell], unseen[cell], means[cell]) for cell in sorted(chosen & set(seen) & set(unseen))]
                every[name] += rows
                counts = [str(len(planted)), str(len(planted & found)), str(len(found - planted))]
                _row([str(seed), *counts, f"{len(rows)} {name}"], rows)
    for name, rows in every.items():
        _row(["all", "", "", "", f"{len(rows)} {name}"], rows)


def _without_addresses(folder: Path, target: Path) -> Shop:
    shutil.copytree(folder / "books", target / "books")
    with writing(target, "forget the addresses") as books:
        books.execute("UPDATE orders SET address_hash = NULL")
    return Shop.open(target)


def _forecasts(shop: Shop, known: Shop) -> dict[Cell, float]:
    """Units by country and SKU on the channel."""
    out: dict[Cell, float] = {}
    for country in known.vocabulary.countries:
        found = forecast(shop, Scope((), (country,), (CHANNEL,)), HORIZON)
        for sku, one in found.by_sku.items() if found else ():
            out[country, sku] = one.units
    return out


def _means(true: truth.Truth, shop: Shop) -> dict[Cell, float]:
    days = true.demand["day"].dt.date
    ahead = (days > shop.as_of) & (days <= shop.as_of + timedelta(days=HORIZON)) & (true.demand["channel"] == CHANNEL)
    sums = true.demand[ahead].groupby(["country", "sku"])["mean"].sum()
    return {(str(country), str(sku)): float(mean) for (country, sku), mean in sums.items()}


def _row(cells: list[str], rows: list[tuple[float, float, float]]) -> None:
    seen, unseen, mean = np.array(rows).T
    for said in (seen, unseen):
        cells += [f"{said.sum() / mean.sum() - 1:+.1%}", f"{np.abs(said - mean).sum() / mean.sum():.1%}"]
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
