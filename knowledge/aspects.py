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
KEPT_WORDS = 1 << 17
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
class Entry:
    """A word or phrase of a lexicon. `adverb`: it may only strengthen the next word; `denies`: a phrase that holds a
    denial of its own."""

    parts: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    roles: frozenset[Role]
    adverb: bool
    denies: bool


@dataclass(frozen=True)
class Hit:
    """An entry found in a text. `first` and `last` count words, or characters in Chinese and Japanese; `start` and `end`
    are its places in the text."""

    entry: Entry
    first: int
    last: int
    start: int
    end: int

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """What it does."""
        return self.entry.meanings

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of what it does."""
        return self.entry.roles


@dataclass(frozen=True)
class _Beginning:
    """The entries a word can begin: alone, and longer ones by their second word, or for any (`wild`), longest first."""

    alone: Entry | None
    seconds: dict[str, tuple[Entry, ...]]
    wild: tuple[Entry, ...]


class Lexicon:
    """The words of one language, found in a text longest first."""

    def __init__(self, language: str, stated: dict[str, Any]) -> None:
        self.language = language
        self.spaced = language not in UNSPACED
        opinions = stated["opinions"]
        self.light = frozenset(map(str, opinions.get("light_words", ())))
        meanings: dict[str, set[Meaning]] = defaultdict(set)
        for phrase, meaning in _meanings(stated):
            meanings[phrase].add(meaning)
        denials = {phrase for phrase, found in meanings.items() if Meaning("not") in found}
        adverbs = frozenset(map(str, opinions.get("adverbs", ())))
        self._entries = {
            phrase: Entry(
                parts=tuple(phrase.split(" ")) if self.spaced else tuple(phrase),
                meanings=tuple(sorted(found, key=repr)),
                roles=frozenset(one.role for one in found),
                adverb=phrase in adverbs,
                denies=self.spaced and bool(denials & set(phrase.split())),
            )
            for phrase, found in meanings.items()
        }
        self._starts: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._entries.values():
            self._starts[entry.parts[0]].append(entry)
        self._globs = [word for word in self._starts if "*" in word]
        self._beginnings: dict[str, _Beginning] = {}

    def phrases(self) -> dict[str, tuple[Meaning, ...]]:
        """Every word and phrase with what it means."""
        return {phrase: entry.meanings for phrase, entry in self._entries.items()}

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the words of a text begin and end; its characters in Chinese and Japanese."""
        if not self.spaced:
            return [(n, n + 1) for n in range(len(text))]
        return [m.span() for m in (_TOKEN_FR if self.language == "fr" else _TOKEN).finditer(text)]

    def hits(self, text: str) -> tuple[list[tuple[int, int]], list[Hit]]:
        """The words of a text as (start, end), or its characters, and what the lexicon knows among them."""
        lowered = _lowered(text).replace("’", "'")
        places = self.places(lowered)
        tokens = [lowered[start:end] for start, end in places]
        found = []
        at = 0
        while at < len(tokens):
            entry = self._longest(tokens, at)
            if entry is None:
                at += 1
                continue
            last = at + len(entry.parts) - 1
            found.append(Hit(entry, at, last, places[at][0], places[last][1]))
            at = last + 1
        return places, found

    def _longest(self, tokens: list[str], at: int) -> Entry | None:
        """The longest entry that begins here; of equally long ones that which is spelled out most."""
        known = self._beginning(tokens[at])
        best = known.alone
        if at + 1 == len(tokens):
            return best
        for candidates in (known.seconds.get(tokens[at + 1], ()), known.wild):
            for entry in candidates:
                if best is not None and len(entry.parts) <= len(best.parts):
                    break
                if _matches(entry.parts, tokens, at):
                    best = entry
                    break
        return best

    def _beginning(self, token: str) -> _Beginning:
        known = self._beginnings.get(token)
        if known is None:
            if len(self._beginnings) >= KEPT_WORDS:
                self._beginnings.clear()
            entries = list(self._starts.get(token, ()))
            for glob in self._globs:
                if _globbed(glob, token):
                    entries += self._starts[glob]
            known = self._beginnings[token] = _arranged(entries)
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


def _arranged(entries: list[Entry]) -> _Beginning:
    if not entries:
        return _NOTHING
    ranked = sorted(
        entries, key=lambda one: (-len(one.parts), "*" in one.parts[0], -len("".join(one.parts)), one.parts)
    )
    seconds: dict[str, list[Entry]] = defaultdict(list)
    for entry in ranked:
        if len(entry.parts) > 1 and "*" not in entry.parts[1]:
            seconds[entry.parts[1]].append(entry)
    wild = tuple(entry for entry in ranked if len(entry.parts) > 1 and "*" in entry.parts[1])
    alone = next((entry for entry in ranked if len(entry.parts) == 1), None)
    return _Beginning(alone, {word: tuple(found) for word, found in seconds.items()}, wild)


_NOTHING = _Beginning(None, {}, ())


def _matches(parts: tuple[str, ...], tokens: list[str], at: int) -> bool:
    """Whether the words after the first are there; the first is known to be."""
    if at + len(parts) > len(tokens):
        return False
    return all(_globbed(part, tokens[at + n]) for n, part in enumerate(parts[1:], start=1))


def _globbed(part: str, token: str) -> bool:
    if "*" not in part:
        return part == token
    if part[0] == "*":
        return part[1:-1] in token if part[-1] == "*" else token.endswith(part[1:])
    return token.startswith(part[:-1])
