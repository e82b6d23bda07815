"""Contribution: what is left of a unit sold after everything that the sale costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs
from shop.costs.landed import Landed
from shop.costs.market import Market, market
from shop.costs.parts import Gap, Part, gap, rounded, share_out
from shop.errors import ShopError
from shop.warehouse import Shop


@dataclass(frozen=True)
class Economics:
    """A unit sold in a country through a channel, per unit.

    Base currency: `contribution` (what is left after all parts, before fixed costs; None when no purchase cost is
    known), `net_revenue` (price less discount plus delivery charged, without tax), `parts` in `currency`. The same in
    the market's money: `market_contribution`, `market_net_revenue`, `market_parts` in `market_currency`; `price` is in
    that too. Costs are negative parts. Parts add up to the contribution to the smallest coin in both currencies (where
    it is None, to what is left before the goods are paid). `margin_pct` is contribution over net revenue, in percent,
    two decimals. `exact` is the contribution in base currency, not rounded.
    """

    sku: str
    country: str
    channel: str
    on: date
    price: Decimal
    market_currency: str
    currency: str
    exchange_rate: Decimal
    warehouse: str | None
    net_revenue: Decimal
    contribution: Decimal | None
    exact: Decimal | None
    margin_pct: Decimal | None
    parts: tuple[Part, ...]
    market_net_revenue: Decimal
    market_contribution: Decimal | None
    market_parts: tuple[Part, ...]
    landed: Landed | None
    gaps: tuple[Gap, ...]
    versions: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What was not known and how it was assumed, in English."""
        return tuple(str(told) for told in self.gaps)

    def part(self, name: str) -> Decimal:
        """The part of that name in base currency, 0 where there is none."""
        return next((part.amount for part in self.parts if part.name == name), Decimal(0))


def economics(
    shop: Shop,
    sku: str,
    country: str,
    channel: str,
    on: date | None = None,
    price: Decimal | None = None,
    quantity: int | None = None,
    discount: Decimal | None = None,
) -> Economics:
    """What one unit of a SKU brings in a country and channel.

    `price` and `discount` are per unit in the market's currency; without a price the asking price of the day counts,
    else what was paid lately, else the list price. `on` is the day whose prices and rates count (the shop's today
    unless said), `quantity` the size of the order to the supplier (picks the purchase price). What the books show
    (parcels, refunds, ads, stock) is of the year or quarter before the shop's today.
    Raises ShopError for an unknown SKU, country or channel, a currency without a rate, a price that is not positive, or
    a SKU without any price.
    """
    costs = Costs.of(shop)
    day = on or costs.as_of
    found = market(costs, sku, country, channel, day, quantity, discount)
    asked, told = (price, ()) if price is not None else asking_price(costs, found)
    if not asked.is_finite() or asked <= 0:
        raise ShopError(f"A price must be above zero, not {asked}.")
    if found.discount < 0 or found.discount >= asked:
        raise ShopError(f"A discount must lie between zero and the price {asked}, not {found.discount}.")
    return at_price(found, asked, told)


def at_price(found: Market, price: Decimal, more: tuple[Gap, ...] = ()) -> Economics:
    """The economics of a market at a price."""
    exact = found.exact(price)
    market_parts, market_whole = share_out(exact, found.currency)
    parts, whole = share_out([(name, amount * found.rate, source) for name, amount, source in exact], found.base)
    known = found.landed is not None
    total = sum((amount for _, amount, _ in exact), Decimal(0))
    net = found.net(price)
    return Economics(
        found.sku, found.country, found.channel, found.day, price, found.currency, found.base, found.rate,
        found.warehouse, rounded(net * found.rate, found.base), whole if known else None,
        total * found.rate if known else None,
        (100 * total / net).quantize(Decimal("0.01")) if known and net > 0 else None,
        parts, rounded(net, found.currency), market_whole if known else None, market_parts, found.landed_told,
        (*more, *found.gaps), found.versions,
    )  # fmt: skip


def asking_price(costs: Costs, found: Market) -> tuple[Decimal, tuple[Gap, ...]]:
    """The price of the day in the market's currency and what had to be assumed for it."""
    asking = costs.asking(found.sku, found.country, found.channel, found.day)
    if asking is not None:
        coins = rounded(asking[0], found.currency)
        return coins if coins == asking[0] else asking[0], ()
    where = {"sku": found.sku, "country": found.country, "channel": found.channel}
    sales = costs.seen.sales.get((found.sku, found.country, found.channel))
    paid = sales.paid.get(found.currency) if sales else None
    if paid and paid[0] > 0:
        return rounded(paid[0] / paid[1], found.currency), (gap("price_from_sales", **where),)
    item = costs.item(found.sku)
    if item.list_price is not None and item.list_price > 0:
        listed = item.list_price * costs.exchange(item.currency or costs.base, found.currency, found.day)
        return rounded(listed, found.currency), (gap("price_from_list", **where),)
    raise ShopError(f"{found.sku} has no price in {found.country} on {found.channel}: say one.")
