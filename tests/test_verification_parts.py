"""What sources only deny, which part is of what, and counts that stand in a list: said right, kept; said wrong, refused."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.passage import Passage
from knowledge.verification import verify


def refused(
    claim: str, source: str, language: str = "en", source_language: str = "en", kind: str = "evidence"
) -> set[str]:
    known = Passage("p", source, kind, "sheet.md", "line 1", "", ("POT-1",), source_language, date(2026, 1, 1))  # type: ignore[arg-type]
    return {one.code for one in verify(claim, [known], language=language, sku="POT-1").reasons}


STOVE = "Gas stove of steel. No piezo igniter; bring a lighter. The valve has a lock; without the lock it turns freely."


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("Its piezo igniter starts the gas stove.", False),
        ("The gas stove has no piezo igniter.", True),
        ("Bring a lighter for the gas stove.", True),
        ("The valve of the gas stove has a lock.", True),
    ],
)
def test_what_the_sources_only_deny_is_not_said(claim: str, kept: bool) -> None:
    assert (not refused(claim, STOVE)) == kept


def test_a_word_the_lexicon_lacks_is_refused_when_a_source_denies_it() -> None:
    assert refused("Its drawstring closes the sack of jute.", "Sack of jute. No drawstring.") == {"negation"}


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("A lid of steel.", False),
        ("A lid of glass.", True),
        ("The pot is of stainless steel.", True),
        ("Stainless steel pot with a glass lid.", True),
    ],
)
def test_a_part_is_of_what_the_sources_say_it_is_of(claim: str, kept: bool) -> None:
    assert (not refused(claim, "Pot of stainless steel. Lid of glass.")) == kept


@pytest.mark.parametrize(
    ("claim", "source", "language", "kept"),
    [
        ("Two sides of stainless steel.", "Inner and outer side of stainless steel.", "en", True),
        ("Three sides of stainless steel.", "Inner and outer side of stainless steel.", "en", False),
        ("Two colours: oat and sage.", "Colours oat and sage.", "en", True),
        ("In zwei Farben.", "Farben Hafer und Salbei.", "de", True),
        ("Set of two blocks of cork.", "Blocks of cork, sold in pairs.", "en", True),
        ("Set of two socks of cotton.", "Three pairs of socks of cotton.", "en", False),
    ],
)
def test_a_count_may_stand_in_a_list(claim: str, source: str, language: str, kept: bool) -> None:
    assert ("number" not in refused(claim, source, language, language)) == kept


def test_no_metallic_taste_denies_no_metal_and_a_report_number_beside_han_is_a_code() -> None:
    source = "Passed food contact test HM-24-0417, no metallic off-taste. Body of stainless steel."
    assert refused("通过食品接触检测HM-24-0417，无金属异味。", source, "zh") == set()
    assert "code" in refused("通过食品接触检测HM-24-0418，无金属异味。", source, "zh")
    assert refused("不锈钢瓶身，有金属异味。", source, "zh") == {"negation"}


def test_bis_before_a_figure_is_a_bound_and_in_a_range_is_none() -> None:
    assert refused("Für Hunde bis 45 kg.", "For dogs up to 45 kg.", "de") == set()
    assert refused("Für Hunde bis 60 kg.", "For dogs up to 45 kg.", "de") == {"number"}
    assert refused("Farbtemperatur von 2700 bis 5000 K.", "Colour temperature 2700 to 5000 K.", "de") == set()


def test_unscented_and_without_perfume_are_the_same() -> None:
    assert refused("Ohne Duftstoffe.", "Crème sans parfum.", "de", "fr") == set()
    assert refused("Enthält Duftstoffe.", "Crème sans parfum.", "de", "fr") != set()


def test_a_figure_of_a_review_may_be_told_as_what_buyers_say() -> None:
    said = "Stiff at first, broke in after two weeks."
    assert refused("Buyers say it is stiff at first and broke in after two weeks.", said, kind="review") == set()
    assert "review_only" in refused("It is broken in after two weeks.", said, kind="review")
