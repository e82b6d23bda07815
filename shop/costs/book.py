"""The book of costs: one load of a shop's master data, observed costs and dated rates, kept per version."""

from __future__ import annotations

import bisect
import copy
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop import fx
from shop.costs.observed import Observed, observed
from shop.costs.rates import OPERATOR_FILE, Rate, RateBook, customs_facts, rate_book
from shop.costs.settled import settled_rates
from shop.errors import ShopError
from shop.recent import Recent
from shop.warehouse import Shop

KEPT = 4


@dataclass(frozen=True)
class Item:
    """What the cost model needs of a product. Weight in kg, volume in cubic metres, None where unknown or not > 0."""

    sku: str
    category: str | None
    group: str | None
    list_price: Decimal | None
    unit_cost: Decimal | None
    currency: str | None
    kg: Decimal | None
    m3: Decimal | None
    hs_code: str | None
    origin: str | None


@dataclass(frozen=True)
class Tier:
    """A price of a supplier from a quantity on."""

    offer_id: str
    supplier_id: str
    least: int
    price: Decimal
    currency: str
    moq: int
    incoterm: str


@dataclass(frozen=True)
class Bought:
    """What a SKU was last bought for."""

    day: date
    warehouse: str
    supplier_id: str | None
    price: Decimal
    currency: str
    quantity: int


@dataclass(frozen=True)
class Lane:
    """A freight rate."""

    origin: str
    destination: str
    mode: str
    per_kg: Decimal | None
    per_m3: Decimal | None
    currency: str
    since: date


class Costs:
    """All that costs are made from, for one version of a shop's books. Read-only after loading."""

    def __init__(self, shop: Shop) -> None:
        self.base = shop.base_currency
        self.as_of = shop.as_of
        self.rates: RateBook = rate_book(shop.folder)
        self.facts = customs_facts()
        self.unions: dict[str, str] = {
            country: union for union, members in self.facts["unions"].items() for country in members
        }
        self.items = self._items(shop)
        self.warehouses: dict[str, tuple[str, tuple[str, ...]]] = {
            name: (country, tuple(code.strip() for code in (serves or "").split("|") if code.strip()))
            for name, country, serves in shop.rows("SELECT warehouse, country, serves FROM warehouses ORDER BY 1")
        }
        self.supplier_country: dict[str, str] = dict(shop.rows("SELECT supplier_id, country FROM suppliers ORDER BY 1"))
        self.prices = self._prices(shop)
        self.offers = self._offers(shop)
        self.bought = self._bought(shop)
        self.lanes = tuple(
            Lane(*row)
            for row in shop.rows(
                "SELECT origin, destination, lower(trim(mode)), rate_per_kg, rate_per_m3, currency, effective_from "
                "FROM freight_rates ORDER BY ALL"
            )
        )
        self.seen: Observed = observed(shop)
        self.rates = self.rates.with_settled(settled_rates(shop, self.seen))
        self.channels = {channel for _, channel in self.seen.orders} | {channel for _, _, channel in self.prices}
        self._narrowed: dict[str, frozenset[str]] = {}
        self._found: dict[Any, tuple[Rate, ...]] = {}
        self._exchange: dict[tuple[str, str, date], Decimal] = {}
        self.memory: dict[Any, Any] = {}  # results that other modules of the model keep for this book

    @classmethod
    def of(cls, shop: Shop) -> Costs:
        """The book of this version of the shop, loaded once and again only when the operator's rates file changes."""
        key = (shop.folder, shop.version, _stamp(shop.folder / OPERATOR_FILE))
        return _kept.get(key, lambda: cls(shop))

    def under(self, rows: Iterable[Rate]) -> Costs:
        """The same books under other rates, for a what-if: the rows count before the operator's and the books' own."""
        other = copy.copy(self)
        other.rates = self.rates.over(rows)
        other._narrowed, other._found, other._exchange, other.memory = {}, {}, {}, {}
        return other

    def item(self, sku: str) -> Item:
        """The product. Raises ShopError for a SKU that is not in the books, naming the nearest."""
        found = self.items.get(sku)
        if found is None:
            from rapidfuzz import process

            near = process.extractOne(sku, list(self.items))
            hint = f"; did you mean {near[0]}?" if near else "."
            raise ShopError(f"There is no SKU {sku}{hint}")
        return found

    def warehouse_country(self, warehouse: str) -> str:
        """Where a warehouse stands. Raises ShopError for one that is not in the books."""
        if warehouse not in self.warehouses:
            known = ", ".join(self.warehouses) or "none"
            raise ShopError(f"There is no warehouse {warehouse}; there are: {known}.")
        return self.warehouses[warehouse][0]

    def places(self, country: str | None) -> tuple[str, ...] | None:
        """A country and then its customs union, as rates are looked up."""
        if country is None:
            return None
        union = self.unions.get(country)
        return (country, union) if union else (country,)

    def same_border(self, one: str, other: str) -> bool:
        """Goods move between the two without customs."""
        return one == other or (one in self.unions and self.unions.get(one) == self.unions.get(other))

    def find(self, what: str, day: date, **keys: str | tuple[str, ...] | None) -> tuple[Rate, ...]:
        """The rows of a rate that hold, kept for the next question."""
        narrowed = self._narrowed.get(what)
        if narrowed is None:
            narrowed = self._narrowed[what] = self.rates.keys_of(what)
        key = (what, day, *((name, value) for name, value in keys.items() if name in narrowed))
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = self.rates.find(what, day, keys)
        return known

    def one(self, what: str, day: date, **keys: str | tuple[str, ...] | None) -> Rate | None:
        """The one row of a rate without bands, or None."""
        found = self.find(what, day, **keys)
        return found[-1] if found else None

    def exchange(self, source: str, target: str, day: date) -> Decimal:
        """Units of `target` for one of `source`. Raises ShopError for a currency without a rate."""
        if source == target:
            return Decimal(1)
        key = (source, target, day)
        known = self._exchange.get(key)
        if known is None:
            known = self._exchange[key] = self._rate(source, target, day)
        return known

    def _rate(self, source: str, target: str, day: date) -> Decimal:
        """The operator's rate of either currency, else the ECB's."""
        for currency, other in ((source, target), (target, source)):
            stated = self.one("exchange_rate", day, currency=currency)
            if stated is not None and stated.value > 0 and stated.unit != currency:
                worth = stated.value * (Decimal(1) if stated.unit == other else fx.rate(stated.unit, other, day))
                return worth if currency == source else 1 / worth
        return fx.rate(source, target, day)

    def asking(self, sku: str, country: str, channel: str, day: date) -> tuple[Decimal, str] | None:
        """The asking price on that day and its currency."""
        known = self.prices.get((sku, country, channel))
        if not known:
            return None
        at = bisect.bisect_right(known, day, key=lambda row: row[0]) - 1
        return known[at][1:] if at >= 0 else None

    def _items(self, shop: Shop) -> dict[str, Item]:
        rows = shop.rows(
            "SELECT sku, category, list_price, unit_cost, currency, weight_g, volume_cm3, hs_code, origin "
            "FROM products ORDER BY sku"
        )
        return {
            sku: Item(
                sku, category, self._group(category, hs), list_price, cost, currency,
                kg / 1000 if kg and kg > 0 else None, cm3 / 1000000 if cm3 and cm3 > 0 else None,
                "".join(filter(str.isdigit, hs)) or None if hs else None, origin or None,
            )
            for sku, category, list_price, cost, currency, kg, cm3, hs, origin in rows
        }  # fmt: skip

    def _group(self, category: str | None, hs: str | None) -> str | None:
        """The product group that fees and return rates go by: from the HS code, else from the shop's category."""
        digits = "".join(filter(str.isdigit, hs or ""))
        for name, told in self.facts["categories"].items():
            if digits and any(digits.startswith(start) for start in told["hs"]):
                return str(name)
        words = (category or "").lower()
        for name, told in self.facts["categories"].items():
            if not digits and any(word in words for word in told["words"]):
                return str(name)
        return None

    def _prices(self, shop: Shop) -> dict[tuple[str, str, str], list[tuple[date, Decimal, str]]]:
        found: dict[tuple[str, str, str], list[tuple[date, Decimal, str]]] = defaultdict(list)
        for sku, country, channel, since, price, currency in shop.rows(
            "SELECT sku, country, channel, effective_from, price, currency FROM prices WHERE price > 0 ORDER BY 4"
        ):
            found[sku, country, channel].append((since, price, currency))
        return dict(found)

    def _offers(self, shop: Shop) -> dict[str, dict[str, list[Tier]]]:
        found: dict[str, dict[str, list[Tier]]] = defaultdict(lambda: defaultdict(list))
        for sku, *row in shop.rows(
            "SELECT sku, offer_id, supplier_id, min_quantity, unit_price, currency, "
            "coalesce(moq, 1), coalesce(upper(trim(incoterm)), '') "
            "FROM supplier_offers WHERE unit_price > 0 ORDER BY sku, supplier_id, min_quantity, unit_price"
        ):
            tier = Tier(*row)
            found[sku][tier.supplier_id].append(tier)
        return {sku: dict(offers) for sku, offers in found.items()}

    def _bought(self, shop: Shop) -> dict[str, list[Bought]]:
        found: dict[str, list[Bought]] = defaultdict(list)
        for sku, *row in shop.rows(
            "SELECT sku, ordered_on, warehouse, supplier_id, unit_price, currency, quantity FROM purchase_orders "
            "WHERE status <> 'cancelled' AND unit_price > 0 ORDER BY ordered_on, po_id"
        ):
            found[sku].append(Bought(*row))
        return dict(found)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size


_kept: Recent[Costs] = Recent(KEPT)
