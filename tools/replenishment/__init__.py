"""Replenishment: what to order, when, and how much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.replenishment.policy import OrderPolicy

__all__ = ["OrderPolicy"]


def __getattr__(name: str) -> Any:
    if name == "OrderPolicy":
        from tools.replenishment.policy import OrderPolicy

        return OrderPolicy
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
