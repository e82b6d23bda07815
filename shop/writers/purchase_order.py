"""An order to a supplier: a purchase_orders CSV that the shop can import once the order is placed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from shop.records import PurchaseOrder
from shop.warehouse import Shop
from shop.writers.change import ChangeFile, Payload, Writer, amount_text, separated


class PurchaseOrderPayload(Payload):
    """Units of one SKU from one supplier to one warehouse, at the price of the offer's tier."""

    sku: str
    supplier_id: str
    quantity: int = Field(ge=1, le=10_000_000)
    unit_price: Decimal = Field(gt=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    warehouse: str
    ordered_on: date
    promised_on: date | None = None


def before(shop: Shop, change: PurchaseOrderPayload) -> dict[str, Any]:
    """The supplier's unit price at this quantity and the smallest order; empty when the offer is gone."""
    tier = shop.rows(
        "SELECT unit_price, currency, moq FROM supplier_offers WHERE supplier_id = ? AND sku = ? "
        "AND min_quantity <= ? ORDER BY min_quantity DESC, unit_price LIMIT 1",
        [change.supplier_id, change.sku, change.quantity],
    )
    if not tier:
        return {}
    return {"unit_price": amount_text(tier[0][0]), "currency": str(tier[0][1]), "moq": int(tier[0][2])}


def files(shop: Shop, change: PurchaseOrderPayload, proposal_id: str) -> list[ChangeFile]:
    """One open purchase order, numbered as the proposal."""
    row = PurchaseOrder(po_id=f"PO-{proposal_id}", **change.model_dump()).model_dump()
    row["unit_price"] = amount_text(change.unit_price)
    return [ChangeFile("purchase_orders.csv", separated(list(row), [list(row.values())]))]


PURCHASE_ORDER = Writer(
    "purchase_order", PurchaseOrderPayload, ("sku", "supplier_id", "warehouse", "currency"), before, files
)
