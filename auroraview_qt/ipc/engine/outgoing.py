"""Make the content of a flush: batches, in pieces if they are too large, and answers that need not wait.

Thread: the engine's. No Qt.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

from auroraview_qt.ipc.calls.page_calls import PageCalls
from auroraview_qt.ipc.engine.meter import Meter
from auroraview_qt.ipc.engine.pacer import MAX_EVENTS, Pacer
from auroraview_qt.ipc.engine.session import Batch, Session
from auroraview_qt.ipc.wire import protocol
from auroraview_qt.ipc.wire.limits import SMALL_ANSWER_BYTES
from auroraview_qt.ipc.wire.message_queue import MessageQueue

#: Characters of a document's id that the page's world uses: the document's name, and the key of Python's scripts. Scripts of
#: the page cannot get the key. Only the relay has the other characters.
PAGE_CHARS, KEY_CHARS = 12, 12
#: Characters of the whole id.
DOCUMENT_CHARS = 36

#: Calls of `eval_js` by id, and the source of each.
Scripts = tuple[tuple[str, str], ...]


class Delivery(NamedTuple):
    """A batch, or a piece of a large batch, on its way to a document."""

    document: str
    number: int
    text: str
    more: bool = False
    scripts: Scripts = ()
    """Sources that run with this batch: handed over before it."""

    def line(self) -> str:
        """Return the text that carries the batch to the runtime of that document, over the common channel."""
        return f"{self.document}:{self.number}:{self.text}"

    def target(self) -> str:
        """Return the expression for the document's functions for scripts; undefined in other documents."""
        return target_of(self.document[:PAGE_CHARS])

    def script(self) -> str:
        """Return the JavaScript that carries the text to that document's runtime, and does nothing in any other document."""
        # It uses single quotes, because JSON is full of double quotes, and escaping each would take time on both ends.
        text = self.text.replace("\\", "\\\\").replace("'", "\\'")
        key = self.document[PAGE_CHARS : PAGE_CHARS + KEY_CHARS]
        return f"{self.target()}.deliver('{key}',{self.number},'{text}',{int(self.more)})"


def target_of(name: str) -> str:
    """Return the expression for a document's functions for scripts: its relay by its id, its runtime by the id's beginning.

    Thread: any
    """
    return f"window.__auroraview_{name}__&&__auroraview_{name}__"


class Outgoing:
    """The way to a view's pages.

    Parameters
    ----------
    queue : MessageQueue
        The queue for answers that have to wait.
    page_calls : PageCalls
        Told which calls of Python a page gets.
    clock : callable
        Seconds, monotonic.

    Attributes
    ----------
    session : Session or None
        The session of the current page.

    Notes
    -----
    Thread: the engine's
    """

    def __init__(self, queue: MessageQueue, page_calls: PageCalls, clock: Callable[[], float]) -> None:
        self.session: Session | None = None
        self._queue = queue
        self._page_calls = page_calls
        self._clock = clock
        self._answers: list[bytes] = []  # answers made while nothing waited, which skip the queue
        self._again: list[Batch] = []  # whose data the page could not fetch
        self._rest: Batch | None = None  # a batch that is partly sent, its position, and the sources for its last piece
        self._rest_at = 0
        self._scripts: Scripts = ()
        self._pacer = Pacer()
        self._flush, self._flush_cpu = Meter(), Meter()
        self._batches = self._sent_bytes = 0

    def begin(self, session: Session) -> None:
        """Send to the page of this session from now on."""
        self.session = session

    def answer(self, payload: bytes, document: str) -> None:
        """Send an answer to that document behind everything that waits."""
        session = self.session
        is_mine = session is not None and session.document == document
        if is_mine and not self._queue and len(self._answers) < MAX_EVENTS and len(payload) <= SMALL_ANSWER_BYTES:
            self._answers.append(payload)
        else:
            self._queue.push(protocol.answer_message(payload, document), force=True)

    def can_send(self) -> bool:
        """Return whether `next_delivery` would return something."""
        session = self.session
        if session is None:
            return False
        if self._rest is not None or self._again:
            return not session.suspended
        return session.can_send(self._answers)

    def next_delivery(self) -> Delivery | None:
        """Return the next batch, or the next piece of a large batch; None if nothing may be sent now."""
        session = self.session
        if session is None or session.suspended:
            return None
        batch, start = self._rest, self._rest_at
        if batch is None:
            batch, start = self._next_batch(session), 0
            if batch is None:
                return None
        end = _cut(batch.payload, start + self._pacer.max_bytes)
        more = end < len(batch.payload)
        self._rest, self._rest_at = (batch, end) if more else (None, 0)
        payload = batch.payload[start:end] if more or start else batch.payload
        return Delivery(session.document, batch.number, payload.decode(), more, () if more else self._scripts)

    def send_inlined(self, number: int) -> None:
        """Send a batch again with its data in the text, because the page could not fetch the data."""
        batch = None if self.session is None else self.session.inlined(number)
        if batch is not None:
            self._again.append(batch)

    def _next_batch(self, session: Session) -> Batch | None:
        if self._again:
            self._scripts = ()
            return self._again.pop(0)
        batch = session.next_batch(MAX_EVENTS, self._pacer.max_bytes, self._clock(), self._answers)
        if batch is not None:
            self._answers = []
            self._batches += 1
            self._sent_bytes += len(batch.payload)
            # Noted with the first piece, because from here on the page may run them before it goes.
            self._scripts = self._sources(batch.asked, session.document) if batch.asked else ()
        return batch

    def _sources(self, asked: tuple[str, ...], document: str) -> Scripts:
        sources = [(call_id, self._page_calls.mark_sent(call_id, document)) for call_id in asked]
        return tuple((call_id, source) for call_id, source in sources if source is not None)

    def note_flush(self, wall_s: float, cpu_s: float, size: int) -> None:
        """Learn from the last flush: seconds on the clock, seconds of the GUI thread's processor, sent bytes."""
        self._flush.add(wall_s)
        self._flush_cpu.add(cpu_s)
        self._pacer.note(cpu_s, size)

    def drop(self) -> int:
        """Forget the answers for a page that is gone; return their number."""
        count = len(self._answers)
        self.session = None
        self._answers, self._again, self._rest, self._rest_at = [], [], None, 0
        return count

    def stats(self) -> dict[str, float]:
        """Return counts and times of the flushes."""
        return {
            "batches": self._batches,
            "sent_bytes": self._sent_bytes,
            "flushes": self._flush.count,
            **self._flush.stats("flush"),
            **self._flush_cpu.stats("flush_cpu"),
        }


def _cut(payload: bytes, end: int) -> int:
    """Return the end of a piece, moved back to the beginning of a character."""
    if end >= len(payload):
        return len(payload)
    while payload[end] & 0xC0 == 0x80:
        end -= 1
    return end
