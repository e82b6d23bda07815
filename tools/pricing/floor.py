"""The margin floor: which prices keep it, where it starts, and what would have to change for a price to keep it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from shop.costs.market import Market
from shop.costs.parts import coin
from shop.costs.price import highest_margin, lowest_price

ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Needed:
    """What would let today's price keep the floor, each alone: a landed cost in the base currency, a commission in
    percent; None where even at nothing it would not. `from_price`: the lowest price that keeps it, None where none can;
    `reachable`: the margin no price exceeds, in percent, where none can."""

    landed: Decimal | None
    commission: Decimal | None
    from_price: Decimal | None
    reachable: Decimal | None


def margin(market: Market, price: Decimal) -> Decimal | None:
    """Contribution after all costs over net revenue, in percent, not rounded; None without net revenue."""
    net = market.net(price)
    return HUNDRED * market.contribution(price) / net if net > 0 else None


def keeps(market: Market, price: Decimal, floor: Decimal) -> bool:
    """Whether a price keeps the floor, exactly: a margin rounded up to it does not count."""
    net = market.net(price)
    return net > 0 and market.contribution(price) >= floor / HUNDRED * net


def needed(market: Market, price: Decimal, floor: Decimal) -> Needed:
    """What would have to be for `price` to keep the floor."""
    start = lowest_price(market, floor)
    return Needed(
        _landed(market, price, floor), _commission(market, price, floor), start,
        None if start is not None else highest_margin(market),
    )  # fmt: skip


def _short(market: Market, price: Decimal, floor: Decimal) -> Decimal:
    return market.contribution(price) - floor / HUNDRED * market.net(price)


def _landed(market: Market, price: Decimal, floor: Decimal) -> Decimal | None:
    """The contribution is a straight line in the landed cost, so two points solve it."""
    assert market.landed is not None
    at_zero = _short(replace(market, landed=ZERO), price, floor)
    slope = (_short(market, price, floor) - at_zero) / market.landed if market.landed else ZERO
    if at_zero <= 0 or slope >= 0:
        return None
    unit = coin(market.base)
    return (at_zero / -slope * market.rate / unit).to_integral_value(ROUND_FLOOR) * unit


def _commission(market: Market, price: Decimal, floor: Decimal) -> Decimal | None:
    """The share of what the customer pays that the marketplace may keep, in percent, one decimal."""
    paid = price - market.discount + market.shipping
    charged = market.fees.commission(paid)
    if charged <= 0 or paid <= 0:
        return None
    back = market.returns
    kept = 1 - back.rate * back.refunded * market.fees.refunded - market.exchange_share
    most = charged + _short(market, price, floor) / kept
    return (HUNDRED * most / paid).quantize(Decimal("0.1"), ROUND_FLOOR) if most >= 0 else None
