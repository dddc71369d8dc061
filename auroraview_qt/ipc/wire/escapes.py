r"""The escape form: values that JSON lacks, as arrays that no JSON text of a value has. Thread: any. No Qt.

Such an array begins with a tab and the number ``1e999``, which no encoder writes: ``[\t1e999,"number","NaN"]``. The tab
makes a text with escapes cheap to recognise. In JavaScript the number reads as Infinity; Python puts `_STAND_IN` there.
"""

from __future__ import annotations

import array
import binascii
import math
import secrets
from typing import Any

from auroraview_qt.errors import ProtocolError
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


def revived(node: Any) -> Any:
    """Put values in the place of escapes, in lists and dicts that are changed in place.

    Raises
    ------
    ProtocolError
        If an escape is malformed.
    """
    if type(node) is list:
        if node and node[0] == _STAND_IN and type(node[0]) is int:
            return _value(node)
        for index, item in enumerate(node):
            if type(item) is list or type(item) is dict:
                node[index] = revived(item)
    elif type(node) is dict:
        for key, item in node.items():
            if type(item) is list or type(item) is dict:
                node[key] = revived(item)
    return node


def _value(escape: list[Any]) -> object:
    """Return the value of an escape."""
    try:
        _, kind, *items = escape
        if kind == "number":
            (text,) = items
            return float(text[:_MAX_NUMBER_CHARS])
        if kind == "bytes":
            (text,) = items
            return memoryview(_bytes_of(text))
        if kind == "image":  # of a state: a page sends arrays
            width, height, text = items
            pixels = _bytes_of(text)
            if len(pixels) == 4 * width * height:
                return Binary(kind, (width, height), pixels)
        if kind == "array":
            dtype, shape, text = items
            return typed_view(_bytes_of(text), dtype, shape)
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise ProtocolError("a value in the escape form is malformed")


def _bytes_of(text: str) -> bytes:
    """Return the bytes that a text stands for; a page sends base64 only."""
    held = find(text[len(SIGN) :]) if text.startswith(SIGN) else None
    return binascii.a2b_base64(text) if held is None else held.data


def typed_view(data: bytes, dtype: str, shape: list[int] | None) -> memoryview:
    """Return bytes as a view with a data type and a shape; raises ValueError, TypeError or KeyError."""
    code = FORMATS[dtype]
    if shape is not None and (len(shape) > _MAX_DIMENSIONS or any(type(extent) is not int for extent in shape)):
        raise ValueError
    view = memoryview(data)
    if not data:  # a view with a zero in its shape cannot be cast
        return memoryview(array.array("B" if code == "?" else code)).toreadonly()
    return view.cast(code) if shape is None else view.cast(code, shape)  # type: ignore[call-overload,no-any-return]
