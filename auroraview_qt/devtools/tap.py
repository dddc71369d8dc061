"""Tap: a single seam at which every message of both ends can be observed. No Qt.

The tap puts its own functions in the place of the engine's while it has observers. Without observers nothing is in the way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from auroraview_qt.ipc.calls.failures import report
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.engine.outgoing import DOCUMENT_CHARS, PAGE_CHARS, Delivery
from auroraview_qt.ipc.wire import shelf
from auroraview_qt.ipc.wire.unread import Pieces

#: Receives a kind, the engine's time in seconds, and the items of that kind.
#: ``"page"``: an accepted text of the page without the secret, and the URL of its document.
#: ``"python"``: a delivery to the page. ``"gone"``: the page has ended. ``"closed"``: the last report.
#: ``"drop"``: the name of an event that is not delivered, and the reason; any thread.
#: ``"local"``: name and data of an event of the host itself, such as a drop of files.
Observer = Callable[..., object]

_log = logging.getLogger(__name__)


class Tap:
    """The seam of an engine; use `of`.

    Thread: the engine's; drops are reported on any thread.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._clock = engine._clock
        self._mark = len(engine.secret)
        self._observers: tuple[Observer, ...] = ()

    @staticmethod
    def of(engine: Engine) -> Tap:
        """Return the tap of an engine, made at the first use."""
        attributes = vars(engine)
        if "_tap" not in attributes:
            attributes["_tap"] = Tap(engine)
        tap: Tap = attributes["_tap"]
        return tap

    def add(self, observer: Observer) -> Callable[[], None]:
        """Report to an observer from now on; return the function that ends this. A failing observer is removed."""
        if not self._observers:
            self._attach()
        self._observers = (*self._observers, observer)

        def remove() -> None:
            left = tuple(each for each in self._observers if each is not observer)
            if len(left) < len(self._observers):
                self._observers = left
                if not left:
                    self._detach()

        return remove

    def _attach(self) -> None:
        engine, handler = self._engine, self._engine.handler
        self._receive, self._next_delivery, self._end_session = engine.receive, engine.next_delivery, engine.end_session
        self._on_drop, self._dispatch = engine.queue.on_drop, handler.dispatch
        vars(engine).update(receive=self._received, next_delivery=self._taken, end_session=self._ended)
        engine.queue.on_drop = self._dropped
        vars(handler)["dispatch"] = self._dispatched

    def _detach(self) -> None:
        engine = self._engine
        vars(engine).update(next_delivery=self._next_delivery)
        for holder, name in ((engine, "receive"), (engine, "end_session"), (engine.handler, "dispatch")):
            vars(holder).pop(name, None)
        if not engine.is_closed:
            engine.queue.on_drop = self._on_drop

    def _tell(self, kind: str, *items: Any) -> None:
        time_s = self._clock()
        for observer in self._observers:
            try:
                observer(kind, time_s, *items)
            except BaseException as error:
                self._observers = tuple(each for each in self._observers if each is not observer)
                report(_log, error, "an observer of messages failed, and was removed")

    # In the place of the engine's functions

    def _received(self, text: str, url: str) -> bool:
        accepted = self._receive(text, url)
        if accepted:
            self._tell("page", text[self._mark :], url)
        return accepted

    def _taken(self) -> Delivery | None:
        delivery = self._next_delivery()
        if delivery is not None:
            self._tell("python", delivery._replace(text=shelf.with_data(delivery.text)))
        return delivery

    def _ended(self, **how: bool) -> None:
        had_page = self._engine.session is not None
        self._end_session(**how)
        if had_page:
            self._tell("gone")
        if self._engine.is_closed:
            self._tell("closed")
            self._observers = ()
            self._detach()

    def _dropped(self, name: str, reason: str) -> None:
        self._on_drop(name, reason)
        self._tell("drop", name, reason)

    def _dispatched(self, event: str, data: object) -> int:
        if not event.startswith("__auroraview_"):
            self._tell("local", event, data)
        return self._dispatch(event, data)


class Envelopes:
    """Joins the envelopes that come in pieces. Thread: one."""

    def __init__(self) -> None:
        self._pieces = Pieces(DOCUMENT_CHARS)
        self.clear = self._pieces.clear

    def add(self, text: str) -> str | None:
        """Take a text of the page; return the envelope that is complete with it."""
        if text.startswith("["):
            return text
        pieces = self._pieces.add(text)
        return None if pieces is None else "".join(pieces)


def document_name(document: str) -> str:
    """Return the part of a document's id that may be shown: the rest is a key. Thread: any."""
    return document[:PAGE_CHARS]
