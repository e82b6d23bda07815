"""Findings as sentences in English or Chinese: the catalogue gives the words, Babel the numbers.

The catalogue is prompts/messages/*.yaml, each `key: {en: ..., zh: ...}` with `{name}` for a value. Words that are
themselves a key, such as event.black_friday, are shown as the catalogue words them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Literal, cast

from tools.contract import Finding, ToolError, Value, code

Language = Literal["en", "zh"]

CATALOGUE = Path(__file__).resolve().parent.parent / "prompts" / "messages"
LANGUAGES: tuple[Language, ...] = ("en", "zh")
QUOTE_LENGTH = 300
WHOLE_FROM = 1000  # from here on a whole amount is shown without its .00

CHANNEL_NAMES: dict[str, dict[Language, str]] = {
    "amazon": {"en": "Amazon", "zh": "亚马逊"},
    "alibaba": {"en": "Alibaba.com", "zh": "阿里国际站"},
    "shopify": {"en": "Shopify", "zh": "Shopify"},
    "woocommerce": {"en": "WooCommerce", "zh": "WooCommerce"},
    "tiktok": {"en": "TikTok Shop", "zh": "TikTok Shop"},
    "google": {"en": "Google", "zh": "Google"},
    "meta": {"en": "Meta", "zh": "Meta"},
    "ebay": {"en": "eBay", "zh": "eBay"},
    "etsy": {"en": "Etsy", "zh": "Etsy"},
    "shop": {"en": "online shop", "zh": "网店"},
}

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:|javascript:|data:)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_NEUTRAL = str.maketrans(
    {
        "<": "‹", ">": "›", "[": "(", "]": ")", "`": "'", "*": "∗", "_": " ", "#": "＃", "|": "¦", "~": "∼",
        "\\": "", "$": "＄", '"': "'", "“": "'", "”": "'", "「": "'", "」": "'",
    }
)  # fmt: skip
_LABEL = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "`": "'", "\\": ""})


class MessageError(LookupError):
    """The catalogue has no wording for a finding, or the finding lacks a value the wording needs."""


def render(finding: Finding, language: str, names: Mapping[str, str] | None = None) -> str:
    """The finding as one or two sentences in 'en' or 'zh' (any other language reads English).

    `names` maps SKU to product name; where given, a SKU is shown with its name.
    Raises MessageError for an unknown key or a missing value.
    """
    spoken = catalogue_language(language)
    wording = wordings().get(finding.key)
    if wording is None:
        raise MessageError(f"prompts/messages has no wording for {finding.key}.")
    parts: list[str] = []
    for text, field, _, _ in Formatter().parse(wording[spoken]):
        parts.append(text)
        if field is None:
            continue
        value = finding.values.get(field)
        if value is None:
            raise MessageError(f"{finding.key} needs the value {field}; it has {', '.join(finding.values) or 'none'}.")
        parts.append(shown(value, spoken, names))
    return "".join(parts)


def refusal(key: str, **said: object) -> ToolError:
    """A ToolError worded by the catalogue; what was said is shown as it is, without markup or links.

    Raises MessageError for an unknown key or a missing value.
    """
    values = {name: code(str(value)) for name, value in said.items()}
    return ToolError(render(Finding(id="", severity="info", key=key, values=values), "en"), key, **values)


def severity_word(severity: str, language: str) -> str:
    """'Act now', 'Watch', 'Good' or 'Note' in the language. Raises MessageError for another severity."""
    wording = wordings().get(f"severity.{severity}")
    if wording is None:
        raise MessageError(f"There is no severity {severity}; there are act, watch, good, info.")
    return wording[catalogue_language(language)]


def catalogue_language(language: str) -> Language:
    """The catalogue's language for a BCP 47 tag: Chinese for zh-*, English for all others."""
    return "zh" if language.lower().replace("_", "-").split("-")[0] == "zh" else "en"


@cache
def wordings() -> dict[str, dict[Language, str]]:
    """Every wording by key, read once. Raises MessageError when a key lacks a language or is there twice."""
    import yaml

    found: dict[str, dict[Language, str]] = {}
    for path in sorted(CATALOGUE.glob("*.yaml")):
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for key, wording in (entries or {}).items():
            if key in found:
                raise MessageError(f"{key} is worded twice, the second time in {path.name}.")
            if not isinstance(wording, dict) or any(not isinstance(wording.get(spoken), str) for spoken in LANGUAGES):
                raise MessageError(f"{key} in {path.name} must have en and zh.")
            found[key] = {spoken: wording[spoken].strip() for spoken in LANGUAGES}
    return found


def placeholders(text: str) -> set[str]:
    """The names of the values a wording needs."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def shown(value: Value, language: Language, names: Mapping[str, str] | None = None) -> str:
    """One typed value in the language's own form; text by strangers comes out fenced and harmless."""
    content = value.value
    if isinstance(content, list):
        from babel.lists import format_list

        return str(format_list([shown(one, language, names) for one in content], locale=language))
    if isinstance(content, Decimal):
        return _number(value.kind, content, value.unit, language)
    if isinstance(content, date):
        return _day(content, language)
    return _text(value.kind, content, language, names)


@lru_cache(maxsize=1024)
def _day(day: date, language: Language) -> str:
    from babel.dates import format_date

    return str(format_date(day, "medium", locale=language))


@lru_cache(maxsize=4096)
def _number(kind: str, amount: Decimal, unit: str | None, language: Language) -> str:
    from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

    if kind == "money":
        currency = unit or "XXX"
        symbol = str(get_currency_symbol(currency, locale=language))
        whole = abs(amount) >= WHOLE_FROM and amount == amount.to_integral_value()
        text = str(format_currency(amount, currency, "¤#,##0" if whole else None, language, currency_digits=not whole))
        return text.replace(symbol, f"{symbol}\u00a0", 1) if symbol.isalpha() else text
    if kind == "percent":
        return str(format_percent(amount / 100, "#,##0.##%", locale=language))
    plain = str(format_decimal(amount, "#,##0.##", locale=language))
    if kind == "ratio":
        return f"{plain}×"
    measures = {"units": ("unit", "件"), "days": ("day", "天"), "weeks": ("week", "周")}
    if kind not in measures:
        return plain
    english, chinese = measures[kind]
    if language == "zh":
        return f"{plain} {chinese}"
    return f"{plain} {english}" if abs(amount) == 1 else f"{plain} {english}s"


def _text(kind: str, text: str, language: Language, names: Mapping[str, str] | None) -> str:
    if kind == "quote":
        return "“" + harmless(text) + "”"
    if kind == "sku":
        name = (names or {}).get(text)
        return label(f"{text} {name}" if name and name != text else text)
    if kind == "channel":
        known = CHANNEL_NAMES.get(text)
        return known[language] if known else label(text)
    if kind in ("country", "language"):
        from babel import Locale

        locale = Locale.parse(language)
        known_names = locale.territories if kind == "country" else locale.languages
        return cast(str, known_names.get(text)) or label(text)
    if kind == "words":
        worded = wordings().get(text)
        return worded[language] if worded else text
    return label(text)


def harmless(text: str, length: int = QUOTE_LENGTH) -> str:
    """A stranger's text as plain words: no control or invisible characters, no markup, no links, shortened."""
    plain = _LINK.sub("(link)", _visible(text)).translate(_NEUTRAL)
    plain = re.sub(r"\s+", " ", plain).strip()
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"


def label(text: str) -> str:
    """A name or a place as it is, without markup, links and invisible characters."""
    return _LINK.sub("(link)", _visible(text)).translate(_LABEL)


def _visible(text: str) -> str:
    spaced = re.sub(r"[\s\u2028\u2029]+", " ", text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
