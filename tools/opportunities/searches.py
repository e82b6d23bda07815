"""What people search for: which product answers a term, which terms none answers, and which rise beyond chance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.opportunities.market import WEEKS, YEAR_WEEKS, Market
from tools.opportunities.meaning import nearest
from tools.opportunities.significance import discoveries, upper
from tools.opportunities.wording import Names, Spoken, words

Floats = NDArray[np.float64]
TOGETHER = 0.5  # correlation of detrended weekly logs above which a term moves with a product
TOGETHER_WEEKS = 26
TOGETHER_CLOSELY = 0.92  # so close that a faint likeness of meaning is enough
TOGETHER_FOREIGN, ENOUGH = 0.45, 0.9
MEANT = 0.6  # cosine above which a product may be what the term means
MEANT_FAINTLY = 0.25
MEANT_ALONE, MEANT_FOREIGN = 0.85, 0.5  # the same where nothing shows whether they move together
HALF = 0.5  # of the telling words
SPOKEN_SHARE = 0.5  # of a country's terms in the words of product names, below which the names are of another language
RECENT_WEEKS = 4
GAP_WEEKS = 8
BASE_WEEKS = 26
LEAST_SEARCHES = 20  # in the recent weeks
LEAST_RISE = 0.3  # log; a third more
LEAST_NOISE = 0.08  # log, between weeks of a steady term
SEEN_WEEKS = 13
SEEN_SHARE = 0.6  # of these weeks
MOST_MEANT = 200  # terms whose meaning is looked up, the most searched first
LEAST_A_WEEK = 3.0
SPREAD_OF_NORMAL = 1.4826


@dataclass(frozen=True)
class Term:
    """A term in one country. `weekly` counts searches on all channels; `by_channel` those of the last 52 weeks."""

    country: str
    term: str
    weekly: Floats
    by_channel: dict[str, int]
    days: int

    @property
    def year(self) -> float:
        """Searches of the last 52 weeks."""
        return float(self.weekly[-YEAR_WEEKS:].sum())

    @property
    def recent(self) -> float:
        """Searches a week over the last four weeks."""
        return float(self.weekly[-RECENT_WEEKS:].mean())


@dataclass(frozen=True)
class Answer:
    """The SKU that answers a term, or none; `near` is the closest SKU all the same, `left` the words none has."""

    term: Term
    sku: str | None
    near: str | None
    how: Literal["words", "movement", "meaning", "brand", "none"]
    left: tuple[str, ...]


@dataclass(frozen=True)
class Rise:
    """A term searched more than its season, or than the product that answers it, explains. `factor` is what is left
    after that, `weekly` searches a week now, `before` in the weeks before the rise, `chance` the false-discovery rate."""

    answer: Answer
    factor: float
    weekly: float
    before: float
    chance: float


def terms(shop: Shop) -> list[Term]:
    """Every term and country with its weekly searches."""
    start = shop.as_of - timedelta(weeks=WEEKS) + timedelta(days=1)
    weekly: dict[tuple[str, str], Floats] = {}
    for country, term, week, total in shop.rows(
        "SELECT country, term, datediff('day', ?::DATE, day) // 7, sum(searches) FROM searches "
        "WHERE day BETWEEN ?::DATE AND ?::DATE AND searches > 0 GROUP BY ALL",
        [start, start, shop.as_of],
    ):
        weekly.setdefault((str(country), str(term)), np.zeros(WEEKS))[int(week)] += float(total)
    ways: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    days: dict[tuple[str, str], int] = defaultdict(int)
    for country, term, way, total, seen in shop.rows(
        "SELECT country, term, channel, sum(searches), count(DISTINCT day) FROM searches "
        "WHERE day BETWEEN ?::DATE AND ?::DATE AND searches > 0 GROUP BY ALL",
        [shop.as_of - timedelta(weeks=YEAR_WEEKS) + timedelta(days=1), shop.as_of],
    ):
        ways[str(country), str(term)][str(way)] = int(total)
        days[str(country), str(term)] = max(days[str(country), str(term)], int(seen))
    return [Term(*key, series, ways.get(key, {}), days.get(key, 0)) for key, series in sorted(weekly.items())]


def answers(market: Market, found: Sequence[Term], brands: Sequence[str] = ()) -> list[Answer]:
    """Who answers each term. `brands` are names of competitors and of the shop, which tell no need.

    A term whose telling words all are in one SKU's names is answered by it. Otherwise a near SKU by words or meaning
    answers it where the two move together week by week (correlation of detrended logs); a word that no name has, such
    as a kind or a use, else means another product. Names in another language than the country's leave it to meaning
    and movement.
    """
    names = Names({sku: item.names for sku, item in market.items.items()})
    spoken = {term: names.says(term) for term in sorted({one.term for one in found})}
    branded = frozenset(token for name in brands for token in words(name))
    spoken = {
        term: replace(says, left=tuple(t for t in says.left if t not in branded)) for term, says in spoken.items()
    }
    loud = sorted((one for one in found if _steady(one) or _heard(one)), key=lambda one: (-one.year, one.term))
    asked = dict.fromkeys(one.term for one in loud)
    told_by_words = {term for term, says in spoken.items() if not says.left}
    meant = nearest(market, [term for term in asked if term not in told_by_words][:MOST_MEANT])
    heard: dict[str, list[bool]] = defaultdict(list)
    for one in found:
        heard[one.country].append(not spoken[one.term].left and spoken[one.term].sku is not None)
    foreign = {place for place, known in heard.items() if sum(known) < SPOKEN_SHARE * len(known)}
    return [_answer(market, one, spoken[one.term], meant.get(one.term, []), one.country in foreign) for one in found]


def _steady(term: Term) -> bool:
    recent = term.weekly[-SEEN_WEEKS:]
    return bool(recent.mean() >= LEAST_A_WEEK and (recent > 0).sum() >= SEEN_WEEKS * SEEN_SHARE)


def _heard(term: Term) -> bool:
    return term.recent * RECENT_WEEKS >= LEAST_SEARCHES


def _answer(
    market: Market, one: Term, says: Spoken, meant: Sequence[tuple[str, float]], foreign: bool
) -> Answer:  # fmt: skip
    if says.sku is not None and not says.left:
        return Answer(one, says.sku, says.sku, "words", ())
    if not says.left and not meant:
        return Answer(one, None, None, "brand", ())
    closeness = dict(meant)
    if says.sku is not None:
        closeness[says.sku] = max(closeness.get(says.sku, 0.0), MEANT if says.covered >= HALF else says.covered)
    best: tuple[float, str] | None = None
    unjudged: tuple[str, float] | None = None
    for candidate, cosine in closeness.items():
        together = correlation(one.weekly, market.moves(candidate, one.country))
        if together is None:
            if unjudged is None or cosine > unjudged[1]:
                unjudged = (candidate, cosine)
        elif _answered(together, cosine, foreign) and (best is None or together + cosine > best[0]):
            best = (together + cosine, candidate)
    if best is not None:
        return Answer(one, best[1], best[1], "movement", says.left)
    first = next(iter(meant), None)
    near = says.sku or (first[0] if first is not None and first[1] >= MEANT else None)
    if unjudged is not None and first is not None and unjudged[0] == first[0] and says.covered in (0.0, 1.0):
        enough = MEANT_FOREIGN if foreign else MEANT_ALONE
        if unjudged[1] >= enough:
            return Answer(one, unjudged[0], unjudged[0], "meaning", says.left)
    return Answer(one, None, near, "none", says.left)


def _answered(together: float, cosine: float, foreign: bool) -> bool:
    """Whether moving together and meaning alike are enough: less of the one asks for more of the other.

    Where the product names do not speak the country's language, words say nothing and the sum decides.
    """
    if together >= TOGETHER and cosine >= MEANT:
        return True
    if together >= TOGETHER_CLOSELY and cosine >= MEANT_FAINTLY:
        return True
    return foreign and together >= TOGETHER_FOREIGN and together + cosine >= ENOUGH


def correlation(one: Floats, other: Floats | None) -> float | None:
    """Of weekly logs less their straight trend, in the same week or searches a week ahead; None with too few weeks."""
    if other is None:
        return None
    known = np.flatnonzero(other)
    start = int(max(known[0] if len(known) else WEEKS, np.flatnonzero(one)[0] if one.any() else WEEKS))
    if WEEKS - start < TOGETHER_WEEKS:
        return None
    return max(_together(one[start:], other[start:]), _together(one[start:-1], other[start + 1 :]))


def _together(one: Floats, other: Floats) -> float:
    left, right = _detrended(one), _detrended(other)
    size = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / size if size > 0 else 0.0


def _detrended(series: Floats) -> Floats:
    logs = np.log1p(series)
    place = np.arange(len(logs)) - (len(logs) - 1) / 2
    centred = logs - logs.mean()
    return np.asarray(centred - place * (place @ centred) / (place @ place), dtype=np.float64)


def unmet(found: Sequence[Answer]) -> list[Answer]:
    """Terms steadily searched that no SKU answers, the most searched first."""
    steady = [one for one in found if one.sku is None and one.how != "brand" and _steady(one.term)]
    return sorted(steady, key=lambda one: (-one.term.year, one.term.country, one.term.term))


def rising(market: Market, found: Sequence[Answer], rate: float = 0.05) -> list[Rise]:
    """Terms whose last four weeks are above the half year that ended twelve weeks ago, beyond chance.

    From the log ratio is taken what the product that answers it did (visits or units), or where none answers what the
    term itself did a year ago. The variance is that of counts (1/n) plus the spread between terms, estimated from all
    of them (median absolute deviation); Benjamini-Hochberg controls false discoveries. The last four weeks must also
    not be below the eight before.
    """
    tested: list[tuple[Answer, float, float, float, float]] = []
    for one in found:
        now, before, steady = _windows(one.term.weekly, 0)
        if now * RECENT_WEEKS < LEAST_SEARCHES or before <= 0:
            continue
        expected, doubt = _expected(market, one)
        rise = math.log(now / before) - expected
        variance = 1 / (now * RECENT_WEEKS) + 1 / (before * BASE_WEEKS) + doubt
        tested.append(
            (one, rise, variance, now, before) if now >= steady * 0.9 else (one, min(rise, 0.0), variance, now, before)
        )
    if not tested:
        return []
    rises = np.array([rise for _, rise, *_ in tested])
    counts = np.array([variance for _, _, variance, *_ in tested])
    middle = min(float(np.median(rises)), LEAST_RISE)
    spread = (SPREAD_OF_NORMAL * float(np.median(np.abs(rises - np.median(rises))))) ** 2
    noise = max(spread - float(np.median(counts)), LEAST_NOISE**2)
    chances = upper((rises - middle) / np.sqrt(counts + noise), degrees=max(len(tested) - 1, 4))
    told = [
        Rise(one, math.exp(rise), now, before, float(q))
        for (one, rise, _, now, before), q in zip(tested, discoveries(chances), strict=True)
        if q <= rate and rise >= LEAST_RISE
    ]
    return sorted(told, key=lambda one: (-(one.weekly - one.before), one.answer.term.country, one.answer.term.term))


def _windows(series: Floats, weeks_ago: int) -> tuple[float, float, float]:
    """Weekly means: the recent weeks, the half year before the gap, and the gap between."""
    end = len(series) - weeks_ago
    gap = end - RECENT_WEEKS
    base = gap - GAP_WEEKS
    if base - BASE_WEEKS < 0:
        return 0.0, 0.0, 0.0
    return (
        float(series[gap:end].mean()), float(series[base - BASE_WEEKS : base].mean()), float(series[base:gap].mean()),
    )  # fmt: skip


def _expected(market: Market, one: Answer) -> tuple[float, float]:
    """The log ratio that its product or its own last year lets expect, and the variance of that."""
    series = market.moves(one.sku, one.term.country) if one.sku else None
    ago = 0
    if series is None:
        series, ago = one.term.weekly, YEAR_WEEKS
    now, before, _ = _windows(series, ago)
    if now <= 0 or before <= 0:
        return 0.0, 0.0
    return math.log(now / before), 1 / (now * RECENT_WEEKS) + 1 / (before * BASE_WEEKS)


def per_search(market: Market, found: Sequence[Answer]) -> dict[str, list[float]]:
    """Units sold for one search, channel by channel: one value for each SKU and country whose terms are known."""
    searched: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in found:
        if one.sku is not None:
            for way, n in one.term.by_channel.items():
                searched[one.sku, one.term.country, way] += n
    told: dict[str, list[float]] = defaultdict(list)
    for cell, n in sorted(searched.items()):
        units = market.channel_units.get(cell, 0)
        if n >= LEAST_SEARCHES and units:
            told[cell[2]].append(units / n)
    return dict(told)


def units_a_year(term: Term, weekly: float, rates: Mapping[str, Sequence[float]], draws: int, seed: int) -> Floats:
    """Draws of the units a year that a term searched `weekly` times a week would sell, by the rates of our products.

    The rate of each channel is drawn from the log-normal of our products' rates, the searches from a gamma around
    what was counted (Jeffreys prior).
    """
    random = np.random.default_rng(seed)
    total = sum(term.by_channel.values())
    sold = np.zeros(draws)
    for way, n in sorted(term.by_channel.items()):
        known = rates.get(way)
        if not known or not total:
            continue
        logs = np.log(np.asarray(known))
        spread = float(logs.std(ddof=1)) if len(logs) > 1 else 0.7
        rate = np.exp(random.normal(float(logs.mean()), spread, draws))
        searches = random.gamma(n + 0.5, 1.0, draws) / total * weekly * YEAR_WEEKS
        sold += searches * np.minimum(rate, 1.0)
    return sold
