"""Worked examples from prompts/examples.yaml, and those nearest to a question."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from agent.model.weights import cache_folder
from agent.planner.calls import format_calls, parse_calls
from agent.planner.cues import cued_tools
from agent.reading import SkuSaid, language_of, skus_in
from shop.demo.names import NAMES
from shop.warehouse import ProductName, Vocabulary

if TYPE_CHECKING:
    import numpy as np

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"
SURE = 0.75
SAYS_ENOUGH = 25
FOLLOW_UP_WEIGHT = 0.05
CUE_WEIGHT = 0.1
CLOSE = 0.75
FAR = 0.42  # no question of evals/ that a tool answers is farther from every example
FEWEST_SHOWN = 2
MOST_SHOWN = 4
VOTERS = 12
OPEN_TO = 10
VOTE_TEMPERATURE = 0.05  # settles four votes in five on evals/tasks.jsonl, nearly all of them right
CLEAR_MAJORITY = 0.7


@dataclass(frozen=True)
class Example:
    """A question, the turns it leans on, and the plan that answers it."""

    question: str
    plan: str
    before: tuple[tuple[str, str], ...] = ()


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is eight times as quick


@cache
def examples() -> tuple[Example, ...]:
    """All worked examples, in file order."""
    entries = yaml.load((PROMPTS / "examples.yaml").read_text(encoding="utf-8"), _Loader)
    return tuple(
        Example(entry["q"], entry["a"], tuple((turn["q"], turn["a"]) for turn in entry.get("before", ())))
        for entry in entries
    )


@dataclass(frozen=True)
class Neighbours:
    """Examples to show, nearest last, and the tools (or reply, ask) that a plan for the question may use.

    `alike` are the examples for the tools with most votes, nearest first. `score`: how near the nearest of all is.
    """

    shown: tuple[Example, ...]
    tools: frozenset[str]
    alike: tuple[Example, ...]
    score: float = 1.0

    @property
    def far(self) -> bool:
        """Whether no example is near."""
        return self.score < FAR

    @property
    def settled(self) -> str | None:
        """The one tool a clear majority of examples leads to."""
        return next(iter(self.tools)) if len(self.tools) == 1 else None

    @property
    def best(self) -> Example:
        """The nearest example for the tools with most votes."""
        return self.alike[0]


def neighbours(question: str, skus: Sequence[SkuSaid], before: Sequence[str], of_one_tool: bool = False) -> Neighbours:
    """The examples nearest in meaning, and what they say about the tools.

    Product names are put aside before meanings are compared: what is asked matters, not of which product.
    Words that name what is wanted (prompts/cues.yaml) bring their tools a little nearer.
    Near examples vote with a softmax of their similarity. A clear majority settles the tools and two examples
    are enough to show how; otherwise all tools of the nearest ten are open, and four are shown.
    `of_one_tool`: examples that ask several things are left out.
    """
    import numpy as np

    from knowledge.embed import embed

    scores = _vectors() @ embed([_key(without_products(question, skus), before)])[0]
    wanted = cued_tools(question)
    scores = scores + np.array([_kinship(example, bool(before)) + _cue(example, wanted) for example in examples()])
    if of_one_tool:
        scores = np.where([len(_tools(example)) == 1 for example in examples()], scores, -1.0)
    order = [int(n) for n in np.argsort(-scores)[:VOTERS]]
    weights = np.exp((scores[order] - scores[order[0]]) / VOTE_TEMPERATURE)
    votes: dict[frozenset[str], float] = {}
    for n, weight in zip(order, weights / weights.sum(), strict=True):
        votes[_tools(examples()[n])] = votes.get(_tools(examples()[n]), 0.0) + float(weight)
    winner = max(votes, key=lambda tools: votes[tools])
    score = float(scores[order[0]])
    alike = tuple(examples()[n] for n in order if _tools(examples()[n]) == winner)
    if votes[winner] >= CLEAR_MAJORITY:
        return Neighbours(tuple(reversed(alike[:FEWEST_SHOWN])), winner, alike, score)
    tools = frozenset().union(*(_tools(examples()[n]) for n in order[:OPEN_TO]))
    return Neighbours(tuple(reversed([examples()[n] for n in order[:MOST_SHOWN]])), tools, alike, score)


def nearest_follow_up(question: str, skus: Sequence[SkuSaid]) -> Example:
    """The follow-up example whose own words are nearest to this question's, whatever either leans on."""
    from knowledge.embed import embed

    scores = _follow_up_vectors() @ embed([without_products(question, skus)])[0]
    return _follow_ups()[int(scores.argmax())]


@cache
def _follow_ups() -> tuple[Example, ...]:
    return tuple(example for example in examples() if example.before)


@cache
def _follow_up_vectors() -> np.ndarray:
    return _kept_vectors([without_products(one.question, _demo_skus(one.question)) for one in _follow_ups()])


def _tools(example: Example) -> frozenset[str]:
    return _tools_of_plan(example.plan)


@cache
def _tools_of_plan(plan: str) -> frozenset[str]:
    return frozenset(name for name, _ in parse_calls(plan))


def without_products(question: str, skus: Sequence[SkuSaid]) -> str:
    """The question with each product it surely names called "the product"; unclear names stay."""
    shown = question
    word = "产品" if language_of(question) in ("zh", "ja") else "the product"
    for said in sorted(skus, key=lambda said: said.span, reverse=True):
        if said.score >= SURE and not said.alternatives:
            shown = shown[: said.span[0]] + word + shown[said.span[1] :]
    return shown.replace("the the product", "the product")


def offered(plan: str, available: set[str]) -> str:
    """The plan with calls to tools that this version lacks turned into `unavailable("tool")`."""
    calls = parse_calls(plan)
    missing = [name for name, _ in calls if name not in available and name not in ("reply", "ask")]
    if missing:
        return f'unavailable("{missing[0]}")'
    return plan if calls[0][0] in ("reply", "ask") else format_calls(calls)


@cache
def _vectors() -> np.ndarray:
    return _kept_vectors([_example_key(example) for example in examples()])


def _kept_vectors(keys: Sequence[str]) -> np.ndarray:
    """Embeddings of the examples; kept on disk, since they change only with the examples file."""
    import numpy as np

    from knowledge.embed import embed

    name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]
    kept = cache_folder() / f"examples-{name}.npy"
    if kept.exists():
        return np.load(kept, allow_pickle=False)  # type: ignore[no-any-return]
    vectors = embed(keys)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, vectors, allow_pickle=False)
    return vectors


def _example_key(example: Example) -> str:
    """Examples speak of the demo shop, so its names are the ones to put aside."""
    question = without_products(example.question, _demo_skus(example.question))
    return _key(question, [asked for asked, _ in example.before])


def _demo_skus(question: str) -> list[SkuSaid]:
    return skus_in(question, _demo_vocabulary())


@cache
def _demo_vocabulary() -> Vocabulary:
    products = tuple(ProductName(sku, name, aliases) for sku, (name, aliases) in NAMES.items())
    return Vocabulary(products, (), (), (), "USD", date(2026, 11, 15))


def _kinship(example: Example, follow_up: bool) -> float:
    """A follow-up is best explained by follow-ups, a first question by first questions."""
    return 0.0 if bool(example.before) == follow_up else -FOLLOW_UP_WEIGHT


def _cue(example: Example, wanted: frozenset[str]) -> float:
    """Nearer by as much of the example's plan as the question names outright."""
    tools = _tools(example)
    return CUE_WEIGHT * len(tools & wanted) / len(tools)


def _key(question: str, before: Sequence[str]) -> str:
    """Similarity is that of the question alone; short follow-ups say too little and lean on the turn before."""
    return question if len(question) > SAYS_ENOUGH or not before else f"{before[-1]} {question}"
