"""The chosen model as the voice of copy: one text, one line, after a beginning the prompt cache keeps."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

from agent.model.source import ModelSource
from agent.planner.examples import PROMPTS
from knowledge.strangers import clean

BUILTIN_WRITES = frozenset({"en", "zh", "es"})  # DESIGN: poor in German and French, others not measured
CHARACTERS_A_TOKEN = 2.5
UNSPACED_TOKENS = 1.3  # a Chinese or Japanese character
TOKENS_SPARE = 16
LONGEST_TEXT = 1500
_QUOTES = re.compile(r'^[\s"“”«»「」\'*-]+|[\s"“”«»「」*]+$')


class ModelVoice:
    """Words copy with a model. After a failure it stays silent, so a lost server costs one time-out and no more."""

    def __init__(self, source: ModelSource) -> None:
        self._source = source
        self._failed = False

    @property
    def name(self) -> str:
        """The model's name as shown to the operator."""
        return self._source.name

    def writes(self, language: str) -> bool:
        """The built-in model writes a few languages; what other models can is found by checking what they write."""
        return self._source.choice.kind != "builtin" or primary(language) in BUILTIN_WRITES

    def reword(self, text: str, language: str, instruction: str, longest: int) -> str | None:
        """One line, or None when the model fails, says nothing, or says more than was allowed."""
        if self._failed or not text.strip():
            return None
        options: dict[str, Any] = {}
        if self._source.choice.kind == "builtin":
            options = {"max_tokens": tokens(longest, language), "extra_body": self._source.plan_options()}
        try:
            answer = self._source.client().invoke(turns(text, language, instruction, longest), **options)
        except Exception:  # whatever fault of the model or its server: the source's own words are used instead
            self._failed = True
            return None
        said = _QUOTES.sub("", str(answer.text).strip().split("\n")[0])
        return said if said and len(said) <= longest else None


def voice_of(source: ModelSource) -> ModelVoice | None:
    """The voice of a model source; None when no model was chosen."""
    return None if source.choice.kind == "none" else ModelVoice(source)


def turns(text: str, language: str, instruction: str, longest: int) -> list[tuple[str, str]]:
    """The fixed beginning, worked turns in the language, then the text. The text cannot close its own marks."""
    known = _prompt()
    asked: list[tuple[str, str]] = [("system", known["beginning"])]
    for example in known["examples"].get(primary(language), known["examples"]["en"]):
        room = round(len(example["answer"]) * 1.2, -1)
        asked += [
            ("user", _turn(example["text"], language, example["instruction"], int(room))),
            ("assistant", example["answer"]),
        ]
    return [*asked, ("user", _turn(text, language, instruction, longest))]


def tokens(longest: int, language: str) -> int:
    """Enough tokens for a line of so many characters."""
    unspaced = primary(language) in ("zh", "ja", "ko", "th")
    return round(longest * UNSPACED_TOKENS if unspaced else longest / CHARACTERS_A_TOKEN) + TOKENS_SPARE


def primary(language: str) -> str:
    """The language of a BCP 47 tag without script and region."""
    return language.replace("_", "-").split("-")[0].lower()


def _turn(text: str, language: str, instruction: str, longest: int) -> str:
    inside = re.sub(r"\s+", " ", clean(text).replace("«", "‹").replace("»", "›"))[:LONGEST_TEXT]
    return str(_prompt()["turn"]).format(
        instruction=instruction, language=_named(language), longest=longest, text=inside
    )


@cache
def _named(language: str) -> str:
    try:
        return str(Locale.parse(primary(language)).get_display_name("en"))
    except (UnknownLocaleError, ValueError):
        return language


@cache
def _prompt() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROMPTS / "copy.yaml").read_text(encoding="utf-8"))
    return found
