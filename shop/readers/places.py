"""Countries, currencies and languages from the names and codes people write."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml

NAMES = Path(__file__).parents[1] / "reference" / "country_names.yaml"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ja", "zh", "zh_Hant", "ko")
NOT_SAID = "ZZ"
TAG = re.compile(r"([a-z]{2,3})(?:[-_ ]([a-z]{4}))?(?:[-_ ]([a-z]{2}|\d{3}))?", re.IGNORECASE)


def country(text: str) -> str | None:
    """ISO 3166 alpha-2 from a code (DE, DEU) or a name in a common language; ZZ for "Unspecified"; None if unknown."""
    return _countries().get(_plain(text))


def currency(text: str) -> str | None:
    """An ISO 4217 code in capitals, or None."""
    code = text.strip().upper()
    return code if code in currencies() else None


def language(text: str) -> str | None:
    """A BCP 47 tag (de, zh-Hant, pt-BR) from a tag or a language's name in English or in itself, or None."""
    found = TAG.fullmatch(text.strip())
    names = _languages()
    if found and found[1].lower() in names.values():
        script = f"-{found[2].title()}" if found[2] else ""
        return found[1].lower() + script + (f"-{found[3].upper()}" if found[3] else "")
    return names.get(_plain(text))


@lru_cache
def currencies() -> frozenset[str]:
    """Every ISO 4217 code that is or was money."""
    from babel.numbers import list_currencies

    return frozenset(
        code for code in list_currencies() if not code.startswith("X") or code in {"XAF", "XCD", "XOF", "XPF"}
    )


@lru_cache
def _countries() -> dict[str, str]:
    from babel import Locale
    from babel.core import get_global

    found: dict[str, str] = {}
    for tag in LANGUAGES:
        for code, name in Locale.parse(tag).territories.items():
            if len(code) == 2 and code not in {"EZ", "QO", "UN", "XA", "XB", "ZZ"}:
                found.setdefault(_plain(name), code)
                found[_plain(code)] = code
    for alpha_3, codes in get_global("territory_aliases").items():
        if len(alpha_3) == 3 and alpha_3.isalpha() and len(codes) == 1:
            found.setdefault(_plain(alpha_3), codes[0])
    for code, names in yaml.safe_load(NAMES.read_text(encoding="utf-8"))["names"].items():
        found[_plain(code)] = code
        found.update({_plain(name): code for name in names})
    return found


@lru_cache
def _languages() -> dict[str, str]:
    from babel import Locale

    found = {_plain(name): code for code, name in Locale.parse("en").languages.items() if "_" not in code}
    for code in ("de", "fr", "es", "it", "pt", "nl", "ja", "zh", "ko"):
        found[_plain(Locale.parse(code).languages[code])] = code
    return found


def _plain(text: str) -> str:
    """Without case, accents, points and doubled spaces; `&` is `and`."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    text = "".join(character for character in text if not unicodedata.combining(character) and character != ".")
    return " ".join(text.replace("’", "'").split()).removeprefix("the ")
