"""Question in, proven answer out: one turn of a conversation, as a stream of what happens."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.compose import shown_findings
from agent.events import Event, Numbers, Step, Text, Turn
from agent.model.choice import ModelChoice, choose
from agent.model.source import ModelSource
from agent.model.weights import Say
from agent.reading import language_of
from agent.threads import ThreadBusy, Threads
from agent.voice import voice_of
from agent.words import own_words
from agent.workbench import Workbench
from shop.errors import ShopError
from shop.warehouse import Shop, Vocabulary
from tools.messages import render

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

LONGEST_QUESTION = 4_000
STEPS_A_TURN = 60


class Copilot:
    """A shop, a model and the conversations about it. Safe to use from several threads."""

    def __init__(self, folder: Path, choice: ModelChoice | None = None, say: Say = print) -> None:
        self.folder = folder
        self._shop = Shop.open(folder)
        self.source = ModelSource(choice or choose(os.environ), say)
        self.threads = Threads(folder)
        self._guard = threading.Lock()
        self._assembling = threading.Lock()
        self._agent: CompiledStateGraph[Any, Workbench, Any, Any] | None = None

    def shop(self) -> Shop:
        """The newest finished version of the books."""
        with self._guard:
            self._shop = self._shop.newest()
            return self._shop

    def start_loading(self) -> None:
        """Load the built-in model while the page already answers, then all that a first question needs."""
        self.source.load_in_background(self._beginning)

    def warm(self) -> None:
        """Make ready what the first question would otherwise wait for: agent, examples, the brand's memory, forecasts."""
        from agent.planner.examples import neighbours
        from knowledge import KnowledgeError, open_store
        from tools.forecasting.demand import prepare_forecasts

        self.agent()
        neighbours("warm", (), ())
        with contextlib.suppress(KnowledgeError):
            open_store(self.folder).warm()
        with contextlib.suppress(ShopError):
            prepare_forecasts(self.shop())

    def ask(self, question: str, thread: str = "main", language: str | None = None) -> Turn:
        """The finished turn."""
        for event in self.stream(question, thread, language):
            if isinstance(event, Turn):
                return event
        raise AssertionError("a turn always ends")

    def stream(self, question: str, thread: str = "main", language: str | None = None) -> Iterator[Event]:
        """Steps as they happen, the answer piece by piece, then the finished turn.

        `language` ('en' or 'zh') is the operator's choice for questions in neither; faults end in a turn too.
        """
        began = time.perf_counter()
        asked = readable(question)
        spoken = answer_language(asked, language)
        refusal = _refusal(question, asked, spoken)
        if refusal:
            yield Text(text=refusal)
            yield Turn(question=asked[:LONGEST_QUESTION], answer=refusal, language=spoken, model=self.source.name)
            return
        try:
            bench = Workbench(self.shop(), asked, spoken, voice_of(self.source))
            with self.threads.turn_of(thread):
                yield from self._loading()
                yield from self._run(bench, thread)
                turn = self._finished(bench, thread, time.perf_counter() - began)
                self.threads.keep(thread, turn)
        except (ThreadBusy, ShopError) as refused:
            turn = Turn(question=asked, answer=str(refused), language=spoken, model=self.source.name)
        except Exception as broken:
            said = own_words("failed", spoken, reason=type(broken).__name__)
            turn = Turn(question=asked, answer=said, language=spoken, model=self.source.name, notes=[str(broken)[:200]])
        for piece in pieces(turn.answer):
            yield Text(text=piece)
        yield turn

    def history(self, thread: str) -> list[Turn]:
        """Finished turns of a conversation, oldest first."""
        return self.threads.history(thread)

    def _loading(self) -> Iterator[Event]:
        if self.source.failure or not self.source.loading:
            return
        step = Step(id="load", kind="loading", title="Loading the model", status="started")
        yield step
        began = time.perf_counter()
        self.source.wait_loaded()
        yield step.model_copy(update={"status": "done", "seconds": time.perf_counter() - began})

    def _run(self, bench: Workbench, thread: str) -> Iterator[Event]:
        stream = self.agent().stream(
            {"messages": [{"role": "user", "content": bench.question}]},
            {"configurable": {"thread_id": thread}, "recursion_limit": STEPS_A_TURN},
            context=bench,
            stream_mode="custom",
            durability="exit",
        )
        for event in stream:
            if isinstance(event, Step):
                yield event

    def _finished(self, bench: Workbench, thread: str, total: float) -> Turn:
        answer = bench.answer or self._last_words(thread)
        results = bench.found()
        bench.seconds.tools = sum(call.seconds for call in bench.calls.values())
        bench.seconds.total = total
        return Turn(
            question=bench.question,
            answer=answer,
            language=bench.language,
            calls=list(bench.calls.values()),
            findings=shown_findings(results, bench.language, bench.names),
            proposals=[proposal for result in results for proposal in result.proposals],
            numbers=Numbers(shown=bench.shown, proven=bench.proven),
            seconds=bench.seconds,
            model="none" if bench.planned_without_model else self.source.name,
            assumptions=[render(f, bench.language, bench.names) for result in results for f in result.assumptions],
            warnings=[render(f, bench.language, bench.names) for result in results for f in result.warnings],
            notes=bench.notes,
            tables=[table for result in results for table in result.tables],
            charts=[chart for result in results for chart in result.charts],
            data_used=[result.data_used for result in results],
        )

    def _last_words(self, thread: str) -> str:
        """What a turn ended with that a limit stopped before an answer was proven: a limit's own words."""
        state = self.agent().get_state({"configurable": {"thread_id": thread}})
        return str(state.values["messages"][-1].text)

    def agent(self) -> CompiledStateGraph[Any, Workbench, Any, Any]:
        """The assembled agent, made at first use."""
        with self._assembling:
            if self._agent is None:
                from agent.build import build_agent

                self._agent = build_agent(self.source, self._vocabulary, self.threads.checkpoints())
            return self._agent

    def _vocabulary(self) -> Vocabulary:
        return self._shop.vocabulary

    def _beginning(self) -> list[dict[str, str]]:
        from agent.planner.model import PlanningModel
        from agent.tooling import langchain_tools

        planner = PlanningModel(source=self.source, vocabulary=self._vocabulary).bind_tools(langchain_tools())
        assert isinstance(planner, PlanningModel)
        return planner.beginning()


def readable(question: str) -> str:
    """The question without control and invisible characters."""
    kept = (c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in question)
    return " ".join("".join(kept).split())


def answer_language(question: str, chosen: str | None) -> str:
    """'zh' for Chinese questions, 'en' for English ones, else the operator's choice."""
    spoken = language_of(question)
    if spoken in ("en", "zh"):
        return spoken
    return chosen if chosen in ("en", "zh") else "en"


def pieces(answer: str) -> Iterator[str]:
    """The answer line by line, for a page that shows it as it comes."""
    yield from answer.splitlines(keepends=True)


def _refusal(question: str, asked: str, language: str) -> str | None:
    if len(question) > LONGEST_QUESTION:
        return own_words("too_long", language, limit=LONGEST_QUESTION)
    if not question.strip():
        return own_words("empty", language)
    if not any(c.isalnum() for c in asked) or question.count("\x00") or question.count("�") > len(question) / 5:
        return own_words("unreadable", language)
    return None
