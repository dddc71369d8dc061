"""Pacer: how large one flush may be, learned from how long the last ones took. No Qt, no clock; the thread of its owner.

A flush costs the GUI thread so many nanoseconds a byte, and how many depends on the machine, the binding and what else runs.
The bound shrinks at once when a flush nears its budget, and grows slowly while full ones stay far below it.
"""

from __future__ import annotations

#: GUI-thread time one flush may take, in seconds, and what is aimed at: half of it, since the next may be dearer.
FLUSH_BUDGET_S = 0.004
_AIM_S = FLUSH_BUDGET_S / 2
_EASY_S = FLUSH_BUDGET_S / 4

#: Events in one batch at the most.
MAX_EVENTS = 4_000
_MIN_BYTES = 16 * 1024
_MAX_BYTES = 512 * 1024


class Pacer:
    """The bound of one flush, in bytes.

    Attributes
    ----------
    max_bytes : int
        What the next flush may carry.
    """

    def __init__(self) -> None:
        self.max_bytes = 128 * 1024

    def note(self, seconds: float, size: int) -> None:
        """Learn from a flush of `size` bytes that took the GUI thread so many seconds."""
        if seconds > _AIM_S:
            self.max_bytes = max(_MIN_BYTES, self.max_bytes // 2)
        elif seconds < _EASY_S and size > self.max_bytes // 2:
            self.max_bytes = min(_MAX_BYTES, self.max_bytes * 5 // 4)
