"""Countries in a text, by their names and by the words made of them, in six languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge.verification.lexicon import HAN, LANGUAGES, main_language, plain, read_yaml

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
LONGEST = 4


@dataclass(frozen=True)
class Place:
    """A country where it stands, by its ISO 3166 code."""

    country: str
    start: int
    end: int


@cache
def _names(language: str) -> tuple[dict[tuple[str, ...], str], dict[str, str]]:
    from babel import Locale

    latin: dict[tuple[str, ...], str] = {}
    han: dict[str, str] = {}
    for one in (language,) if language in LANGUAGES else LANGUAGES:
        named = [
            (str(name), code) for code, name in Locale(one).territories.items() if len(code) == 2 and code.isalpha()
        ]
        said = [(str(word), code) for code, words in read_yaml("places").get(one, {}).items() for word in words]
        for name, code in [*named, *said]:
            flat = plain(name)
            if HAN.search(flat):
                han.setdefault(flat, code)
            else:
                latin[tuple(_TOKEN.findall(flat))] = code
    latin.pop((), None)
    return latin, han


def places_in(text: str, language: str) -> Iterator[Place]:
    """Every country named, in order; the longest name wins."""
    latin, han = _names(main_language(language))
    flat = plain(text)
    tokens = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(flat)]
    at = 0
    while at < len(tokens):
        for length in range(min(LONGEST, len(tokens) - at), 0, -1):
            if code := latin.get(tuple(word for _, _, word in tokens[at : at + length])):
                yield Place(code, tokens[at][0], tokens[at + length - 1][1])
                at += length - 1
                break
        at += 1
    if han:
        at = 0
        while at < len(flat):
            for length in range(min(10, len(flat) - at), 0, -1):
                if code := han.get(flat[at : at + length]):
                    yield Place(code, at, at + length)
                    at += length - 1
                    break
            at += 1
