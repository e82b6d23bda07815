"""Run operator tasks on a shop and say how many pass, in every repeat (pass^k)."""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from agent.copilot import Copilot
from evals.tasks import Task, faults


class TaskOutcome(BaseModel):
    """How one task went, over all repeats."""

    id: str
    turns: list[str]
    passed: list[bool]
    faults: list[list[str]]
    planned: list[list[dict[str, Any]]]
    plan_seconds: list[float]
    total_seconds: list[float]


class Report(BaseModel):
    """Outcome of a task file. A task counts for a tool set when all tools it expects exist."""

    model: str
    repeats: int
    tasks: int
    left_out: int
    passed_each_repeat: list[int]
    passed_all: int
    share: float
    median_plan_seconds: float
    median_total_seconds: float
    outcomes: list[TaskOutcome]


def run_tasks(
    copilot: Copilot, tasks: Sequence[Task], available: set[str], repeats: int, tell: Callable[[str], None]
) -> Report:
    """Every task in a conversation of its own, `repeats` times over."""
    counted = [task for task in tasks if all(call.tool in available for call in task.expect.calls)]
    outcomes = {
        task.id: TaskOutcome(
            id=task.id, turns=task.turns, passed=[], faults=[], planned=[], plan_seconds=[], total_seconds=[]
        )
        for task in counted
    }
    for repeat in range(repeats):
        for task in counted:
            thread = f"eval-{task.id}-{uuid.uuid4().hex[:8]}"
            turns = [copilot.ask(question, thread) for question in task.turns]
            wrong = faults(task, turns)
            outcome = outcomes[task.id]
            outcome.passed.append(not wrong)
            outcome.faults.append(wrong)
            outcome.planned.append([{"tool": call.tool, "args": call.args} for turn in turns for call in turn.calls])
            outcome.plan_seconds += [turn.seconds.plan for turn in turns]
            outcome.total_seconds += [turn.seconds.total for turn in turns]
            tell(f"{repeat + 1}/{repeats} {task.id} {'pass' if not wrong else 'FAIL ' + '; '.join(wrong)}")
    results = list(outcomes.values())
    passed_all = sum(all(outcome.passed) for outcome in results)
    return Report(
        model=copilot.source.name,
        repeats=repeats,
        tasks=len(counted),
        left_out=len(tasks) - len(counted),
        passed_each_repeat=[sum(outcome.passed[n] for outcome in results) for n in range(repeats)],
        passed_all=passed_all,
        share=passed_all / len(results) if results else 0.0,
        median_plan_seconds=_median([s for outcome in results for s in outcome.plan_seconds]),
        median_total_seconds=_median([s for outcome in results for s in outcome.total_seconds]),
        outcomes=results,
    )


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0
