"""The plan language: `tool(arg="x", list=["a"], payload={price=29.9}); tool2()`.

Compact because a small model writes 28 tokens a second; strict because it is also the grammar it writes under.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar


class UnreadablePlan(ValueError):
    """The text is not a plan."""


def parse_calls(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Calls of a plan in order. Raises UnreadablePlan with the place where reading stopped."""
    reader = _Reader(text.strip())
    calls = [reader.call()]
    while reader.take(";"):
        if reader.at_end():
            break
        calls.append(reader.call())
    if not reader.at_end():
        raise UnreadablePlan(f"the plan ends unread at {reader.rest()!r}")
    return calls


def format_calls(calls: list[tuple[str, dict[str, Any]]]) -> str:
    """The text of a plan, in the form the grammar produces."""
    return "; ".join(f"{name}({_format_args(args)})" for name, args in calls)


def _format_args(args: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_format_value(value)}" for name, value in args.items())


def _format_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + _format_args(value) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_format_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)


class _Reader:
    """A cursor over a plan."""

    _NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
    _NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
    _STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
    _WORDS: ClassVar = {"true": True, "false": False, "null": None}

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def call(self) -> tuple[str, dict[str, Any]]:
        name = self._match(self._NAME, "a tool name")
        self._expect("(")
        if name in ("reply", "ask", "unavailable") and self._peek() == '"':
            said = self.value()
            self._expect(")")
            return name, {"text": said}
        return name, self._arguments(")")

    def _arguments(self, closing: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self.take(closing):
            if found:
                self._expect(",")
            name = self._match(self._NAME, "an argument name")
            self._expect("=")
            found[name] = self.value()
        return found

    def value(self) -> Any:
        start = self._peek()
        if start == '"':
            try:
                return json.loads(self._match(self._STRING, "a text"))
            except ValueError as broken:
                raise UnreadablePlan(f"a text that is not closed at {self.rest()!r}") from broken
        if self.take("["):
            items: list[Any] = []
            while not self.take("]"):
                if items:
                    self._expect(",")
                items.append(self.value())
            return items
        if self.take("{"):
            return self._arguments("}")
        if start and (start.isdigit() or start == "-"):
            number = self._match(self._NUMBER, "a number")
            return float(number) if "." in number else int(number)
        word = self._match(self._NAME, "a value")
        if word not in self._WORDS:
            raise UnreadablePlan(f"{word!r} is not a value")
        return self._WORDS[word]

    def _skip(self) -> None:
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1

    def _peek(self) -> str:
        self._skip()
        return self.text[self.place : self.place + 1]

    def take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self.place += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self.take(sign):
            raise UnreadablePlan(f"{sign!r} is missing at {self.rest()!r}")

    def _match(self, pattern: re.Pattern[str], what: str) -> str:
        self._skip()
        found = pattern.match(self.text, self.place)
        if not found:
            raise UnreadablePlan(f"{what} is missing at {self.rest()!r}")
        self.place = found.end()
        return found.group()

    def at_end(self) -> bool:
        return self._peek() == ""

    def rest(self) -> str:
        return self.text[self.place : self.place + 40]
