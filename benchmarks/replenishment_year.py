"""Restocking simulated over a year, ours beside the usual policies: `python -m benchmarks.replenishment_year`.

How it is measured: docs/replenishment.md. `--limit N` plays the first N cases of each world only.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.inventory_cases import DATA, demo_cases, lanes, retail_cases
from benchmarks.inventory_peers import OURS, POLICIES
from benchmarks.inventory_world import Case, Played, clairvoyant, play

CLAIRVOYANT = "clairvoyant (bound)"
HEAD = (
    f"{'policy':<40} {'profit':>11} {'share':>7} {'to ours':>15} {'fill':>7} {'to ours':>15} {'stock':>6} {'ms':>6}\n"
    f"{'':<40} {'':>11} {'%':>7} {'points':>15} {'%':>7} {'points':>15} {'weeks':>6} {'':>6}"
)


def table(cases: Sequence[Case]) -> str:
    """One line a policy over all cases: shares are means over cases, differences to ours with their standard error."""
    bound = [clairvoyant(case) for case in cases]
    best = np.array([one.profit for one in bound])
    worth = best > 0
    lines, shares, fills = [HEAD], {}, {}
    for name, start in POLICIES.items():
        began = time.process_time()
        played = [play(case, start) for case in cases]
        spent = 1000 * (time.process_time() - began) / sum(len(case.demand) for case in cases)
        earned = np.array([one.profit for one in played])
        shares[name] = earned[worth] / best[worth]
        fills[name] = np.array([one.fill for one in played])
        lines.append(
            _line(name, played, shares[name], _gap(shares[name], shares[OURS], name),
                  _gap(fills[name], fills[OURS], name), f"{spent:.1f}")
        )  # fmt: skip
    lines.append(_line(CLAIRVOYANT, bound, best[worth] / best[worth], "", "", ""))
    return "\n".join(lines)


def _line(name: str, played: Sequence[Played], share: np.ndarray, gain: str, filled: str, spent: str) -> str:
    profit = sum(one.profit for one in played)
    fill = 100 * np.mean([one.fill for one in played])
    stock = np.mean([one.weeks_of_stock for one in played])
    return (
        f"{name:<40} {profit:>11,.0f} {100 * share.mean():>7.2f} {gain:>15} {fill:>7.2f} {filled:>15} "
        f"{stock:>6.2f} {spent:>6}"
    )


def _gap(mine: np.ndarray, ours: np.ndarray, name: str) -> str:
    if name == OURS:
        return ""
    gap = 100 * (mine - ours)
    error = gap.std(ddof=1) / np.sqrt(len(gap)) if len(gap) > 1 else float("nan")
    return f"{gap.mean():+.2f} ± {error:.2f}"


def main() -> None:
    """Play both worlds and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, default=Path("demo"), help="folder of a demo shop (default: demo)")
    parser.add_argument("--products", type=int, default=100, help="best sellers of Online Retail (default: 100)")
    parser.add_argument("--limit", type=int, help="only the first so many cases of each world")
    parser.add_argument("--seed", type=int, default=1, help="of demand and lead times (default: 1)")
    chosen = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if not (DATA / "scms_delivery_history.parquet").exists():
        raise SystemExit(f"There are no deliveries to draw lead times from: {DATA / 'scms_delivery_history.parquet'}.")
    known = lanes()
    shipments = sum(len(lane.actual) for lane in known)
    ratios = np.concatenate([lane.actual / lane.scheduled for lane in known])
    print(
        f"Lead times: {len(known)} lanes, {shipments:,} real shipments; actual over scheduled 5%, 50%, 95%: "
        + ", ".join(f"{value:.2f}" for value in np.quantile(ratios, (0.05, 0.5, 0.95)))
    )
    if (chosen.demo / "truth").exists():
        cases = demo_cases(chosen.demo, chosen.seed, known)[: chosen.limit]
        print(f"\nDemo shop's truth: {len(cases)} SKUs x warehouses, 52 weeks, US dollars")
        print(table(cases), flush=True)
    else:
        print(f"\nNo demo shop with its truth in {chosen.demo}: make one with `pacer demo`, or say --demo FOLDER.")
    if (DATA / "online_retail.parquet").exists():
        cases = retail_cases(chosen.seed, known, chosen.products)[: chosen.limit]
        print(
            f"\nOnline Retail: {len(cases)} best sellers, 40 weeks, pounds; profit 40% of price, holding 0.6% of it a week"
        )
        print(table(cases))
    else:
        print(f"\nNo Online Retail in {DATA}: left out.")


if __name__ == "__main__":
    main()
