"""Which promotion for which market: the audience and depth that earn most on top, within stock and floor."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shop.costs.parts import rounded
from shop.warehouse import Shop
from tools.promotions.ground import Cell, Ground, Grounds, Shelf
from tools.promotions.past import Past, Promotion
from tools.promotions.response import DRAWS, SEED, Audience, lifts
from tools.promotions.windows import Window

Floats = NDArray[np.float64]
Goal = Literal["conversion", "profit", "clear_stock"]
Why = Literal["stock", "floor", "no_gain", "small", "no_surplus", "channel"]
EVERYBODY = "everybody"
STEPS = (5, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40)
DEEPEST = 30
PAST_DEEPER = 5
SURE = 0.5  # chance of a gain from which a promotion is proposed
LEAST_GAIN = 0.5  # of a unit, or of the base currency
LONGEST_COVER = 730
SMALL_SHARE = 0.03  # of the best offer's gain: below it an offer is not worth the work


@dataclass(frozen=True, eq=False)
class Plan:
    """A discount in one market for one audience over some days. Money in base currency; `gain` is what is earned on top of
    not promoting, after sales pulled forward and taken from goods beside it, with the 10th and 90th percentile in `low`
    and `high`; `units` the audience buys in the days, `extra` of them on top (`most_extra`: 90th percentile); `given_up`
    is earned less on units that sell anyway; `left` in stock at the end; `chance` that it gains."""

    ground: Ground
    window: Window
    audience: str
    depth: int
    price: Decimal
    gain: float
    low: float
    high: float
    chance: float
    units: float
    extra: float
    pulled: float
    taken: float
    given_up: float
    left: float | None
    most_extra: float
    last: Promotion | None
    draws: Floats

    @property
    def cell(self) -> Cell:
        """SKU, country and channel."""
        return self.ground.sku, self.ground.country, self.ground.channel


@dataclass(frozen=True)
class NotThis:
    """A market left at its price, why, and what its best discount would have lost or gained."""

    ground: Ground
    why: Why
    best: Plan | None = None


@dataclass
class Chosen:
    """What was chosen for one window, best first, and what was not."""

    window: Window
    plans: list[Plan] = field(default_factory=list)
    left: list[NotThis] = field(default_factory=list)

    @property
    def gain(self) -> float:
        """Expected profit on top, all plans."""
        return sum(one.gain for one in self.plans)

    def interval(self) -> tuple[float, float]:
        """10th and 90th percentile of the sum."""
        if not self.plans:
            return 0.0, 0.0
        total = np.sum([one.draws for one in self.plans], axis=0)
        return float(np.quantile(total, 0.1)), float(np.quantile(total, 0.9))


def choose(
    shop: Shop, ground: Grounds, past: Past, audiences: dict[str, Audience], window: Window, segment: str, goal: Goal,
    most: float | None,
) -> Chosen:  # fmt: skip
    """The best audience and depth of every market, then as many as the stock of their warehouse carries.

    With a `segment` only it is asked; else everybody and, where customers can be sent a code, each kind of them.
    """
    from tools.forecasting.price import shop_elasticities

    known = shop_elasticities(shop)
    depths = steps(past, most)
    beside = _beside(ground)
    found = Chosen(window)
    wanted: list[tuple[Plan, list[Plan]]] = []
    for at, cell in enumerate(ground.cells):
        reached = [name for name in ([segment] if segment else [EVERYBODY, *audiences]) if _reaches(cell, name)]
        why = _barred(cell, ground, window, goal) if reached else "channel"
        if why is not None:
            found.left.append(NotThis(cell, why))
            continue
        told = known.of(*cell.cell)
        priced = [(depth, rounded(cell.price * (100 - depth) / 100, cell.market.currency)) for depth in depths]
        priced = [(depth, price) for depth, price in priced if price > 0 and cell.contribution_at(price) >= 0]
        if not priced:
            found.left.append(NotThis(cell, "floor"))
            continue
        deal = known.deals.get(cell.cell, known.deal)
        lift = lifts(told.mean, told.sd, np.array([depth for depth, _ in priced]) / 100, past, at, deal)
        proven = known.told(*cell.cell)
        options = [
            plan for name in reached
            for plan in _options(cell, ground, past, audiences.get(name), window, name, priced, lift, proven, at, beside)
        ]  # fmt: skip
        good = [one for one in options if one.gain > LEAST_GAIN and one.chance >= SURE]
        if good:
            wanted.append((_best(good, goal), good))
        else:
            found.left.append(NotThis(cell, "no_gain", max(options, key=lambda one: one.gain, default=None)))
    _within_stock(found, wanted, ground, goal)
    worth = SMALL_SHARE * max((one.gain for one in found.plans), default=0.0)
    found.left += [NotThis(one.ground, "small", one) for one in found.plans if one.gain < worth]
    found.plans = [one for one in found.plans if one.gain >= worth]
    found.plans.sort(key=lambda one: (-one.gain, one.cell))
    return found


def steps(past: Past, most: float | None) -> list[int]:
    """Whole percents to try: up to what was allowed, else not much beyond the deepest discount ever given."""
    limit = most if most is not None else min(max(past.deepest() + PAST_DEEPER, STEPS[2]), DEEPEST)
    found = {step for step in STEPS if step <= limit}
    if most is not None and most >= 1:
        found.add(int(most))
    return sorted(found)


def _reaches(cell: Ground, audience: str) -> bool:
    """A code for one kind of customer needs customers whose addresses the seller has: not those of a marketplace."""
    if cell.wholesale:
        return audience in (EVERYBODY, "wholesale")
    return audience == EVERYBODY or (audience != "wholesale" and not cell.marketplace)


def _barred(cell: Ground, ground: Grounds, window: Window, goal: Goal) -> Why | None:
    if goal == "clear_stock" and (cell.shelf is None or cell.shelf.surplus < LEAST_GAIN):
        return "no_surplus"
    if cell.shelf is not None and cell.shelf.spare((window.start - ground.as_of).days - 1) < LEAST_GAIN:
        return "stock"
    return None


def _best(options: list[Plan], goal: Goal) -> Plan:
    """Most profit; for more sales or less stock the most extra units that lose nothing."""
    return max(options, key=lambda one: (one.gain if goal == "profit" else one.extra, one.gain, -one.depth))


def _options(
    cell: Ground, ground: Grounds, past: Past, kind: Audience | None, window: Window, audience: str,
    priced: list[tuple[int, Decimal]], lift: Floats, proven: float, which: int, beside: dict[Cell, float],
) -> list[Plan]:  # fmt: skip
    """One plan for each depth, for one audience.

    The best of many uncertain offers looks better than it is (Smith & Winkler 2006, Management Science 52(3)), and a gain
    that rests on what other goods' buyers do speaks against a price the seller chose. So an expected gain leans towards
    none by the part of the good's price response that its own prices did not tell (`proven` is what they did); its spread
    stays.
    """
    first = (window.start - ground.as_of).days - 1
    inside = cell.path[first : first + window.days]
    rng = np.random.default_rng([SEED, which, 1])
    noise = np.maximum(1 + cell.spread * rng.standard_normal(DRAWS), 0.0)
    base = float(inside.sum()) * noise
    pulled = np.clip(past.pulled.mean + past.pulled.sd * rng.standard_normal(DRAWS), 0.0, 0.9)
    other = beside.get(cell.cell, 0.0)
    taken = np.clip(past.taken.mean + past.taken.sd * rng.standard_normal(DRAWS), 0.0, 0.9) * (other > 0)
    share, brings = 1.0, 1.0
    if kind is not None and not cell.wholesale:
        share, brings = kind.of_channel(cell.channel) * kind.reach, kind.extra * kind.reach
    margins = np.array([ground.margin_at(cell, price) for _, price in priced])
    extra = base[:, None] * (lift - 1) * brings
    more = extra.mean(axis=0)
    given = base[:, None] * share * (cell.margin - margins)
    kept = np.array([_kept_back(cell.shelf, cell, float(one)) for one in more])
    later, away = extra * pulled[:, None], extra * taken[:, None]
    gain = extra * (margins + kept) - given - later * (cell.margin + kept) - away * other
    gain = gain - (1 - proven) * np.maximum(gain.mean(axis=0), 0.0)
    low, high = np.quantile(gain, [0.1, 0.9], axis=0)
    most = np.quantile(base[:, None] * share + extra, 0.9, axis=0) - float(inside.sum()) * share
    means = {
        "gain": gain.mean(axis=0), "low": low, "high": high, "chance": (gain > 0).mean(axis=0),
        "units": float(base.mean()) * share + more, "extra": more, "pulled": later.mean(axis=0),
        "taken": away.mean(axis=0), "given_up": given.mean(axis=0), "most_extra": most,
    }  # fmt: skip
    end = first + window.days - 1
    stays = None if cell.shelf is None else float(cell.shelf.left[min(end, len(cell.shelf.left) - 1)])
    last = past.last(cell.country, cell.channel, cell.sku)
    worth = {at for at in range(len(priced)) if means["gain"][at] > 0} | {int(np.argmax(means["gain"]))}
    return [
        Plan(
            ground=cell, window=window, audience=audience, depth=priced[at][0], price=priced[at][1],
            left=None if stays is None else max(stays - float(more[at]), 0.0), last=last, draws=gain[:, at],
            **{name: float(values[at]) for name, values in means.items()},
        )
        for at in sorted(worth)
    ]  # fmt: skip


def _kept_back(shelf: Shelf | None, cell: Ground, extra: float) -> float:
    """What selling one more unit of too much stock saves: keeping it, and its cost where it would have expired."""
    if shelf is None or shelf.surplus < LEAST_GAIN or extra <= 0:
        return 0.0
    saved = float(shelf.holding) * min(shelf.cover_days, LONGEST_COVER) * min(shelf.surplus / extra, 1.0)
    if shelf.expiring > 0 and cell.market.landed is not None:
        saved += float(cell.market.landed * cell.market.rate) * min(shelf.expiring / extra, 1.0)
    return saved


def _beside(ground: Grounds) -> dict[Cell, float]:
    """What a unit of the other goods of the same category earns in each market; 0 where there are none."""
    found = {}
    for cell in ground.cells:
        others = [
            one for one in ground.cells
            if (one.country, one.channel) == (cell.country, cell.channel) and one.sku != cell.sku
            and cell.category is not None and one.category == cell.category
        ]  # fmt: skip
        weight = sum(float(one.path.sum()) for one in others)
        found[cell.cell] = sum(one.margin * float(one.path.sum()) for one in others) / weight if weight > 0 else 0.0
    return found


def _within_stock(found: Chosen, wanted: list[tuple[Plan, list[Plan]]], ground: Grounds, goal: Goal) -> None:
    """The most gainful first; what the shelf does not carry at the 90th percentile is made smaller or left."""
    room: dict[tuple[str, str], float] = {}
    for plan, options in sorted(wanted, key=lambda one: (-one[0].gain, one[0].cell)):
        shelf = plan.ground.shelf
        if shelf is None:
            found.plans.append(plan)
            continue
        at = (shelf.sku, shelf.warehouse)
        free = room.setdefault(at, shelf.spare((plan.window.start - ground.as_of).days - 1))
        fitting = [one for one in options if one.most_extra <= free]
        if not fitting:
            found.left.append(NotThis(plan.ground, "stock", plan))
            continue
        best = plan if plan in fitting else _best(fitting, goal)
        room[at] = free - best.most_extra
        found.plans.append(best)
