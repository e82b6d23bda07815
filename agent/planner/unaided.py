"""A plan without a model: the tools of the nearest worked example, with what this question says."""

from __future__ import annotations

from agent.planner.calls import parse_calls
from agent.planner.examples import Example, Neighbours, offered
from agent.planner.said import Call, Said


def unaided_plan(near: Neighbours, alone: Neighbours, available: set[str], said: Said) -> list[Call]:
    """The nearest example's calls; arguments that name things keep only what was said here.

    A question that leans on an earlier call repeats it, unless its own words (`alone`, without the turns before) settle
    on another tool; what is new in it takes the place of what was said before.
    """
    if said.earlier:
        tool, args = said.earlier[-1]
        if tool in available and (tool in alone.tools or len(alone.tools) > 1):
            return [(tool, dict(args))]
        near = alone
    return like(near.best, available, said)


def like(example: Example, available: set[str], said: Said) -> list[Call]:
    """The example's calls with what this question says in place of what that one said."""
    return [(tool, _only_said(args, said)) for tool, args in parse_calls(offered(example.plan, available))]


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
