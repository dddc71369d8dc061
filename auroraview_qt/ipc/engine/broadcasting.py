"""Send an event to the queues of all living views. Thread: any. No Qt."""

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
    """Add a queue, which gets broadcasts until it dies or leaves."""
    with _lock:
        _queues.add(queue)


def leave(queue: MessageQueue) -> None:
    """Remove a queue from broadcasts."""
    with _lock:
        _queues.discard(queue)


def broadcast(event: str, data: object = NOTHING) -> int:
    """Emit an event in every live view.

    If the queue of a view refuses the event, this is logged, and the other views still get it.

    Returns
    -------
    int
        The number of views that took it.

    Raises
    ------
    SerializationError, InvalidNameError
        As for `WebView.emit`.
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
