"""The price that keeps a margin, solved on the pieces of the contribution's line."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal

from shop.costs.book import Costs
from shop.costs.market import Market, market
from shop.costs.parts import coin
from shop.errors import ShopError
from shop.warehouse import Shop

HIGHEST = Decimal(10) ** 9


def price_for_margin(
    shop: Shop, sku: str, country: str, channel: str, margin_pct: Decimal | float | str, on: date | None = None,
    quantity: int | None = None, discount: Decimal | None = None,
) -> Decimal:  # fmt: skip
    """The lowest price, in the market's currency and to its smallest coin, that keeps `margin_pct` of net revenue.

    Between two breaks (a band of the commission, its minimum, a customs limit) the contribution is a straight line in
    the price, so each piece is solved in closed form and the first price that holds is taken.
    Raises ShopError when no price can (naming the margin that can be reached), when no purchase cost is known, and as
    `economics` does.
    """
    costs = Costs.of(shop)
    target = Decimal(str(margin_pct))
    if not target.is_finite() or target >= 100:
        raise ShopError(f"A margin is below 100 percent, not {margin_pct}.")
    found = market(costs, sku, country, channel, on or costs.as_of, quantity, discount)
    if found.landed is None:
        raise ShopError(f"No purchase cost of {sku} is known: set its unit cost first.")
    solved = lowest_price(found, target)
    if solved is None:
        best = highest_margin(found)
        raise ShopError(
            f"No price of {sku} in {country} on {channel} keeps {target}%: fees, tax, returns and ads that grow "
            f"with the price leave less than {best}%."
        )
    return solved


def lowest_price(found: Market, target: Decimal) -> Decimal | None:
    """The lowest price with a margin of at least `target` percent, None when there is none."""
    unit = coin(found.currency)
    start = found.discount + unit

    def over(price: Decimal) -> Decimal:
        return found.contribution(price) - target / 100 * found.net(price)

    edges = [start, *(edge for edge in found.breaks() if edge > start)]
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        first = _up(low, unit)
        if high is not None and first > high:
            continue
        if over(first) >= 0:
            return first
        width = (high - low) if high is not None else Decimal(1)
        one, two = low + width / 3, low + 2 * width / 3
        slope = (over(two) - over(one)) / (two - one)
        if slope <= 0:
            continue
        root = one - over(one) / slope
        price = max(_up(root, unit), first)
        price += unit if over(price) < 0 else 0  # the last digit of the division
        if (high is None or price <= high) and price <= HIGHEST and over(price) >= 0:
            return price
    return None


def highest_margin(found: Market) -> Decimal:
    """The margin, in percent with one decimal, that no price exceeds."""
    unit = coin(found.currency)
    best = [
        100 * found.contribution(price) / found.net(price)
        for edge in found.breaks()
        for price in (_up(edge, unit), _up(edge, unit) + unit)
        if price > found.discount and found.net(price) > 0
    ]
    far = HIGHEST
    slope = (found.contribution(2 * far) - found.contribution(far)) / (found.net(2 * far) - found.net(far))
    return max([100 * slope, *best]).quantize(Decimal("0.1"), ROUND_CEILING)


def _up(price: Decimal, unit: Decimal) -> Decimal:
    return (price / unit).to_integral_value(ROUND_CEILING) * unit
