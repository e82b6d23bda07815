"""Leading signals: what searches, inquiries and visits did lately, and whether they ever ran ahead of orders.

A signal moved when its last two weeks are too far from what the eight weeks before and last year's change over
the same weeks let expect: a negative binomial test whose spread is that of the series' own past, with the
false-discovery rate held (Benjamini & Hochberg 1995) over everything looked at. Whether a source leads is told
by the rank correlation of its weekly log changes with those of orders so many days later, week effects that all
products share taken out, over all products and countries at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import NormalDist
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from shop.recent import Recent
from shop.warehouse import Shop
from tools.forecasting.series import Scope
from tools.forecasting.set_apart import ids_apart
from tools.forecasting.terms import sku_of_terms

Floats = NDArray[np.float64]
Cells = dict[tuple[str, str], Floats]
SOURCES = ("searches", "inquiries", "sessions", "add_to_carts")
DAYS = 728
RECENT, BASE = 14, 56
YEAR = 364
LEAST_BASE = 40.0
LEAST_CHANGE = 0.15
FALSE_DISCOVERIES = 0.05
LONGEST_LEAD = 28
LEAST_PAIRS = 200
LEAST_STRENGTH = 0.05
LEAST_LEAD = 2
CHANCE = 0.005
SPREAD_FLOOR, SPREAD_GUESS = 0.03, 0.15
LEAST_WINDOWS, MAD_TO_SD = 6, 1.4826
KEPT = 16
T = TypeVar("T")


@dataclass(frozen=True)
class Move:
    """A signal of one SKU in one country whose last two weeks (`recent` counts) are not what was `expected`.

    `share` is recent over expected, `p` the chance of being so far off by noise, `terms` the search terms behind it.
    """

    source: str
    sku: str
    country: str
    recent: int
    expected: float
    p: float
    terms: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """1.2: a fifth more than expected."""
        return self.recent / self.expected


@dataclass(frozen=True)
class Lead:
    """How a source went with orders in the past: `days` ahead with the rank correlation `strength`.

    `ahead` says that it led: the correlation clears chance and peaks at least two days before the orders.
    """

    source: str
    days: int
    strength: float
    pairs: int
    ahead: bool


@dataclass(frozen=True)
class Counts:
    """Daily counts by SKU and country, the last day being as_of, and the rows they were read from."""

    by_source: dict[str, Cells]
    orders: Cells
    terms: dict[tuple[str, str], tuple[str, ...]]
    rows: dict[str, int]


_kept: Recent[object] = Recent(KEPT)

_CELLS = """
    WITH daily AS ({daily})
    SELECT name, country, list(day), list(n) FROM daily GROUP BY ALL
"""
_TRAFFIC = """
    SELECT sku AS name, country, date_diff('day', ?::DATE, day) AS day, sum({column})::DOUBLE AS n FROM traffic
    WHERE day BETWEEN ?::DATE AND ?::DATE AND {column} IS NOT NULL
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], channel)) GROUP BY ALL
"""
_SEARCHES = """
    SELECT term AS name, country, date_diff('day', ?::DATE, day) AS day, sum(searches)::DOUBLE AS n FROM searches
    WHERE day BETWEEN ?::DATE AND ?::DATE
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], channel)) GROUP BY ALL
"""
_INQUIRIES = """
    SELECT sku AS name, country, date_diff('day', ?::DATE, received_at::DATE) AS day, count(*)::DOUBLE AS n
    FROM inquiries WHERE received_at::DATE BETWEEN ?::DATE AND ?::DATE AND sku IS NOT NULL
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], channel)) GROUP BY ALL
"""
_ORDERS = """
    SELECT l.sku AS name, o.country, date_diff('day', ?::DATE, o.ordered_at::DATE) AS day,
           count(DISTINCT o.order_id)::DOUBLE AS n
    FROM orders o JOIN order_lines l USING (order_id)
    WHERE o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE AND coalesce(o.status, 'paid') <> 'cancelled'
      AND o.order_id NOT IN (SELECT unnest(?::VARCHAR[])) AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], o.channel)) GROUP BY ALL
"""


def sources_held(shop: Shop) -> dict[str, int]:
    """Rows of each table that could hold a signal; a source without rows is left out."""
    held = {table: shop.count(table) for table in ("searches", "inquiries", "traffic")}
    return {table: rows for table, rows in held.items() if rows}


def sources_told(shop: Shop, scope: Scope) -> tuple[str, ...]:
    """The sources with enough counts in the scope to tell a move from noise."""
    counts = counts_of(shop, tuple(sorted(scope.channels)))
    return tuple(
        source
        for source, cells in counts.by_source.items()
        if any(_wanted(scope, *cell) and _testable(days) for cell, days in cells.items())
    )


def moves(shop: Shop, scope: Scope) -> list[Move]:
    """Signals in the scope that moved beyond noise, the least likely by chance first."""
    counts = counts_of(shop, tuple(sorted(scope.channels)))
    tested: list[Move] = []
    for source, cells in counts.by_source.items():
        common = _last_year(np.sum(list(cells.values()), axis=0)) if cells else None
        for (sku, country), days in cells.items():
            if not _wanted(scope, sku, country) or not _testable(days):
                continue
            expected, spread = _expected(days, common)
            recent = float(days[-RECENT:].sum())
            terms = counts.terms.get((sku, country), ()) if source == "searches" else ()
            tested.append(Move(source, sku, country, round(recent), expected, _p(recent, expected, spread), terms))
    tested.sort(key=lambda one: one.p)
    last = 0
    for place, one in enumerate(tested, 1):
        if one.p <= FALSE_DISCOVERIES * place / len(tested):
            last = place
    return [one for one in tested[:last] if abs(one.share - 1) >= LEAST_CHANGE]


def leads(shop: Shop, channels: tuple[str, ...] = ()) -> dict[str, Lead]:
    """Per source whether its moves came before those of orders; sources with too little to tell are left out."""

    def find() -> dict[str, Lead]:
        counts = counts_of(shop, channels)
        found = {source: _lead(source, cells, counts.orders) for source, cells in counts.by_source.items()}
        return {source: one for source, one in found.items() if one is not None}

    return remembered((shop.folder.resolve(), shop.version, channels, "leads"), find)


def remembered(key: tuple[object, ...], find: Callable[[], T]) -> T:
    """What was found before under the key, or what `find` finds now."""
    return cast(T, _kept.get(key, find))


def counts_of(shop: Shop, channels: tuple[str, ...]) -> Counts:
    """Signals and orders of the last two years through the channels (all when empty), kept per version of the books."""
    return remembered((shop.folder.resolve(), shop.version, channels, "counts"), lambda: _read(shop, channels))


def _read(shop: Shop, channels: tuple[str, ...]) -> Counts:
    first = shop.as_of - timedelta(days=DAYS - 1)
    asked = [first, first, shop.as_of, list(channels), list(channels)]
    held = sources_held(shop)
    by_source: dict[str, Cells] = {}
    terms: dict[tuple[str, str], tuple[str, ...]] = {}
    if "searches" in held:
        by_source["searches"], terms = _by_sku(shop, _cells(shop, _SEARCHES, asked))
    if "inquiries" in held:
        by_source["inquiries"] = _cells(shop, _INQUIRIES, asked)
    if "traffic" in held:
        for column in ("sessions", "add_to_carts"):
            by_source[column] = _cells(shop, _TRAFFIC.format(column=column), asked)
    counted = [first, first, shop.as_of, ids_apart(shop), list(channels), list(channels)]
    return Counts(by_source, _cells(shop, _ORDERS, counted), terms, held)


def _cells(shop: Shop, daily: str, asked: list[object]) -> Cells:
    """Daily counts by name and country."""
    found: Cells = {}
    for name, country, days, counts in shop.rows(_CELLS.format(daily=daily), asked):
        found[str(name), str(country)] = np.asarray(np.bincount(days, counts, DAYS), dtype=np.float64)
    return found


def _by_sku(shop: Shop, by_term: Cells) -> tuple[Cells, dict[tuple[str, str], tuple[str, ...]]]:
    """Searches by SKU and country, and per cell the terms of the last two weeks, the most searched first."""
    skus = sku_of_terms(shop.vocabulary.products, {term for term, _ in by_term})
    found: Cells = {}
    recent: dict[tuple[str, str], dict[str, float]] = {}
    for (term, country), days in by_term.items():
        if term in skus:
            cell = (skus[term], country)
            found[cell] = found.get(cell, np.zeros(DAYS)) + days
            recent.setdefault(cell, {})[term] = float(days[-RECENT:].sum())
    terms = {cell: tuple(sorted((t for t in n if n[t]), key=lambda t: -n[t])) for cell, n in recent.items()}
    return found, terms


def _wanted(scope: Scope, sku: str, country: str) -> bool:
    return (not scope.skus or sku in scope.skus) and (not scope.countries or country in scope.countries)


def _testable(days: Floats) -> bool:
    """Enough counted in the eight weeks, and begun long enough before to have settled in."""
    return days[-RECENT - BASE : -RECENT].sum() >= LEAST_BASE and int(np.flatnonzero(days)[0]) <= DAYS - 2 * (
        RECENT + BASE
    )


def _last_year(days: Floats) -> float | None:
    """Log change of the same two weeks a year ago against the eight before them; None without such a year."""
    then = days[: len(days) - YEAR]
    if len(then) < RECENT + BASE or then[-RECENT - BASE : -RECENT].sum() < LEAST_BASE:
        return None
    return _log_change(then)


def _log_change(days: Floats) -> float:
    return float(np.log((days[-RECENT:].sum() + 0.5) / (days[-RECENT - BASE : -RECENT].sum() * RECENT / BASE + 0.5)))


def _expected(days: Floats, common: float | None) -> tuple[float, float]:
    """Counts expected in the last two weeks, and the spread (log) beyond their counting noise of such a guess.

    Last year's change over the same weeks is the season: the product's own where it had one, drawn half to that
    of all products. The spread holds how far such changes strayed in the past, and what so few counts tell of
    the weeks compared with.
    """
    lived = days[int(np.flatnonzero(days)[0]) :]
    own = _last_year(days) if len(lived) >= YEAR + RECENT + BASE else None
    known = [one for one in (own, common) if one is not None]
    season = float(np.mean(known)) if known else 0.0
    base = float(days[-RECENT - BASE : -RECENT].sum())
    unsure = 1 / base
    if own is not None:
        unsure += _counting_noise(days[:-YEAR]) / len(known) ** 2
    strayed = SPREAD_GUESS
    windows = [lived[:end] for end in range(len(lived) - RECENT, RECENT + BASE, -RECENT)]
    windows = [window for window in windows if window[-RECENT - BASE : -RECENT].sum() >= LEAST_BASE]
    if len(windows) >= LEAST_WINDOWS:
        changes = np.array([_log_change(window) for window in windows])
        typical = float(np.median(np.abs(changes - np.median(changes)))) * MAD_TO_SD
        counted = float(np.median([_counting_noise(window) for window in windows]))
        strayed = float(np.sqrt(max(typical**2 - counted, SPREAD_FLOOR**2)))
    return base * RECENT / BASE * float(np.exp(season)), float(np.sqrt(strayed**2 + unsure))


def _counting_noise(days: Floats) -> float:
    """Variance of the log change that counting alone brings."""
    return float(1 / (days[-RECENT:].sum() + 1) + 1 / (days[-RECENT - BASE : -RECENT].sum() + 1))


def _p(recent: float, expected: float, spread: float) -> float:
    """Two-sided p-value of a negative binomial with the mean and a relative variance of spread squared."""
    from scipy.special import betainc

    if expected <= 0:
        return 1.0
    size = 1 / spread**2
    chance = size / (size + expected)
    below = float(betainc(size, recent + 1, chance))
    above = 1 - float(betainc(size, recent, chance)) if recent > 0 else 1.0
    return min(2 * min(below, above), 1.0)


def _lead(source: str, cells: Cells, orders: Cells) -> Lead | None:
    """The lag at which weekly changes of the source and of later orders go together most."""
    both = [cell for cell in cells if cell in orders and orders[cell].sum() >= LEAST_BASE * 4]
    if not both:
        return None
    lags = range(LONGEST_LEAD + 1)
    signal = {cell: _weekly_sums(cells[cell]) for cell in both}
    ordered = {cell: _weekly_sums(orders[cell]) for cell in both}
    ends = np.arange(14, DAYS - LONGEST_LEAD, 7)
    told = np.array([_changes(signal[cell], ends) for cell in both])
    told -= told.mean(axis=0)
    strengths = []
    for lag in lags:
        later = np.array([_changes(ordered[cell], ends + lag) for cell in both])
        later -= later.mean(axis=0)
        alive = (told != 0) & (later != 0)
        if int(alive.sum()) < LEAST_PAIRS:
            return None
        strengths.append(float(np.corrcoef(_ranks(told[alive]), _ranks(later[alive]))[0, 1]))
    best = int(np.argmax(strengths))
    pairs = told.size
    bar = max(NormalDist().inv_cdf(1 - CHANCE / len(strengths)) / np.sqrt(pairs), LEAST_STRENGTH)
    ahead = strengths[best] > bar and best >= LEAST_LEAD and strengths[best] > 1.2 * max(strengths[0], 0.0)
    return Lead(source, best, round(strengths[best], 3), pairs, bool(ahead))


def _weekly_sums(days: Floats) -> Floats:
    """Sum of the seven days that end with each day."""
    total = np.concatenate([[0.0], np.cumsum(days)])
    return np.asarray(total[7:] - total[:-7], dtype=np.float64)


def _changes(weekly: Floats, ends: NDArray[np.int64]) -> Floats:
    """Log change from the week before to the week that ends on each day."""
    at = ends - 6
    return np.asarray(np.log((weekly[at] + 0.5) / (weekly[at - 7] + 0.5)), dtype=np.float64)


def _ranks(values: Floats) -> Floats:
    """Ranks, equal values sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place], dtype=np.float64)
