"""What must hold for any file: no row vanishes, amounts mean what was written, twice is once."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shop.errors import ShopError
from shop.readers import import_files
from shop.readers.amounts import AmountColumn, evidence
from shop.warehouse import Shop, current_version

TABLES = ("orders", "order_lines", "refunds", "products")
HEADER = ["order_id", "ordered_at", "country", "currency", "sku", "product_name", "quantity", "unit_price"]
QUICK = settings(deadline=None, max_examples=20)

names = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
row = st.tuples(
    st.sampled_from(["A1", "A2", "A3", "A4", ""]),
    st.one_of(
        st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)).map(str), st.sampled_from(["", "soon", "3/4/2025"])
    ),
    st.sampled_from(["DE", "United Kingdom", "", "Atlantis"]),
    st.sampled_from(["EUR", "USD", "", "$"]),
    st.one_of(st.sampled_from(["X", "Y", "Z"]), names),
    names,
    st.one_of(st.integers(-3, 9).map(str), st.sampled_from(["", "x", "1.5", "1,000"])),
    st.one_of(st.decimals(-1, 500, places=2).map(str), st.sampled_from(["", "95,00", "1.234,50", "free"])),
)
tables = st.lists(row, max_size=12)
damage = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["cut", "quote", "line break", "comma", "bytes", "double", "carriage", "nothing"]),
    ),
    max_size=3,
)


def written(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([HEADER, *rows])
    return text.getvalue().encode()


def damaged(content: bytes, wounds: list[tuple[float, str]]) -> bytes:
    start = content.index(b"\n") + 1
    for where, how in wounds:
        at = start + int(where * (len(content) - start))
        content = {
            "cut": content[:at],
            "quote": content[:at] + b'"' + content[at:],
            "line break": content[:at] + b"\n" + content[at:],
            "comma": content[:at] + b"," + content[at:],
            "bytes": content[:at] + b"\xff\xc3\x00" + content[at:],
            "double": content + content[start:at],
            "carriage": content[:at] + b"\r" + content[at:],
            "nothing": content,
        }[how]
    return content


def books(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    shop = Shop.open(folder)
    return {table: sorted(shop.rows(f"SELECT * FROM {table}"), key=repr) for table in TABLES}


@QUICK
@given(tables, damage)
def test_every_row_is_loaded_or_refused_and_twice_is_once(rows, wounds) -> None:
    with tempfile.TemporaryDirectory() as place:
        path, folder = Path(place) / "file.csv", Path(place) / "shop"
        path.write_bytes(damaged(written(rows), wounds))
        try:
            report = import_files(folder, [path])
        except ShopError:
            assert current_version(folder) == 0
            assert b"\0" in path.read_bytes()
            return
        assert report.rows_in == report.rows_loaded + report.rows_refused
        assert report.rows_refused == sum(report.files[0].reasons.values()) == len(report.files[0].refusals)
        once = books(folder)
        assert report.rows_loaded == len(once["order_lines"]) + len(once["refunds"])
        physical = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        assert all(1 < refusal.line <= physical for refusal in report.files[0].refusals)
        again = import_files(folder, [path])
        assert books(folder) == once
        assert again.rows_in == report.rows_in
        assert again.files[0].refusals == report.files[0].refusals


@QUICK
@given(tables)
def test_an_undamaged_file_has_as_many_rows_as_were_written(rows) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "file.csv"
        path.write_bytes(written(rows))
        filled = [cells for cells in rows if any(cell.strip(" ") for cell in cells)]
        try:
            report = import_files(Path(place) / "shop", [path])
        except ShopError:
            assert any("\0" in cell for cells in rows for cell in cells)
            return
        assert report.rows_in == len(filled)


@settings(deadline=None)
@given(
    st.lists(st.decimals(Decimal("-9999999.99"), Decimal("9999999.99"), places=2), min_size=1, max_size=20),
    st.sampled_from(
        ["{:.2f}", "{:,.2f}", "german", "german plain", "swiss", "french", "euro sign", "dollar", "brackets"]
    ),
)
def test_amounts_round_trip_in_local_formats(amounts, form) -> None:
    texts = [localized(amount, form) for amount in amounts]
    column = AmountColumn(evidence(dict.fromkeys(texts, 1)), None, ",", whole=False, percent=False)
    assert [column.read(text) for text in texts] == [(amount, None) for amount in amounts]


def localized(amount: Decimal, form: str) -> str:
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    return {
        "german": german,
        "german plain": f"{amount:.2f}".replace(".", ","),
        "swiss": english.replace(",", "’"),
        "french": german.replace(".", "\u202f"),
        "euro sign": f"{german} €",
        "dollar": english.replace("-", "-$") if amount < 0 else f"${english}",
        "brackets": f"({english.removeprefix('-')})" if amount < 0 else english,
    }.get(form) or form.format(amount)
