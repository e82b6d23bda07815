"""Measures in the country's own units, put in brackets after the source's: 750 ml (25.4 fl oz)."""

from __future__ import annotations

import re
from decimal import Decimal

IMPERIAL = frozenset({"US"})
_METRIC: dict[str, tuple[str, Decimal]] = {
    "ml": ("fl oz", Decimal("0.0338140")), "l": ("fl oz", Decimal("33.8140")), "g": ("oz", Decimal("0.0352740")),
    "kg": ("lb", Decimal("2.20462")), "mm": ("in", Decimal("0.0393701")), "cm": ("in", Decimal("0.393701")),
    "m": ("ft", Decimal("3.28084")), "km": ("mi", Decimal("0.621371")),
}  # fmt: skip
_OTHER: dict[str, tuple[str, Decimal]] = {
    "fl oz": ("ml", Decimal("29.5735")), "oz": ("g", Decimal("28.3495")), "lb": ("kg", Decimal("0.453592")),
    "lbs": ("kg", Decimal("0.453592")), "inches": ("cm", Decimal("2.54")),
    "ft": ("m", Decimal("0.3048")), "°F": ("°C", Decimal(1)),
}  # fmt: skip
_SIDES = re.compile(r"[×x*/–-]\s?$")  # the last of several sides, a range or a rate
_THIN = {"g": Decimal(100), "mm": Decimal(3)}  # below this a converted figure says nothing to a buyer
_MEASURE = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)(\s?)(fl oz|°C|°F|inches|kg|ml|mm|cm|km|lbs?|oz|ft|[gml])(?![\w²³/°]|\s?[²³×x]|\s*\()")  # fmt: skip


def localized(text: str, country: str, language: str) -> str:
    """The text with each measure followed by the country's own, once for each figure; as it is where none differs."""
    if not country:
        return text
    table = _METRIC if country in IMPERIAL else _OTHER
    done: set[str] = set()

    def both(match: re.Match[str]) -> str:
        number, unit = Decimal(match[1].replace(",", ".")), match[3]
        if _SIDES.search(text[: match.start()]):
            return match[0]
        if unit in _THIN and number < _THIN[unit]:
            return match[0]
        if unit == "°C" and country in IMPERIAL:
            told, other = number * 9 / 5 + 32, "°F"
        elif unit == "°F" and country not in IMPERIAL:
            told, other = (number - 32) * 5 / 9, "°C"
        elif unit in table:
            other, factor = table[unit]
            told = number * factor
        else:
            return match[0]
        if match[0] in done:
            return match[0]
        done.add(match[0])
        return f"{match[0]} ({_rounded(told, language)} {other})"

    return _MEASURE.sub(both, text)


def _rounded(amount: Decimal, language: str) -> str:
    from babel.numbers import format_decimal

    digits = 0 if abs(amount) >= 100 else 1
    return str(format_decimal(round(amount, digits), "#,##0.#", locale=language.replace("-", "_")))
