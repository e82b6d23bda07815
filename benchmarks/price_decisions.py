"""Price decisions on the demo shop's truth: `python -m benchmarks.price_decisions --seeds 1 2 3`.

Every method picks a price for each SKU, country and retail channel from the same prices: usual endings, within the
largest step of today's, inside competitors' band, above the margin floor. What a price earns is the true demand of the
next ninety days at the true elasticity times what a unit leaves by the cost model. The oracle knows both and picks the
best under the same ladder between places; `alone` is what it would earn without the ladder. Regret is the share of the
oracle's profit that is missed, by SKU and country over its channels. Stock is left out on all sides.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from shop.demo import build
from shop.demo.truth import Truth, load
from shop.warehouse import Shop
from tools.forecasting.elasticity import Elasticity
from tools.forecasting.price import weekly_observations
from tools.pricing.curve import curve
from tools.pricing.floor import margin
from tools.pricing.places import HORIZON, Book, Key, book
from tools.pricing.solve import candidates, solve

Cell = tuple[str, str]
Prices = dict[Key, Decimal]


def knowing(known: Book, elasticity: Mapping[Key, float]) -> Book:
    """The book with other elasticities, taken as certain."""
    places = {
        key: replace(place, elasticity=Elasticity(elasticity[key], 0.0, place.own_changes))
        for key, place in known.places.items()
    }
    return replace(known, places=places)


def decided(known: Book, floor: Decimal) -> Prices:
    """The prices of the tool."""
    found = solve(known, floor, "profit", {}, {})
    return {key: one.price if one.price is not None else one.place.price for key, one in found.choices.items()}


def cost_plus(known: Book, floor: Decimal) -> Prices:
    """The same margin after all costs everywhere: that of the shop's middle price today."""
    usual = float(np.median([float(margin(p.market, p.price) or 0) for p in known.places.values()]))
    found = {}
    for key, place in known.places.items():
        prices, _ = candidates(place, floor, "profit")
        found[key] = min(
            prices or (place.price,), key=lambda price: abs(float(margin(place.market, price) or 0) - usual)
        )
    return found


def nearest(known: Book, floor: Decimal) -> Prices:
    """Today's price, at the nearest usual ending."""
    found = {}
    for key, place in known.places.items():
        prices, _ = candidates(place, floor, "profit")
        found[key] = min(prices or (place.price,), key=lambda price: abs(price - place.price))
    return found


def log_log(shop: Shop, known: Book) -> dict[Key, float]:
    """Per SKU the slope of log weekly units on log price over its places, each with its own level."""
    seen = weekly_observations(shop)
    units, price = np.asarray(seen.units, dtype=float), np.asarray(seen.price, dtype=float)
    rows = (units > 0) & (price > 0) & (np.asarray(seen.out) <= 0)
    keys = list(zip(seen.sku, seen.country, seen.channel, strict=True))
    groups: dict[Key, list[int]] = defaultdict(list)
    for at in np.flatnonzero(rows):
        groups[keys[int(at)]].append(int(at))
    top: dict[str, float] = defaultdict(float)
    ground: dict[str, float] = defaultdict(float)
    for key, rows_of in groups.items():
        x, y = np.log(price[rows_of]), np.log(units[rows_of])
        x, y = x - x.mean(), y - y.mean()
        top[key[0]] += float(x @ y)
        ground[key[0]] += float(x @ x)
    whole = sum(top.values()) / max(sum(ground.values()), 1e-9)
    slope = {sku: top[sku] / ground[sku] if ground[sku] > 1e-6 else whole for sku in top}
    return {key: slope.get(key[0], whole) for key in known.places}


def earned(
    known: Book, prices: Prices, elasticity: Mapping[Key, float], units: Mapping[Key, float]
) -> dict[Key, float]:
    """True profit over the horizon by place, before advertising, which no price changes."""
    found = {}
    for key, price in prices.items():
        place = known.places[key]
        one = curve(replace(place, elasticity=Elasticity(elasticity[key], 0.0, 0)), (price,))
        found[key] = units[key] * float(one.ratio[0, 0]) * float(one.earned[0])
    return found


def ads(known: Book, units: Mapping[Key, float]) -> dict[Key, float]:
    """Advertising and storage of the horizon by place, at today's averages."""
    return {
        key: units[key] * float((place.market.ads + place.market.storage) * place.market.rate)
        for key, place in known.places.items()
    }


def regrets(mine: Mapping[Key, float], best: Mapping[Key, float], spent: Mapping[Key, float]) -> dict[Cell, float]:
    """Missed share of the oracle's profit after advertising, by SKU and country."""
    lost: dict[Cell, float] = defaultdict(float)
    whole: dict[Cell, float] = defaultdict(float)
    for key, most in best.items():
        lost[key[:2]] += most - mine[key]
        whole[key[:2]] += most - spent[key]
    return {cell: lost[cell] / whole[cell] for cell in whole if whole[cell] > 0}


def truth_of(truth: Truth, known: Book, shop: Shop) -> tuple[dict[Key, float], dict[Key, float]]:
    """True elasticity and true units of the next ninety days at today's prices, by place."""
    by_cell = {(sku, country): e for sku, country, e in truth.elasticities.itertuples(index=False)}
    rows = truth.demand[truth.demand["day"].dt.date > shop.as_of]
    rows = rows[rows["day"] <= rows["day"].min() + np.timedelta64(HORIZON - 1, "D")]
    sums = rows.groupby(["sku", "country", "channel"])["mean"].sum().to_dict()
    return {key: float(by_cell[key[:2]]) for key in known.places}, {key: float(sums[key]) for key in known.places}


def decide(folder: Path, floor: Decimal) -> tuple[dict[str, dict[Cell, float]], dict[str, float], set[Cell]]:
    """Per method the regrets and the profit in sum; the cells whose price never moved."""
    shop = Shop.open(folder)
    known = book(shop, [], [], [])
    elasticity, units = truth_of(load(folder), known, shop)
    oracle = decided(knowing(known, elasticity), floor)
    best, spent = earned(known, oracle, elasticity, units), ads(known, units)
    alone = {}
    for key, place in known.places.items():
        prices, _ = candidates(place, floor, "profit")
        alone[key] = max(earned(known, {key: p}, elasticity, units)[key] for p in prices or (place.price,))
    methods = {
        "optimize_prices": decided(known, floor),
        "at the mean elasticity": decided(
            knowing(known, {k: p.elasticity.mean for k, p in known.places.items()}), floor
        ),
        "per-SKU log-log fit": decided(knowing(known, log_log(shop, known)), floor),
        "cost-plus": cost_plus(known, floor),
        "today's price, usual ending": nearest(known, floor),
    }
    profits = {name: earned(known, prices, elasticity, units) for name, prices in methods.items()}
    found = {name: regrets(mine, best, spent) for name, mine in profits.items()}
    sums = {name: sum(mine.values()) for name, mine in profits.items()}
    sums |= {"oracle": sum(best.values()), "oracle, alone": sum(alone.values())}
    untried = {key[:2] for key, place in known.places.items() if not place.own_changes}
    return found, sums, untried


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="seeds of the demo shops to build")
    parser.add_argument("--shops", type=Path, nargs="*", help="demo shops built before, instead of the seeds")
    parser.add_argument("--floor", type=Decimal, default=Decimal(0), help="margin floor in percent")
    parser.add_argument("--worst", type=int, default=0, help="print so many of the worst cells")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folders = chosen.shops or [Path(place) / str(seed) for seed in chosen.seeds]
        for folder, seed in zip(folders, chosen.seeds, strict=False):
            if not chosen.shops:
                build(folder, seed)
        shops = [decide(folder, chosen.floor) for folder in folders]
    print(f"{len(shops)} demo shops, floor {chosen.floor}%, {sum(len(s[0]['cost-plus']) for s in shops)} SKU-countries")
    print(
        "| method | profit of the oracle's | regret: mean | 90th pct | worst | never tried: mean | over 10% |\n|-|-|-|-|-|-|-|"
    )
    top = sum(sums["oracle"] for _, sums, _ in shops)
    for name in shops[0][0]:
        each = np.array([regret for found, _, _ in shops for regret in found[name].values()])
        untried = [found[name][cell] for found, _, new in shops for cell in new if cell in found[name]]
        total = sum(sums[name] for _, sums, _ in shops)
        print(
            f"| {name} | {total / top:.2%} | {each.mean():.2%} | {np.quantile(each, 0.9):.2%} | {each.max():.2%} | "
            f"{np.mean(untried) if untried else 0:.2%} | {int((each > 0.1).sum())} |"
        )
    alone = sum(sums["oracle, alone"] for _, sums, _ in shops)
    print(f"The oracle without the ladder earns {alone / top:.2%} of the oracle's.")
    for at, (found, _, _) in enumerate(shops):
        for cell, regret in sorted(found["optimize_prices"].items(), key=lambda item: -item[1])[: chosen.worst]:
            print(at, *cell, f"{regret:.2%}")


if __name__ == "__main__":
    main()
