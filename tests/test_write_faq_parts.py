"""write_faq's parts: contradictions, wording by a model, readers, grouping, and the files it exports."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge import close_stores
from shop.warehouse import Shop
from shop.writers.faq import FaqPayload, files, json_ld, markdown
from tests.test_write_faq import TEXTS, Text, faq, gaps, items, shop_with
from tools.contract import ToolError
from tools.copywriting.voice import speaking_with
from tools.faq.asked import is_question, without_private
from tools.faq.personas import persona_of
from tools.faq.product import Product
from tools.faq.questions import LANGUAGES, kinds_of, known, needed
from tools.faq.sources import own_items
from tools.messages import wordings
from tools.registry import run

NEWER = Text("evidence/new.md", "evidence", "Usable volume: 710 ml. Dishwasher safe on the top rack.", "Spec sheet, second revision", ("BOT-750",), date="2026-08-01")  # fmt: skip
TRADE = Text("policies/trade.md", "policy", "Smallest order: 24 pieces for each SKU. Payment: 30% deposit, the rest before shipping.", "Wholesale terms")  # fmt: skip
SHELF = Text("policies/lapland.md", "policy", "We ship to hotels in Lapland by reindeer sled from December to March.", "Lapland")  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    yield shop_with(tmp_path_factory.mktemp("parts"), [*TEXTS, NEWER, TRADE, SHELF])
    close_stores()


def test_of_two_figures_the_newest_stands_and_the_operator_is_asked(shop: Shop) -> None:
    result = faq(shop, language="en")
    [holds] = items(result)["How much does Insulated Steel Bottle 750 ml hold?"]
    assert holds["text"] == "Usable volume: 710 ml."
    told = [f for f in result.findings if f.key == "write_faq.contradiction_dated"]
    pairs = {(f.values["newer"].value, f.values["older"].value) for f in told}
    assert ("Usable volume: 710 ml.", "usable volume: 750 ml") in pairs
    assert all(f.severity == "act" for f in told)
    assert {str(f.values["newer_day"].value) for f in told} == {"2026-08-01"}


def test_a_denial_and_an_affirmation_contradict_each_other(shop: Shop) -> None:
    result = faq(shop, language="en")
    sides = [
        (str(f.values["newer"].value), str(f.values["older"].value))
        for f in result.findings
        if "contradiction" in f.key
    ]
    assert ("Dishwasher safe on the top rack.", "Hand wash only, not for dishwashers.") in sides


def test_sources_that_agree_are_no_contradiction(tmp_path: Path) -> None:
    same = Text("evidence/fr.md", "evidence", "Volume utile : 750 ml, soit 0,75 l. Poids 402 g.", "Fiche", ("BOT-750",), language="fr")  # fmt: skip
    result = faq(shop_with(tmp_path, [*TEXTS, same]), language="en")
    assert not [f for f in result.findings if "contradiction" in f.key]
    close_stores()


@dataclass
class Speaker:
    """A model that says what it is told to."""

    lines: dict[str, str]
    fluent: bool = True
    name: str = "scripted"

    def writes(self, language: str) -> bool:
        return self.fluent

    def reword(self, text: str, language: str, instruction: str, longest: int) -> str | None:
        return self.lines.get(text)


def test_a_model_words_another_language_and_is_checked(shop: Shop) -> None:
    honest = Speaker({"Verbraucher können binnen 14 Tagen widerrufen.": "Consumers can withdraw within 14 days."})
    with speaking_with(honest):
        result = faq(shop, "BOT-500", language="en")
    [answer] = items(result)["Can I return Insulated Steel Bottle 500 ml?"]
    assert (answer["text"], answer["language"], answer["own_words"]) == (
        "Consumers can withdraw within 14 days.",
        "en",
        False,
    )
    assert "write_faq.by_model" in [f.key for f in result.warnings]
    draft = result.proposals[0].payload
    assert run(shop, "propose_change", {"kind": "listing", "payload": draft}).proposals[0].payload == draft
    sly = json.loads(json.dumps(draft).replace("within 14 days", "within 90 days"))
    with pytest.raises(ToolError, match="says more than the passages"):
        run(shop, "propose_change", {"kind": "listing", "payload": sly})


@pytest.mark.parametrize(
    "wrong",
    ["Consumers can withdraw within 40 days.", "Verbraucher können binnen 14 Tagen zurückgeben und widerrufen."],
)
def test_a_wrong_figure_or_language_of_the_model_falls_back_to_the_source(shop: Shop, wrong: str) -> None:
    with speaking_with(Speaker({"Verbraucher können binnen 14 Tagen widerrufen.": wrong})):
        result = faq(shop, "BOT-500", language="en")
    [answer] = items(result)["Can I return Insulated Steel Bottle 500 ml?"]
    assert (answer["text"], answer["own_words"]) == ("Verbraucher können binnen 14 Tagen widerrufen.", True)
    assert {"write_faq.foreign_kept", "write_faq.refused"} <= {f.key for f in result.warnings}


def test_a_model_not_known_to_write_the_language_gives_a_draft(shop: Shop) -> None:
    weak = Speaker(
        {"Verbraucher können binnen 14 Tagen widerrufen.": "Consumers can withdraw within 14 days."}, fluent=False
    )
    with speaking_with(weak):
        result = faq(shop, "BOT-500", language="en")
    assert "write_faq.by_model_draft" in [f.key for f in result.warnings]


def test_wholesale_terms_are_for_wholesale_buyers_only(shop: Shop) -> None:
    assert "24 pieces" not in json.dumps(faq(shop, language="en").proposals[0].payload)
    trade = items(faq(shop, language="en", persona="wholesale buyer"))
    assert trade["What is the smallest wholesale order of Insulated Steel Bottle 750 ml?"][0]["text"].startswith("Smallest order: 24 pieces")  # fmt: skip
    assert not any("return" in question for question in trade)


def test_a_buyers_own_question_is_answered_where_a_source_surely_does(shop: Shop) -> None:
    asked = "Do you ship to my hotel in Lapland by reindeer sled?"
    result = faq(shop, language="en")
    answers = items(result).get(asked)
    assert answers is not None
    assert answers[0]["text"].startswith("We ship to hotels in Lapland")
    assert asked not in gaps(result)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (None, "everybody"), ("", "everybody"), ("first-time buyer", "first_time_buyer"), ("beginner", "first_time_buyer"),
        ("马拉松跑者", "athlete"), ("cyclists", "athlete"), ("送礼的人", "gift_giver"), ("家长", "parent"),
        ("price_sensitive", "price_sensitive"), ("follower", "follower"), ("functional", "athlete"), ("批发商", "wholesale_buyer"),
        ("Händler in Bayern", "wholesale_buyer"), ("a mother of two", "parent"),
    ],
)  # fmt: skip
def test_readers_are_known_by_words_and_meaning(said: str | None, key: str) -> None:
    persona, understood = persona_of(said)
    assert (persona.key, understood) == (key, True)


def test_every_question_has_its_forms_and_what_would_answer_it() -> None:
    for key, question in known().items():
        assert set(question.forms) == set(LANGUAGES), key
        assert f"faq_needs.{key}" in wordings()
        assert f"persona.{persona_of(None)[0].key}" in wordings()


@pytest.mark.parametrize(
    ("key", "answering", "beside"),
    [
        ("weight", "Packed weight 180 g.", "level heavy: thickness 1.2 mm, force at 100% stretch 104 N (10.6 kg)"),
        ("dimensions", "Length 45 cm, diameter 14.5 cm.", "Drop test from 80 cm: contents unhurt."),
        ("whats_in_box", "Contents: one bottle, one towel.", "Drop test 80 cm, contents unhurt 20 of 20."),
        ("certificates", "Yarns under OEKO-TEX Standard 100.", "Laboratory: Example Labs, report EX-1 of 3 May 2025."),
        ("allergens", "Traces of milk are possible.", 'We never write "allergen-free".'),
    ],
)
def test_a_sentence_on_another_matter_is_no_answer(key: str, answering: str, beside: str) -> None:
    question = known()[key]
    assert question.answered_by(answering)
    assert question.cue.search(beside)
    assert not question.answered_by(beside)


def test_items_of_a_list_for_other_products_are_not_read() -> None:
    socks = Product("SOCK-1", "Running Socks", (), ("apparel",), (("VEST-1", ("Reflective Vest",)),))
    lacking = "We do not hold: any waterproof rating; EN ISO 20471 for the vest; an antibacterial test for the socks."
    assert own_items(lacking, socks) == "We do not hold: any waterproof rating; an antibacterial test for the socks."
    assert not known()["visibility"].answered_by(own_items(lacking, socks))
    assert known()["weather"].answered_by(own_items(lacking, socks))
    assert own_items("Not for the vest; wash it.", socks) == "Not for the vest; wash it."


@pytest.mark.parametrize(
    ("name", "category", "kinds"),
    [
        ("Insulated Steel Bottle 750 ml", "bottles", ["bottle"]), ("Yoga Mat TPE", "mats", ["mat"]), ("X-9", "apparel", ["apparel"]),
        ("保温杯", None, ["bottle"]), ("Trinkflasche", None, ["bottle"]), ("Widget", "things", []), ("Barbell 20 kg", None, []),
    ],
)  # fmt: skip
def test_kinds_come_from_name_then_category(name: str, category: str | None, kinds: list[str]) -> None:
    assert kinds_of(name, category) == kinds
    assert needed(kinds)[-1] == "change_order"


@pytest.mark.parametrize("text", ["How big is it?", "多大？", "可以机洗吗", "洗えますか。"])
def test_questions_are_seen_in_several_languages(text: str) -> None:
    assert is_question(text)


def test_statements_are_no_questions() -> None:
    assert not is_question("回転がなめらかで静か。")
    assert not is_question("It leaks.")


def test_order_numbers_addresses_and_greetings_go() -> None:
    said = without_private("Hello, where is order A210234? Write me@x.example or +49 (151) 234 567 89.")
    assert said.startswith("where is")
    assert not re.search(r"\d{4}|@", said)


words_of_any_script = st.text(min_size=1, max_size=120)


def payload(question: str, answer: str, source: str) -> FaqPayload:
    cited = {"passage": "abc", "source": source or "s", "place": "line 1"}
    return FaqPayload.model_validate(
        {
            "form": "faq", "sku": "BOT-750", "language": "en",
            "items": [{"question": question, "answers": [{"text": answer, "language": "en", "sources": [cited]}]}],
        }
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(words_of_any_script, words_of_any_script, st.text(min_size=1, max_size=40))
def test_whatever_is_exported_is_valid_and_holds_no_markup(question: str, answer: str, source: str) -> None:
    try:
        change = payload(question, answer, source)
    except ValidationError:
        return
    page = json_ld(change)
    assert not re.search(r"[<>&\u2028\u2029]", page)
    read = json.loads(page)
    assert read["@context"] == "https://schema.org"
    [asked] = read["mainEntity"]
    assert asked["name"] == change.items[0].question
    assert asked["acceptedAnswer"]["text"] == change.items[0].answers[0].text
    shown = re.sub(r"<!--.*?-->", "", markdown(change, "T"))
    assert not re.search(r"(?<!\\)[<\[!`]", shown)


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "a <img src=x>", "</script><b>", "see javascript:alert(1)", " \u200b "]
)
def test_markup_is_refused(evil: str) -> None:
    with pytest.raises(ValidationError):
        payload("Fine?", evil, "s")
    with pytest.raises(ValidationError):
        payload(evil, "Fine.", "s")


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    from tests.tiny_shop import build

    books = build(tmp_path)
    change = payload("=HYPERLINK(1)?", "@sum(A1)", "+evil")
    by_name = {one.name: one.content.decode() for one in files(books, change, "P-1")}
    [row] = list(csv.DictReader(io.StringIO(by_name["faq.csv"])))
    assert all(not str(cell).startswith(("=", "+", "@", "-")) for cell in row.values())
    assert by_name["faq.md"].startswith("# Insulated Steel Bottle 750 ml")


def test_same_answer_every_time(shop: Shop) -> None:
    one: dict[str, Any] = run(shop, "write_faq", {"sku": "BOT-750", "language": "zh"}).model_dump(mode="json")
    assert run(shop, "write_faq", {"sku": "BOT-750", "language": "zh"}).model_dump(mode="json") == one
