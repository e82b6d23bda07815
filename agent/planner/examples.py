"""Worked examples from prompts/examples.yaml, and those nearest to a question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from agent.planner.calls import format_calls, parse_calls

if TYPE_CHECKING:
    import numpy as np

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"


@dataclass(frozen=True)
class Example:
    """A question, the turns it leans on, and the plan that answers it."""

    question: str
    plan: str
    before: tuple[tuple[str, str], ...] = ()


@cache
def examples() -> tuple[Example, ...]:
    """All worked examples, in file order."""
    entries = yaml.safe_load((PROMPTS / "examples.yaml").read_text(encoding="utf-8"))
    return tuple(
        Example(entry["q"], entry["a"], tuple((turn["q"], turn["a"]) for turn in entry.get("before", ())))
        for entry in entries
    )


@cache
def _vectors() -> np.ndarray:
    from knowledge.embed import embed

    return embed([_key(example.question, [q for q, _ in example.before]) for example in examples()])


def nearest(question: str, before: list[str], count: int) -> list[Example]:
    """The `count` examples nearest in meaning, nearest last, so that it stands next to the question."""
    from knowledge.embed import embed

    scores = _vectors() @ embed([_key(question, before)])[0]
    follow_up = bool(before)
    order = sorted(range(len(scores)), key=lambda n: -(scores[n] + _kinship(examples()[n], follow_up)))
    return [examples()[n] for n in reversed(order[:count])]


def _kinship(example: Example, follow_up: bool) -> float:
    """A follow-up is best explained by follow-ups, a first question by first questions."""
    return 0.0 if bool(example.before) == follow_up else -0.05


def _key(question: str, before: list[str]) -> str:
    """Similarity is that of the question alone; short follow-ups say too little and lean on the turn before."""
    return question if len(question) > 25 or not before else f"{before[-1]} {question}"


def offered(plan: str, available: set[str]) -> str:
    """The plan with calls to tools that this version lacks turned into `unavailable("tool")`."""
    calls = parse_calls(plan)
    missing = [name for name, _ in calls if name not in available and name not in ("reply", "ask")]
    if missing:
        return f'unavailable("{missing[0]}")'
    return plan if calls[0][0] in ("reply", "ask") else format_calls(calls)
