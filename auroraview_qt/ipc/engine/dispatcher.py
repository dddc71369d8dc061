"""Dispatch a page's messages to their receivers: callbacks, commands, calls in flight, the state. No Qt.

Receiving and dispatching are separate, because a callback may open a dialog, whose event loop goes on receiving.
"""

from __future__ import annotations

import functools
import logging
from collections import deque
from itertools import islice, repeat
from typing import Any, Callable, Protocol

from auroraview_qt._log_limit import LogLimit
from auroraview_qt._wording import short_repr
from auroraview_qt.errors import AuroraViewError, ProtocolError
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.page_calls import PageCalls
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.wire import page_messages, protocol
from auroraview_qt.ipc.wire.page_messages import CALL, EVENT, PageMessage, is_event_message
from auroraview_qt.ipc.wire.unread import Unread

#: Seconds beyond its budget after which a message has taken long.
_LONG_S = 0.01
#: Titles of messages whose receiver has no name of its own.
_TITLES: dict[int | None, str] = {
    PageMessage.LIFE: "ready",
    PageMessage.TEXT: "a message of ipc.postMessage",
    PageMessage.STATE: "the shared state",
    PageMessage.RESULT: "an answer of the page",
    PageMessage.ERROR: "an answer of the page",
    PageMessage.PROGRESS: "a progress report of the page",
}
#: Types of messages about calls.
_OF_CALLS = ("cancel", "stream", "credit", "result", "error", "progress")

_log = logging.getLogger(__name__)


class DispatcherOwner(Protocol):
    """Receives the reports of the pages' runtimes; an `Engine` does."""

    def page_listens(self, document: str, names: list[str]) -> None:
        """Note names of events that a document listens to; called before anything that came with them."""
        ...

    def page_lacks(self, document: str, number: object) -> None:
        """Note that a document could not fetch the data of a batch."""
        ...

    def page_says_ready(self, document: str, message: dict[str, object]) -> None:
        """Note that a document has reached `DOMContentLoaded`."""
        ...


class Dispatcher:
    """The inbox of a view, and the dispatching of its messages.

    Parameters
    ----------
    handler, page_calls, state
        The receivers.
    answer : callable
        Takes the payload of an answer, and the document it is for.
    clock : callable
        Seconds, monotonic.

    owner : DispatcherOwner
        The receiver of the reports of the pages' runtimes.

    Attributes
    ----------
    inbox : deque
        Messages that wait for `work`.
    unread : deque
        Envelopes with undecoded messages, which wait behind the inbox, and all later messages.
    unread_bytes : int
        The bytes of these envelopes.
    received, malformed : int
        Messages dispatched, and those among them that were none.
    title : str
        The title of the last message of `work`, if that took long.

    Notes
    -----
    Thread: the engine's
    """

    def __init__(
        self,
        handler: IpcHandler,
        page_calls: PageCalls,
        state: SharedState,
        answer: Callable[[bytes, str], object],
        clock: Callable[[], float],
        owner: DispatcherOwner,
    ) -> None:
        self._handler = handler
        self._page_calls = page_calls
        self._state = state
        self._answer = answer
        self._clock = clock
        self._owner = owner
        # A document; the name and detail of an event, or None and another message.
        self.inbox: deque[tuple[str, object, object]] = deque()
        self.unread: deque[tuple[str, Unread | list[object] | Callable[[], object]]] = deque()
        self.unread_bytes = 0
        self._on_event: Callable[[str, object], object] | None = None
        self.received = 0
        self.malformed = 0
        self.title = ""
        self._log_limit = LogLimit()

    def enqueue(self, document: str, messages: list[object]) -> None:
        """Queue messages for `work`, each event of a name separately; the names that the page listens to count at once."""
        inbox = self.inbox
        listened: list[object] = []
        for message in messages:
            if type(message) is list and len(message) > 2 and message[0] == EVENT and is_event_message(message):
                if len(message) == 3:
                    inbox.append((document, message[1], message[2]))
                else:
                    inbox.extend(zip(repeat(document), repeat(message[1]), islice(message, 2, None)))
            elif (
                type(message) is list and len(message) == 2 and (names := page_messages.listen_message(message)) is not None
            ):
                listened += names
            else:
                inbox.append((document, None, message))
        if listened:
            self._owner.page_listens(document, protocol.listened_names(listened))

    def enqueue_unread(self, document: str, messages: Unread | list[object]) -> None:
        """Let the messages of an envelope wait for `work`, which decodes them; those behind it may be decoded already."""
        self.unread.append((document, messages))
        if isinstance(messages, Unread):
            self.unread_bytes += messages.size

    def _read(self, deadline: float) -> bool:
        """Decode what comes next into the inbox, which is empty; return whether something is there."""
        while self.unread:
            document, entry = self.unread[0]
            if isinstance(entry, Unread):
                self._decode(document, entry)
            else:
                self.unread.popleft()
                if isinstance(entry, list):
                    self.enqueue(document, entry)
                else:
                    self.inbox.append((document, None, entry))
            if self.inbox:
                return True
            if self._clock() >= deadline:
                break
        return False

    def _decode(self, document: str, envelope: Unread) -> None:
        """Decode a part of the first envelope; its messages go into the inbox with the last."""
        refused: ProtocolError | None = None
        try:
            if not envelope.step():
                return
        except ProtocolError as error:
            refused = error
        self.unread.popleft()
        self.unread_bytes -= envelope.size
        if refused is None:
            self.enqueue(document, envelope.messages)
        else:
            self.refuse(refused)

    def has_messages(self) -> bool:
        """Return whether `work` would do something."""
        return bool(self.inbox) or bool(self.unread)

    def enqueue_step(self, document: str, step: Callable[[], object]) -> None:
        """Run a step after all received messages."""
        if self.unread:
            self.unread.append((document, step))
        else:
            self.inbox.append((document, None, step))

    def watch_events(self, on_event: Callable[[str, object], object]) -> None:
        """Call ``on_event(event, data)`` after the callbacks of each event."""
        self._on_event = on_event

    def clear(self) -> None:
        """Forget the received messages."""
        self.inbox.clear()
        self.unread.clear()
        self.unread_bytes = 0
        self._on_event = None

    def work(self, budget_s: float) -> bool:
        """Dispatch the received messages in order, for at most `budget_s` seconds and at least a single message.

        Callbacks may open nested event loops. A call of `work` from there continues at the place of the outer call. So the
        order holds, and the page is still served.

        Returns
        -------
        bool
            Whether messages are left.
        """
        clock, inbox, handler = self._clock, self.inbox, self._handler
        self.title = ""
        direct, declared = handler.callbacks.direct, handler.declarations.incoming
        deadline = clock() + budget_s
        while inbox or self._read(deadline):
            document, name, value = inbox.popleft()
            self.received += 1
            fn = direct.get(name) if type(name) is str else None
            if fn is not None and name not in declared:  # the same as `handle_event`, in a third of its time
                data = {} if value is None else value
                try:
                    fn(data)
                except BaseException as error:
                    handler.callbacks.note_failure(str(name), fn, error)
                if self._on_event is not None:
                    self._on_event(str(name), data)
            elif name is not None:
                try:
                    data = handler.handle_event(name, value)
                except AuroraViewError as refused:  # of the name, or of the data of a declared event
                    self.refuse(refused)
                else:
                    if self._on_event is not None:
                        self._on_event(str(name), data)
            elif type(value) is list and 3 <= len(value) <= 4 and page_messages.is_call(value):
                answer = handler.call(value[1], value[2], value[3:], document)
                if answer is not None:
                    self._answer(answer, document)
            else:
                self._dispatch(document, value)
            now = clock()
            if now >= deadline:
                self._note_message(name, value, now - deadline)
                break
        return self.has_messages()

    def _note_message(self, name: object, value: object, late_s: float) -> None:
        """Keep the title of a message that has taken long."""
        if late_s < _LONG_S:
            return
        if name is not None:
            self.title = f"a callback of event {short_repr(name)}"
        elif not isinstance(value, list):
            self.title = getattr(getattr(value, "__self__", None), "title", "a step of the page's life")
        else:
            kind = value[0] if value and type(value[0]) is int else None
            is_call = kind in (CALL, PageMessage.STREAM) and len(value) > 2
            self.title = f"command {short_repr(value[2])}" if is_call else f"a callback of {_TITLES.get(kind, 'the page')}"

    def _dispatch(self, document: str, raw: object) -> None:
        """Dispatch a message that is neither an event nor a call of the runtime, or is malformed."""
        if callable(raw):  # a stream's next step
            raw()
            return
        try:
            if isinstance(raw, list) and page_messages.is_state(raw):
                self._state.receive(document, raw[1:])
                return
            message = page_messages.decode_message(raw)
            kind = message["type"]
            if kind == "hello":
                return
            if kind == "ready":
                self._owner.page_says_ready(document, message)
                return
            if kind == "lacks":
                self._owner.page_lacks(document, message.get("number"))
                return
            if kind in _OF_CALLS:
                self._dispatch_call(document, kind, message)
                return
            answer = self._handler.handle(message, document)
        except ProtocolError as error:
            self.refuse(error)
            return
        if answer is not None:
            self._answer(answer, document)
        elif kind == "event" and self._on_event is not None:
            self._on_event(str(message["event"]), message.get("detail"))

    def _dispatch_call(self, document: str, kind: object, message: dict[str, Any]) -> None:
        """Dispatch a page's message about a call, its own or Python's."""
        call_id, calls = message["id"], self._handler.calls
        if kind == "cancel":
            calls.cancel(document, call_id)
        elif kind == "credit":
            calls.grant(document, call_id, message["credit"])
        elif kind == "stream":
            arguments = (message["params"],) if "params" in message else ()
            enqueue_step = functools.partial(self.enqueue_step, document)
            answer = self._handler.stream(call_id, message["method"], message["credit"], arguments, document, enqueue_step)
            if answer is not None:
                self._answer(answer, document)
        elif kind == "progress":
            self._page_calls.progress(document, call_id, message["fraction"], message["message"])
        elif kind == "result":
            self._page_calls.resolve(document, call_id, message["value"])
        else:
            error = message["error"]
            self._page_calls.resolve(document, call_id, None, error if isinstance(error, dict) else {})

    def refuse(self, error: AuroraViewError) -> None:
        """Count and log an invalid message."""
        self.malformed += 1
        note = self._log_limit.note("malformed")
        if note is not None:
            _log.warning("a malformed message from the page was dropped: %s%s", error, note)
