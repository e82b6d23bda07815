"""Answers made of findings: the first finding answers, the pressing ones follow, nothing is retold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.events import ShownFinding
from agent.words import own_words
from agent.workbench import Workbench
from tools.contract import Finding, Result
from tools.messages import render

MOST_POINTS = 5
MOST_POINTS_OF_SEVERAL = 3
PRESSING = {"act": 0, "watch": 1, "good": 2, "info": 3}


def composed(bench: Workbench) -> str:
    """The answer made of this turn's findings."""
    errors = [own_words("english_error", bench.language, error=error) for error in bench.errors.values()]
    return compose(bench.found(), [*errors, *filter(None, [bench.left_out])], bench.language, bench.names)


def compose(results: Sequence[Result], errors: Sequence[str], language: str, names: Mapping[str, str]) -> str:
    """The answer to a turn: one block per result, then what could not be answered and why."""
    most = MOST_POINTS if len(results) == 1 else MOST_POINTS_OF_SEVERAL
    blocks = [block for result in results if (block := _block(result, language, names, result.points or most))]
    return "\n\n".join([*blocks, *errors])


def _block(result: Result, language: str, names: Mapping[str, str], most: int) -> str:
    shown = pick(result.findings, most)
    if not shown:
        return ""
    lead, *points = [render(finding, language, names) for finding in shown]
    return "\n".join([lead, *(["", *(f"- {point}" for point in points)] if points else [])])


def pick(findings: Sequence[Finding], most: int) -> list[Finding]:
    """The first finding, then the most pressing others, in the tool's order among equals."""
    if not findings:
        return []
    others = sorted(findings[1:], key=lambda finding: PRESSING[finding.severity])
    return [findings[0], *others[: most - 1]]


def shown_findings(results: Sequence[Result], language: str, names: Mapping[str, str]) -> list[ShownFinding]:
    """All findings of a turn in words."""
    return [
        ShownFinding(id=finding.id, severity=finding.severity, text=render(finding, language, names))
        for result in results
        for finding in result.findings
    ]


def for_model(result: Result, language: str, names: Mapping[str, str]) -> str:
    """What a model reads of a result: its findings, assumptions and warnings in words, with their ids."""
    lines = [
        f"[{f.id}] {render(f, language, names)}" for f in (*result.findings, *result.assumptions, *result.warnings)
    ]
    return "\n".join(lines)
