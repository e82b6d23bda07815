"""The built-in model as one more OpenAI-compatible endpoint: llama.cpp's server, in this process, on loopback.

One process of a user serves it; the others find it and share it. When the one that serves ends, the next
that needs it takes over.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import secrets
import socket
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from agent.model.errors import ModelError
from agent.model.weights import Say, cache_folder, weights

CONTEXT_TOKENS = 6144
START_SECONDS = 120.0
PLAN_SLOT = 0


@dataclass(frozen=True)
class Endpoint:
    """Where an OpenAI-compatible server listens, and the key it wants."""

    base_url: str
    api_key: str


class BuiltinServer:
    """Starts or finds the user's one llama.cpp server. `endpoint()` may be called from any thread."""

    def __init__(self, say: Say = print) -> None:
        self._say = say
        self._guard = threading.Lock()
        self._lock = FileLock(cache_folder() / "server.lock", thread_local=False)
        self._server: Any = None
        self._endpoint: Endpoint | None = None

    def endpoint(self) -> Endpoint:
        """A server that answers: the known one, another process's, or a new one. Raises ModelError."""
        with self._guard:
            if self._endpoint is None or not _alive(self._endpoint):
                self._endpoint = self._find_or_start()
            return self._endpoint

    def prime(self, beginning: list[dict[str, str]]) -> None:
        """Have the fixed beginning of all plans read: from the cache on disk, or once and then saved there."""
        endpoint = self.endpoint()
        name = hashlib.sha256(json.dumps([str(weights(self._say)), beginning]).encode()).hexdigest()[:24] + ".slot"
        saved = slots_folder() / name
        if saved.exists():
            try:
                _post(endpoint, f"/slots/{PLAN_SLOT}?action=restore", {"filename": name})
                os.utime(saved)
                return
            except ModelError:
                saved.unlink(missing_ok=True)
        request = {"messages": beginning, "max_tokens": 1, "temperature": 0, "cache_prompt": True, "id_slot": PLAN_SLOT}
        _post(endpoint, "/v1/chat/completions", request)
        _post(endpoint, f"/slots/{PLAN_SLOT}?action=save", {"filename": name})
        _keep_newest(slots_folder(), 4)

    def _find_or_start(self) -> Endpoint:
        cache_folder().mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._server is not None:
                self._server = None
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                found = _announced()
                if found and _alive(found):
                    return found
                time.sleep(0.1)
                continue
            try:
                return self._start()
            except BaseException:
                self._lock.release()
                raise
        raise ModelError("Another Pacer is starting the built-in model and does not answer: close it and try again.")

    def _start(self) -> Endpoint:
        path = weights(self._say)
        import xllamacpp

        folder = slots_folder()
        folder.mkdir(parents=True, exist_ok=True)
        endpoint = Endpoint(f"http://127.0.0.1:{_free_port()}", secrets.token_urlsafe(24))
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.hostnames = ["127.0.0.1"]
        params.port = int(endpoint.base_url.rsplit(":", 1)[1])
        params.api_keys = [endpoint.api_key]
        params.n_ctx = CONTEXT_TOKENS
        params.n_parallel = 1
        params.use_jinja = True
        params.warmup = False
        params.ui = False
        params.verbosity = -1
        params.cache_ram_mib = 512
        params.endpoint_slots = True
        params.slot_save_path = f"{folder}{os.sep}"
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = cores()
        try:
            self._server = xllamacpp.Server(params)
        except Exception as broken:
            raise ModelError(f"llama.cpp could not load {path.name}: {broken}.") from broken
        _wait(endpoint)
        _announce(endpoint)
        return endpoint


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2


def slots_folder() -> Path:
    """Where llama.cpp keeps read prompts on disk."""
    return cache_folder() / "slots"


def _announcement() -> Path:
    return cache_folder() / "server.json"


def _announce(endpoint: Endpoint) -> None:
    path = _announcement()
    descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"base_url": endpoint.base_url, "api_key": endpoint.api_key}, file)
    os.replace(path.with_suffix(".new"), path)
    atexit.register(path.unlink, missing_ok=True)


def _announced() -> Endpoint | None:
    try:
        return Endpoint(**json.loads(_announcement().read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _alive(endpoint: Endpoint) -> bool:
    try:
        with urllib.request.urlopen(endpoint.base_url + "/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait(endpoint: Endpoint) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _alive(endpoint):
        if time.monotonic() > deadline:
            raise ModelError(f"The built-in model did not start within {START_SECONDS:.0f} seconds.")
        time.sleep(0.05)


def _post(endpoint: Endpoint, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        endpoint.base_url + path,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {endpoint.api_key}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.loads(answer.read())
    except (OSError, ValueError) as failed:
        raise ModelError(f"The built-in model did not answer: {failed}.") from failed


def _keep_newest(folder: Path, count: int) -> None:
    for old in sorted(folder.glob("*.slot"), key=lambda p: p.stat().st_mtime, reverse=True)[count:]:
        old.unlink(missing_ok=True)
