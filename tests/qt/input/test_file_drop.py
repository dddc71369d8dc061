"""Files dropped on the page: their paths, their zone, and no file that opens in place of the page."""

from __future__ import annotations

import pytest

from auroraview_qt.qt.support.binding import BINDING, QtCore, QtGui, QtWidgets
from tests.qt.x11_pointer import artist, needs_display

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
        for step in range(3):  # the engine asks the page at each move, and uses its last answer
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


def test_drop_goes_to_the_nearest_zone_also_through_shadow_roots(make_view, js, wait_until, files):
    view = make_view(
        """<!doctype html><style>body { margin: 0 } div { height: 60px }</style>
        <section data-aurora-drop="outer">
          <div data-aurora-drop="inner">inner</div><div>outer</div><div id="root"></div>
        </section>
        <script>
          const shadow = root.attachShadow({mode: 'open'});
          shadow.innerHTML = '<p data-aurora-drop="shadow" style="margin: 0; height: 60px">in the shadow</p>';
        </script>"""
    )
    zones = []
    view.files_dropped.connect(lambda drop: zones.append(drop["zone"]))
    for number, y in enumerate((30, 90, 150), start=1):
        Drag(view, files[0]).drop(30, y, js)
        wait_until(lambda number=number: len(zones) == number)
    assert zones == ["inner", "outer", "shadow"]


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


@pytest.mark.parametrize("name", ["a%20b #1?.abc", "日本 ☃ 𝒳.usd", "e\u0301.ma", "no extension", "...", "sub", "gone.abc"])
def test_drop_gives_awkward_names_folders_and_files_that_have_vanished(make_view, js, wait_until, tmp_path, name):
    view = make_view(PAGE)
    path = tmp_path / name
    if name == "sub":
        path.mkdir()
    elif name != "gone.abc":
        path.write_text("x", encoding="utf-8")
    signalled = []
    view.files_dropped.connect(signalled.append)
    Drag(view, path).drop(30, 20, js)
    wait_until(lambda: signalled)
    assert signalled[0]["paths"] == [path.as_posix()]


def test_drop_of_two_files_of_one_name_gives_both(make_view, js, wait_until, tmp_path):
    view = make_view(PAGE)
    paths = [tmp_path / folder / "a.abc" for folder in ("one", "two", "three")]
    for path in paths:
        path.parent.mkdir()
        path.touch()
    signalled = []
    view.files_dropped.connect(signalled.append)
    Drag(view, *paths).drop(30, 20, js)
    wait_until(lambda: signalled)
    assert signalled[0]["paths"] == [path.as_posix() for path in paths]


def test_drop_of_an_address_that_is_no_file_is_none_and_opens_nothing(make_view, js, wait_until, files, expect_log):
    expect_log("a new window to data:text/plain,hello refused")  # Qt 6
    expect_log("navigation to data:text/plain,hello refused")
    view = make_view(PAGE)
    signalled = []
    view.files_dropped.connect(signalled.append)
    drag = Drag(view)
    drag.mime.setUrls([QtCore.QUrl("data:text/plain,hello")])
    drag.drop(30, 20, js)
    Drag(view, files[0]).drop(30, 20, js)
    wait_until(lambda: signalled)
    assert len(signalled) == 1
    assert js(view, "got.length") == 1
    assert "auroraview:" in view.url().toString()


@pytest.fixture
def folder(tmp_path):
    for path in (tmp_path / "root", tmp_path / "root" / "sub"):
        path.mkdir()
    (tmp_path / "root" / "ärm one.abc").write_text("x", encoding="utf-8")
    return tmp_path / "root"


@needs_display
def test_artist_drops_a_file_a_folder_and_a_file_that_vanishes_on_the_way(folder):
    told, _ = artist("inward", folder)
    names = ("ärm one.abc", "sub", "gone.abc")
    assert [(drop["paths"], drop["zone"]) for drop in told["page"]] == [([(folder / n).as_posix() for n in names], "assets")]


@needs_display
@pytest.mark.parametrize("scenario", ["inward_escape", "inward_left"])
def test_artist_who_gives_up_or_pulls_out_again_leaves_no_mark_and_no_drop(folder, scenario):
    told, _ = artist(scenario, folder)
    assert told["page"] == [[True, False], []]


@needs_display
def test_text_an_artist_drops_is_the_pages(folder):
    told, _ = artist("inward_text", folder)
    assert told["page"] == [[], ["no file"]]
