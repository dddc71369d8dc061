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

#: Property of this package's frames, which tells them from the host's own widgets.
MARK = "auroraview_panel"

#: The side where a panel is docked.
Area = Literal["left", "right", "top", "bottom"]
#: The effect of closing a panel on its page.
OnClose = Literal["hide", "destroy"]


class FrameOwner(Protocol):
    """The owner of a frame, which the frame notifies; for example a `Panel`.

    Thread: GUI.
    """

    object_name: str
    title: str
    first_area: Area
    size: tuple[int, int]
    on_close: OnClose

    def frame_shown(self, frame: Frame) -> None:
        """Fill the frame; call this when it has become visible for any reason."""
        ...

    def frame_closed(self, frame: Frame) -> None:
        """Close the panel; call this when the artist has closed the frame."""
        ...

    def frame_dying(self, frame: Frame) -> None:
        """Rescue the content; call this when the host deletes the frame, while its content can still be taken out."""
        ...


class Frame(Protocol):
    """The host's part around a panel: a QDockWidget, a workspaceControl, a pane tab, a window.

    Thread: GUI.
    """

    @property
    def area(self) -> Area | None:
        """Return the side where the frame is docked; None if it floats, or if the host does not report the side."""
        ...

    @property
    def is_floating(self) -> bool:
        """Return whether the frame is a separate window."""
        ...

    @property
    def is_visible(self) -> bool:
        """Return whether the frame is visible; a panel behind another tab is not."""
        ...

    def put(self, widget: QtWidgets.QWidget) -> None:
        """Hold this widget from now on."""
        ...

    def show(self) -> None:
        """Show it, in front of others in its tabs."""
        ...

    def hide(self) -> None:
        """Hide it."""
        ...

    def set_floating(self, floating: bool) -> None:
        """Make the frame a separate window, or dock it again."""
        ...

    def move(self, area: Area) -> None:
        """Dock it there."""
        ...

    def remove(self) -> None:
        """Remove the frame and its content from the host."""
        ...


class Host(Protocol):
    """A host application; `auroraview_qt.hosts.base.QtHost` is the common base.

    An adapter is a class with these members, which can be made without arguments.

    Notes
    -----
    Thread: any, where a method says nothing else.
    """

    name: str

    @classmethod
    def detect(cls) -> bool:
        """Return whether this process is that host, without importing a missing module."""
        ...

    @property
    def version(self) -> str:
        """Return the host's version in the host's own format; empty if there is none."""
        ...

    @property
    def binding(self) -> tuple[str, str]:
        """Qt binding and Qt version: ``("pyside6", "6.5.3")``."""
        ...

    @property
    def scale(self) -> float:
        """Return the scale of the host's interface: 1.0 on a plain screen, 2.0 on a dense screen.  Thread: GUI."""
        ...

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Return the host's main window; None if there is none yet.  Thread: GUI."""
        ...

    def run_on_main_thread(self, fn: Callable[[], T]) -> Future[T]:
        """Call `fn` on the GUI thread, at once if this is the GUI thread; the future has its result or exception."""
        ...

    def undo_block(self, name: str) -> AbstractContextManager[Any]:
        """Group the changes of the `with` block into an undo step of that name, if the host supports undo.  Thread: GUI."""
        ...

    def on_shutdown(self, fn: Callable[[], object]) -> None:
        """Call `fn` once, when the host quits and its windows may still be touched.  Thread: GUI."""
        ...

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make the host's own frame for a panel, hidden unless the host's layout shows it.  Thread: GUI."""
        ...
