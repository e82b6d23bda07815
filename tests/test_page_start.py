"""The page without a browser: a taken port, and turns worded in the language of their answers."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from agent.events import Call, Turn
from pages.messages import finished, under_way
from pages.turns import Running


def test_a_taken_port_is_one_sentence_that_names_the_way_out(tmp_path: Path) -> None:
    from app import serve
    from shop.errors import ShopError

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(ShopError, match=rf"Port {port} .* set PACER_PORT"):
            serve(tmp_path, port=port, open_browser=False)


def test_steps_follow_the_language_of_the_answer_not_of_the_page() -> None:
    call = Call(tool="forecast_demand", args={"skus": ["BOT-750"], "horizon_days": 30}, ok=True, seconds=0.2)
    turn = Turn(question="能卖多少？", answer="预计 12 件。", language="zh", calls=[call], model="none")
    _, step, _, foundation = finished(turn, 0, {})
    assert "未来 30 天" in str(step.metadata["title"])
    assert "No model" not in str(foundation.content)


@pytest.mark.parametrize(("question", "page", "spoken"), [("能卖多少？", "en", "zh"), ("Wie viel?", "zh", "zh")])
def test_a_running_turn_is_worded_as_its_answer_will_be(question: str, page: str, spoken: str) -> None:
    from agent.copilot import answer_language

    running = Running(question, 0, answer_language(question, page))
    assert running.language == spoken
    assert len(under_way(running.question, running.number, [], running.language)) == 1
