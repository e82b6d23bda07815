"""When past orders were due and how late they came, open ones counted as at least as late as they are now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from tools.suppliers.books import Delivery, Offer, Supply
from tools.suppliers.delays import Seen


def due_days(order: Delivery, offer: Offer | None, transit: float) -> float | None:
    """Days from order to the promised arrival; None where neither a promise nor an offer tells.

    Some books hold the day goods are ready as promised: where the promise leaves less than half of the way, the way
    is added.
    """
    said = (order.promised - order.ordered).days if order.promised is not None else None
    if offer is None:
        return float(said) if said is not None else None
    whole = offer.lead_days + transit
    if said is None:
        return whole
    return float(said) if said >= offer.lead_days + transit / 2 else max(said + transit, 0.0)


def history(book: Supply, transits: dict[tuple[str, str], float]) -> list[tuple[Delivery, Seen]]:
    """Every order whose lateness is known by now, the first ordered first.

    `transits` gives the usual days from a supplier's country to a warehouse. An order that is not there and overdue is
    late by the days so far. Orders
    placed with a supplier on one day are one case.
    """
    offers = {(one.supplier, one.sku): one for one in book.offers}
    found = []
    for order in book.deliveries:
        country = book.company(order.supplier).country or ""
        due = due_days(order, offers.get((order.supplier, order.sku)), transits.get((country, order.warehouse), 0.0))
        if due is None:
            continue
        promised = order.ordered + timedelta(days=round(due))
        if order.received is not None and order.received >= order.ordered:
            late = (order.received - promised).days
            found.append((order, Seen(order.supplier, order.warehouse, float(late), order.received)))
        elif order.received is None and promised < book.as_of:
            late = (book.as_of - promised).days
            found.append((order, Seen(order.supplier, order.warehouse, float(late), book.as_of, open=True)))
    same_day = Counter((order.supplier, order.ordered) for order, _ in found)
    return [(order, replace(seen, weight=1 / same_day[order.supplier, order.ordered])) for order, seen in found]
