"""What the planning model reads: a fixed beginning, nearest examples and the conversation as chat turns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import yaml

from agent.planner.examples import PROMPTS, Example, offered
from shop.warehouse import Vocabulary

PRODUCTS_SHOWN = 40
TURNS_SHOWN = 2

Message = dict[str, str]


@cache
def capabilities() -> dict[str, dict[str, str]]:
    """Every tool of the contract in words, English and Chinese."""
    found: dict[str, dict[str, str]] = yaml.safe_load((PROMPTS / "capabilities.yaml").read_text(encoding="utf-8"))
    return found


def beginning(tools: Sequence[dict[str, Any]], vocabulary: Vocabulary) -> list[Message]:
    """The part every plan of this shop starts with; the model reads it once and keeps it."""
    names = [tool["function"]["name"] for tool in tools]
    missing = [name for name in capabilities() if name not in names]
    lines = [(PROMPTS / "planner.md").read_text(encoding="utf-8").strip(), "Tools:"]
    lines += [_signature(tool) for tool in tools]
    if missing:
        lines.append('Not in this version, to be answered with unavailable("name"):')
        lines += [f"{name}: {capabilities()[name]['en']}" for name in missing]
    products = vocabulary.products[:PRODUCTS_SHOWN]
    lines.append("Products: " + "; ".join(f"{product.sku} = {product.name}" for product in products))
    lines.append("Countries: " + ", ".join(vocabulary.countries) + ". Channels: " + ", ".join(vocabulary.channels))
    return [{"role": "system", "content": "\n".join(lines)}]


def _signature(tool: dict[str, Any]) -> str:
    function = tool["function"]
    properties = function.get("parameters", {}).get("properties", {})
    return f"{function['name']}({', '.join(properties)})"


def chat_turns(
    chosen: Sequence[Example], before: Sequence[tuple[str, str]], question: str, available: set[str]
) -> list[Message]:
    """Examples, then the last turns of the conversation, then the question."""
    turns: list[Message] = []
    for example in chosen:
        for asked, answered in (*example.before, (example.question, example.plan)):
            turns += _turn(asked, offered(answered, available))
    for asked, answered in before[-TURNS_SHOWN:]:
        turns += _turn(asked, answered)
    return [*turns, {"role": "user", "content": question}]


def _turn(asked: str, answered: str) -> list[Message]:
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
