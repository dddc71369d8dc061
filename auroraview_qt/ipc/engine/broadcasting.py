"""Broadcasting: one event to the queues of all live views. No Qt; any thread."""

from __future__ import annotations

import logging
import threading
import weakref

from auroraview_qt.errors import AuroraViewError
from auroraview_qt.ipc.wire import protocol
from auroraview_qt.ipc.wire.message_queue import NOTHING, MessageQueue

_log = logging.getLogger(__name__)
_queues: weakref.WeakSet[MessageQueue] = weakref.WeakSet()
_lock = threading.Lock()


def join(queue: MessageQueue) -> None:
    """Let a queue get broadcasts from now on, while it lives and has not left. Thread: any."""
    with _lock:
        _queues.add(queue)


def leave(queue: MessageQueue) -> None:
    """Let a queue get no more broadcasts. Thread: any."""
    with _lock:
        _queues.discard(queue)


def broadcast(event: str, data: object = NOTHING) -> int:
    """Emit an event in every live view.

    A view whose queue refuses it is logged and stops no other.

    Returns
    -------
    int
        How many views took it.

    Raises
    ------
    SerializationError, InvalidNameError
        As `WebView.emit`.

    Notes
    -----
    Thread: any
    """
    payload = protocol.event_payload(event, data)
    with _lock:
        queues = list(_queues)
    count = 0
    for queue in queues:
        try:
            queue.push_event(payload)
            count += 1
        except AuroraViewError as error:
            _log.warning("broadcast: %s", error)
    return count
