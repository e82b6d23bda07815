"""What past promotions did: how deep they went, what they brought beyond their price, what they pulled forward and took
from goods beside them.

Each promotion is held against the same goods in the weeks before, moved by what undiscounted goods of the same country
did meanwhile (difference in differences). Days of sales events are left out: there everything moves. Sales pulled
forward are those missing in the two weeks after; cannibalised ones those missing at undiscounted goods of the same
category and market. Both are shares of the extra units, drawn to what scanner data says of promotions (van Heerde,
Leeflang & Wittink 2004, Marketing Science 23(3)) as far as the shop's own say little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.promotions.segments import remembered

if TYPE_CHECKING:
    import pandas as pd

    from tools.forecasting.elasticity import Elasticities

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Key = tuple[str, str, str]
HISTORY_DAYS = 731
BEFORE_DAYS, AFTER_DAYS = 28, 14
GAP_DAYS = 7
LEAST_DAYS = 2
SCATTER = 2.0  # variance of units over their mean
PULLED = (0.15, 0.15)  # prior mean and sd of the share of extra units that would have been bought later
TAKEN = (0.10, 0.10)  # of the share taken from goods of the same category
BEYOND_SD = 0.15  # prior sd of the log effect beyond price
ALIKE_SD = 0.1  # how far one promotion's effect beyond price lies from another's
CLEAR = 2.58  # an effect beyond price counts from this many sds on: it would move every market at once

_PAID = """
    WITH usual AS (
        SELECT sku, greatest(12, 8 * median(quantity)) AS bulk FROM order_lines WHERE quantity > 0 GROUP BY sku
    )
    SELECT l.sku, o.country, o.channel, date_diff('day', ?::DATE, o.ordered_at::DATE) AS day,
           coalesce(o.promotion, '') AS code, sum(l.quantity)::DOUBLE AS units,
           sum(l.quantity * l.unit_price)::DOUBLE AS gross, sum(coalesce(l.discount, 0))::DOUBLE AS discount
    FROM orders o JOIN order_lines l USING (order_id) JOIN usual u USING (sku)
    WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 AND l.quantity < u.bulk
      AND o.ordered_at::DATE BETWEEN ?::DATE AND ?::DATE
    GROUP BY ALL
"""


@dataclass(frozen=True)
class Promotion:
    """A past promotion in one country and channel: its code ("" where none), days, mean depth in percent, its SKUs."""

    code: str
    country: str
    channel: str
    start: date
    end: date
    depth: float
    skus: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """A share of the extra units: posterior mean and sd, and how many promotions spoke of it."""

    mean: float
    sd: float
    seen: int


@dataclass(frozen=True)
class Past:
    """Everything past promotions tell. `discount` is the share off by SKU, country and channel, one value a day from
    `first` on; `beyond` the log effect of a promotion beyond its price (0 where it cannot be told from none)."""

    first: date
    promotions: tuple[Promotion, ...]
    discount: dict[Key, Floats]
    pulled: Share
    taken: Share
    beyond: Share
    rows: int

    def deepest(self) -> float:
        """The deepest discount given, in percent; 0 without any."""
        return max((one.depth for one in self.promotions), default=0.0)

    def usual(self) -> float:
        """The mean discount given, in percent; 0 without any."""
        return float(np.mean([one.depth for one in self.promotions])) if self.promotions else 0.0

    def last(self, country: str, channel: str, sku: str) -> Promotion | None:
        """The last promotion of a SKU in a market."""
        own = [p for p in self.promotions if (p.country, p.channel) == (country, channel) and sku in p.skus]
        return max(own, key=lambda one: one.end, default=None)


def past(shop: Shop) -> Past:
    """The promotions of up to two years, and what they did. Kept per version of the books."""
    return remembered(shop, "past", lambda: _past(shop))


def _past(shop: Shop) -> Past:
    from tools.forecasting.discounts import daily_discounts
    from tools.forecasting.events import Place, pieces
    from tools.forecasting.price import shop_elasticities

    first = shop.as_of - timedelta(days=HISTORY_DAYS - 1)
    paid = shop.frame(_PAID, [first, first, shop.as_of])
    discount = daily_discounts(paid, HISTORY_DAYS) if len(paid) else {}
    promotions = _promotions(paid, discount, first) if discount else ()
    if not promotions:
        return Past(first, (), {}, Share(*PULLED, 0), Share(*TAKEN, 0), Share(0.0, BEYOND_SD, 0), len(paid))
    units: dict[Key, Floats] = {}
    for (sku, country, channel), rows in paid.groupby(["sku", "country", "channel"], sort=True):
        own = np.zeros(HISTORY_DAYS)
        np.add.at(own, rows["day"].to_numpy(), rows["units"].to_numpy())
        units[str(sku), str(country), str(channel)] = own
    ordinals = np.arange(HISTORY_DAYS, dtype=np.int64) + first.toordinal()
    event = {
        place: pieces(ordinals, Place((place[0],), (place[1],))) >= 0 for place in sorted({key[1:] for key in units})
    }
    kinds = {str(s): str(c) for s, c in shop.rows("SELECT sku, category FROM products WHERE category IS NOT NULL")}
    known = shop_elasticities(shop)
    told = [
        one for run in promotions
        if (one := _effect(run, units, discount, event, kinds, known, first)) is not None
    ]  # fmt: skip
    return Past(
        first, promotions, discount,
        _share([(one.extra, one.missing, one.missing_var) for one in told], PULLED),
        _share([(one.extra, one.taken, one.taken_var) for one in told if one.taken_var > 0], TAKEN),
        _beyond([(one.run, one.log_rest, one.log_var) for one in told]), len(paid),
    )  # fmt: skip


def _promotions(paid: pd.DataFrame, discount: dict[Key, Floats], first: date) -> tuple[Promotion, ...]:
    """Codes in use in a market, one promotion for each stretch of days; discounts without a code by SKU."""
    given = paid[paid["discount"] > 0]
    found = []
    name = given["code"].where(given["code"] != "", "\0" + given["sku"])
    for (_, country, channel), rows in given.groupby([name, "country", "channel"], sort=True):
        days = np.unique(rows["day"].to_numpy())
        breaks = np.flatnonzero(np.diff(days) > GAP_DAYS)
        for begin, end in zip(np.r_[0, breaks + 1], np.r_[breaks, len(days) - 1], strict=True):
            low, high = int(days[begin]), int(days[end])
            inside = rows[(rows["day"] >= low) & (rows["day"] <= high)]
            skus = tuple(sorted({str(sku) for sku in inside["sku"]}))
            depths = [discount[sku, str(country), str(channel)][low : high + 1].mean() for sku in skus
                      if (sku, str(country), str(channel)) in discount]  # fmt: skip
            found.append(
                Promotion(
                    str(inside["code"].iloc[0]), str(country), str(channel), first + timedelta(days=low),
                    first + timedelta(days=high), round(100 * float(np.mean(depths)), 1) if depths else 0.0, skus,
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.start, one.country, one.channel, one.code)))


@dataclass(frozen=True)
class _Effect:
    run: Promotion
    extra: float
    missing: float
    missing_var: float
    taken: float
    taken_var: float
    log_rest: float
    log_var: float


def _effect(
    run: Promotion, units: dict[Key, Floats], discount: dict[Key, Floats], event: dict[tuple[str, str], Flags],
    kinds: dict[str, str], known: Elasticities, first: date,
) -> _Effect | None:  # fmt: skip
    """One promotion against the weeks before and undiscounted goods of its country; None where that cannot be said."""
    low, high = (run.start - first).days, (run.end - first).days
    if low < BEFORE_DAYS or high - low + 1 < LEAST_DAYS:
        return None
    spans = (
        slice(low - BEFORE_DAYS, low),
        slice(low, high + 1),
        slice(high + 1, min(high + 1 + AFTER_DAYS, HISTORY_DAYS)),
    )
    around = slice(spans[0].start, spans[2].stop)
    place = (run.country, run.channel)
    ours, beside, others = [], [], []
    categories = {kinds.get(sku) for sku in run.skus} - {None}
    for key, own in units.items():
        if key[1] != run.country or own[spans[0]].sum() <= 0:
            continue
        untouched = not discount.get(key, np.zeros(HISTORY_DAYS))[around].any()
        if key[1:] == place and key[0] in run.skus:
            ours.append(own)
        elif untouched and key[1:] == place and kinds.get(key[0]) in categories:
            beside.append(own)
        elif untouched:
            others.append((key[1:], own))
    usable = ~event[place]
    for where in {where for where, _ in others}:
        usable = usable & ~event[where]
    counts = [usable[span].sum() for span in spans]
    if not ours or not others or min(counts[:2]) < LEAST_DAYS:
        return None
    t, c, b = (
        [float(np.sum([own[span][usable[span]].sum() for own in group])) for span in spans]
        for group in (ours, [own for _, own in others], beside)
    )  # fmt: skip
    if min(t[0], t[1], c[0], c[1]) < 5:
        return None
    extra = t[1] - t[0] * c[1] / c[0]
    in_noise = SCATTER * (1 / t[0] + 1 / c[0] + 1 / c[1])
    missing, missing_var = 0.0, np.inf
    if counts[2] >= LEAST_DAYS and c[2] >= 5:
        expected = t[0] * c[2] / c[0]
        missing = expected - t[2]
        missing_var = expected**2 * SCATTER * (1 / t[0] + 1 / c[0] + 1 / c[2]) + SCATTER * max(t[2], 1.0)
    taken = taken_var = 0.0
    if b[0] >= 5:
        expected = b[0] * c[1] / c[0]
        taken = expected - b[1]
        taken_var = expected**2 * SCATTER * (1 / b[0] + 1 / c[0] + 1 / c[1]) + SCATTER * max(b[1], 1.0)
    elasticity = np.mean([min(known.of(sku, *place).mean, 0.0) for sku in run.skus])
    spread = np.mean([known.of(sku, *place).sd for sku in run.skus])
    step = float(np.log1p(-min(run.depth / 100, 0.9)))
    rest = float(np.log(t[1] / (t[0] * c[1] / c[0])) - elasticity * step)
    return _Effect(
        run,
        extra,
        missing,
        missing_var,
        taken,
        taken_var,
        rest,
        in_noise + SCATTER / t[1] + (float(spread) * step) ** 2,
    )


def _share(told: list[tuple[float, float, float]], prior: tuple[float, float]) -> Share:
    """Units lost as a share of units gained, through the origin, leaning on the prior."""
    heard = [(extra, lost, var) for extra, lost, var in told if np.isfinite(var) and var > 0]
    precision = prior[1] ** -2 + sum(extra**2 / var for extra, _, var in heard)
    mean = (prior[0] * prior[1] ** -2 + sum(extra * lost / var for extra, lost, var in heard)) / precision
    return Share(float(np.clip(mean, 0.0, 0.9)), float(precision**-0.5), len(heard))


def _beyond(told: list[tuple[Promotion, float, float]]) -> Share:
    """Pooled over promotions, of which the countries and channels of one code and time are one: what moved one of them
    beyond its price moved them all."""
    groups: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for run, rest, var in told:
        groups.setdefault((run.code, run.start.toordinal() // 14), []).append((rest, 1 / var))
    single = [
        (sum(rest * weight for rest, weight in own) / sum(weight for _, weight in own),
         1 / (1 / sum(weight for _, weight in own) + ALIKE_SD**2))
        for own in groups.values()
    ]  # fmt: skip
    precision = BEYOND_SD**-2 + sum(weight for _, weight in single)
    mean, sd = sum(rest * weight for rest, weight in single) / precision, precision**-0.5
    return Share(float(mean) if abs(mean) > CLEAR * sd else 0.0, float(sd), len(groups))
