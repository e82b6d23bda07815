"""The cash engine against hand-made sums: payout days, filing days, what moves and never gets lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.cash.engine import Flows, cash_path, means, moves
from tools.cash.filings import Filing
from tools.cash.paths import sold
from tools.cash.payouts import Payout, weeks_of

MONDAY = date(2026, 11, 16)
WEEK = 7


def flows(weeks: int, payout: Payout, sales: float = 100.0, **more: object) -> Flows:
    """One row that sells the same every day."""
    days = np.full((1, weeks * WEEK), 1.0)
    base = Flows(
        MONDAY, weeks, sales * days, 15.0 * days, 5.0 * days, 19.0 * days, 7.0 * days,
        np.zeros(1, dtype=np.int64), (payout,), np.zeros(1, dtype=np.int64), (Filing("X", 1, 1, 10),),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def test_a_payout_waits_for_delivery_hold_settlement_and_bank() -> None:
    amazon = Payout("amazon", hold_days=7, delivery_days=4, every_days=14, settles_on=date(2026, 11, 20), bank_days=3)
    # sold 16 Nov, delivered 20 Nov, free 27 Nov, settled 4 Dec, in the bank 7 Dec
    assert amazon.paid_on(date(2026, 11, 16)) == date(2026, 12, 7)
    # sold 9 Nov: free 20 Nov, settled the same day
    assert amazon.paid_on(date(2026, 11, 9)) == date(2026, 11, 23)


def test_business_days_skip_the_weekend() -> None:
    shopify = Payout("shopify", hold_days=2, bank_days=1, business=True)
    assert shopify.paid_on(date(2026, 11, 20)) == date(2026, 11, 25)  # Friday: Tuesday, then Wednesday
    assert shopify.paid_on(date(2026, 11, 16)) == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("filing", "day", "due"),
    [
        (Filing("EU", 3, 1, 0), date(2026, 11, 15), date(2027, 1, 31)),
        (Filing("GB", 3, 2, 7), date(2026, 12, 31), date(2027, 2, 7)),
        (Filing("JP", 12, 3, 31), date(2026, 1, 1), date(2027, 3, 31)),
        (Filing("NO", 2, 2, 10), date(2026, 3, 5), date(2026, 6, 10)),
        (Filing("CA", 3, 1, 0), date(2026, 10, 1), date(2027, 1, 31)),
        (Filing("X", 3, 1, 31, 2), date(2026, 2, 1), date(2026, 5, 31)),
    ],
)
def test_tax_is_due_on_the_day_the_calendar_says(filing: Filing, day: date, due: date) -> None:
    assert filing.due(day) == due


def test_a_hand_computed_shop_to_the_cent() -> None:
    payout = Payout("own", hold_days=3)
    found = flows(
        2, payout, opening=50.0, certain={"ads": np.array([-10.0, -20.0])}, refund_lags=np.array([0.0, 0.5, 0.5])
    )
    # Week one: days 0..3 are paid (4 days), refunds of days 0..5 after one day and 0..4 after two.
    first = 50 + 4 * (100 - 15) - 5 * 0.5 * (6 + 5) - 7 * 7 - 10
    # Week two: days 4..10; refunds of days 6..12 and 5..11; tax of November is due on 10 December.
    second = first + 7 * 85 - 5 * 0.5 * 14 - 7 * 7 - 20
    assert cash_path(found)[0] == pytest.approx([first, second], abs=0.004)


def test_tax_of_the_old_month_is_paid_on_its_day() -> None:
    found = flows(4, Payout("own"), refunds=np.zeros((1, 28)), running=np.zeros((1, 28)), fees=np.zeros((1, 28)))
    tax = moves(found)["tax"][0]
    assert tax == pytest.approx([0, 0, 0, -19.0 * 15])  # 16 to 30 November, on 10 December


def test_a_reserve_comes_later_and_completely() -> None:
    payout = Payout("own", reserve=0.2, reserve_days=21)
    table = weeks_of(payout, MONDAY, 7, MONDAY, 8)
    assert table.sum(axis=1) == pytest.approx(np.ones(7))
    assert table[:, 0] == pytest.approx(np.full(7, 0.8))
    assert table[:, 3] == pytest.approx(np.full(7, 0.2))


@given(
    hold=st.integers(0, 30), every=st.integers(1, 28), bank=st.integers(0, 9), by=st.integers(1, 40),
    reserve=st.floats(0, 1), business=st.booleans(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_late_payout_moves_money_and_loses_none(
    hold: int, every: int, bank: int, by: int, reserve: float, business: bool
) -> None:
    payout = Payout("x", hold, 2, every, MONDAY, bank, business, reserve, 10)
    slow = payout.late(MONDAY, by)
    long = 40
    on_time, later = (weeks_of(one, MONDAY, 28, MONDAY, long) for one in (payout, slow))
    assert later.sum() == pytest.approx(on_time.sum())
    assert (np.cumsum(later.sum(axis=0)) <= np.cumsum(on_time.sum(axis=0)) + 1e-9).all()
    for n in range(28):
        day = MONDAY + timedelta(days=n)
        assert slow.paid_on(day) == payout.paid_on(day) + timedelta(days=by)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_paths_weigh_the_rows_they_belong_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, groups, weeks, paths = 7, 3, 5, 4
    sales, fees, refunds, tax, running = (rng.uniform(0, 100, (rows, weeks * WEEK)) for _ in range(5))
    group = rng.integers(0, groups, rows)
    factors = rng.uniform(0, 2, (paths, groups, weeks))
    channels = (Payout("a", 5), Payout("b", 2, 3, 14, MONDAY, 1, True))
    at, filing = rng.integers(0, 2, rows), rng.integers(-1, 1, rows)
    both = Flows(
        MONDAY, weeks, sales, fees, refunds, tax, running, at, channels, filing, (Filing("m", 1, 1, 10),), group, factors, opening=3.0,
        refund_lags=np.array([0.2, 0.3, 0.5]),
    )  # fmt: skip
    for path in range(paths):
        weight = np.repeat(factors[path][group], WEEK, axis=1)
        alone = replace(
            both, factors=None, sales=both.sales * weight, fees=both.fees * weight, refunds=both.refunds * weight,
            tax=both.tax * weight, running=both.running * weight,
        )  # fmt: skip
        assert cash_path(both)[path] == pytest.approx(cash_path(alone)[0])
    total = sum(means(both).values())
    assert both.opening + np.cumsum(total) == pytest.approx(cash_path(both).mean(axis=0))


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_no_more_is_sold_than_asked_for_or_there(seed: int) -> None:
    rng = np.random.default_rng(seed)
    asked = rng.integers(0, 50, (3, 4, 6)).astype(float)
    free, goods = rng.integers(0, 60, 4).astype(float), 40.0 * rng.integers(0, 2, (4, 6)).astype(np.float64)
    after = rng.uniform(0, 1, (4, 6))
    units = sold(asked, free, goods, after)
    assert (units <= asked + 1e-9).all()
    assert (np.cumsum(units, axis=2) <= free[None, :, None] + np.cumsum(goods, axis=1)[None] + 1e-9).all()
    plenty = sold(asked, np.full(4, 1e9), goods, after)
    assert plenty == pytest.approx(asked)
