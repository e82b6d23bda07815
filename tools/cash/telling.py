"""Cash ahead as findings: the answer first, then what moves it and what could be done."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Literal

from tools.cash.outlook import ADS_DAYS, HIGH, LOW, Outlook, Path
from tools.cash.trials import LATER_DAYS, Trials
from tools.cash.views import LINES, ends
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
    several,
    sku,
    weeks,
)

WEEK = 7
NAMED = 6
STALE_DAYS = 7
Severity = Literal["act", "watch", "good", "info"]


def findings(found: Outlook, tried: Trials) -> list[Finding]:
    """The answer, then what comes and goes, orders, the plan, what can be funded, terms and a late payout."""
    told: list[Finding | None] = [_purchase(found, tried)] if tried.purchase else []
    told.append(_outlook(found, tried.path))
    told += [_movements(found, tried.path), _owed(found, tried), _plan(found, tried), _fundable(found, tried)]
    told += [_terms(found, tried), _delay(found, tried)]
    return [one for one in told if one is not None]


def _amount(found: Outlook, amount: float | Decimal) -> Value:
    """Whole units of the base currency: what is estimated has no cents."""
    return money(Decimal(round(amount)), found.costs.base)


def _week(found: Outlook, week: int) -> Value:
    return on(ends(found.start, week))


def _outlook(found: Outlook, path: Path) -> Finding:
    week, weak = path.lowest
    last = found.weeks - 1
    values = {
        "weeks": weeks(found.weeks), "end": _amount(found, abs(float(path.at(50.0)[last]))), "end_day": _week(found, last),
        "low": _amount(found, float(path.at(LOW)[last])), "high": _amount(found, float(path.at(HIGH)[last])),
        "day": _week(found, week), "weak": _amount(found, abs(weak)),
    }  # fmt: skip
    if found.opening is None:
        severity: Severity = "watch" if weak < 0 else "info"
        rises = "up" if path.at(50.0)[last] >= 0 else "down"
        key = f"project_cash.unknown_{rises}_{'falls' if weak < 0 else 'holds'}"
        need = _amount(found, max(found.floor - weak, 0.0))
        return finding(key, severity, About(), **values, need=need)
    values |= {"end": _amount(found, float(path.at(50.0)[last])), "weak": _amount(found, weak)}
    values |= {"floor": _amount(found, found.floor), "opening": _amount(found, found.opening)}
    if weak >= found.floor:
        return finding("project_cash.safe", "good", About(), **values)
    first = int(next(n for n, low in enumerate(path.at(LOW)) if low < found.floor))
    return finding(
        "project_cash.short", "act", About(), **values, first=_week(found, first), missing=_amount(found, found.floor - weak),
        middle=_amount(found, float(path.at(50.0).min())),
    )  # fmt: skip


def _purchase(found: Outlook, tried: Trials) -> Finding:
    bought = tried.purchase
    assert bought is not None
    before, (week, weak) = tried.path.lowest, bought.path.lowest
    values = {
        "amount": _amount(found, bought.amount), "placed": on(found.start + timedelta(days=WEEK * (bought.week - 1))),
        "cost": _amount(found, bought.cost), "day": _week(found, week), "weak": _amount(found, weak),
        "before": _amount(found, before[1]), "after": _amount(found, bought.after),
    }  # fmt: skip
    later = "_later" if bought.after > 0 else ""
    if found.opening is None:
        need = _amount(found, max(found.floor - weak, 0.0))
        values |= {"weak": _amount(found, abs(weak)), "need": need}
        return finding(
            f"project_cash.buy_unknown_{'falls' if weak < 0 else 'holds'}{later}", "watch" if weak < 0 else "good", About(), **values
        )  # fmt: skip
    values |= {"floor": _amount(found, found.floor)}
    if weak >= found.floor:
        return finding(f"project_cash.buy_safe{later}", "good", About(), **values)
    values |= {"missing": _amount(found, found.floor - weak)}
    return finding(f"project_cash.buy_short{later}", "act", About(), **values)


def _movements(found: Outlook, path: Path) -> Finding:
    total = {
        name: abs(sum(float(path.moved[kind].sum()) for kind in kinds if kind in path.moved)) for name, kinds in LINES
    }
    shown = {"ads": "advertising", "tax": "sales tax", "fixed": "fixed costs and other"}
    more = "".join(f"_{name}" for name, line in shown.items() if round(total[line]))
    return finding(
        f"project_cash.movements{more}", "info", weeks=weeks(found.weeks),
        payouts=_amount(found, total["payouts less fees"]), refunds=_amount(found, total["refunds"]),
        stock=_amount(found, total["suppliers"]), freight=_amount(found, total["freight and duty"]),
        tax=_amount(found, total["sales tax"]), parcels=_amount(found, total["parcels and storage"]),
        ads=_amount(found, total["advertising"]), fixed=_amount(found, total["fixed costs and other"]),
    )  # fmt: skip


def _owed(found: Outlook, tried: Trials) -> Finding | None:
    if not tried.owed_soon:
        return None
    by_week = [Decimal(0)] * found.weeks
    for due in tried.owed_soon:
        by_week[(due.day - found.start).days // WEEK] -= due.amount
    largest = max(range(found.weeks), key=lambda n: by_week[n])
    kinds = {
        kind: -sum((due.amount for due in tried.owed_soon if due.kind == kind), Decimal(0))
        for kind in ("deposit", "balance", "freight", "duty")
    }
    return finding(
        "project_cash.owed", "info", weeks=weeks(found.weeks), total=_amount(found, sum(by_week)),
        suppliers=_amount(found, kinds["deposit"] + kinds["balance"]),
        freight=_amount(found, kinds["freight"] + kinds["duty"]),
        n=count(len({due.order for due in tried.owed_soon})), day=_week(found, largest), most=_amount(found, by_week[largest]),
    )  # fmt: skip


def _plan(found: Outlook, tried: Trials) -> Finding | None:
    if tried.plan_path is None:
        return None
    week, weak = tried.plan_path.lowest
    short = weak < (found.floor if found.opening is not None else 0.0)
    landed = sum((one.landed for one in tried.plan), Decimal(0))
    return finding(
        "project_cash.plan_falls" if found.opening is None and weak < 0 else
        "project_cash.plan_holds" if found.opening is None else "project_cash.plan",
        "watch" if short else "info", n=count(len(tried.plan)), landed=_amount(found, landed),
        due=_amount(found, tried.plan_due), weeks=weeks(found.weeks), day=_week(found, week),
        weak=_amount(found, abs(weak) if found.opening is None else weak),
    )  # fmt: skip


def _fundable(found: Outlook, tried: Trials) -> Finding | None:
    now = tried.fundable[0]
    best = max(range(found.weeks), key=lambda n: tried.fundable[n])
    known = "known" if found.opening is not None else "unknown"
    if tried.fundable[best] < 1:
        return finding(f"project_cash.nothing_fundable_{known}", "watch", weeks=weeks(found.weeks))
    values = {
        "now": _amount(found, now),
        "most": _amount(found, tried.fundable[best]),
        "day": on(found.start + timedelta(days=WEEK * best)),
    }
    if best == 0 or tried.fundable[best] < 1.02 * now:
        return finding(f"project_cash.fundable_now_{known}", "info", now=values["now"])
    return finding(f"project_cash.fundable_{'later' if now < 1 else 'both'}_{known}", "info", About(), **values)


def _terms(found: Outlook, tried: Trials) -> Finding | None:
    if tried.terms is None or tried.plan_path is None:
        return None
    usual, at_once, later = (one.lowest[1] for one in (tried.plan_path, tried.terms.at_once, tried.terms.later))
    worse, better = usual - at_once, later - usual
    if worse >= 1 or better >= 1:
        values = {"worse": _amount(found, worse), "better": _amount(found, better), "days": days(LATER_DAYS)}
        if better < 1:
            del values["better"]
            return finding("project_cash.terms_worse", "info", About(), **values)
        if worse < 1:
            del values["worse"]
            return finding("project_cash.terms_better", "info", About(), **values)
        return finding("project_cash.terms", "info", About(), **values)
    end = found.weeks - 1
    gain = float(tried.terms.later.cash.mean(axis=0)[end] - tried.plan_path.cash.mean(axis=0)[end])
    loss = float((tried.plan_path.cash.mean(axis=0) - tried.terms.at_once.cash.mean(axis=0)).max())
    return finding(
        "project_cash.terms_no_low",
        "info",
        None,
        most=_amount(found, loss),
        end=_amount(found, gain),
        days=days(LATER_DAYS),
    )


def _delay(found: Outlook, tried: Trials) -> Finding | None:
    slow = tried.delay
    if slow is None:
        return None
    week, weak = slow.path.lowest
    limit = found.floor if found.opening is not None else 0.0
    severity: Severity = "watch" if weak < limit <= tried.path.lowest[1] else "info"
    key = (
        "project_cash.delay" if found.opening is not None else f"project_cash.delay_{'falls' if weak < 0 else 'holds'}"
    )
    return finding(
        key, severity, channel=channel(slow.channel), days=days(slow.days), held=_amount(found, slow.gap),
        held_day=_week(found, slow.week), day=_week(found, week),
        weak=_amount(found, weak if found.opening is not None else abs(weak)),
    )  # fmt: skip


def assumptions(found: Outlook, tried: Trials) -> list[Finding]:
    """What the answer stands on that the operator may know better."""
    told = [
        finding("project_cash.weak_case", low=percent(100 - LOW), high=percent(100 - HIGH)),
        finding("project_cash.week_ends"),
    ]
    if found.facts.floor is None:
        told.append(finding("project_cash.no_floor"))
    told += [
        finding("project_cash.payout_rows", name=channel(name), hold=days(row.hold_days + row.bank_days), every=days(row.every_days))
        for name in sorted({place[1] for place in found.places})
        for row in [found.calendars.payout(name, found.shop.as_of)]
    ]  # fmt: skip
    filers = sorted({place[0] for place in found.places if found.rows.tax_share.get(place, 0.0) > 0})
    if filers:
        told.append(finding("project_cash.filings", countries=several([country(one) for one in filers])))
    told.append(finding("project_cash.ads_go_on", days=days(ADS_DAYS)))
    if found.orders:
        told.append(finding("project_cash.paid_before"))
        if any(one.terms.assumed for one in found.orders):
            terms = next(one.terms for one in found.orders if one.terms.assumed)
            told.append(
                finding(
                    "project_cash.terms_assumed", deposit=percent(terms.deposit * 100), days=days(terms.balance_days)
                )
            )
    if tried.plan:
        told.append(finding("project_cash.plan_apart", tool=code("plan_replenishment")))
    if tried.purchase is not None:
        told.append(finding("project_cash.purchase_terms"))
    return told


def warnings(found: Outlook, tried: Trials) -> list[Finding]:
    """What is missing, and what it means."""
    told = []
    file = code("cash.yaml")
    if found.opening is None:
        told.append(finding("project_cash.no_opening", "watch", file=file))
    elif found.facts.balance_on is not None and abs((found.shop.as_of - found.facts.balance_on).days) > STALE_DAYS:
        told.append(
            finding("project_cash.old_opening", "watch", day=on(found.facts.balance_on), as_of=on(found.shop.as_of))
        )
    if found.facts.fixed_costs is None:
        told.append(finding("project_cash.no_fixed", "watch", file=file))
    unpriced = sorted(found.rows.unpriced)
    if unpriced:
        told.append(finding("project_cash.unpriced", "watch", skus=several([sku(one) for one in unpriced[:NAMED]])))
    unbought = sorted(found.pricing.unpriced)
    if unbought:
        told.append(finding("project_cash.unbought", "watch", skus=several([sku(one) for one in unbought[:NAMED]])))
    if found.asked.free is None:
        told.append(finding("project_cash.no_stock", "watch"))
    if not found.shop.count("purchase_orders"):
        told.append(finding("project_cash.no_orders", "watch"))
    if not found.shop.count("ad_spend"):
        told.append(finding("project_cash.no_ads", "info"))
    return told
