"""Queue the messages that wait for the page. Any thread pushes, a single thread drains. No Qt, and independent of pages.

A plain event is pushed without a lock: appending to a deque is atomic, and a lock costs more than the rest of the push. That
is safe because only pushes touch the right end, and because it is only done far below the limits. Near a limit, and for
entries that need book-keeping, pushes take the lock and are exact.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Callable, Literal

import orjson

from auroraview_qt._noop import noop
from auroraview_qt.errors import QueueFullError
from auroraview_qt.ipc.wire.exact_json import STRICT, is_finite
from auroraview_qt.ipc.wire.json_text import check_length
from auroraview_qt.ipc.wire.limits import MAX_TEXT_BYTES
from auroraview_qt.ipc.wire.protocol import (
    HEADS,
    Entry,
    HostMessage,
    Message,
    as_message,
    coalesced_message,
    event_payload,
    payload_of,
)
from auroraview_qt.ipc.wire.shelf import size_of

Overflow = Literal["error", "drop_oldest"]

#: The data of an event that was emitted without data.
NOTHING: dict[str, object] = {}
#: Bytes that every entry counts for at least, towards the limit: about the real memory of a small event.
MIN_ENTRY_BYTES = 256
#: Maximum number of pushes between their check of the limit and their append; this near to the limit all pushes take the
#: lock.
LOCKFREE_MARGIN = 64
#: Replaced entries that may lie dead in the deque before they are swept out.
_MAX_REPLACED = 1_024
#: Every so many entries of backlog, the pushing thread is asked to flush.
BACKLOG_STEP = 4_000
#: Number of entries taken out at once; entries over the bound in bytes are put back.
_STRIDE = 256


class MessageQueue:
    """An ordered, bounded queue of encoded messages.

    Parameters
    ----------
    max_events : int
        Maximum number of waiting messages.
    max_bytes : int
        Maximum waiting bytes; a message counts for its payload, and for at least 256 bytes.
    overflow : {"error", "drop_oldest"}
        The effect of a push over a limit: raise, or drop the oldest droppable messages and count them.

    on_wake : callable
        Called without arguments, on the pushing thread and outside the lock, when a message comes and the consumer sleeps.
    on_backlog : callable
        Called without arguments, on the pushing thread and outside the lock, whenever some thousand more messages wait. The
        consumer's thread may then send during its own burst.
    on_drop : callable
        Called with ``(name, reason)`` for each dropped message, on the pushing thread and outside the lock.

    Notes
    -----
    Thread: any, but for `drain` and `requeue`, which belong to one consumer.
    """

    def __init__(
        self,
        max_events: int = 200_000,
        max_bytes: int = 64 * 1024 * 1024,
        overflow: Overflow = "error",
        *,
        on_wake: Callable[[], object] = noop,
        on_backlog: Callable[[], object] = noop,
        on_drop: Callable[[str, str], object] = noop,
    ) -> None:
        if overflow not in ("error", "drop_oldest"):
            raise ValueError(f"overflow={overflow!r}: use 'error' or 'drop_oldest'")
        if max_events < 1 or max_bytes < 1:
            raise ValueError("max_events and max_bytes have to be at least 1")
        self.max_events = max_events
        self.max_bytes = max_bytes
        self.overflow: Overflow = overflow
        self.on_wake = on_wake
        self.on_backlog = on_backlog
        self.on_drop = on_drop
        self._lock = threading.Lock()
        self._waiting: deque[Entry] = deque()
        self._awake = False
        self._closed = False
        self._newest: dict[str, Message] = {}
        self._replaced_ids: set[int] = set()  # ids of messages in the deque that a newer message has replaced
        self._special = 0  # entries that are messages or larger than the minimum
        self._special_bytes = 0
        self.answer_bytes = 0  # of the messages for one document
        self._dropped = 0
        self._coalesced = 0
        self._backlog_mark = BACKLOG_STEP
        self._room = 0
        self._measure()

    def __len__(self) -> int:
        return len(self._waiting) - len(self._replaced_ids)

    def __bool__(self) -> bool:
        return len(self._waiting) > len(self._replaced_ids)

    # In, on any thread

    def push_event(self, payload: bytes) -> None:
        """Append a plain event; see `push`. Thread: any."""
        waiting = self._waiting
        if len(payload) <= MIN_ENTRY_BYTES and len(waiting) < self._room:
            waiting.append(payload)
            if not self._awake:
                self._wake()
        else:
            self.push(payload)

    def emitter(self) -> Callable[..., None]:
        """Return a function that encodes an event and pushes it: ``emit(event, data={}, *, coalesce=False)``.

        It is `event_payload` and `push_event` in a single frame: a burst of 100,000 events spends most of its time in calls.
        It raises the same exceptions. Thread: any.
        """
        waiting, heads, dumps = self._waiting, HEADS, orjson.dumps

        def emit(event: str, data: object = NOTHING, *, coalesce: bool = False) -> None:
            if coalesce:
                self.push(coalesced_message(event, data))
                return
            try:
                payload = heads[event] + dumps(data, None, STRICT) + b"]"
            except (KeyError, TypeError):
                payload = event_payload(event, data)
                if type(payload) is not bytes:  # with data beside it
                    self.push(payload)
                    return
            else:
                if 108 in payload and payload.find(b"null") >= 0 and not is_finite(data):  # see `LETTER`
                    payload = event_payload(event, data)
            if len(payload) <= MIN_ENTRY_BYTES and len(waiting) < self._room:
                waiting.append(payload)
                if not self._awake:
                    self._wake()
            else:
                self.push(payload)

        return emit

    def push(self, entry: Entry, *, force: bool = False) -> None:
        """Append `entry`.

        Thread: any.

        Parameters
        ----------
        entry : bytes or Message
            The payload of an event, or a message.
        force : bool
            Ignore the limits: for answers, which a call is owed.

        Raises
        ------
        QueueFullError
            If a limit is reached and the policy is ``"error"``, or the message alone is over the byte limit. Not after
            `close`: then every entry is dropped and counted.
        """
        dropped: list[Entry] = []
        with self._lock:
            if self._closed:
                self._dropped += 1
                return
            coalesced = entry if isinstance(entry, Message) and entry.coalesce else None
            older = self._newest.get(coalesced.name) if coalesced else None
            if not force:
                dropped = self._make_room(entry, older)
            if older is not None:
                self._discard_replaced(older)
            self._waiting.append(entry)
            self._count(entry, 1)
            if coalesced:
                self._newest[coalesced.name] = coalesced
        for lost in dropped:
            self.on_drop(as_message(lost).name, "overflow")
        if not self._awake:
            self._wake()
        if len(self._waiting) >= self._backlog_mark:
            self._set_backlog_mark()
            self.on_backlog()

    def close(self) -> None:
        """Drop all waiting and all later entries; each counts as dropped. No hook is called then."""
        with self._lock:
            self._closed = True
            self._sweep()
        self.on_wake = self.on_backlog = self.on_drop = noop

    def _sweep(self) -> None:
        """Drop all entries of a closed queue; a push without a lock may begin before `close` and end after it."""
        self._dropped -= len(self._replaced_ids)
        while self._waiting:
            self._waiting.popleft()
            self._dropped += 1
        self._replaced_ids.clear()
        self._newest.clear()
        self._special = self._special_bytes = self.answer_bytes = 0
        self._measure()

    def _wake(self) -> None:
        """Notify the consumer, once until it has drained the queue."""
        self._awake = True
        self.on_wake()

    def _make_room(self, entry: Entry, older: Message | None) -> list[Entry]:
        """Drop from the old end until `entry` fits in the place of `older`, or raise before anything is lost."""
        events, waiting_bytes, size = len(self), self._waiting_bytes(), _size(entry)
        if size > MAX_TEXT_BYTES:
            check_length(size, f"event {as_message(entry).name!r}")
        if older is not None:
            events, waiting_bytes = events - 1, waiting_bytes - _size(older)
        if events < self.max_events and waiting_bytes + size <= self.max_bytes:
            return []
        if self.overflow == "error" or size > self.max_bytes:
            raise QueueFullError(
                f"event {as_message(entry).name!r}: the queue towards the page is full ({events:,} of {self.max_events:,} "
                f"events, {waiting_bytes + size:,} of {self.max_bytes:,} bytes with this one): emit less often, use "
                "coalesce=True, or overflow='drop_oldest'"
            )
        dropped: list[Entry] = []
        kept: list[Entry] = []
        while (events >= self.max_events or waiting_bytes + size > self.max_bytes) and self._waiting:
            oldest = self._waiting.popleft()
            if self._is_replaced(oldest):
                self._forget(oldest)
            elif oldest is older or (isinstance(oldest, Message) and oldest.kind is not HostMessage.EVENT):
                kept.append(oldest)  # the older value is removed anyway; answers and calls must stay
            else:
                dropped.append(oldest)
                events, waiting_bytes = events - 1, waiting_bytes - _size(oldest)
                self._forget(oldest)
        self._waiting.extendleft(reversed(kept))
        self._dropped += len(dropped)
        return dropped

    # Out, on the consumer's thread

    def peek(self) -> Entry | None:
        """Return the entry that `drain` would return first. Thread: the consumer's."""
        waiting = self._waiting
        if waiting and not self._is_replaced(waiting[0]):
            return waiting[0]
        with self._lock:
            while waiting:
                if not self._is_replaced(waiting[0]):
                    return waiting[0]
                self._forget(waiting.popleft())
            self._stop_waking()
        return waiting[0] if waiting else None

    def drain(self, max_events: int, max_bytes: int) -> list[Entry]:
        """Take entries from the old end, in order; return none if nothing waits. Thread: the consumer's.

        Parameters
        ----------
        max_events : int
            At most this many.
        max_bytes : int
            Stop before the payloads exceed this; a larger first entry comes alone.

        """
        waiting = self._waiting
        taken: list[Entry] = []
        size = 0
        with self._lock:
            while waiting and size <= max_bytes and len(taken) < max_events:
                count = min(len(waiting), max_events - len(taken), _STRIDE)
                some = [waiting.popleft() for _ in range(count)]
                size += sum(map(_length, some) if self._special else map(len, some))
                taken += some
            while size > max_bytes and len(taken) > 1:
                last = taken.pop()
                size -= _length(last)
                waiting.appendleft(last)
            if self._special or self._replaced_ids:
                taken = [entry for entry in taken if not self._forget(entry)]
            self._set_backlog_mark()
            self._stop_waking()
        return taken

    def requeue(self, entries: Iterable[Entry]) -> None:
        """Put undelivered entries back at the old end, in their order; the limits do not apply. Thread: the consumer's.

        A coalesced message that a newer message has replaced meanwhile is not put back.
        """
        with self._lock:
            for entry in reversed(list(entries)):
                if self._closed:
                    self._dropped += 1
                    continue
                if type(entry) is bytes and len(entry) <= MIN_ENTRY_BYTES:  # the usual case: no counting is necessary
                    self._waiting.appendleft(entry)
                    continue
                if isinstance(entry, Message) and entry.coalesce:
                    if entry.name in self._newest:
                        self._coalesced += 1
                        continue
                    self._newest[entry.name] = entry
                self._waiting.appendleft(entry)
                self._count(entry, 1)
        if self._waiting and not self._awake:
            self._wake()

    def _stop_waking(self) -> None:
        """Ask for a wake-up by the next push if nothing is left; a push that came meanwhile does not do it."""
        self._awake = False
        if self._waiting:
            self._awake = True

    # Book-keeping, under the lock

    def _is_replaced(self, entry: Entry) -> bool:
        return id(entry) in self._replaced_ids

    def _discard_replaced(self, message: Message) -> None:
        """Remove the older value of a coalesced event: mark it as dead, and sweep out dead entries when there are many."""
        self._count(message, -1)
        self._replaced_ids.add(id(message))
        self._coalesced += 1
        if len(self._replaced_ids) > max(_MAX_REPLACED, len(self._waiting) // 2):
            # From the left only, because a push without a lock may append on the right meanwhile.
            entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
            self._waiting.extendleft(reversed([entry for entry in entries if not self._is_replaced(entry)]))
            self._replaced_ids.clear()

    def _forget(self, entry: Entry) -> bool:
        """Note that an entry has left the deque; return whether it was dead."""
        if self._is_replaced(entry):
            self._replaced_ids.remove(id(entry))
            return True
        self._count(entry, -1)
        if isinstance(entry, Message) and self._newest.get(entry.name) is entry:
            del self._newest[entry.name]
        return False

    def _count(self, entry: Entry, by: int) -> None:
        """Count an entry that comes (1) or goes (-1), if it has to be counted."""
        size = _size(entry)
        if size > MIN_ENTRY_BYTES or isinstance(entry, Message):
            self._special += by
            self._special_bytes += by * size
            if isinstance(entry, Message) and entry.document is not None:
                self.answer_bytes += by * size
            self._measure()

    def _set_backlog_mark(self) -> None:
        """Call `on_backlog` some thousand entries from here."""
        self._backlog_mark = len(self._waiting) + BACKLOG_STEP
        self._measure()

    def _measure(self) -> None:
        """Say up to which length a push of a small event needs no lock."""
        fit = (self.max_bytes - self._special_bytes) // MIN_ENTRY_BYTES + self._special
        self._room = 0 if self._closed else min(min(self.max_events, fit) - LOCKFREE_MARGIN, self._backlog_mark)

    def _waiting_bytes(self) -> int:
        return self._special_bytes + (len(self) - self._special) * MIN_ENTRY_BYTES

    def stats(self) -> dict[str, int]:
        """Return ``queued``, ``queued_bytes`` (as counted for the limit), ``dropped``, ``coalesced``. Thread: any."""
        with self._lock:
            if self._closed:
                self._sweep()
            return {
                "queued": len(self),
                "queued_bytes": self._waiting_bytes(),
                "dropped": self._dropped,
                "coalesced": self._coalesced,
            }


def _length(entry: Entry) -> int:
    """Bytes of an entry's payload."""
    return len(entry) if type(entry) is bytes else size_of(payload_of(entry))


def _size(entry: Entry) -> int:
    """Return the size of an entry towards the limit in bytes."""
    return max(MIN_ENTRY_BYTES, _length(entry))
