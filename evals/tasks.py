"""Operator tasks: what was asked, and what must and must not have happened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.events import Turn


class ExpectedCall(BaseModel):
    """A tool that must have been called with at least these arguments."""

    tool: str
    args: dict[str, Any] = {}


class ExpectedProposal(BaseModel):
    """A proposal that must exist afterwards."""

    kind: str
    sku: str | None = None


class Expectation(BaseModel):
    """End state of a task."""

    model_config = ConfigDict(extra="forbid")

    calls: list[ExpectedCall] = []
    forbid: list[str] = []
    proposals: list[ExpectedProposal] = []


class Task(BaseModel):
    """One line of a task file."""

    id: str
    lang: str
    shop: str = "demo"
    turns: list[str]
    expect: Expectation


class TaskFileError(Exception):
    """A task file cannot be read; the message names the line."""


def read_tasks(path: Path) -> list[Task]:
    """All tasks of a JSON lines file. Raises TaskFileError."""
    tasks = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as missing:
        raise TaskFileError(f"{path} cannot be read: {missing.strerror}.") from missing
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            tasks.append(Task.model_validate_json(line))
        except ValidationError as wrong:
            first = wrong.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise TaskFileError(f"{path}, line {number}: {where} {first['msg'].lower()}.") from wrong
    return tasks


def faults(task: Task, turns: Sequence[Turn]) -> list[str]:
    """Why a task does not pass; empty when it does."""
    made = [call for turn in turns for call in turn.calls]
    wrong = [
        f"missing {wanted.tool}({json.dumps(wanted.args, ensure_ascii=False)})"
        for wanted in task.expect.calls
        if not any(call.tool == wanted.tool and holds(call.args, wanted.args) for call in made)
    ]
    wrong += [f"forbidden {call.tool}" for call in made if call.tool in task.expect.forbid]
    filed = [proposal for turn in turns for proposal in turn.proposals]
    wrong += [
        f"no {wanted.kind} proposal for {wanted.sku or 'anything'}"
        for wanted in task.expect.proposals
        if not any(p.kind == wanted.kind and wanted.sku in (None, p.payload.get("sku")) for p in filed)
    ]
    wrong += [
        f"{turn.numbers.shown - turn.numbers.proven} numbers shown unproven"
        for turn in turns
        if turn.numbers.shown != turn.numbers.proven
    ]
    return wrong


def holds(actual: Any, wanted: Any) -> bool:
    """Whether arguments hold at least what is wanted: objects by field, lists as sets, numbers within 1%."""
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and all(name in actual and holds(actual[name], v) for name, v in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(actual, list):
            return False
        if any(isinstance(item, dict) for item in wanted):
            return all(any(holds(one, item) for one in actual) for item in wanted)
        return len(actual) == len(wanted) and all(any(holds(one, item) for one in actual) for item in wanted)
    if isinstance(wanted, bool) or isinstance(actual, bool):
        return actual is wanted
    if isinstance(wanted, int | float) and isinstance(actual, int | float):
        return abs(actual - wanted) <= 0.01 * abs(wanted)
    return bool(actual == wanted)
