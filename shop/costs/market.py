"""One SKU in one country and channel: every cost that does not depend on the price, and the line of those that do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shop.costs.advertising import advertising
from shop.costs.book import Costs, Item
from shop.costs.duty import Duty, counts_freight, duty
from shop.costs.fees import Fees, fees
from shop.costs.fulfilment import Parcel, days_in_stock, keeping, parcel, units_per_order
from shop.costs.landed import Landed, exchange_version, landed
from shop.costs.parts import Gap, early, gap
from shop.costs.purchase import purchase
from shop.costs.rates import Rate
from shop.costs.returns import Returns, returns
from shop.costs.routing import route
from shop.costs.taxes import Tax, tax
from shop.errors import ShopError

Exact = tuple[str, Decimal, str]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Border:
    """Duty on a parcel that crosses a border, in the market's currency; `charged` None where there is none to pay."""

    charged: Duty | None
    free_up_to: Decimal = ZERO
    small_up_to: Decimal = ZERO
    small_duty: Decimal = ZERO
    units: Decimal = Decimal(1)
    freight: Decimal = ZERO

    def duty(self, value: Decimal) -> Decimal:
        """Duty on a unit sold for `value` without tax."""
        if self.charged is None or value <= 0:
            return ZERO
        worth = value * self.units
        if worth <= self.free_up_to:
            return ZERO
        if worth <= self.small_up_to:
            return self.small_duty
        return (value + self.freight) * self.charged.pct / 100


@dataclass(frozen=True)
class Market:
    """Per unit sold, in the market's currency, not rounded. `landed` None where no purchase cost is known."""

    sku: str
    country: str
    channel: str
    day: date
    currency: str
    base: str
    rate: Decimal  # base currency for one of the market's
    warehouse: str | None
    discount: Decimal
    shipping: Decimal
    shipping_source: str
    tax: Tax
    fees: Fees
    parcel: Decimal
    parcel_told: Parcel
    landed: Decimal | None
    landed_told: Landed | None
    landed_source: str
    border: Border
    storage: Decimal
    storage_source: str
    returns: Returns
    ads: Decimal
    ads_source: str
    exchange_share: Decimal
    exchange_source: str
    gaps: tuple[Gap, ...]
    versions: tuple[str, ...]

    def net(self, price: Decimal) -> Decimal:
        """Net revenue: what the customer pays for goods and delivery, without tax."""
        return (price - self.discount + self.shipping) * (1 - self.tax.share)

    def exact(self, price: Decimal) -> list[Exact]:
        """The parts of the contribution at a price; they add up to it."""
        paid = price - self.discount + self.shipping
        goods = (price - self.discount) * (1 - self.tax.share)
        commission = self.fees.commission(paid)
        fee = commission + self.fees.per_item
        payment = self.fees.payment_share * paid + self.fees.payment_fixed
        back = self.returns
        payout = paid * (1 - self.tax.share) - fee - payment
        parts: list[Exact] = [
            ("price", price, "price"),
            ("discount", -self.discount, "discount"),
            ("shipping_charged", self.shipping, self.shipping_source),
            ("tax", -paid * self.tax.share, self.tax.source),
            ("marketplace_fee", -fee, self.fees.source),
            ("payment_fee", -payment, self.fees.payment_source),
            ("fulfilment", -self.parcel, self.parcel_told.source),
            ("landed_cost", -(self.landed or ZERO), self.landed_source),
            ("import_duty", -self.border.duty(goods), self.border.charged.source if self.border.charged else ""),
            ("storage", -self.storage, self.storage_source),
            ("refunds", -back.rate * back.refunded * goods, back.source),
            ("fees_refunded", back.rate * back.refunded * self.fees.refunded * commission, back.source),
            ("return_handling", -back.rate * (back.parcel * self.parcel + back.handling / self.rate), back.source),
            ("resale_value", back.rate * back.resale * (self.landed or ZERO), back.resale_source),
            ("advertising", -self.ads, self.ads_source),
            ("exchange", -self.exchange_share * max(payout, ZERO), self.exchange_source),
        ]
        return [part for part in parts if part[1] or part[0] == "price"]

    def contribution(self, price: Decimal) -> Decimal:
        """The contribution at a price."""
        return sum((amount for _, amount, _ in self.exact(price)), ZERO)

    def breaks(self) -> list[Decimal]:
        """Prices at which the line of the contribution bends or jumps, from low to high."""
        shift = self.discount - self.shipping
        found = [paid + shift for paid in self.fees.breaks()]
        keep = 1 - self.tax.share
        if self.border.charged is not None:
            found += [
                limit / self.border.units / keep + self.discount
                for limit in (self.border.free_up_to, self.border.small_up_to)
                if limit > 0
            ]
        if self.exchange_share:
            start = found[:]
            found += self._payout_starts([ZERO, *sorted(price for price in start if price > 0)])
        return sorted({price for price in found if price > 0})

    def _payout_starts(self, edges: list[Decimal]) -> list[Decimal]:
        """Prices at which the payout turns from nothing to something."""
        found = []
        for low, high in zip(edges, [*edges[1:], None], strict=True):
            one = low + (((high or low + 3) - low) / 3)
            two = low + 2 * (((high or low + 3) - low) / 3)
            first, second = self._payout(one), self._payout(two)
            if first != second:
                at = one - first * (two - one) / (second - first)
                if at > low and (high is None or at < high):
                    found.append(at)
        return found

    def _payout(self, price: Decimal) -> Decimal:
        paid = price - self.discount + self.shipping
        charged = self.fees.commission(paid) + self.fees.per_item
        return paid * (1 - self.tax.share - self.fees.payment_share) - charged - self.fees.payment_fixed


def market(
    costs: Costs,
    sku: str,
    country: str,
    channel: str,
    day: date,
    quantity: int | None = None,
    discount: Decimal | None = None,
) -> Market:
    """Everything about a SKU in a country and channel but the price; kept for the next question.

    Raises ShopError for an unknown SKU, country or channel, or a currency without a rate.
    """
    key = ("market", sku, country, channel, day, quantity)
    known: Market | None = costs.memory.get(key)
    if known is None:
        known = costs.memory[key] = _market(costs, sku, country, channel, day, quantity)
    return replace(known, discount=discount) if discount else known


def _market(costs: Costs, sku: str, country: str, channel: str, day: date, quantity: int | None) -> Market:
    item = costs.item(sku)
    _known(costs, country, channel, day)
    currency = market_currency(costs, sku, country, channel, day)
    rate = costs.exchange(currency, costs.base, day)
    units = units_per_order(costs, country, channel)
    warehouse, gaps = route(costs, country, channel)
    told = landed(costs, sku, warehouse, day, quantity) if warehouse else None
    base_cost, cost_source, cost_gaps, cost_currency = _cost(costs, item, told, day, quantity)
    taken = tax(costs, item, country, channel, day)
    charged = fees(costs, item, country, channel, currency, units, day)
    way = parcel(costs, item, country, channel, warehouse, day)
    border, border_rates = _border(costs, item, country, channel, warehouse, currency, way.amount / rate, units, day)
    kept = keeping(costs, item, warehouse, channel if way.by_channel else None, day)
    days, days_source, days_gaps, days_rate = (
        days_in_stock(costs, item, warehouse, day) if warehouse and kept.amount else (ZERO, "", (), None)
    )
    back = returns(costs, item, country, channel, day)
    ads = advertising(costs, item, country, channel, day)
    margin = costs.one("exchange_margin", day, currency=currency) if currency != costs.base else None
    shipping, shipping_source = _shipping(costs, country, channel, currency, day)
    used: list[Rate] = [
        *taken.rates, *charged.rates, *way.rates, *border_rates, *kept.rates, *back.rates, *ads.rates,
        *(rate for rate in (margin, days_rate) if rate is not None),
    ]  # fmt: skip
    versions = {costs.rates.version_of(rate) for rate in used} | set(told.versions if told else ())
    versions |= exchange_version(costs, currency, cost_currency)
    all_gaps = (
        *gaps, *cost_gaps, *taken.gaps, *charged.gaps, *way.gaps,
        *(border.charged.gaps if border.charged else ()), *kept.gaps, *days_gaps, *back.gaps, *ads.gaps,
        *early(used, day),
    )  # fmt: skip
    return Market(
        sku, country, channel, day, currency, costs.base, rate, warehouse, ZERO, shipping, shipping_source,
        taken, charged, way.amount / rate, way, None if base_cost is None else base_cost / rate, told, cost_source,
        border, kept.amount * days / rate, f"{kept.source}; {days_source}", back, ads.amount / rate, ads.source,
        margin.value / 100 if margin else ZERO, margin.label if margin else "",
        tuple(dict.fromkeys(all_gaps)), tuple(sorted(versions)),
    )  # fmt: skip


def market_currency(costs: Costs, sku: str, country: str, channel: str, day: date) -> str:
    """The currency prices are in: of the asking price, else of the market's orders, else of the country."""
    asking = costs.asking(sku, country, channel, day)
    if asking is not None:
        return asking[1]
    orders = costs.seen.orders.get((country, channel))
    if orders is not None:
        return orders.currency
    from babel.numbers import get_territory_currencies

    own = get_territory_currencies(country, start_date=day)
    return own[0] if own else costs.base


def _known(costs: Costs, country: str, channel: str, day: date) -> None:
    """Refuse a country or channel that neither the books nor the reference know."""
    sold = costs.seen.countries | {place for _, place, _ in costs.prices}
    if country not in sold and costs.one("vat", day, country=country) is None:
        known = ", ".join(sorted(sold)) or "none"
        raise ShopError(f"{country} is no country with a known tax rate, and the shop sells to: {known}.")
    if channel not in costs.channels and costs.one("marketplace", day, channel=channel) is None:
        names = sorted(costs.channels | {r.channel for r in costs.rates.by_what["marketplace"] if r.channel})
        raise ShopError(f"There is no channel {channel}; there are: {', '.join(names)}.")


def _cost(
    costs: Costs, item: Item, told: Landed | None, day: date, quantity: int | None
) -> tuple[Decimal | None, str, tuple[Gap, ...], str]:
    if told is not None:
        return told.exact, f"landed cost in {told.warehouse}", told.gaps, costs.base
    bought = purchase(costs, item, "", day, quantity, None)
    if bought.price is None:
        return None, bought.source, bought.gaps, costs.base
    goods = bought.price * costs.exchange(bought.currency, costs.base, day)
    return goods, bought.source, bought.gaps, bought.currency


def _border(
    costs: Costs, item: Item, country: str, channel: str, warehouse: str | None, currency: str, freight: Decimal,
    units: Decimal, day: date,
) -> tuple[Border, list[Rate]]:  # fmt: skip
    """The customs border between the warehouse and the customer, if the seller has to pay there."""
    if warehouse is None or costs.same_border(costs.warehouses[warehouse][0], country):
        return Border(None), []
    buyer = costs.one("buyer_imports", day, channel=channel, country=country)
    if buyer is not None and buyer.value == 1:
        return Border(None), [buyer]
    into = costs.places(country)
    limits = [
        costs.one(what, day, country=into) for what in ("duty_free_up_to", "small_parcel_up_to", "small_parcel_duty")
    ]
    free, small, flat = (
        rate.value * costs.exchange(rate.unit, currency, day) if rate is not None else ZERO for rate in limits
    )
    made = item.origin or costs.warehouses[warehouse][0]
    charged = duty(costs, item, made, country, day)
    if item.origin is None:
        told = gap("origin_assumed", sku=item.sku, origin=made)
        charged = Duty(charged.pct, charged.source, (*charged.gaps, told), charged.rates)
    sales = costs.seen.sales.get((item.sku, country, channel))
    per_line = Decimal(sales.units) / sales.lines if sales and sales.lines else Decimal(1)
    counted = freight if counts_freight(costs, country, day) else ZERO
    border = Border(charged, free, small, flat / per_line, units, counted)
    return border, [*charged.rates, *(rate for rate in limits if rate is not None)]


def _shipping(costs: Costs, country: str, channel: str, currency: str, day: date) -> tuple[Decimal, str]:
    """Delivery that customers pay, per unit, from the orders of the last year."""
    orders = costs.seen.orders.get((country, channel))
    if orders is None or not orders.with_shipping or not orders.units:
        return ZERO, ""
    each = orders.shipping * orders.count / orders.with_shipping / orders.units
    return each * costs.exchange(orders.currency, currency, day), f"{orders.with_shipping} orders of the last year"
