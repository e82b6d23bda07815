"""Facts of spec sheets as typed values that any language can say: measures, materials, qualities, care, origin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge.verification.lexicon import Concept
from knowledge.verification.quantities import Quantity
from knowledge.verification.reading import Reading, read
from tools.copywriting.choose import Ranked
from tools.copywriting.facts import PROMPTS

MEASURES = ("length", "width", "height", "depth", "thickness", "diameter")
WHOLE = (97.0, 103.0)  # percent: what the shares of a composition add up to
OPENING = 28  # characters in which a fact names its subject before its size
CARE = (30.0, 95.0)  # °C at which things are washed
NO_PARTS = frozenset({"part:band", "part:pouch"})  # their first word is too special to name them
_MATERIAL = re.compile(r"(?:material|matière|material)\b|材质|材料|素材", re.IGNORECASE)
_TIMES = re.compile(r"\s*[×xX]\s*")
_AFTER = re.compile(r"(?:\b(?:after|at|nach|après|bei|después de)\s|[后後])\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Spec:
    """A typed value of one fact.

    kind: the sentence of prompts/copy_specs.yaml that says it; role: what it is for; figures, concepts and words fill the
    sentence; `quality` is the lexicon's name with `.yes` or `.no`.
    """

    kind: str
    role: str
    fact: Ranked
    figures: tuple[tuple[str, Quantity], ...] = ()
    concepts: tuple[tuple[str, Concept], ...] = ()
    words: str = ""
    quality: str = ""


@cache
def spec_words() -> dict[str, Any]:
    """prompts/copy_specs.yaml."""
    import yaml

    told: dict[str, Any] = yaml.safe_load((PROMPTS / "copy_specs.yaml").read_text(encoding="utf-8"))
    return told


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(spec_words()[name], re.IGNORECASE)


def hidden(fact: Ranked) -> bool:
    """Whether a row gives what is of no use to a buyer: the packed weight, the volume to the brim."""
    return bool(fact.fact.label) and bool(_pattern("hidden").search(fact.fact.label))


def specs_of(fact: Ranked) -> list[Spec]:
    """What one fact of evidence or a policy says in values; nothing of a story, of a table with several columns, or of a
    fact that leans on another."""
    if fact.fact.passage.kind not in ("evidence", "policy") or fact.fact.leaning or tabular(fact):
        return []
    reading = read(fact.fact.text, fact.fact.language.split("-")[0])
    return [spec for find in _FINDERS for spec in find(fact, reading)]


def tabular(fact: Ranked) -> bool:
    """Whether the fact is a row of a table with several columns, "Size: M; chest: 94 cm"."""
    return bool(fact.fact.label) and fact.fact.text.count(": ") > 1 and ";" in fact.fact.text


def _hot_cold(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    held: dict[str, Quantity] = {}
    for one in reading.quantities:
        member = reading.member("held", one.start, one.end).removeprefix("held:") if one.dimension == "time" else ""
        if member and not _AFTER.search(reading.text[: one.start]):
            held.setdefault(member, one)
    if {"hot", "cold"} <= set(held):
        yield Spec("hot_cold", "performance", fact, tuple(held.items()))


def _volume(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    inside = [q for q in reading.quantities if q.dimension == "volume" and q.bound == "exact"]
    own = not _pattern("elsewhere").search(reading.text)
    if len(inside) == 1 and own and fact.role in ("size", "contents") and len(reading.quantities) == 1:
        yield Spec("volume", "size", fact, (("volume", inside[0]),))


def _weight(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    for one in reading.quantities:
        before = reading.text[max(0, one.start - OPENING) : one.start]
        if one.dimension == "mass" and one.unit in ("g", "kg") and _pattern("weight").search(before):
            if not _pattern("qualified").search(before):
                yield Spec("weight", "size", fact, (("mass", one),))
            return


def _sides(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    long = [q for q in reading.quantities if q.dimension == "distance"]
    chain: list[Quantity] = []
    for one in long:
        linked = chain and _TIMES.fullmatch(reading.text[chain[-1].end : one.start])
        chain = [*chain, one] if linked else chain if len(chain) > 1 else [one]
    if (
        len(chain) > 1
        and chain[0].start <= OPENING
        and not _pattern("elsewhere").search(reading.text[: chain[0].start])
    ):
        yield Spec("sides", "size", fact, words=reading.text[chain[0].start : chain[-1].end])


def _measures(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    found: dict[str, Quantity] = {}
    for one in reading.quantities:
        if one.dimension != "distance" or one.bound != "exact":
            continue
        name = reading.member("measure", one.start, one.end).removeprefix("measure:")
        if name in MEASURES:
            found.setdefault(name, one)
    titled = any(m.start == 0 for m in reading.mentions) or (
        fact.fact.label and _pattern("overall").match(reading.text)
    )
    if found and titled and fact.role == "size" and not _pattern("elsewhere").search(reading.text):
        yield Spec("measures", "size", fact, tuple(found.items()))


def _composition(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    figures: list[tuple[str, Quantity]] = []
    concepts: list[tuple[str, Concept]] = []
    for one in reading.quantities:
        of = reading.materials(one.start, one.end) if one.dimension == "share" else []
        if len(of) == 1:
            figures.append((of[0].name, one))
            concepts.append((of[0].name, of[0]))
    if WHOLE[0] <= sum(q.values[0] for _, q in figures) <= WHOLE[1] and len(figures) == len(dict(figures)):
        yield Spec("composition", "material", fact, tuple(figures), tuple(concepts))


def _materials(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    """Which part is of what, and what the thing is free of."""
    if fact.role in ("", "care", "safety") or any(q.dimension == "share" for q in reading.quantities):
        return
    of_part: dict[str, list[tuple[str, Concept]]] = {}
    label = read(fact.fact.label, reading.language).mentions if fact.fact.label else ()
    for mention in (m for m in reading.mentions if m.concept.kind == "material" and not m.moot):
        if mention.denied or reading.text[mention.end : mention.end + 1] == "-":  # "copper-plated" is not of copper
            continue
        named = reading.parts(mention.start) or frozenset(m.concept.name for m in label if m.concept.facet == "part")
        if len(named) == 1 and not named & NO_PARTS:
            part = next(m.concept for m in (*reading.mentions, *label) if m.concept.name in named)
            of_part.setdefault(part.name, [("part", part)]).append(("material", mention.concept))
        elif not named and _MATERIAL.match(reading.text):
            yield Spec("material", "material", fact, concepts=(("material", mention.concept),))
            break
    grade = next((one.name for one in reading.standards if one.sort == "grade" and "/" in one.name), "")
    for concepts in of_part.values():
        steel = len(concepts) == 2 and concepts[1][1].name == "stainless_steel"
        yield Spec("part", "material", fact, concepts=tuple(dict.fromkeys(concepts)), words=grade if steel else "")
    lacking = [
        m.concept for m in reading.mentions
        if m.concept.kind == "material" and m.denied and not m.moot and _pattern("lacks").search(reading.text[: m.start])
    ]  # fmt: skip
    if lacking:
        yield Spec("free_of", "material", fact, concepts=tuple((c.name, c) for c in dict.fromkeys(lacking)))


def _qualities(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    known = spec_words()["qualities"]
    for mention in reading.mentions:
        key = f"{mention.concept.name}.{'no' if mention.denied else 'yes'}"
        of_goods = fact.fact.passage.kind == "evidence" or known.get(key, {}).get("role") == "care"
        if mention.concept.kind == "quality" and not mention.moot and key in known and of_goods:
            yield Spec("quality", known[key]["role"], fact, quality=key)


def _range(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    long = [q for q in reading.quantities if q.dimension == "distance"]
    if len(long) == 2 and any(m.concept.name == "adjustable" and not m.denied for m in reading.mentions):
        yield Spec("range", "use", fact, (("low", long[0]), ("high", long[1])))


def _wash(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    if not _pattern("wash").search(reading.text) or _pattern("stored").search(reading.text):
        return
    for one in reading.quantities:
        warm = one.dimension == "temperature" and one.bound == "exact" and CARE[0] <= one.values[0] <= CARE[1]
        if warm and not reading.denied(one.start, one.end):
            yield Spec("wash_at", "care", fact, (("temperature", one),))
            return


def _made_in(fact: Ranked, reading: Reading) -> Iterator[Spec]:
    if fact.role == "origin" and len({place.country for place in reading.places}) == 1:
        yield Spec("made_in", "origin", fact, words=reading.places[0].country)


_FINDERS: tuple[Callable[[Ranked, Reading], Iterator[Spec]], ...] = (
    _hot_cold, _composition, _materials, _volume, _weight, _sides, _measures, _range, _qualities, _wash, _made_in,
)  # fmt: skip


def specs(ranked: Sequence[Ranked]) -> list[Spec]:
    """Every typed value of the facts, in the order of the facts."""
    return [spec for one in ranked for spec in specs_of(one)]
