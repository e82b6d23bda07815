"""What a check of one sentence of copy comes to: supported or not, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Code = Literal[
    "absolute",
    "certificate",
    "code",
    "comparison",
    "contradicted",
    "contradicted_by_newer",
    "contradicted_by_reviews",
    "environmental",
    "instruction",
    "language",
    "mark",
    "material",
    "medical",
    "name",
    "negation",
    "no_source",
    "not_near",
    "number",
    "origin",
    "place",
    "product",
    "promotional",
    "quality",
    "quote",
    "review_only",
    "story_only",
    "superlative",
    "unchecked",
    "unit",
]
CODES: tuple[Code, ...] = get_args(Code)
AGAINST: frozenset[Code] = frozenset(  # those whose message can show what a source says instead
    {
        "number",
        "unit",
        "negation",
        "contradicted",
        "contradicted_by_newer",
        "contradicted_by_reviews",
        "certificate",
        "code",
        "origin",
    }
)


@dataclass(frozen=True)
class Reason:
    """One reason why a sentence may not stand.

    words: the words of the claim it is about; passages: ids of the passages concerned, those that speak against it
    first; said: what the first of them says, for showing beside the claim, empty when none speaks of it.
    """

    code: Code
    words: str
    passages: tuple[str, ...] = ()
    said: str = ""

    @property
    def key(self) -> str:
        """The message that says what is wrong; its values are `values`."""
        return f"claim.{self.code}.against" if self._shows else f"claim.{self.code}"

    @property
    def allowed_by(self) -> str:
        """The message that says what evidence would allow the words; its values are `values`."""
        return f"claim.{self.code}.needs"

    @property
    def values(self) -> dict[str, str]:
        return {"words": self.words} | ({"said": self.said} if self._shows else {})

    @property
    def _shows(self) -> bool:
        return bool(self.said) and self.code in AGAINST


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence is supported by what it cites and may be said at all.

    passages: ids of the cited passages that prove it; outranked: ids of older evidence or stories that say otherwise
    and lose, to be shown to the operator; nearness: cosine of the claim with the nearest cited statement, 0 to 1.
    """

    supported: bool
    reasons: tuple[Reason, ...] = ()
    passages: tuple[str, ...] = ()
    outranked: tuple[str, ...] = ()
    nearness: float = 0.0

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(reason.code for reason in self.reasons)
