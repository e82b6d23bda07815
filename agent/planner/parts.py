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
    parts = [part for part in _cuts().split(question) if part and part.strip(" ,，、")]
    joined: list[str] = []
    for part in parts:
        if joined and not (_asks().search(part) and _asks().search(joined[-1])):
            joined[-1] = f"{joined[-1]}, {part.strip()}"
        else:
            joined.append(part.strip(" ,，、"))
    return joined if 1 < len(joined) <= MOST_PARTS else [question]


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
