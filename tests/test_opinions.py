"""Opinions by aspect: what a clause says of what, in six languages, with denial, contrast, "too" and "enough"."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.aspects import OVERALL, aspects, languages, lexicon
from knowledge.opinions import opinions, read_review
from tools.messages import wordings


def found(text: str, language: str | None = None) -> dict[str, int]:
    """Polarity by aspect of a text that says one thing of each."""
    return {one.aspect: one.polarity for one in opinions(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "aspect", "polarity"),
    [
        ("en", "The lid leaked all over my bag.", "leak", -1),
        ("en", "It doesn't leak.", "leak", 1),
        ("en", "There is no smell.", "smell", 1),
        ("en", "The smell gave me a sore throat.", "smell", -1),
        ("en", "The smell is lovely.", "smell", 1),
        ("en", "Not a good fit.", "size", -1),
        ("en", "Way too sweet.", "taste", -1),
        ("en", "Not too heavy.", "weight", 1),
        ("en", "Long enough for tall people.", "size", 1),
        ("en", "Not long enough.", "size", -1),
        ("en", "Smaller than expected.", "size", -1),
        ("en", "Less comfortable than my old pair.", "comfort", -1),
        ("en", "Pretty thin.", "fabric", -1),
        ("en", "The delivery was slow.", "delivery", -1),
        ("en", "Customer service was excellent.", "service", 1),
        ("en", "Reduces the pain in my wrist.", "comfort", 1),
        ("en", "The straps are not adjustable.", "setup", -1),
        ("de", "Ohne Geruch.", "smell", 1),
        ("de", "Die Sohle rutscht auch bei Regen nicht.", "grip", 1),
        ("de", "Das Handy wurde nass.", "water", -1),
        ("de", "Die Naht ist gerissen.", "durability", -1),
        ("de", "Starker Chemiegeruch.", "smell", -1),
        ("fr", "Ne glisse pas.", "grip", 1),
        ("fr", "La gourde fuit.", "leak", -1),
        ("fr", "Aucune odeur.", "smell", 1),
        ("fr", "Taille trop petit.", "size", -1),
        ("zh", "不漏水", "leak", 1),
        ("zh", "漏水严重", "leak", -1),
        ("zh", "没有异味", "smell", 1),
        ("zh", "太舒服了", "comfort", 1),
        ("zh", "尺码偏小", "size", -1),
        ("zh", "一个水泡都没有", "comfort", 1),
        ("ja", "水漏れしません", "leak", 1),
        ("ja", "フタから漏れます", "leak", -1),
        ("ja", "サイズが小さすぎます", "size", -1),
        ("ja", "滑りません", "grip", 1),
        ("es", "No huele a nada.", "smell", 1),
        ("es", "La cremallera se rompió.", "durability", -1),
        ("es", "Es muy cómodo.", "comfort", 1),
    ],
)
def test_a_clause_says_one_thing_of_an_aspect(language: str, text: str, aspect: str, polarity: int) -> None:
    assert found(text, language).get(aspect) == polarity


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Soft fabric but the zipper broke."),
        ("de", "Weicher Stoff, aber der Reißverschluss ist kaputt."),
        ("fr", "Tissu doux mais la fermeture est cassée."),
        ("zh", "面料很柔软，但是拉链坏了。"),
        ("ja", "生地は柔らかくて肌触りが良いですが、ファスナーが壊れました。"),
        ("es", "La tela es suave pero la cremallera está rota."),
    ],
)
def test_contrast_keeps_praise_and_complaint_apart(language: str, text: str) -> None:
    said = found(text, language)
    assert said["durability"] == -1
    assert said.get("fabric", said.get("comfort")) == 1
    [broken] = [one for one in opinions(text, language) if one.aspect == "durability"]
    assert broken.strength < -1  # what follows "but" weighs more
    assert len(broken.clause) < len(broken.sentence)


def test_praise_goes_to_the_nearest_aspect_and_to_those_joined_with_it() -> None:
    assert found("The colour and the fit are great.") == {"colour": 1, "size": 1}
    assert found("Delivery was slow and the packaging was great.") == {"delivery": -1, "packaging": 1}
    assert found("The colour, so nice.") == {"colour": 1}
    assert found("Great!") == {OVERALL: 1}


def test_a_bare_mention_follows_only_a_plain_rating() -> None:
    said = {rating: read_review("About the zipper.", "en", rating).opinions[0].polarity for rating in (1, 2, 3, 4, 5)}
    assert said == {1: -1, 2: 0, 3: 0, 4: 0, 5: 1}
    assert read_review("About the zipper.", "en").opinions[0].polarity == 0
    assert read_review("The zipper broke.", "en", 5).opinions[0].polarity == -1


def test_the_language_is_seen_in_the_script_where_it_is_not_said() -> None:
    assert found("杯盖漏水") == found("杯盖漏水", "en") == {"leak": -1}
    assert found("フタから水漏れします", None) == {"leak": -1}
    assert found("Der Deckel ist leider undicht und mein Rucksack war nass.")["leak"] == -1
    assert opinions("Det läcker hela tiden.", "sv") == []
    assert opinions("") == opinions("!!!") == opinions("123 456") == []


def test_every_language_speaks_of_every_aspect_and_each_has_a_name() -> None:
    named = aspects()
    assert set(languages()) == {"en", "de", "fr", "zh", "ja", "es"}
    for language in languages():
        known = {meaning.aspect for found in lexicon(language).phrases().values() for meaning in found}
        assert set(named) == {aspect for aspect in known if aspect is not None}, language
    assert {f"aspect.{aspect}" for aspect in named} <= wordings().keys()


def test_no_word_of_a_lexicon_is_both_praise_and_blame() -> None:
    for language in languages():
        for phrase, meanings in lexicon(language).phrases().items():
            signs = {(one.aspect, one.strength > 0) for one in meanings if one.strength}
            assert len(signs) == len({aspect for aspect, _ in signs}), f"{language}: {phrase}"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "de", "fr", "zh", "ja", "es", None, "xx"]))
def test_any_text_can_be_read(text: str, language: str | None) -> None:
    for one in opinions(text, language):
        assert one.polarity in (-1, 0, 1)
        assert one.clause in one.sentence
        assert one.sentence in text
        assert one.aspect in aspects()
