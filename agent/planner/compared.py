"""Forecasts of things that are compared: one for each, since one call adds them up."""

from __future__ import annotations

import re

from agent.planner.said import Call, Said

_COMPARES = re.compile(
    r"\b(compare[ds]?|comparison|versus|vs|next to|side by side|against each other|respectively|each of|or|"
    r"vergleich\w*|compar(?:er|aison|ar|ación)|comparé\w*)\b|分别|对比|比较|相比|哪个|谁卖|各能?卖|各自|それぞれ|比較",
    re.IGNORECASE,
)
_MOST = 3


def told_apart(calls: list[Call], said: Said) -> list[Call]:
    """The one forecast of several products, countries or channels as one forecast each, where they are compared."""
    if len(calls) != 1 or calls[0][0] != "forecast_demand" or not _COMPARES.search(said.reading.text):
        return calls
    tool, args = calls[0]
    several = [name for name in ("skus", "countries", "channels") if 1 < len(args.get(name) or []) <= _MOST]
    if len(several) != 1:
        return calls
    return [(tool, args | {several[0]: [value]}) for value in args[several[0]]]
