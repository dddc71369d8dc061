"""napari: imported by a script that opens a viewer. The outliner on three layers of a picture."""

from __future__ import annotations

import host_script
import napari
import numpy as np
import panel_checks
from napari.settings import get_settings

settings = get_settings()
settings.application.save_window_state = True  # napari's layout comes back at the next start only then
settings.application.confirm_close_window = False
viewer = napari.Viewer(title="hosts")


class NapariDocument(panel_checks.Document):
    has_undo = False

    def __init__(self):
        y, x = np.mgrid[0:240, 0:320]
        self.layers = [
            viewer.add_image(np.hypot(x - 160, y - 120), name="Cells", colormap="viridis"),
            viewer.add_labels((x // 80 + y // 80).astype(int), name="Regions"),
            viewer.add_points(np.array([[40, 60], [120, 160], [200, 260]]), name="Marks", size=20),
        ]
        self.first, self.second = (str(layer.unique_id) for layer in self.layers[:2])

    def _layer(self, node_id):
        return next(layer for layer in self.layers if str(layer.unique_id) == node_id)

    def name_of(self, node_id):
        return self._layer(node_id).name

    def select(self, node_ids):
        viewer.layers.selection.active = self._layer(node_ids[-1])

    def selected(self):
        return [str(viewer.layers.selection.active.unique_id)]

    def undo_steps(self):
        return 0


class NapariScript(host_script.HostScript):
    name = "napari"

    def enlarge(self):
        if host_script.START == "endurance":
            self.window().showNormal()
            self.window().resize(900, 600)  # napari draws its picture in software at each move of a panel
        else:
            super().enlarge()

    def open_document(self):
        return NapariDocument()

    def themes(self):
        """napari's own, set live; the last is its default again."""

        def set_theme(name):
            viewer.theme = name

        return [(lambda: set_theme("light"), "light", None), (lambda: set_theme("dark"), "dark", None)]

    def end_all(self):
        viewer.close()


host_script.begin(NapariScript())
napari.run()
