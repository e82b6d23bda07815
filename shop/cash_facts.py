"""What the operator says of the shop's cash (cash.yaml), over the dated payout and filing calendars of the reference."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shop.errors import ShopError

OPERATOR_FILE = "cash.yaml"
REFERENCE = Path(__file__).parent / "reference" / "payouts.yaml"
NAME = "payouts"
ANY = "*"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PayoutRow(_Row):
    """How a channel pays out; days as in `tools.cash.payouts.Payout`."""

    channel: str
    after: Literal["sale", "delivery"] = "sale"
    hold_days: int = Field(0, ge=0, le=365)
    every_days: int = Field(1, ge=1, le=92)
    bank_days: int = Field(0, ge=0, le=60)
    business: bool = False
    reserve_pct: Decimal = Field(Decimal(0), ge=0, le=100)
    reserve_days: int = Field(0, ge=0, le=365)
    next_payout: date | None = Field(None, description="a day on which the channel settles")
    effective_from: date = date(2000, 1, 1)
    source: str = "operator"
    as_of: date | None = None
    mark: Literal["V", "T", "U", "operator"] = "operator"


class FilingRow(_Row):
    """When the tax of a country (or EU, or * for any) is due; see `tools.cash.filings.Filing`."""

    country: str
    months: int = Field(3, ge=1, le=12)
    due_month: int = Field(1, ge=0, le=12)
    due_day: int = Field(0, ge=0, le=31)
    first_month: int = Field(1, ge=1, le=12)
    effective_from: date = date(2000, 1, 1)
    source: str = "operator"
    as_of: date | None = None
    mark: Literal["V", "T", "U", "operator"] = "operator"


class ImportTaxRow(_Row):
    """Whether import VAT of a country is settled in the return instead of paid at the border."""

    country: str
    postponed: bool
    effective_from: date = date(2000, 1, 1)
    source: str = "operator"
    as_of: date | None = None
    mark: Literal["V", "T", "U", "operator"] = "operator"


class FixedCost(_Row):
    """A cost that comes again whatever is sold."""

    name: str
    amount: Decimal = Field(gt=0)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    every: Literal["week", "month", "quarter", "year"] = "month"
    day: int = Field(1, ge=1, le=31, description="day of the month; of the week (1 Monday) where every is week")
    month: int = Field(1, ge=1, le=12, description="month of the year, or of the quarter (1 to 3)")
    since: date | None = None
    until: date | None = None


class OneOff(_Row):
    """Money that comes (positive) or goes (negative) once."""

    name: str
    amount: Decimal
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    due: date


class SupplierTerms(_Row):
    """Terms of suppliers whose offers state none."""

    deposit_pct: Decimal = Field(Decimal(30), ge=0, le=100)
    balance_days: int = Field(0, ge=0, le=365)


class CashFacts(_Row):
    """The operator's own cash facts; everything may be missing."""

    opening_balance: Decimal | None = None
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="of the balance and the floor")
    balance_on: date | None = Field(None, description="day at whose end the balance held")
    floor: Decimal | None = Field(None, description="what cash must not fall below")
    fixed_costs: tuple[FixedCost, ...] | None = None
    one_off: tuple[OneOff, ...] = ()
    supplier_terms: SupplierTerms | None = None
    payouts: tuple[PayoutRow, ...] = ()
    filings: tuple[FilingRow, ...] = ()
    import_tax: tuple[ImportTaxRow, ...] = ()


class Calendars:
    """The operator's rows over the reference's; `version` names the reference's date."""

    def __init__(self, facts: CashFacts) -> None:
        told = _reference()
        self.version = f"{NAME} {told['version']}"
        self._payouts = (facts.payouts, told["payouts"])
        self._filings = (facts.filings, told["filings"])
        self._import_tax = (facts.import_tax, told["import_tax"])

    def payout(self, channel: str, day: date) -> PayoutRow:
        """How the channel pays on that day."""
        found = _best(self._payouts, "channel", (channel, ANY), day)
        assert isinstance(found, PayoutRow)
        return found

    def filing(self, places: tuple[str, ...], day: date) -> FilingRow:
        """When tax of a country (then its customs union) is due."""
        found = _best(self._filings, "country", (*places, ANY), day)
        assert isinstance(found, FilingRow)
        return found

    def postponed(self, country: str, day: date) -> bool:
        """Whether import VAT of the country is settled in the return."""
        found = _best(self._import_tax, "country", (country, ANY), day)
        assert isinstance(found, ImportTaxRow)
        return found.postponed


def cash_facts(folder: Path) -> CashFacts:
    """What cash.yaml in the shop's folder says; nothing where there is none. Raises ShopError, naming what is wrong."""
    import yaml

    path = folder / OPERATOR_FILE
    if not path.exists():
        return CashFacts()
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as broken:
        raise ShopError(f"{OPERATOR_FILE} cannot be read as YAML: correct it or remove it.") from broken
    if told is None:
        return CashFacts()
    if not isinstance(told, dict):
        raise ShopError(f"{OPERATOR_FILE} must hold names and values such as `opening_balance: 42000`.")
    try:
        return CashFacts.model_validate(_exact(told))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        known = ", ".join(CashFacts.model_fields)
        said = f"there is no {where}; there are: {known}" if first["type"] == "extra_forbidden" and "." not in where else f"{where}: {first['msg']}"  # fmt: skip
        raise ShopError(f"{OPERATOR_FILE}: {said}.") from wrong


def _exact(told: Any) -> Any:
    """The same with numbers as text, so that no amount goes through a float; Norway's NO stays a country."""
    if isinstance(told, dict):
        return {key: "NO" if key == "country" and value is False else _exact(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_exact(value) for value in told]
    return str(told) if isinstance(told, float) else told


def _best(books: tuple[Any, ...], key: str, wanted: tuple[str, ...], day: date) -> _Row:
    for rows in books:
        for value in wanted:
            fitting = [row for row in rows if getattr(row, key) == value and row.effective_from <= day]
            if fitting:
                return max(fitting, key=lambda row: row.effective_from)  # type: ignore[no-any-return]
    earliest = [row for row in books[-1] if getattr(row, key) == ANY]
    return earliest[0]  # type: ignore[no-any-return]


@cache
def _reference() -> dict[str, Any]:
    import yaml

    told = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    kinds: dict[str, type[_Row]] = {"payouts": PayoutRow, "filings": FilingRow, "import_tax": ImportTaxRow}
    found: dict[str, Any] = {"version": told["version"]}
    for name, kind in kinds.items():
        found[name] = tuple(kind.model_validate(_exact(row)) for row in told[name])
    return found
