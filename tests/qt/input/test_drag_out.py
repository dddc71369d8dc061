"""auroraview.drag, and a page's own drags: with the mouse of a separate X display, and without a display."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import FileMissingError, InvalidArgumentsError, PermissionDeniedError, ScopeViolationError
from auroraview_qt.qt.input import drag_guard, drag_out
from auroraview_qt.qt.support.binding import QtCore
from tests.qt.x11_pointer import artist, needs_display

COPY, LINK, IGNORE = (getattr(QtCore.Qt.DropAction, f"{name}Action") for name in ("Copy", "Link", "Ignore"))


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    for path in (root / "ärm one.abc", tmp_path / "secret.txt"):
        path.write_text("x", encoding="utf-8")
    return root


def url_of(path):
    return QtCore.QUrl.fromLocalFile(str(path)).toString(QtCore.QUrl.ComponentFormattingOption.FullyEncoded) + "\r\n"


@needs_display
def test_drag_gives_the_target_files_text_and_data_and_the_bridge_goes_on_meanwhile(root):
    told, _ = artist("whole", root)
    assert told["got"] == {
        "text/uri-list": url_of(root / "ärm one.abc"),
        "text/plain": "one",
        "application/x-studio-asset": "7",
    }
    assert told["ended"] == [{"action": "copy"}]
    assert told["tocks"] >= 20  # there and back, while the target had the drag over it
    assert told["mouse"] == [0, False, 1]  # no button held, nothing :active, one mouseup


@needs_display
def test_drag_that_is_given_up_ends_with_none(root):
    told, _ = artist("escape", root)
    assert (told["ended"], told["got"]) == ([{"action": "none"}], None)


@needs_display
def test_drag_of_a_file_outside_the_roots_does_not_begin(root):
    told, _ = artist("refused", root)
    assert (told["ended"], told["got"]) == (["SCOPE_VIOLATION"], None)


@needs_display
@pytest.mark.parametrize("scenario", ["deleted", "killed"])
def test_drag_outlives_its_page(root, scenario):
    told, _ = artist(scenario, root)
    assert told["got"] == {"text/uri-list": url_of(root / "ärm one.abc")}
    assert told["ended"] == []


@needs_display
def test_own_drag_of_a_page_may_name_a_file_inside_the_roots(root):
    told, _ = artist("native", root)
    assert told["got"]["text/uri-list"] == url_of(root / "ärm one.abc")


@needs_display
def test_own_drag_of_a_page_loses_a_file_outside_the_roots(root):
    told, output = artist("native_outside", root)
    assert not told["got"].get("text/uri-list")
    assert "secret.txt: enable" in output


@needs_display
def test_own_drag_of_a_picture_is_left_alone(root):
    told, output = artist("picture", root)
    assert told["written"]
    assert "was kept from dragging" not in output


@pytest.fixture
def drags(qapp, root, monkeypatch):
    """The commands, with a button held and a drag that ends by itself."""
    done = []

    def run(mime, action):
        done.append((mime, action))
        return drags.ended

    monkeypatch.setattr(drag_out, "is_held", lambda: drags.held)
    monkeypatch.setattr(drag_out, "run_drag", run)
    drags = drag_out.DragOut(qapp, Scopes([root]), ["application/x-studio-asset"])
    drags.held, drags.ended, drags.done = True, COPY, done
    yield drags
    drags.close()


def test_answer_tells_what_the_target_has_done(drags, root, wait_until):
    for ended, name in ((COPY, "copy"), (LINK, "link"), (IGNORE, "none")):
        drags.ended = ended
        future = drags.start(paths=[str(root)], action="link")
        assert isinstance(future, Future)
        wait_until(future.done)
        assert future.result() == {"action": name}
    assert [action for _, action in drags.done] == [LINK] * 3


def test_drag_gets_where_a_path_really_leads(drags, root, wait_until):
    (root / "link").symlink_to(root / "ärm one.abc")
    wait_until(drags.start(paths=[str(root / "link")]).done)
    assert [url.toLocalFile() for url in drags.done[0][0].urls()] == [(root / "ärm one.abc").as_posix()]


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        ({}, InvalidArgumentsError, "nothing to drag"),
        ({"paths": "x"}, InvalidArgumentsError, "paths: "),
        ({"text": 7}, InvalidArgumentsError, "text: text"),
        ({"data": [7]}, InvalidArgumentsError, "data: "),
        ({"data": {"application/x-studio-asset": 7}}, InvalidArgumentsError, "has to be a text"),
        ({"data": {"application/x-other": "7"}}, PermissionDeniedError, "not allowed"),
        ({"text": "t", "action": "move"}, InvalidArgumentsError, "action 'move'"),
        ({"paths": ["relative"]}, ScopeViolationError, "relative"),
        ({"paths": ["/etc/hostname"]}, ScopeViolationError, "outside"),
    ],
)
def test_wrong_drags_are_refused_and_nothing_is_dragged(drags, what, error, message):
    with pytest.raises(error, match=message):
        drags.start(**what)
    assert drags._future is None


def test_drag_of_a_file_that_has_vanished_does_not_begin(drags, root):
    with pytest.raises(FileMissingError):
        drags.start(paths=[str(root / "gone.abc")])


def test_drag_needs_a_button_held(drags, root, wait_until):
    drags.held = False
    with pytest.raises(PermissionDeniedError, match="no mouse button"):
        drags.start(paths=[str(root)])
    drags.held = True
    future = drags.start(paths=[str(root)])
    drags.held = False  # released before it could begin
    wait_until(future.done)
    assert (future.result(), drags.done) == ({"action": "none"}, [])


def test_second_drag_meanwhile_is_refused(drags, root, wait_until):
    first = drags.start(paths=[str(root)])
    with pytest.raises(PermissionDeniedError, match="under way"):
        drags.start(paths=[str(root)])
    wait_until(first.done)
    wait_until(drags.start(paths=[str(root)]).done)


def test_call_that_is_cancelled_before_the_drag_begins_drags_nothing(drags, root, wait_until):
    first = drags.start(paths=[str(root)])
    first.cancel()
    wait_until(lambda: drags._future is None)
    assert drags.done == []


@pytest.mark.parametrize("kind", ["text/uri-list", "no type", "image/png", "chromium/x-web-custom-data", "application/"])
def test_types_that_mean_something_already_cannot_be_allowed(qapp, kind):
    with pytest.raises(ValueError, match="types="):
        drag_out.DragOut(qapp, Scopes([]), kind)


def test_capability_is_there_only_where_enabled(make_view, js, wait_until, root):
    view = make_view("<p>")
    assert js(view, "'drag' in auroraview") is False
    view.enable("drag", roots=[root])
    wait_until(lambda: js(view, "'drag' in auroraview"))
    refused = view.eval_js("auroraview.drag.start({text: 'x'}).catch((error) => error.code)")
    wait_until(refused.done)
    assert refused.result() == "PERMISSION_DENIED"  # no button is held
    view.disable("drag")
    wait_until(lambda: not js(view, "'drag' in auroraview"))


def test_pictures_the_engine_has_written_may_be_dragged(qapp, tmp_path):
    name = QtCore.QCoreApplication.applicationName() or "qt_temp"
    folder = QtCore.QTemporaryDir()
    assert drag_guard.is_of_the_engine(drag_guard.Path(folder.path(), "download.png")), (name, folder.path())
    assert not drag_guard.is_of_the_engine(drag_guard.Path(folder.path(), "in", "download.png"))
    assert not drag_guard.is_of_the_engine(tmp_path / "download.png")
