"""Words for lexical search, in any of the shop's languages, without a dictionary."""

from __future__ import annotations

import re
import unicodedata

_UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u0e00-\u0e7f"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|\d+(?:[.,]\d+)*|[^\W\d_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def words(text: str) -> list[str]:
    """Lower-case words without accents; numbers apart from their units; Chinese, Japanese and Thai as bigrams.

    "750ml" and "750 ml" give the same words. There is no stemming: dense search knows that runs is run.
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


def length(text: str) -> int:
    """Length in words, a Chinese or Japanese character counting as six tenths of one."""
    unspaced = len(_IS_UNSPACED.findall(text))
    return len(re.findall(rf"[^\s{_UNSPACED}]+", text)) + round(unspaced * 0.6)


def _without_accents(token: str) -> str:
    if token.isascii():
        return token
    return "".join(c for c in unicodedata.normalize("NFD", token) if not unicodedata.combining(c))
