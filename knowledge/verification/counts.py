"""Counts nobody wrote as a figure: "inner and outer side" are two sides, "sold in pairs" is two."""

from __future__ import annotations

import re
from functools import cache

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import UNSPACED, plain, stem
from knowledge.verification.quantities import BARE, Quantity
from knowledge.verification.reading import Reading
from knowledge.verification.statements import Statement

MOST = 6  # longer lists are counted by their writer
_NOUN = re.compile(r"\s*(?:[^\W\d_]+\s+){0,1}([^\W\d_]{3,})")
_PAIR = re.compile(r"\b(?:pairs?|paar(?:e|en|weise)?|paires?|pares|par)\b|成对|一对|两只装|ペア|2枚組|一組")
_AND = r"(?:,\s*|\s+(?:and|und|et|y)\s+|\s*[&+]\s*|[、和与及と]|以及)"
_ITEM = r"[^\s,;:.()、和与及と]+"


def counted(claim: Reading, quantity: Quantity, grounds: Grounds) -> bool:
    """Whether a bare count of the claim is how many things a cited statement names one by one, or its word for two."""
    if quantity.dimension != BARE or len(quantity.values) != 1 or not 2 <= quantity.values[0] <= MOST:
        return False
    number = int(quantity.values[0])
    after = claim.text[quantity.end :]
    for statement in grounds.told:
        if not statement.speaks_of(grounds.sku, 0):
            continue
        if number == 2 and _sold(statement):
            return True
        if statement.reading.language == claim.language and _listed(after, number, statement):
            return True
    return False


def _sold(statement: Statement) -> bool:
    """Whether it speaks of a pair, and not of "three pairs"."""
    flat = plain(statement.text)
    return any(
        not any(q.dimension == BARE and 0 <= match.start() - q.end <= 2 for q in statement.reading.quantities)
        for match in _PAIR.finditer(flat)
    )


def _listed(after: str, number: int, statement: Statement) -> bool:
    """Whether the statement names as many before the same noun, or after it: "inner and outer side", "colours oat and sage"."""
    language = statement.reading.language
    flat = plain(statement.text)
    if language in UNSPACED:
        noun = re.match(r"[个個种種款色层層面侧側枚本つ]?([\u3040-\u30ff\u3400-\u9fff]{1,2})", plain(after))
        return noun is not None and _counts(flat, re.escape(noun[1]), number)
    noun = _NOUN.match(plain(after))
    if noun is None:
        return False
    wanted = {stem(word, language) for word in re.findall(r"[^\W\d_]{3,}", noun[0])}
    return any(
        _counts(flat, re.escape(word), number)
        for word in set(re.findall(r"[^\W\d_]{3,}", flat)) if stem(word, language) in wanted
    )  # fmt: skip


def _counts(flat: str, noun: str, number: int) -> bool:
    return bool(_list_before(noun, number).search(flat) or _list_after(noun, number).search(flat))


@cache
def _list_before(noun: str, number: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w]){_ITEM}(?:{_AND}{_ITEM}){{{number - 1}}}\s*{noun}")


@cache
def _list_after(noun: str, number: int) -> re.Pattern[str]:
    return re.compile(rf"{noun}[:：]?\s*{_ITEM}(?:{_AND}{_ITEM}){{{number - 1}}}(?!{_AND})(?=[\s.;。；)）]|$)")
