"""Versions of the books: readers see finished ones, one writer at a time, nothing half written."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import shop.warehouse as warehouse_module
from shop.errors import ShopError, ShopLocked
from shop.warehouse import Shop, current_version, write_lock, writing
from tests.tiny_shop import build


def test_a_reader_keeps_its_version_while_the_next_is_written(tmp_path: Path) -> None:
    build(tmp_path)
    before = Shop.open(tmp_path)
    orders = before.count("orders")
    with writing(tmp_path, "test") as connection:
        connection.execute("DELETE FROM orders")
        assert before.count("orders") == orders
        assert Shop.open(tmp_path).count("orders") == orders
    assert before.count("orders") == orders
    assert before.newest().count("orders") == 0


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    build(tmp_path)
    version = current_version(tmp_path)

    def fail() -> None:
        with writing(tmp_path, "test") as connection:
            connection.execute("DELETE FROM orders")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    assert current_version(tmp_path) == version
    assert Shop.open(tmp_path).count("orders") > 0
    assert len(list((tmp_path / "books").glob("*.duckdb"))) == 1


def test_a_second_writer_learns_who_holds_the_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path)
    monkeypatch.setattr(warehouse_module, "LOCK_WAIT_SECONDS", 0.2)
    code = """
        import sys, time
        from pathlib import Path
        from shop.warehouse import write_lock
        with write_lock(Path(sys.argv[1]), "a long import"):
            print("held", flush=True)
            time.sleep(30)
    """
    other = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(ShopLocked, match=f"{other.pid}.*a long import"), write_lock(tmp_path, "mine"):
            pass
        assert Shop.open(tmp_path).count("orders") > 0
    finally:
        other.kill()
        other.wait()
    with write_lock(tmp_path, "mine"):
        pass


def test_two_processes_writing_at_once_both_count(tmp_path: Path) -> None:
    build(tmp_path)
    before = Shop.open(tmp_path).count("reviews")
    code = """
        import sys
        from pathlib import Path
        from shop.warehouse import writing
        for n in range(3):
            with writing(Path(sys.argv[1]), "test") as connection:
                connection.execute("INSERT INTO reviews (review_id, reviewed_on, sku, country, channel, rating, text) "
                    "VALUES (?, '2026-01-01', 'BOT-750', 'US', 'shopify', 5, 'good')", [f"{sys.argv[2]}{n}"])
    """
    both = [subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), str(tmp_path), who]) for who in ("a", "b")]
    assert [process.wait(60) for process in both] == [0, 0]
    assert Shop.open(tmp_path).count("reviews") == before + 6


def test_books_are_written_without_a_progress_bar_between_the_lines_printed(tmp_path: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from shop.warehouse import writing
        with writing(Path(sys.argv[1]), "test") as connection:
            print(connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()[0])
    """  # a program without a file, such as this one, counts as interactive to DuckDB
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"]


def test_old_versions_are_cleared_away(tmp_path: Path) -> None:
    build(tmp_path)
    for _ in range(4):
        with writing(tmp_path, "test") as connection:
            connection.execute("DELETE FROM tickets")
    assert len(list((tmp_path / "books").glob("*.duckdb"))) <= 2


def test_a_damaged_pointer_is_named(tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "books" / "current.json").write_text("{half")
    with pytest.raises(ShopError, match="damaged"):
        Shop.open(tmp_path)


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    build(tmp_path)
    with pytest.raises(ShopError, match="order_lines"):
        Shop.open(tmp_path).count("users; DROP TABLE orders")
