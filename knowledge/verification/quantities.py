"""Figures in a text, each with its unit, in six languages: what is measured, and how firmly it is held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from knowledge.verification.lexicon import HAN, LANGUAGES, main_language, read_yaml

Bound = Literal["exact", "at_most", "at_least", "about"]
Span = tuple[int, int]
BARE = "count"  # the dimension of a figure without a unit
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|(?<![\d.,])\d+(?:[.,]\d+)?")
_LINK = re.compile(
    r"\s*(?:±|\+/-|[×xX*/–—~〜～-]|to|bis|à|a|au|and|und|et|y|sur|auf|by|至|到|から|和|乘)\s*", re.IGNORECASE
)
_AFTER_INCHES = re.compile(
    r"\.?\s*(?:$|[.,;:)×x*/-]|(?:long|wide|tall|high|deep|thick|across|by|blade|screen|diameter)\b)", re.I
)
_AGED = re.compile(r"\b(?:aged?|ages|im Alter von|Alter:?|âgés? de)\s$", re.IGNORECASE)  # "aged 8" are years
_LATIN_NUMERAL = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_HAN_NUMERAL = re.compile(
    r"[零〇一二两兩三四五六七八九十百千]+(?=(?:个|個|只|层|層|颗|顆|条|條|双|雙|件|片|款|种|種|位|名|次|回|本|枚|足|小时|小時|時間|天|日|年|周|週|か月|ヶ月|分|倍|口|段|档|档位|步|色|重|室|孔|匹|台|袋|包|盒|瓶|組|组|枝|支))"
)
_HAN_DIGITS = {c: n for n, chars in enumerate(("零〇", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九")) for c in chars}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A figure where it stands.

    values: what it can mean, in the dimension's own unit, more than one where "1.150" could be either;
    step: half the last digit written, in the same unit; unit: as in prompts/lexicon/measures.yaml, empty for a count.
    """

    values: tuple[float, ...]
    dimension: str
    unit: str
    start: int
    end: int
    step: float = 0.0
    bound: Bound = "exact"
    written: str = ""


@cache
def _units() -> tuple[dict[str, tuple[str, str, float]], tuple[str, ...]]:
    """Unit words, lower case but for single letters, with dimension, unit and factor; and the longest first."""
    known: dict[str, tuple[str, str, float]] = {}
    for dimension, units in read_yaml("measures")["units"].items():
        for unit, said in units.items():
            for word in said["words"]:
                known[word if len(word) == 1 else word.lower()] = (dimension, unit, float(said["one"]))
    known["L"] = known["l"]
    return known, tuple(sorted(known, key=len, reverse=True))


@cache
def _unit_pattern() -> re.Pattern[str]:
    _known, longest = _units()
    latin = [re.escape(w) for w in longest if not HAN.search(w) and len(w) > 1 and w[-1].isalpha()]
    single = [re.escape(w) for w in longest if len(w) == 1 and w.isalpha() and not HAN.search(w)]
    marks = [re.escape(w) for w in longest if not HAN.search(w) and not w[-1].isalpha()]
    han = [re.escape(w) for w in longest if HAN.search(w)]
    return re.compile(
        rf"[\s\u00a0\u202f]{{0,2}}-?(?:(?P<han>{'|'.join(han)})|(?P<mark>{'|'.join(marks)})(?![A-Za-zÀ-ÿ²³])"
        rf"|(?P<latin>(?i:{'|'.join(latin)}))(?![A-Za-zÀ-ÿµ²³/])|(?P<one>{'|'.join(single)})(?![A-Za-zÀ-ÿ²³/]))"
    )


@cache
def _numerals(language: str) -> dict[str, int]:
    return {str(word): int(n) for word, n in read_yaml("measures")["numerals"].get(language, {}).items()}


@cache
def _bounds() -> tuple[tuple[Bound, re.Pattern[str], re.Pattern[str]], ...]:
    found: list[tuple[Bound, re.Pattern[str], re.Pattern[str]]] = []
    said = read_yaml("measures")["bounds"]
    for bound in ("at_most", "at_least", "about"):
        before = "|".join(_whole(word) for word in sorted(said[bound]["before"], key=len, reverse=True))
        after = "|".join(_whole(word) for word in sorted(said[bound]["after"], key=len, reverse=True))
        found.append(
            (
                bound,
                re.compile(
                    rf"(?:{before})[\u3040-\u30ff\u3400-\u9fff]{{0,3}}\s*(?:[$€£¥]|ein(?:e|en|er)?|an?|à|de|zu|d')?\s*$",
                    re.IGNORECASE,
                ),
                re.compile(rf"\s*(?:{after})", re.IGNORECASE),
            )
        )
    return tuple(found)


def _whole(word: str) -> str:
    escaped = re.escape(word)
    if HAN.search(word) or not word[0].isalpha():
        return escaped
    return rf"(?<!\w){escaped}(?!\w)"


def quantities_in(text: str, language: str, taken: Sequence[Span] = ()) -> list[Quantity]:
    """Every figure outside the `taken` spans (codes, standards), in order, units and bounds read."""
    spoken = main_language(language)
    found = [*_in_digits(text, spoken, taken), *_in_words(text, spoken, taken)]
    found.sort(key=lambda q: q.start)
    shared = _sharing_units(text, found)
    befores = [0, *(q.end for q in shared)]
    return [_bounded(text, q, before) for q, before in zip(shared, befores, strict=False)]


def _in_digits(text: str, language: str, taken: Sequence[Span]) -> list[Quantity]:
    found = []
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if any(a < end and start < b for a, b in taken):
            continue
        readings = _readings(match[0], language)
        found.append(_with_unit(text, start, end, readings))
    return found


def _in_words(text: str, language: str, taken: Sequence[Span]) -> list[Quantity]:
    found = []
    numerals = _numerals(language)
    if numerals:
        for match in _LATIN_NUMERAL.finditer(text):
            word = match[0].lower() if match[0].lower() in numerals else match[0].lower().split("-")[0]  # "five-year"
            value, end = numerals.get(word), match.start() + len(word)
            if value is not None and not any(a < end and match.start() < b for a, b in taken):
                found.append(_with_unit(text, match.start(), end, ((float(value), 0.0),)))
    if language in ("zh", "ja") or language not in LANGUAGES:
        for match in _HAN_NUMERAL.finditer(text):
            value = _han_number(match[0])
            if value > 1:
                found.append(_with_unit(text, match.start(), match.end(), ((float(value), 0.0),)))
    return found


def _readings(written: str, language: str) -> tuple[tuple[float, float], ...]:
    """What digits can mean, each with half its last digit: "1.150" is 1150 in German, 1.15 in English, or either."""
    spaceless = re.sub(r"[\s\u00a0\u202f]", "", written)
    marks = [c for c in spaceless if c in ".,"]
    if not marks:
        return ((float(spaceless), 0.5),)
    last = max(spaceless.rfind("."), spaceless.rfind(","))
    decimals = len(spaceless) - last - 1
    as_decimal = (float(re.sub(r"[.,]", "", spaceless[:last]) + "." + spaceless[last + 1 :]), 0.5 / 10**decimals)
    as_whole = (float(re.sub(r"[.,]", "", spaceless)), 0.5)
    if len(set(marks)) == 2:
        return (as_decimal,)
    if len(marks) > 1:
        return (as_whole,)
    if decimals != 3 or spaceless[:last] == "0":
        return (as_decimal,)
    thousands = "." if language in ("de", "es", "fr", "it", "nl", "pt") else ","
    return (as_whole,) if spaceless[last] == thousands else (as_decimal,)


def _with_unit(text: str, start: int, end: int, readings: Sequence[tuple[float, float]]) -> Quantity:
    if (unit := _unit_pattern().match(text, end)) and not _preposition(text, unit):
        word = unit["han"] or unit["mark"] or unit["latin"] or unit["one"]
        dimension, name, one = _units()[0][word if len(word) == 1 else word.lower()]
        if name == "year" and all(1900 <= value <= 2100 for value, _ in readings):
            return Quantity(tuple(v for v, _ in readings), BARE, "", start, end, 0.0, written=text[start:end])
        values = tuple(_base(value, name, one) for value, _ in readings)
        scale = 5 / 9 if name == "F" else one
        return Quantity(values, dimension, name, start, unit.end(), readings[0][1] * scale, written=text[start : unit.end()])  # fmt: skip
    if _AGED.search(text[:start]):
        values = tuple(_base(v, "year", _units()[0]["year"][2]) for v, _ in readings)
        return Quantity(values, "time", "year", start, end, 0.0, written=text[start:end])
    if sign := re.search(r"[$€£¥]\s?$", text[max(0, start - 2) : start]):
        unit_name = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}[sign[0].strip()]
        return Quantity(tuple(v for v, _ in readings), "money", unit_name, start, end, 0.0, written=text[start:end])
    return Quantity(tuple(v for v, _ in readings), BARE, "", start, end, readings[0][1], written=text[start:end])


def _preposition(text: str, unit: re.Match[str]) -> bool:
    """Whether "in" is the little word rather than inches: inches come with a decimal, or before a measure or an end."""
    if (unit["latin"] or "").lower() != "in":
        return False
    decimal = re.search(r"\d[.,]\d+\s?$", text[: unit.start()] + " ")
    return not (decimal or _AFTER_INCHES.match(text, unit.end()))


def _base(value: float, unit: str, one: float) -> float:
    return (value - 32) * 5 / 9 if unit == "F" else value * one


def _sharing_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """In "100 × 30 cm" and "5 to 25 °C" the first figure has the unit of the last."""
    known = _units()[0]
    for at in range(len(found) - 2, -1, -1):
        here, after = found[at], found[at + 1]
        if here.dimension == BARE and after.unit and _LINK.fullmatch(text[here.end : after.start]):
            one = next(factor for _, name, factor in known.values() if name == after.unit)
            found[at] = replace(
                here, values=tuple(_base(v, after.unit, one) for v in here.values), dimension=after.dimension,
                unit=after.unit, step=here.step * one,
            )  # fmt: skip
    return found


def _bounded(text: str, quantity: Quantity, last: int) -> Quantity:
    """The figure with how it is held; `last` is where the one before it ends: what links a range bounds nothing."""
    if last and _LINK.fullmatch(text[last : quantity.start]):
        return quantity
    before, after = text[max(0, quantity.start - 24) : quantity.start], text[quantity.end : quantity.end + 12]
    for bound, ahead, behind in _bounds():
        if ahead.search(before) or behind.match(after):
            return replace(quantity, bound=bound)
    return quantity


def _han_number(written: str) -> int:
    total, digit = 0, 0
    for letter in written:
        if letter in _HAN_DIGITS:
            digit = _HAN_DIGITS[letter]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[letter]
            digit = 0
    return total + digit
