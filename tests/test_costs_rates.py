"""The operator's rates file, and the reference rates as they are shipped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shop.costs import Costs, economics, price_for_margin
from shop.costs.parts import GAPS
from shop.costs.rates import ALLOWED_UNITS, EARLIEST_COUNTS, FILES, MEANINGS, _reference, customs_facts, rate_book
from shop.errors import ShopError
from tests.costs_shop import ROUND, costs_shop
from tools.messages import placeholders, wordings

D = Decimal
DOC = Path(__file__).resolve().parent.parent / "docs" / "costs.md"


def book(folder: Path, text: str) -> None:
    (folder / "rates.yaml").write_text(text, encoding="utf-8")
    rate_book(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rates: [", "rates.yaml cannot be read as YAML: correct it or remove it."),
        ("vat: 19", "rates.yaml must be one list named `rates`; see docs/costs.md."),
        ("- 3", "rates.yaml must be one list named `rates`; see docs/costs.md."),
        ("rates: [3]", "rates.yaml, rate 1: a rate is written as `what: ..., value: ..., unit: ...`."),
        ("rates: [{what: vat, unit: pct}]", "rates.yaml, rate 1: value: Field required."),
        ("rates: [{what: vat, value: 19, unit: pct, land: DE}]", "rates.yaml, rate 1: land: Extra inputs are not permitted."),
        ("rates: [{what: vat, value: 19, unit: EUR}]", "rates.yaml, rate 1: vat has the unit EUR; allowed: pct."),
        ("rates: [{what: parcel, value: 4, unit: pct}]", "rates.yaml, rate 1: parcel has the unit pct; allowed: a currency such as USD."),
        ("rates: [{what: vat, value: -1, unit: pct}]", "rates.yaml, rate 1: vat cannot be -1."),
        ("rates: [{what: vat, value: .nan, unit: pct}]", "rates.yaml, rate 1: value: Input should be a finite number."),
        ("rates: [{what: vat, value: 7, unit: pct, mode: sea}]", "rates.yaml, rate 1: vat cannot be narrowed by mode; allowed: country, sku, category, channel."),
        ("rates: [{what: buyer_imports, value: 2, unit: flag}]", "rates.yaml, rate 1: buyer_imports is 0 or 1, not 2."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_sentence_that_names_the_row(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ShopError) as refused:
        book(tmp_path, text)
    assert str(refused.value) == said


def test_an_unknown_rate_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ShopError, match=r"rates.yaml, rate 2: there is no rate named tax; there are: vat, "):
        book(tmp_path, "rates: [{what: vat, value: 7, unit: pct}, {what: tax, value: 7, unit: pct}]")


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    book(tmp_path, "")
    assert rate_book(tmp_path).versions.keys() == set(FILES)


def test_the_most_specific_and_newest_row_holds_and_the_operator_comes_first(tmp_path: Path) -> None:
    (tmp_path / "rates.yaml").write_text(
        "rates:\n"
        "  - {what: vat, value: 7, unit: pct, country: DE, sku: BOT-750, effective_from: 2026-03-01}\n"
        "  - {what: vat, value: 5, unit: pct, country: DE, sku: BOT-750, effective_to: 2026-02-28}\n"
    )
    rates = rate_book(tmp_path)

    def vat(day: date, sku: str) -> Decimal:
        return rates.find("vat", day, {"country": "DE", "sku": sku})[0].value

    assert vat(date(2026, 2, 28), "BOT-750") == 5
    assert vat(date(2026, 3, 1), "BOT-750") == 7
    assert vat(date(2026, 3, 1), "CAP-UV") == 19
    assert rates.find("vat", date(2025, 6, 30), {"country": "EE"})[0].value == 22
    assert rates.find("vat", date(2025, 7, 1), {"country": "EE"})[0].value == 24


def test_a_country_comes_before_its_customs_union(tmp_path: Path) -> None:
    (tmp_path / "rates.yaml").write_text(
        "rates: [{what: duty, value: 1, unit: pct, country: EU}, {what: duty, value: 2, unit: pct, country: NL}]"
    )
    rates = rate_book(tmp_path)
    assert rates.find("duty", date(2026, 1, 1), {"country": ("NL", "EU")})[0].value == 2
    assert rates.find("duty", date(2026, 1, 1), {"country": ("DE", "EU")})[0].value == 1


def test_every_reference_row_has_a_date_a_source_and_a_mark() -> None:
    rows = [row for rows in _reference().values() for row in rows]
    assert {row.what for row in rows} <= set(MEANINGS)
    for row in rows:
        assert row.source not in ("", "operator"), row
        assert row.as_of is not None, row
        assert row.mark in ("V", "T", "U"), row
        assert row.effective_to is None or row.effective_to > row.effective_from, row
        if row.up_to is not None and row.what == "referral":
            assert row.band_currency, row


def test_no_two_reference_rows_say_the_same_thing() -> None:
    seen = set()
    for rows in _reference().values():
        for row in rows:
            key = row.model_copy(update={"value": D(0), "source": "", "mark": "U", "minimum": None})
            assert key not in seen, row
            seen.add(key)


def test_price_rates_before_their_first_row_take_it_and_laws_do_not() -> None:
    rates = rate_book(Path("nowhere"))
    early = date(2009, 1, 1)
    assert rates.find("payment", early, {"channel": "shopify", "country": "US"})
    assert not rates.find("extra_duty", early, {"country": "US", "origin": "CN", "measure": "Section 122"})
    assert {"extra_duty", "small_parcel_duty", "vat"}.isdisjoint(EARLIEST_COUNTS)


def test_incoterms_shrink_from_exw_to_ddp() -> None:
    terms = customs_facts()["incoterms"]
    assert set(terms) == {"EXW", "FCA", "FAS", "FOB", "CFR", "CPT", "CIF", "CIP", "DAP", "DPU", "DDP"}
    assert terms["DDP"] == []
    assert set(terms["FOB"]) == set(terms["EXW"]) - {"origin_leg"}


def test_every_gap_is_worded_in_both_languages_from_the_same_values() -> None:
    worded = {key: said for key, said in wordings().items() if key.startswith("cost_gap.")}
    assert {key.removeprefix("cost_gap.") for key in worded} == set(GAPS)
    for key, words in GAPS.items():
        assert placeholders(words) == placeholders(worded[f"cost_gap.{key}"]["zh"]), key


def test_prices_that_no_margin_allows_say_what_is_possible(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path, rates=ROUND + "  - {what: payment, value: 10, unit: pct}\n")
    kept = price_for_margin(shop, "BOT-750", "US", "shopify", 30)
    margin = economics(shop, "BOT-750", "US", "shopify", price=kept).margin_pct
    assert margin is not None
    assert D(30) <= margin < D("30.05")
    with pytest.raises(ShopError, match=r"keeps 90%: .* leave less than 90.0%"):
        price_for_margin(shop, "BOT-750", "US", "shopify", 90)
    with pytest.raises(ShopError, match="A margin is below 100 percent, not 100"):
        price_for_margin(shop, "BOT-750", "US", "shopify", 100)


@pytest.mark.parametrize(("country", "kept"), [("US", "20.01"), ("DE", "16.67")])
def test_a_price_just_over_a_band_may_be_the_lowest_that_keeps_a_margin(
    tmp_path: Path, country: str, kept: str
) -> None:
    """Commission falls from 60% to nothing over 20 USD, which is 16.666... EUR."""
    told = (
        "  - {what: referral, value: 60, unit: pct, channel: shopify, up_to: 20, band_currency: USD}\n"
        "  - {what: referral, value: 0, unit: pct, channel: shopify}\n  - {what: vat, value: 0, unit: pct}\n"
        "  - {what: unit_cost, value: 1, unit: USD, sku: BOT-750}\n"
    )
    shop = costs_shop(tmp_path, rates=ROUND + told)
    assert price_for_margin(shop, "BOT-750", country, "shopify", 45) == D(kept)


def test_every_rate_is_explained_in_the_handbook() -> None:
    text = DOC.read_text(encoding="utf-8")
    for what, (unit, keys, meaning) in MEANINGS.items():
        shown = ALLOWED_UNITS[unit].split(" such as ")[-1]
        assert f"| `{what}` | {shown} | {', '.join(keys) or '–'} | {meaning} |" in text


def test_the_handbook_example_is_a_valid_file(tmp_path: Path) -> None:
    text = DOC.read_text(encoding="utf-8")
    example = text.split("```yaml", 1)[1].split("```", 1)[0]
    shop = costs_shop(tmp_path, rates=example)
    assert "rates.yaml" in Costs.of(shop).rates.versions
