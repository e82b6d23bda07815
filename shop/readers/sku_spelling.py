"""One spelling for a SKU: codes that differ only in upper and lower case are the same product."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def join_spellings(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Give rows of `typed` the shop's spelling of their SKU, else the most frequent one of the file.

    A spelling that the shop's own products hold stays. Returns a warning when rows were changed.
    """
    columns = {row[0] for row in connection.execute("DESCRIBE typed").fetchall()}
    if "sku" not in columns:
        return None
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE spelling AS WITH said AS "
        "(SELECT sku, count(*) AS n FROM typed WHERE sku IS NOT NULL GROUP BY sku), "
        "own AS (SELECT lower(sku) AS bare, min(sku) AS sku FROM products GROUP BY 1), "
        "best AS (SELECT lower(sku) AS bare, arg_max(sku, n) AS sku FROM said GROUP BY 1) "
        "SELECT said.sku AS was, coalesce(own.sku, best.sku) AS sku FROM said JOIN best ON best.bare = lower(said.sku) "
        "LEFT JOIN own ON own.bare = best.bare WHERE said.sku NOT IN (SELECT sku FROM products) "
        "AND said.sku <> coalesce(own.sku, best.sku)"
    )
    joined = connection.execute("SELECT count(*) FROM spelling").fetchone()
    if joined and joined[0]:
        connection.execute("UPDATE typed SET sku = spelling.sku FROM spelling WHERE typed.sku = spelling.was")
    connection.execute("DROP TABLE spelling")
    if not joined or not joined[0]:
        return None
    return f"{joined[0]:,} SKUs are also written in another case; their rows are kept under one spelling."
