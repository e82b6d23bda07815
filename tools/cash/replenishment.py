"""The orders that the restocking plan implies, as purchases to pay."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from shop.warehouse import Shop
from tools.cash.purchases import Bought, Pricing


def planned(shop: Shop, pricing: Pricing, days: int) -> list[Bought]:
    """What plan_replenishment would order within so many days: each shelf's order now, or its next; none without stock
    or offers."""
    from tools.fulfillment.books import held
    from tools.replenishment.plan_run import due_next, plan

    stock = held(shop, [])
    if stock is None or not shop.count("supplier_offers"):
        return []
    found = plan(shop, stock, [], days, None, None)
    last = shop.as_of + timedelta(days=days)
    out = []
    for line in [*found.orders, *due_next(found.lines)]:
        option = line.option
        assert option is not None
        placed = shop.as_of + timedelta(days=1) if line.now or line.due_on is None else line.due_on
        placed = max(placed, shop.as_of + timedelta(days=1))
        if placed > last:
            continue
        way, after = option.way, (placed - shop.as_of).days
        arrives = shop.as_of + timedelta(days=int(np.median(way.spent.shelf_day(after))) + 1)
        bought = pricing.bought(
            f"{line.sku} {line.warehouse}", line.sku, line.warehouse, way.offer.supplier, option.quantity, placed,
            arrives, way.spent.travel, (way.offer.price(option.quantity), way.offer.currency), way.mode,
        )  # fmt: skip
        if bought is not None:
            out.append(bought)
    return out
