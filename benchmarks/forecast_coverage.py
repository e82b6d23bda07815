"""How often the 80% interval holds on the demo shop, by horizon, age and kind: `python -m benchmarks.forecast_coverage`.

Shops are simulated from the seeds named; at each origin the books are cut to what was known that day and every SKU is
forecast. Inside: the share of windows whose outcome (benchmarks/forecast_demo.py tells what that is) lay in the
interval, aim 75 to 85%; below and above: where the rest lay. Width: the mean of the interval over the units forecast.
Bias and WAPE are of the units forecast over the true mean. Windows of a shop overlap in time and share its events, so
a figure of few shops is less sure than its count of windows says; `shops` is the spread of inside over the shops.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.cash import cut
from benchmarks.forecast_demo import outcomes
from shop.demo import build, truth
from shop.warehouse import Shop
from tools.forecasting.demand import Scope, forecast

AGES = ((0, 14), (14, 56), (56, 120), (120, 365), (365, 10_000))
EVENTFUL = 0.05


@dataclass(frozen=True)
class Window:
    """One SKU forecast from one origin, with its outcome and the true mean of the days ahead."""

    seed: int
    origin: date
    horizon: int
    sku: str
    age: int
    units: float
    low: float
    high: float
    outcome: float
    mean: float
    seasonal: bool
    eventful: bool

    @property
    def inside(self) -> bool:
        """Whether the outcome lay in the interval as it is shown, in whole units."""
        return round(self.low) <= self.outcome <= round(self.high)


def windows(folder: Path, seed: int, origins: list[date], horizons: list[int]) -> Iterator[Window]:
    """Every SKU sold by then, at every origin and horizon whose outcome is known."""
    true, last = truth.load(folder), Shop.open(folder).as_of
    for origin in origins:
        with tempfile.TemporaryDirectory() as then:
            shop = cut(folder, origin, Path(then))
            for horizon in horizons:
                if origin + timedelta(days=horizon) > last:
                    continue
                found = forecast(shop, Scope(), horizon)
                assert found is not None
                happened = outcomes(true, origin, horizon)
                for sku, one in found.by_sku.items():
                    effect = one.profile.event_effect(one.start.toordinal(), horizon) if one.profile else 0.0
                    yield Window(
                        seed, origin, horizon, sku, len(one.series.ordered), one.units, one.low, one.high,
                        float(happened["drawn"][sku]), float(happened["mean"][sku]), one.series.goods is not None,
                        effect >= EVENTFUL,
                    )  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="shops to simulate")
    parser.add_argument("--origins", type=int, default=9, help="past origins of each shop")
    parser.add_argument("--apart", type=int, default=45, help="days between them")
    parser.add_argument("--horizons", type=int, nargs="+", default=[7, 30, 90], help="days ahead")
    parser.add_argument("--folder", type=Path, help="keep the shops here, and use those that are there")
    chosen = parser.parse_args()
    found: list[Window] = []
    with tempfile.TemporaryDirectory() as temporary:
        for seed in chosen.seeds:
            folder = (chosen.folder or Path(temporary)) / str(seed)
            if not (folder / "truth").is_dir():
                build(folder, seed)
            last = Shop.open(folder).as_of
            origins = [last - timedelta(days=chosen.apart * back) for back in range(chosen.origins, 0, -1)]
            found += windows(folder, seed, origins, chosen.horizons)
    report(found)


def report(found: list[Window]) -> None:
    """Print coverage of all windows and of each group."""
    print("| windows | count | inside | below | above | shops | width | bias | WAPE |\n|" + "-|" * 9)
    _row("all", found)
    for horizon in sorted({one.horizon for one in found}):
        _row(f"{horizon} days ahead", [one for one in found if one.horizon == horizon])
    for young, old in AGES:
        name = f"{young} to {old - 1} days old" if old < AGES[-1][1] else f"{young} days old or more"
        _row(name, [one for one in found if young <= one.age < old])
    kinds: dict[str, Callable[[Window], bool]] = {
        "seasonal by name": lambda one: one.seasonal,
        "an event ahead": lambda one: one.eventful,
        "neither, 120 days old or more": lambda one: not one.seasonal and not one.eventful and one.age >= 120,
    }
    for name, holds in kinds.items():
        _row(name, [one for one in found if holds(one)])


def _row(name: str, found: list[Window]) -> None:
    if not found:
        return
    inside = np.array([one.inside for one in found])
    below = np.array([one.outcome < round(one.low) for one in found])
    units, mean = np.array([one.units for one in found]), np.array([one.mean for one in found])
    width = np.array([one.high - one.low for one in found]).sum() / units.sum()
    by_shop = [np.mean([one.inside for one in found if one.seed == seed]) for seed in {one.seed for one in found}]
    shops = f"{min(by_shop):.0%} to {max(by_shop):.0%}"
    cells = [name, str(len(found)), f"{inside.mean():.1%}", f"{below.mean():.1%}", f"{(~inside & ~below).mean():.1%}"]
    cells += [
        shops,
        f"{width:.2f}",
        f"{units.sum() / mean.sum() - 1:+.1%}",
        f"{np.abs(units - mean).sum() / mean.sum():.1%}",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
