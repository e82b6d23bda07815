"""When stock expires: the age of what lies on a shelf, from the deliveries it must have come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.replenishment.simulate import Batch

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Delivery:
    """Sellable units that came in on a day."""

    units: int
    received: date


@dataclass(frozen=True)
class Expiring:
    """Units of a shelf expected to be unsold when their time is over, and the day the first of them expires."""

    units: float
    first: date


def deliveries(shop: Shop, skus: Sequence[str]) -> dict[tuple[str, str], list[Delivery]]:
    """What came in by SKU and warehouse, the newest first."""
    found: dict[tuple[str, str], list[Delivery]] = {}
    for sku, house, units, received in shop.rows(
        "SELECT sku, warehouse, sum(quantity - coalesce(defects, 0)), received_on FROM purchase_orders "
        "WHERE received_on <= ? AND list_contains(?::VARCHAR[], sku) GROUP BY 1, 2, 4 ORDER BY 1, 2, 4 DESC",
        [shop.as_of, list(skus)],
    ):
        found.setdefault((str(sku), str(house)), []).append(Delivery(int(units), received))
    return found


def ages(free: int, came: Sequence[Delivery], life: int, as_of: date) -> tuple[Batch, ...]:
    """The stock as batches, the oldest first: sold first in, first out, it is what came last.

    Units beyond all known deliveries are as old as the oldest. Empty when no delivery is known. Stock past its life
    is counted as good for one more day.
    """
    left, found = free, []
    for one in came:
        if left <= 0:
            break
        found.append((min(one.units, left), one.received))
        left -= min(one.units, left)
    if not found:
        return ()
    units, received = found[-1]
    found[-1] = (units + max(left, 0), received)
    return tuple(
        Batch(float(units), max((received + timedelta(days=life) - as_of).days - 1, 0))
        for units, received in reversed(found)
        if units > 0
    )


def unsold(batches: Sequence[Batch], mean: Floats, rate: float, as_of: date) -> Expiring | None:
    """Units that mean demand does not reach before they expire; beyond the path it goes on at `rate` a day."""
    asked = np.concatenate([[0.0], np.cumsum(mean)])
    left = sum(batch.units for batch in batches)
    gone = total = wasted = reached = 0.0
    first: int | None = None
    for batch in sorted(batches, key=lambda one: one.last_day):
        total += batch.units
        days = batch.last_day + 1
        by_then = float(asked[min(days, len(mean))]) + rate * max(days - len(mean), 0)
        sold = min(by_then - reached, left)
        reached, left, gone = by_then, left - sold, gone + sold
        thrown = max(total - gone, 0.0)
        if thrown >= 1:
            first = batch.last_day if first is None else first
            wasted, gone, left = wasted + thrown, gone + thrown, left - thrown
    return Expiring(wasted, as_of + timedelta(days=first + 1)) if first is not None else None
