"""Tools that a question names outright: restock, competitor, FAQ, 促销."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).resolve().parents[2] / "prompts" / "cues.yaml"

TOLD_IN_A_WHAT_IF = frozenset({"plan_promotions", "plan_ads", "optimize_prices", "match_suppliers", "propose_change"})
"""Tools whose words only tell what changes, where the question supposes something."""


def cued_tools(question: str) -> frozenset[str]:
    """The tools whose words stand in the question."""
    tools = frozenset(tool for tool, words in _patterns().items() if words.search(question))
    return tools - TOLD_IN_A_WHAT_IF if "what_if" in tools else tools


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    cues: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {tool: re.compile("|".join(map(_word, words)), re.IGNORECASE) for tool, words in cues.items()}


def _word(word: str) -> str:
    form = (
        re.escape(word).replace(r"\ \*\ ", r"\W+\w+\W+").replace(r"\*", r"\w*").replace(r"\#", r"\d[\d.,]*[k万千]?\d?")
    )
    return form if re.search(r"[\u3040-\u9fff]", word) else rf"\b{form}\b"
