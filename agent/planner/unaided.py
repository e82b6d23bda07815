"""A plan without a model: the tools of the nearest worked example, with what this question says."""

from __future__ import annotations

from collections.abc import Mapping

from agent.planner.calls import parse_calls
from agent.planner.examples import Example, Neighbours, nearest_follow_up, offered
from agent.planner.form import CHANNEL_NAMES, COUNTRY_NAMES, PAYLOADS, SKU_NAMES
from agent.planner.leaning import names_only
from agent.planner.said import Call, Said, values_of

Slots = Mapping[str, tuple[str, ...]]


def unaided_plan(near: Neighbours, alone: Neighbours, slots: Slots, said: Said) -> list[Call]:
    """The nearest example's calls; arguments that name things keep only what was said here.

    A question that leans on an earlier call does as the nearest example of a follow-up did: the same call with what is
    new, or another tool's, about the same things. Its own words (`alone`, without the turns before) come first where
    they settle on one tool.
    """
    if not said.earlier:
        return like(near.best, set(slots), said)
    tool, args = said.earlier[-1]
    if tool in slots and (names_only(said.reading) or (tool in alone.tools and alone.settled)):
        return [(tool, dict(args))]
    led = nearest_follow_up(said.reading.text, said.reading.skus)
    if alone.settled in slots:
        led = alone.best
    elif tool in slots and _repeats(led):
        return [(tool, dict(args))]
    return [carried(call, args, slots) for call in like(led, set(slots), said)]


def like(example: Example, available: set[str], said: Said) -> list[Call]:
    """The example's calls with what this question says in place of what that one said."""
    return [(tool, _only_said(args, said)) for tool, args in parse_calls(offered(example.plan, available))]


def _repeats(example: Example) -> bool:
    """Whether the example calls again what the turn before it called."""
    return _tools(example.plan) == _tools(example.before[-1][1])


def _tools(plan: str) -> set[str]:
    return {name for name, _ in parse_calls(plan)}


def carried(call: Call, earlier: Mapping[str, object], slots: Slots) -> Call:
    """The call with the products, countries and channels that the call before it was about, where it names none."""
    tool, args = call
    payload = args.get("payload")
    fields = PAYLOADS.get(str(args.get("kind")), ("sku",))
    open_names = fields if isinstance(payload, dict) else slots.get(tool, ())
    held = payload if isinstance(payload, dict) else args
    for names in (SKU_NAMES, COUNTRY_NAMES, CHANNEL_NAMES):
        before = values_of([("", dict(earlier))], names)
        name = next((name for name in names if name in open_names), None)
        if before and name and name not in held and (name.endswith("s") or len(before) == 1):
            held[name] = before if name.endswith("s") else before[0]
    return tool, args


def _only_said(args: dict[str, object], said: Said) -> dict[str, object]:
    open_values = {*said.skus, *said.countries, *said.channels, *said.languages, *said.dates}
    kept: dict[str, object] = {}
    for name, value in args.items():
        if isinstance(value, list):
            inner = [item for item in value if not isinstance(item, dict) and (item in open_values or name == "kinds")]
            if inner:
                kept[name] = inner
        elif isinstance(value, dict):
            kept[name] = _only_said(value, said)
        elif isinstance(value, int | float):
            numbers = said.numbers_for(name, whole=False)
            if numbers:
                kept[name] = value if value in numbers else numbers[0]
        elif name in ("text", "action", "kind", "metric", "objective", "goal") or value in open_values:
            kept[name] = value
        elif name in ("query", "requirement"):
            kept[name] = said.reading.text
    return kept
