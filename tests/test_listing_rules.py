"""Channel rules as dated data, kept to the character and byte; search terms and files that obey them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.passage import Passage
from shop.errors import ShopError
from shop.listing_rules import channels, held_phrases, rules_of
from shop.writers.listing_files import as_html, google_merchant, shopify
from tools.copywriting.demand import Demand, Term
from tools.copywriting.keywords import search_terms, tags
from tools.copywriting.product import ProductRecord
from tools.copywriting.units import localized

TODAY = date(2026, 11, 15)
NO_FACTS = np.zeros((0, 512), dtype=np.float32)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=300)
WORDS = st.lists(st.text(st.sampled_from("abcdeäß水壶ボトル'é "), min_size=1, max_size=24), max_size=60)


def test_every_channel_of_the_issue_has_rules() -> None:
    assert set(channels()) == {"amazon", "shopify", "alibaba", "tiktok", "woocommerce", "ebay", "etsy"}


@pytest.mark.parametrize(("day", "most"), [(date(2026, 7, 26), 200), (date(2026, 7, 27), 75)])
def test_a_limit_holds_from_its_day(day: date, most: int) -> None:
    assert rules_of("amazon", day).most("title") == most


@settings(deadline=None)
@given(TEXT)
def test_amazon_titles_are_counted_to_the_character(text: str) -> None:
    words = Counter(word.casefold() for word in "".join(c if c.isalnum() else " " for c in text).split())
    rules = rules_of("amazon", TODAY)
    broken = {one.measure for one in rules.broken("title", text)}
    assert ("characters" in broken) == (len(text) > 75)
    assert ("character" in broken) == bool(set(text) & set("!$?_{}^¬¦"))
    if max(words.values(), default=0) <= 2 and "'" not in text and "’" not in text:
        assert "word_repeats" not in broken


@settings(deadline=None)
@given(TEXT)
def test_search_terms_are_counted_to_the_byte(text: str) -> None:
    broken = {one.measure for one in rules_of("amazon", TODAY).broken("search_terms", text)}
    assert ("bytes" in broken) == (len(text.encode("utf-8")) >= 250)


@settings(deadline=None)
@given(st.lists(st.text(max_size=300), max_size=7))
def test_bullets_are_counted_one_by_one_and_together(texts: list[str]) -> None:
    broken = {one.measure for one in rules_of("amazon", TODAY).broken("bullets", texts)}
    assert ("count" in broken) == (not 3 <= len(texts) <= 5)
    assert ("each_characters" in broken) == any(not 10 <= len(text) <= 255 for text in texts)
    assert ("characters" in broken) == (sum(map(len, texts)) > 999)


@settings(max_examples=40, deadline=None)
@given(WORDS)
def test_search_terms_never_break_a_rule_and_repeat_nothing(terms: list[str]) -> None:
    record = ProductRecord("S", "Brand", "Steel Bottle", (), "", "", Passage("x", "t", "evidence", "s", "p"))
    wanted = Demand(tuple(Term(text, 1, "US") for text in terms), ())
    for channel in ("amazon", "alibaba"):
        rules = rules_of(channel, TODAY)
        found = search_terms(record, wanted, "en", NO_FACTS, rules, "Brand Steel Bottle")
        assert not rules.broken("search_terms", found)
        assert len(set(found.split())) == len(found.split())
        assert not {"brand", "steel", "bottle"} & set(found.split())


@settings(max_examples=40, deadline=None)
@given(WORDS)
def test_tags_keep_number_and_length(terms: list[str]) -> None:
    record = ProductRecord("S", "Brand", "Steel Bottle", (), "", "", Passage("x", "t", "evidence", "s", "p"))
    wanted = Demand(tuple(Term(text, 1, "US") for text in terms), ())
    found = tags(record, wanted, "en", NO_FACTS, rules_of("etsy", TODAY))
    assert len(found) <= 13
    assert all(len(tag) <= 20 for tag in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Free shipping today", True), ("Freeshipping", False), ("A bestseller", True), ("现在下单包邮", True),
        ("Keeps hot for 12 hours", False), ("On salem road", False), ("Kostenloser  Versand", False),
    ],
)  # fmt: skip
def test_banned_phrases_are_whole_words(text: str, held: bool) -> None:
    assert bool(list(held_phrases(text, rules_of("amazon", TODAY).phrases))) is held


def test_the_shop_s_own_limits_come_first(tmp_path: Path) -> None:
    (tmp_path / "listing_limits.yaml").write_text(
        "version: 2026-11-01\nlimits:\n- {channel: amazon, field: title, measure: characters, most: 150, "
        "effective_from: 2026-01-01, source: my account, as_of: 2026-11-01, status: V}\n"
    )
    rules = rules_of("amazon", TODAY, tmp_path)
    assert rules.most("title") == 150
    assert "own" in rules.version
    (tmp_path / "listing_limits.yaml").write_text("version: 2026-11-01\nlimits: [{channel: amazon}]\n")
    with pytest.raises(ShopError, match=r"listing_limits\.yaml cannot be read"):
        rules_of("amazon", TODAY, tmp_path)


def test_a_channel_without_rules_names_those_with() -> None:
    with pytest.raises(ShopError, match="etsy"):
        rules_of("temu", TODAY)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not attrs


@settings(deadline=None)
@given(st.text(max_size=200))
def test_html_of_a_description_holds_no_markup_of_its_text(text: str) -> None:
    parser = _Tags()
    parser.feed(as_html(text) + as_html("- <img src=x onerror=alert(1)>\n<script>x</script>"))
    assert parser.seen <= {"p", "ul", "li"}


def test_shopify_s_file_has_its_new_columns_and_google_s_its_mark() -> None:
    texts = {
        "title": "T", "description": "One.\n\n- Two", "tags": ["a,b", "c"], "seo_title": "S", "seo_description": "D",
    }  # fmt: skip
    row = next(iter(csv.DictReader(io.StringIO(shopify("S-1", "Steel Bottle", "Brand", texts).decode()))))
    assert row["Description"] == "<p>One.</p><ul><li>Two</li></ul>"
    assert row["URL handle"] == "steel-bottle"
    assert row["Tags"] == "a b, c"
    assert {"Title", "SEO title", "SEO description", "SKU", "Vendor"} <= set(row)
    assert 'trained_algorithmic_media:"T"' in next(
        csv.DictReader(io.StringIO(google_merchant("S-1", "trained_algorithmic_media", texts).decode()), delimiter="\t")
    )["structured_title"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "country", "said"),
    [
        ("holds 750 ml", "US", "holds 750 ml (25.4 fl oz)"), ("holds 750 ml", "DE", "holds 750 ml"), ("holds 750 ml", "", "holds 750 ml"),
        ("100 × 30 cm", "US", "100 × 30 cm"), ("weighs 402 g", "US", "weighs 402 g (14.2 oz)"), ("25 g of sugar", "US", "25 g of sugar"),
        ("holds 25 fl oz", "DE", "holds 25 fl oz (739 ml)"), ("wash at 40 °C", "US", "wash at 40 °C (104 °F)"), ("110 g/m²", "US", "110 g/m²"),
        ("sold 9 in Germany", "DE", "sold 9 in Germany"),
    ],
)  # fmt: skip
def test_measures_are_given_in_the_country_s_units_too(text: str, country: str, said: str) -> None:
    assert localized(text, country, "en") == said
