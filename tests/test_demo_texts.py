"""The demo brand's documents and reviews: complete, varied, repeatable, with what is planted where the key says."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from rapidfuzz import fuzz, process

from shop.demo.brand_texts import BrandText, brand_texts, parse_text
from shop.demo.planted import FALSE_CLAIMS, INJECTIONS, REVIEWS
from shop.demo.reviews import CLAUSES, rating_of, write_reviews
from shop.errors import ShopError
from shop.records import Review

SKUS = (
    *("BOT-750", "BOT-500", "BAND-SET", "BAND-LOOP", "SOCK-3P", "MAT-TPE", "ROLL-45"),
    *("TOW-ICE", "BELT-RUN", "CAP-UV", "VEST-HI", "GEL-24", "ROPE-SPD", "BOX-GIFT"),
)
LANGUAGES = ("en", "de", "fr", "ja", "zh")
LEAK = re.compile(
    r"leak|puddle|drips|undicht|tropft|alles läuft aus|läuft am Deckel|fuit|Fuite|coule|漏", re.IGNORECASE
)
SMALL = re.compile(
    r"small|tiny|L fits like S|klein|Größentabelle|petit|guide des tailles|小さ|サイズ表|偏小|太小|尺码", re.IGNORECASE
)
SMELL = re.compile(r"smell|geruch|stinkt|riecht|odeur|sent encore|におい|味", re.IGNORECASE)
BLISTER = re.compile(r"blister|blase|ampoule|マメ|泡", re.IGNORECASE)


def wanted_reviews(count: int, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2024-11-16") + pd.to_timedelta(rng.integers(0, 730, count), "D")
    return pd.DataFrame(
        {
            "sku": rng.choice(SKUS, count),
            "country": rng.choice(["US", "DE", "GB", "FR", "JP"], count, p=[0.44, 0.19, 0.15, 0.11, 0.11]),
            "channel": rng.choice(["shopify", "amazon", "alibaba"], count, p=[0.43, 0.42, 0.15]),
            "day": days,
        }
    )


@pytest.fixture(scope="module")
def reviews() -> list[dict[str, Any]]:
    return write_reviews(np.random.default_rng(11), wanted_reviews(400))


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    frame = pd.DataFrame(write_reviews(np.random.default_rng(12), wanted_reviews(4000)))
    frame["reviewed_on"] = pd.to_datetime(frame["reviewed_on"])
    return frame


@pytest.fixture(scope="module")
def documents() -> dict[str, BrandText]:
    return {text.path: text for text in brand_texts()}


def test_every_review_is_a_record_about_its_row(reviews: list[dict[str, Any]]) -> None:
    sales = wanted_reviews(400)
    assert len(reviews) == len(sales)
    assert len({row["review_id"] for row in reviews}) == 400
    for row, sale in zip(reviews, sales.itertuples(), strict=True):
        record = Review.model_validate(row)
        assert set(row) == set(Review.model_fields)
        assert (record.sku, record.country, record.channel) == (sale.sku, sale.country, sale.channel)
        assert record.reviewed_on == sale.day.date()
        assert 1 <= record.rating <= 5
        assert "{" not in record.text


def test_the_same_seed_writes_the_same_reviews_and_another_does_not(reviews: list[dict[str, Any]]) -> None:
    assert write_reviews(np.random.default_rng(11), wanted_reviews(400)) == reviews
    assert write_reviews(np.random.default_rng(13), wanted_reviews(400)) != reviews


@pytest.mark.parametrize("kind", ["date", "text", "datetime64"])
def test_days_may_come_as_dates_texts_or_timestamps(kind: str) -> None:
    sales = wanted_reviews(20)
    expected = write_reviews(np.random.default_rng(1), sales)
    if kind == "date":
        sales["day"] = pd.Series([day.date() for day in sales["day"]], dtype=object)
    elif kind == "text":
        sales["day"] = [day.date().isoformat() for day in sales["day"]]
    else:
        sales["day"] = pd.Series(list(sales["day"].to_numpy()), dtype="datetime64[s]")
    assert write_reviews(np.random.default_rng(1), sales) == expected


def test_reviews_hardly_repeat_each_other(reviews: list[dict[str, Any]]) -> None:
    texts = [row["text"] for row in reviews]
    assert len(set(texts)) >= 0.97 * len(texts)
    likeness = process.cdist(texts, texts, scorer=fuzz.ratio, workers=1)
    np.fill_diagonal(likeness, 0)
    assert (likeness.max(axis=1) > 90).mean() < 0.06


def test_all_five_languages_are_there(reviews: list[dict[str, Any]]) -> None:
    languages = Counter(row["language"] for row in reviews)
    assert set(languages) == set(LANGUAGES)
    assert min(languages.values()) >= 15


def test_chinese_is_there_without_wholesale_and_common_with_it(many: pd.DataFrame) -> None:
    chinese = (many["language"] == "zh").groupby(many["channel"]).mean()
    assert 0.5 < chinese["alibaba"] < 0.7
    assert 0.03 < chinese["shopify"] < 0.09


def test_scripts_fit_the_language(reviews: list[dict[str, Any]]) -> None:
    for row in reviews:
        kana = bool(re.search(r"[\u3040-\u30ff]", row["text"]))
        han = bool(re.search(r"[\u4e00-\u9fff]", row["text"]))
        assert (kana or han) == (row["language"] in ("ja", "zh")), row["text"]
        assert kana == (row["language"] == "ja"), row["text"]


def share(frame: pd.DataFrame, words: re.Pattern[str]) -> float:
    return float(frame["text"].map(lambda text: bool(words.search(text))).mean())


def test_the_bottle_lid_leaks_only_since_july_2026(many: pd.DataFrame) -> None:
    bottle = many[many["sku"] == "BOT-500"]
    assert share(bottle[bottle["reviewed_on"] < "2026-07-01"], LEAK) == 0
    assert share(bottle[bottle["reviewed_on"] >= "2026-07-01"], LEAK) > 0.4


def test_what_buyers_complain_about_and_love(many: pd.DataFrame) -> None:
    by_sku = dict(iter(many.groupby("sku")))
    assert share(by_sku["VEST-HI"], SMALL) > 0.45
    assert share(by_sku["MAT-TPE"], SMELL) > 0.3
    assert share(by_sku["SOCK-3P"], BLISTER) > 0.6
    assert share(by_sku["BOT-750"], SMALL) < 0.1
    stars = many.groupby("sku")["rating"].mean()
    assert stars["TOW-ICE"] > 4.3
    assert stars["SOCK-3P"] > 4.3
    assert stars["VEST-HI"] < 3.6
    unhappy = many[(many["sku"] == "VEST-HI") & (many["rating"] <= 2)]
    assert share(unhappy, SMALL) > 0.8


@pytest.mark.parametrize("strictness", [0.0, 0.5, 0.99])
def test_more_praise_never_lowers_and_more_blame_never_raises_the_rating(strictness: float) -> None:
    for praised in range(3):
        for blamed in range(3):
            assert 1 <= rating_of(praised, blamed, strictness) <= 5
            assert rating_of(praised + 1, blamed, strictness) >= rating_of(praised, blamed, strictness)
            assert rating_of(praised, blamed + 1, strictness) <= rating_of(praised, blamed, strictness)


@pytest.mark.parametrize("language", LANGUAGES)
def test_clause_banks_cover_every_sku(language: str) -> None:
    bank = yaml.safe_load((CLAUSES / f"{language}.yaml").read_text(encoding="utf-8"))
    assert set(bank["skus"]) == set(SKUS)
    least_love, least_hate = (3, 2)
    for sku, words in bank["skus"].items():
        love = [clause for clauses in words["love"].values() for clause in clauses]
        hate = [clause for clauses in words["hate"].values() for clause in clauses]
        assert len(love) >= least_love, sku
        assert len(hate) >= least_hate, sku
        assert len(set(love + hate)) == len(love + hate), sku


def test_documents_are_enough_and_about_real_skus(documents: dict[str, BrandText]) -> None:
    kinds = Counter(text.kind for text in documents.values())
    assert kinds["story"] >= 8
    assert kinds["evidence"] >= 14
    assert kinds["policy"] >= 8
    assert {text.language for text in documents.values()} == set(LANGUAGES)
    assert {sku for text in documents.values() for sku in text.skus} == set(SKUS)
    assert {sku for text in documents.values() if text.kind == "evidence" for sku in text.skus} == set(SKUS)
    assert all(len(text.body) > 200 for text in documents.values())


@pytest.mark.parametrize("claim", FALSE_CLAIMS, ids=lambda claim: f"{claim.sku}-{claim.quote[:24]}")
def test_a_false_claim_stands_where_the_key_says_and_a_source_speaks_against_it(
    claim: Any, documents: dict[str, BrandText], reviews: list[dict[str, Any]]
) -> None:
    if claim.where == REVIEWS:
        assert any(claim.quote in row["text"] for row in reviews if row["sku"] == claim.sku)
    else:
        assert claim.quote in documents[claim.where].body
    assert claim.evidence in documents[claim.against].body
    assert claim.quote not in documents[claim.against].body


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda injection: f"{injection.sku}-{injection.trick[:24]}")
def test_an_injection_stands_where_the_key_says(
    injection: Any, documents: dict[str, BrandText], reviews: list[dict[str, Any]]
) -> None:
    if injection.where == REVIEWS:
        assert sum(injection.quote in row["text"] for row in reviews if row["sku"] == injection.sku) == 1
    else:
        assert injection.quote in documents[injection.where].body


def test_enough_is_planted() -> None:
    assert len(FALSE_CLAIMS) >= 12
    assert len(INJECTIONS) >= 6


def test_invisible_characters_stand_only_where_planted(
    documents: dict[str, BrandText], reviews: list[dict[str, Any]]
) -> None:
    invisible = re.compile("[\u200b-\u200f\u2060\ufeff]")
    assert not [path for path, text in documents.items() if invisible.search(text.body)]
    assert {row["sku"] for row in reviews if invisible.search(row["text"])} == {"TOW-ICE"}


HEAD = 'kind: story\ntitle: "A"\nskus: []\nlanguage: en\ndate: 2026-01-01'


def test_a_text_without_skus_is_about_the_brand() -> None:
    text = parse_text("a.md", f"---\n{HEAD}\n---\nBody --- with dashes.\n")
    assert text.skus == ()
    assert text.body == "Body --- with dashes."


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("no front matter", "front matter"),
        (f"---\n{HEAD}\nnever closed", "front matter"),
        ("---\nkind: [\n---\nx", "YAML"),
        ("---\ndate: 2026-13-45\n---\nx", "YAML"),
        ("---\nkind: story\n---\nx", "needs kind"),
        (f"---\n{HEAD.replace('story', 'poem')}\n---\nx", "kind must be one of story, evidence, policy"),
        (f"---\n{HEAD.replace('2026-01-01', 'soon')}\n---\nx", "date"),
    ],
)
def test_a_broken_front_matter_is_named(raw: str, says: str) -> None:
    with pytest.raises(ShopError, match=says) as caught:
        parse_text("broken.md", raw)
    assert str(caught.value).startswith("broken.md")


@pytest.mark.parametrize(
    ("translation", "originals"),
    [
        ("evidence/bot-750-test-fr.md", ("bottle-thermal-test", "bot-750-spec")),
        ("evidence/bottle-jp.md", ("bottle-thermal-test", "bot-500-spec")),
        ("evidence/socken-zeugnis-de.md", ("sock-field-trial", "sock-3p-spec")),
        ("evidence/bot-500-gasket-qa-zh.md", ("bot-500-lid-leak-test", "bot-500-spec")),
        ("policies/pifa-zh.md", ("../policies/wholesale-terms",)),
        ("policies/versand-de.md", ("../policies/shipping-times",)),
    ],
)
def test_measured_values_survive_translation(
    translation: str, originals: tuple[str, ...], documents: dict[str, BrandText]
) -> None:
    def measured(body: str) -> set[str]:
        return set(re.findall(r"\d+[.:]\d+", body.replace(",", "."))) | set(re.findall(r"\d+(?= ?[%g度只])", body))

    paths = [f"evidence/{name}.md" if "/" not in name else name.removeprefix("../") + ".md" for name in originals]
    source = "\n".join(documents[path].body for path in paths).replace(",", ".")
    own = {"4.90", "3.000", "1.0", "0.5"}  # a parcel fee, gaskets asked for, an AQL, half a litre
    found = measured(documents[translation].body)
    assert found - own
    assert not [value for value in found - own if value not in source]


def test_documents_are_in_the_language_they_say(documents: dict[str, BrandText]) -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([*LANGUAGES, "es", "it", "nl"])
    assert not [path for path, text in documents.items() if identifier.classify(text.body)[0] != text.language]
