"""Join queue, handler and session of a view: the engine.

The engine takes text and returns text; it decides WHAT is sent, never when. No Qt. The owner calls `receive` with each
message of the channel, `work` until it returns False, and `next_delivery` while it may send. It runs `next_pull` when there
is one, and gets reports, see `EngineOwner`. All of this is on a single thread; only the pushes of the queue and the
registries of the handler allow other threads.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections import OrderedDict
from typing import Callable

from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.page_calls import PageCalls
from auroraview_qt.ipc.engine import broadcasting
from auroraview_qt.ipc.engine.counters import collect
from auroraview_qt.ipc.engine.dispatcher import Dispatcher
from auroraview_qt.ipc.engine.meter import Meter
from auroraview_qt.ipc.engine.outgoing import DOCUMENT_CHARS, Outgoing, target_of
from auroraview_qt.ipc.engine.owner import EngineOwner, NoOwner
from auroraview_qt.ipc.engine.session import Session
from auroraview_qt.ipc.engine.unheard import Unheard
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire import page_messages, protocol
from auroraview_qt.ipc.wire.limits import MAX_ANSWER_BYTES, MAX_UNREAD_BYTES
from auroraview_qt.ipc.wire.message_queue import MessageQueue, Overflow
from auroraview_qt.ipc.wire.page_messages import MORE, PART, PULL, WHOLE
from auroraview_qt.ipc.wire.unread import Pieces, Unread

#: Characters of an envelope that is decoded when it comes, if nothing waits to be decoded.
READ_AT_ONCE_CHARS = 4_096
#: Bytes of the first envelope of a document.
_MAX_HELLO_BYTES = 1024 * 1024
#: Number of old documents whose late messages are still accepted.
_REMEMBERED = 8

_log = logging.getLogger(__name__)


class Engine:
    """Both directions of a view's bridge.

    Parameters
    ----------
    trust : TrustPolicy
        The pages that get answers.
    owner : EngineOwner, optional
        Receives reports, until `close`.
    max_events, max_bytes, overflow
        Limits of the queue; see `MessageQueue`.
    tracebacks : bool
        Send tracebacks of failing commands to the page.
    clock : callable
        Seconds, monotonic; for the time budget of `work` and the times in `stats`.

    Attributes
    ----------
    queue, handler, dispatcher, outgoing : MessageQueue, IpcHandler, Dispatcher, Outgoing
        The queue to the page; the callbacks and commands; the dispatcher of received messages; the sender of batches.
    state, store, unheard : SharedState, StateStore, Unheard
        The program's side of the state; the side that keeps a page up to date; the events that wait for a listener.
    secret : str
        The prefix of each message of the injected runtime; messages without it are refused.
    is_closed : bool
        `close` has been called.

    Thread: one, the GUI thread in a view.
    """

    def __init__(
        self,
        trust: TrustPolicy,
        owner: EngineOwner | None = None,
        *,
        max_events: int = 200_000,
        max_bytes: int = 64 * 1024 * 1024,
        overflow: Overflow = "error",
        tracebacks: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._owner: EngineOwner = owner or NoOwner()
        wake, backlog, drop = self._owner.wake, self._owner.backlog_grew, self._owner.event_dropped
        self.trust = trust
        self.queue = MessageQueue(max_events, max_bytes, overflow, on_wake=wake, on_backlog=backlog, on_drop=drop)
        self.handler = IpcHandler(tracebacks=tracebacks, outlet=self)
        self.store = StateStore(self._owner.wake)
        self.state = SharedState(self.store)
        self.secret = secrets.token_hex(16)
        self.session: Session | None = None
        self.unheard = Unheard(self.queue, self._drop_unheard)
        self.page_calls = PageCalls(self.queue, clock, self._owner.wake)
        self.is_closed = False
        self._clock = clock
        self._secret_bytes = self.secret.encode()
        self._trusted_url: str | None = None  # the last trusted URL: trust is never taken back
        self._documents: OrderedDict[str, int] = OrderedDict()  # the last documents, and the acknowledged number of each
        self._bound: set[str] = set()
        self._parts: list[list[object] | Unread] = []  # messages of an envelope that is not complete yet
        self._pieces = Pieces(DOCUMENT_CHARS)
        self.pull_due = False  # the page keeps messages that wait to be fetched
        self._pulling = False
        self._round_trip = Meter()
        self.outgoing = Outgoing(self.queue, self.page_calls, clock)
        self.dispatcher = Dispatcher(self.handler, self.page_calls, self.state, self.outgoing.answer, clock, self)
        self._unread = self.dispatcher.unread
        # The functions of each turn, without a frame on the way to them.
        self.work, self.has_received = self.dispatcher.work, self.dispatcher.has_messages
        self.can_send, self.next_delivery, self.note_flush = (
            self.outgoing.can_send,
            self.outgoing.next_delivery,
            self.outgoing.note_flush,
        )
        names = ("received_bytes", "refused", "redelivered", "set_aside", "sent", "delivered", "discarded", "pulls", "pages")
        self._counts = dict.fromkeys(names, 0)

    # From the page

    def receive(self, text: str, url: str) -> bool:
        """Receive a message of the channel; its content waits for `work`. Never raises.

        Parameters
        ----------
        text : str
            The message.
        url : str
            The URL of the document in the top frame at this moment, from the web engine. It alone decides whether the page
            is trusted; a message's own claims about its page never count.

        Return False for a message that is refused or malformed; both are counted and logged.
        """
        if url != self._trusted_url and not self._is_trusted(url):
            return False
        mark = len(self.secret)
        if not hmac.compare_digest(text[:mark].encode("utf-8", "replace"), self._secret_bytes):
            self._refuse("a message without the view's secret came over the channel")
            return False
        messages: list[object] | Unread
        try:
            if len(text) <= READ_AT_ONCE_CHARS and not self._unread and text[mark : mark + 1] == "[":
                document, ack, flow, messages = page_messages.decode_envelope(text[mark:])
            else:
                unread = self._open(text[mark:])
                if unread is None:
                    return True
                messages, document, ack, flow = unread, unread.document, unread.acknowledged, unread.flow
            if document not in self._documents and not self._greet(document, messages):
                return False
        except ProtocolError as error:
            self.dispatcher.refuse(error)
            return False
        self._counts["received_bytes"] += len(text)
        self._accept(document, ack, flow, messages)
        return True

    def _open(self, text: str) -> Unread | None:
        """Return an envelope that is decoded later; None if this is a piece of one and others follow."""
        texts = [text] if text.startswith("[") else self._pieces.add(text)
        if texts is None:
            self.pull_due = True
            return None
        return Unread(texts)

    def _accept(self, document: str, ack: int, flow: int, messages: list[object] | Unread) -> None:
        """Take the acknowledgement of an envelope in, and let its messages wait."""
        session = self.session
        if session is None or session.document != document:
            if flow in (WHOLE, MORE) and ack <= self._documents[document]:
                self._enqueue(document, messages)
            else:  # its acknowledgement comes too late: the batch will run again
                self._counts["discarded"] += len(messages) if isinstance(messages, list) else 1
            return
        if flow != WHOLE:
            self.pull_due = True
        if flow == PART:
            self._parts.append(messages)
        elif flow != PULL:
            session.acknowledge(ack, self._clock())
            self._documents[document] = ack
            if self._parts or self._unread or not isinstance(messages, list):
                parts, self._parts = self._parts, []
                for part in (*parts, messages):
                    self._enqueue(document, part)
            else:
                self.dispatcher.enqueue(document, messages)

    def _enqueue(self, document: str, messages: list[object] | Unread) -> None:
        if isinstance(messages, Unread) or self._unread:
            self.dispatcher.enqueue_unread(document, messages)
        else:
            self.dispatcher.enqueue(document, messages)

    def next_pull(self) -> tuple[str, str] | None:
        """Return a document and the script whose result goes to `pulled`; None when nothing is to be fetched now.

        More is fetched while the program keeps up with what has come, or if nothing counts before it is complete.
        """
        session = self.session
        if not self.pull_due or session is None or session.suspended or self._pulling:
            return None
        if self.dispatcher.unread_bytes >= MAX_UNREAD_BYTES and not (self._parts or self._pieces):
            return None
        self.pull_due = False
        self._pulling = True
        self._counts["pulls"] += 1
        return session.document, f"{target_of(session.document)}.pull()"

    def pulled(self, document: str, result: object, url: str) -> bool:
        """Receive the result of a pull, as `receive` does. A document that is gone took its messages along."""
        if self.session is None or self.session.document != document:
            return False
        self._pulling = False
        if not isinstance(result, str) or not result:  # the script did not run
            return False
        accepted = self.receive(result, url)
        if not accepted:
            self.pull_due = True  # what comes after a message that is refused
        return accepted

    def _is_trusted(self, url: str) -> bool:
        if not self.trust.trusts(url):
            self._refuse(f"{url} is not trusted")
            return False
        self._trusted_url = url
        return True

    def _greet(self, document: str, hello_of: list[object] | Unread) -> bool:
        """Begin a session with a document that sends its first hello."""
        messages = hello_of
        if isinstance(messages, Unread):
            messages = messages.read() if messages.size <= _MAX_HELLO_BYTES else []
        hello = page_messages.hello_message(messages)
        if hello is None or not document.isalnum():
            self._refuse("a document without a hello sent a message")
            return False
        if hello.get("protocol") != protocol.PROTOCOL_VERSION:
            self._refuse(f"a document speaks protocol {hello.get('protocol')!r}, not {protocol.PROTOCOL_VERSION}")
            return False
        self.end_session()
        self.store.attach(document, hello.get("state"))
        self.session = Session(self.queue, document, self._round_trip, self.store, self.page_calls.is_wanted, self.unheard)
        listened = hello.get("listens")  # a runtime that does not report its listeners gets all events
        self.session.listen(protocol.listened_names(listened) if isinstance(listened, list) else [protocol.EVERY_NAME])
        self.outgoing.begin(self.session)
        self._documents[document] = 0
        if len(self._documents) > _REMEMBERED:
            self._documents.popitem(last=False)
        self._counts["pages"] += 1
        known = hello.get("commands")
        self._bound = {name for name in known if isinstance(name, str)} if isinstance(known, list) else set()
        self.announce_commands()
        return True

    def announce_commands(self) -> None:
        """Send new commands to the page."""
        if self.session is None:
            return
        names = [name for name in self.handler.command_names() if name not in self._bound]
        if names:
            self._bound.update(names)
            self.queue.push(protocol.bind_message(names, self.session.document), force=True)

    def page_says_ready(self, document: str, message: dict[str, object]) -> None:
        """Start the session of a document for messages; see `DispatcherOwner`."""
        session = self.session
        if session is None or session.document != document or session.ready:
            return
        session.ready = True
        detail = {"timestamp": message.get("timestamp"), "url": message.get("url")}
        self.handler.dispatch("__auroraview_ready", detail)
        self._owner.page_is_ready(str(message.get("url")))

    def page_lacks(self, document: str, number: object) -> None:
        """Send a batch again whose data a document could not fetch; see `DispatcherOwner`."""
        if type(number) is int and not self.is_gone(document):
            self.outgoing.send_inlined(number)

    def page_listens(self, document: str, names: list[str]) -> None:
        """Send a document events of these names from now on; see `DispatcherOwner`."""
        if self.session is not None and self.session.document == document:
            self.session.listen(names)

    # To the page

    def send_answer(self, message: protocol.Message) -> None:
        """Send the answer of a call, regardless of the limits; any thread."""
        self.queue.push(message, force=True)

    def has_room(self, size: int) -> bool:
        """Whether an answer of so many bytes may wait; the first may have any size. Any thread."""
        waiting = self.queue.answer_bytes
        return not waiting or waiting + size <= MAX_ANSWER_BYTES

    def is_gone(self, document: str) -> bool:
        """Return whether another document, or none, has replaced a document."""
        return self.session is None or self.session.document != document

    def emitter(self) -> Callable[..., None]:
        """Return a function that emits an event; see `MessageQueue.emitter`."""
        return self.queue.emitter()

    def is_ready(self) -> bool:
        """Return whether the current page has reported its listeners. Any thread may call this."""
        session = self.session
        return session is not None and session.ready

    def hears(self, event: str) -> bool:
        """Return whether the current page has, or had, a listener for an event."""
        return self.session is not None and self.session.hears(event)

    def has_unheard(self) -> bool:
        """Return whether `unheard.settle` will be due: a ready page has events without a listener."""
        return self.unheard.is_due and self.session is not None and self.session.ready

    def _drop_unheard(self, name: str) -> None:
        """Report a drop in a turn of `work`, since the report may call the program."""
        if self.session is not None:
            self.dispatcher.enqueue_step(self.session.document, lambda: self.queue.on_drop(name, "unheard"))

    def is_due(self) -> bool:
        """Return whether `work` or `next_delivery` would do something."""
        return self.has_received() or self.can_send()

    def is_waiting(self) -> bool:
        """Return whether the page has to send an acknowledgement or announced messages."""
        if self.pull_due:  # what the page has said waits for Python
            return False
        return self._pulling or (self.session is not None and self.session.is_waiting)

    # Life of the page

    def suspend(self) -> None:
        """Stop sending, because the page may be navigating to an untrusted place."""
        if self.session is not None:
            self.session.suspended = True

    def resume(self) -> None:
        """Go on after a navigation that did not happen."""
        if self.session is not None:
            self.session.suspended = False

    def end_session(self, *, died: bool = False, killed: bool = False) -> None:
        """End the session of a page that is gone: unacknowledged events wait for the next page.

        The flags are those of `Session.close`.
        """
        session, self.session = self.session, None
        self.store.detach()
        self._parts = []
        self._pieces.clear()
        self.pull_due = self._pulling = False
        self._counts["discarded"] += self.outgoing.drop()
        self.unheard.renew()
        if session is None:
            return
        self.handler.calls.end_document(session.document)
        requeued, quarantined = session.close(died=died, killed=killed)
        self.page_calls.page_gone(session.document)
        self._counts["redelivered"] += requeued
        self._counts["set_aside"] += len(quarantined)
        for name in ("sent", "delivered", "discarded"):
            self._counts[name] += getattr(session, name)
        for message in quarantined:
            self.queue.on_drop(message.name, "poison")

    def close(self) -> None:
        """Close the engine of a deleted view: it dispatches no message any more, and calls no hook."""
        self.is_closed = True
        broadcasting.leave(self.queue)
        self.queue.close()
        self.handler.calls.close()
        self.page_calls.close()
        self.end_session()
        self.unheard.clear()
        self.dispatcher.clear()
        self.store.close()
        self._owner = NoOwner()

    def stats(self) -> dict[str, float]:
        """Return the counters and times of queue, sessions and handler as a flat dict."""
        return collect(self, self._counts, self._round_trip)

    def _refuse(self, why: str) -> None:
        self._counts["refused"] += 1
        # Only the first refusal is logged, because a page that keeps trying must not fill the host's script editor.
        level = logging.WARNING if self._counts["refused"] == 1 else logging.DEBUG
        _log.log(level, "refused (%d so far): %s", self._counts["refused"], why)
