"""Decode the messages of a timeline for its rows. Thread: any. No Qt."""

from __future__ import annotations

from typing import Any

import orjson

from auroraview_qt.errors import ProtocolError
from auroraview_qt.ipc.wire import json_text

#: Characters of a text that is decoded for its rows.
MAX_DECODED_CHARS = 512 * 1024


def decoded(text: str) -> Any:
    """Decode a text, unless it is so large that this would take long."""
    if len(text) > MAX_DECODED_CHARS:
        return None
    try:
        return json_text.loads(text.encode("utf-8", "surrogatepass"))
    except ProtocolError:
        return None


def size_of(message: Any, otherwise: int) -> int:
    """Return the bytes of a message; an estimate for values that only the package's own JSON holds."""
    try:
        return len(orjson.dumps(message))
    except TypeError:
        return otherwise


def value_of(sender: str, kind: str, message: list[Any]) -> Any:
    """Return the part of a message that a developer looks for."""
    if kind == "text":
        return message[1]
    if kind in ("call", "stream"):
        given = message[4:] if kind == "stream" else message[3:]
        return given[0] if given else None
    if kind in ("result", "error", "part", "progress") and len(message) == 3:
        return message[2]
    return message[1] if kind == "life" else message[1:] if sender == "page" else message[2:]
