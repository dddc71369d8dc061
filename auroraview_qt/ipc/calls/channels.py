"""Channel: a named stream to the page, ``auroraview.channel(id)`` there. Thread: any. No Qt.

A message is an event of the reserved name `CHANNEL_EVENT` with ``{"id", "data"}``. The end is such an event with ``{"id",
"closed": true}``. So channels keep their order with all other events, and wait for the page and survive a reload as those
do.
"""

from __future__ import annotations

import secrets
import threading
from typing import Callable

from auroraview_qt.errors import ChannelClosedError
from auroraview_qt.ipc.wire import protocol

CHANNEL_EVENT = "__auroraview_channel"


class Channel:
    """A stream of messages to the page, which may ask for it earlier or later.

    The channel is a context manager: leaving it closes the channel.

    Parameters
    ----------
    emit : callable
        Takes an event and its data, on any thread.
    channel_id : str, optional
        A valid name of a command; by default a name that cannot be guessed.

    Attributes
    ----------
    id : str
        The id for the page: ``auroraview.channel(id)``.

    Raises
    ------
    InvalidNameError
        `channel_id` is no valid name.
    """

    def __init__(self, emit: Callable[[str, object], object], channel_id: str | None = None) -> None:
        self.id = secrets.token_hex(8) if channel_id is None else protocol.check_name(channel_id, "channel")
        self._emit = emit
        self._lock = threading.RLock()  # a message that is dropped may call the program, and that send
        self._closed = False

    @property
    def is_closed(self) -> bool:
        """Return whether `close` has been called."""
        return self._closed

    def send(self, data: object) -> None:
        """Send a message; it is serialised here.

        Raises
        ------
        ChannelClosedError
            After `close`.
        SerializationError, QueueFullError
            As for `WebView.emit`.
        """
        with self._lock:  # no message may follow the end
            if self._closed:
                raise ChannelClosedError(f"channel {self.id!r} is closed: make a new one with view.channel()")
            self._emit(CHANNEL_EVENT, {"id": self.id, "data": data})

    def close(self) -> None:
        """End the stream: the page's ``onClose`` is called behind all messages. A second call does nothing."""
        with self._lock:
            if not self._closed:
                self._emit(CHANNEL_EVENT, {"id": self.id, "closed": True})
                self._closed = True

    def __enter__(self) -> Channel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
