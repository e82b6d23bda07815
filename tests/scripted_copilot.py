"""A copilot that follows a script: real events, real tools on a real shop, no model."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from agent.compose import compose, shown_findings
from agent.copilot import answer_language
from agent.events import Call, Event, Numbers, Seconds, Step, Text, Turn
from agent.threads import Threads
from shop.warehouse import Shop
from tools.contract import Result
from tools.messages import render
from tools.registry import run

Plan = list[tuple[str, dict[str, Any]]]


class ScriptedSource:
    """A model that is always ready."""

    name = "scripted"
    loading = False
    failure: str | None = None


class ScriptedCopilot:
    """Plans by looking for a word in the question; the answer, where given, is said instead of the findings."""

    def __init__(self, folder: Path, plans: dict[str, Plan], answers: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.source = ScriptedSource()
        self.plans = plans
        self.answers = answers or {}
        self.asked: list[tuple[str, str, str | None]] = []
        self.hold = threading.Event()
        self.hold.set()
        self.pause = 0.0
        self.results: Callable[[str, Result], Result] = lambda tool, result: result
        self._threads = Threads(folder)

    def shop(self) -> Shop:
        return Shop.open(self.folder)

    def start_loading(self) -> None:
        return None

    def history(self, thread: str) -> list[Turn]:
        return self._threads.history(thread)

    def stream(self, question: str, thread: str = "main", language: str | None = None) -> Iterator[Event]:
        self.asked.append((question, thread, language))
        spoken = answer_language(question, language)
        shop = self.shop()
        names = {product.sku: product.name for product in shop.vocabulary.products}
        plan = next((plan for word, plan in self.plans.items() if word in question), [])
        yield Step(id="model-1", kind="planning", title="Planning", status="started")
        time.sleep(self.pause)
        yield Step(id="model-1", kind="planning", title="Planning", status="done", seconds=0.2)
        results: list[Result] = []
        calls: list[Call] = []
        for place, (tool, args) in enumerate(plan):
            step = Step(id=f"call-{place}", kind="tool", title=tool, tool=tool, args=args, status="started")
            yield step
            self.hold.wait(20)
            began = time.perf_counter()
            results.append(self.results(tool, run(shop, tool, args)))
            spent = time.perf_counter() - began
            calls.append(Call(tool=tool, args=args, ok=True, seconds=spent))
            time.sleep(self.pause)
            yield step.model_copy(update={"status": "done", "seconds": spent})
        said = next((answer for word, answer in self.answers.items() if word in question), None)
        turn = Turn(
            question=question,
            answer=compose(results, [], spoken, names) if said is None else said,
            language=spoken,
            calls=calls,
            findings=shown_findings(results, spoken, names),
            proposals=[proposal for result in results for proposal in result.proposals],
            numbers=Numbers(shown=6, proven=6),
            seconds=Seconds(plan=0.2, total=0.9),
            model=self.source.name,
            assumptions=[render(f, spoken, names) for result in results for f in result.assumptions],
            warnings=[render(f, spoken, names) for result in results for f in result.warnings],
            tables=[table for result in results for table in result.tables],
            charts=[chart for result in results for chart in result.charts],
            data_used=[result.data_used for result in results],
        )
        self._threads.keep(thread, turn)
        for line in turn.answer.splitlines(keepends=True):
            yield Text(text=line)
            time.sleep(self.pause)
        yield turn
