"""A conversation as chat messages: the question, the steps, the answer, charts, and what it all stands on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agent.events import Call, Event, Step, Text, Turn
from pages.charts import plots
from pages.markup import answer_html, basis_html, findings_html, folded, notices_html, plain, tables_html
from pages.proposals import badges_html
from pages.texts import said, said_or
from shop.journal import FiledProposal

CHARTS_A_TURN = 3
CHARTED_TURNS = 4
LONGEST_ARGUMENT = 60


def conversation(turns: Sequence[Turn], filed: Mapping[str, FiledProposal]) -> list[Any]:
    """Finished turns, each in the language of its answer; old ones without charts, so that long talks stay quick."""
    charted = len(turns) - CHARTED_TURNS
    return [
        message
        for number, turn in enumerate(turns)
        for message in finished(turn, number, filed, charted=number >= charted)
    ]


def finished(turn: Turn, number: int, filed: Mapping[str, FiledProposal], charted: bool = True) -> list[Any]:
    """A turn that has ended: steps, charts and what it stands on are worded in the language of its answer."""
    import gradio as gr

    language = turn.language
    messages = [asked(turn.question)]
    messages += [_call(call, f"t{number}-{place}", language) for place, call in enumerate(turn.calls)]
    messages.append(gr.ChatMessage(answer_html(turn.answer)))
    if charted:
        messages += [gr.ChatMessage(plot) for plot in plots(turn.charts, CHARTS_A_TURN, language)]
    messages.append(gr.ChatMessage(_foundation(turn, filed, language)))
    return messages


def under_way(question: str, number: int, events: Sequence[Event], language: str) -> list[Any]:
    """A turn that is still running: its steps as far as they are, and as much of the answer as there is."""
    import gradio as gr

    steps: dict[str, Step] = {}
    answer = ""
    for event in events:
        if isinstance(event, Step):
            steps[event.id] = event
        elif isinstance(event, Text):
            answer += event.text
    shown = [_step(step, f"t{number}-{step.id}", language) for step in steps.values()]
    return [asked(question), *shown, *([gr.ChatMessage(answer_html(answer))] if answer else [])]


def asked(question: str) -> Any:
    """The operator's own words."""
    import gradio as gr

    return gr.ChatMessage(f"<p>{plain(question)}</p>", role="user")


def short(args: Mapping[str, Any], language: str) -> str:
    """Arguments as a person reads them: lists joined, empty ones left out, numbers with their names."""
    parts: list[str] = []
    for name, value in args.items():
        if value in (None, "", [], {}):
            continue
        if isinstance(value, list) and not any(isinstance(one, dict) for one in value):
            text = ", ".join(str(one) for one in value)
        elif isinstance(value, dict):
            text = short(value, language)
        elif isinstance(value, list):
            text = json.dumps(value, ensure_ascii=False, default=str)
        else:
            text = str(value) if isinstance(value, str) else _named(name, value, language)
        parts.append(text if len(text) <= LONGEST_ARGUMENT else text[: LONGEST_ARGUMENT - 1] + "…")
    return " · ".join(parts)


def _named(name: str, value: object, language: str) -> str:
    known = said_or(f"arg_{name}", language, "", n=value)
    return known or f"{name.replace('_', ' ')} {value}"


def _step(step: Step, id_: str, language: str) -> Any:
    if step.kind == "tool" and step.tool:
        title = _tool_title(step.tool, step.args or {}, language)
    else:
        title = said_or(f"step_{step.kind}", language, step.title)
    if step.status == "failed":
        title = said("step_failed", language, step=title)
    return _thought(title, id_, step.status == "started", step.seconds, step.detail if step.status != "done" else None)


def _call(call: Call, id_: str, language: str) -> Any:
    title = _tool_title(call.tool, call.args, language)
    if not call.ok:
        title = said("step_failed", language, step=title)
    return _thought(title, id_, False, call.seconds, call.error)


def _tool_title(tool: str, args: Mapping[str, Any], language: str) -> str:
    name = said_or(f"tool_{tool}", language, tool)
    told = short(args, language)
    return f"{name} — {told}" if told else name


def _thought(title: str, id_: str, pending: bool, seconds: float | None, detail: str | None) -> Any:
    import gradio as gr

    metadata: Any = {"title": plain(title), "id": id_, "status": "pending" if pending else "done"}
    if seconds is not None:
        metadata["duration"] = max(round(seconds, 1), 0.1)
    return gr.ChatMessage(f"<p>{plain(detail)}</p>" if detail else "", metadata=metadata)


def _foundation(turn: Turn, filed: Mapping[str, FiledProposal], language: str) -> str:
    calls = [(call.tool, json.dumps(call.args, ensure_ascii=False, default=str), call.seconds) for call in turn.calls]
    parts = [
        notices_html(turn.warnings, turn.notes, language),
        badges_html(turn.proposals, filed, language),
        folded(said("findings", language), findings_html([(one.severity, one.text) for one in turn.findings])),
        folded(said("tables", language), tables_html(turn.tables, language)),
        folded(said("basis", language), basis_html(turn.assumptions, turn.data_used, calls, language)),
    ]
    small = [] if not turn.numbers.shown else [
        said("proven", language, proven=turn.numbers.proven, shown=turn.numbers.shown)
    ]  # fmt: skip
    small.append(said("no_model", language) if turn.model == "none" else turn.model)
    if turn.seconds.total:
        small.append(said("seconds", language, n=f"{turn.seconds.total:.1f}"))
    inside = "".join(parts) + f'<p class="quiet small">{plain(" · ".join(small))}</p>'
    return f'<div class="foundation">{inside}</div>'
