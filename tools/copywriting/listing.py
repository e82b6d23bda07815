"""A finished listing: its texts field by field, each sentence a checked claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shop.writers.listing import CitedSentence, ListingPayload
from tools.copywriting.choose import Angle, Tier
from tools.copywriting.claims import Claim


@dataclass(frozen=True)
class Paragraph:
    """Claims that stand together: one paragraph, or a list of points."""

    claims: tuple[Claim, ...]
    points: bool = False

    def text(self, unspaced: bool) -> str:
        """Sentences in a row, or one point a line."""
        if self.points:
            return "\n".join(f"- {claim.text}" for claim in self.claims)
        return ("" if unspaced else " ").join(claim.text for claim in self.claims)


@dataclass(frozen=True)
class Listing:
    """The texts of one SKU for one channel, language and angle."""

    sku: str
    channel: str
    language: str
    country: str
    tier: Tier
    angle: Angle
    written_on: date
    title: Claim
    highlight: Claim | None = None
    subtitle: Claim | None = None
    bullets: tuple[Claim, ...] = ()
    short_description: tuple[Claim, ...] = ()
    description: tuple[Paragraph, ...] = ()
    search_terms: str = ""
    tags: tuple[str, ...] = ()
    seo_title: Claim | None = None
    seo_description: tuple[Claim, ...] = ()
    asked: int = 0
    kept: int = 0

    def fields(self) -> Iterator[tuple[str, Claim]]:
        """Every sentence with the field it stands in, in reading order."""
        yield "title", self.title
        yield from (("highlight", one) for one in (self.highlight,) if one)
        yield from (("subtitle", one) for one in (self.subtitle,) if one)
        yield from (("bullet", one) for one in self.bullets)
        yield from (("short_description", one) for one in self.short_description)
        yield from (
            ("bullet" if part.points else "description", one) for part in self.description for one in part.claims
        )
        yield from (("seo_title", one) for one in (self.seo_title,) if one)
        yield from (("seo_description", one) for one in self.seo_description)

    def claims(self) -> list[Claim]:
        """Every sentence once."""
        return list(dict.fromkeys(sentence for _, claim in self.fields() for sentence in claim.sentences))

    @property
    def by_model(self) -> bool:
        """Whether a model worded any sentence."""
        return any(claim.by == "model" for claim in self.claims())

    def described(self) -> str:
        """The description as text: paragraphs and points."""
        return described(self.description, self.language)

    def payload(self) -> ListingPayload:
        """The listing as a change to file."""
        return ListingPayload(
            sku=self.sku, channel=self.channel, language=self.language, country=self.country, price_tier=self.tier,
            angle=self.angle, written_on=self.written_on, title=self.title.text,
            highlight=self.highlight.text if self.highlight else "", subtitle=self.subtitle.text if self.subtitle else "",
            bullets=[one.text for one in self.bullets], short_description=_joined(self.short_description, self.language),
            description=self.described(), search_terms=self.search_terms, tags=list(self.tags),
            seo_title=self.seo_title.text if self.seo_title else "",
            seo_description=_joined(self.seo_description, self.language), written_by_model=self.by_model,
            sentences=[
                CitedSentence(
                    text=one.text, passages=[p.id for p in one.passages],
                    sources=[f"{p.source}, {p.place}" for p in one.passages],
                )
                for one in self.claims()
            ],
        )  # fmt: skip


def described(paragraphs: tuple[Paragraph, ...] | list[Paragraph], language: str) -> str:
    """Paragraphs with a blank line between them."""
    return "\n\n".join(one.text(unspaced(language)) for one in paragraphs if one.claims)


def unspaced(language: str) -> bool:
    """Whether the language puts no spaces between sentences."""
    return language.split("-")[0] in ("zh", "ja")


def _joined(claims: tuple[Claim, ...], language: str) -> str:
    return ("" if unspaced(language) else " ").join(one.text for one in claims)
