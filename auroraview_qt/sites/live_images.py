"""Live images: the newest picture of a source, for pages that ask for it. Thread: any. No Qt.

A canvas of the page asks for a picture, and asks again once it has the picture. The request waits until there is a newer
one. So the page sets the pace, and a page that asks for nothing causes no work.
"""

from __future__ import annotations

import os
import struct
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO, Any, NamedTuple, Protocol, Union
from urllib.parse import parse_qsl, unquote

from auroraview_qt.ipc.calls.runners import Pool
from auroraview_qt.sites.app_sites import LargeFile, Refusal, Reply, Status

#: The path of live images on a view's own host.
IMAGES_PREFIX = "/__auroraview_image__/"
#: Pixels of the longer side of a picture on a canvas that tells no size, before it is made smaller for a slow page.
MAX_MOVING_PX = 1920
#: Characters of a name.
MAX_NAME_CHARS = 128
#: Characters of a query that are read, on the GUI thread.
_MAX_QUERY_CHARS = 100
#: Bytes of a picture from which on it is handed to the engine in a file in memory, without a copy on the GUI thread.
LARGE_BYTES = 256 * 1024
#: Seconds without a newer picture after which a picture that was made smaller is sent again as it is.
STILL_S = 0.25
#: Seconds after a request in which the page counts as looking.
_LOOKING_S = 0.25
#: Seconds between two requests of a page that keeps up, and of a page that does not.
_FAST_S, _SLOW_S = 0.03, 0.06
#: The parts of the size of moving pictures, from a page that keeps up to a slow page.
_STEPS = (1.0, 0.75, 0.5)
#: Before a picture: its number, width and height, and whether it is exact; 16 bytes.
_HEAD = struct.Struct("<4I")

#: Threads that prepare pictures. Pixels are sent as they are: of 1080p on a busy machine that took 2 ms, and JPEG 75 ms.
IMAGES = Pool(4, "auroraview-images")


class Frame(NamedTuple):
    """A picture for the page, with its RGBA pixels."""

    width: int
    height: int
    data: Union[bytes, memoryview]


class Codec(Protocol):
    """Knows pictures."""

    def hold(self, content: object, *, copies: bool) -> object:
        """Return a picture to keep, with its own pixels if `copies`; raise TypeError if it is none."""

    def encode(self, held: Any, width: int, height: int) -> Frame:
        """Return a frame of at most this size; 0 for any."""


class NoCodec:
    """The codec of a view without pages."""

    def hold(self, content: object, *, copies: bool) -> object:
        """Keep nothing."""
        return None

    def encode(self, held: Any, width: int, height: int) -> Frame:
        """Return an empty picture."""
        return Frame(0, 0, b"")


class _Request(NamedTuple):
    """A request of a canvas: the number it has, whether that is exact, and its size in pixels."""

    since: int
    exact: int
    width: int
    height: int


class ImageSource:
    """A source of pictures for canvases of the page; see `WebView.image_source`.

    Thread: any.
    """

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._changed = threading.Condition()
        self._held: object = None
        self._number = 0
        self._waiting: list[tuple[Callable[[], object], Callable[[], bool]]] = []
        self._asked_s = self._sent_s = 0.0
        self._step = 0

    def push(self, content: object) -> None:
        """Show a picture: it replaces a picture that the page has not fetched.

        Parameters
        ----------
        content : QImage or array
            An array of uint8 with the shape ``(height, width)`` or ``(height, width, 3 or 4)``. While nobody looks, it is
            not copied; the page then gets the pixels as they are when it looks again.

        Raises
        ------
        TypeError
            If it is no picture.
        """
        held = self._codec.hold(content, copies=self.is_watched)
        with self._changed:
            self._held = held
            self._number += 1
            waiting, self._waiting = self._waiting, []
            self._changed.notify_all()
        for answer, _ in waiting:
            IMAGES.submit(answer)

    @property
    def is_watched(self) -> bool:
        """Return whether a page waits for a picture, or has just got one: then `push` costs a copy."""
        with self._changed:
            recent = time.monotonic() - self._asked_s < _LOOKING_S
            return recent or any(not is_cancelled() for _, is_cancelled in self._waiting)

    def submit(self, query: str, answer: Callable[[], object], is_cancelled: Callable[[], bool]) -> None:
        """Run `answer` on a worker once there is a picture for the request of a canvas."""
        request = _request_of(query)
        with self._changed:
            self._asked_s = time.monotonic()
            self._adapt()
            gone = [each for each in self._waiting if each[1]()]
            self._waiting = [each for each in self._waiting if each not in gone]
            if self._number == request.since and (request.exact or not self._number):
                self._waiting.append((answer, is_cancelled))
            else:
                gone.append((answer, is_cancelled))
        for each, _ in gone:
            IMAGES.submit(each)

    def answer(self, query: str, is_cancelled: Callable[[], bool]) -> Reply | Refusal:
        """Return the newest picture. Thread: a worker."""
        request = _request_of(query)
        with self._changed:
            is_still = self._number == request.since and not self._changed.wait_for(
                lambda: self._number != request.since, STILL_S
            )
            held, number, part = self._held, self._number, 1.0 if is_still else _STEPS[self._step]
        if is_cancelled():
            return Refusal(Status.NOT_FOUND, "")
        width, height = request.width, request.height
        if part < 1.0 and not width:
            width = height = MAX_MOVING_PX
        frame = self._codec.encode(held, int(width * part), int(height * part))
        head = _HEAD.pack(number & 0xFFFFFFFF, frame.width, frame.height, int(part == 1.0))
        with self._changed:
            self._sent_s = time.monotonic()
        return Reply("application/octet-stream", _body_of(head, frame.data))

    def _adapt(self) -> None:
        """Send smaller pictures to a page that takes long for each, and better pictures to a fast page."""
        if self._sent_s:
            took_s, self._sent_s = self._asked_s - self._sent_s, 0.0
            if took_s > _SLOW_S:
                self._step = min(self._step + 1, len(_STEPS) - 1)
            elif took_s < _FAST_S:
                self._step = max(self._step - 1, 0)


class ImageSources:
    """The sources of a view by their names.

    Thread: any.
    """

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._sources: dict[str, ImageSource] = {}
        self._lock = threading.Lock()

    def get(self, name: Any) -> ImageSource:
        """Return the source of a name; made at the first call."""
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME_CHARS or not name.isprintable():
            raise ValueError(f"image_source({name!r:.200}): a name has 1 to {MAX_NAME_CHARS} printable characters")
        with self._lock:
            return self._sources.setdefault(name, ImageSource(self._codec))

    def find(self, path: str) -> ImageSource | None:
        """Return the source for an encoded path; a page may ask before the program makes it."""
        if not path.startswith(IMAGES_PREFIX):
            return None
        try:
            return self.get(unquote(path[len(IMAGES_PREFIX) :], errors="strict"))
        except ValueError:
            return None


class ImageApi:
    """The method of a view that makes live images."""

    _images: ImageSources

    def image_source(self, name: str) -> ImageSource:
        """Return a source of live images: ``<canvas data-aurora-image="viewport">``, ``auroraview.image("viewport")``.

        The newest picture wins. A canvas that is hidden, scrolled out or in a closed panel causes no work.

        Parameters
        ----------
        name : str
            1 to 128 printable characters. The same name is the same source.
        """
        return self._images.get(name)


def _request_of(query: str) -> _Request:
    numbers = {
        name: int(text)
        for name, text in parse_qsl(query[:_MAX_QUERY_CHARS])
        if len(text) < 11 and text.isascii() and text.isdigit()
    }
    return _Request(*(numbers.get(name, 0) for name in _Request._fields))


def _body_of(head: bytes, data: bytes | memoryview) -> bytes | LargeFile:
    """Return content that costs the GUI thread no copy if it is large."""
    if len(data) < LARGE_BYTES:
        return head + bytes(data)
    if hasattr(os, "memfd_create"):  # Linux
        file: IO[bytes] = os.fdopen(os.memfd_create("auroraview"), "w+b", buffering=0)
    else:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # `LargeFile` closes it
    file.write(head)
    file.write(data)
    file.seek(0)
    return LargeFile(file)
