"""What stock costs and when: deposit, balance, freight, duty and import tax of open orders, planned orders and new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shop.cash_facts import Calendars, CashFacts, SupplierTerms
from shop.costs.book import Costs
from shop.costs.landed import landed
from shop.errors import ShopError
from shop.warehouse import Shop

Floats = NDArray[np.float64]
WEEK = 7
ZERO = Decimal(0)
HUNDRED = Decimal(100)
KINDS = ("deposit", "balance", "freight", "duty", "import_tax", "import_tax_back")
RECENT_DAYS = 120
USUAL_WAY_DAYS = 30


@dataclass(frozen=True)
class Due:
    """Money that goes (negative) or comes back (positive) on a day, in base currency."""

    day: date
    kind: str
    amount: Decimal
    order: str
    sku: str


@dataclass(frozen=True)
class Terms:
    """How a supplier is paid: `deposit` a share with the order, the rest `balance_days` after the goods are shipped."""

    deposit: Decimal
    balance_days: int
    assumed: bool = False


@dataclass(frozen=True)
class Bought:
    """An order to a supplier, in base currency: `goods` as invoiced, `freight` all legs and insurance, `duty`, and
    `import_tax` paid at the border. `shipped` is when the goods leave the factory, `arrives` when they are there."""

    order: str
    sku: str
    warehouse: str
    supplier: str | None
    units: int
    ordered: date
    shipped: date
    arrives: date
    goods: Decimal
    freight: Decimal
    duty: Decimal
    import_tax: Decimal
    terms: Terms

    @property
    def landed(self) -> Decimal:
        """Everything but the tax that comes back."""
        return self.goods + self.freight + self.duty


def supplier_terms(shop: Shop, facts: CashFacts) -> Callable[[str | None, str], Terms]:
    """The terms of a supplier for a SKU: its offer's, else of any of its offers, else the operator's or the usual."""
    usual = facts.supplier_terms or SupplierTerms()
    known: dict[tuple[str, str], Terms] = {}
    for supplier, sku, deposit, after in shop.rows(
        "SELECT supplier_id, sku, max(deposit_pct), min(balance_days) FROM supplier_offers "
        "WHERE deposit_pct IS NOT NULL OR balance_days IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        paid = min(max(deposit if deposit is not None else usual.deposit_pct, ZERO), HUNDRED)
        found = Terms(paid / HUNDRED, int(after if after is not None else usual.balance_days))
        known[str(supplier), str(sku)] = found
        known.setdefault((str(supplier), ""), found)
    other = Terms(usual.deposit_pct / HUNDRED, usual.balance_days, facts.supplier_terms is None)
    return lambda supplier, sku: known.get((supplier or "", sku)) or known.get((supplier or "", "")) or other


def payments(bought: Bought, back: Callable[[str, date], date]) -> list[Due]:
    """All payments of an order by day; `back` says when import tax paid on a day in a warehouse's country returns."""
    deposit = (bought.goods * bought.terms.deposit).quantize(Decimal("0.01"))
    plan = [
        (bought.ordered, "deposit", -deposit),
        (max(bought.shipped + timedelta(days=bought.terms.balance_days), bought.ordered), "balance", deposit - bought.goods),
        (bought.arrives, "freight", -bought.freight),
        (bought.arrives, "duty", -bought.duty),
        (bought.arrives, "import_tax", -bought.import_tax),
        (back(bought.warehouse, bought.arrives), "import_tax_back", bought.import_tax),
    ]  # fmt: skip
    return [Due(day, kind, amount, bought.order, bought.sku) for day, kind, amount in plan if amount]


def weekly(dues: Iterable[Due], start: date, weeks: int) -> dict[str, Floats]:
    """Kind -> weeks: what falls into each week from `start` on; what is before counts as paid."""
    found: dict[str, Floats] = {}
    for due in dues:
        week = (due.day - start).days // WEEK
        if due.day >= start and week < weeks:
            found.setdefault(due.kind, np.zeros(weeks))[week] += float(due.amount)
    return found


class Pricing:
    """Turns orders into money by the one cost model; collects what it had to leave out."""

    def __init__(self, shop: Shop, facts: CashFacts, calendars: Calendars) -> None:
        self.shop, self.costs, self.calendars = shop, Costs.of(shop), calendars
        self.terms = supplier_terms(shop, facts)
        self.versions: set[str] = set()
        self.unpriced: set[str] = set()

    def bought(
        self, order: str, sku: str, warehouse: str, supplier: str | None, units: int, ordered: date, arrives: date,
        travel: float, paid: tuple[Decimal, str] | None, mode: str | None = None,
    ) -> Bought | None:  # fmt: skip
        """An order of so many units; `paid` is the agreed unit price and its currency, else the cost model's price."""
        day = self.shop.as_of
        try:
            found = landed(self.costs, sku, warehouse, day, units, supplier or None, mode)
        except ShopError:
            try:
                found = landed(self.costs, sku, warehouse, day, units, None, mode)
            except ShopError:
                found = None
        if found is None or found.exact is None:
            if paid is None:
                self.unpriced.add(sku)
                return None
            model, freight, duty = ZERO, ZERO, ZERO
        else:
            self.versions.update(found.versions)
            parts = {part.name: part.amount for part in found.parts}
            model = parts.get("purchase", ZERO)
            beyond = sum((amount for name, amount in parts.items() if name != "purchase"), ZERO)
            exact = found.exact - model
            scale = exact / beyond if beyond else ZERO
            duty = parts.get("duty", ZERO) * scale
            freight = exact - duty
        price = paid[0] * self.costs.exchange(paid[1], self.costs.base, day) if paid else model
        if paid and model:
            duty *= price / model
        tax = self._import_tax(sku, warehouse, supplier, price + freight + duty)
        cents = Decimal("0.01")
        return Bought(
            order, sku, warehouse, supplier, units, ordered,
            max(arrives - timedelta(days=round(travel)), ordered), arrives,
            (units * price).quantize(cents), (units * freight).quantize(cents), (units * duty).quantize(cents),
            (units * tax).quantize(cents), self.terms(supplier, sku),
        )  # fmt: skip

    def _import_tax(self, sku: str, warehouse: str, supplier: str | None, worth: Decimal) -> Decimal:
        """Import VAT of a unit paid at the border, 0 where there is none or it is settled in the return."""
        day = self.shop.as_of
        place = self.costs.warehouses.get(warehouse)
        if place is None or self.calendars.postponed(place[0], day):
            return ZERO
        sender = self.costs.supplier_country.get(supplier or "") or self.costs.items[sku].origin
        if sender is None or self.costs.same_border(sender, place[0]):
            return ZERO
        rate = self.costs.one("vat", day, country=place[0], sku=sku)
        return ZERO if rate is None else worth * rate.value / HUNDRED


def open_purchases(shop: Shop, pricing: Pricing) -> list[Bought]:
    """Orders with money still to pay: those on their way, and those received whose balance may come later."""
    from tools.replenishment.plan_lead_times import lead_times, open_orders

    times = lead_times(shop)
    skus = [str(row[0]) for row in shop.rows("SELECT DISTINCT sku FROM purchase_orders ORDER BY 1")]
    known = [sku for sku in skus if sku in pricing.costs.items]
    pricing.unpriced.update(set(skus) - set(known))
    price = {
        (str(po), str(sku)): (Decimal(unit), str(currency))
        for po, sku, unit, currency in shop.rows("SELECT po_id, sku, unit_price, currency FROM purchase_orders")
    }
    middle = np.array([[0.5, 1.0]])
    found = []
    for order in open_orders(shop, known):
        arrives = shop.as_of + timedelta(days=int(np.ceil(times.arrival(order, middle)[0])))
        way = _way(times.transits, pricing, order.supplier, order.warehouse, order.ordered, arrives)
        found.append(
            pricing.bought(order.po_id, order.sku, order.warehouse, order.supplier or None, order.units, order.ordered,
                           arrives, way, price[order.po_id, order.sku])
        )  # fmt: skip
    for po, supplier, sku, house, units, ordered, received in shop.rows(
        "SELECT po_id, supplier_id, sku, warehouse, quantity, ordered_on, received_on FROM purchase_orders "
        "WHERE received_on <= ? AND received_on > ? AND coalesce(status, 'open') <> 'cancelled' ORDER BY po_id, sku",
        [shop.as_of, shop.as_of - timedelta(days=RECENT_DAYS)],
    ):
        if str(sku) in pricing.costs.items:
            way = _way(times.transits, pricing, str(supplier or ""), str(house), ordered, received)
            found.append(
                pricing.bought(str(po), str(sku), str(house), supplier, int(units), ordered, received, way,
                               price[str(po), str(sku)])
            )  # fmt: skip
    return [one for one in found if one is not None]


def _way(transits: object, pricing: Pricing, supplier: str, house: str, ordered: date, arrives: date) -> float:
    """Days of travel: the usual way's, never more than the order takes in all."""
    from tools.replenishment.plan_lead_times import Transit

    assert isinstance(transits, dict)
    country = pricing.costs.supplier_country.get(supplier, "")
    ways: tuple[Transit, ...] = transits.get((country, house), ())
    days = ways[0].days if ways else float(min(USUAL_WAY_DAYS, (arrives - ordered).days // 2))
    return min(days, float((arrives - ordered).days))


@dataclass(frozen=True)
class Profile:
    """What a unit of money spent on goods moves, by days after the order: (days, kind, amount), negative out."""

    steps: tuple[tuple[int, str, Decimal], ...]

    def dues(self, amount: Decimal, ordered: date, order: str) -> list[Due]:
        """The payments of a purchase of so much goods placed on a day."""
        return [
            Due(ordered + timedelta(days=days), kind, (amount * share).quantize(Decimal("0.01")), order, "")
            for days, kind, share in self.steps
        ]


def usual_profile(orders: Iterable[Bought], back: Callable[[str, date], date]) -> Profile:
    """How the shop's orders are paid on average, weighed by their goods; all at once where there are none."""
    sums: dict[tuple[int, str], Decimal] = {}
    total = ZERO
    for one in orders:
        total += one.goods
        for due in payments(one, back):
            key = ((due.day - one.ordered).days, due.kind)
            sums[key] = sums.get(key, ZERO) + due.amount
    if total <= 0:
        return Profile(((0, "deposit", Decimal(-1)),))
    return Profile(tuple((days, kind, amount / total) for (days, kind), amount in sorted(sums.items())))
