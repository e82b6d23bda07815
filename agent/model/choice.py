"""Which chat model answers, read from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.model.errors import ModelError

Calling = Literal["schema", "native", "auto"]


@dataclass(frozen=True)
class ModelChoice:
    """builtin: weights on this machine; remote: `provider:name` over HTTP; none: plans without a model."""

    kind: Literal["builtin", "remote", "none"]
    name: str
    calling: Calling
    provider: str = "openai"
    base_url: str | None = None
    api_key: str | None = None


def choose(environment: Mapping[str, str]) -> ModelChoice:
    """The operator's choice: PACER_MODEL, else a key or address in the environment, else the built-in model.

    Raises ModelError for a value that is not understood or a key that is missing.
    """
    calling = environment.get("PACER_TOOL_CALLING", "auto")
    if calling not in ("schema", "native", "auto"):
        raise ModelError(f"PACER_TOOL_CALLING is {calling!r}; it may be schema, native or auto.")
    base_url = environment.get("OPENAI_BASE_URL") or None
    api_key = environment.get("OPENAI_API_KEY") or None
    wanted = environment.get("PACER_MODEL", "").strip()
    if not wanted:
        wanted = "openai:gpt-5-mini" if api_key or base_url else "builtin"
    if wanted in ("builtin", "none"):
        return ModelChoice(kind=wanted, name=wanted, calling=calling)  # type: ignore[arg-type]
    provider, _, name = wanted.partition(":")
    if not name:
        raise ModelError(f"PACER_MODEL is {wanted!r}; it may be builtin, none, or provider:name such as openai:gpt-5.")
    if provider == "openai" and not api_key and not base_url:
        raise ModelError(f"PACER_MODEL is {wanted} and OPENAI_API_KEY is not set: set it, or use PACER_MODEL=builtin.")
    return ModelChoice("remote", name, calling, provider, base_url, api_key)  # type: ignore[arg-type]
