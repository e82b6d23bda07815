"""What an answer claims: its numbers, dates and product codes, each with whom and when its words speak of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from agent.proof.scope import Name as NameSaid
from agent.proof.scope import Named, Sentence, clause_around, names_for, sentences_of
from agent.reading import channels_in, countries_in, skus_in, unknown_sku_codes
from agent.reading.dates import dates_and_numbers
from agent.reading.said import DateSaid, NumberSaid, Span
from agent.reading.units import CURRENCIES, NOUNS, TIME_UNITS, currency_before, unit_after
from shop.warehouse import Vocabulary

_KINDS = ("skus", "countries", "channels", "warehouses")
_LIST_MARK = re.compile(r"(?m)^[ \t>]*(?:[-*•]\s*)?(?:\*\*)?(\d{1,2})(?=[.)、．](?:\s|\*|[^\d\s]))")
_LABEL = re.compile(
    r"(?:\bstep|\boption|\bplan|\bvariant|\bversion|\bscenario|\bfigure|\btable|\bno\.|\bpart|#|\bschritt|\bvariante|"
    r"\bétape|\bpaso|\bopción|第|方案|步骤|选项|版本|图|表|\biso|\bcovid|\butf|\bhs|\[)[\s#-]*$", re.I
)  # fmt: skip
_WORD_CODE = re.compile(r"(?<![\w-])(?=[A-Z\d-]*[A-Z])(?=[A-Z\d-]*\d)[A-Z][A-Z\d]*(?:-[A-Z\d]+)+(?![\w-])")
_SCALED_IDIOM = re.compile(r"(?<![\w])(?:Q[1-4]|H[12]|B2B|B2C|3D|4K|A[345]|CO2|MP3|W\d\d)(?!\w)")
_URL = re.compile(r"https?://\S+|`[^`\n]*`")
_COUNTED = frozenset({"percent", "points", "times", "piece", "star"}) | CURRENCIES | NOUNS | frozenset(TIME_UNITS)
_SAME = re.compile(r"\bsame\b|\bgleiche[nrms]?\b|\bmême\b|\bmism[oa]\b|同期|同周|同月|同じ", re.I)
_TOMORROW = re.compile(r"tomorrow|yesterday|morgen|gestern|demain|hier|mañana|ayer|明天|昨天|明日|昨日", re.I)


@dataclass(frozen=True)
class Said:
    """One claim before it is judged. `named` holds, per kind of name, whose it is said to be; `window` the days
    its clause speaks of; `clause` and `sentence` where it stands."""

    kind: Literal["number", "date", "sku"]
    span: Span
    text: str
    sentence: Span
    clause: Span
    named: dict[str, Named | None]
    number: NumberSaid | None = None
    day: DateSaid | None = None
    code: str | None = None
    codes: tuple[str, ...] = ()
    windows: tuple[DateSaid, ...] = ()
    days: tuple[date, ...] = ()
    header: str = ""


def claims_of(
    answer: str, vocabulary: Vocabulary, language: str, known: Collection[str]
) -> tuple[list[Said], list[Sentence]]:
    """Every claim of an answer, in order. `known` are the SKUs the results and the question speak of: a short
    everyday word ("cap") is a product only when it is one of them."""
    urls = [m.span() for m in _URL.finditer(answer) if m[0].startswith("http")]
    named_products = skus_in(answer, vocabulary)
    products = [s for s in named_products if _is_product(s.text, s.by, s.score, s.sku, known)]
    firm = [
        s for s in products if s.by in {"code", "name"} or len(s.text.split()) > 1 or any(c.isdigit() for c in s.text)
    ]
    unknown = unknown_sku_codes(answer, vocabulary, named_products)
    codes = [m for m in _WORD_CODE.finditer(answer) if not _inside(m.span(), [s.span for s in products])]
    masks = urls + [s.span for s in firm] + [u.span for u in unknown] + [m.span() for m in codes]
    masks += [m.span() for m in _SCALED_IDIOM.finditer(answer)]
    masks += [m.span(1) for m in _LIST_MARK.finditer(answer)]
    dates, numbers = dates_and_numbers(answer, vocabulary.as_of, language, masks)
    calendar = [d for d in dates if d.horizon_days is None]
    places = [(c.country, c.span) for c in countries_in(answer) if not _inside(c.span, masks)]
    shops = [(c.channel, c.span) for c in channels_in(answer, vocabulary)]
    protected = sorted([n.span for n in numbers] + [d.span for d in dates] + masks)
    sentences = sentences_of(answer, protected)
    starts = [s.span[0] for s in sentences]

    def home(at: int) -> Sentence:
        return sentences[max(0, bisect_right(starts, at) - 1)]

    for product in products:
        if not product.alternatives:
            home(product.span[0]).names.setdefault("skus", []).append(NameSaid(product.span, product.sku))
    for kind, found in (("countries", places), ("channels", shops)):
        for code, span in found:
            home(span[0]).names.setdefault(kind, []).append(NameSaid(span, code))

    for place in vocabulary.warehouses:
        for match in re.finditer(rf"(?<![\w-]){re.escape(place)}(?![\w-])", answer):
            home(match.start()).names.setdefault("warehouses", []).append(NameSaid(match.span(), place))
    for sentence in sentences:
        for names in sentence.names.values():
            names.sort(key=lambda name: name.span)

    counted = [n for n in numbers if _counts(n, answer, language)]
    carried = _carried(sentences)
    said: list[Said] = []

    def frame(span: Span, unit: str | None) -> tuple[Sentence, Span, dict[str, Named | None]]:
        sentence = home(span[0])
        clause = clause_around(answer, sentence.span, span[0], protected)
        beside = [(n.span, n.unit) for n in counted if home(n.start) is sentence]
        if unit == "date":
            beside = [(d.span, "date") for d in calendar if home(d.span[0]) is sentence]
        named = {
            kind: names_for(answer, sentence, kind, span, unit, beside, clause, carried[id(sentence)].get(kind))
            for kind in _KINDS
        }
        return sentence, clause, named

    for number in counted:
        sentence, clause, named = frame(number.span, number.unit)
        header = _header(answer, sentence, number.start) if sentence.row else ""
        if header:
            number, named = _under(header, number, named, vocabulary, language)
        near = tuple(
            d for d in dates if d.kind in {"range", "duration"} and sentence.span[0] <= d.span[0] < sentence.span[1]
        )
        if _SAME.search(answer, *sentence.span):
            near = tuple(d for d in near if d.days < 365)
        in_clause = tuple(
            d.start for d in calendar
            if d.absolute and d.kind in {"day", "deadline"} and d.start == d.end and clause[0] <= d.span[0] < clause[1]
        )  # fmt: skip
        windows = _nearest([d for d in near if d.span != number.span], number)
        said.append(Said("number", number.span, number.text, sentence.span, clause, named, number=number,
                         windows=windows, days=in_clause, header=header))  # fmt: skip
    for day in calendar:
        if day.absolute or (day.kind in {"day", "deadline"} and _TOMORROW.fullmatch(day.text)):
            sentence, clause, named = frame(day.span, "date")
            said.append(Said("date", day.span, day.text, sentence.span, clause, named, day=day))
    for product in products:
        sentence, clause, named = frame(product.span, None)
        if product.by != "part" or not product.alternatives:
            said.append(Said("sku", product.span, product.text, sentence.span, clause, {}, code=product.sku,
                             codes=(product.sku, *product.alternatives)))  # fmt: skip
    spots = {u.span: u.text for u in unknown} | {m.span(): m[0] for m in codes if m[0] not in vocabulary.warehouses}
    for span, text in spots.items():
        said.append(Said("sku", span, text, home(span[0]).span, span, {}, code=None))
    return sorted(said, key=lambda s: s.span), sentences


def _is_product(text: str, by: str, score: float, sku: str, known: Collection[str]) -> bool:
    if by == "code":
        return True
    everyday = len(text) <= 4 and text.isascii()
    if everyday or score < 0.7:
        return sku in known and score >= 0.3
    return True


def _inside(span: Span, spans: Collection[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)


def _counts(number: NumberSaid, text: str, language: str) -> bool:
    """Whether a number claims something; "one of the reasons" and list marks do not."""
    if _LABEL.search(text[max(0, number.start - 12) : number.start]):
        return False
    if not number.word:
        return True
    if number.value == 1:
        if number.unit == "year":
            return False
        if number.unit in TIME_UNITS or number.unit in {"percent", "points"} or number.unit in CURRENCIES:
            return True
        return number.unit == "sku" and "sku" in number.text.casefold()
    if number.unit in _COUNTED:
        return not (number.unit == "piece" and number.text.endswith("点"))
    return number.value > 12 or number.in_range


def _carried(sentences: list[Sentence]) -> dict[int, dict[str, Named]]:
    """The names each sentence inherits from those before it in its paragraph; a list item only from what leads the list."""
    carried: dict[int, dict[str, Named]] = {}
    current: dict[str, Named] = {}
    lead: dict[str, Named] = {}
    paragraph = -1
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            current, lead, paragraph = {}, {}, sentence.paragraph
        if sentence.item:
            current = dict(lead)
        carried[id(sentence)] = {} if sentence.row else dict(current)
        for kind, names in sentence.names.items():
            current[kind] = Named(frozenset(n.code for n in names), inherited=True)
        if sentence.heading:
            lead = dict(current)
    return carried


def _nearest(windows: list[DateSaid], number: NumberSaid) -> tuple[DateSaid, ...]:
    if not windows:
        return ()
    return (min(windows, key=lambda d: min(abs(d.span[0] - number.end), abs(number.start - d.span[1]))),)


def _header(answer: str, sentence: Sentence, at: int) -> str:
    """The heading of the table column a position stands in."""
    line_start = answer.rfind("\n", 0, at) + 1
    column = answer.count("|", line_start, at)
    before = answer[:line_start].split("\n")[:-1]
    top = ""
    for line in reversed(before):
        if not line.strip().startswith("|"):
            break
        top = line
    cells = top.split("|")
    return cells[column].strip() if 0 < column < len(cells) else ""


def _under(header: str, number: NumberSaid, named: dict[str, Named | None], vocabulary: Vocabulary,
           language: str) -> tuple[NumberSaid, dict[str, Named | None]]:  # fmt: skip
    named = dict(named)
    if found := countries_in(header):
        named["countries"] = Named(frozenset({found[0].country}))
    if places := channels_in(header, vocabulary):
        named["channels"] = Named(frozenset({places[0].channel}))
    if products := skus_in(header, vocabulary):
        named["skus"] = Named(frozenset({products[0].sku}))
    if number.unit is None:
        for at in range(len(header)):
            if (before := currency_before(header, at + 1, language)) and before[1] <= at:
                return replace(number, unit=before[0][0], other_units=before[0][1:]), named
            starts = at == 0 or not header[at - 1].isalpha() or not header[at].isascii()
            unit = unit_after(header, at, language) if starts else None
            if unit and unit[0][0] in _COUNTED and unit[0][0] != "sku":
                return replace(number, unit=unit[0][0], other_units=unit[0][1:]), named
    return number, named
