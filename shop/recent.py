"""What was worked out last, kept in memory so that the next who asks need not wait."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Recent(Generic[Found]):
    """The last results by key, at most `most` of them; may be asked from several threads.

    A key names everything that the result depends on, the version of the books among it. Two threads that ask for the
    same at once may both work it out.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Found] = OrderedDict()
        self._guard = Lock()

    def get(
        self, key: Hashable, find: Callable[[], Found], worth: Callable[[Found], bool] = lambda found: True
    ) -> Found:
        """What was found before under the key, else what `find` finds now, kept where it is `worth` its room."""
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = find()
        if not worth(found):
            return found
        with self._guard:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._kept.clear()
