"""What returns cost per unit sold: how many come back, what is paid back, and what the goods are still worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item
from shop.costs.parts import Gap, gap
from shop.costs.rates import Rate

SKU_WEIGHT = Decimal(50)  # units of the shop's rate that a SKU's own rate is mixed with
CELL_WEIGHT = Decimal(100)  # units of the SKU's rate that a market's own rate is mixed with


@dataclass(frozen=True)
class Returns:
    """Shares of one: units given back of units sold, price refunded, value left, parcel back; handling in base."""

    rate: Decimal
    refunded: Decimal
    resale: Decimal
    parcel: Decimal
    handling: Decimal
    source: str
    resale_source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()


def returns(costs: Costs, item: Item, country: str, channel: str, day: date) -> Returns:
    """The returns of a SKU in a market.

    The rate is the operator's, else that of the books over the last year, where few units lean on more: the market on
    the SKU, the SKU on the shop (a gamma-Poisson mean with fixed weights); else the usual rate of the product group.
    """
    stated = costs.one("return_rate", day, sku=item.sku, category=item.group, country=country, channel=channel)
    resale = costs.one("resale", day, sku=item.sku, category=item.group)
    back = costs.one("return_parcel", day, country=country, channel=channel)
    handling = costs.one("return_handling", day, country=country, channel=channel)
    gaps: list[Gap] = []
    used = [rate for rate in (resale, back, handling) if rate is not None]
    if stated is not None and (stated.stated or stated.settled):
        rate, source = stated.value / 100, stated.label
        used.append(stated)
    elif costs.seen.any_refunds:
        rate, source = _seen(costs, item.sku, country, channel), "refunds of the last year"
    else:
        rate = stated.value / 100 if stated else Decimal(0)
        source = stated.label if stated else "not known"
        gaps.append(gap("returns_assumed", pct=stated.value if stated else 0))
        used.extend([stated] if stated else [])
    if rate and (resale is None or not resale.stated):
        gaps.append(gap("resale_assumed", pct=resale.value if resale else 0))
    return Returns(
        min(rate, Decimal(1)),
        costs.seen.refund_share,
        resale.value / 100 if resale else Decimal(0),
        back.value / 100 if back else Decimal(0),
        handling.value * costs.exchange(handling.unit, costs.base, day) if handling else Decimal(0),
        source,
        resale.label if resale else "not known",
        tuple(gaps),
        tuple(used),
    )


def _seen(costs: Costs, sku: str, country: str, channel: str) -> Decimal:
    seen = costs.seen
    shop = costs.memory.get("return rate")
    if shop is None:
        sold = sum(seen.sold_sku.values())
        shop = Decimal(sum(seen.refunded_sku.values())) / sold if sold else Decimal(0)
        costs.memory["return rate"] = shop
    of_sku = (seen.refunded_sku.get(sku, 0) + SKU_WEIGHT * shop) / (seen.sold_sku.get(sku, 0) + SKU_WEIGHT)
    if not seen.refunds_placed:
        return of_sku
    cell = seen.sales.get((sku, country, channel))
    units = cell.units if cell else 0
    return (seen.refunded.get((sku, country, channel), 0) + CELL_WEIGHT * of_sku) / (units + CELL_WEIGHT)
