"""A plan form as a JSON schema, for endpoints that follow schemas but no grammars."""

from __future__ import annotations

from typing import Any

from agent.planner.form import Argument, PlanForm


def json_schema(form: PlanForm) -> dict[str, Any]:
    """The form as a JSON schema, for endpoints without grammars."""
    calls = [
        {
            "type": "object",
            "properties": {"tool": {"const": tool.name}, "args": _object_schema(tool.arguments)},
            "required": ["tool", "args"],
            "additionalProperties": False,
        }
        for tool in form.tools
    ]
    if form.unavailable:
        calls.append(
            {
                "type": "object",
                "properties": {"tool": {"const": "unavailable"}, "args": _text_schema(list(form.unavailable))},
                "required": ["tool", "args"],
                "additionalProperties": False,
            }
        )
    for name in form.talk:
        calls.append(
            {
                "type": "object",
                "properties": {"tool": {"const": name}, "args": _text_schema(None)},
                "required": ["tool", "args"],
                "additionalProperties": False,
            }
        )
    items = {"type": "array", "minItems": 1, "maxItems": form.most_calls, "items": {"anyOf": calls}}
    return {"type": "object", "properties": {"calls": items}, "required": ["calls"], "additionalProperties": False}


def _text_schema(choices: list[str] | None) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"} if choices is None else {"enum": choices}
    return {"type": "object", "properties": {"text": text}, "required": ["text"], "additionalProperties": False}


def _object_schema(arguments: tuple[Argument, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {argument.name: _value_schema(argument) for argument in arguments},
        "required": [argument.name for argument in arguments if argument.required],
        "additionalProperties": False,
    }


def _value_schema(argument: Argument) -> dict[str, Any]:
    if argument.kind == "choice":
        return {"enum": list(argument.choices)}
    if argument.kind == "list" and argument.item is not None:
        return {"type": "array", "items": _value_schema(argument.item)}
    if argument.kind == "object":
        return _object_schema(argument.fields)
    return {"type": "number" if argument.kind == "number" else "string"}
