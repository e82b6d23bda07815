"""Pacer's own sentences from prompts/clarify.yaml, in English or Chinese."""

from __future__ import annotations

from functools import cache

import yaml

from agent.planner.examples import PROMPTS


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((PROMPTS / "clarify.yaml").read_text(encoding="utf-8"))
    return found


def own_words(key: str, language: str, **values: object) -> str:
    """One sentence; languages other than Chinese read English."""
    return _catalogue()[key]["zh" if language == "zh" else "en"].format(**values)
