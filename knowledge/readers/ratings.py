"""Stars as platforms write them: 4, 4.0, 4,5, 4/5, 8 out of 10, ★★★★☆, 四星."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

STARS = 5
_FULL, _EMPTY = "★⭐🌟", "☆✩"
_OF = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:/|out of|of|von|sur|de|su|van|中)\s*(\d+)\s*(?:stars?|sterne[n]?|étoiles?|estrellas?|stelle)?\.?",
    re.IGNORECASE,
)
_OF_THEN = re.compile(r"5つ星のうち\s*(\d+(?:[.,]\d+)?)")
_PLAIN = re.compile(
    r"(?:rated\s+)?([+-]?\d+(?:[.,]\d+)?)\s*(?:[★⭐]|stars?|sterne?|étoiles?|estrellas?|stelle|星|分|つ星)?",
    re.IGNORECASE,
)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_WORD = re.compile(r"(one|two|three|four|five|[一二两三四五])\s*(?:stars?|颗?星)", re.IGNORECASE)


def rating(text: str) -> tuple[int | None, str | None]:
    """(1 to 5, None), (None, None) for a blank, or (None, why it is refused). Halves are rounded up."""
    said = " ".join(text.replace("\ufe0f", "").split())
    if said.lower() in ("", "-", "–", "n/a", "na", "null", "none", "nan"):
        return None, None
    if set(said) <= set(_FULL + _EMPTY):
        return _checked(Decimal(sum(said.count(star) for star in _FULL)), Decimal(STARS), said)
    if found := _OF_THEN.fullmatch(said):
        return _checked(_number(found[1]), Decimal(STARS), said)
    if found := _OF.fullmatch(said):
        return _checked(_number(found[1]), Decimal(found[2]), said)
    if found := _WORD.fullmatch(said):
        return _checked(Decimal(_WORDS[found[1].lower()]), Decimal(STARS), said)
    if found := _PLAIN.fullmatch(said):
        return _checked(_number(found[1]), Decimal(STARS), said)
    return None, "rating is no number of stars"


def _checked(stars: Decimal, scale: Decimal, said: str) -> tuple[int | None, str | None]:
    if not scale or not (0 < stars <= scale):
        return None, f"rating is not 1 to {STARS}"
    five = (stars * STARS / scale).quantize(Decimal(1), ROUND_HALF_UP)
    return max(1, int(five)), None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
