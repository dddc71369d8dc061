"""LogLimit: keeps a page that repeats itself from filling the host's script editor. No Qt; any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from typing import Callable

#: Lines of the same kind in a period; seconds of a period.
MAX_LINES, PERIOD_S = 10, 10.0
#: Number of kinds that are counted separately; all further kinds of a period count as a single kind.
MAX_KINDS = 32


class LogLimit:
    """Counts log lines by kind, and allows the first lines of each period.

    Thread: any.

    Parameters
    ----------
    lines : int
        Lines of the same kind in a period.
    period_s : float
        Length of a period, in seconds.
    clock : callable
        Seconds, monotonic.
    """

    def __init__(
        self, lines: int = MAX_LINES, period_s: float = PERIOD_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lines = lines
        self._period_s = period_s
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[Hashable, int] = {}  # of this period
        self._ends_s = 0.0
        self._left_out: dict[Hashable, int] = {}  # since the last line of a kind

    def note(self, kind: Hashable) -> str | None:
        """Count a line of this kind; return its suffix, or None to suppress the line."""
        with self._lock:
            now_s = self._clock()
            if now_s >= self._ends_s:
                self._ends_s = now_s + self._period_s
                self._counts.clear()
            if kind not in self._counts and len(self._counts) >= MAX_KINDS:
                kind = None
            count = self._counts[kind] = self._counts.get(kind, 0) + 1
            if count > self._lines:
                self._left_out[kind] = self._left_out.get(kind, 0) + 1
                return None
            left_out = self._left_out.pop(kind, 0)
            if len(self._left_out) > MAX_KINDS:
                self._left_out.clear()
        before = f" ({left_out:,} more like it were not logged)" if left_out else ""
        return f"{before} (more like it are counted, and not logged for a while)" if count == self._lines else before
