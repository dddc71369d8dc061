"""Hold large binary data beside its message, until the page has run the message. Thread: any. No Qt.

A message with large data is a `Laden`: JSON text in which ``"#<id>"`` stands for the data. The message alone keeps the data
alive. So data is freed with its message: when the page has run it, when it was dropped, when its page is gone.
"""

from __future__ import annotations

import binascii
import os
import re
import secrets
import weakref
from collections.abc import Iterable
from typing import Any

#: Bytes from which data does not travel in the text of its message.
LARGE_BYTES = 32 * 1024
#: Bytes from which data is in a memory file.
_FILE_BYTES = 1024 * 1024
#: The beginning of a text that stands for data; no base64 begins with it.
SIGN = "#"
_NAMED = re.compile(f'"{SIGN}([0-9a-f]{{32}})"')


class Held:
    """A copy of binary data, and the id by which the page fetches it.

    Much data is in a memory file, if the system has such files: the engine reads a file without the GUI thread.

    Attributes
    ----------
    id : str
        Cannot be guessed.
    size : int
        Bytes.
    """

    __slots__ = ("__weakref__", "_data", "_file", "id", "size")

    def __init__(self, data: Any) -> None:
        view = memoryview(data).cast("B")
        self.size = len(view)
        self._file = _file_of(view) if self.size >= _FILE_BYTES else None
        self._data = bytes(view) if self._file is None else b""
        self.id = secrets.token_hex(16)
        _held[self.id] = self

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)

    @property
    def data(self) -> bytes:
        """Return the data."""
        return self._data if self._file is None else os.pread(self._file, self.size, 0)

    def open(self) -> int | None:
        """Return a new descriptor of the memory file, for its reader to close; None without a file."""
        if self._file is None:
            return None
        try:
            return os.open(f"/proc/self/fd/{self._file}", os.O_RDONLY)
        except OSError:  # too many are open, or there is no /proc
            return None


def _file_of(view: memoryview) -> int | None:
    """Return the descriptor of a memory file with these bytes; None if the system has none."""
    try:
        file = os.memfd_create("auroraview")
    except (AttributeError, OSError):
        return None
    while view:
        view = view[os.write(file, view) :]
    return file


_held: weakref.WeakValueDictionary[str, Held] = weakref.WeakValueDictionary()


def find(data_id: str) -> Held | None:
    """Return data by its id; None if its message is gone."""
    return _held.get(data_id)


class Laden(bytes):
    """The text of a message, with its data.

    Attributes
    ----------
    held : list of Held
        The data.
    held_bytes : int
        The size of the data.
    """

    held: list[Held]
    held_bytes: int

    @classmethod
    def of(cls, text: bytes, held: list[Held]) -> bytes:
        """Return a text with data; the text itself without data."""
        if not held:
            return text
        laden = cls(text)
        laden.held = held
        laden.held_bytes = sum(one.size for one in held)
        return laden


def framed(head: bytes, text: bytes, tail: bytes) -> bytes:
    """Put text around the text of a message, which keeps its data."""
    return Laden.of(head + text + tail, text.held) if isinstance(text, Laden) else head + text + tail


def size_of(text: bytes) -> int:
    """Return the bytes of a message with its data."""
    return len(text) + text.held_bytes if isinstance(text, Laden) else len(text)


def held_by(texts: Iterable[bytes]) -> list[Held]:
    """Return the data of messages; fast while no data is held at all."""
    if not _held:
        return []
    return [one for text in texts if isinstance(text, Laden) for one in text.held]


def with_data(text: str) -> str:
    """Return the text of a delivery with the data that is held, as base64, for a recording."""
    if not _held or f'"{SIGN}' not in text:
        return text
    held = map(find, _NAMED.findall(text))
    return inlined(text.encode(), [one for one in held if one is not None]).decode()


def inlined(text: bytes, held: Iterable[Held]) -> bytes:
    """Return text with the data itself, as base64, in the places that stand for it."""
    for one in held:
        data = binascii.b2a_base64(one.data, newline=False)
        text = text.replace(f'"{SIGN}{one.id}"'.encode(), b'"' + data + b'"')
    return text
