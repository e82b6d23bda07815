"""Order lines, with or without their order's columns: one file fills orders, lines, refunds and new products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop.records import Order

if TYPE_CHECKING:
    import duckdb

ORDER_FIELDS = tuple(name for name in Order.model_fields if name != "order_id")
WIDE = ("ordered_at", "currency")


class OrderLines:
    """Loads the typed rows of one file of order lines.

    A negative quantity is a return and becomes a refund of quantity x price less discount. An order with at least
    one sold line replaces the order of that id with all its lines and returns; one with returns only adds
    to what the shop knows of that order.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, columns: set[str], file: str) -> None:
        self._run = connection.execute
        self._columns = columns
        self._file = file
        self.wide = set(WIDE) <= columns
        self.warnings: list[str] = []

    def refuse(self) -> None:
        """Give the rows that cannot become lines or refunds their reason, after the order is known as a whole."""
        known = [name for name in ORDER_FIELDS if name in self._columns] if self.wide else []
        firsts = "".join(f', arg_min("{name}", source_line) AS "{name}"' for name in known)
        self._run(
            "CREATE OR REPLACE TEMP TABLE orders_read AS "  # noqa: S608
            f"SELECT order_id, bool_or(quantity > 0) AS sold, min(source_line) AS source_line{firsts} "
            "FROM typed WHERE why IS NULL GROUP BY order_id"
        )
        if self.wide:
            for name in WIDE:
                self._run(
                    "UPDATE typed SET why = ? WHERE why IS NULL AND order_id IN "  # noqa: S608
                    f'(SELECT order_id FROM orders_read WHERE "{name}" IS NULL)',
                    [f"{name} is missing"],
                )
                self._run(f'DELETE FROM orders_read WHERE "{name}" IS NULL')  # noqa: S608
            return
        self._run("ALTER TABLE orders_read ADD COLUMN ordered_at TIMESTAMP")
        self._run("ALTER TABLE orders_read ADD COLUMN currency VARCHAR")
        self._run(
            "UPDATE orders_read SET ordered_at = b.ordered_at, currency = b.currency FROM orders b "
            "WHERE b.order_id = orders_read.order_id"
        )
        self._run(
            "UPDATE typed SET why = ? WHERE why IS NULL AND quantity < 0 AND order_id IN "
            "(SELECT order_id FROM orders_read WHERE ordered_at IS NULL)",
            ["a return needs ordered_at and currency: its order is not known yet"],
        )

    def load(self) -> list[str]:
        """Write everything; returns the tables that received rows."""
        self._number()
        sold = self._count("SELECT count(*) FROM numbered WHERE quantity > 0")
        returned = self._count("SELECT count(*) FROM numbered WHERE quantity < 0")
        filled = ["order_lines"] if sold else []
        filled += ["orders"] if sold and self.wide else []
        filled += ["refunds"] if returned else []
        self._clear()
        if self.wide:
            self._orders()
        self._lines()
        self._refunds()
        if self._products():
            filled.append("products")
        self._notes()
        for table in ("numbered", "orders_read"):
            self._run(f"DROP TABLE {table}")
        return filled

    def _number(self) -> None:
        given = "line NULLS LAST, " if "line" in self._columns else ""
        discount = "discount" if "discount" in self._columns else "NULL::DECIMAL(18,4)"
        self._run(
            "CREATE OR REPLACE TEMP TABLE numbered AS SELECT order_id, sku, quantity, unit_price, source_line, "  # noqa: S608
            f"row_number() OVER (PARTITION BY order_id ORDER BY {given}source_line) AS line, {discount} AS discount "
            "FROM typed"
        )

    def _clear(self) -> None:
        """Take out what this file replaces."""
        replaced = "(SELECT order_id FROM orders_read WHERE sold)"
        self._run(f"DELETE FROM order_lines WHERE order_id IN {replaced}")  # noqa: S608
        if self.wide:
            self._run(f"DELETE FROM orders WHERE order_id IN {replaced}")  # noqa: S608
        self._run(
            "DELETE FROM refunds WHERE starts_with(refund_id, order_id || ':return:') AND "  # noqa: S608
            f"(order_id IN {replaced} OR refund_id IN "
            f"(SELECT {REFUND_ID} FROM numbered n JOIN orders_read o USING (order_id)))"
        )

    def _orders(self) -> None:
        values = []
        for name in ORDER_FIELDS:
            default = "ZZ" if name == "country" else Order.model_fields[name].default
            fallback = f"'{default}'" if isinstance(default, str) else "NULL"
            values.append(f'coalesce("{name}", {fallback})' if name in self._columns else fallback)
        names = ", ".join(ORDER_FIELDS)
        self._run(
            f"INSERT INTO orders (order_id, {names}, source_file, source_line) "  # noqa: S608
            f"SELECT order_id, {', '.join(values)}, ?, source_line FROM orders_read WHERE sold ORDER BY source_line",
            [self._file],
        )

    def _lines(self) -> None:
        self._run(
            "INSERT INTO order_lines (order_id, line, sku, quantity, unit_price, discount, source_file, source_line) "
            "SELECT order_id, line, sku, quantity, unit_price, discount, ?, source_line FROM numbered "
            "WHERE quantity > 0 ORDER BY source_line",
            [self._file],
        )

    def _refunds(self) -> None:
        self._run(
            "INSERT INTO refunds (refund_id, order_id, sku, quantity, amount, currency, refunded_at, source_file, "  # noqa: S608
            f"source_line) SELECT {REFUND_ID}, n.order_id, n.sku, -n.quantity, "
            "greatest(-n.quantity * n.unit_price - abs(coalesce(n.discount, 0)), 0)::DECIMAL(18,4), "
            "o.currency, o.ordered_at, ?, n.source_line "
            "FROM numbered n JOIN orders_read o USING (order_id) WHERE n.quantity < 0 ORDER BY n.source_line",
            [self._file],
        )

    def _products(self) -> int:
        """New SKUs get their most frequent name; of known ones only what is missing is filled."""
        name = "product_name" if "product_name" in self._columns else "NULL::VARCHAR"
        category = "category" if "category" in self._columns else "NULL::VARCHAR"
        self._run(
            "CREATE OR REPLACE TEMP TABLE products_read AS "  # noqa: S608
            f"WITH said AS (SELECT sku, {name} AS name, {category} AS category, source_line FROM typed), "
            "names AS (SELECT sku, name, count(*) AS n, min(source_line) AS first_line FROM said WHERE name IS NOT NULL GROUP BY 1, 2), "
            "kinds AS (SELECT sku, category, count(*) AS n, min(source_line) AS first_line FROM said WHERE category IS NOT NULL GROUP BY 1, 2), "
            "best AS (SELECT sku, arg_max(name, (n, -first_line)) AS name FROM names GROUP BY 1), "
            "kind AS (SELECT sku, arg_max(category, (n, -first_line)) AS category FROM kinds GROUP BY 1) "
            "SELECT s.sku, best.name, kind.category, min(s.source_line) AS source_line FROM said s "
            "LEFT JOIN best USING (sku) LEFT JOIN kind USING (sku) GROUP BY ALL"
        )
        self._run(
            "UPDATE products SET category = coalesce(products.category, r.category), "
            "name = CASE WHEN products.name = products.sku THEN coalesce(r.name, products.name) ELSE products.name END "
            "FROM products_read r WHERE r.sku = products.sku AND ((products.category IS NULL AND r.category IS NOT NULL) "
            "OR (products.name = products.sku AND r.name IS NOT NULL))"
        )
        fresh = "FROM products_read r WHERE NOT EXISTS (SELECT 1 FROM products b WHERE b.sku = r.sku)"
        made = self._count(f"SELECT count(*) {fresh}")
        self._run(
            "INSERT INTO products (sku, name, category, source_file, source_line) "
            f"SELECT r.sku, coalesce(r.name, r.sku), r.category, ?, r.source_line {fresh} ORDER BY r.source_line",
            [self._file],
        )
        self._run("DROP TABLE products_read")
        return made

    def _notes(self) -> None:
        free = self._count("SELECT count(*) FROM numbered WHERE quantity < 0 AND unit_price = 0")
        if free:
            self.warnings.append(f"{free:,} returns have price 0: they are kept as refunds of no money.")
        if self.wide:
            alone = self._count(
                "SELECT count(*) FROM orders_read WHERE NOT sold AND order_id NOT IN (SELECT order_id FROM orders)"
            )
            if alone:
                self.warnings.append(
                    f"{alone:,} order ids hold only returns: they are refunds without an order of their own."
                )
        else:
            alone = self._count("SELECT count(*) FROM orders_read WHERE order_id NOT IN (SELECT order_id FROM orders)")
            if alone:
                self.warnings.append(
                    f"{alone:,} orders of these lines are not in the shop: import the orders file too."
                )

    def _count(self, query: str) -> int:
        found = self._run(query).fetchone()
        return int(found[0]) if found else 0


REFUND_ID = "n.order_id || ':return:' || strftime(o.ordered_at, '%Y%m%d') || ':' || n.line"
