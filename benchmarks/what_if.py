"""How fast a scenario is solved, and that its books balance: the demo shop and a shop of 2,000 SKU-markets.

`python -m benchmarks.what_if [--skip-large] [--scenarios 200]`

The larger shop is the demo shop with every product sold again under further codes. A scenario counts as solved when
the whole tool has answered, best answer and cash included; the baseline (forecast, costs) is worked out once per
version of the books and printed apart.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

import numpy as np

from shop.warehouse import Shop, writing
from tools.registry import run
from tools.scenario.attribute import attribute
from tools.scenario.baseline import Baseline, baseline
from tools.scenario.changes import Change, levers
from tools.scenario.solve import Engine
from tools.scenario.supply import purchases
from tools.scenario.unit import PARTS, REVENUE

HORIZON = 90
WANTED = 2_000
CENT = Decimal("0.01")
QUESTIONS: tuple[tuple[str, list[dict[str, object]]], ...] = (
    ("freight +30%", [{"lever": "freight", "value": 30}]),
    ("freight +30%, demand -15%", [{"lever": "freight", "value": 30}, {"lever": "demand", "value": -15}]),
    ("price +5%, dollar -4%", [{"lever": "price", "value": 5}, {"lever": "fx", "target": "USD", "value": -4}]),
    ("five levers", [{"lever": "freight", "value": 20}, {"lever": "demand", "value": -10}, {"lever": "price", "value": 3},
                     {"lever": "duty", "value": 5}, {"lever": "ad_budget", "value": -20}]),
)  # fmt: skip
MOVES = ("demand", "price", "unit_cost", "freight", "duty", "return_rate", "ad_budget", "promotion", "lead_time")
SKU_TABLES = ("products", "prices", "traffic", "supplier_offers", "inventory", "competitor_prices")


def multiplied(folder: Path, times: int) -> None:
    """Every product of the demo shop again under `times - 1` further codes, with its own orders, stock and offers."""
    from shop.demo import build

    build(folder)
    with writing(folder, "benchmark") as books:
        for copy in range(1, times):
            mark = f"-C{copy}"
            for table in SKU_TABLES:
                books.execute(
                    f"INSERT INTO {table} SELECT * REPLACE (sku || ? AS sku) FROM {table} WHERE sku NOT LIKE '%-C%'",  # noqa: S608
                    [mark],
                )
            books.execute(
                "INSERT INTO order_lines SELECT * REPLACE (sku || ? AS sku, line + ? AS line) FROM order_lines "
                "WHERE sku NOT LIKE '%-C%'",
                [mark, 100 * copy],
            )


def answered(shop: Shop, changes: Sequence[dict[str, object]]) -> float:
    """CPU seconds the whole tool takes."""
    began = time.process_time()
    run(shop, "what_if", {"changes": list(changes), "horizon_days": HORIZON})
    return time.process_time() - began


def speed(shop: Shop, name: str) -> Baseline:
    """Print the seconds of the baseline and of each question; returns the baseline."""
    began = time.process_time()
    base = baseline(shop, HORIZON)
    assert base is not None
    print(f"\n{name}: {len(base.markets):,} SKU-markets; baseline once per version of the books: "
          f"{time.process_time() - began:.1f} CPU s")  # fmt: skip
    print("| scenario | first, CPU s | again, CPU s |\n|-|-|-|")
    for words, changes in QUESTIONS:
        first = answered(shop, changes)
        print(f"| {words} | {first:.2f} | {answered(shop, changes):.2f} |")
    return base


def identities(shop: Shop, base: Baseline, scenarios: int, seed: int = 7) -> None:
    """Random scenarios: shares add up to the difference, parts to profit, and changes of nothing change nothing."""
    rng = np.random.default_rng(seed)
    skus = sorted({one.sku for one in base.markets})
    failed = dict.fromkeys(("nothing changes nothing", "shares add up", "parts add up to profit", "and to revenue"), 0)
    for _ in range(scenarios):
        chosen = [
            Change.model_validate(
                {"lever": lever, "value": round(float(rng.uniform(-30, 30)), 1)}
                | ({"target": str(rng.choice(skus))} if lever in ("demand", "price", "unit_cost") else {})
                | ({"value": round(float(rng.uniform(0, 60)))} if lever in ("return_rate", "lead_time") else {})
                | ({"value": round(float(rng.uniform(5, 30)))} if lever == "promotion" else {})
            )
            for lever in rng.choice(MOVES, int(rng.integers(1, 4)), replace=False)
        ]
        pulled = levers(shop, chosen, HORIZON)
        engine = Engine(base, pulled, purchases(shop, base, pulled))
        before, after = engine.solve(frozenset()), engine.solve(engine.everything)
        told = attribute(partial(_profit, engine), len(pulled), base.base)
        failed["shares add up"] += sum(told.shares, told.interaction) != after.profit - before.profit
        for one in (before, after):
            failed["parts add up to profit"] += sum(one.parts.values(), Decimal(0)) != one.profit
            failed["and to revenue"] += sum((one.parts[PARTS[at]] for at in REVENUE), Decimal(0)) != one.revenue
        still = levers(shop, [Change(lever="demand", value=0), Change(lever="freight", value=0)], HORIZON)
        quiet = Engine(base, still, ())
        failed["nothing changes nothing"] += quiet.solve(quiet.everything).profit != before.profit
    print(f"\n{scenarios} random scenarios, failures:", ", ".join(f"{name} {n}" for name, n in failed.items()))


def _profit(engine: Engine, active: frozenset[int]) -> Decimal:
    return engine.solve(active).profit


def main() -> None:
    """Print both shops' seconds and the identities."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--skip-large", action="store_true")
    asked.add_argument("--scenarios", type=int, default=200)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as room:
        from shop.demo import build

        build(Path(room) / "demo")
        shop = Shop.open(Path(room) / "demo")
        base = speed(shop, "Demo shop")
        identities(shop, base, chosen.scenarios)
        if not chosen.skip_large:
            multiplied(Path(room) / "large", -(-WANTED // len(base.markets)))
            speed(Shop.open(Path(room) / "large"), "Larger shop")


if __name__ == "__main__":
    main()
