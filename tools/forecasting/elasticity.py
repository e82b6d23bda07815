"""How demand answers price: elasticities per SKU and country, each drawn to those of its kind.

Demand is log-linear in price, log mean = level + week + elasticity x log price + deal effect x deal, where
the level of a good moves slowly, that of a place against its good hardly, weeks are shared by many series
and deals are displays, codes and adverts beyond the price. The estimate of each series is drawn towards its SKU, category, country and channel as far as
the data says they agree: Hoch, Kim, Montgomery & Rossi (1995), J. Marketing Research 32; Montgomery
(1997), Marketing Science 16(4); Gelman & Hill (2007). The overall mean leans weakly on the meta-analysis
of Bijmolt, van Heerde & Pieters (2005), J. Marketing Research 42(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.counts import linearised
from tools.forecasting.partialling import Partialling
from tools.forecasting.pooling import USUAL_SPREAD, Places, Pooled, pool, posterior

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PRIOR_MEAN, PRIOR_SD = -2.0, 1.0
DEAL_SD = 0.15
CHANGE = 0.01
LEAST_WIDTH = 8
TWO_YEARS, FOUR_YEARS = 104, 208
ROUNDS = 4
LEAST_PERIODS = 6
SERIAL_LAGS = 4
STEADY_PERIODS = 20.0
FURTHEST = 3.0
LEAST_ALONE = 0.05
SERIES = ["country", "channel", "sku"]


@dataclass(frozen=True)
class Observations:
    """Units sold at a price, one row per SKU, country, channel and period (a week, or any even step).

    `period` is a whole number that rises by one a period. `price` may be in any currency and per any
    unit, as long as a series keeps to its own; zero, negative or missing prices are left out and counted.
    `deal` is the share of the period under a deal beyond the price (0 to 1), `out` the share without
    stock: such rows are left out. `category` is by SKU.
    """

    sku: Sequence[str] | NDArray[np.object_]
    country: Sequence[str] | NDArray[np.object_]
    channel: Sequence[str] | NDArray[np.object_]
    period: Sequence[int] | Ints
    units: Sequence[float] | Floats
    price: Sequence[float] | Floats
    deal: Sequence[float] | Floats | None = None
    out: Sequence[float] | Floats | None = None
    category: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Elasticity:
    """Percent more units per percent more price (usually negative): posterior mean and standard deviation.

    `observed_changes` counts how often the price moved by a percent or more; with 0 the value is what is
    known of others, not of this one.
    """

    mean: float
    sd: float
    observed_changes: int


@dataclass(frozen=True)
class Elasticities:
    """All of a shop's elasticities.

    `left_out` counts rows that could not speak, by reason. `spread` is the standard deviation between
    categories, countries, channels, SKUs, SKU-countries and series. `deal` is the log effect of a deal
    beyond its price, 0 with sd 0 where no deals were given.
    """

    by_cell: dict[tuple[str, str], Elasticity]
    by_series: dict[tuple[str, str, str], Elasticity]
    deals: dict[tuple[str, str, str], float]
    pooled: Elasticity
    deal: float
    deal_sd: float
    spread: dict[str, float]
    left_out: dict[str, int]
    _pooled: Pooled | None
    _names: dict[str, dict[str, int]]
    _category: dict[str, str]

    def of(self, sku: str, country: str, channel: str | None = None) -> Elasticity:
        """That of a SKU in a country (and channel); what is known of its kind where it was never seen."""
        if channel is not None and (sku, country, channel) in self.by_series:
            return self.by_series[sku, country, channel]
        if (sku, country) in self.by_cell:
            return self.by_cell[sku, country]
        if self._pooled is None:
            return self.pooled
        mean, sd = self._pooled.elsewhere(
            self._names["sku"].get(sku),
            self._names["category"].get(self._category.get(sku, "")),
            self._names["country"].get(country),
        )
        return Elasticity(mean, sd, 0)

    def told(self, sku: str, country: str, channel: str | None = None) -> float:
        """How much of an elasticity its own prices told, 0 to 1: 1 less its variance over that of a SKU never seen there.

        Spreads between goods that a shop is too small to show count as ordinary ones.
        """
        unseen = self.pooled.sd**2 + sum(USUAL_SPREAD[name] ** 2 for name in ("category", "sku", "sku_country"))
        if self._pooled is not None:
            unseen = max(unseen, self._pooled.elsewhere(None, None, self._names["country"].get(country))[1] ** 2)
        return max(1 - self.of(sku, country, channel).sd ** 2 / unseen, 0.0)

    def cautious(self, sku: str, country: str, channel: str | None = None) -> Elasticity:
        """For decisions: what sets it apart from the shop's usual answer counts as far as its own prices told it.

        Of many estimates the furthest out are so by luck too, and those are the ones that a decision acts on.
        """
        own, usual = self.of(sku, country, channel), self.pooled.mean
        return replace(own, mean=usual + self.told(sku, country, channel) * (own.mean - usual))


@dataclass(frozen=True)
class _Grid:
    """Rows are series sorted by country and channel, columns are periods; weight-less where `seen` is not."""

    keys: list[tuple[str, str, str]]
    starts: Ints
    seen: NDArray[np.bool_]
    units: Floats
    log_price: Floats
    deal: Floats
    changes: Ints
    places: Places
    names: dict[str, dict[str, int]]


@dataclass(frozen=True)
class _Told:
    """What each series alone says of price and deal: normal equations, 2 x 2, and its noise."""

    price2: Floats
    cross: Floats
    deal2: Floats
    price_said: Floats
    deal_said: Floats


def elasticities(observations: Observations, half_width: int | None = None) -> Elasticities:
    """Estimate all elasticities together. `half_width`: how many periods either side tell a good's level,
    by default a tenth of the history and a quarter of what goes beyond two years, at least 8; beyond four years all.

    Never raises for lack of data: a series without price changes gets what is known of others, and a shop
    without any gets the weak prior of the literature, both with `observed_changes` 0.
    """
    grid, left_out = _grid(observations)
    if grid is None:
        nothing = Elasticity(PRIOR_MEAN, float(np.hypot(PRIOR_SD, 0.6)), 0)
        return Elasticities({}, {}, {}, nothing, 0.0, 0.0, {}, left_out, None, {}, dict(observations.category))
    if half_width is None:
        half_width = _half_width(grid.seen.shape[1])
    has_deals = bool(grid.deal[grid.seen].any())
    slope = np.full(len(grid.keys), PRIOR_MEAN)
    deals, deal, deal_sd = np.zeros(len(grid.keys)), 0.0, 0.0
    base = _opening(grid, half_width)
    extra = np.full(len(grid.keys), 0.05)
    pooled: Pooled | None = None
    for _ in range(ROUNDS):
        effect = slope[:, None] * grid.log_price + deals[:, None] * grid.deal
        said, noise = linearised(grid.units, base + effect)
        said = np.clip(said, base + effect - FURTHEST, base + effect + FURTHEST)
        weight = np.where(grid.seen, 1 / (noise + extra[:, None]), 0.0)
        without = Partialling.over(weight, grid.starts, half_width, grid.places.sku)
        z, x = without.remainder(said), without.remainder(grid.log_price)
        d = without.remainder(grid.deal) if has_deals else np.zeros_like(x)
        told, extra = _told(grid, without, noise, z, x, d, slope, deals, extra)
        if has_deals:
            deal, deal_sd, spread = _deal(told, slope)
            estimate, precision = _given_deals(told, deal, spread)
        else:
            estimate, precision = told.price_said / np.maximum(told.price2, 1e-12), told.price2
        precision = np.where((grid.changes > 0) & (precision > 1e-6), precision, 0.0)
        pooled = pool(np.where(precision > 0, estimate, 0.0), precision, grid.places, (PRIOR_MEAN, PRIOR_SD))
        slope = pooled.mean
        if has_deals:
            deals = (told.deal_said - told.cross * slope + deal * spread**-2) / (told.deal2 + spread**-2)
        effect = slope[:, None] * grid.log_price + deals[:, None] * grid.deal
        rest = said - effect
        base = np.where(grid.seen, rest - without.remainder(rest), base)
    assert pooled is not None
    if has_deals:
        pooled, deal_sd = _with_deal_unsure(pooled, precision, told, deal, deal_sd, spread, grid.places)
    return _result(grid, pooled, deals, (deal, deal_sd), left_out, observations.category)


def _half_width(periods: int) -> int:
    """Close to the level while a season was seen once or twice, wide once it averages out over the years.

    The wider, the more of the lasting price changes speaks beside the short promotions: after four years, when the
    seasons have averaged out, a level is nearly a straight line over all of them.
    """
    if periods > FOUR_YEARS:
        return periods
    return max(periods // 10 + max(periods - TWO_YEARS, 0) // 4, LEAST_WIDTH)


def _opening(grid: _Grid, half_width: int) -> Floats:
    """A first level: local mean of log units at the prior's elasticity."""
    rough = np.where(grid.seen, np.log(grid.units + 0.5) - PRIOR_MEAN * grid.log_price, 0.0)
    weight = np.where(grid.seen, grid.units + 0.5, 0.0)
    nothing = np.zeros(1, dtype=np.int64)
    smooth = Partialling.over(weight, nothing, half_width)
    return np.asarray(rough - smooth.remainder(rough), dtype=np.float64)


def _told(
    grid: _Grid, without: Partialling, noise: Floats, z: Floats, x: Floats, d: Floats,
    slope: Floats, deals: Floats, extra: Floats,
) -> tuple[_Told, Floats]:  # fmt: skip
    """Normal equations of each series, scaled so that their inverse is a variance, and the noise beyond counts."""
    weight = without.weight
    rest = np.where(grid.seen, z - slope[:, None] * x - deals[:, None] * d, 0.0)
    count = grid.seen.sum(axis=1)
    free = np.maximum(count - without.used() - 1, 1.0)
    over = count / free
    squares = (np.where(grid.seen, rest**2 - noise / over[:, None], 0.0)).sum(axis=1) / free
    usual = max(float(np.median(squares[count >= LEAST_PERIODS])) if (count >= LEAST_PERIODS).any() else 0.05, 1e-3)
    fresh = np.maximum((free * squares + STEADY_PERIODS * usual) / (free + STEADY_PERIODS), 1e-3)
    spread = ((weight * rest**2).sum(axis=1) + STEADY_PERIODS) / (free + STEADY_PERIODS)
    scale = _serial(weight * rest * x) * np.maximum(spread, 0.25)
    sums = [(weight * one * other).sum(axis=1) / scale for one, other in ((x, x), (x, d), (d, d), (x, z), (d, z))]
    return _Told(*sums), np.sqrt(fresh * extra)


def _serial(scores: Floats) -> float:
    """How much more the sum of neighbouring scores scatters than if they were independent (Newey & West 1987)."""
    alone = float((scores**2).sum())
    if alone <= 0:
        return 1.0
    together = alone
    for lag in range(1, min(SERIAL_LAGS, scores.shape[1] - 1) + 1):
        together += 2 * (1 - lag / (SERIAL_LAGS + 1)) * float((scores[:, lag:] * scores[:, :-lag]).sum())
    return max(together / alone, 1.0)


def _deal(told: _Told, slope: Floats) -> tuple[float, float, float]:
    """Pooled effect of a deal beyond its price, its sd, and the spread of single series around it."""
    known = told.deal2 > 1e-6
    if not known.any():
        return 0.0, DEAL_SD, DEAL_SD
    single = (told.deal_said - told.cross * slope)[known] / told.deal2[known]
    spread = DEAL_SD
    mean, sd = 0.0, DEAL_SD
    for _ in range(20):
        precision = 1 / (1 / told.deal2[known] + spread**2)
        total = float(precision.sum()) + DEAL_SD**-2
        mean, sd = float(precision @ single) / total, total**-0.5
        excess = (single - mean) ** 2 - 1 / told.deal2[known]
        spread = float(np.sqrt(max(float(precision**2 @ excess) / float((precision**2).sum()), 0.05**2)))
    return mean, sd, spread


def _given_deals(told: _Told, deal: float, spread: float) -> tuple[Floats, Floats]:
    """Each series' elasticity and precision with its own deal effect summed out, which leans on the pooled one."""
    ground = told.deal2 + spread**-2
    precision = np.maximum(told.price2 - told.cross**2 / ground, 0.0)
    right = told.price_said - told.cross * (told.deal_said + deal * spread**-2) / ground
    return right / np.maximum(precision, 1e-12), precision


def _with_deal_unsure(
    pooled: Pooled, precision: Floats, told: _Told, deal: float, deal_sd: float, spread: float, places: Places
) -> tuple[Pooled, float]:
    """The posterior with what the pooled deal effect may be off by: it moves all elasticities at once, and they it.

    Each is known given the other; for two jointly normal unknowns the variance of one is that given the other over one
    less the product of how far each follows the other.
    """
    here, there = (_given_deals(told, one, spread)[0] for one in (deal, deal + 1.0))
    prior = (PRIOR_MEAN, PRIOR_SD)
    before, after = (
        posterior(np.where(precision > 0, one, 0.0), precision, places, prior, pooled.spread) for one in (here, there)
    )
    known = told.deal2 > 1e-6
    weight = 1 / (1 / np.maximum(told.deal2, 1e-12) + spread**2) * known
    follows = -weight * told.cross / np.maximum(told.deal2, 1e-12) * deal_sd**2
    moved = after.mean - before.mean
    deal_sd = deal_sd / max(1 - float(follows @ moved), LEAST_ALONE) ** 0.5
    cells, overall = after.cell_mean - before.cell_mean, after.overall - before.overall
    shared_cov = np.array(pooled.shared_cov)
    shared_cov[0, 0] += (overall * deal_sd) ** 2
    return replace(
        pooled,
        sd=np.hypot(pooled.sd, moved * deal_sd), cell_sd=np.hypot(pooled.cell_sd, cells * deal_sd),
        overall_sd=float(np.hypot(pooled.overall_sd, overall * deal_sd)), shared_cov=shared_cov,
    ), deal_sd  # fmt: skip


def _result(
    grid: _Grid, pooled: Pooled, deals: Floats, deal: tuple[float, float], left_out: dict[str, int],
    category: dict[str, str],
) -> Elasticities:  # fmt: skip
    by_series, by_cell = {}, {}
    cells = np.bincount(grid.places.sku_country, weights=grid.changes).astype(np.int64)
    for at, key in enumerate(grid.keys):
        by_series[key] = Elasticity(float(pooled.mean[at]), float(pooled.sd[at]), int(grid.changes[at]))
        cell = int(grid.places.sku_country[at])
        by_cell[key[:2]] = Elasticity(float(pooled.cell_mean[cell]), float(pooled.cell_sd[cell]), int(cells[cell]))
    overall = Elasticity(pooled.overall, pooled.overall_sd, int(grid.changes.sum()))
    found = {key: float(value) for key, value in zip(grid.keys, deals, strict=True)}
    return Elasticities(
        by_cell, by_series, found, overall, *deal, pooled.spread, left_out, pooled, grid.names, dict(category)
    )


def _grid(seen: Observations) -> tuple[_Grid | None, dict[str, int]]:
    """Lay the rows out by series and period; what cannot speak is counted by reason."""
    import pandas as pd

    rows = pd.DataFrame(
        {
            "sku": np.asarray(seen.sku, dtype=object), "country": np.asarray(seen.country, dtype=object),
            "channel": np.asarray(seen.channel, dtype=object), "period": np.asarray(seen.period, dtype=np.int64),
            "units": np.asarray(seen.units, dtype=np.float64), "price": np.asarray(seen.price, dtype=np.float64),
        }
    )  # fmt: skip
    rows["deal"] = 0.0 if seen.deal is None else np.nan_to_num(np.asarray(seen.deal, dtype=np.float64))
    out = np.zeros(len(rows)) if seen.out is None else np.nan_to_num(np.asarray(seen.out, dtype=np.float64))
    no_price = ~(np.isfinite(rows["price"].to_numpy()) & (rows["price"].to_numpy() > 0))
    no_units = ~(np.isfinite(rows["units"].to_numpy()) & (rows["units"].to_numpy() >= 0))
    left_out = {
        "no price": int(no_price.sum()), "no units": int((no_units & ~no_price).sum()),
        "no stock": int(((out > 0) & ~no_price & ~no_units).sum()),
    }  # fmt: skip
    rows = rows[~no_price & ~no_units & ~(out > 0)]
    rows[SERIES] = rows[SERIES].astype("category")
    short = rows.groupby(SERIES, observed=True, sort=False)["units"].transform("size") < LEAST_PERIODS
    left_out["too few periods"] = int(short.sum())
    rows = rows[~short]
    if rows.empty:
        return None, left_out
    rows = rows.groupby([*SERIES, "period"], observed=True, sort=True).agg(
        units=("units", "sum"), price=("price", "mean"), deal=("deal", "mean")
    )
    return _laid_out(rows.reset_index(), seen.category), left_out


def _laid_out(rows: pd.DataFrame, category: dict[str, str]) -> _Grid:
    fresh = np.any([rows[name].ne(rows[name].shift()) for name in SERIES], axis=0)
    series = np.cumsum(fresh) - 1
    countries, channels, skus = (rows.loc[fresh, name].astype(str).tolist() for name in SERIES)
    column = rows["period"].to_numpy() - int(rows["period"].min())
    shape = (len(skus), int(column.max()) + 1)
    units, log_price, deal = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    there = np.zeros(shape, dtype=bool)
    logs = np.log(rows["price"].to_numpy())
    middles = np.array([np.median(part) for part in np.split(logs, np.flatnonzero(fresh)[1:])])
    moved = (np.abs(np.diff(logs, prepend=logs[0])) >= CHANGE) & ~fresh
    there[series, column] = True
    units[series, column] = rows["units"].to_numpy()
    log_price[series, column] = logs - middles[series]
    deal[series, column] = rows["deal"].to_numpy()
    kinds = [category.get(sku, "") for sku in skus]
    labels: dict[str, Sequence[str]] = {"sku": skus, "category": kinds, "country": countries, "channel": channels}
    names = {name: {label: at for at, label in enumerate(sorted(set(values)))} for name, values in labels.items()}
    numbers = {
        name: np.array([names[name][label] for label in values], dtype=np.int64) for name, values in labels.items()
    }
    cells = np.unique(numbers["sku"] * len(names["country"]) + numbers["country"], return_inverse=True)[1]
    group = numbers["country"] * len(names["channel"]) + numbers["channel"]
    return _Grid(
        list(zip(skus, countries, channels, strict=True)), np.flatnonzero(np.diff(group, prepend=-1)), there, units,
        log_price, deal, np.bincount(series, weights=moved, minlength=len(skus)).astype(np.int64),
        Places(numbers["sku"], numbers["category"], numbers["country"], numbers["channel"], cells), names,
    )  # fmt: skip
