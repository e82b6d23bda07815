"""What a plan may say for one question: the tools, and for each argument only values that were said.

A small model invents arguments that nobody said. It cannot when the grammar holds none: numbers, dates,
SKUs, countries and channels come from the question and the conversation, never from the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.planner.said import Said

PAYLOAD_FIELDS = (
    "sku", "country", "channel", "price", "change_pct", "currency", "quantity", "supplier_id", "warehouse",
    "effective_from", "ordered_on",
)  # fmt: skip
SKU_NAMES = ("sku", "skus")
COUNTRY_NAMES = ("country", "countries", "destination")
CHANNEL_NAMES = ("channel", "channels")
LANGUAGE_NAMES = ("language", "languages")
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


@dataclass(frozen=True)
class ToolForm:
    """A tool with the arguments that this question leaves open."""

    name: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True)
class PlanForm:
    """Everything a plan for this question may be."""

    tools: tuple[ToolForm, ...]
    unavailable: tuple[str, ...] = ()
    most_calls: int = 4


def plan_form(tools: Sequence[dict[str, Any]], said: Said, unavailable: Iterable[str] = ()) -> PlanForm:
    """The form of plans for one question, from tools in OpenAI's function format."""
    forms = []
    for tool in tools:
        function = tool["function"]
        schema = function.get("parameters", {})
        definitions = schema.get("$defs", {})
        required = set(schema.get("required", ()))
        arguments = []
        for name, kind in schema.get("properties", {}).items():
            argument = _argument(name, kind, definitions, said, name in required)
            if argument is not None:
                arguments.append(argument)
        forms.append(ToolForm(function["name"], tuple(arguments)))
    return PlanForm(tuple(forms), tuple(unavailable))


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
        return Argument(name, "object", fields=_fields(schema, definitions, said), required=required)
    if kind == "boolean":
        return Argument(name, "choice", (True, False), required=required)
    choices = _said_values(name, kind, said)
    if choices is not None:
        return Argument(name, "choice", choices, required=required) if choices else None
    if kind in ("integer", "number"):
        return Argument(name, "number", required=required)
    return Argument(name, "text", required=required)


def _fields(schema: dict[str, Any], definitions: dict[str, Any], said: Said) -> tuple[Argument, ...]:
    properties = schema.get("properties") or {name: {"type": _payload_type(name)} for name in PAYLOAD_FIELDS}
    required = set(schema.get("required", ()))
    found = (_argument(name, kind, definitions, said, name in required) for name, kind in properties.items())
    return tuple(argument for argument in found if argument is not None)


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
