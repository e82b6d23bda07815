"""A promotion: the shop's own promotions CSV, Shopify discount codes, Amazon sale prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from shop.warehouse import Shop
from shop.writers.change import ChangeFile, Payload, Writer, amount_text, separated
from shop.writers.price import asking_price

AUDIENCES = ("everybody", "follower", "functional", "price_sensitive", "wholesale")
CODE = r"^[A-Z0-9][A-Z0-9-]{2,39}$"


class PromotionLine(Payload):
    """A discount on one SKU in one country: `price` is asked today, `promo_price` while the promotion runs."""

    sku: str
    country: str
    discount_pct: Decimal = Field(gt=0, lt=100)
    price: Decimal = Field(gt=0)
    promo_price: Decimal = Field(gt=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$")

    @model_validator(mode="after")
    def _cheaper(self) -> PromotionLine:
        if self.promo_price >= self.price:
            raise ValueError("promo_price must be below price")
        return self


class PromotionPayload(Payload):
    """Discounts in one channel for one audience over some days, both included."""

    code: str = Field(pattern=CODE)
    channel: str
    segment: Literal["everybody", "follower", "functional", "price_sensitive", "wholesale"] = "everybody"
    start: date
    end: date
    lines: list[PromotionLine] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _whole(self) -> PromotionPayload:
        if self.end < self.start:
            raise ValueError("end must not be before start")
        if len({(line.sku, line.country) for line in self.lines}) < len(self.lines):
            raise ValueError("a SKU stands once per country")
        return self


def before(shop: Shop, change: PromotionPayload) -> dict[str, Any]:
    """The asking prices the discounts were decided on, by SKU and country."""
    known = {
        (line.sku, line.country): asking_price(shop, line.sku, line.country, change.channel, shop.as_of)
        for line in change.lines
    }
    return {
        f"{sku} {country}": f"{amount_text(asked[0])} {asked[1]}"
        for (sku, country), asked in known.items()
        if asked is not None
    }


def files(shop: Shop, change: PromotionPayload, proposal_id: str) -> list[ChangeFile]:
    """promotions CSV for every channel; Shopify discount rows, one code for each depth; Amazon sale prices.

    Shopify's discounts are entered by hand or by an import app: the columns are the fields of its discount codes. A code
    for one kind of customer needs the customer segment of that name.
    """
    header = ["code", "channel", "segment", "start", "end", "sku", "country", "discount_pct", "price", "promo_price", "currency"]  # fmt: skip
    rows = [
        [
            change.code, change.channel, change.segment, change.start, change.end, line.sku, line.country,
            line.discount_pct, amount_text(line.price), amount_text(line.promo_price), line.currency,
        ]
        for line in change.lines
    ]  # fmt: skip
    written = [ChangeFile("promotions.csv", separated(header, rows))]
    if change.channel == "shopify":
        written.append(ChangeFile("shopify-discounts.csv", separated(*_shopify(change))))
    if change.channel == "amazon":
        prices = [[line.sku, line.country, amount_text(line.promo_price), line.currency, change.start, change.end] for line in change.lines]  # fmt: skip
        columns = ["sku", "marketplace", "sale-price", "currency", "sale-start-date", "sale-end-date"]
        written.append(ChangeFile("amazon-sale-prices.txt", separated(columns, prices, "\t")))
    return written


def _shopify(change: PromotionPayload) -> tuple[list[str], list[list[object]]]:
    header = [
        "Code", "Title", "Value Type", "Value", "Applies To", "SKUs", "Countries", "Customer Segment",
        "Starts At", "Ends At", "Combines With", "Once Per Customer",
    ]  # fmt: skip
    groups: dict[tuple[Decimal, str], list[str]] = {}
    for line in change.lines:
        groups.setdefault((line.discount_pct, line.country), []).append(line.sku)
    together: dict[tuple[Decimal, tuple[str, ...]], list[str]] = {}
    for (depth, country), skus in groups.items():
        together.setdefault((depth, tuple(sorted(skus))), []).append(country)
    many = len(together) > 1
    rows: list[list[object]] = [
        [
            f"{change.code}-{at}" if many else change.code, change.code, "percentage", f"-{amount_text(depth)}",
            "specific products", "|".join(skus), "|".join(sorted(countries)),
            "" if change.segment == "everybody" else change.segment,
            f"{change.start.isoformat()}T00:00:00", f"{change.end.isoformat()}T23:59:59", "", "TRUE",
        ]
        for at, ((depth, skus), countries) in enumerate(sorted(together.items()), 1)
    ]  # fmt: skip
    return header, rows


PROMOTION = Writer("promotion", PromotionPayload, ("code", "channel", "segment"), before, files)
