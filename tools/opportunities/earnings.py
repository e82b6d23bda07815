"""What a unit earns: the contribution of the one cost model, after goods, freight, duty, fees, delivery, returns, ads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shop.costs import economics
from shop.errors import ShopError
from shop.warehouse import Shop

Way = tuple[str, str, str]  # SKU, country, channel
ZERO = Decimal(0)


@dataclass(frozen=True)
class Earnings:
    """Contribution of one unit in the base currency by SKU and country, over the channels as they sold in the last year;
    `versions` name the dated rates used, `unknown` the SKUs whose purchase cost the books do not have."""

    unit: dict[tuple[str, str], Decimal]
    versions: tuple[str, ...]
    unknown: tuple[str, ...]


def earnings(shop: Shop, units: Mapping[Way, int]) -> Earnings:
    """What a unit of each SKU earns in each country at today's asking price."""
    sums: dict[tuple[str, str], tuple[Decimal, int]] = {}
    versions: set[str] = set()
    unknown: set[str] = set()
    for way, sold in sorted(units.items()):
        if sold <= 0:
            continue
        try:
            found = economics(shop, *way)
        except ShopError:
            unknown.add(way[0])
            continue
        if found.exact is None:
            unknown.add(way[0])
            continue
        versions |= set(found.versions)
        total, count = sums.get(way[:2], (ZERO, 0))
        sums[way[:2]] = (total + found.exact * sold, count + sold)
    return Earnings(
        {cell: total / count for cell, (total, count) in sums.items()}, tuple(sorted(versions)), tuple(sorted(unknown))
    )


def at_change(shop: Shop, way: Way, change: Decimal) -> tuple[Decimal, Decimal] | None:
    """What a unit earns now and with its price changed by a share; None where that is not known."""
    try:
        now = economics(shop, *way)
        then = economics(shop, *way, price=now.price * (1 + change))
    except ShopError:
        return None
    return (now.exact, then.exact) if now.exact is not None and then.exact is not None else None
