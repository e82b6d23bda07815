"""Month, weekday and day names in six languages, and the days of the trading year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

_MONTHS = (
    "january jan januar jänner janvier janv enero ene", "february feb februar février févr fevrier febrero",
    "march mar märz mär mars marzo", "april apr avril avr abril abr", "may mai mayo",
    "june jun juni juin junio", "july jul juli juillet juil julio", "august aug août aout agosto ago",
    "september sep sept septembre septiembre", "october oct oktober okt octobre octubre",
    "november nov novembre noviembre", "december dec dezember dez décembre déc decembre diciembre dic",
)  # fmt: skip
MONTHS: dict[str, int] = {word: i + 1 for i, words in enumerate(_MONTHS) for word in words.split()}
AMBIGUOUS_MONTHS = frozenset(
    {"may", "march", "mar", "mars", "sep", "jan", "jun", "ago", "dic", "mai", "ene", "avr", "apr"}
)
_WEEKDAYS = (
    "monday mon montag lundi lunes", "tuesday tue tues dienstag mardi martes", "wednesday wed mittwoch mercredi miércoles",
    "thursday thu donnerstag jeudi jueves", "friday fri freitag vendredi viernes",
    "saturday sat samstag sonnabend samedi sábado", "sunday sun sonntag dimanche domingo",
)  # fmt: skip
WEEKDAYS: dict[str, int] = {word: i for i, words in enumerate(_WEEKDAYS) for word in words.split()}


def _easter(year: int) -> date:
    """Gregorian Easter Sunday (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * week) // 451
    month, day = divmod(h + week - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


_LUNAR_NEW_YEAR = {
    2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
    2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip

_NO_AMOUNT_BEFORE = r"(?<![$€£¥￥.,A-Za-z0-9])(?<![$€£¥￥]\s)(?<!(?-i:[A-Z]{3})\s)"
_NO_AMOUNT_AFTER = r"(?![.A-Za-z0-9]|\s?(?:(?-i:[A-Z]{3})\b|percent|points?|units?|pieces?|days?|weeks?|times|kg|cm|ml)\b|\s?[€£$¥%％元円倍件])"

NAMED_DAYS: dict[str, tuple[str, Callable[[int], date | None]]] = {
    "black_friday": (r"black friday|黑色星期五|黑五|ブラックフライデー|viernes negro", lambda y: _nth(y, 11, 3, 4) + timedelta(days=1)),
    "cyber_monday": (r"cyber monday|网络星期一|网一|サイバーマンデー", lambda y: _nth(y, 11, 3, 4) + timedelta(days=4)),
    "thanksgiving": (r"thanksgiving|感恩节|感謝祭", lambda y: _nth(y, 11, 3, 4)),
    "singles_day": (r"singles['’]? day|双十一|双11|双１１|独身の日|" + _NO_AMOUNT_BEFORE + r"11\.11" + _NO_AMOUNT_AFTER, lambda y: date(y, 11, 11)),
    "double_12": (r"双十二|双12|" + _NO_AMOUNT_BEFORE + r"12\.12" + _NO_AMOUNT_AFTER, lambda y: date(y, 12, 12)),
    "618": (r"618大促|六一八|\b618\b(?=活动|大促|促销| sale| festival)", lambda y: date(y, 6, 18)),
    "christmas": (r"christmas(?! eve)|x-?mas|weihnachten|noël|navidad|圣诞节?|クリスマス", lambda y: date(y, 12, 25)),
    "new_year": (r"new year(?:['’]s)?(?: day)?(?!['’]?s? eve)|neujahr|nouvel an|año nuevo|元旦|正月", lambda y: date(y, 1, 1)),
    "lunar_new_year": (
        r"(?:chinese|lunar) new year|chinesisches neujahr|nouvel an chinois|año nuevo chino|春节|春節|旧正月",
        lambda y: date(y, *_LUNAR_NEW_YEAR[y]) if y in _LUNAR_NEW_YEAR else None,
    ),
    "valentines": (r"valentine['’]?s(?: day)?|valentinstag|saint-valentin|san valentín|情人节|バレンタイン(?:デー)?", lambda y: date(y, 2, 14)),
    "halloween": (r"halloween|万圣节|ハロウィン", lambda y: date(y, 10, 31)),
    "easter": (r"easter|ostern|pâques|pascua|复活节|イースター", _easter),
    "mothers_day": (r"mother['’]?s day|muttertag|母亲节|母の日", lambda y: _nth(y, 5, 6, 2)),
}  # fmt: skip
