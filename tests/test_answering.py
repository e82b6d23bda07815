"""Answers come from the passage that answers, name its sentence, and are left out where nothing answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import KnowledgeError, Passage, close_stores, learn_texts, open_store
from knowledge.answering import Answer, answer, answer_from, answers
from knowledge.passage import passage_id
from knowledge.stems import stem
from knowledge.words import content, sentences
from tests.test_knowledge import TEXTS


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_stores()


def passage(text: str, language: str = "en") -> Passage:
    return Passage(passage_id("a.md", "1", text), text, "evidence", "a.md", "1", language=language)


CARE = passage(
    "Rinse the bottle after each use. The lid is dishwasher safe on the top rack. Let all parts dry before closing."
)
SIZE = passage("The bottle holds 750 ml and weighs 342 g without the lid.")
STORY = passage("Maya Lind ran 800 m for Sweden and sewed the first belt herself.")
UNSURE = passage("Not sure if the lid is dishwasher safe, sorry.")


@pytest.mark.parametrize(
    ("question", "where", "said"),
    [
        ("Is the lid dishwasher safe?", CARE, "The lid is dishwasher safe on the top rack."),
        ("How much does the bottle weigh?", SIZE, SIZE.text),
    ],
)
def test_the_sentence_that_answers_is_given(question: str, where: Passage, said: str) -> None:
    given = answer(question, [STORY, CARE, SIZE])
    assert given is not None
    assert (given.passage, given.sentence) == (where, said)
    assert given.sentence in where.text
    assert 0.5 < given.probability <= 1


@pytest.mark.parametrize("question", ["Does it come with a charger?", "Can I eat it?", "?", ""])
def test_nothing_is_given_where_nothing_answers(question: str) -> None:
    assert answer(question, [STORY, CARE, SIZE]) is None
    assert answer(question, []) is None


def test_who_does_not_know_answers_less_than_who_does() -> None:
    knows, unsure = (answers("Is the lid dishwasher safe?", [p])[0] for p in (CARE, UNSURE))
    assert knows.probability > unsure.probability


def test_every_passage_is_ranked_and_the_order_of_passages_does_not_matter() -> None:
    ranked = answers("Is the lid dishwasher safe?", [STORY, CARE, SIZE])
    assert ranked == answers("Is the lid dishwasher safe?", [SIZE, STORY, CARE])
    assert [a.probability for a in ranked] == sorted((a.probability for a in ranked), reverse=True)
    assert {a.passage for a in ranked} == {STORY, CARE, SIZE}
    assert all(isinstance(a, Answer) for a in ranked)


def test_answers_from_the_memory_and_only_of_the_sku(tmp_path: Path) -> None:
    learn_texts(tmp_path, TEXTS)
    store = open_store(tmp_path)
    given = answer_from(store, "Within how many days can I return unused goods?")
    assert given is not None
    assert given.sentence == "You may return unused goods within 30 days."
    assert answer_from(store, "Is the inner wall free of BPA?", sku="CAP-UV") is None
    assert answer_from(store, "Is the inner wall free of BPA?", sku="BOT-750") is not None
    with pytest.raises(KnowledgeError, match="story, evidence"):
        answer_from(store, "x", kinds=["poem"])


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "leaks", "leaking"),
        ("en", "batteries", "battery"),
        ("en", "stopped", "stopping"),
        ("en-GB", "bottles", "bottle"),
        ("de", "flaschen", "flasche"),
        ("fr", "lavages", "lavage"),
        ("es", "lavados", "lavado"),
        (None, "washed", "washing"),
    ],
)
def test_forms_of_a_word_are_one_stem(language: str | None, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


@pytest.mark.parametrize("word", ["glass", "bus", "750", "保温", "gel", "bpa"])
def test_what_has_no_ending_stays(word: str) -> None:
    assert stem(word, "en") == word


def test_content_leaves_out_what_any_sentence_has() -> None:
    assert content("How are the bottles washed?") == ["bottl", "wash"]
    assert content("这个杯盖漏水吗", "zh")


def test_sentences_of_every_script() -> None:
    assert sentences("It holds 1.5 l. It is blue!\n- Made in Sweden") == [
        "It holds 1.5 l.",
        "It is blue!",
        "- Made in Sweden",
    ]
    assert sentences("防水。可以洗。") == ["防水。", "可以洗。"]
    assert sentences("…\n\n") == []
