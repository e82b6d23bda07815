"""An OpenAI-compatible server on loopback that says what a script tells it, for tests without a model."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = dict[str, Any] | str | int


class ScriptedServer:
    """Replies in order: text, a message with tool calls, or a status code to fail with. The last one repeats."""

    def __init__(self, replies: list[Reply]) -> None:
        self.replies = replies
        self.requests: list[dict[str, Any]] = []
        self.base_url = ""

    def next(self, request: dict[str, Any]) -> Reply:
        self.requests.append(request)
        return self.replies[min(len(self.requests), len(self.replies)) - 1]


@contextmanager
def scripted(replies: list[Reply]) -> Iterator[ScriptedServer]:
    """A running server; its base_url ends in /v1."""
    script = ScriptedServer(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = script.next(body)
            if isinstance(reply, int):
                self._send(reply, {"error": {"message": "scripted fault"}})
                return
            message = {"role": "assistant", "content": reply} if isinstance(reply, str) else reply
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._send(200, {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]})

        def _send(self, status: int, content: dict[str, Any]) -> None:
            raw = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    script.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


def calls(*wanted: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """An assistant message with native tool calls."""
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": f"c{n}", "type": "function", "function": {"name": name, "arguments": json.dumps(args)}}
            for n, (name, args) in enumerate(wanted)
        ],
    }


def plan(*wanted: tuple[str, dict[str, Any]]) -> str:
    """A plan as a model writes it under the JSON schema."""
    return json.dumps({"calls": [{"tool": name, "args": args} for name, args in wanted]})
