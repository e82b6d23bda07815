"""When a number said is the number found: same kind of thing, same unit, and no further off than its rounding."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from agent.proof.evidence import Evidence
from agent.reading import NumberSaid
from agent.reading.units import CURRENCIES, NOUNS, TIME_UNITS

_COARSEST = Decimal("0.05")
OFTEN = 20  # "searched 6,463 times" counts; "6 times as many" compares
_MONEY_WORD = re.compile(
    r"price|revenue|sales|gmv|cost|cash|profit|spend|budget|fee|fees|amount|value|refund|preis|umsatz|kosten|gewinn|"
    r"prix|chiffre|coût|bénéfice|precio|ingresos|coste|beneficio|价格|售价|定价|收入|销售额|成本|利润|现金|预算|费|額|価格|売上|利益|コスト",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:fell|fall|falls|falling|drop\w*|declin\w*|decreas\w*|down|lower|less|los[st]|loss|shr\w+|sank|negative|minus|"
    r"below|short|shortfall|cut|reduc\w*|sink\w*|gefallen|fällt|weniger|verlust|rückgang|gesunken|"
    r"baiss\w*|recul\w*|diminu\w*|perte|moins|baj\w+|caíd\w*|cae|pérdida|menos|disminu\w*)\b|"
    r"下降|下跌|减少|降低|亏损|负|跌|少|低于|缺口|減少|低下|赤字|下が", re.I
)  # fmt: skip
_UP = re.compile(
    r"\b(?:rose|rise\w*|grew|grow\w*|increas\w*|up|higher|gain\w*|steig\w*|gestiegen|hausse|augment\w*|sub\w+|aument\w*)\b|上升|增长|增加|上涨|提高|増加|上昇",
    re.I,
)
_CHANGES = frozenset({"change", "growth", "delta", "trend", "difference", "gap"})
_HIGH = frozenset(
    {"high", "upper", "max", "maximum", "best", "optimistic", "p90", "p95", "p80", "p75", "ceiling", "hi"}
)
_LOW = frozenset(
    {"low", "lower", "min", "minimum", "worst", "pessimistic", "p10", "p05", "p5", "p20", "p25", "floor", "lo"}
)


def agrees(said: NumberSaid, found: Evidence, around: str, before: str) -> bool:
    """Whether `found` proves `said`. `around` is the clause, `before` the words that lead to the number."""
    if not isinstance(found.value, Decimal) or _wrong_end(said, found):
        return False
    if found.exact:
        same = said.unit == found.unit or (said.unit in {None, "piece"} and found.unit in {None, "piece"})
        return same and said.value == found.value
    value = _in_unit_of(said, found, around)
    if value is None:
        return False
    return near(said, abs(value), found.kind) and _signed(said, value, found, around, before) is not None


def near(said: NumberSaid, value: Decimal, kind: str) -> bool:
    """Whether `value` written as precisely as `said` could read as `said`."""
    amount = abs(said.value)
    gap = abs(amount - value)
    if gap == 0:
        return True
    if amount == 0:
        return False
    if kind in {"units", "count", "days", "weeks"} and said.scale == 1 and not said.approximate:
        return value != value.to_integral_value() and gap <= said.step / 2 and gap <= _COARSEST * value
    step = said.step
    if said.approximate and said.decimals == 0:
        step = max(step, _trailing(amount))
    if (said.approximate == "over" and value < amount) or (said.approximate == "under" and value > amount):
        return False
    if said.approximate in {"over", "under"}:
        return gap <= _COARSEST * value and gap <= step
    coarsest = Decimal("0.25") if kind == "percent" and step == 1 and not said.approximate else _COARSEST
    return gap <= step / 2 and gap <= coarsest * value


def _trailing(amount: Decimal) -> Decimal:
    step = Decimal(1)
    while amount and amount % (step * 10) == 0:
        step *= 10
    return step


def _in_unit_of(said: NumberSaid, found: Evidence, around: str) -> Decimal | None:
    """The value found, in the unit said; None when they measure different things."""
    assert isinstance(found.value, Decimal)
    value, unit, kind = found.value, said.unit, found.kind
    if unit is None:
        if kind in {"units", "count", "ratio"}:
            return value
        return value if kind == "money" and _MONEY_WORD.search(around) else None
    if unit in {"percent", "points"}:
        return value if kind == "percent" else value * 100 if kind == "ratio" and unit == "percent" else None
    if unit in CURRENCIES:
        return value if kind == "money" and found.unit in {unit, *said.other_units} else None
    if unit in TIME_UNITS:
        return _duration(said, value, kind)
    if unit == "times":
        if said.word and said.value < 1 and kind == "percent":
            return value / 100
        counted = kind == "count" and said.value >= OFTEN and said.text.endswith("times")
        return value if kind == "ratio" or counted else None
    if unit == "piece":
        loose = said.text.endswith(("个", "個", "つ", "点"))
        return value if kind == "units" or (loose and kind == "count") else None
    if unit == "sku":
        return value if kind == "count" or (kind == "units" and "sku" not in said.text.casefold()) else None
    if unit in NOUNS:
        return value if kind == "count" else None
    if unit == "star":
        return value if kind in {"ratio", "count"} else None
    return None


def _duration(said: NumberSaid, value: Decimal, kind: str) -> Decimal | None:
    if kind not in {"days", "weeks"}:
        return None
    days = value * 7 if kind == "weeks" else value
    if said.unit == "day":
        return days
    if said.unit == "hour":
        return days * 24
    size = TIME_UNITS[said.unit or "day"]
    exact = days / size
    if said.unit == "week" and kind == "weeks":
        return value
    return exact if said.value * size == days or (said.approximate == "about" and said.unit != "hour") else None


def _signed(said: NumberSaid, value: Decimal, found: Evidence, around: str, before: str) -> Decimal | None:
    """The value with the direction its words give it, None when words and value point apart."""
    down, up = bool(_DOWN.search(before)), bool(_UP.search(before))
    if value < 0:
        return value if said.value < 0 or ((down or _DOWN.search(around)) and not up) else None
    if said.value < 0:
        return None
    changes = bool(_CHANGES & set(re.split(r"[_\s]", found.name.casefold())))
    if not changes or value == 0:
        return value
    against = up and not down if found.falling else down and not up
    return None if against else value


@lru_cache(maxsize=512)
def _ends(name: str) -> tuple[bool, bool]:
    words = set(re.split(r"[_\s]", name.casefold()))
    return bool(words & _LOW), bool(words & _HIGH)


def _wrong_end(said: NumberSaid, found: Evidence) -> bool:
    low, high = _ends(found.name)
    return (said.bound == "low" and high and not low) or (said.bound == "high" and low and not high)
