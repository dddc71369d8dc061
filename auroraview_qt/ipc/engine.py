"""Engine: queue, handler and session of one view, joined. Text in, text out; WHAT is said, never when. No Qt.

The owner calls `receive` with each slot call, `work` until it returns False, `next_delivery` while it may send, and is
told through the hooks. All on one thread; only the queue's ``push`` and the registries of the handler take others.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections import deque
from typing import Callable, NamedTuple

import orjson

from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc import wire
from auroraview_qt.ipc.handler import IpcHandler
from auroraview_qt.ipc.message_queue import MessageQueue, no_hook
from auroraview_qt.ipc.session import Session
from auroraview_qt.ipc.trust import TrustPolicy

#: Bounds of one batch sent as a script.
BATCH_EVENTS = 2_000
BATCH_BYTES = 256 * 1024

_log = logging.getLogger(__name__)


class Delivery(NamedTuple):
    """One batch on its way to one document."""

    document: str
    number: int
    payload: str

    def script(self) -> str:
        """Give the JavaScript that hands the batch to the runtime of that document, and does nothing in any other."""
        receiver = f"__auroraview_{self.document}__"
        return f"window.{receiver}&&{receiver}({self.number},{orjson.dumps(self.payload).decode()})"


class Engine:
    """Both directions of one view's bridge.

    Parameters
    ----------
    queue : MessageQueue
        What waits for the page.
    handler : IpcHandler
        Who answers it.
    trust : TrustPolicy
        Which pages are answered.
    clock : callable
        Seconds, monotonic; for the time budget of `work`.

    Attributes
    ----------
    secret : str
        What the injected runtime puts before each message; anything without it is refused.
    on_ready : callable
        Called with the page's URL once its listeners stand.
    on_event : callable
        Called with ``(event, data)`` after the callbacks of an event.

    Notes
    -----
    Thread: one, the GUI thread in a view
    """

    def __init__(
        self,
        queue: MessageQueue,
        handler: IpcHandler,
        trust: TrustPolicy,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.queue = queue
        self.handler = handler
        self.trust = trust
        self.secret = secrets.token_hex(16)
        self.session: Session | None = None
        self.on_ready: Callable[[str], object] = no_hook
        self.on_event: Callable[[str, object], object] = no_hook
        self._clock = clock
        self._inbox: deque[tuple[str, object]] = deque()
        self._documents: deque[str] = deque(maxlen=8)
        self._bound: set[str] = set()
        self._counts = dict.fromkeys(
            (
                "received",
                "refused",
                "malformed",
                "redelivered",
                "sent",
                "delivered",
                "discarded",
                "batches",
                "pages",
            ),
            0,
        )

    # From the page

    def receive(self, text: str) -> bool:
        """Take one slot call in; its messages wait for `work`. Never raises.

        Returns
        -------
        bool
            False when it was refused or malformed; both are counted and logged.
        """
        mark = len(self.secret)
        if not hmac.compare_digest(text[:mark].encode("utf-8", "replace"), self.secret.encode()):
            self._refuse("a message without the page's secret came over the raw transport")
            return False
        try:
            envelope = wire.decode_envelope(text[mark:])
        except ProtocolError as error:
            self._malformed(error)
            return False
        if envelope.document not in self._documents and not self._greet(envelope):
            return False
        if self.session is not None and self.session.document == envelope.document:
            self.session.acknowledge(envelope.ack)
        self._inbox.extend((envelope.document, raw) for raw in envelope.messages)
        return True

    def _greet(self, envelope: wire.Envelope) -> bool:
        """Begin a session with a document that says hello for the first time."""
        hello = envelope.messages[0] if envelope.messages else None
        if not isinstance(hello, dict) or hello.get("type") != "hello" or not envelope.document.isalnum():
            self._refuse("a document that never said hello sent a message")
            return False
        url = str(hello.get("url"))
        if not self.trust.trusts(url):
            self._refuse(f"{url} is not trusted")
            return False
        if hello.get("protocol") != wire.PROTOCOL_VERSION:
            self._refuse(f"{url} speaks protocol {hello.get('protocol')!r}, not {wire.PROTOCOL_VERSION}")
            return False
        self.end_session()
        self.session = Session(self.queue, envelope.document)
        self._documents.append(envelope.document)
        self._counts["pages"] += 1
        known = hello.get("commands")
        self._bound = {name for name in known if isinstance(name, str)} if isinstance(known, list) else set()
        self.announce_commands()
        return True

    def announce_commands(self) -> None:
        """Tell the page of commands it does not know yet."""
        if self.session is None:
            return
        names = [name for name in self.handler.command_names() if name not in self._bound]
        if names:
            self._bound.update(names)
            self.queue.push(wire.bind_message(names, self.session.document), force=True)

    def work(self, budget_s: float) -> bool:
        """Dispatch what has come in, in order, for at most `budget_s` seconds and at least one message.

        Callbacks may open nested event loops; whoever calls `work` from there goes on where the outer one stopped, so
        order holds and the page is still served.

        Returns
        -------
        bool
            Whether messages are left.
        """
        deadline = self._clock() + budget_s
        while self._inbox:
            document, raw = self._inbox.popleft()
            self._dispatch(document, raw)
            if self._clock() >= deadline:
                break
        return bool(self._inbox)

    def _dispatch(self, document: str, raw: object) -> None:
        self._counts["received"] += 1
        try:
            message = wire.decode_message(raw)
            kind = message["type"]
            if kind == "hello":
                return
            if kind == "ready":
                self._page_ready(document, message)
                return
            answer = self.handler.handle(message, document)
        except ProtocolError as error:
            self._malformed(error)
            return
        if answer is not None:
            self.queue.push(answer, force=True)
        else:
            detail = message.get("detail")
            self.on_event(str(message["event"]), {} if detail is None else detail)

    def _page_ready(self, document: str, message: dict[str, object]) -> None:
        session = self.session
        if session is None or session.document != document or session.ready:
            return
        session.ready = True
        detail = {"timestamp": message.get("timestamp"), "url": message.get("url")}
        self.handler.dispatch("__auroraview_ready", detail)
        self.on_ready(str(message.get("url")))

    # To the page

    def can_send(self) -> bool:
        """Whether `next_delivery` would give something."""
        return self.session is not None and self.session.can_send()

    def next_delivery(self, max_events: int = BATCH_EVENTS, max_bytes: int = BATCH_BYTES) -> Delivery | None:
        """Take the next batch, bounded in messages and bytes; None when nothing may be sent now."""
        if self.session is None:
            return None
        batch = self.session.next_batch(max_events, max_bytes)
        if batch is None:
            return None
        self._counts["batches"] += 1
        return Delivery(self.session.document, batch.number, batch.payload.decode())

    # The page's life

    def suspend(self) -> None:
        """Send nothing: the page may be on its way to a place that is not trusted."""
        if self.session is not None:
            self.session.suspended = True

    def resume(self) -> None:
        """Go on after a navigation that did not happen."""
        if self.session is not None:
            self.session.suspended = False

    def end_session(self) -> None:
        """The page is gone: what it did not acknowledge waits for the next one."""
        session, self.session = self.session, None
        if session is not None:
            self._counts["redelivered"] += session.close()
            for name in ("sent", "delivered", "discarded"):
                self._counts[name] += getattr(session, name)

    def close(self) -> None:
        """The view is gone: nothing is dispatched any more, not even what has come in, and no hook is called."""
        self.end_session()
        self._inbox.clear()
        self.on_ready = self.on_event = self.queue.on_wake = self.queue.on_drop = no_hook

    def stats(self) -> dict[str, int]:
        """Return the counters of queue, sessions and handler as one flat dict."""
        counts = {**self._counts, **self.queue.stats(), "in_flight": 0, "inbox": len(self._inbox)}
        if self.session is not None:
            counts["in_flight"] = self.session.in_flight
            for name in ("sent", "delivered", "discarded"):
                counts[name] += getattr(self.session, name)
        counts["callback_errors"] = self.handler.callback_errors
        counts["command_errors"] = self.handler.command_errors
        return counts

    def _refuse(self, why: str) -> None:
        self._counts["refused"] += 1
        # The first says it all; a page that keeps trying must not fill the host's script editor.
        level = logging.WARNING if self._counts["refused"] == 1 else logging.DEBUG
        _log.log(level, "refused (%d so far): %s", self._counts["refused"], why)

    def _malformed(self, error: ProtocolError) -> None:
        self._counts["malformed"] += 1
        _log.warning("a malformed message from the page was dropped: %s", error)
