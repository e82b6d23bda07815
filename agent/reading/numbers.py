"""Numbers in a text, with their units, scale, precision and hedges, as six languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from agent.reading.numerals import HAN_NUMERAL, han_value, spoken
from agent.reading.said import NumberSaid, Span
from agent.reading.units import CURRENCIES, TIME_UNITS, currency_before, unit_after

_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0x2212: 0x2D, 0x2011: 0x2D}
_GROUPED = r"\d{1,3}(?:(?P<sep>[,.'’\u00a0\u202f]|(?<!\d\d\d\d)[ ](?=\d{3}(?!\d)))\d{3}(?!\d))(?:(?P=sep)\d{3}(?!\d))*(?:[.,]\d+)?"
_DIGITS = re.compile(rf"(?<![\w.])(?:{_GROUPED}|\d+(?:[.,]\d+)?)|(?<=[^\W\d_])(?<![A-Za-z])\d+(?:[.,]\d+)*")
_HAN = re.compile(rf"(?:百分之|[{HAN_NUMERAL}])[{HAN_NUMERAL}点]*")
_SCALE_AFTER = re.compile(
    r"(?:(?P<k>[\s\u00a0]?[kK](?![\w/])|[\s\u00a0]?(?:thousand|tausend|Tsd\.?|mille|mil)\b)|"
    r"(?P<m>[\s\u00a0]?(?:mn|mio\.?|millions?|Millionen|millones|millón)\b|M(?!\w))|"
    r"(?P<b>[\s\u00a0]?(?:bn|billions?|Milliarden?|milliards?)\b|B(?!\w))|"
    r"(?P<d>\s(?:dozens?|Dutzend|douzaines?|docenas?)\b)|"
    r"(?P<hm>\s?百万)|(?P<tm>\s?千万)|(?P<w>\s?[万萬])|(?P<y>\s?[亿億])|(?P<q>\s?千(?!克))|(?P<h>\s?百(?!分)))"
)
_LAST_DIGIT = re.compile(  # 1万5, 1万5千 and 1千5: the last digit counts tenths of the scale before it
    r"(?<=[万萬])(\d)(?:千|(?![\d.,百十天周月年日号倍折成%％]))|(?<=千)(\d)(?:百|(?![\d.,十天周月年日号倍折成%％]))|"
    r"(?<=百)(\d)(?:十|(?![\d.,天周月年日号倍折成%％]))"
)
_SCALES = {
    "k": 10**3,
    "m": 10**6,
    "b": 10**9,
    "d": 12,
    "hm": 10**6,
    "tm": 10**7,
    "w": 10**4,
    "y": 10**8,
    "q": 1000,
    "h": 100,
}
_ABOUT = re.compile(
    r"(?:\babout|\baround|\broughly|\bapproximately|\bapprox\.?|~|≈|\bsome|\bnearly|\balmost|\bcirca|\bca\.|\betwa|"
    r"\brund|\bungefähr|\bknapp|\bfast|\benviron|\bautour de|\bprès de|\bpresque|\baproximadamente|\bunos|\bunas|"
    r"\bcerca de|\balrededor de|\bcasi|约|大约|大概|大致|将近|接近|近|差不多|約|およそ|ほぼ|だいたい)\s*(?:the\s+|[卖售剩需要订购花有为是能可会出]{1,3})?$", re.I
)  # fmt: skip
_OVER = re.compile(r"(?:\bover|\bmore than|\babove|\büber|\bmehr als|\bplus de|\bmás de|超过|多于|超え)\s*$", re.I)
_UNDER = re.compile(
    r"(?:\bunder|\bless than|\bbelow|\bunter|\bweniger als|\bmoins de|\bmenos de|不到|少于|低于)\s*$", re.I
)
_ABOUT_AFTER = re.compile(r"\s*(?:左右|上下|前後|程度|ほど|くらい|ぐらい|or so\b|-ish\b)", re.I)
_LOW = re.compile(
    r"(?:\bat least|\bat worst|\bminimum(?: of)?|\blowest|\bfrom a low of|\bmindestens|\bau moins|\bau minimum|"
    r"\bal menos|\bcomo mínimo|至少|最少|最低|最坏|少なくとも|最低でも)\s*(?:is|are|sells?|[卖售剩需要订购花有为是能可会出]{1,3})?\s*$", re.I
)  # fmt: skip
_HIGH = re.compile(
    r"(?:\bat most|\bat best|\bmaximum(?: of)?|\bno more than|\bup to|\bhöchstens|\bmaximal|\bau plus|\bau maximum|"
    r"\bcomo máximo|\bhasta|至多|最多|最高|最大|最大で|多くても)\s*(?:is|are|sells?|[卖售剩需要订购花有为是能可会出]{1,3})?\s*$", re.I
)  # fmt: skip
_DISCOUNT = re.compile(
    r"\s*(?:off\b|(?:price\s)?(?:discount|reduction)|rabatt|nachlass|günstiger|de (?:réduction|remise|rabais)|"
    r"de (?:descuento|rebaja)|オフ|引き|割引|的?折扣|discount)", re.I
)  # fmt: skip
_RANGE = re.compile(r"\s*(?:-|–|—|~|～|〜|\bto\b|\bbis\b|à|\ba\b|至|到|から)\s*(?:about\s+|约)?")
_BETWEEN = re.compile(r"\s*(?:and|und|et|y|和|与)\s*")
_BETWEEN_BEFORE = re.compile(
    r"(?:(?<!difference )(?<!gap )(?<!spread )(?<!choose )(?<!switch )(?<!split )\bbetween|(?<!Unterschied )\bzwischen|(?<!différence )(?<!diferencia )\bentre|介于|在)\s*$",
    re.I,
)
_TIMES_BEFORE = re.compile(r"[×x]\s?$")
_MULTIPLIED = re.compile(r"\d\s?[×x]\s?$")
_LETTER_X = re.compile(r"\w[x]$")
_SIGN = re.compile(r"[\s(:：,，（]([-+])\s?$")
_FIRST_SIGN = re.compile(r"(?:^|[\s(:：,，（])([-+])\s?$")
_FOLD = re.compile(r"(?P<n>[0-9.]+|[一二三四五六七八九]{1,2})\s?折")
_WARI = re.compile(r"(?P<n>\d+(?:\.\d+)?|[一二三四五六七八九])割(?:引き?)?")
_TENTHS = re.compile(
    r"(?P<n>\d+(?:\.\d+)?|[一二两三四五六七八九])成(?![本品功为立交人员分绩果都熟长就套型千百天语]|不变)(?P<half>半)?"
)
HALF_YEAR = re.compile(
    r"(?<![上下个個前])半年|\bhalf(?: an?|-an?-)? ?-?year\b|\bhalbe[snr]? Jahr\b|\bdemi-année\b|\bmedio año\b", re.I
)
QUARTER = re.compile(
    r"一[个個]季度|(?<!\d)(?:one|a full|a whole) quarter\b(?! of (?!the year))|\b(?:over|for|in|within) a quarter\b(?! of (?!the year))",
    re.I,
)
_HALVES = (
    (Decimal(6), "month", HALF_YEAR),
    (Decimal(3), "month", QUARTER),
    (Decimal(15), "day", re.compile(r"半[个個]月|\bhalf an? month\b|\bhalbe[nr] Monat\b|\bmedio mes\b", re.I)),
    (Decimal(6), None, re.compile(r"\bhalf an? dozen\b|\bhalbes Dutzend\b|\bdemi-douzaine\b|\bmedia docena\b", re.I)),
)
_FACTORS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("4", re.compile(r"翻两番|翻兩番|\bquadrupl\w+|\bvervierfach\w+", re.I)),
    ("3", re.compile(r"\btripl(?:e|es|ed|ing)\b|\bverdreifach\w+|\btripl(?:er|ent|ican|icar?)\b", re.I)),
    ("2", re.compile(
        r"\bdoubl(?:e|es|ed|ing)\b(?!-?\s?check)|\btwice\b|\bverdoppel\w+|\bdoppelt\w*|\bdoubler\b|\bdoublent\b|"
        r"\bduplic\w+|\bel doble\b|翻倍|翻一倍|翻一番|加倍|成倍|(?:增长|增加|提高|上涨|涨|多)了?一倍|倍増|倍になる", re.I)),
    ("0.5", re.compile(
        r"\bhal(?:f|ve|ves|ved|ving)\b(?!\s+of\s+(?:the\s+)?(?:year|month|week|december|november))|\bhalbier\w+|"
        r"\bdie Hälfte\b|\bla moitié\b|\bla mitad\b|一半|减半|半数|半分|半減", re.I)),
)  # fmt: skip
_NOT_HALF = re.compile(r"(?:first|second|other|erste|zweite|première|primera)[\s-]+$", re.I)
_NOT_NUMBERS = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|(?<![\d/])24/7(?![\d/])")
_NOT_NUMERALS = re.compile(
    r"一[下些点样般起直旦定切共致并再边旁方面律向系同概道体类流]|[万千]一|万圣|[星周期礼]+[一二三四五六七]|十分|百货|"
    r"千万(?=[别不要])|一成不变|三八|双十[一二]|统一|唯一|之一|任一|某一|同一|另一|万能|[一二三四五六七八九十]+月|"
    r"[一二三四五六七八九十]+[日号](?![元圆本])|四季|五金|百搭|一番|第[一二三四五六七八九十]++(?!周|週|个?星期)|不三不四|十一(?=假|黄金)"
)


def plain(text: str) -> str:
    """The text with full-width digits and signs made narrow; every character keeps its place."""
    return text.translate(_FULL_WIDTH)


def numbers_in(text: str, language: str | None = None, masked: Iterable[Span] = ()) -> list[NumberSaid]:
    """Every number said, in order. `language` decides what 1.234 means (its own guess when None);
    spans in `masked` (product names, codes, dates) are passed over."""
    from agent.reading.languages import language_of

    language = (language or language_of(text)).split("-")[0]
    shown = blank(plain(text), masked)
    shown = _NOT_NUMBERS.sub(lambda m: "\x01" * len(m[0]), shown)
    found: list[NumberSaid] = []
    taken: list[Span] = []

    def add(said: NumberSaid | None) -> None:
        if said and not any(said.start < end and start < said.end for start, end in taken):
            found.append(said)
            taken.append(said.span)

    for said in _discounts(shown):
        add(said)
    for half, unit, pattern in _HALVES:
        for match in pattern.finditer(shown):
            if not _NOT_HALF.search(shown[: match.start()]):
                counted = unit_after(shown, match.end(), language) if unit is None else None
                end = counted[1] if counted else match.end()
                add(NumberSaid(half, match.start(), end, match[0], counted[0][0] if counted else unit, word=True,
                               approximate=_hedge(shown, match.start(), end)))  # fmt: skip
    for factor, pattern in _FACTORS:
        for match in pattern.finditer(shown):
            if factor != "0.5" or not _NOT_HALF.search(shown[: match.start()]):
                add(NumberSaid(Decimal(factor), match.start(), match.end(), match[0], "times", word=True,
                               approximate=_hedge(shown, match.start(), match.end())))  # fmt: skip
    for match in _DIGITS.finditer(shown):
        add(_digits(shown, match, language))
    for match in _HAN.finditer(
        _NOT_NUMERALS.sub(lambda m: "\0" * len(m[0]), shown) if language in {"zh", "ja"} else ""
    ):
        add(_han(shown, match, language))
    for start, end, value in spoken(shown, language):
        add(_finish(shown, start, end, Decimal(value), language, Decimal(1), 0, Decimal(1), word=True))
    found.sort(key=lambda said: said.start)
    return [replace(said, text=text[said.start : said.end]) for said in _ranges(shown, found)]


def blank(text: str, spans: Iterable[Span]) -> str:
    """The text with spans made of spaces, so that what follows keeps its place."""
    for start, end in spans:
        text = text[:start] + "\x01" * (end - start) + text[end:]
    return text


def _discounts(text: str) -> list[NumberSaid]:
    found = []
    for match in _FOLD.finditer(text):
        said = match["n"] if match["n"][0].isdigit() else str(han_value(match["n"]))
        try:
            rate = Decimal(said)
        except ArithmeticError:
            continue
        kept = rate * 10 if rate < 10 else rate
        if 0 < kept < 100:
            found.append(NumberSaid(100 - kept, match.start(), match.end(), match[0], "percent", role="discount",
                                    approximate=_hedge(text, match.start(), match.end())))  # fmt: skip
    for match in _TENTHS.finditer(text):
        tenths = Decimal(match["n"]) if match["n"][0].isdigit() else han_value(match["n"])
        if tenths is not None:
            share = tenths * 10 + (5 if match["half"] else 0)
            found.append(NumberSaid(share, match.start(), match.end(), match[0], "percent", word=True,
                                    approximate=_hedge(text, match.start(), match.end()),
                                    bound=_bound(text, match.start())))  # fmt: skip
    for match in _WARI.finditer(text):
        value = Decimal(match["n"]) if match["n"][0].isdigit() else han_value(match["n"])
        if value is not None:
            role: Literal["discount"] | None = "discount" if "引" in match[0] else None
            found.append(NumberSaid(value * 10, match.start(), match.end(), match[0], "percent", role=role))
    return found


def _digits(text: str, match: re.Match[str], language: str) -> NumberSaid | None:
    raw, separator = match[0], match["sep"]
    if separator == " " and language not in {"fr", "es", "de"}:
        raw = raw.split(" ")[0]
    start, end = match.start(), match.start() + len(raw)
    if text[end : end + 1].isalpha() and text[end].isascii() and not _suffix(text, end, language):
        return None
    value, decimals = _value(raw, language)
    scale = Decimal(1)
    if large := _SCALE_AFTER.match(text, end):
        scale, end = Decimal(_SCALES[large.lastgroup or "k"]), large.end()
        if more := re.match(r"\s?[万亿]", text[end:]):
            scale, end = scale * _SCALES["w" if "万" in more[0] else "y"], end + more.end()
        if rest := _LAST_DIGIT.match(text, end):
            value, end = value + Decimal(rest[rest.lastindex or 0]) / 10, rest.end()
    step = scale.scaleb(-decimals)
    return _finish(text, start, end, value * scale, language, step, decimals, scale)


def _suffix(text: str, at: int, language: str) -> bool:
    """A unit or scale may follow a digit without a space: 500ml, 30d, 1.2k, 14x."""
    unit = unit_after(text, at, language)
    large = _SCALE_AFTER.match(text, at)
    return bool((unit and not text[unit[1] : unit[1] + 1].isalnum()) or large)


def _value(raw: str, language: str) -> tuple[Decimal, int]:
    marks = [c for c in raw if not c.isdigit()]
    comma_decimal = language in {"de", "fr", "es"}
    decimal = None
    if "," in marks and "." in marks:
        decimal = marks[-1]
    elif len(marks) == 1 and marks[0] in ",.":
        head, tail = raw.split(marks[0])
        grouping = len(tail) == 3 and head != "0" and marks[0] == ("." if comma_decimal else ",")
        decimal = None if grouping else marks[0]
    elif len(set(marks)) > 1:
        decimal = marks[-1] if marks[-1] in ",." else None
    decimals = len(raw.rsplit(decimal, 1)[1]) if decimal else 0
    digits = "".join(c for c in raw if c.isdigit())
    return Decimal(digits).scaleb(-decimals), decimals


def _han(text: str, match: re.Match[str], language: str) -> NumberSaid | None:
    raw, start, end = match[0], match.start(), match.end()
    hundredth = raw.startswith("百分之")
    body = raw[3:] if hundredth else raw
    if hundredth and not body:
        digits = re.match(r"\s?\d+(?:\.\d+)?", text[end:])
        if digits is None:
            return None
        body, end = digits[0].strip(), end + digits.end()
    whole, dot, tail = body.rstrip("点").partition("点")
    end = end - (len(body) - len(body.rstrip("点")))
    value = Decimal(body) if body[0].isdigit() else han_value(whole)
    if value is None:
        return None
    decimals = 0
    if dot and tail and (fraction := han_value(tail)) is not None:
        value, decimals = value + fraction.scaleb(-len(tail)), len(tail)
    if hundredth:
        return NumberSaid(value, start, end, raw, "percent", step=Decimal(1).scaleb(-decimals), decimals=decimals,
                          word=True, approximate=_hedge(text, start, end), bound=_bound(text, start))  # fmt: skip
    return _finish(text, start, end, value, language, Decimal(1).scaleb(-decimals), decimals, Decimal(1), word=True)


def _finish(text: str, start: int, end: int, value: Decimal, language: str, step: Decimal, decimals: int,
            scale: Decimal, word: bool = False) -> NumberSaid:  # fmt: skip
    units: tuple[str, ...] = ()
    if before := currency_before(text, start, language):
        units, start = before
    if after := unit_after(text, end, language):
        if units and after[0][0] in CURRENCIES:
            units, end = (tuple(u for u in after[0] if u in units) or after[0]), after[1]
        elif not units:
            units, end = after
    if units[:1] == ("year",) and not word and 1900 <= value <= 2100:
        units = ()
    from_here = max(0, start - 6)
    head = text[from_here:start]
    if factor := _TIMES_BEFORE.search(head):
        if not units and not _MULTIPLIED.search(head) and not _LETTER_X.search(head):
            units, start = ("times",), from_here + factor.start()
    elif sign := (_FIRST_SIGN if from_here == 0 else _SIGN).search(head):
        at = from_here + sign.start(1)
        previous = text[:at].rstrip() if sign[0][0].isspace() else ""
        if not previous[-1:].isdigit() and not _list_marker(text, at, sign):
            start = at
            value = -value if sign[1] == "-" else value
    unit = units[0] if units else None
    role: Literal["discount"] | None = "discount" if unit == "percent" and _DISCOUNT.match(text, end) else None
    return NumberSaid(value, start, end, text[start:end], unit, units[1:], step, decimals, scale,
                      _hedge(text, start, end), _bound(text, start), role=role, word=word)  # fmt: skip


def _list_marker(text: str, at: int, sign: re.Match[str]) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return sign[1] == "-" and not line.strip() and sign[0][-1:].isspace()


def _hedge(text: str, start: int, end: int) -> Literal["about", "over", "under"] | None:
    head = text[max(0, start - 24) : start]
    if _ABOUT.search(head) or _ABOUT_AFTER.match(text, end):
        return "about"
    if _OVER.search(head) or text[end : end + 1] == "+" or text[end : end + 2] == "以上":
        return "over"
    return "under" if _UNDER.search(head) else None


def _bound(text: str, start: int) -> Literal["low", "high"] | None:
    head = text[max(0, start - 24) : start]
    return "low" if _LOW.search(head) else "high" if _HIGH.search(head) else None


def _ranges(text: str, found: list[NumberSaid]) -> list[NumberSaid]:
    linked = list(found)
    for i in range(len(linked) - 1):
        low, high = linked[i], linked[i + 1]
        gap = text[low.end : high.start]
        between = _BETWEEN.fullmatch(gap) and _BETWEEN_BEFORE.search(text[: low.start])
        joined = bool(between or _RANGE.fullmatch(gap))
        if not gap and high.value < 0:
            joined = True
            high = replace(high, value=-high.value, start=high.start + 1)
        elif gap == "" or not joined:
            continue
        if low.unit and high.unit and low.unit != high.unit and low.unit not in high.other_units:
            continue
        if low.unit in TIME_UNITS and re.fullmatch(r"\s*a\s*", gap):
            continue
        if high.scale > 1 and low.scale == 1 and low.value < high.value / high.scale:
            low = replace(low, value=low.value * high.scale, step=low.step * high.scale, scale=high.scale)
        if low.unit is None:
            low = replace(low, unit=high.unit, other_units=high.other_units)
        if high.unit is None:
            high = replace(high, unit=low.unit, other_units=low.other_units)
        hedge = low.approximate or high.approximate
        linked[i] = replace(low, bound="low", in_range=True, approximate=hedge)
        linked[i + 1] = replace(high, bound="high", in_range=True, approximate=hedge)
    return linked
