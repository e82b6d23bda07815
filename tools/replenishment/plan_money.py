"""What units earn and cost at a shelf, from the shop's one cost model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

from shop.costs import economics, holding_cost_per_day, landed_cost
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.replenishment.plan_offers import Offer

Cell = tuple[str, str]
Market = tuple[str, str]


class ShopMoney:
    """Money by the cost model, kept for one plan.

    `markets` are the units sold lately by SKU and warehouse, country and channel: what a unit earns at a shelf is
    the mean over them. `gaps` collects what the cost model had to assume, `versions` the dated rates it used.
    """

    def __init__(self, shop: Shop, markets: Mapping[Cell, Mapping[Market, float]]) -> None:
        self.shop, self.markets = shop, markets
        self.gaps: dict[str, str] = {}
        self.versions: set[str] = set()
        self._costs: dict[tuple[str, str, str, str | None, int], Decimal | None] = {}

    def earned(self, sku: str, warehouse: str) -> float | None:
        """What a sold unit leaves before its landed cost and its days on the shelf; None without a price."""
        total, weight = Decimal(0), Decimal(0)
        for (country, channel), units in self.markets.get((sku, warehouse), {}).items():
            try:
                found = economics(self.shop, sku, country, channel)
            except ShopError:
                continue
            left = found.exact if found.exact is not None else sum((part.amount for part in found.parts), Decimal(0))
            if found.exact is not None:
                left -= next((part.amount for part in found.parts if part.name == "landed_cost"), Decimal(0))
            total += Decimal(str(units)) * (left - found.part("storage"))
            weight += Decimal(str(units))
            self.versions.update(found.versions)
        return float(total / weight) if weight else None

    def holding(self, sku: str, warehouse: str) -> float:
        """What a unit on the shelf costs a day; 0 where the cost model does not know the SKU."""
        try:
            return float(holding_cost_per_day(self.shop, sku, warehouse))
        except ShopError:
            return 0.0

    def unit_cost(self, offer: Offer, warehouse: str, mode: str | None = None) -> Callable[[int], float] | None:
        """Landed cost of a unit at a quantity; None where the cost model has none."""

        def cost(quantity: int) -> float:
            found = self.landed(offer, warehouse, mode, quantity)
            assert found is not None
            return float(found)

        known = all(self.landed(offer, warehouse, mode, tier.least) is not None for tier in offer.tiers)
        return cache(cost) if known else None

    def landed(self, offer: Offer, warehouse: str, mode: str | None, quantity: int) -> Decimal | None:
        """Landed cost of a unit in base currency, not rounded."""
        tier = max([one.least for one in offer.tiers if one.least <= quantity] or [offer.tiers[0].least])
        key = (offer.supplier, offer.sku, warehouse, mode, tier)
        if key not in self._costs:
            self._costs[key] = self._landed(offer, warehouse, mode, max(tier, offer.least))
        return self._costs[key]

    def _landed(self, offer: Offer, warehouse: str, mode: str | None, quantity: int) -> Decimal | None:
        try:
            found = landed_cost(self.shop, offer.sku, warehouse, None, quantity, offer.supplier, mode)
        except ShopError:
            return None
        self.versions.update(found.versions)
        for gap in found.gaps:
            self.gaps.setdefault(str(gap), offer.sku)
        return found.exact
