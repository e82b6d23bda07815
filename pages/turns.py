"""Turns that outlive the page: a reload in the middle of an answer finds it again and follows it to its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Protocol

from agent.copilot import answer_language
from agent.events import Event, Turn


class Answers(Protocol):
    """What the page asks of a copilot to hold a conversation."""

    def stream(self, question: str, thread: str = "main", language: str | None = None) -> Iterator[Event]: ...

    def history(self, thread: str) -> list[Turn]: ...


class Running:
    """One turn under way, and the language of its answer; any number of pages may follow it from its beginning."""

    def __init__(self, question: str, number: int, language: str) -> None:
        self.question = question
        self.number = number
        self.language = language
        self._events: list[Event] = []
        self._ended = False
        self._news = threading.Condition()

    def follow(self) -> Iterator[list[Event]]:
        """All events so far, each time there are more, until the turn has ended."""
        seen = -1
        while True:
            with self._news:
                while not self._ended and len(self._events) <= max(seen, 0):
                    self._news.wait()
                events, ended = list(self._events), self._ended
            if len(events) != seen:
                yield events
            seen = len(events)
            if ended:
                return

    def add(self, event: Event) -> None:
        """Tell everyone who follows."""
        with self._news:
            self._events.append(event)
            self._news.notify_all()

    def end(self) -> None:
        """No more events will come."""
        with self._news:
            self._ended = True
            self._news.notify_all()


class Conversations:
    """The conversations open on the page, with the turns they show."""

    def __init__(self, copilot: Answers) -> None:
        self._copilot = copilot
        self._turns: dict[str, list[Turn]] = {}
        self._running: dict[str, Running] = {}
        self._guard = threading.Lock()

    def reopen(self, thread: str) -> list[Turn]:
        """The turns as they are on disk."""
        turns = self._copilot.history(thread)
        with self._guard:
            self._turns[thread] = turns
        return list(turns)

    def turns(self, thread: str) -> list[Turn]:
        """The turns shown, with those that are not kept, such as a refused question."""
        with self._guard:
            known = self._turns.get(thread)
        return self.reopen(thread) if known is None else list(known)

    def running(self, thread: str) -> Running | None:
        """The turn under way, if there is one."""
        with self._guard:
            return self._running.get(thread)

    def start(self, thread: str, question: str, language: str) -> Running:
        """Begin a turn in a thread of its own; while one is under way, that one is given back."""
        before = self.turns(thread)
        with self._guard:
            under_way = self._running.get(thread)
            if under_way is not None:
                return under_way
            running = self._running[thread] = Running(question, len(before), answer_language(question, language))
        worker = threading.Thread(target=self._run, args=(running, thread, language), name="turn", daemon=True)
        worker.start()
        return running

    def _run(self, running: Running, thread: str, language: str) -> None:
        try:
            for event in self._copilot.stream(running.question, thread, language):
                if isinstance(event, Turn):
                    with self._guard:
                        self._turns.setdefault(thread, []).append(event)
                running.add(event)
        except Exception:
            logging.getLogger("pacer").exception("A turn broke off")
        finally:
            with self._guard:
                self._running.pop(thread, None)
            running.end()
