"""An ambiguous product is asked back in words of ours, and a size settles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.copilot import Copilot
from agent.model.choice import ModelChoice
from tests.tiny_shop import build, tiny_tables


@pytest.fixture
def copilot(tmp_path: Path) -> Copilot:
    shop = build(tmp_path, tiny_tables())
    return Copilot(shop.folder, ModelChoice("none", "none", "auto"), say=lambda line: None)


def test_a_size_settles_which_product_was_meant(copilot: Copilot) -> None:
    asked = copilot.ask("forecast steel bottle sales", "t")
    assert (asked.calls, asked.notes) == ([], [])
    assert "BOT-750" in asked.answer
    assert "BOT-500" in asked.answer
    assert asked.numbers.shown == asked.numbers.proven
    answered = copilot.ask("the 500 ml one", "t")
    assert [call.args["skus"] for call in answered.calls] == [["BOT-500"]]


def test_what_is_asked_back_a_second_time_is_shown_whole(copilot: Copilot) -> None:
    copilot.ask("forecast steel bottle sales", "t")
    again = copilot.ask("the one I like", "t")
    assert (again.calls, again.notes) == ([], [])
    assert "BOT-750" in again.answer
