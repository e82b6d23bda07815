"""How price moves demand in a shop: elasticities from its books, and the daily effect of the prices it asked.

The effect is divided out of the units before any model sees them and is 1 at today's asking prices, so a
forecast is one at the last asking price: a planned promotion is not in the books. Discounts inside a sales
event stay in the units, since the event's own uplift already holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shop.recent import Recent
from shop.warehouse import Shop
from tools.forecasting.discounts import daily_discounts
from tools.forecasting.elasticity import CHANGE, Elasticities, Observations, elasticities
from tools.forecasting.events import Place, pieces
from tools.forecasting.kept import keep, kept
from tools.forecasting.shelves import ANYWHERE, empty_shelves

Floats = NDArray[np.float64]
HISTORY_DAYS = 1096
HISTORY_WEEKS = 156
ALL_AT_ONCE_UP_TO = 200
SHARE_DAYS = 365
MOST_CELLS_KEPT = 2000
KEPT = 8
LEAST_FACTOR, MOST_FACTOR = 0.1, 10.0

_ASKED = """
    SELECT sku, country, channel, currency, date_diff('day', ?::DATE, effective_from) AS day, price::DOUBLE FROM prices
    WHERE effective_from <= ?::DATE AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], sku))
    ORDER BY sku, country, channel, effective_from
"""

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
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], l.sku))
    GROUP BY ALL
"""


@dataclass(frozen=True)
class PriceEffect:
    """How much more (over 1) or less was ordered on each day than at today's asking prices, one value a day.

    `paid` is the effect of what was asked less discounts outside of sales events, with what such a promotion
    brings beyond its price, `asked` of the asking prices alone.
    """

    paid: Floats
    asked: Floats

    def since(self, day: int) -> PriceEffect:
        """From a day number on; a negative one puts that many days without an effect in front."""
        if day >= 0:
            return PriceEffect(self.paid[day:], self.asked[day:])
        return PriceEffect(*(np.pad(one, (-day, 0), constant_values=1.0) for one in (self.paid, self.asked)))


@dataclass(frozen=True)
class _Cell:
    """A SKU in a country and channel, one value a day. `asked` is NaN where no asking price was known yet."""

    units: Floats
    asked: Floats
    discount: Floats

    def last(self, days: int) -> _Cell:
        """The last so many days."""
        return _Cell(self.units[-days:], self.asked[-days:], self.discount[-days:])


Key = tuple[str, str, str]
_kept: Recent[Elasticities] = Recent(KEPT)
_kept_cells: Recent[dict[Key, _Cell]] = Recent(KEPT)


def shop_elasticities(shop: Shop) -> Elasticities:
    """Elasticities of every SKU, country and channel with asking prices, from up to three years of whole weeks.

    Kept per version of the books, in memory and on disk. Weeks with an empty shelf and discounted weeks of a sales event are left
    out and counted; so are bulk orders.
    """

    def find() -> Elasticities:
        stored = kept(shop)
        found = stored or elasticities(weekly_observations(shop))
        if stored is None:
            keep(shop, found)
        return found

    return _kept.get((shop.folder.resolve(), shop.version, shop.as_of), find)


def weekly_observations(shop: Shop) -> Observations:
    """The books as the estimator takes them: whole weeks up to as_of, price less discounts in its own currency.

    A discounted day counts as a deal too: a code is announced, which brings more than its price does.
    """
    days = HISTORY_WEEKS * 7
    first = shop.as_of - timedelta(days=days - 1)
    cells = {
        key: cell.last(days)
        for key, cell in _cells(shop, (), shop.as_of - timedelta(days=HISTORY_DAYS - 1), HISTORY_DAYS).items()
    }
    empty = empty_shelves(shop, sorted({key[0] for key in cells}), first, days)
    event = _event_days(cells, first, days)
    nothing = np.zeros(days, dtype=bool)
    columns: dict[str, list[Floats]] = {name: [] for name in ("week", "units", "price", "deal", "out")}
    names: list[Key] = []
    for key, cell in cells.items():
        sold = np.flatnonzero(cell.units)
        if not len(sold):
            continue
        begin = int(sold[0]) // 7 + (1 if sold[0] % 7 else 0)
        per_week = [one.reshape(-1, 7)[begin:] for one in (cell.units, cell.asked, cell.discount)]
        shelves = empty.get(key[0], {})
        out = shelves.get(key[1], shelves.get(ANYWHERE, nothing)).reshape(-1, 7)[begin:]
        in_event = (event[key[1:]] & (cell.discount >= CHANGE)).reshape(-1, 7)[begin:]
        columns["week"].append(np.arange(begin, HISTORY_WEEKS, dtype=np.float64))
        columns["units"].append(per_week[0].sum(axis=1))
        columns["price"].append(np.exp((np.log(per_week[1]) + np.log1p(-per_week[2])).mean(axis=1)))
        columns["deal"].append((per_week[2] >= CHANGE).mean(axis=1))
        columns["out"].append((out | in_event).mean(axis=1))
        names += [key] * (HISTORY_WEEKS - begin)
    joined = {name: np.concatenate(parts) if parts else np.zeros(0) for name, parts in columns.items()}
    sku, country, channel = ([key[at] for key in names] for at in range(3))
    kinds = {str(s): str(c) for s, c in shop.rows("SELECT sku, category FROM products WHERE category IS NOT NULL")}
    return Observations(
        sku, country, channel, joined["week"].astype(np.int64), joined["units"], joined["price"],
        joined["deal"], joined["out"], kinds,
    )  # fmt: skip


def price_effects(
    shop: Shop, skus: Sequence[str], channels: Sequence[str], first: date, days: int
) -> dict[tuple[str, str], PriceEffect]:
    """Per SKU and country over the channels (all when empty): the effect of price on each day from `first` on.

    Only SKU-countries whose price moved are there. Channels count by the units of the last year.
    """
    cells = {
        key: cell for key, cell in _cells(shop, skus, first, days).items() if not channels or key[2] in set(channels)
    }
    if not any(_moved(cell) for cell in cells.values()):
        return {}
    known = shop_elasticities(shop)
    event = _event_days(cells, first, days)
    parts: dict[tuple[str, str], list[tuple[float, Floats, Floats]]] = {}
    for key, cell in cells.items():
        elasticity = min(known.of(*key).mean, 0.0)
        change = np.nan_to_num(np.log(cell.asked) - np.log(cell.asked[-1]))
        discount = np.where(event[key[1:]], 0.0, np.log1p(-cell.discount))
        deal = known.deals.get(key, known.deal) * (discount <= -CHANGE)
        asked = np.exp(np.clip(elasticity * change, np.log(LEAST_FACTOR), np.log(MOST_FACTOR)))
        paid = np.exp(np.clip(elasticity * (change + discount) + deal, np.log(LEAST_FACTOR), np.log(MOST_FACTOR)))
        weight = float((cell.units / paid)[-SHARE_DAYS:].sum())
        parts.setdefault(key[:2], []).append((weight, paid, asked))
    out = {}
    for place, channels_there in parts.items():
        weights = np.array([one[0] for one in channels_there]) + 1e-9
        paid, asked = (np.average([one[at] for one in channels_there], axis=0, weights=weights) for at in (1, 2))
        if max(float(np.ptp(paid)), float(np.ptp(asked))) > 0:
            out[place] = PriceEffect(paid, asked)
    return out


def combined(levels: Sequence[Floats], effects: Sequence[PriceEffect | None]) -> PriceEffect | None:
    """The effect on a sum of parts whose units at today's prices are `levels`; None where no price moved.

    Parts weigh by the units of the last year, on the day itself by those of the day.
    """
    if not any(effects):
        return None
    ones = np.ones(len(levels[0]))
    paid = np.array([effect.paid if effect else ones for effect in effects])
    asked = np.array([effect.asked if effect else ones for effect in effects])
    units = np.array(levels)
    weights = units[:, -SHARE_DAYS:].sum(axis=1) + 1e-9
    total = units.sum(axis=0)
    usual = np.average(paid, axis=0, weights=weights)
    mixed = np.where(total > 0, (units * paid).sum(axis=0) / np.maximum(total, 1e-9), usual)
    return PriceEffect(mixed, np.average(asked, axis=0, weights=weights))


def _moved(cell: _Cell) -> bool:
    asked = cell.asked[np.isfinite(cell.asked)]
    return bool(cell.discount.any()) or bool(len(asked) and np.ptp(asked) > 0)


def _event_days(cells: dict[Key, _Cell], first: date, days: int) -> dict[tuple[str, str], NDArray[np.bool_]]:
    ordinals = np.arange(days, dtype=np.int64) + first.toordinal()
    places = {key[1:] for key in cells}
    return {(country, channel): pieces(ordinals, Place((country,), (channel,))) >= 0 for country, channel in places}


def _cells(shop: Shop, skus: Sequence[str], first: date, days: int) -> dict[Key, _Cell]:
    """The cells of the SKUs, all when empty; the last few asked for are kept, since the same SKUs are asked again.

    Of a small shop all are read at once, so that every later question finds them.
    """
    if skus and len(shop.vocabulary.products) <= ALL_AT_ONCE_UP_TO:
        wanted = set(skus)
        return {key: cell for key, cell in _cells(shop, (), first, days).items() if key[0] in wanted}
    key = (shop.folder.resolve(), shop.version, tuple(sorted(skus)), first, days)
    return _kept_cells.get(
        key, lambda: _read_cells(shop, skus, first, days), lambda found: len(found) <= MOST_CELLS_KEPT
    )


def _read_cells(shop: Shop, skus: Sequence[str], first: date, days: int) -> dict[Key, _Cell]:
    """Every SKU, country and channel with an asking price and an order; before its first one the price is that one.

    From a change of currency on the price goes on from where it stood: what it was before is not comparable.
    """
    last = first + timedelta(days=days - 1)
    steps: dict[Key, list[tuple[str, int, float]]] = {}
    for sku, country, channel, currency, day, price in shop.rows(_ASKED, [first, last, list(skus), list(skus)]):
        if price and price > 0:
            steps.setdefault((str(sku), str(country), str(channel)), []).append((str(currency), int(day), float(price)))
    paid = shop.frame(_PAID, [first, first, last, list(skus), list(skus)])
    off = daily_discounts(paid, days)
    cells: dict[Key, _Cell] = {}
    for (sku, country, channel), rows in paid.groupby(["sku", "country", "channel"], sort=True):
        key = (str(sku), str(country), str(channel))
        if key in steps:
            units = np.zeros(days)
            np.add.at(units, rows["day"].to_numpy(), rows["units"].to_numpy())
            cells[key] = _Cell(units, _asked(steps[key], days), off.get(key, np.zeros(days)))
    return cells


def _asked(steps: list[tuple[str, int, float]], days: int) -> Floats:
    out = np.full(days, steps[0][2])
    scale = 1.0
    for before, (currency, day, price) in zip([steps[0], *steps], steps, strict=False):
        if currency != before[0]:
            scale *= before[2] / price
        out[max(day, 0) :] = price * scale
    return out
