"""Connect a `SceneSource` with the outliner's page in a `WebView`.

Owns the names on the bridge (`outliner.*`) and their functions. It is independent of windows and files, so a host can show
its own scene in the same page by writing a `SceneSource`.
Thread: GUI, but for `show_frame`. May not import Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from outliner.scene import SceneSource

if TYPE_CHECKING:
    from auroraview_qt import WebView


class Transport(Protocol):
    """The target of the page's timeline, such as `PlaybackClock`."""

    def play(self) -> None:
        """Run.  Thread: GUI."""
        ...

    def pause(self) -> None:
        """Stay.  Thread: GUI."""
        ...

    def seek(self, frame: int) -> None:
        """Go there.  Thread: GUI."""
        ...


class OutlinerPanel:
    """Binds a scene and a timeline to the outliner page.

    Thread: GUI.

    Parameters
    ----------
    view
        A `WebView` that shows `resources/outliner`, or will show it.
    transport
        The playback clock.
    """

    def __init__(self, view: WebView, transport: Transport) -> None:
        self._view = view
        self._transport = transport
        self._source: SceneSource | None = None
        self._error = ""
        self._unsubscribe: Callable[[], None] | None = None
        view.bind_call("outliner.load", self._load)
        view.bind_call("outliner.describe", self._describe)
        view.bind_call("outliner.select", self._select)
        view.command("outliner.rename", self._rename, undo="Rename")
        view.command("outliner.set_visible", self._set_visible, undo="Show or hide")
        view.bind_call("outliner.seek", self._seek)
        view.bind_call("outliner.play", transport.play)
        view.bind_call("outliner.pause", transport.pause)

    def show_source(self, source: SceneSource) -> None:
        """Have the page show this scene from now on.

        Parameters
        ----------
        source
            The scene.
        """
        self._leave_source()
        self._source, self._error = source, ""
        self._unsubscribe = source.subscribe(self._changed)
        self._announce()

    def show_error(self, sentence: str) -> None:
        """Let the page show the reason why there is no scene.

        Parameters
        ----------
        sentence
            The reason and the remedy.
        """
        self._leave_source()
        self._source, self._error = None, sentence
        self._announce()

    def close(self) -> None:
        """Hear no more of the scene: the page is gone."""
        self._leave_source()

    def show_frame(self, frame: int, playing: bool) -> None:
        """Have the page's timeline follow.

        Thread: any.

        Parameters
        ----------
        frame
            The current frame.
        playing
            Whether playback is running.
        """
        # A page that is not there needs no past frames: it gets the current frame when it loads.
        if self._view.is_ready:
            self._view.emit("outliner.frame", {"frame": frame, "playing": playing}, coalesce=True)

    def _announce(self) -> None:
        if self._view.is_ready:
            self._view.emit("outliner.scene_loaded", self._load())

    def _leave_source(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _changed(self, kind: str, data: dict[str, Any]) -> None:
        self._view.emit(f"outliner.{kind}", data)

    # -- calls of the page ---------------------------------------------------------------------------

    def _load(self) -> dict[str, Any]:
        if self._source is None:
            return {"error": self._error} if self._error else {"nodes": [], "selection": [], "timeline": None}
        return self._source.snapshot()

    def _scene(self) -> SceneSource:
        if self._source is None:
            raise LookupError("There is no scene: open a file first.")
        return self._source

    def _describe(self, id: str) -> dict[str, Any]:  # noqa: A002  # the name on the wire
        return self._scene().describe(id)

    def _select(self, ids: list[str]) -> dict[str, Any]:
        return {"ids": self._scene().select(ids)}

    def _rename(self, id: str, name: str) -> dict[str, Any]:  # noqa: A002  # the name on the wire
        return {"name": self._scene().rename(id, name)}

    def _set_visible(self, ids: list[str], visible: bool) -> None:
        self._scene().set_visible(ids, visible)

    def _seek(self, frame: int) -> None:
        self._transport.seek(frame)
