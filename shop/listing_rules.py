"""What a listing may hold on a channel: dated limits, banned characters and phrases, counted to the character and byte."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shop.errors import ShopError

FILE = "listing_limits.yaml"
LISTED = frozenset({"bullets", "tags"})
UNMEASURED = 5000  # what a field without a limit of its channel may hold
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

Measure = Literal["characters", "bytes", "count", "each_characters", "word_repeats"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    as_of: date
    status: Literal["V", "T", "U"]
    effective_from: date = date(1970, 1, 1)


class Limit(_Row):
    """How much of a measure a field may hold; `least` is 0 where nothing must be there."""

    channel: str
    field: str
    measure: Measure
    most: int
    least: int = 0


class Characters(_Row):
    """Characters a field may not hold."""

    channel: str
    field: str
    banned: str


class Phrases(_Row):
    """Phrases a field may not hold, as whole words; `*` stands for every channel or field."""

    channels: tuple[str, ...]
    fields: tuple[str, ...]
    banned: tuple[str, ...]


class StoryRule(_Row):
    """Whether the founder's story may stand in the listing itself."""

    channel: str
    allowed: bool


class Marking(_Row):
    """Fields in which machine-written text must be declared, and as what."""

    channels: tuple[str, ...]
    fields: tuple[str, ...]
    value: str


class _Book(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: date
    fields: dict[str, tuple[str, ...]] = {}
    story: tuple[StoryRule, ...] = ()
    marking: tuple[Marking, ...] = ()
    limits: tuple[Limit, ...] = ()
    characters: tuple[Characters, ...] = ()
    phrases: tuple[Phrases, ...] = ()


@dataclass(frozen=True)
class Broken:
    """A rule that a field breaks: `measure` is one of the measures, or "character" or "phrase" with `what` it holds."""

    field: str
    measure: str
    found: int
    allowed: int
    what: str = ""

    def __str__(self) -> str:
        if self.measure in ("character", "phrase"):
            return f"{self.field} may not hold {self.what!r}"
        if self.found < self.allowed:
            return f"{self.field} needs at least {self.allowed} {self.measure.replace('_', ' ')}, not {self.found}"
        return f"{self.field} may hold {self.allowed} {self.measure.replace('_', ' ')}, not {self.found}"


@dataclass(frozen=True)
class ListingRules:
    """The rules of one channel in force on one day."""

    channel: str
    version: str
    fields: tuple[str, ...]
    limits: tuple[Limit, ...]
    characters: tuple[Characters, ...]
    phrases: tuple[str, ...]
    story: bool
    marking: Marking | None

    def most(self, field: str, measure: Measure = "characters") -> int:
        """The most a field may hold; UNMEASURED where the channel names no limit."""
        return next((one.most for one in self.limits if (one.field, one.measure) == (field, measure)), UNMEASURED)

    def least(self, field: str, measure: Measure = "characters") -> int:
        """The least a field must hold."""
        return next((one.least for one in self.limits if (one.field, one.measure) == (field, measure)), 0)

    def banned_characters(self, field: str) -> str:
        """Characters the field may not hold."""
        return "".join(one.banned for one in self.characters if one.field in (field, "*"))

    def broken(self, field: str, value: str | Sequence[str]) -> list[Broken]:
        """Every rule that the text of a field, or the several texts of it, breaks."""
        texts = [value] if isinstance(value, str) else list(value)
        return [*self._measured(field, texts), *self._held(field, texts)]

    def _measured(self, field: str, texts: Sequence[str]) -> Iterator[Broken]:
        for limit in self.limits:
            if limit.field != field:
                continue
            for found in _measures(limit.measure, texts):
                if not limit.least <= found <= limit.most:
                    yield Broken(field, limit.measure, found, limit.least if found < limit.least else limit.most)
        listed = any(one.field == field and one.measure == "characters" for one in self.limits)
        if not listed and (whole := sum(map(len, texts))) > UNMEASURED:
            yield Broken(field, "characters", whole, UNMEASURED)

    def _held(self, field: str, texts: Sequence[str]) -> Iterator[Broken]:
        banned = self.banned_characters(field)
        for text in texts:
            yield from (Broken(field, "character", 1, 0, c) for c in dict.fromkeys(text) if c in banned)
            yield from (Broken(field, "phrase", 1, 0, found) for found in held_phrases(text, self.phrases))


def rules_of(channel: str, day: date, folder: Path | None = None) -> ListingRules:
    """The rules of a channel on a day; the shop's own file in `folder` comes before the shipped one.

    Raises ShopError for a channel without listing rules or a file that cannot be read.
    """
    shipped = _shipped()
    own = _own(folder / FILE) if folder is not None and (folder / FILE).exists() else None
    books = [own, shipped] if own else [shipped]
    fields = next((book.fields[channel] for book in books if channel in book.fields), None)
    if fields is None:
        raise ShopError(f"There are no listing rules for {channel}; there are for {', '.join(channels(folder))}.")
    limits: dict[tuple[str, str], Limit] = {}
    for book in books:
        newest = sorted(book.limits, key=lambda one: one.effective_from, reverse=True)
        for limit in newest:
            if limit.channel == channel and limit.effective_from <= day:
                limits.setdefault((limit.field, limit.measure), limit)
    story = next((one.allowed for book in books for one in book.story if one.channel in (channel, "*")), True)
    marking = next((one for book in books for one in book.marking if channel in one.channels), None)
    version = f"listing_limits {shipped.version}" + (f" with the shop's own of {own.version}" if own else "")
    return ListingRules(
        channel, version, fields, tuple(limits.values()),
        tuple(one for book in books for one in book.characters if one.channel == channel and one.effective_from <= day),
        tuple(
            phrase for book in books for one in book.phrases for phrase in one.banned
            if set(one.channels) & {channel, "*"} and one.effective_from <= day
        ),
        story, marking,
    )  # fmt: skip


def channels(folder: Path | None = None) -> tuple[str, ...]:
    """Every channel with listing rules."""
    own = _own(folder / FILE).fields if folder is not None and (folder / FILE).exists() else {}
    return tuple(dict.fromkeys((*_shipped().fields, *own)))


def held_phrases(text: str, banned: Sequence[str]) -> Iterator[str]:
    """The banned phrases that a text holds, as whole words; unspaced scripts are matched anywhere."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for phrase in banned:
        wanted = unicodedata.normalize("NFKC", phrase).casefold()
        if wanted not in plain:
            continue
        if _UNSPACED.search(wanted) or re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain):
            yield phrase


def _measures(measure: Measure, texts: Sequence[str]) -> list[int]:
    if measure == "characters":
        return [sum(map(len, texts))]
    if measure == "bytes":
        return [sum(len(text.encode("utf-8")) for text in texts)]
    if measure == "count":
        return [len(texts)]
    if measure == "each_characters":
        return [len(text) for text in texts]
    return [max(Counter(word.casefold() for text in texts for word in _WORD.findall(text)).values(), default=0)]


@lru_cache(maxsize=1)
def _shipped() -> _Book:
    import yaml

    return _Book.model_validate(yaml.safe_load((files("shop.reference") / FILE).read_text(encoding="utf-8")))


def _own(path: Path) -> _Book:
    import yaml

    try:
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _Book.model_validate(told)
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as wrong:
        first = wrong.errors(include_url=False)[0] if isinstance(wrong, ValidationError) else None
        where = ".".join(map(str, first["loc"])) if first else "not YAML"
        raise ShopError(
            f"{path.name} cannot be read ({where}): write it like shop/reference/{FILE}, with version, limits and status."
        ) from wrong
