"""What was simulated, as rows of the shop's tables."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from shop.demo import suppliers as supply
from shop.demo.books import UNIT, ten_thousandths
from shop.demo.demand import START, C, Demand, S, random
from shop.demo.names import NAMES
from shop.demo.orders import Sales, shipping_charged, tax
from shop.demo.parameters import CHANNELS, CODES, COUNTRIES, HISTORY_DAYS, LAUNCHES, PRODUCTS, SKUS, WAREHOUSES
from shop.demo.stock import HOUSES, Stock, is_received

if TYPE_CHECKING:
    import pandas as pd

CARRY_OVER = date(2024, 11, 1)  # prices and offers that were there before the history begins
CHANNEL_NAMES, COUNTRY_CODES = np.array(CHANNELS, dtype=object), np.array(CODES, dtype=object)
SKU_CODES, HOUSE_CODES = np.array(SKUS, dtype=object), np.array(HOUSES, dtype=object)
CURRENCIES = np.array([c.currency for c in COUNTRIES], dtype=object)
REVIEWS = 420
BEYOND_TIERS = ((1, 1.0), (3, 0.96), (8, 0.92))  # quantity in MOQs, price against the first tier


def products() -> pd.DataFrame:
    """The catalogue, in US dollars."""
    import pandas as pd

    return pd.DataFrame(
        {
            "sku": SKUS, "name": [NAMES[s][0] for s in SKUS], "aliases": ["|".join(NAMES[s][1]) for s in SKUS],
            "category": [p.category for p in PRODUCTS],
            "list_price": ten_thousandths([p.list_price for p in PRODUCTS], "USD"),
            "unit_cost": ten_thousandths([p.unit_cost for p in PRODUCTS], "USD"), "currency": "USD",
            "weight_g": np.array([p.weight for p in PRODUCTS]) * UNIT, "volume_cm3": np.array([p.volume for p in PRODUCTS]) * UNIT,
            "hs_code": [p.hs_code for p in PRODUCTS],
            "origin": [supply.BY_ID[supply.MAIN_SUPPLIER[s]].country for s in SKUS],
            "shelf_life_days": pd.array([p.shelf_life for p in PRODUCTS], dtype="Int64"),
            "pack_size": [p.pack_size for p in PRODUCTS],
            "launched_on": [LAUNCHES.get(s, date(2023, 4, 3)) for s in SKUS],
        }
    )  # fmt: skip


def prices(demand: Demand) -> pd.DataFrame:
    """A row whenever an asking price changes, and one from before the history."""
    import pandas as pd

    found: list[dict[str, Any]] = []
    for s in range(S):
        for c in range(C):
            for ch in range(len(CHANNELS)):
                series = demand.price[:HISTORY_DAYS, s, c, ch]
                launch = LAUNCHES.get(SKUS[s], CARRY_OVER)
                opening = max(0, (launch - START).days)
                moves = [opening, *(int(t) for t in np.flatnonzero(np.diff(series)) + 1 if t > opening)]
                for t in moves:
                    found.append(
                        {
                            "sku": SKUS[s], "country": CODES[c], "channel": CHANNELS[ch],
                            "effective_from": max(launch, CARRY_OVER) if t == opening else START + timedelta(days=t),
                            "minor": int(series[t]), "currency": "USD" if ch == 2 else CURRENCIES[c],
                        }
                    )  # fmt: skip
    frame = pd.DataFrame(found)
    frame["price"] = ten_thousandths(frame["minor"], frame["currency"])
    return frame


def orders(sales: Sales) -> pd.DataFrame:
    """Orders in the currency of the country, on alibaba in US dollars."""
    import pandas as pd

    o = sales.orders
    currency = order_currency(o)
    method = np.where(o["ch"] == 2, "bank_transfer", np.where(o["ch"] == 1, "amazon_pay", "card"))
    every_third = (o["ch"] == 0) & (o.index % 3 == 0) & (o["fraud"] < 0)
    return pd.DataFrame(
        {
            "order_id": o["order_id"], "ordered_at": o["at"].astype("datetime64[us]"),
            "country": COUNTRY_CODES[o["c"]], "channel": CHANNEL_NAMES[o["ch"]], "currency": currency,
            "customer_id": o["customer_id"], "status": o["status"],
            "shipping_charged": ten_thousandths(shipping_charged(o), currency), "tax": ten_thousandths(tax(o), currency),
            "payment_method": np.where(every_third, "paypal", method),
            "promotion": o["code"].where(o["code"] != "", None),
            "billing_country": o["billing"], "ip_country": o["ip"], "address_hash": o["address"],
        }
    )  # fmt: skip


def order_currency(orders: pd.DataFrame) -> np.ndarray:
    """The currency each order is paid in."""
    return np.where(orders["ch"] == 2, "USD", CURRENCIES[orders["c"]])


def order_lines(sales: Sales) -> pd.DataFrame:
    """One row per SKU in an order."""
    import pandas as pd

    n = sales.lines
    currency = order_currency(sales.orders)[n["order"]]
    return pd.DataFrame(
        {
            "order_id": sales.orders["order_id"].to_numpy()[n["order"]], "line": n["line"], "sku": SKU_CODES[n["s"]],
            "quantity": n["quantity"], "unit_price": ten_thousandths(n["price"], currency),
            "discount": ten_thousandths(n["discount"], currency),
        }
    )  # fmt: skip


def refunds(sales: Sales, returned: pd.DataFrame) -> pd.DataFrame:
    """Refunds in the order's currency."""
    import pandas as pd

    currency = order_currency(sales.orders)[returned["order"]]
    return pd.DataFrame(
        {
            "refund_id": refund_ids(returned), "order_id": sales.orders["order_id"].to_numpy()[returned["order"]],
            "sku": SKU_CODES[returned["s"]], "quantity": returned["quantity"],
            "amount": ten_thousandths(returned["amount"], currency), "currency": currency,
            "refunded_at": _moment(returned["day"], returned["second"]),
            "reason": returned["reason"], "comment": returned["comment"],
        }
    )  # fmt: skip


def refund_ids(returned: pd.DataFrame) -> list[str]:
    """Ids in time order."""
    return [f"R{30001 + i}" for i in range(len(returned))]


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with day numbers turned into dates."""
    return frame.assign(day=_dates(frame["day"]))


def timed(records: list[dict[str, Any]], column: str) -> pd.DataFrame:
    """Records with day and second turned into one moment."""
    import pandas as pd

    frame = pd.DataFrame(records)
    frame[column] = _moment(frame["day"], frame["second"])
    return frame


def ad_spend(frame: pd.DataFrame) -> pd.DataFrame:
    """Campaign days, all in US dollars."""
    money = {"spend": ten_thousandths(frame["spend"], "USD"), "sales": ten_thousandths(frame["sales"], "USD")}
    return dated(frame).assign(**money, currency="USD")


def competitor_prices(frame: pd.DataFrame) -> pd.DataFrame:
    """Competing offers in the country's currency."""
    price = ten_thousandths(frame["price"], frame["currency"])
    rating = np.round(frame["rating"].to_numpy() * 10).astype(np.int64) * (UNIT // 10)
    return dated(frame).assign(price=price, rating=rating)


def suppliers() -> pd.DataFrame:
    """What the suppliers say of themselves."""
    import pandas as pd

    said = ("supplier_id", "name", "country", "bank_country", "member_since", "certificates", "accepts_samples",
            "accepts_inspection", "description")  # fmt: skip
    return pd.DataFrame([{name: getattr(x, name) for name in said} for x in supply.SUPPLIERS])


def supplier_offers() -> pd.DataFrame:
    """Three price tiers per supplier and SKU, in US dollars a unit at the stated incoterm."""
    import pandas as pd

    found: list[dict[str, Any]] = []
    for x in supply.SUPPLIERS:
        for sku, against, moq in x.prices:
            cost = PRODUCTS[SKUS.index(sku)].unit_cost
            for times, factor in BEYOND_TIERS:
                found.append(
                    {
                        "offer_id": f"{x.supplier_id}-{sku}", "supplier_id": x.supplier_id, "sku": sku, "min_quantity": moq * times,
                        "unit_price": round(Decimal(cost) * Decimal(str(against)) * Decimal(str(factor))) * (UNIT // 100),
                        "currency": "USD", "moq": moq, "lead_time_days": x.lead * UNIT, "lead_time_sd": x.lead_sd * UNIT,
                        "incoterm": x.incoterm, "deposit_pct": x.deposit_pct * UNIT, "balance_days": x.balance_days,
                        "monthly_capacity": x.capacity // len(x.prices),
                    }
                )  # fmt: skip
    return pd.DataFrame(found)


def purchase_orders(stock: Stock) -> pd.DataFrame:
    """Orders to suppliers, oldest first; what has not arrived by AS_OF is open, its defects unknown."""
    import pandas as pd

    found: list[dict[str, Any]] = []
    for x in sorted(stock.purchases, key=lambda x: (x.ordered, x.s, x.w)):
        against = next(f for sku, f, _ in supply.BY_ID[x.supplier_id].prices if sku == SKUS[x.s])
        done = is_received(x)
        cents = round(Decimal(PRODUCTS[x.s].unit_cost) * Decimal(str(against)))
        found.append(
            {
                "po_id": f"PO{1001 + len(found)}", "supplier_id": x.supplier_id, "sku": SKUS[x.s], "quantity": x.quantity,
                "unit_price": cents * (UNIT // 100), "currency": "USD", "warehouse": HOUSES[x.w], "ordered_on": x.ordered,
                "promised_on": x.promised, "received_on": x.received if done else None,
                "defects": x.defects if done else None, "status": "received" if done else "open",
            }
        )  # fmt: skip
    frame = pd.DataFrame(found)
    frame["defects"] = frame["defects"].astype("Int64")
    return frame


def warehouses() -> pd.DataFrame:
    """Where stock lies and whom it serves."""
    import pandas as pd

    return pd.DataFrame(WAREHOUSES, columns=["warehouse", "country", "serves"])


def inventory(stock: Stock) -> pd.DataFrame:
    """Stock at the end of each day, from the first delivery on. Nothing is reserved: orders take stock at once."""
    import pandas as pd

    there = np.maximum.accumulate(stock.on_hand > 0, axis=0)
    t, s, w = np.nonzero(there)
    return pd.DataFrame(
        {
            "day": _dates(t), "sku": SKU_CODES[s], "warehouse": HOUSE_CODES[w],
            "on_hand": stock.on_hand[t, s, w], "reserved": np.zeros(len(t), np.int64),
        }
    )  # fmt: skip


def shipments(sales: Sales, parcels: pd.DataFrame) -> pd.DataFrame:
    """Parcels; cost in US dollars."""
    import pandas as pd

    arrived = parcels["delivered"] < HISTORY_DAYS
    return pd.DataFrame(
        {
            "shipment_id": [f"P{i}" for i in 400001 + np.arange(len(parcels))],
            "order_id": sales.orders["order_id"].to_numpy()[parcels["order"]], "warehouse": HOUSE_CODES[parcels["house"]],
            "carrier": parcels["carrier"], "shipped_on": _dates(parcels["shipped"]), "promised_on": _dates(parcels["promised"]),
            "delivered_on": pd.Series(_dates(parcels["delivered"])).where(arrived, None),
            "cost": ten_thousandths(parcels["cost"], "USD"), "currency": "USD",
        }
    )  # fmt: skip


def freight_rates() -> pd.DataFrame:
    """Freight between places in US dollars; sea rates rose 12% on 2026-07-01."""
    import pandas as pd

    found: list[dict[str, Any]] = []
    for origin, destination, mode, kg, m3, days, spread in supply.FREIGHT:
        for start, percent in ((date(2025, 1, 1), 100), (date(2026, 7, 1), 112 if mode == "sea" else 104)):
            found.append(
                {
                    "origin": origin, "destination": destination, "mode": mode, "rate_per_kg": kg * percent * (UNIT // 10_000),
                    "rate_per_m3": m3 * percent * (UNIT // 10_000), "currency": "USD", "transit_days": int(days * UNIT),
                    "transit_sd": int(spread * UNIT), "effective_from": start,
                }
            )  # fmt: skip
    return pd.DataFrame(found)


def _dates(days: Any) -> Any:
    return np.datetime64(START) + np.asarray(days, np.int64).astype("timedelta64[D]")


def _moment(days: Any, seconds: Any) -> Any:
    return np.datetime64(START, "us") + (np.asarray(days, np.int64) * 86400 + np.asarray(seconds, np.int64)).astype(
        "timedelta64[s]"
    ).astype("timedelta64[us]")


def reviews(seed: int, sales: Sales) -> pd.DataFrame:
    """What buyers wrote some days after an order, drawn from real order lines."""
    import pandas as pd

    from shop.demo.reviews import write_reviews

    rng = random(seed, 13)
    bought = sales.orders[(sales.orders["status"] == "paid") & (sales.orders["fraud"] < 0)]
    bought = bought[bought["t"] < HISTORY_DAYS - 12]
    lines = sales.lines[sales.lines["order"].isin(bought.index)]
    sold = np.bincount(lines["s"], minlength=S)[lines["s"]]  # rare SKUs are reviewed more often than their share
    chance = 1 / np.sqrt(sold)
    picked = lines.iloc[np.sort(rng.choice(len(lines), REVIEWS, replace=False, p=chance / chance.sum()))]
    order = sales.orders.loc[picked["order"]]
    sampled = pd.DataFrame(
        {
            "sku": SKU_CODES[picked["s"]], "country": COUNTRY_CODES[order["c"]], "channel": CHANNEL_NAMES[order["ch"]],
            "day": pd.to_datetime(_dates(order["t"])),
        }
    )  # fmt: skip
    return pd.DataFrame(write_reviews(rng, sampled))
