"""Define the kinds of the page's messages, and decode them in a single place. Thread: any. No Qt.

One string per slot call or pull: the page's secret, then an envelope ::

    ["<document id>", <last batch run>, <flow>, [<message>, ...]]

with a :class:`Flow` and messages that are arrays. Each begins with its :class:`PageMessage`:

- ``[0, name, detail, detail, ...]``: events of one name;
- ``[1, id, method]`` or ``[1, id, method, params]``: a call;
- ``[2, {"type": ...}]``: the runtime's own hello, ready and listen;
- ``[3, "text"]``: JSON text that the page gave to ``ipc.postMessage``;
- ``[4, number, ...patch]``: a write of the shared state;
- the others: see `_SHAPES`.
"""

from __future__ import annotations

import enum

from auroraview_qt.errors import MessageTooLargeError, ProtocolError
from auroraview_qt.ipc.wire import plugins
from auroraview_qt.ipc.wire.json_text import guarded, loads
from auroraview_qt.ipc.wire.limits import MAX_DEPTH, MAX_ID_CHARS, MAX_POSTED_CHARS

#: Levels of an envelope above a detail: the envelope, its list of messages, the message.
_ENVELOPE_LEVELS = 3


class PageMessage(enum.IntEnum):
    """The kind of a page's message."""

    EVENT = 0
    CALL = 1
    LIFE = 2
    TEXT = 3
    STATE = 4
    CANCEL = 5
    STREAM = 6
    CREDIT = 7
    RESULT = 8
    ERROR = 9
    PROGRESS = 10


class Flow(enum.IntEnum):
    """The meaning of an envelope for the envelopes after it."""

    WHOLE = 0
    """It is complete: its acknowledgement and its messages count."""
    PART = 1
    """The first piece of a larger envelope: nothing counts before the piece that completes it."""
    PULL = 2
    """It has no messages: many messages wait in the page, and a script has to fetch them."""
    MORE = 3
    """It is complete, and the page keeps more that is to be fetched."""


#: Kinds and flows that are compared for each message; plain numbers, which is faster than a member of an enum.
EVENT, CALL = int(PageMessage.EVENT), int(PageMessage.CALL)
WHOLE, PART, PULL, MORE = map(int, Flow)
_FLOWS = frozenset((WHOLE, PART, PULL, MORE))


def decode_envelope(text: str) -> tuple[str, int, int, list[object]]:
    """Decode the text after the secret in a slot call or pull: document, last batch run, flow, and messages.

    Raises
    ------
    MessageTooLargeError
        If it is over `MAX_ENVELOPE_CHARS` or nested deeper than `MAX_DEPTH`; nothing was parsed.
    ProtocolError
        If it is not JSON, or not of the shape in this module's docstring.
    """
    data = guarded(text, MAX_DEPTH + _ENVELOPE_LEVELS)
    envelope = loads(data, is_page=True)
    if isinstance(envelope, list) and len(envelope) == 4:
        document, ack, flow, messages = envelope
        is_flow = type(flow) is int and flow in _FLOWS
        if isinstance(document, str) and type(ack) is int and ack >= 0 and is_flow and isinstance(messages, list):
            return document, ack, flow, messages
    raise ProtocolError("an envelope has to be [document: string, ack: integer, flow: 0 to 3, messages: array]")


def listen_message(message: list[object]) -> list[object] | None:
    """Return the names in a message ``[2, {"type": "listen", "names": [...]}]``, None for any other."""
    if len(message) == 2 and message[0] == PageMessage.LIFE:
        life = message[1]
        if isinstance(life, dict) and life.get("type") == "listen" and isinstance(life.get("names"), list):
            return list(life["names"])
    return None


def hello_message(messages: list[object]) -> dict[str, object] | None:
    """Return the hello at the beginning of a new document's messages, or None."""
    first = messages[0] if messages else None
    life = first[1] if isinstance(first, list) and len(first) == 2 and first[0] == PageMessage.LIFE else None
    return life if isinstance(life, dict) and life.get("type") == "hello" else None


#: Messages about calls: their type, the names of their items, and the number of required items.
_SHAPES: dict[int, tuple[str, tuple[str, ...], int]] = {
    PageMessage.CANCEL: ("cancel", ("id",), 1),
    PageMessage.STREAM: ("stream", ("id", "method", "credit", "params"), 3),
    PageMessage.CREDIT: ("credit", ("id", "credit"), 2),
    PageMessage.RESULT: ("result", ("id", "value"), 2),
    PageMessage.ERROR: ("error", ("id", "error"), 2),
    PageMessage.PROGRESS: ("progress", ("id", "fraction", "message"), 3),
}


def _shaped(items: list[object], kind: str, names: tuple[str, ...], least: int) -> object:
    """Return the items of a message by name; None if their number or an item is wrong."""
    if not least <= len(items) <= len(names):
        return None
    message = dict(zip(names, items))
    method, credit = message.get("method", ""), message.get("credit", 0)
    if is_id(message["id"]) and isinstance(method, str) and type(credit) is int and credit >= 0:
        return {"type": kind, **message}
    return None


def is_id(value: object) -> bool:
    """Return whether this can be the id of a call."""
    return type(value) is str and len(value) <= MAX_ID_CHARS


def is_call(message: list[object]) -> bool:
    """Return whether a message of three or four items is a call of the page's runtime."""
    kind, call_id = message[0], message[1]  # the test of is_id() stands here itself, because calls are frequent
    is_call_id = type(call_id) is str and len(call_id) <= MAX_ID_CHARS
    return is_call_id and type(kind) is int and kind == CALL and type(message[2]) is str


def is_event_message(message: list[object]) -> bool:
    """Return whether a message that begins with `EVENT` is a message of events with the same name."""
    return type(message[0]) is int and type(message[1]) is str


def is_state(message: list[object]) -> bool:
    """Return whether the kind of a message is a write of the shared state."""
    return bool(message) and type(message[0]) is int and message[0] == PageMessage.STATE


def decode_message(raw: object) -> dict[str, object]:
    """Turn a message of an envelope, or a single event, into an object; the page's own JSON text is parsed here.

    Returns
    -------
    dict
        An object with a string ``type``. For the type ``"event"`` it has ``event`` and ``detail``. For ``"call"`` it has
        ``id``, ``method`` and possibly ``params``. A message of type ``"invoke"`` has become its call.

    Raises
    ------
    ProtocolError
        If it is not JSON, nested too deeply, or has none of the shapes in this module's docstring.
    """
    message: object = None
    if isinstance(raw, list) and raw and type(raw[0]) is int:
        kind, items = raw[0], raw[1:]
        if kind == EVENT and len(items) == 2:
            message = {"type": "event", "event": items[0], "detail": items[1]}
        elif kind == CALL and len(items) in (2, 3) and is_id(items[0]):
            message = {"type": "call", **dict(zip(("id", "method", "params"), items))}
        elif kind == PageMessage.LIFE and len(items) == 1:
            message = items[0]
        elif kind in _SHAPES:
            message = _shaped(items, *_SHAPES[kind])
        elif kind == PageMessage.TEXT and len(items) == 1 and isinstance(items[0], str):
            if len(items[0]) > MAX_POSTED_CHARS:
                raise MessageTooLargeError(
                    f"a message of text has {len(items[0]):,} characters, at most {MAX_POSTED_CHARS:,}"
                )
            message = loads(guarded(items[0], MAX_DEPTH + 1), is_page=True)
    if isinstance(message, dict) and isinstance(message.get("type"), str):
        return plugins.as_call(message) if message["type"] == "invoke" else message
    raise ProtocolError("a message has to be an array of the protocol, or JSON of an object with a string 'type'")
