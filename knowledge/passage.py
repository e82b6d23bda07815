"""A passage: the piece of brand material that is found, quoted and cited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Literal, get_args

PassageKind = Literal["story", "evidence", "review", "policy"]
KINDS: tuple[PassageKind, ...] = get_args(PassageKind)
DatedBy = Literal["said", "document", "file"]


@dataclass(frozen=True)
class Passage:
    """A few sentences of the brand's own material.

    source: the file or table it was learned from; place: heading and line, or the review's id;
    heading: title and headings above it, read with the text but never quoted; skus: what it speaks of,
    empty when it speaks of the whole brand; language: BCP 47; rating: 1 to 5, reviews only;
    country: ISO 3166 alpha-2, reviews only; score: nearness to the query it was found for, 0 to 1.
    dated_by: what the date rests on: said in the text or by the operator, the document's own properties, or
    only the day the file was last saved. also: where else the same words stand, as "source, place".
    """

    id: str
    text: str
    kind: PassageKind
    source: str
    place: str
    heading: str = ""
    skus: tuple[str, ...] = ()
    language: str | None = None
    date: date | None = None
    rating: int | None = None
    country: str | None = None
    score: float = 0.0
    dated_by: DatedBy | None = None
    also: tuple[str, ...] = ()

    @property
    def context(self) -> str:
        """What is searched: the headings above the passage and its text."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text

    def metadata(self) -> dict[str, Any]:
        """Everything but id, text and score, as Chroma metadata: plain values, no empty ones."""
        stored: dict[str, Any] = {
            "kind": self.kind,
            "source": self.source,
            "place": self.place,
            "heading": self.heading or None,
            "skus": list(self.skus) or None,
            "whole_brand": not self.skus,
            "language": self.language,
            "date": self.date.isoformat() if self.date else None,
            "rating": self.rating,
            "country": self.country,
            "dated_by": self.dated_by,
            "also": list(self.also) or None,
        }
        return {name: value for name, value in stored.items() if value is not None}

    @classmethod
    def from_metadata(cls, id: str, text: str, stored: dict[str, Any]) -> Passage:
        """The passage that `metadata()` was taken from."""
        return cls(
            id=id,
            text=text,
            kind=stored["kind"],
            source=stored["source"],
            place=stored["place"],
            heading=stored.get("heading", ""),
            skus=tuple(stored.get("skus", ())),
            language=stored.get("language"),
            date=date.fromisoformat(stored["date"]) if "date" in stored else None,
            rating=stored.get("rating"),
            country=stored.get("country"),
            dated_by=stored.get("dated_by"),
            also=tuple(stored.get("also", ())),
        )


def passage_id(source: str, place: str, text: str) -> str:
    """The same for the same text at the same place, so citations outlive learning again."""
    return sha256(f"{source}\n{place}\n{text}".encode()).hexdigest()[:16]
