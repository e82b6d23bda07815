"""What a cost stands on where the books were silent, as a finding with typed values."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from tools.contract import Finding, code, finding, percent

if TYPE_CHECKING:
    from shop.costs.parts import Gap


def cost_gap(gap: Gap) -> Finding:
    """One gap of the cost model in the catalogue's words."""
    return told_gap(gap.key, gap.values)


def told_gap(key: str, values: Iterable[tuple[str, str]]) -> Finding:
    """The same from its key and values; a share is a percentage, so that it can be proven, all else stays as it is."""
    typed = {name: percent(Decimal(value), 2) if name == "pct" else code(value) for name, value in values}
    return finding(f"cost_gap.{key}", "info", None, **typed)
