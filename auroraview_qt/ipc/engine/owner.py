"""Define Owner, which receives an engine's reports. No Qt."""

from __future__ import annotations

from typing import Protocol


class EngineOwner(Protocol):
    """The receiver of an engine's reports, such as a `Connection`."""

    def wake(self) -> None:
        """There is something to send, or a deadline to watch. Thread: any."""
        ...

    def backlog_grew(self) -> None:
        """Send, because some thousand more messages wait; a burst on the engine's thread may do it. Thread: any."""
        ...

    def event_dropped(self, name: str, reason: str) -> None:
        """Handle an event that will not be delivered. Thread: the emitting thread."""
        ...

    def page_is_ready(self, url: str) -> None:
        """Note that the listeners of the page at this URL are set."""
        ...


class NoOwner:
    """An owner that ignores all reports; a closed engine has it, too."""

    def wake(self) -> None:
        """Do nothing."""

    def backlog_grew(self) -> None:
        """Do nothing."""

    def event_dropped(self, name: str, reason: str) -> None:
        """Do nothing."""

    def page_is_ready(self, url: str) -> None:
        """Do nothing."""
