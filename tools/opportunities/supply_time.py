"""How long goods take: from order to ready, and from the supplier's port to the warehouse of a country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shop.warehouse import Shop

LATE_ONE_IN_TEN = 1.2816  # standard deviations
USUAL_SPREAD = 0.2  # of a time whose spread the books do not give


@dataclass(frozen=True)
class Route:
    """One way of getting a SKU to a country; days hold nine times in ten."""

    sku: str
    supplier_id: str
    warehouse: str
    mode: str
    lead_days: int
    transit_days: int

    @property
    def days(self) -> int:
        """Days from order to warehouse."""
        return self.lead_days + self.transit_days


def routes(shop: Shop, countries: Sequence[str]) -> dict[str, dict[str, list[Route]]]:
    """By country and SKU the ways to the warehouse that serves the country, the cheapest per kilogram first.

    The supplier is the one of the newest purchase order, else the one of the cheapest offer. Rates start at a place in the
    supplier's country. SKUs without offers, or without a known way, are left out.
    """
    offers = shop.rows(
        """
        WITH last_po AS (
            SELECT sku, arg_max(supplier_id, ordered_on) AS supplier_id FROM purchase_orders
            WHERE coalesce(status, '') <> 'cancelled' GROUP BY 1
        )
        SELECT o.sku, o.supplier_id, s.country, o.lead_time_days, o.lead_time_sd
        FROM supplier_offers o JOIN suppliers s USING (supplier_id) LEFT JOIN last_po p USING (sku)
        QUALIFY row_number() OVER (
            PARTITION BY o.sku ORDER BY coalesce(o.supplier_id = p.supplier_id, FALSE) DESC, o.unit_price, o.supplier_id
        ) = 1 ORDER BY 1
        """
    )
    if not offers:
        return {}
    rates = shop.rows(
        """
        SELECT DISTINCT served.country, f.origin, f.destination, f.mode, f.transit_days, f.transit_sd, f.rate_per_kg
        FROM (
            SELECT * FROM freight_rates WHERE effective_from <= ?
            QUALIFY row_number() OVER (PARTITION BY origin, destination, mode ORDER BY effective_from DESC) = 1
        ) f
        JOIN (
            SELECT warehouse, country AS place, unnest(string_split(serves, '|')) AS country FROM warehouses
        ) served ON f.destination IN (served.warehouse, served.place)
        WHERE list_contains(?::VARCHAR[], served.country)
        ORDER BY 1, coalesce(f.rate_per_kg, 1e9), f.transit_days DESC, 2, 4
        """,
        [shop.as_of, list(countries)],
    )
    found: dict[str, dict[str, list[Route]]] = {}
    for country, origin, destination, mode, transit, transit_sd, _ in rates:
        for sku, supplier, place, lead, lead_sd in offers:
            if str(origin).split("-")[0] == str(place):
                way = Route(
                    str(sku),
                    str(supplier),
                    str(destination),
                    str(mode),
                    _safe(lead, lead_sd),
                    _safe(transit, transit_sd),
                )
                found.setdefault(str(country), {}).setdefault(str(sku), []).append(way)
    return found


def _safe(mean: object, spread: object) -> int:
    usual = float(str(mean))
    return round(usual + LATE_ONE_IN_TEN * (float(str(spread)) if spread is not None else USUAL_SPREAD * usual))
