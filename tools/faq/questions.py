"""The questions known beforehand: by kind of product, by policy, for wholesale; and how their answers are recognised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

PROMPTS = Path(__file__).resolve().parent.parent.parent / "prompts"
LANGUAGES = ("en", "zh", "de", "fr", "es", "ja")  # those with plain forms
PRODUCT = "{product}"

Part = Literal["product", "use", "care", "order", "aftersales", "wholesale"]
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Question:
    """A question in its plain forms by language.

    asked: other ways to say it, also as a complaint; cue: what a sentence that answers it holds; topic: what the headings
    above it hold too; beside: what a sentence on another matter holds that has the cue as well ("force 104 N (10.6 kg)" and
    the weight); per_country: answered by market; leads: a policy says it first.
    """

    key: str
    part: Part
    forms: Mapping[str, str]
    asked: tuple[str, ...]
    cue: re.Pattern[str]
    topic: re.Pattern[str] | None
    per_country: bool
    leads: bool
    beside: re.Pattern[str] | None = None

    def form(self, language: str, product: str) -> str:
        """The plain question about a product; English where the language has no form."""
        return self.forms.get(language.split("-")[0], self.forms["en"]).replace(PRODUCT, product)

    def answered_by(self, text: str) -> bool:
        """Whether a sentence holds what an answer holds, and speaks of nothing beside it."""
        return bool(self.cue.search(text)) and not (self.beside and self.beside.search(text))

    @property
    def ways(self) -> tuple[str, ...]:
        """Every way to ask it that is known, without the product's name."""
        return (*(re.sub(r"\s+", " ", form.replace(PRODUCT, "")).strip() for form in self.forms.values()), *self.asked)


def known() -> dict[str, Question]:
    """Every question by its key."""
    return _questions()


def dated() -> str:
    """The day the list was last gone over, ISO."""
    return str(_list()["as_of"])


def instruction() -> str:
    """What a model is asked to do with a source's sentence."""
    return str(_list()["instruction"])


def kinds_of(name: str, category: str | None) -> list[str]:
    """The kinds of product its name speaks of, else its category; none when neither says."""
    for text in (name, category or ""):
        if found := [kind for kind, pattern in _kinds().items() if pattern.search(text.casefold())]:
            return found
    return []


def needed(kinds: Iterable[str], wholesale: bool = False) -> list[str]:
    """Keys of the questions that products of these kinds need, then those on policies; generic ones without a kind."""
    listed = _list()
    own = [key for kind in kinds for key in listed["kinds"][kind]["questions"]] or list(listed["generic"])
    after = listed["wholesale"] if wholesale else listed["policies"]
    return list(dict.fromkeys([*after, *own] if wholesale else [*own, *after]))


def pattern_of(beginnings: Iterable[str], units: Iterable[str] = ()) -> re.Pattern[str]:
    """Word beginnings as one pattern: Latin ones at the beginning of a word, others anywhere; or a number with a unit."""
    parts = [
        re.escape(w) if _UNSPACED.search(w) else rf"\b{re.escape(w)}" for w in (str(b).casefold() for b in beginnings)
    ]
    if measured := "|".join(re.escape(str(unit)) for unit in units):
        parts.append(rf"\d\s?(?:{measured})(?![\w²³/])")
    return re.compile("|".join(parts), re.IGNORECASE)


@cache
def headings(of: Literal["internal", "trade_only", "all_goods"]) -> re.Pattern[str]:
    """Words that tell texts for the team, texts for wholesale partners, and rules that hold for all goods."""
    return pattern_of(_list()[of])


@cache
def _list() -> dict[str, Any]:
    import yaml

    text = (PROMPTS / "faq_questions.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@cache
def _questions() -> dict[str, Question]:
    return {
        str(key): Question(
            key=str(key),
            part=entry["part"],
            forms=entry["forms"],
            asked=tuple(entry.get("asked", ())),
            cue=pattern_of(entry["cue"], entry.get("units", ())),
            topic=pattern_of(entry["topic"]) if "topic" in entry else None,
            per_country=bool(entry.get("per_country")),
            leads=bool(entry.get("leads")),
            beside=pattern_of(entry["beside"]) if "beside" in entry else None,
        )
        for key, entry in _list()["questions"].items()
    }


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    found = {}
    for kind, entry in _list()["kinds"].items():
        words = [str(word).casefold() for word in entry["words"]]
        whole = [re.escape(w) if _UNSPACED.search(w) else rf"\b{re.escape(w)}(?:s|es|n|en)?\b" for w in words]
        found[str(kind)] = re.compile("|".join(whole))
    return found
