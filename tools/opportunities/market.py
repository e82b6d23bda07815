"""What the shop sells where: weekly units and visits, prices now, and what a unit earns, by SKU and country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shop import fx
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.opportunities.earnings import Cell, Earnings

Floats = NDArray[np.float64]
WEEKS = 104
YEAR_WEEKS = 52
LARGE_ORDER = 3  # an order line counts as at most three usual ones: a bulk order is no season and no taste


@dataclass(frozen=True)
class Item:
    """A product and its names."""

    sku: str
    name: str
    names: tuple[str, ...]
    category: str


@dataclass(frozen=True)
class Market:
    """Weekly series end with the week of as_of, oldest first, WEEKS long; money is in the base currency.

    `sold` units, bulk lines capped; `visits` sessions on our pages; `price` the asking price now (median of channels);
    `profit` what one unit earns after all its costs; `first` the day of the first sale.
    """

    as_of: date
    base: str
    items: dict[str, Item]
    countries: tuple[str, ...]
    sold: dict[Cell, Floats]
    visits: dict[Cell, Floats]
    channel_units: dict[tuple[str, str, str], int]
    price: dict[Cell, Decimal]
    asking: dict[tuple[str, str, str], tuple[Decimal, str]]
    profit: Earnings
    first: dict[Cell, date]
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories of what we sell."""
        return tuple(sorted({item.category for item in self.items.values() if item.category}))

    def year(self, sku: str, country: str) -> float:
        """Units of the last 52 weeks."""
        series = self.sold.get((sku, country))
        return 0.0 if series is None else float(series[-YEAR_WEEKS:].sum())

    def moves(self, sku: str, country: str) -> Floats | None:
        """How interest in a SKU moved: visits where the books have them, else units."""
        found = self.visits.get((sku, country))
        return found if found is not None and found.any() else self.sold.get((sku, country))


def market(shop: Shop) -> Market:
    """Read the shop once. Amounts without an exchange rate are left out."""
    start = shop.as_of - timedelta(weeks=WEEKS) + timedelta(days=1)
    items = {
        str(sku): Item(
            str(sku), str(name), (str(name), *(a.strip() for a in (aliases or "").split("|") if a.strip())),
            str(category or ""),
        )
        for sku, name, aliases, category in shop.rows("SELECT sku, name, aliases, category FROM products ORDER BY sku")
    }  # fmt: skip
    sold, units, paid, first = _sales(shop, start)
    visits = _weekly(
        shop.rows(
            "SELECT sku, country, datediff('day', ?::DATE, day) // 7, sum(sessions) FROM traffic "
            "WHERE day BETWEEN ?::DATE AND ?::DATE GROUP BY ALL",
            [start, start, shop.as_of],
        )
    )
    asking = _asking(shop)
    rows = {"products": len(items), "order_lines": sum(units.values()) and int(sum(n for *_, n in paid))}
    return Market(
        as_of=shop.as_of, base=shop.base_currency, items=items, countries=shop.vocabulary.countries,
        sold=sold, visits=visits, channel_units=units, price=_prices(shop, asking, paid), asking=asking,
        profit=Earnings(shop, units), first=first, rows={name: n for name, n in rows.items() if n},
    )  # fmt: skip


Paid = tuple[str, str, str, str, Decimal, int, int, int]


def _sales(
    shop: Shop, start: date
) -> tuple[dict[Cell, Floats], dict[tuple[str, str, str], int], list[Paid], dict[Cell, date]]:
    weekly = shop.rows(
        """
        WITH usual AS (SELECT sku, greatest(? * median(quantity), ?) AS cap FROM order_lines GROUP BY 1)
        SELECT l.sku, o.country, datediff('day', ?::DATE, o.ordered_at::DATE) // 7, sum(least(l.quantity, u.cap))
        FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
        GROUP BY ALL
        """,
        [LARGE_ORDER, LARGE_ORDER, start, start, shop.as_of],
    )
    year = shop.as_of - timedelta(weeks=YEAR_WEEKS) + timedelta(days=1)
    paid = [
        (str(sku), str(country), str(way), str(currency), Decimal(net), int(quantity), round(usual), int(lines))
        for sku, country, way, currency, net, quantity, usual, lines in shop.rows(
            """
            WITH usual AS (SELECT sku, greatest(? * median(quantity), ?) AS cap FROM order_lines GROUP BY 1)
            SELECT l.sku, o.country, o.channel, o.currency,
                   sum(l.unit_price * l.quantity::DECIMAL(9,0) - coalesce(l.discount, 0))::DECIMAL(18,4),
                   sum(l.quantity), sum(least(l.quantity, u.cap)), count(*)
            FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
            WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
            GROUP BY ALL HAVING sum(l.quantity) > 0
            """,
            [LARGE_ORDER, LARGE_ORDER, year, shop.as_of],
        )
    ]
    units: dict[tuple[str, str, str], int] = {}
    for sku, country, way, *_, usual, _ in paid:
        units[sku, country, way] = units.get((sku, country, way), 0) + usual
    first = {
        (str(sku), str(country)): day
        for sku, country, day in shop.rows(
            "SELECT l.sku, o.country, min(o.ordered_at)::DATE FROM orders o JOIN order_lines l USING (order_id) GROUP BY ALL"
        )
    }
    return _weekly(weekly), units, paid, first


def _weekly(rows: Sequence[tuple[object, ...]]) -> dict[Cell, Floats]:
    found: dict[Cell, Floats] = {}
    for sku, country, week, total in rows:
        series = found.get((str(sku), str(country)))
        if series is None:
            series = found[str(sku), str(country)] = np.zeros(WEEKS)
        place = int(str(week))
        if total is not None and 0 <= place < WEEKS:
            series[place] += float(str(total))
    return found


def _asking(shop: Shop) -> dict[tuple[str, str, str], tuple[Decimal, str]]:
    return {
        (str(sku), str(country), str(way)): (Decimal(price), str(currency))
        for sku, country, way, price, currency in shop.rows(
            "SELECT sku, country, channel, price, currency FROM prices WHERE effective_from <= ? AND price > 0 "
            "QUALIFY row_number() OVER (PARTITION BY sku, country, channel ORDER BY effective_from DESC) = 1",
            [shop.as_of],
        )
    }


def _prices(
    shop: Shop, asking: Mapping[tuple[str, str, str], tuple[Decimal, str]], paid: Sequence[Paid]
) -> dict[Cell, Decimal]:
    seen: dict[Cell, list[Decimal]] = {}
    for (sku, country, _), (price, currency) in sorted(asking.items()):
        worth = in_base(shop, price, currency, shop.as_of)
        if worth is not None:
            seen.setdefault((sku, country), []).append(worth)
    for sku, country, _, currency, net, quantity, *_ in paid:
        if (sku, country) not in seen and net > 0:
            worth = in_base(shop, net / quantity, currency, shop.as_of)
            if worth is not None:
                seen[sku, country] = [worth]
    return {cell: sorted(found)[len(found) // 2] for cell, found in seen.items()}


def in_base(shop: Shop, amount: Decimal, currency: str, day: date) -> Decimal | None:
    """The amount in the base currency at the day's rate; None where there is no rate."""
    try:
        return fx.convert(amount, currency, shop.base_currency, day)
    except ShopError:
        return None
