"""What a turn shows while it runs, and what is left of it when it is done."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from tools.contract import Chart, DataUsed, Proposal, Table


class Step(BaseModel):
    """Something the copilot is doing. The same `id` comes again when there is more to tell, and when it has ended.

    detail: while a tool works, the lines it has told so far; when it has failed, why.
    """

    id: str
    kind: Literal["loading", "planning", "tool", "composing"]
    title: str
    status: Literal["started", "done", "failed"]
    seconds: float | None = None
    tool: str | None = None
    args: dict[str, Any] | None = None
    detail: str | None = None


class Text(BaseModel):
    """More of the answer, to be appended to what came before in this turn."""

    text: str


class Call(BaseModel):
    """A tool call of the turn."""

    tool: str
    args: dict[str, Any]
    ok: bool
    seconds: float
    error: str | None = None


class ShownFinding(BaseModel):
    """A finding in the words of the answer's language."""

    id: str
    severity: str
    text: str


class Numbers(BaseModel):
    """How many numbers, dates and SKUs the answer shows, and how many of them are proven."""

    shown: int
    proven: int


class Seconds(BaseModel):
    """Where the time of a turn went."""

    plan: float = 0.0
    tools: float = 0.0
    compose: float = 0.0
    total: float = 0.0


class Turn(BaseModel):
    """A finished turn. `pacer ask --json` prints it."""

    question: str
    answer: str
    language: str
    calls: list[Call] = []
    findings: list[ShownFinding] = []
    proposals: list[Proposal] = []
    numbers: Numbers = Numbers(shown=0, proven=0)
    seconds: Seconds = Seconds()
    model: str
    assumptions: list[str] = []
    warnings: list[str] = []
    notes: list[str] = []
    tables: list[Table] = []
    charts: list[Chart] = []
    data_used: list[DataUsed] = []


Event = Step | Text | Turn
