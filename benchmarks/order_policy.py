"""The order policy beside base-stock rules and the best possible, on simulated demand and two shops' real weeks.

`python -m benchmarks.order_policy [--limit N] [--seed S]`: N series of each of ten simulated kinds, 3 N products of each
real shop, each with lead time 0, 4 or stochastic (1, 2, 3 or never, a quarter each, promised 2) and with profit to
holding 1/1, 4/1, 19/1. Score as in InventoryBench (Baek, Fu, Ma, Peng): (profit on sales - holding) / (profit on all
demand), at least 0; sales not served are lost.

Peers: the capped base-stock rule of that paper with the promised lead time; the same with exponentially smoothed
level and spread; and the exact optimum with all demand and all lead times known beforehand: each unit of demand is met
from the latest order that can arrive by then, if its holding costs less than its profit.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.order_policy_demand import DATA, HISTORY, KINDS, Series, dominicks, online_retail, simulated
from tools.replenishment import OrderPolicy

LEADS = ("0", "4", "stochastic")
PROMISED = {"0": 0, "4": 4, "stochastic": 2}
PROFITS = (1.0, 4.0, 19.0)
NEVER = 10_000
SMOOTHING = 0.3


class Orders(Protocol):
    """Anything that decides an order each period."""

    def decide(self, date: str, on_hand: float, last_demand: float | None, last_arrivals: float) -> int: ...


class BaseStock:
    """Order up to the promised lead time's demand plus a normal safety stock, at most one high period's demand."""

    def __init__(self, demand: Sequence[float], promised: int, profit: float, holding: float) -> None:
        self.seen = [float(units) for units in demand]
        self.cover = 1 + promised
        self.safety = NormalDist().inv_cdf(profit / (profit + holding))
        self.under_way = self.ordered = 0.0

    def moments(self) -> tuple[float, float]:
        """Mean and spread of a period's demand."""
        return float(np.mean(self.seen)), float(np.std(self.seen, ddof=1))

    def decide(self, date: str, on_hand: float, last_demand: float | None, last_arrivals: float) -> int:
        if last_demand is not None:
            self.seen.append(last_demand)
            self.under_way += self.ordered - last_arrivals
        mean, spread = self.moments()
        base = self.cover * mean + self.safety * spread * self.cover**0.5
        cap = mean + NormalDist().inv_cdf(0.95) * spread
        self.ordered = max(0, round(min(max(base - on_hand - self.under_way, 0.0), cap)))
        return int(self.ordered)


class SmoothedBaseStock(BaseStock):
    """The same rule on an exponentially smoothed level and squared error."""

    def moments(self) -> tuple[float, float]:
        level, square = float(np.mean(self.seen[:HISTORY])), float(np.var(self.seen[:HISTORY], ddof=1))
        for units in self.seen[HISTORY:]:
            square += SMOOTHING * ((units - level) ** 2 - square)
            level += SMOOTHING * (units - level)
        return level, square**0.5


def lead_times(setting: str, periods: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """The true lead time of an order placed in each period."""
    if setting == "stochastic":
        return np.asarray(rng.choice([1, 2, 3, NEVER], periods))
    return np.full(periods, PROMISED[setting])


def score(orders: Orders, series: Series, leads: NDArray[np.int64], profit: float, holding: float) -> float:
    """Play one instance: order, arrivals, demand, holding on what is left."""
    demand, labels = series.demand[HISTORY:], series.labels[HISTORY:]
    coming = np.zeros(len(demand) + 100, dtype=np.int64)
    stock, arrived, reward, before = 0, 0, 0.0, None
    for period, units in enumerate(demand):
        ordered = orders.decide(labels[period], stock, before, arrived)
        if leads[period] < len(demand):
            coming[period + leads[period]] += ordered
        arrived = int(coming[period])
        sold = min(stock + arrived, units)
        stock += arrived - sold
        reward += profit * sold - holding * stock
        before = units
    return max(0.0, reward / (profit * sum(demand)))


def clairvoyant(series: Series, leads: NDArray[np.int64], profit: float, holding: float) -> float:
    """The exact best score where all demand and all lead times are known."""
    demand = series.demand[HISTORY:]
    reachable = {period + int(lead) for period, lead in enumerate(leads)}
    latest, reward = None, 0.0
    for period, units in enumerate(demand):
        latest = period if period in reachable else latest
        if latest is not None:
            reward += max(0.0, profit - holding * (period - latest)) * units
    return reward / (profit * sum(demand))


def instances(several: Sequence[Series], setting: str, seed: int) -> Iterator[tuple[Series, NDArray[np.int64], float]]:
    """Each series with each profit, and the lead times drawn for it."""
    for place, series in enumerate(several):
        for profit in PROFITS:
            rng = np.random.default_rng([seed, place, int(profit)])
            yield series, lead_times(setting, len(series.demand) - HISTORY, rng), profit


def played(several: Sequence[Series], setting: str, seed: int) -> NDArray[np.float64]:
    """Scores of all instances: ours, capped base-stock, smoothed base-stock, clairvoyant."""
    rows = []
    for series, leads, profit in instances(several, setting, seed):
        promised, past = PROMISED[setting], series.demand[:HISTORY]
        ours = OrderPolicy(list(zip(series.labels[:HISTORY], past, strict=True)), promised, profit, 1.0)
        rivals: list[Orders] = [
            ours,
            BaseStock(past, promised, profit, 1.0),
            SmoothedBaseStock(past, promised, profit, 1.0),
        ]
        found = [score(rival, series, leads, profit, 1.0) for rival in rivals]
        rows.append([*found, clairvoyant(series, leads, profit, 1.0)])
    return np.array(rows)


def _row(name: str, setting: str, scores: NDArray[np.float64]) -> None:
    error = scores.std(axis=0, ddof=1) / len(scores) ** 0.5
    cells = "".join(f"{mean:>10.3f} ±{spread:.3f}" for mean, spread in zip(scores.mean(axis=0), error, strict=True))
    print(f"{name:<18}{setting:<12}{len(scores):>5}{cells}", flush=True)


def main() -> None:
    """Print the table, then the six parts and the whole."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--limit", type=int, default=4)
    arguments.add_argument("--seed", type=int, default=2027)
    asked = arguments.parse_args()
    kinds = {kind: simulated(kind, asked.limit, asked.seed) for kind in KINDS}
    rng = np.random.default_rng(asked.seed)
    for name, file, read in (
        ("online retail", "online_retail.parquet", online_retail),
        ("dominick's", "dominicks_weekly.parquet", dominicks),
    ):
        if not (DATA / file).exists():
            print(f"{name} is skipped: there is no {file} in shared/data beside the checkout.")
            continue
        products = read()
        kinds[name] = [products[place] for place in rng.permutation(len(products))[: 3 * asked.limit]]
    print(
        f"{'demand':<18}{'lead time':<12}{'n':>5}{'ours':>17}{'capped base':>17}{'smoothed base':>17}{'clairvoyant':>17}"
    )
    parts: dict[tuple[str, str], list[NDArray[np.float64]]] = {}
    begin, periods = time.process_time(), 0
    for name, several in kinds.items():
        for setting in LEADS:
            found = played(several, setting, asked.seed)
            periods += len(found) * (len(several[0].demand) - HISTORY)
            parts.setdefault(("simulated" if name in KINDS else "real", setting), []).append(found)
            _row(name, setting, found)
    print()
    for (part, setting), tables in parts.items():
        _row(f"all {part}", setting, np.concatenate(tables))
    _row("all", "all", np.concatenate([table for tables in parts.values() for table in tables]))
    print(f"{(time.process_time() - begin) / periods * 1000:.1f} ms CPU a decision, all three rules")


if __name__ == "__main__":
    main()
