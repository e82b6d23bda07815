"""The shop's cash ahead: what is on its way, what will be sold, what is owed, and what more orders would do to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shop.cash_facts import ANY, Calendars, CashFacts, FixedCost, cash_facts
from shop.costs.book import Costs
from shop.warehouse import Shop
from tools.cash.engine import Flows, cash_path, means
from tools.cash.filings import Filing, weeks_due
from tools.cash.past import DEEP_DAYS, Ledger, ads_a_day, delivery_days, ledger, refund_lags
from tools.cash.paths import PATHS, arriving, demand_paths, factors, sold
from tools.cash.payouts import Payout, weeks_of
from tools.cash.purchases import Bought, Due, Pricing, Profile, open_purchases, payments, usual_profile, weekly
from tools.cash.sales import Asked, Place, Rows, asked, rows_of

Floats = NDArray[np.float64]
WEEK = 7
ADS_DAYS = 28
LOW, HIGH = 10.0, 90.0


@dataclass(frozen=True)
class Path:
    """Cash at each week's end over all paths of demand, and the mean of what moved, by kind (weeks,)."""

    cash: Floats
    moved: dict[str, Floats]

    def at(self, percentile: float) -> Floats:
        """That percentile of the balance at each week's end."""
        return np.asarray(np.percentile(self.cash, percentile, axis=0))

    @property
    def lowest(self) -> tuple[int, float]:
        """The week (0 is the first) in which the weak case is lowest, and that balance."""
        low = self.at(LOW)
        week = int(np.argmin(low))
        return week, float(low[week])


class Outlook:
    """Everything one shop's cash stands on, read once; `path` answers for any further orders and payments."""

    def __init__(self, shop: Shop, wanted: Asked, weeks: int, paths: int = PATHS, given: Sequence[Bought] = ()) -> None:
        self.shop, self.weeks, self.start = shop, weeks, shop.as_of + timedelta(days=1)
        self.facts: CashFacts = cash_facts(shop.folder)
        self.calendars = Calendars(self.facts)
        self.costs = Costs.of(shop)
        self.asked = wanted
        self.rows: Rows = rows_of(shop, wanted, weeks * WEEK)
        self.pricing = Pricing(shop, self.facts, self.calendars)
        self.orders = [*open_purchases(shop, self.pricing), *given]
        self.places = sorted(set(self.rows.places))
        self.past: Ledger = ledger(shop, shop.as_of - timedelta(days=DEEP_DAYS - 1), shop.as_of)
        self.lags = refund_lags(shop)
        self.all_places = sorted({*self.places, *self.past.places})
        delivery = delivery_days(shop)
        self.payouts = tuple(self._payout(place, delivery) for place in self.all_places)
        self.filings = tuple(self._filing(place) for place in self.all_places)
        self.cells = list(wanted.shelves)
        self._asked = demand_paths(wanted, weeks, paths)
        self._expected = np.array(
            [shelf.mean[: weeks * WEEK].reshape(weeks, WEEK).sum(axis=1) for shelf in wanted.shelves.values()]
        ).reshape(len(self.cells), weeks)
        self._kept: dict[tuple[Payout, ...], dict[str, Floats]] = {}
        self.opening = self._opening()
        self.floor = float(self._money(self.facts.floor or Decimal(0), self.facts.currency))

    def path(
        self, more: Iterable[Bought] = (), dues: Iterable[Due] = (), payouts: tuple[Payout, ...] | None = None
    ) -> Path:
        """Cash when also `more` is ordered and `dues` are paid, with other payout calendars if said."""
        flows = self.flows(more, dues, payouts)
        return Path(cash_path(flows), means(flows))

    def flows(
        self, more: Iterable[Bought] = (), dues: Iterable[Due] = (), payouts: tuple[Payout, ...] | None = None
    ) -> Flows:
        """What the engine needs, for `path`."""
        orders = [*self.orders, *more]
        calendars = payouts or self.payouts
        at = {place: n for n, place in enumerate(self.all_places)}
        row_place = np.array([at[place] for place in self.rows.places], dtype=np.int64)
        taxed = np.array([self.rows.tax_share[place] > 0 for place in self.rows.places], dtype=bool)
        place_of = {cell: n for n, cell in enumerate(self.cells)}
        owed = [*(due for one in orders for due in payments(one, self.back)), *dues]
        certain = weekly(owed, self.start, self.weeks)
        for kind, amounts in (*self._known(calendars).items(), *self._regular.items()):
            certain[kind] = certain[kind] + amounts if kind in certain else amounts
        return Flows(
            self.start, self.weeks, self.rows.sales, self.rows.fees, self.rows.refunds, self.rows.tax,
            self.rows.running, row_place, calendars, np.where(taxed, row_place, -1), self.filings,
            np.array([place_of[cell] for cell in self.rows.cells], dtype=np.int64),
            factors(self.units(orders), self._expected), certain, self.opening or 0.0, self.lags,
        )  # fmt: skip

    def units(self, orders: Iterable[Bought]) -> Floats:
        """Paths x cells x weeks of units sold with those orders coming in."""
        if self.asked.free is None:
            return self._asked
        free = np.array([float(self.asked.free.get(cell, 0)) for cell in self.cells])
        goods, left = arriving(self.cells, orders, self.start, self.weeks)
        boundless = np.array([house == "" for _, house in self.cells])
        return sold(self._asked, np.where(boundless, np.inf, free), goods, left)

    def back(self, warehouse: str, day: date) -> date:
        """When import tax paid on that day in a warehouse's country comes back."""
        country = self.costs.warehouses[warehouse][0]
        return _filing(self.calendars, self.costs, country, self.shop.as_of).due(day)

    def profile(self) -> Profile:
        """How the shop's orders are usually paid."""
        return usual_profile(self.orders, self.back)

    def fundable(self, path: Path, week: int) -> float:
        """Goods that can be ordered in a week (0 is the first) at the usual terms without the weak case falling
        below the floor, in base currency; without an opening balance, out of the money that comes in from today on.
        What falls due after the last week counts as due at its end.
        """
        ordered = self.start + timedelta(days=WEEK * week)
        whole = Decimal(1_000_000)
        owed = self.profile().dues(whole, ordered, "")
        moved = weekly(owed, self.start, self.weeks)
        spent = -np.cumsum(np.sum([np.zeros(self.weeks), *moved.values()], axis=0)) / float(whole)
        spent[-1] = max(spent[-1], -float(sum(due.amount for due in owed)) / float(whole))
        room = path.at(LOW) - (self.floor if self.opening is not None else 0.0)
        held = spent > 1e-9
        return max(float(np.min(room[held] / spent[held])), 0.0) if held.any() else 0.0

    def _payout(self, place: Place, delivery: dict[Place, int]) -> Payout:
        row = self.calendars.payout(place[1], self.shop.as_of)
        settles = row.next_payout or row.effective_from
        return Payout(
            place[1], row.hold_days, delivery.get(place, 0) if row.after == "delivery" else 0, row.every_days,
            settles, row.bank_days, row.business, float(row.reserve_pct) / 100, row.reserve_days,
        )  # fmt: skip

    def _filing(self, place: Place) -> Filing:
        return _filing(self.calendars, self.costs, place[0], self.shop.as_of)

    def _known(self, payouts: tuple[Payout, ...]) -> dict[str, Floats]:
        """`_past`, kept for the next path under the same calendars."""
        if payouts not in self._kept:
            self._kept[payouts] = self._past(payouts)
        return self._kept[payouts]

    def _past(self, payouts: tuple[Payout, ...]) -> dict[str, Floats]:
        """Payouts, refunds and tax of sales up to today."""
        found = {kind: np.zeros(self.weeks) for kind in ("payouts_due", "refunds_due", "tax_due")}
        days = len(self.past.sales)
        reach = len(self.lags)
        for n, place in enumerate(self.past.places):
            at = self.all_places.index(place)
            fees, refunds = self._ratios(place)
            sales = self.past.sales[:, n]
            into = weeks_of(payouts[at], self.past.first, days, self.start, self.weeks)
            found["payouts_due"] += (sales * (1 - fees)) @ into
            for age in range(min(reach, days)):
                for lag in range(age + 1, reach):
                    week = (lag - age - 1) // WEEK
                    if week < self.weeks:
                        found["refunds_due"][week] -= sales[days - 1 - age] * refunds * self.lags[lag]
            share = self.rows.tax_share.get(place, 0.0)
            if share:
                held = (sales - self.past.refunds[:, n]) * share
                found["tax_due"] -= held @ weeks_due(
                    self.filings[at].due, self.past.first, days, self.start, self.weeks
                )
        return found

    def _ratios(self, place: Place) -> tuple[float, float]:
        """Fees and refunds of a market as shares of its sales; of all sales where it has no forecast."""
        mine = [n for n, one in enumerate(self.rows.places) if one == place] or list(range(len(self.rows.places)))
        sales = float(self.rows.sales[mine].sum()) if mine else 0.0
        if sales <= 0:
            return 0.0, 0.0
        return float(self.rows.fees[mine].sum()) / sales, float(self.rows.refunds[mine].sum()) / sales

    @cached_property
    def _regular(self) -> dict[str, Floats]:
        """Advertising as lately, and the operator's fixed costs and single payments."""
        found = {"ads": np.full(self.weeks, -WEEK * ads_a_day(self.shop, ADS_DAYS))}
        dues = [
            Due(day, "fixed", -self._money(cost.amount, cost.currency), cost.name, "")
            for cost in self.facts.fixed_costs or ()
            for day in _days(cost, self.start, self.start + timedelta(days=WEEK * self.weeks - 1))
        ]
        dues += [
            Due(one.due, "one_off", self._money(one.amount, one.currency), one.name, "") for one in self.facts.one_off
        ]
        return found | weekly(dues, self.start, self.weeks)

    def _opening(self) -> float | None:
        told = self.facts.opening_balance
        return None if told is None else float(self._money(told, self.facts.currency))

    def _money(self, amount: Decimal, currency: str | None) -> Decimal:
        base = self.costs.base
        return amount * self.costs.exchange(currency or base, base, self.shop.as_of)


def outlook(shop: Shop, weeks: int, paths: int = PATHS) -> Outlook | None:
    """Read a shop's cash ahead; None where nothing was ever ordered."""
    wanted = asked(shop, weeks * WEEK)
    return None if wanted is None else Outlook(shop, wanted, weeks, paths)


def _filing(calendars: Calendars, costs: Costs, country: str, day: date) -> Filing:
    row = calendars.filing(costs.places(country) or (country,), day)
    name = country if row.country == ANY else row.country
    return Filing(name, row.months, row.due_month, row.due_day, row.first_month)


def _days(cost: FixedCost, first: date, last: date) -> list[date]:
    """The days from first to last on which a fixed cost is paid; the last of a month that is too short."""
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if (cost.since and day < cost.since) or (cost.until and day > cost.until):
            continue
        if cost.every == "week":
            hit = day.isoweekday() == min(cost.day, WEEK)
        else:
            end = (day + timedelta(days=1)).month != day.month
            month = {
                "month": True,
                "quarter": (day.month - 1) % 3 + 1 == min(cost.month, 3),
                "year": day.month == cost.month,
            }
            hit = month[cost.every] and (day.day == cost.day or (end and day.day < cost.day))
        if hit:
            found.append(day)
    return found


def late(payouts: tuple[Payout, ...], channel: str, first: date, by: int) -> tuple[Payout, ...]:
    """The calendars when one channel pays everything due from `first` on `by` days later."""
    return tuple(one.late(first, by) if one.name == channel else one for one in payouts)


def on_terms(orders: Iterable[Bought], deposit: Decimal | None = None, more_days: int = 0) -> list[Bought]:
    """The same orders with another deposit (a share), or the balance so many days later."""
    return [
        replace(
            one,
            terms=replace(
                one.terms,
                deposit=one.terms.deposit if deposit is None else deposit,
                balance_days=one.terms.balance_days + more_days,
            ),
        )
        for one in orders
    ]
