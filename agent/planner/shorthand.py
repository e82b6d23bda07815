"""A question with the short forms of typing written out, so that wks are weeks and 美亚 is Amazon in the US."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from agent.reading import language_of

WORDS = Path(__file__).resolve().parents[2] / "prompts" / "shorthand.yaml"
_COUNTED = re.compile(r"(?<=\d)(?=(?:wks?|mths?|yrs?|mo)\b)", re.IGNORECASE)


def spelled_out(question: str) -> str:
    """An English or Chinese question in whole words; what is no short form stays as it was typed.

    Single letters are short forms in lower case only: "r" is are, "R" may be a size.
    """
    if language_of(question) not in ("en", "zh"):
        return question
    text = _COUNTED.sub(" ", question)
    return _pattern().sub(lambda found: _meaning(found[0]), text)


def _meaning(said: str) -> str:
    return said if len(said) == 1 and said.isupper() else _meanings()[said.casefold()]


@cache
def _meanings() -> dict[str, str]:
    groups: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {str(short).casefold(): str(whole) for words in groups.values() for short, whole in words.items()}


@cache
def _pattern() -> re.Pattern[str]:
    forms = (
        rf"(?<![\w'’/&.-]){re.escape(form)}(?![\w'’/&-]|\.\w)" if form.isascii() else re.escape(form)
        for form in sorted(_meanings(), key=len, reverse=True)
    )
    return re.compile("|".join(forms), re.IGNORECASE)
