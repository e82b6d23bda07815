"""Charts and tables of the page speak the page's language."""

from __future__ import annotations

import pytest

from pages.charts import figure, named
from pages.markup import table_html
from tools.contract import Chart, Column, Table
from tools.forecasting.drivers import NAMES
from tools.messages import wordings

FORECAST = Chart(
    title="Total",
    figure={
        "data": [{"type": "scatter", "name": "ordered", "x": ["2026-11-15"], "y": [1]},
                 {"type": "scatter", "name": "80% interval", "x": ["2026-11-15"], "y": [1]}],
        "layout": {"yaxis": {"title": {"text": "units a day"}}},
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title", "names", "axis"),
    [
        ("zh", "合计", ["实际订购", "80% 区间"], "件/天"),
        ("en", "Total", ["ordered", "80% interval"], "units a day"),
    ],
)
def test_traces_and_axes_are_named_in_the_language(language: str, title: str, names: list[str], axis: str) -> None:
    drawn = figure(FORECAST, language)
    assert drawn is not None
    assert drawn.layout.title.text == title
    assert [trace.name for trace in drawn.data] == names
    assert drawn.layout.yaxis.title.text == axis
    assert [trace["name"] for trace in FORECAST.figure["data"]] == ["ordered", "80% interval"]


def test_a_name_of_the_shop_stays_and_its_known_ending_is_translated() -> None:
    assert named("BOT-750 US-LAX", "zh") == "BOT-750 US-LAX"
    assert named("BOT-750 US-LAX with the order", "zh") == "BOT-750 US-LAX （含采购）"
    assert named("BOT-750 US-LAX with the order", "en") == "BOT-750 US-LAX with the order"


def test_keys_of_the_catalogue_in_tables_are_worded_and_other_words_stay() -> None:
    table = Table(
        title="Events ahead",
        columns=[Column(name="event", kind="words")],
        rows=[["event.black_friday"], ["our words"]],
    )
    chinese, english = table_html(table, "zh"), table_html(table, "en")
    assert "黑色星期五" in chinese
    assert "即将到来的节日与大促" in chinese
    assert "Black Friday" in english
    assert "our words" in chinese


def test_every_driver_has_a_name() -> None:
    assert {f"driver.{name}" for name in NAMES} <= set(wordings())
