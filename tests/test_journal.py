"""Proposals are decided once, only on the books they were decided on, and leave files and entries behind."""

from __future__ import annotations

import csv
import hashlib
import io
import multiprocessing
import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from shop import journal
from shop.errors import ShopError
from shop.journal import approve, edit, entries, file_proposal, proposals, reject
from shop.warehouse import writing
from tests.tiny_shop import AS_OF, build, insert, price

NOW = datetime(2026, 11, 16, 9, 30)
PRICE: dict[str, Any] = {
    "sku": "BOT-750", "country": "US", "channel": "shopify", "price": "27.90", "currency": "USD",
    "effective_from": "2026-11-16",
}  # fmt: skip
BEFORE = {"price": "30.00", "currency": "USD"}
ORDER: dict[str, Any] = {
    "sku": "BOT-750", "supplier_id": "S-1", "quantity": 600, "unit_price": "7.00", "currency": "USD",
    "warehouse": "US-LAX", "ordered_on": "2026-11-16", "promised_on": "2026-12-16",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path)
    return tmp_path


def file_price(folder: Path, **changed: Any) -> str:
    return file_proposal(folder, "price", {**PRICE, **changed}, BEFORE, AS_OF)


def test_filing_waits_and_writes_nothing(folder: Path) -> None:
    assert proposals(folder) == []
    assert file_price(folder) == "P-0001"
    assert file_price(folder, price="28.90") == "P-0002"
    assert [(one.id, one.status, one.payload["price"]) for one in proposals(folder, "pending")] == [
        ("P-0001", "pending", "27.90"),
        ("P-0002", "pending", "28.90"),
    ]
    assert not (folder / "changes").exists()


def test_the_same_pending_change_is_filed_once(folder: Path) -> None:
    assert file_price(folder) == file_price(folder) == "P-0001"
    reject(folder, "P-0001", NOW)
    assert file_price(folder) == "P-0002"


def test_approving_writes_files_and_an_entry_once(folder: Path) -> None:
    number = file_price(folder)
    written = approve(folder, number, NOW, who="maya")
    assert [one.file.split("-", 3)[3] for one in written] == ["prices.csv", "shopify-products.csv"]
    assert sorted(path.name for path in (folder / "changes").iterdir()) == sorted(
        Path(one.file).name for one in written
    )
    for one in written:
        assert hashlib.sha256((folder / one.file).read_bytes()).hexdigest() == one.sha256
    plain = list(csv.DictReader(io.StringIO((folder / written[0].file).read_text())))
    assert plain == [
        {
            "sku": "BOT-750", "country": "US", "channel": "shopify", "effective_from": "2026-11-16", "price": "27.90",
            "currency": "USD",
        }
    ]  # fmt: skip
    shopify = list(csv.reader(io.StringIO((folder / written[1].file).read_text())))
    assert shopify == [
        ["URL handle", "Title", "SKU", "Price"],
        ["insulated-steel-bottle-750-ml", "Insulated Steel Bottle 750 ml", "BOT-750", "27.90"],
    ]
    last = entries(folder)[-1]
    assert (last.at, last.who, last.action, last.proposal) == ("2026-11-16T09:30:00", "maya", "approved", number)
    assert (last.before, last.after["price"], last.files) == (BEFORE, "27.90", written)
    for decide in (lambda: approve(folder, number, NOW), lambda: reject(folder, number, NOW)):
        with pytest.raises(ShopError, match=r"P-0001 is already approved; a proposal is decided once\."):
            decide()
    assert len(entries(folder)) == 2


def test_amazon_and_foreign_prices_get_their_own_files(folder: Path) -> None:
    amazon = file_proposal(
        folder, "price", {**PRICE, "sku": "BOT-500", "country": "DE", "channel": "amazon", "currency": "EUR"},
        {"price": "20.00", "currency": "EUR"}, AS_OF,
    )  # fmt: skip
    written = approve(folder, amazon, NOW)
    assert (folder / written[1].file).read_bytes() == b"sku\tprice\r\nBOT-500\t27.90\r\n"
    foreign = file_proposal(
        folder, "price", {**PRICE, "country": "DE", "currency": "EUR"}, {}, AS_OF
    )  # fmt: skip
    assert [one.file.rsplit("-", 1)[1] for one in approve(folder, foreign, NOW)] == ["prices.csv"]


def test_a_purchase_order_file_has_the_books_columns(folder: Path) -> None:
    from shop.records import PurchaseOrder

    number = file_proposal(
        folder, "purchase_order", ORDER, {"unit_price": "7.00", "currency": "USD", "moq": 100}, AS_OF
    )
    written = approve(folder, number, NOW)
    (row,) = csv.DictReader(io.StringIO((folder / written[0].file).read_text()))
    assert list(row) == list(PurchaseOrder.model_fields)
    read = PurchaseOrder.model_validate({name: value or None for name, value in row.items()})
    assert (read.po_id, read.quantity, read.status, read.received_on) == (f"PO-{number}", 600, "open", None)


def test_changed_books_keep_it_pending(folder: Path) -> None:
    number = file_price(folder)
    with writing(folder, "a price rise") as connection:
        insert(connection, "prices", [price("BOT-750", "US", "shopify", "31.00", "USD", date(2026, 11, 10))])
    with pytest.raises(ShopError, match=r"price was 30\.00 and is 31\.00"):
        approve(folder, number, NOW)
    assert not (folder / "changes").exists()
    assert [one.status for one in proposals(folder)] == ["pending"]
    reject(folder, number, NOW, "stale")
    assert (entries(folder)[-1].action, entries(folder)[-1].reason) == ("rejected", "stale")


def test_editing_changes_the_price_but_not_what_it_is_about(folder: Path) -> None:
    number = file_price(folder)
    assert edit(folder, number, {"price": "26.50"}, NOW).payload["price"] == "26.50"
    with pytest.raises(ShopError, match="keeps its sku; you can edit price, effective_from"):
        edit(folder, number, {"sku": "BOT-500"}, NOW)
    with pytest.raises(ShopError, match="it takes sku, country"):
        edit(folder, number, {"colour": "red"}, NOW)
    with pytest.raises(ShopError, match="greater than 0"):
        edit(folder, number, {"price": "-1"}, NOW)
    approve(folder, number, NOW)
    with pytest.raises(ShopError, match="already approved"):
        edit(folder, number, {"price": "20.00"}, NOW)
    assert [one.action for one in entries(folder)] == ["filed", "edited", "approved"]


def test_unknown_ids_kinds_and_statuses_are_clear(folder: Path) -> None:
    file_price(folder)
    with pytest.raises(ShopError, match="There is no proposal P-0009; pending are: P-0001"):
        approve(folder, "P-0009", NOW)
    with pytest.raises(ShopError, match="an id looks like P-0001"):
        approve(folder, "../x", NOW)
    with pytest.raises(ShopError, match="the kinds are price, purchase_order"):
        file_proposal(folder, "gift", {}, {}, AS_OF)
    with pytest.raises(ShopError, match="there are pending, approved, rejected"):
        proposals(folder, "open")


def test_entries_and_decisions_cannot_be_rewritten(folder: Path) -> None:
    approve(folder, file_price(folder), NOW)
    with sqlite3.connect(folder / "journal.sqlite") as raw:
        for statement in (
            "UPDATE entries SET who = 'x'",
            "DELETE FROM entries",
            "UPDATE proposals SET status = 'pending'",
        ):
            with pytest.raises(sqlite3.DatabaseError):
                raw.execute(statement)
    raw.close()


def test_a_crash_between_file_and_entry_can_be_repeated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = file_price(folder)

    def crash(*_: object, **__: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "_enter", crash)
        with pytest.raises(OSError, match="power cut"):
            approve(folder, number, NOW)
    assert [one.status for one in proposals(folder)] == ["pending"]
    left = sorted(path.name for path in (folder / "changes").iterdir())
    approve(folder, number, NOW)
    assert sorted(path.name for path in (folder / "changes").iterdir()) == left


def _approve(folder: Path, start: Any, results: Any) -> None:
    start.wait()
    try:
        approve(folder, "P-0001", NOW)
        results.put("approved")
    except ShopError as refused:
        results.put(str(refused))


def _file_many(folder: Path, start: Any, results: Any) -> None:
    start.wait()
    results.put([file_price(folder, price=f"{20 + n}.00") for n in range(10)])


@pytest.mark.parametrize("work", ["approve", "file"])
def test_two_processes_at_once(folder: Path, work: str) -> None:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    if work == "approve":
        file_price(folder)
    target = _approve if work == "approve" else _file_many
    workers = [context.Process(target=target, args=(folder, start, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(timeout=60)
    if work == "approve":
        assert sorted(told) == ["P-0001 is already approved; a proposal is decided once.", "approved"]
        assert [one.action for one in entries(folder)] == ["filed", "approved"]
        assert len(list((folder / "changes").iterdir())) == 2
    else:
        assert told[0] == told[1]
        assert len(proposals(folder)) == 10
