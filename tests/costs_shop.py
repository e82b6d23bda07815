"""A shop whose costs can be worked out by hand: one bottle made in China, warehouses in the US, Holland and China."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, Rows, build, offer, price, tiny_tables

BOUGHT = date(2026, 10, 1)
# Round rates, so that the figures of a test do not move with the reference data.
ROUND = """
rates:
  - {what: duty_stack, value: 20, unit: pct, country: US, hs: "961700"}
  - {what: duty_stack, value: 10, unit: pct, country: EU, hs: "961700"}
  - {what: duty_stack, value: 8, unit: pct, country: GB, hs: "961700"}
  - {what: insurance, value: 1, unit: pct}
  - {what: origin_leg, value: 2, unit: pct}
  - {what: destination_leg, value: 3, unit: pct}
  - {what: storage, value: 36.5, unit: USD/m3/month}
  - {what: stock_days, value: 100, unit: days}
  - {what: capital, value: 36.5, unit: pct}
  - {what: exchange_margin, value: 0, unit: pct}
  - {what: exchange_rate, currency: EUR, value: 1.2, unit: USD}
  - {what: exchange_rate, currency: GBP, value: 1.5, unit: USD}
  - {what: return_rate, value: 0, unit: pct}
  - {what: parcel, value: 4, unit: USD}
  - {what: parcel_kg, value: 2, unit: USD}
"""


def costs_tables(incoterm: str = "FOB") -> dict[str, Rows]:
    """BOT-750 costs 10 USD, weighs 0.5 kg, fills 2 litres; sea freight is 0.60 USD a kg and 100 USD a cubic metre."""
    tables = tiny_tables()
    bottle = tables["products"][0]
    bottle |= {
        "unit_cost": "10.00", "weight_g": "500", "volume_cm3": "2000", "hs_code": "9617.00", "origin": "CN",
    }  # fmt: skip
    tables["products"] = [bottle]
    tables["order_lines"] = [row for row in tables["order_lines"] if row["sku"] == "BOT-750"]
    tables["inventory"] = []
    tables["shipments"] = []
    tables["orders"] = [row for row in tables["orders"] if row["order_id"].startswith("U")]
    tables["prices"] = [price("BOT-750", "US", "shopify", "30.00", "USD")]
    tables["warehouses"].append({"warehouse": "CN-NGB", "country": "CN", "serves": "CN|JP"})
    tables["supplier_offers"] = [
        offer("O-1", "S-1", "BOT-750", 100, "10.00", moq=100, lead=30) | {"incoterm": incoterm},
        offer("O-1", "S-1", "BOT-750", 500, "8.00", moq=100, lead=30) | {"incoterm": incoterm},
    ]
    tables["purchase_orders"] = [bought("P-1", "US-LAX", "10.00")]
    tables["freight_rates"] = [
        lane("CN-NGB", "US-LAX", "sea", "0.60", "100"),
        lane("CN-NGB", "US-LAX", "air", "6.00", "1000"),
        lane("CN-NGB", "EU-RTM", "sea", "0.60", "100"),
    ]
    return tables


def costs_shop(folder: Path, tables: dict[str, Rows] | None = None, rates: str | None = ROUND) -> Shop:
    """The shop of these tables with the operator's rates file (none when `rates` is None)."""
    shop = build(folder, costs_tables() if tables is None else tables)
    if rates is not None:
        (folder / "rates.yaml").write_text(rates, encoding="utf-8")
    return shop


def bought(po_id: str, warehouse: str, amount: str, supplier: str | None = "S-1", **more: Any) -> dict[str, Any]:
    """A purchase order of 200 in USD, six weeks before the shop's today."""
    return {
        "po_id": po_id, "supplier_id": supplier, "sku": "BOT-750", "quantity": 200, "unit_price": amount,
        "currency": "USD", "warehouse": warehouse, "ordered_on": BOUGHT, "status": "received", **more,
    }  # fmt: skip


def lane(
    origin: str, destination: str, mode: str, per_kg: str | None, per_m3: str | None, **more: Any
) -> dict[str, Any]:
    """A freight rate in USD since January."""
    return {
        "origin": origin, "destination": destination, "mode": mode, "rate_per_kg": per_kg, "rate_per_m3": per_m3,
        "currency": "USD", "transit_days": "20", "effective_from": date(AS_OF.year, 1, 1), **more,
    }  # fmt: skip
