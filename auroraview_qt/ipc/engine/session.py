"""Hold the delivery state of a page load: the session.

It owns the handshake, acknowledgements, and WHAT is sent next, never when. Thread: the engine's. No Qt.

A batch stays in the session until the page has acknowledged it. When the page goes, `close` puts the unacknowledged events
back into the queue, in order, for the next page. Answers die with the page that asked.

If the page died, each of these events may have killed it. They are then delivered one by one, with nothing else in flight.
An event that is also in flight at the next death is set aside, so that it cannot kill every page. If something outside
killed the renderer, this proves less, and it takes more deaths.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Callable, NamedTuple

from auroraview_qt._noop import noop
from auroraview_qt.ipc.engine.meter import Meter
from auroraview_qt.ipc.engine.unheard import Unheard
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.ipc.wire.limits import MAX_IN_FLIGHT_BYTES, MAX_LISTENED
from auroraview_qt.ipc.wire.message_queue import MessageQueue
from auroraview_qt.ipc.wire.protocol import (
    EVERY_NAME,
    Entry,
    HostMessage,
    Message,
    UnheardError,
    as_message,
    event_head,
    is_event,
    join_payloads,
    payload_of,
)
from auroraview_qt.ipc.wire.shelf import Held, held_by, inlined

#: Events taken at once while events without a listener are among them: each costs the GUI thread about 1 us then.
MAX_SORTED = 1_000
#: Batches the page has not acknowledged yet. Enough to keep both processes busy, few enough to notice a stuck page.
MAX_IN_FLIGHT = 8

#: Number of deaths alone after which an event is set aside. The first case is an event in flight among others at a crash,
#: the second among others at a kill from outside, the third alone.
_AFTER_CRASH, _AFTER_KILL, _AFTER_ALONE = 1, 3, 1


#: Kinds of messages the page owes an answer to.
_ASKING = (HostMessage.CALL, HostMessage.EVALUATE)


class Batch(NamedTuple):
    """The content of a delivery: its number, counted from 1 in each session, and a JSON array of messages."""

    number: int
    payload: bytes
    asked: tuple[str, ...] = ()
    """Ids of the calls of Python."""


class Session:
    """The delivery state of a document.

    Parameters
    ----------
    queue : MessageQueue
        The queue, shared by all sessions of a view in turn.
    document : str
        The document's id from its hello.
    round_trip : Meter, optional
        Notes the seconds from sending a batch to its acknowledgement.
    store : StateStore, optional
        The missing part of the shared state goes in front of each batch, so an event arrives after earlier writes. It counts
        as no message, and is not sent to another page, because each page begins with the whole state.
    is_wanted : callable
        Returns whether a call of Python, by its id, still waits for an answer; otherwise it is not sent.
    unheard : Unheard, optional
        The place where events wait until the page listens to their name, see `listen`. Without it no event waits.

    Attributes
    ----------
    ready : bool
        Whether the page has reported its listeners; before that only answers at the head of the queue are sent.
    acknowledged : int
        The number of the last batch that the page has run.
    in_flight : int
        Number of sent and unacknowledged messages; a separate number, since any thread may ask for `stats`.
    inlines : bool
        Whether large data travels in the text, because the page could not fetch it.
    suspended : bool
        Whether sending is stopped, because the page may be navigating to an untrusted place.

    Notes
    -----
    Thread: one, the GUI thread in a view
    """

    def __init__(
        self,
        queue: MessageQueue,
        document: str,
        round_trip: Meter | None = None,
        store: StateStore | None = None,
        is_wanted: Callable[[str], bool] = lambda _: True,
        unheard: Unheard | None = None,
    ) -> None:
        self.document = document
        self.ready = False
        self.suspended = False
        self._queue = queue
        self._round_trip = round_trip or Meter()
        self._is_wanted = is_wanted
        self._store = store or StateStore()
        self._unheard = Unheard(queue, noop) if unheard is None else unheard
        self._heads: set[bytes] | None = None if unheard is None else set()  # of the events the page listens to; None: all
        # Batches by number: their entries, when they were sent, in seconds, and their bytes.
        self._unacknowledged: OrderedDict[int, tuple[list[Entry], float, int]] = OrderedDict()
        self._laden: dict[int, tuple[bytes, list[Held]]] = {}  # batches with large data beside them, by number
        self.inlines = False
        self._number = 0
        self._alone = False  # a suspect is in flight
        self._sorts = unheard is not None  # the last batch had events without a listener, or there was none yet
        self.acknowledged = 0
        self.in_flight = 0
        self._in_flight_bytes = 0
        self.sent = 0
        self.delivered = 0
        self.discarded = 0

    @property
    def is_waiting(self) -> bool:
        """Return whether a batch is not acknowledged. Thread: the session's."""
        return bool(self._unacknowledged)

    def can_send(self, answers: Sequence[bytes] = ()) -> bool:
        """Return whether `next_batch` would return a batch. Thread: the session's."""
        if self.suspended or self._alone or len(self._unacknowledged) >= MAX_IN_FLIGHT:
            return False
        if self._in_flight_bytes >= MAX_IN_FLIGHT_BYTES:
            return False
        return bool(answers) or self._store.is_due() or self._can_take()

    def _can_take(self) -> bool:
        """Return whether a message of the queue may be sent."""
        head = self._queue.peek()
        if head is None:
            return False
        if isinstance(head, Message):
            if head.document is not None:
                return True
            if head.crashes_left and self._unacknowledged:
                return False
        return self.ready

    def listen(self, names: Sequence[str]) -> None:
        """Send events of these names from now on, of all names for ``"*"``; waiting events go first.

        A name stays, even when the page removes its listeners: as in the DOM, later events are lost then.
        """
        if self._heads is None:
            return
        fresh = {event_head(name) for name in names if name != EVERY_NAME} - self._heads
        self._heads |= fresh
        if EVERY_NAME in names or len(self._heads) > MAX_LISTENED:
            self._heads = None
            self._unheard.release()
        else:
            self._unheard.release(fresh)

    def hears(self, name: str) -> bool:
        """Return whether the listeners allow an event of this name. Thread: the session's."""
        return self._heads is None or event_head(name) in self._heads

    def next_batch(self, max_events: int, max_bytes: int, now_s: float = 0.0, answers: Sequence[bytes] = ()) -> Batch | None:
        """Take the next messages out of the queue.

        Before the page is ready only answers are sent, and only while no event waits before them, so the order always holds.

        Parameters
        ----------
        max_events, max_bytes : int
            Bounds of the batch; see `MessageQueue.drain`.
        now_s : float
            The time, in seconds.
        answers : sequence of bytes
            Payloads for this document that go instead, before everything in the queue.

        Returns
        -------
        Batch or None
            None if nothing may be sent now, or if all taken events have no listener; those wait now.
        """
        while self.can_send(answers):
            entries: list[Entry] = list(answers)
            if not entries and self._can_take():
                entries = self._take(min(max_events, MAX_SORTED) if self._sorts else max_events, max_bytes)
            patch = self._store.take_message()  # after the entries, so that it includes all earlier writes
            asked: tuple[str, ...] = ()
            try:
                payload = join_payloads(entries, self._heads)  # type: ignore[arg-type]  # nearly always all are plain events
            except (TypeError, UnheardError):
                heard = entries if self._heads is None else self._unheard.keep(entries, self._heads)
                for_this_page = [entry for entry in heard if isinstance(entry, bytes) or self._is_for_this_page(entry)]
                self.discarded += len(heard) - len(for_this_page)
                self._sorts = len(heard) < len(entries)
                if self._sorts:
                    self._alone = False  # a suspect waits with the others
                if not for_this_page and not patch:
                    if self._sorts:
                        return None  # enough for a flush
                    continue
                entries, payload = for_this_page, join_payloads([payload_of(entry) for entry in for_this_page])
                asked = tuple(entry.name for entry in for_this_page if isinstance(entry, Message) and entry.kind in _ASKING)
            else:
                self._sorts = False
            if patch:
                payload = b"[" + patch + (b"," if entries else b"") + payload[1:]
            self._number += 1
            held = held_by(map(payload_of, entries))
            if held:
                if self.inlines:
                    payload = inlined(payload, held)
                else:
                    self._laden[self._number] = payload, held
            self._unacknowledged[self._number] = entries, now_s, len(payload)
            self._in_flight_bytes += len(payload)
            self.sent += len(entries)
            self.in_flight += len(entries)
            return Batch(self._number, payload, asked)
        return None

    def inlined(self, number: int) -> Batch | None:
        """Return a batch whose data the page could not fetch, with the data in it; None if it has none, or was run."""
        self.inlines = True
        found = self._laden.pop(number, None)
        return None if found is None else Batch(number, inlined(*found))

    def _is_for_this_page(self, message: Message) -> bool:
        """Return whether this page gets a message: an answer to its own call, a call whose answer is awaited."""
        if message.kind in _ASKING and not self._is_wanted(message.name):
            return False
        return message.document is None or message.document == self.document

    def _take(self, max_events: int, max_bytes: int) -> list[Entry]:
        """Drain; a single event if it is suspected, and a single answer at a time before the page is ready."""
        head = self._queue.peek()
        if isinstance(head, Message) and head.crashes_left:
            self._alone = True
            return self._queue.drain(1, max_bytes)
        if self.ready:
            return self._queue.drain(max_events, max_bytes)
        taken: list[Entry] = []
        size = 0
        while len(taken) < max_events and isinstance(head, Message) and head.document is not None:
            size += len(head.payload)
            if taken and size > max_bytes:
                break
            taken += self._queue.drain(1, max_bytes)
            head = self._queue.peek()
        return taken

    def acknowledge(self, number: int, now_s: float = 0.0) -> int:
        """Forget all batches up to `number`, which the page has run; return how many messages that were.

        A number that was never sent is ignored.
        """
        if number > self._number:
            return 0
        count = 0
        self.acknowledged = max(self.acknowledged, number)
        while self._unacknowledged and next(iter(self._unacknowledged)) <= number:
            number_run, (entries, sent_s, size) = self._unacknowledged.popitem(last=False)
            self._in_flight_bytes -= size
            self._laden.pop(number_run, None)
            self._round_trip.add(now_s - sent_s)
            self._alone = False
            count += len(entries)
        self.delivered += count
        self.in_flight -= count
        return count

    def close(self, *, died: bool = False, killed: bool = False) -> tuple[int, list[Message]]:
        """End the session: events not acknowledged go back to the head of the queue.

        Parameters
        ----------
        died : bool
            Whether the renderer died, possibly because of these events.
        killed : bool
            Whether it was killed from outside, which proves little against them.

        Returns
        -------
        int, list of Message
            The number of events to deliver again, and the events that are set aside.
        """
        lost = [entry for entries, _, _ in self._unacknowledged.values() for entry in entries]
        requeued = [entry for entry in lost if is_event(entry)]
        self.discarded += len(lost) - len(requeued)
        self._unacknowledged.clear()
        self._laden.clear()
        self.in_flight = 0
        self.suspended = True
        quarantined: list[Message] = []
        if died:
            alone = len(lost) == 1
            crashes_left = _AFTER_ALONE if alone else _AFTER_KILL if killed else _AFTER_CRASH
            for index, event in enumerate(map(as_message, requeued)):
                if alone and event.crashes_left == 1:
                    requeued, quarantined = [], [event]
                else:
                    requeued[index] = event._replace(
                        crashes_left=event.crashes_left - alone if event.crashes_left else crashes_left
                    )
        self._queue.requeue(requeued)
        return len(requeued), quarantined
