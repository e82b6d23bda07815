"""What data the shop has, what is missing or old, and what that keeps the tools from answering."""

from __future__ import annotations

from datetime import date, timedelta

from shop.records import TABLES
from shop.warehouse import Shop
from tools.contract import (
    About,
    Column,
    DataUsed,
    Finding,
    Request,
    Result,
    Table,
    Tool,
    channel,
    code,
    count,
    country,
    days,
    finding,
    on,
    several,
    sku,
    units,
    warehouse,
)
from tools.fulfillment.books import Held, held, home, serving

DAY_OF: dict[str, str] = {
    "prices": "effective_from",
    "orders": "ordered_at::DATE",
    "refunds": "refunded_at::DATE",
    "settlements": "coalesce(posted_on, paid_on)",
    "traffic": "day",
    "searches": "day",
    "inquiries": "received_at::DATE",
    "ad_spend": "day",
    "purchase_orders": "ordered_on",
    "inventory": "day",
    "shipments": "shipped_on",
    "freight_rates": "effective_from",
    "competitor_prices": "day",
    "tickets": "received_at::DATE",
    "reviews": "reviewed_on",
}
STALE_AFTER_DAYS: dict[str, int] = {
    "orders": 3, "inventory": 3, "traffic": 7, "ad_spend": 7, "searches": 14, "shipments": 7, "competitor_prices": 30,
}  # fmt: skip
RATE_DAYS = 28
LOW_COVER_DAYS = 14
TOLD = 5


class ShopStatus(Request):
    """No arguments."""


def run(shop: Shop, request: ShopStatus) -> Result:
    """Say what data the shop has: rows and days of every table, SKUs, countries, channels, what is
    missing or old and what that blocks, and where SKUs are out of or low on stock. Use it for
    "what data do you have", "what is missing", "is everything up to date", or a first look at the shop.
    """
    rows = {table: shop.count(table) for table in TABLES}
    spans = {table: span for table in TABLES if (span := _span(shop, table)) is not None}
    findings = [_reach(shop, spans), _sells(shop)]
    findings += _missing(rows)
    findings += _holes(shop)
    findings += _stale(shop, spans)
    findings += _stock(shop)
    if not any(found.severity in ("act", "watch") for found in findings):
        findings.append(finding("shop_status.complete", "good", tables=count(len(TABLES))))
    return Result(
        findings=findings,
        tables=[_listing(rows, spans)],
        assumptions=[finding("shop_status.rate", days=days(RATE_DAYS))] if rows["inventory"] else [],
        data_used=DataUsed(as_of=shop.as_of, version=shop.version, tables=rows),
    )


def _span(shop: Shop, table: str) -> tuple[date, date] | None:
    column = DAY_OF.get(table)
    if column is None or not shop.count(table):
        return None
    first, last = shop.rows(f"SELECT min({column}), max({column}) FROM {table}")[0]  # noqa: S608
    return (first, last) if first else None


def _reach(shop: Shop, spans: dict[str, tuple[date, date]]) -> Finding:
    first = min((start for start, _ in spans.values()), default=shop.as_of)
    if "orders" not in spans:
        return finding("shop_status.no_orders", "act", as_of=on(shop.as_of))
    start, end = spans["orders"]
    return finding(
        "shop_status.reach", "info", About(start=first, end=end),
        orders=count(shop.count("orders")), start=on(start), end=on(end), as_of=on(shop.as_of),
    )  # fmt: skip


def _sells(shop: Shop) -> Finding:
    words = shop.vocabulary
    if not (words.products and words.countries and words.channels):
        return finding("shop_status.sells_count", skus=count(len(words.products)))
    return finding(
        "shop_status.sells", "info",
        About(countries=list(words.countries), channels=list(words.channels)),
        skus=count(len(words.products)),
        countries=several([country(name) for name in words.countries]),
        channels=several([channel(name) for name in words.channels]),
    )  # fmt: skip


def _missing(rows: dict[str, int]) -> list[Finding]:
    """One finding for each empty table, worded as what it keeps from being answered."""
    return [finding(f"shop_status.missing.{table}", "watch", table=code(table)) for table in TABLES if not rows[table]]


def _holes(shop: Shop) -> list[Finding]:
    """Gaps inside tables that are there: products without cost, sold SKUs nobody described, orders from nowhere."""
    holes: list[Finding] = []
    costless = [str(found[0]) for found in shop.rows("SELECT sku FROM products WHERE unit_cost IS NULL ORDER BY sku")]
    if costless:
        holes.append(
            finding(
                "shop_status.no_cost", "watch", About(skus=costless),
                n=count(len(costless)), skus=several([sku(name) for name in costless[:5]]),
            )
        )  # fmt: skip
    unknown = [
        str(found[0])
        for found in shop.rows(
            "SELECT DISTINCT sku FROM order_lines WHERE sku NOT IN (SELECT sku FROM products) ORDER BY sku"
        )
    ]
    if unknown and shop.count("products"):
        holes.append(
            finding(
                "shop_status.unlisted", "watch", About(skus=unknown),
                n=count(len(unknown)), skus=several([sku(name) for name in unknown[:5]]),
            )
        )  # fmt: skip
    nowhere = int(shop.rows("SELECT count(*) FROM orders WHERE country = 'ZZ'")[0][0])
    if nowhere:
        holes.append(finding("shop_status.no_country", "watch", n=count(nowhere)))
    return holes


def _stale(shop: Shop, spans: dict[str, tuple[date, date]]) -> list[Finding]:
    old: list[Finding] = []
    for table, allowed in STALE_AFTER_DAYS.items():
        if table not in spans:
            continue
        last = spans[table][1]
        late = (shop.as_of - last).days
        if late > allowed:
            old.append(
                finding(
                    "shop_status.stale", "watch", About(end=last),
                    table=code(table), last=on(last), late=days(late), as_of=on(shop.as_of),
                )
            )  # fmt: skip
    return old


def _stock(shop: Shop) -> list[Finding]:
    """Where a SKU has nothing left, and where its stock lasts less than two weeks at the recent rate of sale."""
    stock = held(shop, ())
    if stock is None:
        return []
    rates = _rates(shop, stock)
    empty = [cell for cell, free in stock.free.items() if free == 0 and rates.get(cell)]
    low = sorted((free / rates[cell], *cell) for cell, free in stock.free.items() if free and rates.get(cell))
    low = [place for place in low if place[0] < LOW_COVER_DAYS]
    told = [
        finding(
            "shop_status.stock", "info",
            units=units(sum(stock.free.values())), skus=count(len({name for name, _ in stock.free})),
            as_of=on(shop.as_of),
        )
    ]  # fmt: skip
    for name, house in empty[:TOLD]:
        told.append(
            finding("shop_status.out", "act", About(skus=[name]), sku=sku(name), warehouse=warehouse(house))
        )  # fmt: skip
    for cover, name, house in low[:TOLD]:
        told.append(
            finding(
                "shop_status.low", "watch", About(skus=[name]),
                sku=sku(name), warehouse=warehouse(house), units=units(stock.free[name, house]), cover=days(int(cover)),
            )
        )  # fmt: skip
    for key, places in (("shop_status.more_out", empty), ("shop_status.more_low", low)):
        if len(places) > TOLD:
            told.append(finding(key, "watch", n=count(len(places) - TOLD)))
    return told


def _rates(shop: Shop, stock: Held) -> dict[tuple[str, str], float]:
    """Units a day by SKU and the warehouse that answers them, over the last 28 days."""
    serves = serving(shop)
    rates: dict[tuple[str, str], float] = {}
    for name, land, sold in shop.rows(
        "SELECT l.sku, o.country, sum(l.quantity)::DOUBLE FROM orders o JOIN order_lines l USING (order_id) "
        "WHERE coalesce(o.status, 'paid') <> 'cancelled' AND o.ordered_at >= ?::DATE::TIMESTAMP "
        "AND o.ordered_at < ?::DATE::TIMESTAMP GROUP BY ALL ORDER BY ALL",
        [shop.as_of - timedelta(days=RATE_DAYS - 1), shop.as_of + timedelta(days=1)],
    ):
        house = home(str(land), str(name), serves, stock)
        if house is not None:
            rates[str(name), house] = rates.get((str(name), house), 0.0) + float(sold) / RATE_DAYS
    return rates


def _listing(rows: dict[str, int], spans: dict[str, tuple[date, date]]) -> Table:
    return Table(
        title="Data in the books",
        columns=[
            Column(name="table", kind="code"),
            Column(name="rows", kind="count"),
            Column(name="first day", kind="date"),
            Column(name="last day", kind="date"),
        ],
        rows=[
            [table, rows[table], *([day.isoformat() for day in spans[table]] if table in spans else [None, None])]
            for table in TABLES
        ],
    )


SHOP_STATUS = Tool("shop_status", ShopStatus, run)
