"""The real built-in model on a small set of questions, through its real server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agent.copilot import Copilot
from agent.model.choice import ModelChoice
from agent.model.server import BuiltinServer, slots_folder
from agent.model.weights import present
from evals.run import run_tasks
from evals.tasks import read_tasks
from tools.registry import TOOLS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(not present(), reason="the built-in model is not on this machine: run `make test`"),
]
ROOT = Path(__file__).resolve().parents[1]
SMALL = {"d001", "d002", "d009", "d014", "d024", "d025", "d033", "d041", "d051", "d061", "d075", "d080"}
WRONG_AT_MOST = 1


@pytest.fixture(scope="module")
def copilot(demo_folder: Path) -> Copilot:
    made = Copilot(demo_folder, ModelChoice("builtin", "builtin", "auto"), say=lambda line: None)
    made.start_loading()
    made.source.wait_loaded()
    assert made.source.failure is None
    return made


def test_it_plans_and_answers_operator_questions(copilot: Copilot) -> None:
    tasks = [task for task in read_tasks(ROOT / "evals" / "tasks.jsonl") if task.id in SMALL]
    assert len(tasks) == len(SMALL)
    report = run_tasks(copilot, tasks, set(TOOLS), 1, lambda line: None)
    wrong = {outcome.id: outcome.faults for outcome in report.outcomes if not all(outcome.passed)}
    assert len(wrong) <= WRONG_AT_MOST, wrong


def test_the_read_beginning_is_kept_on_disk(copilot: Copilot) -> None:
    assert list(slots_folder().glob("*.slot"))


def test_another_process_shares_the_server(copilot: Copilot) -> None:
    """A second process finds the running server instead of loading the weights again."""
    own = copilot.source.client().openai_api_base  # type: ignore[attr-defined]
    code = "import json; from agent.model.server import BuiltinServer; print(json.dumps(BuiltinServer().endpoint().base_url))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert f"{json.loads(done.stdout)}/v1" == own


def test_the_server_wants_its_key(copilot: Copilot) -> None:
    import urllib.error
    import urllib.request

    server = copilot.source._server
    assert isinstance(server, BuiltinServer)
    request = urllib.request.Request(
        server.endpoint().base_url + "/v1/chat/completions",
        data=b'{"messages": [{"role": "user", "content": "hi"}]}',
        headers={"Content-Type": "application/json", "Authorization": "Bearer wrong"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert refused.value.code == 401
