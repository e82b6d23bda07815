"""What is kept in memory: found once, the longest unasked goes first, what is not worth it is not kept."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from shop.recent import Recent


def counted(found: list[int], value: int) -> Callable[[], int]:
    def find() -> int:
        found.append(value)
        return value

    return find


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(1, 5))
def test_it_is_as_if_nothing_were_kept_and_only_the_last_asked_are(keys: list[int], most: int) -> None:
    recent: Recent[int] = Recent(most)
    last: list[int] = []
    for key in keys:
        found: list[int] = []
        assert recent.get(key, counted(found, key)) == key
        assert (found == []) == (key in last)
        last = [*(one for one in last if one != key), key][-most:]


def test_nothing_found_is_kept_too_but_not_what_is_not_worth_it() -> None:
    recent: Recent[int | None] = Recent(2)
    asked: list[int] = []

    def none() -> None:
        asked.append(1)

    assert recent.get("a", none) is None
    assert recent.get("a", none) is None
    assert len(asked) == 1
    found: list[int] = []
    for _ in range(2):
        recent.get("large", counted(found, 9), lambda one: one is None)
    assert found == [9, 9]
    recent.clear()
    recent.get("a", none)
    assert len(asked) == 2
