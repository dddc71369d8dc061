"""Unheard: events that wait until the page has a listener for their name. Thread: the engine's. No Qt.

Events move here from the queue, and go back to the queue's old end when the page listens. They survive the page, because the
next page has to add its listeners again. Events of the same name keep their order; other names do not wait for them.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Collection, Sequence
from typing import Callable

from auroraview_qt.ipc.wire import protocol
from auroraview_qt.ipc.wire.message_queue import MIN_ENTRY_BYTES, MessageQueue
from auroraview_qt.ipc.wire.protocol import Entry, HostMessage
from auroraview_qt.ipc.wire.shelf import size_of

#: Seconds that a page has for listening, before the small limits hold and the log names the waiting events.
GRACE_S = 5.0
#: Maximum number and bytes of waiting events of a name after that time; the newest event always waits.
MAX_EVENTS = 1_000
MAX_BYTES = 1024 * 1024
#: Maximum number of events that a call drops, so that the GUI thread goes on.
_MAX_DROPS = 1_000
#: Maximum number of names in a log line, and of remembered names.
_MAX_IN_LINE = 10
_MAX_TOLD = 10_000

#: The place of an event among the events of all names, and the event.
_Item = tuple[int, Entry]

_log = logging.getLogger(__name__)


class _Name:
    """The events of a name, in order; the newest coalesced event is separate, so that a newer event can replace it."""

    __slots__ = ("events", "newest", "size")

    def __init__(self) -> None:
        self.events: deque[_Item] = deque()
        self.newest: _Item | None = None
        self.size = 0

    def __len__(self) -> int:
        return len(self.events) + (self.newest is not None)

    def items(self) -> list[_Item]:
        return [*self.events, self.newest] if self.newest is not None else list(self.events)

    def pop_oldest(self) -> Entry:
        newest = self.newest
        if newest is None or (self.events and self.events[0][0] < newest[0]):
            return self.events.popleft()[1]
        self.newest = None
        return newest[1]


class Unheard:
    """The events of a view that its page does not listen to yet.

    Parameters
    ----------
    queue : MessageQueue
        Takes events back when the page listens. Its limits also bound the events that wait here.
    on_drop : callable
        Called with the name of an event that was dropped, once for each name and page.

    Attributes
    ----------
    dropped : int
        Events given up because no page listened.
    coalesced : int
        Number of events that a newer event replaced while they waited.
    is_due : bool
        `end_grace` has something to do, `GRACE_S` seconds from now.

    Notes
    -----
    Thread: the engine's; `len` and the attributes any
    """

    def __init__(self, queue: MessageQueue, on_drop: Callable[[str], object]) -> None:
        self._queue = queue
        self._on_drop = on_drop
        self._names: OrderedDict[bytes, _Name] = OrderedDict()  # by the head of the events
        self._place = 0  # of the next event
        self._number = 0
        self._size = 0
        self._logged: set[bytes] = set()
        self._dropped_names: set[bytes] = set()
        self._settled = False
        self._max_of_name, self._max_size_of_name = queue.max_events, queue.max_bytes
        self.dropped = 0
        self.coalesced = 0
        self.is_due = False

    def __len__(self) -> int:
        return self._number

    def keep(self, entries: Sequence[Entry], heads: Collection[bytes]) -> list[Entry]:
        """Let the events wait that have none of these heads, and return all other entries, in order.

        Over a limit the oldest events of the same name are dropped first, then the oldest of other names.
        """
        others: list[Entry] = []
        kept: dict[bytes, list[_Item]] = {}
        for place, entry in enumerate(entries, self._place):
            if type(entry) is not bytes and entry.kind is not HostMessage.EVENT:  # type: ignore[union-attr]
                others.append(entry)
                continue
            head = protocol.head_of(entry)
            if head in heads:
                others.append(entry)
            elif head in kept:
                kept[head].append((place, entry))
            else:
                kept[head] = [(place, entry)]
        self._place += len(entries)
        for head, items in kept.items():
            self._put(head, items)
        return others

    def release(self, heads: Collection[bytes] | None = None) -> None:
        """Put the events with these heads, or all, back to the old end of the queue, in the order they came here."""
        found = list(self._names) if heads is None else [head for head in heads if head in self._names]
        items: list[_Item] = []
        for head in found:
            name = self._names.pop(head)
            items += name.items()
            self._count(name, -len(name), -name.size)
        if items:
            items.sort()
            self._queue.requeue([entry for _, entry in items])

    def renew(self) -> None:
        """Give the next page its time to listen: until `end_grace` only the limits of the queue hold."""
        self._settled = False
        self._max_of_name, self._max_size_of_name = self._queue.max_events, self._queue.max_bytes
        self._dropped_names.clear()
        self.is_due = bool(self._names)

    def end_grace(self) -> None:
        """Apply the small limits from now on, and log the waiting names that were not logged before.

        A call drops a part of the excess; while `is_due` is true, call it again at once.
        """
        self._settled = True
        self._max_of_name = min(self._queue.max_events, MAX_EVENTS)
        self._max_size_of_name = min(self._queue.max_bytes, MAX_BYTES)
        left = _MAX_DROPS
        most, most_bytes = self._max_of_name, self._max_size_of_name
        for head, name in self._names.items():
            if len(name.events) >= most or name.size > most_bytes:  # of very many names few are so large
                left -= self._shrink(head, name, left)
        self.is_due = not left
        self._tell(logging.WARNING, "no listener in the page yet")

    def clear(self) -> None:
        """Drop all events, because the view is gone."""
        self._tell(logging.INFO, "no listener in the page when the view was closed")
        self.dropped += self._number
        self._names.clear()
        self._number = self._size = 0
        self.is_due = False

    def _put(self, head: bytes, items: list[_Item]) -> None:
        name = self._names.get(head)
        if name is None:
            name = self._names[head] = _Name()
        if not self.is_due:
            self.is_due = not self._settled or head not in self._logged
        for item in items:
            entry = item[1]
            if type(entry) is bytes or not entry.coalesce:  # type: ignore[union-attr]
                name.events.append(item)
                continue
            if name.newest is not None:
                self.coalesced += 1
                self._count(name, -1, -_size(name.newest[1]))
            name.newest = item
        self._count(name, len(items), sum([_size(entry) for _, entry in items]))
        self._shrink(head, name, len(items) + _MAX_DROPS)
        queue = self._queue
        while (self._number > queue.max_events or self._size > queue.max_bytes) and self._number > 1:
            if len(name) > 1:
                self._drop(head, name, 1)
                continue
            self._names.move_to_end(head)
            other_head, other = next(iter(self._names.items()))
            self._drop(other_head, other, 1)
            if not len(other):
                del self._names[other_head]

    def _count(self, name: _Name, number: int, size: int) -> None:
        """Count added events, or removed events with negative numbers."""
        self._number += number
        self._size += size
        name.size += size

    def _shrink(self, head: bytes, name: _Name, at_most: int) -> int:
        """Drop the oldest events of a name that has more than its share; return how many."""
        number = max(0, min(at_most, len(name) - self._max_of_name))
        self._drop(head, name, number)
        while name.size > self._max_size_of_name and len(name) > 1 and number < at_most:
            self._drop(head, name, 1)
            number += 1
        return number

    def _drop(self, head: bytes, name: _Name, number: int) -> None:
        """Drop the oldest events of a name."""
        if not number:
            return
        self._count(name, -number, -sum([_size(name.pop_oldest()) for _ in range(number)]))
        self.dropped += number
        if head not in self._dropped_names and len(self._dropped_names) < _MAX_TOLD:
            self._dropped_names.add(head)
            self._on_drop(protocol.name_of(head))

    def _tell(self, level: int, what: str) -> None:
        """Log the names that wait and were not logged before."""
        news = [head for head in self._names if head not in self._logged]
        if not news:
            return
        if len(self._logged) < _MAX_TOLD:
            self._logged.update(news)
        texts = [f"{protocol.name_of(head)!r} ({len(self._names[head])})" for head in news[:_MAX_IN_LINE]]
        more = f" and {len(news) - len(texts)} more" if len(news) > len(texts) else ""
        _log.log(level, "events that have %s: %s%s. Is a name misspelt?", what, ", ".join(texts), more)


def _size(entry: Entry) -> int:
    """Bytes an event counts for, as in the queue."""
    return max(MIN_ENTRY_BYTES, size_of(protocol.payload_of(entry)))
