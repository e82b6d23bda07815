"""What each reader makes of real files, and of files made to hurt."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import KnowledgeError
from knowledge.language import detected_language, languages
from knowledge.products import Products
from knowledge.readers.document import Document
from knowledge.readers.formats import read
from knowledge.readers.ratings import rating
from knowledge.readers.review_rows import read_reviews
from shop.warehouse import ProductName
from tests import written_files as files


def words(document: Document) -> str:
    return "\n".join(text for part in document.parts for _, text in part.paragraphs)


def test_a_pdf_gives_headings_paragraphs_pages_and_its_date(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    document = read(files.pdf(tmp_path / "lab.pdf"), lambda *step: told.append(step))
    first, second, third = document.parts
    assert first.headings == ("Heat retention 1",)
    assert [text for _, text in first.paragraphs] == [files.BODY, files.SECOND]
    assert second.headings == ("材料",)
    assert second.paragraphs == ((2, files.CHINESE),)
    assert {number for number, _ in third.paragraphs} == {3}
    assert "page 1 of 3" not in words(document)
    assert (document.title, document.unit, document.dated_by) == ("Lab report", "page", "document")
    assert document.date is not None
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_word_document_is_read_as_printed(tmp_path: Path) -> None:
    document = read(files.docx(tmp_path / "sheet.docx"))
    [part] = document.parts
    assert part.headings == ("Insulated Steel Bottle 750 ml",)
    assert [text for _, text in part.paragraphs] == [
        "Keeps tea hot for twelve hours", "Weight: 350 g", "Steel: 18/8", "Inside a content control.",
    ]  # fmt: skip
    assert (document.title, document.date, document.unit) == ("Bottle sheet", date(2026, 3, 1), "paragraph")


def test_a_page_gives_what_a_visitor_sees(tmp_path: Path) -> None:
    (tmp_path / "care.html").write_text(files.PAGE, encoding="utf-8")
    document = read(tmp_path / "care.html")
    assert [part.headings for part in document.parts] == [("Care",), ("Care", "Sizes")]
    assert [text for part in document.parts for _, text in part.paragraphs] == [
        "Wash by hand, never in the machine.\nDry it open.", "Shown div.", "Size: M; Chest: 96 cm; Length: 70 cm",
        "First point", "Second point", "Fine <3", "tail words",
    ]  # fmt: skip
    assert document.parts[0].paragraphs[0][0] == 7
    assert (document.title, document.date, document.language) == ("Care guide", date(2026, 5, 4), "en")
    assert "hides" in document.notes[0]
    assert "(7 places)" in document.notes[0]


def test_white_text_is_hidden_only_where_the_page_is_white(tmp_path: Path) -> None:
    for page, seen in (
        ("<p>a</p><p style='color: #FFFFFF'>b</p>", "a"),
        ("<div style='background: black'><p>a</p><p style='color: white'>b</p></div>", "a\nb"),
        ("<link rel='stylesheet' href='x.css'><p>a</p><p style='color:#fff'>b</p>", "a\nb"),
    ):
        (tmp_path / "white.html").write_text(page)
        assert words(read(tmp_path / "white.html")) == seen


def test_a_page_in_an_old_encoding_and_one_nested_deep(tmp_path: Path) -> None:
    (tmp_path / "jp.html").write_bytes('<meta charset="shift_jis"><p>保温瓶のふた</p>'.encode("cp932"))
    assert words(read(tmp_path / "jp.html")) == "保温瓶のふた"
    (tmp_path / "deep.html").write_text("<div>" * 700 + "seen" + "</div>" * 700)
    assert words(read(tmp_path / "deep.html")) == "seen"
    (tmp_path / "deeper.html").write_text("<div>" * 100_000 + "seen")
    with pytest.raises(KnowledgeError, match="nested too deeply"):
        read(tmp_path / "deeper.html")


def test_text_in_the_encodings_of_its_countries(tmp_path: Path) -> None:
    for codec, text in (
        ("utf-16", "Größe und Maße der Flasche"), ("cp1252", "Größe und Maße der Flasche"),
        ("gb18030", "这个杯子的盖子不漏水，我们很喜欢"), ("cp932", "このボトルのふたはしっかりしています"),
    ):  # fmt: skip
        path = tmp_path / f"{codec}.txt"
        path.write_bytes(text.encode(codec))
        assert words(read(path)) == text, codec


def junk() -> bytes:
    drawn = random.Random(7)
    return bytes(drawn.randrange(1, 256) for _ in range(5000))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"  \n\n ", "empty"),
        ("a.txt", junk(), "no letters in any encoding"),
        ("a.txt", b"\x00\x01\x02" * 50, "no letters in any encoding"),
        ("a.md", b"%PDF-1.7 ...", "name it .pdf"),
        ("a.txt", b"PK\x03\x04....", "zip archive"),
        ("a.md", b"---\n---\n\n", "holds no text"),
        ("a.html", b"<script>alert(1)</script>", "holds no text"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        ("a.pdf", b"%PDF-1.7\nnothing", "damaged or no PDF"),
        ("a.pdf", junk(), "damaged or no PDF"),
        ("a.docx", junk(), "damaged or no Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "protected by a password or an old .doc"),
        ("a.xls", b"x", "use .md"),
        ("a.pages", b"x", "use .md"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KnowledgeError, match=said) as refused:
        read(tmp_path / name)
    assert str(refused.value).count("\n") == 0
    assert name in str(refused.value)


def test_protected_silent_and_huge_pdfs(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="protected by a password"):
        read(files.pdf(tmp_path / "locked.pdf", password="s3cret"))
    with pytest.raises(KnowledgeError, match=r"no text on its pages \(3\)"):
        read(files.pdf(tmp_path / "scan.pdf", pictures_only=True))
    with (tmp_path / "huge.pdf").open("wb") as huge:
        huge.write(b"%PDF-1.7\n")
        huge.truncate(200_000_000)
    with pytest.raises(KnowledgeError, match="200 MB; at most 100 MB"):
        read(tmp_path / "huge.pdf")


def test_a_pdf_that_takes_too_long_costs_its_own_process_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import knowledge.readers.pdf as reader

    path = files.pdf(tmp_path / "slow.pdf")
    monkeypatch.setattr(reader, "PDF_MEMORY", 1)
    with pytest.raises(KnowledgeError, match=r"slow\.pdf"):
        read(path)


def test_bombs_are_not_opened(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="would unpack to more than 200 MB"):
        read(files.bomb(tmp_path / "bomb.docx"))
    sheet = files.docx(tmp_path / "sheet.docx")
    with pytest.raises(KnowledgeError, match="defines XML entities"):
        read(files.with_entities(tmp_path / "laughs.docx", sheet))
    (tmp_path / "laughs.html").write_text(
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><html><body><p>x&b;</p></body></html>'
    )
    assert len(words(read(tmp_path / "laughs.html"))) < 60


HEADER = "Bewertung;Titel;Kommentar;Datum;Land;Artikelnummer\n"


def test_reviews_of_any_platform_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_bytes(
        (HEADER + "5;Super;Hält heiß.;14.10.2026;Deutschland;A\n7;Hm;komisch;15.10.2026;DE;A\n"
         '2;Undicht;"Der Deckel,\nschade";31.12.2026;Österreich;B\n4;;;1.1.2026;DE;B\n3;x\n'
         "3;Gut;ok;32.1.2026;DE;A\n1;Nix;<b></b> schlecht;1.2.2026;Atlantis;1,23E+11\n4;Ja;gut;1.2.2026;Atlantis;A\n")
        .encode("cp1252")
    )  # fmt: skip
    read_rows = read_reviews(path)
    assert [(row.line, row.rating, row.words, row.sku, row.country) for row in read_rows.rows] == [
        (2, 5, "Super\nHält heiß.", "A", "DE"), (4, 2, "Undicht\nDer Deckel,\nschade", "B", "AT"),
        (10, 4, "Ja\ngut", "A", None),
    ]  # fmt: skip
    assert read_rows.rows[0].date == date(2026, 10, 14)
    assert [(line, why) for line, why, _ in read_rows.refused] == [
        (3, "rating is not 1 to 5"), (6, "has no words"), (7, "too few fields"), (8, "date is not a date"),
        (9, "sku has lost digits in a spreadsheet"),
    ]  # fmt: skip
    assert any("cp1252" in note for note in read_rows.notes)
    assert any("1 rows name no country" in note for note in read_rows.notes)


@pytest.mark.parametrize(
    ("header", "row", "found"),
    [
        ("title,body,rating,review_date,product_handle", "T,B,4,2026-01-02,bottle", (4, "T\nB", "")),
        ("Review Title,Review Content,Review Score,Product SKU", "T,B,3,BOT", (3, "T\nB", "BOT")),
        ("Clothing ID\tTitle\tReview Text\tRating", "767\tT\tB\t5", (5, "T\nB", "767")),
        ("评分,评价内容,商品编码,评价时间", "五星,杯盖漏水,BOT,2026年1月2日", (5, "杯盖漏水", "BOT")),
        ("評価,本文,商品番号", "5つ星のうち4.0,良い,BOT", (4, "良い", "BOT")),
        ("sep=|\nstars|comment|sku", "★★★☆☆|fine|S", (3, "fine", "S")),
    ],
)
def test_columns_go_by_many_names(tmp_path: Path, header: str, row: str, found: tuple[int, str, str]) -> None:
    (tmp_path / "r.csv").write_text(f"{header}\n{row}\n", encoding="utf-8-sig")
    [one] = read_reviews(tmp_path / "r.csv").rows
    assert (one.rating, one.words, one.sku) == found


def test_a_table_without_words_says_which_columns_it_has(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("order_id,sku,quantity\n1,A,2\n")
    with pytest.raises(KnowledgeError, match=r"has: order_id, sku, quantity.*pacer import"):
        read_reviews(tmp_path / "orders.csv")


@pytest.mark.parametrize(
    ("said", "stars"),
    [("4", 4), ("4.0", 4), ("4,5", 5), ("4/5", 4), ("8 out of 10", 4), ("★★★★☆", 4), ("5 von 5 Sternen", 5), ("四星", 4),
     ("4 stars", 4), ("Rated 3 stars", 3), ("⭐️⭐️", 2), ("", None), ("n/a", None)],
)  # fmt: skip
def test_ratings_as_platforms_write_them(said: str, stars: int | None) -> None:
    assert rating(said) == (stars, None)


@given(st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_a_rating_is_one_to_five_or_refused(said: str) -> None:
    stars, why = rating(said)
    assert stars is None or (1 <= stars <= 5 and why is None)


CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["1", "5", "9", "", "x"]), CELL, CELL), max_size=8))
@settings(max_examples=120, deadline=None)
def test_every_row_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("rows") / "r.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("rating", "title", "text"), *rows])
    found = read_reviews(path)
    asked = sum(any(cell.strip() for cell in row) for row in rows)
    assert asked - 1 <= len(found.rows) + len(found.refused) <= asked + 1  # cells of invisible characters only
    for row in found.rows:
        assert row.words
        assert rows[row.line - 2][0] in ("1", "5", "")


@given(st.binary(max_size=300), st.sampled_from(["a.md", "a.txt", "a.html", "a.docx"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_text_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(content)
    try:
        said = words(read(path))
    except KnowledgeError as refused:
        said = str(refused).replace("\n", "")
    assert said.strip()


@given(st.lists(st.sampled_from(["<p>", "</p>", "<div hidden>", "</div>", "<td>", "<table>", "</table>", "word ", "<h2>",
                                 "</h2>", "<!--", "-->", "<script>", "</script>", "<br>", "&lt;", "<li>"]), max_size=40))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_soup_of_tags_is_read(tmp_path_factory: pytest.TempPathFactory, soup: list[str]) -> None:
    path = tmp_path_factory.mktemp("soup") / "a.html"
    path.write_text("<body>start " + "".join(soup), encoding="utf-8")
    document = read(path)
    assert words(document).startswith("start")
    assert words(document).count("word") <= soup.count("word ")


PRODUCTS = Products(
    (
        ProductName(
            "BOT-750", "Insulated Steel Bottle 750 ml", ("big bottle", "750毫升保温杯", "Trinkflasche 750 ml", "cup")
        ),
        ProductName("BOT-500", "Insulated Steel Bottle 500 ml", ("small bottle", "保温杯500")),
        ProductName("ROPE", "Speed Rope", ("Springseil", "ジャンプロープ")),
    )
)


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("The bot-750 keeps tea hot.", ("BOT-750",)),
        ("Both the BOT 500 and BOT-750", ("BOT-750", "BOT-500")),
        ("Our big bottles are heavy", ("BOT-750",)),
        ("这个750毫升保温杯不漏水", ("BOT-750",)),
        ("Die Trinkflasche 750ml ist dicht", ("BOT-750",)),
        ("Mein Springseil riss", ("ROPE",)),
        ("ジャンプロープが届いた", ("ROPE",)),
        ("A cup of tea, a steel bottle, BOT-7501", ()),
    ],
)
def test_products_are_found_by_any_of_their_names(text: str, skus: tuple[str, ...]) -> None:
    assert PRODUCTS.named(text) == skus


def test_short_texts_take_the_language_of_their_file() -> None:
    long = "Die Flasche hält den Kaffee den ganzen Tag heiß und passt in die Tasche."
    assert languages([long, long, "Super", "杯盖漏水", "とても良い"]) == ["de", "de", "de", "zh", "ja"]
    assert languages(["Super"], "fr") == ["fr"]
    assert detected_language("我们的保温杯 BOT-750 不漏水") == "zh"
