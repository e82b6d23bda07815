"""The words buyers use: which aspect of a product they name, what they find of it, and what turns that around."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

WORDS = Path(__file__).resolve().parent.parent / "prompts" / "aspects"
OVERALL = "overall"
UNSPACED = ("zh", "ja")
Role = Literal[
    "about", "judged", "flaw", "not", "not_after", "too", "slightly", "enough", "enough_after", "but", "plain",
]  # fmt: skip
STRENGTH = {"good": 1.0, "bad": -1.0, "best": 2.0, "worst": -2.0}
_TOKEN = re.compile(r"\w+(?:['’](?=\w)\w+)*")
_TOKEN_FR = re.compile(r"\w+['’]?")


@dataclass(frozen=True)
class Meaning:
    """What a word does in a clause: names an aspect, judges it (`strength` −2 to 2) or turns another word around."""

    role: Role
    aspect: str | None = None
    strength: float = 0.0


@dataclass(frozen=True)
class Hit:
    """A word or phrase of the lexicon in a text. `first` and `last` count words, or characters in Chinese and Japanese;
    `start` and `end` are its places in the text; `adverb`: it may only strengthen the next word;
    `denies`: a phrase that holds a denial of its own."""

    first: int
    last: int
    start: int
    end: int
    meanings: tuple[Meaning, ...]
    roles: frozenset[Role]
    adverb: bool = False
    denies: bool = False


class Lexicon:
    """The words of one language, found in a text longest first."""

    def __init__(self, language: str, stated: dict[str, Any]) -> None:
        self.language = language
        self.spaced = language not in UNSPACED
        meanings: dict[str, set[Meaning]] = defaultdict(set)
        for phrase, meaning in _meanings(stated):
            meanings[phrase].add(meaning)
        self._meanings = {phrase: tuple(sorted(found, key=repr)) for phrase, found in meanings.items()}
        self._roles = {phrase: frozenset(one.role for one in found) for phrase, found in meanings.items()}
        denials = {phrase for phrase, roles in self._roles.items() if "not" in roles}
        self._denying = {phrase for phrase in meanings if self.spaced and denials & set(phrase.split())}
        opinions = stated["opinions"]
        self._adverbs = frozenset(map(str, opinions.get("adverbs", ())))
        self.light = frozenset(map(str, opinions.get("light_words", ())))
        self._starts: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in self._meanings:
            parts = tuple(phrase.split(" ")) if self.spaced else tuple(phrase)
            self._starts[parts[0]].append(parts)
        self._globs = [word for word in self._starts if "*" in word]
        self._beginning: dict[str, list[tuple[str, ...]]] = {}

    def phrases(self) -> dict[str, tuple[Meaning, ...]]:
        """Every word and phrase with what it means."""
        return dict(self._meanings)

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the words of a text begin and end; its characters in Chinese and Japanese."""
        if not self.spaced:
            return [(n, n + 1) for n in range(len(text))]
        return [m.span() for m in (_TOKEN_FR if self.language == "fr" else _TOKEN).finditer(text)]

    def hits(self, text: str) -> tuple[list[tuple[int, int]], list[Hit]]:
        """The words of a text as (start, end), or its characters, and what the lexicon knows among them."""
        lowered = _lowered(text)
        pattern = _TOKEN_FR if self.language == "fr" else _TOKEN
        places = (
            [m.span() for m in pattern.finditer(lowered)] if self.spaced else [(n, n + 1) for n in range(len(text))]
        )
        tokens = [lowered[start:end].replace("’", "'") for start, end in places]
        found = []
        at = 0
        while at < len(tokens):
            best = next((one for one in self._beginning_with(tokens[at]) if _matches(one, tokens, at)), None)
            if best is None:
                at += 1
                continue
            phrase, last = (" " if self.spaced else "").join(best), at + len(best) - 1
            start, end = places[at][0], places[last][1]
            found.append(
                Hit(at, last, start, end, self._meanings[phrase], self._roles[phrase], phrase in self._adverbs,
                    phrase in self._denying)
            )  # fmt: skip
            at = last + 1
        return places, found

    def _beginning_with(self, token: str) -> list[tuple[str, ...]]:
        """Phrases whose first word is this one: the longest first, then those spelled out most."""
        known = self._beginning.get(token)
        if known is None:
            parts = list(self._starts.get(token, ()))
            for glob in self._globs:
                if _globbed(glob, token):
                    parts += self._starts[glob]
            known = sorted(parts, key=lambda one: (-len(one), "*" in one[0], -len("".join(one)), one))
            self._beginning[token] = known
        return known


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a language. Raises FileNotFoundError for one that has none (see `languages`)."""
    import yaml

    raw = (WORDS / f"{language}.yaml").read_text(encoding="utf-8")
    return Lexicon(language, yaml.load(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@cache
def languages() -> tuple[str, ...]:
    """The languages whose words are known, as BCP 47 codes."""
    return tuple(sorted(path.stem for path in WORDS.glob("*.yaml")))


@cache
def aspects() -> tuple[str, ...]:
    """Every aspect a lexicon names, in their order; OVERALL, the product as a whole, comes last."""
    import yaml

    stated = yaml.safe_load((WORDS / "en.yaml").read_text(encoding="utf-8"))
    return (*stated["aspects"], OVERALL)


def _meanings(stated: dict[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for aspect, entry in stated["aspects"].items():
        for role, phrases in entry.items():
            for phrase in phrases:
                yield _lowered(str(phrase)), _aspect_meaning(aspect, role)
    for role, phrases in stated["opinions"].items():
        if role in STRENGTH:
            meaning = Meaning("judged", OVERALL, STRENGTH[role])
        elif role in get_args(Role):
            meaning = Meaning(role)
        else:
            continue
        for phrase in phrases:
            yield _lowered(str(phrase)), meaning


def _aspect_meaning(aspect: str, role: str) -> Meaning:
    if role == "about":
        return Meaning("about", aspect)
    if role == "flaw":
        return Meaning("flaw", aspect, -1.0)
    return Meaning("judged", aspect, STRENGTH[role])


def _lowered(text: str) -> str:
    """Lower case and full-width letters as plain ones, every place kept."""
    lowered = text.lower()
    wide = unicodedata.normalize("NFKC", lowered)
    if len(wide) == len(text):
        return wide
    return lowered if len(lowered) == len(text) else text


def _matches(parts: tuple[str, ...], tokens: list[str], at: int) -> bool:
    """Whether the words after the first are there; the first is known to be."""
    if len(parts) == 1:
        return True
    if at + len(parts) > len(tokens):
        return False
    return all(_globbed(part, tokens[at + n]) for n, part in enumerate(parts[1:], start=1))


def _globbed(part: str, token: str) -> bool:
    if "*" not in part:
        return part == token
    if part[0] == "*":
        return part[1:-1] in token if part[-1] == "*" else token.endswith(part[1:])
    return token.startswith(part[:-1])
