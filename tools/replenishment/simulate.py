"""One shelf run through many scenarios of demand and arrivals at once, for several order quantities side by side.

Demand that meets an empty shelf is lost. Goods that expire are sold first in, first out and leave the shelf at the
end of their last day. Every quantity meets the same scenarios, so that differences between them are not noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEVER = 1_000_000
SINGLE = np.float32  # whole units are exact in it up to 16 million


@dataclass(frozen=True)
class Batch:
    """Units of one age: `last_day` is the day number (0 is the first simulated) at whose end they expire."""

    units: float
    last_day: int


@dataclass(frozen=True)
class World:
    """What the shelf meets. Rows are scenarios, columns days from the day after today.

    `arrivals` are goods already ordered. `batches` are the stock and those goods in the order they will be sold,
    empty where nothing expires.
    """

    free: float
    demand: Floats
    arrivals: Floats
    batches: tuple[Batch, ...] = ()

    @property
    def scenarios(self) -> int:
        """How many futures are looked at."""
        return int(self.demand.shape[0])

    @property
    def days(self) -> int:
        """How many days each of them has."""
        return int(self.demand.shape[1])


@dataclass(frozen=True)
class Outcome:
    """Per quantity (rows) and scenario (columns), over the days before `until`.

    sold, lost, expired: units; held: units on the shelf at day's end, added over the days; left: units on the shelf
    at the end; short_after: units lost from the order's arrival on.
    """

    sold: Floats
    lost: Floats
    short_after: Floats
    expired: Floats
    held: Floats
    left: Floats


def simulate(world: World, quantities: Floats, arrive: Ints, until: Ints, life: int | None = None) -> Outcome:
    """Run every quantity through every scenario.

    `arrive` is the day number on whose morning the order is there, `until` the number of days counted, both by
    scenario. `life` are the days the ordered goods can be sold from arrival on, None when they do not expire.
    Without expiry the units lost so far are the deepest that stock would have gone below zero (the reflection of a
    random walk), which needs no loop over days.
    """
    if life is not None or world.batches:
        return day_by_day(world, quantities, arrive, until, life)
    last = min(world.days, int(until.max(initial=0)))
    rows = np.arange(world.scenarios)
    if last == 0:
        nothing = np.zeros((len(quantities), world.scenarios))
        return Outcome(nothing, nothing, nothing, nothing, nothing, nothing + world.free)
    day = np.arange(last)
    without = world.free + np.cumsum(world.arrivals[:, :last] - world.demand[:, :last], axis=1)
    asked = _before(np.cumsum(world.demand[:, :last], axis=1), until, last)
    there = (day[None, :] >= arrive[:, None]).astype(SINGLE)
    level = quantities.astype(SINGLE)[:, None, None] * there
    level += without.astype(SINGLE)
    lost_by = np.minimum(level, 0)
    np.minimum.accumulate(lost_by, axis=2, out=lost_by)
    level -= lost_by
    np.negative(lost_by, out=lost_by)
    counted = (day[None, :] < until[:, None]).astype(SINGLE)
    held = np.einsum("kst,st->ks", level, counted).astype(np.float64)
    final = np.clip(until, 1, last) - 1
    some = until > 0
    lost = np.where(some, lost_by[:, rows, final], 0.0)
    early = np.where(arrive > 0, lost_by[:, rows, np.clip(arrive, 1, last) - 1], 0.0)
    left = np.where(some, level[:, rows, final], world.free)
    return Outcome(
        asked - lost, lost, np.maximum(lost - np.minimum(early, lost), 0.0), np.zeros_like(lost), held, left
    )  # fmt: skip


def _before(cumulative: Floats, days: Ints, last: int) -> Floats:
    """The cumulative value after so many days, per scenario."""
    rows = np.arange(len(days))
    return np.where(days > 0, cumulative[rows, np.clip(days, 1, last) - 1], 0.0)


def day_by_day(world: World, quantities: Floats, arrive: Ints, until: Ints, life: int | None = None) -> Outcome:
    """The same as `simulate`, one day after the other, as goods that expire need it."""
    shape = (len(quantities), world.scenarios)
    stock = np.full(shape, float(world.free))
    sold, lost, after, expired, held = (np.zeros(shape) for _ in range(5))
    left = np.full(shape, float(world.free))
    order = quantities[:, None]
    gone = np.zeros(shape)
    before = float(sum(batch.units for batch in world.batches))
    ends = {}
    cumulative = 0.0
    for batch in world.batches:
        cumulative += batch.units
        ends[batch.last_day] = cumulative
    order_ends = None if life is None else arrive + life - 1
    last = min(world.days, int(until.max(initial=0)))
    for day in range(last):
        counted = until > day
        stock += world.arrivals[:, day]
        stock += order * (arrive == day)
        asked = world.demand[:, day]
        served = np.minimum(stock, asked)
        stock -= served
        short = (asked - served) * counted
        sold += served * counted
        lost += short
        after += short * (arrive <= day)
        gone += served
        if day in ends:
            thrown = np.clip(ends[day] - gone, 0.0, stock)
            stock -= thrown
            gone += thrown
            expired += thrown * counted
        if order_ends is not None:
            thrown = np.clip(before + order - gone, 0.0, np.minimum(stock, order)) * (order_ends == day)
            stock -= thrown
            gone += thrown
            expired += thrown * counted
        held += stock * counted
        left = np.where(until == day + 1, stock, left)
    left = np.where(until > last, stock, left)
    return Outcome(sold, lost, after, expired, held, left)


def runs_out(world: World) -> Ints:
    """Per scenario the first day number on which demand is lost when nothing more is ordered; NEVER when none is."""
    if not world.batches:
        short = world.free + np.cumsum(world.arrivals - world.demand, axis=1) < 0
        return np.where(short.any(axis=1), short.argmax(axis=1), NEVER)
    stock = np.full(world.scenarios, float(world.free))
    first = np.full(world.scenarios, NEVER, dtype=np.int64)
    ends, cumulative = {}, 0.0
    for batch in world.batches:
        cumulative += batch.units
        ends[batch.last_day] = cumulative
    gone = np.zeros(world.scenarios)
    for day in range(world.days):
        stock += world.arrivals[:, day]
        served = np.minimum(stock, world.demand[:, day])
        short = world.demand[:, day] - served > 0
        first = np.where(short & (first == NEVER), day, first)
        stock -= served
        gone += served
        if day in ends:
            thrown = np.clip(ends[day] - gone, 0.0, stock)
            stock -= thrown
            gone += thrown
    return first
