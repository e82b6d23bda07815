"""Another embedder: the memory is embedded again as a whole, spaces never mix, and a bad endpoint is one sentence."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge import KnowledgeError, close_stores, learn_texts, open_store
from knowledge.embedder import BUILTIN, UNRELATED, chosen
from tests.test_knowledge import TEXTS, passage


class Endpoint:
    """An OpenAI-compatible embeddings server on loopback: character trigrams hashed into `width` numbers, with a
    common part in every vector, so that unrelated texts have high cosines, as with many a model."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.keys: set[str] = set()
        self.width = 192
        self.fails_after: int | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def vector(self, text: str) -> list[float]:
        row = np.zeros(self.width)
        padded = f"  {text.lower()}  "
        for at in range(len(padded) - 2):
            row[sum(ord(c) * 31**n for n, c in enumerate(padded[at : at + 3])) % self.width] += 1
        row /= np.linalg.norm(row)
        row[0] += 1.5
        return [float(x) for x in 3 * row]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked += body["input"]
                endpoint.keys.add(self.headers["Authorization"])
                failed = endpoint.fails_after is not None and len(endpoint.asked) > endpoint.fails_after
                rows = [{"object": "embedding", "index": n, "embedding": endpoint.vector(text)}
                        for n, text in enumerate(body["input"])]  # fmt: skip
                said: dict[str, Any] = {"object": "list", "model": body["model"], "data": rows[::-1],
                                        "usage": {"prompt_tokens": 1, "total_tokens": 1}}  # fmt: skip
                out = json.dumps({"error": {"message": "no such model"}} if failed else said).encode()
                self.send_response(400 if failed else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            def log_message(self, *_: Any) -> None:
                """Nothing on the screen."""

        return Handler


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    server = Endpoint()
    monkeypatch.setenv("PACER_EMBEDDINGS_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-only")
    yield server
    close_stores()
    server.close()


def collections(folder: Path) -> list[str]:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder / "knowledge" / "chroma"), Settings(anonymized_telemetry=False))
    try:
        return sorted(c.name for c in client.list_collections())
    finally:
        client.close()  # type: ignore[attr-defined]


def test_swapping_the_embedder_embeds_all_again_and_back(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_texts(tmp_path, TEXTS)
    before = set(open_store(tmp_path).passages())
    close_stores()

    monkeypatch.setenv("PACER_EMBEDDINGS", "openai:tri-grams/v1")
    told: list[tuple[int, int]] = []
    store = open_store(tmp_path, lambda *done: told.append(done))
    assert told == [(0, len(before)), (len(before), len(before))]
    assert set(store.passages()) == before
    assert set(endpoint.asked) == {p.context for p in before} | set(UNRELATED)
    assert endpoint.keys == {"Bearer sk-test-only"}
    assert store.search("report 24-1187 of Intertek")[0].source == "evidence/bottle.md"
    assert store.search("the fabric after 40 washes")[0].source == "evidence/cap.md"
    assert store.search("zzgl qqq jjx") == []
    store.learn([passage("Gift wrapping is free.")], "a.md")
    assert store.search("gift wrapping")[0].text == "Gift wrapping is free."
    assert store.forget("a.md") == 1
    close_stores()
    [name] = collections(tmp_path)
    assert name.startswith("passages-openai-tri-grams-v1-")
    assert b"sk-test-only" not in b"".join(f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())

    asked = len(endpoint.asked)
    open_store(tmp_path, lambda *done: told.append(done))
    close_stores()
    assert len(told) == 2
    assert len(endpoint.asked) == asked

    monkeypatch.delenv("PACER_EMBEDDINGS")
    store = open_store(tmp_path, lambda *done: told.append(done))
    assert len(told) == 4
    assert set(store.passages()) == before
    assert store.search("退货政策")[0].source == "policy/returns.md"
    close_stores()
    assert collections(tmp_path) == [f"passages-{BUILTIN.name}"]
    assert len(endpoint.asked) == asked


def test_broken_off_it_loses_nothing_and_goes_on(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.space.MOVED_AT_ONCE", 2)
    learn_texts(tmp_path, TEXTS)
    before = set(open_store(tmp_path).passages())
    close_stores()
    monkeypatch.setenv("PACER_EMBEDDINGS", "openai:tri-grams")
    endpoint.fails_after = len(UNRELATED) + 3
    with pytest.raises(KnowledgeError, match=r"tri-grams cannot be had: .*no such model"):
        open_store(tmp_path)
    close_stores()
    assert len(collections(tmp_path)) == 2

    endpoint.fails_after, endpoint.asked = None, []
    store = open_store(tmp_path)
    assert set(store.passages()) == before
    assert len(endpoint.asked) == len(before) - 2
    close_stores()
    assert len(collections(tmp_path)) == 1


def test_a_model_that_became_another_is_noticed(
    tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACER_EMBEDDINGS", "openai:tri-grams")
    learn_texts(tmp_path, TEXTS)
    store = open_store(tmp_path)
    endpoint.width = 64
    for use in (lambda: store.search("water"), lambda: store.learn([passage("Wool.")], "a.md")):
        with pytest.raises(KnowledgeError, match="64 numbers a text where the memory has 192"):
            use()


@pytest.mark.parametrize("said", ["ada", "openai:", "cohere:embed", ":x"])
def test_an_unknown_choice_names_what_is_allowed(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACER_EMBEDDINGS", said)
    with pytest.raises(KnowledgeError, match="may be builtin or openai:MODEL"):
        chosen()


def test_the_same_model_elsewhere_is_another_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACER_EMBEDDINGS", "openai:e5")
    names = set()
    for url in ("http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"):
        monkeypatch.setenv("PACER_EMBEDDINGS_URL", url)
        names.add(chosen().name)
    monkeypatch.setenv("PACER_EMBEDDINGS", "builtin")
    assert len(names | {chosen().name}) == 3


def test_an_endpoint_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACER_EMBEDDINGS", "openai:e5")
    monkeypatch.setenv("PACER_EMBEDDINGS_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(KnowledgeError, match=r"^The embeddings of e5 cannot be had: [^\n]+\.$"):
        open_store(tmp_path)
    close_stores()
