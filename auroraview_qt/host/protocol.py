"""The Protocols of a host application and of the frame around a panel. No Qt.

Thread: GUI, unless a method says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

    from qtpy import QtWidgets

T = TypeVar("T")

#: Where a panel is docked.
Area = Literal["left", "right", "top", "bottom"]
#: What closing a panel does to its page.
OnClose = Literal["hide", "destroy"]


class FrameOwner(Protocol):
    """Whom a frame belongs to and tells what happens to it; a `Panel` is one.

    Notes
    -----
    Thread: GUI
    """

    object_name: str
    title: str
    first_area: Area
    size: tuple[int, int]
    on_close: OnClose

    def frame_shown(self, frame: Frame) -> None:
        """It has become visible, by whomever: it wants its content.  Thread: GUI."""
        ...

    def frame_closed(self, frame: Frame) -> None:
        """The artist has closed it.  Thread: GUI."""
        ...

    def frame_dying(self, frame: Frame) -> None:
        """The host is deleting it; what it holds can still be taken out of it, now or never.  Thread: GUI."""
        ...


class Frame(Protocol):
    """What a host has around a panel: a QDockWidget, a workspaceControl, a pane tab, a window.

    Notes
    -----
    Thread: GUI
    """

    @property
    def area(self) -> Area | None:
        """Where it is docked; None while it floats, or where the host does not tell.  Thread: GUI."""
        ...

    @property
    def is_floating(self) -> bool:
        """Whether it is a window of its own.  Thread: GUI."""
        ...

    @property
    def is_visible(self) -> bool:
        """Whether it is shown; a panel behind another tab is not.  Thread: GUI."""
        ...

    def put(self, widget: QtWidgets.QWidget) -> None:
        """Hold this widget from now on.  Thread: GUI."""
        ...

    def show(self) -> None:
        """Show it, in front of others in its tabs.  Thread: GUI."""
        ...

    def hide(self) -> None:
        """Hide it.  Thread: GUI."""
        ...

    def set_floating(self, floating: bool) -> None:
        """Make it a window of its own, or dock it again.  Thread: GUI."""
        ...

    def move(self, area: Area) -> None:
        """Dock it there.  Thread: GUI."""
        ...

    def remove(self) -> None:
        """Take it out of the host, with what it holds.  Thread: GUI."""
        ...


class Host(Protocol):
    """A host application; `auroraview_qt.hosts.base.QtHost` has what most of them share.

    An adapter is a class with these members, which can be made without arguments.

    Notes
    -----
    Thread: any, where a method says nothing else.
    """

    name: str

    @classmethod
    def detect(cls) -> bool:
        """Whether this process is that host; imports nothing that is not there already."""
        ...

    @property
    def version(self) -> str:
        """The host's version as it writes it; empty where it has none."""
        ...

    @property
    def binding(self) -> tuple[str, str]:
        """Qt binding and Qt version: ``("pyside6", "6.5.3")``."""
        ...

    @property
    def scale(self) -> float:
        """By how much the host enlarges its interface: 1.0 on a plain screen, 2.0 on a dense one.  Thread: GUI."""
        ...

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """The host's main window; None where there is none, or not yet.  Thread: GUI."""
        ...

    def run_on_main_thread(self, fn: Callable[[], T]) -> Future[T]:
        """Call `fn` on the GUI thread, at once where this is it; the future has what it returned or raised."""
        ...

    def undo_block(self, name: str) -> AbstractContextManager[Any]:
        """Make what happens inside one undo step of that name, where the host has an undo.  Thread: GUI."""
        ...

    def on_shutdown(self, fn: Callable[[], object]) -> None:
        """Call `fn` once, when the host quits and its windows may still be touched.  Thread: GUI."""
        ...

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make the host's own frame for a panel, hidden unless the host's layout shows it.  Thread: GUI."""
        ...
