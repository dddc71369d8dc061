"""Session: one page load. Handshake, acknowledgements, and WHAT is sent next; never when. No Qt, one thread.

A batch stays in the session until the page has acknowledged it. When the page goes, `close` puts the events that were not
acknowledged back into the queue, in order, for the next page; answers die with the page that asked.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from auroraview_qt.ipc.message_queue import MessageQueue
from auroraview_qt.ipc.wire import Kind, Message

#: Batches the page has not acknowledged yet. Enough to keep both processes busy, few enough to notice a stuck page.
MAX_IN_FLIGHT = 4


class Batch(NamedTuple):
    """What one delivery carries: its number, counted from 1 in each session, and a JSON array of messages."""

    number: int
    payload: bytes


class Session:
    """The delivery state of one document.

    Parameters
    ----------
    queue : MessageQueue
        What waits; shared by all sessions of a view, one after the other.
    document : str
        The id the page gave itself in its hello.

    Attributes
    ----------
    ready : bool
        The page has said that its listeners stand; before that nothing but answers at the head of the queue is sent.
    suspended : bool
        Nothing is sent while the page may be on its way to a place that is not trusted.

    Notes
    -----
    Thread: one, the GUI thread in a view
    """

    def __init__(self, queue: MessageQueue, document: str) -> None:
        self.document = document
        self.ready = False
        self.suspended = False
        self._queue = queue
        self._unacknowledged: OrderedDict[int, list[Message]] = OrderedDict()
        self._number = 0
        self.sent = 0
        self.delivered = 0
        self.discarded = 0

    @property
    def in_flight(self) -> int:
        """Messages sent and not acknowledged. Thread: the session's."""
        return sum(map(len, self._unacknowledged.values()))

    def can_send(self) -> bool:
        """Whether `next_batch` would give one. Thread: the session's."""
        if self.suspended or len(self._unacknowledged) >= MAX_IN_FLIGHT:
            return False
        head = self._queue.peek()
        return head is not None and (self.ready or head.document is not None)

    def next_batch(self, max_events: int, max_bytes: int) -> Batch | None:
        """Take what is sent next out of the queue.

        Before the page is ready only answers go, and only while no event waits before them: order holds throughout.

        Parameters
        ----------
        max_events, max_bytes : int
            Bounds of the batch; see `MessageQueue.drain`.

        Returns
        -------
        Batch or None
            None when nothing may be sent now.
        """
        while self.can_send():
            messages = self._take(max_events, max_bytes)
            mine = [m for m in messages if m.document is None or m.document == self.document]
            self.discarded += len(messages) - len(mine)
            if mine:
                self._number += 1
                self._unacknowledged[self._number] = mine
                self.sent += len(mine)
                return Batch(self._number, b"[" + b",".join([m.payload for m in mine]) + b"]")
        return None

    def _take(self, max_events: int, max_bytes: int) -> list[Message]:
        """Drain; before the page is ready, one answer at a time."""
        if self.ready:
            return self._queue.drain(max_events, max_bytes)
        taken: list[Message] = []
        size = 0
        while len(taken) < max_events:
            head = self._queue.peek()
            if head is None or head.document is None:
                break
            size += len(head.payload)
            if taken and size > max_bytes:
                break
            taken += self._queue.drain(1, max_bytes)
        return taken

    def acknowledge(self, number: int) -> int:
        """Forget all batches up to `number`, which the page has run; return how many messages that were.

        A number that was never sent is ignored: it frees nothing.
        """
        if number > self._number:
            return 0
        count = 0
        while self._unacknowledged and next(iter(self._unacknowledged)) <= number:
            count += len(self._unacknowledged.popitem(last=False)[1])
        self.delivered += count
        return count

    def close(self) -> int:
        """End the session: events not acknowledged go back to the head of the queue; return how many."""
        lost = [m for batch in self._unacknowledged.values() for m in batch]
        again = [m for m in lost if m.kind is Kind.EVENT]
        self.discarded += len(lost) - len(again)
        self._unacknowledged.clear()
        self.suspended = True
        self._queue.requeue(again)
        return len(again)
