"""The DuckDB warehouse: readers see one finished version, one writer at a time makes the next.

DuckDB lets one process write a file or many read it, never both. So every version is a file of
its own: a writer copies the current one, changes the copy, and moves the pointer in one rename.
Readers never wait and never see half an import.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from shop.errors import ShopError, ShopLocked
from shop.records import TABLES, ddl

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

LOCK_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class ProductName:
    """A SKU and every name it is known by."""

    sku: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The words a question can use: what this shop sells, where, and through what."""

    products: tuple[ProductName, ...]
    countries: tuple[str, ...]
    channels: tuple[str, ...]
    warehouses: tuple[str, ...]
    base_currency: str
    as_of: date


class Shop:
    """A read-only view of one version of a shop's books."""

    def __init__(self, folder: Path, version: int, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self.version = version
        self._connection = connection

    @classmethod
    def open(cls, folder: Path | str) -> Shop:
        """Open the newest finished version. Raises ShopError when the folder holds no shop."""
        folder = Path(folder)
        version = current_version(folder)
        if version == 0:
            raise ShopError(f"There is no shop in {folder}: make one with `pacer demo` or `pacer import FILE`.")
        return cls(folder, version, _connect(version_file(folder, version), read_only=True))

    def newest(self) -> Shop:
        """This view, or a view of the version that has been written since."""
        return self if current_version(self.folder) == self.version else Shop.open(self.folder)

    def frame(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Rows of a parametrised SELECT as a DataFrame. Safe to call from several threads."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(query, list(parameters)).df()
        finally:
            cursor.close()

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a parametrised SELECT as tuples; money stays Decimal."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(query, list(parameters)).fetchall()
        finally:
            cursor.close()

    def count(self, table: str) -> int:
        """Number of rows of one table."""
        if table not in TABLES:
            raise ShopError(f"There is no table {table}; there are: {', '.join(TABLES)}.")
        if table not in self._tables:  # books written before the table was thought of
            return 0
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(str(name) for (name,) in self.rows("SELECT table_name FROM duckdb_tables()"))

    def setting(self, name: str) -> str | None:
        """A setting of the shop: name, base_currency, as_of."""
        found = self.rows("SELECT value FROM settings WHERE name = ?", [name])
        return str(found[0][0]) if found else None

    @cached_property
    def as_of(self) -> date:
        """The shop's today: set, or the last day any order, stock or traffic row speaks of."""
        stated = self.setting("as_of")
        if stated:
            return date.fromisoformat(stated)
        last = self.rows(
            "SELECT max(day) FROM (SELECT max(ordered_at)::DATE AS day FROM orders "
            "UNION ALL SELECT max(day) FROM inventory UNION ALL SELECT max(day) FROM traffic)"
        )[0][0]
        if last is None:
            raise ShopError("The shop has no dated rows yet: import orders first with `pacer import FILE`.")
        return last  # type: ignore[no-any-return]

    @cached_property
    def base_currency(self) -> str:
        """The currency answers are given in: set, or the one most orders use, else USD."""
        stated = self.setting("base_currency")
        if stated:
            return stated
        found = self.rows("SELECT currency FROM orders GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
        return str(found[0][0]) if found else "USD"

    @cached_property
    def name(self) -> str:
        """The shop's name."""
        return self.setting("name") or self.folder.name

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """SKUs (best sellers first), countries and channels (largest first), warehouses."""
        products = self.rows(
            "SELECT p.sku, p.name, p.aliases FROM products p LEFT JOIN "
            "(SELECT sku, sum(quantity) AS sold FROM order_lines GROUP BY 1) s USING (sku) "
            "ORDER BY coalesce(sold, 0) DESC, p.sku"
        )
        return Vocabulary(
            products=tuple(
                ProductName(sku, name, tuple(a.strip() for a in (aliases or "").split("|") if a.strip()))
                for sku, name, aliases in products
            ),
            countries=self._column("SELECT country FROM orders GROUP BY 1 ORDER BY count(*) DESC, 1"),
            channels=self._column("SELECT channel FROM orders GROUP BY 1 ORDER BY count(*) DESC, 1"),
            warehouses=self._column("SELECT warehouse FROM warehouses ORDER BY 1"),
            base_currency=self.base_currency,
            as_of=self.as_of,
        )

    def _column(self, query: str) -> tuple[str, ...]:
        return tuple(str(row[0]) for row in self.rows(query))


def current_version(folder: Path) -> int:
    """The number of the newest finished version, 0 when there is none."""
    try:
        return int(json.loads((folder / "books" / "current.json").read_text())["version"])
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError) as broken:
        raise ShopError(f"{folder / 'books' / 'current.json'} is damaged: restore it or import again.") from broken


def version_file(folder: Path, version: int) -> Path:
    """The DuckDB file of one version."""
    return folder / "books" / f"{version:06d}.duckdb"


@contextmanager
def writing(folder: Path, what: str, fresh: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Make the next version: yields a connection to a private copy, published when the block ends well.

    `what` names the work for whoever has to wait, `fresh` starts from empty tables.
    Raises ShopLocked after 10 s, naming the process that writes. On any error nothing changes.
    """
    books = folder / "books"
    books.mkdir(parents=True, exist_ok=True)
    with write_lock(folder, what):
        before = current_version(folder)
        target = version_file(folder, before + 1)
        target.unlink(missing_ok=True)
        if before and not fresh:
            shutil.copyfile(version_file(folder, before), target)
        connection = _connect(target)
        try:
            connection.execute("CREATE TABLE IF NOT EXISTS settings (name VARCHAR PRIMARY KEY, value VARCHAR)")
            for table in TABLES:
                connection.execute(ddl(table))
            yield connection
            connection.execute("CHECKPOINT")
        except BaseException:
            connection.close()
            target.unlink(missing_ok=True)
            raise
        connection.close()
        _publish(books, before + 1)


def _connect(file: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """DuckDB on two threads and without its progress bar, which would run into what the command prints."""
    import duckdb

    connection = duckdb.connect(str(file), read_only=read_only)
    connection.execute("SET threads = 2")
    connection.execute("SET enable_progress_bar = false")
    return connection


@contextmanager
def write_lock(folder: Path, what: str) -> Iterator[None]:
    """Hold the shop's one write lock; whoever waits in vain learns who holds it."""
    books = folder / "books"
    books.mkdir(parents=True, exist_ok=True)
    holder = books / "writer.json"
    lock = FileLock(books / "writer.lock")
    try:
        lock.acquire(timeout=LOCK_WAIT_SECONDS)
    except Timeout as busy:
        raise ShopLocked(
            f"The shop is locked: {_holder(holder)} is writing to it. Reading still works; try again when it ends."
        ) from busy
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "what": what}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        said = json.loads(path.read_text())
        return f"process {said['pid']} ({said['what']})"
    except (OSError, ValueError, KeyError):
        return "another process"


def _publish(books: Path, version: int) -> None:
    fresh = books / "current.json.new"
    fresh.write_text(json.dumps({"version": version}))
    os.replace(fresh, books / "current.json")
    for old in books.glob("*.duckdb"):
        if old.stem.isdigit() and int(old.stem) < version - 1:  # a reader may still be opening the last one
            try:
                old.unlink()
            except OSError:  # Windows keeps files that a reader has open
                continue
