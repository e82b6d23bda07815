"""The whole plan: every shelf judged, the budget shared out, stock to clear given a partner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from shop.warehouse import Shop
from tools.fulfillment.books import Held
from tools.replenishment.plan_budget import Choice, allocate
from tools.replenishment.plan_bundles import Pair, pairs, partner
from tools.replenishment.plan_cases import Books, Cell, intervals, position
from tools.replenishment.plan_demand import ahead
from tools.replenishment.plan_lead_times import LeadTimes, OpenOrder, lead_times, open_orders
from tools.replenishment.plan_money import ShopMoney
from tools.replenishment.plan_offers import Offer, Reason, Sources, sources
from tools.replenishment.plan_options import Option
from tools.replenishment.plan_shelf_life import deliveries
from tools.replenishment.plan_verdicts import Line, judge

SCENARIOS, FEW_SCENARIOS, MANY_SHELVES = 200, 100, 120
LEAD_MARGIN, CLOSURE_DAYS, STEP, LONGEST = 1.3, 25, 30, 365
NEXT_ORDER_DAYS = 60
URGENCY = {"rush": 0, "order": 1, "bundle": 2, "run_down": 3, "hold": 4}


@dataclass(frozen=True)
class Plan:
    """Every shelf's decision, the most pressing first.

    `pairs` are partners for stock to clear by shelf; `passed_over` offers that were not used, with the reason.
    `due` counts the orders due now, `funded` those the budget pays for; `cheapest` is the smallest of them.
    """

    lines: tuple[Line, ...]
    money: ShopMoney
    times: LeadTimes
    pairs: dict[Cell, Pair]
    passed_over: tuple[tuple[Offer, Reason], ...]
    untried: tuple[Offer, ...]
    due: int
    cheapest: tuple[Line, Option] | None
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def orders(self) -> list[Line]:
        """Orders to place now, as far as the budget goes."""
        return [line for line in self.lines if line.now and line.funded and line.option is not None]

    @property
    def unfunded(self) -> list[Line]:
        """Orders that are due and that the budget does not pay for."""
        return [line for line in self.lines if line.now and not line.funded]

    def landed(self, line: Line) -> Decimal:
        """Landed cost of a line's order, in base currency."""
        option = line.option
        if option is None:
            return Decimal(0)
        unit = self.money.landed(option.way.offer, line.warehouse, option.way.mode, option.quantity)
        return Decimal(0) if unit is None else unit * option.quantity

    def sells(self) -> dict[Cell, float]:
        """Units expected over the horizon by shelf."""
        return {(line.sku, line.warehouse): line.expected for line in self.lines}


def plan(
    shop: Shop, stock: Held, skus: Sequence[str], horizon: int, service_level: float | None, budget: float | None
) -> Plan:  # fmt: skip
    """Judge every shelf that holds, awaits or sells the SKUs, then share out the budget (base currency)."""
    wanted = sorted(set(skus) or {sku for sku, _ in stock.free})
    known = sources(shop, wanted)
    times = lead_times(shop)
    ordered: dict[Cell, list[OpenOrder]] = {}
    for order in open_orders(shop, wanted):
        ordered.setdefault((order.sku, order.warehouse), []).append(order)
    days = _days(known, times, stock, horizon)
    demand = ahead(shop, stock, skus, days)
    packs, lives = _of_products(shop, "pack_size", wanted), _of_products(shop, "shelf_life_days", wanted)
    books = Books(
        stock, times, known, ordered, deliveries(shop, list(lives)), intervals(shop, wanted), packs, lives,
    )  # fmt: skip
    money = ShopMoney(shop, demand.markets)
    cells = sorted({*(cell for cell in stock.free if cell[0] in set(wanted)), *ordered, *demand.shelves})
    scenarios = SCENARIOS if len(cells) <= MANY_SHELVES else FEW_SCENARIOS
    lines = [
        judge(position(cell, books, demand.shelves.get(cell), money, days, scenarios), shop.as_of, horizon, service_level)
        for cell in cells
    ]  # fmt: skip
    due = [line for line in lines if line.now and line.option is not None]
    smallest = min(
        ((line, one) for line in due for one in _menu(line, service_level)),
        key=lambda found: found[1].cost,
        default=None,
    )
    if budget is not None:
        lines = _within(lines, budget, service_level)
    lines, found = _bundled(shop, lines)
    lines.sort(key=lambda line: (URGENCY[line.verdict], -_stake(line), line.sku, line.warehouse))
    used = [offer for source in known.values() for offer in source.usable]
    return Plan(
        tuple(lines), money, times, found,
        tuple(passed for source in known.values() for passed in source.passed_over),
        tuple(offer for source in known.values() if source.untried for offer in source.usable), len(due), smallest,
        {
            **demand.rows, "inventory": len(stock.free), "supplier_offers": sum(len(one.tiers) for one in used),
            "purchase_orders": sum(map(len, times.past.values())) + sum(map(len, ordered.values())),
        },
    )  # fmt: skip


def _days(known: dict[str, Sources], times: LeadTimes, stock: Held, horizon: int) -> int:
    """Days to look ahead: the horizon, the longest way, a closure and the next order; in steps, so that forecasts keep."""
    houses = {house for _, house in stock.free}
    longest = 0.0
    for source in known.values():
        for offer in source.usable:
            for house in houses:
                way = times.transit(offer, house)
                longest = max(longest, offer.lead_days + (way.days if way else 0.0))
    days = horizon + LEAD_MARGIN * longest + CLOSURE_DAYS + NEXT_ORDER_DAYS
    return min(math.ceil(days / STEP) * STEP, LONGEST)


def _of_products(shop: Shop, column: str, skus: list[str]) -> dict[str, int]:
    found = shop.rows(
        f"SELECT sku, {column} FROM products WHERE {column} > 0 AND list_contains(?::VARCHAR[], sku)",  # noqa: S608
        [skus],
    )
    return {str(sku): int(value) for sku, value in found}


def _menu(line: Line, service_level: float | None) -> list[Option]:
    """The quantities a due order may shrink to when money is short."""
    if line.weighed is None or line.option is None:
        return []
    if service_level is None:
        return list(line.weighed.options)
    same = [one for one in line.weighed.options if one.way is line.option.way]
    return [one for one in same if one.quantity <= line.option.quantity]


def _within(lines: list[Line], budget: float, service_level: float | None) -> list[Line]:
    """The lines with the orders that a budget buys: as planned where it is enough, else worth most together."""
    due = [at for at, line in enumerate(lines) if line.now and line.option is not None]
    if sum(line.option.cost for line in lines if line.now and line.option is not None) <= budget:
        return lines
    menus = [_menu(lines[at], service_level) for at in due]
    taken = allocate([[Choice(one.cost, one.worth) for one in menu] for menu in menus], budget)
    out = list(lines)
    for at, menu, choice in zip(due, menus, taken, strict=True):
        out[at] = replace(lines[at], option=menu[choice]) if choice is not None else replace(lines[at], funded=False)
    return out


def _bundled(shop: Shop, lines: list[Line]) -> tuple[list[Line], dict[Cell, Pair]]:
    """Lines to run down that have a partner at their warehouse become bundles."""
    clear = sorted({line.sku for line in lines if line.verdict == "run_down"})
    found = pairs(shop, clear)
    out, chosen = [], {}
    for line in lines:
        if line.verdict == "run_down":
            here = [other for other in lines if other.warehouse == line.warehouse]
            sells = {other.sku: other.expected for other in here}
            short = {other.sku for other in here if other.verdict in ("rush", "run_down")}
            best = partner(line.sku, found, sells, short)
            if best is not None:
                chosen[line.sku, line.warehouse] = best
                line = replace(line, verdict="bundle")
        out.append(line)
    return out, chosen


def _stake(line: Line) -> float:
    """What not acting would cost, in base currency."""
    if line.verdict == "rush":
        return line.lost * line.margin
    if line.now and line.option is not None:
        return line.option.profit
    return line.excess * line.margin


def due_next(lines: Sequence[Line]) -> list[Line]:
    """Orders that fall due later in the horizon, the first first."""
    later = [line for line in lines if not line.now and line.due_on is not None and line.option is not None]
    return sorted(later, key=lambda line: (line.due_on or date.max, line.sku, line.warehouse))
