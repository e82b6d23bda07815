"""What is asked for: which SKU, how many, to where, by when, and what a supplier must have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from shop.costs.book import Costs
from shop.warehouse import Shop
from tools.arguments import COUNTRY_ALIASES
from tools.messages import refusal
from tools.suppliers.books import Supply
from tools.suppliers.certificates import marks_in

NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # territories of CLDR that goods cannot go to
LARGEST = 10_000_000
USUAL_ORDERS_DAYS = 730
SAID_AT_MOST = 80
INSPECTION = re.compile(r"inspect|验货|验厂|检验|检查|质检|audit", re.IGNORECASE)
SAMPLES = re.compile(r"sample|样品|打样|寄样", re.IGNORECASE)
TERMS = re.compile(r"\bterms?\b|payment|deposit|prepay|balance|付款|账期|定金|订金|尾款|结算|支付", re.IGNORECASE)


@dataclass(frozen=True)
class Wishes:
    """What the operator's words ask of a supplier. `text` is all that was said."""

    text: str
    marks: tuple[str, ...]
    inspection: bool
    samples: bool
    terms: bool
    countries: tuple[str, ...]

    @property
    def strict(self) -> bool:
        """Whether anything narrows the choice of suppliers."""
        return bool(self.marks or self.inspection or self.samples or self.countries)


@dataclass(frozen=True)
class Place:
    """Where the goods go: a warehouse, and the country whose rules count. `assumed` where nobody said it."""

    warehouse: str
    country: str
    said: bool
    far: bool = False


def wishes(text: str, book: Supply, to: str | None = None) -> Wishes:
    """The wishes in the operator's words; `to` is the country the goods go to, which is not where they must come from."""
    return Wishes(
        text.strip(), tuple(marks_in(text)), bool(INSPECTION.search(text)), bool(SAMPLES.search(text)),
        bool(TERMS.search(text)), tuple(one for one in _countries(text, book) if one != to),
    )  # fmt: skip


def _countries(text: str, book: Supply) -> tuple[str, ...]:
    """Countries of suppliers that the text names in English or Chinese."""
    from babel import Locale

    known = sorted({one.country for one in book.companies.values() if one.country})
    folded = text.casefold()
    found = []
    for country in known:
        names = [Locale.parse(language).territories.get(country, "").casefold() for language in ("en", "zh")]
        if any(name and name in folded for name in names):
            found.append(country)
    return tuple(found)


def destination(shop: Shop, sku: str, said: str) -> Place:
    """The warehouse and country for a destination in words: a warehouse, a country or its code; else the SKU's usual.

    Raises ToolError for a place that is neither, and where the books have no warehouse.
    """
    costs = Costs.of(shop)
    if not costs.warehouses:
        raise refusal("errors.no_warehouses")
    wanted = said.strip()[:SAID_AT_MOST]
    if not wanted:
        house = _usual(shop, sku, list(costs.warehouses))
        return Place(house, costs.warehouse_country(house), False)
    for house in costs.warehouses:
        if house.casefold() == wanted.casefold():
            return Place(house, costs.warehouse_country(house), True)
    country = _country(wanted)
    if country is None:
        raise refusal("errors.unknown_destination", said=wanted, known=", ".join(costs.warehouses))
    serving = [house for house, (_, serves) in costs.warehouses.items() if country in serves]
    near = [house for house, (home, _) in costs.warehouses.items() if costs.same_border(home, country)]
    for house in (*serving, *near):
        return Place(house, country, True)
    return Place(_usual(shop, sku, list(costs.warehouses)), country, True, far=True)


def _country(said: str) -> str | None:
    """ISO code of a country said by code or by name in some languages."""
    from babel import Locale

    upper = COUNTRY_ALIASES.get(said.upper(), said.upper())
    locales = [Locale.parse(language) for language in ("en", "zh", "de", "fr", "es", "ja")]
    if len(upper) == 2 and upper in locales[0].territories and upper not in NO_COUNTRIES:
        return upper
    for locale in locales:
        for code, name in locale.territories.items():
            if (
                len(code) == 2
                and code.isalpha()
                and code not in NO_COUNTRIES
                and str(name).casefold() == said.casefold()
            ):
                return str(code)
    return None


def _usual(shop: Shop, sku: str, houses: list[str]) -> str:
    """Where most units of the SKU were ordered to lately, else where most lie, else the first warehouse."""
    since = shop.as_of - timedelta(days=USUAL_ORDERS_DAYS)
    found = shop.rows(
        "SELECT warehouse FROM purchase_orders WHERE sku = ? AND ordered_on >= ? AND list_contains(?::VARCHAR[], warehouse) "
        "AND coalesce(status, 'open') <> 'cancelled' GROUP BY 1 ORDER BY sum(quantity) DESC, 1 LIMIT 1",
        [sku, since, houses],
    ) or shop.rows(
        "SELECT warehouse FROM inventory WHERE sku = ? AND list_contains(?::VARCHAR[], warehouse) "
        "GROUP BY 1 ORDER BY max(day) DESC, max_by(on_hand, day) DESC, 1 LIMIT 1",
        [sku, houses],
    )
    return str(found[0][0]) if found else houses[0]


def usual_quantity(book: Supply, sku: str, warehouse: str) -> int:
    """The middle size of past orders of the SKU to the warehouse (else to any), else the middle smallest order."""
    sizes = [one.quantity for one in book.deliveries if one.sku == sku and one.warehouse == warehouse]
    sizes = sizes or [one.quantity for one in book.deliveries if one.sku == sku]
    sizes = sizes or [one.least for one in book.offers_for(sku)]
    return max(round(median(sizes)), 1) if sizes else 1
