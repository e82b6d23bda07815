"""One sentence of copy: worded by the source or by the model, cited, and written only when it passes verification."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal

from knowledge.passage import Passage
from knowledge.verification import Verdict, verify
from shop.listing_rules import ListingRules
from tools.copywriting.choose import Ranked, Tier
from tools.copywriting.facts import PROMPTS
from tools.copywriting.product import ProductRecord
from tools.copywriting.units import localized
from tools.copywriting.voice import Voice

SLIPS = 2  # words left in the source's language from which a sentence has slipped into it
_SMALL = re.compile(r"(?<![^\W\d_])[a-zà-ÿ]{4,}(?![^\W\d_])")
LEAST_NEAR = (
    0.45  # cosine below which a model's sentence is not taken for what the source says, though nothing denies it
)
_CONTACT = re.compile(r"\S+@\S+\.\S+|https?://|www\.|\(link", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2,}(?:-[A-Z0-9]+)+")
_END = ".!?。！？"


@dataclass(frozen=True)
class Claim:
    """A checked sentence, or a point of several, each checked for itself and then in `parts`.

    by: `source` for the source's own words, `model` where a model worded them, `books` for a title of names and spec words.
    """

    text: str
    passages: tuple[Passage, ...]
    role: str
    by: Literal["source", "model", "books"]
    parts: tuple[Claim, ...] = ()

    @property
    def sentences(self) -> tuple[Claim, ...]:
        """What was checked: its parts, or itself."""
        return self.parts or (self,)

    def joined(self, other: Claim, between: str) -> Claim:
        """Two checked sentences as one point."""
        passages = tuple(dict.fromkeys((*self.passages, *other.passages)))
        parts = (*self.sentences, *other.sentences)
        return Claim(f"{self.text}{between}{other.text}", passages, self.role, self.by, parts)


@dataclass(frozen=True)
class Refused:
    """A sentence that was not written, and why."""

    text: str
    passage: Passage
    verdict: Verdict


@dataclass
class Scribe:
    """Writes the sentences of one listing in one language and remembers what it refused.

    `known` is everything the brand's memory holds on the product, to check against; `names` are the brand's and the
    product's own; `internal` are codes no buyer may read, such as suppliers'; `allowance` is how many sentences the model
    may be asked for.
    """

    language: str
    country: str
    record: ProductRecord
    product: str
    tier: Tier
    rules: ListingRules
    day: date
    known: Sequence[Passage]
    names: Sequence[str]
    internal: frozenset[str]
    voice: Voice | None
    allowance: int
    refused: list[Refused] = field(default_factory=list)
    asked: int = 0
    kept: int = 0
    _verdicts: dict[tuple[str, ...], Verdict] = field(default_factory=dict)

    def claim(
        self, lead: Ranked, longest: int, field_name: str, scenes: Sequence[Ranked] = (), rows: Sequence[Ranked] = ()
    ) -> Claim | None:
        """The fact as a point of at most `longest` characters for a field, or None when nothing passes.

        `scenes` tell what its figure is good for, `rows` are more rows of its table: they join it where there is room. A row,
        a long sentence and one in another language are put to the model; what stands for itself keeps its own words.
        """
        native = _primary(lead.fact.language) == _primary(self.language)
        near = [one for one in scenes if _primary(one.fact.language) == _primary(self.language)]
        stands = native and not lead.fact.label and len(lead.fact.text) <= longest
        if not stands and self.voice is not None and self.asked < self.allowance:
            told = near[:1] if near and native else list(rows)[:1] if native else []
            if not native or told:
                worded = self._worded(lead, told, longest, field_name)
                if worded is not None:
                    return worded
        if not native:
            return None
        own = self._own(lead, longest, field_name)
        if lead.fact.label and near and (scene := self._own(near[0], longest, field_name)):
            return scene
        if own is None:
            return None
        for one in near[:1] if not lead.fact.label else rows:
            more = self._own(one, longest - len(own.text) - 2, field_name)
            if more is not None:
                own = own.joined(more, "; " if lead.fact.label else _space(self.language, own.text))
        return own

    def _native(self, one: Ranked) -> bool:
        return _primary(one.fact.language) == _primary(self.language)

    def _own(self, one: Ranked, longest: int, field_name: str) -> Claim | None:
        return self.checked(one.fact.text, (one.fact.passage,), one.role, "source", longest, field_name)

    def checked(
        self, text: str, cited: Sequence[Passage], role: str, by: Literal["source", "model", "books"], longest: int,
        field_name: str, trial: bool = False,
    ) -> Claim | None:  # fmt: skip
        """The sentence with the country's units where it fits, if verification and the channel let it stand.

        A trial is one of several ways to say the same: it keeps its units and is not remembered when refused.
        """
        if _CONTACT.search(text) or len(text) > longest or self.internal & set(_CODE.findall(text)):
            return None
        converted = localized(text, self.country, self.language) if not trial else text
        for said in dict.fromkeys((converted, text)):
            if len(said) > longest or self._barred(said, field_name):
                continue
            verdict = self.verdict(said, cited)
            if verdict.supported:
                return Claim(said, tuple(cited), role, by)
            if said == text and not trial:
                self.refused.append(Refused(said, cited[0], verdict))
        return None

    def verdict(self, text: str, cited: Sequence[Passage]) -> Verdict:
        """What verification says of the sentence, said of this product in this country and channel on this day."""
        key = (text, *(p.id for p in cited))
        if key not in self._verdicts:
            self._verdicts[key] = verify(
                text, cited, language=self.language, sku=self.record.sku, others=self.known, names=self.names,
                country=self.country or None, channel=self.rules.channel, day=self.day,
            )  # fmt: skip
        return self._verdicts[key]

    def _barred(self, text: str, field_name: str) -> bool:
        return any(one.measure in ("character", "phrase") for one in self.rules.broken(field_name, text))

    def _worded(self, lead: Ranked, scenes: Sequence[Ranked], longest: int, field_name: str) -> Claim | None:
        assert self.voice is not None
        parts = [lead, *scenes]
        text = " ".join(_ended(one.fact.text) for one in parts)
        wish = instruction("scene" if scenes else "fact", self.product, self.tier)
        self.asked += 1
        said = self.voice.reword(text, self.language, wish, longest)
        if said is None:
            return None
        if any(untranslated(said, one.fact.text) >= SLIPS for one in parts if not self._native(one)):
            return None
        cited = tuple(dict.fromkeys((*(one.fact.passage for one in parts), self.record.passage)))
        line = _ended(said) if longest > len(said) else said
        made = self.checked(line, cited, lead.role, "model", longest, field_name)
        if made is not None and self.verdict(made.text, made.passages).nearness < LEAST_NEAR:
            made = None
        self.kept += made is not None
        return made


def untranslated(said: str, source: str) -> int:
    """How many small-letter words of a sentence stand as they are in its source, which is in another language."""
    return len(set(_SMALL.findall(said)) & set(_SMALL.findall(source)))


def instruction(kind: Literal["fact", "scene"], product: str, tier: Tier) -> str:
    """What the model is asked to do with a text."""
    told = _prompt()["instructions"]
    return str(told[kind]).format(product=product) + str(told[tier])


@cache
def _prompt() -> dict[str, Any]:
    import yaml

    told: dict[str, Any] = yaml.safe_load((PROMPTS / "copy.yaml").read_text(encoding="utf-8"))
    return told


def _ended(text: str) -> str:
    return text if text[-1:] in _END else f"{text}."


def _space(language: str, before: str) -> str:
    if _primary(language) in ("zh", "ja"):
        return "" if before[-1:] in _END else "。"
    return " " if before[-1:] in _END else ". "


def _primary(language: str) -> str:
    return language.split("-")[0].lower()
