"""The outliner as a panel of a real host: `hosts.dock(outliner, title="Outliner", object_name="auroraview.outliner")`.

Owns the choice of the scene: the host's document, or a bundled scene if the outliner cannot read the host's. GUI thread.
"""

from __future__ import annotations

import importlib
from typing import Any

from auroraview_qt import WebView, hosts
from outliner import PAGE, sources
from outliner.panel import OutlinerPanel
from outliner.scene import SceneModel, SceneSource
from outliner.scenes.host_scene import HostScene

#: Host -> module and class of its scene.
SCENES = {
    "freecad": ("freecad", "FreeCADScene"),
    "krita": ("krita", "KritaScene"),
    "blender": ("blender", "BlenderScene"),
    "qgis": ("qgis", "QgisScene"),
    "napari": ("napari", "NapariScene"),
}


class StillTransport:
    """The timeline of a scene without animation.

    Thread: GUI.
    """

    def play(self) -> None:
        """Do nothing."""

    def pause(self) -> None:
        """Do nothing."""

    def seek(self, frame: int) -> None:
        """Do nothing."""


class OutlinerView(WebView):
    """The outliner's page on the scene of the current host, or on the bundled scene.

    Thread: GUI.
    """

    def __init__(self) -> None:
        super().__init__(title="Outliner")
        self.scene: SceneSource = host_scene()
        self.outliner = OutlinerPanel(self, StillTransport())
        self.destroyed.connect(lambda *_, outliner=self.outliner: outliner.close())
        self.outliner.show_source(self.scene)
        self.load_app(PAGE)


def host_scene() -> SceneSource:
    """Make the scene of the current host, or a bundled scene if its documents cannot be read.  Thread: GUI."""
    host = hosts.current().name
    if host not in SCENES:
        model = sources.open_scene(sources.bundled_path())
        return _StillScene(model.title, list(model.nodes.values()), materials=model.materials)
    module, name = SCENES[host]
    result: HostScene = getattr(importlib.import_module(f"outliner.scenes.{module}"), name)()
    return result


class _StillScene(SceneModel):
    """A scene whose animation does not play."""

    def snapshot(self) -> dict[str, Any]:
        return {**super().snapshot(), "timeline": None}


def outliner() -> WebView:
    """Make the panel's widget, as the factory for `hosts.dock`.  Thread: GUI."""
    return OutlinerView()
