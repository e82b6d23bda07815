"""What a scenario comes to, as findings: the answer first, then figures, levers, what to do about it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tools.contract import (
    About,
    Finding,
    Value,
    channel,
    code,
    count,
    country,
    days,
    finding,
    money,
    on,
    percent,
    quote,
    ratio,
    several,
    sku,
    units,
    warehouse,
    words,
)  # fmt: skip
from tools.scenario.attribute import Attribution
from tools.scenario.baseline import Baseline
from tools.scenario.cash import CashLow
from tools.scenario.counter import Move
from tools.scenario.lever import Lever
from tools.scenario.solve import Engine, Outcome

Severity = Literal["act", "watch", "good", "info"]
LEVERS_TOLD, KEPT_TOLD = 4, 4
BAD, SEVERE = Decimal("0.02"), Decimal("0.10")
ZERO = Decimal(0)


def verdict(engine: Engine) -> Finding:
    """Gross profit over the days, now and then."""
    base, before, after = engine.base, engine.solve(frozenset()), engine.solve(engine.everything)
    change = after.profit - before.profit
    values: dict[str, Value] = {
        "days": days(base.horizon), "end": on(_day(base, base.horizon - 1)), "before": money(before.profit, base.base),
    }  # fmt: skip
    if not change:
        return finding("what_if.same", "info", _about(engine), **values)
    values |= {"change": money(abs(change), base.base), "after": money(after.profit, base.base)}
    key = "what_if.more" if change > 0 else "what_if.less"
    if before.profit > 0:
        key += "_share"
        values["share"] = percent(100 * abs(change) / before.profit)
    return finding(key, _severity(change, before.profit), _about(engine), **values)


def figures(engine: Engine) -> list[Finding]:
    """Units and revenue, and what runs out, now and then."""
    base, before, after = engine.base, engine.solve(frozenset()), engine.solve(engine.everything)
    moved = round(before.units) != round(after.units) or round(before.lost_units) != round(after.lost_units)
    if not moved and before.revenue == after.revenue:
        return [finding("what_if.unmoved", "info", _about(engine), units=units(before.units))]
    told = [
        finding(
            "what_if.figures", "info", _about(engine), before=units(before.units), after=units(after.units),
            revenue=money(before.revenue, base.base), then=money(after.revenue, base.base),
        )
    ]  # fmt: skip
    if base.cells:
        more = after.lost_units - before.lost_units
        new = [cell for cell in after.short if cell not in before.short]
        told.append(
            finding(
                "what_if.short", "watch" if more >= 1 else "info", _about(engine), before=count(len(before.short)),
                after=count(len(after.short)), lost=units(before.lost_units), then=units(after.lost_units),
            )
        )  # fmt: skip
        if new:
            told.append(_first_out(base, after, new))
    return told


def _first_out(base: Baseline, after: Outcome, new: list[int]) -> Finding:
    worst = max(new, key=lambda cell: float(after.lost[cell].sum()))
    name, house = base.cells[worst]
    first = int((after.lost[worst] > 0).argmax())
    return finding(
        "what_if.runs_out", "act", About(skus=[name]), sku=sku(name), warehouse=warehouse(house),
        day=on(_day(base, first)), lost=units(float(after.lost[worst].sum())),
    )  # fmt: skip


def shares(engine: Engine, told: Attribution) -> list[Finding]:
    """What each lever does to the profit, and what only all do together."""
    base = engine.base
    if len(engine.levers) == 1:
        return []
    order = sorted(range(len(engine.levers)), key=lambda n: -abs(told.shares[n]))
    found = [lever_share(base, engine.levers[n], told.shares[n]) for n in order[:LEVERS_TOLD]]
    if len(engine.levers) == 2:
        found.append(finding("what_if.together", "info", amount=money(told.interaction, base.base)))
    return found


def lever_share(base: Baseline, lever: Lever, share: Decimal) -> Finding:
    """What one lever is behind, with how it was pulled."""
    amount = lever.amount
    values: dict[str, Value] = {"lever": words(f"lever.{lever.name}"), "share": money(share, base.base)}
    key = "what_if.lever"
    if lever.name == "supplier_out":
        key += "_bare"
    elif amount.measure == "keep":
        key, values["amount"] = key + "_keep", percent(amount.value, 2)
    elif lever.name == "promotion":
        key, values["amount"] = key + "_off", percent(amount.value, 2)
    elif amount.measure == "points":
        key += "_points" if lever.name == "duty" else "_rate_points"
        values["amount"] = percent(amount.value, 2)
    else:
        values["amount"] = _shown(base, lever)
    values["where"] = where(lever)
    about = About(skus=sorted(lever.names("sku")), countries=sorted(lever.names("country")))
    return finding(key, "info", about, **values)


def _shown(base: Baseline, lever: Lever) -> Value:
    amount = lever.amount
    if amount.measure == "percent":
        return percent(amount.value, 2)
    if amount.measure == "factor":
        return ratio(amount.value)
    if amount.measure in ("days", "weeks"):
        return days(float(amount.value) * (7 if amount.measure == "weeks" else 1))
    if amount.measure == "units":
        return units(amount.value)
    return money(amount.value, amount.currency or base.base)


def where(lever: Lever) -> Value:
    """What a lever is on, named."""
    if not lever.on:
        return words("what_if.everywhere")
    kinds = {"sku": sku, "country": country, "channel": channel, "warehouse": warehouse, "category": quote}
    return several([kinds.get(kind, code)(name) for kind, name in lever.on])


def kept(engine: Engine) -> list[Finding]:
    """The prices that keep a margin, per market, the best-selling first."""
    base, found = engine.base, []
    for n, lever in enumerate(engine.levers):
        if lever.name != "price" or lever.amount.measure != "keep":
            continue
        now = frozenset(m for m in engine.everything if engine.levers[m].first <= lever.first <= engine.levers[m].last)
        rows = [at for at in range(len(base.markets)) if n in engine.units.relevant(at)]
        for at in sorted(rows, key=lambda at: -float(base.demand[at].sum()))[:KEPT_TOLD]:
            one, price = engine.units.market(at, now)
            found.append(
                finding(
                    "what_if.kept", "info", About(skus=[one.sku], countries=[one.country], channels=[one.channel]),
                    sku=sku(one.sku), country=country(one.country), channel=channel(one.channel),
                    margin=percent(lever.amount.value, 2), price=money(price, one.currency),
                    now=money(base.prices[at], one.currency),
                )
            )  # fmt: skip
    return found


def counter(base: Baseline, moves: list[Move]) -> list[Finding]:
    """The best thing to do about it, and the next."""
    return [_move(base, one, place) for place, one in enumerate(moves[:2])]


def _move(base: Baseline, one: Move, place: int) -> Finding:
    values: dict[str, Value] = {"sku": sku(one.sku), "gain": money(one.gain, base.base)}
    best = "" if place == 0 and one.answers > _least(one) else "_next"
    if one.kind == "price":
        key = f"what_if.counter_price_{'up' if one.change_pct > 0 else 'down'}{best}"
        values |= {"country": country(one.country), "step": percent(abs(one.change_pct), 2)}
    else:
        key = f"what_if.counter_{one.kind}{best}"
        values |= {
            "warehouse": warehouse(one.warehouse), "quantity": units(one.quantity), "supplier": code(one.supplier),
            "took": days(one.took),
        }  # fmt: skip
    values["anyway"] = money(max(one.anyway, ZERO), base.base)
    about = About(skus=[one.sku], countries=[one.country] if one.country else [])
    return finding(key, "info" if best else "act", about, **values)


def _least(one: Move) -> Decimal:
    """A tenth of the gain: less than that beyond what the move gains anyway is no answer to the changes."""
    return one.gain / 10


def cash_low(base: Baseline, before: CashLow, after: CashLow) -> Finding:
    """The lowest cash of the weeks, now and then; as a change from today where no balance is known."""
    key = "what_if.cash" if before.known else "what_if.cash_change"
    severity: Severity = "watch" if before.known and after.low < min(before.low, ZERO) else "info"
    return finding(
        key, severity, before=money(before.low, base.base), after=money(after.low, base.base),
        week=on(after.day), was=on(before.day),
    )  # fmt: skip


def _severity(change: Decimal, before: Decimal) -> Severity:
    if change > 0:
        return "good"
    share = -change / before if before > 0 else Decimal(1)
    return "act" if share >= SEVERE else "watch" if share >= BAD else "info"


def _about(engine: Engine) -> About:
    return About(end=_day(engine.base, engine.base.horizon - 1))


def _day(base: Baseline, at: int) -> date:
    return base.as_of + timedelta(days=at + 1)
