"""The prices in words: the answer first, then each change, what holds prices back, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from shop.costs.parts import rounded
from tools.contract import (
    About,
    Finding,
    Value,
    channel,
    count,
    country,
    days,
    finding,
    money,
    percent,
    sku,
    units,
    warehouse,
    weeks,
    words,
)
from tools.pricing.curve import curve
from tools.pricing.floor import margin
from tools.pricing.ladder import CHANNEL_SPREAD, COUNTRY_SPREAD
from tools.pricing.places import HORIZON, Place
from tools.pricing.solve import CLEAR_STEP, STEP, Choice, Goal, Solution
from tools.pricing.trial import MOST_WEEKS, Trial
from tools.pricing.views import HIGH, LOW

CHANGES = 4
HOPELESS = 2
TRIALS = 1
SHELVES = 1


def findings(found: Solution, trials: Sequence[Trial], floor: Decimal, goal: Goal, base: str) -> list[Finding]:
    """What to ask where, and why; about eight sentences at most."""
    choices = list(found.choices.values())
    changed = [one for one in choices if one.changes]
    hopeless = [one for one in choices if one.price is None]
    if len(choices) == 1:
        told = [_place(choices[0], floor, goal, base)]
        told += _one(choices[0], floor)
    else:
        near = [one for one in changed if not one.beyond]
        told = [_several(choices, near, floor, goal, base)]
        told += [_place(one, floor, goal, base) for one in hopeless[:HOPELESS]]
        told += [_place(one, floor, goal, base) for one in changed[:CHANGES]]
        told += [far for one in changed[:CHANGES] if one.far and not one.beyond for far in _far(one, floor)][:1]
        told += [_held_back(one) for one in choices if one.held_back][:1]
    if goal == "revenue":
        told[1:1] = _profit_moved([one for one in changed if not one.beyond], base)
    told += _shelves(found, choices, goal)[:SHELVES]
    told += _trials(trials)[:TRIALS]
    return told


def _several(choices: Sequence[Choice], changed: Sequence[Choice], floor: Decimal, goal: Goal, base: str) -> Finding:
    about = _about_all(choices)
    if not changed:
        hopeless = sum(one.price is None for one in choices)
        far = sum(one.beyond for one in choices)
        if far:
            return finding(
                "optimize_prices.none_near", "act", about, m=count(len(choices)), n=count(far + hopeless),
                floor=percent(floor),
            )  # fmt: skip
        key = "optimize_prices.none_changed_floor" if hopeless else "optimize_prices.none_changed"
        return finding(key, "info", about, m=count(len(choices)), hopeless=count(hopeless), step=_step(goal))
    values: dict[str, Value] = {
        "n": count(len(changed)), "m": count(len(choices)), "horizon": days(HORIZON),
        "up": count(sum(one.price is not None and one.price > one.place.price for one in changed)),
        "down": count(sum(one.price is not None and one.price < one.place.price for one in changed)),
    }  # fmt: skip
    below = [one for one in changed if one.below_floor is not None]
    if below and goal == "profit":
        total = np.sum([np.broadcast_to(one.gain, _widest(changed)) for one in changed], axis=0)
        values |= {**_gain(total, base), "below": count(len(below)), "floor": percent(floor)}
        return finding("optimize_prices.several_floor", "act", about, **values)
    if goal == "clear_stock":
        values |= {
            "units": units(sum(_units(one) for one in choices)),
            "now": units(sum(float(one.place.units.sum()) for one in choices)),
        }
    else:
        total = np.sum([np.broadcast_to(one.gain, _widest(changed)) for one in changed], axis=0)
        values |= _gain(total, base)
    return finding(f"optimize_prices.several_{goal}", "good", about, **values)


def _profit_moved(changed: Sequence[Choice], base: str) -> list[Finding]:
    """What prices for revenue do to profit."""
    moved = 0.0
    for one in changed:
        if one.curve is not None and one.at is not None:
            sold, today = one.curve.profit(), curve(one.place, (one.place.price,)).profit()
            moved += float(sold[one.at].mean() - today[0].mean())
    if not changed or round(moved) == 0:
        return []
    key = "optimize_prices.profit_lost" if moved < 0 else "optimize_prices.profit_too"
    values = {"profit": money(Decimal(round(abs(moved))), base), "horizon": days(HORIZON)}
    return [finding(key, "watch" if moved < 0 else "info", _about_all(changed), **values)]


def _widest(choices: Sequence[Choice]) -> int:
    return max(len(one.gain) for one in choices)


def _place(one: Choice, floor: Decimal, goal: Goal, base: str) -> Finding:
    """What to ask in one place."""
    values = _where(one.place)
    if one.price is None:
        assert one.below_floor is not None
        most = one.below_floor.reachable
        return finding(
            "optimize_prices.hopeless", "act", _about(one.place),
            **values, floor=percent(floor), reachable=percent(most if most is not None else Decimal(0)),
        )  # fmt: skip
    left = margin(one.place.market, one.price)
    values["margin"] = percent(left if left is not None else Decimal(0))
    if not one.changes:
        return finding("optimize_prices.keep", "good", _about(one.place), **values, step=_step(goal))
    moved = (one.price / one.place.price - 1) * 100
    values |= {
        "new": money(one.price, one.place.market.currency), "change": percent(abs(moved)), "horizon": days(HORIZON)
    }  # fmt: skip
    if one.below_floor is not None:
        now = margin(one.place.market, one.place.price)
        values["now"] = percent(now if now is not None else Decimal(0))
        values["floor"] = percent(floor)
        if one.beyond:
            return finding("optimize_prices.beyond", "act", _about(one.place), **values)
        more = one.gain.mean() >= 0
        key = f"optimize_prices.floor_{'more' if more else 'less'}"
        return finding(key, "act", _about(one.place), **values, **_gain(one.gain if more else -one.gain, base))
    way = "up" if moved > 0 else "down"
    if goal == "clear_stock":
        sold = {"units": units(_units(one)), "sold_now": units(float(one.place.units.sum()))}
        return finding(f"optimize_prices.clear_{way}", "act", _about(one.place), **values, **sold)
    return finding(f"optimize_prices.{goal}_{way}", "act", _about(one.place), **values, **_gain(one.gain, base))


def _one(one: Choice, floor: Decimal) -> list[Finding]:
    """More on a single place: what the floor needs, how demand answers, what competitors ask, what held it back."""
    told = []
    if one.below_floor is not None:
        told += _needed(one, floor)
        told += _far(one, floor) if one.far and not one.beyond else []
    told.append(_answer(one.place))
    if one.place.rivals is not None:
        currency = one.place.market.currency
        low, high = (_coins(price, currency) for price in one.place.rivals)
        told.append(
            finding(
                "optimize_prices.rivals", "info", _about(one.place),
                **_where(one.place), low=money(low, currency), high=money(high, currency),
            )
        )  # fmt: skip
    if one.held_back:
        told.append(_held_back(one))
    return told


def _needed(one: Choice, floor: Decimal) -> list[Finding]:
    """What would let today's price keep the floor."""
    need, market = one.below_floor, one.place.market
    assert need is not None
    assert market.landed is not None
    told = []
    if need.landed is not None:
        now = _coins(market.landed * market.rate, market.base)
        told.append(
            finding(
                "optimize_prices.needs_cost", "info", _about(one.place), **_where(one.place), floor=percent(floor),
                landed=money(need.landed, market.base), landed_now=money(now, market.base),
            )
        )  # fmt: skip
    if need.commission is not None:
        paid = one.place.price - market.discount + market.shipping
        told.append(
            finding(
                "optimize_prices.needs_fee", "info", _about(one.place), **_where(one.place), floor=percent(floor),
                fee=percent(need.commission), fee_now=percent(100 * market.fees.commission(paid) / paid),
            )
        )  # fmt: skip
    if not told:
        parts = [part for part in market.exact(one.place.price) if part[1] < 0]
        name, amount, _ = min(parts, key=lambda part: part[1])
        told.append(
            finding(
                "optimize_prices.needs_more", "info", _about(one.place), **_where(one.place), floor=percent(floor),
                part=words(f"optimize_prices.part_{name}"), amount=money(_coins(-amount, market.currency), market.currency),
            )
        )  # fmt: skip
    return told


def _far(one: Choice, floor: Decimal) -> list[Finding]:
    assert one.price is not None
    return [
        finding(
            "optimize_prices.far", "watch", _about(one.place), **_where(one.place), floor=percent(floor),
            new=money(one.price, one.place.market.currency), step=percent(STEP * 100),
        )
    ]  # fmt: skip


def _answer(place: Place) -> Finding:
    """How demand answers price there, and from what that is known."""
    known = place.elasticity
    values = {
        "sku": sku(place.key[0]), "country": country(place.key[1]), "one": percent(1, 0), "mean": percent(max(-known.mean, 0.0), 2),
        "low": percent(max(-known.mean - 1.2816 * known.sd, 0.0), 2),
        "high": percent(max(-known.mean + 1.2816 * known.sd, 0.0), 2),
    }  # fmt: skip
    about = About(skus=[place.key[0]], countries=[place.key[1]])
    if place.own_changes:
        return finding("optimize_prices.learnt", "info", about, **values, n=count(place.own_changes))
    return finding("optimize_prices.untried", "watch", about, **values)


def _held_back(one: Choice) -> Finding:
    assert one.price is not None
    return finding(
        "optimize_prices.held_back", "info", _about(one.place), **_where(one.place),
        price=money(one.price, one.place.market.currency), channels=percent(CHANNEL_SPREAD * 100),
        countries=percent(COUNTRY_SPREAD * 100),
    )  # fmt: skip


def _shelves(found: Solution, choices: Sequence[Choice], goal: Goal) -> list[Finding]:
    """What stock does to the prices: the shelf with most at stake."""
    cells = {found.shelf_of[one.place.key] for one in choices if one.place.key in found.shelf_of}
    told = []
    for cell in sorted(cells, key=lambda cell: (-found.shelves[cell].expiring, -found.shelves[cell].excess, cell)):
        shelf = found.shelves[cell]
        about = About(skus=[shelf.sku])
        values = {"sku": sku(shelf.sku), "warehouse": warehouse(shelf.warehouse)}
        if goal == "clear_stock":
            mine = [one for one in choices if found.shelf_of.get(one.place.key) == cell]
            others = shelf.asked_horizon - sum(float(one.place.units.sum()) for one in mine)
            there = shelf.free + shelf.arriving
            sold = min(sum(_units(one) for one in mine) + others, there)
            told.append(
                finding(
                    "optimize_prices.cleared" if sold >= there - 1 else "optimize_prices.left", "info", about, **values,
                    there=units(there), sold=units(sold), left=units(there - sold), horizon=days(HORIZON),
                )
            )  # fmt: skip
        elif shelf.expiring >= 1:
            told.append(finding("optimize_prices.expiring", "watch", about, **values, expiring=units(shelf.expiring)))
        elif shelf.scarce:
            told.append(
                finding(
                    "optimize_prices.scarce", "watch", about, **values, there=units(shelf.free + shelf.coming),
                    asked=units(shelf.asked), window=days(shelf.window),
                )
            )  # fmt: skip
    return told


def _trials(trials: Sequence[Trial]) -> list[Finding]:
    told = []
    for trial in sorted(trials, key=lambda one: (not one.worthwhile, one.weeks, one.sku)):
        about = About(skus=[trial.sku])
        values: dict[str, Value] = {
            "sku": sku(trial.sku), "weeks": weeks(trial.weeks), "most": weeks(MOST_WEEKS), "n": count(len(trial.arms)),
            "units": units(trial.units), "missing": units(trial.missing),
        }  # fmt: skip
        if not trial.worthwhile:
            told.append(finding("optimize_prices.trial_long", "info", about, **values))
            continue
        missing = "_missing" if trial.missing >= 1 else ""
        if len(trial.arms) == 1:
            arm = trial.arms[0]
            values |= _where(arm.place)
            values["price"] = money(arm.price, arm.place.market.currency)
            told.append(finding(f"optimize_prices.trial_one{missing}", "act", _about(arm.place), **values))
        else:
            told.append(finding(f"optimize_prices.trial{missing}", "act", about, **values))
    return told


def _gain(draws: np.ndarray, base: str) -> dict[str, Value]:
    low, high = np.quantile(draws, [LOW, HIGH])
    amounts = {"gain": float(draws.mean()), "low": float(low), "high": float(high)}
    return {name: money(Decimal(round(amount)), base) for name, amount in amounts.items()}


def _units(one: Choice) -> float:
    sold = float(one.place.units.sum())
    return sold * float(one.curve.ratio[one.at].mean()) if one.curve is not None and one.at is not None else sold


def _where(place: Place) -> dict[str, Value]:
    item, where, through = place.key
    return {
        "sku": sku(item), "country": country(where), "channel": channel(through),
        "old": money(place.price, place.market.currency),
    }  # fmt: skip


def _about(place: Place) -> About:
    item, where, through = place.key
    return About(skus=[item], countries=[where], channels=[through])


def _about_all(choices: Sequence[Choice]) -> About:
    return About(
        skus=sorted({one.place.key[0] for one in choices}), countries=sorted({one.place.key[1] for one in choices}),
        channels=sorted({one.place.key[2] for one in choices}),
    )  # fmt: skip


def _step(goal: Goal) -> Value:
    return percent((CLEAR_STEP if goal == "clear_stock" else STEP) * 100)


def _coins(amount: Decimal, currency: str) -> Decimal:
    return rounded(amount, currency)
