r"""The escape form: values that JSON lacks, as arrays that no JSON text of a value has. Thread: any. No Qt.

Such an array begins with a tab and the number ``1e999``, which no encoder writes: ``[\t1e999,"number","NaN"]``. The tab
makes a text with escapes cheap to recognise. In JavaScript the number reads as Infinity; Python puts `_STAND_IN` there.
"""

from __future__ import annotations

import array
import binascii
import math
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from auroraview_qt.errors import MessageTooLargeError, ProtocolError
from auroraview_qt.ipc.wire.limits import MAX_VALUES
from auroraview_qt.ipc.wire.shelf import LARGE_BYTES, SIGN, Held, find
from auroraview_qt.schema.binary import FORMATS, Binary

#: The beginning of an escape, and its place holder while an encoder of JSON writes the text.
MARK = b"\t1e999"
_TAB = ord("\t")
_TOKEN = secrets.token_hex(16)
_QUOTED_TOKEN = f'["{_TOKEN}"'.encode()
_OPENED_MARK = b"[" + MARK
#: Takes the place of the mark in a text that is decoded; too large for an integer of Python's values, and of a page.
_STAND_IN = 2**64 - 1
_STAND_IN_TEXT = b"%d" % _STAND_IN
#: Characters of the text of a number, and dimensions of an array.
_MAX_NUMBER_CHARS, _MAX_DIMENSIONS = 32, 32
#: Bytes and characters that a step reads; values of a step, and those that an escape counts for. A multiple of four.
_PIECE, _STEP, _ESCAPE_COST = 256 * 1024, 8 * 1024, 4
_MALFORMED = "a value in the escape form is malformed"
#: Levels that an escape adds to a value.
LEVELS = 2


def number(value: float) -> list[object]:
    """Return the place holder of a number that JSON lacks; see `written`."""
    text = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return [_TOKEN, "number", text]


def binary(value: Binary, held: list[Held] | None) -> list[object]:
    """Return the place holder of binary data; see `written`. Large data goes into a list, if there is one."""
    if held is not None and memoryview(value.data).nbytes >= LARGE_BYTES:
        held.append(Held(value.data))
        text = SIGN + held[-1].id
    else:
        text = binascii.b2a_base64(value.data, newline=False).decode("ascii")
    return [_TOKEN, value.kind, *value.describing, text]


def written(text: bytes) -> bytes:
    """Return JSON text with escapes for place holders."""
    return text.replace(_QUOTED_TOKEN, _OPENED_MARK)


def has_escapes(data: bytes) -> bool:
    """Return whether JSON text has escapes."""
    return _TAB in data and MARK in data


def masked(data: bytes) -> bytes:
    """Return JSON text with escapes as text for any decoder; `revived` takes its value."""
    return data.replace(MARK, _STAND_IN_TEXT)


def masked_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a text in short pieces as `masked` returns it; raises MessageTooLargeError. The mark may lie in two pieces."""
    left, count = b"", 0
    for piece in pieces:
        for at in range(0, len(piece), _PIECE):
            text = left + piece[at : at + _PIECE]
            end = text.rfind(MARK[:1], 1 - len(MARK))
            if end < 0 or not MARK.startswith(text[end:]):
                end = len(text)
            text, left = text[:end], text[end:]
            count += text.count(MARK)
            if count > MAX_VALUES:
                raise MessageTooLargeError(f"a message has more than {MAX_VALUES:,} values: send it in parts")
            yield masked(text)
    yield left


def revived(value: Any, *, is_page: bool = False) -> Any:
    """Return a value with values in the place of its escapes; lists and dicts are changed in place. Raises as `reviving`."""
    root = [value]
    list(reviving(root, is_page=is_page))
    return root[0]


def reviving(root: list[Any], *, is_page: bool) -> Iterator[None]:
    """Put values in the place of escapes, in lists and dicts that are changed in place; yields after each short step.

    Raises
    ------
    ProtocolError
        If an escape is malformed. A page may send no images, and no large data that is beside a message.
    """
    nodes: list[Any] = [root]
    count = 0
    while nodes:
        node = nodes.pop()
        for key, item in enumerate(node) if type(node) is list else node.items():
            kind = type(item)
            count += 1
            if kind is list and item and type(item[0]) is int and item[0] == _STAND_IN:
                if type(item[-1]) is str and len(item[-1]) > _PIECE:
                    yield from _decoding(item)
                node[key] = _value(item, is_page)
                count += _ESCAPE_COST
            elif kind is list or kind is dict:
                nodes.append(item)
            if count >= _STEP:
                count = 0
                yield


def _decoding(escape: list[Any]) -> Iterator[None]:
    """Decode the long base64 of an escape, in place and in pieces."""
    text, parts = escape[-1], []
    try:
        for at in range(0, len(text), _PIECE):
            parts.append(binascii.a2b_base64(text[at : at + _PIECE]))
            yield
    except ValueError:
        raise ProtocolError(_MALFORMED) from None
    escape[-1] = b"".join(parts)


def _value(escape: list[Any], is_page: bool) -> object:
    """Return the value of an escape."""
    try:
        _, kind, *items = escape
        if kind == "number":
            (text,) = items
            return float(text[:_MAX_NUMBER_CHARS])
        if kind == "bytes":
            (text,) = items
            return memoryview(_bytes_of(text, is_page))
        if kind == "image" and not is_page:  # of a state: a page sends arrays
            width, height, text = items
            pixels = _bytes_of(text, is_page)
            if type(width) is int and type(height) is int and width > 0 and len(pixels) == 4 * width * height:
                return Binary(kind, (width, height), pixels)
        if kind == "array":
            dtype, shape, text = items
            return typed_view(_bytes_of(text, is_page), dtype, shape)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        pass
    raise ProtocolError(_MALFORMED)


def _bytes_of(text: str | bytes, is_page: bool) -> bytes:
    """Return the bytes that a text stands for; a page that named data again and again would fill the memory."""
    if isinstance(text, bytes):
        return text
    if is_page and text.startswith(SIGN):
        raise ValueError
    held = find(text[len(SIGN) :]) if text.startswith(SIGN) else None
    return binascii.a2b_base64(text) if held is None else held.data


def typed_view(data: bytes, dtype: str, shape: list[int] | None) -> memoryview:
    """Return bytes as a view with a data type and a shape; raises ValueError, TypeError or KeyError."""
    code = FORMATS[dtype]
    if shape is not None and (len(shape) > _MAX_DIMENSIONS or any(type(extent) is not int for extent in shape)):
        raise ValueError
    view = memoryview(data)
    if shape is not None and (min(shape, default=0) < 0 or (not data and 0 not in shape)):
        raise ValueError
    if not data:  # a view with a zero in its shape cannot be cast
        return memoryview(array.array("B" if code == "?" else code)).toreadonly()
    return view.cast(code) if shape is None else view.cast(code, shape)  # type: ignore[call-overload,no-any-return]
