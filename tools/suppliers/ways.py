"""The ways goods can travel to a warehouse: days by mode, cheapest first, as the restocking plan knows them."""

from __future__ import annotations

from shop.warehouse import Shop
from tools.replenishment.plan_lead_times import Transit, transits


def usual_days(shop: Shop) -> dict[tuple[str, str], float]:
    """Mean days of the cheapest way from a supplier's country to a warehouse."""
    return {lane: ways[0].days for lane, ways in transits(shop).items() if ways}


def ways(shop: Shop, country: str | None, warehouse: str) -> tuple[Transit, ...]:
    """Ways from a country to a warehouse, the cheapest by weight first; none where the books have no rate."""
    return transits(shop).get((country or "", warehouse), ())
