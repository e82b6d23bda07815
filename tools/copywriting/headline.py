"""The title: brand, name, then what sets the product apart, as far as the channel has room."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.passage import Passage
from knowledge.verification.reading import read
from shop.listing_rules import ListingRules
from tools.copywriting.choose import Ranked, figures_of
from tools.copywriting.claims import Claim, Scribe
from tools.copywriting.demand import Demand, interest
from tools.copywriting.product import ProductRecord
from tools.copywriting.spec_sentences import titled
from tools.copywriting.specs import specs_of, tabular

LONGEST_PART, SHORTEST_PART = 44, 4
LEAD_WORDS = 2
SEPARATORS = {"zh": " ", "ja": " "}
SAID_IN = frozenset({"material", "performance", "size", "contents"})
_MEANING = re.compile(r"[^\W\d_A-Z]{3,}|[\u3400-\u9fff]{2,}")
_CUT = re.compile(r"\s*[,;(（，；]\s*")


def title(
    record: ProductRecord, name: str, parts: Sequence[tuple[str, Passage]], scribe: Scribe, rules: ListingRules,
    field: str = "title", branded: bool = True,
) -> Claim | None:  # fmt: skip
    """The longest verified title that keeps every rule of the channel; None when not even brand and name fit."""
    start = name if not branded or record.brand.casefold() in name.casefold() else f"{record.brand} {name}".strip()
    held = "".join(c for c in start if c not in rules.banned_characters(field))
    said: list[str] = [held]
    cited: list[Passage] = [record.passage]
    made = _checked(said, cited, scribe, rules, field)
    for part, passage in parts if made else []:
        if (
            figures_of(part, scribe.language) & figures_of(said[0], scribe.language)
            or part.casefold() in " ".join(said).casefold()
            or _named(part, scribe.language) <= _named(" ".join(said), scribe.language) != frozenset()
        ):
            continue
        longer = _checked([*said, part], [*cited, passage], scribe, rules, field)
        if longer is not None:
            made, said, cited = longer, [*said, part], [*cited, passage]
    return made


def parts(ranked: Sequence[Ranked], language: str) -> list[tuple[str, Passage]]:
    """Short pieces of spec rows and lists in the language, best first: "18/8 stainless steel", "82% polyester"."""
    found: list[tuple[str, Passage]] = []
    for one in ranked:
        if tabular(one) or one.role not in SAID_IN or one.fact.language.split("-")[0] != language.split("-")[0]:
            continue
        lead = re.match(r"([^:：]{2,40})[:：]\s*", one.fact.text)
        if lead is None or (not one.fact.label and len(lead[1].split()) > LEAD_WORDS):
            continue
        text = one.fact.text[lead.end() :]
        for piece in _CUT.split(text)[: 1 if one.fact.label else 2]:
            plain = piece.strip(" .)）")
            if plain.count("(") != plain.count(")"):
                continue
            if (
                SHORTEST_PART <= len(plain) <= LONGEST_PART
                and len(_MEANING.findall(plain)) >= (1 if plain[0].isdigit() else 2)
                and _tells(plain, language)
            ):
                found.append((plain, one.fact.passage))
    return found


def _named(text: str, language: str) -> frozenset[str]:
    """The materials and qualities a text names."""
    return frozenset(m.concept.name for m in read(text, language.split("-")[0]).mentions if m.concept.kind != "facet")


def _tells(piece: str, language: str) -> bool:
    """Whether a piece names a material, a quality or a measure, and not how something was tried."""
    found = read(piece, language.split("-")[0])
    said = [m for m in found.mentions if m.concept.kind != "facet" and not m.denied]
    return bool(said) or any(q.unit for q in found.quantities)


def typed_parts(ranked: Sequence[Ranked], language: str) -> list[tuple[str, Passage]]:
    """Materials, sides and shares of spec sheets in other languages, as words of this one."""
    found: list[tuple[str, Passage]] = []
    for one in ranked:
        if one.fact.language.split("-")[0] == language.split("-")[0]:
            continue
        for spec in specs_of(one):
            if text := titled(spec, language):
                found.append((text, one.fact.passage))
    return list(dict.fromkeys(found))


def wanted_first(found: Sequence[tuple[str, Passage]], wanted: Demand) -> list[tuple[str, Passage]]:
    """The pieces nearest to what buyers search and praise first."""
    from knowledge.embed import embed

    near = interest(wanted, embed([part for part, _ in found]))
    return [found[at] for at in sorted(range(len(found)), key=lambda at: -float(near[at]))]


def _checked(
    said: Sequence[str], cited: Sequence[Passage], scribe: Scribe, rules: ListingRules, field: str
) -> Claim | None:
    separator = SEPARATORS.get(scribe.language.split("-")[0], ", ")
    text = separator.join(said)
    if rules.broken(field, text):
        return None
    return scribe.checked(text, tuple(dict.fromkeys(cited)), "title", "books", rules.most(field), field, trial=True)
