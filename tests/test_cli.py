"""The command line as a person runs it: output, exit codes, JSON, and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiny_shop import build

ROOT = Path(__file__).resolve().parents[1]


def pacer(*words: str, shop: Path | None = None, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PACER_MODEL": "none"}
    if shop is not None:
        environment["PACER_HOME"] = str(shop)
    command = [sys.executable, str(ROOT / "cli.py"), *words]
    return subprocess.run(command, capture_output=True, check=False, env=environment, input=stdin, cwd=ROOT)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "shop"
    build(folder)
    return folder


@pytest.mark.slow
def test_ask_prints_a_proven_answer_and_json_holds_the_contract(shop: Path) -> None:
    text = pacer("ask", "How did last week go?", shop=shop)
    assert text.returncode == 0
    assert b"figures proven" in text.stdout
    done = pacer("ask", "How did last week go?", "--json", shop=shop)
    turn = json.loads(done.stdout)
    assert {"answer", "language", "calls", "findings", "proposals", "numbers", "seconds", "model"} <= set(turn)
    assert {"tool", "args", "ok", "seconds"} <= set(turn["calls"][0])
    assert set(turn["seconds"]) == {"plan", "tools", "compose", "total"}
    assert turn["numbers"]["shown"] == turn["numbers"]["proven"] > 0


@pytest.mark.slow
def test_a_thread_goes_on_in_another_process(shop: Path) -> None:
    pacer("ask", "How many BOT-750 will we sell in the next 28 days?", "--thread", "t", shop=shop)
    done = pacer("ask", "How many BOT-500 will we sell?", "--thread", "t", "--json", shop=shop)
    assert json.loads(done.stdout)["calls"][0]["args"]["skus"] == ["BOT-500"]


def test_tools_are_listed_and_run(shop: Path) -> None:
    listed = json.loads(pacer("tool", "--list", "--json", shop=shop).stdout)
    assert "forecast_demand" in listed
    done = pacer("tool", "forecast_demand", '{"skus": ["BOT-750"]}', "--json", shop=shop)
    assert json.loads(done.stdout)["findings"][0]["id"] == "forecast_demand.1"


def test_a_proposal_is_decided_once(tmp_path: Path) -> None:
    build(tmp_path)
    payload = {"kind": "price", "payload": {"sku": "BOT-750", "country": "US", "channel": "shopify", "price": 31.5}}
    filed = json.loads(pacer("tool", "propose_change", json.dumps(payload), "--json", shop=tmp_path).stdout)
    number = filed["proposals"][0]["id"]
    assert number.encode() in pacer("inbox", shop=tmp_path).stdout
    assert pacer("inbox", "approve", number, shop=tmp_path).returncode == 0
    assert any((tmp_path / "changes").iterdir())
    again = pacer("inbox", "approve", number, shop=tmp_path)
    assert again.returncode == 1
    assert b"Traceback" not in again.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ask", "hi", "--shop", "nowhere"), 1, b"pacer demo"),
        (("tool", "no_such_tool", "{}"), 1, b"There is no tool"),
        (("tool", "forecast_demand", "{half"), 2, b"JSON"),
        (("tool", "forecast_demand", "[1]"), 1, b"JSON object"),
        (("tool", "forecast_demand", '{"horizon_days": 99999}'), 1, b"horizon_days"),
        (("tool", "forecast_demand", '{"skus": ["BOT-900"]}'), 1, b"BOT-500"),
        (("tool", "forecast_demand", '{"countries": ["BR"]}'), 1, b"BR"),
        (("inbox", "approve", "P-9999"), 1, b"P-9999"),
        (("inbox", "approve"), 2, b"Use"),
        (("import", "missing.csv"), 1, b"missing.csv"),
        (("eval", "missing.jsonl"), 1, b"missing.jsonl"),
        (("nonsense",), 2, b"nonsense"),
    ],
)
def test_faults_are_one_sentence_and_an_exit_code(shop: Path, words: tuple[str, ...], code: int, said: bytes) -> None:
    done = pacer(*words, shop=shop)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("question", [b"", b"\x00\xff\xfe\x01", b"x" * 20_000])
def test_unusable_questions_from_standard_input_end_well(shop: Path, question: bytes) -> None:
    done = pacer("ask", "-", shop=shop, stdin=question)
    assert done.returncode == 0
    assert done.stdout.strip()
    assert b"Traceback" not in done.stderr


def test_a_wrong_environment_is_one_sentence(shop: Path) -> None:
    environment = {**os.environ, "PACER_MODEL": "gpt", "PACER_HOME": str(shop)}
    command = [sys.executable, str(ROOT / "cli.py"), "ask", "hi"]
    done = subprocess.run(command, capture_output=True, check=False, env=environment, cwd=ROOT)
    assert done.returncode == 1
    assert b"provider:name" in done.stderr
    assert b"Traceback" not in done.stderr


def test_import_reports_what_was_refused(tmp_path: Path) -> None:
    lines = [
        "order_id,ordered_at,country,currency,sku,product_name,quantity,unit_price",
        "1,2026-01-01,US,USD,A,Thing,2,9.90",
        "2,2026-01-02,US,USD,A,Thing,zero,9.90",
        "3,2026-01-03,US,US",
    ]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines))
    done = pacer("import", str(path), "--json", shop=tmp_path / "shop")
    report = json.loads(done.stdout)
    assert (report["rows_in"], report["rows_loaded"], report["rows_refused"]) == (3, 1, 2)
    assert [refusal["line"] for refusal in report["files"][0]["refusals"]] == [3, 4]
