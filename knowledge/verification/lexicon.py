"""Words of six languages that mean the same, read from prompts/lexicon: materials, qualities, facets and particles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

LEXICON = Path(__file__).resolve().parent.parent.parent / "prompts" / "lexicon"
LANGUAGES = ("en", "de", "fr", "es", "zh", "ja")
UNSPACED = ("zh", "ja")
COMPOUND = 5  # letters a German word needs to be seen inside another
LONGEST_PHRASE = 5
LONGEST_UNSPACED = 12
HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DOUBLED = re.compile(r"([nlt])\1$")
_ENDINGS = {
    "en": ("es", "s", "e"),
    "de": ("en", "er", "em", "es", "e", "n", "s"),
    "fr": ("ees", "ee", "es", "e", "s", "x"),
    "es": ("as", "os", "es", "a", "o", "e", "s"),
}

Key = TypeVar("Key")
Kind = Literal["material", "quality", "facet"]


@dataclass(frozen=True)
class Concept:
    """What words of several languages have in common.

    facet: the group whose members exclude each other; wider: the concept this one proves; against: its opposite; denied_by: what
    gives the lie to "free of it"; without: what it says there is none of, as unscented says of perfume; praise: the aspect of buyers' complaints it speaks of; evidence_only: a story is no proof of it.
    """

    name: str
    kind: Kind
    facet: str = ""
    wider: str = ""
    against: str = ""
    praise: str = ""
    denied_by: str = ""
    without: str = ""
    evidence_only: bool = False


@dataclass(frozen=True)
class Found:
    """A concept where it stands in a text."""

    concept: Concept
    start: int
    end: int


@cache
def read_yaml(name: str) -> dict[str, Any]:
    """One file of prompts/lexicon, read once: not to be changed."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load((LEXICON / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader))


def main_language(language: str | None) -> str:
    """The first part of a BCP 47 tag, lower case; empty when there is none."""
    return (language or "").lower().replace("_", "-").split("-")[0]


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Lower case without accents, of the same length as the text."""
    if text.isascii():
        return text.lower()
    return "".join(_plain_letter(c) for c in text)


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    if HAN.match(letter):
        return letter
    folded = unicodedata.normalize("NFD", letter.casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return bare if len(bare) == 1 else letter.lower()[:1]


def stem(word: str, language: str) -> str:
    """The word without its commonest ending; the same for singular and plural."""
    for ending in _ENDINGS.get(language, ("s", "e")):
        if word.endswith(ending) and len(word) - len(ending) >= (4 if language == "de" else 3):
            word = word[: -len(ending)]
            break
    if language == "fr":  # -ienne and -ien, -elle and -el, -ive and -if
        word = _DOUBLED.sub(r"\1", word)
        word = word[:-1] + "f" if word.endswith("iv") else word
    return word


@cache
def concepts() -> Mapping[str, Concept]:
    """Every concept by name."""
    found: dict[str, Concept] = {}
    for file, kind in (("materials", "material"), ("qualities", "quality")):
        for name, said in read_yaml(file).items():
            found[name] = Concept(
                name, "material" if kind == "material" else "quality", "material" if kind == "material" else "",
                said.get("is", ""), said.get("against", ""), said.get("praise", ""), said.get("denied_by", ""), said.get("without", ""), said.get("proof") == "evidence",
            )  # fmt: skip
    for facet, members in read_yaml("facets").items():
        for name in members:
            found[f"{facet}:{name}"] = Concept(f"{facet}:{name}", "facet", facet)
    return found


def proves(said: Concept, claimed: Concept) -> bool:
    """Whether to say the one is to say the other: stainless steel is steel, steel is not stainless."""
    seen: Concept | None = said
    while seen is not None:
        if seen.name == claimed.name:
            return True
        seen = concepts().get(seen.wider)
    return False


@dataclass(frozen=True)
class _Forms:
    words: Mapping[tuple[str, ...], tuple[Concept, ...]]
    beginning: Mapping[str, tuple[Concept, ...]]
    ending: Mapping[str, tuple[Concept, ...]]
    unspaced: Mapping[str, tuple[Concept, ...]]


@cache
def _forms(language: str) -> _Forms:
    words: dict[tuple[str, ...], list[Concept]] = {}
    beginning: dict[str, list[Concept]] = {}
    ending: dict[str, list[Concept]] = {}
    unspaced: dict[str, list[Concept]] = {}
    for concept, form, spoken in _worded(language):
        flat = plain(form)
        if HAN.search(form):
            unspaced.setdefault(flat, []).append(concept)
            continue
        key = tuple(stem(token, spoken) for token in _TOKEN.findall(flat))
        words.setdefault(key, []).append(concept)
        if spoken == "de" and len(key) == 1 and len(key[0]) >= COMPOUND:
            beginning.setdefault(key[0], []).append(concept)
            if concept.kind != "quality":
                ending.setdefault(key[0], []).append(concept)
    return _Forms(_unique(words), _unique(beginning), _unique(ending), _unique(unspaced))


def _unique(some: Mapping[Key, list[Concept]]) -> dict[Key, tuple[Concept, ...]]:
    return {key: tuple(dict.fromkeys(found)) for key, found in some.items()}


def _worded(language: str) -> Iterator[tuple[Concept, str, str]]:
    spoken = (language,) if language in LANGUAGES else LANGUAGES
    known = concepts()
    sources: list[tuple[str, Mapping[str, Any]]] = [
        *read_yaml("materials").items(),
        *read_yaml("qualities").items(),
        *(
            (f"{facet}:{name}", said)
            for facet, members in read_yaml("facets").items()
            for name, said in members.items()
        ),
    ]
    for name, said in sources:
        for one in spoken:
            for form in said.get(one, ()):
                yield known[name], str(form), one


def concepts_in(text: str, language: str) -> list[Found]:
    """Every concept a text names, in order; the longest words win where two overlap."""
    spoken = main_language(language)
    forms = _forms(spoken)
    flat = plain(text)
    found = list(_unspaced(flat, forms.unspaced)) if forms.unspaced else []
    tokens = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(flat)]
    tokens = list(_apart(tokens)) if spoken not in ("en", "de", "fr", "es") else tokens
    stems = [stem(word, spoken) for _, _, word in tokens]
    at = 0
    while at < len(tokens):
        for length in range(min(LONGEST_PHRASE, len(tokens) - at), 0, -1):
            named = forms.words.get(tuple(stems[at : at + length]))
            if named:
                found += [Found(one, tokens[at][0], tokens[at + length - 1][1]) for one in named]
                at += length
                break
        else:
            if forms.beginning:
                found += _compound(tokens[at], forms)
            at += 1
    return sorted(found, key=lambda f: (f.start, f.end))


def _apart(tokens: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Latin words out of unspaced text: "TPE材质" holds TPE."""
    for start, _, word in tokens:
        for part in re.finditer(r"[a-z0-9]+", word):
            yield start + part.start(), start + part.end(), part[0]


def _unspaced(flat: str, forms: Mapping[str, tuple[Concept, ...]]) -> Iterator[Found]:
    at = 0
    while at < len(flat):
        if not HAN.match(flat[at]) and not flat[at].isalnum():
            at += 1
            continue
        for length in range(min(LONGEST_UNSPACED, len(flat) - at), 0, -1):
            if named := forms.get(flat[at : at + length]):
                yield from (Found(one, at, at + length) for one in named)
                at += length
                break
        else:
            at += 1


def _compound(token: tuple[int, int, str], forms: _Forms) -> Iterator[Found]:
    """Known words at the beginning and the end of a German compound."""
    start, end, word = token
    first = 0
    for length in range(len(word), COMPOUND - 1, -1):
        if named := forms.beginning.get(word[:length]):
            yield from (Found(one, start, start + length) for one in named)
            first = length
            break
    for cut in range(first, len(word) - COMPOUND + 1):
        if named := forms.ending.get(stem(word[cut:], "de")) or forms.ending.get(word[cut:]):
            yield from (Found(one, start + cut, end) for one in named)
            break
