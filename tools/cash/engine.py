"""From sales to the bank: every path of demand as a path of cash, in one matrix product.

All money that follows sales is linear in them, so each group of rows has a fixed table "sold in week i, moves in week
j"; a path of demand weighs those tables. What does not depend on demand is added as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tools.cash.filings import Filing, weeks_due
from tools.cash.payouts import Payout, spread, weeks_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WEEK = 7
KINDS = ("payouts", "fees", "refunds", "tax", "running")


@dataclass(frozen=True)
class Flows:
    """Money by rows and days, all in one currency, all amounts positive; day 0 is `start`.

    A row is a SKU in a market (or anything else sold through one channel). Rows x days (days = 7 x weeks), by day of
    sale, as expected: `sales` what customers pay, tax included; `fees` what the channel keeps out of its payout;
    `refunds` what is given back later, out of the payouts, after `refund_lags`; `tax` the part of sales less refunds
    that is filed; `running` parcels and the like that the seller pays after `running_lags`. `payout` and `filing` are
    each row's place in `payouts` and `filings` (filing -1: nothing is filed).
    `group` is each row's column in `factors` (paths x groups x weeks, 1 means as expected); without factors there is
    one path, the expected one. `certain` holds named weekly amounts that do not depend on demand, in positive, out
    negative (weeks,). `opening` is the balance before day 0.
    """

    start: date
    weeks: int
    sales: Floats
    fees: Floats
    refunds: Floats
    tax: Floats
    running: Floats
    payout: Ints
    payouts: tuple[Payout, ...]
    filing: Ints
    filings: tuple[Filing, ...] = ()
    group: Ints | None = None
    factors: NDArray[np.floating] | None = None
    certain: dict[str, Floats] = field(default_factory=dict)
    opening: float = 0.0
    refund_lags: Floats = field(default_factory=lambda: np.ones(1))
    running_lags: Floats = field(default_factory=lambda: np.ones(1))

    def plus(self, **certain: Floats) -> Flows:
        """The same with further amounts that do not depend on demand."""
        merged = dict(self.certain)
        for name, amounts in certain.items():
            merged[name] = merged[name] + amounts if name in merged else amounts
        return replace(self, certain=merged)


def cash_path(flows: Flows) -> Floats:
    """Paths x weeks: the balance at the end of each week."""
    fixed = np.zeros(flows.weeks)
    for amounts in flows.certain.values():
        fixed = fixed + amounts
    moved = np.sum(list(moves(flows).values()), axis=0)
    return np.asarray(flows.opening + np.cumsum(moved + fixed, axis=1), dtype=np.float64)


def moves(flows: Flows) -> dict[str, Floats]:
    """Kind -> paths x weeks of what follows sales: payouts, fees, refunds, tax, running; in positive, out negative."""
    tables = _tables(flows)
    factors = flows.factors
    if factors is None:
        return {kind: table.sum(axis=(0, 1))[None, :] for kind, table in tables.items()}
    flat = np.ascontiguousarray(factors.reshape(len(factors), -1))
    stacked = np.concatenate([tables[kind] for kind in KINDS], axis=2).reshape(flat.shape[1], -1)
    found = np.asarray(flat @ stacked.astype(flat.dtype, copy=False), dtype=np.float64)
    return {kind: found[:, n * flows.weeks : (n + 1) * flows.weeks] for n, kind in enumerate(KINDS)}


def means(flows: Flows) -> dict[str, Floats]:
    """Kind -> weeks: the mean over the paths of what follows sales, and the certain amounts by name."""
    return {**{kind: found.mean(axis=0) for kind, found in moves(flows).items()}, **flows.certain}


def _tables(flows: Flows) -> dict[str, Floats]:
    """Kind -> groups x weeks sold x weeks moved."""
    days, rows = flows.weeks * WEEK, len(flows.sales)
    groups = flows.factors.shape[1] if flows.factors is not None else 1
    at = flows.group if flows.group is not None and flows.factors is not None else np.zeros(rows, dtype=np.int64)
    tables = {kind: np.zeros((groups, flows.weeks, flows.weeks)) for kind in KINDS}
    back = spread(flows.refund_lags, days, flows.weeks)
    _add(tables["refunds"], at, -flows.refunds, back)
    _add(tables["running"], at, -flows.running, spread(flows.running_lags, days, flows.weeks))
    for number, payout in enumerate(flows.payouts):
        mine = flows.payout == number
        if mine.any():
            into = weeks_of(payout, flows.start, days, flows.start, flows.weeks)
            _add(tables["payouts"], at[mine], flows.sales[mine], into)
            _add(tables["fees"], at[mine], -flows.fees[mine], into)
    for number, filing in enumerate(flows.filings):
        mine = flows.filing == number
        if mine.any():
            into = weeks_due(filing.due, flows.start, days, flows.start, flows.weeks)
            _add(tables["tax"], at[mine], -flows.tax[mine], into)
    return tables


def _add(table: Floats, at: Ints, money: Floats, into: Floats) -> None:
    """Add rows x days of money, moved by days x weeks, to their groups."""
    weeks = into.shape[1]
    by_week = money.reshape(len(money), weeks, WEEK)
    moved = np.einsum("rwd,wdv->rwv", by_week, into.reshape(weeks, WEEK, weeks), optimize=True)
    np.add.at(table, at, moved)
