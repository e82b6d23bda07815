"""A cost split into named parts that add up, and the words for what was not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from shop.costs.rates import Rate

WHOLE = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF", "PYG", "UGX", "XAF", "XOF", "XPF", "RWF", "KMF", "DJF", "GNF", "BIF", "VUV"})  # fmt: skip
THOUSANDTHS = frozenset({"BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"})

GAPS = {
    "no_unit_cost": "no purchase cost of {sku} is known, so neither landed cost nor profit can be given",
    "cost_not_positive": "the purchase cost of {sku} is {cost}, which cannot be: it was left out",
    "currency_assumed": "the unit cost of {sku} has no currency: {currency} was assumed",
    "offer_assumed": "{sku} was never ordered and has no unit cost: the middle one of {count} offers was taken",
    "tier_below_moq": "{quantity} units are under the smallest order of {supplier} ({moq}): its first price was taken",
    "incoterm_assumed": "the incoterm is not known: {incoterm} was assumed",
    "origin_assumed": "the country of origin of {sku} is not known for certain: {origin} was assumed",
    "origin_unknown": "the country of origin of {sku} is not known: no duty was counted",
    "hs_missing": "{sku} has no HS code: the average duty of {country}, {pct}%, was assumed",
    "duty_assumed": "no duty is known for HS {hs} from {origin} into {country}: the average, {pct}%, was assumed",
    "no_duty_rate": "no duty rates are known for {country}: none was counted",
    "freight_assumed": "the books have no freight rate to {warehouse} from {origin}: usual {mode} prices were assumed",
    "freight_share": "neither weight nor volume of {sku} is known: freight was assumed as {pct}% of the goods",
    "no_weight": "the weight of {sku} is not known: freight was counted by volume alone",
    "no_size": "the volume of {sku} is not known: freight was counted by weight alone",
    "no_volume": "the volume of {sku} is not known: storage was not counted",
    "no_warehouse": "no warehouse is said to serve {country}: {warehouse} was assumed",
    "no_warehouses": "the shop has no warehouses: neither freight nor duty nor storage was counted for {country}",
    "no_tax_rate": "no VAT or sales tax rate is known for {country}: none was taken out of the price",
    "price_from_sales": "{sku} has no asking price in {country} on {channel}: the average paid lately was taken",
    "price_from_list": "{sku} has no asking price in {country} on {channel}: the list price was taken",
    "channel_unknown": "no commission is known for the channel {channel}: only payment fees were counted",
    "parcel_assumed": "the books have no parcel costs to {country} on {channel}: usual prices were assumed",
    "weight_assumed": "the weight of {sku} is not known: parcels were counted without it",
    "returns_assumed": "the books have no refunds: a return rate of {pct}% was assumed",
    "resale_assumed": "what a returned unit is still worth is not known: {pct}% of its landed cost was assumed",
    "parcel_unknown": "nothing is known of parcel costs to {country} on {channel}: none were counted",
    "rate_later": "rates of {day} are not known for {what}: the first known were taken",
    "no_ads": "the books have no advertising costs: none were counted",
    "stock_days_assumed": "how long {sku} lies in stock is not known: {days} days were assumed",
}


@dataclass(frozen=True)
class Part:
    """One piece of a whole. Negative takes away from profit, in a landed cost everything is positive.

    `amount` is rounded to the currency's smallest coin; `source` says where the figure comes from.
    """

    name: str
    amount: Decimal
    source: str


@dataclass(frozen=True)
class Gap:
    """Something that was not known. `key` is one of GAPS; `str` gives the English sentence, with what was assumed."""

    key: str
    values: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return GAPS[self.key].format(**dict(self.values))


def gap(key: str, **values: object) -> Gap:
    """A gap with its values as text."""
    return Gap(key, tuple((name, str(value)) for name, value in values.items()))


def early(rates: Iterable[Rate], day: date) -> tuple[Gap, ...]:
    """The gap for rates that were not yet in force on the day, none where all were."""
    names = sorted({rate.what for rate in rates if rate.effective_from > day})
    return (gap("rate_later", day=day, what=", ".join(names)),) if names else ()


def coin(currency: str) -> Decimal:
    """The smallest amount of a currency that is written: 0.01, 1 for yen, 0.001 for dinars."""
    return Decimal(1) if currency in WHOLE else Decimal("0.001") if currency in THOUSANDTHS else Decimal("0.01")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount to the smallest coin, half to even."""
    return amount.quantize(coin(currency), ROUND_HALF_EVEN)


def share_out(exact: Sequence[tuple[str, Decimal, str]], currency: str) -> tuple[tuple[Part, ...], Decimal]:
    """Parts rounded so that they add up to the rounded sum, and that sum.

    Largest remainder: every part is cut to the coin below, and the coins still missing go to the parts that lost
    most (the earlier part wins a tie). No part is more than one coin from its exact value.
    """
    unit = coin(currency)
    whole = rounded(sum((amount for _, amount, _ in exact), Decimal(0)), currency)
    floors = [_floor(amount, unit) for _, amount, _ in exact]
    missing = int((whole - sum(floors, Decimal(0))) / unit)
    order = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at][1], at))
    for at in order[:missing]:
        floors[at] += unit
    parts = tuple(Part(name, amount, source) for (name, _, source), amount in zip(exact, floors, strict=True))
    return parts, whole


def _floor(amount: Decimal, unit: Decimal) -> Decimal:
    cut = (amount / unit).quantize(Decimal(1), ROUND_DOWN)
    return (cut - 1 if cut * unit > amount else cut) * unit
