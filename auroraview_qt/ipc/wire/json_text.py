"""Encode and decode JSON text, with limits on size and depth that hold before parsing. Thread: any. No Qt."""

from __future__ import annotations

import json

import orjson

from auroraview_qt.errors import MessageTooLargeError, ProtocolError, SerializationError
from auroraview_qt.ipc.wire.limits import MAX_DEPTH
from auroraview_qt.schema import encoders

#: Maximum characters of a slot call; QtWebChannel of Qt 5.15 silently loses messages from 64 MB on.
MAX_ENVELOPE_CHARS = 32 * 1024 * 1024

_NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"\\'))
_ONE_BRACKET = bytes.maketrans(b"{}", b"[]")


def dumps(value: object, owner: str) -> bytes:
    """Encode `value` as JSON.

    Parameters
    ----------
    value : object
        Any value for orjson: str-keyed dicts, lists, tuples, numbers, dataclasses, datetimes, enums, UUIDs, NumPy arrays;
        and types with an encoder, see `encoders`.
    owner : str
        The owner of the value, for the message: ``"event 'update_data'"``.

    Raises
    ------
    SerializationError
        If JSON cannot hold it.
    """
    try:
        return encoders.dumps(value)
    except TypeError as error:
        cause = error.__cause__
        if isinstance(cause, encoders.EncoderError) and isinstance(cause.__cause__, (SystemExit, KeyboardInterrupt)):
            raise cause.__cause__ from None  # the wish of the program, and no word about the value
        reason = _why_not_json(value) or _reason(error)
    raise SerializationError(f"{owner}: JSON cannot hold this value: {reason}")


def _reason(error: TypeError) -> str:
    """Return the error of orjson, or of the encoder that it called."""
    cause = error.__cause__
    return str(cause) if isinstance(cause, encoders.EncoderError) else str(error)


def _why_not_json(value: object, path: str = "data", depth: int = 0) -> str:
    """Find the part of `value` that orjson refused, as ``data['a'][3]: why``; empty if it is not certain."""
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
        encoders.dumps(value)
    except TypeError as error:
        return f"{path}: {type(value).__name__}: {_reason(error)}"
    return ""


def depth_exceeds(data: bytes, limit: int) -> bool:
    """Return whether JSON text nests deeper than `limit`, without building objects.

    Only brackets and quotes are kept; then strings are removed, and each pass removes the innermost level. So the cost is a
    few passes of C code over the text. Text with more than `limit` unmatched brackets counts as too deep; the parser decides
    whether a ``[`` meets a ``}``.
    """
    if data.count(b"[") + data.count(b"{") <= limit:
        return False
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    bare = data.translate(_ONE_BRACKET, _NOT_STRUCTURE).replace(b"\\", b"").replace(b'""', b"")
    if b'"' in bare:
        bare = b"".join(bare.split(b'"')[::2])
    for _ in range(limit):
        size = len(bare)
        bare = bare.replace(b"[]", b"")
        if not bare or len(bare) == size:  # no pair is left: not even a very long text is looked at again and again
            break
    return bool(bare)


def loads(data: bytes) -> object:
    """Decode JSON from the page.

    The standard library accepts lone surrogates (file names on Linux), which orjson refuses. Its other extensions, such as
    ``NaN``, are refused, too.

    Raises
    ------
    ProtocolError
        If it is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            # As text: given bytes with a NUL among them, the standard library takes them for UTF-16.
            text = data.decode("utf-8", "surrogatepass")
            return json.loads(text, parse_constant=_refuse, parse_int=_number, parse_float=_number)
        except (ValueError, RecursionError):
            raise ProtocolError(f"not JSON: {error}") from None


def _refuse(constant: str) -> object:
    """Refuse ``NaN`` and ``Infinity``, which are no JSON."""
    raise ValueError(constant)


def _number(text: str) -> object:
    """Read a number as orjson does: as a float above 64 bits, and not at all if no float can hold it."""
    return orjson.loads(text)


def guarded(text: str, depth: int) -> bytes:
    """Encode `text` as UTF-8 after checking its size and depth.

    Raises
    ------
    MessageTooLargeError
        If it has more than `MAX_ENVELOPE_CHARS` characters, or nests deeper than `depth`.
    """
    if len(text) > MAX_ENVELOPE_CHARS:
        raise MessageTooLargeError(
            f"a message of {len(text):,} characters is above the limit of {MAX_ENVELOPE_CHARS:,}: send it in parts"
        )
    return checked(text.encode("utf-8", "surrogatepass"), depth)


def checked(data: bytes, depth: int) -> bytes:
    """Return JSON text that does not nest deeper than `depth`; raises `MessageTooLargeError`. Thread: any."""
    if depth_exceeds(data, depth):
        raise MessageTooLargeError(f"a message nests deeper than {MAX_DEPTH} levels, or its brackets do not match")
    return data
