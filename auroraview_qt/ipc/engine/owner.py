"""Owner: whom an engine tells what happens. No Qt."""

from __future__ import annotations

from typing import Protocol


class EngineOwner(Protocol):
    """Whom an engine tells what happens; a `Connection` is one."""

    def wake(self) -> None:
        """There is something to send, or a deadline to watch. Thread: any."""
        ...

    def backlog_grew(self) -> None:
        """Some thousand more messages wait; a burst on the engine's thread may send in its midst. Thread: any."""
        ...

    def event_dropped(self, name: str, reason: str) -> None:
        """An event will not be delivered. Thread: the emitting one."""
        ...

    def page_is_ready(self, url: str) -> None:
        """The listeners of the page at this URL stand."""
        ...


class NoOwner:
    """An owner who takes no notice; an engine that is closed has it, too."""

    def wake(self) -> None:
        """Do nothing."""

    def backlog_grew(self) -> None:
        """Do nothing."""

    def event_dropped(self, name: str, reason: str) -> None:
        """Do nothing."""

    def page_is_ready(self, url: str) -> None:
        """Do nothing."""
