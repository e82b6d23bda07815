"""Words that may not be said, or only with proof: medical, superlative, absolute, environmental, others' marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from knowledge.verification.grounds import FIRM, Grounds
from knowledge.verification.lexicon import HAN, UNSPACED, plain, stem
from knowledge.verification.reading import Reading
from knowledge.verification.statements import Statement
from knowledge.verification.verdict import Code, Reason

CLAIMS = Path(__file__).resolve().parent.parent.parent / "shop" / "reference" / "claims.yaml"
_LONGER = re.compile(r"[^\W\d_]{4,}")
Rule = Literal["never", "proof", "held"]


@dataclass(frozen=True)
class Forbidden:
    """One matter of shop/reference/claims.yaml, with its words of one language ready to search."""

    name: str
    code: Code
    rule: Rule
    countries: frozenset[str]
    channels: frozenset[str]
    effective_from: date
    source: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str]

    def binds(self, country: str | None, channel: str | None, day: date | None) -> bool:
        """Whether it holds there and then; a rule of some countries is kept as the house's own everywhere else."""
        if self.channels and channel not in self.channels:
            return False
        return day is None or self.effective_from <= day or not self.countries


@cache
def forbidden_claims(language: str) -> tuple[Forbidden, ...]:
    """Every matter with words in a language."""
    found = []
    for said in _stated()["claims"]:
        words = said["words"].get(language)
        if words:
            found.append(
                Forbidden(
                    said["name"], said["code"], said["rule"], frozenset(said["countries"]), frozenset(said.get("channels", ())),
                    said["effective_from"], said["source"], _pattern(words, said.get("patterns", {}).get(language, ())), _pattern(said.get("unless", {}).get(language, ())),
                )
            )  # fmt: skip
    return tuple(found)


def forbidden(claim: Reading, grounds: Grounds, *, country: str | None = None, channel: str | None = None,
              day: date | None = None) -> Iterator[Reason]:  # fmt: skip
    """A reason for every forbidden word that no exception and no proof takes out."""
    flat = plain(claim.text)
    for matter in forbidden_claims(claim.language):
        if not matter.binds(country, channel, day):
            continue
        for match in _outside(matter, flat):
            words = claim.text[match.start() : match.end()]
            if (
                (
                    matter.rule == "never"
                    and not (matter.code == "medical" and _denied_with_source(claim, match, matter, grounds))
                )
                or (matter.rule == "proof" and not _said(matter, match[0], claim, grounds, firm=True))
                or (matter.rule == "held" and not _said(matter, match[0], claim, grounds, firm=False))
            ):
                yield Reason(matter.code, words)


def marks(claim: Reading, grounds: Grounds, names: Sequence[str]) -> Iterator[Reason]:
    """A reason for every mark of others that the firm sources do not name."""
    own = " ".join(plain(name) for name in names)
    for match in _marks().finditer(claim.text):
        if plain(match[0]) in own or (match[0] in _common() and _everyday(claim, match)):
            continue
        if not any(plain(match[0]) in plain(f"{s.passage.heading} {s.text}") for s in grounds.firm):
            yield Reason("mark", match[0])


def _everyday(claim: Reading, match: re.Match[str]) -> bool:
    """Whether a word such as Tiger or Global only begins the sentence, or is a noun in German."""
    return match.start() == 0 or claim.language == "de"


def _outside(matter: Forbidden, flat: str) -> Iterator[re.Match[str]]:
    excepted = [m.span() for m in matter.unless.finditer(flat)]
    for match in matter.pattern.finditer(flat):
        if not any(a <= match.start() < b for a, b in excepted):
            yield match


def _said(matter: Forbidden, words: str, claim: Reading, grounds: Grounds, firm: bool) -> bool:
    """Whether a source says the same matter in its own words: the same word, or in another language any of them."""
    for statement in grounds.told:
        if firm and statement.passage.kind not in FIRM:
            continue
        if _same_words(statement, words, claim, matter):
            return True
    return False


def _same_matter(source: Reading, claim: Reading, words: str) -> bool:
    """Whether a sentence with the same superlative speaks of the same thing at all."""
    if {m.concept.name for m in source.mentions} & {m.concept.name for m in claim.mentions}:
        return True
    if claim.language in UNSPACED:
        rest = HAN.findall(plain(claim.text).replace(words, ""))
        return len(set(rest) & set(source.text)) >= 0.5 * len(set(rest))
    wanted = {stem(w, claim.language) for w in _LONGER.findall(plain(claim.text)) if w not in words}
    return bool(wanted & {stem(w, claim.language) for w in _LONGER.findall(plain(source.text))})


def _same_words(statement: Statement, words: str, claim: Reading, matter: Forbidden) -> bool:
    if statement.reading.language == claim.language:
        return words in plain(statement.text) and _same_matter(statement.reading, claim, words)
    if not {m.concept.name for m in statement.reading.mentions} & {m.concept.name for m in claim.mentions}:
        return False
    for other in forbidden_claims(statement.reading.language):
        if other.code == matter.code and any(True for _ in _outside(other, plain(statement.text))):
            return True
    return False


def _denied_with_source(claim: Reading, match: re.Match[str], matter: Forbidden, grounds: Grounds) -> bool:
    if not claim.denied(match.start(), match.end()):
        return False
    return any(
        statement.reading.denied(m.start(), m.end())
        for statement in grounds.told
        for other in forbidden_claims(statement.reading.language)
        if other.code == "medical"
        for m in other.pattern.finditer(plain(statement.text))
    )


@cache
def _stated() -> dict[str, Any]:
    import yaml

    return cast(dict[str, Any], yaml.safe_load(CLAIMS.read_text(encoding="utf-8")))


@cache
def _marks() -> re.Pattern[str]:
    words = sorted(_stated()["marks"]["words"], key=len, reverse=True)
    return re.compile("|".join(re.escape(w) if HAN.search(w) else rf"(?<![\w-]){re.escape(w)}(?!\w)" for w in words))


@cache
def _common() -> frozenset[str]:
    return frozenset(_stated()["marks"]["common_words"])


def _pattern(words: Sequence[str], forms: Sequence[str] = ()) -> re.Pattern[str]:
    parts = list(forms)
    for word in sorted((plain(str(w)) for w in words), key=len, reverse=True):
        if HAN.search(word):
            parts.append(re.escape(word))
            continue
        body = re.escape(word.rstrip("*")).replace(r"\*", r"\w+(?:\s\w+){0,3}")
        front = r"(?<!\w)" if word[0].isalnum() else ""
        parts.append(f"{front}{body}" + (r"\w*" if word.endswith("*") else r"(?!\w)"))
    return re.compile("|".join(parts) or r"(?!)")
