"""The seller's books: one class per table. DDL, CSV layout and reader checks all come from here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, Field

Country = Annotated[str, "country"]  # ISO 3166 alpha-2; ZZ where the source does not say
Currency = Annotated[str, "currency"]  # ISO 4217
Language = Annotated[str, "language"]  # BCP 47
Channel = Annotated[str, "channel"]  # lower case: shopify, amazon, alibaba, ...


class Record(BaseModel):
    """One row of one table. The docstring says what a row is; `key` is what makes it one of a kind."""


class Product(Record):
    """A thing that is sold."""

    sku: str = Field(description="the seller's own code")
    name: str = Field(description="name in English, or in the seller's language")
    aliases: str | None = Field(None, description="other names in any language, separated by |")
    category: str | None = None
    list_price: Decimal | None = Field(None, description="usual price before promotions, in currency")
    unit_cost: Decimal | None = Field(None, description="what one unit costs at the factory door, in currency")
    currency: Currency | None = None
    weight_g: Decimal | None = Field(None, description="packed weight in grams")
    volume_cm3: Decimal | None = Field(None, description="packed volume in cubic centimetres")
    hs_code: str | None = Field(None, description="customs code, 6 to 10 digits")
    origin: Country | None = Field(None, description="country of origin")
    shelf_life_days: int | None = None
    pack_size: int | None = Field(None, description="units in a carton")
    launched_on: date | None = None


class Price(Record):
    """The asking price of a SKU in one country and channel from a day on."""

    sku: str
    country: Country
    channel: Channel
    effective_from: date
    price: Decimal
    currency: Currency


class Order(Record):
    """A customer's order."""

    order_id: str
    ordered_at: datetime
    country: Country = Field(description="where it ships to")
    channel: Channel = "shop"
    currency: Currency
    customer_id: str | None = None
    status: str = Field("paid", description="paid, pending or cancelled")
    shipping_charged: Decimal | None = None
    tax: Decimal | None = None
    payment_method: str | None = None
    promotion: str | None = Field(None, description="code or name of the promotion used")
    billing_country: Country | None = None
    ip_country: Country | None = None
    address_hash: str | None = Field(None, description="the same for the same delivery address")


class OrderLine(Record):
    """One SKU in an order. A return is a row of refunds, never a negative quantity here."""

    order_id: str
    line: int = Field(description="1, 2, ... within the order")
    sku: str
    quantity: int = Field(description="units")
    unit_price: Decimal = Field(description="paid per unit before discount, in the order's currency")
    discount: Decimal | None = Field(None, description="off the whole line, in the order's currency")


class Refund(Record):
    """Money given back for units of an order."""

    refund_id: str
    order_id: str
    sku: str
    quantity: int
    amount: Decimal
    currency: Currency
    refunded_at: datetime
    reason: str | None = Field(None, description="the platform's reason code")
    comment: str | None = Field(None, description="the customer's words")


class Settlement(Record):
    """One amount of a marketplace's settlement: a charge, fee, refund or advert. All of one add up to what was paid out."""

    settlement_id: str
    line: int = Field(description="line of the file it was read from")
    posted_on: date | None = None
    paid_on: date | None = Field(None, description="when the money was sent")
    channel: Channel = "amazon"
    country: Country = Field(description="where the marketplace sells")
    transaction: str | None = Field(None, description="Order, Refund or what else was settled")
    order_id: str | None = None
    sku: str | None = None
    quantity: int | None = Field(None, description="units, on the goods' own amounts")
    amount_type: str | None = Field(None, description="ItemPrice, ItemFees, Promotion, ...")
    amount_description: str | None = Field(None, description="Principal, Commission, ...")
    amount: Decimal = Field(description="received; what was kept back is negative")
    currency: Currency


class Traffic(Record):
    """Visits to a product's page on one day."""

    day: date
    sku: str
    channel: Channel
    country: Country
    sessions: int | None = None
    views: int | None = None
    add_to_carts: int | None = None


class Search(Record):
    """How often a term was searched on one day."""

    day: date
    country: Country
    channel: Channel
    term: str
    searches: int


class Inquiry(Record):
    """A buyer's question before ordering, as on Alibaba.com."""

    inquiry_id: str
    received_at: datetime
    channel: Channel
    country: Country
    sku: str | None = None
    quantity: int | None = None
    customer_id: str | None = None
    text: str | None = None


class AdSpend(Record):
    """One campaign's day for one SKU."""

    day: date
    channel: Channel = Field(description="where the ad ran")
    country: Country
    campaign: str
    sku: str | None = None
    impressions: int | None = None
    clicks: int | None = None
    spend: Decimal
    sales: Decimal | None = Field(None, description="sales the platform credits to the ad")
    orders: int | None = None
    currency: Currency


class Supplier(Record):
    """A factory or trader."""

    supplier_id: str
    name: str
    country: Country
    bank_country: Country | None = None
    member_since: date | None = None
    certificates: str | None = Field(None, description="certificate numbers, separated by |")
    accepts_samples: bool | None = None
    accepts_inspection: bool | None = None
    description: str | None = Field(None, description="the supplier's own words")


class SupplierOffer(Record):
    """One price tier of a supplier for a SKU."""

    offer_id: str
    supplier_id: str
    sku: str
    min_quantity: int = Field(description="the price holds from this quantity on")
    unit_price: Decimal
    currency: Currency
    moq: int = Field(1, description="smallest order")
    lead_time_days: Decimal = Field(description="promised mean days from order to goods ready")
    lead_time_sd: Decimal | None = Field(None, description="spread of it, in days")
    incoterm: str = "FOB"
    deposit_pct: Decimal | None = Field(None, description="percent paid with the order")
    balance_days: int | None = Field(None, description="days after shipping until the rest is due")
    monthly_capacity: int | None = None


class PurchaseOrder(Record):
    """An order to a supplier."""

    po_id: str
    supplier_id: str | None = None
    sku: str
    quantity: int
    unit_price: Decimal
    currency: Currency
    warehouse: str
    ordered_on: date
    promised_on: date | None = None
    received_on: date | None = None
    defects: int | None = Field(None, description="units found bad")
    status: str = Field("open", description="open, received or cancelled")


class Warehouse(Record):
    """A place that holds stock, and the countries it delivers to first."""

    warehouse: str
    country: Country
    serves: str = Field(description="country codes separated by |")


class Inventory(Record):
    """Stock of a SKU in a warehouse at the end of a day."""

    day: date
    sku: str
    warehouse: str
    on_hand: int
    reserved: int | None = None


class Shipment(Record):
    """A parcel to a customer."""

    shipment_id: str
    order_id: str
    warehouse: str
    carrier: str
    shipped_on: date
    promised_on: date | None = None
    delivered_on: date | None = None
    cost: Decimal | None = None
    currency: Currency | None = None


class FreightRate(Record):
    """What it costs and takes to move goods between two places."""

    origin: str
    destination: str
    mode: str = Field(description="sea, air, rail, road or express")
    rate_per_kg: Decimal | None = None
    rate_per_m3: Decimal | None = None
    currency: Currency
    transit_days: Decimal
    transit_sd: Decimal | None = None
    effective_from: date


class CompetitorPrice(Record):
    """A competing offer as seen on one day."""

    day: date
    category: str
    country: Country
    channel: Channel
    competitor: str
    title: str
    price: Decimal
    currency: Currency
    sku: str | None = Field(None, description="our SKU it competes with")
    rating: Decimal | None = None
    reviews: int | None = None


class Ticket(Record):
    """A support message from a customer."""

    ticket_id: str
    received_at: datetime
    channel: Channel
    country: Country
    language: Language | None = None
    customer_id: str | None = None
    order_id: str | None = None
    sku: str | None = None
    subject: str | None = None
    text: str
    status: str = "open"


class Review(Record):
    """What a buyer wrote about a product."""

    review_id: str
    reviewed_on: date
    sku: str
    country: Country
    channel: Channel
    language: Language | None = None
    rating: int = Field(description="1 to 5")
    title: str | None = None
    text: str


TABLES: dict[str, type[Record]] = {
    "products": Product,
    "prices": Price,
    "orders": Order,
    "order_lines": OrderLine,
    "refunds": Refund,
    "settlements": Settlement,
    "traffic": Traffic,
    "searches": Search,
    "inquiries": Inquiry,
    "ad_spend": AdSpend,
    "suppliers": Supplier,
    "supplier_offers": SupplierOffer,
    "purchase_orders": PurchaseOrder,
    "warehouses": Warehouse,
    "inventory": Inventory,
    "shipments": Shipment,
    "freight_rates": FreightRate,
    "competitor_prices": CompetitorPrice,
    "tickets": Ticket,
    "reviews": Review,
}

KEYS: dict[str, tuple[str, ...]] = {
    "products": ("sku",),
    "prices": ("sku", "country", "channel", "effective_from"),
    "orders": ("order_id",),
    "order_lines": ("order_id", "line"),
    "refunds": ("refund_id",),
    "settlements": ("settlement_id", "line"),
    "traffic": ("day", "sku", "channel", "country"),
    "searches": ("day", "country", "channel", "term"),
    "inquiries": ("inquiry_id",),
    "ad_spend": ("day", "channel", "country", "campaign", "sku"),
    "suppliers": ("supplier_id",),
    "supplier_offers": ("offer_id", "min_quantity"),
    "purchase_orders": ("po_id", "sku"),
    "warehouses": ("warehouse",),
    "inventory": ("day", "sku", "warehouse"),
    "shipments": ("shipment_id",),
    "freight_rates": ("origin", "destination", "mode", "effective_from"),
    "competitor_prices": ("day", "competitor", "title", "country", "channel"),
    "tickets": ("ticket_id",),
    "reviews": ("review_id",),
}

SQL_TYPES: dict[type, str] = {
    str: "VARCHAR",
    int: "BIGINT",
    bool: "BOOLEAN",
    Decimal: "DECIMAL(18,4)",
    date: "DATE",
    datetime: "TIMESTAMP",
}


def python_type(annotation: Any) -> type:
    """The plain type behind `X | None` and `Annotated[X, ...]`."""
    if get_origin(annotation) is Annotated:
        return python_type(get_args(annotation)[0])
    for choice in get_args(annotation):
        if choice is not type(None):
            return python_type(choice)
    return annotation  # type: ignore[no-any-return]


def ddl(table: str) -> str:
    """CREATE TABLE for one table; every row also knows the file and line it came from."""
    columns = [
        f"{name} {SQL_TYPES[python_type(field.annotation)]}" + (" NOT NULL" if field.is_required() else "")
        for name, field in TABLES[table].model_fields.items()
    ]
    return f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(columns)}, source_file VARCHAR, source_line BIGINT)"
