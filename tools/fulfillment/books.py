"""What the books say about stock, goods on the way, and who is served from where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shop.warehouse import Shop
from tools.fulfillment.projection import Inbound

SHARE_DAYS = 91
ROUTE_DAYS = 365
ROUTE_PARCELS = 5
OVERDUE_ARRIVES_IN_DAYS = 7


@dataclass(frozen=True)
class Held:
    """Units free to sell (on hand less reserved) by SKU and warehouse, and the oldest day they were counted on."""

    free: dict[tuple[str, str], int]
    counted: date


def held(shop: Shop, skus: Sequence[str]) -> Held | None:
    """The latest stock of the SKUs (all when empty); None when the books have none."""
    rows = shop.rows(
        "SELECT sku, warehouse, greatest(on_hand - coalesce(reserved, 0), 0), day FROM inventory "
        "WHERE day <= ? AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], sku)) "
        "QUALIFY row_number() OVER (PARTITION BY sku, warehouse ORDER BY day DESC) = 1 ORDER BY sku, warehouse",
        [shop.as_of, list(skus), list(skus)],
    )
    if not rows:
        return None
    return Held({(str(sku), str(house)): int(free) for sku, house, free, _ in rows}, min(row[3] for row in rows))


def inbound(shop: Shop, skus: Sequence[str]) -> dict[tuple[str, str], tuple[Inbound, ...]]:
    """Open purchase orders by SKU and warehouse, the earliest first.

    Goods are expected on the promised day; without one, after the supplier's shortest offered lead
    time (30 days where there is no offer). Overdue goods are expected a week from today.
    """
    rows = shop.rows(
        """
        SELECT p.sku, p.warehouse, p.po_id, p.quantity, p.promised_on, p.ordered_on,
               (SELECT min(o.lead_time_days) FROM supplier_offers o
                WHERE o.supplier_id = p.supplier_id AND o.sku = p.sku)
        FROM purchase_orders p
        WHERE p.received_on IS NULL AND coalesce(p.status, 'open') NOT IN ('received', 'cancelled')
          AND p.ordered_on <= ? AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], p.sku))
        ORDER BY p.promised_on NULLS LAST, p.po_id
        """,
        [shop.as_of, list(skus), list(skus)],
    )
    found: dict[tuple[str, str], list[Inbound]] = {}
    for sku, house, po_id, quantity, promised, ordered, lead in rows:
        day = promised or ordered + timedelta(days=math.ceil(lead if lead is not None else 30))
        overdue = day <= shop.as_of
        arrives = shop.as_of + timedelta(days=OVERDUE_ARRIVES_IN_DAYS) if overdue else day
        found.setdefault((str(sku), str(house)), []).append(
            Inbound(str(po_id), int(quantity), arrives, promised, overdue)
        )
    return {cell: tuple(sorted(goods, key=lambda one: one.arrives)) for cell, goods in found.items()}


def serving(shop: Shop) -> dict[str, list[str]]:
    """Country -> the warehouses that deliver to it first, by name."""
    found: dict[str, list[str]] = {}
    for house, countries in shop.rows("SELECT warehouse, serves FROM warehouses ORDER BY warehouse"):
        for country in str(countries or "").split("|"):
            if country.strip():
                found.setdefault(country.strip().upper(), []).append(str(house))
    return found


def market_shares(shop: Shop, skus: Sequence[str]) -> dict[str, dict[tuple[str, str], float]]:
    """SKU -> (country, channel) -> share of the units ordered in the last 91 days (over all days where those have none)."""
    found: dict[str, dict[tuple[str, str], float]] = {}
    for since in (shop.as_of - timedelta(days=SHARE_DAYS - 1), date.min):
        missing = [sku for sku in skus if sku not in found]
        if not missing:
            break
        units: dict[str, dict[tuple[str, str], float]] = {}
        for sku, country, channel, n in shop.rows(
            "SELECT l.sku, o.country, o.channel, sum(l.quantity)::DOUBLE FROM orders o JOIN order_lines l "
            "USING (order_id) WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 "
            "AND o.ordered_at::DATE BETWEEN ? AND ? AND list_contains(?::VARCHAR[], l.sku) GROUP BY ALL ORDER BY ALL",
            [since, shop.as_of, missing],
        ):
            units.setdefault(str(sku), {})[str(country), str(channel)] = float(n)
        for sku, by_market in units.items():
            total = sum(by_market.values())
            found[sku] = {market: n / total for market, n in by_market.items()}
    return found


def shipped_from(shop: Shop) -> dict[tuple[str, str], str]:
    """(country, channel) -> the warehouse that has shipped most of its parcels in a year, where there are a few."""
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for country, channel, house, parcels in shop.rows(
        "SELECT o.country, o.channel, s.warehouse, count(*) FROM shipments s JOIN orders o USING (order_id) "
        "WHERE s.shipped_on > ? AND s.shipped_on <= ? GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=ROUTE_DAYS), shop.as_of],
    ):
        key = (str(country), str(channel))
        if int(parcels) >= ROUTE_PARCELS and (key not in best or int(parcels) > best[key][0]):
            best[key] = (int(parcels), str(house))
    return {key: house for key, (_, house) in best.items()}


def home(country: str, sku: str, serves: dict[str, list[str]], stock: Held) -> str | None:
    """The warehouse that answers a country's orders of a SKU: of those that serve it, else of all, the fullest."""
    holding = [house for name, house in stock.free if name == sku]
    first = [house for house in serves.get(country, []) if house in holding] or holding
    return max(first, key=lambda house: (stock.free[sku, house], house), default=None)
