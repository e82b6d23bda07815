"""What a marketplace's settlements show it really keeps, as dated rates that count before the fee tables.

The operator's own rates count before these. Amounts are those of Amazon's settlement file V2: `Commission` over what the
customer paid for goods and delivery less promotions (tax set apart, as the file has it), the `FBA` fees per unit, what of
a commission is kept on a refund. Return rates and advertising are taken only where the books hold no refunds or ad spend
of their own, which know the SKU.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from shop.costs.observed import YEAR, Observed
from shop.costs.rates import Rate
from shop.warehouse import Shop

MARKET_UNITS = 20  # units sold from which a market's settlements speak of its fees
SKU_UNITS = 5  # units from which a SKU's fulfilment fee counts
SKU_COMMISSION = 20  # units from which a SKU has a commission of its own
LEAST_REFUNDS = 5
NEAREST = Decimal("0.0001")
UNKNOWN = "ZZ"

Market = tuple[str, str, str]  # channel, country, currency


@dataclass
class Sums:
    """Amounts of a market or of a SKU in it: `paid` by customers for units sold, fees and refunds as positive sums."""

    units: int = 0
    paid: Decimal = Decimal(0)
    goods: Decimal = Decimal(0)
    commission: Decimal = Decimal(0)
    per_item: Decimal = Decimal(0)
    fulfilment: Decimal = Decimal(0)
    refunds: int = 0
    refunded: Decimal = Decimal(0)
    commission_back: Decimal = Decimal(0)
    commission_kept: Decimal = Decimal(0)
    ads: Decimal = Decimal(0)


@dataclass
class Settled:
    """Sums by market and by SKU in it, over the days that were posted."""

    first: date
    last: date
    settlements: int
    markets: dict[Market, Sums] = field(default_factory=lambda: defaultdict(Sums))
    skus: dict[tuple[Market, str], Sums] = field(default_factory=lambda: defaultdict(Sums))


def settled_rates(shop: Shop, seen: Observed) -> tuple[Rate, ...]:
    """The rates that settlements of the last year show; none where there are no settlements."""
    found = _read(shop) if shop.count("settlements") else None
    if found is None:
        return ()
    rates = []
    for market, sums in sorted(found.markets.items()):
        if market[1] != UNKNOWN:
            rates += _fees(found, market, sums) + _without_books(found, market, sums, seen)
    for (market, sku), sums in sorted(found.skus.items()):
        if market[1] != UNKNOWN:
            rates += _of_sku(found, market, sku, sums)
    return (*rates, *_kept_on_refunds(found))


def _read(shop: Shop) -> Settled | None:
    """The amounts of a year, those without a date by the day the money was sent."""
    since = shop.as_of - timedelta(days=YEAR)
    when = "coalesce(posted_on, paid_on) > ? AND coalesce(posted_on, paid_on) <= ?"
    first, last, count = shop.rows(
        f"SELECT min(coalesce(posted_on, paid_on)), max(coalesce(posted_on, paid_on)), count(DISTINCT settlement_id) "  # noqa: S608
        f"FROM settlements WHERE {when}",
        [since, shop.as_of],
    )[0]
    if first is None:
        return None
    found = Settled(first, last, count)
    for channel, country, currency, sku, transaction, kind, named, amount, units, rows in shop.rows(
        "SELECT channel, country, currency, sku, transaction, amount_type, amount_description, sum(amount), "  # noqa: S608
        f"coalesce(sum(quantity), 0)::BIGINT, count(*)::BIGINT FROM settlements WHERE {when} GROUP BY ALL ORDER BY ALL",
        [since, shop.as_of],
    ):
        market = (str(channel), str(country), str(currency))
        told = (_plain(transaction), _plain(kind), _plain(named))
        for sums in (found.markets[market], *((found.skus[market, str(sku)],) if sku else ())):
            _add(sums, told, Decimal(amount), int(units), int(rows))
    return found


def _plain(name: str | None) -> str:
    return re.sub(r"[^a-z]", "", (name or "").lower())


def _add(sums: Sums, told: tuple[str, str, str], amount: Decimal, units: int, rows: int) -> None:
    """Put one kind of amount where it belongs; what no rate is made of is left."""
    transaction, kind, named = told
    if "advertising" in kind or named.startswith("productads"):
        sums.ads -= amount
    elif transaction == "order":
        if kind == "itemprice" and named in ("principal", "shipping", "giftwrap"):
            sums.paid += amount
            if named == "principal":
                sums.goods += amount
                sums.units += units
        elif kind == "promotion":
            sums.paid += amount
        elif kind == "itemfees" and named == "commission":
            sums.commission -= amount
        elif kind == "itemfees" and (named.startswith("fba") or named in ("shippingchargeback", "giftwrapchargeback")):
            sums.fulfilment -= amount
        elif kind == "itemfees" and named in ("fixedclosingfee", "variableclosingfee", "peritemfee"):
            sums.per_item -= amount
    elif transaction == "refund":
        if kind == "itemprice" and named == "principal":
            sums.refunded -= amount
            sums.refunds += rows
        elif kind == "itemfees" and named == "commission":
            sums.commission_back += amount
        elif kind == "itemfees" and named == "refundcommission":
            sums.commission_kept -= amount


def _rate(found: Settled, what: str, value: Decimal, unit: str, basis: str, **keys: str) -> Rate:
    return Rate(
        what=what, value=max(value, Decimal(0)).quantize(NEAREST), unit=unit, effective_from=found.first,
        source=f"settlements to {found.last.isoformat()} ({basis})", as_of=found.last, mark="settlement", **keys,
    )  # fmt: skip


def _fees(found: Settled, market: Market, sums: Sums) -> list[Rate]:
    channel, country, currency = market
    if sums.units < MARKET_UNITS or sums.paid <= 0:
        return []
    basis = f"{sums.units:,} units"
    rates = [
        _rate(found, "referral", 100 * sums.commission / sums.paid, "pct", basis, channel=channel, country=country)
    ]
    if sums.per_item > 0:
        each = sums.per_item / sums.units
        rates.append(_rate(found, "item_fee", each, currency, basis, channel=channel, country=country))
    return rates


def _of_sku(found: Settled, market: Market, sku: str, sums: Sums) -> list[Rate]:
    channel, country, currency = market
    basis, keys = f"{sums.units:,} units", {"channel": channel, "country": country, "sku": sku}
    rates = []
    if sums.units >= SKU_COMMISSION and sums.paid > 0:
        rates.append(_rate(found, "referral", 100 * sums.commission / sums.paid, "pct", basis, **keys))
    if sums.units >= SKU_UNITS and sums.fulfilment > 0:
        rates.append(_rate(found, "channel_fulfilment", sums.fulfilment / sums.units, currency, basis, **keys))
    return rates


def _without_books(found: Settled, market: Market, sums: Sums, seen: Observed) -> list[Rate]:
    """Returns and advertising of a market, where the books themselves hold none."""
    channel, country, currency = market
    if sums.units < MARKET_UNITS:
        return []
    rates, basis = [], f"{sums.units:,} units"
    if not seen.any_refunds and sums.goods > 0 and sums.refunded > 0:
        share = min(100 * sums.refunded / sums.goods, Decimal(100))
        rates.append(_rate(found, "return_rate", share, "pct", basis, channel=channel, country=country))
    if sums.ads > 0 and not any(key[1:] == (country, channel) for key in seen.ads):
        rates.append(
            _rate(found, "advertising", sums.ads / sums.units, currency, basis, channel=channel, country=country)
        )
    return rates


def _kept_on_refunds(found: Settled) -> list[Rate]:
    """How much of the commission a channel gives back on a refund: that of its markets, each by its refunds."""
    shares: dict[str, list[tuple[Decimal, int]]] = defaultdict(list)
    for (channel, _, _), sums in sorted(found.markets.items()):
        if sums.commission_back > 0:
            share = (sums.commission_back - sums.commission_kept) / sums.commission_back
            shares[channel].append((share, sums.refunds))
    rates = []
    for channel, told in sorted(shares.items()):
        refunds = sum(count for _, count in told)
        if refunds >= LEAST_REFUNDS:
            share = sum((share * count for share, count in told), Decimal(0)) / refunds
            value = min(100 * share, Decimal(100))
            rates.append(_rate(found, "referral_refunded", value, "pct", f"{refunds:,} refunds", channel=channel))
    return rates
