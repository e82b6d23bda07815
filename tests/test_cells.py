"""Cells of plain CSV files: amounts, dates, places and text, read as their column says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from shop.readers.amounts import AmountColumn, evidence
from shop.readers.clean import clean
from shop.readers.dates import DateColumn
from shop.readers.dates import evidence as date_evidence
from shop.readers.places import country, currency, language


def test_amounts_decide_once_per_column() -> None:
    def column(*values: str, delimiter: str = ",", whole: bool = False) -> list[object]:
        reader = AmountColumn(evidence(dict.fromkeys(values, 1)), None, delimiter, whole, percent=False)
        return [number if why is None else why for number, why in map(reader.read, values)]

    assert column("95,00", "1.234,56", "1.234", "12") == [Decimal("95"), Decimal("1234.56"), Decimal(1234), Decimal(12)]
    assert column("12,131") == [Decimal(12131)]
    assert column("$1,234.50", "(12.50)", "12.50-", "-$3.00", "USD 4.25", "5 €", "１２") == [
        Decimal(n) for n in ("1234.50", "-12.50", "-12.50", "-3", "4.25", "5", "12")
    ]
    assert column("1.50", "2.50", "3,50")[2] == "has another number format than the rest of its column"
    assert column("12,131", delimiter=";") == ["could be thousands or decimals: write it without group signs"]
    assert column("1.000", whole=True) == ["could be thousands or decimals: write it without group signs"]
    assert column("12,131", "6.0", whole=True) == [12131, 6]
    assert column("1 234,50", "1’234,50") == [Decimal("1234.5")] * 2
    assert column("12 50", "1,2,3", "1e400", "--5", "10%", "99999999999999999") == [
        "is not a number", "is not a number", "is not a number", "is not a number",
        "is a percentage where an amount is expected", "is too large",
    ]  # fmt: skip


def test_dates_decide_once_per_column() -> None:
    def column(*values: str) -> list[object]:
        from shop.readers.dates import Evidence, day_first

        reader = DateColumn(day_first(date_evidence(dict.fromkeys(values, 1)), Evidence()), time=False)
        return [day if why is None else why for day, why in map(reader.read, values)]

    assert column("03/04/2025", "25/04/2025") == [date(2025, 4, 3), date(2025, 4, 25)]
    assert column("03/04/2025", "04/25/2025") == [date(2025, 3, 4), date(2025, 4, 25)]
    assert column("03/04/2025", "5/5/2025") == [
        "does not tell day from month: write it as 2025-10-07",
        date(2025, 5, 5),
    ]
    assert (
        column("7 Oct 2025", "October 7, 2025", "7. Oktober 2025", "2025年10月7日", "20251007", "07-Oct-25")
        == [date(2025, 10, 7)] * 6
    )
    assert column("1800-01-01", "45123", "2025-13-01") == [
        "is outside the years 1990 to 2100",
        "is not a date",
        "is not a date",
    ]
    clock = DateColumn(False, time=True).read
    assert clock("2025-10-07 09:50:26 +0200") == (datetime(2025, 10, 7, 7, 50, 26), None)
    assert clock("12/15/2025 9:30:33 PM") == (datetime(2025, 12, 15, 21, 30, 33), None)
    assert clock("2025-10-07T09:50:26Z") == (datetime(2025, 10, 7, 9, 50, 26), None)


def test_places_by_many_names() -> None:
    names = [
        "UK",
        "EIRE",
        "RSA",
        "USA",
        "Channel Islands",
        "European Community",
        "Unspecified",
        "Deutschland",
        "États-Unis",
        "日本",
        "NA",
        "DEU",
    ]
    assert [country(name) for name in names] == ["GB", "IE", "ZA", "US", "JE", "EU", "ZZ", "DE", "US", "JP", "NA", "DE"]
    assert country("Atlantis") is None
    assert (currency("usd"), currency("$"), currency("US Dollar")) == ("USD", None, None)
    assert (language("zh_CN"), language("German"), language("xx-YY")) == ("zh-CN", "de", None)


def test_text_has_nothing_hidden_in_it() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all")
    assert clean(f"a\u202e\u200b{hidden}\x00\x1b[31m b\ufe0f") == "a[31m b"
    assert clean("\u200b \x07") is None
    assert clean("one\r\ntwo", breaks=True) == "one\ntwo"
    assert clean('="00123"', code=True) == clean("'00123", code=True) == "00123"
