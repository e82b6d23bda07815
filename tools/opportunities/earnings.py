"""What a unit earns: the contribution of the one cost model, after goods, freight, duty, fees, delivery, returns, ads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from shop.costs import economics
from shop.errors import ShopError
from shop.warehouse import Shop

Way = tuple[str, str, str]  # SKU, country, channel
Cell = tuple[str, str]  # SKU, country
MOST_CELLS = 60  # comparable SKUs and countries that a new product's profit is drawn from
ZERO = Decimal(0)


class Earnings:
    """Contribution of one unit in the base currency by SKU and country, over the channels as they sold in the last year,
    worked out when asked for. `versions` name the dated rates used so far, `unknown` the SKUs met whose purchase cost the
    books do not have."""

    def __init__(self, shop: Shop, units: Mapping[Way, int]) -> None:
        """`units` sold in the last year by SKU, country and channel."""
        self._shop = shop
        self._sold: dict[Cell, list[tuple[Way, int]]] = {}
        for way, sold in sorted(units.items()):
            if sold > 0:
                self._sold.setdefault(way[:2], []).append((way, sold))
        self._places: dict[str, list[str]] = {}
        for sku, country in self._sold:
            self._places.setdefault(sku, []).append(country)
        self._known: dict[Cell, Decimal | None] = {}
        self.versions: set[str] = set()
        self.unknown: set[str] = set()

    def of(self, sku: str, country: str) -> Decimal | None:
        """What a unit of the SKU earns in the country at today's asking price; None where not sold or not known."""
        cell = (sku, country)
        if cell not in self._known:
            self._known[cell] = self._worked_out(cell)
        return self._known[cell]

    def anywhere(self, sku: str) -> list[Decimal]:
        """What a unit of the SKU earns in each country where it sells."""
        found = (self.of(sku, country) for country in self._places.get(sku, ()))
        return [one for one in found if one is not None]

    def several(self, country: str, skus: Collection[str]) -> list[Decimal]:
        """What units of the best-selling of the SKUs earn in the country, else in all."""
        cells = [cell for cell in self._sold if cell[0] in skus]
        here = [cell for cell in cells if cell[1] == country]
        best = sorted(here or cells, key=lambda cell: (-sum(n for _, n in self._sold[cell]), cell))[:MOST_CELLS]
        return [one for cell in best if (one := self.of(*cell)) is not None]

    def _worked_out(self, cell: Cell) -> Decimal | None:
        total, count = ZERO, 0
        for way, sold in self._sold.get(cell, ()):
            try:
                found = economics(self._shop, *way)
            except ShopError:
                self.unknown.add(way[0])
                continue
            if found.exact is None:
                self.unknown.add(way[0])
                continue
            self.versions |= set(found.versions)
            total, count = total + found.exact * sold, count + sold
        return total / count if count else None


def at_change(shop: Shop, way: Way, change: Decimal) -> tuple[Decimal, Decimal] | None:
    """What a unit earns now and with its price changed by a share; None where that is not known."""
    try:
        now = economics(shop, *way)
        then = economics(shop, *way, price=now.price * (1 + change))
    except ShopError:
        return None
    return (now.exact, then.exact) if now.exact is not None and then.exact is not None else None
