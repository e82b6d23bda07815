"""Goods with a selling season of their own, told by the words of their names, and how much sells when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shop.errors import ShopError

TABLE = Path(__file__).resolve().parent / "reference" / "seasonal_goods.yaml"
YEAR = 365.25
EPOCH = date(1970, 1, 1).toordinal()
SOUTHERN = frozenset({"AR", "AU", "BO", "BR", "CL", "NZ", "PE", "PY", "UY", "ZA"})
_ENTRY = frozenset({"name", "months", "weather", "gift", "words", "not"})


@dataclass(frozen=True)
class SeasonalGoods:
    """One kind of goods. `name` is a key: prompts/messages words it as goods.<name>.

    `months` says how much sells in each month (1: the mean of the year), north of the equator or, with `south`, south. `gift`
    is how much more strongly than usual goods they answer the gift days of autumn, in logs, while that is not seen.
    """

    name: str
    months: tuple[float, ...]
    weather: bool = False
    gift: float = 1.0
    south: bool = False

    def factors(self, ordinals: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much sells on days given as proleptic ordinals, 1 being the mean of the year; smooth between months."""
        later = YEAR / 2 if self.south and self.weather else 0.0
        logs = np.log(np.array(self.months) / np.mean(self.months))
        middles = (np.arange(-1, 13) + 0.5) * YEAR / 12
        days = (np.asarray(ordinals, dtype=np.int64) - EPOCH).astype("datetime64[D]")
        of_year = ((days - days.astype("datetime64[Y]")).astype(np.float64) + later) % YEAR
        return np.asarray(np.exp(np.interp(of_year, middles, np.concatenate([logs[-1:], logs, logs[:1]]))))


def seasonal_goods(name: str, countries: tuple[str, ...] = ()) -> SeasonalGoods | None:
    """The kind of seasonal goods a product name tells, None where it tells none.

    `countries` (ISO 3166) are those it mostly sells in; only where all lie in the south does weather turn round.
    Raises ShopError when the table is damaged.
    """
    return _told(name, bool(countries) and set(countries) <= SOUTHERN)


@lru_cache(maxsize=8192)
def _told(name: str, south: bool) -> SeasonalGoods | None:
    plain = " ".join(name.casefold().replace("_", " ").split())
    for entry, words, left_out in _table():
        if words.search(plain) and not (left_out and left_out.search(plain)):
            months, gift = tuple(entry["months"]), float(entry.get("gift", 1.0))
            return SeasonalGoods(entry["name"], months, bool(entry.get("weather")), gift, south)
    return None


def names() -> tuple[str, ...]:
    """The key of every kind in the table."""
    return tuple(entry["name"] for entry, _, _ in _table())


@cache
def _table() -> tuple[tuple[dict[str, Any], re.Pattern[str], re.Pattern[str] | None], ...]:
    import yaml

    try:
        told = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as broken:
        raise ShopError(f"{TABLE.name} cannot be read: restore it.") from broken
    found = []
    for entry in told["seasons"]:
        if set(entry) - _ENTRY or len(entry["months"]) != 12 or min(entry["months"]) <= 0:
            raise ShopError(f"{TABLE.name}: {entry.get('name')} is not as the head of the file says.")
        found.append((entry, _any_of(entry["words"]), _any_of(entry["not"]) if entry.get("not") else None))
    return tuple(found)


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(_matching(word.casefold()) for word in words))


def _matching(word: str) -> str:
    if any(ord(letter) >= 0x2E80 for letter in word):
        return re.escape(word)
    if word.endswith("*"):
        return rf"\b{re.escape(word[:-1])}"
    return rf"\b{re.escape(word)}(?:s|es)?\b"
