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

ZERO = Decimal(0)

_RATE = (
    "rate AS (SELECT unnest(?::DATE[]) AS day, unnest(?::VARCHAR[]) AS currency, unnest(?::DECIMAL(18,8)[]) AS rate)"
)

_SALES = f"""
    WITH {_RATE}, sold AS (
        SELECT o.ordered_at::DATE AS day, o.currency, l.sku, sum(l.quantity)::INTEGER AS units,
               sum(l.unit_price * l.quantity::DECIMAL(9,0))::DECIMAL(18,4) AS gross,
               sum(coalesce(l.discount, 0))::DECIMAL(18,4) AS discount, count(*) AS n
        FROM orders o JOIN order_lines l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ? AND ?
        GROUP BY ALL
    )
    SELECT s.sku, sum(s.units)::BIGINT, sum(s.gross * r.rate), sum(s.discount * r.rate),
           sum((p.unit_cost * s.units::DECIMAL(9,0))::DECIMAL(18,4) * c.rate), sum(s.n)::BIGINT
    FROM sold s LEFT JOIN products p USING (sku)
    LEFT JOIN rate r ON r.day = s.day AND r.currency = s.currency
    LEFT JOIN rate c ON c.day = s.day AND c.currency = p.currency
    GROUP BY s.sku ORDER BY s.sku
"""  # noqa: S608

_WEEKLY = f"""
    WITH {_RATE}, sold AS (
        SELECT o.ordered_at::DATE AS day, o.currency, sum(l.unit_price * l.quantity::DECIMAL(9,0))::DECIMAL(18,4) AS gross
        FROM orders o JOIN order_lines l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ? AND ?
        GROUP BY ALL
    )
    SELECT date_trunc('week', s.day)::DATE, sum(s.gross * r.rate)
    FROM sold s JOIN rate r USING (day, currency) GROUP BY 1 ORDER BY 1
"""  # noqa: S608

_ORDERS = """
    SELECT count(DISTINCT o.order_id) FROM orders o JOIN order_lines USING (order_id)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ? AND ?
"""

_REFUNDS = f"""
    WITH {_RATE}, back AS (
        SELECT refunded_at::DATE AS day, currency, sku, sum(quantity)::BIGINT AS units,
               sum(amount)::DECIMAL(18,4) AS amount
        FROM refunds WHERE refunded_at::DATE BETWEEN ? AND ? GROUP BY ALL
    )
    SELECT b.sku, sum(b.units)::BIGINT, sum(b.amount * r.rate)
    FROM back b LEFT JOIN rate r ON r.day = b.day AND r.currency = b.currency GROUP BY b.sku ORDER BY b.sku
"""  # noqa: S608

_SHIPPING = f"""
    WITH {_RATE}, sent AS (
        SELECT o.ordered_at::DATE AS day, s.currency, sum(s.cost)::DECIMAL(18,4) AS cost, count(*) AS n
        FROM shipments s JOIN orders o USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND s.cost IS NOT NULL AND o.ordered_at::DATE BETWEEN ? AND ?
        GROUP BY ALL
    )
    SELECT sum(t.cost * r.rate), sum(t.n)::BIGINT
    FROM sent t LEFT JOIN rate r ON r.day = t.day AND r.currency = t.currency
"""  # noqa: S608

_ADS = f"""
    WITH {_RATE}, ran AS (
        SELECT day, currency, channel, sum(spend)::DECIMAL(18,4) AS spend,
               sum(coalesce(sales, 0))::DECIMAL(18,4) AS sales, count(*) AS n
        FROM ad_spend WHERE day BETWEEN ? AND ? GROUP BY ALL
    )
    SELECT a.channel, sum(a.spend * r.rate), sum(a.sales * r.rate), sum(a.n)::BIGINT
    FROM ran a LEFT JOIN rate r ON r.day = a.day AND r.currency = a.currency
    GROUP BY a.channel ORDER BY 2 DESC, 1
"""  # noqa: S608


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

    def parameters(self, start: date, end: date) -> list[list[Any]]:
        """The three lists the queries unnest: day, currency, rate."""
        found = [
            (day, currency, rate)
            for currency, known in self._days.items()
            for day, rate in known.items()
            if start <= day <= end
        ]
        return [list(column) for column in zip(*found, strict=True)] if found else [[], [], []]


def period(shop: Shop, rates: Rates, start: date, end: date) -> Period:
    """The figures of the days from start to end."""
    parameters: Sequence[Any] = [*rates.parameters(start, end), start, end]
    skus: dict[str, Sku] = {}
    lines = 0
    for sku, units, gmv, discount, cost, n in shop.rows(_SALES, parameters):
        skus[str(sku)] = Sku(str(sku), units, gmv or ZERO, discount or ZERO, cost)
        lines += n
    refunds = {str(sku): (units, amount or ZERO) for sku, units, amount in shop.rows(_REFUNDS, parameters)}
    shipping, parcels = shop.rows(_SHIPPING, parameters)[0]
    ads = shop.rows(_ADS, parameters)
    orders = int(shop.rows(_ORDERS, [start, end])[0][0])
    return Period(
        start, end, orders, skus, refunds, shipping or ZERO,
        [Ads(str(channel), spend or ZERO, sales or ZERO) for channel, spend, sales, _ in ads],
        {"orders": orders, "order_lines": lines, "shipments": parcels or 0, "ad_spend": sum(row[3] for row in ads)},
    )  # fmt: skip


def weekly_gmv(shop: Shop, rates: Rates, start: date, end: date) -> list[tuple[date, Decimal]]:
    """GMV by ISO week (its Monday), in the base currency."""
    return [(day, amount) for day, amount in shop.rows(_WEEKLY, [*rates.parameters(start, end), start, end])]
