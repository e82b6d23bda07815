"""search_knowledge asked for buyers' opinions: aspects with counts, shares, trends and quotes, all numbers proven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from knowledge import close_stores, learn_shop, learn_texts
from shop.warehouse import Shop
from tests.proving import assert_proven
from tests.test_knowledge import TEXTS
from tests.tiny_shop import build, tiny_tables
from tools.buyers.asking import asked
from tools.contract import Finding, Result
from tools.messages import render
from tools.registry import run

LATELY = [
    ("en", 1, "The lid leaks, I found a puddle in my bag."), ("de", 2, "Der Deckel ist undicht, alles nass."),
    ("zh", 1, "杯盖漏水，包都湿了。"), ("ja", 2, "フタから水漏れします。"), ("fr", 2, "Le bouchon fuit dans mon sac."),
]  # fmt: skip
BEFORE = [
    ("en", 5, "Keeps my tea hot all morning and it is easy to clean."), ("zh", 5, "保温效果好，好清洗。"),
    ("de", 5, "Der Tee bleibt heiß, leicht zu reinigen."), ("en", 4, "Keeps my tea hot. A bit heavy."),
]  # fmt: skip
OTHER = [("en", 5, "Lovely colour."), ("en", 4, "Comfortable and light cap."), ("zh", 5, "透气，不褪色。")]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    tables = tiny_tables()
    rows = [("BOT-750", "2026-11-01", *one) for one in LATELY] + [("CAP-UV", "2026-06-01", *one) for one in OTHER]
    rows += [("BOT-750", f"2026-0{month}-01", *one) for month in (1, 2, 3, 4) for one in BEFORE]
    tables["reviews"] = [
        {"review_id": f"R{n}", "reviewed_on": day, "sku": sku, "country": "US", "channel": "amazon",
         "language": language, "rating": rating, "title": None, "text": text}
        for n, (sku, day, language, rating, text) in enumerate(rows)
    ]  # fmt: skip
    books = build(tmp_path_factory.mktemp("buyers"), tables)
    learn_texts(books.folder, TEXTS)
    learn_shop(books)
    yield books
    close_stores()


def search(shop: Shop, query: str, **arguments: Any) -> Result:
    return run(shop, "search_knowledge", {"query": query, **arguments})


def of_key(result: Result, key: str) -> list[Finding]:
    return [f for f in result.findings if f.key.startswith(f"search_knowledge.{key}")]


@pytest.mark.parametrize(
    ("query", "kinds", "view", "aspects"),
    [
        ("what do buyers complain about with the BOT-500", [], "complaints", ()),
        ("顾客最喜欢弹力带什么", [], "praise", ()),
        ("complaints", ["review"], "complaints", ()),
        ("what do customers think of it", [], "both", ()),
        ("what customers say about the smell", [], "both", ("smell",)),
        ("size complaints", [], "complaints", ("size",)),
        ("评价", ["review"], "both", ()),
        ("smell", ["review"], "both", ("smell",)),
    ],
)
def test_buyers_opinions_are_asked_for(query: str, kinds: list[str], view: str, aspects: tuple[str, ...]) -> None:
    found = asked(query, kinds)
    assert found is not None
    assert (found.view, found.aspects) == (view, aspects)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("return policy", []), ("what is our return policy", ["policy"]), ("complaints policy", ["policy"]),
        ("steel certificate", ["evidence"]), ("why Maya started the brand", []), ("how long does tea stay hot", []),
    ],
)  # fmt: skip
def test_other_questions_are_left_to_search(query: str, kinds: list[str]) -> None:
    assert asked(query, kinds) is None


def test_complaints_come_with_count_share_trend_and_quote(shop: Shop) -> None:
    result = search(shop, "what do buyers complain about", sku="BOT-750")
    first, *_ = of_key(result, "complaint_beside")
    said = {name: value.value for name, value in first.values.items()}
    assert said["aspect"] == "aspect.leak"
    assert [said["named"], said["reviews"]] == [5, 21]
    assert render(first, "en").startswith(
        "Buyers of BOT-750 complain about leaking and tightness: 5 of 21 reviews (23.8%"
    )
    [rising] = of_key(result, "complaints_rising")
    assert rising.severity == "act"
    assert [rising.values[name].value for name in ("recent_named", "recent", "before_named", "before")] == [5, 5, 0, 16]
    texts = {text for _, _, text in LATELY}
    assert any(str(quote.values["text"].value) in texts for quote in of_key(result, "aspect_quote"))
    assert not of_key(result, "praise")
    assert [a.key for a in result.assumptions] == ["search_knowledge.opinions_read"]


def test_praise_is_told_in_the_buyers_own_words(shop: Shop) -> None:
    result = search(shop, "顾客最喜欢什么", sku="BOT-750")
    assert {str(f.values["aspect"].value) for f in of_key(result, "praise_beside")} >= {
        "aspect.temperature",
        "aspect.cleaning",
    }
    [own] = of_key(result, "own_words")
    assert "Keeps my tea hot" in render(own, "en")
    assert not of_key(result, "complaint")
    assert {table.title for table in result.tables} == {"Buyers' opinions by aspect", "Praise in buyers' own words"}


def test_a_code_in_the_question_is_its_product_and_no_complaint_is_said(shop: Shop) -> None:
    result = search(shop, "what do buyers complain about with the CAP-UV?")
    [none] = of_key(result, "no_complaints")
    assert none.about.skus == ["CAP-UV"]
    assert "3" in render(none, "en")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("what do buyers complain about", {"sku": "BOT-750"}), ("what do buyers like", {"sku": "BOT-750"}),
        ("what do customers think", {}), ("what do buyers say about the smell", {"sku": "CAP-UV"}),
        ("leaks", {"sku": "BOT-750", "kinds": ["review"]}),
    ],
)  # fmt: skip
def test_every_number_is_proven(shop: Shop, query: str, arguments: dict[str, Any], language: str) -> None:
    result = search(shop, query, **arguments)
    assert_proven(result, shop, language)
