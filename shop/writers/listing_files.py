"""The files channels import product texts from: Shopify's product CSV, Amazon's listing file, WooCommerce, Google Merchant."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from shop.writers.change import separated

MOST_BULLETS = 5
Texts = Mapping[str, Any]


def shopify(sku: str, name: str, vendor: str, texts: Texts) -> bytes:
    """Shopify product CSV under its new column names; the handle is that of the product's name, so the page is found."""
    row = {
        "Title": texts["title"], "URL handle": handle(name), "Description": as_html(texts["description"]),
        "Vendor": vendor, "Tags": ", ".join(tag.replace(",", " ") for tag in texts["tags"]), "SKU": sku,
        "SEO title": texts["seo_title"], "SEO description": texts["seo_description"],
    }  # fmt: skip
    return separated(list(row), [list(row.values())])


def amazon(sku: str, brand: str, texts: Texts) -> bytes:
    """Amazon listing file, tab separated, as a partial update of an existing offer."""
    bullets: Sequence[str] = texts["bullets"]
    row = {
        "item_sku": sku, "update_delete": "PartialUpdate", "brand_name": brand, "item_name": texts["title"],
        "item_highlights": texts["highlight"], "product_description": " ".join(texts["description"].split()),
        **{f"bullet_point{n + 1}": bullets[n] if n < len(bullets) else "" for n in range(MOST_BULLETS)},
        "generic_keywords": texts["search_terms"],
    }  # fmt: skip
    return separated(list(row), [list(row.values())], "\t")


def woocommerce(sku: str, texts: Texts) -> bytes:
    """WooCommerce product CSV; SEO fields as the meta columns Yoast SEO reads. Starts with a BOM, as its own export does."""
    row = {
        "SKU": sku, "Name": texts["title"], "Short description": as_html(texts["short_description"]),
        "Description": as_html(texts["description"]), "Tags": ", ".join(tag.replace(",", " ") for tag in texts["tags"]),
        "Meta: _yoast_wpseo_title": texts["seo_title"], "Meta: _yoast_wpseo_metadesc": texts["seo_description"],
    }  # fmt: skip
    return b"\xef\xbb\xbf" + separated(list(row), [list(row.values())])


def google_merchant(sku: str, mark: str, texts: Texts) -> bytes:
    """Supplemental feed for Google Merchant Center: the texts in the fields for machine-written ones, with their mark."""
    told = {name: str(texts[name]).replace('"', "'") for name in ("title", "description")}
    row = {
        "id": sku, "structured_title": f'{mark}:"{told["title"]}"',
        "structured_description": f'{mark}:"{" ".join(told["description"].split())}"',
    }  # fmt: skip
    return separated(list(row), [list(row.values())], "\t")


def as_html(text: str) -> str:
    """Paragraphs and `- ` points as HTML; every character that means something there is escaped."""
    blocks: list[str] = []
    points: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("- "):
            points.append(f"<li>{html.escape(line[2:])}</li>")
            continue
        if points:
            blocks.append(f"<ul>{''.join(points)}</ul>")
            points = []
        if line.strip():
            blocks.append(f"<p>{html.escape(line.strip())}</p>")
    return "".join(blocks)


def handle(title: str) -> str:
    """Shopify's own default handle for a title."""
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-")
