"""Dated rates: what the reference files and the operator's own file say, and which row holds for a case on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shop.errors import ShopError

REFERENCE = Path(__file__).parents[1] / "reference"
FILES = ("taxes", "customs", "duties", "extra_duties", "channel_fees", "logistics")
OPERATOR_FILE = "rates.yaml"
SCENARIO = "scenario"
SETTLEMENTS = "settlements"
ANY = "*"
PCT, MONEY, FLAG, DAYS, CUBIC_MONTH, PER_KG, PER_CUBIC = "pct", "money", "flag", "days", "m3_month", "kg", "m3"

# What can be stated: the kind of its unit, the keys that may narrow it, and what it means.
MEANINGS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "vat": (PCT, ("country", "sku", "category", "channel"), "VAT, GST or consumption tax on the price without tax"),
    "price_includes_tax": (FLAG, ("country", "channel"), "1: shown prices hold the tax; 0: it is added or not charged"),
    "customs_value_includes_freight": (FLAG, ("country",), "1: duty is on goods, freight and insurance; 0: goods only"),
    "duty": (PCT, ("country", "origin", "hs", "sku"), "customs duty of the destination on the customs value"),
    "extra_duty": (PCT, ("country", "origin", "hs", "sku", "measure"), "a further duty that is added; one per measure"),
    "duty_stack": (PCT, ("country", "origin", "hs", "sku"), "all duties together, in place of every other duty row"),
    "duty_free_up_to": (MONEY, ("country",), "a parcel worth no more than this pays no duty"),
    "small_parcel_up_to": (MONEY, ("country",), "a parcel worth no more than this pays small_parcel_duty instead"),
    "small_parcel_duty": (MONEY, ("country",), "duty per item line of a small parcel"),
    "buyer_imports": (FLAG, ("channel", "country"), "1: a buyer abroad pays duty and tax at the border himself"),
    "marketplace": (FLAG, ("channel",), "1: the channel brings its own visitors; ads elsewhere do not feed it"),
    "referral": (PCT, ("channel", "country", "category", "sku"), "the channel's commission on what the customer pays"),
    "item_fee": (MONEY, ("channel", "country", "category", "sku"), "the channel's fixed fee per unit sold"),
    "payment": (PCT, ("channel", "country"), "payment provider's share of what the customer pays"),
    "payment_fixed": (MONEY, ("channel", "country"), "payment provider's fixed fee per order"),
    "channel_fulfilment": (MONEY, ("channel", "country", "sku", "category"), "pick, pack and post by the channel, per unit"),
    "channel_fulfilment_kg": (MONEY, ("channel", "country"), "on top, per kg over the last weight band"),
    "channel_fulfilment_surcharge": (PCT, ("channel", "country"), "surcharge on channel_fulfilment"),
    "parcel": (MONEY, ("country", "channel", "warehouse", "measure"), "a parcel to the customer: its first part, per parcel"),
    "parcel_kg": (MONEY, ("country", "channel", "warehouse", "measure"), "a parcel to the customer: on top per kg"),
    "storage": (CUBIC_MONTH, ("warehouse", "country", "channel"), "storage per cubic metre and month"),
    "stock_days": (DAYS, ("sku", "warehouse"), "days a unit lies in the warehouse before it is sold"),
    "insurance": (PCT, ("mode",), "cargo insurance on goods and freight"),
    "origin_leg": (PCT, ("origin",), "haulage and export clearance at the origin, of the goods' value"),
    "destination_leg": (PCT, ("country",), "port handling and haulage at the destination, of the goods' value"),
    "freight_kg": (PER_KG, ("mode", "origin", "warehouse"), "freight per kg where the books have no rate"),
    "freight_m3": (PER_CUBIC, ("mode", "origin", "warehouse"), "freight per cubic metre where the books have no rate"),
    "freight_surcharge": (PCT, ("mode", "origin", "warehouse"), "on top of every freight rate; negative takes off"),
    "purchase_surcharge": (PCT, ("sku", "origin"), "on top of every purchase price; negative takes off"),
    "freight_share": (PCT, ("sku",), "freight of the goods' value where neither weight nor volume is known"),
    "exchange_margin": (PCT, ("currency",), "what changing money costs against the reference rate"),
    "exchange_rate": (MONEY, ("currency",), "what one unit of the currency is worth, in place of the ECB's rate"),
    "capital": (PCT, (), "cost of capital per year on goods in stock"),
    "return_rate": (PCT, ("sku", "category", "country", "channel"), "units given back of units sold"),
    "resale": (PCT, ("sku", "category"), "value left of a unit that was given back, of its landed cost"),
    "return_parcel": (PCT, ("country", "channel"), "the parcel back that the seller pays, of the parcel out"),
    "return_handling": (MONEY, ("country", "channel"), "checking and repacking a unit that came back"),
    "referral_refunded": (PCT, ("channel",), "how much of the commission the channel gives back on a refund"),
    "unit_cost": (MONEY, ("sku",), "what one unit costs at the factory door"),
    "advertising": (MONEY, ("sku", "country", "channel"), "advertising per unit sold"),
}  # fmt: skip
# Prices of services: where a day lies before the first row, that row is nearer the truth than nothing.
EARLIEST_COUNTS = frozenset({
    "referral", "item_fee", "payment", "payment_fixed", "channel_fulfilment", "channel_fulfilment_kg", "parcel",
    "parcel_kg", "storage", "freight_kg", "freight_m3", "exchange_margin", "return_handling", "duty", "unit_cost",
})  # fmt: skip
RANKED = ("sku", "warehouse", "channel", "category", "country", "origin", "mode", "measure", "currency")
SIGNED = frozenset({"extra_duty", "freight_surcharge", "purchase_surcharge"})
OVER = {"settlement": 1, "operator": 2, "scenario": 3}
KEYS = ("country", "channel", "origin", "hs", "sku", "warehouse", "category", "mode", "measure", "currency")


class Rate(BaseModel):
    """One dated value: what it is, for whom it holds, since when, and who says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    value: Decimal
    unit: str = Field(description="pct, flag, days, or a currency: USD, USD/kg, USD/m3, USD/m3/month")
    country: str | None = None
    channel: str | None = None
    origin: str | None = None
    hs: str | None = Field(None, description="first digits of the HS code")
    sku: str | None = None
    warehouse: str | None = None
    category: str | None = None
    mode: str | None = None
    measure: str | None = None
    currency: str | None = None
    up_to: Decimal | None = Field(None, description="holds up to this price, or weight in kg, with the border included")
    portion: bool = Field(False, description="the band holds for the part of the price inside it, not for all of it")
    minimum: Decimal | None = Field(None, description="never less than this, in minimum_currency")
    minimum_currency: str | None = None
    band_currency: str | None = None
    effective_from: date = date(2000, 1, 1)
    effective_to: date | None = None
    source: str = "operator"
    as_of: date | None = None
    mark: Literal["V", "T", "U", "settlement", "operator", "scenario"] = "operator"

    @model_validator(mode="after")
    def _known(self) -> Rate:
        if self.what not in MEANINGS:
            raise ValueError(f"there is no rate named {self.what}; there are: {', '.join(MEANINGS)}")
        kind, keys, _ = MEANINGS[self.what]
        stray = [key for key in KEYS if getattr(self, key) is not None and key not in keys]
        if stray:
            raise ValueError(f"{self.what} cannot be narrowed by {stray[0]}; allowed: {', '.join(keys) or 'nothing'}")
        if not _fits(kind, self.unit):
            raise ValueError(f"{self.what} has the unit {self.unit}; allowed: {ALLOWED_UNITS[kind]}")
        if not self.value.is_finite() or (self.value < 0 and self.what not in SIGNED):
            raise ValueError(f"{self.what} cannot be {self.value}")
        if kind == FLAG and self.value not in (0, 1):
            raise ValueError(f"{self.what} is 0 or 1, not {self.value}")
        return self

    @property
    def money(self) -> str:
        """The currency of a rate that is money."""
        return self.unit.split("/")[0]

    @property
    def stated(self) -> bool:
        """Said by the operator or a scenario, so that it counts before what the books show."""
        return self.mark in ("operator", "scenario")

    @property
    def settled(self) -> bool:
        """Shown by a marketplace's settlements."""
        return self.mark == "settlement"

    @property
    def label(self) -> str:
        """Who says so and since when."""
        return f"{self.source}, since {self.effective_from.isoformat()}"


ALLOWED_UNITS = {
    PCT: "pct",
    FLAG: "flag",
    DAYS: "days",
    MONEY: "a currency such as USD",
    PER_KG: "a currency per kg such as USD/kg",
    PER_CUBIC: "a currency per cubic metre such as USD/m3",
    CUBIC_MONTH: "a currency per cubic metre and month such as USD/m3/month",
}
ENDINGS = {MONEY: "", PER_KG: "/kg", PER_CUBIC: "/m3", CUBIC_MONTH: "/m3/month"}


@dataclass(frozen=True)
class RateBook:
    """All rates, the operator's before those of settlements before the reference's; `versions` names the reference files by their date."""

    by_what: dict[str, tuple[Rate, ...]]
    versions: dict[str, str]
    file_of: dict[int, str]

    def keys_of(self, what: str) -> frozenset[str]:
        """The keys by which any row of a rate is narrowed."""
        return frozenset(key for key in KEYS for rate in self.by_what.get(what, ()) if getattr(rate, key) is not None)

    def find(self, what: str, day: date, keys: dict[str, str | tuple[str, ...] | None]) -> tuple[Rate, ...]:
        """The rows that hold: every stated key fits, newest of the most specific first; all bands of that one case.

        A key given as a tuple fits any of its values, the first best (a country, then its customs union).
        """
        rows = [rate for rate in self.by_what.get(what, ()) if rate.effective_to is None or day <= rate.effective_to]
        found = _best([rate for rate in rows if rate.effective_from <= day], keys)
        if not found and what in EARLIEST_COUNTS:
            fitting = [rate for rate in rows if _rank(rate, keys) is not None]
            first = min((rate.effective_from for rate in fitting), default=None)
            found = _best([rate for rate in fitting if rate.effective_from == first], keys)
        return tuple(sorted(found, key=lambda rate: (rate.up_to is None, rate.up_to or 0)))

    def measures(self, what: str) -> tuple[str, ...]:
        """The names of the measures of a rate that adds up."""
        return tuple(sorted({rate.measure or "" for rate in self.by_what.get(what, ())}))

    def over(self, rows: Iterable[Rate]) -> RateBook:
        """The same book with further rows that count before all others."""
        by_what = dict(self.by_what)
        file_of = dict(self.file_of)
        for row in rows:
            told = row.model_copy(update={"mark": "scenario"})
            by_what[row.what] = (*by_what.get(row.what, ()), told)
            file_of[id(told)] = SCENARIO
        return RateBook(by_what, {**self.versions, SCENARIO: "as asked"}, file_of)

    def with_settled(self, rows: Sequence[Rate]) -> RateBook:
        """The same book with what settlements show, dated by their last day."""
        if not rows:
            return self
        by_what = dict(self.by_what)
        for row in rows:
            by_what[row.what] = (*by_what.get(row.what, ()), row)
        last = max(row.as_of.isoformat() for row in rows if row.as_of)
        return RateBook(
            by_what, {**self.versions, SETTLEMENTS: last}, self.file_of | {id(row): SETTLEMENTS for row in rows}
        )

    def version_of(self, rate: Rate) -> str:
        """Name and date of the file a rate comes from."""
        name = self.file_of.get(id(rate), OPERATOR_FILE)
        return f"{name} {self.versions[name]}"


def _best(rows: Iterable[Rate], keys: dict[str, str | tuple[str, ...] | None]) -> list[Rate]:
    best: tuple[Any, ...] | None = None
    found: list[Rate] = []
    for rate in rows:
        rank = _rank(rate, keys)
        if rank is None:
            continue
        order = (OVER.get(rate.mark, 0), *rank, rate.effective_from)
        if best is None or order > best:
            best, found = order, [rate]
        elif order == best:
            found.append(rate)
    return found


def _rank(rate: Rate, keys: dict[str, str | tuple[str, ...] | None]) -> tuple[int, ...] | None:
    rank = []
    for key in RANKED:
        wanted = getattr(rate, key)
        if wanted is None:
            rank.append(0)
            continue
        given = keys.get(key)
        choices = given if isinstance(given, tuple) else (given,)
        if wanted not in choices:
            return None
        rank.append(len(choices) - choices.index(wanted))
    hs = rate.hs or ""
    given_hs = keys.get("hs")
    if hs and not (isinstance(given_hs, str) and given_hs.startswith(hs)):
        return None
    return (*rank, len(hs))


def _fits(kind: str, unit: str) -> bool:
    if kind not in ENDINGS:
        return unit == kind
    ending = ENDINGS[kind]
    code = unit.removesuffix(ending) if ending else unit
    return unit.endswith(ending) and len(code) == 3 and code.isalpha() and code.isupper()


def rate_book(folder: Path) -> RateBook:
    """The reference rates with the operator's `rates.yaml` of that shop folder over them.

    Raises ShopError with the row and the reason when the operator's file cannot be read.
    """
    own = operator_rates(folder / OPERATOR_FILE)
    by_what: dict[str, list[Rate]] = {}
    file_of: dict[int, str] = {}
    versions: dict[str, str] = {}
    for name, rows in _reference().items():
        versions[name] = max((row.as_of.isoformat() for row in rows if row.as_of), default="undated")
        for row in rows:
            by_what.setdefault(row.what, []).append(row)
            file_of[id(row)] = name
    if own:
        versions[OPERATOR_FILE] = max(row.effective_from.isoformat() for row in own)
        for row in own:
            by_what.setdefault(row.what, []).append(row)
            file_of[id(row)] = OPERATOR_FILE
    return RateBook({what: tuple(rows) for what, rows in by_what.items()}, versions, file_of)


def operator_rates(path: Path) -> tuple[Rate, ...]:
    """The rows of the operator's file, none when there is no file."""
    import yaml

    if not path.exists():
        return ()
    try:
        told = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as broken:
        raise ShopError(f"{path.name} cannot be read as YAML: correct it or remove it.") from broken
    if told is None:
        return ()
    rows = told.get("rates") if isinstance(told, dict) else None
    if not isinstance(rows, list) or set(told) != {"rates"}:
        raise ShopError(f"{path.name} must be one list named `rates`; see docs/costs.md.")
    return tuple(_operator_row(path.name, number, row) for number, row in enumerate(rows, 1))


def _operator_row(name: str, number: int, row: Any) -> Rate:
    if not isinstance(row, dict):
        raise ShopError(f"{name}, rate {number}: a rate is written as `what: ..., value: ..., unit: ...`.")
    row = {key: str(value) if key in ("hs", "sku", "value") else value for key, value in row.items()}
    try:
        return Rate.model_validate({**row, "mark": "operator"})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        raise ShopError(f"{name}, rate {number}: {where + ': ' if where else ''}{said}.") from wrong


@cache
def _reference() -> dict[str, tuple[Rate, ...]]:
    return {name: tuple(_rows(REFERENCE / f"{name}.yaml")) for name in FILES}


def _rows(path: Path) -> Iterable[Rate]:
    import yaml

    told = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for row in told["rates"]:
        yield Rate.model_validate({**row, "value": str(row["value"])})


@cache
def customs_facts() -> dict[str, Any]:
    """Customs unions, incoterms and product categories, as the reference states them."""
    import yaml

    path = REFERENCE / "trade.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # type: ignore[no-any-return]
