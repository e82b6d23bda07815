"""The plan in findings: what it earns, the best offers, what not to discount and why, who answers to discounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shop.warehouse import Shop
from tools.contract import (
    About,
    Finding,
    Value,
    channel,
    code,
    count,
    country,
    finding,
    money,
    on,
    percent,
    several,
    sku,
    units,
    warehouse,
    words,
)  # fmt: skip
from tools.promotions.choose import EVERYBODY, Chosen, Goal, NotThis, Plan
from tools.promotions.past import Past
from tools.promotions.response import Audience

KEY = "plan_promotions."
TOLD = 3
NAMED = 6


def findings(
    shop: Shop, goal: Goal, segment: str | None, most: float | None, best: Chosen, tried: Sequence[Chosen],
    instead: Chosen | None, kinds: Mapping[str, Audience], past: Past,
) -> list[Finding]:  # fmt: skip
    """The first answers the question; then the best offers, what to leave alone, and who answers to discounts."""
    base = shop.base_currency
    told = [_headline(goal, segment, most, best, base)]
    told += [_offer(plan, base) for plan in best.plans[:TOLD]]
    told += _instead(instead, base)
    told += _not(best, base)
    told += _days(best, tried, base)
    told += _who(segment, best, kinds)
    told += _before(best, past)
    if best.plans:
        told.append(finding(f"{KEY}ask"))
    return told


def whole(amount: float, base: str) -> Value:
    """Money that an expectation is about: whole units of the currency."""
    return money(Decimal(round(amount)), base)


def audience(name: str) -> Value:
    """A kind of customer in words."""
    return words(f"segment.{name}")


def _days_of(best: Chosen) -> dict[str, Value]:
    return {"start": on(best.window.start), "end": on(best.window.end)}


def _headline(goal: Goal, segment: str | None, most: float | None, best: Chosen, base: str) -> Finding:
    about = About(start=best.window.start, end=best.window.end)
    values = {**_days_of(best), "who": audience(segment or EVERYBODY)}
    if not best.plans:
        stock = sum(one.why == "stock" for one in best.left)
        if best.left and all(one.why == "no_surplus" for one in best.left):
            return finding(f"{KEY}no_surplus", "good", about, **_days_of(best))
        if best.left and stock == len(best.left):
            return finding(f"{KEY}no_stock_for_it", "act", about, **_days_of(best))
        if segment in ("follower", "functional", "price_sensitive") and all(one.why == "channel" for one in best.left):
            return finding(f"{KEY}no_channel", "info", about, **values)
        key = "nothing_limit" if most is not None else "nothing"
        if segment:
            key += "_for"
        if most is not None:
            values["most"] = percent(most)
        return finding(f"{KEY}{key}", "info", about, **values)
    low, high = best.interval()
    key = f"{goal}_for" if segment else goal
    values |= {
        "n": count(len(best.plans)), "gain": whole(best.gain, base), "low": whole(low, base), "high": whole(high, base),
        "extra": units(sum(one.extra for one in best.plans)),
    }  # fmt: skip
    return finding(f"{KEY}{key}", "good", about, **values)


def _offer(plan: Plan, base: str) -> Finding:
    """One offer: who, what, where, how deep, and what it brings."""
    cell = plan.ground
    about = About(
        skus=[cell.sku], countries=[cell.country], channels=[cell.channel], start=plan.window.start, end=plan.window.end
    )
    values = {
        "who": audience(plan.audience), "depth": percent(plan.depth), "sku": sku(cell.sku),
        "country": country(cell.country), "channel": channel(cell.channel),
        "price": money(plan.price, cell.market.currency), "old": money(cell.price, cell.market.currency),
        "extra": units(max(plan.extra, 1)), "gain": whole(plan.gain, base), "low": whole(plan.low, base),
        "high": whole(plan.high, base),
    }  # fmt: skip
    key = "offer"
    if plan.left is not None:
        key += "_left"
        values["left"] = units(plan.left)
    return finding(f"{KEY}{key}", "act", about, **values)


def _instead(instead: Chosen | None, base: str) -> list[Finding]:
    """Where the audience that was asked for is not worth a discount: whom it would pay for."""
    if instead is None or not instead.plans:
        return []
    best = instead.plans[0]
    about = About(skus=[best.ground.sku], countries=[best.ground.country], channels=[best.ground.channel])
    return [
        finding(
            f"{KEY}instead", "good", about, who=audience(best.audience), depth=percent(best.depth),
            sku=sku(best.ground.sku), country=country(best.ground.country), channel=channel(best.ground.channel),
            gain=whole(best.gain, base),
        )
    ]  # fmt: skip


def _not(best: Chosen, base: str) -> list[Finding]:
    told = []
    dry: dict[str, list[NotThis]] = {}
    for one in best.left:
        if one.why == "stock":
            dry.setdefault(one.ground.sku, []).append(one)
    runs_out = [one for known in dry.values() for one in known if one.ground.shelf and one.ground.shelf.out_on]
    if runs_out:
        first = max(runs_out, key=lambda one: (one.ground.margin * float(one.ground.path.sum()), one.ground.cell))
        shelf = first.ground.shelf
        assert shelf is not None
        assert shelf.out_on is not None
        about = About(skus=[shelf.sku], countries=[first.ground.country])
        told.append(
            finding(
                f"{KEY}stock_first", "watch", about, sku=sku(shelf.sku), warehouse=warehouse(shelf.warehouse),
                day=on(shelf.out_on), country=country(first.ground.country),
            )
        )  # fmt: skip
        others = [other for other in sorted(dry) if other != shelf.sku]
        if others:
            names = [sku(other) for other in others[:NAMED]]
            told.append(finding(f"{KEY}stock", "info", About(skus=others), skus=several(list(names))))
    elif dry:
        names = [sku(name) for name in sorted(dry)[:NAMED]]
        told.append(finding(f"{KEY}stock", "info", About(skus=sorted(dry)), skus=several(list(names))))
    losing = [one for one in best.left if one.why == "no_gain" and one.best is not None]
    if losing:
        worst = min(losing, key=lambda one: one.best.gain if one.best else 0.0)
        shown = worst if best.plans else max(losing, key=lambda one: one.best.extra if one.best else 0.0)
        assert shown.best is not None
        cell = shown.ground
        about = About(skus=[cell.sku], countries=[cell.country], channels=[cell.channel])
        told.append(
            finding(
                f"{KEY}{'example' if not best.plans else 'no_gain'}", "info", about, sku=sku(cell.sku),
                country=country(cell.country), channel=channel(cell.channel), depth=percent(shown.best.depth),
                given=whole(shown.best.given_up, base), extra=units(shown.best.extra),
                loss=whole(max(-shown.best.gain, 0.0), base), change=whole(shown.best.gain, base),
            )
        )  # fmt: skip
        if best.plans:
            told.append(finding(f"{KEY}no_gain_many", "info", n=count(len(losing))))
    floor = sorted({one.ground.sku for one in best.left if one.why == "floor"})
    if floor:
        told.append(
            finding(f"{KEY}below_floor", "info", About(skus=floor), skus=several([sku(one) for one in floor[:NAMED]]))
        )
    return told


def _days(best: Chosen, tried: Sequence[Chosen], base: str) -> list[Finding]:
    """Which of the days ahead were compared."""
    if len(tried) < 2 or not best.plans:
        return []
    others = sorted((one for one in tried if one is not best), key=lambda one: -one.gain)
    next_best = others[0]
    key = "days_event" if best.window.event else "days"
    about = About()
    values = {**_days_of(best), "gain": whole(best.gain, base), "second": whole(max(next_best.gain, 0.0), base),
              "from": on(next_best.window.start), "to": on(next_best.window.end)}  # fmt: skip
    if best.window.event:
        values["event"] = words(f"event.{best.window.event}")
    return [finding(f"{KEY}{key}", "info", about, **values)]


def _who(segment: str | None, best: Chosen, kinds: Mapping[str, Audience]) -> list[Finding]:
    """What share of ordinary and of extra units each kind of customer brings."""
    known = [one for one in kinds.values() if one.told and one.name != "wholesale"]
    if not known or segment == "wholesale":
        return []
    name = segment or max(known, key=lambda one: one.extra - one.share[""]).name
    one = kinds[name]
    return [
        finding(
            f"{KEY}who",
            "info",
            who=audience(one.name),
            share=percent(100 * one.share[""]),
            extra=percent(100 * one.extra),
        )
    ]


def _before(best: Chosen, past: Past) -> list[Finding]:
    """What was given last time on the best offer."""
    last = next((plan for plan in best.plans if plan.last is not None), None)
    if last is None or last.last is None:
        return [] if past.promotions else [finding(f"{KEY}no_past", "watch")]
    about = About(skus=[last.ground.sku], countries=[last.ground.country], channels=[last.ground.channel])
    values = {
        "sku": sku(last.ground.sku), "country": country(last.ground.country), "channel": channel(last.ground.channel),
        "depth": percent(last.last.depth), "start": on(last.last.start), "new": percent(last.depth),
    }  # fmt: skip
    key = "last_time"
    if last.last.code:
        key += "_code"
        values["code"] = code(last.last.code)
    return [finding(f"{KEY}{key}", "info", about, **values)]
