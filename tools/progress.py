"""What a tool says while it works: told to whoever listens to this run, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], None]

_listening: ContextVar[Listener | None] = ContextVar("progress", default=None)


def tell(text: str) -> None:
    """Something that is done or found, in the operator's reading: one line."""
    listener = _listening.get()
    if listener is not None:
        listener(text)


@contextmanager
def told_to(listener: Listener | None) -> Iterator[None]:
    """What tools tell inside goes to this listener."""
    before = _listening.set(listener)
    try:
        yield
    finally:
        _listening.reset(before)
