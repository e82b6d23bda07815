"""One period in figures: sales, profit, refunds and ads, summed as decimals in the base currency.

GMV is units times the price paid before discounts, cancelled orders left out. Net sales are GMV less
discounts and less the refunds paid in the period. Gross profit is net sales less unit cost and less
what the period's parcels cost to ship. Every amount is converted at the rate of its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shop.warehouse import Shop
from tools.review import queries

ZERO = Decimal(0)
Span = tuple[date, date]


@dataclass(frozen=True)
class Sku:
    """A SKU's part of a period; `cost` is None where the books give no unit cost."""

    sku: str
    units: int
    gmv: Decimal
    discount: Decimal
    cost: Decimal | None


@dataclass(frozen=True)
class Ads:
    """A channel's ads: what they cost and the sales the platform credits to them."""

    channel: str
    spend: Decimal
    sales: Decimal

    @property
    def roas(self) -> Decimal:
        """Credited sales for one unit of spend."""
        return self.sales / self.spend if self.spend else ZERO


@dataclass(frozen=True)
class Period:
    """A span of days in the base currency."""

    start: date
    end: date
    orders: int
    skus: dict[str, Sku]
    refunds: dict[str, tuple[int, Decimal]]
    shipping: Decimal
    ads: list[Ads]
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def gmv(self) -> Decimal:
        """Units times price paid, before discounts and refunds."""
        return sum((one.gmv for one in self.skus.values()), ZERO)

    @property
    def units(self) -> int:
        """Units ordered."""
        return sum(one.units for one in self.skus.values())

    @property
    def refunded(self) -> Decimal:
        """Money given back in the period."""
        return sum((amount for _, amount in self.refunds.values()), ZERO)

    @property
    def aov(self) -> Decimal:
        """GMV for one order."""
        return self.gmv / self.orders if self.orders else ZERO

    @property
    def costless(self) -> list[str]:
        """SKUs sold whose unit cost is unknown; profit leaves them out."""
        return [one.sku for one in self.skus.values() if one.cost is None]

    @property
    def net(self) -> Decimal:
        """Net sales of the SKUs whose cost is known, and refunds of SKUs not sold in the period."""
        without = set(self.costless)
        sales = sum((one.gmv - one.discount for one in self.skus.values() if one.sku not in without), ZERO)
        return sales - sum((amount for sku, (_, amount) in self.refunds.items() if sku not in without), ZERO)

    @property
    def cost(self) -> Decimal:
        """Unit cost of the units ordered."""
        return sum((one.cost for one in self.skus.values() if one.cost is not None), ZERO)

    @property
    def profit(self) -> Decimal | None:
        """Gross profit; None when no SKU sold has a known cost."""
        if not self.skus or len(self.costless) == len(self.skus):
            return None
        return self.net - self.cost - self.shipping

    @property
    def margin_pct(self) -> Decimal | None:
        """Gross profit in percent of net sales."""
        return self.profit / self.net * 100 if self.profit is not None and self.net > 0 else None


class Rates:
    """Exchange rates into the base currency for every currency the books use."""

    def __init__(self, shop: Shop, start: date, end: date) -> None:
        """Rates for each day from start to end. Raises ShopError when a currency has none."""
        self.currencies = [
            str(found[0])
            for found in shop.rows(
                "SELECT currency FROM orders UNION SELECT currency FROM refunds UNION SELECT currency FROM ad_spend "
                "UNION SELECT currency FROM products UNION SELECT currency FROM shipments ORDER BY 1"
            )
            if found[0] is not None
        ]
        self.reference: list[str] = []
        self._days: dict[str, dict[date, Decimal]] = {}
        foreign = [name for name in self.currencies if name != shop.base_currency]
        every_day = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        if shop.base_currency in self.currencies or not foreign:
            self._days[shop.base_currency] = dict.fromkeys(every_day, Decimal(1))
        if foreign:
            from shop.fx import rates, reference_version

            table = rates(foreign, shop.base_currency, start, end)
            self.reference = [reference_version()]
            for day, currency, rate in zip(table["day"], table["currency"], table["rate"], strict=True):
                plain = day.date() if hasattr(day, "date") else day
                self._days.setdefault(str(currency), {})[plain] = Decimal(str(rate))

    def given(self, spans: Sequence[Span]) -> list[Any]:
        """The six lists every query unnests: the rates of the spans' days, and the spans."""
        low, high = min(first for first, _ in spans), max(last for _, last in spans)
        known = [
            (day, currency, rate)
            for currency, rates in self._days.items()
            for day, rate in rates.items()
            if low <= day <= high
        ]
        columns = [list(column) for column in zip(*known, strict=True)] or [[], [], []]
        return [*columns, list(range(len(spans))), *(list(column) for column in zip(*spans, strict=True))]


def periods(shop: Shop, rates: Rates, spans: Sequence[Span]) -> list[Period]:
    """The figures of each span of days, first and last included."""
    given = rates.given(spans)
    orders = {n: int(placed) for n, placed in shop.rows(queries.ORDERS, given)}
    sales: dict[int, dict[str, Sku]] = {}
    lines: dict[int, int] = {}
    for n, sku, units, gmv, discount, cost, read in shop.rows(queries.SALES, given):
        sales.setdefault(n, {})[str(sku)] = Sku(str(sku), units, gmv or ZERO, discount or ZERO, cost)
        lines[n] = lines.get(n, 0) + read
    refunds: dict[int, dict[str, tuple[int, Decimal]]] = {}
    for n, sku, units, amount in shop.rows(queries.REFUNDS, given):
        refunds.setdefault(n, {})[str(sku)] = (units, amount or ZERO)
    shipping = {n: (cost or ZERO, int(parcels)) for n, cost, parcels in shop.rows(queries.SHIPPING, given)}
    ads: dict[int, list[tuple[Ads, int]]] = {}
    for n, channel, spend, credited, read in shop.rows(queries.ADS, given):
        ads.setdefault(n, []).append((Ads(str(channel), spend or ZERO, credited or ZERO), read))
    return [
        Period(
            first, last, orders.get(n, 0), sales.get(n, {}), refunds.get(n, {}), shipping.get(n, (ZERO, 0))[0],
            [ran for ran, _ in ads.get(n, [])],
            {
                "orders": orders.get(n, 0), "order_lines": lines.get(n, 0), "shipments": shipping.get(n, (ZERO, 0))[1],
                "ad_spend": sum(read for _, read in ads.get(n, [])),
            },
        )
        for n, (first, last) in enumerate(spans)
    ]  # fmt: skip


def weekly_gmv(shop: Shop, rates: Rates, start: date, end: date) -> list[tuple[date, Decimal]]:
    """GMV by ISO week (its Monday), in the base currency."""
    return [(day, amount) for day, amount in shop.rows(queries.WEEKLY, rates.given([(start, end)]))]
