"""Plans for a task file without running tools: what was planned for each turn, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.runnables import Runnable
from pydantic import BaseModel

from evals.tasks import Task, holds


class PlannedTurn(BaseModel):
    """One turn's plan. `valid`: it names tools that exist with arguments that parse."""

    question: str
    calls: list[dict[str, Any]]
    said: str
    valid: bool
    seconds: float


def plan_turns(model: Runnable[Any, AIMessage] | BaseChatModel, task: Task, tools: set[str]) -> list[PlannedTurn]:
    """Plans for the turns of a task, each seeing the plans before it but no results."""
    messages: list[BaseMessage] = []
    turns = []
    for question in task.turns:
        messages.append(HumanMessage(question))
        began = time.perf_counter()
        try:
            answer = model.invoke(messages)
        except Exception as failed:
            answer = AIMessage(content=f"{type(failed).__name__}: {failed}")
        spent = time.perf_counter() - began
        calls = [{"tool": call["name"], "args": call["args"]} for call in answer.tool_calls]
        valid = bool(calls) and all(call["tool"] in tools for call in calls)
        turns.append(PlannedTurn(question=question, calls=calls, said=str(answer.text), valid=valid, seconds=spent))
        messages.append(answer)
        messages += [ToolMessage("done", tool_call_id=str(call["id"])) for call in answer.tool_calls]
    return turns


def right(task: Task, turns: Sequence[PlannedTurn], tools: set[str]) -> bool:
    """Whether the plans hold every expected call, nothing forbidden, and words where no call is expected."""
    made = [call for turn in turns for call in turn.calls]
    if any(call["tool"] in task.expect.forbid for call in made):
        return False
    if any(wanted.tool not in tools for wanted in task.expect.calls):
        return not turns[-1].calls
    if not task.expect.calls:
        return not made
    return all(any(c["tool"] == w.tool and holds(c["args"], w.args) for c in made) for w in task.expect.calls)
