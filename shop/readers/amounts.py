"""Numbers as people write them: which of point and comma is the decimal sign, decided once per column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from shop.readers.clean import clean

BLANK = {"", "-", "--", "null", "nan", "n/a", "na", "none", "\\n", "#n/a"}
SYMBOLS = "$€£¥₩₹₺₽฿₫₱₪円元圆"
AROUND = re.compile(rf"^(?:[A-Z]{{1,3}})?\s*[{SYMBOLS}]*\s*(.*?)\s*[{SYMBOLS}]*\s*(?:[A-Z]{{3}}|kr\.?|zł|Kč|Ft|lei)?$")
GROUPED = re.compile(r"(?<=\d)[ '’_](?=\d{3}(?:\D|$))")
BARE = re.compile(r"[\d.,]*\d[\d.,]*")
EXPONENT = re.compile(r"(\d+)(?:[.,](\d+))?[eE]([+-]?\d{1,2})")
SCALE = Decimal("0.0001")
LARGEST = Decimal(10) ** 14
LARGEST_WHOLE = Decimal(2) ** 63

Read = tuple[Decimal | int | None, str | None]


@dataclass(frozen=True)
class Bare:
    """A number without its dress: digits with points and commas, sign, whether a percent sign stood there."""

    digits: str
    negative: bool = False
    percent: bool = False


def undress(text: str) -> Bare | None:
    """Strip currency signs, brackets and group spaces; None when no number is left."""
    text = (clean(text, code=True) or "").replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    if not text.isascii():
        text = text.translate(_WIDE)
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1].strip(), True
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    signed = negative
    for _ in range(2):  # the sign may stand outside or inside the currency sign
        if not signed and text and (text[0] in "+-" or text[-1] == "-"):
            signed, negative = True, "-" in (text[0], text[-1])
            text = text[1:].strip() if text[0] in "+-" else text[:-1].strip()
        around = AROUND.match(text)
        text = around[1] if around else text
    text = GROUPED.sub("", text)
    if BARE.fullmatch(text) or EXPONENT.fullmatch(text):
        return Bare(text, negative, percent)
    return None


_WIDE = {0xFF10 + n: str(n) for n in range(10)} | {0xFF0C: ",", 0xFF0E: ".", 0xFF0D: "-", 0xFFE5: "¥", 0xFF05: "%"}


def decimal_sign(digits: str) -> str | None:
    """The sign this number proves to be the decimal one; "" when it holds none, None when it could be either."""
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return ""
    if points and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    sign = "." if points else ","
    if points + commas > 1:
        return "," if sign == "." else "."
    left, _, right = digits.partition(sign)
    if len(right) != 3 or len(left) > 3 or left == "" or left.startswith("0"):
        return sign
    return None


def evidence(values: Mapping[str, int]) -> dict[str, int]:
    """How many rows prove each decimal sign, and ("?") how many could be read both ways."""
    found = {".": 0, ",": 0, "?": 0}
    for text, rows in values.items():
        bare = undress(text)
        if bare is None or EXPONENT.fullmatch(bare.digits):
            continue
        sign = decimal_sign(bare.digits)
        if sign != "":
            found[sign or "?"] += rows
    return found


def pooled(found: Iterable[Mapping[str, int]]) -> str | None:
    """The decimal sign that the other columns of the file agree on."""
    total = {".": 0, ",": 0}
    for one in found:
        for sign in total:
            total[sign] += one[sign]
    if bool(total["."]) == bool(total[","]):
        return None
    return "." if total["."] else ","


class AmountColumn:
    """Reads one column of amounts or whole numbers by one decision for all of its rows.

    Proven by the column itself, else by the file's other columns. With no proof `12,131` is thousands and
    `1.234` a decimal point, except where that is a guess about money: in files separated by semicolons and
    in whole numbers such values are refused.
    """

    def __init__(self, found: Mapping[str, int], elsewhere: str | None, delimiter: str, whole: bool, percent: bool):
        self._whole = whole
        self._percent = percent
        self._guess_refused = False
        if found["."] != found[","]:
            self.sign: str | None = "." if found["."] > found[","] else ","
        elif found["."]:
            self.sign = None
        else:
            self.sign = elsewhere or "."
            self._guess_refused = not elsewhere and (delimiter == ";")
            self._points_refused = not elsewhere and whole
            return
        self._points_refused = False

    def read(self, text: str) -> Read:
        """The number, or the reason it is refused; (None, None) for a blank."""
        if text.strip().lower() in BLANK:
            return None, None
        bare = undress(text)
        if bare is None:
            return None, "is not a number"
        if bare.percent and not self._percent:
            return None, "is a percentage where an amount is expected"
        exponent = EXPONENT.fullmatch(bare.digits)
        if exponent:
            number: Decimal | str = Decimal(f"{exponent[1]}.{exponent[2] or 0}e{exponent[3]}")
        else:
            number = self._number(bare.digits)
        if isinstance(number, str):
            return None, number
        return self._checked(-number if bare.negative else number)

    def _number(self, digits: str) -> Decimal | str:
        proven = decimal_sign(digits)
        if proven == "":
            return Decimal(digits)
        if self.sign is None or (proven is not None and proven != self.sign):
            return "has another number format than the rest of its column"
        if proven is None and (self._guess_refused or (self._points_refused and "." in digits)):
            return "could be thousands or decimals: write it without group signs"
        whole, _, fraction = digits.partition(self.sign)
        group = "," if self.sign == "." else "."
        if not _groups(group).fullmatch(whole) or not (fraction or "0").isdecimal():
            return "is not a number"
        return Decimal(f"{whole.replace(group, '') or '0'}.{fraction or '0'}")

    def _checked(self, number: Decimal) -> Read:
        if self._whole:
            if number != number.to_integral_value():
                return None, "is not a whole number"
            return (int(number), None) if abs(number) < LARGEST_WHOLE else (None, "is too large")
        if abs(number) >= LARGEST:
            return None, "is too large"
        return number.quantize(SCALE), None


@lru_cache
def _groups(sign: str) -> re.Pattern[str]:
    return re.compile(rf"\d*|\d{{1,3}}(?:\{sign}\d{{2,3}})*\{sign}\d{{3}}")
