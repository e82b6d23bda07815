"""Charts as Plotly figures in the page's look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pages.texts import said_or
from tools.contract import Chart

COLOURS = ["#2f6f6b", "#d9822b", "#5b7db1", "#a3547a", "#7a8a3a"]
INK = "#7b8794"
GRID = "rgba(123,135,148,0.18)"
HEIGHT = 320


def figure(chart: Chart, language: str) -> Any | None:
    """The chart, calm and transparent; None when it is no figure Plotly knows."""
    from plotly.graph_objects import Figure

    try:
        drawn = Figure(chart.figure)
    except ValueError:
        return None
    drawn.update_layout(
        template="none",
        colorway=COLOURS,
        height=HEIGHT,
        autosize=True,
        title={
            "text": said_or(f"title_{chart.title}", language, chart.title),
            "x": 0.01,
            "xanchor": "left",
            "font": {"size": 15},
        },
        font={"family": "system-ui, sans-serif", "size": 12, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 52, "r": 16, "t": 44, "b": 64},
        legend={"orientation": "h", "yanchor": "top", "y": -0.16, "x": 0},
        hovermode="x unified",
    )
    drawn.for_each_trace(lambda trace: trace.update(name=named(trace.name, language)) if trace.name else None)
    for axis in (drawn.layout.xaxis, drawn.layout.yaxis):
        if axis.title.text:
            axis.title.text = said_or(f"axis_{axis.title.text}", language, axis.title.text)
    drawn.update_xaxes(gridcolor=GRID, zeroline=False, automargin=True)
    drawn.update_yaxes(gridcolor=GRID, zeroline=False, automargin=True)
    return drawn


def named(name: str, language: str) -> str:
    """A trace's name in the language; where only its ending is known, as in 'BOT-750 US-LAX with the order', that."""
    words = name.split(" ")
    for at in range(len(words)):
        ending = " ".join(words[at:])
        known = said_or(f"trace_{ending}", language, "")
        if known:
            return " ".join([*words[:at], known])
    return name


def plots(charts: Sequence[Chart], most: int, language: str) -> list[Any]:
    """The first charts as components for a message."""
    import gradio as gr

    figures = [drawn for chart in charts[:most] if (drawn := figure(chart, language)) is not None]
    return [gr.Plot(drawn, show_label=False, container=False) for drawn in figures]
