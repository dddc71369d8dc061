"""A React panel in TypeScript: commands, an event and shared state, typed on both sides.

Build the page once, then run this::

    npm ci && npm run build
    auroraview-qt types panel:make_view -o src/api.d.ts --hooks react  # again after each change; --check in your CI

With ``npm run dev`` running, ``python panel.py --dev`` shows the page while you write it.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict

from qtpy.QtWidgets import QApplication

from auroraview_qt import CallContext, WebView

HERE = Path(__file__).parent
SECONDS = 1.0


@dataclass
class Shot:
    """A shot of the sequence."""

    name: str
    frames: int
    status: Literal["wip", "review", "final"]


class PanelState(TypedDict, total=False):
    """The state that survives when the page is loaded again."""

    selected: str


class Published(TypedDict):
    """The server has this version now."""

    shot: str
    version: int


def make_view() -> WebView:
    """Make the panel, its page not loaded yet."""
    view = WebView(title="Shots")
    view.resize(320, 360)
    view.declare_state(PanelState)
    view.declare_event("published", payload=Published)
    shots = [Shot(f"sq010_sh{n:04}", 24 + n % 70, ("wip", "review", "final")[n % 3]) for n in range(10, 400, 10)]

    @view.command
    def list_shots(text: str = "") -> list[Shot]:
        """Return the shots whose name contains a text."""
        return [shot for shot in shots if text.lower() in shot.name]

    @view.command(thread="pool")
    def publish(shot: str, ctx: CallContext) -> Published:
        """Publish a shot as a new version."""
        for step in ("cache", "render", "upload", "register"):
            ctx.progress(("cache", "render", "upload", "register").index(step) / 4, f"{step} {shot}")
            if ctx.wait_cancelled(SECONDS / 4):
                ctx.check_cancelled()
        next(found for found in shots if found.name == shot).status = "review"
        published = Published(shot=shot, version=int(time.time()) % 1000)
        view.emit("published", published)
        return published

    return view


if __name__ == "__main__":
    app = QApplication.instance() or QApplication(sys.argv)
    view = make_view()
    view.load_app(HERE / "dist", dev_url="http://localhost:5173" if "--dev" in sys.argv else None)
    view.show()
    app.exec_()
