"""Define BadDay, the end of a simulated trouble. Thread: the test's. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType


class BadDay:
    """Something that lasts until `end` is called, or the ``with`` block is left.

    Parameters
    ----------
    end : callable
        Ends it; called once.
    """

    def __init__(self, end: Callable[[], object]) -> None:
        self._end = end
        self._is_over = False

    def end(self) -> None:
        """Undo the trouble; a second call does nothing."""
        if not self._is_over:
            self._is_over = True
            self._end()

    def __enter__(self) -> BadDay:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()
