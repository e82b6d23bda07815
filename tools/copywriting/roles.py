"""What each fact is for, by the nearest of a few model sentences in any language, and what never reaches copy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from knowledge.opinions import opinions
from knowledge.verification.reading import read
from tools.copywriting.facts import PROMPTS, Fact, source_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

STORY = "story"
POLICY_ROLES = frozenset({"care", "warranty", "limit", "safety"})
NEAREST = 2
_CODE = re.compile(r"[A-Z]{2,}[A-Z0-9.]*-[A-Z0-9.-]+")
_FREE_OF = re.compile(r"(?:no|none|kein\w*|aucune?|sin|无|不含)\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|no|never|without|cannot|hardly|nicht|kein\w*|nie|ohne|kaum|ne|n['’]|pas|jamais|sans|aucune?|sin|nunca)\b"
    r"|不|无|勿|没有|ません|ない|不可",
    re.IGNORECASE,
)


@cache
def _models() -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    import yaml

    told = yaml.safe_load((PROMPTS / "copy_roles.yaml").read_text(encoding="utf-8"))
    pairs = [(role, text) for group in ("roles", "kept_out") for role, texts in told[group].items() for text in texts]
    return tuple(r for r, _ in pairs), tuple(t for _, t in pairs), frozenset(told["kept_out"])


@cache
def _vectors() -> npt.NDArray[np.float32]:
    from knowledge.embed import embed

    return embed(_models()[1])


def roles(facts: Sequence[Fact], vectors: npt.NDArray[np.float32]) -> list[tuple[str, float]]:
    """A role for each fact, given their embeddings, and how near it is to it; stories are `story`, what stays out is ''."""
    if not facts:
        return []
    near = nearest_roles(vectors)
    pages = {p.id: p for p in (fact.passage for fact in facts) if p.kind == "policy"}
    from knowledge.embed import embed

    of_page = dict(zip(pages, nearest_roles(embed([p.context for p in pages.values()])), strict=True))
    return [
        (
            ""
            if fact.passage.kind == "policy" and of_page[fact.passage.id][0] not in POLICY_ROLES
            else _settled(fact, role),
            fit,
        )
        for fact, (role, fit) in zip(facts, near, strict=True)
    ]


def nearest_roles(vectors: npt.NDArray[np.float32]) -> list[tuple[str, float]]:
    """The role of each embedded text and its nearness, the mean cosine with the nearest two of it; '' for what stays out."""
    import numpy as np

    names, _, out = _models()
    order = sorted(set(names))
    if not len(vectors):
        return []
    near = vectors @ _vectors().T
    scores = [np.sort(near[:, [n == role for n in names]], axis=1)[:, -NEAREST:].mean(axis=1) for role in order]
    table = np.stack(scores, axis=1)
    return [("" if order[int(row.argmax())] in out else order[int(row.argmax())], float(row.max())) for row in table]


def _settled(fact: Fact, role: str) -> str:
    if fact.passage.kind == "story":
        return STORY
    if fact.passage.kind == "policy":
        return role if role in POLICY_ROLES else ""
    if _method().search(fact.text):
        return ""
    if fact.label:
        return "" if _CODE.search(fact.label) else role or "size"
    if _composed(fact):
        return "material"
    if role in ("", "care") or _FREE_OF.match(fact.text):
        return role
    return "limit" if denies(fact.text) or (role != "safety" and _complains(fact)) else role


@cache
def _method() -> re.Pattern[str]:
    return re.compile(source_words()["method"], re.IGNORECASE)


def _composed(fact: Fact) -> bool:
    """Whether the fact gives what the thing is made of: shares of materials, or materials it has beside those it has not."""
    reading = read(fact.text, fact.language.split("-")[0])
    named = [m for m in reading.mentions if m.concept.kind == "material"]
    shares = any(q.dimension == "share" and reading.materials(q.start, q.end) for q in reading.quantities)
    denied = [m for m in reading.mentions if m.denied and m.concept.kind != "facet"]
    return (shares and bool(named)) or (
        any(not m.denied for m in named) and any(m in named for m in denied) and all(m in named for m in denied)
    )


def _complains(fact: Fact) -> bool:
    """Whether the sentence finds fault, read as a review would be."""
    found = opinions(fact.text, fact.language.split("-")[0])
    return sum(one.polarity for one in found) < 0


def denies(text: str) -> bool:
    """Whether the sentence says what something is not or does not."""
    return bool(_DENIES.search(text))
