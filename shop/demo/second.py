"""A second, small demo brand: Tauernruh, a hut keeper's repairable steel bottles, beside Northlane's.

It sells the same kind of product with another founder, country and story, so that copy for both can be held against
each other. Its books are small and its reviews are written out, not composed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from shop.demo import books
from shop.demo.brand_texts import BrandText, brand_texts
from shop.records import TABLES
from shop.warehouse import writing

if TYPE_CHECKING:
    import numpy as np

FOLDER = Path(__file__).parent / "tauernruh"
SEED = 20261115
SHIPPING_DAYS = {"AT": 2, "DE": 3, "GB": 6, "US": 9}
CENT = Decimal("0.01")

Rows = list[dict[str, Any]]


class Good(BaseModel):
    """A product of the brand: the fields of `Product`, its mean units a day and the stock it began with."""

    name: str
    aliases: str
    category: str
    list_price: Decimal
    unit_cost: Decimal
    weight_g: Decimal
    volume_cm3: Decimal
    hs_code: str
    origin: str
    pack_size: int
    launched_on: date
    daily: float
    stock: int


class Place(BaseModel):
    """A country and channel: its share of demand, its currency and what one EUR of list price is asked for in it."""

    country: str
    channel: str
    share: float
    currency: str
    rate: Decimal


class Maker(BaseModel):
    """A supplier with what it makes and how long that takes."""

    supplier_id: str
    name: str
    country: str
    skus: list[str]
    moq: int
    lead_time_days: int
    lead_time_sd: int


class Brand(BaseModel):
    """The stated parameters of the brand, from tauernruh/books.yaml."""

    name: str
    base_currency: str
    as_of: date
    weeks: int
    products: dict[str, Good]
    places: list[Place]
    warehouse: dict[str, str]
    suppliers: list[Maker]


def second_brand() -> Brand:
    """The stated parameters."""
    return Brand.model_validate(_yaml("books.yaml"))


def second_texts() -> list[BrandText]:
    """The stories, evidence and policies of the second brand, ordered by path."""
    return brand_texts(FOLDER / "texts")


def build_second(folder: Path, seed: int = SEED) -> None:
    """Write the second brand's books into `folder` as its next version; the same seed gives the same rows.

    Raises ShopLocked while another process writes.
    """
    import numpy as np
    import pandas as pd

    brand = second_brand()
    tables = {
        "products": _products(brand),
        "prices": _prices(brand),
        "warehouses": [brand.warehouse],
        "suppliers": [maker.model_dump(include={"supplier_id", "name", "country"}) for maker in brand.suppliers],
        "supplier_offers": _offers(brand),
        "reviews": _reviews(),
        **_sales(brand, np.random.default_rng(seed)),
    }
    with writing(Path(folder), f"pacer demo --brand {brand.name.lower()}", fresh=True) as connection:
        for table, rows in tables.items():
            records = [TABLES[table].model_validate(row).model_dump() for row in rows]
            books.insert(connection, table, pd.DataFrame([_counted(record) for record in records], dtype=object))
        books.settle(connection, brand.name, brand.base_currency, brand.as_of)


def _products(brand: Brand) -> Rows:
    return [
        {"sku": sku, "currency": brand.base_currency, **good.model_dump(exclude={"daily", "stock"})}
        for sku, good in brand.products.items()
    ]


def _prices(brand: Brand) -> Rows:
    return [
        {"sku": sku, "country": place.country, "channel": place.channel, "effective_from": good.launched_on,
         "price": _asked(good, place), "currency": place.currency}
        for sku, good in brand.products.items() for place in brand.places
    ]  # fmt: skip


def _offers(brand: Brand) -> Rows:
    return [
        {"offer_id": f"{maker.supplier_id}-{sku}", "supplier_id": maker.supplier_id, "sku": sku,
         "min_quantity": maker.moq, "unit_price": brand.products[sku].unit_cost, "currency": brand.base_currency,
         "moq": maker.moq, "lead_time_days": maker.lead_time_days, "lead_time_sd": maker.lead_time_sd}
        for maker in brand.suppliers for sku in maker.skus
    ]  # fmt: skip


def _reviews() -> Rows:
    names = ("reviewed_on", "sku", "country", "channel", "language", "rating", "title", "text")
    return [
        {"review_id": f"T{number:04d}", **dict(zip(names, row, strict=True))}
        for number, row in enumerate(_yaml("reviews.yaml"), start=1)
    ]


def _sales(brand: Brand, rng: np.random.Generator) -> dict[str, Rows]:
    """Orders of one line each, their parcels, and the stock they leave, day by day."""
    orders: Rows = []
    lines: Rows = []
    parcels: Rows = []
    stock: Rows = []
    left = {sku: good.stock for sku, good in brand.products.items()}
    first = brand.as_of - timedelta(days=7 * brand.weeks - 1)
    for day in (first + timedelta(days=n) for n in range(7 * brand.weeks)):
        for sku, good in brand.products.items():
            for place in brand.places:
                for _ in range(min(int(rng.poisson(good.daily * place.share)), left[sku])):
                    order_id = f"TR{len(orders) + 1:05d}"
                    left[sku] -= 1
                    at = datetime(day.year, day.month, day.day, int(rng.integers(6, 22)), int(rng.integers(60)))
                    orders.append({"order_id": order_id, "ordered_at": at, "country": place.country,
                                   "channel": place.channel, "currency": place.currency,
                                   "customer_id": f"K{int(rng.integers(1, 400)):04d}"})  # fmt: skip
                    lines.append({"order_id": order_id, "line": 1, "sku": sku, "quantity": 1,
                                  "unit_price": _asked(good, place)})  # fmt: skip
                    parcels += _parcel(brand, order_id, day, place, rng)
            stock.append({"day": day, "sku": sku, "warehouse": brand.warehouse["warehouse"], "on_hand": left[sku]})
    return {"orders": orders, "order_lines": lines, "shipments": parcels, "inventory": stock}


def _parcel(brand: Brand, order_id: str, day: date, place: Place, rng: np.random.Generator) -> Rows:
    """The parcel of an order: packed on the next Monday, Wednesday or Friday, if that has come."""
    packed = next(day + timedelta(days=n) for n in range(1, 4) if (day + timedelta(days=n)).weekday() in (0, 2, 4))
    if packed > brand.as_of:
        return []
    took = max(1, SHIPPING_DAYS[place.country] + int(rng.integers(-1, 3)))
    arrived = packed + timedelta(days=took)
    return [{"shipment_id": f"P-{order_id}", "order_id": order_id, "warehouse": brand.warehouse["warehouse"],
             "carrier": "Post", "shipped_on": packed,
             "promised_on": packed + timedelta(days=SHIPPING_DAYS[place.country]),
             "delivered_on": arrived if arrived <= brand.as_of else None}]  # fmt: skip


def _asked(good: Good, place: Place) -> Decimal:
    return (good.list_price * place.rate).quantize(CENT, ROUND_HALF_UP)


def _counted(record: dict[str, Any]) -> dict[str, Any]:
    """Money and measures as whole ten-thousandths, as books.insert takes them."""
    return {
        name: int(value * books.UNIT) if isinstance(value, Decimal) else value
        for name, value in record.items()
        if value is not None
    }


def _yaml(name: str) -> Any:
    import yaml

    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
