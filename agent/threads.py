"""Conversations on disk: LangGraph's checkpoints for the model, finished turns for the page."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from agent.events import Turn

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

TURN_WAIT_SECONDS = 180.0


class ThreadBusy(Exception):
    """The same conversation is being answered elsewhere."""


class Threads:
    """All conversations of a shop, in one SQLite file that several processes may open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "threads"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            self._folder / "threads.sqlite", check_same_thread=False, timeout=30, isolation_level=None
        )
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS turns (thread TEXT, n INTEGER, turn TEXT, PRIMARY KEY (thread, n))"
        )

    def checkpoints(self) -> SqliteSaver:
        """LangGraph's saver over a connection of its own in the same file."""
        from langgraph.checkpoint.sqlite import SqliteSaver

        connection = sqlite3.connect(self._folder / "threads.sqlite", check_same_thread=False, timeout=30)
        connection.execute("PRAGMA synchronous=NORMAL")
        return SqliteSaver(connection)

    @contextmanager
    def turn_of(self, thread: str) -> Iterator[None]:
        """One turn of a conversation at a time, over all processes. Raises ThreadBusy."""
        name = hashlib.sha256(thread.encode()).hexdigest()[:16]
        lock = FileLock(self._folder / f"{name}.lock", thread_local=False)
        try:
            lock.acquire(timeout=TURN_WAIT_SECONDS)
        except Timeout as busy:
            raise ThreadBusy(
                "This conversation is being answered in another window: wait for it, or start a new one."
            ) from busy
        try:
            yield
        finally:
            lock.release()

    def keep(self, thread: str, turn: Turn) -> None:
        """Append a finished turn."""
        self._connection.execute(
            "INSERT INTO turns SELECT ?, coalesce(max(n), 0) + 1, ? FROM turns WHERE thread = ?",
            (thread, turn.model_dump_json(), thread),
        )

    def history(self, thread: str) -> list[Turn]:
        """Finished turns, oldest first."""
        rows = self._connection.execute("SELECT turn FROM turns WHERE thread = ? ORDER BY n", (thread,)).fetchall()
        return [Turn.model_validate_json(row[0]) for row in rows]

    def names(self) -> list[str]:
        """Threads with at least one turn, latest first."""
        rows = self._connection.execute("SELECT thread FROM turns GROUP BY thread ORDER BY max(rowid) DESC").fetchall()
        return [str(row[0]) for row in rows]
