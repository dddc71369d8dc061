"""Hold a program's declarations of its events and its state. Thread: any. No Qt.

The TypeScript generator uses them, and data from the page is validated with them. Emits of Python are checked in development
only: they come from the same program as their declaration, and an emit is a hot path.
"""

from __future__ import annotations

import logging
from typing import Any, Callable, Literal, NamedTuple

from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc.calls.failures import report
from auroraview_qt.ipc.wire import json_text, protocol
from auroraview_qt.ipc.wire.message_queue import NOTHING
from auroraview_qt.schema import validation
from auroraview_qt.schema.mismatch import MismatchError
from auroraview_qt.schema.scalar_converters import Converter

#: Who sends an event.
Source = Literal["python", "page"]

_log = logging.getLogger(__name__)


class EventDeclaration(NamedTuple):
    """The declaration of an event: the type of its data, None for no data, and its purpose."""

    payload: Any
    doc: str


class Declarations:
    """The declared events and state of a view.

    Attributes
    ----------
    emitted, received : dict
        Events by name: those Python emits, and those the page sends.
    incoming : dict
        Converters of the events the page sends.
    state : type or None
        A TypedDict or dataclass of the shared state.
    """

    def __init__(self) -> None:
        self.emitted: dict[str, EventDeclaration] = {}
        self.received: dict[str, EventDeclaration] = {}
        self.incoming: dict[str, Converter] = {}
        self.state: Any = None
        self._outgoing: dict[str, Converter] = {}
        self._logged: set[str] = set()

    def declare_event(self, name: str, payload: Any = None, source: Source = "python", doc: str = "") -> None:
        """Declare the data of an event; a later declaration of the same name and source replaces an earlier one.

        Raises
        ------
        InvalidNameError
            If the event's name is invalid.
        ValueError
            `source` is neither ``"python"`` nor ``"page"``.
        """
        protocol.check_event(name)
        if source not in ("python", "page"):
            raise ValueError(f"declare_event({name!r}, source={source!r}): use 'python' or 'page'")
        events, converters = (self.received, self.incoming) if source == "page" else (self.emitted, self._outgoing)
        converters.pop(name, None)
        events[name] = EventDeclaration(payload, doc)
        if payload is not None:
            converters[name] = _when_used(payload)

    def accept(self, event: str, data: object) -> object:
        """Return the data of a page's event, converted to its declared type.

        Raises
        ------
        ProtocolError
            If it does not fit; the message names event and part.
        """
        try:
            return self.incoming[event](data)
        except MismatchError as mismatch:
            raise ProtocolError(f"event {event!r}: {mismatch}") from None
        except BaseException as error:  # a decoder of the program may raise anything
            report(_log, error, "event %r could not be converted", event)
            raise ProtocolError(f"event {event!r}: its decoder failed") from None

    def check_emits(self, emit: Callable[..., None]) -> Callable[..., None]:
        """Wrap an `emit` so that it logs data that does not fit its declaration, each complaint once."""

        def checked_emit(event: str, data: object = NOTHING, *, coalesce: bool = False) -> None:
            emit(event, data, coalesce=coalesce)
            self._check(event, data)

        return checked_emit

    def _check(self, event: str, data: object) -> None:
        convert = self._outgoing.get(event)
        if convert is None:
            return
        try:
            convert(json_text.loads(json_text.dumps(data, f"event {event!r}")))
        except MismatchError as mismatch:
            complaint = f"event {event!r} is not as declared: {mismatch}"
            if complaint not in self._logged:
                self._logged.add(complaint)
                _log.warning(complaint)


def _when_used(annotation: Any) -> Converter:
    """Make a converter when the first value comes, because decoders may be registered until then."""
    result: list[Converter] = []

    def convert(value: Any) -> Any:
        if not result:
            result.append(validation.converter(annotation))
        return result[0](value)

    return convert
