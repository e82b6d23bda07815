"""Messages that ask the same thing, in any language: with a known question where one is near, else with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.faq.asked import Origin, Remark
from tools.faq.questions import Question, known

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Cosine from which a message asks a known question: see docs/faq.md for what was measured.
SAME_QUESTION, SAME_STRANGE_QUESTION = 0.5, 0.62  # the second for questions that this kind of product does not raise
SAME_MATTER = 0.7
MOST_LOOSE = 400  # messages near no known question that are compared with each other, the latest


@dataclass
class Group:
    """Messages that ask the same; `key` names the known question, or is None for one only buyers asked."""

    key: str | None
    remarks: list[Remark] = field(default_factory=list)

    @property
    def times(self) -> int:
        """How many different messages."""
        return len({(one.origin, one.id) for one in self.remarks})

    def by_origin(self) -> Counter[Origin]:
        """How many different messages by where they were written."""
        return Counter(origin for origin, _ in {(one.origin, one.id) for one in self.remarks})

    def languages(self) -> list[str]:
        """Languages they were written in, the commonest first."""
        seen = Counter(one.language.split("-")[0] for one in self.remarks if one.language)
        return [language for language, _ in sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))]

    def real_question(self, language: str) -> str | None:
        """The shortest question among them in a language, else in any; None when nobody put it as a question."""
        asked = [(one.language or "", text) for one in self.remarks for text in one.questions]
        own = [text for spoken, text in asked if spoken.split("-")[0] == language.split("-")[0]]
        return min(own or [text for _, text in asked], key=lambda text: (len(text), text), default=None)


def grouped(remarks: Sequence[Remark], keys: Sequence[str], usual: Collection[str] = ()) -> list[Group]:
    """Groups of messages, the largest first. `keys` are the known questions they may ask, `usual` those the product raises.

    A message near none of them joins the first group of its kind with a member at a cosine of 0.7 and more (leader
    clustering, in order of date); reviews and inquiries that ask nothing and are near no known question are no question.
    """
    import numpy as np

    from knowledge.embed import embed

    if not remarks or not keys:
        return []
    rows = embed([one.text for one in remarks])
    questions = [known()[key] for key in keys]
    groups: dict[str, Group] = {}
    loose: list[int] = []
    least = np.array([SAME_QUESTION if key in usual else SAME_STRANGE_QUESTION for key in keys])
    beyond = np.stack([(rows @ ways(question).T).max(axis=1) for question in questions]) - least[:, None]
    for at, remark in enumerate(remarks):
        best = int(beyond[:, at].argmax())
        if beyond[best, at] >= 0:
            groups.setdefault(questions[best].key, Group(questions[best].key)).remarks.append(remark)
        elif remark.origin == "tickets" or remark.questions:
            loose.append(at)
    found = [*groups.values(), *_alike(remarks, rows, loose[:MOST_LOOSE])]
    return sorted(found, key=lambda group: (-group.times, group.key or "~", group.remarks[0].id))


def _alike(remarks: Sequence[Remark], rows: npt.NDArray[np.float32], loose: Sequence[int]) -> list[Group]:
    homes: list[list[int]] = []
    for at in loose:
        home = next((one for one in homes if float((rows[one] @ rows[at]).max()) >= SAME_MATTER), None)
        if home is None:
            homes.append([at])
        else:
            home.append(at)
    return [Group(None, [remarks[at] for at in home]) for home in homes]


def ways(question: Question) -> npt.NDArray[np.float32]:
    """Every known way to ask a question, as the embedder sees it."""
    return _embedded(question.ways)


@lru_cache(maxsize=256)
def _embedded(texts: tuple[str, ...]) -> npt.NDArray[np.float32]:
    from knowledge.embed import embed

    return embed(texts)
