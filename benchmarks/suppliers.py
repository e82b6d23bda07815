"""Suppliers: splits against brute force, late risk on real deliveries, and who the gate keeps out.

`python -m benchmarks.suppliers [--seeds 3] [--cases 200] [--quick]`
"""

from __future__ import annotations

import argparse
import itertools
import math
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from benchmarks.supplier_delays import HISTORY, measured
from tools.suppliers.allocation import Source, allocate, bands, joint_chance, whole_cost
from tools.suppliers.books import Delivery
from tools.suppliers.delays import Seen
from tools.suppliers.record import defects, lateness

TODAY = date(2026, 11, 15)
KINDS = ("sound", "late", "gone late", "bad goods", "gone bad", "recovered")


def case(rng: np.random.Generator) -> tuple[list[Source], int, float]:
    """A random need: up to three suppliers, two ways, three price tiers, a smallest and a largest order each."""
    sources = []
    for supplier in range(int(rng.integers(1, 4))):
        least = int(rng.integers(1, 4))
        most = least + int(rng.integers(1, 9))
        price, tiers = float(rng.uniform(3, 9)), {}
        for start in (1, *sorted(rng.integers(2, 9, int(rng.integers(0, 3))))):
            tiers[int(start)] = price
            price *= float(rng.uniform(0.7, 1.0))
        chance = float(rng.uniform(0.6, 0.99))
        for way in range(int(rng.integers(1, 3))):
            offered = bands([(start, cost * (1 + 0.2 * way)) for start, cost in tiers.items()], least, most)
            better = 1 - (1 - chance) / (1 + way)
            sources.append(Source(f"S{supplier}", f"way {way}", offered, better, float(rng.uniform(5, 40))))
    return sources, int(rng.integers(1, 15)), float(rng.choice([0.0, 0.5, 0.7, 0.85]))


def brute_force(sources: Sequence[Source], quantity: int, chance: float) -> float | None:
    """The lowest cost over every way to order from every supplier; None where nothing meets the need."""
    orders: dict[str, list[tuple[int, float, float]]] = {}
    for one in sources:
        menu = orders.setdefault(one.supplier, [(0, 0.0, 1.0)])
        menu += [(n, n * band.cost, one.chance) for band in one.bands for n in range(band.least, band.most + 1)]
    costs = [
        sum(order[1] for order in chosen)
        for chosen in itertools.product(*orders.values())
        if sum(order[0] for order in chosen) >= quantity
        and math.prod(order[2] for order in chosen) >= chance * (1 - 1e-9)
    ]
    return min(costs, default=None)


def splits(cases: int, seed: int = 1) -> tuple[int, int, int]:
    """How many cases agree with brute force, how many of them can be met, and how many need several suppliers."""
    rng = np.random.default_rng(seed)
    agree = met = several = 0
    for _ in range(cases):
        sources, quantity, chance = case(rng)
        found, truth = allocate(sources, quantity, chance), brute_force(sources, quantity, chance)
        if found is None or truth is None:
            agree += found is None and truth is None
            continue
        met += 1
        several += len(found) > 1
        enough = sum(one.quantity for one in found) >= quantity
        likely = joint_chance(sources, found) >= chance * (1 - 1e-6)
        agree += enough and likely and abs(whole_cost(found) - truth) < 1e-6
    return agree, met, several


def records(rng: np.random.Generator, kind: str) -> tuple[list[tuple[Delivery, Seen]], str]:
    """Deliveries of four sound suppliers and of one of a kind, over two years."""
    rows: list[tuple[Delivery, Seen]] = []
    for name in ("A", "B", "C", "D", "X"):
        own = kind if name == "X" else "sound"
        orders = int(rng.integers(14, 60))
        late, spread, bad = rng.uniform(-1, 4), rng.uniform(2, 6), rng.uniform(0.003, 0.012)
        for number in range(orders):
            age = round(720 * (1 - (number + 1) / (orders + 1)))
            recent = age <= 200
            slow = own == "late" or (own == "gone late" and recent) or (own == "recovered" and 260 < age < 500)
            spoiled = own == "bad goods" or (own == "gone bad" and recent) or (own == "recovered" and 260 < age < 500)
            days = rng.normal(18 if slow else late, 8 if slow else spread)
            if rng.random() < 0.03:
                days += rng.uniform(15, 40)  # a storm or a strike, which happens to anybody
            share = rng.beta(60 * (0.07 if spoiled else bad), 60 * (1 - (0.07 if spoiled else bad)))
            units = int(rng.integers(100, 2000))
            ordered = TODAY - timedelta(days=age + 60)
            came = ordered + timedelta(days=max(round(50 + days), 5))
            if came > TODAY:
                continue
            order = Delivery(
                name, "SKU", "W", units, Decimal(5), "USD", ordered, ordered + timedelta(days=50), came,
                int(rng.binomial(units, share)),
            )  # fmt: skip
            rows.append((order, Seen(name, "W", float((came - ordered).days - 50), came)))
    return rows, "X"


def power(repeats: int, seed: int = 2) -> list[tuple[str, float, float]]:
    """For each kind of supplier: the share that the record blocks, and the share that it at least warns of."""
    rng = np.random.default_rng(seed)
    told = []
    for kind in KINDS:
        blocked = warned = 0
        for _ in range(repeats):
            rows, name = records(rng, kind)
            found = [lateness(name, rows, TODAY), defects(name, [order for order, _ in rows], TODAY)]
            blocked += any(one is not None and one.sure for one in found)
            warned += any(one is not None for one in found)
        told.append((kind, blocked / repeats, warned / repeats))
    return told


def gated(seed: int) -> tuple[set[str], set[str], set[str]]:
    """On a demo shop of that seed: suppliers blocked, planted ones, and all."""
    from shop.demo import build
    from shop.demo.truth import load
    from shop.warehouse import Shop
    from tools.suppliers.gate import screen

    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), seed)
        verdicts = screen(Shop.open(Path(folder)))
        facts = load(Path(folder)).facts
    planted = {*facts["scam_suppliers"], *facts["late_suppliers"], *facts["defect_suppliers"]}
    return {name for name, one in verdicts.items() if one.blocked}, planted, set(verdicts)


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=3, help="demo shops to build for the gate")
    asked.add_argument("--cases", type=int, default=200, help="random splits")
    asked.add_argument("--quick", action="store_true", help="no demo shops, fewer repeats")
    said = asked.parse_args()
    start = time.perf_counter()
    agree, met, several = splits(said.cases)
    print(f"splits equal to brute force: {agree} of {said.cases} ({met} can be met, {several} by several suppliers)")
    print(f"\n{'late risk on real deliveries, time split':52} {'AUC':>6} {'Brier':>7}")
    if HISTORY.exists():
        for name, area, brier in measured(HISTORY):
            print(f"{name:52} {area:6.3f} {brier:7.4f}")
    else:
        print(f"skipped: {HISTORY.name} is not there (see SOURCES.md of the shared data)")
    print(f"\n{'record of a supplier, simulated':52} {'blocked':>8} {'or warned':>10}")
    for kind, blocked, warned in power(40 if said.quick else 200):
        print(f"{kind:52} {blocked:8.1%} {warned:10.1%}")
    if not said.quick:
        print("\ngate on demo shops")
        for seed in range(1, said.seeds + 1):
            out, planted, every = gated(seed)
            print(f"seed {seed}: blocked {sorted(out)}; planted and missed {sorted(planted - out)}; "
                  f"good and blocked {sorted(out - planted)} of {len(every - planted)}")  # fmt: skip
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
