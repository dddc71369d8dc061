"""The wire: names, message kinds, JSON in both directions, size and depth caps. No Qt, no state; any thread.

Page to Python, one string per slot call: the page's secret, then an envelope ::

    {"doc": "<document id>", "ack": <last batch run>, "msgs": [<message object> | "<raw JSON text>", ...]}

Python to page, one batch: a JSON array of arrays, each ``[kind, name or call id, value]`` with the kinds of :class:`Kind`.
"""

from __future__ import annotations

import enum
import json
import re
from typing import NamedTuple

import orjson

from auroraview_qt.errors import InvalidNameError, MessageTooLargeError, ProtocolError, SerializationError

#: Says what the two ends speak; the runtime sends it in its hello.
PROTOCOL_VERSION = 1
#: Characters one slot call may carry; QtWebChannel of Qt 5.15 loses messages from 64 MB on without a word.
MAX_ENVELOPE_CHARS = 32 * 1024 * 1024
#: Nesting of arrays and objects in one event or call; its message and envelope come on top.
MAX_DEPTH = 64
#: Event and command names, checked on both sides.
NAME_PATTERN = r"[A-Za-z0-9_$][A-Za-z0-9_$.:/-]{0,127}"

_NAME = re.compile(NAME_PATTERN)
_ENVELOPE_LEVELS = 3
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"\\'))
_ONE_BRACKET = bytes.maketrans(b"{}", b"[]")


class Kind(enum.IntEnum):
    """What one message to the page is."""

    EVENT = 0
    RESULT = 1
    ERROR = 2
    BIND = 3


class Message(NamedTuple):
    """One encoded message to the page.

    Attributes
    ----------
    kind : Kind
        What it is.
    name : str
        The event's name or the call's id.
    payload : bytes
        The finished JSON array, UTF-8.
    document : str or None
        The only document that may get it (answers), None where any page of the view may (events).
    coalesce : bool
        Whether a newer message of the same name replaces it while it waits.
    """

    kind: Kind
    name: str
    payload: bytes
    document: str | None = None
    coalesce: bool = False


class Envelope(NamedTuple):
    """One decoded slot call: document id, last batch the page has run, messages in the order sent."""

    document: str
    ack: int
    messages: list[object]


def check_name(name: object, what: str = "event") -> str:
    """Return `name` if it is a valid event or command name.

    Raises
    ------
    InvalidNameError
        It is no string, empty, too long or has a character outside ``A-Z a-z 0-9 _ $ . : / -``.

    Notes
    -----
    Thread: any
    """
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise InvalidNameError(
        f"{name!r} is no valid {what} name: use 1 to 128 of the characters A-Z a-z 0-9 _ $ . : / -, "
        "the first a letter, digit, _ or $"
    )


def dumps(value: object, owner: str) -> bytes:
    """Encode `value` as JSON.

    Parameters
    ----------
    value : object
        Anything orjson takes: str-keyed dicts, lists, tuples, numbers, dataclasses, datetimes, enums, UUIDs.
    owner : str
        What the value belongs to, for the message: ``"event 'update_data'"``.

    Raises
    ------
    SerializationError
        JSON cannot hold it.

    Notes
    -----
    Thread: any
    """
    try:
        return orjson.dumps(value)
    except TypeError as error:
        reason = _why_not_json(value) or str(error)
    raise SerializationError(f"{owner}: JSON cannot hold this value: {reason}")


def _why_not_json(value: object, path: str = "data", depth: int = 0) -> str:
    """Find the part of `value` that orjson refused, as ``data['a'][3]: why``; empty where nothing certain is found."""
    if depth > MAX_DEPTH:
        return f"{path}: nested deeper than {MAX_DEPTH} levels, or a cycle"
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                return f"{path}: key {key!r} is {type(key).__name__}, not str"
            if found := _why_not_json(item, f"{path}[{key!r}]", depth + 1):
                return found
        return ""
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            if found := _why_not_json(item, f"{path}[{index}]", depth + 1):
                return found
        return ""
    try:
        orjson.dumps(value)
    except TypeError as error:
        return f"{path}: {type(value).__name__}: {error}"
    return ""


def encode_name(name: str) -> bytes:
    """Encode a name that :func:`check_name` has passed as a JSON string. Thread: any."""
    return b'"' + name.encode("ascii") + b'"'


def event_message(name: str, data: object, *, coalesce: bool = False) -> Message:
    """Encode an event for the page; raises `SerializationError` naming it. Thread: any."""
    payload = b"".join((b"[0,", encode_name(name), b",", dumps(data, f"event {name!r}"), b"]"))
    return Message(Kind.EVENT, name, payload, None, coalesce)


def _encode_id(call_id: str) -> bytes:
    """Encode the id of a call as it came, lone surrogates included, which orjson refuses."""
    return json.dumps(call_id).encode("ascii")


def result_message(call_id: str, value: object, document: str) -> Message:
    """Encode the result of a call; raises `SerializationError`. Thread: any."""
    payload = b"".join((b"[1,", _encode_id(call_id), b",", dumps(value, "result"), b"]"))
    return Message(Kind.RESULT, call_id, payload, document)


def error_message(call_id: str, error: dict[str, object], document: str) -> Message:
    """Encode the error of a call: ``{name, code, message, data?, traceback?}``. Thread: any."""
    payload = b"".join((b"[2,", _encode_id(call_id), b",", orjson.dumps(error), b"]"))
    return Message(Kind.ERROR, call_id, payload, document)


def bind_message(names: list[str], document: str) -> Message:
    """Tell a page that these commands exist from now on. Thread: any."""
    return Message(Kind.BIND, "", orjson.dumps([Kind.BIND, "", names]), document)


def depth_exceeds(data: bytes, limit: int) -> bool:
    """Whether JSON text nests deeper than `limit`, without building objects.

    Brackets and quotes are all that is kept; strings then vanish, and each pass takes the innermost level away, so the
    cost is a few passes of C code over the text. Text with brackets left open counts as too deep; whether a ``[`` meets
    a ``}`` is the parser's to say.

    Notes
    -----
    Thread: any
    """
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    bare = data.translate(_ONE_BRACKET, _NOT_STRUCTURE).replace(b"\\", b"").replace(b'""', b"")
    if b'"' in bare:
        bare = b"".join(bare.split(b'"')[::2])
    for _ in range(limit):
        if not bare:
            return False
        bare = bare.replace(b"[]", b"")
    return bool(bare)


def loads(data: bytes) -> object:
    """Decode JSON from the page.

    Lone surrogates (file names on Linux) are what orjson refuses and the standard library keeps.

    Raises
    ------
    ProtocolError
        It is not JSON.

    Notes
    -----
    Thread: any
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise ProtocolError(f"not JSON: {error}") from None


def decode_envelope(text: str) -> Envelope:
    """Decode what follows the secret in one slot call.

    Raises
    ------
    MessageTooLargeError
        Over `MAX_ENVELOPE_CHARS` or nested deeper than `MAX_DEPTH`; nothing was parsed.
    ProtocolError
        Not JSON, or not of the shape in this module's docstring.

    Notes
    -----
    Thread: any
    """
    data = _guarded(text, MAX_DEPTH + _ENVELOPE_LEVELS)
    envelope = loads(data)
    if isinstance(envelope, dict):
        document, ack, messages = envelope.get("doc"), envelope.get("ack"), envelope.get("msgs")
        if isinstance(document, str) and isinstance(ack, int) and isinstance(messages, list):
            return Envelope(document, ack, messages)
    raise ProtocolError("an envelope has to be {doc: string, ack: integer, msgs: array}")


def decode_message(raw: object) -> dict[str, object]:
    """Turn one entry of an envelope into a message object; text from ``window.ipc.postMessage`` is parsed here.

    Raises
    ------
    ProtocolError
        Not JSON, nested too deeply, or not an object with a string ``type``.

    Notes
    -----
    Thread: any
    """
    if isinstance(raw, str):
        raw = loads(_guarded(raw, MAX_DEPTH + 1))
    if isinstance(raw, dict) and isinstance(raw.get("type"), str):
        return raw
    raise ProtocolError("a message has to be an object with a string 'type'")


def _guarded(text: str, depth: int) -> bytes:
    """Encode `text` after checking its size and depth."""
    if len(text) > MAX_ENVELOPE_CHARS:
        raise MessageTooLargeError(
            f"a message of {len(text):,} characters is over the cap of {MAX_ENVELOPE_CHARS:,}: send it in parts"
        )
    data = text.encode("utf-8", "surrogatepass")
    if depth_exceeds(data, depth):
        raise MessageTooLargeError(f"a message nests deeper than {MAX_DEPTH} levels, or its brackets do not match")
    return data
