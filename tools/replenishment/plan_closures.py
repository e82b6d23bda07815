"""Days on which factories stand still, and what they do to an order that is being made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

FILE = "factory_closures.yaml"


@dataclass(frozen=True)
class Closure:
    """A factory's closed days in one country, both ends included."""

    name: str
    country: str
    start: date
    end: date


@cache
def _table() -> tuple[str, tuple[Closure, ...]]:
    import yaml

    told = yaml.safe_load((files("shop.reference") / FILE).read_text(encoding="utf-8"))
    found = [
        Closure(
            entry["name"], country, day - timedelta(days=entry["days_before"]), day + timedelta(days=entry["days_after"])
        )
        for entry in told["closures"]
        for country in entry["countries"]
        for day in entry["dates"]
    ]  # fmt: skip
    return str(told["version"]), tuple(sorted(found, key=lambda one: (one.start, one.country, one.name)))


def closures(country: str, first: date, last: date) -> list[Closure]:
    """Closures of a country that touch the days first..last, the earliest first."""
    return [one for one in _table()[1] if one.country == country and one.end >= first and one.start <= last]


def reference_version() -> str:
    """Name and date of the table, for the data a result says it used."""
    return f"factory closures {_table()[0]}"


def delayed(country: str, placed: date, making_days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Days from `placed` until goods are ready, when making them takes `making_days` of open days.

    An order that meets a closure waits until it ends; one placed inside it starts after.
    """
    ready = np.asarray(making_days, dtype=np.float64).copy()
    horizon = placed + timedelta(days=int(ready.max(initial=0.0)) + 120)
    for one in closures(country, placed, horizon):
        begin = max((one.start - placed).days, 0)
        closed = (one.end - placed).days + 1 - begin
        ready = np.where(ready > begin, ready + closed, ready)
    return ready
