"""A plan form as a GBNF grammar for llama.cpp."""

from __future__ import annotations

import json
import re
from typing import Any

from agent.planner.form import Argument, PlanForm, ToolForm

MOST_ITEMS = 7


def grammar(form: PlanForm) -> str:
    """The form as a GBNF grammar for llama.cpp."""
    rules = _Rules()
    starts = []
    if form.tools:
        calls = [rules.tool(tool) for tool in form.tools]
        rules.add("call", " | ".join(calls))
        starts.append(f"call ({_quoted('; ')} call){{0,{form.most_calls - 1}}}")
    for name in form.talk:
        starts.append(rules.add(name, f"{_quoted(name + '(')} text {_quoted(')')}"))
    if form.unavailable:
        names = " | ".join(_quoted(f'"{name}"') for name in form.unavailable)
        starts.append(rules.add("unavailable", f"{_quoted('unavailable(')} ({names}) {_quoted(')')}"))
    rules.add("text", r'"\"" [^"\\\x00-\x1f]{1,240} "\""')
    rules.add("number", r'"-"? [0-9]{1,9} ("." [0-9]{1,4})?')
    return f"root ::= {' | '.join(starts)}\n{rules.text()}"


class _Rules:
    """GBNF rules by name."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}

    def add(self, name: str, body: str) -> str:
        self._rules[name] = body
        return name

    def text(self) -> str:
        return "".join(f"{name} ::= {body}\n" for name, body in self._rules.items())

    def tool(self, tool: ToolForm) -> str:
        name = _rule_name(f"{tool.name}-{tool.kind}" if tool.kind else tool.name)
        inside = self.arguments(name, tool.arguments)
        return self.add(name, f"{_quoted(tool.name + '(')} {inside} {_quoted(')')}")

    def arguments(self, owner: str, arguments: tuple[Argument, ...]) -> str:
        """Arguments in order, optional unless required, with commas only between those that are there.

        `owner-fN`: the list from argument N on, nothing written yet; `owner-xN`: the same after a comma.
        """
        end = len(arguments)
        for place in range(end - 1, -1, -1):
            argument = arguments[place]
            pair = f"{_quoted(argument.name + '=')} {self.value(f'{owner}-{_rule_name(argument.name)}', argument)}"
            if place + 1 == end:
                more = ""
            elif any(later.required for later in arguments[place + 1 :]):
                more = f" {_quoted(', ')} {owner}-x{place + 1}"
            else:
                more = f" ({_quoted(', ')} {owner}-x{place + 1})?"
            skips = not argument.required
            nothing = f" | {owner}-f{place + 1}" if place + 1 < end else ' | ""'
            later = f" | {owner}-x{place + 1}" if place + 1 < end else ""
            self.add(f"{owner}-f{place}", pair + more + (nothing if skips else ""))
            self.add(f"{owner}-x{place}", pair + more + (later if skips else ""))
        return f"{owner}-f0" if arguments else '""'

    def value(self, owner: str, argument: Argument) -> str:
        if argument.kind == "choice":
            return "(" + " | ".join(_quoted(_literal(choice)) for choice in argument.choices) + ")"
        if argument.kind == "list" and argument.item is not None:
            most = len(argument.item.choices) - 1 if argument.item.kind == "choice" else MOST_ITEMS
            item = self.add(f"{owner}-item", self.value(owner, argument.item))
            return f"{_quoted('[')} {item} ({_quoted(', ')} {item}){{0,{most}}} {_quoted(']')}"
        if argument.kind == "object":
            return f"{_quoted('{')} {self.arguments(owner, argument.fields)} {_quoted('}')}"
        return argument.kind


def _rule_name(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]", "-", name)


def _literal(choice: Any) -> str:
    return json.dumps(choice, ensure_ascii=False)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
