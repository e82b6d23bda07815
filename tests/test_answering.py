"""Answers come from the passage that answers, name its sentence, and are left out where nothing answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import KnowledgeError, Passage, close_stores, learn_texts, open_store
from knowledge.answer_parts import parts_of, statements
from knowledge.answering import Answer, answer, answer_from, answers
from knowledge.passage import passage_id
from knowledge.question_asks import asks, measured
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


@pytest.mark.parametrize(
    ("question", "unsure"),
    [
        ("Is the lid dishwasher safe?", UNSURE.text),
        ("Is it UL approved?", "There is nothing on the heater that says it is UL approved."),
        ("Ist der Deckel spülmaschinenfest?", "Ich weiß nicht, ob der Deckel spülmaschinenfest ist."),
        ("杯盖可以放洗碗机吗？", "不清楚杯盖可不可以放洗碗机。"),
    ],
)
def test_who_does_not_know_is_never_given(question: str, unsure: str) -> None:
    assert answer(question, [passage(unsure)], least=0) is None


def test_who_knows_what_was_asked_and_not_something_else_is_given() -> None:
    fits = passage("It fits my 2012 Silverado, but I don't know which other years it fits.")
    assert answer("Will it fit my 2012 Silverado?", [fits]) is not None


@pytest.mark.parametrize(
    ("text", "said", "asked"),
    [
        ("Yes, on the top rack. Question: is the lid dishwasher safe? ", ["Yes, on the top rack."], ["is the lid dishwasher safe?"]),
        ("Q: Does it leak? A: No, it is tight.", ["No, it is tight."], ["Does it leak?"]),
        ("Does it leak? It is tight.", ["It is tight."], ["Does it leak?"]),
        ("Frage: Ist er dicht? Antwort: Ja.", ["Ja."], ["Ist er dicht?"]),
        ("问：漏水吗？\n答：不漏水。", ["不漏水。"], ["漏水吗？"]),
        ("The lid is tight.", ["The lid is tight."], []),
    ],
)  # fmt: skip
def test_what_a_text_says_is_told_from_what_it_asks(text: str, said: list[str], asked: list[str]) -> None:
    assert statements(text) == (said, asked)


def test_a_question_is_never_the_answer_and_its_own_answer_is() -> None:
    question = "Is the lid dishwasher safe?"
    assert answers(question, [passage(question)]) == []
    faq = passage("Q: Is the lid dishwasher safe? A: Yes, on the top rack.")
    assert [part.under for part in parts_of(faq)] == [question]
    given = answer(question, [faq, STORY], least=0.5)
    assert given is not None
    assert given.sentence == "Yes, on the top rack."


@pytest.mark.parametrize(
    ("question", "right", "other"),
    [
        ("How much does it weigh?", "It is 342 g.", "It comes in 342 colours."),
        ("How long is the strap?", "About 80 cm.", "It lasts 3 years."),
        ("How long does the battery last?", "Around 8 hours.", "It is 8 cm."),
        ("Wie schwer ist die Flasche?", "342 Gramm.", "342 Stück."),
        ("多久可以送到？", "5天。", "5厘米。"),
        ("What does it cost?", "It was $ 12.", "It was 12 cm."),
    ],
)
def test_a_quantity_is_answered_in_its_own_unit(question: str, right: str, other: str) -> None:
    wanted = asks(question).dimensions
    assert wanted
    assert measured(right, wanted)
    assert not measured(other, wanted)
    assert answers(question, [passage(right), passage(other)])[0].sentence == right


@pytest.mark.parametrize(
    ("question", "open_", "closed"),
    [
        ("What is it made of?", True, False),
        ("Is it made of steel?", False, True),
        ("Woraus besteht er?", False, False),
        ("Was kostet er?", True, False),
        ("是不锈钢的吗？", False, True),
    ],
)
def test_what_kind_of_answer_a_question_wants(question: str, open_: bool, closed: bool) -> None:
    read = asks(question)
    assert (read.open, read.closed) == (open_, closed)


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
