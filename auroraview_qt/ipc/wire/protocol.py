"""Define names, and encode the messages to the page as JSON. Thread: any. No Qt. `page_messages` is the other direction.

A batch is a JSON array of arrays: ``[0, name, data, data, ...]`` for events of the same name, else ``[kind, call id,
value]`` with the kinds of :class:`HostMessage`.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple, Union

import orjson

from auroraview_qt._wording import short_repr
from auroraview_qt.errors import InvalidNameError
from auroraview_qt.ipc.wire.exact_json import LETTER, STRICT, is_finite
from auroraview_qt.ipc.wire.json_text import dumps
from auroraview_qt.ipc.wire.limits import MAX_TEXT_BYTES
from auroraview_qt.ipc.wire.shelf import framed

#: Replaces a name: all events.
EVERY_NAME = "*"
#: Version of the protocol between the two ends; the runtime sends it in its hello.
PROTOCOL_VERSION = 3
#: Names of events: any text without control characters but `EVERY_NAME`. Checked on both sides; JavaScript needs the flag u.
EVENT_PATTERN = r"(?!\*$)[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,128}"
#: Names of commands, streams and functions, checked on both sides.
NAME_PATTERN = r"[A-Za-z0-9_$][A-Za-z0-9_$.:/-]{0,127}"

_EVENT = re.compile(EVENT_PATTERN)
_NAME = re.compile(NAME_PATTERN)
#: Heads of event messages by name, so that a name is checked and encoded once; cleared when full.
HEADS: dict[str, bytes] = {}
MAX_HEADS = 65_536
#: Maximum number of heads for which a batch is searched; with more heads each event is checked.
_COUNTED_HEADS = 16


class HostMessage(enum.IntEnum):
    """The kind of a message to the page."""

    EVENT = 0
    RESULT = 1
    ERROR = 2
    BIND = 3
    STATE = 4
    PROGRESS = 5
    PART = 6
    CALL = 7
    CANCEL = 8
    EVALUATE = 9


def _start(kind: HostMessage) -> bytes:
    """Return how the JSON of a message of this kind begins."""
    return b"[%d," % kind


_EVENT_START = _start(HostMessage.EVENT)
#: Beginning of an event up to its name, and the index of the first character of the name.
_EVENT_HEAD = _EVENT_START + b'"'
_NAME_AT = len(_EVENT_HEAD)
_RESULT_START = _start(HostMessage.RESULT)
#: Beginning of a message about the shared state; it has no name.
STATE_HEAD = _start(HostMessage.STATE) + b'"",'


class Message(NamedTuple):
    """An encoded message to the page that is not a plain event; an event is only its payload.

    Attributes
    ----------
    kind : HostMessage
        The kind.
    name : str
        The event's name; empty for other kinds.
    payload : bytes
        The finished JSON array, UTF-8.
    document : str or None
        The only document that may get it (answers), or None if any page of the view may (events).
    coalesce : bool
        Whether a newer message of the same name replaces it while it waits.
    crashes_left : int
        For an event that was in flight when a renderer died: the number of further deaths that it may be in flight alone;
        otherwise 0.
    """

    kind: HostMessage
    name: str
    payload: bytes
    document: str | None = None
    coalesce: bool = False
    crashes_left: int = 0


#: Entries of a queue. Plain events are bytes: 100,000 of them cost no object each that the garbage collector visits.
Entry = Union[bytes, Message]


def payload_of(entry: Entry) -> bytes:
    """Return the JSON array of a queue's entry."""
    return entry if isinstance(entry, bytes) else entry.payload


def as_message(entry: Entry) -> Message:
    """Return a queue's entry as a `Message`, with its name."""
    if isinstance(entry, bytes):
        return Message(HostMessage.EVENT, name_of(head_of(entry)), entry)
    return entry


def check_event(name: object, what: str = "event") -> str:
    """Return `name` if it is a valid event name.

    Raises
    ------
    InvalidNameError
        It is no string, empty, too long, ``"*"``, or has a control character or a lone surrogate.
    """
    if isinstance(name, str) and _EVENT.fullmatch(name):
        return name
    raise InvalidNameError(
        f"{short_repr(name)} is no valid {what} name: use a text of 1 to 128 characters without control characters, not '*'"
    )


def check_name(name: object, what: str = "command") -> str:
    """Return `name` if it is a valid name of a command, or of what is called like one.

    Raises
    ------
    InvalidNameError
        If it is not a string, is empty, too long or has a character outside ``A-Z a-z 0-9 _ $ . : / -``.
    """
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise InvalidNameError(
        f"{short_repr(name)} is no valid {what} name: use 1 to 128 of the characters A-Z a-z 0-9 _ $ . : / -, "
        "the first a letter, digit, _ or $"
    )


class UnheardError(Exception):
    """A batch has an event with a head outside the given heads."""


def head_of(entry: Entry) -> bytes:
    """Return the head of an event, which contains its name: ``[0,"name",``."""
    payload = payload_of(entry)
    return payload[: payload.index(b'"', _NAME_AT) + 2]


def event_head(name: str) -> bytes:
    """Return the head of the events of a valid name; see `head_of`.

    Quotes and backslashes of the name are in it as their numbers, so that the next quote ends the name.
    """
    text = name.replace("\\", "\\u005c").replace('"', "\\u0022")
    return _EVENT_HEAD + text.encode() + b'",'


def name_of(head: bytes) -> str:
    """Return the name in an event's head."""
    return str(orjson.loads(head[_NAME_AT - 1 : -1]))


def join_payloads(payloads: list[bytes], heads: Collection[bytes] | None = None) -> bytes:
    """Join payloads to a batch; neighbours with the name of the first event become a single message.

    This halves the page's work.

    Parameters
    ----------
    payloads : list of bytes
        All of them events, or none.
    heads : collection of bytes, optional
        The allowed heads of events; see `head_of`.

    Raises
    ------
    UnheardError
        If an event has another head.
    """
    # No JSON text has this byte, so it can only be found between two messages.
    batch = b"\0".join(payloads)
    if payloads and payloads[0].startswith(_EVENT_HEAD):
        head = payloads[0][: payloads[0].index(b'"', _NAME_AT) + 2]
        other_events = len(payloads) - 1 - batch.count(b"\0" + head)
        if heads is not None and (head not in heads or (other_events and not _have_heads(batch, other_events, head, heads))):
            raise UnheardError
        if not other_events:
            batch = batch.replace(b"]\0" + head, b",")
        elif other_events * 4 < len(payloads):
            batch = _merge(batch, head)
    return b"[" + batch.replace(b"\0", b",") + b"]"


def _have_heads(batch: bytes, other_events: int, first: bytes, heads: Collection[bytes]) -> bool:
    """Return whether the `other_events` events of a batch whose head is not the `first` have one of `heads`."""
    if len(heads) > _COUNTED_HEADS:
        return all(entry[: entry.index(b'"', _NAME_AT) + 2] in heads for entry in batch.split(b"\0"))
    for head in heads:
        if head != first:
            other_events -= batch.count(b"\0" + head)
            if not other_events:
                return True
    return False


def _merge(batch: bytes, head: bytes) -> bytes:
    """Merge neighbours that begin with `head`, if other events stand between them; the batch begins with `head`."""
    separator = b"]\0\1"
    run, *others = batch.replace(b"\0" + head, b"\0\1").split(b"\0[")
    merged = [run.replace(separator, b",")]
    for other in others:
        other_event, behind, run = other.partition(separator)
        merged.append(other_event + (b"]\0" + head + run.replace(separator, b",") if behind else b""))
    return b"\0[".join(merged)


def event_payload(name: str, data: object) -> bytes:
    """Encode an event for the page.

    Raises
    ------
    InvalidNameError
        The name is not valid; see `check_event`.
    SerializationError
        If JSON cannot hold `data`; the message names event and part.
    """
    try:
        payload = HEADS[name] + orjson.dumps(data, None, STRICT) + b"]"
        if LETTER in payload and payload.find(b"null") >= 0 and not is_finite(data):
            raise TypeError  # from here on as below
        return payload
    except (KeyError, TypeError):  # a new name, or a value that JSON cannot hold: speed does not matter
        head = event_head(check_event(name))
        payload = framed(head, dumps(data, f"event {name!r}", "detail", holds=True), b"]")
        if len(HEADS) >= MAX_HEADS:
            HEADS.clear()
        HEADS[name] = head
        return payload


def coalesced_message(name: str, data: object) -> Message:
    """Encode an event that a newer event of the same name replaces while it waits; raises as `event_payload`."""
    return Message(HostMessage.EVENT, name, event_payload(name, data), None, True)


def _encode_id(call_id: str) -> bytes:
    """Encode the id of a call unchanged, with lone surrogates, which orjson refuses."""
    if call_id.isalnum():  # as the ids of the package's runtime are
        return f'"{call_id}"'.encode()
    return json.dumps(call_id).encode("ascii")


def result_payload(call_id: str, value: object) -> bytes:
    """Encode the result of a call; raises `SerializationError`."""
    head = _RESULT_START + _encode_id(call_id) + b","
    try:
        payload = head + orjson.dumps(value, None, STRICT) + b"]"
        if (LETTER not in payload or payload.find(b"null") < 0 or is_finite(value)) and len(payload) <= MAX_TEXT_BYTES:
            return payload
    except TypeError:
        pass
    return framed(head, dumps(value, "result", "result", holds=True), b"]")


def error_payload(call_id: str, error: dict[str, object]) -> bytes:
    """Encode the error of a call: ``{name, code, message, data?, traceback?}``."""
    return _start(HostMessage.ERROR) + _encode_id(call_id) + b"," + dumps(error, "error", "error") + b"]"


def part_payload(call_id: str, value: object) -> bytes:
    """Encode a part of a stream; raises `SerializationError`."""
    head = _start(HostMessage.PART) + _encode_id(call_id) + b","
    return framed(head, dumps(value, "part of a stream", "part", holds=True), b"]")


def progress_message(call_id: str, fraction: float | None, text: str, document: str) -> Message:
    """Report the progress of a call to a page; a newer report replaces a waiting report."""
    payload = _start(HostMessage.PROGRESS) + _encode_id(call_id) + b"," + dumps([fraction, text], "progress") + b"]"
    return Message(HostMessage.PROGRESS, f"\0{document}{call_id}", payload, document, True)  # no event has such a name


def call_message(call_id: str, name: str, arguments: Sequence[object]) -> Message:
    """Call a function of the page, without params or with a single value.

    Raises
    ------
    InvalidNameError, SerializationError
        As for `event_payload`.
    """
    head = _start(HostMessage.CALL) + f'"{call_id}","{check_name(name, "function")}"'.encode("ascii")
    for params in arguments:
        text = dumps(params, f"call of {name!r}", "params", holds=True)
        return Message(HostMessage.CALL, call_id, framed(head + b",", text, b"]"))
    return Message(HostMessage.CALL, call_id, head + b"]")


def cancel_message(call_id: str, document: str) -> Message:
    """Tell a page that Python no longer waits for a call."""
    return Message(HostMessage.CANCEL, "", _start(HostMessage.CANCEL) + f'"{call_id}"]'.encode("ascii"), document)


def evaluate_message(call_id: str) -> Message:
    """Let a page run a source that has been handed to it."""
    return Message(HostMessage.EVALUATE, call_id, _start(HostMessage.EVALUATE) + f'"{call_id}"]'.encode("ascii"))


def answer_message(payload: bytes, document: str) -> Message:
    """Answer a call of a document, the only document that may get the answer."""
    return Message(HostMessage(int(payload[1:2])), "", payload, document)


def listened_names(names: Sequence[object]) -> list[str]:
    """Return the valid event names among the names that a page listens to; the DOM has other types, too."""
    return [name for name in names if isinstance(name, str) and (name == EVERY_NAME or _EVENT.fullmatch(name))]


def is_event(entry: Entry) -> bool:
    """Return whether an entry is an event, not an answer."""
    return payload_of(entry).startswith(_EVENT_START)


def bind_message(names: list[str], document: str) -> Message:
    """Tell a page that these commands exist from now on."""
    return Message(HostMessage.BIND, "", orjson.dumps([HostMessage.BIND, "", names]), document)
