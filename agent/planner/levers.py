"""The changes of a what-if as the question says them: which lever, how much and which way, on what, and when.

Read clause by clause from the words in prompts/levers.yaml, so that no value is ever made up; a question that leans on
an earlier what-if changes or adds to its changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from agent.planner.said import IDENTIFIER, MEASURES, Said
from agent.reading import NumberSaid

WORDS = Path(__file__).resolve().parents[2] / "prompts" / "levers.yaml"
LEVERS = (
    "demand", "price", "unit_cost", "freight", "duty", "fx", "lead_time", "supplier_out", "ad_budget", "return_rate",
    "promotion", "purchase",
)  # fmt: skip
TARGETS: dict[str, tuple[str, ...]] = {
    "demand": ("sku", "country", "channel"), "price": ("sku", "country", "channel"), "unit_cost": ("sku", "code"),
    "freight": ("sku", "country", "warehouse"), "duty": ("sku", "country"), "fx": ("currency",),
    "lead_time": ("sku", "code", "warehouse"), "supplier_out": ("code",), "ad_budget": ("sku", "country", "channel"),
    "return_rate": ("sku", "country", "channel"), "promotion": ("sku", "country", "channel"),
    "purchase": ("sku", "warehouse", "code"),
}  # fmt: skip
BREAK = re.compile(
    r"[;；,，、。]|\b(?:and|while|plus|as well as|und|sowie|et|y|e)\b|同时|并且|而且|以及|加上|再加|和|且|また|と|かつ",
    re.I,
)
TIME = {"day": 1, "week": 7, "month": 30}
Change = dict[str, Any]


@dataclass
class _Clause:
    """A part of the question with the levers, numbers and names said in it."""

    start: int
    end: int
    text: str
    levers: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[NumberSaid] = field(default_factory=list)

    @property
    def lever(self) -> str | None:
        """The first lever named."""
        return self.levers[0][1] if self.levers else None


def said_changes(said: Said) -> list[Change]:
    """The changes that were said, with those of an earlier what-if that this question adds to; none where unclear."""
    clauses = _clauses(said)
    found: list[Change] = []
    for at, clause in enumerate(clauses):
        name = clause.lever
        if name is None:
            continue
        value = _value(clause, name)
        if value is None and name != "supplier_out":
            later = [one for one in clauses[at + 1 :] if one.numbers or one.lever is None]
            value = _value(later[0], name) if later and at + 1 < len(clauses) and later[0] is clauses[at + 1] else None
        if value is None and name != "supplier_out":
            continue
        change: Change = {"lever": name}
        target = _target(said, clauses, clause, name)
        if target:
            change["target"] = target
        if value is not None and name != "supplier_out":
            change["value"] = value
        found.append(change | _days(said, clause, len(clauses) == 1))
    return _with_earlier(said, clauses, _merged(found))


def _with_earlier(said: Said, clauses: list[_Clause], found: list[Change]) -> list[Change]:
    before: list[Change] = []
    for tool, args in said.earlier:
        if tool == "what_if" and isinstance(args.get("changes"), list):
            before = [dict(one) for one in args["changes"] if isinstance(one, dict)]
    if not before:
        return found
    if found:
        again = {one["lever"] for one in found}
        return [*(one for one in before if one.get("lever") not in again), *found]
    last = before[-1]
    for clause in clauses:
        value = _value(clause, str(last.get("lever")))
        if value is not None:
            old = last.get("value")
            turned = _says(clause.text, "falls") or _says(clause.text, "rises")
            if isinstance(value, int | float) and isinstance(old, int | float) and old < 0 and not turned:
                value = -value
            last["value"] = value
            return before
    return before


def _merged(found: list[Change]) -> list[Change]:
    """Each change once: a lever said again on the same things goes by its first value."""
    kept: dict[tuple[Any, ...], Change] = {}
    for one in found:
        kept.setdefault((one["lever"], one.get("target"), one.get("start"), one.get("end")), one)
    return list(kept.values())


def _clauses(said: Said) -> list[_Clause]:
    text = said.reading.text
    taken = [one.span for one in said.reading.skus] + [(n.start, n.end) for n in said.reading.numbers]
    cuts = [0]
    for hit in BREAK.finditer(text):
        if not any(low < hit.end() and hit.start() < high for low, high in taken):
            cuts += [hit.start(), hit.end()]
    cuts.append(len(text))
    parts = [_Clause(low, high, text[low:high]) for low, high in zip(cuts[::2], cuts[1::2], strict=True)]
    parts = [part for part in parts if part.text.strip()]
    names = _without_names(said)
    for part in parts:
        part.levers = _levers(names[part.start : part.end], part.start)
        part.numbers = [
            n for n in said.reading.numbers
            if part.start <= n.start < part.end and n.unit not in MEASURES and not (n.word and n.unit is None and n.value == 1)
        ]  # fmt: skip
    joined: list[_Clause] = []
    for part in parts:
        bare = part.lever is None and (not part.numbers or not joined or not joined[-1].numbers)
        if joined and bare and (not part.numbers or joined[-1].lever is not None):
            last = joined[-1]
            last.end, last.text = part.end, text[last.start : part.end]
            last.numbers += part.numbers
        elif joined and joined[-1].lever is None and not joined[-1].numbers:
            last = joined[-1]
            last.end, last.text = part.end, text[last.start : part.end]
            last.levers, last.numbers = part.levers, part.numbers
        else:
            joined.append(part)
    return joined


def _without_names(said: Said) -> str:
    """The question with product names blanked, so that no word of theirs names a lever."""
    text = said.reading.text
    for one in said.reading.skus:
        low, high = one.span
        text = text[:low] + " " * (high - low) + text[high:]
    return text


def _levers(text: str, start: int) -> list[tuple[int, str]]:
    hits: list[tuple[int, int, str]] = []
    for name in (*LEVERS, *(f"fx:{code}" for code in _words()["currencies"])):
        pattern = _pattern(name)
        hits += [(hit.start(), hit.end(), name.split(":")[0]) for hit in pattern.finditer(text)]
    hits.sort(key=lambda hit: (-(hit[1] - hit[0]), hit[0]))
    kept: list[tuple[int, int, str]] = []
    for hit in hits:
        if not any(hit[0] < high and low < hit[1] for low, high, _ in kept):
            kept.append(hit)
    names = {name for *_, name in kept}
    if _says(text, "keeps") and _says(text, "margin"):
        return [(start, "price")]
    order = sorted(kept)
    weak = [hit for hit in order if hit[2] in ("demand", "promotion", "purchase")]
    if names - {"demand", "promotion", "purchase"} and weak:
        order = [hit for hit in order if hit not in weak]
    if {"fx"} < {hit[2] for hit in order} and not re.search(r"%|％|percent|pct|per cent", text):
        order = [hit for hit in order if hit[2] != "fx"]
    return [(start + low, name) for low, _, name in order]


def _value(clause: _Clause, name: str) -> int | float | str | None:
    if name == "price" and _says(clause.text, "keeps") and _says(clause.text, "margin"):
        shares = [n for n in clause.numbers if n.unit in ("percent", "points", None)]
        return f"keep {shares[0].value.normalize():f}%" if shares else None
    for number in sorted(clause.numbers, key=lambda n: (n.unit not in ("percent", "points", "times"), n.start)):
        sign = direction(clause.text, number, clause.start)
        if name == "purchase":
            if number.unit not in ("percent", "points", "times", *TIME):
                return _plain(abs(number.value))
            continue
        if number.unit in TIME:
            if name == "lead_time":
                return f"{sign * number.value * TIME[number.unit]:f} days"
            continue
        if number.unit == "times":
            return _plain((number.value - 1) * 100)
        if name == "price" and number.unit not in ("percent", "points", None):
            return f"{abs(number.value):f} {number.unit}" if number.unit and len(number.unit) == 3 else None
        value = abs(number.value) * (-1 if number.value < 0 else sign)
        return _plain(abs(value) if name == "promotion" else value)
    if _says(clause.text, "halves"):
        return -50
    return 100 if _says(clause.text, "doubles") else None


def direction(text: str, number: NumberSaid, start: int = 0) -> int:
    """1 for up, -1 for down, by the word of the text nearest to the number; up where none is said.

    `start`: where the text stands in the question whose numbers these are.
    """
    if number.role == "discount":
        return -1
    best, way = len(text) + 1, 1
    for name, sign in (("rises", 1), ("falls", -1)):
        for hit in _pattern(name).finditer(text):
            low, high = start + hit.start(), start + hit.end()
            gap = low - number.end if low >= number.end else number.start - high
            if gap < best:
                best, way = gap, sign
    return way


def _plain(value: Any) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _target(said: Said, clauses: list[_Clause], clause: _Clause, name: str) -> str:
    """Names said in the clause; those of the whole question where it is about one change."""
    reading = said.reading
    alone = sum(one.lever is not None for one in clauses) == 1
    low, high = (0, len(reading.text)) if alone else (clause.start, clause.end)
    of: dict[str, list[str]] = {
        "sku": [one.sku for one in reading.skus if low <= one.span[0] < high]
        + [one.text for one in reading.unknown_skus if low <= one.span[0] < high],
        "country": [one.country for one in reading.countries if low <= one.span[0] < high],
        "channel": [one.channel for one in reading.channels if low <= one.span[0] < high],
        "warehouse": [house for house in said.vocabulary.warehouses if house.casefold() in reading.text[low:high].casefold()],
        "currency": _currencies(reading.text[low:high]),
        "code": [code for code in IDENTIFIER.findall(reading.text[low:high]) if code in said.codes],
    }  # fmt: skip
    if of["warehouse"]:
        of["country"] = []
    return ", ".join(dict.fromkeys(one for kind in TARGETS[name] for one in of[kind]))


def _currencies(text: str) -> list[str]:
    hits = [(hit.start(), -(hit.end() - hit.start()), hit.end(), code)
            for code in _words()["currencies"] for hit in _pattern(f"fx:{code}").finditer(text)]  # fmt: skip
    found: list[str] = []
    end = -1
    for low, _, high, code in sorted(hits):
        if low >= end:
            found.append(code)
            end = high
    return list(dict.fromkeys(found))


def _days(said: Said, clause: _Clause, alone: bool) -> Change:
    """Start and end where the calendar is named in the clause."""
    for one in said.reading.dates:
        inside = clause.start <= one.span[0] < clause.end
        if (inside or alone) and one.absolute and one.kind in ("day", "range") and one.end > said.vocabulary.as_of:
            return {"start": one.start.isoformat(), "end": one.end.isoformat()}
    return {}


def _says(text: str, name: str) -> bool:
    return bool(_pattern(name).search(text))


@cache
def _words() -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return found


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = _words()["currencies"][name[3:]] if name.startswith("fx:") else _words()[name]
    parts = sorted((str(word) for word in words), key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(one)}\b" if one.isascii() or (one[0].isalpha() and not _cjk(one)) else re.escape(one) for one in parts), re.I)  # fmt: skip


def _cjk(word: str) -> bool:
    return bool(re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", word))
