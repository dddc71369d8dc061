"""Dock panels in Nuke, which makes a panel's widget from an expression, in a pane. GUI thread.

Written against Foundry's documentation and checked against a fake of it; not run in Nuke.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class NukeHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "nuke"

    @classmethod
    def detect(cls) -> bool:
        """Return whether this is Nuke with its interface, not a render.  Thread: any."""
        if loaded("nuke") is None:
            return False
        import nuke

        return bool(nuke.GUI)

    @property
    def version(self) -> str:
        """``"15.1v2"``.  Thread: any."""
        import nuke

        return str(nuke.NUKE_VERSION_STRING)

    @contextlib.contextmanager
    def undo_block(self, name: str) -> Iterator[None]:
        """Group changes into a step of Nuke's undo; an error takes the step back."""
        from nuke import Undo

        Undo.begin(name)
        try:
            yield
        except BaseException:
            Undo.cancel()
            raise
        Undo.end()

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Register a panel; with `window`, make a dock in that."""
        if window is not None:
            return super().make_frame(owner, window)
        from auroraview_qt.hosts.nuke.frame import NukeFrame

        return NukeFrame(owner)


ADAPTER = NukeHost
