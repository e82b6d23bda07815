"""Which of the brand's material copy may stand on: its own, released, about this product and this country."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from knowledge.passage import Passage
from knowledge.strangers import addresses_assistant
from shop.warehouse import Vocabulary
from tools.copywriting.facts import Fact, facts_of, sentences, source_words

FIRST_LINES = 3
LEAD_WORDS = 3
SHORT_HEADING = 32
_CODE = re.compile(r"\b[A-Z]{2,}(?:-[A-Z0-9]+)+\b")
_TOKEN = re.compile(r"[^\W\d_]{3,}")
_LEAD = re.compile(r"^([^:：.。]{2,40})[:：]\s*(?=\S)")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class LeftOut:
    """A text that copy does not stand on: why is `unreleased` or `instruction`."""

    source: str
    why: str
    passage: Passage


@dataclass(frozen=True)
class Material:
    """What is known of a SKU: facts to write from, reviews to hear, texts left out, and every passage to check against."""

    facts: tuple[Fact, ...]
    reviews: tuple[Passage, ...]
    left_out: tuple[LeftOut, ...]
    passages: tuple[Passage, ...]


def material(passages: Iterable[Passage], sku: str, vocabulary: Vocabulary, country: str) -> Material:
    """The passages that speak of the SKU or of the whole brand, sifted and cut into facts."""
    near = [p for p in passages if sku in p.skus or not p.skus]
    left_out = _left_out(near)
    barred = {one.source for one in left_out}
    kept = [p for p in near if p.source not in barred or p.kind == "review"]
    words = ProductWords(sku, vocabulary)
    own = [p for p in kept if p.kind != "review" and not _elsewhere(p, country)]
    facts = [fact for p in own for fact in words.ours(facts_of(p))]
    reviews = [p for p in kept if p.kind == "review" and sku in p.skus and not addresses_assistant(p.text)]
    return Material(tuple(facts), tuple(reviews), tuple(left_out), tuple(p for p in kept if not addresses_assistant(p.text)))  # fmt: skip


class ProductWords:
    """Which words name this product and which name the shop's others."""

    def __init__(self, sku: str, vocabulary: Vocabulary) -> None:
        self.sku = sku
        names = {p.sku: (p.name, *p.aliases) for p in vocabulary.products}
        own = [word for name in names.get(sku, ()) for word in _stems(name)]
        self._own = frozenset(own)
        self._unspaced_own = tuple(name for name in names.get(sku, ()) if _UNSPACED.search(name))
        self._unspaced_others = tuple(
            name for code, known in names.items() if code != sku for name in known if _UNSPACED.search(name)
        )
        other = {word for code, known in names.items() if code != sku for name in known for word in _stems(name)}
        self._codes = frozenset(code for code in names if code != sku)
        self._others = frozenset(_heads(names, sku) & other) - self._own

    def ours(self, facts: Sequence[Fact]) -> Iterator[Fact]:
        """The facts of a passage that speak of this product, without a leading "Bottles:".

        What follows such a lead belongs to the product it names, until the next one.
        """
        elsewhere = False
        for fact in facts:
            shared = fact.passage.skus != (self.sku,)
            lead = _LEAD.match(fact.text) if shared and not fact.label else None
            named = self._named(lead[1]) if lead and len(lead[1].split()) <= LEAD_WORDS else None
            if named is not None:
                elsewhere = not named
                if lead and named:
                    fact = replace(fact, text=_headed(fact.passage.heading, fact.text[lead.end() :]))
            if not elsewhere and not self._names_another(fact):
                yield fact

    def _named(self, lead: str) -> bool | None:
        """Whether a lead names this product (True), another (False), or none."""
        stems = set(_stems(lead))
        inside = _UNSPACED.search(lead) and lead.strip()
        if stems & self._own or (inside and any(inside in name for name in self._unspaced_own)):
            return True
        if stems & self._others or (inside and any(inside in name for name in self._unspaced_others)):
            return False
        return None

    def _names_another(self, fact: Fact) -> bool:
        if set(_CODE.findall(fact.text)) & self._codes:
            return True
        return not fact.passage.skus and bool(set(_stems(fact.text)) & self._others)


def _headed(heading: str, text: str) -> str:
    """What a lead named, under the heading it stands below: "Warranty: five years on the vacuum"."""
    return f"{heading}: {text}" if 0 < len(heading) <= SHORT_HEADING else text[:1].upper() + text[1:]


def _heads(names: dict[str, tuple[str, ...]], sku: str) -> set[str]:
    """The words that name the other products for short: every word of a one-word alias, the last word of an English name."""
    found: set[str] = set()
    for code, known in names.items():
        if code == sku:
            continue
        for name in known:
            stems = _stems(name)
            if len(stems) == 1 or name == known[0]:
                found.update(stems[-1:])
    return found


@cache
def _stems(text: str) -> tuple[str, ...]:
    """Lower-case words without a plural ending: bottle, bottles and Bottles are bottl."""
    return tuple(
        re.sub(r"[ens]{1,2}$", "", word) if len(word) > 3 else word for word in _TOKEN.findall(text.casefold())
    )


def _left_out(passages: Sequence[Passage]) -> list[LeftOut]:
    """Texts marked as drafts or by strangers, and texts that hold an instruction to an assistant, whole."""
    unreleased = re.compile("|".join(source_words()["unreleased"]), re.IGNORECASE)
    found: dict[str, LeftOut] = {}
    for passage in passages:
        if passage.kind == "review":
            continue
        if addresses_assistant(passage.text):
            found[passage.source] = LeftOut(passage.source, "instruction", passage)
        elif passage.kind == "story" and passage.source not in found:
            beginning = " ".join(sentences(passage.text)[:FIRST_LINES])
            if unreleased.search(passage.heading) or unreleased.search(beginning):
                found[passage.source] = LeftOut(passage.source, "unreleased", passage)
    return list(found.values())


def _elsewhere(passage: Passage, country: str) -> bool:
    """Whether a policy is headed for another country than this one."""
    if passage.kind != "policy" or not country:
        return False
    named = {code for code, words in _territories().items() for word in words if word in passage.heading.casefold()}
    return bool(named) and country not in named


@cache
def _territories() -> dict[str, tuple[str, ...]]:
    """Countries by their names in the languages policies are written in."""
    from babel import Locale

    found: dict[str, set[str]] = {}
    for language in ("en", "de", "fr", "es", "zh", "ja"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and (len(name) > 3 or _UNSPACED.search(name)):
                found.setdefault(code, set()).add(name.casefold())
    return {code: tuple(names) for code, names in found.items()}
