"""Questions as sellers type them: short forms written out, and only those."""

from __future__ import annotations

import pytest

from agent.planner.shorthand import spelled_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how r caps doing nxt 2wks", "how are caps doing next 2 weeks"),
        ("mats & rollers w/ 12k, pls", "mats and rollers with 12k, please"),
        ("n france?", "and france?"),
        ("bf promo for the US", "Black Friday promotion for the US"),
        ("美亚小水壶咋样", "美国亚马逊小水壶怎么样"),
        ("日亚跑步袜下俩星期走多少，为啥退", "日本亚马逊跑步袜下两星期走多少，为什么退"),
    ],
)
def test_short_forms_are_written_out(typed: str, meant: str) -> None:
    assert spelled_out(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["R&D in the U.S.", "size N and R", "SKU R-200", "im Dezember", "combien de tapis n'importe où", "Is BOT-750 low?"],
)
def test_everything_else_stays_as_typed(typed: str) -> None:
    assert spelled_out(typed) == typed
