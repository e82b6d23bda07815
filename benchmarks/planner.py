"""Planning beside bare LangChain: same weights, same server, same tools, same questions.

`python -m benchmarks.planner [TASKS.jsonl] [--limit N]` prints a table: valid plans, right plans, seconds.
The peer is `create_agent` with native tool calling on the same llama.cpp endpoint.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda

from agent.copilot import Copilot
from agent.model.choice import ModelChoice
from agent.planner.model import PlanningModel
from agent.planner.prompt import beginning
from agent.tooling import langchain_tools
from benchmarks.plans import plan_turns, right
from evals.tasks import Task, read_tasks
from tools.registry import TOOLS

DEFAULT = Path("evals/tasks.jsonl")


def main() -> None:
    """Plan every task with each planner and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tasks", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--limit", type=int, default=40)
    wanted = parser.parse_args()
    with _demo() as folder:
        copilot = Copilot(folder, ModelChoice("builtin", "builtin", "auto"), say=_note)
        ours = PlanningModel(source=copilot.source, vocabulary=lambda: copilot.shop().vocabulary)
        bound = ours.bind_tools(langchain_tools())
        assert isinstance(bound, PlanningModel)
        copilot.source.load(bound.beginning)
        tasks = [t for t in read_tasks(wanted.tasks) if t.expect.calls and all(c.tool in TOOLS for c in t.expect.calls)]
        tasks = tasks[: wanted.limit]
        unaided = PlanningModel(source=None, vocabulary=ours.vocabulary).bind_tools(langchain_tools())
        print(f"{len(tasks)} tasks of {wanted.tasks}, {copilot.source.name}, 2 cores")
        print(f"{'planner':42}{'valid':>8}{'right':>8}{'median s':>10}{'p90 s':>8}")
        for name, model in (
            ("bare create_agent, native tool calling", _bare(copilot, bound)),
            ("Pacer, planned without a model", unaided),
            ("Pacer, grammar of what was said", bound),
        ):
            print(_row(name, model, tasks), flush=True)


def _bare(copilot: Copilot, planner: PlanningModel) -> RunnableLambda[Any, AIMessage]:
    """LangChain's agent as it comes: one model step, stopped before its tools run."""
    from langchain.agents import create_agent

    prompt = beginning(planner.tools, planner.vocabulary())[0]["content"]
    agent = create_agent(copilot.source.client(), langchain_tools(), system_prompt=prompt, interrupt_before=["tools"])

    def plan(messages: list[Any]) -> AIMessage:
        answer = agent.invoke({"messages": messages})["messages"][-1]
        assert isinstance(answer, AIMessage)
        return answer

    return RunnableLambda(plan)


def _row(name: str, model: Any, tasks: list[Task]) -> str:
    valid = correct = 0
    seconds: list[float] = []
    for task in tasks:
        turns = plan_turns(model, task, set(TOOLS))
        valid += all(turn.valid for turn in turns)
        correct += right(task, turns, set(TOOLS))
        seconds += [turn.seconds for turn in turns]
    slow = statistics.quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0]
    return f"{name:42}{valid:>8}{correct:>8}{statistics.median(seconds):>10.2f}{slow:>8.2f}"


@contextmanager
def _demo() -> Iterator[Path]:
    from knowledge import learn_demo
    from shop.demo import build

    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "shop"
        _note("Building the demo shop …")
        build(folder)
        learn_demo(folder)
        yield folder


def _note(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
