"""The number check: every number, date and SKU of an answer against this turn's results and the question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, pairwise, product
from typing import Literal

from agent.proof.claims import Said, claims_of
from agent.proof.evidence import Books, Evidence, Scope, gather
from agent.proof.matching import agrees
from agent.proof.quotes import without_quotes
from agent.proof.scope import Named
from agent.reading import DateSaid, NumberSaid, Reading, read
from agent.reading.said import Span
from agent.reading.units import CURRENCIES
from shop.warehouse import Vocabulary
from tools.contract import Result

_QUESTION = "question"
_UP_TO = re.compile(
    r"\b(?:as of|data|through|until|till|up to|to|from|since|today|between|stand|bis|ab|vom?|seit|au|du|depuis|jusqu|hasta|"
    r"desde|del?|al)\b|截至|截止|数据|到|至|从|自|起|今天|まで|から|時点", re.I
)  # fmt: skip
_REPORTED = re.compile(
    r"[\"“”«»「」『』„]|\b(?:said|says?|wrote|writes|review\w*|customers?|tickets?|according|quote|complain\w*|mention\w*|"
    r"supplier|schreib\w*|sag\w*|laut|Bewertung\w*|selon|avis|según|reseña\w*)\b|评论|评价|顾客|客户|说|反映|投诉|レビュー|お客", re.I
)  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A number, date or SKU of an answer. `source` is the finding, table row or "question" that proves it."""

    text: str
    span: Span
    kind: Literal["number", "date", "sku"]
    proven: bool
    reason: str
    source: str | None = None
    sentence: Span = (0, 0)
    clause: Span = (0, 0)


@dataclass(frozen=True)
class Verdict:
    """The claims of an answer, in order."""

    claims: tuple[Claim, ...]

    @property
    def shown(self) -> int:
        """How many claims the answer makes."""
        return len(self.claims)

    @property
    def proven(self) -> int:
        """How many of them are proven."""
        return sum(claim.proven for claim in self.claims)

    @property
    def unproven(self) -> tuple[Claim, ...]:
        """The claims nothing proves."""
        return tuple(claim for claim in self.claims if not claim.proven)


@dataclass(frozen=True)
class _Turn:
    answer: str
    books: Books
    asked: Reading
    vocabulary: Vocabulary


def prove(answer: str, results: Iterable[Result], question: str, vocabulary: Vocabulary, language: str) -> Verdict:
    """Check every number, date and SKU of `answer`.

    Proven is what equals a value of the results (kind, unit, currency and rounding alike, of the SKU, country,
    channel and days its clause names) or what the operator said in `question`; quotations to the letter stand for
    themselves. A sum, difference or ratio is
    proven only when a result holds it.
    """
    results = list(results)
    answer = without_quotes(answer, results)
    turn = _Turn(answer, gather(results, vocabulary, language), read(question, vocabulary), vocabulary)
    known = set(turn.books.skus) | set(turn.asked.sku_codes)
    said, _ = claims_of(answer, vocabulary, language, known)
    ranges = _range_partners(said)
    claims = []
    for i, one in enumerate(said):
        if one.kind == "number":
            reason, source = _number(turn, one, said[ranges[i]] if i in ranges else None)
        elif one.kind == "date":
            reason, source = _date(turn, one)
        else:
            reason, source = _sku(turn, one)
        claims.append(Claim(one.text, one.span, one.kind, source is not None, reason, source, one.sentence, one.clause))
    return Verdict(tuple(claims))


def _range_partners(said: Sequence[Said]) -> dict[int, int]:
    partners: dict[int, int] = {}
    for i, (one, two) in enumerate(pairwise(said)):
        if not (one.number and two.number and one.number.in_range and two.number.in_range):
            continue
        if one.number.bound == "low" and two.number.bound == "high":
            partners[i], partners[i + 1] = i + 1, i
    return partners


def _number(turn: _Turn, said: Said, partner: Said | None) -> tuple[str, str | None]:
    number = said.number
    assert number is not None
    matching = _matching(turn, said, number)
    if partner and partner.number:
        low, high = sorted((number, partner.number), key=lambda n: n.start)
        if low.value > high.value:  # a change from more to less; the ends of an interval never stand so
            partner, matching = None, [e for e in matching if e.name not in ("low", "high")]
            if not matching:
                return "the range runs backwards", None
    if partner and partner.number and matching:
        others = {e.source for e in _fitting(turn, partner, _matching(turn, partner, partner.number))}
        matching = [e for e in matching if e.source in others]
        if not matching and _asked(turn, number) and _asked(turn, partner.number):
            return "the operator said it", _QUESTION
    fitting = _fitting(turn, said, matching)
    if fitting and _covered(said, fitting):
        return "equals a value of the results", fitting[0].source
    if _asked(turn, number):
        return "the operator said it", _QUESTION
    if matching:
        return f"stands in {matching[0].source}, which speaks of something else than this clause", None
    same = next(
        (e for e in turn.books.numbers if isinstance(e.value, Decimal) and abs(e.value) == abs(number.value)), None
    )
    if same:
        return f"the results hold it as {same.unit or same.kind}, not as {number.unit or 'a plain number'}", None
    return "is not in this turn's results", None


def _matching(turn: _Turn, said: Said, number: NumberSaid) -> list[Evidence]:
    around = turn.answer[said.clause[0] : said.clause[1]] + " " + said.header
    before = turn.answer[max(said.clause[0], number.start - 40) : number.start]
    reported = bool(_REPORTED.search(turn.answer, *said.sentence))
    return [e for e in turn.books.near(number) if (reported or not e.quoted) and agrees(number, e, around, before)]


def _fitting(turn: _Turn, said: Said, found: Sequence[Evidence]) -> list[Evidence]:
    return [
        e for e in found
        if e.free or (_places(said, e.scope) and _in_time(said, e, turn) and _row_named(turn, said, e.scope))
    ]  # fmt: skip


def _row_named(turn: _Turn, said: Said, scope: Scope) -> bool:
    """A table row about somebody proves only where that somebody is named, here or in the question."""
    if not scope.row or not scope.entities:
        return True
    named = {code for n in said.named.values() if n for code in n.codes}
    asked = {*turn.asked.sku_codes, *turn.asked.country_codes, *turn.asked.channel_names}
    return bool(scope.entities & (named | asked))


def _places(said: Said, scope: Scope) -> bool:
    return all(_belongs(kind, getattr(scope, kind), named, scope.mentions) for kind, named in said.named.items())


def _belongs(kind: str, codes: frozenset[str], named: Named | None, mentions: frozenset[str]) -> bool:
    if named is None:
        return True
    if named.inherited or kind == "warehouses":
        return not codes or bool(codes & named.codes)
    if not codes:
        return bool(named.codes & mentions)
    return codes == named.codes or (len(codes) == 1 and codes <= named.codes) or bool(named.codes & mentions)


def _covered(said: Said, found: Sequence[Evidence]) -> bool:
    """When a clause names several products or places, each of them must hold the value."""
    if any(e.free for e in found):
        return True
    kinds = [
        kind
        for kind, named in said.named.items()
        if kind != "warehouses" and named and not named.inherited and len(named.codes) > 1
    ]
    if not kinds:
        return True
    wanted = [sorted(said.named[kind].codes) for kind in kinds]  # type: ignore[union-attr]
    return all(
        any(all({code} == getattr(e.scope, kind) or len(getattr(e.scope, kind)) > 1 for kind, code in zip(kinds, combo, strict=True))
            for e in found)
        for combo in islice(product(*wanted), 64)
    )  # fmt: skip


def _in_time(said: Said, found: Evidence, turn: _Turn) -> bool:
    scope = found.scope
    for window in said.windows:
        if (window.horizon_days or 0) >= 365 or {window.start, window.end} <= scope.days:
            continue
        if window.horizon_days in scope.lengths:
            continue
        if scope.start and scope.end and not _same_window(window, scope.start, scope.end):
            return False
        dated = scope.days and not scope.start and window.horizon_days is None
        if dated and not any(window.start <= day <= window.end for day in scope.days):
            return False
    if said.days:
        if scope.days:
            ranged = scope.start and scope.end and any(scope.start <= d <= scope.end for d in said.days)
            return bool(ranged) or any(_alike(d, day) for d in said.days for day in scope.days)
        if scope.start and scope.end:
            return any(scope.start - timedelta(1) <= d <= scope.end + timedelta(1) for d in said.days)
    return True


def _same_window(window: DateSaid, start: date, end: date) -> bool:
    length = (end - start).days + 1
    if window.horizon_days is not None:
        return abs(length - window.horizon_days) <= (
            0 if window.horizon_days < 28 else 1 if window.horizon_days < 60 else 6
        )
    slack = timedelta(days=1 if window.days < 60 else 3)
    return abs(window.start - start) <= slack and abs(window.end - end) <= slack


def _alike(one: date, two: date) -> bool:
    return (one.month, one.day) == (two.month, two.day)


def _asked(turn: _Turn, number: NumberSaid) -> bool:
    for asked in turn.asked.numbers:
        if asked.value == number.value or (asked.unit == number.unit == "times" and asked.value == number.value):
            units = {asked.unit, *asked.other_units}
            if number.unit in units or asked.unit in number.other_units:
                return True
            if asked.unit is None and (number.unit == "piece" or number.unit == turn.vocabulary.base_currency):
                return True
            if number.unit is None and (asked.unit == "piece" or asked.unit in CURRENCIES):
                return True
            if {asked.unit, number.unit} <= {"piece", "sku", "pack", None}:
                return True
    weeks = {"day": 1, "week": 7, "month": 30, "year": 365}
    if number.unit in weeks:
        said = number.value * weeks[number.unit]
        return any(a.unit in weeks and a.value * weeks[a.unit] == said for a in turn.asked.numbers if a.unit)
    return False


def _date(turn: _Turn, said: Said) -> tuple[str, str | None]:
    day = said.day
    assert day is not None
    for asked in turn.asked.dates:
        if (asked.start, asked.end) == (day.start, day.end):
            return "the operator said it", _QUESTION
    reported = bool(_REPORTED.search(turn.answer, *said.sentence))
    dates = [e for e in turn.books.dates if isinstance(e.value, date) and (reported or not e.quoted)]
    if day.start == day.end:
        found = _on(turn, said, day, dates, lambda e: _is_day(e, day.start, day.year_said))
    elif day.kind in {"range", "deadline"} and not _coarse(day):
        found = _ends(said, day, dates)
    else:
        found = _on(turn, said, day, dates, lambda e: isinstance(e.value, date) and day.start <= e.value <= day.end)
    if found:
        return "equals a date of the results", found.source
    if any(_is_day(e, day.start, day.year_said) for e in dates):
        return "the results hold this date for something else than this clause says", None
    return "is not a date of this turn's results", None


def _coarse(day: DateSaid) -> bool:
    """A month, quarter or year, which any date within it bears out."""
    return (
        day.start.day == 1
        and (day.end + timedelta(days=1)).day == 1
        and not re.search(r"\d\s*(?:日|号|-|–|—|to|bis|au|al|至|到)", day.text)
    )


def _is_day(found: Evidence, day: date, year_said: bool) -> bool:
    return isinstance(found.value, date) and (found.value == day if year_said else _alike(found.value, day))


def _on(
    turn: _Turn, said: Said, day: DateSaid, dates: Sequence[Evidence], fits: Callable[[Evidence], bool]
) -> Evidence | None:
    head = turn.answer[max(said.clause[0], day.span[0] - 30) : day.span[0]]
    tail = turn.answer[day.span[1] : day.span[1] + 6]
    edge_said = bool(_UP_TO.search(head)) or bool(re.match(r"\s*(?:之?前|为止|起|まで|から)", tail))
    found = [e for e in dates if fits(e) and (e.edge is None or edge_said) and (e.free or _places(said, e.scope))]
    if not found or not _covered(said, found):
        return None
    return found[0]


def _ends(said: Said, day: DateSaid, dates: Sequence[Evidence]) -> Evidence | None:
    fitting = [e for e in dates if e.free or _places(said, e.scope)]
    first = {e.source for e in fitting if _is_day(e, day.start, day.year_said)}
    return next((e for e in fitting if e.source in first and _is_day(e, day.end, day.year_said)), None)


def _sku(turn: _Turn, said: Said) -> tuple[str, str | None]:
    if said.code is None:
        if source := turn.books.holds(said.text):
            return "stands in the results", source
        if re.search(rf"(?<![\w-]){re.escape(said.text)}(?![\w-])", turn.asked.text, re.I):
            return "the operator said it", _QUESTION
        return "is not a code of this turn's results", None
    for code in said.codes:
        if code in turn.books.skus:
            return "is a SKU of the results", turn.books.skus[code]
        if source := turn.books.holds(code):
            return "is a SKU of the results", source
        if code in turn.asked.sku_codes or any(code in s.alternatives for s in turn.asked.skus):
            return "the operator said it", _QUESTION
    return "is not a SKU of this turn's results", None
