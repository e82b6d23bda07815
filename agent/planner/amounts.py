"""Where an amount that was said goes, when the tool has one place for it: a budget, a quantity, a price, a factor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from agent.planner.levers import direction
from agent.planner.said import DAYS, MEASURES, Call, Said, is_money
from agent.reading import NumberSaid

SMALLEST_SUM = 50  # a smaller bare number counts weeks, percent or products, not money
_COST_BEFORE = re.compile(
    r"(?:\blanded\b|\bcosts?\b|\bunder\b|\bbelow\b|落地|到岸|成本)[^,，;；]{0,12}$", re.IGNORECASE
)

_CORRECTED = re.compile(
    r"\b(?:no|sorry|wait|actually|rather|i mean|make it|make that)\b|不对|不是|算了|改口|还是", re.IGNORECASE
)

_Takes = Callable[[NumberSaid, str], bool]


def place_amounts(calls: list[Call], slots: Mapping[str, tuple[str, ...]], said: Said) -> None:
    """Put amounts of this question that stand nowhere yet where they belong, over those of earlier turns."""
    for tool, args in calls:
        payload = args.get("payload")
        if tool == "propose_change" and isinstance(payload, dict):
            _place_change(str(args.get("kind")), payload, said)
            continue
        if tool == "project_cash":
            _place_week(args, said)
        for name, takes in PLACES.get(tool, {}).items():
            if name in STRICT and not _said_as(name, args, takes, said):
                args.pop(name, None)
            if name not in slots.get(tool, ()):
                continue
            if name == "demand_multiplier" and any(_factor(n, "") for n in said.reading.numbers):
                args.pop(name, None)  # which way a percentage goes is read here, whatever was planned
            elif _said_now(args.get(name), said):
                continue
            fitting = [n for n in _free(calls, said) if takes(n, said.reading.text)]
            if fitting:
                args[name] = _as_argument(name, fitting[0], said)


def _sum(number: NumberSaid, text: str) -> bool:
    return is_money(number) or (number.unit is None and number.value >= SMALLEST_SUM)


def _count(number: NumberSaid, text: str) -> bool:
    return number.unit not in ("percent", "points", "times") and not is_money(number) and not _cost(number, text)


def _cost(number: NumberSaid, text: str) -> bool:
    return is_money(number) or (number.unit is None and bool(_COST_BEFORE.search(text[: number.start])))


def _factor(number: NumberSaid, text: str) -> bool:
    return number.unit in ("percent", "times")


STRICT = ("max_landed_cost",)
"""Never filled by a number that was said as something else."""
PLACES: dict[str, dict[str, _Takes]] = {
    "plan_replenishment": {"budget": _sum},
    "project_cash": {"purchase_amount": _sum},
    "match_suppliers": {"max_landed_cost": _cost, "quantity": _count},
    "check_fulfillment": {"demand_multiplier": _factor},
}


def _said_as(name: str, args: dict[str, Any], takes: _Takes, said: Said) -> bool:
    """Whether the argument holds a number said as what it takes, or one of an earlier turn."""
    mine = [n for n in said.reading.numbers if _is_number(args.get(name)) and n.value == Decimal(str(args[name]))]
    return not mine or any(takes(n, said.reading.text) for n in mine)


def _place_week(args: dict[str, Any], said: Said) -> None:
    """The week that was named, as in "in week 6", for a purchase."""
    named = [n.value for n in said.reading.numbers if said.names_a_week(n)]
    if named:
        args["purchase_week"] = int(named[0])


def _place_change(kind: str, payload: dict[str, Any], said: Said) -> None:
    """The price, the change in percent or the quantity of a proposal, with the currency, supplier and warehouse said."""
    numbers = [n for n in said.reading.numbers if n.unit not in (*MEASURES, *DAYS) and not _an_article(n)]
    corrected = [hit.end() for hit in _CORRECTED.finditer(said.reading.text)]
    numbers = [n for n in numbers if corrected and n.start >= corrected[-1]] or numbers
    if kind == "purchase_order":
        counts = [n for n in numbers if n.unit not in ("percent", "points", "times") and not is_money(n)]
        if len(counts) == 1:
            payload["quantity"] = _plain(counts[0].value)
        places = [house for house in said.warehouses if house.casefold() in said.reading.text.casefold()]
        if len(places) == 1:
            payload["warehouse"] = places[0]
        if len(said.codes) == 1:
            payload["supplier_id"] = said.codes[0].upper()
    if kind == "price":
        prices = [n for n in numbers if n.unit is None or is_money(n)]
        percents = [n for n in numbers if n.unit == "percent"]
        if len(prices) == 1 and not percents:
            payload["price"] = _plain(prices[0].value)
            payload.pop("change_pct", None)
            if prices[0].unit and not prices[0].other_units:
                payload["currency"] = prices[0].unit
        elif len(percents) == 1 and not prices:
            payload["change_pct"] = _plain(_signed(percents[0], said))
            payload.pop("price", None)


def _free(calls: list[Call], said: Said) -> list[NumberSaid]:
    """Numbers that count neither days nor sizes and stand in no argument yet."""
    used = {Decimal(str(value)) for _, args in calls for value in args.values() if _is_number(value)}
    return [
        n for n in said.reading.numbers
        if n.unit not in (*MEASURES, *DAYS) and not _an_article(n)
        and n.value not in used and not said.names_a_week(n)
    ]  # fmt: skip


def _an_article(number: NumberSaid) -> bool:
    """Whether it is "one" as in "you know the one"."""
    return number.word and number.unit is None and number.value == 1


def _said_now(value: Any, said: Said) -> bool:
    """Whether the argument already holds something that this question says."""
    if not _is_number(value):
        return False
    held = Decimal(str(value))
    return any(held in (n.value, 1 + n.value / 100, 1 - n.value / 100) for n in said.reading.numbers)


def _as_argument(name: str, number: NumberSaid, said: Said) -> int | float:
    if name == "demand_multiplier" and number.unit == "percent":
        return _plain(1 + _signed(number, said) / 100)
    return _plain(number.value)


def _signed(number: NumberSaid, said: Said) -> Decimal:
    return number.value if number.value < 0 else number.value * direction(said.reading.text, number)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
