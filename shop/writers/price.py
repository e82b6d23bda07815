"""A new asking price: the books' own prices CSV, and the channel's file where it has one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field, model_validator

from shop.errors import ShopError
from shop.records import Price
from shop.warehouse import Shop
from shop.writers.change import ChangeFile, Payload, Writer, amount_text, separated
from shop.writers.listing_files import handle


class PricePayload(Payload):
    """The asking price of one SKU in one country and channel from a day on."""

    sku: str
    country: str
    channel: str
    price: Decimal = Field(gt=0, le=Decimal("100000000"))
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    effective_from: date

    @model_validator(mode="after")
    def _payable(self) -> PricePayload:
        from babel.numbers import get_currency_precision

        digits = get_currency_precision(self.currency)
        if self.price != round(self.price, digits):
            raise ValueError(f"a price in {self.currency} has at most {digits} decimals")
        self.price = round(self.price, digits)
        return self


def asking_price(shop: Shop, sku: str, country: str, channel: str, day: date) -> tuple[Decimal, str] | None:
    """The price and currency in force on a day: the market's own, else the list price; None when neither is known."""
    found = shop.rows(
        "SELECT price, currency FROM prices WHERE sku = ? AND country = ? AND channel = ? AND effective_from <= ? "
        "ORDER BY effective_from DESC LIMIT 1",
        [sku, country, channel, day],
    ) or shop.rows(
        "SELECT list_price, currency FROM products WHERE sku = ? AND list_price IS NOT NULL AND currency IS NOT NULL "
        "AND currency = coalesce((SELECT o.currency FROM orders o WHERE o.country = ? AND o.channel = ? "
        "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), currency)",
        [sku, country, channel],
    )
    return (found[0][0], str(found[0][1])) if found else None


def before(shop: Shop, change: PricePayload) -> dict[str, Any]:
    """Price and currency that the change replaces; empty when the books know none."""
    known = asking_price(shop, change.sku, change.country, change.channel, shop.as_of)
    return {"price": amount_text(known[0]), "currency": known[1]} if known else {}


def files(shop: Shop, change: PricePayload, proposal_id: str) -> list[ChangeFile]:
    """prices CSV for every channel; Shopify product CSV where the price is in the store's currency; Amazon price file.

    Shopify's product CSV sets the store's base price, so a price in another currency is left to the plain file.
    """
    price = amount_text(change.price)
    written = [
        ChangeFile(
            "prices.csv",
            separated(
                list(Price.model_fields),
                [[change.sku, change.country, change.channel, change.effective_from, price, change.currency]],
            ),
        )
    ]
    if change.channel == "shopify" and change.currency == shop.base_currency:
        title = _title(shop, change.sku)
        written.append(
            ChangeFile(
                "shopify-products.csv",
                separated(["URL handle", "Title", "SKU", "Price"], [[handle(title), title, change.sku, price]]),
            )
        )
    if change.channel == "amazon":
        written.append(ChangeFile("amazon-prices.txt", separated(["sku", "price"], [[change.sku, price]], "\t")))
    return written


def _title(shop: Shop, sku: str) -> str:
    found = shop.rows("SELECT name FROM products WHERE sku = ?", [sku])
    if not found:
        raise ShopError(f"There is no product {sku} in the books any more; import products first.")
    return str(found[0][0])


PRICE = Writer("price", PricePayload, ("sku", "country", "channel", "currency"), before, files)
