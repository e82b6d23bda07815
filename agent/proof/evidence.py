"""What this turn's results prove: every value with its kind, its unit and whom it speaks of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from agent.reading import DateSaid, NumberSaid, countries_in, numbers_in
from agent.reading.dates import dates_in
from shop.warehouse import Vocabulary
from tools.contract import Finding, Proposal, Result, Table, Value

_NUMERIC = frozenset({"units", "count", "money", "percent", "ratio", "days", "weeks"})
_TEXT = frozenset({"words", "quote", "code"})
_ENTITY = {"sku": "skus", "country": "countries", "channel": "channels", "warehouse": "warehouses"}
_HORIZON = frozenset({"days", "weeks", "horizon", "window", "period"})
_FACTORS: dict[str, tuple[float, ...]] = {
    "percent": (1.0, 0.01), "times": (1.0, 100.0), "day": (1.0, 1 / 7), "hour": (1.0, 1 / 24, 1 / 168),
    "week": (1.0, 7.0), "month": (1.0, 30.0, 30 / 7), "year": (1.0, 365.0, 365 / 7),
}  # fmt: skip
_FALLING = re.compile(
    r"(?:^|[._])(?:down|less|fewer|fell|falls?|drop|dropped|lower|decline|decrease|worse|loss|lost|below|short)(?:$|[._])"
)
_CODED = re.compile(r"(?<![\w-])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Z][\w]*(?:-[\w]+)+")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Scope:
    """Whom a value speaks of; an empty set means all, or nobody in particular."""

    skus: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    days: frozenset[date] = frozenset()
    mentions: frozenset[str] = frozenset()
    lengths: frozenset[Decimal] = frozenset()
    warehouses: frozenset[str] = frozenset()
    row: bool = False

    @property
    def entities(self) -> frozenset[str]:
        """Every product, place and channel it speaks of."""
        return self.skus | self.countries | self.channels | self.warehouses


@dataclass(frozen=True)
class Evidence:
    """One value of a result. `source` is the finding, row or proposal it stands in, `name` what it is called
    there; `free` values (assumptions, horizons) speak of the whole answer, whoever a clause is about;
    `edge` dates are only the ends of a range or the day of the data; `falling` values are amounts by which
    something went down, as the finding's key says."""

    kind: str
    value: Decimal | date | str
    unit: str | None
    name: str
    source: str
    scope: Scope = Scope()
    free: bool = False
    edge: str | None = None
    quoted: bool = False
    exact: bool = False
    falling: bool = False


def _size(found: Evidence) -> float:
    return abs(float(found.value)) if isinstance(found.value, Decimal) else 0.0


@dataclass
class Books:
    """All evidence of a turn, and the codes and texts its results hold."""

    numbers: list[Evidence] = field(default_factory=list)
    dates: list[Evidence] = field(default_factory=list)
    skus: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    _sizes: list[float] = field(default_factory=list)

    def near(self, said: NumberSaid) -> Iterator[Evidence]:
        """The numbers whose size could be that of `said` in some unit it may be found in."""
        if len(self._sizes) != len(self.numbers):
            self.numbers.sort(key=_size)
            self._sizes = [_size(found) for found in self.numbers]
        size = abs(float(said.value))
        seen: list[tuple[int, int]] = []
        for factor in _FACTORS.get(said.unit or "", (1.0,)):
            low = bisect_left(self._sizes, size * factor * 0.7 - 1e-9)
            high = bisect_right(self._sizes, size * factor * 1.4 + 1e-9)
            seen.append((low, high))
        for low, high in seen:
            yield from self.numbers[low:high]

    def holds(self, code: str) -> str | None:
        """Where a code stands word for word, None when it does not."""
        pattern = re.compile(rf"(?<![\w-]){re.escape(code)}(?![\w-])", re.I)
        return next((source for source, text in self.texts if pattern.search(text)), None)


def gather(results: Iterable[Result], vocabulary: Vocabulary, language: str) -> Books:
    """Everything the results of a turn hold."""
    books = Books()
    for index, result in enumerate(results):
        tool = result.tool or f"result{index + 1}"
        common = _common(result.findings)
        for number, found in enumerate(result.findings, 1):
            _finding(books, found, found.id or f"{tool}.{number}", vocabulary, language, Scope(), False)
        for group, findings in (("assumption", result.assumptions), ("warning", result.warnings)):
            for number, found in enumerate(findings, 1):
                _finding(books, found, found.id or f"{tool}.{group}{number}", vocabulary, language, Scope(), True)
        for number, table in enumerate(result.tables, 1):
            _table(books, table, f"{tool}.table{number}", common, vocabulary)
        for number, proposal in enumerate(result.proposals, 1):
            _proposal(books, proposal, proposal.id or f"{tool}.proposal{number}")
        books.dates.append(
            Evidence("date", result.data_used.as_of, None, "as_of", f"{tool}.data", free=True, edge="as_of")
        )
        for reference in result.data_used.reference:
            _text(books, reference, f"{tool}.data", "reference", Scope(), vocabulary, language, free=True, quoted=False)
    return books


def _common(findings: list[Finding]) -> Scope:
    """The country and channel all scoped findings of a result share: its tables speak of no other."""
    countries = {frozenset(f.about.countries) for f in findings}
    channels = {frozenset(f.about.channels) for f in findings}
    skus = {frozenset(f.about.skus) for f in findings}
    return Scope(
        next(iter(skus)) if len(skus) == 1 else frozenset(),
        next(iter(countries)) if len(countries) == 1 else frozenset(),
        next(iter(channels)) if len(channels) == 1 else frozenset(),
    )


def _leaves(name: str, value: Value) -> Iterator[tuple[str, Value, bool]]:
    if isinstance(value.value, list):
        for item in value.value:
            for inner, leaf, _ in _leaves(name, item):
                yield inner, leaf, True
    else:
        yield name, value, False


def _finding(books: Books, found: Finding, source: str, vocabulary: Vocabulary, language: str, base: Scope,
             free: bool) -> None:  # fmt: skip
    leaves = [leaf for name, value in found.values.items() for leaf in _leaves(name, value)]
    entities = {kind: [(n, str(v.value), many) for n, v, many in leaves if v.kind == kind] for kind in _ENTITY}
    days = frozenset(v.value for _, v, _ in leaves if v.kind == "date" and isinstance(v.value, date))
    lengths = frozenset(
        v.value * (7 if v.kind == "weeks" else 1)
        for _, v, _ in leaves
        if v.kind in {"days", "weeks"} and isinstance(v.value, Decimal)
    )
    texts = " ; ".join(str(v.value) for _, v, _ in leaves if v.kind in _TEXT)
    about = found.about
    mentions = frozenset(said.country for said in countries_in(texts)) if texts else frozenset()
    window = base if about.start is None and about.end is None else Scope(start=about.start, end=about.end)
    for code in (*about.skus, *(code for _, code, _ in entities["sku"])):
        books.skus.setdefault(code, source)
    for name, value, _ in leaves:
        scope = Scope(
            _bound(name, entities["sku"], about.skus), _bound(name, entities["country"], about.countries),
            _bound(name, entities["channel"], about.channels), window.start, window.end, days, mentions,
            lengths,
            _bound(name, entities["warehouse"], []),
        )  # fmt: skip
        loose = free and not (scope.skus or scope.countries or scope.channels)
        horizon = value.kind in {"days", "weeks"} and bool(_HORIZON & set(name.split("_")))
        if value.kind in _NUMERIC and isinstance(value.value, Decimal):
            books.numbers.append(
                Evidence(
                    value.kind,
                    value.value,
                    value.unit,
                    name,
                    source,
                    scope,
                    free=loose or horizon,
                    falling=bool(_FALLING.search(found.key)),
                )
            )
        elif value.kind == "date" and isinstance(value.value, date):
            books.dates.append(Evidence("date", value.value, None, name, source, scope, free=loose))
        elif value.kind in {"words", "quote"}:
            _text(books, str(value.value), source, name, scope, vocabulary, language, loose, value.kind == "quote")
        else:
            books.texts.append((source, str(value.value)))
    if about.start and about.end:
        length = Decimal((about.end - about.start).days + 1)
        books.numbers.append(Evidence("days", length, None, "horizon", source, free=True))
    here = Scope(frozenset(about.skus), frozenset(about.countries), frozenset(about.channels), about.start, about.end)
    for day, edge in ((about.start, "start"), (about.end, "end")):
        if day:
            books.dates.append(Evidence("date", day, None, edge, source, here, edge=edge))


def _bound(name: str, entities: list[tuple[str, str, bool]], about: list[str]) -> frozenset[str]:
    """The entities a value of a finding belongs to: those its name points to, else those named, else the subject."""
    if not entities:
        return frozenset(about)
    words = set(name.split("_"))
    kinds = {"sku", "skus", "country", "countries", "channel", "channels", "code", "name", "product", "to", "from"}
    pointed = [(set(n.split("_")) - kinds, code) for n, code, _ in entities]
    own = frozenset(code for marks, code in pointed if marks and marks & words)
    if own:
        return own
    plain = frozenset(code for marks, code in pointed if not marks)
    return plain or frozenset(code for _, code, _ in entities)


def _text(books: Books, text: str, source: str, name: str, scope: Scope, vocabulary: Vocabulary, language: str,
          free: bool, quoted: bool) -> None:  # fmt: skip
    books.texts.append((source, text))
    if not text.strip():
        return
    days, numbers = _said_in(text, vocabulary.as_of, language)
    for said in days:
        if said.absolute and said.kind != "duration":
            for day in {said.start, said.end}:
                books.dates.append(Evidence("date", day, None, name, source, scope, free, quoted=quoted))
    for number in numbers:
        books.numbers.append(
            Evidence("text", number.value, number.unit, name, source, scope, free, quoted=quoted, exact=True)
        )


@lru_cache(maxsize=4096)
def _said_in(text: str, as_of: date, language: str) -> tuple[tuple[DateSaid, ...], tuple[NumberSaid, ...]]:
    shown = _CODED.sub(lambda m: "\x01" * len(m[0]), text)
    days = dates_in(shown, as_of, language)
    return tuple(days), tuple(numbers_in(shown, language, [d.span for d in days if d.absolute]))


def _table(books: Books, table: Table, source: str, common: Scope, vocabulary: Vocabulary) -> None:
    kinds = [column.kind for column in table.columns]
    for position, row in enumerate(table.rows, 1):
        place = f"{source}.row{position}"
        cells = list(zip(table.columns, row, strict=False))
        own: dict[str, frozenset[str]] = {}
        for kind, attribute in _ENTITY.items():
            said = frozenset(str(cell) for column, cell in cells if column.kind == kind and cell is not None)
            own[attribute] = said or (getattr(common, attribute) if kind not in kinds else frozenset())
        for code in own["skus"]:
            books.skus.setdefault(code, place)
        days = frozenset(day for column, cell in cells if column.kind == "date" and (day := _as_date(cell)))
        scope = Scope(own["skus"], own["countries"], own["channels"], days=days, warehouses=own["warehouses"], row=True)
        for column, cell in cells:
            if cell is None:
                continue
            here = _pivot(scope, column.name, vocabulary)
            if column.kind in _NUMERIC and (amount := _as_decimal(cell)) is not None:
                unit = column.unit or _currency(cells) if column.kind == "money" else column.unit
                books.numbers.append(Evidence(column.kind, amount, unit, column.name, place, here))
            elif column.kind == "date" and (day := _as_date(cell)):
                books.dates.append(Evidence("date", day, None, column.name, place, here))
            elif column.kind in {"words", "quote"}:
                _text(books, str(cell), place, column.name, here, vocabulary, "en", False, column.kind == "quote")
            else:
                books.texts.append((place, str(cell)))


def _pivot(scope: Scope, name: str, vocabulary: Vocabulary) -> Scope:
    """A column named after a country, channel or SKU speaks of it."""
    if name in vocabulary.countries:
        return replace(scope, countries=frozenset({name}))
    if name in vocabulary.channels:
        return replace(scope, channels=frozenset({name}))
    return replace(scope, skus=frozenset({name})) if any(name == p.sku for p in vocabulary.products) else scope


def _currency(cells: list[tuple[Any, Any]]) -> str | None:
    return next((str(cell) for column, cell in cells if column.name == "currency" and cell), None)


def _as_decimal(cell: Any) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    try:
        found = Decimal(str(cell))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _as_date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell)[:10])
    except ValueError:
        return None


def _proposal(books: Books, proposal: Proposal, source: str) -> None:
    books.texts.append((source, source))
    for values in (proposal.payload, proposal.expected_before):
        scope = Scope(
            *(frozenset({str(values[k])}) if values.get(k) else frozenset[str]() for k in ("sku", "country", "channel"))  # type: ignore[arg-type]
        )
        if values.get("sku"):
            books.skus.setdefault(str(values["sku"]), source)
        for name, value in values.items():
            books.texts.append((source, str(value)))
            words = set(name.lower().split("_"))
            if (day := _as_date(value)) and _ISO.match(str(value)):
                books.dates.append(Evidence("date", day, None, name, source, scope))
            elif (amount := _as_decimal(value)) is not None:
                kind, unit = "count", None
                if words & {"price", "amount", "budget", "cost", "total", "value"}:
                    kind, unit = "money", str(values.get("currency") or "") or None
                elif words & {"quantity", "units", "qty"}:
                    kind = "units"
                elif words & {"pct", "percent", "discount"}:
                    kind = "percent"
                elif "days" in words:
                    kind = "days"
                books.numbers.append(Evidence(kind, amount, unit, name, source, scope))
