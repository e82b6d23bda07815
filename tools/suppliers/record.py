"""What a supplier's own deliveries say against it: late or bad lately, more than chance and than others allow.

Both are tests on counts of its latest orders: for every point in time the orders since then are held against what
the other suppliers and its own earlier orders would lead one to expect, and the strongest point counts (a scan for a
change that lasts until today; Page 1954, with Bonferroni's correction for the points tried). Orders placed on the same
day are one case for lateness, since what holds up one holds up the others. Defects in one order are not independent,
so their scatter is widened by the dispersion seen between orders (McCullagh and Nelder 1989, chapter 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tools.suppliers.books import Delivery
from tools.suppliers.delays import Seen

History = Sequence[tuple[Delivery, Seen]]
RECENT_DAYS = 540
SURE, LIKELY = 1e-3, 0.02
LATE_DAYS, LATE_SHARE_OF_PROMISE = 7.0, 0.2
LATE_FROM = 0.3  # share of cases badly late from which an order is not worth risking
LEAST_RATE = 0.1  # badly late cases that anybody may have
SURE_CASES, LIKELY_CASES = 8, 3
LEAST_DEFECTS = 0.005
BAD_FROM, BAD_TIMES = 0.03, 2.5  # share of bad units, absolute and against the usual, from which it counts
SURE_ORDERS, LIKELY_ORDERS = 3, 2
LATEST, LATEST_CASES = 3, 5
MAX_DISPERSION = 30.0


@dataclass(frozen=True)
class Lateness:
    """Badly late lately: `late` of `cases` order days since `since`, `usual` percent elsewhere; mean days late."""

    late: int
    cases: int
    usual: float
    mean_days: float
    since: date
    chance: float
    sure: bool


@dataclass(frozen=True)
class Defects:
    """Bad goods lately: `bad` of `units` since `since`, against the usual share (percent)."""

    bad: int
    units: int
    orders: int
    usual: float
    since: date
    chance: float
    sure: bool

    @property
    def share(self) -> float:
        """Bad units in percent."""
        return 100 * self.bad / self.units


def lateness(supplier: str, history: History, today: date) -> Lateness | None:
    """What speaks against a supplier's punctuality; None when nothing does."""
    from scipy.special import betainc

    own = _cases([one for one in history if one[0].supplier == supplier])
    others = _cases_of_each(history, supplier)
    recent = [one for one in own if one[0] >= today - timedelta(days=RECENT_DAYS)]
    if len(recent) < LIKELY_CASES:
        return None
    usual = max((sum(bad for _, _, bad in others) + 1) / (len(others) + 10), LEAST_RATE)
    best: Lateness | None = None
    strongest = 0.0
    tried = len(recent) - LIKELY_CASES + 1
    for start in range(tried):
        part = recent[start:]
        late = sum(bad for _, _, bad in part)
        still = sum(bad for _, _, bad in part[-LATEST_CASES:])
        if late / len(part) < LATE_FROM or not still:
            continue
        chance = min(float(betainc(late, len(part) - late + 1, usual)) * tried, 1.0)
        strength = _strength(late, len(part), usual)
        if chance > LIKELY or strength <= strongest:
            continue
        strongest = strength
        mean = sum(days for _, days, _ in part) / len(part)
        sure = chance < SURE and len(part) >= SURE_CASES
        best = Lateness(late, len(part), 100 * usual, mean, part[0][0], chance, sure)
    return best


def _cases(rows: History) -> list[tuple[date, float, bool]]:
    """Order day, mean days late and whether badly late, of all orders placed that day."""
    by_day: dict[date, list[tuple[float, float]]] = {}
    for order, seen in rows:
        promise = max((order.received or seen.known).toordinal() - order.ordered.toordinal() - seen.delay, 1.0)
        by_day.setdefault(order.ordered, []).append((seen.delay, max(LATE_DAYS, LATE_SHARE_OF_PROMISE * promise)))
    return [
        (day, sum(late for late, _ in few) / len(few), sum(late > most for late, most in few) * 2 > len(few))
        for day, few in sorted(by_day.items())
    ]


def _cases_of_each(history: History, but: str) -> list[tuple[date, float, bool]]:
    names = {order.supplier for order, _ in history} - {but}
    return [case for name in sorted(names) for case in _cases([one for one in history if one[0].supplier == name])]


def defects(supplier: str, orders: Sequence[Delivery], today: date) -> Defects | None:
    """What speaks against the quality of a supplier's goods; None when nothing does."""
    from scipy.special import ndtr

    counted = [one for one in orders if one.received is not None and one.defects is not None]
    own = sorted((one for one in counted if one.supplier == supplier), key=lambda one: one.received or today)
    others = [one for one in counted if one.supplier != supplier]
    recent = [one for one in own if one.received is not None and one.received >= today - timedelta(days=RECENT_DAYS)]
    if len(recent) < LIKELY_ORDERS:
        return None
    elsewhere = _middle_share(others)
    spread = _dispersion(own, others, elsewhere)
    best: Defects | None = None
    strongest = 0.0
    tried = len(recent) - LIKELY_ORDERS + 1
    for start in range(tried):
        part = recent[start:]
        bad, units = sum(one.defects or 0 for one in part), sum(one.quantity for one in part)
        last = part[-LATEST:]
        share, still = bad / units, sum(one.defects or 0 for one in last) / sum(one.quantity for one in last)
        least = max(BAD_FROM, BAD_TIMES * elsewhere)
        if share < least or still < least:
            continue
        sd = float(np.sqrt(units * elsewhere * (1 - elsewhere) * spread))
        chance = min(float(ndtr((units * elsewhere - bad) / sd)) * tried, 1.0)
        strength = _strength(bad, units, elsewhere)
        if chance > LIKELY or strength <= strongest:
            continue
        strongest = strength
        since = part[0].received or today
        best = Defects(
            bad, units, len(part), 100 * elsewhere, since, chance, chance < SURE and len(part) >= SURE_ORDERS
        )
    return best


def _strength(hits: int, of: int, usual: float) -> float:
    """Log-likelihood ratio of the share seen against the usual one."""
    from scipy.special import rel_entr

    seen = hits / of
    return of * float(rel_entr(seen, usual) + rel_entr(1 - seen, 1 - usual))


def _middle_share(orders: Sequence[Delivery]) -> float:
    """The middle supplier's share of bad units, never below half a percent; a percent where nobody else delivered."""
    bad: dict[str, list[int]] = {}
    for one in orders:
        found = bad.setdefault(one.supplier, [0, 0])
        found[0] += one.defects or 0
        found[1] += one.quantity
    shares = [few / units for few, units in bad.values()]
    return max(float(np.median(shares)), LEAST_DEFECTS) if shares else 0.01


def _dispersion(own: Sequence[Delivery], others: Sequence[Delivery], usual: float) -> float:
    """How much more defects scatter between the orders of a supplier than chance has them, 1 or more."""
    groups: dict[str, list[Delivery]] = {}
    for one in [*own, *others]:
        groups.setdefault(one.supplier, []).append(one)
    ratios = []
    for rows in groups.values():
        if len(rows) < LATEST:
            continue
        units = np.array([one.quantity for one in rows], dtype=np.float64)
        bad = np.array([one.defects or 0 for one in rows], dtype=np.float64)
        share = max(float(bad.sum() / units.sum()), usual / 2)
        ratios.append(float(np.median((bad - units * share) ** 2 / (units * share * (1 - share)))) / 0.455)
    return float(np.clip(np.median(ratios), 1.0, MAX_DISPERSION)) if ratios else 2.0
