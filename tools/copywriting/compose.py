"""Facts in their order become the fields of a channel: points, highlight, description, SEO texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from knowledge.passage import Passage
from shop.listing_rules import ListingRules
from tools.copywriting.choose import Angle, Ranked, Tier, figures_of, leads, rows_beside, scenes, speaks
from tools.copywriting.claims import Claim, Scribe, joint
from tools.copywriting.demand import Demand
from tools.copywriting.headline import parts, title, typed_parts, wanted_first
from tools.copywriting.keywords import search_terms, tags
from tools.copywriting.listing import Listing, Paragraph, described, unspaced
from tools.copywriting.product import ProductRecord
from tools.copywriting.roles import STORY

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

POINTS = 5
LONGEST_POINT = 240
MORE_FACTS = 5
STORY_SENTENCES = 4
GOOD_TO_KNOW = 3
LONGEST_SENTENCE = 400
HIGHLIGHT_SHORTEST = 30
SHORTEST_HAN = 8
FEWEST_SENTENCES = 2  # with fewer there is no listing in the language
WHOLESALE = frozenset({"alibaba"})  # there a certificate is a reason to buy; to others it supports one

MAKE_UP = ("contents", "safety", "use", "care", "warranty", "limit", "origin")
"""Roles whose facts become points only where a channel asks for more of them."""


@dataclass(frozen=True)
class Brief:
    """What one listing is to be."""

    channel: str
    language: str
    country: str
    tier: Tier
    angle: Angle
    day: date


@dataclass
class Composer:
    """Writes one listing; `tell` hears every sentence as it is written, with its field."""

    brief: Brief
    record: ProductRecord
    ranked: Sequence[Ranked]
    vectors: npt.NDArray[np.float32]
    wanted: Demand
    rules: ListingRules
    scribe: Scribe
    tell: Callable[[str, Claim], None]

    def listing(self, name: str) -> Listing | None:
        """The whole listing; None when no title, no point or fewer than two sentences stand on a source."""
        brief, rules = self.brief, self.rules
        headline = title(self.record, name, self._parts(), self.scribe, rules)
        if headline is None:
            return None
        self.tell("title", headline)
        points = self._points(headline)
        if not points or len(points) < self.rules.least("bullets", "count"):
            return None
        highlight = self._short("highlight", points) if "highlight" in rules.fields else None
        subtitle = self._short("subtitle", points) if "subtitle" in rules.fields else None
        bulleted = "bullets" in rules.fields
        description = self._description(points, listed=not bulleted)
        told = {
            one.text
            for claim in (*points, *(c for part in description for c in part.claims))
            for one in claim.sentences
        }
        if len(told) < FEWEST_SENTENCES:
            return None
        return Listing(
            self.record.sku, brief.channel, brief.language, brief.country, brief.tier, brief.angle, brief.day, headline,
            highlight=highlight, subtitle=subtitle, bullets=tuple(points) if bulleted else (),
            short_description=self._fitting("short_description", points),
            description=tuple(description),
            search_terms=search_terms(self.record, self.wanted, brief.language, self.vectors, rules, headline.text)
            if "search_terms" in rules.fields else "",
            tags=tuple(tags(self.record, self.wanted, brief.language, self.vectors, rules)) if "tags" in rules.fields else (),
            seo_title=self._seo_title(name), seo_description=self._fitting("seo_description", points),
            asked=self.scribe.asked, kept=self.scribe.kept,
        )  # fmt: skip

    def _in_order(self, *also: str) -> Iterator[Ranked]:
        brief = self.brief
        papers = brief.tier == "premium" or brief.channel in WHOLESALE
        return leads(self.ranked, self.vectors, brief.angle, brief.tier, self.rules.story, brief.language, also, papers)

    def _points(self, headline: Claim) -> list[Claim]:
        """The selling points: as many as the channel takes, together within its limit; where those that lead are fewer
        than it asks for, what to know of the product makes up the number."""
        found = self._led([], headline, min(POINTS, self.rules.most("bullets", "count")))
        least = self.rules.least("bullets", "count")
        if len(found) < least:
            found = self._led(found, headline, least, *MAKE_UP)
        return found if len(found) >= least else self._apart(found)

    def _apart(self, points: Sequence[Claim]) -> list[Claim]:
        """The sentences of points as points of their own, those long enough for the channel; the points if none is."""
        least = self.rules.least("bullets", "each_characters")
        alone = [one for point in points for one in point.sentences if len(one.text) >= least]
        return alone if len(alone) > len(points) else list(points)

    def _led(self, before: Sequence[Claim], headline: Claim, most: int, *also: str) -> list[Claim]:
        longest = min(LONGEST_POINT, self.rules.most("bullets", "each_characters"))
        found = list(before)
        short: Claim | None = None  # too short a point for the channel: the next joins it
        for lead in self._in_order(*also):
            if len(found) == most:
                break
            if self._said(lead.fact.text, [headline, *found]):
                continue
            beside = [one for one in rows_beside(lead, self.ranked) if not self._said(one.fact.text, found)]
            told = [
                one for one in scenes(lead, self.ranked) if not any(one.fact.text in claim.text for claim in found)
            ]  # fmt: skip
            claim = self.scribe.claim(lead, longest, "bullets", told, beside)
            if claim is None:
                continue
            if short is not None:
                claim, short = short.joined(claim, joint(self.brief.language, short.text)), None
            if len(claim.text) < self.rules.least("bullets", "each_characters"):
                short = claim
                continue
            if self._said(claim.text, found):
                self.scribe.forget(claim)
                continue
            if not self.rules.broken("bullets", [*(one.text for one in found), claim.text]) or self._too_few(
                [*found, claim]
            ):
                found.append(claim)
                self.tell("bullet", claim)
            else:
                self.scribe.forget(claim)
        if short is not None:
            self.scribe.forget(short)
        return found

    def _too_few(self, points: Sequence[Claim]) -> bool:
        """Whether the only rule that the points so far break is that there must be more of them."""
        broken = self.rules.broken("bullets", [one.text for one in points])
        return all(one.measure == "count" and one.found < one.allowed for one in broken)

    def _said(self, text: str, before: Sequence[Claim]) -> bool:
        return any(_repeats(text, one.text, self.brief.language) for one in before)

    def _short(self, field: str, points: Sequence[Claim]) -> Claim | None:
        """What decides the purchase in one short line: the first sentence of a point that fits, no row if one is none."""
        least = SHORTEST_HAN if unspaced(self.brief.language) else HIGHLIGHT_SHORTEST
        said = [one for point in points for one in point.sentences]
        fitting = [one for one in said if len(one.text) >= least and not self.rules.broken(field, one.text)]
        fitting = sorted(fitting or [one for one in said if not self.rules.broken(field, one.text)], key=_row_last)
        if fitting:
            self.tell(field, fitting[0])
        return next(iter(fitting), None)

    def _description(self, points: Sequence[Claim], listed: bool) -> list[Paragraph]:
        """The story where the channel allows it, points where it has no field for them, more facts, what to know."""
        found: list[Paragraph] = []
        said = list(points)
        parts: list[Callable[[list[Claim]], Paragraph | None]] = [self._more, self._to_know]
        if self.rules.story:
            parts.insert(0 if self.brief.angle == "story" else 1, self._story)
        if listed:
            found.append(Paragraph(tuple(points), points=True))
        for part in parts:
            paragraph = part(said)
            if paragraph is not None and not self.rules.broken(
                "description", described([*found, paragraph], self.brief.language)
            ):
                found.append(paragraph)
                said += paragraph.claims
                for claim in paragraph.claims:
                    self.tell("description", claim)
        if not found and points:  # nothing more is known: the points stand as a text
            found.append(Paragraph(tuple(points)))
        return found

    def _more(self, said: list[Claim]) -> Paragraph | None:
        claims: list[Claim] = []
        for lead in self._in_order("origin", "contents", "safety"):
            if len(claims) == MORE_FACTS:
                break
            if lead.role == "origin" and any(one.role == "origin" for one in [*said, *claims]):
                continue
            if lead.role in (STORY, "care", "warranty") or self._said(lead.fact.text, [*said, *claims]):
                continue
            claim = self.scribe.claim(lead, LONGEST_SENTENCE, "description")
            if claim is not None and not self._said(claim.text, [*said, *claims]):
                claims.append(claim)
        spec_only = bool(claims) and all(_is_row(claim.text) for claim in claims)
        return (
            Paragraph(tuple(claims), points=spec_only or any(_is_row(one.text) for one in claims)) if claims else None
        )

    def _story(self, said: list[Claim]) -> Paragraph | None:
        """A few sentences that follow each other in the story told for this product, or else for the brand."""
        best: list[Claim] = []
        for run in _runs([one for one in self.ranked if one.role == STORY], self.brief.language):
            claims: list[Claim] = []
            for one in run:
                if any(one.fact.text in other.text for other in said):
                    break
                claim = self.scribe.checked(
                    one.fact.text, (one.fact.passage,), STORY, "source", LONGEST_SENTENCE, "description"
                )  # fmt: skip
                if claim is None:
                    break
                claims.append(claim)
            if len(best) > 1 and run[0].fact.passage.source != best[0].passages[0].source:
                break  # the story told for the fewest products holds enough
            if len(claims) > len(best):
                best = claims
        return Paragraph(tuple(best)) if best else None

    def _to_know(self, said: list[Claim]) -> Paragraph | None:
        """What a buyer must know before and after: limits, care, warranty."""
        claims: list[Claim] = []
        for role in ("limit", "care", "warranty"):
            told = [one for one in self.ranked if one.role == role]
            spoken = [one for one in told if speaks(one, self.brief.language)]
            known = sorted(spoken or told, key=lambda one: (not one.fact.passage.skus, -one.wanted))
            for one in known:
                if one.fact.leaning or sum(claim.role == role for claim in claims) == GOOD_TO_KNOW - (
                    role == "warranty"
                ):
                    continue
                if self._said(one.fact.text, [*said, *claims]):
                    continue
                claim = self.scribe.claim(one, LONGEST_SENTENCE, "description")
                if claim is not None:
                    claims.append(claim)
        return Paragraph(tuple(claims)) if claims else None

    def _fitting(self, field: str, points: Sequence[Claim]) -> tuple[Claim, ...]:
        """As many of the points in a row as the field holds."""
        if field not in self.rules.fields:
            return ()
        kept: list[Claim] = []
        joint = "" if self.brief.language.split("-")[0] in ("zh", "ja") else " "
        for point in sorted(points, key=lambda one: _is_row(one.text)):
            if not self.rules.broken(field, joint.join(one.text for one in [*kept, point])):
                kept.append(point)
        return tuple(kept)

    def _seo_title(self, name: str) -> Claim | None:
        if "seo_title" not in self.rules.fields:
            return None
        return title(self.record, name, self._parts(), self.scribe, self.rules, "seo_title") or title(
            self.record, name, [], self.scribe, self.rules, "seo_title", branded=False
        )  # fmt: skip

    def _parts(self) -> list[tuple[str, Passage]]:
        facts = list(self._in_order())
        own = wanted_first(parts(facts, self.brief.language), self.wanted)
        return [*own, *typed_parts(facts, self.brief.language)]


def _runs(told: Sequence[Ranked], language: str) -> list[list[Ranked]]:
    """Stretches of story sentences in the language, those told for the fewest products and with figures first."""
    by_passage: dict[str, list[Ranked]] = {}
    for one in told:
        if one.fact.language.split("-")[0] == language.split("-")[0]:
            by_passage.setdefault(one.fact.passage.id, []).append(one)
    runs: list[list[Ranked]] = []
    for sentences in by_passage.values():
        ordered = sorted(sentences, key=lambda one: one.fact.at)
        runs += [ordered[at : at + STORY_SENTENCES] for at, one in enumerate(ordered) if not one.fact.leaning]
    return sorted(
        runs, key=lambda run: (len(run[0].fact.passage.skus) or 99, -len(run), -sum(one.wanted for one in run))
    )


def _repeats(one: str, other: str, language: str) -> bool:
    """Whether the first sentence says no figure that the second does not, or stands in it."""
    told = figures_of(one, language)
    if told and told <= figures_of(other, language):
        return True
    return one.casefold().rstrip(".。") in other.casefold()


def _row_last(claim: Claim) -> bool:
    return _is_row(claim.text)


def _is_row(text: str) -> bool:
    """Whether a text is a row such as "Weight: 402 g" and no sentence."""
    return ": " in text[:40] and text[-1:] not in ".。"
