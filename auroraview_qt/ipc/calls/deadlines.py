"""Deadlines: which call has to be answered next, found without going through all of them. Thread: any. No Qt."""

from __future__ import annotations

import heapq
import numbers
import threading
from collections.abc import Mapping
from typing import Any

from auroraview_qt._wording import short_repr

NEVER_S = float("inf")
#: Seconds above which a timeout is none: some hundred years.
_LONGEST_S = 1e10
#: Deadlines of calls that have ended, beside as many of calls that have not, before they are swept out.
_MAX_ENDED = 256


class Deadlines:
    """The deadlines of calls, in seconds.

    Parameters
    ----------
    is_open : mapping
        The open calls, by id; deadlines of other calls are forgotten.
    """

    def __init__(self, is_open: Mapping[str, object]) -> None:
        self._is_open = is_open
        self._lock = threading.Lock()
        self._heap: list[tuple[float, str]] = []

    def add(self, deadline_s: float, call_id: str) -> None:
        """Note the deadline of a call that is open."""
        if deadline_s != NEVER_S:
            with self._lock:
                heapq.heappush(self._heap, (deadline_s, call_id))

    def next_s(self) -> float:
        """Return the first deadline of an open call, infinity for none."""
        heap, is_open = self._heap, self._is_open
        if not heap:  # after nearly every piece of work
            return NEVER_S
        with self._lock:
            if len(heap) > 2 * len(is_open) + _MAX_ENDED:
                heap[:] = [entry for entry in heap if entry[1] in is_open]
                heapq.heapify(heap)
            while heap and heap[0][1] not in is_open:
                heapq.heappop(heap)
            return heap[0][0] if heap else NEVER_S


def deadline_after(now_s: float, timeout_s: object, title: str) -> float:
    """Return the deadline of a call with this timeout in seconds; infinity for None.

    Raises
    ------
    TypeError, ValueError
        If the timeout is not a number, is NaN, or is negative.
    """
    if timeout_s is None:
        return NEVER_S
    if not isinstance(timeout_s, numbers.Real):
        raise TypeError(f"{title}: timeout_s={short_repr(timeout_s)}: use a number of seconds, or None")
    seconds: Any = timeout_s  # numbers.Real has no types that compare
    if not seconds >= 0:  # NaN is neither
        raise ValueError(f"{title}: timeout_s={short_repr(timeout_s)}: use a number of seconds from 0 on, or None")
    return now_s + float(seconds) if seconds <= _LONGEST_S else NEVER_S
