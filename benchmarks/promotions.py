"""plan_promotions on the demo shop's truth: what its promotions really add, beside what sellers usually do.

`python -m benchmarks.promotions [--seeds 3] [--first 31]`. For each seed and three windows (Black Friday weekend, Christmas shopping,
January) every policy sets a discount for each SKU, country and channel. The true demand of the window without any discount
answers by the true elasticities; stock runs down day by day until new goods can come, so units given away cheaply are
missing later. `expected` is what the plan says of itself, and the last line how that compares with what it truly adds. Profit is the cost model's contribution without average advertising and storage, plus what selling stock
saves that would be kept too long or expire. `best in hindsight` knows the elasticities and the days.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shop.demo import SEED, build, truth
from shop.warehouse import Shop
from tools.fulfillment.books import inbound
from tools.promotions.choose import EVERYBODY, _kept_back, choose
from tools.promotions.ground import Cell, Ground, Grounds, grounds
from tools.promotions.past import Past, past
from tools.promotions.response import audiences
from tools.promotions.windows import Window

Floats = NDArray[np.float64]
WINDOWS = (
    Window(date(2026, 11, 27), date(2026, 11, 30)),
    Window(date(2026, 12, 4), date(2026, 12, 18)),
    Window(date(2027, 1, 5), date(2027, 1, 18)),
)
DEPTHS = (0, 5, 8, 10, 12, 15, 18, 20, 25, 30)
HORIZON = 92
POLICIES = ("none", "20% on everything", "same as last time", "plan_promotions", "best in hindsight")


@dataclass
class World:
    """True demand a day without any discount by cell, true elasticities, and goods arriving by SKU and warehouse."""

    demand: dict[Cell, Floats]
    elasticity: dict[tuple[str, str], float]
    arriving: dict[tuple[str, str], Floats]


def world(shop: Shop, folder: Path) -> World:
    """The truth of the days ahead, with the discounts that are planned in it divided out."""
    told = truth.load(folder)
    rows = told.elasticities
    known = {
        (str(sku), str(country)): float(value)
        for sku, country, value in zip(rows["sku"], rows["country"], rows["elasticity"], strict=True)
    }
    ahead = told.demand[told.demand["day"].dt.date > shop.as_of]
    demand: dict[Cell, Floats] = {}
    for (sku, country, channel), rows in ahead.groupby(["sku", "country", "channel"], observed=True):
        path = np.zeros(HORIZON)
        at = (rows["day"].dt.date - shop.as_of).map(lambda gap: gap.days).to_numpy() - 1
        inside = at < HORIZON
        path[at[inside]] = rows["mean"].to_numpy()[inside]
        demand[str(sku), str(country), str(channel)] = path
    for event in told.facts["events"]:
        if not event["discount"]:
            continue
        first, last = (date.fromisoformat(event[name]) for name in ("start", "end"))
        days = slice(max((first - shop.as_of).days - 1, 0), max((last - shop.as_of).days, 0))
        for cell, path in demand.items():
            held = cell[1] in event["countries"] and cell[2] in event["channels"]
            if held and (not event["skus"] or cell[0] in event["skus"]):
                path[days] /= (1 - event["discount"] / 100) ** known[cell[:2]]
    arriving: dict[tuple[str, str], Floats] = {}
    for key, goods in inbound(shop, []).items():
        came = arriving.setdefault(key, np.zeros(HORIZON))
        for one in goods:
            day = (one.arrives - shop.as_of).days - 1
            if 0 <= day < HORIZON:
                came[day] += one.units
    return World(demand, known, arriving)


def shelf_profit(
    cells: list[Ground], others: Floats, known: World, window: Window, as_of: date, depth: dict[Cell, int]
) -> float:
    """True profit of all markets of one shelf until new goods can come, with these discounts in the window."""
    shelf = cells[0].shelf
    first = (window.start - as_of).days - 1
    last = first + window.days
    end = min(max(shelf.until if shelf else 0, last), HORIZON)
    asked, margins = np.zeros((len(cells), end)), np.zeros((len(cells), end))
    for at, cell in enumerate(cells):
        asked[at] = known.demand.get(cell.cell, np.zeros(HORIZON))[:end]
        margins[at] = cell.margin
        off = depth.get(cell.cell, 0)
        if off:
            asked[at, first:last] *= (1 - off / 100) ** known.elasticity[cell.cell[:2]]
            margins[at, first:last] = MARGINS.setdefault(
                (id(cell), off), cell.margin_at(round(cell.price * (100 - off) / 100, 2))
            )
    total = asked.sum(axis=0) + others[:end]
    share = np.ones(end)
    if shelf is not None:
        came = known.arriving.get((shelf.sku, shelf.warehouse), np.zeros(HORIZON))
        left = float(shelf.free)
        for day in range(end):
            left += came[day]
            share[day] = min(left / total[day], 1.0) if total[day] > 0 else 1.0
            left -= share[day] * total[day]
    sold = asked * share
    saved = _kept_back(shelf, cells[0], 1.0) if shelf is not None else 0.0
    return float((sold * (margins + saved)).sum())


MARGINS: dict[tuple[int, int], float] = {}


def shelves(ground: Grounds) -> list[list[Ground]]:
    """Markets by the shelf they are served from."""
    found: dict[tuple[str, str], list[Ground]] = {}
    for cell in ground.cells:
        found.setdefault((cell.sku, cell.market.warehouse or cell.country), []).append(cell)
    return list(found.values())


def others_of(cells: list[Ground], ground: Grounds, known: World) -> Floats:
    """Units of the same shelf asked for by markets that are not promoted (wholesale), a day."""
    ours = {cell.cell for cell in ground.cells}
    countries = {cell.country for cell in cells}
    if cells[0].market.warehouse is None:
        return np.zeros(HORIZON)
    wholesale = [path for key, path in known.demand.items() if key[0] == cells[0].sku and key not in ours]
    from_here = cells[0].market.warehouse.startswith("CN")
    return np.sum(wholesale, axis=0) if wholesale and from_here and countries else np.zeros(HORIZON)


def hindsight(cells: list[Ground], others: Floats, known: World, window: Window, as_of: date) -> dict[Cell, int]:
    """The best discount of each market, one after the other until none moves."""
    depth: dict[Cell, int] = {}
    best = shelf_profit(cells, others, known, window, as_of, depth)
    for _ in range(2):
        for cell in cells:
            for off in DEPTHS:
                tried = {**depth, cell.cell: off}
                got = shelf_profit(cells, others, known, window, as_of, tried)
                if got > best + 1e-9:
                    best, depth = got, tried
    return depth


def last_time(ground: Grounds, before: Past) -> dict[Cell, int]:
    """The depth of the last promotion of each market."""
    found = {}
    for cell in ground.cells:
        last = before.last(cell.country, cell.channel, cell.sku)
        if last is not None:
            found[cell.cell] = round(last.depth)
    return found


def measure(folder: Path) -> dict[tuple[Window, str], float]:
    """True profit added over doing nothing, by window and policy."""
    shop = Shop.open(folder)
    MARGINS.clear()
    before = past(shop)
    kinds = audiences(shop, before)
    ground = grounds(shop, before, [], [], False, shop.as_of + timedelta(days=HORIZON))
    known = world(shop, folder)
    found = {}
    for window in WINDOWS:
        plan = choose(shop, ground, before, kinds, window, EVERYBODY, "profit", 30)
        depths: dict[str, dict[Cell, int]] = {
            "none": {},
            "20% on everything": {cell.cell: 20 for cell in ground.cells},
            "same as last time": last_time(ground, before),
            "plan_promotions": {one.cell: one.depth for one in plan.plans},
        }
        for name in POLICIES:
            added = 0.0
            for cells in shelves(ground):
                others = others_of(cells, ground, known)
                chosen = depths[name] if name in depths else hindsight(cells, others, known, window, shop.as_of)
                own = {cell.cell: chosen.get(cell.cell, 0) for cell in cells}
                added += shelf_profit(cells, others, known, window, shop.as_of, own)
                added -= shelf_profit(cells, others, known, window, shop.as_of, {})
            found[window, name] = added
        low, high = plan.interval()
        found[window, "expected"] = plan.gain
        found[window, "inside"] = float(low <= found[window, "plan_promotions"] <= high)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=SEED, help="the first seed, the others follow")
    parser.add_argument("--folder", type=Path, help="a demo shop that is there already, instead of building some")
    said = parser.parse_args()
    results = []
    if said.folder:
        results.append(measure(said.folder))
    else:
        for seed in range(said.first, said.first + said.seeds):
            with tempfile.TemporaryDirectory() as place:
                build(Path(place), seed)
                results.append(measure(Path(place)))
    print(f"profit added over no promotion, USD, mean of {len(results)} shops (worst)")
    print(f"{'window':<26}" + "".join(f"{name:>26}" for name in (*POLICIES[1:], "expected")))
    for window in WINDOWS:
        row = f"{window.start} to {window.end}"
        for name in (*POLICIES[1:], "expected"):
            values = [one[window, name] for one in results]
            row += f"{np.mean(values):>16,.0f} ({min(values):>7,.0f})"
        print(row)
    expected, true, inside = (
        [one[window, name] for one in results for window in WINDOWS]
        for name in ("expected", "plan_promotions", "inside")
    )
    print(
        f"expected {sum(expected):,.0f} in all, truly added {sum(true):,.0f}: {sum(true) / max(sum(expected), 1e-9):.2f} of it; "
        f"inside its interval in {sum(inside):.0f} of {len(inside)} plans; worst {min(true):,.0f}"
    )


if __name__ == "__main__":
    main()
