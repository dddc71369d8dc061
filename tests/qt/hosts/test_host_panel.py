"""The outliner as a panel of a host: its callbacks in the host end with the panel."""

from __future__ import annotations

import weakref

import pytest
from outliner import host_panel
from outliner.scenes.host_scene import HostScene

from auroraview_qt.qt.support.binding import is_alive


class ObservedScene(HostScene):
    """A scene of a host that calls its subscribers, and so keeps them alive."""

    def __init__(self):
        super().__init__()
        self.observers = []

    def start_watching(self):
        self.observers.append(self.refresh_soon)

    def stop_watching(self):
        self.observers.clear()

    def read_title(self):
        return "A document"

    def read_nodes(self):
        return [{"id": "a", "parent": None, "name": "A", "kind": "mesh", "visible": True}]

    def read_selection(self):
        return []


@pytest.fixture
def scene(monkeypatch):
    made = ObservedScene()
    monkeypatch.setattr(host_panel, "host_scene", lambda: made)
    return made


def test_outliner_that_is_destroyed_is_no_longer_told_by_the_host(make_view, scene, wait_until):
    view = host_panel.outliner()
    make_view.adopt(view)
    view.show()
    wait_until(lambda: view.is_ready)
    assert len(scene.observers) == 1
    view.deleteLater()
    wait_until(lambda: not is_alive(view))
    assert scene.observers == []


def test_outliner_that_is_destroyed_is_collected_while_the_scene_lives(make_view, scene, wait_until, wait_collected):
    view = host_panel.outliner()
    gone = weakref.ref(view)
    view.show()
    wait_until(lambda: gone().is_ready)
    view.deleteLater()
    wait_until(lambda: not is_alive(gone()))
    del view
    wait_collected(gone)
