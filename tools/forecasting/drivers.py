"""What makes a forecast differ from the same number of days before it, in units that add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.forecasting.candidates import LAST_YEAR
from tools.forecasting.events import PIECES, pieces
from tools.forecasting.outcome import Forecast

Floats = NDArray[np.float64]
LEVEL = "level"
NAMES = (LEVEL, "season", "events", "price", "bulk", "exceptional")


@dataclass(frozen=True)
class Drivers:
    """Units ordered in the days before, and what each driver adds to them up to the forecast; whole units.

    `level` is the everyday pace and its trend, with all the others leave; `season` the time of year, `events`
    the sales events, `price` that prices or discounts were other than today's, `bulk` the bulk orders expected
    against those that came, `exceptional` what empty shelves hid less what one-off orders added before.
    """

    before: int
    parts: dict[str, int]

    @property
    def after(self) -> int:
        """The units forecast."""
        return self.before + sum(self.parts.values())


@dataclass(frozen=True)
class EventEffect:
    """One event inside the horizon: its first and last day there, its units, and how many of them it adds."""

    name: str
    first: int
    last: int
    units: float
    added: float
    factor: float
    years: int


def drivers(one: Forecast) -> Drivers | None:
    """The difference to the days before by driver; None when the history is shorter than the horizon."""
    days = len(one.path)
    if one.profile is None or len(one.series.demand) < days:
        return None
    here = slice(len(one.series.demand) - days, None)
    demand, ordered = one.series.demand[here], one.series.ordered[here]
    at_todays_prices = one.series.at_todays_prices()[here]
    bulk = float(one.series.bulk[here].sum()) if one.series.bulk is not None else 0.0
    ahead = np.arange(days, dtype=np.int64) + one.start.toordinal()
    steady = one.path - one.bulk_units / days
    events_after, season_after, _ = _layers(one, steady, ahead)
    events_before, season_before, _ = _layers(one, at_todays_prices, ahead - days)
    parts = {
        "season": season_after - season_before,
        "events": events_after - events_before,
        "price": float(at_todays_prices.sum() - demand.sum()),
        "bulk": one.bulk_units - bulk,
        "exceptional": float(demand.sum()) + bulk - float(ordered.sum()),
    }
    whole = {name: round(units) for name, units in parts.items()}
    before = round(float(ordered.sum()))
    return Drivers(before, {LEVEL: round(one.units) - before - sum(whole.values()), **whole})


def events_inside(one: Forecast) -> list[EventEffect]:
    """The events the series knows inside the horizon, in the order of their days; parts of one event as one."""
    if one.profile is None:
        return []
    ahead = np.arange(len(one.path), dtype=np.int64) + one.start.toordinal()
    label = pieces(ahead, one.series.place)
    steady = one.path - one.bulk_units / len(one.path)
    found = []
    for piece in dict.fromkeys(int(at) for at in label if at >= 0):
        mine = label == piece
        factor = float(one.profile.event[piece])
        days = ahead[mine]
        found.append(
            EventEffect(
                PIECES[piece], int(days[0]), int(days[-1]), float(one.path[mine].sum()),
                float((steady[mine] * (1 - 1 / factor)).sum()), factor, int(one.profile.event_years[piece]),
            )
        )  # fmt: skip
    return found


def _layers(one: Forecast, units: Floats, ordinals: NDArray[np.int64]) -> tuple[float, float, float]:
    """Units that are due to events, to the time of year, and the rest."""
    assert one.profile is not None
    label = pieces(ordinals, one.series.place)
    calm = units / np.where(label >= 0, one.profile.event[label], 1.0)
    rest = calm / one.profile.season(ordinals, one.yearly or one.model == LAST_YEAR)
    return float(units.sum() - calm.sum()), float(calm.sum() - rest.sum()), float(rest.sum())
