"""Days and stretches of days in a text, as six languages say them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from agent.reading.calendar_words import AMBIGUOUS_MONTHS, MONTHS, NAMED_DAYS, WEEKDAYS
from agent.reading.numbers import HALF_YEAR, blank, numbers_in, plain
from agent.reading.numerals import han_value
from agent.reading.said import DateSaid, NumberSaid, Span
from agent.reading.units import TIME_UNITS

_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_MONTH_STEMS = frozenset(word[:3] for word in MONTHS)
_DAYNAME = r"(?:\b(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")\b\.?,?\s+(?:the\s+|den\s+|le\s+)?)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º)?"
_HAN_NUMBER = "[0-9一二三四五六七八九十]{1,3}"
_ABSOLUTE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("day", re.compile(r"(?<![\d.-])(?P<year>(?:19|20)\d\d)([-/.])(?P<m>[01]?\d)\2(?P<day>[0-3]?\d)(?![\d-])(?:T[\d:]+)?")),
    ("day", re.compile(rf"(?:(?P<year>(?:19|20)\d\d)\s?年\s?)?(?P<m>{_HAN_NUMBER})\s?月\s?(?P<day>{_HAN_NUMBER})\s?[日号號]?"
                       r"(?:[（(]?(?:星期|周|週)[一二三四五六日天](?:[）)])?|[（(]?[月火水木金土日]曜日?[）)]?)?")),
    ("month", re.compile(rf"(?:(?P<year>(?:19|20)\d\d)\s?年\s?)?(?<!\d)(?P<m>{_HAN_NUMBER})\s?月(?P<part>底|末|初|中旬|上旬|下旬)?(?:份)?")),
    ("month", re.compile(r"(?<![\d.-])(?P<year>20\d\d)-(?P<m>0[1-9]|1[0-2])(?![\d-])")),
    ("week", re.compile(r"(?<!\w)(?:(?P<year>20\d\d)-)?W(?P<week>[0-5]\d)(?!\w)")),
    ("days", re.compile(rf"(?<![\d.,]){_DAY}\.?\s?(?:-|–|—|to|bis|au|al|a)\s?(?P<last>[0-3]?\d)\.?(?:\s(?:de\s)?){_MONTH}(?:,?\s+(?:de\s+)?{_YEAR})?", re.I)),
    ("days", re.compile(rf"(?<!\w){_MONTH}\s+{_DAY}\s?(?:-|–|—|to)\s?(?P<last>[0-3]?\d)(?!\d|[.,]\d)(?:,?\s+{_YEAR})?", re.I)),
    ("day", re.compile(rf"{_DAYNAME}(?<![\d.,]){_DAY}\.?(?:\s+(?:of\s+|de\s+)?|-){_MONTH}(?:,?\s+(?:de\s+|del\s+)?{_YEAR})?", re.I)),
    ("day", re.compile(rf"{_DAYNAME}(?<!\w){_MONTH}\s+(?:the\s+)?{_DAY}(?!\d|[.,]\d|\s?%)(?:,?\s+{_YEAR})?", re.I)),
    ("day", re.compile(r"(?<![\d.])(?P<day>[0-3]?\d)\.\s?(?P<m>0?[1-9]|1[0-2])\.(?:\s?(?P<year>(?:20)?\d\d)(?!\d))?(?![\d])")),
    ("slash", re.compile(r"(?<![\d/])(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/(?P<year>(?:20)?\d\d)(?![\d/])")),
    ("month", re.compile(rf"(?<!\w){_MONTH}\s+(?:de\s+)?{_YEAR}", re.I)),
    ("quarter", re.compile(r"\bQ(?P<q>[1-4])\b(?:[\s/]*(?P<year>20\d\d))?|(?:(?P<year2>20\d\d)\s?年)?第?(?P<q2>[一二三四1-4])季度|(?:(?P<year3>20\d\d)\s)?(?P<q3>[1-4])\. Quartal")),
    ("month", re.compile(rf"(?:(?<=\bin )|(?<=\bby )|(?<=\buntil )|(?<=\bim )|(?<=\ben )|(?<=\bof )|(?<=\bthis )|(?<=\bnext )|(?<=\blast )|(?<=\bsince )|(?<=\bfor )|(?<=\bbis )|(?<=\bthrough )|(?<=\bduring )|(?<=\b(?:mid|end)[ -])|(?<=\bEnde )|(?<=\bfin ))(?:the )?{_MONTH}(?!\w)", re.I)),
    ("loose", re.compile(rf"(?<!\w){_MONTH}(?!\w)", re.I)),
    ("half", re.compile(r"(?:(?P<year>20\d\d)\s?年|(?P<rel>[今本去明])年)?的?(?P<zh>[上下])半年|(?<=\b(?:in|of|or) )H(?P<h>[12])\b(?:\s*(?P<year2>20\d\d))?|"
                        r"\bH(?P<h2>[12])[\s/]+(?P<year3>20\d\d)\b|"
                        r"\b(?:the )?(?P<en>first|second) half of (?:(?P<year4>20\d\d)\b|(?:the|(?P<rel2>this|last|next)) year\b)|"
                        r"\b(?:das |im )?(?P<de>erste|zweite)[ns]? Halbjahr\b(?:\s(?P<year5>20\d\d))?", re.I)),
    ("year", re.compile(r"(?<![\d.,$€£¥-])(?P<year>20[1-4]\d)(?:\s?年(?!底|末|初))?(?![\d.,%]\d|\d|\s?(?:units?|pieces?|pcs|件|个|%|Stück|€|\$|USD|EUR|bands?|orders?))")),
)  # fmt: skip
_MONTH_AHEAD = re.compile(
    r"\b(?:in|by|until|till|since|during|through|(?:mid|end|start|beginning|middle)(?:[ -]of)?|early|late)[ -]$", re.I
)
_END_OF = re.compile(r"(?:end of(?: the)?|ende|fin(?: de)?|finales de|end-)\s*(?:des\s|d['’])?$", re.I)
_RELATIVE: tuple[tuple[str, int, str], ...] = (
    ("week-rest", 0, r"\b(?:rest|remainder) of (?:the|this) week\b|\bRest der Woche\b|\breste de la semaine\b|\bresto de la semana\b|(?:这|本)周剩[下余]的?(?:时间|几天)?"),
    ("month-rest", 0, r"\b(?:rest|remainder) of (?:the|this) month\b|\bRest des Monats\b|\breste du mois\b|\bresto del mes\b|(?:这个?|本)月剩[下余]的?(?:时间|几天|日子)?|今月の残り"),
    ("quarter-rest", 0, r"\b(?:rest|remainder) of (?:the|this) quarter\b|\bRest des Quartals\b|\breste du trimestre\b|\bresto del trimestre\b|(?:这个?|本)季度剩[下余]的?(?:时间)?"),
    ("year-rest", 0, r"\b(?:rest|remainder) of (?:the|this) year\b|\bRest des Jahres\b|\breste de l['’]année\b|\bresto del año\b|今年剩[下余]的?(?:时间)?|今年の残り"),
    ("week-sofar", 0, r"\bweek[- ]to[- ]date\b|\bWTD\b|\bthis week so far\b|\bso far this week\b|本周至今|本周以来"),
    ("month-sofar", 0, r"\bmonth[- ]to[- ]date\b|\bMTD\b|\bthis month so far\b|\bso far this month\b|\bseit Monatsbeginn\b|\bdepuis le début du mois\b|\ben lo que va de mes\b|本月至今|本月以来|月初至今|这个月到现在"),
    ("quarter-sofar", 0, r"\bquarter[- ]to[- ]date\b|\bQTD\b|\bthis quarter so far\b|\bso far this quarter\b|\bseit Quartalsbeginn\b|本季度至今|本季度以来"),
    ("year-sofar", 0, r"\byear[- ]to[- ]date\b|\bYTD\b|\bthis year so far\b|\bso far this year\b|\bseit Jahresbeginn\b|\bdepuis le début de l['’]année\b|\ben lo que va de año\b|今年至今|今年以来|年初至今|今年到现在"),
    ("day", 0, r"\btoday\b|\bheute\b|aujourd['’]hui|\bhoy\b|今天|今日"),
    ("day", 1, r"\btomorrow\b|\bmorgen\b(?! früh)|\bdemain\b|\bmañana\b|明天|明日"),
    ("day", -1, r"\byesterday\b|\bgestern\b|\bhier\b|\bayer\b|昨天|昨日"),
    ("week", -2, r"\bweek before last\b|\bvorletzte[rn]? Woche\b|\bavant-dernière semaine\b|\bsemana antepasada\b|上上周|上上个?(?:星期|礼拜)|先々週|前一周的前一周"),
    ("week", 2, r"\bweek after next\b|\bübernächste[rn]? Woche\b|下下周|下下个?(?:星期|礼拜)|再来週"),
    ("week", 0, r"\bthis week\b|\bdiese(?:r)? Woche\b|\bcette semaine\b|\besta semana\b|这周|本周|这个?(?:星期|礼拜)|今週"),
    ("week", 1, r"\bnext week\b|\b(?:nächste|kommende)r? Woche\b|\bsemaine prochaine\b|\b(?:próxima semana|semana que viene)\b|下周|下个?(?:星期|礼拜)|来週"),
    ("week", -1, r"\b(?:last|previous|past) week\b|\b(?:letzte|vergangene|vorige)r? Woche\b|\bsemaine (?:dernière|passée)\b|\b(?:semana pasada|última semana)\b|上周|上个?(?:星期|礼拜)|先週"),
    ("month", 0, r"\bthis month\b|\bdiese[nmr]? Monat\b|\bce mois(?:-ci)?\b|\beste mes\b|这个?月|本月|今月"),
    ("month", 1, r"\bnext month\b|\b(?:nächste|kommende)[nrm]? Monat\b|\bmois prochain\b|\b(?:próximo mes|mes que viene)\b|下个?月|来月"),
    ("month", -1, r"\b(?:last|previous|past) month\b|\b(?:letzte|vergangene|vorige)[nrm]? Monat\b|\bmois (?:dernier|passé)\b|\bmes pasado\b|上个?月|先月"),
    ("quarter", 0, r"\bthis quarter\b|\bdieses Quartal\b|\bce trimestre\b|\beste trimestre\b|本季度|这个季度"),
    ("quarter", 1, r"\bnext quarter\b|\b(?:nächste|kommende)[sn]? Quartal\b|\btrimestre prochain\b|\bpróximo trimestre\b|下个?季度"),
    ("quarter", -1, r"\b(?:last|previous) quarter\b|\bletzte[sn]? Quartal\b|\btrimestre dernier\b|\btrimestre pasado\b|上个?季度"),
    ("year", 0, r"\bthis year\b|\bdieses Jahr\b|\bcette année\b|\beste año\b|今年"),
    ("year", 1, r"\bnext year\b|\bnächste[sn]? Jahr\b|\bannée prochaine\b|\b(?:próximo año|año que viene)\b|明年|来年"),
    ("year", -1, r"\b(?:last|previous) year\b|\bletzte[sn]? Jahr\b|\bannée dernière\b|\baño pasado\b|去年|昨年"),
    ("yearend", 0, r"\bend of (?:the |this )?year\b|\byear[- ]?end\b|\b(?:Jahresende|Ende des Jahres)\b|\bfin (?:de l['’]année|d['’]année)\b|\b(?:fin de año|final del año|finales de año)\b|年底|年末"),
    ("monthend", 0, r"\bend of (?:the |this )?month\b|\bmonth[- ]?end\b|\bMonatsende\b|\bfin du mois\b|\bfin de mes\b|月底|月末"),
    ("weekend", 0, r"\b(?:this |the )?weekend\b|\bWochenende\b|\bweek-end\b|\bfin de semana\b|周末|週末"),
)  # fmt: skip
_STEMS = {
    "week": ("week", "woche", "semaine", "semana", "周", "星期", "礼拜", "週", "wtd"),
    "month": ("month", "monat", "mois", "mes", "月", "mtd"),
    "quarter": ("quarter", "quartal", "trimestre", "季度", "qtd"),
    "year": ("year", "jahr", "année", "año", "年", "ytd"),
    "day": ("today", "heute", "aujourd", "hoy", "今", "tomorrow", "morgen", "demain", "mañana", "明",
            "yesterday", "gestern", "hier", "ayer", "昨"),
    "yearend": ("year", "jahr", "année", "año", "年"),
    "monthend": ("month", "monat", "mois", "mes", "月"),
    "weekend": ("weekend", "wochenende", "week-end", "semana", "周末", "週末"),
}  # fmt: skip
"""A word, or piece of one, that every wording of a kind holds: most texts hold few, and need no pattern tried."""
_RELATIVES = tuple((kind, shift, re.compile(words, re.I)) for kind, shift, words in _RELATIVE)
_NAMED = tuple((name, re.compile(rf"(?:(?:{_YEAR})\s?年?)?(?P<n>{words})(?:\s+{_YEAR.replace('year', 'year2')})?", re.I), day)
               for name, (words, day) in NAMED_DAYS.items())  # fmt: skip
_REACH = 40  # characters beside a number or a day in which the words that place it stand
HALF_A_YEAR = TIME_UNITS["year"] // 2
_AHEAD = re.compile(
    r"(?:\b(?:next|coming|following|upcoming|nächsten?|kommenden?|prochaine?s?|próxim[oa]s?)|未来|接下来|今后|往后|后面|今後|これから|次の)\s*(?:的|の)?\s*$",
    re.I,
)
_PAST = re.compile(
    r"(?:\b(?:last|past|previous|trailing|letzten?|vergangenen?|derni(?:er|ère)s?|últim[oa]s?|pasad[oa]s?)|过去|最近|近|前|过去的|直近|過去)\s*(?:的|の)?\s*$",
    re.I,
)
_PAST_AFTER = re.compile(r"\s*(?:ago\b|derni(?:er|ère)s\b|passée?s\b|pasad[oa]s\b|以来|之前|以前|前(?!后))", re.I)
_AHEAD_AFTER = re.compile(r"\s*(?:à venir|qui viennent|prochaine?s?\b|que vienen|之?内|以内|のうち)", re.I)
_AFTER = re.compile(r"\s*(?:之后|以后|后|後|from now|later)", re.I)
_IN = re.compile(r"\b(?:in|dans|dentro de|en|within|innerhalb von|binnen)\s*$", re.I)
_WITHIN = re.compile(r"\b(?:within|innerhalb von|binnen)\s*$", re.I)
_OVER = re.compile(r"\b(?:over|for|during|für|über|pendant|sur|durante|por)\s+(?:the\s+)?$", re.I)
_BY = re.compile(
    r"\b(?:by|until|till|before|bis(?: zum| zu)?|vor|spätestens(?: am)?|jusqu['’](?:à|au)|d['’]ici(?: le| à)?|avant(?: le)?|hasta(?: el)?|antes del?|para(?: el)?)\s+(?:the\s+)?$",
    re.I,
)
_BY_AFTER = re.compile(r"\s*(?:之前|以前|前(?!后)|为止|まで(?:に)?)")
_TO = re.compile(
    r"\s*(?:-|–|—|~|～|〜|to|until|through|bis(?: zum)?|au|à|al?|hasta(?: el)?|至|到|から|and|und|et|y|和)\s*(?:the\s+)?",
    re.I,
)


def dates_in(text: str, as_of: date, language: str | None = None, masked: Iterable[Span] = ()) -> list[DateSaid]:
    """Every day or stretch of days said, in order. A day without a year is the one nearest to `as_of`;
    a week starts on Monday; "the next 30 days" start the day after `as_of`."""
    return dates_and_numbers(text, as_of, language, masked)[0]


def dates_and_numbers(
    text: str, as_of: date, language: str | None = None, masked: Iterable[Span] = ()
) -> tuple[list[DateSaid], list[NumberSaid]]:
    """The dates said, and the numbers said beside them: no number is the digit of a calendar day."""
    from agent.reading.languages import language_of

    language = (language or language_of(text)).split("-")[0]
    shown = blank(plain(text), masked)
    found: list[DateSaid] = []

    def add(said: DateSaid | None) -> None:
        if said and not any(said.span[0] < d.span[1] and d.span[0] < said.span[1] for d in found):
            found.append(replace(said, text=text[said.span[0] : said.span[1]]))

    for name, pattern, day in _NAMED:
        for match in pattern.finditer(shown):
            add(_named(name, match, day, as_of))
    folded = shown.casefold()
    names_month = any(stem in folded for stem in _MONTH_STEMS)
    for kind, pattern in _ABSOLUTE:
        if not names_month and _MONTH in pattern.pattern:
            continue
        for match in pattern.finditer(shown):
            add(_absolute(kind, match, shown, as_of, language))
    said_kinds = {kind for kind, stems in _STEMS.items() if any(stem in folded for stem in stems)}
    for kind, shift, pattern in _RELATIVES:
        if kind.partition("-")[0] in said_kinds:
            for match in pattern.finditer(shown):
                add(_relative(kind, shift, match, as_of))
    numbers = numbers_in(shown, language, [d.span for d in found])
    for number in numbers:
        add(_counted(number, shown, as_of))
    found.sort(key=lambda said: said.span)
    dates = [_deadline(said, shown, as_of) for said in _joined(found, shown, text)]
    return dates, [replace(number, text=text[number.start : number.end]) for number in numbers]


def calendar_spans(dates: Sequence[DateSaid]) -> list[Span]:
    """Where calendar days stand, whose digits are not numbers of their own."""
    return [d.span for d in dates if d.kind != "duration" and d.horizon_days is None]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, as_of: date) -> date | None:
    options = [d for y in (as_of.year - 1, as_of.year, as_of.year + 1) if (d := _day(y, month, day))]
    return min(options, key=lambda d: abs((d - as_of).days), default=None)


def _int(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = han_value(text)
    return int(value) if value is not None else 0


def _absolute(kind: str, match: re.Match[str], text: str, as_of: date, language: str) -> DateSaid | None:
    said = match.groupdict()
    year = int(said.get("year") or said.get("year2") or said.get("year3") or 0)
    year += 2000 if 0 < year < 100 else 0
    if kind == "year":
        return _stretch(date(year, 1, 1), date(year, 12, 31), match) if year else None
    if kind == "quarter":
        return _quarter(_int(said["q"] or said["q2"] or said["q3"]), year, match, as_of)
    if kind == "half":
        return _half(match, as_of)
    if kind == "week":
        try:
            monday = date.fromisocalendar(year or as_of.year, int(said["week"]), 1)
        except ValueError:
            return None
        return _stretch(monday, monday + timedelta(days=6), match, bool(year))
    if kind == "slash":
        a, b = int(said["a"]), int(said["b"])
        first = (year, a, b) if language in {"en", "zh", "ja"} else (year, b, a)
        found = _day(*first) or _day(first[0], first[2], first[1])
        return DateSaid(found, found, match.span(), "", "day") if found else None
    word = (said.get("month") or "").casefold()
    month = MONTHS[word] if word else _int(said["m"])
    if not 1 <= month <= 12:
        return None
    if kind in {"month", "loose"}:
        if kind == "loose" and (
            word in AMBIGUOUS_MONTHS or (not match["month"][0].isupper() and language in {"en", "de"})
        ):
            return None
        verb_too = kind == "month" and word in {"mar", "march", "may"} and not match["month"][0].isupper()
        if verb_too and not _MONTH_AHEAD.search(text[max(0, match.start("month") - _REACH) : match.start("month")]):
            return None
        return _month(month, year, match, text, as_of, said.get("part"))
    day = _int(said["day"])
    start = _day(year, month, day) if year else _nearest(month, day, as_of)
    if start is None:
        return None
    if kind == "days":
        end = _day(start.year, month, int(said["last"]))
        if end is None or end < start:
            return None
        return DateSaid(start, end, match.span(), "", "range", year_said=bool(year))
    if said.get("m") and not word and not year and "." in match[0]:
        led = re.search(
            r"\b(?:on|by|until|before|from|to|since|am|bis|ab|vom|zum|vor|le|au|el|hasta)\s+(?:the\s+)?$",
            text[max(0, match.start() - _REACH) : match.start()],
        )
        if language != "de" and not led:
            return None
    return DateSaid(start, start, _trimmed(match), "", "day", year_said=bool(year))


def _trimmed(match: re.Match[str]) -> Span:
    start, end = match.span()
    return start + len(match[0]) - len(match[0].lstrip()), end


def _month(month: int, year: int, match: re.Match[str], text: str, as_of: date, part: str | None) -> DateSaid | None:
    said_year = bool(year)
    if not year:
        year = min((as_of.year - 1, as_of.year, as_of.year + 1),
                   key=lambda y: abs((date(y, month, 15) - as_of).days))  # fmt: skip
    last = monthrange(year, month)[1]
    first_day, last_day = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, last)}.get(
        part or "", (1, last)
    )
    start, end = date(year, month, first_day), date(year, month, last_day)
    if part in {"底", "末"} or _END_OF.search(text[max(0, match.start() - _REACH) : match.start()]):
        return DateSaid(end, end, match.span(), "", "deadline", year_said=said_year)
    return _stretch(start, end, match, said_year)


def _quarter(q: int, year: int, match: re.Match[str], as_of: date) -> DateSaid:
    said_year = bool(year)
    if not year:
        now = (as_of.month - 1) // 3 + 1
        year = as_of.year + (1 if q < now and now - q > 1 else 0)
    end_month = 3 * q
    return _stretch(
        date(year, end_month - 2, 1), date(year, end_month, monthrange(year, end_month)[1]), match, said_year
    )


def _half(match: re.Match[str], as_of: date) -> DateSaid:
    """The first or second half of a calendar year, this year unless another is said."""
    said = match.groupdict()
    year = next((int(said[g]) for g in ("year", "year2", "year3", "year4", "year5") if said[g]), 0)
    second = any((said[g] or "").casefold() in {"下", "2", "second", "zweite"} for g in ("zh", "h", "h2", "en", "de"))
    shift = {"去": -1, "last": -1, "明": 1, "next": 1}.get((said["rel"] or said["rel2"] or "").casefold(), 0)
    of = year or as_of.year + shift
    first, last = (date(of, 7, 1), date(of, 12, 31)) if second else (date(of, 1, 1), date(of, 6, 30))
    return _stretch(first, last, match, bool(year))


def _stretch(start: date, end: date, match: re.Match[str], year_said: bool = True, absolute: bool = True) -> DateSaid:
    return DateSaid(start, end, match.span(), "", "range", absolute, year_said)


def _named(name: str, match: re.Match[str], day: object, as_of: date) -> DateSaid | None:
    said = match["year"] or match["year2"]
    when = day if callable(day) else None
    if when is None:
        return None
    years = [int(said)] if said else [as_of.year, as_of.year + 1]
    days = [d for y in years if (d := when(y))]
    ahead = [d for d in days if said or d >= as_of]
    if not ahead:
        return None
    return DateSaid(ahead[0], ahead[0], match.span(), "", "day", absolute=False, year_said=bool(said), name=name)


def _relative(kind: str, shift: int, match: re.Match[str], as_of: date) -> DateSaid:
    kind, _, part = kind.partition("-")
    if kind == "day":
        start = end = as_of + timedelta(days=shift)
    elif kind == "week":
        start = as_of - timedelta(days=as_of.weekday()) + timedelta(days=7 * shift)
        end = start + timedelta(days=6)
    elif kind in {"month", "quarter"}:
        size = 1 if kind == "month" else 3
        first = (as_of.year * 12 + as_of.month - 1) // size * size + size * shift
        start = date(first // 12, first % 12 + 1, 1)
        end = _plus_months(start, size) - timedelta(days=1)
    elif kind == "weekend":
        start = as_of + timedelta(days=max(5 - as_of.weekday(), 0))
        end = as_of + timedelta(days=6 - as_of.weekday())
    elif kind == "year":
        start, end = date(as_of.year + shift, 1, 1), date(as_of.year + shift, 12, 31)
    else:
        start = end = (
            date(as_of.year, 12, 31) if kind == "yearend"
            else as_of.replace(day=monthrange(as_of.year, as_of.month)[1])
        )  # fmt: skip
        return DateSaid(start, end, match.span(), "", "deadline", absolute=False)
    if part == "rest":
        start = min(as_of + timedelta(days=1), end)
    elif part == "sofar":
        end = as_of
    return DateSaid(start, end, match.span(), "", "day" if kind == "day" else "range", absolute=False)


def _plus_months(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def _counted(number: NumberSaid, text: str, as_of: date) -> DateSaid | None:
    if number.unit not in TIME_UNITS or number.unit == "hour" or number.value != int(number.value):
        return None
    n = int(number.value)
    if not 0 < n < 5000:
        return None
    head, tail = text[max(0, number.start - _REACH) : number.start], text[number.end : number.end + _REACH]
    inside = re.sub(r"[^\W\d_]+$", "", text[number.start : number.end]).rstrip()
    horizon = HALF_A_YEAR if HALF_YEAR.fullmatch(text[number.start : number.end]) else n * TIME_UNITS[number.unit]
    months = n * {"month": 1, "year": 12}.get(number.unit, 0)
    ahead = _plus_months(as_of, months) if months else as_of + timedelta(days=horizon)
    back = _plus_months(as_of, -months) if months else as_of - timedelta(days=horizon)
    kind: Literal["duration", "deadline"] = "duration"
    if _PAST.search(head) or _PAST.search(inside) or (_PAST_AFTER.match(tail) and not _IN.search(head)):
        if re.match(r"\s*ago\b", tail):
            return DateSaid(back, back, number.span, "", "day", absolute=False, horizon_days=horizon)
        start, end = back + timedelta(days=1), as_of
    elif _AHEAD.search(head) or _AHEAD.search(inside) or _AHEAD_AFTER.match(tail) or _OVER.search(head):
        start, end = as_of + timedelta(days=1), ahead
    elif _AFTER.match(tail) or _IN.search(head):
        start, end = as_of + timedelta(days=1), ahead
        kind = "duration" if _WITHIN.search(head) else "deadline"
    else:
        return None
    return DateSaid(start, end, number.span, "", kind, absolute=False, horizon_days=horizon)


def _joined(found: list[DateSaid], shown: str, text: str) -> list[DateSaid]:
    joined: list[DateSaid] = []
    for said in found:
        before = joined[-1] if joined else None
        if before and before.kind in {"day", "range"} and said.kind in {"day", "range"} and before.horizon_days is None:
            gap = shown[before.span[1] : said.span[0]]
            spelled = gap.strip().casefold() not in {"and", "und", "et", "y", "和"} or re.search(
                r"(?:between|zwischen|entre|du|from|von|vom|del|在|从)\s+(?:the\s+|dem\s+|el\s+)?$",
                shown[max(0, before.span[0] - _REACH) : before.span[0]],
                re.I,
            )
            if _TO.fullmatch(gap) and spelled and gap.strip():
                start = before.start
                if start > said.end and not before.year_said:
                    start = _day(start.year - 1, start.month, start.day) or start
                if start <= said.end:
                    span = (before.span[0], said.span[1])
                    joined[-1] = replace(before, start=start, end=said.end, span=span, text=text[span[0] : span[1]],
                                         kind="range", year_said=before.year_said or said.year_said)  # fmt: skip
                    continue
        joined.append(said)
    return joined


def _deadline(said: DateSaid, text: str, as_of: date) -> DateSaid:
    if said.kind not in {"day", "range"} or said.horizon_days is not None:
        return said
    head, tail = text[max(0, said.span[0] - 24) : said.span[0]], text[said.span[1] :]
    if _BY.search(head) or _BY_AFTER.match(tail):
        return replace(said, kind="deadline")
    return said
