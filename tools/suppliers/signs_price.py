"""Prices too good to be true: far under what others ask or were paid for the same SKU."""

from __future__ import annotations

import math
from decimal import Decimal
from statistics import median

from shop.costs import Costs
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.contract import Value, code, money, percent, several, sku
from tools.suppliers.books import Supply
from tools.suppliers.gate import Flag

FAR_UNDER, UNDER = 0.6, 0.3
ODD = 3.5  # modified z-score from which a value is an outlier: Iglewicz and Hoaglin 1993
SCALE = 1.4826
LEAST_SPREAD = 0.08  # of a price: offers that agree to the cent still differ by as much in what they hold
UNDER_SHARE, FAR_SHARE = 0.7, 0.6
NAMED = 4
PAID_SHOWN = 30


def price_flags(shop: Shop, book: Supply) -> dict[str, list[Flag]]:
    """By supplier: the SKUs that it offers far under the market, at the quantity of its own smallest order."""
    costs = Costs.of(shop)
    low: dict[str, list[tuple[float, str, Decimal, Decimal]]] = {}
    for item in sorted({offer.sku for offer in book.offers}):
        offers = book.offers_for(item)
        for offer in offers:
            quantity = max(offer.least, *(one.least for one in offers))
            mine = _worth(costs, offer.price(quantity), offer.currency)
            others = _market(costs, book, item, offer.supplier, quantity)
            if mine is None or not others:
                continue
            middle = Decimal(str(median(others)))
            share = float(mine / middle)
            if share < UNDER_SHARE and _z(float(mine), [float(one) for one in others]) < -ODD:
                low.setdefault(offer.supplier, []).append((share, item, mine, middle))
    return {supplier: [_flag(shop, supplier, found)] for supplier, found in low.items()}


def _flag(shop: Shop, supplier: str, found: list[tuple[float, str, Decimal, Decimal]]) -> Flag:
    found.sort()
    share, item, mine, middle = found[0]
    names: list[Value] = [sku(name) for _, name, _, _ in found]
    said = {
        "supplier": code(supplier), "skus": several(names[:NAMED]), "sku": sku(item),
        "price": money(round(mine, 2), shop.base_currency), "usual": money(round(middle, 2), shop.base_currency),
        "under": percent(100 * (1 - share), 0),
    }  # fmt: skip
    return Flag("price_far_under", "fraud", FAR_UNDER if share < FAR_SHARE else UNDER, said)


def _market(costs: Costs, book: Supply, item: str, but: str, quantity: int) -> list[Decimal]:
    """What others ask for a SKU at a quantity, what was paid to each of them, and its unit cost; base currency."""
    found = [
        _worth(costs, one.price(quantity), one.currency) for one in book.offers_for(item) if one.supplier != but
    ]  # fmt: skip
    offering = {one.supplier for one in book.offers_for(item)}
    paid: dict[str, list[Decimal]] = {}
    for order in book.deliveries[::-1]:
        if order.sku == item and order.supplier != but and order.supplier not in offering and order.received:
            worth = _worth(costs, order.price, order.currency)
            if worth is not None and len(paid.setdefault(order.supplier, [])) < PAID_SHOWN:
                paid[order.supplier].append(worth)
    found += [Decimal(str(median(prices))) for prices in paid.values() if prices]
    known = costs.items.get(item)
    if known is not None and known.unit_cost is not None and known.unit_cost > 0:
        found.append(_worth(costs, known.unit_cost, known.currency or costs.base))
    return [one for one in found if one is not None and one > 0]


def _worth(costs: Costs, amount: Decimal, currency: str) -> Decimal | None:
    try:
        return amount * costs.exchange(currency, costs.base, costs.as_of)
    except ShopError:
        return None


def _z(mine: float, others: list[float]) -> float:
    """How many robust standard deviations the log of a price is from the middle of the others' logs."""
    logs = [math.log(one) for one in others]
    middle = median(logs)
    spread = SCALE * median(abs(one - middle) for one in logs)
    return (math.log(mine) - middle) / max(spread, LEAST_SPREAD)
