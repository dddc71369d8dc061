"""Engine: queue, handler and session of one view, joined. Text in, text out; WHAT is said, never when. No Qt.

The owner calls `receive` with each message of the channel, `work` until it returns False, `next_delivery` while it may send,
runs `next_pull` when there is one, and is told through the hooks. All on one thread; only the pushes of the queue and the
registries of the handler take others.
"""

from __future__ import annotations

import functools
import hmac
import logging
import secrets
import time
from collections import OrderedDict, deque
from itertools import islice, repeat
from typing import Any, Callable, NamedTuple

from auroraview_qt.errors import AuroraViewError, ProtocolError
from auroraview_qt.ipc import broadcasting, wire
from auroraview_qt.ipc.handler import IpcHandler
from auroraview_qt.ipc.message_queue import MessageQueue, no_hook
from auroraview_qt.ipc.meter import Meter
from auroraview_qt.ipc.pacer import MAX_EVENTS, Pacer
from auroraview_qt.ipc.page_calls import PageCalls
from auroraview_qt.ipc.session import Batch, Session
from auroraview_qt.ipc.state import SharedState
from auroraview_qt.ipc.state_store import StateStore
from auroraview_qt.ipc.trust import TrustPolicy

#: Documents whose late messages are still heard.
_REMEMBERED = 8
#: Types of messages about calls.
_OF_CALLS = ("cancel", "stream", "credit", "result", "error", "progress")

_log = logging.getLogger(__name__)


class Delivery(NamedTuple):
    """One batch, or a piece of one that is too large for one flush, on its way to one document."""

    document: str
    number: int
    text: str
    more: bool = False
    scripts: tuple[tuple[str, str], ...] = ()
    """Calls of `eval_js` whose turn comes with this batch, and the source of each: handed over before it."""

    def line(self) -> str:
        """Give the text that hands the batch to the runtime of that document over a channel all documents hear."""
        return f"{self.document}:{self.number}:{self.text}"

    def target(self) -> str:
        """Give the expression of that document's own function, which is nothing in any other."""
        return _call_of(self.document)

    def script(self) -> str:
        """Give the JavaScript that hands the text to the runtime of that document, and does nothing in any other."""
        # Single quotes: JSON is full of double ones, and each would have to be escaped, and read back.
        text = self.text.replace("\\", "\\\\").replace("'", "\\'")
        return f"{_call_of(self.document)}({self.number},'{text}',{int(self.more)})"


def _call_of(document: str) -> str:
    """Give the beginning of a call of a document's own function."""
    return f"window.__auroraview_{document}__&&__auroraview_{document}__"


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
        Seconds, monotonic; for the time budget of `work` and the times in `stats`.

    Attributes
    ----------
    state, store : SharedState, StateStore
        What Python and the page share: as a program sees it, and as a page is kept up to date with it.
    secret : str
        What the injected runtime puts before each message; anything without it is refused.
    on_ready : callable
        Called with the page's URL once its listeners stand.
    on_event : callable or None
        Called with ``(event, data)`` after the callbacks of an event.
    is_closed : bool
        `close` has been called.

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
        self.store = StateStore()
        self.state = SharedState(self.store)
        self.secret = secrets.token_hex(16)
        self.session: Session | None = None
        self.on_ready: Callable[[str], object] = no_hook
        self.on_event: Callable[[str, object], object] | None = None
        self.page_calls = PageCalls(queue, clock)
        handler.calls.send = functools.partial(queue.push, force=True)
        self.is_closed = False
        self._calling = ""  # the document whose call was run last
        self._clock = clock
        self._secret_bytes = self.secret.encode()
        # A document; the name and detail of an event, or None and another message.
        self._inbox: deque[tuple[str, object, object]] = deque()
        self._documents: OrderedDict[str, int] = OrderedDict()  # the last ones, and what each has acknowledged
        self._bound: set[str] = set()
        self._parts: list[object] = []  # messages of an envelope that is not complete yet
        self._pull_due = False  # the page keeps messages that wait to be fetched
        self._pulling = False
        self._answers: list[bytes] = []  # made while nothing waited: they need not go through the queue
        self._rest: Batch | None = None  # a batch of which a piece has been sent, and how far
        self._rest_at = 0
        self._pacer = Pacer()
        self._round_trip, self._flush, self._flush_cpu = Meter(), Meter(), Meter()
        self._counts = dict.fromkeys(
            (
                "received",
                "received_bytes",
                "refused",
                "malformed",
                "redelivered",
                "set_aside",
                "sent",
                "sent_bytes",
                "delivered",
                "discarded",
                "batches",
                "pulls",
                "pages",
            ),
            0,
        )

    # From the page

    def receive(self, text: str) -> bool:
        """Take one message of the channel in; what it holds waits for `work`. Never raises.

        Returns
        -------
        bool
            False when it was refused or malformed; both are counted and logged.
        """
        mark = len(self.secret)
        if not hmac.compare_digest(text[:mark].encode("utf-8", "replace"), self._secret_bytes):
            self._refuse("a message without the page's secret came over the raw transport")
            return False
        try:
            document, ack, flow, messages = wire.decode_envelope(text[mark:])
        except ProtocolError as error:
            self._malformed(error)
            return False
        if document not in self._documents and not self._greet(document, messages):
            return False
        session = self.session
        self._counts["received_bytes"] += len(text)
        if session is None or session.document != document:
            if flow == wire.Flow.WHOLE and ack <= self._documents[document]:
                self._put(document, messages)
            else:  # it goes with an acknowledgement that comes too late: what was run will be run again
                self._counts["discarded"] += len(messages)
        elif flow == wire.Flow.PULL:
            self._pull_due = True
        elif flow == wire.Flow.PART:
            self._parts += messages
        else:
            session.acknowledge(ack, self._clock())
            self._documents[document] = ack
            if self._parts:
                messages, self._parts = self._parts + messages, []
            self._put(document, messages)
        return True

    def _put(self, document: str, messages: list[object]) -> None:
        """Let messages wait for `work`, each event of a name on its own."""
        for message in messages:
            if type(message) is list and len(message) > 2 and message[0] == 0 and message[1] is not None:
                self._inbox.extend(zip(repeat(document), repeat(message[1]), islice(message, 2, None)))
            else:
                self._inbox.append((document, None, message))

    def next_pull(self) -> tuple[str, str] | None:
        """Give a document and the script whose result goes to `pulled`; None when nothing waits to be fetched."""
        if self.session is None or not self._pull_due:
            return None
        self._pull_due = False
        self._pulling = True
        self._counts["pulls"] += 1
        return self.session.document, f"{_call_of(self.session.document)}()"

    def pulled(self, document: str, result: object) -> bool:
        """Take in what a pull has fetched; as `receive`. A document that is gone took its messages along."""
        if self.session is None or self.session.document != document:
            return False
        self._pulling = False
        accepted = isinstance(result, str) and bool(result) and self.receive(result)  # '' where the script did not run
        self._pull_due = bool(self._parts)
        return accepted

    def _greet(self, document: str, messages: list[object]) -> bool:
        """Begin a session with a document that says hello for the first time."""
        first = messages[0] if messages else None
        hello = first[1] if isinstance(first, list) and len(first) == 2 and first[0] == 2 else None
        if not isinstance(hello, dict) or hello.get("type") != "hello" or not document.isalnum():
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
        self.store.attach(document, hello.get("state"))
        self.session = Session(self.queue, document, self._round_trip, self.store, self.page_calls.is_wanted)
        self._documents[document] = 0
        if len(self._documents) > _REMEMBERED:
            self._documents.popitem(last=False)
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
        clock, inbox, handler = self._clock, self._inbox, self.handler
        deadline = clock() + budget_s
        counts = self._counts
        while inbox:
            document, name, value = inbox.popleft()
            counts["received"] += 1
            if name is not None:
                try:
                    data = handler.handle_event(name, value)
                except AuroraViewError as error:  # of the name, or of the data of a declared event
                    self._malformed(error)
                else:
                    if self.on_event is not None:
                        self.on_event(str(name), data)
            elif type(value) is list and 3 <= len(value) <= 4 and value[0] == 1 and type(value[1]) is type(value[2]) is str:
                self._calling = document
                answer = handler.call(value[1], value[2], value[3:], document)
                if answer is not None:
                    self._answer(answer, document)
            else:
                self._dispatch(document, value)
            if clock() >= deadline:
                break
        return bool(inbox)

    def _dispatch(self, document: str, raw: object) -> None:
        """Dispatch what is neither an event nor a call of the runtime's, or is malformed."""
        if callable(raw):  # a stream's next step
            raw()
            return
        try:
            if isinstance(raw, list) and raw[:1] == [wire.Said.STATE]:
                self.state.receive(document, raw[1:])
                return
            message = wire.decode_message(raw)
            kind = message["type"]
            if kind == "hello":
                return
            if kind == "ready":
                self._page_ready(document, message)
                return
            if kind in _OF_CALLS:
                self._dispatch_call(document, kind, message)
                return
            self._calling = document
            answer = self.handler.handle(message, document)
        except ProtocolError as error:
            self._malformed(error)
            return
        if answer is not None:
            self._answer(answer, document)
        elif kind == "event" and self.on_event is not None:
            self.on_event(str(message["event"]), message.get("detail"))

    def _dispatch_call(self, document: str, kind: object, message: dict[str, Any]) -> None:
        """Dispatch what the page says of a call, its own or one of Python's."""
        call_id = message["id"]
        if kind == "cancel":
            self.handler.calls.cancel(document, call_id)
        elif kind == "credit":
            self.handler.calls.grant(document, call_id, message["credit"])
        elif kind == "stream":
            arguments = (message["params"],) if "params" in message else ()
            answer = self.handler.stream(
                call_id, message["method"], message["credit"], arguments, document, functools.partial(self.later, document)
            )
            if answer is not None:
                self._answer(answer, document)
        elif kind == "progress":
            self.page_calls.progress(document, call_id, message["fraction"], message["message"])
        else:
            self.page_calls.settle(document, call_id, message.get("value"), message.get("error"))

    def later(self, document: str, step: Callable[[], object]) -> None:
        """Run a step behind everything that has come in."""
        self._inbox.append((document, None, step))

    def _answer(self, answer: bytes, document: str) -> None:
        """Send an answer behind everything that waits."""
        session = self.session
        if session is not None and session.document == document and not self.queue and len(self._answers) < MAX_EVENTS:
            self._answers.append(answer)
        else:
            self.queue.push(wire.answer_message(answer, document), force=True)

    def caller_and_shown(self) -> tuple[str, str]:
        """Give the documents whose call is being run, and that the view shows: the first may be gone. Empty for none."""
        return self._calling, "" if self.session is None else self.session.document

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
        session = self.session
        if session is None:
            return False
        if self._rest is not None:
            return not session.suspended
        return session.can_send(self._answers)

    def next_delivery(self) -> Delivery | None:
        """Take the next batch, or the next piece of one that is too large for one flush; None when nothing may go now."""
        session = self.session
        if session is None or not self.can_send():
            return None
        batch, start = self._rest, self._rest_at
        if batch is None:
            answers, self._answers = self._answers, []
            batch, start = session.next_batch(MAX_EVENTS, self._pacer.max_bytes, self._clock(), answers), 0
            if batch is None:
                return None
            self._counts["batches"] += 1
            self._counts["sent_bytes"] += len(batch.payload)
        end = _cut(batch.payload, start + self._pacer.max_bytes)
        more = end < len(batch.payload)
        self._rest, self._rest_at = (batch, end) if more else (None, 0)
        payload = batch.payload[start:end] if more or start else batch.payload
        scripts = () if more or not batch.asked else self._scripts(batch.asked, session.document)
        return Delivery(session.document, batch.number, payload.decode(), more, scripts)

    def _scripts(self, asked: tuple[str, ...], document: str) -> tuple[tuple[str, str], ...]:
        """Note which calls of Python a page gets, and give the sources among them."""
        sources = [(call_id, self.page_calls.sent(call_id, document)) for call_id in asked]
        return tuple((call_id, source) for call_id, source in sources if source is not None)

    def has_received(self) -> bool:
        """Whether `work` would do something."""
        return bool(self._inbox)

    def is_due(self) -> bool:
        """Whether `work` or `next_delivery` would do something."""
        return self.has_received() or self.can_send()

    def note_flush(self, wall_s: float, cpu_s: float, size: int) -> None:
        """Learn what the last flush cost: seconds on the clock, seconds of the GUI thread's processor, bytes sent."""
        self._flush.add(wall_s)
        self._flush_cpu.add(cpu_s)
        self._pacer.note(cpu_s, size)

    def is_waiting(self) -> bool:
        """Whether the page owes something: an acknowledgement, or what a pull will fetch."""
        return self._pulling or (self.session is not None and self.session.is_waiting)

    # The page's life

    def suspend(self) -> None:
        """Send nothing: the page may be on its way to a place that is not trusted."""
        if self.session is not None:
            self.session.suspended = True

    def resume(self) -> None:
        """Go on after a navigation that did not happen."""
        if self.session is not None:
            self.session.suspended = False

    def end_session(self, *, died: bool = False, killed: bool = False) -> None:
        """The page is gone: what it did not acknowledge waits for the next one; the flags are those of `Session.close`."""
        session, self.session = self.session, None
        self.store.detach()
        self._parts, self._rest, self._rest_at = [], None, 0
        self._pull_due = self._pulling = False
        self._counts["discarded"] += len(self._answers)
        self._answers = []
        if session is None:
            return
        self.handler.calls.end_document(session.document)
        again, aside = session.close(died=died, killed=killed)
        self.page_calls.page_gone(session.document)
        self._counts["redelivered"] += again
        self._counts["set_aside"] += len(aside)
        for name in ("sent", "delivered", "discarded"):
            self._counts[name] += getattr(session, name)
        for message in aside:
            self.queue.on_drop(message.name, "poison")

    def close(self) -> None:
        """The view is gone: nothing is dispatched any more, not even what has come in, and no hook is called."""
        self.is_closed = True
        broadcasting.leave(self.queue)
        self.handler.calls.close()
        self.page_calls.close()
        self.end_session()
        self._inbox.clear()
        self.on_ready = self.store.on_wake = self.queue.on_wake = self.queue.on_brim = self.queue.on_drop = no_hook
        self.on_event = None

    def stats(self) -> dict[str, float]:
        """Return the counters and times of queue, sessions and handler as one flat dict."""
        counts: dict[str, float] = {**self._counts, **self.queue.stats(), "in_flight": 0, "inbox": len(self._inbox)}
        if self.session is not None:
            counts["in_flight"] = self.session.in_flight
            for name in ("sent", "delivered", "discarded"):
                counts[name] += getattr(self.session, name)
        counts["callback_errors"] = self.handler.callback_errors + self.state.callback_errors
        counts["command_errors"] = self.handler.command_errors
        counts["late_results"] = self.handler.calls.late
        counts["calls_running"] = len(self.handler.calls)
        counts["page_calls_waiting"] = len(self.page_calls)
        counts["flushes"] = self._flush.count
        counts.update(self._round_trip.stats("round_trip"))
        counts.update(self._flush.stats("flush"))
        counts.update(self._flush_cpu.stats("flush_cpu"))
        return counts

    def _refuse(self, why: str) -> None:
        self._counts["refused"] += 1
        # The first says it all; a page that keeps trying must not fill the host's script editor.
        level = logging.WARNING if self._counts["refused"] == 1 else logging.DEBUG
        _log.log(level, "refused (%d so far): %s", self._counts["refused"], why)

    def _malformed(self, error: AuroraViewError) -> None:
        self._counts["malformed"] += 1
        _log.warning("a malformed message from the page was dropped: %s", error)


def _cut(payload: bytes, end: int) -> int:
    """Give the end of a piece, moved back to where a character begins."""
    if end >= len(payload):
        return len(payload)
    while payload[end] & 0xC0 == 0x80:
        end -= 1
    return end
