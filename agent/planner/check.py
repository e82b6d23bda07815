"""A plan held against the question: what was said must be used, what is used must have been said.

What has only one possible place is put right here; what remains is named, for one second look by the model.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from agent.planner.amounts import place_amounts
from agent.planner.compared import told_apart
from agent.planner.form import CHANNEL_NAMES, COUNTRY_NAMES, DATE_NAMES, LANGUAGE_NAMES, SKU_NAMES
from agent.planner.levers import said_changes
from agent.planner.said import DAYS, LAST_WEEK, MEASURES, Call, Said, values_of
from agent.planner.trust import asks_whom_to_trust
from agent.reading import NumberSaid

HORIZONS = ("horizon_days", "days", "weeks", "weeks_ago", "max_lead_time_days")
SURE = 0.75


def mended(calls: list[Call], slots: Mapping[str, tuple[str, ...]], said: Said) -> list[Call]:
    """The calls with said SKUs, countries, channels, languages and horizons in the one place they can go.

    `slots` maps a tool to the names of its arguments.
    """
    calls = [(tool, _each_once(args)) for tool, args in copy.deepcopy(calls)]
    for names, wanted in _wanted(said):
        if wanted:
            _place(calls, slots, names, wanted)
    _place_horizon(calls, slots, said)
    _place_span(calls, slots, said)
    _place_segment(calls, slots, said)
    _place_percent(calls, slots, said)
    place_amounts(calls, slots, said)
    _place_changes(calls, said)
    _place_requirement(calls, said)
    return told_apart(_without_repeats(calls), said)


def differences(calls: list[Call], slots: Mapping[str, tuple[str, ...]], said: Said) -> list[str]:
    """What was said and stands in no call, and what stands in a call and was not said."""
    found = []
    for (names, wanted), word in zip(_wanted(said), ("product", "country", "channel", "language"), strict=True):
        used = {str(value) for value in values_of(calls, names)}
        used |= {name for target in values_of(calls, ("target",)) for name in str(target).split(", ")}
        found += [f"{word} {value} was said and is not in the plan" for value in wanted if value not in used]
    written = {Decimal(str(number)) for _, args in calls for number in _numbers(args)}
    dated = bool(_dates(calls))
    for number in said.reading.numbers:
        if number.unit not in MEASURES and not dated and not _forms(number) & written:
            found.append(f"{number.text} was said and is not in the plan")
    return found


def _wanted(said: Said) -> list[tuple[tuple[str, ...], list[str]]]:
    reading = said.reading
    return [
        (SKU_NAMES, _unique([s.sku for s in reading.skus if s.score >= SURE and not s.alternatives]
                            + [code for s in reading.skus if said.all_meant(s) for code in (s.sku, *s.alternatives)]
                            + [s.text for s in reading.unknown_skus])),
        (COUNTRY_NAMES, _unique([c.country for c in reading.countries])),
        (CHANNEL_NAMES, _unique([c.channel for c in reading.channels])),
        (LANGUAGE_NAMES, _unique([one.language for one in reading.languages])),
    ]  # fmt: skip


def _place(calls: list[Call], slots: Mapping[str, tuple[str, ...]], names: tuple[str, ...], wanted: list[str]) -> None:
    """Put said values where they are missing, and drop those of earlier turns where this one says its own."""
    open_calls = [call for call in calls if any(name in slots.get(call[0], ()) for name in names)]
    payloads = [call for call in calls if "payload" in slots.get(call[0], ())]
    for _, args in open_calls:
        for name in names:
            if isinstance(args.get(name), list):
                kept = [value for value in args[name] if value in wanted]
                args[name] = kept or args[name]
                if not kept:
                    args.pop(name)
            elif name in args and args[name] not in wanted:
                args.pop(name)
    used = {str(value) for value in values_of(calls, names)}
    missing = [value for value in wanted if value not in used]
    for tool, args in open_calls:
        name = next(name for name in names if name in slots[tool])
        plural = name.endswith("s")
        if name not in args and plural:
            args[name] = list(missing or wanted)
        elif name not in args:
            args[name] = (missing or wanted)[0]
        elif missing and plural and len(open_calls) == 1:
            args[name] = [*args[name], *missing]
    if not open_calls and len(payloads) == 1 and isinstance(payloads[0][1].get("payload"), dict):
        payload: dict[str, Any] = payloads[0][1]["payload"]
        if payload.get(names[0]) not in wanted and names[0] in ("sku", "country", "channel"):
            payload[names[0]] = wanted[0]


def _place_horizon(calls: list[Call], slots: Mapping[str, tuple[str, ...]], said: Said) -> None:
    """A duration that was said goes to the horizon of every call that has one."""
    for tool, args in calls:
        for name in HORIZONS:
            if name not in slots.get(tool, ()):
                continue
            own = [int(n) for n in said.own_numbers_for(name) if n == n.to_integral_value()]
            timed = any(n.unit in ("day", "week", "month", "year") for n in said.reading.numbers) or said.reading.dates
            if own and (timed or name == "weeks_ago") and args.get(name) not in own:
                args[name] = own[0]
            elif name == "weeks_ago":
                args.setdefault(name, int(LAST_WEEK))


def _place_changes(calls: list[Call], said: Said) -> None:
    """The changes of a what-if as the question says them; a horizon only where no day of a change stands for it."""
    for tool, args in calls:
        if tool != "what_if":
            continue
        changes = said_changes(said)
        if changes:
            args["changes"] = changes
        timed = any("start" in one or "days" in str(one.get("value")) for one in changes)
        if timed or not (said.reading.dates or any(n.unit in DAYS for n in said.reading.numbers)):
            args.pop("horizon_days", None)


def _place_percent(calls: list[Call], slots: Mapping[str, tuple[str, ...]], said: Said) -> None:
    """The one percentage that was said goes to the one argument of a call that takes a percentage."""
    percents = {n.value for n in said.reading.numbers if n.unit in ("percent", "points")}
    if len(percents) != 1:
        return
    value = percents.pop()
    for tool, args in calls:
        names = [name for name in slots.get(tool, ()) if name.endswith("_pct")]
        if len(names) == 1 and value not in {Decimal(str(number)) for _, used in calls for number in _numbers(used)}:
            args[names[0]] = int(value) if value == value.to_integral_value() else float(value)


def _place_span(calls: list[Call], slots: Mapping[str, tuple[str, ...]], said: Said) -> None:
    """A first and a last day that were said go to the calls that take both."""
    for tool, args in calls:
        if said.span is not None and {"start", "end"} <= set(slots.get(tool, ())):
            args["start"], args["end"] = said.span


def _place_segment(calls: list[Call], slots: Mapping[str, tuple[str, ...]], said: Said) -> None:
    """The one kind of customers that was said goes to the calls that ask for one; what was not said goes."""
    for tool, args in calls:
        if "segment" not in slots.get(tool, ()):
            continue
        if len(said.segments) == 1:
            args["segment"] = said.segments[0]
        elif not said.segments and not said.earlier:
            args.pop("segment", None)


def _place_requirement(calls: list[Call], said: Said) -> None:
    """A question of whom to trust that names no product is about all suppliers: its words are no need to match."""
    for tool, args in calls:
        if tool == "match_suppliers" and set(args) <= {"requirement"} and asks_whom_to_trust(said.reading.text):
            args.clear()


def _each_once(args: dict[str, Any]) -> dict[str, Any]:
    """Lists of plain values with every value once; a small model likes to repeat itself."""
    return {
        name: _unique(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
        for name, value in args.items()
    }


def _forms(number: NumberSaid) -> set[Decimal]:
    """What an argument may hold for a number that was said: days for weeks, a factor or a signed change for percent."""
    value = number.value
    forms = {value, -value}
    if number.unit in DAYS:
        forms |= {value * DAYS[number.unit], Decimal(round(value * DAYS[number.unit] / 7))}
    if number.unit in ("percent", "points"):
        forms |= {1 + value / 100, 1 - value / 100, value / 100}
    if number.unit == "times":
        forms.add((value - 1) * 100)
    return forms


def _dates(calls: list[Call]) -> list[Any]:
    return values_of(calls, DATE_NAMES)


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in _numbers(inner)]
    if isinstance(value, list):
        return [number for inner in value for number in _numbers(inner)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _without_repeats(calls: list[Call]) -> list[Call]:
    kept: list[Call] = []
    for call in calls:
        if call not in kept:
            kept.append(call)
    return kept


def _unique(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))
