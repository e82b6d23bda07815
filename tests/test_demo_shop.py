"""The demo shop: the same seed, the same books; books that add up; what is planted is there; the truth stays apart."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pytest

from shop.demo import build, truth
from shop.demo.names import NAMES
from shop.demo.parameters import PRODUCTS
from shop.errors import ShopError
from shop.records import KEYS, TABLES
from shop.warehouse import Shop


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("demo")
    began = perf_counter()
    build(place)
    print(f"demo shop built in {perf_counter() - began:.1f} s")
    return place


@pytest.fixture(scope="module")
def shop(folder: Path) -> Shop:
    return Shop.open(folder)


@pytest.fixture(scope="module")
def known(folder: Path) -> truth.Truth:
    return truth.load(folder)


def fingerprints(folder: Path) -> dict[str, tuple[object, ...]]:
    opened = Shop.open(folder)
    return {t: opened.rows(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t) % 1000003) FROM {t} t")[0] for t in TABLES}


def empty(shop: Shop, query: str) -> None:
    assert shop.rows(query) == []


@pytest.mark.slow
def test_same_seed_same_rows_other_seed_other_rows(folder: Path, tmp_path: Path) -> None:
    build(tmp_path / "again")
    build(tmp_path / "other", seed=7)
    first = fingerprints(folder)
    assert fingerprints(tmp_path / "again") == first
    other = fingerprints(tmp_path / "other")
    assert [t for t in ("orders", "order_lines", "inventory", "traffic") if other[t] == first[t]] == []
    again = truth.load(tmp_path / "again")
    pd.testing.assert_frame_equal(truth.load(folder).demand, again.demand)
    assert truth.load(folder).facts == again.facts


def test_settings_and_size(shop: Shop) -> None:
    assert (shop.name, shop.base_currency, shop.as_of) == ("Northlane", "USD", date(2026, 11, 15))
    assert 60_000 <= shop.count("orders") <= 150_000
    assert [t for t in TABLES if shop.count(t) == 0] == ["settlements"]  # its marketplace sends none
    assert set(shop.vocabulary.countries) == {"US", "DE", "FR", "GB", "JP"}
    assert set(shop.vocabulary.channels) == {"shopify", "amazon", "alibaba"}
    assert shop.vocabulary.warehouses == ("CN-NGB", "EU-RTM", "US-LAX")
    assert {p.sku for p in shop.vocabulary.products} == {p.sku for p in PRODUCTS}
    first, last = shop.rows("SELECT min(ordered_at)::DATE, max(ordered_at)::DATE FROM orders")[0]
    assert (first, last) == (date(2024, 11, 16), date(2026, 11, 15))


@pytest.mark.parametrize("table", TABLES)
def test_keys_are_unique(shop: Shop, table: str) -> None:
    keys = ", ".join(KEYS[table])
    empty(shop, f"SELECT {keys} FROM {table} GROUP BY {keys} HAVING count(*) > 1 LIMIT 3")


@pytest.mark.parametrize("table", [t for t in TABLES if t != "products" and "sku" in TABLES[t].model_fields])
def test_every_sku_is_a_product(shop: Shop, table: str) -> None:
    empty(shop, f"SELECT sku FROM {table} ANTI JOIN products USING (sku) WHERE sku IS NOT NULL LIMIT 3")


@pytest.mark.parametrize("table", ["order_lines", "refunds", "shipments", "tickets"])
def test_every_row_has_its_order(shop: Shop, table: str) -> None:
    empty(shop, f"SELECT order_id FROM {table} ANTI JOIN orders USING (order_id) LIMIT 3")


def test_orders_and_lines_agree(shop: Shop) -> None:
    empty(shop, "SELECT order_id FROM orders ANTI JOIN order_lines USING (order_id) LIMIT 3")
    empty(shop, "SELECT order_id FROM order_lines WHERE quantity <= 0 OR discount >= quantity * unit_price LIMIT 3")
    empty(shop, "SELECT l.sku FROM order_lines l JOIN orders o USING (order_id) JOIN products p USING (sku) "
                "WHERE o.ordered_at::DATE < p.launched_on LIMIT 3")  # fmt: skip


def test_paid_price_is_the_asking_price_of_the_day(shop: Shop) -> None:
    empty(shop, "SELECT l.order_id FROM orders o JOIN order_lines l USING (order_id) ASOF LEFT JOIN prices p "
                "ON l.sku = p.sku AND o.country = p.country AND o.channel = p.channel "
                "AND o.ordered_at >= p.effective_from "
                "WHERE p.price IS DISTINCT FROM l.unit_price OR p.currency <> o.currency LIMIT 3")  # fmt: skip


def test_refunds_never_exceed_what_was_sold_and_paid(shop: Shop) -> None:
    empty(shop, "SELECT order_id, sku FROM (SELECT order_id, sku, sum(quantity) q, sum(amount) a FROM refunds GROUP BY 1, 2) "
                "JOIN order_lines l USING (order_id, sku) WHERE q > l.quantity OR a > l.quantity * l.unit_price - l.discount + 0.05")  # fmt: skip
    empty(shop, "SELECT order_id FROM refunds ANTI JOIN order_lines USING (order_id, sku)")
    empty(shop, "SELECT order_id FROM refunds JOIN orders o USING (order_id) "
                "WHERE refunded_at < ordered_at OR refunded_at::DATE > DATE '2026-11-15' OR o.status = 'cancelled'")  # fmt: skip


def test_yen_are_whole(shop: Shop) -> None:
    yen = "currency = 'JPY'"
    empty(shop, f"SELECT 1 FROM prices WHERE {yen} AND price % 1 <> 0")
    empty(
        shop,
        f"SELECT 1 FROM order_lines JOIN orders USING (order_id) WHERE {yen} AND (unit_price % 1 <> 0 OR discount % 1 <> 0)",
    )
    empty(shop, f"SELECT 1 FROM refunds WHERE {yen} AND amount % 1 <> 0")


def test_stock_balances_every_day(shop: Shop) -> None:
    """Yesterday + good units received - units of orders that were not cancelled = today, and never below zero."""
    empty(shop, "SELECT * FROM inventory WHERE on_hand < 0 LIMIT 1")
    empty(
        shop,
        """
        WITH moves AS (
            SELECT o.ordered_at::DATE AS day, l.sku, -l.quantity AS units,
                CASE WHEN o.channel = 'alibaba' OR o.country = 'JP' THEN 'CN-NGB'
                     WHEN o.country = 'US' THEN 'US-LAX' ELSE 'EU-RTM' END AS warehouse
            FROM orders o JOIN order_lines l USING (order_id) WHERE o.status <> 'cancelled'
            UNION ALL
            SELECT received_on, sku, quantity - defects, warehouse FROM purchase_orders WHERE status = 'received'
        ), net AS (SELECT day, sku, warehouse, sum(units) AS units FROM moves GROUP BY ALL),
        stock AS (SELECT day, sku, warehouse, on_hand,
            on_hand - lag(on_hand) OVER (PARTITION BY sku, warehouse ORDER BY day) AS change FROM inventory)
        SELECT stock.*, net.units FROM stock LEFT JOIN net USING (day, sku, warehouse)
        WHERE change IS NOT NULL AND change <> coalesce(net.units, 0) LIMIT 3""",
    )


def test_purchase_orders_know_only_the_past(shop: Shop) -> None:
    empty(shop, "SELECT po_id FROM purchase_orders WHERE ordered_on > DATE '2026-11-15' OR received_on > DATE '2026-11-15' "
                "OR (status = 'open') <> (received_on IS NULL) OR (received_on IS NULL AND defects IS NOT NULL)")  # fmt: skip
    assert shop.rows("SELECT count(*) FROM purchase_orders WHERE status = 'open'")[0][0] >= 10
    empty(
        shop,
        "SELECT shipment_id FROM shipments WHERE shipped_on > DATE '2026-11-15' OR delivered_on > DATE '2026-11-15'",
    )


def test_alias_means_one_sku() -> None:
    said = Counter(a.casefold() for name, aliases in NAMES.values() for a in {x.casefold() for x in (name, *aliases)})
    assert [alias for alias, times in said.items() if times > 1] == []
    assert not {"bottle", "bottles", "水壶", "保温杯", "flasche", "gourde", "band", "bands", "弹力带"} & set(said)
    assert set(NAMES) == {p.sku for p in PRODUCTS}
    assert {a for a in said if "|" in a} == set()


def test_sales_are_demand_cut_by_stock(known: truth.Truth) -> None:
    past = known.demand.dropna(subset=["demand"])
    assert (past["sold"] <= past["demand"]).all()
    assert int(past["demand"].sum() - past["sold"].sum()) > 500
    ratio = float(past["demand"].sum() / past["mean"].sum())
    assert abs(ratio - 1) < 0.02, "drawn demand must scatter around the stated mean"
    future = known.demand[known.demand["day"] > "2026-11-15"]
    assert future["demand"].isna().all()
    assert future["day"].nunique() == 92
    black = known.demand[known.demand["day"] == "2026-11-27"]["mean"].sum()
    usual = known.demand[known.demand["day"] == "2026-11-13"]["mean"].sum()
    assert black > 2.5 * usual


def test_stockouts_hide_demand(shop: Shop, known: truth.Truth) -> None:
    runs = known.stockouts.groupby(["sku", "warehouse"])["day"].nunique()
    assert (runs >= 7).sum() >= 6
    assert known.stockouts["lost"].sum() > 300
    recent = known.stockouts[(known.stockouts["sku"] == "SOCK-3P") & (known.stockouts["day"] >= "2026-10-15")]
    assert 7 <= len(recent) <= 28
    for outage in known.facts["outages"]:
        days = known.stockouts[
            (known.stockouts["sku"] == outage["sku"]) & (known.stockouts["warehouse"] == outage["warehouse"])
        ]["day"]
        around = (
            pd.Timestamp(outage["start"]) - pd.Timedelta(days=15),
            pd.Timestamp(outage["end"]) + pd.Timedelta(days=2),
        )
        if outage["start"] <= "2026-11-15":
            assert days.between(*around).sum() >= 4, outage
    zero = shop.frame("SELECT day, sku, warehouse FROM inventory WHERE on_hand = 0")
    assert len(zero) == len(known.stockouts)


def stock_and_need(
    shop: Shop, known: truth.Truth, sku: str, house: str, countries: list[str], until: str
) -> tuple[int, float]:
    stock = int(
        shop.rows(
            "SELECT on_hand FROM inventory WHERE day = DATE '2026-11-15' AND sku = ? AND warehouse = ?", [sku, house]
        )[0][0]
    )
    d = known.demand
    ahead = d[
        (d["sku"] == sku)
        & d["country"].isin(countries)
        & (d["channel"] != "alibaba")
        & (d["day"] > "2026-11-15")
        & (d["day"] <= until)
    ]
    return stock, float(ahead["mean"].sum())


def test_black_friday_and_excess(shop: Shop, known: truth.Truth) -> None:
    stock, need = stock_and_need(shop, known, "BOT-750", "US-LAX", ["US"], "2026-11-27")
    assert 0 < stock < need, "BOT-750 has to run out in the US by Black Friday"
    promised = shop.rows(
        "SELECT min(promised_on) FROM purchase_orders WHERE sku = 'BOT-750' AND warehouse = 'US-LAX' AND status = 'open'"
    )
    assert promised[0][0] is not None
    stock, need = stock_and_need(shop, known, "ROLL-45", "EU-RTM", ["DE", "FR", "GB"], "2027-02-15")
    assert stock > 2 * need, "ROLL-45 has far too much stock in Europe"
    stock, need = stock_and_need(shop, known, "GEL-24", "US-LAX", ["US"], "2027-02-15")
    assert stock > 3 * need, "GEL-24 expires before it is sold"


def test_price_test_moved_demand_as_stated(known: truth.Truth, shop: Shop) -> None:
    asked = shop.rows(
        "SELECT effective_from, price FROM prices WHERE sku = 'BOT-750' AND country = 'US' AND channel = 'shopify' ORDER BY 1"
    )
    assert len(asked) == 8
    d = known.demand
    cell = d[(d["sku"] == "BOT-750") & (d["country"] == "US") & (d["channel"] == "shopify")].set_index("day")["mean"]
    prices = pd.Series({pd.Timestamp(day): float(price) for day, price in asked}).reindex(cell.index, method="ffill")
    window = slice("2026-02-02", "2026-04-26")
    slope = np.polyfit(np.log(prices[window]), np.log(cell[window]), 1)[0]
    stated = known.elasticities.set_index(["sku", "country"]).loc[("BOT-750", "US"), "elasticity"]
    assert abs(slope - stated) < 0.8


def test_planted_fraud_looks_like_fraud(shop: Shop, known: truth.Truth) -> None:
    planted = known.facts["fraud_orders"]
    assert len(planted) >= 40
    rows = shop.frame("SELECT * FROM orders WHERE list_contains(?, order_id)", [planted])
    assert len(rows) == len(planted)
    assert (rows["billing_country"] != rows["country"]).all()
    assert (rows["ip_country"] != rows["country"]).all()
    assert rows["address_hash"].nunique() == len(known.facts["fraud_rings"])
    assert rows["customer_id"].nunique() > 30
    assert (rows["shipping_charged"] > 10).all()
    honest = shop.rows(
        "SELECT count(*) FROM orders WHERE billing_country <> country AND NOT list_contains(?, order_id)", [planted]
    )
    assert honest[0][0] > 200, "honest orders must also mismatch, or the rule would be trivial"


def test_planted_refund_abuse(shop: Shop, known: truth.Truth) -> None:
    rows = shop.frame(
        "SELECT r.reason, o.address_hash FROM refunds r JOIN orders o USING (order_id) WHERE list_contains(?, o.customer_id)",
        [known.facts["refund_abuse_customers"]],
    )
    assert len(rows) >= 8
    assert set(rows["reason"]) == {"ITEM_NOT_RECEIVED"}
    assert rows["address_hash"].nunique() == 1


def test_return_causes_show_in_rates_and_words(shop: Shop, known: truth.Truth) -> None:
    assert set(known.return_causes["refund_id"]) == {r[0] for r in shop.rows("SELECT refund_id FROM refunds")}
    rate = "SELECT (SELECT sum(quantity) FROM refunds JOIN orders USING (order_id) WHERE {0}) / (SELECT sum(quantity) FROM order_lines JOIN orders USING (order_id) WHERE channel <> 'alibaba' AND {0})"
    batch = "sku = 'BOT-500' AND country IN ('DE', 'FR', 'GB', 'US') AND ordered_at::DATE BETWEEN "
    bad = shop.rows(rate.format(batch + "DATE '2026-08-05' AND DATE '2026-10-10'"))[0][0]
    good = shop.rows(rate.format(batch + "DATE '2026-02-05' AND DATE '2026-04-10'"))[0][0]
    assert bad > 3 * good
    vests = shop.rows("SELECT reason FROM refunds WHERE sku = 'VEST-HI' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    assert vests == [("SIZE_TOO_SMALL",)]
    leaks = shop.rows(
        "SELECT count(*) FROM refunds WHERE sku = 'BOT-500' AND (comment ILIKE '%leak%' OR comment ILIKE '%undicht%' OR comment ILIKE '%fuit%')"
    )
    assert leaks[0][0] >= 30


def test_suppliers_behave_as_planted(shop: Shop, known: truth.Truth) -> None:
    assert shop.count("suppliers") == 9
    scam = known.facts["scam_suppliers"][0]
    row = shop.frame("SELECT * FROM suppliers WHERE supplier_id = ?", [scam]).iloc[0]
    assert row["bank_country"] != row["country"]
    assert not row["accepts_samples"]
    copied = shop.rows("SELECT count(*) FROM suppliers WHERE contains(certificates, ?)", [row["certificates"]])
    assert copied[0][0] == 2
    empty(shop, f"SELECT 1 FROM supplier_offers WHERE supplier_id = '{scam}' AND deposit_pct <> 100")
    late = shop.frame(
        "SELECT supplier_id, avg(received_on - promised_on) AS days FROM purchase_orders WHERE status = 'received' GROUP BY 1 HAVING count(*) >= 5"
    )
    assert late.sort_values("days")["supplier_id"].iloc[-1] == known.facts["late_suppliers"][0]
    assert len(late) >= 6
    gone_bad, since = next(iter(known.facts["defect_suppliers"].items()))
    share = "SELECT sum(defects) / sum(quantity) FROM purchase_orders WHERE supplier_id = ? AND status = 'received' AND ordered_on {} ?::DATE"
    assert (
        shop.rows(share.format(">="), [gone_bad, since])[0][0]
        > 5 * shop.rows(share.format("<"), [gone_bad, since])[0][0]
    )


def test_tickets_and_planted_instructions(shop: Shop, known: truth.Truth) -> None:
    assert shop.count("tickets") >= 150
    assert shop.rows(
        "SELECT min(received_at)::DATE >= DATE '2026-07-18', max(received_at)::DATE <= DATE '2026-11-15' FROM tickets"
    ) == [(True, True)]
    assert {"en", "de", "fr", "ja"} <= {r[0] for r in shop.rows("SELECT DISTINCT language FROM tickets")}
    planted = known.facts["tickets_with_planted_instructions"]
    texts = shop.rows("SELECT text FROM tickets WHERE list_contains(?, ticket_id)", [planted])
    assert len(texts) == 2
    assert all("ASSIST" in t.upper() for (t,) in texts)


def test_reviews_speak_of_real_purchases(shop: Shop) -> None:
    assert shop.count("reviews") >= 300
    assert {"en", "de", "fr", "ja"} <= {r[0] for r in shop.rows("SELECT DISTINCT language FROM reviews")}
    empty(
        shop,
        "SELECT 1 FROM reviews r JOIN products p USING (sku) WHERE reviewed_on < launched_on OR reviewed_on > DATE '2026-11-15'",
    )


def test_customers_lean_to_a_theme(shop: Shop, known: truth.Truth) -> None:
    """Two orders of one customer share a theme more often than two orders of two customers."""
    themes = pd.DataFrame([{"sku": p["sku"], "theme": p["theme"]} for p in known.facts["products"]])
    first = shop.frame(
        "SELECT o.customer_id, min_by(l.sku, l.line) AS sku, o.ordered_at FROM orders o JOIN order_lines l USING (order_id) "
        "WHERE o.channel <> 'alibaba' GROUP BY ALL ORDER BY o.customer_id, o.ordered_at"
    ).merge(themes, on="sku")  # fmt: skip
    first = first.sort_values(["customer_id", "ordered_at"])
    following = first.shift(-1)
    same = first["customer_id"] == following["customer_id"]
    share = (first["theme"] == following["theme"])[same].mean()
    assert same.sum() > 10_000
    assert share > (first["theme"].value_counts(normalize=True) ** 2).sum() + 0.1


def test_competitors_leave_the_stated_holes(shop: Shop, known: truth.Truth) -> None:
    for category, country, competitor, factor in known.facts["price_gaps"]:
        asked = shop.rows(
            "SELECT median(c.price / p.price) FROM competitor_prices c ASOF JOIN prices p ON c.sku = p.sku AND c.country = p.country "
            "AND c.channel = p.channel AND c.day >= p.effective_from "
            "WHERE c.category = ? AND c.country = ? AND c.competitor = ? AND c.day > DATE '2026-09-01'",
            [category, country, competitor],
        )  # fmt: skip
        assert abs(float(asked[0][0]) / factor - 1) < 0.25


def test_rising_term_rises(shop: Shop, known: truth.Truth) -> None:
    term = known.facts["rising_terms"]["US"][0]
    counts = shop.rows(
        "SELECT sum(searches) FILTER (day > DATE '2026-10-18'), sum(searches) FILTER (day BETWEEN DATE '2026-07-20' AND DATE '2026-08-16') "
        "FROM searches WHERE term = ?", [term])  # fmt: skip
    assert counts[0][0] > 2 * counts[0][1]


def test_truth_stays_apart(shop: Shop, folder: Path) -> None:
    tables = {r[0] for r in shop.rows("SELECT table_name FROM information_schema.tables")}
    assert tables == {*TABLES, "settings"}
    for table in TABLES:
        columns = {
            r[0] for r in shop.rows("SELECT column_name FROM information_schema.columns WHERE table_name = ?", [table])
        }
        assert columns == {*TABLES[table].model_fields, "source_file", "source_line"}
    assert {p.name for p in folder.iterdir()} == {"books", "truth"}
    root = Path(__file__).parents[1]
    readers = [
        str(path.relative_to(root))
        for part in ("tools", "agent", "knowledge", "app.py", "cli.py")
        for path in ([root / part] if part.endswith(".py") else (root / part).rglob("*.py"))
        if path.is_file() and ("demo.truth" in path.read_text() or "demo import truth" in path.read_text())
    ]
    assert readers == []


def test_loading_a_truth_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ShopError, match="pacer demo"):
        truth.load(tmp_path)


def test_every_row_knows_its_source(shop: Shop) -> None:
    for table in TABLES:
        rows = shop.rows(f"SELECT count(*), count(DISTINCT source_line), any_value(source_file) FROM {table}")[0]
        assert rows[0] == rows[1]
        assert rows[2] == "demo" or not rows[0]
