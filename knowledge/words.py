"""Words for lexical search, in any of the shop's languages, without a dictionary."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from knowledge.stems import stem

_UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u0e00-\u0e7f"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|\d+(?:[.,]\d+)*|[^\W\d_{_UNSPACED}]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[)\"'”’]?\s+(?=[^\sa-z])|(?<=[。！？；])|\n+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def words(text: str) -> list[str]:
    """Lower-case words without accents; numbers apart from their units; Chinese, Japanese and Thai as bigrams.

    "750ml" and "750 ml" give the same words.
    """
    found: list[str] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()):
        if _IS_UNSPACED.match(token):
            found += [token[at : at + 2] for at in range(len(token) - 1)] or [token]
        elif token[0].isdigit():
            found.append(token.replace(",", "."))
        else:
            found.append(_without_accents(token))
    return found


def content(text: str, language: str | None = "en") -> list[str]:
    """The stems of the words that carry meaning, by the rules of the language (BCP 47) where it has some."""
    empty = function_words()
    return [stem(word, language) for word in words(text) if word not in empty]


@cache
def function_words() -> frozenset[str]:
    """Words such as "how", "les" and "für", which make a passage look near because it is in the same language."""
    from bm25s import stopwords

    lists = (stopwords.STOPWORDS_EN_PLUS, stopwords.STOPWORDS_GERMAN, stopwords.STOPWORDS_FRENCH,
             stopwords.STOPWORDS_SPANISH, stopwords.STOPWORDS_ITALIAN, _QUESTION_WORDS)  # fmt: skip
    return frozenset(part for one in lists for word in one for part in words(word))


_QUESTION_WORDS = ("how", "what", "which", "who", "why", "when", "where", "do", "does", "can", "is", "we", "our", "my",
                   "wie", "was", "welche", "wer", "warum", "wann", "wo", "kann", "comment", "combien", "quel", "quelle",
                   "pourquoi", "quand", "什么", "怎么", "多少", "是否", "我们", "です", "ます", "すか", "ですか")  # fmt: skip


def sentences(text: str) -> list[str]:
    """The sentences of a text as they stand, lines apart, those without a word left out."""
    return [part.strip() for part in _SENTENCE_END.split(text) if words(part)]


def length(text: str) -> int:
    """Length in words, a Chinese or Japanese character counting as six tenths of one."""
    unspaced = len(_IS_UNSPACED.findall(text))
    return len(re.findall(rf"[^\s{_UNSPACED}]+", text)) + round(unspaced * 0.6)


def _without_accents(token: str) -> str:
    if token.isascii():
        return token
    return "".join(c for c in unicodedata.normalize("NFD", token) if not unicodedata.combining(c))
