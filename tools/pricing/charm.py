"""Prices as they end on a shelf: the shop's own habit in a currency, else .90 and .99, and tens where there are no cents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from shop.costs.parts import coin

HABIT_SHARE = Decimal("0.6")
HABIT_LEAST = 5
FEWEST = 4  # prices to choose among before finer endings are used


def habit(prices: Iterable[Decimal], currency: str) -> Decimal | None:
    """The ending that most of the shop's prices in a currency share, as an amount below one step; None without one."""
    step = _step(currency)
    unit = coin(currency)
    seen = Counter((price % step).quantize(unit) for price in prices)
    total = seen.total()
    if total < HABIT_LEAST:
        return None
    ending, count = seen.most_common(1)[0]
    return ending if count >= HABIT_SHARE * total else None


def endings(currency: str, own: Decimal | None) -> tuple[Decimal, ...]:
    """Endings below one step of a currency that a price may have: the shop's own one, else the usual ones."""
    if own is not None:
        return (own,)
    step = _step(currency)
    if step == 100:
        return tuple(Decimal(ten) for ten in range(0, 100, 10))
    return (step * Decimal("0.90"), step * Decimal("0.99"))


def charmed(low: Decimal, high: Decimal, currency: str, own: Decimal | None) -> list[Decimal]:
    """Prices from low to high with an allowed ending, in order; with finer ones where those are fewer than four.

    Finer means each tenth of a step with the last digit of the ending: 5.39, 5.49, 5.59 where endings are .99.
    """
    step = _step(currency)
    found = _ending(low, high, step, endings(currency, own))
    if len(found) >= FEWEST:
        return found
    fine = step / 10
    last = sorted({ending % fine for ending in endings(currency, own)})
    return sorted({*found, *_ending(low, high, fine, last)})


def first_from(low: Decimal, currency: str, own: Decimal | None) -> Decimal:
    """The lowest price with an allowed ending that is not below `low`."""
    step = _step(currency)
    return _ending(low, low + step, step, endings(currency, own))[0]


def _ending(low: Decimal, high: Decimal, step: Decimal, ends: Iterable[Decimal]) -> list[Decimal]:
    found = set()
    for end in ends:
        price = ((low - end) / step).to_integral_value(ROUND_CEILING) * step + end
        while price <= high:
            if price > 0:
                found.add(price)
            price += step
    return sorted(found)


def _step(currency: str) -> Decimal:
    """One whole unit of money on a price tag: 1 where there are cents, 100 where there are none."""
    return Decimal(100) if coin(currency) == 1 else Decimal(1)
