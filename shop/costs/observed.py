"""What the books themselves show of costs: parcels, refunds, ads, taxes, paid prices and stock, as exact sums."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from shop.warehouse import Shop

YEAR = 365
QUARTER = 90
LEAST_PARCELS = 20
Market = tuple[str, str]  # country, channel
Cell = tuple[str, str, str]  # sku, country, channel


@dataclass
class Sales:
    """Units and money of a SKU in a market in one currency over the last year."""

    units: int = 0
    lines: int = 0
    recent_units: int = 0
    paid: dict[str, tuple[Decimal, int]] = field(default_factory=dict)  # currency -> money after discount, units


@dataclass
class Orders:
    """Orders of a market in its main currency over the last year."""

    currency: str = ""
    count: int = 0
    units: int = 0
    shipping: Decimal = Decimal(0)
    with_shipping: int = 0
    with_tax: int = 0
    taxed: int = 0


@dataclass
class Parcels:
    """Sums over parcels of one warehouse, market and currency, for a straight line of cost over weight.

    cost in ten-thousandths, weight in grams, so that the sums stay whole numbers.
    """

    count: int = 0
    units: int = 0
    cost: int = 0
    grams: int = 0
    grams_squared: int = 0
    cost_grams: int = 0
    weighed: bool = True

    def line(self) -> tuple[Decimal, Decimal]:
        """Cost of a parcel as a first part and a part per kg, by least squares; flat where weight says nothing."""
        count, mean = Decimal(self.count), Decimal(self.cost) / self.count / 10000
        spread = self.count * self.grams_squared - self.grams * self.grams
        if not self.weighed or spread <= 0:
            return mean, Decimal(0)
        slope = Decimal(self.count * self.cost_grams - self.grams * self.cost) / spread / 10000  # per gram
        first = mean - slope * self.grams / count
        if slope <= 0:
            return mean, Decimal(0)
        if first < 0:
            return Decimal(0), Decimal(self.cost) / self.grams / 10
        return first, slope * 1000


@dataclass
class Observed:
    """Everything the cost model reads from transactions, over the year that ends at the shop's today."""

    sales: dict[Cell, Sales] = field(default_factory=lambda: defaultdict(Sales))
    orders: dict[Market, Orders] = field(default_factory=dict)
    parcels: dict[tuple[str, str, str, str], Parcels] = field(default_factory=dict)  # + currency
    sent: dict[tuple[str, str, str], int] = field(default_factory=dict)  # warehouse, country, channel -> parcels
    refunded: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    refunded_sku: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sold_sku: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refund_share: Decimal = Decimal(1)
    any_refunds: bool = False
    refunds_placed: bool = False  # most refunds name an order of the books
    by_sku: dict[str, list[Market]] = field(default_factory=lambda: defaultdict(list))
    ads: dict[tuple[str | None, str, str], dict[str, Decimal]] = field(default_factory=dict)
    any_ads: bool = False
    stock: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # sku, warehouse -> mean on hand

    @property
    def countries(self) -> set[str]:
        """Countries sold to within the year."""
        return {country for country, _ in self.orders}


def observed(shop: Shop) -> Observed:
    """Read the books once: a handful of grouped queries."""
    found = Observed()
    if shop.count("orders"):
        _sales(shop, found)
        _orders(shop, found)
        _parcels(shop, found)
        _refunds(shop, found)
    _ads(shop, found)
    _stock(shop, found)
    return found


def _sales(shop: Shop, found: Observed) -> None:
    rows = shop.rows(
        "SELECT l.sku, o.country, o.channel, o.currency, sum(l.quantity)::BIGINT, count(*)::BIGINT, "
        "sum(l.unit_price * l.quantity::DECIMAL(12,0) - coalesce(l.discount, 0)), "
        "coalesce(sum(l.quantity) FILTER (WHERE o.ordered_at::DATE > ?), 0)::BIGINT "
        "FROM order_lines l JOIN orders o USING (order_id) "
        "WHERE o.status <> 'cancelled' AND o.ordered_at::DATE > ? AND o.ordered_at::DATE <= ? AND l.quantity > 0 "
        "GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=QUARTER), shop.as_of - timedelta(days=YEAR), shop.as_of],
    )
    for sku, country, channel, currency, units, lines, money, recent in rows:
        sales = found.sales[sku, country, channel]
        sales.units += units
        sales.lines += lines
        sales.recent_units += recent
        sales.paid[currency] = (money, units)
        found.sold_sku[sku] += units
        if (country, channel) not in found.by_sku[sku]:
            found.by_sku[sku].append((country, channel))


def _orders(shop: Shop, found: Observed) -> None:
    rows = shop.rows(
        "SELECT country, channel, currency, count(*)::BIGINT, coalesce(sum(shipping_charged), 0), "
        "count(shipping_charged)::BIGINT, count(tax)::BIGINT, count(*) FILTER (WHERE tax > 0)::BIGINT "
        "FROM orders WHERE status <> 'cancelled' AND ordered_at::DATE > ? AND ordered_at::DATE <= ? "
        "GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3",
        [shop.as_of - timedelta(days=YEAR), shop.as_of],
    )
    for country, channel, currency, count, shipping, with_shipping, with_tax, taxed in rows:
        if (country, channel) not in found.orders:
            found.orders[country, channel] = Orders(
                currency, count, 0, shipping, with_shipping, with_tax, taxed
            )  # most used currency first
    for (_, country, channel), sales in found.sales.items():
        orders = found.orders.get((country, channel))
        if orders is not None:
            orders.units += sum(units for currency, (_, units) in sales.paid.items() if currency == orders.currency)


def _parcels(shop: Shop, found: Observed) -> None:
    sent = shop.rows(
        "SELECT s.warehouse, o.country, o.channel, count(*)::BIGINT FROM shipments s JOIN orders o USING (order_id) "
        "WHERE s.shipped_on > ? AND s.shipped_on <= ? GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=YEAR), shop.as_of],
    )
    found.sent = {(warehouse, country, channel): count for warehouse, country, channel, count in sent}
    rows = shop.rows(
        "WITH size AS (SELECT l.order_id, sum(l.quantity)::BIGINT AS units, "
        "sum(l.quantity * coalesce(p.weight_g, 0)::BIGINT)::BIGINT AS grams, count(*) = count(p.weight_g) AS weighed "
        "FROM order_lines l LEFT JOIN products p USING (sku) GROUP BY 1), "
        "sent AS (SELECT order_id, warehouse, currency, (sum(cost) * 10000)::HUGEINT AS cost FROM shipments "
        "WHERE cost IS NOT NULL AND currency IS NOT NULL AND shipped_on > ? AND shipped_on <= ? GROUP BY ALL) "
        "SELECT s.warehouse, o.country, o.channel, s.currency, count(*)::BIGINT, sum(z.units)::HUGEINT, "
        "sum(s.cost)::HUGEINT, sum(z.grams)::HUGEINT, sum(z.grams::HUGEINT * z.grams)::HUGEINT, "
        "sum(s.cost * z.grams)::HUGEINT, bool_and(z.weighed) "
        "FROM sent s JOIN orders o USING (order_id) JOIN size z USING (order_id) GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=YEAR), shop.as_of],
    )
    for warehouse, country, channel, currency, *sums, weighed in rows:
        count, units, cost, grams, squared, cost_grams = (int(number) for number in sums)
        found.parcels[warehouse, country, channel, currency] = Parcels(
            count, units, cost, grams, squared, cost_grams, weighed
        )


def _refunds(shop: Shop, found: Observed) -> None:
    rows = shop.rows(
        "SELECT r.sku, o.country, o.channel, r.currency, sum(r.quantity)::BIGINT, sum(r.amount) "
        "FROM refunds r LEFT JOIN orders o USING (order_id) "
        "WHERE r.refunded_at::DATE > ? AND r.refunded_at::DATE <= ? AND r.quantity > 0 GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=YEAR), shop.as_of],
    )
    found.any_refunds = shop.count("refunds") > 0
    given, worth = Decimal(0), Decimal(0)
    for sku, country, channel, currency, units, amount in rows:
        found.refunded_sku[sku] += units
        if country is None:
            continue
        found.refunded[sku, country, channel] += units
        sales = found.sales.get((sku, country, channel))
        paid = sales.paid.get(currency) if sales else None
        if paid and paid[0] > 0:
            # each cell weighs by its units, so that currencies need no conversion
            each = paid[0] / paid[1]
            given += amount / each
            worth += units
    found.refunds_placed = 2 * sum(found.refunded.values()) >= sum(found.refunded_sku.values())
    if worth > 0:
        found.refund_share = min(max(given / worth, Decimal(0)), Decimal("1.2"))


def _ads(shop: Shop, found: Observed) -> None:
    found.any_ads = shop.count("ad_spend") > 0
    rows = shop.rows(
        "SELECT sku, country, channel, currency, sum(spend) FROM ad_spend WHERE day > ? AND day <= ? "
        "GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=QUARTER), shop.as_of],
    )
    for sku, country, channel, currency, spend in rows:
        found.ads.setdefault((sku, country, channel), {})[currency] = spend


def _stock(shop: Shop, found: Observed) -> None:
    rows = shop.rows(
        "SELECT sku, warehouse, sum(on_hand)::BIGINT, count(*)::BIGINT FROM inventory WHERE day > ? AND day <= ? "
        "GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=QUARTER), shop.as_of],
    )
    for sku, warehouse, total, days in rows:
        found.stock[sku, warehouse] = max(Decimal(total) / days, Decimal(0))
