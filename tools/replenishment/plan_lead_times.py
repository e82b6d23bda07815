"""How long goods take to come: learned from purchase orders, drawn to the offer's promise where there are few.

A supplier's orders tell how late it is and how far its deliveries scatter; with n of them they count n / (n + 5)
against the promise. Goods not yet there have taken at least until today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.fulfillment.books import OVERDUE_ARRIVES_IN_DAYS
from tools.replenishment.plan_closures import delayed
from tools.replenishment.plan_offers import Offer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PRIOR_ORDERS = 5.0
LATENESS_SD = 3.0
SHORTEST = 1.0
TAIL_AT_LEAST = 3
WORTH_HURRYING_DAYS = 7
FAST_DAYS = 10


@dataclass(frozen=True)
class Transit:
    """A way from a supplier's country to a warehouse, and its days."""

    mode: str
    days: float
    sd: float


@dataclass(frozen=True)
class OpenOrder:
    """A purchase order that has not come in. `overdue` when its promised day has passed."""

    po_id: str
    supplier: str
    sku: str
    warehouse: str
    units: int
    ordered: date
    promised: date | None
    overdue: bool


@dataclass(frozen=True)
class Spent:
    """Days of making (one per scenario) and of travel, for an order that may be placed today or later."""

    country: str
    as_of: date
    making: Floats
    travel: float

    def shelf_day(self, placed: int) -> Ints:
        """Day number (0 is tomorrow) on whose morning goods ordered `placed` days from today are on the shelf."""
        ready = delayed(self.country, self.as_of + timedelta(days=placed), self.making)
        return np.asarray(placed + np.ceil(ready + self.travel) - 1, dtype=np.int64)

    @property
    def mean_days(self) -> float:
        """Mean days from order to shelf when no factory is closed."""
        return float(self.making.mean()) + self.travel


@dataclass(frozen=True)
class _Past:
    supplier: str
    warehouse: str
    days: float
    lateness: float | None


@dataclass(frozen=True)
class LeadTimes:
    """What the books tell about times, for draws of scenarios."""

    as_of: date
    past: dict[str, list[_Past]]
    transits: dict[tuple[str, str], tuple[Transit, ...]]

    def transit(self, offer: Offer, warehouse: str) -> Transit | None:
        """The usual way from the offer's country, the cheapest by weight; None when the books have no rate for it."""
        return next(iter(self.transits.get((offer.country, warehouse), ())), None)

    def faster(self, offer: Offer, warehouse: str) -> Transit | None:
        """The cheapest way that saves a week or more against the usual one; None when there is none."""
        usual = self.transit(offer, warehouse)
        if usual is None:
            return None
        ways = self.transits[offer.country, warehouse]
        return next(
            (way for way in ways if way.days <= usual.days - WORTH_HURRYING_DAYS and way.days <= FAST_DAYS), None
        )

    def orders_seen(self, supplier: str) -> int:
        """How many of its purchase orders tell something."""
        return len(self.past.get(supplier, ()))

    def lateness(self, supplier: str) -> tuple[float, int] | None:
        """Mean days between promise and arrival, and of how many orders; None with fewer than five."""
        late = [one.lateness for one in self.past.get(supplier, ()) if one.lateness is not None]
        return (sum(late) / len(late), len(late)) if len(late) >= PRIOR_ORDERS else None

    def spent(self, offer: Offer, warehouse: str, chance: Floats, by: Transit | None = None) -> Spent:
        """Making and travel of an order of this offer, one for each row of uniform numbers in `chance` (n x 2).

        Promise plus what the supplier and the way to this warehouse have taken beyond it; closures are not in it.
        `by` is another way than the usual one.
        """
        way = self.transit(offer, warehouse)
        promise = offer.lead_days + (way.days if way else 0.0)
        beyond = [(one.warehouse, one.days - promise_of(one, offer, self)) for one in self.past.get(offer.supplier, ())]
        general = sum(late for _, late in beyond) / (len(beyond) + PRIOR_ORDERS)
        by_house: dict[str, list[float]] = {}
        for house, late in beyond:
            by_house.setdefault(house, []).append(late)
        here = by_house.get(warehouse, [])
        centre = (sum(here) + PRIOR_ORDERS * general) / (len(here) + PRIOR_ORDERS)
        sd = float(np.hypot(offer.lead_sd, way.sd if way else 0.0))
        seen = [late for lates in by_house.values() for late in _centred(lates)]
        total: Floats = np.maximum(promise + centre + _scatter(seen, sd, chance), SHORTEST)
        travel = min(way.days, 0.9 * promise) if way else 0.0
        making = np.maximum(total - travel, 0.5)
        return Spent(offer.country, self.as_of, making, by.days if by is not None else travel)

    def arrival(self, order: OpenOrder, chance: Floats) -> Floats:
        """Days from today until an open order is there, at least 1, one for each row of `chance`."""
        promised = order.promised or order.ordered + timedelta(days=30)
        late = [one.lateness for one in self.past.get(order.supplier, ()) if one.lateness is not None]
        due = (promised - self.as_of).days
        if due > 0:
            drawn: Floats = due + sum(late) / (len(late) + PRIOR_ORDERS) + _scatter(_centred(late), LATENESS_SD, chance)
            return np.asarray(np.maximum(drawn, 1.0), dtype=np.float64)
        tail = np.sort(np.array([due + one for one in late if due + one > 0]))
        if len(tail) >= TAIL_AT_LEAST:
            return np.asarray(np.maximum(np.quantile(tail, chance[:, 0]), 1.0), dtype=np.float64)
        return np.asarray(1.0 + chance[:, 0] * 2 * (OVERDUE_ARRIVES_IN_DAYS - 1), dtype=np.float64)


def promise_of(past: _Past, offer: Offer, known: LeadTimes) -> float:
    """What the offer would have promised for that way."""
    way = known.transit(offer, past.warehouse)
    return offer.lead_days + (way.days if way else 0.0)


def _centred(values: list[float]) -> list[float]:
    mean = sum(values) / len(values) if values else 0.0
    return [one - mean for one in values]


def _scatter(seen: list[float], sd: float, chance: Floats) -> Floats:
    """Deviations from the mean: those seen with weight n / (n + 5), else normal with the promised spread."""
    from scipy.special import ndtri

    promised: Floats = sd * ndtri(np.clip(chance[:, 0], 1e-4, 1 - 1e-4))
    if not seen:
        return np.asarray(promised, dtype=np.float64)
    trusted = chance[:, 1] < len(seen) / (len(seen) + PRIOR_ORDERS)
    return np.where(trusted, np.quantile(np.sort(np.array(seen)), chance[:, 0]), promised)


def lead_times(shop: Shop) -> LeadTimes:
    """Everything received so far, and open orders that are already slower than a year of promises would allow."""
    past: dict[str, list[_Past]] = {}
    for supplier, house, taken, late in shop.rows(
        "SELECT coalesce(supplier_id, ''), warehouse, received_on - ordered_on, received_on - promised_on "
        "FROM purchase_orders WHERE received_on <= ? AND received_on >= ordered_on ORDER BY ordered_on, po_id, sku",
        [shop.as_of],
    ):
        found = _Past(str(supplier), str(house), float(taken), float(late) if late is not None else None)
        past.setdefault(found.supplier, []).append(found)
    return LeadTimes(shop.as_of, past, transits(shop))


def transits(shop: Shop) -> dict[tuple[str, str], tuple[Transit, ...]]:
    """(supplier's country, warehouse) -> ways, the cheapest first; places are warehouses, countries, or ports."""
    houses = {str(house): str(country) for house, country in shop.rows("SELECT warehouse, country FROM warehouses")}
    found: dict[tuple[str, str], dict[str, tuple[float, Transit]]] = {}
    for origin, target, mode, rate, days, sd in shop.rows(
        "SELECT origin, destination, mode, coalesce(rate_per_kg, rate_per_m3 / 167), transit_days, transit_sd "
        "FROM freight_rates WHERE effective_from <= ? QUALIFY row_number() OVER "
        "(PARTITION BY origin, destination, mode ORDER BY effective_from DESC) = 1 ORDER BY ALL",
        [shop.as_of],
    ):
        country = houses.get(str(origin), str(origin).split("-")[0].upper())
        cost = float(rate) if rate is not None else float("inf")
        way = Transit(str(mode), float(days), float(sd) if sd is not None else 0.15 * float(days))
        for house in [house for house, place in houses.items() if target in (house, place)]:
            by_mode = found.setdefault((country, house), {})
            if way.mode not in by_mode or cost < by_mode[way.mode][0]:
                by_mode[way.mode] = (cost, way)
    return {
        lane: tuple(way for _, way in sorted(by_mode.values(), key=lambda one: (one[0], one[1].days)))
        for lane, by_mode in found.items()
    }


def open_orders(shop: Shop, skus: list[str]) -> list[OpenOrder]:
    """Purchase orders on their way, the earliest promise first."""
    return [
        OpenOrder(
            str(po), str(supplier or ""), str(sku), str(house), int(units), ordered, promised,
            promised is not None and promised <= shop.as_of,
        )
        for po, supplier, sku, house, units, ordered, promised in shop.rows(
            "SELECT po_id, supplier_id, sku, warehouse, quantity, ordered_on, promised_on FROM purchase_orders "
            "WHERE (received_on IS NULL OR received_on > ?) AND coalesce(status, 'open') NOT IN ('received', 'cancelled') "
            "AND ordered_on <= ? AND list_contains(?::VARCHAR[], sku) ORDER BY promised_on NULLS LAST, po_id, sku",
            [shop.as_of, shop.as_of, skus],
        )
    ]  # fmt: skip
