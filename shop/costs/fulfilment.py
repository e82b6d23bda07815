"""Getting a unit to the customer: the parcel, or the channel's own fulfilment; and the days before, in storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item
from shop.costs.observed import LEAST_PARCELS, QUARTER, Parcels
from shop.costs.parts import Gap, gap
from shop.costs.rates import Rate
from shop.costs.routing import route

MOST_DAYS = Decimal(365)
MONTHS = Decimal(12)
YEAR_DAYS = Decimal(365)


@dataclass(frozen=True)
class Parcel:
    """The way out of one unit, in base currency; `by_channel` when the channel stores and posts it."""

    amount: Decimal
    by_channel: bool
    source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True)
class Keeping:
    """Storage of one unit for one day, in base currency."""

    amount: Decimal
    source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()


def units_per_order(costs: Costs, country: str, channel: str) -> Decimal:
    """Mean units of an order of the market over the last year, 1 where there were none."""
    orders = costs.seen.orders.get((country, channel))
    return Decimal(max(orders.units, orders.count)) / orders.count if orders and orders.count else Decimal(1)


def parcel(costs: Costs, item: Item, country: str, channel: str, warehouse: str | None, day: date) -> Parcel:
    """What sending one unit costs: the operator's rate, else what the channel settled or parcels cost lately, else the
    channel's or usual price.

    Parcel costs of the books are a straight line over weight (least squares); its first part is shared by the units of
    a mean order.
    """
    place = costs.warehouses[warehouse][0] if warehouse else country
    measure = "domestic" if costs.same_border(place, country) else "abroad"
    keys = {"country": country, "channel": channel, "warehouse": warehouse, "measure": measure}
    first, per_kg = costs.one("parcel", day, **keys), costs.one("parcel_kg", day, **keys)
    units = units_per_order(costs, country, channel)
    if first is not None and first.stated:
        return _by_rate(costs, item, first, per_kg if per_kg and per_kg.stated else None, units, day, ())
    bands = costs.find("channel_fulfilment", day, channel=channel, country=country, sku=item.sku, category=item.group)
    if bands and bands[0].settled:
        return _by_channel(costs, item, bands, country, channel, day)
    seen = _seen(costs, country, channel, warehouse, day)
    if seen is not None:
        sums, currency = seen
        start, slope = sums.line()
        kg, gaps = _weight(item) if slope else (Decimal(0), ())
        each = start * sums.count / max(sums.units, 1) + slope * kg
        return Parcel(
            each * costs.exchange(currency, costs.base, day), False, f"{sums.count} parcels of the last year", gaps
        )
    if bands:
        return _by_channel(costs, item, bands, country, channel, day)
    if first is None:
        return Parcel(Decimal(0), False, "not known", (gap("parcel_unknown", country=country, channel=channel),))
    return _by_rate(costs, item, first, per_kg, units, day, (gap("parcel_assumed", country=country, channel=channel),))


def keeping(costs: Costs, item: Item, warehouse: str | None, channel: str | None, day: date) -> Keeping:
    """Storage of one unit for one day; `channel` where the channel stores it."""
    if warehouse is None and channel is None:
        return Keeping(Decimal(0), "no warehouse")
    if item.m3 is None:
        return Keeping(Decimal(0), "not known", (gap("no_volume", sku=item.sku),))
    country = costs.warehouses[warehouse][0] if warehouse else None
    rate = costs.one("storage", day, warehouse=warehouse, country=country, channel=channel)
    if rate is None:
        return Keeping(Decimal(0), "not known")
    monthly = rate.value * costs.exchange(rate.money, costs.base, day) * item.m3
    return Keeping(monthly * MONTHS / YEAR_DAYS, rate.label, (), (rate,))


def days_in_stock(
    costs: Costs, item: Item, warehouse: str, day: date
) -> tuple[Decimal, str, tuple[Gap, ...], Rate | None]:
    """How long a unit lies in the warehouse: the operator's word, else mean stock over sales a day, at most a year."""
    stated = costs.one("stock_days", day, sku=item.sku, warehouse=warehouse)
    if stated is not None and stated.stated:
        return stated.value, stated.label, (), stated
    key = ("days", item.sku, warehouse)
    known = costs.memory.get(key)
    if known is None:
        held = costs.seen.stock.get((item.sku, warehouse))
        sold = sum(
            costs.seen.sales[item.sku, country, channel].recent_units
            for country, channel in costs.seen.by_sku.get(item.sku, ())
            if route(costs, country, channel)[0] == warehouse
        )
        known = -1 if held is None or (not sold and not held) else (
            MOST_DAYS if not sold else min(held * QUARTER / sold, MOST_DAYS)
        )  # fmt: skip
        costs.memory[key] = known
    if known != -1:
        return Decimal(known), "stock and sales of the last quarter", (), None
    days = stated.value if stated else Decimal(0)
    told = (gap("stock_days_assumed", sku=item.sku, days=days),)
    return days, stated.label if stated else "not known", told, stated


def _seen(costs: Costs, country: str, channel: str, warehouse: str | None, day: date) -> tuple[Parcels, str] | None:
    """Parcels of the market, else of the same way to the country for other channels of the same trade."""
    key = ("parcels", country, channel, warehouse)
    if key not in costs.memory:
        trade = _trade(costs, channel, country, day)
        exact, near = [], []
        for (house, to, through, currency), sums in costs.seen.parcels.items():
            if to != country or house != warehouse or sums.count < LEAST_PARCELS:
                continue
            if through == channel:
                exact.append((sums, currency))
            elif _trade(costs, through, country, day) == trade:
                near.append((sums, currency))
        found = exact or ([] if costs.find("channel_fulfilment", day, channel=channel, country=country) else near)
        costs.memory[key] = max(found, key=lambda pair: pair[0].count) if found else None
    return costs.memory[key]  # type: ignore[no-any-return]


def _trade(costs: Costs, channel: str, country: str, day: date) -> bool:
    """Wholesale or not."""
    rate = costs.one("buyer_imports", day, channel=channel, country=country)
    return rate is not None and rate.value == 1


def _weight(item: Item) -> tuple[Decimal, tuple[Gap, ...]]:
    return (item.kg, ()) if item.kg is not None else (Decimal(0), (gap("weight_assumed", sku=item.sku),))


def _by_rate(
    costs: Costs, item: Item, first: Rate, per_kg: Rate | None, units: Decimal, day: date, gaps: tuple[Gap, ...]
) -> Parcel:
    amount = first.value * costs.exchange(first.unit, costs.base, day) / units
    used = (first,)
    if per_kg is not None and per_kg.value:
        kg, unknown = _weight(item)
        amount += per_kg.value * costs.exchange(per_kg.unit, costs.base, day) * kg
        gaps, used = (*gaps, *unknown), (first, per_kg)  # type: ignore[assignment]
    return Parcel(amount, False, first.label, gaps, used)


def _by_channel(costs: Costs, item: Item, bands: tuple[Rate, ...], country: str, channel: str, day: date) -> Parcel:
    """The channel's fee of the weight band; over the last band a price per kg comes on top. A settled fee is all of it."""
    if bands[0].settled:
        amount = bands[0].value * costs.exchange(bands[0].unit, costs.base, day)
        return Parcel(amount, True, bands[0].label, (), (bands[0],))
    kg, gaps = _weight(item)
    band = next((rate for rate in bands if rate.up_to is None or kg <= rate.up_to), bands[-1])
    amount = band.value * costs.exchange(band.unit, costs.base, day)
    used = [band]
    last = max((rate.up_to for rate in bands if rate.up_to is not None), default=Decimal(0))
    per_kg = costs.one("channel_fulfilment_kg", day, channel=channel, country=country)
    if per_kg is not None and kg > last:
        amount += per_kg.value * costs.exchange(per_kg.unit, costs.base, day) * (kg - last)
        used.append(per_kg)
    surcharge = costs.one("channel_fulfilment_surcharge", day, channel=channel, country=country)
    if surcharge is not None:
        amount *= 1 + surcharge.value / 100
        used.append(surcharge)
    return Parcel(amount, True, band.label, gaps, tuple(used))
