"""The second demo brand: small, repeatable, and its own: another founder, other facts, the same kind of product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from knowledge import close_stores, learn_demo, open_store
from shop.demo.brand_texts import brand_texts
from shop.demo.brands import demo_brand, demo_brands
from shop.demo.second import build_second, second_brand, second_texts
from shop.errors import ShopError
from shop.warehouse import Shop


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tauernruh")
    build_second(folder)
    learn_demo(folder, "tauernruh")
    yield folder
    close_stores()


def test_its_books_are_small_and_complete(folder: Path) -> None:
    shop = Shop.open(folder)
    assert (shop.name, shop.base_currency, shop.as_of.isoformat()) == ("Tauernruh", "EUR", "2026-11-15")
    assert set(shop.vocabulary.countries) == {"AT", "DE", "GB", "US"}
    assert 500 < shop.count("orders") == shop.count("order_lines") < 2000
    assert shop.count("prices") == 4 * 5
    assert shop.rows("SELECT min(price), max(price) FROM prices WHERE sku = 'HUT-700'")[0] == (
        Decimal("39.60"),
        Decimal("52.80"),
    )
    [(first,)] = shop.rows("SELECT min(ordered_at)::DATE FROM orders")
    assert first >= shop.as_of - timedelta(weeks=10)
    balance = shop.rows("SELECT sku, min(on_hand) FROM inventory GROUP BY sku")
    sold = dict(shop.rows("SELECT sku, sum(quantity) FROM order_lines GROUP BY sku"))
    for sku, left in balance:
        assert left == second_brand().products[sku].stock - sold[sku]


def test_its_reviews_are_many_languages_and_rate_by_their_words(folder: Path) -> None:
    rows = Shop.open(folder).rows("SELECT language, rating, sku, text FROM reviews")
    assert len(rows) >= 40
    languages = Counter(language for language, *_ in rows)
    assert set(languages) == {"en", "de", "zh"}
    assert min(languages.values()) >= 7
    assert {sku for _, _, sku, _ in rows} == set(second_brand().products)
    assert len({text for *_, text in rows}) == len(rows)


def test_the_same_seed_writes_the_same_orders(folder: Path, tmp_path: Path) -> None:
    orders = "SELECT * EXCLUDE (source_file, source_line) FROM orders ORDER BY order_id"
    build_second(tmp_path / "again")
    build_second(tmp_path / "other", seed=5)
    assert Shop.open(tmp_path / "again").rows(orders) == Shop.open(folder).rows(orders)
    assert Shop.open(tmp_path / "other").rows(orders) != Shop.open(folder).rows(orders)


def test_its_texts_are_of_every_kind_and_nothing_is_northlanes(folder: Path) -> None:
    ours, theirs = second_texts(), brand_texts()
    assert Counter(text.kind for text in ours).keys() == {"story", "evidence", "policy"}
    said = " ".join(text.body for text in ours)
    assert "Northlane" not in said
    assert "Maya" not in said
    assert not {text.path for text in ours} & {text.path for text in theirs}
    for text in ours:
        assert max(fuzz.ratio(text.body, other.body) for other in theirs) < 70
        assert set(text.skus) <= set(second_brand().products)
    store = open_store(folder)
    assert store.search("How long does the big bottle keep tea hot?", ("evidence",))[0].source == (
        "evidence/thermal-test-innsbruck.md"
    )


def test_brands_are_asked_for_by_name() -> None:
    assert list(demo_brands()) == ["northlane", "tauernruh"]
    assert demo_brand("Tauernruh").name == "Tauernruh"
    with pytest.raises(ShopError, match="northlane, tauernruh"):
        demo_brand("acme")
