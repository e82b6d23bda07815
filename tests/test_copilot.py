"""A turn from question to proven answer, with a scripted model behind a real endpoint."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from agent.copilot import LONGEST_QUESTION, Copilot
from agent.events import Step, Text, Turn
from agent.model.choice import ModelChoice
from shop import journal
from tests.scripted_model import Reply, calls, plan, scripted
from tests.tiny_shop import build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path / "shop")
    return tmp_path / "shop"


def copilot(folder: Path, base_url: str, calling: Any = "schema") -> Copilot:
    choice = ModelChoice("remote", "scripted", calling, base_url=base_url, api_key="key")
    return Copilot(folder, choice, say=lambda line: None)


FORECAST = plan(("forecast_demand", {"skus": ["BOT-750"], "horizon_days": 28}))
QUESTION = "How many BOT-750 will we sell in the next 28 days?"
OPEN_QUESTION = "Roughly how many BOT-750 do you think we'll move by Christmas?"  # sales or stock: a model decides


def test_a_question_becomes_a_proven_answer(folder: Path) -> None:
    with scripted([FORECAST]) as server:
        events = list(copilot(folder, server.base_url).stream(QUESTION))
    turn = events[-1]
    assert isinstance(turn, Turn)
    assert [call.tool for call in turn.calls] == ["forecast_demand"]
    assert turn.calls[0].ok
    assert turn.numbers.shown == turn.numbers.proven > 0
    assert turn.charts
    assert turn.data_used[0].tables["order_lines"] > 0
    steps = [(event.title, event.status) for event in events if isinstance(event, Step)]
    assert steps == [
        ("Planning", "started"),
        ("Planning", "done"),
        ("forecast_demand", "started"),
        ("forecast_demand", "done"),
        ("Writing the answer", "started"),
        ("Writing the answer", "done"),
    ]
    assert "".join(event.text for event in events if isinstance(event, Text)) == turn.answer


def test_a_chinese_question_gets_a_chinese_answer(folder: Path) -> None:
    with scripted([FORECAST]) as server:
        turn = copilot(folder, server.base_url).ask("未来28天BOT-750能卖多少？")
    assert turn.language == "zh"
    assert "件" in turn.answer
    assert turn.numbers.shown == turn.numbers.proven > 0


def test_no_model_is_asked_where_nothing_is_left_to_choose(folder: Path) -> None:
    with scripted([500]) as server:
        turn = copilot(folder, server.base_url).ask(QUESTION)
        assert not server.requests
    assert turn.calls[0].args == {"skus": ["BOT-750"], "horizon_days": 28}
    assert not turn.notes


def test_several_calls_in_one_plan_all_answer(folder: Path) -> None:
    both = plan(
        ("forecast_demand", {"skus": ["BOT-750"], "countries": ["US"]}),
        ("forecast_demand", {"skus": ["BOT-500"], "countries": ["DE"]}),
    )
    with scripted([both]) as server:
        turn = copilot(folder, server.base_url).ask("Compare BOT-750 in the US with BOT-500 in Germany")
    assert [call.args["skus"] for call in turn.calls] == [["BOT-750"], ["BOT-500"]]
    assert "BOT-750" in turn.answer
    assert "BOT-500" in turn.answer


def test_a_conversation_survives_a_restart(folder: Path) -> None:
    with scripted([FORECAST]) as server:
        first = copilot(folder, server.base_url)
        first.ask(QUESTION, thread="t")
        second = copilot(folder, server.base_url)
        turn = second.ask("and how would BOT-500 fare?", thread="t")
        seen = json.dumps(server.requests[-1]["messages"])
    assert "BOT-750" in seen
    assert turn.calls[0].args["skus"] == ["BOT-500"]
    assert [kept.question for kept in second.history("t")] == [QUESTION, "and how would BOT-500 fare?"]


def test_a_refused_argument_is_one_sentence_and_the_conversation_goes_on(folder: Path) -> None:
    wrong = plan(("forecast_demand", {"skus": ["BOT-900"]}))
    with scripted([wrong, FORECAST]) as server:
        shop = copilot(folder, server.base_url)
        refused = shop.ask("How many BOT-900 will we sell?", thread="t")
        good = shop.ask(QUESTION, thread="t")
    assert not refused.calls[0].ok
    assert "BOT-500" in refused.answer
    assert "Traceback" not in refused.answer
    assert refused.numbers.shown == refused.numbers.proven
    assert good.calls[0].ok


def test_no_tool_changes_anything_but_the_inbox(folder: Path) -> None:
    change = plan(("propose_change", {"kind": "price", "payload": {"sku": "BOT-750", "country": "US", "price": 29.9}}))
    before = sorted(path.name for path in (folder / "books").glob("*.duckdb"))
    with scripted([change]) as server:
        turn = copilot(folder, server.base_url).ask("Set BOT-750 in the US to 29.90")
    assert [proposal.status for proposal in turn.proposals] == ["pending"]
    assert [filed.status for filed in journal.proposals(folder)] == ["pending"]
    assert sorted(path.name for path in (folder / "books").glob("*.duckdb")) == before
    assert not (folder / "changes").exists() or not list((folder / "changes").iterdir())


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ([500], "status 500"),
        ([401], "OPENAI_API_KEY"),
        ([404], "PACER_MODEL"),
        (["I think you will sell plenty."], None),
    ],
)
def test_model_faults_end_in_an_answer_and_a_clear_note(folder: Path, replies: list[Reply], said: str | None) -> None:
    with scripted(replies) as server:
        turn = copilot(folder, server.base_url).ask(OPEN_QUESTION)
    if said:
        assert said in turn.notes[0]
        assert turn.model == "none"
        assert turn.calls[0].tool == "forecast_demand"
        assert turn.numbers.shown == turn.numbers.proven > 0
    else:
        assert turn.answer
        assert not turn.calls


def test_an_unreachable_address_still_answers(folder: Path) -> None:
    turn = copilot(folder, "http://127.0.0.1:9/v1").ask(OPEN_QUESTION)
    assert "cannot be reached" in turn.notes[0]
    assert turn.calls[0].tool == "forecast_demand"


def test_it_answers_with_no_model_at_all(folder: Path) -> None:
    turn = Copilot(folder, ModelChoice("none", "none", "auto"), say=lambda line: None).ask(QUESTION)
    assert turn.calls[0].tool == "forecast_demand"
    assert turn.calls[0].args == {"skus": ["BOT-750"], "horizon_days": 28}
    assert turn.model == "none"


def native_turn(folder: Path, *answers: str) -> Turn:
    script: list[Reply] = [calls(("forecast_demand", {"skus": ["BOT-750"], "horizon_days": 28})), *answers]
    with scripted(script) as server:
        return copilot(folder, server.base_url, "native").ask(QUESTION)


def forecast_units(folder: Path) -> str:
    from shop.warehouse import Shop
    from tools.registry import run

    result = run(Shop.open(folder), "forecast_demand", {"skus": ["BOT-750"], "horizon_days": 28})
    return str(result.findings[0].values["units"].value)


def test_free_wording_is_kept_when_every_number_is_proven(folder: Path) -> None:
    wording = f"BOT-750 should sell {forecast_units(folder)} units."
    turn = native_turn(folder, wording)
    assert turn.answer == wording
    assert turn.numbers.shown == turn.numbers.proven


def test_a_wrong_number_is_repaired_once(folder: Path) -> None:
    right = f"BOT-750 should sell {forecast_units(folder)} units."
    turn = native_turn(folder, "BOT-750 should sell 99,999 units.", right)
    assert turn.answer == right
    assert not turn.notes


def test_a_number_that_stays_wrong_is_left_out_with_a_note(folder: Path) -> None:
    turn = native_turn(folder, "Demand is healthy. BOT-750 should sell 99,999 units.")
    assert "99,999" not in turn.answer
    assert "healthy" in turn.answer
    assert turn.notes
    assert turn.numbers.shown == turn.numbers.proven


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "Ask a question"),
        ("   \n", "Ask a question"),
        ("x" * 20_000, f"{LONGEST_QUESTION}"),
        ("\x00\x01\x02\x03", "no readable text"),
        ("？！…", "no readable text"),
    ],
)
def test_unusable_questions_get_one_sentence_without_a_model(folder: Path, question: str, said: str) -> None:
    with scripted([500]) as server:
        turn = copilot(folder, server.base_url).ask(question)
        assert not server.requests
    assert said in turn.answer
    assert turn.numbers.shown == 0


def test_two_turns_at_once_in_one_conversation_both_count(folder: Path) -> None:
    with scripted([FORECAST]) as server:
        shop = copilot(folder, server.base_url)
        threads = [threading.Thread(target=shop.ask, args=(OPEN_QUESTION, "t")) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(shop.history("t")) == 3


def test_long_conversations_stay_short_for_the_model(folder: Path) -> None:
    with scripted([FORECAST]) as server:
        shop = copilot(folder, server.base_url)
        for _ in range(16):
            turn = shop.ask(OPEN_QUESTION, "t")
        state = shop.agent().get_state({"configurable": {"thread_id": "t"}})
        sizes = [len(json.dumps(request)) for request in server.requests]
    assert turn.calls[0].ok
    assert len(state.values["messages"]) <= 52
    assert max(sizes[3:]) < 1.3 * sizes[3]
    assert len(shop.history("t")) == 16
