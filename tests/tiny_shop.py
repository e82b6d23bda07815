"""A shop small enough to check by hand: one order a day of each of two bottles, for ten weeks.

Every day one order of 2 BOT-750 at 30.00 USD (US, shopify) and one of 1 BOT-500 at 20.00 EUR
(DE, amazon). 2026-11-15 is a Sunday and the shop's today.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from shop.records import TABLES
from shop.warehouse import Shop, writing

AS_OF = date(2026, 11, 15)
DAYS = 70
FIRST = AS_OF - timedelta(days=DAYS - 1)

Rows = list[dict[str, Any]]


def tiny_tables() -> dict[str, Rows]:
    """The rows of the tiny shop by table; change them before `build` for another story."""
    every_day = [FIRST + timedelta(days=n) for n in range(DAYS)]
    tables: dict[str, Rows] = {table: [] for table in TABLES}
    tables["products"] = [
        product("BOT-750", "Insulated Steel Bottle 750 ml", "保温瓶 750|big bottle", "8.00", "30.00", "bottles"),
        product("BOT-500", "Insulated Steel Bottle 500 ml", "小保温瓶", "6.00", "22.00", "bottles"),
        product("CAP-UV", "Running Cap UV", "防晒帽", "3.00", "15.00", "apparel"),
    ]
    tables["prices"] = [
        price("BOT-750", "US", "shopify", "30.00", "USD"),
        price("BOT-500", "DE", "amazon", "20.00", "EUR"),
    ]
    for n, day in enumerate(every_day):
        tables["orders"] += [
            order(f"U{n}", day, "US", "shopify", "USD"),
            order(f"D{n}", day, "DE", "amazon", "EUR"),
        ]
        tables["order_lines"] += [
            line(f"U{n}", "BOT-750", 2, "30.00"),
            line(f"D{n}", "BOT-500", 1, "20.00"),
        ]
        tables["inventory"] += [
            {"day": day, "sku": "BOT-750", "warehouse": "US-LAX", "on_hand": 20},
            {"day": day, "sku": "BOT-500", "warehouse": "EU-RTM", "on_hand": 100},
        ]
        if day <= AS_OF - timedelta(days=6):
            tables["shipments"] += [
                shipment(f"U{n}", "US-LAX", "FastPost", day, took=3),
                shipment(f"D{n}", "EU-RTM", "EuroParcel", day, took=4),
            ]
    tables["warehouses"] = [
        {"warehouse": "US-LAX", "country": "US", "serves": "US"},
        {"warehouse": "EU-RTM", "country": "NL", "serves": "DE|FR"},
    ]
    tables["suppliers"] = [
        {"supplier_id": "S-1", "name": "Good Steel", "country": "CN"},
        {"supplier_id": "S-2", "name": "Bulk Steel", "country": "CN"},
    ]
    tables["supplier_offers"] = [
        offer("O-1", "S-1", "BOT-750", 100, "8.00", moq=100, lead=30),
        offer("O-1", "S-1", "BOT-750", 500, "7.00", moq=100, lead=30),
        offer("O-2", "S-2", "BOT-750", 1000, "6.50", moq=1000, lead=45),
    ]
    return tables


def build(
    folder: Path,
    tables: Mapping[str, Rows] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Shop:
    """Write the tables (the tiny shop's when none are given) as a new shop in `folder` and open it."""
    told = {"name": "Tiny", "base_currency": "USD", "as_of": AS_OF.isoformat()} if settings is None else settings
    with writing(folder, "test shop", fresh=True) as connection:
        for name, value in told.items():
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value])
        for table, rows in (tiny_tables() if tables is None else tables).items():
            insert(connection, table, rows)
    return Shop.open(folder)


def insert(connection: Any, table: str, rows: Rows) -> None:
    """Add rows to one table of a connection from `shop.warehouse.writing`."""
    if not rows:
        return
    import pyarrow as pa

    columns = list(TABLES[table].model_fields)
    ready = [TABLES[table].model_validate(row).model_dump() for row in rows]
    for row in ready:
        for name, value in row.items():
            row[name] = None if value is None else str(value)
    data = pa.table({name: pa.array([row[name] for row in ready], pa.string()) for name in columns})
    connection.register("incoming", data)
    connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM incoming")
    connection.unregister("incoming")


def product(sku: str, name: str, aliases: str, cost: str, list_price: str, category: str) -> dict[str, Any]:
    """A product of the tiny shop, in USD."""
    return {
        "sku": sku, "name": name, "aliases": aliases, "category": category,
        "list_price": list_price, "unit_cost": cost, "currency": "USD",
    }  # fmt: skip


def price(sku: str, country: str, channel: str, amount: str, currency: str, since: date = FIRST) -> dict[str, Any]:
    """An asking price."""
    return {
        "sku": sku, "country": country, "channel": channel,
        "effective_from": since, "price": amount, "currency": currency,
    }  # fmt: skip


def order(order_id: str, day: date, country: str, channel: str, currency: str, **more: Any) -> dict[str, Any]:
    """An order placed at noon."""
    return {
        "order_id": order_id, "ordered_at": datetime(day.year, day.month, day.day, 12),
        "country": country, "channel": channel, "currency": currency, **more,
    }  # fmt: skip


def line(order_id: str, sku: str, quantity: int, unit_price: str, **more: Any) -> dict[str, Any]:
    """The first line of an order unless `line` says otherwise."""
    return {"order_id": order_id, "line": 1, "sku": sku, "quantity": quantity, "unit_price": unit_price, **more}


def shipment(order_id: str, warehouse: str, carrier: str, day: date, took: int, promised: int = 5) -> dict[str, Any]:
    """A parcel that costs 4.00 USD, sent the day it was ordered."""
    return {
        "shipment_id": f"P-{order_id}", "order_id": order_id, "warehouse": warehouse, "carrier": carrier,
        "shipped_on": day, "promised_on": day + timedelta(days=promised),
        "delivered_on": day + timedelta(days=took), "cost": "4.00", "currency": "USD",
    }  # fmt: skip


def offer(offer_id: str, supplier: str, sku: str, least: int, amount: str, moq: int, lead: int) -> dict[str, Any]:
    """One price tier in USD."""
    return {
        "offer_id": offer_id, "supplier_id": supplier, "sku": sku, "min_quantity": least,
        "unit_price": amount, "currency": "USD", "moq": moq, "lead_time_days": lead,
    }  # fmt: skip


def refund(refund_id: str, order_id: str, sku: str, quantity: int, amount: str, day: date) -> dict[str, Any]:
    """A refund in USD at noon."""
    return {
        "refund_id": refund_id, "order_id": order_id, "sku": sku, "quantity": quantity,
        "amount": amount, "currency": "USD", "refunded_at": datetime(day.year, day.month, day.day, 12),
    }  # fmt: skip
