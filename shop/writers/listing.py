"""The texts of a product page: JSON for every channel, and the channel's own file where it has one."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Literal

from pydantic import Field

from shop.errors import ShopError
from shop.listing_rules import LISTED, rules_of
from shop.warehouse import Shop
from shop.writers.change import ChangeFile, Payload, Writer
from shop.writers.listing_files import amazon, google_merchant, shopify, woocommerce

TEXTS = (
    "title", "highlight", "subtitle", "bullets", "short_description", "description", "search_terms", "tags",
    "seo_title", "seo_description",
)  # fmt: skip


class CitedSentence(Payload):
    """A sentence as it stands in the listing, and the passages it stands on: ids, and source with place."""

    text: str
    passages: list[str] = Field(min_length=1)
    sources: list[str] = Field(min_length=1)


class ListingPayload(Payload):
    """The texts of one SKU in one channel and language; `country` is empty where the copy is for no one country.

    description holds paragraphs and `- ` points, one a line; search_terms are words with spaces between them;
    written_by_model says whether a model worded any of it, which some channels want declared.
    """

    sku: str
    channel: str
    language: str
    country: str = ""
    price_tier: Literal["value", "core", "premium"] = "core"
    angle: Literal["proof", "story", "use", "review"] = "proof"
    written_on: date
    title: str = Field(min_length=1)
    highlight: str = ""
    subtitle: str = ""
    bullets: list[str] = Field(default_factory=list)
    short_description: str = ""
    description: str = ""
    search_terms: str = ""
    tags: list[str] = Field(default_factory=list)
    seo_title: str = ""
    seo_description: str = ""
    written_by_model: bool = False
    sentences: list[CitedSentence] = Field(min_length=1)


def before(shop: Shop, change: ListingPayload) -> dict[str, Any]:
    """The product's name in the books. Raises ShopError when the SKU is gone or a text breaks a rule of the channel."""
    rules = rules_of(change.channel, change.written_on, shop.folder)
    for field in TEXTS:
        value = getattr(change, field)
        if value and field not in rules.fields:
            raise ShopError(f"{change.channel} has no {field}; it has {', '.join(rules.fields)}.")
        broken = rules.broken(field, value) if value else []
        if broken:
            raise ShopError(f"{change.channel}: {broken[0]}.")
    found = shop.rows("SELECT name FROM products WHERE sku = ?", [change.sku])
    if not found:
        raise ShopError(f"There is no product {change.sku} in the books; import products first.")
    return {"name": str(found[0][0])}


def files(shop: Shop, change: ListingPayload, proposal_id: str) -> list[ChangeFile]:
    """listing.json, and for Amazon, Shopify and WooCommerce the file they import; Google Merchant's marks where due."""
    texts = {name: getattr(change, name) for name in TEXTS}
    rules = rules_of(change.channel, change.written_on, shop.folder)
    kept = {name: value for name, value in texts.items() if value or name in LISTED}
    whole = change.model_dump(mode="json", exclude=set(TEXTS)) | kept
    written = [ChangeFile("listing.json", json.dumps(whole, ensure_ascii=False, indent=2).encode("utf-8"))]
    brand = shop.name or ""
    if change.channel == "amazon":
        written.append(ChangeFile("amazon-listing.txt", amazon(change.sku, brand, texts)))
    if change.channel == "shopify":
        written.append(ChangeFile("shopify-products.csv", shopify(change.sku, _name(shop, change.sku), brand, texts)))
    if change.channel == "woocommerce":
        written.append(ChangeFile("woocommerce-products.csv", woocommerce(change.sku, texts)))
    if rules.marking is not None and change.written_by_model:
        written.append(
            ChangeFile("google-merchant.txt", google_merchant(change.sku, rules.marking.value, texts))
        )  # fmt: skip
    return written


def _name(shop: Shop, sku: str) -> str:
    found = shop.rows("SELECT name FROM products WHERE sku = ?", [sku])
    return str(found[0][0]) if found else sku


LISTING = Writer("listing", ListingPayload, ("sku", "channel", "country", "language", "angle"), before, files)
