"""The true mean demand of every day, SKU, country and channel, and the prices, discounts and ads behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from shop.demo.parameters import (
    AMAZON_PRICE,
    AMAZON_SHARE,
    AS_OF,
    CAMPAIGNS,
    CHANNELS,
    CODES,
    COUNTRIES,
    COUNTRY_ELASTICITY,
    EVENTS,
    FUTURE_DAYS,
    HISTORY_DAYS,
    LAUNCH_RAMP_DAYS,
    LAUNCHES,
    LEVEL_MEMORY,
    LEVEL_NOISE,
    PAYDAY_LIFT,
    PRICE_CHANGES,
    PRODUCTS,
    SCALE,
    SKUS,
    TASTE,
    WHOLESALE_CARTONS,
    WHOLESALE_PRICE,
    WHOLESALE_SHARE,
    Country,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

START = AS_OF - timedelta(days=HISTORY_DAYS - 1)
DAYS = [START + timedelta(days=t) for t in range(HISTORY_DAYS + FUTURE_DAYS)]
T, S, C = len(DAYS), len(PRODUCTS), len(COUNTRIES)
CARTON_SD = 0.6  # log, of the size of a wholesale order
NEW_YEAR = date(2025, 1, 1)


def day_number(day: date) -> int:
    """Position of a day on the time axis; may lie outside the simulated days."""
    return (day - START).days


def random(seed: int, stage: int) -> np.random.Generator:
    """One independent stream per stage, so a change in one stage leaves the others as they were."""
    return np.random.default_rng([seed, stage])


@dataclass(frozen=True)
class Demand:
    """What the world wants. Axes: day, SKU, country and, where there is a fourth, channel (shopify, amazon, alibaba).

    mean: units a day, true; interest: the same without price, discount and ads; price: minor units of the country's
    currency (US cents on alibaba); discount: percent; code: position in codes, 0 = none; spend: US cents by day and
    campaign; ad_extra: units a day that the campaign adds; elasticity: SKU x country.
    """

    mean: Floats
    interest: Floats
    orders_mean: Floats  # alibaba orders a day: day, SKU, country
    price: Ints
    discount: Ints
    code: Ints
    codes: tuple[str, ...]
    spend: Ints
    ad_extra: Floats
    elasticity: Floats


def simulate(seed: int) -> Demand:
    """Work out the true demand. All randomness is the slow level of a SKU in a country and the ad budgets."""
    rng = random(seed, 1)
    elasticity = np.array([[p.elasticity + COUNTRY_ELASTICITY[c] for c in CODES] for p in PRODUCTS])
    price, reference = _prices()
    discount, code, codes = _discounts()
    interest = _interest(rng)
    paid = price[..., :2] / reference[:, :, :2] * (1 - discount[..., :2] / 100)
    retail = interest[..., :2] * paid ** elasticity[None, :, :, None]
    spend, factor = _ads(rng)
    ad_extra = np.zeros((T, len(CAMPAIGNS)))
    boosted = retail.copy()
    for k, campaign in enumerate(CAMPAIGNS):
        cell = (slice(None), SKUS.index(campaign.sku), CODES.index(campaign.country), CHANNELS.index(campaign.feeds))
        ad_extra[:, k] = retail[cell] * factor[:, k]
        boosted[cell] += ad_extra[:, k]
    wholesale = interest[..., 2]
    per_order = np.array([_carton_mean() * p.pack_size for p in PRODUCTS])
    mean = np.concatenate([boosted, (wholesale * per_order[None, :, None])[..., None]], axis=3)
    return Demand(mean, interest, wholesale, price, discount, code, codes, spend, ad_extra, elasticity)


def cartons(rng: np.random.Generator, count: int) -> Ints:
    """Sizes of wholesale orders, in cartons."""
    drawn = np.round(rng.lognormal(np.log(WHOLESALE_CARTONS), CARTON_SD, count)).astype(np.int64)
    return np.maximum(1, drawn)


def _carton_mean() -> float:
    from statistics import NormalDist

    quantiles = np.array([NormalDist().inv_cdf((i + 0.5) / 4000) for i in range(4000)])
    return float(np.maximum(1, np.round(np.exp(np.log(WHOLESALE_CARTONS) + CARTON_SD * quantiles))).mean())


def _interest(rng: np.random.Generator) -> Floats:
    years = np.array([(d - NEW_YEAR).days / 365.25 for d in DAYS])
    of_year = np.array([d.timetuple().tm_yday for d in DAYS])
    weekend = np.array([d.weekday() >= 5 for d in DAYS])
    payday = np.array([d.day >= 25 for d in DAYS])
    innovation = LEVEL_NOISE * np.sqrt(1 - LEVEL_MEMORY**2)
    level = np.zeros((T, S, C))
    level[0] = rng.normal(0, LEVEL_NOISE, (S, C))
    for t in range(1, T):
        level[t] = LEVEL_MEMORY * level[t - 1] + rng.normal(0, innovation, (S, C))
    log = np.zeros((T, S, C, 3))
    launch = np.ones((T, S))
    for s, p in enumerate(PRODUCTS):
        wave = p.season * np.cos(2 * np.pi * (of_year - p.peak) / 365.25)
        log[:, s] += (p.growth * years + wave)[:, None, None]
        if p.sku in LAUNCHES:
            age = np.array([(d - LAUNCHES[p.sku]).days for d in DAYS])
            launch[:, s] = np.where(age < 0, 0.0, 1 - np.exp(-(age + 8) / LAUNCH_RAMP_DAYS))
        for c, country in enumerate(COUNTRIES):
            retail = p.demand * country.share * TASTE.get((p.sku, country.code), 1.0)
            amazon = AMAZON_SHARE[country.code]
            whole = p.wholesale * WHOLESALE_SHARE[country.code]
            log[:, s, c] += np.log([retail * (1 - amazon), retail * amazon, whole])
    for c, country in enumerate(COUNTRIES):
        log[:, :, c, :2] += (country.weekend * weekend + PAYDAY_LIFT * payday)[:, None, None]
        log[:, :, c, 2] -= 0.9 * weekend[:, None]
    for event in EVENTS:
        first, last = max(0, day_number(event.start)), min(T, day_number(event.end) + 1)
        for s, p in enumerate(PRODUCTS):
            if last > first and (not event.skus or p.sku in event.skus):
                lift = event.lift * (p.gift if event.gift else 1.0)
                for code in event.countries:
                    for channel in event.channels:
                        log[first:last, s, CODES.index(code), CHANNELS.index(channel)] += lift
    return np.exp(log + level[..., None]) * launch[:, :, None, None]


def _prices() -> tuple[Ints, Ints]:
    factor = np.ones((T, S, C, 2))
    for change in sorted(PRICE_CHANGES, key=lambda c: c.start):
        for country in change.countries:
            for channel in change.channels:
                at = (SKUS.index(change.sku), CODES.index(country), CHANNELS.index(channel))
                factor[max(0, day_number(change.start)) :, at[0], at[1], at[2]] = change.factor
    base = np.array([[[_local(p.list_price, c, ch) for ch in range(2)] for c in COUNTRIES] for p in PRODUCTS])
    scale = np.array([SCALE[c.currency] for c in COUNTRIES])[:, None]
    retail = _charm(base[None] * factor, scale)
    whole = np.array([round(p.list_price * WHOLESALE_PRICE / 5) * 5 for p in PRODUCTS])
    wholesale = np.broadcast_to(whole[None, :, None, None], (T, S, C, 1))
    reference = np.concatenate([_charm(base, scale), wholesale[0]], axis=2)
    return np.concatenate([retail, wholesale], axis=3), reference


def _local(list_price: int, country: Country, channel: int) -> float:
    """The list price in minor units of the country, before rounding to a shelf price."""
    return float(
        list_price / 100 * country.usd_rate * country.price_level * SCALE[country.currency]
        * (AMAZON_PRICE if channel == 1 else 1.0)
    )  # fmt: skip


def _charm(minor: Floats, scale: Ints) -> Ints:
    """Shelf prices: x.90 where there are cents, x80 yen where there are none."""
    ending = np.where(scale == 1, 80, 90)
    return (np.maximum(1, np.round((minor - ending) / 100)) * 100 + ending).astype(np.int64)


def _discounts() -> tuple[Ints, Ints, tuple[str, ...]]:
    codes = ("", *dict.fromkeys(e.code for e in EVENTS if e.code))
    percent = np.zeros((T, S, C, 3), np.int64)
    code = np.zeros((T, S, C, 3), np.int64)
    for event in EVENTS:
        if not event.code:
            continue
        days = slice(max(0, day_number(event.start)), max(0, day_number(event.end) + 1))
        for s, p in enumerate(PRODUCTS):
            if event.skus and p.sku not in event.skus:
                continue
            for country in event.countries:
                for channel in event.channels:
                    at = (days, s, CODES.index(country), CHANNELS.index(channel))
                    percent[at], code[at] = event.discount, codes.index(event.code)
    return percent, code, codes


def _ads(rng: np.random.Generator) -> tuple[Ints, Floats]:
    spend = np.zeros((T, len(CAMPAIGNS)))
    factor = np.zeros((T, len(CAMPAIGNS)))
    for k, campaign in enumerate(CAMPAIGNS):
        weeks = T // 7 + 1
        budget = campaign.spend * rng.choice(
            [0.0, 0.5, 0.8, 1.0, 1.3, 2.0], weeks, p=[0.08, 0.15, 0.22, 0.30, 0.17, 0.08]
        )
        spend[:, k] = np.repeat(budget, 7)[:T] * rng.lognormal(0, 0.12, T)
        spend[: max(0, day_number(campaign.start)), k] = 0
        stock = 0.0
        for t in range(T):
            stock = campaign.carry * stock + spend[t, k]
            factor[t, k] = campaign.lift * (1 - np.exp(-stock / campaign.half))
    return np.round(spend * 100).astype(np.int64), factor
