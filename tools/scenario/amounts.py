"""The value of a change, as a person writes it: +20%, -15, x1.5, 10 points, 14 days, 19.99 EUR, keep 30%."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from tools.messages import refusal

Measure = Literal["percent", "factor", "points", "days", "weeks", "units", "amount", "keep", "plain"]
HUNDRED = Decimal(100)
LARGEST = Decimal(10) ** 9
SAID_AT_MOST = 60

_NUMBER = r"[+\-−–]?\d+(?:[.,]\d+)?"
_KEEP = re.compile(rf"^(?:keep|keep_margin|keeps|margin|保持|保住)\D*({_NUMBER})\s*(?:%|％|percent)?$", re.IGNORECASE)
_FACTOR = re.compile(rf"^(?:[x×*]\s*({_NUMBER})|({_NUMBER})\s*(?:[x×]|倍|times))$", re.IGNORECASE)
_UNITS: dict[str, Measure] = {
    "%": "percent", "％": "percent", "percent": "percent", "pct": "percent", "pp": "points", "points": "points",
    "point": "points", "percentage points": "points", "个点": "points", "个百分点": "points", "点": "points",
    "d": "days", "day": "days", "days": "days", "天": "days", "weeks": "weeks", "week": "weeks", "周": "weeks",
    "units": "units", "unit": "units", "pcs": "units", "件": "units", "个": "units",
}  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """A number and what it measures; `plain` where only a number was said. `currency` only with `amount`."""

    measure: Measure
    value: Decimal
    currency: str = ""

    @property
    def factor(self) -> Decimal:
        """What a percentage or a multiplier multiplies by."""
        return self.value if self.measure == "factor" else 1 + self.value / HUNDRED


def amount_of(said: object, lever: str) -> Amount:
    """The amount that was said. Raises ToolError when it is no number in any of these forms."""
    if isinstance(said, bool) or said is None:
        raise refusal("errors.scenario_value", lever=lever, said=_short(said), percent="-15", factor="x1.5")
    if isinstance(said, int | float | Decimal):
        return Amount("plain", _number(str(said), lever))
    text = str(said).strip()
    kept = _KEEP.match(text)
    if kept:
        return Amount("keep", _number(kept[1], lever))
    times = _FACTOR.match(text)
    if times:
        return Amount("factor", _number(times[1] or times[2], lever))
    found = re.match(rf"^(?:to|=|到)?\s*([A-Z]{{3}})?\s*({_NUMBER})\s*(.*)$", text, re.IGNORECASE)
    if not found:
        raise refusal("errors.scenario_value", lever=lever, said=_short(said), percent="-15", factor="x1.5")
    value, unit = _number(found[2], lever), found[3].strip()
    money = found[1] or (unit if re.fullmatch(r"[A-Za-z]{3}", unit) and unit.casefold() not in _UNITS else "")
    if money:
        return Amount("amount", value, money.upper())
    measure = _UNITS.get(unit.casefold())
    if measure is not None:
        return Amount(measure, value)
    if unit:
        raise refusal("errors.scenario_value", lever=lever, said=_short(said), percent="-15", factor="x1.5")
    return Amount("amount" if re.match(r"^(?:to|=|到)", text, re.IGNORECASE) else "plain", value)


def _number(text: str, lever: str) -> Decimal:
    try:
        value = Decimal(text.replace("−", "-").replace("–", "-").replace(",", "."))
    except InvalidOperation:
        raise refusal("errors.scenario_value", lever=lever, said=_short(text), percent="-15", factor="x1.5") from None
    if not value.is_finite() or abs(value) > LARGEST:
        raise refusal("errors.scenario_value", lever=lever, said=_short(text), percent="-15", factor="x1.5")
    return value


def _short(said: object) -> str:
    return str(said)[:SAID_AT_MOST]
