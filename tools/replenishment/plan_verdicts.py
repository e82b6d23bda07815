"""What to do with one shelf: rush, order, hold or run down; when an order is due, and what is lost before it comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from tools.fulfillment.projection import Inbound, project
from tools.replenishment.plan_cases import Position
from tools.replenishment.plan_options import Case, Option, Way, Weighed, cannot_wait, weigh
from tools.replenishment.plan_shelf_life import Expiring, unsold
from tools.replenishment.simulate import NEVER, runs_out

Verdict = Literal["rush", "order", "hold", "run_down", "bundle"]
REVIEW_DAYS = 7
LEAST_AIM, MOST_AIM = 0.5, 0.95
RUSH_SHARE, RUSH_UNITS, RUSH_CHANCE = 0.05, 2.0, 0.5
TOO_LONG_DAYS = 180
EXCESS_SHARE = 0.15
EXPIRING_SHARE = 0.02
Z90 = 1.2816


@dataclass(frozen=True)
class Line:
    """The decision for one SKU in one warehouse.

    `out_on` is the median day of running out when nothing more is ordered, None when that is more likely not to
    happen in the days looked at; `cover_days` how long the free stock alone lasts at expected demand. `due_on` is the
    last day on which an order still comes in time with the chance `aim` (today where it is too late for that), None
    when no order falls due in the horizon. `option` is the order to place by then: now where `now` is set. `lost` are
    units expected to be lost before goods ordered today could be there, `excess` units beyond half a year of demand.
    """

    position: Position
    verdict: Verdict
    option: Option | None
    weighed: Weighed | None
    now: bool
    due_on: date | None
    aim: float
    out_on: date | None
    cover_days: int | None
    expected: float
    lost: float
    excess: float
    expiring: Expiring | None
    funded: bool = True

    @property
    def sku(self) -> str:
        """The SKU."""
        return self.position.sku

    @property
    def warehouse(self) -> str:
        """The warehouse."""
        return self.position.warehouse

    @property
    def margin(self) -> float:
        """What a lost sale costs: earned less the landed cost of the cheapest unit; 0 where unknown."""
        case = self.position.case
        if not case.ways:
            return 0.0
        return max(case.earned - min(way.unit_cost(way.offer.least) for way in case.ways), 0.0)


def judge(position: Position, as_of: date, horizon: int, service_level: float | None) -> Line:
    """Decide for one shelf over the horizon; the service level is worked out from margin and holding cost if None."""
    case = position.case
    out = runs_out(case.world)
    mean = position.shelf.mean if position.shelf is not None else np.zeros(case.world.days)
    path = [float(units) for units in mean[: max(horizon, 1)]]
    goods = tuple(
        Inbound(order.po_id, order.units, as_of + timedelta(days=int(days)), order.promised, order.overdue)
        for order, days in position.inbound
    )
    projected = project(position.sku, position.warehouse, position.free, as_of, path, goods)
    median = float(np.median(np.where(out == NEVER, case.world.days, out)))
    out_on = as_of + timedelta(days=int(median) + 1) if median < case.world.days else None
    aim = service_level if service_level is not None else _aim(case)
    now, due = False, None
    option, weighed, lost = None, None, 0.0
    if case.ways and projected.expected > 0:
        weighed = weigh(case)
        lost = weighed.lost_before
        best = weighed.best
        way = best.way if best is not None else min(case.ways, key=lambda one: one.spent.mean_days)
        latest = _latest(case, way, out, aim, horizon)
        if latest is not None and latest <= REVIEW_DAYS:
            if position.faster and _hurried(weighed):
                faster = weigh(replace(case, ways=(*case.ways, *position.faster)))
                weighed = replace(weighed, options=faster.options)
            option = weighed.best if service_level is None else weighed.for_service(service_level)
            now = option is not None and (option.way.mode is not None or cannot_wait(case, option.way, REVIEW_DAYS))
            due = as_of + timedelta(days=latest if now else REVIEW_DAYS) if option is not None else None
        elif latest is not None:
            later = weigh(case, latest)
            option = later.best if service_level is None else later.for_service(service_level)
            due = as_of + timedelta(days=latest) if option is not None else None
    elif projected.expected > 0:
        lost = projected.short
    expiring = unsold(position.batches, mean, case.rate, as_of) if position.batches else None
    if expiring is not None and expiring.units < max(EXPIRING_SHARE * position.free, 1.0):
        expiring = None
    excess = _excess(position, mean)
    line = Line(
        position, "hold", option, weighed, now, due, aim, out_on, projected.cover_days, projected.expected, lost,
        excess, expiring,
    )  # fmt: skip
    return replace(line, verdict=_verdict(line))


def _verdict(line: Line) -> Verdict:
    if _hurried(line.weighed) if line.weighed is not None else line.lost >= RUSH_UNITS and line.out_on is not None:
        return "rush"
    if line.now:
        return "order"
    held = line.position.free + line.position.coming
    if line.expiring is not None or (line.excess > 0 and line.excess >= EXCESS_SHARE * held):
        return "run_down"
    return "hold"


def _hurried(weighed: Weighed) -> bool:
    """Whether the shelf will more likely than not lose a good part of its sales before ordered goods can come."""
    from_units = max(RUSH_SHARE * weighed.asked_before, RUSH_UNITS)
    return weighed.short_before >= RUSH_CHANCE and weighed.lost_before >= from_units


def _aim(case: Case) -> float:
    """The critical ratio: margin of a lost sale against holding a unit for one order interval."""
    if not case.ways:
        return LEAST_AIM
    under = case.earned - min(way.unit_cost(way.offer.least) for way in case.ways)
    over = case.holding * case.interval
    ratio = under / (under + over) if under > 0 else 0.0
    return min(max(ratio, LEAST_AIM), MOST_AIM)


def _latest(case: Case, way: Way, out: np.ndarray, aim: float, horizon: int) -> int | None:
    """The last day from today on which an order comes before the shelf is empty with the chance `aim`.

    0 when it is too late already; None when even the last day of the horizon is early enough.
    """

    def in_time(placed: int) -> bool:
        return bool((way.spent.shelf_day(placed) <= out).mean() >= aim)

    if in_time(horizon):
        return None
    if not in_time(0):
        return 0
    low, high = 0, horizon
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if in_time(middle) else (low, middle)
    return low


def _excess(position: Position, mean: np.ndarray) -> float:
    """Units beyond what half a year of high demand takes."""
    days = min(len(mean), TOO_LONG_DAYS)
    asked = float(mean[:days].sum()) + position.case.rate * (TOO_LONG_DAYS - days)
    spread = position.shelf.level_sd if position.shelf is not None else 0.0
    return max(position.free + position.coming - asked * (1 + Z90 * spread), 0.0)
