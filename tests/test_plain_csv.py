"""Plain CSV into the books: what is loaded, what is refused and why, on files as people send them."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from shop import warehouse
from shop.errors import ShopError, ShopLocked
from shop.readers import ImportReport, import_files
from shop.readers.layout import layouts, matched
from shop.warehouse import Shop, current_version, write_lock

HEADER = "order_id,ordered_at,country,channel,currency,customer_id,sku,product_name,quantity,unit_price,discount\n"
GOOD = "A1,2025-10-07 09:50:26,DE,shopify,EUR,C1,BOT,Bottle,2,24.90,0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shop"


@pytest.fixture
def load(tmp_path: Path, folder: Path):
    def load(content: str | bytes, name: str = "file.csv", kind: str | None = None) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_files(folder, [path], kind)

    return load


def reasons(report: ImportReport) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.reason) for file in report.files for refusal in file.refusals]


def test_one_file_fills_orders_lines_refunds_and_products(load, folder) -> None:
    report = load(
        HEADER
        + GOOD
        + "A1,,,,,,SOCK,Socks,1,14.90,2.00\n"
        + "A1,,,,,,BOT,Bottle,-1,24.90,\n"
        + "A2,2025-10-08,United Kingdom,Amazon,GBP,,BOT,Steel bottle,1,0,\n"
        + "A2,,,,,,BOT,Steel bottle,1,20,\n"
        + "C9,2025-10-09,UK,amazon,GBP,,SOCK,,-3,5.00,\n"
    )
    shop = Shop.open(folder)
    assert (report.rows_in, report.rows_loaded, report.rows_refused) == (6, 6, 0)
    assert report.refused_file is None
    assert report.files[0].tables == ["order_lines", "orders", "refunds", "products"]
    assert shop.rows(
        "SELECT order_id, ordered_at, country, channel, currency, customer_id, status FROM orders ORDER BY 1"
    ) == [
        ("A1", datetime(2025, 10, 7, 9, 50, 26), "DE", "shopify", "EUR", "C1", "paid"),
        ("A2", datetime(2025, 10, 8), "GB", "amazon", "GBP", None, "paid"),
    ]
    assert shop.rows(
        "SELECT order_id, line, sku, quantity, unit_price, discount, source_line FROM order_lines ORDER BY 1, 2"
    ) == [
        ("A1", 1, "BOT", 2, Decimal("24.9"), Decimal(0), 2),
        ("A1", 2, "SOCK", 1, Decimal("14.9"), Decimal(2), 3),
        ("A2", 1, "BOT", 1, Decimal(0), None, 5),
        ("A2", 2, "BOT", 1, Decimal(20), None, 6),
    ]
    assert shop.rows(
        "SELECT refund_id, order_id, sku, quantity, amount, currency, refunded_at FROM refunds ORDER BY 1"
    ) == [
        ("A1:return:20251007:3", "A1", "BOT", 1, Decimal("24.9"), "EUR", datetime(2025, 10, 7, 9, 50, 26)),
        ("C9:return:20251009:1", "C9", "SOCK", 3, Decimal(15), "GBP", datetime(2025, 10, 9)),
    ]
    assert shop.rows("SELECT sku, name FROM products ORDER BY 1") == [("BOT", "Bottle"), ("SOCK", "Socks")]


def test_bad_rows_are_refused_by_line_and_the_rest_is_loaded(load, folder) -> None:
    report = load(
        HEADER
        + GOOD
        + "A2,2025-10-08,DE,shopify,EUR,,BOT,,1,-5,\n"
        + "A3,2025-10-08,DE,shopify,EUR,,BOT,,0,5,\n"
        + "A4,2025-10-08,DE,shopify,EUR,,  ,,1,5,\n"
        + "A5,2025-02-30,DE,shopify,EUR,,BOT,,1,5,\n"
        + "A6,2025-10-08,Atlantis,shopify,EUR,,BOT,,1,5,\n"
        + "A7,2025-10-08,DE,shopify,$,,BOT,,1,5,\n"
        + "A8,2025-10-08,DE,shopify,EUR,,BOT,,1.5,5,\n"
        + "A9,2025-10-08,DE\n"
        + "A10,2025-10-08,DE,shopify,EUR,,BOT,,1,5,,extra\n"
        + "A11,2025-10-08,DE,shopify,EUR,,BOT,,many,5,\n"
        + "\n"
        + "A12,2025-10-08,DE,shopify,EUR,,BOT,,1,5,,,\n"
        + "A13,,DE,shopify,EUR,,BOT,,1,5,\n"
        + "A14,2025-10-08,DE,shopify,EUR,,BOT,,1,5\n"
    )
    assert reasons(report) == [
        (3, "unit_price is negative"),
        (4, "quantity is zero"),
        (5, "sku is missing"),
        (6, "ordered_at is not a date"),
        (7, "country is no country we know: write its ISO code such as DE"),
        (8, "currency is no ISO 4217 code such as USD"),
        (9, "quantity is not a whole number"),
        (10, "too few fields"),
        (11, "too many fields"),
        (12, "quantity is not a number"),
        (15, "ordered_at is missing"),
        (16, "too few fields"),
    ]
    assert (report.rows_in, report.rows_loaded) == (14, 2)
    assert sum(report.files[0].reasons.values()) == report.rows_refused == 12
    assert Shop.open(folder).rows("SELECT order_id FROM orders ORDER BY 1") == [("A1",), ("A12",)]
    with Path(report.refused_file or "").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [(int(row["line"]), row["reason"]) for row in written] == reasons(report)
    assert written[0]["text"].startswith("A2,2025-10-08,DE,shopify,EUR,BOT")


def test_half_written_last_line(load) -> None:
    report = load(HEADER + GOOD + "A2,2025-10-08,DE,sho")
    assert reasons(report) == [(3, "too few fields")]
    assert report.rows_loaded == 1


def test_a_quote_that_never_closes_costs_one_line(load, folder) -> None:
    report = load(HEADER + 'A0,2025-10-07,DE,shopify,EUR,,BOT,"Bottle 5,2,24.90,0\n' + GOOD + GOOD.replace("A1", "A2"))
    assert reasons(report) == [(2, "a quote is opened and not closed on this line")]
    assert Shop.open(folder).count("orders") == 2


def test_a_stray_quote_does_not_swallow_rows_up_to_the_next(load, folder) -> None:
    row = 'A{n},2025-10-07,DE,shopify,EUR,,BOT,"Bottle 5,2,24.90,0\n'
    report = load(HEADER + row.format(n=2) + GOOD + row.format(n=3) + GOOD.replace("A1", "A4"))
    assert [line for line, _ in reasons(report)] == [2, 4]
    assert (report.rows_in, report.rows_loaded) == (4, 2)


def test_quoted_line_breaks_and_inches_stay_in_their_field(load, folder) -> None:
    load(
        HEADER
        + GOOD.replace("Bottle", '"Bottle\nlarge"')
        + GOOD.replace("A1", "A2").replace("BOT,Bottle", 'PIPE,"5" pipe"')
    )
    shop = Shop.open(folder)
    assert shop.rows("SELECT sku, name FROM products ORDER BY 1") == [("BOT", "Bottle large"), ("PIPE", '5 pipe"')]
    assert shop.rows("SELECT source_line FROM order_lines ORDER BY 1") == [(2,), (4,)]


def test_ten_megabytes_in_one_field(load) -> None:
    report = load(HEADER + GOOD.replace("Bottle", "x" * 10_000_000) + GOOD.replace("A1", "A2"))
    assert reasons(report) == [(2, "a field is longer than 131,072 characters")]
    assert report.rows_loaded == 1
    assert len(report.files[0].refusals[0].text) <= 200


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "file.csv is empty"),
        (b"\n \n", "file.csv is empty"),
        (b"\xef\xbb\xbf", "file.csv is empty"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08", "not a text file"),
        (b"a,b,c\n1,2,3\n", "No column is known here"),
        (b"order_id,sku,quantity\nA,B,1\n", "order_lines lacks unit_price"),
        (b"order_id,sku,quantity,unit_price,ordered_at\nA,B,1,2,2025-01-01\n", "currency is needed too"),
        (b"sku,name,name\nA,B,C\n", r"column name is there 2 times \(columns 2, 3\)"),
        (b"\x89\x00\x01\x02" * 50, "not a text file"),
    ],
)
def test_files_that_are_no_table_of_ours(load, folder, content, says) -> None:
    with pytest.raises(ShopError, match=says):
        load(content)
    assert current_version(folder) == 0


def test_folder_missing_file_and_unknown_kind(load, folder, tmp_path) -> None:
    with pytest.raises(ShopError, match="is a folder"):
        import_files(folder, [tmp_path])
    with pytest.raises(ShopError, match="There is no file"):
        import_files(folder, [tmp_path / "none.csv"])
    with pytest.raises(ShopError, match=r"no layout sales; there are: products, prices"):
        load(HEADER + GOOD, kind="sales")
    with pytest.raises(ShopError, match="at least one"):
        import_files(folder, [])


def test_one_bad_file_means_nothing_is_imported(folder, tmp_path) -> None:
    (tmp_path / "good.csv").write_text(HEADER + GOOD)
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ShopError, match=r"bad\.csv"):
        import_files(folder, [tmp_path / "good.csv", tmp_path / "bad.csv"])
    assert current_version(folder) == 0


def test_several_files_are_one_version_and_lines_find_their_orders(folder, tmp_path) -> None:
    (tmp_path / "1.csv").write_text("order_id,sku,quantity,unit_price\nA1,X,2,5\nA1,X,-1,5\n")
    (tmp_path / "2.csv").write_text("order_id,ordered_at,currency\nA1,2025-01-02,EUR\n")
    report = import_files(folder, [tmp_path / "1.csv", tmp_path / "2.csv"])
    assert (report.version, current_version(folder)) == (1, 1)
    assert Shop.open(folder).rows("SELECT country, currency FROM orders") == [("ZZ", "EUR")]
    assert Shop.open(folder).rows("SELECT amount, currency, refunded_at FROM refunds") == [
        (Decimal(5), "EUR", datetime(2025, 1, 2))
    ]


def test_lines_without_their_order_say_so(load) -> None:
    report = load("order_id,sku,quantity,unit_price\nA1,X,2,5\nA1,X,-1,5\n")
    assert reasons(report) == [(3, "a return needs ordered_at and currency: its order is not known yet")]
    assert any("1 orders of these lines are not in the shop" in warning for warning in report.files[0].warnings)


def test_only_headers(load, folder) -> None:
    report = load(HEADER)
    assert (report.rows_in, report.rows_loaded, report.files[0].tables) == (0, 0, [])
    assert "The file has a header and no rows." in report.files[0].warnings


def test_locked_shop(load, folder, monkeypatch) -> None:
    monkeypatch.setattr(warehouse, "LOCK_WAIT_SECONDS", 0.1)
    with write_lock(folder, "a test"), pytest.raises(ShopLocked, match="a test"):
        load(HEADER + GOOD)
    assert current_version(folder) == 0


def test_a_newer_order_replaces_the_old_with_all_its_lines(load, folder) -> None:
    load(HEADER + GOOD + "A1,,,,,,SOCK,Socks,1,14.90,\n" + "A1,,,,,,SOCK,Socks,-1,14.90,\n" + GOOD.replace("A1", "A2"))
    load(HEADER + GOOD.replace(",2,24.90", ",5,20.00"), name="newer.csv")
    shop = Shop.open(folder)
    assert shop.rows("SELECT order_id, line, quantity FROM order_lines ORDER BY 1") == [("A1", 1, 5), ("A2", 1, 2)]
    assert shop.rows("SELECT source_file FROM orders ORDER BY order_id") == [("newer.csv",), ("file.csv",)]
    assert shop.count("refunds") == 0


def test_a_later_return_keeps_the_sale(load, folder) -> None:
    load(HEADER + GOOD)
    later = HEADER + "A1,2025-10-20,DE,shopify,EUR,C1,BOT,,-1,24.90,\n"
    load(later, name="returns.csv")
    load(later, name="returns.csv")
    shop = Shop.open(folder)
    assert shop.rows("SELECT quantity FROM order_lines") == [(2,)]
    assert shop.rows("SELECT quantity, refunded_at FROM refunds") == [(1, datetime(2025, 10, 20))]


def test_the_operators_product_is_kept_and_filled(load, folder) -> None:
    load("sku,name,unit_cost\nBOT,Northlane bottle,7.50\n", name="products.csv")
    load(HEADER.replace("discount", "category") + GOOD.replace(",0\n", ",Drinkware\n"))
    assert Shop.open(folder).rows("SELECT sku, name, category, unit_cost FROM products") == [
        ("BOT", "Northlane bottle", "Drinkware", Decimal("7.5"))
    ]
    load("sku,name,weight_g\nBOT,Bottle 2,400\n", name="weights.csv")
    assert Shop.open(folder).rows("SELECT name, unit_cost, weight_g FROM products") == [
        ("Bottle 2", Decimal("7.5"), Decimal(400))
    ]


def test_order_columns_may_stand_on_any_line_of_the_order(load, folder) -> None:
    load(HEADER + "A1,,,,,,BOT,,1,2,\n" + "A1,2025-10-07,JP,Amazon,JPY,C1,BOT,,1,2,\n")
    assert Shop.open(folder).rows("SELECT country, channel, currency, customer_id FROM orders") == [
        ("JP", "amazon", "JPY", "C1")
    ]


def test_most_frequent_name_wins_and_a_nameless_sku_is_named_later(load, folder) -> None:
    rows = "".join(
        f"A{n},2025-01-01,DE,,EUR,,BOT,{name},1,2,\n" for n, name in enumerate(["wrong", "Bottle", "", "Bottle", ""])
    )
    load(HEADER + rows + "B,2025-01-01,DE,,EUR,,NEW,,1,2,\n")
    assert Shop.open(folder).rows("SELECT sku, name FROM products ORDER BY 1") == [("BOT", "Bottle"), ("NEW", "NEW")]
    load(HEADER + "C,2025-01-01,DE,,EUR,,NEW,New thing,1,2,\n")
    assert ("NEW", "New thing") in Shop.open(folder).rows("SELECT sku, name FROM products")


def test_repeated_keys_in_a_file_are_reported(load, folder) -> None:
    report = load("day,sku,warehouse,on_hand\n2025-01-01,X,W,5\n2025-01-01,X,W,7\n2025-01-02,X,W,7\n")
    assert reasons(report) == [(2, "the same key comes again on a later line, which counts")]
    assert Shop.open(folder).rows("SELECT on_hand FROM inventory ORDER BY day") == [(7,), (7,)]


def test_empty_sku_in_a_key_replaces_itself(load, folder) -> None:
    ads = "day,channel,country,campaign,sku,spend,currency\n2025-01-01,amazon,US,Brand,,{spend},USD\n"
    load(ads.format(spend="5"))
    load(ads.format(spend="6"))
    assert Shop.open(folder).rows("SELECT spend FROM ad_spend") == [(Decimal(6),)]


def test_local_format_separator_aliases_and_guards(load, folder) -> None:
    report = load(
        "\ufeffsep=;\nBestellnummer;Artikelnummer;Menge;Einzelpreis;Datum;Währung;Land;ASIN\n"
        '="0012";\'0077;2;1.234,50 €;7.10.2025 14:05;eur;Deutschland;B0\n'
        "0013;\t0077\u200b;1;95,00;8.10.25;EUR;Österreich;B0\n"
    )
    assert report.rows_refused == 0
    assert report.files[0].delimiter == ";"
    assert "Columns not used: ASIN." in report.files[0].warnings
    shop = Shop.open(folder)
    assert shop.rows("SELECT order_id, sku, unit_price FROM order_lines ORDER BY 1") == [
        ("0012", "0077", Decimal("1234.5")),
        ("0013", "0077", Decimal(95)),
    ]
    assert shop.rows("SELECT ordered_at, country FROM orders ORDER BY 1") == [
        (datetime(2025, 10, 7, 14, 5), "DE"),
        (datetime(2025, 10, 8), "AT"),
    ]


@pytest.mark.parametrize(
    ("text", "codec", "found"),
    [
        ("ステンレスボトル、保温", "cp932", "cp932"),
        ("不锈钢保温杯，黑色", "gb18030", "gb18030"),
        ("Crème brûlée – don’t", "cp1252", "cp1252"),
        ("Größe: süß, ähnlich, élan", "cp1252", "cp1252"),
        ("ボトル", "utf-16", "utf-16"),
        ("ボトル", "utf-8-sig", "utf-8-sig"),
        ("Bottle é", "utf-8", "utf-8"),
    ],
)
def test_encodings(load, folder, text, codec, found) -> None:
    report = load((HEADER + GOOD.replace("Bottle", f'"{text}"')).encode(codec))
    assert report.files[0].encoding == found
    assert Shop.open(folder).rows("SELECT name FROM products") == [(text,)]


def test_broken_utf8_is_read_with_a_warning(load, folder) -> None:
    report = load(
        (HEADER + GOOD.replace("Bottle", "Bouteille isotherme à café été")).encode().replace(b"caf\xc3\xa9", b"caf\xc3")
    )
    assert report.rows_loaded == 1
    assert "1 characters could not be read as utf-8 and were replaced." in report.files[0].warnings
    assert any("characters seem to be lost" in warning for warning in report.files[0].warnings)


def test_every_table_takes_its_own_layout(folder, tmp_path) -> None:
    samples = {
        "code": "K1", "text": "words", "long": "many words", "amount": "1.50", "percent": "30", "whole": "3",
        "day": "2025-01-31", "time": "2025-01-31 10:00", "yes": "yes", "country": "US", "currency": "USD",
        "language": "en", "channel": "shop",
    }  # fmt: skip
    paths = []
    for table, layout in layouts().items():
        names = list(layout.fields)
        paths.append(tmp_path / f"{table}.csv")
        cells = ",".join(samples[layout.fields[name].kind] for name in names)
        paths[-1].write_text(",".join(names) + "\n" + cells + "\n")
        assert matched(layout.required, table).layout.table == table
    report = import_files(folder, paths)
    assert {Path(file.path).stem: file.layout for file in report.files} == {table: table for table in layouts()}
    assert report.rows_loaded == len(paths)
    assert {table: Shop.open(folder).count(table) for table in layouts()} == dict.fromkeys(layouts(), 1)


def test_lost_digits_are_refused(load) -> None:
    report = load(HEADER + GOOD.replace("A1", "1.23E+11") + GOOD.replace("A1", "1E5"))
    assert reasons(report) == [(2, "order_id has lost digits in a spreadsheet")]


def test_refused_text_is_no_formula(load) -> None:
    report = load(HEADER + "=cmd|' /C calc'!A0,x,DE,shopify,EUR,,BOT,,1,1,\n")
    with Path(report.refused_file or "").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["text"].startswith("'=cmd")


def test_handbook_is_what_the_layouts_say() -> None:
    from shop.readers.handbook import handbook

    page = Path(__file__).parents[1] / "docs" / "plain-csv.md"
    assert page.read_text(encoding="utf-8") == handbook(), "run python -m shop.readers.layout"
