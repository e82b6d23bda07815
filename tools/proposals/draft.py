"""A change read from a payload, with what the operator should know before deciding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shop.warehouse import Shop
from shop.writers.change import Payload
from tools.contract import Finding
from tools.messages import refusal

SYMBOLS = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "円": "JPY", "元": "CNY", "CN¥": "CNY"}
IGNORED = frozenset({"old_price", "current_price", "reason", "note", "kind"})


@dataclass
class Draft:
    """A checked change; `headline` says it and gets the proposal's id when it is filed."""

    change: Payload
    headline: Finding
    findings: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    assumptions: list[Finding] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)


def named(payload: Mapping[str, Any], kind: str, fields: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The payload under its own field names; `fields` gives each one's other spellings.

    Empty values count as not said. Raises ToolError naming the fields when one is unknown.
    """
    spelling = {other: name for name, others in fields.items() for other in (name, *others)}
    found: dict[str, Any] = {}
    for key, value in payload.items():
        name = spelling.get(key.strip().lower())
        if name is None and key.strip().lower() in IGNORED:
            continue
        if name is None:
            raise refusal("errors.payload_field", kind=kind, name=key[:40], known=", ".join(fields))
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, list):
            raise refusal("errors.one_each", kind=kind, name=name)
        if value is not None and value != "":
            found.setdefault(name, value)
    return found


def amount(said: Any, field_name: str) -> tuple[Decimal, str | None]:
    """A number and the currency said with it: 29.9, "29.90 USD", "€1.299,00", {"amount": 5, "currency": "EUR"}."""
    if isinstance(said, Mapping):
        inner = next((said[key] for key in ("amount", "value", "price") if key in said), None)
        number, currency = amount(inner, field_name)
        return number, str(said["currency"]).upper() if said.get("currency") else currency
    from babel.numbers import is_currency

    text = str(said).strip()
    if isinstance(said, int | float) and not isinstance(said, bool) and abs(said) < 1e15:  # not NaN either
        return Decimal(text), None
    currency = next((code for symbol, code in SYMBOLS.items() if symbol in text), None)
    for letters in re.findall(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])", text):
        if is_currency(letters.upper()):
            currency = letters.upper()
    digits = re.search(r"-?\d[\d.,\s]*", text)
    if isinstance(said, bool) or not digits:
        raise refusal("errors.not_a_number", name=field_name, example="29.90", said=repr(text[:40]))
    try:
        return Decimal(_plain(digits.group())), currency
    except InvalidOperation as wrong:
        raise refusal("errors.not_a_number", name=field_name, example="29.90", said=repr(text[:40])) from wrong


def _plain(digits: str) -> str:
    """Digits with a decimal point only: 1.299,00 and 1,299.00 are both 1299.00, 29,90 is 29.90."""
    text = re.sub(r"\s", "", digits).rstrip(".,")
    if "," in text and "." in text:
        thousands, decimal = (".", ",") if text.rfind(",") > text.rfind(".") else (",", ".")
        return text.replace(thousands, "").replace(decimal, ".")
    if "," in text:
        grouped = re.fullmatch(r"-?\d{1,3}(,\d{3})+", text)
        return text.replace(",", "" if grouped else ".")
    return text


def day(said: Any, field_name: str) -> date:
    """An ISO date. Raises ToolError showing the form."""
    try:
        return said if isinstance(said, date) else date.fromisoformat(str(said).strip()[:10])
    except ValueError as wrong:
        raise refusal("errors.not_a_date", name=field_name, example="2026-11-27", said=repr(str(said)[:40])) from wrong


def converted(shop: Shop, value: Decimal, source: str, target: str, when: date) -> Decimal:
    """An amount in another currency at the rate of a day. Raises ShopError when no rate is known."""
    if source == target:
        return value
    from shop.fx import convert

    return convert(value, source, target, when)
