"""Learn the size of a flush from the duration of the last flushes. Thread: the owner's. No Qt, no clock.

The cost of a flush per byte depends on the machine, the binding and other load. The bound shrinks at once when a flush nears
its budget, and grows slowly while full flushes stay far below it.
"""

from __future__ import annotations

#: Seconds of the GUI thread that a flush may take, and its target: half of it, since the next flush may cost more.
FLUSH_BUDGET_S = 0.004
_AIM_S = FLUSH_BUDGET_S / 2
_EASY_S = FLUSH_BUDGET_S / 4

#: Maximum number of events in a batch.
MAX_EVENTS = 4_000
_MIN_BYTES = 16 * 1024
_MAX_BYTES = 512 * 1024


class Pacer:
    """The bound of a flush, in bytes.

    Attributes
    ----------
    max_bytes : int
        Return the size of the next flush.
    """

    def __init__(self) -> None:
        self.max_bytes = 128 * 1024

    def note(self, seconds: float, size: int) -> None:
        """Learn from a flush of `size` bytes that took the GUI thread so many seconds."""
        if seconds > _AIM_S:
            self.max_bytes = max(_MIN_BYTES, self.max_bytes // 2)
        elif seconds < _EASY_S and size > self.max_bytes // 2:
            self.max_bytes = min(_MAX_BYTES, self.max_bytes * 5 // 4)
