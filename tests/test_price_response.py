"""Elasticities against panels whose elasticities are known, and against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tools.forecasting.counts import linearised
from tools.forecasting.elasticity import PRIOR_MEAN, Elasticities, Observations, elasticities
from tools.forecasting.partialling import Partialling
from tools.forecasting.pooling import LEAST_SPREAD, USUAL_SPREAD, Places, pool, posterior

Floats = NDArray[np.float64]
SKUS, COUNTRIES, WEEKS, DEAL = 24, 3, 104, 0.3


def panel(seed: int, still: tuple[int, ...] = ()) -> tuple[Observations, dict[tuple[str, str], float]]:
    """A shop with drifting levels, a season, promotions with displays, and price changes; SKUs in `still` have none."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[object]] = {
        n: [] for n in ("sku", "country", "channel", "period", "units", "price", "deal")
    }
    week = rng.normal(0, 0.1, WEEKS) + 0.3 * np.sin(np.arange(WEEKS) * 2 * np.pi / 52)
    own, local = rng.normal(0, 0.5, SKUS), rng.normal(0, 0.2, COUNTRIES)
    true = {}
    for sku in range(SKUS):
        for country in range(COUNTRIES):
            slope = -2.0 + own[sku] + local[country] + rng.normal(0, 0.2)
            true[f"S{sku}", f"C{country}"] = slope
            level = np.log(8 * rng.lognormal(0, 0.8)) + np.cumsum(rng.normal(0, 0.03, WEEKS))
            regular = np.cumsum(np.where(rng.random(WEEKS) < 0.01, rng.normal(0, 0.08, WEEKS), 0))
            deal = (rng.random(WEEKS) < 0.08).astype(np.float64)
            log_price = regular - deal * rng.choice([0.1, 0.2, 0.3], WEEKS)
            if sku in still:
                log_price, deal = np.zeros(WEEKS), np.zeros(WEEKS)
            mean = np.exp(level + week + slope * log_price + DEAL * deal) * rng.lognormal(-0.02, 0.2, WEEKS)
            columns["sku"] += [f"S{sku}"] * WEEKS
            columns["country"] += [f"C{country}"] * WEEKS
            columns["channel"] += ["shop"] * WEEKS
            columns["period"] += list(range(WEEKS))
            columns["units"] += list(rng.poisson(mean))
            columns["price"] += list(12.0 * (1 + sku) * np.exp(log_price))
            columns["deal"] += list(deal)
    return Observations(**columns), true  # type: ignore[arg-type]


def alone(seen: Observations) -> dict[tuple[str, str], float]:
    """What each SKU-country says by least squares of log units on log price, as most sellers would."""
    sku, country = np.array(seen.sku), np.array(seen.country)
    logs, prices = np.log(np.array(seen.units, dtype=float) + 0.5), np.log(np.array(seen.price, dtype=float))
    out = {}
    for key in set(zip(sku.tolist(), country.tolist(), strict=True)):
        here = (sku == key[0]) & (country == key[1])
        x = prices[here] - prices[here].mean()
        out[key] = float(x @ logs[here]) / float(x @ x)
    return out


@pytest.mark.slow
def test_known_elasticities_lie_in_their_intervals_and_pooling_beats_each_alone() -> None:
    scores, ours, theirs, deals = [], [], [], []
    for seed in range(8):
        seen, true = panel(seed, still=(3, 7))
        found, single = elasticities(seen), {}
        for key, slope in alone(replace_still(seen)).items():
            single[key] = slope
        for key, slope in true.items():
            one = found.of(*key)
            scores.append((one.mean - slope) / one.sd)
            if one.observed_changes:
                ours.append((one.mean - slope) ** 2)
                theirs.append((single[key] - slope) ** 2)
        deals.append(found.deal)
    inside80 = np.mean(np.abs(scores) < 1.2816)
    inside95 = np.mean(np.abs(scores) < 1.96)
    assert 0.70 <= inside80 <= 0.90
    assert inside95 >= 0.90
    assert abs(np.mean(scores)) < 0.35
    assert np.mean(ours) < 0.4 * np.mean(theirs)
    assert np.mean(deals) == pytest.approx(DEAL, abs=0.05)


def replace_still(seen: Observations) -> Observations:
    """Only the SKUs whose price moved."""
    prices: dict[str, set[float]] = {}
    for sku, price in zip(seen.sku, seen.price, strict=True):
        prices.setdefault(str(sku), set()).add(float(price))
    kept = [at for at, sku in enumerate(seen.sku) if len(prices[str(sku)]) > 1]
    columns = (seen.sku, seen.country, seen.channel, seen.period, seen.units, seen.price)
    sku, country, channel, period, units, price = (np.array(column, dtype=object)[kept] for column in columns)
    return Observations(sku, country, channel, period, units, price)


def test_a_price_that_never_moved_gets_what_is_known_of_others_and_says_so() -> None:
    seen, _ = panel(1, still=(0, 1))
    found = elasticities(seen)
    still, moved = found.of("S0", "C0"), found.of("S5", "C0")
    assert still.observed_changes == 0
    assert moved.observed_changes > 5
    assert still.sd > 1.1 * moved.sd
    assert still.mean == pytest.approx(found.of("unheard of", "C0").mean, abs=0.05)
    assert found.of("unheard of", "nowhere").sd > found.of("unheard of", "C0").sd > moved.sd


def test_what_its_own_prices_told_of_an_elasticity() -> None:
    seen, _ = panel(3, still=(0,))
    found = elasticities(seen)
    assert found.told("S0", "C0") < 0.3 < 0.55 < found.told("S5", "C0")
    assert found.told("never seen", "C0") == pytest.approx(0, abs=0.01)
    assert elasticities(replace(seen, price=np.full(len(seen.price), 9.0))).told("S5", "C0") < 0.3


def test_a_shop_without_any_price_change_gets_the_weak_prior() -> None:
    found = elasticities(Observations(["A"] * 30, ["US"] * 30, ["shop"] * 30, range(30), [5.0] * 30, [9.9] * 30))
    assert found.pooled.observed_changes == 0
    assert found.of("A", "US").mean == pytest.approx(PRIOR_MEAN, abs=0.01)
    nothing = elasticities(Observations([], [], [], [], [], []))
    assert nothing.of("A", "US").mean == PRIOR_MEAN
    assert nothing.of("A", "US").observed_changes == 0


def test_bad_prices_units_and_empty_weeks_are_counted_and_left_out() -> None:
    seen, _ = panel(2)
    prices, units = np.array(seen.price, dtype=float), np.array(seen.units, dtype=float)
    out = np.zeros(len(prices))
    prices[:5] = [0.0, -1.0, np.nan, np.inf, 0.0]
    units[200:203] = [-4.0, np.nan, -1.0]
    out[300:310] = 0.5
    found = elasticities(replace(seen, price=prices, units=units, out=out))
    assert found.left_out == {"no price": 5, "no units": 3, "no stock": 10, "too few periods": 0}
    assert all(np.isfinite(one.mean) and one.sd > 0 for one in found.by_cell.values())


def test_currency_pack_and_order_of_rows_change_nothing() -> None:
    seen, _ = panel(3)
    found = elasticities(seen)
    scale = {f"S{n}": 1.0 + 31 * n for n in range(SKUS)}
    turned = np.random.default_rng(0).permutation(len(seen.sku))
    columns = (seen.sku, seen.country, seen.channel, seen.period, seen.units)
    shuffled = [np.array(column, dtype=object)[turned] for column in columns]
    prices = np.array([price * scale[str(sku)] for price, sku in zip(seen.price, seen.sku, strict=True)])[turned]
    sku, country, channel, period, units = shuffled
    again = elasticities(Observations(sku, country, channel, period, units, prices, np.array(seen.deal)[turned]))
    for key, one in found.by_cell.items():
        assert again.by_cell[key].mean == pytest.approx(one.mean, abs=1e-4)
        assert again.by_cell[key].sd == pytest.approx(one.sd, abs=1e-4)


def test_pooling_is_the_posterior_of_the_written_out_normal_model() -> None:
    rng = np.random.default_rng(0)
    sku, country, channel = (grid.ravel() for grid in np.meshgrid(range(6), range(3), range(2), indexing="ij"))
    places = Places(sku, sku // 3, country, channel, sku * 3 + country)
    variance = rng.uniform(0.02, 0.4, len(sku))
    precision = np.where(np.arange(len(sku)) < 4, 0.0, 1 / variance)
    estimate = rng.normal(-2, 0.6, len(sku))
    spread = {"category": 0.2, "country": 0.3, "channel": 0.1, "sku": 0.4, "sku_country": 0.15, "series": 0.1}
    found = posterior(estimate, precision, places, (-2.0, 1.5), spread)
    same = {name: values[:, None] == values[None, :] for name, values in (
        ("category", places.category), ("country", country), ("channel", channel), ("sku", sku),
        ("sku_country", places.sku_country), ("series", np.arange(len(sku))),
    )}  # fmt: skip
    prior = 1.5**2 + sum(spread[name] ** 2 * same[name] for name in same)
    told = precision > 0
    gain = prior[:, told] @ np.linalg.inv(prior[np.ix_(told, told)] + np.diag(1 / precision[told]))
    assert found.mean == pytest.approx(-2 + gain @ (estimate[told] + 2), abs=1e-8)
    assert found.sd == pytest.approx(np.sqrt(np.diag(prior - gain @ prior[told])), abs=1e-8)


@pytest.mark.parametrize("groups", [3, 12])
def test_an_unsure_spread_is_integrated_over(groups: int) -> None:
    rng = np.random.default_rng(groups)
    at = np.arange(groups)
    nothing = np.zeros(groups, dtype=np.int64)
    variance = rng.uniform(0.05, 0.4, groups)
    estimate = rng.normal(-2, 0.5, groups) + rng.normal(0, np.sqrt(variance))
    found = pool(estimate, 1 / variance, Places(at, nothing, nothing, nothing, at), (-2.0, 1.0))
    weights, means, squares = [], [], []
    for log_spread in np.linspace(np.log(LEAST_SPREAD), np.log(3.0), 400):
        spread = float(np.exp(log_spread))
        prior = 1.0 + 3 * LEAST_SPREAD**2 + np.eye(groups) * (spread**2 + 2 * LEAST_SPREAD**2)
        whole = prior + np.diag(variance)
        gain = prior @ np.linalg.inv(whole)
        off = estimate + 2.0
        likely = -0.5 * (float(off @ np.linalg.solve(whole, off)) + float(np.linalg.slogdet(whole)[1]))
        weights.append(likely + log_spread - spread / USUAL_SPREAD["sku"])
        means.append(-2 + gain @ off)
        squares.append(np.diag(prior - gain @ prior))
    chances = np.exp(np.array(weights) - max(weights))
    chances /= chances.sum()
    mean = chances @ np.array(means)
    sd = np.sqrt(chances @ (np.array(squares) + (np.array(means) - mean) ** 2))
    assert found.mean == pytest.approx(mean, abs=0.03)
    assert found.sd == pytest.approx(sd, rel=0.08)


def test_what_an_announcement_brings_is_not_taken_for_price_and_doubt_of_it_is_counted() -> None:
    announced, true = panel(4)
    quiet = replace(announced, deal=None)
    both, blind = elasticities(announced), elasticities(quiet)

    def error(found: Elasticities) -> float:
        return float(np.mean([found.of(*key).mean - slope for key, slope in true.items()]))

    assert error(blind) < -0.8
    assert abs(error(both)) < 0.5
    assert abs(error(both)) < 2.5 * both.pooled.sd
    assert abs(both.deal - DEAL) < 2.5 * both.deal_sd
    assert both.pooled.sd > blind.pooled.sd


def test_what_all_places_of_a_good_share_is_taken_out_and_a_lasting_change_in_one_speaks() -> None:
    places, weeks = 4, 104
    good = np.repeat(np.arange(3), places)
    weight, starts = np.ones((len(good), weeks)), np.zeros(1, dtype=np.int64)
    season = np.sin(np.arange(weeks) * 2 * np.pi / 52 + np.arange(3)[:, None])[good]
    step = np.zeros_like(weight)
    step[0, 50:] = 1.0
    beside, alone = Partialling.over(weight, starts, 10, good), Partialling.over(weight, starts, 10)
    assert np.abs(beside.remainder(season)).max() < 0.1
    assert (beside.remainder(step)[0] ** 2).sum() > 2 * (alone.remainder(step)[0] ** 2).sum()
    assert (beside.used() < alone.used()).all()


def test_after_many_years_lasting_price_changes_speak_as_much_as_short_ones() -> None:
    """Sales that answer a week's offer more than a lasting price: the estimate lies between, and nearer to what lasts."""
    rng = np.random.default_rng(3)
    columns: dict[str, list[object]] = {name: [] for name in ("sku", "period", "units", "price")}
    for sku in range(12):
        lasting = np.repeat(rng.normal(0, 0.15, 7), 40)
        short = np.where(rng.random(280) < 0.1, -0.15, 0.0)
        columns["sku"] += [f"S{sku}"] * 280
        columns["period"] += list(range(280))
        columns["units"] += list(rng.poisson(40 * np.exp(-1.0 * lasting - 3.0 * short)))
        columns["price"] += list(10 * np.exp(lasting + short))
    seen = Observations(
        columns["sku"], ["US"] * 3360, ["shop"] * 3360, columns["period"], columns["units"], columns["price"]
    )  # type: ignore[arg-type]
    whole, close = elasticities(seen), elasticities(seen, half_width=28)
    assert -2.2 < whole.pooled.mean < -1.0
    assert close.pooled.mean < whole.pooled.mean - 0.1


@settings(max_examples=30, deadline=None)
@given(st.floats(-3.0, 5.0))
def test_small_counts_speak_for_their_mean_without_bias(log_mean: float) -> None:
    counts = np.random.default_rng(7).poisson(np.exp(log_mean), 40_000).astype(np.float64)
    said, variance = linearised(counts, np.full(len(counts), log_mean))
    assert said.mean() == pytest.approx(log_mean, abs=5 * float(np.sqrt(variance[0] / len(counts))))
    assert said.var() == pytest.approx(float(variance[0]), rel=0.15)
