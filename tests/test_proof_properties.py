"""Whatever a finding's value is, its formatted form proves; moved by more than its rounding it never does."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.proof import prove
from shop.warehouse import ProductName, Vocabulary
from tools.contract import About, DataUsed, Result, Value, days, finding, money, on, percent, units

SHOP = Vocabulary(
    (ProductName("BOT-750", "Insulated Steel Bottle 750 ml"),), ("US",), ("shopify",), (), "USD", date(2026, 11, 15)
)
SENTENCE = {"en": "The answer is {} here.", "zh": "结果是{}。", "de": "Das Ergebnis ist {} heute."}
LOCALES = st.sampled_from(["en", "zh", "de"])
MONEY = st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2)
COUNTS = st.integers(1, 5_000_000)
PERCENTS = st.decimals(Decimal("0.1"), Decimal("400"), places=1)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def holds(value: Value, shown: str, language: str) -> bool:
    """Whether an answer that shows this text is proven by the value alone."""
    result = Result(
        tool="t",
        findings=[finding("k", about=About(), value=value)],
        data_used=DataUsed(as_of=date(2020, 2, 29), version=1),
    )
    verdict = prove(SENTENCE[language].format(shown), [result], "", SHOP, language)
    assert verdict.shown >= 1, shown
    return verdict.proven == verdict.shown


def moved(value: Decimal, by: Decimal) -> Decimal:
    return value + by if value + by > 0 else value - by


@settings(max_examples=150, deadline=None)
@given(LOCALES, MONEY, st.sampled_from(["USD", "EUR", "GBP", "CNY"]), st.integers(1, 10**7))
def test_money(language: str, amount: Decimal, currency: str, cents: int) -> None:
    held = money(amount, currency)
    assert holds(held, format_currency(amount, currency, locale=language), language)
    wrong = amount + Decimal(cents) / 100
    assert not holds(held, format_currency(wrong, currency, locale=language), language)
    other = {"USD": "EUR", "EUR": "USD", "GBP": "EUR", "CNY": "USD"}[currency]
    assert not holds(held, format_currency(amount, other, locale=language), language)


@settings(max_examples=80, deadline=None)
@given(LOCALES, st.integers(1, 10**9), st.integers(1, 10**6))
def test_yen_has_no_cents(language: str, amount: int, by: int) -> None:
    held = money(Decimal(amount), "JPY")
    assert holds(held, format_currency(Decimal(amount), "JPY", locale=language), language)
    assert not holds(held, format_currency(Decimal(amount + by), "JPY", locale=language), language)


@settings(max_examples=150, deadline=None)
@given(LOCALES, COUNTS, st.integers(1, 10**6))
def test_units(language: str, n: int, by: int) -> None:
    word = {"en": " units", "zh": "件", "de": " Stück"}[language]
    assert holds(units(n), format_decimal(n, locale=language) + word, language)
    assert not holds(units(n), format_decimal(n + by, locale=language) + word, language)
    assert not holds(days(n), format_decimal(n, locale=language) + word, language)


@settings(max_examples=150, deadline=None)
@given(LOCALES, PERCENTS, st.decimals(Decimal("0.1"), Decimal("90"), places=1))
def test_percent(language: str, points: Decimal, by: Decimal) -> None:
    def shown(value: Decimal) -> str:
        return format_percent(value / 100, locale=language, decimal_quantization=False)

    assert holds(percent(points), shown(points), language)
    wrong = points + by
    if wrong != wrong.to_integral_value() or by > Decimal("0.5"):
        assert not holds(percent(points), shown(wrong), language)
    assert not holds(units(round(points) or 1), shown(points), language)


@settings(max_examples=150, deadline=None)
@given(LOCALES, DAYS, st.sampled_from(["medium", "long", "full"]), st.integers(1, 300))
def test_dates(language: str, day: date, form: str, by: int) -> None:
    assert holds(on(day), format_date(day, form, locale=language), language)
    assert holds(on(day), day.isoformat(), language)
    assert not holds(on(day), format_date(day + timedelta(days=by), form, locale=language), language)


@settings(max_examples=100, deadline=None)
@given(LOCALES, st.decimals(Decimal("1000"), Decimal("9999999"), places=2), st.integers(0, 2))
def test_money_rounded_to_whole_units_or_thousands(language: str, amount: Decimal, places: int) -> None:
    whole = amount.quantize(Decimal(1))
    assert holds(
        money(amount, "USD"),
        format_currency(whole, "USD", locale=language, currency_digits=False, format="¤#,##0"),
        language,
    )
    if language == "en":
        thousands = (amount / 1000).quantize(Decimal("0.1"))
        assert holds(money(amount, "USD"), f"${thousands}k", language)
        assert not holds(money(amount, "USD"), f"${thousands + Decimal('0.2')}k", language)
    if language == "zh" and amount > 10000:
        assert holds(money(amount, "CNY"), f"{(amount / 10000).quantize(Decimal('0.01'))}万元", language)
