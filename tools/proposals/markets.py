"""Which markets of a SKU a price change means when it does not name one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.warehouse import Shop
from shop.writers.price import asking_price
from tools.arguments import resolve_channel, resolve_country
from tools.messages import refusal
from tools.proposals.draft import amount

BIG_CHANGE_PCT = Decimal(30)
MOST_MARKETS = 6


@dataclass(frozen=True)
class Market:
    """Where a SKU is sold, and its asking price there today (None where the books know none)."""

    country: str
    channel: str
    price: Decimal | None
    currency: str


def markets_meant(shop: Shop, item: str, said: Mapping[str, Any]) -> tuple[list[Market], list[Market]]:
    """The markets a price change is for, and those of the same SKU left out of what was said.

    Raises ToolError when the SKU is sold in none of them, or in more than six and nothing narrows it down.
    """
    where = resolve_country(shop, str(said["country"])) if "country" in said else None
    through = resolve_channel(shop, str(said["channel"])) if "channel" in said else None
    if where and through:
        return [_market(shop, item, where, through)], []
    sold = [
        _market(shop, item, str(land), str(way))
        for land, way in shop.rows(
            "SELECT DISTINCT country, channel FROM prices WHERE sku = ? UNION SELECT DISTINCT o.country, o.channel "
            "FROM orders o JOIN order_lines l USING (order_id) WHERE l.sku = ? AND o.status <> 'cancelled' ORDER BY 1, 2",
            [item, item],
        )
        if where in (None, land) and through in (None, way)
    ]
    if not sold:
        raise refusal("errors.no_market", sku=item, where=_place(where, through))
    meant = sold if len(sold) == 1 else _near(_of_currency(shop, sold, said, where), said)
    if len(meant) > MOST_MARKETS:
        missing = " and ".join(name for name, known in (("country", where), ("channel", through)) if known is None)
        known = "; ".join(f"{market.country} on {market.channel}" for market in sold)
        raise refusal("errors.which_market", missing=missing, sku=item, known=known)
    return meant, [market for market in sold if market not in meant]


def _market(shop: Shop, item: str, where: str, through: str) -> Market:
    old = asking_price(shop, item, where, through, shop.as_of)
    return Market(where, through, old[0] if old else None, old[1] if old else _usual_currency(shop, where, through))


def _of_currency(shop: Shop, sold: list[Market], said: Mapping[str, Any], where: str | None) -> list[Market]:
    """Those of the currency said with the price; of the base currency when neither it nor a country was said."""
    spoken = str(said["currency"]).strip().upper() if "currency" in said else None
    if spoken is None and "price" in said:
        spoken = amount(said["price"], "price")[1]
    if spoken is None and where is None and "price" in said:
        spoken = shop.base_currency
    return [market for market in sold if market.currency == spoken] or sold


def _near(markets: list[Market], said: Mapping[str, Any]) -> list[Market]:
    """For an absolute price, the markets whose price would not jump and is not that already, where there are any."""
    if "price" not in said:
        return markets
    new, _ = amount(said["price"], "price")
    near = [
        market
        for market in markets
        if market.price and market.price != new and abs(new / market.price - 1) * 100 <= BIG_CHANGE_PCT
    ]
    return near or markets


def _place(where: str | None, through: str | None) -> str:
    parts = ([f"in {where}"] if where else []) + ([f"on {through}"] if through else [])
    return " ".join(parts) or "anywhere"


def _usual_currency(shop: Shop, where: str, through: str) -> str:
    for condition, parameters in (
        ("country = ? AND channel = ?", [where, through]),
        ("country = ?", [where]),
    ):
        found = shop.rows(
            f"SELECT currency FROM orders WHERE {condition} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",  # noqa: S608
            parameters,
        )
        if found:
            return str(found[0][0])
    return shop.base_currency
