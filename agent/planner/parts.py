"""Two questions in one message, told apart: each part asks or orders something of its own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).resolve().parents[2] / "prompts" / "asking.yaml"
MOST_PARTS = 3
_ENDS = r"[?？!！;；。\n]+|\.(?=\s)"


def parts_of(question: str) -> list[str]:
    """The questions of a message in order; the message as a whole where only one part asks."""
    joined: list[tuple[str, bool]] = []
    for part, asks in _cut(question):
        if joined and not (asks and joined[-1][1]):
            joined[-1] = (f"{joined[-1][0]}, {part}", asks or joined[-1][1])
        else:
            joined.append((part, asks))
    return [part for part, _ in joined] if 1 < len(joined) <= MOST_PARTS else [question]


def _cut(question: str) -> list[tuple[str, bool]]:
    """The pieces between cuts, each with whether it asks by its words or its question mark."""
    cuts = [*_cuts().finditer(question), None]
    starts = [0, *(cut.end() for cut in cuts if cut)]
    pieces = []
    for start, cut in zip(starts, cuts, strict=True):
        part = question[start : cut.start() if cut else len(question)].strip(" ,，、")
        if part:
            pieces.append((part, bool(_asks().search(part)) or bool(cut and re.search("[?？]", cut[0]))))
    return pieces


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return found


@cache
def _asks() -> re.Pattern[str]:
    words = _words()["asks"]
    return re.compile(rf"\b(?:{'|'.join(words['en'])})\b|{'|'.join(words['zh'])}", re.IGNORECASE)


@cache
def _cuts() -> re.Pattern[str]:
    """After a sentence; before a word that adds something; at a comma before a part that begins by asking."""
    adds, asks = _words()["adds"], _words()["asks"]
    english = sorted(adds["en"], key=len, reverse=True)
    return re.compile(
        rf"{_ENDS}|,?\s+(?:{'|'.join(english)})\s+(?=\w)|[,，、\s]*(?:{'|'.join(adds['zh'])})|"
        rf",\s*(?=(?:{'|'.join(asks['en'])})\b)|[，,](?=[\u4e00-\u9fff])",
        re.IGNORECASE,
    )
