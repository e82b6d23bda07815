"""The language of a passage: by its script where that decides, else by its letters, short texts by the company they keep."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

SURE = 0.9  # probability at which a guess stands alone
LETTERS_NEEDED = 20  # below, a guess is only a guess
KNOWN = ("ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu", "id", "it", "ja", "ko", "lt",
         "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "uk", "vi", "zh")  # fmt: skip
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SCRIPTS = (
    ("ko", re.compile(r"[\uac00-\ud7af]")), ("th", re.compile(r"[\u0e00-\u0e7f]")), ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
)  # fmt: skip
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_lock = threading.Lock()
_identifier: Any = None


def detected_language(text: str) -> str:
    """BCP 47 code of the language a text is most likely in."""
    return by_script(text) or _guess(text)[0]


def languages(texts: Sequence[str], stated: str | None = None) -> list[str]:
    """The language of each text of one file. Short or doubtful ones are taken to be in the file's own: the stated
    language, else the one that most of its sure texts are in."""
    scripts = [by_script(text) for text in texts]
    guesses = [(script, 1.0) if script else _guess(text) for script, text in zip(scripts, texts, strict=True)]
    sure = [_sure(text, probability) for text, (_, probability) in zip(texts, guesses, strict=True)]
    usual = stated or _commonest(code for (code, _), known in zip(guesses, sure, strict=True) if known)
    return [
        script or (code if known or usual is None or not _could_be(text, usual) else usual)
        for script, (code, _), known, text in zip(scripts, guesses, sure, texts, strict=True)
    ]


def by_script(text: str) -> str | None:
    """The language where the script leaves one choice: Japanese by kana, Chinese by Han without any, Korean, Thai …"""
    latin = len(_LATIN.findall(text))
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    if 2 * (han + kana) > latin:
        if kana and 10 * kana >= han:
            return "ja"
        if han:
            return "zh"
    for code, script in _SCRIPTS:
        if 2 * len(script.findall(text)) > max(latin, 1):
            return code
    return None


def _guess(text: str) -> tuple[str, float]:
    code, probability = _model().classify(text)
    return str(code), float(probability)


def _sure(text: str, probability: float) -> bool:
    return probability >= SURE and sum(map(str.isalpha, text)) >= LETTERS_NEEDED


def _commonest(codes: Iterable[str]) -> str | None:
    counted = Counter(codes).most_common(1)
    return counted[0][0] if counted else None


def _could_be(text: str, language: str) -> bool:
    """Whether a doubtful text may be in the file's language: a Latin one is not Chinese."""
    letters = [c for c in text if c.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    return language not in ("zh", "ja", "ko", "th", "ru", "el", "he", "ar") or 2 * latin <= len(letters)


def _model() -> Any:
    global _identifier
    with _lock:
        if _identifier is None:
            from py3langid.langid import MODEL_FILE, LanguageIdentifier

            identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
            identifier.set_languages(KNOWN)
            _identifier = identifier
        return _identifier
