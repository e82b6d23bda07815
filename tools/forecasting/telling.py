"""Findings on what drives a forecast, what is ahead, what signals say, where it goes and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from shop.calendar import SalesEvent
from tools.contract import (
    About,
    Column,
    Finding,
    Table,
    Value,
    channel,
    country,
    days,
    finding,
    on,
    percent,
    several,
    sku,
    units,
    words,
)  # fmt: skip
from tools.forecasting.around import Doubtful, Part, Returns
from tools.forecasting.drivers import LEVEL, Drivers, EventEffect
from tools.forecasting.leaning import MOST, Leaning
from tools.forecasting.outcome import Forecast
from tools.forecasting.series import Scope
from tools.forecasting.set_apart import Line
from tools.forecasting.signals import RECENT, Lead, Move
from tools.forecasting.told_apart import orders_apart

NOTABLE_SHARE = 0.03
NOTABLE_EVENT = 0.15
LARGE_EVENT = 0.4
SIGNALS_TOLD = 2
EVENTS_TOLD = 1
OWN_FINDING = frozenset({"before_black_friday", "black_friday", "after_black_friday"})
PART_OF_ANOTHER = frozenset({"cyber_monday", "lucky_bags"})
IN_WORDS = ("sale", "gift", "holiday")
NAMES_TOLD = 6
NAMED = {"gift_season": "christmas_shopping"}


@dataclass(frozen=True)
class Context:
    """What stands around the forecast of a scope."""

    drivers: Drivers | None = None
    effects: list[EventEffect] = field(default_factory=list)
    calendar: list[tuple[SalesEvent, tuple[str, ...]]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    leads: dict[str, Lead] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    leaning: Leaning | None = None
    parts: list[Part] = field(default_factory=list)
    returns: Returns | None = None
    apart: list[Line] = field(default_factory=list)
    doubtful: Doubtful = field(default_factory=lambda: Doubtful(0, 0))


def driven(one: Forecast, context: Context, about: About) -> list[Finding]:
    """The two drivers that move the forecast most against the days before."""
    found = context.drivers
    if found is None:
        return []
    least = max(NOTABLE_SHARE * found.before, 1.0)
    ranked = sorted(found.parts.items(), key=lambda item: -abs(item[1]))
    large = [(name, n) for name, n in ranked if abs(n) >= least][:2]
    if not large:
        return []
    values: dict[str, Value] = {"days": days(len(one.path))}
    for slot, (name, n) in zip(("first", "second"), large, strict=False):
        values |= {slot: words(f"driver.{name}"), f"{slot}_units": units(abs(n))}
    way = "_".join("up" if n > 0 else "down" for _, n in large)
    return [finding(f"forecast_demand.driven_{way}", "info", about, **values)]


def events_ahead(one: Forecast, context: Context, about: About) -> list[Finding]:
    """The strongest event beside Black Friday, and the names of the others inside the horizon."""
    strong = [
        effect
        for effect in context.effects
        if effect.name not in OWN_FINDING
        and abs(effect.factor - 1) >= NOTABLE_EVENT
        and abs(effect.added) >= NOTABLE_SHARE * one.units
    ]
    strong.sort(key=lambda effect: -abs(effect.added))
    found = []
    for effect in strong[:EVENTS_TOLD]:
        values = {
            "event": words(f"event.{NAMED.get(effect.name, effect.name)}"),
            "start": on(date.fromordinal(effect.first)), "end": on(date.fromordinal(effect.last)),
            "units": units(effect.units), "added": units(abs(effect.added)),
        }  # fmt: skip
        way = "up" if effect.added > 0 else "down"
        large = abs(np.log(effect.factor)) >= LARGE_EVENT
        found.append(finding(f"forecast_demand.event_{way}", "watch" if large else "info", about, **values))
    told = {NAMED.get(effect.name, effect.name) for effect in strong[:EVENTS_TOLD]}
    if one.event_known:
        told.add("black_friday")
    others = [
        event for event, _ in context.calendar if event.kind in IN_WORDS and event.name not in told | PART_OF_ANOTHER
    ]
    rest = list(dict.fromkeys(event.name for event in others))[:NAMES_TOLD]
    if rest:
        key = (
            "forecast_demand.events_also"
            if told & {event.name for event, _ in context.calendar}
            else "forecast_demand.events"
        )
        found.append(finding(key, "info", about, events=several([words(f"event.{name}") for name in rest])))
    return found


def signalled(context: Context, about: About) -> list[Finding]:
    """Signals that moved beyond noise, and whether such moves came before orders; or that none did."""
    found = []
    for move in context.moves[:SIGNALS_TOLD]:
        way = "up" if move.share > 1 else "down"
        lead = context.leads.get(move.source)
        values = {
            "source": words(f"signal.{move.source}"), "sku": sku(move.sku), "country": country(move.country),
            "change": percent(100 * abs(move.share - 1), 0), "days": days(RECENT),
        }  # fmt: skip
        if lead is None:
            said = "untold"
        elif lead.ahead:
            said, values["lead_days"] = "led", days(lead.days)
        else:
            said = "not_led"
        there = About(skus=[move.sku], countries=[move.country], start=about.start, end=about.end)
        found.append(finding(f"forecast_demand.signal_{way}_{said}", "watch", there, **values))
    if not found and context.sources:
        named = several([words(f"signal.{source}") for source in context.sources])
        found.append(finding("forecast_demand.signals_quiet", "info", about, sources=named, days=days(RECENT)))
    return found


def placed(context: Context, total: float, scope: Scope, about: About) -> list[Finding]:
    """The country and the channel that take most."""
    countries, channels = _sums(context.parts, lambda one: one.country), _sums(context.parts, lambda one: one.channel)
    values: dict[str, Value] = {}
    key = "forecast_demand.most"
    for name, sums, made in (("country", countries, country), ("channel", channels, channel)):
        if len(sums) < 2 or total <= 0:
            continue
        top = max(sums, key=lambda one: (sums[one], one))
        values |= {
            name: made(top),
            f"{name}_units": units(sums[top]),
            f"{name}_share": percent(100 * sums[top] / total, 0),
        }
        key += f"_{name}"
    return [finding(key, "info", about, **values)] if values else []


def sent_back(context: Context, total: float, about: About) -> list[Finding]:
    """How many of the units will come back, which the forecast does not deduct."""
    found = context.returns
    if found is None or round(found.share * total) < 1:
        return []
    values = {"back": units(found.share * total), "rate": percent(100 * found.share)}
    return [finding("forecast_demand.sent_back", "info", about, **values)]


def leaned(context: Context) -> list[Finding]:
    """That levels lean on a signal, how far at most, and what that was worth on past periods."""
    found = context.leaning
    if found is None:
        return []
    values = {
        "source": words(f"signal.{found.source}"), "most": percent(100 * MOST, 0), "gain": percent(100 * found.gain, 0),
    }  # fmt: skip
    return [finding("forecast_demand.leaned", "info", None, **values)]


def tables(one: Forecast, context: Context) -> list[Table]:
    """Drivers, events ahead, the split by country and channel, and the orders set apart."""
    found = []
    if context.drivers is not None:
        rows: list[list[object]] = [["driver.before", context.drivers.before]]
        order = (LEVEL, "season", "events", "price", "bulk", "exceptional")
        rows += [[f"driver.{name}", context.drivers.parts[name]] for name in order if context.drivers.parts[name]]
        rows.append(["driver.after", context.drivers.after])
        columns = [Column(name="driver", kind="words"), Column(name="units", kind="units")]
        found.append(Table(title="What drives the forecast", columns=columns, rows=rows))
    if context.calendar:
        columns = [
            Column(name="event", kind="words"), Column(name="start", kind="date"), Column(name="end", kind="date"),
            Column(name="countries", kind="words"), Column(name="effect_units", kind="units"),
            Column(name="dates", kind="words"),
        ]  # fmt: skip
        added: dict[str, float] = {}
        for effect in context.effects:
            name = "black_friday" if effect.name in OWN_FINDING else NAMED.get(effect.name, effect.name)
            added[name] = added.get(name, 0.0) + effect.added
        rows = [
            [
                f"event.{event.name}", event.start.isoformat(), event.end.isoformat(), ", ".join(places),
                round(added[event.name]) if event.name in added else None,
                "dates.confirmed" if event.confirmed else "dates.expected",
            ]
            for event, places in context.calendar
        ]  # fmt: skip
        found.append(Table(title="Events ahead", columns=columns, rows=rows))
    if context.parts:
        columns = [
            Column(name="country", kind="country"), Column(name="channel", kind="channel"), Column(name="units", kind="units"),
        ]  # fmt: skip
        rows = [[part.country, part.channel, part.units] for part in context.parts]
        found.append(Table(title="By country and channel", columns=columns, rows=rows))
    return found + orders_apart(context.apart)


def _sums(parts: Sequence[Part], key: Callable[[Part], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        found[key(part)] = found.get(key(part), 0) + part.units
    return found
