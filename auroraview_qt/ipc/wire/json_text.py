"""Encode and decode JSON text, with limits on size and depth that hold before parsing. Thread: any. No Qt."""

from __future__ import annotations

import json
from typing import Any

import orjson

from auroraview_qt.errors import MessageTooLargeError, ProtocolError, SerializationError
from auroraview_qt.ipc.wire import escapes, exact_json
from auroraview_qt.ipc.wire.limits import MAX_DEPTH, MAX_TEXT_BYTES

#: Maximum characters of a slot call; QtWebChannel of Qt 5.15 silently loses messages from 64 MB on.
MAX_ENVELOPE_CHARS = 32 * 1024 * 1024

_NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"\\'))
_ONE_BRACKET = bytes.maketrans(b"{}", b"[]")


def dumps(value: object, owner: str, root: str = "value", *, holds: bool = False) -> bytes:
    """Encode `value` as JSON, with escapes.

    Parameters
    ----------
    value : object
        Any value of `exact_json`.
    owner : str
        The owner of the value, for the message: ``"event 'update_data'"``.
    root : str
        The name of the value, with which the path to a part begins.
    holds : bool
        Whether the text may be a `Laden`, with large data beside it.

    Raises
    ------
    SerializationError
        If a part of it has no exact form.
    MessageTooLargeError
        If its text is longer than `MAX_TEXT_BYTES`.
    """
    try:
        text = exact_json.dumps(value, root, holds=holds)
    except SerializationError as error:
        raise SerializationError(f"{owner}: {error}") from error.__cause__
    check_length(len(text), owner)
    return text


def check_length(size: int, owner: str) -> None:
    """Raise `MessageTooLargeError` for a text that is longer than a page can hold."""
    if size > MAX_TEXT_BYTES:
        raise MessageTooLargeError(f"{owner}: {size:,} bytes are above the limit of {MAX_TEXT_BYTES:,}: send it in parts")


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


def loads(data: bytes, *, is_page: bool = False) -> object:
    """Decode JSON with escapes, of a page or of the program.

    The standard library accepts lone surrogates (file names on Linux), which orjson refuses. Its other extensions, such as
    ``NaN``, are refused, too.

    Raises
    ------
    ProtocolError
        If it is not JSON, or an escape in it is malformed.
    """
    if escapes.has_escapes(data):
        return escapes.revived(loads_plain(escapes.masked(data)), is_page=is_page)
    return loads_plain(data)


def loads_plain(data: bytes) -> Any:
    """Decode JSON without escapes, or with masked escapes; raises `ProtocolError`."""
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
    if depth_exceeds(data, depth + escapes.LEVELS if escapes.has_escapes(data) else depth):
        raise MessageTooLargeError(f"a message nests deeper than {MAX_DEPTH} levels, or its brackets do not match")
    return data
