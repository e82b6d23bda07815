"""The gate before any order: who is never proposed, and why.

Signs of fraud have weights; from `BLOCK` on in sum the supplier is blocked, so that one sign alone only warns. A bad
record blocks where its test is sure, and warns where it is likely. Every sign carries its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shop.recent import Recent
from shop.warehouse import Shop
from tools.contract import Finding, Value, finding
from tools.suppliers.books import Supply, supply

BLOCK = 1.0
DOUBT = 0.5  # from here on any other supplier is preferred
KEPT = 4
PROVEN_ORDERS = 8  # received orders without a bad record that halve what signs of fraud weigh

Kind = Literal["fraud", "record"]


@dataclass(frozen=True)
class Flag:
    """A sign against a supplier. `key` is worded as gate.<key> with `values`, named in short as gate.short.<key>.

    `weight` counts towards `BLOCK`; 0 only informs.
    """

    key: str
    kind: Kind
    weight: float
    values: Mapping[str, Value]

    def told(self, severity: Literal["act", "watch", "info"] = "watch") -> Finding:
        """The sign and its evidence as a finding."""
        return finding(f"gate.{self.key}", severity, None, **self.values)


@dataclass(frozen=True)
class Verdict:
    """What the gate says of a supplier: all its flags, the weightiest first."""

    supplier: str
    name: str
    flags: tuple[Flag, ...]
    received: int

    @property
    def suspected(self) -> bool:
        """Whether signs of fraud add up so far that nothing may be ordered."""
        return self._sum("fraud") >= BLOCK

    @property
    def bad_record(self) -> bool:
        """Whether its own deliveries are surely bad of late."""
        return any(flag.kind == "record" and flag.weight >= BLOCK for flag in self.flags)

    @property
    def blocked(self) -> bool:
        """Whether it is never proposed."""
        return self.suspected or self.bad_record

    @property
    def doubtful(self) -> bool:
        """Whether signs of fraud are enough to prefer any other supplier."""
        return self._sum("fraud") >= DOUBT

    @property
    def score(self) -> float:
        """The weight of all signs together."""
        return self._sum("fraud") + self._sum("record")

    @property
    def signs(self) -> tuple[Flag, ...]:
        """The flags that weigh something."""
        return tuple(flag for flag in self.flags if flag.weight > 0)

    def _sum(self, kind: Kind) -> float:
        return sum(flag.weight for flag in self.flags if flag.kind == kind) + 1e-9


def screen(shop: Shop) -> dict[str, Verdict]:
    """The gate's word on every supplier that the books name, worked out once for a version of the books."""
    return _kept.get((shop.folder, shop.version, shop.as_of), lambda: _screened(shop, supply(shop)))


_kept: Recent[dict[str, Verdict]] = Recent(KEPT)


def _screened(shop: Shop, book: Supply) -> dict[str, Verdict]:
    from tools.suppliers.punctuality import history
    from tools.suppliers.signs_company import company_flags
    from tools.suppliers.signs_price import price_flags
    from tools.suppliers.signs_record import record_flags
    from tools.suppliers.ways import usual_days

    names = sorted({*book.companies, *(one.supplier for one in book.offers)})
    received: dict[str, int] = {}
    for order in book.deliveries:
        received[order.supplier] = received.get(order.supplier, 0) + (order.received is not None)
    past = history(book, usual_days(shop))
    cheap = price_flags(shop, book)
    found = {}
    for name in names:
        record = record_flags(name, book, past)
        proven = received.get(name, 0) >= PROVEN_ORDERS and not record
        fraud = [*company_flags(name, book, received), *cheap.get(name, [])]
        if proven:
            fraud = [Flag(flag.key, flag.kind, flag.weight / 2, flag.values) for flag in fraud]
        flags = sorted([*fraud, *record], key=lambda flag: (-flag.weight, flag.key))
        found[name] = Verdict(name, book.company(name).name, tuple(flags), received.get(name, 0))
    return found
