"""Planted fraud: orders on stolen cards to one address, decided before the days are lived so that they take stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shop.demo.demand import Ints, S, day_number, random
from shop.demo.parameters import CHANNELS, CODES, FRAUD_RINGS, HISTORY_DAYS, SKUS
from shop.demo.stock import HOUSE_OF, W


@dataclass(frozen=True)
class FraudOrder:
    """One order of a ring, before it is known whether the shelf can fill it."""

    ring: int
    t: int
    c: int
    channel: int
    billing: str
    ip: str
    customer: int  # within the ring
    lines: tuple[tuple[int, int], ...]  # SKU position, units


def plan(seed: int) -> list[FraudOrder]:
    """The rings' orders, in time order."""
    rng = random(seed, 3)
    planned: list[FraudOrder] = []
    for number, ring in enumerate(FRAUD_RINGS):
        first, last = day_number(ring.start), day_number(ring.end)
        for k in range(ring.orders):
            picked = rng.choice(len(ring.skus), size=int(rng.integers(1, 3)), replace=False)
            lines = tuple((SKUS.index(ring.skus[i]), int(rng.integers(4, 9))) for i in sorted(picked))
            planned.append(
                FraudOrder(
                    number, int(rng.integers(first, last + 1)), CODES.index(ring.country), CHANNELS.index(ring.channel),
                    str(rng.choice(ring.billing)), str(rng.choice(ring.ip)), k % ring.customers, lines,
                )
            )  # fmt: skip
    return sorted(planned, key=lambda o: o.t)


def units(planned: list[FraudOrder]) -> Ints:
    """Units the rings ask for by day, SKU, warehouse."""
    wanted = np.zeros((HISTORY_DAYS, S, W), np.int64)
    for order in planned:
        for s, quantity in order.lines:
            wanted[order.t, s, HOUSE_OF[order.c]] += quantity
    return wanted


def filled(planned: list[FraudOrder], sold: Ints) -> list[FraudOrder]:
    """The orders the shelves could fill, with the units they got."""
    left = sold.copy()
    done: list[FraudOrder] = []
    for order in planned:
        lines = []
        for s, quantity in order.lines:
            got = int(min(quantity, left[order.t, s, HOUSE_OF[order.c]]))
            left[order.t, s, HOUSE_OF[order.c]] -= got
            if got:
                lines.append((s, got))
        if lines:
            done.append(
                FraudOrder(order.ring, order.t, order.c, order.channel, order.billing, order.ip, order.customer, tuple(lines))
            )  # fmt: skip
    return done
