"""A series, its forecast and the 80% band as a Plotly figure of plain lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.contract import Chart
from tools.forecasting.outcome import Forecast

Floats = NDArray[np.float64]
DAILY_HISTORY = 90
WEEKLY_HISTORY = 26
DAILY_UP_TO = 30
SLOW_UNITS_A_DAY = 2.0
_INK, _FORECAST, _BAND = "#334155", "#0d9488", "rgba(13,148,136,0.18)"


def chart(forecast: Forecast, title: str) -> Chart:
    """Units a day: each day for short horizons, the mean of each week for long ones and slow series."""
    slow = forecast.units / len(forecast.path) < SLOW_UNITS_A_DAY
    if len(forecast.path) <= DAILY_UP_TO and not slow:
        history, step = forecast.series.ordered[-DAILY_HISTORY:], 1
    else:
        whole = min(WEEKLY_HISTORY, max(len(forecast.series.ordered) // 7, 1)) * 7
        history, step = forecast.series.ordered[-whole:], 7
    past, past_days = _sums(history, step)
    ahead, days = _sums(forecast.path, step)
    low, high = forecast.band(ahead, days)
    before = _days(forecast.start - timedelta(days=len(history)), len(past), step)
    after = _days(forecast.start, len(ahead), step)
    measure = "units a day" if step == 1 else "units a day, weekly mean"
    traces: list[dict[str, Any]] = [
        _line("ordered", before, _plain(past / past_days), {"color": _INK}),
        _line("high", after, _plain(high / days), {"width": 0}, showlegend=False, hoverinfo="skip"),
        _line("80% interval", after, _plain(low / days), {"width": 0}, fill="tonexty", fillcolor=_BAND),
        _line("forecast", after, _plain(ahead / days), {"color": _FORECAST, "width": 3}),
    ]
    layout = {
        "title": {"text": title},
        "xaxis": {"type": "date"},
        "yaxis": {"title": {"text": measure}, "rangemode": "tozero"},
        "legend": {"orientation": "h"},
        "margin": {"l": 50, "r": 20, "t": 50, "b": 40},
    }
    return Chart(title=title, figure={"data": traces, "layout": layout})


def _line(name: str, x: list[str], y: list[float], line: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": line, **more}


def _sums(units: Floats, step: int) -> tuple[Floats, Floats]:
    starts = np.arange(0, len(units), step)
    return np.add.reduceat(units, starts), np.add.reduceat(np.ones(len(units)), starts)


def _days(first: date, count: int, step: int) -> list[str]:
    return [(first + timedelta(days=step * n)).isoformat() for n in range(count)]


def _plain(values: Floats) -> list[float]:
    return [round(float(value), 2) for value in values]
