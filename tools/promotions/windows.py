"""When a promotion runs: the days that were said, or those of a sales event of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shop.calendar import SalesEvent, events_between
from shop.warehouse import Shop
from tools.messages import refusal

LONGEST_DAYS = 62
FURTHEST_DAYS = 365
USUAL_DAYS = 14
LOOK_AHEAD_DAYS = 60
NEAR_DAYS = 10
LONGEST_EVENT = 31
CHOICES = 4
PROMOTED = ("sale", "gift", "season")


@dataclass(frozen=True)
class Window:
    """First and last day of a promotion, and the sales event it belongs to (None on ordinary days)."""

    start: date
    end: date
    event: str | None = None

    @property
    def days(self) -> int:
        """How many days it runs."""
        return (self.end - self.start).days + 1


def windows(shop: Shop, start: date | None, end: date | None) -> list[Window]:
    """The days said; those of an event where only its beginning or end was said; else the events ahead to choose from.

    Raises ToolError for days that are over, in the wrong order, too far ahead or too many.
    """
    tomorrow, furthest = shop.as_of + timedelta(days=1), shop.as_of + timedelta(days=FURTHEST_DAYS)
    if start is not None and end is not None and end < start:
        raise refusal("errors.too_early", name="end", day=start, said=end)
    if end is not None and end < tomorrow:
        raise refusal("errors.too_early", name="end", day=tomorrow, said=end)
    if start is not None and start < tomorrow and end is None:
        raise refusal("errors.too_early", name="start", day=tomorrow, said=start)
    for name, said in (("start", start), ("end", end)):
        if said is not None and said > furthest:
            raise refusal("errors.too_late", name=name, day=furthest, said=said)
    found = _meant(shop, tomorrow, start, end)
    if any(one.days > LONGEST_DAYS for one in found):
        raise refusal("errors.promotion_too_long", most=LONGEST_DAYS, said=max(one.days for one in found))
    return found


def _meant(shop: Shop, tomorrow: date, start: date | None, end: date | None) -> list[Window]:
    if start is not None and end is not None:
        first = max(start, tomorrow)
        return [Window(first, end, _inside(shop, first, end))]
    if end is not None:
        near = [one for one in _events(shop, tomorrow, end) if end - timedelta(days=NEAR_DAYS) <= one.end <= end]
        best = max(near, key=lambda one: (one.end - one.start, one.name), default=None)
        if best is not None:
            return [Window(max(best.start, tomorrow), end, best.name)]
        return [Window(max(end - timedelta(days=USUAL_DAYS - 1), tomorrow), end)]
    if start is not None:
        last, name = start, None
        for one in _events(shop, start, start + timedelta(days=USUAL_DAYS)):
            adjoins = one.start <= last + timedelta(days=1) and one.end >= start
            if adjoins and (name is None or one.kind == "sale"):
                name = name or one.name
                last = max(last, one.end)
        if name is not None:
            return [Window(start, min(last, start + timedelta(days=LONGEST_EVENT - 1)), name)]
        return [Window(start, start + timedelta(days=USUAL_DAYS - 1))]
    ahead = _events(shop, tomorrow, tomorrow + timedelta(days=LOOK_AHEAD_DAYS))
    found = [Window(tomorrow, tomorrow + timedelta(days=USUAL_DAYS - 1))]
    for one in ahead:
        window = Window(max(one.start, tomorrow), one.end, one.name)
        if all((known.start, known.end) != (window.start, window.end) for known in found):
            found.append(window)
    return found[:CHOICES]


def _events(shop: Shop, first: date, last: date) -> list[SalesEvent]:
    """Events that sell, begin inside the days and touch a country and channel of the shop, once each by name."""
    found: dict[str, SalesEvent] = {}
    for one in events_between(first, last):
        held = any(
            one.holds(country, channel) for country in shop.vocabulary.countries for channel in shop.vocabulary.channels
        )
        if one.kind in PROMOTED and held and (one.end - one.start).days < LONGEST_EVENT:
            known = found.get(one.name)
            if known is None or (one.end - one.start) > (known.end - known.start):
                found[one.name] = one
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.name))


def _inside(shop: Shop, first: date, last: date) -> str | None:
    """The event that fills most of the days."""
    filled = {
        one.name: (min(one.end, last) - max(one.start, first)).days + 1
        for one in _events(shop, first - timedelta(days=LONGEST_EVENT), last)
        if one.end >= first and one.start <= last
    }
    return max(sorted(filled), key=lambda name: filled[name], default=None)
