"""MessageQueue: what waits for the page. Push from any thread, drain on one. No Qt, knows nothing of pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Callable, Literal

from auroraview_qt.errors import QueueFullError
from auroraview_qt.ipc.wire import Message

Overflow = Literal["error", "drop_oldest"]


def no_hook(*_: object) -> None:
    """Stand in for a hook nobody has set."""


class MessageQueue:
    """An ordered, bounded queue of encoded messages.

    Parameters
    ----------
    max_events : int
        How many messages may wait.
    max_bytes : int
        How many bytes of payload may wait.
    overflow : {"error", "drop_oldest"}
        What a push does that would exceed a limit: raise, or drop the oldest droppable messages and count them.

    Attributes
    ----------
    on_wake : callable
        Called without arguments, on the pushing thread and outside the lock, when an empty queue gets its first message.
    on_drop : callable
        Called with ``(name, reason)`` for each dropped message, on the pushing thread and outside the lock.

    Notes
    -----
    Thread: any, but for `drain` and `requeue`, which belong to one consumer.
    """

    def __init__(self, max_events: int = 200_000, max_bytes: int = 64 * 1024 * 1024, overflow: Overflow = "error") -> None:
        if overflow not in ("error", "drop_oldest"):
            raise ValueError(f"overflow={overflow!r}: use 'error' or 'drop_oldest'")
        if max_events < 1 or max_bytes < 1:
            raise ValueError("max_events and max_bytes have to be at least 1")
        self.max_events = max_events
        self.max_bytes = max_bytes
        self.overflow: Overflow = overflow
        self.on_wake: Callable[[], object] = no_hook
        self.on_drop: Callable[[str, str], object] = no_hook
        self._lock = threading.Lock()
        self._waiting: OrderedDict[int, Message] = OrderedDict()
        self._newest: dict[str, int] = {}
        self._serial = 0
        self._front = 0
        self._bytes = 0
        self._dropped = 0
        self._coalesced = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, message: Message, *, force: bool = False) -> None:
        """Append `message`.

        Parameters
        ----------
        message : Message
            What to send.
        force : bool
            Ignore the limits: for answers, which a call is owed.

        Raises
        ------
        QueueFullError
            A limit is reached and the policy is ``"error"``, or the message alone is over the byte limit.

        Notes
        -----
        Thread: any
        """
        size = len(message.payload)
        dropped: list[Message] = []
        with self._lock:
            wake = not self._waiting
            older = self._newest.get(message.name) if message.coalesce else None
            if not force:
                dropped = self._make_room(message, size, older)
            self._replace(older)
            self._serial += 1
            self._waiting[self._serial] = message
            self._bytes += size
            if message.coalesce:
                self._newest[message.name] = self._serial
        for lost in dropped:
            self.on_drop(lost.name, "overflow")
        if wake:
            self.on_wake()

    def _make_room(self, message: Message, size: int, older: int | None) -> list[Message]:
        """Drop from the old end until `message` fits in the place of `older`, or raise before anything is lost."""
        events, waiting_bytes = len(self._waiting), self._bytes
        if older is not None:
            events, waiting_bytes = events - 1, waiting_bytes - len(self._waiting[older].payload)
        if events < self.max_events and waiting_bytes + size <= self.max_bytes:
            return []
        if self.overflow == "error" or size > self.max_bytes:
            raise QueueFullError(
                f"event {message.name!r}: the queue towards the page is full ({events:,} of {self.max_events:,} events, "
                f"{waiting_bytes + size:,} of {self.max_bytes:,} bytes with this one): emit less often, use coalesce=True, "
                "or overflow='drop_oldest'"
            )
        victims: list[int] = []
        for serial, old in self._waiting.items():
            if events < self.max_events and waiting_bytes + size <= self.max_bytes:
                break
            if old.document is None and serial != older:  # answers are owed, and the older value goes anyway
                victims.append(serial)
                events, waiting_bytes = events - 1, waiting_bytes - len(old.payload)
        dropped = [self._waiting.pop(serial) for serial in victims]
        for serial, old in zip(victims, dropped):
            self._bytes -= len(old.payload)
            self._unlink(old, serial)
        self._dropped += len(dropped)
        return dropped

    def _replace(self, older: int | None) -> None:
        """Take the older value of a coalesced event out of the queue."""
        if older is not None:
            self._bytes -= len(self._waiting.pop(older).payload)
            self._coalesced += 1

    def _unlink(self, message: Message, serial: int) -> None:
        """Forget that the message with this serial is its event's newest."""
        if message.coalesce and self._newest.get(message.name) == serial:
            del self._newest[message.name]

    def peek(self) -> Message | None:
        """Return the message that `drain` would give first. Thread: any."""
        with self._lock:
            return next(iter(self._waiting.values()), None)

    def drain(self, max_events: int, max_bytes: int) -> list[Message]:
        """Take messages from the old end, in order.

        Parameters
        ----------
        max_events : int
            At most this many.
        max_bytes : int
            Stop before the payloads exceed this; a first message that is larger comes alone.

        Returns
        -------
        list of Message
            Empty when nothing waits.

        Notes
        -----
        Thread: the consumer's
        """
        taken: list[Message] = []
        size = 0
        with self._lock:
            while self._waiting and len(taken) < max_events:
                serial, message = self._waiting.popitem(last=False)
                size += len(message.payload)
                if taken and size > max_bytes:
                    self._waiting[serial] = message
                    self._waiting.move_to_end(serial, last=False)
                    break
                self._bytes -= len(message.payload)
                self._unlink(message, serial)
                taken.append(message)
        return taken

    def requeue(self, messages: Iterable[Message]) -> None:
        """Put undelivered messages back at the old end, in their order; the limits do not apply.

        A coalesced message that a newer one has replaced meanwhile is not put back.

        Notes
        -----
        Thread: the consumer's
        """
        with self._lock:
            wake = not self._waiting
            for message in reversed(list(messages)):
                if message.coalesce and message.name in self._newest:
                    self._coalesced += 1
                    continue
                self._front -= 1
                self._waiting[self._front] = message
                self._waiting.move_to_end(self._front, last=False)
                self._bytes += len(message.payload)
                if message.coalesce:
                    self._newest[message.name] = self._front
            wake = wake and bool(self._waiting)
        if wake:
            self.on_wake()

    def stats(self) -> dict[str, int]:
        """Return ``queued``, ``queued_bytes``, ``dropped`` and ``coalesced``, all counts. Thread: any."""
        with self._lock:
            return {
                "queued": len(self._waiting),
                "queued_bytes": self._bytes,
                "dropped": self._dropped,
                "coalesced": self._coalesced,
            }
