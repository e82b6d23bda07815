"""Stems for lexical search: light ones, by rule, so that "leaks", "leaking" and "leaked" are one word."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

# Savoy, "Light stemming approaches for the French, Portuguese, German and Hungarian languages", SAC 2006: what is
# gained comes from number, gender and case; what derivation adds is not worth its mistakes. Longest ending first,
# on words without accents.
_ENDINGS = {
    "de": ("ern", "em", "en", "er", "es", "e", "n", "s"),
    "fr": ("ements", "ement", "ees", "ent", "ee", "er", "ez", "es", "e", "s", "x"),
    "es": ("ciones", "cion", "os", "as", "es", "ar", "er", "ir", "o", "a", "e", "s"),
    "it": ("zioni", "zione", "are", "ere", "ire", "i", "e", "o", "a"),
    "pt": ("coes", "cao", "os", "as", "es", "ar", "er", "ir", "o", "a", "e", "s"),
}
_SHORTEST = 4  # letters that must stay
_VOWELS = frozenset("aeiouy")


def stem(word: str, language: str | None) -> str:
    """The stem of a word of `knowledge.words.words`; the word itself where the language (BCP 47) has no rules."""
    rules = _stemmer(language)
    return rules(word) if len(word) > 3 and word.isalpha() and word.isascii() else word


def family(language: str | None) -> str:
    """The rules a language is stemmed by: its own, English ones where it is not said, none ("")."""
    code = "en" if language is None else language.split("-")[0].lower()
    return code if code == "en" or code in _ENDINGS else ""


def _stemmer(language: str | None) -> Callable[[str], str]:
    code = family(language)
    return _english if code == "en" else _by_ending(code) if code else _unchanged


@lru_cache(maxsize=len(_ENDINGS))
def _by_ending(code: str) -> Callable[[str], str]:
    endings = _ENDINGS[code]

    def stemmed(word: str) -> str:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                return word[: -len(ending)]
        return word

    return stemmed


def _english(word: str) -> str:
    """Harman's S stemmer ("How effective is suffixing?", JASIS 1991), then -ing and -ed as in Porter's step 1b."""
    word = _singular(word)
    for ending in ("ingly", "edly", "ing", "ed"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 3 and _VOWELS & set(rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
            break
    if len(word) > 3 and word.endswith("e"):
        return word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word


def _unchanged(word: str) -> str:
    return word
