"""The answer in findings: whom to order from first, then the other choices with their price, proof, terms and the gate."""

from __future__ import annotations

from decimal import Decimal

from tools.contract import (
    About,
    Finding,
    Value,
    code,
    count,
    country,
    days,
    finding,
    money,
    percent,
    quote,
    several,
    sku,
    units,
    warehouse,
    words,
)  # fmt: skip
from tools.suppliers.choices import WANTED_CHANCE, Choices, Order, Plan
from tools.suppliers.gate import Verdict
from tools.suppliers.need import Wishes
from tools.suppliers.options import Field, Option

KEY = "match_suppliers."
GATED = 4
LEAST_SAVING, LEAST_CHANCE_GAINED, LEAST_DAYS_GAINED = 0.003, 0.02, 2.0


def unit_money(amount: Decimal, base: str) -> Value:
    """Money per unit, to the cent."""
    return money(round(amount, 2), base)


def whole_money(amount: Decimal, base: str) -> Value:
    """Money of an order, whole."""
    return money(Decimal(round(amount)), base)


def findings(need: Field, found: Choices, wanted: Wishes, limit: Decimal | None, base: str) -> list[Finding]:
    """The first answers the question."""
    about = About(skus=[need.sku], countries=[need.place.country])
    plan = found.advised
    if plan is None:
        told = [_nobody(need, found, wanted, limit, base, about)]
        if wanted.terms and need.usable:
            told.append(_terms(need.usable[0], base, about))
    else:
        told = [_headline(need, found, plan, base, about)]
        if plan.quantity > need.quantity:
            told.append(finding(f"{KEY}more_than_asked", "info", about, asked=units(need.quantity)))
        if len(plan.orders) > 1:
            told += [_part(need, one, base, about) for one in plan.orders]
        if wanted.terms:
            told.append(_terms(plan.orders[0].option, base, about))
        told += _steps(need, found, plan, base, about)
    told += gated(need, about)
    if plan is not None:
        told += _proof(need, plan, about)
        told += _within(need, limit, base, about)
        if not wanted.terms:
            told.append(_terms(plan.orders[0].option, base, about))
        told += _doubts(plan, about)
    return told


def _headline(need: Field, found: Choices, plan: Plan, base: str, about: About) -> Finding:
    values: dict[str, Value] = {
        "quantity": units(plan.quantity), "sku": sku(need.sku), "warehouse": warehouse(need.place.warehouse),
        "unit": unit_money(plan.landed / plan.quantity, base), "whole": unit_money(plan.whole / plan.quantity, base),
        "total": whole_money(plan.landed, base), "days": days(plan.days), "chance": percent(100 * plan.chance, 0),
    }  # fmt: skip
    key = "split" if len(plan.orders) > 1 else "best"
    if len(plan.orders) > 1:
        values["suppliers"] = several([code(one.option.offer.supplier) for one in plan.orders])
    else:
        only = plan.orders[0].option
        values |= {"supplier": code(only.offer.supplier), "name": quote(only.company.name)}
    if need.deadline is not None:
        key += "_by" if need.delivered else "_ready"
        values["deadline"] = days(need.deadline)
        if not found.in_time:
            key = key.replace("best", "late").replace("split", "late_split")
            return finding(f"{KEY}{key}", "act", about, **values, wanted=percent(100 * WANTED_CHANCE, 0))
    return finding(f"{KEY}{key}", "good", about, **values)


def _part(need: Field, order: Order, base: str, about: About) -> Finding:
    option = order.option
    values = {
        "supplier": code(option.offer.supplier), "name": quote(option.company.name), "quantity": units(order.quantity),
        "unit": unit_money(order.landed / order.quantity, base), "chance": percent(100 * need.chance(option), 0),
    }  # fmt: skip
    if option.mode is None:
        return finding(f"{KEY}part", "info", about, **values)
    return finding(f"{KEY}part_way", "info", about, **values, mode=code(option.mode))


def _steps(need: Field, found: Choices, plan: Plan, base: str, about: About) -> list[Finding]:
    """What the other plans give and cost against the advised one."""
    told = []
    for name, other in found.named:
        if name == "advised" or not _worth_telling(name, other, plan):
            continue
        more = other.whole - plan.whole
        values = {
            "suppliers": _whom(other), "more": whole_money(abs(more), base),
            "unit": unit_money(other.landed / other.quantity, base), "days": days(other.days), "instead": days(plan.days),
            "chance": percent(100 * other.chance, 0), "against": percent(100 * plan.chance, 0),
        }  # fmt: skip
        key = f"{KEY}{name}" if name == "cheapest" or more > 0 else f"{KEY}{name}_saves"
        told.append(finding(key, "info", about, **values))
    return told


def _worth_telling(name: str, other: Plan, plan: Plan) -> bool:
    """Whether a step gains enough to be read: the table shows every one."""
    gained = {
        "cheapest": float(plan.whole - other.whole) >= LEAST_SAVING * float(plan.whole),
        "safest": other.chance - plan.chance >= LEAST_CHANCE_GAINED,
        "fastest": plan.days - other.days >= LEAST_DAYS_GAINED,
    }
    return gained[name]


def _whom(plan: Plan) -> Value:
    return several([
        code(f"{one.option.offer.supplier} ({one.option.mode})" if one.option.mode else one.option.offer.supplier)
        for one in plan.orders
    ])  # fmt: skip


def gated(need: Field, about: About) -> list[Finding]:
    """Suppliers of the SKU that the gate blocks, each with its signs in short."""
    blocked: dict[str, Verdict] = {one.offer.supplier: one.verdict for one in need.options if one.verdict.blocked}
    order = sorted(blocked.values(), key=lambda one: (-one.score, one.supplier))
    return [told_blocked(one, about) for one in order[:GATED]]


def told_blocked(verdict: Verdict, about: About) -> Finding:
    """One blocked supplier and why in short; fraud is told apart from a bad record."""
    short: list[Value] = [words(f"gate.short.{flag.key}") for flag in verdict.signs]
    values = {"supplier": code(verdict.supplier), "name": quote(verdict.name), "signs": several(short)}
    if verdict.suspected:
        return finding(f"{KEY}blocked_fraud", "act", about, **values)
    return finding(f"{KEY}blocked_record", "watch", about, **values)


def _proof(need: Field, plan: Plan, about: About) -> list[Finding]:
    """What the law of the destination asks for and the advised suppliers do not state."""
    if not need.needed:
        return [finding(f"{KEY}proof_unknown", "info", about, country=country(need.place.country))]
    told = []
    for option in {one.option.offer.supplier: one.option for one in plan.orders}.values():
        where = {"supplier": code(option.offer.supplier), "country": country(need.place.country)}
        for force, missing in (("law", option.proof.missing_law), ("custom", option.proof.missing_custom)):
            if missing:
                names: list[Value] = [words(f"certificate.{one.name}") for one in missing]
                marks: list[Value] = [code(mark) for mark in dict.fromkeys(one.any_of[0] for one in missing)]
                key = f"{KEY}lacks_{force}" + ("_unsure" if any(one.mark == "U" for one in missing) else "")
                severity = "act" if force == "law" else "info"
                told.append(
                    finding(key, "act" if severity == "act" else "info", about, **where, names=several(names), marks=several(marks))
                )  # fmt: skip
        if option.proof.complete and any(one.force == "law" for one in need.needed):
            law: list[Value] = [words(f"certificate.{one.name}") for one in need.needed if one.force == "law"]
            told.append(finding(f"{KEY}has_proof", "info", about, **where, names=several(law)))
    return told


def _within(need: Field, limit: Decimal | None, base: str, about: About) -> list[Finding]:
    if limit is None:
        return []
    able = {one.offer.supplier for one in need.options if one.why in ("", "dear", "certificate")}
    under = {one.offer.supplier for one in need.options if one.why in ("", "certificate")}
    return [
        finding(
            f"{KEY}within", "info", about, limit=unit_money(limit, base), n=count(len(under)), of=count(len(able))
        )
    ]  # fmt: skip


def _terms(option: Option, base: str, about: About) -> Finding:
    offer = option.offer
    cost = option.cost(max(option.least, 1)).terms
    values = {
        "supplier": code(offer.supplier), "deposit": percent(offer.deposit_pct or Decimal(0), 0),
        "balance": days(offer.balance_days or 0), "incoterm": code(offer.incoterm),
        "interest": unit_money(abs(cost), base), "least": units(option.least),
    }  # fmt: skip
    return finding(f"{KEY}terms" if cost >= 0 else f"{KEY}terms_credit", "info", about, **values)


def _doubts(plan: Plan, about: About) -> list[Finding]:
    """Signs that warn of an advised supplier but do not block it, and suppliers that have delivered nothing yet."""
    told = []
    for option in {one.option.offer.supplier: one.option for one in plan.orders}.values():
        verdict = option.verdict
        if verdict.signs:
            short: list[Value] = [words(f"gate.short.{flag.key}") for flag in verdict.signs]
            told.append(
                finding(f"{KEY}doubt", "watch", about, supplier=code(verdict.supplier), signs=several(short))
            )  # fmt: skip
        if not verdict.received:
            told.append(finding(f"{KEY}untried", "watch", about, supplier=code(verdict.supplier)))
    return told


def _nobody(
    need: Field, found: Choices, wanted: Wishes, limit: Decimal | None, base: str, about: About
) -> Finding:  # fmt: skip
    """Why nobody can be ordered from, and what would have to give."""
    values: dict[str, Value] = {"sku": sku(need.sku), "quantity": units(need.quantity)}
    if need.usable:
        return finding(f"{KEY}too_many", "act", about, **values, most=units(found.most))
    passing = [one for one in need.options if one.why != "gate"]
    if not passing:
        names: list[Value] = [code(name) for name in dict.fromkeys(one.offer.supplier for one in need.options)]
        return finding(f"{KEY}all_blocked", "act", about, **values, suppliers=several(names))
    dear = [one for one in passing if one.why == "dear"]
    if dear and limit is not None:
        lowest = min(dear, key=lambda one: one.cost(need.quantity).landed)
        return finding(
            f"{KEY}all_dear", "act", about, **values, limit=unit_money(limit, base),
            lowest=unit_money(lowest.cost(need.quantity).landed, base), supplier=code(lowest.offer.supplier),
            warehouse=warehouse(need.place.warehouse),
        )  # fmt: skip
    unmet = [one for one in passing if one.why == "wish"]
    if unmet:
        nearest = min(unmet, key=lambda one: len(one.unmet))
        lacking: list[Value] = [
            words(f"match_suppliers.wish_{one}") if one.islower() else code(one) for one in nearest.unmet
        ]
        return finding(
            f"{KEY}none_meets", "act", about, **values, supplier=code(nearest.offer.supplier), lacking=several(lacking)
        )  # fmt: skip
    return finding(f"{KEY}no_cost", "act", about, **values)
