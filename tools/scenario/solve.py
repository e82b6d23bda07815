"""One solution of the shop's next days: demand, what stock lets sell, and the money, under some levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shop.costs.parts import share_out
from tools.scenario.baseline import Baseline
from tools.scenario.lever import Lever
from tools.scenario.supply import Purchase, arrivals
from tools.scenario.unit import FIXED, PARTS, PLACE, REVENUE, Units

Floats = NDArray[np.float64]
SHORT = 0.5  # of a unit; less is the rounding of a forecast, not a stock-out
LEAST_RATIO = 0.05


@dataclass(frozen=True)
class Outcome:
    """A solution. Money is in base currency, to the smallest coin, and adds up: parts to profit, the first four to
    revenue (what customers pay without tax). `asked` and `sold` are units by row and day, `lost` and `left` by cell and
    day, `by_row` profit by row."""

    asked: Floats
    sold: Floats
    lost: Floats
    left: Floats
    came: Floats
    parts: dict[str, Decimal]
    revenue: Decimal
    profit: Decimal
    by_row: Floats
    ads: Floats

    @property
    def units(self) -> float:
        """Units sold."""
        return float(self.sold.sum())

    @property
    def lost_units(self) -> float:
        """Units asked for that were not there."""
        return float(self.lost.sum())

    @property
    def short(self) -> tuple[int, ...]:
        """Cells that run out, the earliest first."""
        out = np.flatnonzero(self.lost.sum(axis=1) >= SHORT)
        first = {int(cell): int(np.argmax(self.lost[cell] > 0)) for cell in out}
        return tuple(sorted(first, key=lambda cell: (first[cell], cell)))


class Engine:
    """Solves any subset of levers on one baseline; every subset once."""

    def __init__(
        self, base: Baseline, levers: Sequence[Lever], bought: Sequence[Purchase] = (), like: Units | None = None
    ) -> None:
        """`like` hands over unit money worked out for the same markets; its levers are the first of these."""
        self.base, self.levers, self.bought = base, tuple(levers), tuple(bought)
        self.units = Units(base, levers, like)
        self._known: dict[frozenset[int], Outcome] = {}
        self._usual: Floats | None = None
        self._rows: dict[Lever, NDArray[np.bool_]] = {}

    def more(self, levers: Sequence[Lever], bought: Sequence[Purchase] = ()) -> Engine:
        """The same with further levers and purchases; what is solved already stays solved."""
        other = Engine(self.base, (*self.levers, *levers), (*self.bought, *bought), self.units)
        other._known, other._usual, other._rows = dict(self._known), self._usual, self._rows
        return other

    @property
    def everything(self) -> frozenset[int]:
        """All levers."""
        return frozenset(range(len(self.levers)))

    def solve(self, active: frozenset[int]) -> Outcome:
        """The shop with these levers pulled and the others left."""
        known = self._known.get(active)
        if known is None:
            known = self._known[active] = self._solve(active)
        return known

    def segments(self, active: frozenset[int]) -> list[tuple[int, int, frozenset[int]]]:
        """Runs of days with the same levers in force: first day, the day after the last, levers."""
        edges = {0, self.base.horizon}
        for n in active:
            edges |= {self.levers[n].first, self.levers[n].last + 1}
        days = sorted(edges)
        return [
            (low, high, frozenset(n for n in active if self.levers[n].first <= low <= self.levers[n].last))
            for low, high in pairwise(days)
        ]

    def _solve(self, active: frozenset[int]) -> Outcome:
        base = self.base
        asked = base.demand.copy()
        money: list[tuple[int, int, Floats]] = []
        spend = np.ones_like(asked)
        for low, high, now in self.segments(active):
            parts, ratio = self.units.of(now)
            money.append((low, high, parts))
            answer = np.maximum(ratio, LEAST_RATIO) ** base.response
            for n in sorted(now):
                factor, budget = self._moves(self.levers[n])
                answer = answer * factor
                spend[:, low:high] *= budget[:, None]
            asked[:, low:high] *= answer[:, None]
        came = arrivals(
            base, [self.levers[n] for n in sorted(active)], [one for one in self.bought if one.lever in active]
        )
        sold, lost, left = run_down(asked, base, came)
        if self._usual is None:
            self._usual = sold if not active else self.solve(frozenset()).sold
        return self._counted(asked, sold, lost, left, came, money, spend)

    def _counted(
        self, asked: Floats, sold: Floats, lost: Floats, left: Floats, came: Floats,
        money: list[tuple[int, int, Floats]], spend: Floats,
    ) -> Outcome:  # fmt: skip
        assert self._usual is not None
        by_part = np.zeros((len(self.base.markets), len(PARTS)))
        ads = np.zeros_like(sold)
        for low, high, parts in money:
            each = parts * sold[:, low:high].sum(axis=1)[:, None]
            usual = self._usual[:, low:high]
            each[:, FIXED[0]] = parts[:, FIXED[0]] * usual.sum(axis=1)
            paid = parts[:, FIXED[1]][:, None] * usual * spend[:, low:high]
            each[:, FIXED[1]] = paid.sum(axis=1)
            ads[:, low:high] = paid
            by_part += each
        exact = [(name, Decimal(repr(float(by_part[:, PLACE[name]].sum()))), "") for name in PARTS]
        parts_told, profit = share_out(exact, self.base.base)
        told = {part.name: part.amount for part in parts_told}
        revenue = sum((told[PARTS[at]] for at in REVENUE), Decimal(0))
        return Outcome(asked, sold, lost, left, came, told, revenue, profit, by_part.sum(axis=1), ads)

    def _moves(self, lever: Lever) -> tuple[Floats, Floats]:
        """What a lever multiplies each row's demand and ad spend by, beyond the price."""
        one = np.ones(len(self.base.markets))
        if lever.name not in ("demand", "promotion", "ad_budget"):
            return one, one
        rows = self._rows.get(lever)
        if rows is None:
            rows = self._rows[lever] = rows_of(self.base, lever)
        if lever.name == "demand":
            return np.where(rows, float(lever.amount.factor), 1.0), one
        if lever.name == "promotion":
            return np.where(rows, np.exp(self.base.deal), 1.0), one
        budget = float(lever.amount.factor)
        return np.where(rows, self.base.adverts.factor(budget), 1.0), np.where(rows, budget, 1.0)


def rows_of(base: Baseline, lever: Lever) -> NDArray[np.bool_]:
    """The rows of SKUs, countries and channels that a lever is on."""
    return np.array(
        [
            lever.touches("sku", one.sku)
            and lever.touches("category", base.categories.get(one.sku))
            and lever.touches("country", one.country)
            and lever.touches("channel", one.channel)
            for one in base.markets
        ]
    )


def run_down(asked: Floats, base: Baseline, came: Floats) -> tuple[Floats, Floats, Floats]:
    """Units sold by row and day, lost and left by cell and day: what meets an empty shelf is lost, shared by asking.

    Rows without a known shelf sell all they are asked for.
    """
    count, days = len(base.cells), asked.shape[1]
    lost, left = np.zeros((count, days)), np.zeros((count, days))
    if not count:
        return asked.copy(), lost, left
    here = base.cell_of >= 0
    cell = base.cell_of[here]
    wanted = np.zeros((count, days))
    np.add.at(wanted, cell, asked[here])
    stock = base.stock.copy()
    share = np.ones((count, days))
    for day in range(days):
        stock = stock + came[:, day]
        served = np.minimum(stock, wanted[:, day])
        lost[:, day] = wanted[:, day] - served
        np.divide(served, wanted[:, day], out=share[:, day], where=wanted[:, day] > 0)
        stock = stock - served
        left[:, day] = stock
    sold = asked.copy()
    sold[here] = asked[here] * share[cell]
    return sold, lost, left
