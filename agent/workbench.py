"""What one turn works with and gathers: the shop as it is now, the question, results and timings."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

from agent.events import Call, Seconds
from shop.warehouse import Shop
from tools.contract import Result
from tools.copywriting.voice import Voice


@dataclass
class Workbench:
    """The runtime context of a turn. Tools run in several threads, so gathering is guarded."""

    shop: Shop
    question: str
    language: str
    voice: Voice | None = None
    results: dict[str, Result] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    left_out: str = ""
    notes: list[str] = field(default_factory=list)
    seconds: Seconds = field(default_factory=Seconds)
    answer: str | None = None
    planned_without_model: bool = False
    shown: int = 0
    proven: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, call_id: str, call: Call, result: Result | None) -> None:
        """Remember how a call went and what it found."""
        with self._guard:
            self.calls[call_id] = call
            if result is not None:
                self.results[call_id] = result
            if call.error:
                self.errors[call_id] = call.error

    def count(self, of: str) -> int:
        """How often the turn has now asked the model or run a tool, this time included."""
        with self._guard:
            self.asked[of] += 1
            return self.asked[of]

    def found(self) -> list[Result]:
        """Results in the order the plan asked for them."""
        return [self.results[call_id] for call_id in self.calls if call_id in self.results]

    @property
    def names(self) -> dict[str, str]:
        """Product names by SKU."""
        return {product.sku: product.name for product in self.shop.vocabulary.products}
