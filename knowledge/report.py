"""What learning did: every file learned, unchanged or refused, every row of reviews learned or reported."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, computed_field

from knowledge.passage import DatedBy

KEPT_REFUSALS = 200


@dataclass(frozen=True)
class Step:
    """How far a long piece of work is: pages or bytes read, or passages learned, of how many."""

    source: str
    doing: Literal["reading", "learning"]
    done: int
    whole: int


Watch = Callable[[Step], None]


def unwatched(step: Step) -> None:
    """Nobody watches."""


class RefusedRow(BaseModel):
    """A row that was not learned; `line` is the physical line of the file it begins on."""

    line: int
    reason: str
    text: str = Field(description="beginning of the row, untrusted")


class SourceReport(BaseModel):
    """One file or pasted text and what became of it. The first 200 refused rows are kept here."""

    source: str
    status: Literal["learned", "unchanged", "refused"]
    reason: str | None = Field(None, description="why it was refused, one sentence")
    reason_zh: str | None = Field(None, description="the same in Chinese")
    kind: str | None = None
    passages: int = Field(0, description="passages learned from it")
    joined: int = Field(0, description="of them, how many say the same as a passage of another source or place")
    languages: dict[str, int] = Field(default={}, description="passages by language, BCP 47")
    skus: list[str] = Field(default=[], description="products it speaks of; none means the whole brand")
    unlinked: int = Field(0, description="passages of evidence or reviews that name none of the shop's products: ask")
    date: datetime.date | None = None
    dated_by: DatedBy | None = None
    flagged: list[str] = Field(default=[], description="places whose words address an assistant; kept as data")
    rows_in: int = Field(0, description="rows of a review file")
    rows_refused: int = 0
    reasons: dict[str, int] = Field(default={}, description="rows refused by reason, all of them")
    refusals: list[RefusedRow] = []
    refused_file: str | None = Field(None, description="CSV with every refused row: line, reason, text")
    notes: list[str] = []


class LearnReport(BaseModel):
    """All the files and texts of one call."""

    sources: list[SourceReport]
    seconds: float = 0.0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def passages(self) -> int:
        """Passages learned."""
        return sum(one.passages for one in self.sources if one.status == "learned")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def refused(self) -> int:
        """Files that were not learned at all."""
        return sum(one.status == "refused" for one in self.sources)


class KnownSource(BaseModel):
    """A source the memory holds."""

    source: str
    kinds: list[str]
    passages: int
    languages: dict[str, int]
    skus: list[str]
    date: datetime.date | None = Field(None, description="the newest of its passages")
    dated_by: DatedBy | None = None
    learned_at: str | None = Field(None, description="ISO, when it was last learned from a file or pasted")
