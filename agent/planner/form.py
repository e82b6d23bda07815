"""What a plan may say for one question: the tools, and for each argument only values that were said.

A small model invents arguments that nobody said. It cannot when the grammar holds none: numbers, dates,
SKUs, countries and channels come from the question and the conversation, never from the model.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.planner.said import Said

PAYLOADS = {
    "price": ("sku", "country", "channel", "price", "change_pct", "currency", "effective_from"),
    "purchase_order": ("sku", "quantity", "supplier_id", "warehouse", "ordered_on"),
}
SKU_NAMES = ("sku", "skus")
COUNTRY_NAMES = ("country", "countries", "destination")
CHANNEL_NAMES = ("channel", "channels")
LANGUAGE_NAMES = ("language", "languages")
TALK = ("reply", "ask")
DATE_NAMES = ("start", "end", "due", "effective_from", "ordered_on")


@dataclass(frozen=True)
class Argument:
    """One argument: a choice among values, a number, free text, a list of another, or an object of named ones."""

    name: str
    kind: Literal["choice", "number", "text", "list", "object"]
    choices: tuple[Any, ...] = ()
    item: Argument | None = None
    fields: tuple[Argument, ...] = ()
    required: bool = False

    @property
    def only_value(self) -> Any:
        """The one value that was said for it, None where a model has to choose or to write."""
        if self.kind == "choice" and len(self.choices) == 1:
            return self.choices[0]
        if self.kind == "list" and self.item is not None and self.item.only_value is not None:
            return [self.item.only_value]
        return None

    @property
    def numeric(self) -> bool:
        """Whether it takes a number."""
        return self.kind == "choice" and all(isinstance(choice, int | float) for choice in self.choices)


@dataclass(frozen=True)
class ToolForm:
    """A tool with the arguments that this question leaves open; a tool of several kinds has a form for each."""

    name: str
    arguments: tuple[Argument, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class PlanForm:
    """Everything a plan for this question may be."""

    tools: tuple[ToolForm, ...]
    unavailable: tuple[str, ...] = ()
    talk: tuple[str, ...] = TALK
    most_calls: int = 4

    @property
    def only_plan(self) -> tuple[str, dict[str, Any]] | None:
        """The one call this form admits, when nothing is left to choose: one tool, and for each argument one value."""
        if self.talk or len(self.tools) + len(self.unavailable) != 1:
            return None
        if self.unavailable:
            return "unavailable", {"text": self.unavailable[0]}
        (tool,) = self.tools
        numbers = [argument for argument in tool.arguments if argument.only_value is not None and argument.numeric]
        if tool.kind or len(numbers) > 1 or any(argument.only_value is None for argument in tool.arguments):
            return None
        return tool.name, {argument.name: argument.only_value for argument in tool.arguments}


def plan_form(tools: Sequence[dict[str, Any]], said: Said, allowed: Collection[str] | None = None) -> PlanForm:
    """The form of plans for one question, from tools in OpenAI's function format.

    `allowed` narrows it to some tools, reply and ask; those among them that are not in `tools` are unavailable.
    """
    forms = []
    for tool in tools:
        function = tool["function"]
        if allowed is not None and function["name"] not in allowed:
            continue
        schema = function.get("parameters", {})
        definitions = schema.get("$defs", {})
        if "payload" in schema.get("properties", {}):
            forms += [_payload_form(function["name"], kind, fields, said) for kind, fields in PAYLOADS.items()]
        else:
            forms.append(ToolForm(function["name"], _arguments(schema, definitions, said)))
    if allowed is None:
        return PlanForm(tuple(forms))
    known = {tool["function"]["name"] for tool in tools}
    missing = sorted(name for name in allowed if name not in known and name not in TALK)
    return PlanForm(tuple(forms), tuple(missing), tuple(name for name in TALK if name in allowed))


def _payload_form(tool: str, kind: str, fields: Sequence[str], said: Said) -> ToolForm:
    """A change of one kind, with the fields that belong to it."""
    schema = {"properties": {name: {"type": _payload_type(name)} for name in fields}}
    payload = Argument("payload", "object", fields=_arguments(schema, {}, said), required=True)
    return ToolForm(tool, (Argument("kind", "choice", (kind,), required=True), payload), kind)


def _arguments(schema: dict[str, Any], definitions: dict[str, Any], said: Said) -> tuple[Argument, ...]:
    required = set(schema.get("required", ()))
    properties = schema.get("properties", {})
    found = (_argument(name, kind, definitions, said, name in required) for name, kind in properties.items())
    return tuple(argument for argument in found if argument is not None)


def _argument(
    name: str, schema: dict[str, Any], definitions: dict[str, Any], said: Said, required: bool
) -> Argument | None:
    """The argument, or None when nothing that was said could fill it."""
    schema = _resolved(schema, definitions)
    kind = schema.get("type")
    if kind == "array":
        item = _argument(name, schema.get("items", {}), definitions, said, True)
        return None if item is None else Argument(name, "list", item=item, required=required)
    if "enum" in schema or "const" in schema:
        return Argument(name, "choice", tuple(schema.get("enum", [schema.get("const")])), required=required)
    if kind == "object":
        return Argument(name, "object", fields=_arguments(schema, definitions, said), required=required)
    if kind == "boolean":
        return Argument(name, "choice", (True, False), required=required)
    choices = _said_values(name, kind, said)
    if choices is not None:
        return Argument(name, "choice", choices, required=required) if choices else None
    if kind in ("integer", "number"):
        return Argument(name, "number", required=required)
    return Argument(name, "text", required=required)


def _payload_type(name: str) -> str:
    return "number" if name in ("price", "change_pct", "quantity") else "string"


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema behind a $ref or an `X | null`; the first choice of a union that is not null."""
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(choice, definitions)
    return schema


def _said_values(name: str, kind: str | None, said: Said) -> tuple[Any, ...] | None:
    """Values that were said for an argument of this name; None where any text may stand."""
    if name in SKU_NAMES:
        return said.skus
    if name in COUNTRY_NAMES:
        return said.countries
    if name in CHANNEL_NAMES:
        return said.channels
    if name in LANGUAGE_NAMES:
        return said.languages
    if name in DATE_NAMES:
        return said.dates
    if name == "currency":
        return said.currencies
    if name == "warehouse":
        return said.warehouses
    if name in ("supplier_id", "customer_id", "order_ids", "ticket_ids"):
        return said.codes
    if kind in ("integer", "number"):
        return said.numbers_for(name, whole=kind == "integer")
    return None
