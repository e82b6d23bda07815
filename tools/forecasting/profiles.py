"""What repeats in a series: the week, the year, the events. Estimated at one origin, from days before it only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shop.seasonal_goods import SeasonalGoods
from tools.forecasting.events import AUTUMN, PIECES, Place, occurrences, pieces, spread_unseen

Floats = NDArray[np.float64]
Ordinals = NDArray[np.int64]
YEAR = 365.25
WEEKDAY_DAYS = 182
WEEKDAY_PRIOR_UNITS = 10.0
YEARLY_MIN_DAYS = 400
YEARLY_MIN_WEEKLY_UNITS = 5.0
HARMONICS = 3
HARMONIC_SD = 0.4
TREND_SD = 0.5
FLANK_DAYS = 28
LEAST_FLANK = 5
EVENT_REPEAT_SD = 0.15
UNMET_SHARE = 0.5
MUST_SHOW = np.array([name not in AUTUMN for name in PIECES])


@dataclass(frozen=True)
class Profile:
    """Multipliers around the level: by weekday (ordinal mod 7), by day of year, by event piece of the place.

    `goods` is the season its name tells, around which `yearly` is what the series itself has shown.
    """

    weekday: Floats
    yearly: Floats | None
    event: Floats
    event_sd: Floats
    event_years: NDArray[np.int64]
    place: Place | None = None
    goods: SeasonalGoods | None = None

    def factors(self, ordinals: Ordinals, yearly: bool) -> Floats:
        """The multiplier of each day, with or without the year's shape."""
        label = pieces(ordinals, self.place)
        out = self.weekday[ordinals % 7] * np.where(label >= 0, self.event[label], 1.0)
        return np.maximum(out * self.season(ordinals, yearly), 0.02)

    def season(self, ordinals: Ordinals, yearly: bool = True) -> Floats:
        """The multiplier of the time of year; 1 where neither the name nor, with `yearly`, the series tells it."""
        out = np.ones(len(ordinals)) if self.goods is None else self.goods.factors(ordinals)
        if yearly and self.yearly is not None:
            out = out * np.exp(_harmonics(ordinals) @ self.yearly)
        return np.asarray(out, dtype=np.float64)

    def event_effect(self, first: int, days: int) -> float:
        """How far the events of so many days from an ordinal on move the sum of the days, as a share of it."""
        label = pieces(np.arange(first, first + days, dtype=np.int64), self.place)
        return float(np.abs(np.where(label >= 0, self.event[label] - 1, 0.0)).mean())


def profile(
    units: Floats, ordinals: Ordinals, prior: Profile | None = None, place: Place | None = None,
    goods: SeasonalGoods | None = None,
) -> Profile:  # fmt: skip
    """The profile of a series; `prior` is that of the whole shop, towards which events are drawn.

    `place` is where the series sells, which tells the events it may know; `goods` the season its name tells.

    A piece of the calendar that neither the series nor the prior has seen gets the multiplier 1.
    """
    label = pieces(ordinals, place)
    ordinary = label < 0
    if goods is not None:
        units = units / goods.factors(ordinals)
    weekday = _weekday(units, ordinals, ordinary)
    level = units / weekday[ordinals % 7]
    yearly = _yearly(level, ordinals, ordinary)
    flat = level if yearly is None else level / np.exp(_harmonics(ordinals) @ yearly)
    event, event_sd, years = _events(flat, ordinals, label, prior, place, 1.0 if goods is None else goods.gift)
    return Profile(weekday, yearly, event, event_sd, years, place, goods)


def _weekday(units: Floats, ordinals: Ordinals, ordinary: NDArray[np.bool_]) -> Floats:
    recent = np.flatnonzero(ordinary)[-WEEKDAY_DAYS:]
    if len(recent) < 14:
        return np.ones(7)
    mean = float(units[recent].mean())
    sums = np.bincount(ordinals[recent] % 7, weights=units[recent], minlength=7)
    expected = np.bincount(ordinals[recent] % 7, minlength=7) * mean
    factors = (sums + WEEKDAY_PRIOR_UNITS) / (expected + WEEKDAY_PRIOR_UNITS)
    return np.maximum(np.asarray(factors / factors.mean(), dtype=np.float64), 0.05)


def _harmonics(ordinals: Ordinals) -> Floats:
    angle = 2 * np.pi * np.asarray(ordinals, dtype=np.float64)[:, None] * np.arange(1, HARMONICS + 1) / YEAR
    return np.hstack([np.sin(angle), np.cos(angle)])


def _yearly(level: Floats, ordinals: Ordinals, ordinary: NDArray[np.bool_]) -> Floats | None:
    """Harmonics of log weekly units beside a linear trend, drawn to zero by how noisy the weeks are."""
    whole = len(level) // 7
    if len(level) < YEARLY_MIN_DAYS:
        return None
    last = len(level) - whole * 7
    kept = ordinary[last:].reshape(whole, 7)
    sums = np.where(kept, level[last:].reshape(whole, 7), 0.0).sum(axis=1)
    days = kept.sum(axis=1)
    weekly = 7 * sums[days >= 4] / days[days >= 4]
    if len(weekly) < 40 or weekly.mean() < YEARLY_MIN_WEEKLY_UNITS:
        return None
    middle = ordinals[last:].reshape(whole, 7)[:, 3][days >= 4]
    logs = np.log(weekly + 0.5)
    time = (middle - middle[-1]) / YEAR
    design = np.column_stack([np.ones(len(logs)), time, _harmonics(middle)])
    order = np.tile(np.arange(1, HARMONICS + 1), 2)
    spread = np.concatenate([[10.0, TREND_SD], HARMONIC_SD / order])
    noise = max(float(np.var(np.diff(logs))) / 2, 1.0 / float(weekly.mean()), 1e-4)
    for _ in range(2):  # the first fit tells how far weeks stray from it, level shifts included
        fit = np.linalg.solve(design.T @ design + np.diag(2 * noise / spread**2), design.T @ logs)
        noise = max(float(np.var(logs - design @ fit)), noise)
    return np.asarray(fit[2:], dtype=np.float64)


def _events(
    flat: Floats, ordinals: Ordinals, label: NDArray[np.int64], prior: Profile | None, place: Place | None, gift: float
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Units inside an event over units of the ordinary four weeks on either side; mean of the years.

    They are drawn to the prior's, those of autumn times `gift` in logs.
    """
    inside, outside = np.zeros(len(PIECES)), np.zeros(len(PIECES))
    years = np.zeros(len(PIECES), dtype=np.int64)
    first, last = int(ordinals[0]), int(ordinals[-1])
    ordinary = label < 0
    for piece, begin, end in occurrences(first, last, place):
        if begin < first + LEAST_FLANK or end > last:
            continue
        base = _flanks(flat, ordinary, begin - first, end - first)
        if base is None:
            continue
        days = slice(begin - first, end - first + 1)
        its_own = label[days] == piece  # a shorter event may lie inside
        inside[piece] += float(flat[days][its_own].sum())
        outside[piece] += base * int(its_own.sum())
        years[piece] += 1
    towards = np.zeros(len(PIECES)) if prior is None else np.log(prior.event) * np.where(MUST_SHOW, 1.0, gift)
    strength = spread_unseen() if prior is None else np.maximum(prior.event_sd, EVENT_REPEAT_SD)
    noise = 1 / (inside + 1) + 1 / (outside + 1) + EVENT_REPEAT_SD**2 / np.maximum(years, 1)
    weight = np.where(years > 0, strength**2 / (strength**2 + noise), 0.0)
    seen = np.log((inside + 0.5) / (outside + 0.5))
    if prior is None:  # a small day of the calendar must first show that it does anything (Breiman's garrote, 1995)
        weight = np.where(MUST_SHOW, weight * np.maximum(1 - 2 * noise / np.maximum(seen**2, 1e-9), 0.0), weight)
    logs = weight * seen + (1 - weight) * towards
    # an event that has never done much will hardly do so now
    again = np.minimum(EVENT_REPEAT_SD, 0.03 + 0.3 * np.abs(logs))
    # goods answer an event unlike each other: one that has not met it yet may do so by half as much again or less
    unmet = np.where(years > 0, 0.0, UNMET_SHARE * np.abs(towards))
    sd = np.sqrt(np.where(years > 0, 1 / (1 / strength**2 + 1 / noise), again**2) + again**2 + unmet**2)
    return np.exp(logs), sd, years


def _flanks(flat: Floats, ordinary: NDArray[np.bool_], begin: int, end: int) -> float | None:
    """The mean of up to 28 ordinary days before and after, each side counting half."""
    before = np.flatnonzero(ordinary[:begin])[-FLANK_DAYS:]
    after = end + 1 + np.flatnonzero(ordinary[end + 1 :])[:FLANK_DAYS]
    sides = [float(flat[side].mean()) for side in (before, after) if len(side) >= LEAST_FLANK]
    return float(np.mean(sides)) if sides and max(sides) > 0 else None
