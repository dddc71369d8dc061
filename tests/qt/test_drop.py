"""Files dropped on the page: their paths, the zone that took them, and no file that is opened in place of the page."""

from __future__ import annotations

import pytest

from auroraview_qt.qt.binding import BINDING, QtCore, QtGui, QtWidgets

PAGE = """<!doctype html><style>body { margin: 0 } div { height: 80px; width: 200px }</style>
<div id="models" data-aurora-drop="models"><p id="inner">here</div><div id="plain">not here</div>
<script>
  window.got = [];
  window.marks = [];
  auroraview.on('file_drop', (drop) => got.push(drop));
  new MutationObserver(() => marks.push(models.hasAttribute('data-aurora-over'))).observe(models, {attributes: true});
</script>"""
TAKES_FLOATS = tuple(map(int, BINDING[1].split(".")[:2])) >= (6, 12)  # drags, too; there whole numbers are deprecated
COPY = QtCore.Qt.DropAction.CopyAction
LEFT, NONE = QtCore.Qt.MouseButton.LeftButton, QtCore.Qt.KeyboardModifier.NoModifier


class Drag:
    """A drag from the host over a view, as Qt delivers it."""

    def __init__(self, view, *paths):
        self.view, self.mime = view, QtCore.QMimeData()
        self.mime.setUrls([QtCore.QUrl.fromLocalFile(str(path)) for path in paths])

    def send(self, kind, x, y):
        place = QtCore.QPoint(x, y)
        if kind is QtGui.QDropEvent or TAKES_FLOATS:
            place = QtCore.QPointF(place)
        event = kind(place, COPY, self.mime, LEFT, NONE)
        QtWidgets.QApplication.sendEvent(self.view, event)

    def drop(self, x, y, js):
        self.send(QtGui.QDragEnterEvent, x, y)
        for step in range(3):  # the engine asks the page at each move, and goes by its last answer
            self.send(QtGui.QDragMoveEvent, x + step, y)
            js(self.view, "new Promise(requestAnimationFrame) && 1")
        self.send(QtGui.QDropEvent, x, y)


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / "ärm one.abc", tmp_path / "b.usd"]
    for path in paths:
        path.write_text("x", encoding="utf-8")
    return paths


def test_drop_on_a_zone_gives_page_and_python_the_paths(make_view, js, wait_until, files):
    view = make_view(PAGE)
    heard, signalled = [], []
    view.on("file_drop", heard.append)
    view.files_dropped.connect(signalled.append)
    Drag(view, *files).drop(30, 20, js)
    wait_until(lambda: signalled and js(view, "got.length"))
    expected = {"paths": [path.as_posix() for path in files], "x": 30, "y": 20, "zone": "models"}
    assert heard == signalled == js(view, "got") == [expected]
    assert "auroraview:" in view.url().toString()


def test_drop_marks_its_zone_while_files_are_over_it(make_view, js, wait_until, files):
    view = make_view(PAGE)
    drag = Drag(view, *files)
    drag.send(QtGui.QDragEnterEvent, 30, 20)
    drag.send(QtGui.QDragMoveEvent, 31, 20)
    wait_until(lambda: js(view, "models.hasAttribute('data-aurora-over')"))
    drag.send(QtGui.QDragMoveEvent, 30, 120)
    wait_until(lambda: not js(view, "models.hasAttribute('data-aurora-over')"))
    drag.send(QtGui.QDragMoveEvent, 31, 20)
    wait_until(lambda: js(view, "models.hasAttribute('data-aurora-over')"))
    QtWidgets.QApplication.sendEvent(view, QtGui.QDragLeaveEvent())
    wait_until(lambda: js(view, "marks.join()") == "true,false,true,false")


def test_drop_outside_of_zones_changes_nothing(make_view, js, wait_until, files):
    view = make_view(PAGE)
    signalled = []
    view.files_dropped.connect(signalled.append)
    Drag(view, files[0]).drop(30, 120, js)
    Drag(view, files[1]).drop(30, 20, js)
    wait_until(lambda: signalled)
    assert [drop["paths"] for drop in signalled] == [[files[1].as_posix()]]
    assert "auroraview:" in view.url().toString()


@pytest.mark.parametrize("has_list", [False, True])
def test_drop_of_text_is_none_of_files(make_view, js, wait_until, files, has_list):
    view = make_view(PAGE)
    signalled = []
    view.files_dropped.connect(signalled.append)
    drag = Drag(view)
    if not has_list:
        drag.mime.clear()
    drag.mime.setText("plain")
    assert drag.mime.hasUrls() == has_list
    drag.drop(30, 20, js)
    Drag(view, files[1]).drop(30, 20, js)
    wait_until(lambda: signalled)
    assert len(signalled) == 1


def test_drop_place_is_in_pixels_of_the_page(make_view, js, wait_until, files):
    view = make_view(PAGE)
    view.setZoomFactor(2.0)
    wait_until(lambda: js(view, "window.innerWidth") == 160)
    Drag(view, files[0]).drop(60, 40, js)
    wait_until(lambda: js(view, "got.length"))
    assert js(view, "[got[0].x, got[0].y]") == [30, 20]


def test_drop_a_page_makes_up_gives_no_paths(make_view, js, wait_until, files):
    view = make_view(PAGE)
    signalled = []
    view.files_dropped.connect(signalled.append)
    js(
        view,
        """(() => {
          const data = new DataTransfer();
          data.items.add(new File(['x'], 'b.usd'));
          models.dispatchEvent(new DragEvent('drop', {bubbles: true, dataTransfer: data, cancelable: true}));
          return 1;
        })()""",
    )
    js(view, "1")
    Drag(view, files[0]).drop(30, 20, js)
    wait_until(lambda: signalled)
    assert [drop["paths"] for drop in signalled] == [[files[0].as_posix()]]
