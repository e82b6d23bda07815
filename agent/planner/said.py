"""What the operator said, as the only values a plan may use: of this question, and of the turns it leans on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agent.reading import NumberSaid, Reading, SkuSaid
from shop.warehouse import Vocabulary

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
MEASURES = ("ml", "cl", "l", "cm", "mm", "m", "g", "kg", "lb", "oz", "inch", "hour")
NOT_AMOUNTS = ("percent", "points", "times", *DAYS, *MEASURES)
LAST_WEEK = Decimal(1)
LARGEST_FACTOR = 20
LONGEST_WEEKS = 104
PLURAL = re.compile(r"[a-z]{3,}(?:[^su]s|flaschen|matten)$", re.I)
ALL_OF_THEM = re.compile(
    r"\b(all|both|every|each|two|beide|alle|tous|toutes|les deux|todos|todas|ambas|ambos)\b|[两全都各每]|所有|すべて|両方",
    re.I,
)
SEGMENTS = {
    "follower": r"\b(followers?|fans?|fan base|abonnés?|seguidores)\b|粉丝|铁粉|老粉|死忠粉|ファン|フォロワー",
    "functional": r"\bfunctional (buyers?|customers?)\b|功能型|实用型",
    "price_sensitive": r"\b(price[- ]sensitive|bargain (hunters?|seekers?)|preisbewusst\w*|sensibles? au prix)\b|价格敏感|爱便宜|贪便宜|爱砍价",
    "wholesale": r"\b(wholesale\w*|resellers?|b2b|großhandel\w*|grossistes?|mayoristas?)\b|批发|卸売",
}
DIGITS = re.compile(r"\d+(?:\.\d+)?")
NTH_WEEK = re.compile(r"(?:第|\b(?:week|woche|semaine|semana|kw)\s*(?:no\.?|nr\.?|number|#)?\s*)$", re.I)
WEEK_BEFORE = re.compile(
    r"\b(the )?(week before|one before|previous one)\b(?! last)|\bdie Woche davor\b|\bla semaine d'avant\b|\bla semana anterior\b|"
    r"再(前|上)一个?(周|星期)|前一周|再往前|再上周|その前の週", re.I
)  # fmt: skip
IDENTIFIER = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z]{1,6}-?\d{2,}(?![A-Za-z0-9-])")

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Said:
    """Values open to a plan. `reading` is the question alone; the rest adds what earlier calls used."""

    reading: Reading
    vocabulary: Vocabulary
    earlier: tuple[Call, ...] = ()

    @property
    def skus(self) -> tuple[str, ...]:
        """SKUs said, what an ambiguous name may mean, unknown codes as they stand, then those of earlier calls."""
        own = [code for sku in self.reading.skus for code in self._meant(sku)]
        unknown = [sku.text for sku in self.reading.unknown_skus]
        return _once([*own, *unknown, *values_of(self.earlier, ("sku", "skus"))])

    @property
    def unclear(self) -> tuple[str, ...]:
        """SKUs that an ambiguous word may mean, when nothing else says which and not all of them are meant."""
        meanings = [(sku, self._meant(sku)) for sku in self.reading.skus]
        sure = {meant[0] for _, meant in meanings if len(meant) == 1}
        for sku, meant in meanings:
            several = PLURAL.search(sku.text) or ALL_OF_THEM.search(self.reading.text)
            if len(meant) > 1 and not sure.intersection(meant) and not several:
                return meant
        return ()

    def all_meant(self, sku: SkuSaid) -> bool:
        """Whether a word for several products means each of them, as in "both bottles"."""
        return len(self._meant(sku)) > 1 and bool(ALL_OF_THEM.search(self.reading.text)) and not self._named_too(sku)

    def _named_too(self, sku: SkuSaid) -> bool:
        """Whether one of the products it may mean is also named outright."""
        return any(other.sku in self._meant(sku) for other in self.reading.skus if not other.alternatives)

    def _meant(self, sku: SkuSaid) -> tuple[str, ...]:
        """What an ambiguous name may mean, narrowed to the products whose size or code holds a number said beside it."""
        meant = (sku.sku, *sku.alternatives)
        sizes = {str(number.value) for number in self.reading.numbers if number.unit in (*MEASURES, None)}
        sized = tuple(code for code in meant if sizes.intersection(self._digits(code)))
        return sized or meant

    def _digits(self, code: str) -> list[str]:
        product = next((product for product in self.vocabulary.products if product.sku == code), None)
        return DIGITS.findall(" ".join([code, product.name] if product else [code]))

    @property
    def names_something(self) -> bool:
        """Whether the question names a product, a channel or an amount."""
        return bool(self.reading.skus or self.reading.unknown_skus or self.reading.channels or self.reading.numbers)

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries said, sold to or not, then those of earlier calls."""
        own = [said.country for said in self.reading.countries]
        return _once([*own, *values_of(self.earlier, ("country", "countries", "destination"))])

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels said, then those of earlier calls."""
        own = [said.channel for said in self.reading.channels]
        return _once([*own, *values_of(self.earlier, ("channel", "channels"))])

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages asked for, the question's own, then those of earlier calls."""
        own = [said.language for said in self.reading.languages]
        return _once([*own, self.reading.language, *values_of(self.earlier, ("language", "languages"))])

    @property
    def dates(self) -> tuple[str, ...]:
        """Starts and ends said, as ISO dates."""
        return _once(day.isoformat() for said in self.reading.dates for day in (said.start, said.end))

    @property
    def span(self) -> tuple[str, str] | None:
        """First and last day, where the question names one stretch of days by both."""
        spans = [said for said in self.reading.dates if said.kind == "range" and said.absolute]
        return (spans[0].start.isoformat(), spans[0].end.isoformat()) if len(spans) == 1 else None

    @property
    def segments(self) -> tuple[str, ...]:
        """Kinds of customers said in the question."""
        return tuple(name for name, words in SEGMENTS.items() if re.search(words, self.reading.text, re.I))

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies said with an amount."""
        return _once(
            code
            for number in self.reading.numbers
            for code in (number.unit, *number.other_units)
            if code and len(code) == 3 and code.isupper()
        )

    @property
    def warehouses(self) -> tuple[str, ...]:
        """Warehouses of the shop; few, so all are open."""
        return self.vocabulary.warehouses

    @property
    def codes(self) -> tuple[str, ...]:
        """Other identifiers in the question, such as SUP-04, S104233 or P-0001."""
        taken = {sku.text for sku in self.reading.skus}
        return _once(code for code in IDENTIFIER.findall(self.reading.text) if code not in taken)

    def numbers_for(self, name: str, whole: bool) -> tuple[int | float, ...]:
        """Numbers an argument of this name may take: said ones in its unit, then the same argument's earlier value."""
        found = self.own_numbers_for(name)
        if name == "weeks_ago":
            found = found or [LAST_WEEK]
        else:
            found += [Decimal(str(value)) for value in values_of(self.earlier, (name,))]
        plain = [int(n) if n == n.to_integral_value() else float(n) for n in found]
        return _once(n for n in plain if isinstance(n, int) or not whole)

    def own_numbers_for(self, name: str) -> list[Decimal]:
        """The same from this question alone."""
        numbers = [n for n in self.reading.numbers if not (n.word and n.unit is None and n.value == 1)]
        bare = [n.value for n in numbers if n.unit is None]
        percents = [n.value for n in numbers if n.unit in ("percent", "points")]
        if name.endswith("days") or name == "days":
            return self._durations(ahead=name != "days") + [n for n in bare if n == n.to_integral_value() and n > 0]
        if name == "purchase_week":
            named = [n.value for n in numbers if self.names_a_week(n)]
            return named or [w for w in self._weeks_until() if w > 0] + self._weeks() + bare
        if name == "weeks":
            return self._weeks() + [n for n in self._bare_counts(numbers) if n <= LONGEST_WEEKS]
        if name == "weeks_ago":
            earlier = [int(week) for week in values_of(self.earlier, ("weeks_ago",))]
            if earlier and WEEK_BEFORE.search(self.reading.text):
                return [Decimal(max(earlier) + 1)]
            return self._weeks_ago() + [n.value for n in numbers if n.unit == "week"]
        if name == "change_pct":
            return [signed for p in percents for signed in (p, -p)]
        if name == "demand_multiplier":
            factors = [n.value for n in numbers if n.unit == "times"]
            shares = [f for p in percents for f in (1 + p / 100, 1 - p / 100) if f > 0]
            return factors + shares + [n for n in bare if n <= LARGEST_FACTOR]
        if name.endswith("_pct"):
            return percents + bare
        if name == "service_level":
            return percents + [p / 100 for p in percents] + bare
        if name == "value":
            changes = [(n.value - 1) * 100 for n in numbers if n.unit == "times"]
            return changes + [signed for n in numbers if n.unit not in MEASURES for signed in (n.value, -n.value)]
        if name in ("quantity", "count"):
            return [n.value for n in numbers if n.unit not in NOT_AMOUNTS and not is_money(n)]
        if name in ("price", "budget", "purchase_amount"):
            return [n.value for n in numbers if n.unit not in NOT_AMOUNTS and not self.names_a_week(n)]
        if name == "max_landed_cost":  # after the quantity, as in "400 ropes landed below 4.50"
            amounts = [n for n in numbers if n.unit not in NOT_AMOUNTS]
            return [n.value for n in amounts if is_money(n)] or [n.value for n in reversed(amounts)]
        return [n.value for n in numbers if n.unit not in MEASURES]

    def _bare_counts(self, numbers: Sequence[NumberSaid]) -> list[Decimal]:
        return [n.value for n in numbers if n.unit is None and not self.names_a_week(n)]

    def _durations(self, ahead: bool) -> list[Decimal]:
        """Days of what was said: its own length, and for what lies ahead also the days until it ends."""
        as_of = self.vocabulary.as_of
        days = []
        for said in self.reading.dates:
            months = round(said.days / 30.4) if said.start.day == 1 and said.kind == "range" else 0
            length = months * DAYS["month"] or said.days
            if said.kind == "duration":
                days.append(said.days)
            elif ahead and said.end > as_of:
                until = (said.end - as_of).days
                whole = said.kind == "range" and said.start > as_of
                days += [length, until] if whole else [until, length]
            elif not ahead:
                days += [length, (as_of - said.start).days + 1]
        said_days = [n.value * DAYS[n.unit] for n in self.reading.numbers if n.unit in DAYS]
        return [Decimal(d) for d in days if d > 0] + said_days

    def _weeks_ago(self) -> list[Decimal]:
        """Weeks between the week of as_of and a week that was said, such as last week."""
        this_week = _monday(self.vocabulary.as_of)
        weeks = [(this_week - _monday(said.start)).days // 7 for said in self.reading.dates if said.days <= 7]
        return [Decimal(n) for n in weeks if 0 <= n <= 104]

    def names_a_week(self, number: NumberSaid) -> bool:
        """Whether it says which week (week 3, 第3周), not how many."""
        return number.unit in ("week", None) and bool(NTH_WEEK.search(self.reading.text[: number.start]))

    def _weeks_until(self) -> list[Decimal]:
        """In how many weeks a day or stretch of days that was said ends."""
        ends = [said.end for said in self.reading.dates if said.kind != "duration"]
        return [Decimal(round((end - self.vocabulary.as_of).days / 7)) for end in ends]

    def _weeks(self) -> list[Decimal]:
        said_weeks = [n.value for n in self.reading.numbers if n.unit == "week" and not self.names_a_week(n)]
        months = [n.value for n in self.reading.numbers if n.unit == "month"]
        spans = [Decimal(said.days) for said in self.reading.dates if said.days >= 7]
        rounded = [Decimal(round(days / 7)) for days in spans] + self._weeks_until()
        rounded += [Decimal(round(m * Decimal("30.4") / 7)) for m in months]
        return said_weeks + [weeks for weeks in rounded if weeks > 0]


def values_of(calls: Iterable[Call], names: Sequence[str]) -> list[Any]:
    """Values that arguments of these names hold in calls, at any depth, in order."""
    found: list[Any] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in names:
                    found.extend(inner if isinstance(inner, list) else [inner])
                else:
                    look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    for _, args in calls:
        look(args)
    return [value for value in found if not isinstance(value, dict | list)]


def is_money(number: NumberSaid) -> bool:
    """Whether it is said with a currency."""
    return any(unit and len(unit) == 3 and unit.isupper() for unit in (number.unit, *number.other_units))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _once(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
