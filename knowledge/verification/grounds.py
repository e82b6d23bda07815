"""What a claim stands on: the cited statements that may prove it, and the statements that may speak against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passage import Passage
from knowledge.verification.statements import Statement, statements_of, unchecked

FIRM = ("evidence", "policy")


@dataclass(frozen=True)
class Grounds:
    """The passages behind one claim.

    cited: every passage it cites; proving: statements of those that may prove a claim about the product; stories and
    reviews are among them, each check asks for firm ones where it must; speaking: all that is known of the product,
    cited or not, to look for what contradicts; reviews: what buyers wrote about it.
    """

    sku: str | None
    cited: tuple[Passage, ...]
    proving: tuple[Statement, ...]
    speaking: tuple[Statement, ...]
    reviews: tuple[Passage, ...]
    unchecked: tuple[Passage, ...]
    elsewhere: tuple[Passage, ...]

    @property
    def firm(self) -> tuple[Statement, ...]:
        return tuple(s for s in self.proving if s.passage.kind in FIRM)

    @property
    def told(self) -> tuple[Statement, ...]:
        """Evidence, policies and stories, without reviews."""
        return tuple(s for s in self.proving if s.passage.kind != "review")

    @property
    def only_reviews(self) -> bool:
        return bool(self.proving) and all(s.passage.kind == "review" for s in self.proving)


def grounds(cited: Sequence[Passage], others: Sequence[Passage], sku: str | None) -> Grounds:
    """Sort the passages: those of other products and those nobody checked prove nothing."""
    fitting = [p for p in cited if sku is None or not p.skus or sku in p.skus]
    doubtful = tuple(p for p in fitting if unchecked(p))
    known = list({p.id: p for p in [*cited, *others] if sku is None or not p.skus or sku in p.skus}.values())
    return Grounds(
        sku=sku,
        cited=tuple(cited),
        proving=tuple(statements_of(p for p in fitting if not unchecked(p))),
        speaking=tuple(statements_of(p for p in known if p.kind in FIRM)),
        reviews=tuple(p for p in known if p.kind == "review"),
        unchecked=doubtful,
        elsewhere=tuple(p for p in cited if p not in fitting),
    )
