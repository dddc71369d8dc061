"""Record the traffic between a view and its page, from the view's engine. Thread: the engine's. No Qt.

Texts are read at the engine's entry and exit. So the record has all emits of the tool, messages of the page, and calls of
both sides. A message to the page counts once the page has acknowledged it.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable, Literal

from auroraview_qt.devtools.tap import Envelopes, Tap
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import Delivery
from auroraview_qt.ipc.wire import json_text, page_messages, protocol
from auroraview_qt.ipc.wire.page_messages import PageMessage

#: The possible ends of a call.
End = Literal["ok", "failed", "cancelled"]


@dataclass
class Event:
    """An event on the bridge.

    Attributes
    ----------
    name : str
        Its name.
    data : object
        Its data, as JSON holds it.
    sender : {"page", "python"}
        The side that sent it.
    """

    name: str
    data: Any
    sender: Literal["page", "python"]


@dataclass
class Call:
    """A call of a command by the page, or of a function of the page by the tool.

    Attributes
    ----------
    name : str
        The name of the command or function.
    params : object
        Its params; None without params.
    caller : {"page", "python"}
        The calling side.
    state : {"open", "ok", "failed", "cancelled"}
        Its end.
    result : object
        Its result.
    error : dict
        Its error: ``{"name", "code", "message", "data"}``.
    parts : list
        The parts of a stream so far.
    progress : list
        The command's progress reports: ``(fraction, message)``.
    is_of_test : bool
        Whether the test made the call, and has received its end.
    """

    name: str
    params: Any
    caller: Literal["page", "python"]
    state: Literal["open", "ok", "failed", "cancelled"] = "open"
    result: Any = None
    error: dict[str, Any] = field(default_factory=dict)
    parts: list[Any] = field(default_factory=list)
    progress: list[tuple[float | None, str]] = field(default_factory=list)
    is_of_test: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether it has not ended."""
        return self.state == "open"

    def __str__(self) -> str:
        """Return the call as a line of a report."""
        who = "the page's call of" if self.caller == "page" else "the tool's call of"
        return f"{who} {self.name!r} ({self.state})"


class Traffic:
    """The traffic of an engine.

    Parameters
    ----------
    engine : Engine
        Is watched from now on.

    Attributes
    ----------
    events : list of Event
        Events in the order of arrival.
    calls : list of Call
        Calls in the order of their begin.

    Notes
    -----
    Thread: the engine's
    """

    def __init__(self, engine: Engine) -> None:
        self.events: list[Event] = []
        self.calls: list[Call] = []
        self._engine = engine
        self._open: dict[tuple[str, str], Call] = {}
        self._claims: deque[str] = deque()
        self._document = ""
        self._pieces: dict[int, str] = {}
        self._sent: deque[tuple[int, list[Callable[[], object]]]] = deque()  # count once the page has run a batch
        self._envelopes = Envelopes()
        Tap.of(engine).add(self._observe)

    def claim(self, name: str) -> None:
        """Treat the next call of this command as a call of the test."""
        self._claims.append(name)

    def _observe(self, kind: str, _: float, *items: Any) -> None:
        """Take a report of the tap."""
        if kind == "page":
            self._on_received(items[0])
        elif kind == "python":
            self._on_taken(items[0])

    # From the page

    def _on_received(self, text: str) -> None:
        whole = self._envelopes.add(text)
        if whole is None:
            return
        document, ack, _, messages = page_messages.decode_envelope(whole)
        self._acknowledged(document, ack)
        for message in messages:
            if isinstance(message, list) and message:
                self._heard(document, message)

    def _heard(self, document: str, message: list[Any]) -> None:
        kind, items = message[0], message[1:]
        if kind == PageMessage.TEXT:  # text of the page's own
            self._heard_text(document, items[0])
        elif kind == PageMessage.EVENT and items:
            self.events += [Event(str(items[0]), detail, "page") for detail in items[1:]]
        elif kind in (PageMessage.CALL, PageMessage.STREAM) and len(items) > 1:
            self._begun(document, items[0], items[1], items[2 + (kind == PageMessage.STREAM) :])
        elif kind == PageMessage.CANCEL and items:
            self._ended(document, items[0], "cancelled")
        elif kind in (PageMessage.RESULT, PageMessage.ERROR) and len(items) > 1:
            self._ended(document, items[0], "ok" if kind == PageMessage.RESULT else "failed", items[1])

    def _heard_text(self, document: str, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return  # from the engine
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "event":
            self.events.append(Event(str(message.get("event")), message.get("detail"), "page"))
        elif kind == "call":
            self._begun(document, str(message.get("id")), str(message.get("method")), [message.get("params")])

    def _begun(self, document: str, call_id: str, name: str, params: Sequence[Any]) -> None:
        call = Call(name, params[0] if params else None, "page")
        if name in self._claims:
            self._claims.remove(name)
            call.is_of_test = True
        self._open[document, call_id] = call
        self.calls.append(call)

    def _ended(self, document: str, call_id: str, state: End, value: Any = None) -> None:
        call = self._open.pop((document, call_id), None)
        if call is None:
            return
        call.state = state
        if state == "failed":
            call.error = value if isinstance(value, dict) else {"message": str(value)}
        elif state == "ok":
            call.result = value

    def _acknowledged(self, document: str, number: int) -> None:
        if document != self._document:
            return
        while self._sent and self._sent[0][0] <= number:
            for note in self._sent.popleft()[1]:
                note()

    # To the page

    def _on_taken(self, delivery: Delivery) -> None:
        self._begin_document(delivery.document)
        text = self._pieces.pop(delivery.number, "") + delivery.text
        if delivery.more:
            self._pieces[delivery.number] = text
        else:
            if any(number == delivery.number for number, _ in self._sent):
                return  # sent again, with its data in it
            batch: Any = json_text.loads(text.encode("utf-8", "surrogatepass"))
            self._sent.append((delivery.number, self._said(delivery.document, batch)))

    def _begin_document(self, document: str) -> None:
        """End the calls of the old page, and count its unacknowledged events again when they are sent again."""
        if document == self._document:
            return
        self._document = document
        self._pieces.clear()
        self._sent.clear()
        for owner, call_id in list(self._open):
            if owner != document:
                self._ended(owner, call_id, "cancelled")

    def _said(self, document: str, batch: list[Any]) -> list[Callable[[], object]]:
        """Return the records that count once the page has run a batch."""
        notes: list[Callable[[], object]] = []
        for message in batch:
            kind, name, items = message[0], message[1], message[2:]
            if kind == protocol.HostMessage.EVENT:
                notes += [partial(self.events.append, Event(name, data, "python")) for data in items]
            elif kind in (protocol.HostMessage.RESULT, protocol.HostMessage.ERROR):
                state: End = "ok" if kind == protocol.HostMessage.RESULT else "failed"
                notes.append(partial(self._ended, document, name, state, items[0]))
            elif kind == protocol.HostMessage.PART:
                notes.append(partial(self._noted, document, name, "parts", items[0]))
            elif kind == protocol.HostMessage.PROGRESS:
                notes.append(partial(self._noted, document, name, "progress", tuple(items[0])))
            elif kind == protocol.HostMessage.CALL:
                call = Call(items[0], items[1] if len(items) > 1 else None, "python")
                self._open[document, name] = call
                self.calls.append(call)
            elif kind == protocol.HostMessage.CANCEL:
                self._ended(document, name, "cancelled")
        return notes

    def _noted(self, document: str, call_id: str, where: str, value: Any) -> None:
        call = self._open.get((document, call_id))
        if call is not None:
            getattr(call, where).append(value)

    # Questions

    def is_heard(self, name: str) -> bool:
        """Return whether the page has, or had, a listener for an event."""
        return self._engine.hears(name)

    def open_calls(self) -> list[Call]:
        """Return the calls that have not ended; the calls of a dead page have ended."""
        session = self._engine.session
        for document, call_id in list(self._open):
            if session is None or session.document != document:
                self._ended(document, call_id, "cancelled")
        return [call for call in self.calls if call.is_open]
