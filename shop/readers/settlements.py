"""A marketplace's settlement on its way into the books: whole, to the cent, or not at all.

Amazon's flat file V2 has one row for each amount. Its first row holds the total paid out and the currency; the amounts of
the others have to add up to that total, else rows are missing or were read wrongly.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from shop.errors import ShopError

if TYPE_CHECKING:
    import duckdb

NEEDED = ("settlement_id", "total_amount", "amount", "currency", "amount_type", "amount_description", "transaction")
DOMAINS = {"com": "US", "co.uk": "GB", "co.jp": "JP", "com.mx": "MX", "com.au": "AU", "com.br": "BR", "com.tr": "TR", "com.be": "BE"}  # fmt: skip
UNKNOWN = "ZZ"


def need(columns: dict[str, int], file: str) -> None:
    """Raise ShopError when a settlement file lacks a column without which it cannot be added up."""
    lacks = [name.replace("_", "-") for name in NEEDED if name not in columns]
    if lacks:
        raise ShopError(f"{file}: a settlement needs {', '.join(lacks)} too.")


def country_of(marketplace: str | None) -> str | None:
    """The country of a marketplace by its name, such as Amazon.de; None where the name does not tell."""
    domain = (marketplace or "").strip().lower().removeprefix("www.").partition("amazon.")[2]
    return DOMAINS.get(domain) or (domain.upper() if len(domain) == 2 and domain.isalpha() else None)


class Settlements:
    """Loads the typed rows of one settlement file; it may hold several settlements."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: str) -> None:
        self._connection = connection
        self._file = file
        self.warnings: list[str] = []

    def refuse(self) -> None:
        """Refuse the rows without an amount. Raises ShopError where a settlement does not add up to its total."""
        run = self._connection.execute
        run("UPDATE typed SET why = 'amount is missing' WHERE why IS NULL AND amount IS NULL AND total_amount IS NULL")
        self._reconcile()
        run("ALTER TABLE typed ADD COLUMN line BIGINT")
        run("ALTER TABLE typed ADD COLUMN country VARCHAR")
        run("ALTER TABLE typed ADD COLUMN channel VARCHAR")
        run("UPDATE typed SET line = source_line, channel = 'amazon'")
        run(
            "UPDATE typed SET currency = coalesce(typed.currency, h.currency), paid_on = coalesce(typed.paid_on, h.paid_on) "
            "FROM (SELECT settlement_id, any_value(currency) AS currency, any_value(paid_on) AS paid_on FROM typed "
            "WHERE total_amount IS NOT NULL GROUP BY 1) h WHERE h.settlement_id = typed.settlement_id"
        )
        self._place()

    def load(self) -> None:
        """Make room for the settlements of the file: one that comes again replaces the old one with all its rows."""
        self._connection.execute("DELETE FROM typed WHERE amount IS NULL")
        self._connection.execute(
            "DELETE FROM settlements WHERE settlement_id IN (SELECT DISTINCT settlement_id FROM typed)"
        )

    def _reconcile(self) -> None:
        run = self._connection.execute
        for settlement, totals, total, currencies, currency, parts in run(
            "SELECT settlement_id, count(DISTINCT total_amount), max(total_amount), "
            "count(DISTINCT currency), max(currency), coalesce(sum(amount), 0) FROM typed "
            "WHERE why IS NULL GROUP BY 1 ORDER BY 1"
        ).fetchall():
            name = f"{self._file}: settlement {settlement}"
            if totals != 1:
                raise ShopError(f"{name} has {totals} rows with a total-amount: it needs one, so nothing is loaded.")
            if currencies != 1:
                raise ShopError(f"{name} names {currencies} currencies: it needs one, so nothing is loaded.")
            difference = Decimal(total) - Decimal(parts)
            if difference:
                raise ShopError(
                    f"{name} adds up to {_money(parts)} {currency}, but its total-amount is {_money(total)}: "
                    f"{_money(difference)} {currency} differ, so nothing is loaded{self._unread()}."
                )

    def _unread(self) -> str:
        """How many rows could not be read, which is the likely reason."""
        found = self._connection.execute(
            "SELECT count(*), min(source_line), arg_min(why, source_line) FROM typed WHERE why IS NOT NULL"
        ).fetchone()
        if not found or not found[0]:
            return ""
        return f" ({found[0]:,} rows could not be read, the first is line {found[1]}: {found[2]})"

    def _place(self) -> None:
        """The country of each row: its marketplace's, else that of most rows of the settlement, else not known."""
        run = self._connection.execute
        if "marketplace" not in {str(row[0]) for row in run("DESCRIBE typed").fetchall()}:
            run("UPDATE typed SET country = ?", [UNKNOWN])
        else:
            for (name,) in run("SELECT DISTINCT marketplace FROM typed WHERE marketplace IS NOT NULL").fetchall():
                run("UPDATE typed SET country = ? WHERE marketplace = ?", [country_of(name), name])
            run(
                "UPDATE typed SET country = coalesce(typed.country, m.country, ?) FROM "
                "(SELECT settlement_id, mode(country) AS country FROM typed GROUP BY 1) m "
                "WHERE m.settlement_id = typed.settlement_id",
                [UNKNOWN],
            )
        found = run("SELECT count(*) FROM typed WHERE country = ? AND why IS NULL", [UNKNOWN]).fetchone()
        if found and found[0]:
            self.warnings.append(f"country: {found[0]:,} rows name no marketplace; they are kept under {UNKNOWN}.")


def _money(amount: Decimal) -> str:
    return f"{Decimal(amount):,.2f}"
