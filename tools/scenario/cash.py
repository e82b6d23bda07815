"""The lowest cash of the weeks ahead, with and without the levers, on the cash engine of project_cash."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shop.cash_facts import OPERATOR_FILE
from shop.costs.parts import rounded
from shop.warehouse import Shop
from tools.cash.engine import Flows, cash_path
from tools.cash.outlook import Outlook
from tools.cash.purchases import KINDS as BOUGHT_KINDS
from tools.cash.purchases import Bought, payments, weekly
from tools.cash.sales import Asked
from tools.replenishment.plan_demand import Shelf
from tools.scenario.baseline import Baseline
from tools.scenario.solve import Engine, Outcome
from tools.scenario.supply import Purchase, Way, cut_off
from tools.scenario.unit import PLACE

Floats = NDArray[np.float64]
WEEK = 7
KEPT = 4
MONEY = ("sales", "fees", "refunds", "tax", "running")


_kept: list[tuple[Baseline, int, tuple[Outlook, Flows, CashLow]]] = []  # newest first
_keeping = Lock()


@dataclass(frozen=True)
class CashLow:
    """The lowest expected balance at a week's end, and that day; a change from today where `known` is false."""

    low: Decimal
    day: date
    known: bool
    path: tuple[float, ...]


def cash_lows(shop: Shop, engine: Engine) -> tuple[CashLow, CashLow] | None:
    """Without and with the levers, over the whole weeks of the horizon; None for less than a week."""
    weeks = engine.base.horizon // WEEK
    if weeks < 1:
        return None
    before, after = engine.solve(frozenset()), engine.solve(engine.everything)
    view, usual, low = _usual(shop, engine, before, weeks)
    return low, _low(engine, view, _under(engine, view, usual, before, after))


def _usual(shop: Shop, engine: Engine, before: Outcome, weeks: int) -> tuple[Outlook, Flows, CashLow]:
    """Cash without the levers, the same for every scenario of a baseline while the operator's own facts stay."""
    own = shop.folder / OPERATOR_FILE
    stamp = own.stat().st_mtime_ns if own.exists() else 0
    with _keeping:
        for base, stamped, found in _kept:
            if base is engine.base and stamped == stamp:
                return found
    view = Outlook(shop, _asked(engine, before, weeks), weeks, 1)
    usual = replace(view.flows(), factors=None, group=None)
    made = view, usual, _low(engine, view, usual)
    with _keeping:
        _kept[:] = [(engine.base, stamp, made), *_kept[: KEPT - 1]]
    return made


def _asked(engine: Engine, before: Outcome, weeks: int) -> Asked:
    """What sells without the levers, each row a shelf of its own that never runs out."""
    rows = {
        (one.sku, f"{one.country}/{one.channel}"): (before.sold[at, : weeks * WEEK], (one.country, one.channel))
        for at, one in enumerate(engine.base.markets)
    }
    shelves = {cell: Shelf(units, 0.0, np.ones(1), 0.0, 1.0, 0.0) for cell, (units, _) in rows.items()}
    markets = {cell: {place: 1.0} for cell, (_, place) in rows.items()}
    sure: dict[str, Any] = {"weekly_sd": np.zeros(weeks)} if "weekly_sd" in Asked.__dataclass_fields__ else {}
    return Asked(shelves=shelves, markets=markets, free=None, common_sd=0.0, rows={}, **sure)


def _under(engine: Engine, view: Outlook, usual: Flows, before: Outcome, after: Outcome) -> Flows:
    days = usual.weeks * WEEK
    was, now = (
        _money(engine, active, told) for active, told in ((frozenset[int](), before), (engine.everything, after))
    )
    at = {(one.sku, (one.country, one.channel)): n for n, one in enumerate(engine.base.markets)}
    order = [at[cell[0], place] for cell, place in zip(view.rows.cells, view.rows.places, strict=True)]
    moved = {}
    for kind in MONEY:
        old, new = was[kind][order, :days], now[kind][order, :days]
        known = np.abs(old) > 1e-9
        ratio = np.divide(new, old, out=np.zeros_like(new), where=known)
        moved[kind] = np.where(known, getattr(usual, kind) * ratio, new)
    certain = {kind: amounts for kind, amounts in usual.certain.items() if kind not in BOUGHT_KINDS}
    owed = [due for one in _bought(engine, view) for due in payments(one, view.back)]
    certain |= weekly(owed, view.start, view.weeks)
    if "ads" in certain:
        old_ads, new_ads = (one.ads[:, :days].sum(axis=0).reshape(-1, WEEK).sum(axis=1) for one in (before, after))
        certain["ads"] = certain["ads"] * np.divide(new_ads, old_ads, out=np.ones(usual.weeks), where=old_ads > 0)
    return replace(
        usual, certain=certain, sales=moved["sales"], fees=moved["fees"], refunds=moved["refunds"], tax=moved["tax"],
        running=moved["running"],
    )  # fmt: skip


def _money(engine: Engine, active: frozenset[int], told: Outcome) -> dict[str, Floats]:
    """Rows x days of money that sales move, by the kinds of the cash engine."""
    base = engine.base
    share = np.array([float(one.tax.share) for one in base.markets])
    by_channel = np.array([one.parcel_told.by_channel for one in base.markets])
    found = {kind: np.zeros_like(told.sold) for kind in MONEY}
    for low, high, now in engine.segments(active):
        parts, _ = engine.units.of(now)
        of = {name: parts[:, place] for name, place in PLACE.items()}
        paid = of["price"] + of["discount"] + of["shipping_charged"]
        back = -of["refunds"] / np.maximum(1 - share, 1e-9)
        way = -(of["fulfilment"] + of["storage"])
        kinds = {
            "sales": paid, "refunds": back, "tax": (paid - back) * share,
            "fees": -(of["marketplace_fee"] + of["payment_fee"] + of["exchange"] + of["fees_refunded"]) + np.where(by_channel, way, 0.0),
            "running": -(of["return_handling"] + of["import_duty"]) + np.where(by_channel, 0.0, way),
        }  # fmt: skip
        for kind, each in kinds.items():
            found[kind][:, low:high] = each[:, None] * told.sold[:, low:high]
    return found


def _bought(engine: Engine, view: Outlook) -> list[Bought]:
    """Orders to suppliers under the levers: later, dearer, cut off, and what the levers buy."""
    found = []
    for one in view.orders:
        if one.arrives < view.start:
            found.append(one)
            continue
        day = (one.arrives - view.start).days
        if not cut_off(one.supplier or "", day, engine.levers):
            found.append(_moved(engine, view, one, day))
    for order in engine.bought:
        new = _new(engine, view, order)
        if new is not None and not cut_off(order.supplier, order.day, engine.levers):
            found.append(new)
    return found


def _moved(engine: Engine, view: Outlook, one: Bought, day: int) -> Bought:
    way = Way(one.sku, one.warehouse, one.supplier or "", engine.base.categories.get(one.sku))
    took = max((one.arrives - one.ordered).days, 1)
    late = way.took(took, day, engine.levers) - took
    freight, duty = one.freight, one.duty
    for lever in engine.levers:
        if not lever.first <= day <= lever.last or not lever.touches("sku", one.sku):
            continue
        if not lever.touches("warehouse", one.warehouse):
            continue
        country = view.costs.warehouses.get(one.warehouse, ("", ()))[0]
        here = not lever.names("country") or any(
            view.costs.same_border(country, name) for name in lever.names("country")
        )
        if lever.name == "freight" and here:
            freight *= lever.amount.factor
        if lever.name == "duty" and here:
            duty = duty * lever.amount.factor if lever.amount.measure == "factor" else max(
                duty + one.goods * lever.amount.value / 100 * (1 if duty else 0), Decimal(0)
            )  # fmt: skip
    shift = timedelta(days=late)
    return replace(
        one, shipped=one.shipped + shift, arrives=max(one.arrives + shift, view.start),
        freight=rounded(freight, view.costs.base), duty=rounded(duty, view.costs.base),
    )  # fmt: skip


def _new(engine: Engine, view: Outlook, order: Purchase) -> Bought | None:
    sku, house = engine.base.cells[order.cell]
    way = Way(sku, house, order.supplier, engine.base.categories.get(sku))
    ordered = view.start + timedelta(days=order.placed - 1)
    arrives = view.start + timedelta(days=order.placed + way.took(order.took, order.placed, engine.levers))
    return view.pricing.bought(
        f"new {order.lever}", sku, house, order.supplier, order.units, ordered, arrives, order.took / 2, None
    )


def _low(engine: Engine, view: Outlook, flows: Flows) -> CashLow:
    path = cash_path(flows)[0]
    week = int(np.argmin(path))
    low = rounded(Decimal(repr(float(path[week]))), engine.base.base)
    day = view.start + timedelta(days=WEEK * (week + 1) - 1)
    return CashLow(low, day, view.opening is not None, tuple(float(one) for one in path))
