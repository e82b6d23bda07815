"""What a good unit in the warehouse costs from an offer: landed cost, defects, money tied up by the terms, delays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs import Costs, Gap, holding_cost_per_day, landed_cost
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.suppliers.books import Delivery, Offer
from tools.suppliers.timing import Timing

YEAR_DAYS = Decimal(365)
PERCENT = Decimal(100)
DEFECT_HALF_LIFE = 270.0
DEFECT_PRIOR_UNITS = 800.0
DEFECT_PRIOR = 0.01
MOST_DEFECTS = 0.9


@dataclass(frozen=True)
class UnitCost:
    """Cost of one good unit in base currency, not rounded. `whole` is the sum of the four.

    `landed` lies in the warehouse; `defects` pays for the bad units in between; `terms` is interest on what is paid
    before the goods are there (negative where it is paid after); `delays` is the stock that covers late deliveries.
    """

    landed: Decimal
    defects: Decimal
    terms: Decimal
    delays: Decimal
    gaps: tuple[Gap, ...]
    versions: tuple[str, ...]

    @property
    def whole(self) -> Decimal:
        """All four together."""
        return self.landed + self.defects + self.terms + self.delays


def unit_cost(
    shop: Shop, offer: Offer, warehouse: str, mode: str | None, quantity: int, timed: Timing, bad_share: float
) -> UnitCost | None:
    """Cost of a good unit when `quantity` are ordered; None where the cost model knows no price or rate for it."""
    costs = Costs.of(shop)
    try:
        found = landed_cost(shop, offer.sku, warehouse, None, quantity, offer.supplier, mode)
        worth = offer.price(quantity) * costs.exchange(offer.currency, costs.base, costs.as_of)
        held = holding_cost_per_day(shop, offer.sku, warehouse)
    except ShopError:
        return None
    if found.exact is None:
        return None
    bad = Decimal(str(round(min(bad_share, MOST_DEFECTS), 6)))
    capital = costs.one("capital", costs.as_of)
    rate = capital.value / PERCENT / YEAR_DAYS if capital is not None else Decimal(0)
    versions = {*found.versions, *((costs.rates.version_of(capital),) if capital is not None else ())}
    return UnitCost(
        found.exact, found.exact * bad / (1 - bad), worth * rate * _days_tied(offer, timed),
        held * Decimal(str(round(timed.buffer_days, 3))), found.gaps, tuple(sorted(versions)),
    )  # fmt: skip


def _days_tied(offer: Offer, timed: Timing) -> Decimal:
    """Days that the whole price is paid before the goods are there: deposit at the order, the rest after shipping."""
    deposit = min((offer.deposit_pct or Decimal(0)) / PERCENT, Decimal(1))
    arrives, ready = Decimal(str(round(timed.mean_days, 3))), Decimal(str(round(timed.mean_ready, 3)))
    return deposit * arrives + (1 - deposit) * (arrives - ready - (offer.balance_days or 0))


def defect_share(supplier: str, orders: Sequence[Delivery], today: date) -> float:
    """The share of bad units to expect: recent ones of the supplier, drawn to the middle of all suppliers."""
    counted = [one for one in orders if one.received is not None and one.defects is not None]
    sums: dict[str, list[float]] = {}
    for one in counted:
        assert one.received is not None
        weight = 0.5 ** ((today - one.received).days / DEFECT_HALF_LIFE)
        found = sums.setdefault(one.supplier, [0.0, 0.0])
        found[0] += weight * (one.defects or 0)
        found[1] += weight * one.quantity
    shares = sorted(bad / units for bad, units in sums.values() if units > 0)
    usual = shares[len(shares) // 2] if shares else DEFECT_PRIOR
    bad, units = sums.get(supplier, [0.0, 0.0])
    return (bad + usual * DEFECT_PRIOR_UNITS) / (units + DEFECT_PRIOR_UNITS)
