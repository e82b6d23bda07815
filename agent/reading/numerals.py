"""Numbers written in words: English, German, French, Spanish, and Chinese or Japanese numerals."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

_EN = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_DE = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
_FR = "zéro - deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
_ES = "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve"
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante septante quatre-vingt nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
_SCALES = {
    "en": {
        "hundred": 100,
        "thousand": 1000,
        "million": 10**6,
        "millions": 10**6,
        "billion": 10**9,
        "dozen": 12,
        "dozens": 12,
    },
    "de": {"hundert": 100, "tausend": 1000, "million": 10**6, "millionen": 10**6, "dutzend": 12},
    "fr": {
        "cent": 100,
        "cents": 100,
        "mille": 1000,
        "million": 10**6,
        "millions": 10**6,
        "douzaine": 12,
        "douzaines": 12,
    },
    "es": {"cien": 100, "ciento": 100, "mil": 1000, "millón": 10**6, "millones": 10**6, "docena": 12, "docenas": 12},
}
_ES_MORE = (
    "veintiuno 21 veintiún 21 veintidós 22 veintitrés 23 veinticuatro 24 veinticinco 25 veintiséis 26 veintisiete 27 "
    "veintiocho 28 veintinueve 29 doscientos 200 doscientas 200 trescientos 300 trescientas 300 cuatrocientos 400 "
    "quinientos 500 quinientas 500 seiscientos 600 setecientos 700 ochocientos 800 novecientos 900 uno 1"
)
_SOLO_SCALES = {"thousand", "million", "hundert", "tausend", "mille", "cent", "mil", "cien"}
_ONES_BEFORE_SCALE = {"en": {"a", "one"}, "de": {"ein", "eine"}, "fr": {"un", "une"}, "es": {"un", "una"}}
_JOIN = {"en": {"and"}, "fr": {"et"}, "es": {"y"}, "de": set()}

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
_HAN_SMALL = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
HAN_NUMERAL = "零〇一二三四五六七八九十百千万萬亿億两兩"


@lru_cache(maxsize=8)
def number_words(language: str) -> dict[str, int]:
    """Every single number word below a hundred of a language, and Spanish hundreds."""
    teens = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}.get(language)
    if teens is None:
        return {}
    words = {word: value for value, word in enumerate(teens.split()) if word != "-"}
    words |= {word: 20 + 10 * i for i, word in enumerate(_TENS[language].split())}
    if language == "fr":
        words |= {"quatre-vingts": 80}
    if language == "es":
        more = _ES_MORE.split()
        words |= {more[i]: int(more[i + 1]) for i in range(0, len(more), 2)}
    if language == "de":
        words |= {"zwo": 2, "dreissig": 30}
    return words


def scale_words(language: str) -> dict[str, int]:
    """Words that multiply: hundred, thousand, million, dozen."""
    return _SCALES.get(language, {})


def german_compound(word: str) -> int | None:
    """zweihundertfünfzig, fünfundzwanzig, dreitausend; None when it is no number."""
    words = number_words("de") | {"ein": 1, "eine": 1}
    if word in words:
        return words[word]
    for name, size in (("tausend", 1000), ("hundert", 100)):
        head, found, tail = word.partition(name)
        if found:
            front = 1 if not head else german_compound(head)
            back = 0 if not tail else german_compound(tail.removeprefix("und"))
            return None if front is None or back is None else front * size + back
    ones, found, tens = word.partition("und")
    if found and words.get(ones, 10) < 10 and words.get(tens, 0) >= 20:
        return words[tens] + words[ones]
    return None


_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def spoken(text: str, language: str) -> list[tuple[int, int, int]]:
    """Numbers in words as (start, end, value), longest runs; articles and ordinals are not numbers."""
    if language not in _SCALES:
        return []
    words, scales = number_words(language), _SCALES[language]
    tokens = _split(text, words)
    found: list[tuple[int, int, int]] = []
    i = 0
    while i < len(tokens):
        end, value = _run(text, tokens, i, language, words, scales)
        if value is None:
            i += 1
            continue
        found.append((tokens[i][0], tokens[end - 1][1], value))
        i = end
    return found


def _split(text: str, words: dict[str, int]) -> list[tuple[int, int, str]]:
    tokens: list[tuple[int, int, str]] = []
    for match in _TOKEN.finditer(text):
        word = match[0].casefold()
        if "-" not in word or word in words:
            tokens.append((match.start(), match.end(), word))
            continue
        at = match.start()
        if word.startswith("quatre-vingt-"):
            tokens.append((at, at + 12, "quatre-vingt"))
            at, word = at + 13, word[13:]
        if word in words:
            tokens.append((at, at + len(word), word))
            continue
        for part in word.split("-"):
            tokens.append((at, at + len(part), part))
            at += len(part) + 1
    return tokens


def _run(text: str, tokens: list[tuple[int, int, str]], i: int, language: str,
         words: dict[str, int], scales: dict[str, int]) -> tuple[int, int | None]:  # fmt: skip
    total, current, last, j, any_number = 0, 0, 0, i, False
    while j < len(tokens):
        word = tokens[j][2]
        if j > i and text[tokens[j - 1][1] : tokens[j][0]].strip(" -\u00a0"):
            break
        value = german_compound(word) if language == "de" else words.get(word)
        if value is not None and word not in {"ein", "eine"}:
            if any_number and last and (last <= value or (last < 20 and last != 1)):
                break
            current, last, any_number = current + value, value, True
        elif word in scales:
            size = scales[word]
            if not any_number and word not in _SOLO_SCALES and size != 12:
                break
            if size == 100:
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * size, 0
            last, any_number = size, True
        elif j + 1 < len(tokens) and not any_number and word in _ONES_BEFORE_SCALE[language]:
            if tokens[j + 1][2] not in scales:
                break
            current, last, any_number = 1, 1, True
        elif any_number and word in _JOIN[language] and _joins(tokens, j, last, language, words):
            pass
        else:
            break
        j += 1
    return (j, total + current) if any_number else (i, None)


def _joins(tokens: list[tuple[int, int, str]], j: int, last: int, language: str, words: dict[str, int]) -> bool:
    follows = words.get(tokens[j + 1][2]) if j + 1 < len(tokens) else None
    if language == "en":
        return last >= 100 and follows is not None
    return 20 <= last < 100 and (follows or 0) in (range(1, 12) if language == "fr" else range(1, 10))


def han_value(text: str) -> Decimal | None:
    """三十, 两千, 二十万, 一百零五, 3万5千 without digits; None when it is no numeral."""
    if not text or any(c not in HAN_NUMERAL for c in text):
        return None
    if len(text) > 1 and all(c in _HAN_DIGITS for c in text):
        return Decimal("".join(str(_HAN_DIGITS[c]) for c in text))
    total, section, digit = 0, 0, -1
    last_unit = 0
    for c in text:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif c in _HAN_SMALL:
            section += (1 if digit < 0 else digit) * _HAN_SMALL[c]
            digit, last_unit = -1, _HAN_SMALL[c]
        else:
            section += max(digit, 0)
            if section == 0:
                return None
            total, section, digit, last_unit = (total + section) * _HAN_LARGE[c], 0, -1, _HAN_LARGE[c]
    if digit > 0 and last_unit >= 100 and text[-2] not in "零〇":
        digit *= last_unit // 10  # 两千五 is 2,500
    return Decimal(total + section + max(digit, 0))
