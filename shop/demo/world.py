"""The order in which the demo world is made: demand, fraud, stock, orders, parcels, and everything around them."""

from __future__ import annotations

from pathlib import Path

from shop.demo import behaviour, books, fraud, orders, parcels, rows, stock, support, truth
from shop.demo.demand import simulate
from shop.warehouse import writing


def live(folder: Path, seed: int) -> None:
    """Simulate and write books and truth."""
    demand = simulate(seed)
    planned = fraud.plan(seed)
    shelves = stock.run(seed, demand, fraud.units(planned))
    rings = fraud.filled(planned, shelves.fraud_sold)
    sales = orders.write(seed, demand, shelves, rings)
    parcels.share_one_address(sales)
    shipped = parcels.ship(seed, sales)
    returned = parcels.give_back(seed, sales, shipped)
    letters, letter_truth = support.tickets(seed, sales)
    tables = {
        "products": rows.products(),
        "prices": rows.prices(demand),
        "orders": rows.orders(sales),
        "order_lines": rows.order_lines(sales),
        "refunds": rows.refunds(sales, returned),
        "traffic": rows.dated(behaviour.traffic(seed, demand)),
        "searches": rows.dated(behaviour.searches(seed, demand)),
        "inquiries": rows.timed(support.inquiries(seed, sales), "received_at"),
        "ad_spend": rows.ad_spend(behaviour.ad_spend(seed, demand)),
        "suppliers": rows.suppliers(),
        "supplier_offers": rows.supplier_offers(),
        "purchase_orders": rows.purchase_orders(shelves),
        "warehouses": rows.warehouses(),
        "inventory": rows.inventory(shelves),
        "shipments": rows.shipments(sales, shipped),
        "freight_rates": rows.freight_rates(),
        "competitor_prices": rows.competitor_prices(behaviour.competitor_prices(seed, demand)),
        "tickets": rows.timed(letters, "received_at"),
        "reviews": rows.reviews(seed, sales),
    }
    with writing(folder, "pacer demo", fresh=True) as connection:
        for table, frame in tables.items():
            books.insert(connection, table, frame)
        books.settle(connection)
        truth.write(folder, seed, demand, shelves, sales, returned, letter_truth)
