"""What the channel and the payment provider keep of a sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.costs.book import Costs, Item
from shop.costs.parts import Gap, gap
from shop.costs.rates import Rate


@dataclass(frozen=True)
class Band:
    """A commission up to a price: on the whole price, or only on the part inside the band."""

    up_to: Decimal | None
    share: Decimal
    portion: bool


@dataclass(frozen=True)
class Fees:
    """Fees per unit, in the market's currency, as a function of what the customer pays."""

    bands: tuple[Band, ...]
    minimum: Decimal
    per_item: Decimal
    payment_share: Decimal
    payment_fixed: Decimal
    refunded: Decimal
    source: str
    payment_source: str
    gaps: tuple[Gap, ...] = ()
    rates: tuple[Rate, ...] = ()

    def commission(self, paid: Decimal) -> Decimal:
        """The channel's commission on what the customer pays, with its minimum."""
        if not self.bands or paid <= 0:
            return Decimal(0)
        due, start = Decimal(0), Decimal(0)
        for band in self.bands:
            inside = band.up_to is None or paid <= band.up_to
            if band.portion:
                due += band.share * ((paid if band.up_to is None else min(paid, band.up_to)) - start)
                start = band.up_to or paid
            elif inside:
                due = band.share * paid
            if inside:
                break
        return max(due, self.minimum)

    def breaks(self) -> list[Decimal]:
        """What the customer pays where the commission's line bends or jumps."""
        found = [band.up_to for band in self.bands if band.up_to is not None]
        due, start = Decimal(0), Decimal(0)
        for band in self.bands:
            if band.share > 0 and self.minimum > 0:
                found.append(start + (self.minimum - due) / band.share if band.portion else self.minimum / band.share)
            if band.portion and band.up_to is not None:
                due += band.share * (band.up_to - start)
                start = band.up_to
        return found


def fees(
    costs: Costs, item: Item, country: str, channel: str, currency: str, units_per_order: Decimal, day: date
) -> Fees:
    """The fees of a channel in a country, money converted into `currency` on that day."""
    keys = {"channel": channel, "country": country}
    bands = costs.find("referral", day, **keys, category=item.group, sku=item.sku)
    per_item = costs.one("item_fee", day, **keys, category=item.group, sku=item.sku)
    payment = costs.one("payment", day, **keys)
    fixed = costs.one("payment_fixed", day, **keys)
    refunded = costs.one("referral_refunded", day, channel=channel)
    known = bands or costs.one("marketplace", day, channel=channel) is not None
    used = [rate for rate in (*bands, per_item, payment, fixed) if rate is not None]
    least = bands[-1] if bands else None
    minimum = Decimal(0)
    if least is not None and least.minimum is not None:
        minimum = least.minimum * costs.exchange(least.minimum_currency or costs.base, currency, day)
    return Fees(
        tuple(
            Band(
                None if rate.up_to is None else rate.up_to * costs.exchange(rate.band_currency or currency, currency, day),
                rate.value / 100,
                rate.portion,
            )
            for rate in bands
        ),
        minimum,
        per_item.value * costs.exchange(per_item.unit, currency, day) if per_item else Decimal(0),
        payment.value / 100 if payment else Decimal(0),
        fixed.value * costs.exchange(fixed.unit, currency, day) / units_per_order if fixed else Decimal(0),
        refunded.value / 100 if refunded and bands else Decimal(0),
        bands[-1].label if bands else "no commission",
        payment.label if payment else "not known",
        () if known else (gap("channel_unknown", channel=channel),),
        tuple(used),
    )  # fmt: skip
