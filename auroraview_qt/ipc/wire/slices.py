"""Decode a large JSON text a piece at a time, so that no step holds the thread for long. Thread: the owner's. No Qt.

The text is cut before commas. Each slice is completed to a JSON text. In front of it stand the open containers, each with a
stand-in for its earlier items. Behind it stand the ends of the containers that it leaves open. The parser decodes this text,
and the new items go into the containers of the slices before. So the parser, in C, does the work.
"""

from __future__ import annotations

import gc
import re
import secrets
from collections import deque
from collections.abc import Iterable
from typing import Any

from auroraview_qt.errors import MessageTooLargeError, ProtocolError
from auroraview_qt.ipc.wire.json_text import loads_plain

#: Bytes that a step decodes.
SLICE_BYTES = 32 * 1024
#: Bytes of the longest escape in a string: it must not be cut.
_ESCAPE_BYTES = 6
#: The first half of a character that takes two escapes.
_HALF = re.compile(rb"\\u[dD][89abAB]")

_OPEN, _CLOSE = b"[{", b"]}"
_CLOSING = bytes.maketrans(_OPEN, _CLOSE)
_NO_BRACKETS = bytes(set(range(256)) - set(_OPEN + _CLOSE))
#: Replaces the decoded part, and marks the end of each slice; pages cannot guess the marks.
_STAND_IN, _END = secrets.token_hex(16), secrets.token_hex(16)
_NAMED_STAND_IN, _NAMED_END = f'"{_STAND_IN}":'.encode(), f'"{_END}":0'.encode()
_QUOTED_STAND_IN, _QUOTED_END = f'"{_STAND_IN}"'.encode(), f'"{_END}"'.encode()


class SlicedJson:
    """A JSON text on its way to a value.

    Parameters
    ----------
    pieces : iterable of bytes
        The text, UTF-8.
    max_depth : int
        Levels of arrays and objects.
    max_values : int
        Items and members, and the containers themselves.

    Attributes
    ----------
    value : object
        The outcome, once `step` has returned True.

    Notes
    -----
    Thread: one
    """

    def __init__(self, pieces: Iterable[bytes], max_depth: int, max_values: int) -> None:
        self.value: Any = None
        self._pieces = deque(pieces)
        self._at = 0  # in the first of them
        self._max_depth = max_depth
        self._max_values = max_values
        self._values = 0
        # The text becomes the only item of a root, so that a slice always begins inside of a container.
        self._kinds = b"["
        self._containers: list[Any] = [[]]
        self._left = b","  # of the text, not decoded: from the comma before a value on
        self._string: list[str] | None = None  # of the string the text is in
        self._before = b""  # this string, with the remaining text

    def step(self) -> bool:
        """Decode one slice; return whether that was the last.

        Raises
        ------
        ProtocolError
            If it is not JSON, or has a name twice in an object, which a page's JSON never has.
        MessageTooLargeError
            If it has too many levels or values.
        """
        is_last = not self._pieces
        if not is_last:
            self._left += self._next()
        # A collection of all objects in the middle of a slice would take many times longer than the slice.
        collects = gc.isenabled()
        gc.disable()
        try:
            if self._string is not None:
                self._go_on_in_string(self._string, is_last)
            else:
                self._decode(is_last)
        finally:
            if collects:
                gc.enable()
        if not is_last:
            return False
        if len(self._kinds) > 1 or len(self._containers[0]) != 1 or self._string is not None or self._left:
            raise ProtocolError("not JSON: it ends too early, or too late")
        (self.value,) = self._containers[0]
        return True

    def _next(self) -> bytes:
        """Take the next slice out of the pieces."""
        piece, start = self._pieces[0], self._at
        self._at += SLICE_BYTES
        if self._at >= len(piece):
            self._pieces.popleft()
            self._at = 0
        return piece[start : start + SLICE_BYTES]

    def _decode(self, is_last: bool) -> None:
        """Decode the text up to its last comma, or up to its end."""
        text = self._left
        parts = _masked(text).split(b'"')  # those with even numbers stand outside of strings
        end, used = len(text), len(parts)
        if not is_last:
            while used > 0:
                # The end moves before this part, or to a comma in it.
                used -= 1
                start = end - len(parts[used])
                comma = -1 if used % 2 else text.rfind(b",", start, end)
                if comma > 0:
                    parts[used] = parts[used][: comma - start]
                    end, used = comma, used + 1
                    break
                end = start - 1
            if used <= 0:
                self._wait(text, parts)
                return
        self._put(text[:end], b"".join(parts[:used:2]))
        self._left = text[end:]

    def _wait(self, text: bytes, parts: list[bytes]) -> None:
        """Take more of the text before anything is decoded: there is no comma in it."""
        if (
            len(parts) % 2 == 0 and len(parts[-1]) >= SLICE_BYTES // 2
        ):  # it ends in a long string, which is decoded on its own
            quote = len(text) - len(parts[-1]) - 1
            self._before, self._left, self._string = text[:quote], text[quote + 1 :], []
            self._go_on_in_string(self._string, False)
        elif len(text) > 4 * SLICE_BYTES:
            raise ProtocolError(f"not JSON: {len(text):,} bytes without a comma")

    def _go_on_in_string(self, string: list[str], is_last: bool) -> None:
        """Decode the remaining text as the inside of a string, up to its end."""
        masked = _masked(self._left)
        end = masked.find(b'"')
        rest = self._left[end + 1 :].lstrip() if end >= 0 else b""
        if end >= 0 and not rest and not is_last:
            return  # the following text decides whether it is a name
        if rest.startswith(b":"):
            raise MessageTooLargeError(f"a name of more than {SLICE_BYTES:,} characters in a message")
        cut = end if end >= 0 else _whole_end(self._left, masked)
        string.append(str(loads_plain(b'"' + self._left[:cut] + b'"')))
        if end < 0:
            self._left = self._left[cut:]
            return
        before, self._left, self._string = self._before, rest, None
        self._put(before + _QUOTED_STAND_IN, b"".join(_masked(before).split(b'"')[::2]), "".join(string))
        if is_last:
            self._decode(is_last)

    def _put(self, text: bytes, structure: bytes, string: str | None = None) -> None:
        """Decode a slice that begins after an item, and ends after an item; a string is its last value."""
        self._values += structure.count(b",") + structure.count(b"[") + structure.count(b"{")
        if self._values > self._max_values:
            raise MessageTooLargeError(f"a message has more than {self._max_values:,} values: send it in parts")
        kinds, containers = self._kinds, self._containers
        closed, opened = _unmatched(structure.translate(None, _NO_BRACKETS), self._max_depth)
        kept = len(kinds) - closed
        after = kinds[: max(0, kept)] + opened
        if len(after) - 1 > self._max_depth:
            raise _too_deep(self._max_depth)
        if kept < 1:
            raise ProtocolError("not JSON: it closes more than it opens")
        inner = b",".join((b"", _QUOTED_END if after.endswith(b"[") else _NAMED_END))
        node: Any = loads_plain(_opening(kinds) + text + inner + after.translate(_CLOSING)[::-1])
        nodes = []  # the items that the slice adds to each open container
        for kind in kinds:
            nodes.append(node)
            node = node.pop(0) if kind == _OPEN[0] else node.pop(_STAND_IN)
        new: list[Any] = []  # containers that it leaves open
        last = nodes[kept - 1]
        try:
            for _ in opened:
                last = _last(last)
                new.append(last)
            _take_end(last, string)
        except (LookupError, TypeError, AttributeError, StopIteration):  # the last member is not the last by its place
            raise ProtocolError("a name stands twice in an object of a large message") from None
        for container, node in zip(containers, nodes):
            if type(container) is list:
                container.extend(node)
            else:
                container.update(node)
        self._kinds = after
        self._containers = containers[:kept] + new


def _masked(text: bytes) -> bytes:
    """Return a text with as many bytes, whose only quotes are those around strings."""
    return text.replace(b"\\\\", b"__").replace(b'\\"', b"__") if b"\\" in text else text


def _whole_end(text: bytes, masked: bytes) -> int:
    """Return where the inside of a string can be cut: in no character and no pair of escapes."""
    end = len(text)
    escape = masked.rfind(b"\\", max(0, end - _ESCAPE_BYTES))
    if escape < 0:
        while end > 0 and text[end - 1] & 0xC0 == 0x80:
            end -= 1
        return end - 1 if end > 0 and text[end - 1] >= 0x80 else end
    return escape - _ESCAPE_BYTES if _HALF.match(masked, max(0, escape - _ESCAPE_BYTES), escape) else escape


def _unmatched(brackets: bytes, max_depth: int) -> tuple[int, bytes]:
    """Return how many containers a text closes that it has not opened, and the brackets that it leaves open."""
    size, passes = -1, 0
    while size != len(brackets):
        if passes > max_depth:  # each pass takes a level away
            raise _too_deep(max_depth)
        size, passes = len(brackets), passes + 1
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    closed = len(brackets) - len(brackets.lstrip(_CLOSE))
    return closed, brackets[closed:]


def _too_deep(max_depth: int) -> MessageTooLargeError:
    return MessageTooLargeError(f"a message nests deeper than {max_depth} levels")


def _opening(kinds: bytes) -> bytes:
    """Return the text that opens nested containers, each with a stand-in."""
    outer = b"".join([b"[" if kind == _OPEN[0] else b"{" + _NAMED_STAND_IN for kind in kinds])
    return outer + (_QUOTED_STAND_IN if kinds.endswith(b"[") else b"0")


def _last(container: Any) -> Any:
    """Return the last item of an array, or the last member of an object."""
    return container[-1] if type(container) is list else container[next(reversed(container))]


def _take_end(container: Any, string: str | None) -> None:
    """Take the mark of the end out of a container, and put a string that was decoded on its own in front of it."""
    if type(container) is list:
        found = container.pop()
        last: Any = len(container) - 1
    else:
        found = _END if container.pop(_END, None) == 0 else None
        last = next(reversed(container), None)
    if found != _END:
        raise KeyError(_END)
    if string is not None:
        container[last] = string  # there is no comma before it, and so no other member
