"""Values of a spec sheet said in six languages: typed, cited, and true to the row they come from."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.passage import Passage
from knowledge.verification import verify
from tools.copywriting.choose import Ranked, only_papers
from tools.copywriting.claims import for_buyers
from tools.copywriting.facts import Fact, facts_of
from tools.copywriting.spec_sentences import said
from tools.copywriting.specs import hidden, specs_of, tabular

SHEET = """| Property | Value |
|-|-|
| Usable volume | 600 ml |
| Brimful volume | 618 ml |
| Weight, packed | 420 g |
| Weight, empty with lid | 350 g |
| Outer diameter | 71 mm |
| Mouth, inner diameter | 44 mm |
| Inner and outer wall | 18/8 stainless steel (AISI 304), 0.40 mm each |
| Lid | polypropylene screw lid with silicone gasket, Shore A 50 |

Keeps drinks hot for 10 hours and cold for 20 hours. Hand wash only, not for dishwashers. No PVC, no natural rubber. No metallic off-taste."""


def facts(text: str = SHEET, language: str = "en", role: str = "size", kind: str = "evidence") -> list[Ranked]:
    passage = Passage("p", text, kind, "sheet.md", "line 1", "", ("FLS-6",), language, date(2026, 1, 1))  # type: ignore[arg-type]
    return [Ranked(fact, role, 0.5, 0.5, at) for at, fact in enumerate(facts_of(passage))]


def spoken(language: str, **of: str) -> list[str]:
    return [text for one in facts(**of) for spec in specs_of(one) if (text := said(spec, language))]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Holds 600 ml.", "Weighs 350 g.", "Keeps drinks hot for 10 hours and cold for 20 hours.", "Diameter 71 mm."]),
        ("de", ["Fasst 600 ml.", "Gewicht: 350 g.", "Hält Getränke 10 Stunden heiß und 20 Stunden kalt.", "Ohne PVC und Naturkautschuk."]),
        ("zh", ["容量600 ml。", "保温10小时，保冷20小时。", "主体：18/8不锈钢。", "不可放入洗碗机清洗。"]),
        ("ja", ["容量は600 mlです。", "保温10時間、保冷20時間。", "手洗いしてください。"]),
        ("fr", ["Contenance de 600 ml.", "Sans PVC et caoutchouc naturel.", "Ne passe pas au lave-vaisselle."]),
        ("es", ["Capacidad de 600 ml.", "Lavar a mano."]),
    ],
)  # fmt: skip
def test_a_sheet_is_said_in_every_language(language: str, sentences: list[str]) -> None:
    assert [one for one in sentences if one not in spoken(language)] == []


@pytest.mark.parametrize("language", ["en", "de", "zh", "ja", "fr", "es"])
def test_every_sentence_stands_on_the_sheet_it_cites(language: str) -> None:
    """The oracle is the claim check itself, which knows nothing of the sentences."""
    known = facts()[0].fact.passage
    for text in spoken(language):
        assert verify(text, [known], language=language, sku="FLS-6").reasons == (), text


def test_what_is_of_no_use_to_a_buyer_is_no_value() -> None:
    told = " ".join(spoken("en"))
    assert "618" not in told  # to the brim
    assert "420" not in told  # in its box
    assert "44" not in told  # inside the mouth
    assert [one.fact.label for one in facts() if hidden(one)] == ["Brimful volume", "Weight, packed"]


def test_stories_and_wide_tables_hold_no_values() -> None:
    assert not spoken("en", text="It weighs 402 grams empty. The weight is 402 g.", kind="story")
    wide = "| Size | Chest | Back |\n|-|-|-|\n| M | 94 cm | 60 cm |\n| L | 102 cm | 64 cm |"
    assert all(tabular(one) or len(one.fact.text) < 10 for one in facts(wide) if "; " in one.fact.text)
    assert not spoken("en", text=wide)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Fibre shares by weight (ISO 1833): 60% cotton, 40% polyester.", "Made of 60% cotton and 40% polyester."),
        ("Adjustable from 64 to 108 cm.", "Adjustable from 64 cm to 108 cm."),
        ("Care instructions: inside out at 40 °C, no softener.", "Wash at 40 °C."),
        ("Blanket: 100 × 75 cm, knitted.", "Measures 100 × 75 cm."),
    ],
)
def test_sentences_hold_values_too(text: str, english: str) -> None:
    assert english in spoken("en", text=text)


@pytest.mark.parametrize(
    "text",
    [
        "60% cotton, 20% polyester.",  # the rest is not told
        "Copper-plated inner wall.",  # not of copper
        "Store in the dark below 30 °C.",  # no washing
        "Weight of one pair in M 46 g.",  # not of the pack
        "The declaration covers steel, silicone and no other material.",  # free of neither
    ],
)
def test_what_would_say_too_much_is_not_said(text: str) -> None:
    assert spoken("en", text=text) == []


def test_a_row_loses_what_only_a_laboratory_reads() -> None:
    assert for_buyers("Lid: polypropylene screw lid, Shore A 50") == "Lid: polypropylene screw lid"
    assert (
        for_buyers("Wall: 18/8 stainless steel (AISI 304), 0.40 mm each") == "Wall: 18/8 stainless steel, 0.40 mm each"
    )


def test_a_certificate_alone_is_no_selling_point() -> None:
    assert only_papers("The factory's own certificate is LFGB-HL-5521.", "en")
    assert not only_papers("Keeps drinks hot for 12 hours under the conditions of test report HM-24-0417.", "en")


def test_a_leaning_fact_is_not_said() -> None:
    passage = facts()[0].fact.passage
    assert specs_of(Ranked(Fact("Its weight is 350 g.", passage, leaning=True), "size", 0.5, 0.5, 0)) == []
