"""What every tool takes and gives: a request, and a result whose statements carry typed values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shop.warehouse import Shop


class ToolError(Exception):
    """The request cannot be answered; one sentence naming what is allowed.

    `str(error)` is the English sentence. Where `key` names a wording in prompts/messages, `values` fill it
    and `text` gives the sentence in the operator's language.
    """

    def __init__(self, text: str, key: str | None = None, **values: Value) -> None:
        super().__init__(text)
        self.key = key
        self.values = values

    def text(self, language: str) -> str:
        """The sentence in 'en' or 'zh'; English where it has no other wording."""
        from tools.messages import catalogue_language, render

        if self.key is None or catalogue_language(language) == "en":
            return str(self)
        return render(Finding(id="", severity="info", key=self.key, values=self.values), language)


class Request(BaseModel):
    """Arguments of a tool. Names outside the contract are refused; an empty list means all.

    more_channels: channels that may be named beside those the shop sells through.
    """

    model_config = ConfigDict(extra="forbid")

    more_channels: ClassVar[tuple[str, ...]] = ()


Kind = Literal[
    "units", "count", "money", "percent", "ratio", "days", "weeks", "date",
    "sku", "country", "channel", "warehouse", "language", "code", "words", "quote", "list",
]  # fmt: skip


class Value(BaseModel):
    """One typed value of a finding.

    units: pieces of a SKU; count: rows, orders, reviews; money: amount in `unit` (ISO 4217);
    percent: 12.5 means 12.5%; ratio: a plain factor such as 1.4x; days, weeks: durations;
    date: ISO; code: a table, tool, model, metric or proposal name; words: text of ours;
    quote: text by a stranger, shown fenced; list: values of one kind.
    """

    kind: Kind
    value: Decimal | date | str | list[Value]
    unit: str | None = None


def units(n: float | int | Decimal) -> Value:
    """Pieces of a SKU, whole."""
    return Value(kind="units", value=Decimal(round(n)))


def count(n: int) -> Value:
    """How many rows, orders, reviews."""
    return Value(kind="count", value=Decimal(int(n)))


def money(amount: Decimal, currency: str) -> Value:
    """An amount; never made from a float."""
    return Value(kind="money", value=Decimal(amount), unit=currency)


def percent(points: float | Decimal, digits: int = 1) -> Value:
    """Percentage points: percent(12.5) is 12.5%."""
    return Value(kind="percent", value=round(Decimal(str(points)), digits))


def ratio(factor: float | Decimal, digits: int = 2) -> Value:
    """A factor: ratio(1.4) is 1.4 times."""
    return Value(kind="ratio", value=round(Decimal(str(factor)), digits))


def days(n: float | int) -> Value:
    """A duration in days."""
    return Value(kind="days", value=Decimal(round(n)))


def weeks(n: int) -> Value:
    """A duration in weeks."""
    return Value(kind="weeks", value=Decimal(n))


def on(day: date) -> Value:
    """A calendar day."""
    return Value(kind="date", value=day)


def sku(code: str) -> Value:
    """A SKU of the shop."""
    return Value(kind="sku", value=code)


def country(code: str) -> Value:
    """ISO 3166 alpha-2."""
    return Value(kind="country", value=code)


def channel(name: str) -> Value:
    """A sales channel of the shop."""
    return Value(kind="channel", value=name)


def warehouse(name: str) -> Value:
    """A warehouse of the shop."""
    return Value(kind="warehouse", value=name)


def language(tag: str) -> Value:
    """A language, BCP 47."""
    return Value(kind="language", value=tag)


def code(name: str) -> Value:
    """A table, tool, model or proposal name, shown as it is."""
    return Value(kind="code", value=name)


def words(text: str) -> Value:
    """Text of ours, shown as it is."""
    return Value(kind="words", value=text)


def quote(text: str) -> Value:
    """Text by a stranger: a review, a ticket, an imported cell."""
    return Value(kind="quote", value=text)


def several(values: list[Value]) -> Value:
    """A list of values, joined by the language's rules."""
    return Value(kind="list", value=values)


class About(BaseModel):
    """What a finding or a table row speaks of; a number said of one SKU is no proof for another."""

    skus: list[str] = []
    countries: list[str] = []
    channels: list[str] = []
    start: date | None = None
    end: date | None = None


class Finding(BaseModel):
    """One proven statement. `key` names its wording in prompts/messages.yaml, `values` fill it."""

    id: str = Field(description="tool name and position, e.g. forecast_demand.1; set by the registry")
    severity: Literal["act", "watch", "good", "info"]
    key: str
    values: dict[str, Value]
    about: About = About()


class Column(BaseModel):
    """A column of a table: its name, the kind of its values, and a currency where it is money."""

    name: str
    kind: Kind
    unit: str | None = None


class Table(BaseModel):
    """Rows behind the findings; cells are plain JSON values in column order."""

    title: str
    columns: list[Column]
    rows: list[list[Any]]


class Chart(BaseModel):
    """A Plotly figure as JSON."""

    title: str
    figure: dict[str, Any]


class Proposal(BaseModel):
    """A change the operator may approve. `id` is set when it is filed in the journal."""

    id: str | None = None
    kind: Literal["price", "purchase_order", "listing", "promotion", "ad_budget", "refund_policy"]
    payload: dict[str, Any]
    expected_before: dict[str, Any] = Field({}, description="values that must still hold when it is applied")
    status: Literal["draft", "pending", "approved", "rejected"] = "draft"


class DataUsed(BaseModel):
    """What an answer stands on."""

    as_of: date
    version: int = Field(description="version of the books")
    tables: dict[str, int] = Field({}, description="table -> rows read")
    reference: list[str] = Field([], description="dated reference data, as 'name version'")


class Result(BaseModel):
    """What a tool found. The model sees the findings; the page gets everything."""

    tool: str = ""
    findings: list[Finding] = []
    points: int | None = Field(None, description="how many findings an answer shows where the usual few would cut it")
    tables: list[Table] = []
    charts: list[Chart] = []
    proposals: list[Proposal] = []
    assumptions: list[Finding] = []
    warnings: list[Finding] = []
    data_used: DataUsed


def finding(key: str, severity: Literal["act", "watch", "good", "info"] = "info",
            about: About | None = None, **values: Value) -> Finding:  # fmt: skip
    """A finding to be numbered by the registry."""
    return Finding(id="", severity=severity, key=key, values=values, about=about or About())


@dataclass(frozen=True)
class Tool:
    """A tool of the contract. The docstring of `run` tells a model and a person when to use it."""

    name: str
    request: type[Request]
    run: Callable[[Shop, Any], Result]
    effect: Literal["read", "propose"] = "read"

    @property
    def description(self) -> str:
        """The docstring of `run`."""
        return " ".join((self.run.__doc__ or "").split())
