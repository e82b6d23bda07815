"""A typed fact said in a language: the sentence of prompts/copy_specs.yaml with its figures and words filled in."""

from __future__ import annotations

from functools import cache
from typing import Any

from knowledge.verification.lexicon import Concept, read_yaml
from knowledge.verification.quantities import Quantity
from tools.copywriting.specs import Spec, spec_words

SYMBOLS = {"l": "l", "ml": "ml", "C": "°C", "F": "°F", "um": "µm"}
LONG = {"h": "hour", "min": "minute", "s": "second", "day": "day", "week": "week", "month": "month", "year": "year"}
TITLE_SHARES = 2  # materials of a fabric that a title has room for
PLAIN = ("en", "zh", "de", "fr", "ja", "es")


def said(spec: Spec, language: str) -> str | None:
    """The sentence, or None where the language has none or a word of it is not known in the language."""
    spoken = language.split("-")[0]
    if spoken not in PLAIN:
        return None
    if spec.kind == "quality":
        return str(spec_words()["qualities"][spec.quality][spoken])
    filled = _filled(spec, spoken)
    if filled is None:
        return None
    text = str(spec_words()["sentences"][spec.kind][spoken]).format(**filled)
    return text[:1].upper() + text[1:]


def titled(spec: Spec, language: str) -> str | None:
    """The fact as a piece of a title: a main material, the shares of a fabric, the sides; None for what titles leave out."""
    spoken = language.split("-")[0]
    if spoken not in PLAIN:
        return None
    if spec.kind in ("material", "part"):
        body = spec.kind == "material" or spec.concepts[0][1].name == "part:wall"
        called = word(spec.concepts[-1][1], spoken) if body else None
        return f"{spec.words}{'' if spoken in ('zh', 'ja') else ' '}{called}" if called and spec.words else called
    short = spec.kind == "sides" or (spec.kind == "composition" and len(spec.figures) <= TITLE_SHARES)
    filled = _filled(spec, spoken) if short else None
    return next(iter(filled.values())) if filled else None


def _filled(spec: Spec, spoken: str) -> dict[str, str] | None:
    joint = spec_words()["joints"][spoken]
    if spec.kind == "sides":
        return {"sides": spec.words}
    if spec.kind == "made_in":
        return {"country": _country(spec.words, spoken)}
    named = [(key, word(concept, spoken)) for key, concept in spec.concepts]
    if any(one is None for _, one in named):
        return None
    words = {key: str(one) for key, one in named}
    if spec.kind == "part":
        of = [str(one) for key, one in named if key == "material"]
        graded = [f"{spec.words}{'' if spoken in ('zh', 'ja') else ' '}{one}" if spec.words else one for one in of]
        return {"part": words["part"], "material": _joined(graded, joint)}
    if spec.kind == "composition":
        return {"shares": _joined([_share(q, words[name], spoken) for name, q in spec.figures], joint)}
    if spec.kind == "free_of":
        return {"materials": _joined(list(words.values()), joint)}
    if spec.kind == "measures":
        measures = [
            f"{_measure(name, spoken)}{'' if spoken in ('zh', 'ja') else ' '}{amount(q, spoken)}"
            for name, q in spec.figures
        ]
        return {"measures": joint["list"].join(measures)}
    return {**words, **{key: amount(q, spoken) for key, q in spec.figures}}


def amount(quantity: Quantity, spoken: str) -> str:
    """A figure with its unit as the language writes it: 0,5 kg, 12 Stunden, 12小时."""
    from babel.numbers import format_decimal
    from babel.units import format_unit

    number = quantity.values[0] / _one(quantity)
    figure = int(number) if number == int(number) else round(number, 3)
    if quantity.unit in LONG and spoken not in spec_words()["times"]:
        return str(format_unit(figure, LONG[quantity.unit], "long", locale=spoken))
    shown = str(format_decimal(figure, "#,##0.###", locale=spoken))
    if quantity.unit == "percent":
        return f"{shown} %" if spoken in ("de", "fr", "es") else f"{shown}%"
    if times := spec_words()["times"].get(spoken, {}).get(quantity.unit):
        return f"{shown}{times}"
    return f"{shown} {SYMBOLS.get(quantity.unit, quantity.unit)}"


def word(concept: Concept, spoken: str) -> str | None:
    """What the language calls a material or part; None where the lexicon has no word that stands alone."""
    if called := spec_words()["parts"].get(concept.name, {}).get(spoken):
        return str(called)
    forms = _forms(concept).get(spoken, ())
    if not forms:
        return None
    first = str(forms[0])
    return first.upper() if first in spec_words()["initials"] else first


@cache
def _forms(concept: Concept) -> dict[str, Any]:
    if concept.facet and concept.kind == "facet":
        facet, name = concept.name.split(":")
        return dict(read_yaml("facets")[facet][name])
    return dict(read_yaml("materials").get(concept.name) or read_yaml("qualities")[concept.name])


def _measure(name: str, spoken: str) -> str:
    return str(read_yaml("facets")["measure"][name][spoken][0])


def _share(quantity: Quantity, material: str, spoken: str) -> str:
    share = amount(quantity, spoken)
    return f"{material}{share}" if spoken == "ja" else f"{share}{material}" if spoken == "zh" else f"{share} {material}"


def _joined(parts: list[str], joint: dict[str, str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{joint['list'].join(parts[:-1])}{joint['and']}{parts[-1]}"


def _one(quantity: Quantity) -> float:
    for units in read_yaml("measures")["units"].values():
        if quantity.unit in units:
            return float(units[quantity.unit]["one"]) if quantity.unit != "F" else 1.0
    return 1.0


def _country(code: str, spoken: str) -> str:
    from babel import Locale

    return str(Locale(spoken).territories[code])
