"""The UCI Online Retail data, imported as plain CSV: every line is loaded or refused, and the sums agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from shop.readers import import_files
from shop.warehouse import Shop

ONLINE_RETAIL = Path(__file__).parents[2] / "shared" / "data" / "online_retail.parquet"


@pytest.mark.slow
@pytest.mark.skipif(not ONLINE_RETAIL.exists(), reason="the Online Retail parquet file is not beside the checkout")
def test_541_909_real_lines_reconcile(tmp_path) -> None:
    import duckdb

    from benchmarks.import_speed import plain_csv

    plain_csv(ONLINE_RETAIL, tmp_path / "online_retail.csv")
    report = import_files(tmp_path / "shop", [tmp_path / "online_retail.csv"])
    shop = Shop.open(tmp_path / "shop")
    data = duckdb.connect().execute("CREATE TABLE t AS SELECT * FROM read_parquet(?)", [str(ONLINE_RETAIL)])

    def truth(query: str) -> list[tuple[object, ...]]:
        return data.execute(query).fetchall()

    price = "round(UnitPrice, 4)::DECIMAL(18,4)"
    assert (report.rows_in, report.rows_refused) == (541_909, 2)
    assert report.files[0].reasons == {"unit_price is negative": 2}
    assert shop.rows("SELECT count(*), sum(quantity), sum(quantity * unit_price) FROM order_lines") == truth(
        f"SELECT count(*), sum(Quantity), sum(Quantity * {price}) FROM t WHERE Quantity > 0 AND UnitPrice >= 0"
    )
    assert shop.rows("SELECT count(*), sum(quantity), sum(amount) FROM refunds") == truth(
        f"SELECT count(*), -sum(Quantity), -sum(Quantity * {price}) FROM t WHERE Quantity < 0"
    )
    assert shop.rows("SELECT count(*), min(ordered_at), max(ordered_at) FROM orders") == truth(
        "SELECT count(DISTINCT InvoiceNo), min(InvoiceDate), max(InvoiceDate) FROM t WHERE Quantity > 0 AND UnitPrice >= 0"
    )
    assert shop.rows("SELECT count(*) FROM products") == truth(
        "SELECT count(DISTINCT upper(StockCode)) FROM t WHERE UnitPrice >= 0"
    )
    assert shop.rows(
        "SELECT country, count(*) FROM orders WHERE country IN ('IE', 'ZA', 'ZZ', 'EU') GROUP BY 1 ORDER BY 1"
    ) == truth(
        "SELECT CASE Country WHEN 'EIRE' THEN 'IE' WHEN 'RSA' THEN 'ZA' WHEN 'Unspecified' THEN 'ZZ' ELSE 'EU' END AS c, "
        "count(DISTINCT InvoiceNo) FROM t WHERE Country IN ('EIRE', 'RSA', 'Unspecified', 'European Community') "
        "AND Quantity > 0 GROUP BY 1 ORDER BY 1"
    )
