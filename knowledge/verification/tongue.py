"""Is a sentence in the language asked for? Script first, then small words, then py3langid, never on a stub."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from knowledge.verification.lexicon import main_language, plain, read_yaml
from knowledge.verification.verdict import Reason

_KANA = re.compile(r"[\u3040-\u30ff\uff66-\uff9d]")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CODE = re.compile(r"[A-Za-z./-]*\d[A-Za-z\d.,/%°-]*|(?<![^\W\d_])[A-Z][A-Z-]+(?![^\W\d_])")
SHORT = 4  # words below which the classifier is not asked
LATIN = ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "pl")


def tongue(claim: str, language: str, names: Sequence[str] = ()) -> Iterator[Reason]:
    """A reason when the sentence is in another language, or slips into one."""
    if spoken := other_language(claim, main_language(language), tuple(names)):
        yield Reason("language", spoken)


def other_language(text: str, language: str, names: tuple[str, ...] = ()) -> str:
    """The language a text is in when that is not the one asked for; empty when it is, or when too short to tell."""
    bare = text
    for name in sorted(names, key=len, reverse=True):
        bare = bare.replace(name, " ")
    bare = _CODE.sub(" ", bare)
    kana, ideographs = len(_KANA.findall(bare)), len(_IDEOGRAPH.findall(bare))
    words = _WORD.findall(bare)
    latin = [w for w in words if not _KANA.search(w) and not _IDEOGRAPH.search(w)]
    if _HANGUL.search(bare):
        return "" if language == "ko" else "ko"
    if len(_CYRILLIC.findall(bare)) > len(bare) / 3:
        return "" if language in ("ru", "uk", "bg") else "ru"
    han = kana + ideographs
    if language in ("zh", "ja"):
        if not han:
            long = [w for w in latin if len(w) >= 3]
            return _latin(latin) or "en" if len(long) > 1 else ""
        if len(latin) >= SHORT and sum(map(len, latin)) > 1.5 * han:
            return _latin(latin) or "en"
        if language == "zh":
            return "ja" if kana > max(1, ideographs // 6) else ""
        simplified = len(_simplified().findall(bare))
        return "zh" if not kana and (simplified or ideographs > 12) else ""
    if han > max(2, sum(map(len, latin)) / 6):
        return "ja" if kana else "zh"
    return _latin_other(bare, latin, language)


def _latin_other(bare: str, words: list[str], language: str) -> str:
    counts = _small_words(words)
    own = counts.get(language, 0)
    foreign, most = max(((one, n) for one, n in counts.items() if one != language), key=lambda x: x[1], default=("", 0))
    if most >= 2 and most > own:
        return foreign
    if own >= 1 and own >= most:
        return ""
    if len(words) < SHORT:
        return foreign if most and not own and len(words) > 1 else ""
    found, ahead = _classified(bare, language)
    return found if ahead else ""


def _latin(words: list[str]) -> str:
    counts = _small_words(words)
    return max(counts, key=lambda one: counts[one]) if counts else ""


def _small_words(words: list[str]) -> Counter[str]:
    known = function_words()
    return Counter(one for word in words for one in known.get(plain(word), ()))


@cache
def function_words() -> dict[str, tuple[str, ...]]:
    """Words that only one or two of the languages have."""
    found: dict[str, set[str]] = {}
    for language, said in read_yaml("function_words").items():
        for word in (w for w in said if len(str(w)) > 1):
            found.setdefault(plain(str(word)), set()).add(language)
    return {word: tuple(sorted(languages)) for word, languages in found.items() if len(languages) <= 2}


def _classified(text: str, language: str) -> tuple[str, bool]:
    """The likeliest language and whether it is clearly ahead of the one asked for."""
    ranked = _classifier().rank(text)
    best, score = str(ranked[0][0]), float(ranked[0][1])
    asked = next((float(s) for one, s in ranked if one == language), score)
    return best, best != language and score - asked > 12.0


@cache
def _classifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LATIN))
    return identifier


@cache
def _simplified() -> re.Pattern[str]:
    """Characters that Japanese does not write."""
    return re.compile(f"[{read_yaml('function_words_han')['simplified']}]")
