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
from knowledge.verification.reading import read
from knowledge.verification.standards import standards_in
from shop.listing_rules import ListingRules
from tools.copywriting.choose import Ranked, Tier, alike_rows
from tools.copywriting.facts import PROMPTS
from tools.copywriting.product import ProductRecord
from tools.copywriting.spec_sentences import said
from tools.copywriting.specs import Spec, spec_words, specs_of
from tools.copywriting.units import localized
from tools.copywriting.voice import Voice

SLIPS = 2  # words left in the source's language from which a sentence has slipped into it
_SMALL = re.compile(r"(?<![^\W\d_])[a-zà-ÿ]{4,}(?![^\W\d_])")
LEAST_NEAR = (
    0.45  # cosine below which a model's sentence is not taken for what the source says, though nothing denies it
)
PLAIN_KINDS = frozenset({"volume", "weight", "sides", "measures", "composition"})  # better said than listed
ALIKE_TOGETHER = 5  # rows that give the same measure of several things
ROWS_TOGETHER = 2  # rows of a table that join another in their own words
ORDER = ("material", "part", "composition", "free_of", "volume", "sides", "measures", "weight")  # in one point
_CONTACT = re.compile(r"\S+@\S+\.\S+|https?://|www\.|\(link", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2,}(?:-[A-Z0-9]+)+")
_END = ".!?。！？"


Worder = Literal["source", "model", "books", "template"]


@dataclass(frozen=True)
class Claim:
    """A checked sentence, or a point of several, each checked for itself and then in `parts`.

    by: `source` for the source's own words, `model` where a model worded them, `template` where a typed
    fact fills a sentence of prompts/copy_specs.yaml, `books` for a title of names and spec words.
    """

    text: str
    passages: tuple[Passage, ...]
    role: str
    by: Worder
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
    _told: set[str] = field(default_factory=set)
    _typed_as: dict[str, str] = field(default_factory=dict)
    _verdicts: dict[tuple[str, ...], Verdict] = field(default_factory=dict)

    def claim(
        self, lead: Ranked, longest: int, field_name: str, scenes: Sequence[Ranked] = (), rows: Sequence[Ranked] = ()
    ) -> Claim | None:
        """The fact as a point of at most `longest` characters for a field, or None when nothing passes.

        `scenes` tell what its figure is good for, `rows` are more rows of its table: they join it where there is room. A row,
        a long sentence and one in another language are put to the model; what stands for itself keeps its own words. Figures
        come from another language as typed values only: a translation may give them to another part, and read well.
        """
        native = _primary(lead.fact.language) == _primary(self.language)
        near = [one for one in scenes if _primary(one.fact.language) == _primary(self.language)]
        if (typed := self._typed(lead, rows if lead.fact.label else (), longest, field_name, native)) is not None:
            return typed
        if not native and _figures(lead):
            return None
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
        rows = [one for one in rows if alike_rows(one, lead)][:ALIKE_TOGETHER] or rows[:ROWS_TOGETHER]
        if own is None:
            return None
        for one in near[:1] if not lead.fact.label else rows:
            more = self._own(one, longest - len(own.text) - 2, field_name)
            if more is not None:
                own = own.joined(more, "; " if lead.fact.label else joint(self.language, own.text))
        return own

    def _typed(
        self, lead: Ranked, rows: Sequence[Ranked], longest: int, field_name: str, native: bool
    ) -> Claim | None:  # fmt: skip
        """The values of a spec row, or of a fact in another language, said in sentences of this language."""
        found: Claim | None = None
        leading = [spec.role for spec in specs_of(lead)]
        values = [(one, spec) for one in (lead, *rows) for spec in specs_of(one) if leading and spec.role in leading]
        for one, spec in sorted(values, key=lambda pair: _place(pair[1])):
            plainer = one.fact.label or papered(one.fact.text) or self._unfit(one.fact.text, field_name)
            if native and not (spec.kind in PLAIN_KINDS and plainer):
                continue
            text = said(spec, self.language)
            if text is None or text in self._told:
                continue
            room = longest - (len(found.text) + 1 if found else 0)
            made = self.checked(text, (one.fact.passage,), spec.role, "template", room, field_name)
            if made is not None:
                self._told.add(text)
                self._typed_as[made.text] = text
                found = found.joined(made, joint(self.language, found.text)) if found else made
        return found

    def forget(self, claim: Claim) -> None:
        """The claim was not used: what it says of values may be said elsewhere."""
        self._told -= {self._typed_as.get(one.text, one.text) for one in claim.sentences}

    def _unfit(self, text: str, field_name: str) -> bool:
        """Whether the channel or a buyer has no use for a part of the sentence: a sign it bars, the weight in the box."""
        return self._barred(text, field_name) or bool(re.search(spec_words()["hidden"], text, re.IGNORECASE))

    def _native(self, one: Ranked) -> bool:
        return _primary(one.fact.language) == _primary(self.language)

    def _own(self, one: Ranked, longest: int, field_name: str) -> Claim | None:
        text = for_buyers(one.fact.text) if one.fact.label else one.fact.text
        return self.checked(text, (one.fact.passage,), one.role, "source", longest, field_name)

    def checked(
        self, text: str, cited: Sequence[Passage], role: str, by: Worder, longest: int,
        field_name: str, trial: bool = False,
    ) -> Claim | None:  # fmt: skip
        """The sentence with the country's units where it fits, if verification and the channel let it stand.

        A trial is one of several ways to say the same: it keeps its units and is not remembered when refused.
        """
        if _CONTACT.search(text) or len(text) > longest or self.internal & set(_CODE.findall(text)):
            return None
        converted = localized(text, self.country, self.language) if not trial else text
        for line in dict.fromkeys((converted, text)):
            if len(line) > longest or self._barred(line, field_name):
                continue
            verdict = self.verdict(line, cited)
            if verdict.supported:
                return Claim(line, tuple(cited), role, by)
            if line == text and not trial and by != "template":
                self.refused.append(Refused(line, cited[0], verdict))
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
        worded = self.voice.reword(text, self.language, wish, longest)
        if worded is None:
            return None
        if any(untranslated(worded, one.fact.text) >= SLIPS for one in parts if not self._native(one)):
            return None
        cited = tuple(dict.fromkeys((*(one.fact.passage for one in parts), self.record.passage)))
        line = _ended(worded) if longest > len(worded) else worded
        made = self.checked(line, cited, lead.role, "model", longest, field_name)
        if made is not None and self.verdict(made.text, made.passages).nearness < LEAST_NEAR:
            made = None
        self.kept += made is not None
        return made


def _figures(one: Ranked) -> bool:
    """Whether the fact gives a figure with a unit."""
    return bool(read(one.fact.text, _primary(one.fact.language)).quantities)


def _place(spec: Spec) -> int:
    return ORDER.index(spec.kind) if spec.kind in ORDER else -1


def for_buyers(text: str) -> str:
    """A row without the pieces that only a laboratory reads; as it is where nothing else is left."""
    expert, brackets = (re.compile(spec_words()[name]) for name in ("laboratory", "brackets"))
    first, *more = re.split(r",\s+", brackets.sub("", text))
    return ", ".join([first, *(piece for piece in more if not expert.search(piece))])


def papered(text: str) -> bool:
    """Whether a fact carries the number of a report or standard, which says nothing to a buyer."""
    return bool(standards_in(text))


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


def joint(language: str, before: str) -> str:
    """What stands between two sentences."""
    if _primary(language) in ("zh", "ja"):
        return "" if before[-1:] in _END else "。"
    return " " if before[-1:] in _END else ". "


def _primary(language: str) -> str:
    return language.split("-")[0].lower()
