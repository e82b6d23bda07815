"""Amazon settlements: loaded whole and to the cent or refused with the difference; what they show counts before fee tables."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.costs import economics
from shop.errors import ShopError
from shop.readers import import_files
from shop.readers.settlements import country_of
from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, build, tiny_tables

HEADER = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\t"
    "order-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\t"
    "fulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\t"
    "sku\tquantity-purchased\tpromotion-id\n"
)
Amount = tuple[str, str, str, str, str, str]  # transaction, SKU, type, description, amount, quantity


def written(amount: Decimal, comma: bool) -> str:
    text = f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if comma else text


def settlement(
    amounts: list[Amount], total: Decimal, number: str = "111", currency: str = "EUR", comma: bool = True,
    marketplace: str = "Amazon.de", posted: date = AS_OF - timedelta(days=3),
) -> str:  # fmt: skip
    paid = f"{posted:%d.%m.%Y} 10:00:00 UTC" if comma else f"{posted} 10:00:00 UTC"
    day = f"{posted:%d.%m.%Y}" if comma else str(posted)
    rows = [f"{number}\t{paid}\t{paid}\t{paid}\t{written(total, comma)}\t{currency}" + "\t" * 18]
    for n, (transaction, sku, kind, named, amount, units) in enumerate(amounts):
        rows.append(
            f"{number}\t\t\t\t\t\t{transaction}\t305-{n}\t\t\t\t{marketplace if sku else ''}\t{kind}\t{named}\t"
            f"{written(Decimal(amount), comma)}\t\t{day}\t{paid}\t\t\t\t{sku}\t{units}\t"
        )
    return HEADER + "\n".join(rows) + "\n"


def sold(units: int, price: str = "20.00", commission: str = "-2.40", fba: str = "-3.10") -> list[Amount]:
    found: list[Amount] = []
    for _ in range(units):
        found += [
            ("Order", "BOT-500", "ItemPrice", "Principal", price, "1"),
            ("Order", "BOT-500", "ItemFees", "Commission", commission, ""),
            ("Order", "BOT-500", "ItemFees", "FBAPerUnitFulfillmentFee", fba, ""),
        ]
    return found


def total(amounts: list[Amount]) -> Decimal:
    return sum((Decimal(one[4]) for one in amounts), Decimal(0))


def load(folder: Path, text: str, name: str = "settlement.txt") -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    import_files(folder, [path])


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.decimals(-5000, 5000, places=2), min_size=1, max_size=12),
    st.booleans(),
    st.decimals(-9, 9, places=2),
)
def test_the_parts_add_up_to_the_total_or_the_file_is_refused_with_the_difference(
    parts: list[Decimal], comma: bool, off: Decimal
) -> None:
    amounts: list[Amount] = [("Order", "BOT-500", "ItemPrice", "Principal", str(part), "1") for part in parts]
    whole = total(amounts)
    with TemporaryDirectory() as place:
        folder = Path(place)
        if off:
            with pytest.raises(ShopError, match="differ, so nothing is loaded") as refused:
                load(folder, settlement(amounts, whole + off, comma=comma))
            assert f"{off:,.2f} EUR differ" in str(refused.value)
            assert not list(folder.glob("books/*.duckdb"))
        else:
            load(folder, settlement(amounts, whole, comma=comma))
            (row,) = Shop.open(folder).rows("SELECT count(*), sum(amount) FROM settlements")
            assert row == (len(parts), whole)


def test_rows_know_country_currency_day_and_replace_those_of_the_same_settlement(tmp_path: Path) -> None:
    amounts = [*sold(2), ("other-transaction", "", "other-transaction", "Storage Fee", "-4.00", "")]
    load(tmp_path, settlement([*amounts, *sold(1)], total([*amounts, *sold(1)])))
    load(tmp_path, settlement(amounts, total(amounts)), "again.txt")
    shop = Shop.open(tmp_path)
    assert shop.rows("SELECT DISTINCT country, channel, currency, posted_on FROM settlements") == [
        ("DE", "amazon", "EUR", AS_OF - timedelta(days=3))
    ]
    assert shop.rows("SELECT count(*), sum(amount) FROM settlements") == [(7, total(amounts))]


def test_a_row_that_cannot_be_read_is_named_and_nothing_is_loaded(tmp_path: Path) -> None:
    amounts = sold(1)
    broken = settlement(amounts, total(amounts)).replace("-2,40", "two")
    with pytest.raises(ShopError, match=r"-2\.40 EUR differ.*1 rows could not be read, the first is line 4: amount"):
        load(tmp_path, broken)


@pytest.mark.parametrize(
    ("change", "said"),
    [(("total-amount", "sum"), "a settlement needs total-amount too"), (("EUR", ""), "names 0 currencies")],
)
def test_a_file_that_cannot_be_added_up_is_refused(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    amounts = sold(1)
    with pytest.raises(ShopError, match=said):
        load(tmp_path, settlement(amounts, total(amounts)).replace(*change))


def test_what_settlements_show_counts_before_the_fee_table_and_after_the_operator(tmp_path: Path) -> None:
    build(tmp_path, tiny_tables())
    before = economics(Shop.open(tmp_path), "BOT-500", "DE", "amazon", price=Decimal("20.00"))
    assert not any("settlements" in version for version in before.versions)
    amounts = sold(25)
    load(tmp_path, settlement(amounts, total(amounts)))
    after = economics(Shop.open(tmp_path), "BOT-500", "DE", "amazon", price=Decimal("20.00"))
    fees = {part.name: part for part in after.market_parts}
    paid = Decimal(20) + sum(
        part.amount for part in after.market_parts if part.name in ("discount", "shipping_charged")
    )
    assert fees["marketplace_fee"].amount == -(paid * Decimal("0.12")).quantize(Decimal("0.01"))
    assert fees["fulfilment"].amount == Decimal("-3.10")
    assert fees["marketplace_fee"].source.startswith("settlements to 2026-11-12 (25 units)")
    assert "settlements 2026-11-12" in after.versions
    (tmp_path / "rates.yaml").write_text(
        "rates:\n  - {what: referral, value: 9, unit: pct, channel: amazon, country: DE}\n", encoding="utf-8"
    )
    own = economics(Shop.open(tmp_path), "BOT-500", "DE", "amazon", price=Decimal("20.00"))
    fees = {part.name: part for part in own.market_parts}
    assert fees["marketplace_fee"].source.startswith("operator")


def test_few_units_say_nothing_and_refunds_tell_what_of_a_commission_is_kept(tmp_path: Path) -> None:
    from shop.costs import Costs

    build(tmp_path, tiny_tables())
    back = [
        one for _ in range(6)
        for one in (
            ("Refund", "BOT-500", "ItemPrice", "Principal", "-20.00", ""),
            ("Refund", "BOT-500", "ItemFees", "Commission", "2.40", ""),
            ("Refund", "BOT-500", "ItemFees", "RefundCommission", "-0.48", ""),
        )
    ]  # fmt: skip
    amounts = [*sold(3), *back]
    load(tmp_path, settlement(amounts, total(amounts)))
    costs = Costs.of(Shop.open(tmp_path))
    referral = costs.one("referral", AS_OF, channel="amazon", country="DE", sku="BOT-500")
    assert referral is None or not referral.settled
    kept = costs.one("referral_refunded", AS_OF, channel="amazon")
    assert kept is not None
    assert kept.settled
    assert kept.value == 80


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Amazon.com", "US"),
        ("amazon.co.uk", "GB"),
        ("Amazon.de", "DE"),
        ("Amazon.co.jp", "JP"),
        ("Non-Amazon", None),
        (None, None),
    ],
)
def test_the_country_of_a_marketplace(name: str | None, country: str | None) -> None:
    assert country_of(name) == country
