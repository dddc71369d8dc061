"""Dialogs of a page: Qt's own, offscreen. They nest no event loop, and end with what they belong to."""

from __future__ import annotations

import json
import threading

import pytest

from auroraview_qt.errors import InvalidArgumentsError, PermissionDeniedError
from auroraview_qt.ipc.calls.running import CallContext
from auroraview_qt.qt.capabilities.dialogs import MAX_MESSAGE_CHARS, Dialogs
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

Box, FileDialog = QtWidgets.QMessageBox, QtWidgets.QFileDialog


def ask(dialogs, command, **options):
    """Run a command as a call of the page would."""
    return dialogs.commands()[command](CallContext(command, lambda *report: None), **options)


@pytest.fixture
def view(make_view):
    view = make_view("<script>answers = []</script>")
    view.enable("dialog", native=False)
    return view


@pytest.fixture
def open_dialog(qapp, js, wait_until):
    """Invoke a command of the page, and return the dialog that it opens."""

    def open_dialog(view, command, options="{}"):
        js(
            view,
            f"(auroraview.invoke('plugin:dialog|{command}', {options}, {{timeout: 0}})"
            ".then((a) => answers.push(a), (e) => answers.push(e.code)), 1)",
        )
        found = []
        wait_until(lambda: found.extend(shown(qapp)) or found, command)
        return found[0]

    return open_dialog


def shown(qapp):
    return [w for w in qapp.topLevelWidgets() if isinstance(w, QtWidgets.QDialog) and w.isVisible()]


@pytest.fixture
def dialogs(make_view):
    """The commands without a calling page."""
    view = make_view()
    return Dialogs(view.page(), native=False)


def test_dialog_is_modal_to_the_window_of_its_panel_only(view, open_dialog, js, wait_until):
    dialog = open_dialog(view, "message", "{message: 'm', title: 'T'}")
    assert dialog.windowModality() == QtCore.Qt.WindowModality.WindowModal
    assert dialog.parent() is view.window()
    assert dialog.windowTitle() == "T" or dialog.windowTitle() == ""  # a sheet has none
    dialog.reject()
    wait_until(lambda: js(view, "answers") == [{"response": "ok"}])


def test_page_and_host_go_on_while_a_dialog_is_open(view, open_dialog, js, wait_until):
    got = []
    view.on("x", got.append)
    dialog = open_dialog(view, "open_file")
    js(view, "(auroraview.send_event('x', 1), 1)")
    wait_until(lambda: got == [1])
    assert js(view, "answers") == []
    # Run from a loop, as in a host: Qt 6.5 deletes closed dialogs only at the end of a loop.
    QtCore.QTimer.singleShot(0, dialog.reject)
    wait_until(lambda: js(view, "answers") == [{"path": None, "cancelled": True}])
    wait_until(lambda: not is_alive(dialog))


def test_reload_closes_the_dialog_and_the_new_page_can_open_another(view, open_dialog, js, wait_until):
    dialog = open_dialog(view, "open_file")
    view.reload()
    wait_until(lambda: not is_alive(dialog))
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    other = open_dialog(view, "open_file")
    other.reject()
    wait_until(lambda: js(view, "answers") == [{"path": None, "cancelled": True}])


def test_death_of_the_page_closes_the_dialog(view, open_dialog, wait_until, expect_log):
    expect_log("the renderer of")
    dialog = open_dialog(view, "message", "{message: 'm'}")
    assert view.terminate_page()
    wait_until(lambda: not is_alive(dialog))


def test_disable_closes_the_dialog_and_the_call_is_cancelled(view, open_dialog, js, wait_until):
    dialog = open_dialog(view, "open_folder")
    QtCore.QTimer.singleShot(0, lambda: view.disable("dialog"))
    wait_until(lambda: not is_alive(dialog))
    wait_until(lambda: js(view, "answers") == ["CANCELLED"])


def test_view_that_is_deleted_takes_its_dialog_along(view, open_dialog, qapp, wait_until):
    dialog = open_dialog(view, "open_file")
    view.deleteLater()
    wait_until(lambda: not is_alive(view) and not is_alive(dialog))


def test_second_dialog_of_a_page_is_refused(view, open_dialog, js, wait_until, qapp):
    dialog = open_dialog(view, "open_file")
    open_dialog(view, "message", "{message: 'm'}")
    wait_until(lambda: js(view, "answers") == ["PERMISSION_DENIED"])
    assert shown(qapp) == [dialog]
    dialog.reject()
    wait_until(lambda: len(js(view, "answers")) == 2)


def test_future_cancelled_on_another_thread_closes_the_dialog(dialogs, wait_until):
    future = ask(dialogs, "message", message="m")
    dialog = dialogs._open[0]
    worker = threading.Thread(target=future.cancel)
    worker.start()
    worker.join()
    wait_until(lambda: not is_alive(dialog))
    assert future.cancelled()
    again = ask(dialogs, "message", message="m")
    dialogs.close()
    assert again.cancelled()


def test_window_that_goes_takes_the_dialog_along_and_its_call_is_cancelled(dialogs, wait_until):
    future = ask(dialogs, "open_file")
    dialog = dialogs._open[0]
    dialog.deleteLater()
    wait_until(lambda: not is_alive(dialog))
    assert future.cancelled()
    ask(dialogs, "open_file").cancel()


def test_page_that_has_gone_gets_no_dialog_not_even_for_a_moment(view, qapp):
    arguments = [{"message": "m"}]
    answer = view.ipc_handler.call("c1", "plugin:dialog/message", arguments, "the page before")
    assert json.loads(answer)[2]["code"] == "CANCELLED"
    assert shown(qapp) == []
    assert view.ipc_handler.call("c1", "plugin:dialog/message", arguments, view._engine.session.document) is None
    assert len(shown(qapp)) == 1
    shown(qapp)[0].reject()


def test_text_of_a_page_is_shown_as_text(view, open_dialog, js):
    box = open_dialog(view, "message", "{message: '<b>bold</b><img src=x>', level: 'error', buttons: 'yes_no'}")
    assert box.textFormat() == QtCore.Qt.TextFormat.PlainText
    assert box.text() == "<b>bold</b><img src=x>"
    assert box.icon() == Box.Icon.Critical
    box.reject()


@pytest.mark.parametrize("text", ["word " * 200_000, "\n" * 1_000_000, "x" * 1_000_000, "ä\t\r\n" * 250_000])
def test_long_message_is_shown_in_part_and_on_the_screen(view, open_dialog, text):
    box = open_dialog(view, "message", json.dumps({"message": text, "title": text}))
    assert len(box.text()) <= MAX_MESSAGE_CHARS * 1.1
    assert "more" in box.text().splitlines()[-1]
    assert len(box.windowTitle()) <= 250
    assert "\n" not in box.windowTitle()
    assert box.sizeHint().width() <= 1_280
    assert box.sizeHint().height() <= 1_024
    box.reject()


def test_long_texts_of_a_file_dialog_are_shown_in_part(view, open_dialog):
    options = {"title": "T" * 1_000_000, "filters": [{"name": "n" * 1_000_000, "extensions": ["abc"]}]}
    dialog = open_dialog(view, "open_file", json.dumps(options))
    assert len(dialog.windowTitle()) <= 250
    assert [len(text) <= 250 and text.endswith(" (*.abc)") for text in dialog.nameFilters()] == [True]
    dialog.reject()


def test_message_with_characters_that_turn_letters_around_is_shown_as_it_is_read(view, open_dialog):
    box = open_dialog(view, "message", json.dumps({"message": "open \u202egpj.exe\x07", "title": "a\u202eb\nc"}))
    assert [box.text(), box.windowTitle()] == ["open gpj.exe", "a b c"]
    box.reject()


def test_options_of_a_file_dialog_are_used(view, open_dialog, tmp_path):
    options = {
        "title": "Export",
        "defaultPath": str(tmp_path),
        "defaultName": "../sub/scene.abc",
        "filters": [{"name": "Alembic (cache)", "extensions": ["abc", ".ABC"]}, {"name": "All", "extensions": ["*"]}],
    }
    dialog = open_dialog(view, "save_file", json.dumps(options))
    assert dialog.windowTitle() == "Export"
    assert dialog.directory().absolutePath() == QtCore.QDir(str(tmp_path)).absolutePath()
    assert dialog.nameFilters() == ["Alembic cache (*.abc *.ABC)", "All (*)"]
    assert dialog.defaultSuffix() == "abc"
    assert dialog.acceptMode() == FileDialog.AcceptMode.AcceptSave
    assert dialog.findChild(QtWidgets.QLineEdit, "fileNameEdit").text() == "scene.abc"
    dialog.reject()


def test_default_path_of_a_file_begins_in_its_folder(view, open_dialog, tmp_path):
    dialog = open_dialog(view, "open_file", json.dumps({"defaultPath": str(tmp_path / "scene.ma")}))
    assert dialog.directory().absolutePath() == QtCore.QDir(str(tmp_path)).absolutePath()
    dialog.reject()


def test_several_folders_can_be_chosen(view, open_dialog, js, wait_until, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    dialog = open_dialog(view, "open_folders", json.dumps({"defaultPath": str(tmp_path)}))
    trees = [v for v in dialog.findChildren(QtWidgets.QAbstractItemView) if v.objectName() in ("listView", "treeView")]
    several = QtWidgets.QAbstractItemView.SelectionMode.ExtendedSelection
    assert [tree.selectionMode() for tree in trees] == [several] * len(trees)
    assert trees
    dialog.reject()
    wait_until(lambda: js(view, "answers") == [{"paths": [], "cancelled": True}])


@pytest.mark.parametrize(
    ("command", "options", "message"),
    [
        ("open_file", {"titel": "x"}, "unknown option 'titel'"),
        ("open_file", {"title": 7}, "title has to be a text"),
        ("open_file", {"defaultPath": "a\0b"}, "defaultPath has to be a text"),
        ("open_file", {"filters": [{"name": "x"}]}, "filters has to be"),
        ("open_file", {"filters": [7]}, "filters has to be"),
        ("open_file", {"filters": [{"name": "x", "extensions": ["a) (*"]}]}, "no file extension"),
        ("open_file", {"filters": [{"name": "x", "extensions": ["a"]}] * 60}, "at most 50 filters"),
        ("open_file", {"filters": [{"name": "x", "extensions": ["a"] * 100_000}]}, "at most 50 filters with 200"),
        ("open_file", {"defaultPath": "/a" * 4_000}, "defaultPath is longer than 4,096 characters"),
        ("save_file", {"defaultName": "a" * 1_000_000}, "defaultName is longer"),
        ("message", {"message": 7}, "message has to be a text"),
        ("message", {"message": "m", "level": "fatal"}, "level 'fatal' is not known"),
        ("message", {"message": "m", "buttons": ["ok"]}, "buttons .* is not known"),
        ("confirm", {"message": "m", "title": 7}, "title has to be a text"),
    ],
)
def test_wrong_options_are_named_and_nothing_opens(dialogs, qapp, command, options, message):
    with pytest.raises(InvalidArgumentsError, match=message):
        ask(dialogs, command, **options)
    assert not shown(qapp)
    assert dialogs._open is None


def test_native_dialogs_are_used_where_asked_for_and_able(make_view):
    view, options = make_view(), []
    dialogs = Dialogs(view.page(), native=True)

    def look(dialog, result):
        options.append(dialog.testOption(FileDialog.Option.DontUseNativeDialog))
        dialog.deleteLater()

    dialogs._show = look
    ask(dialogs, "open_file")
    ask(dialogs, "open_folders")
    assert options == [False, True]


def test_refusal_of_a_second_dialog_leaves_nothing_behind(dialogs, qapp, wait_until):
    first = ask(dialogs, "message", message="m")
    for command, options in (("message", {"message": "m"}), ("open_file", {})):
        with pytest.raises(PermissionDeniedError, match="open already"):
            ask(dialogs, command, **options)
    assert len(shown(qapp)) == 1
    first.cancel()
    wait_until(lambda: not shown(qapp))


def test_page_that_asks_and_leaves_at_once_leaves_no_dialog_behind(view, js, wait_until, qapp):
    for pages in range(2, 8):
        js(view, "(auroraview.invoke('plugin:dialog|message', {message: 'm'}).catch(() => 1), location.reload(), 1)")
        wait_until(lambda pages=pages: view.stats()["pages"] == pages and view.is_ready)
        js(view, "1")
        wait_until(lambda: view.stats()["inbox"] == 0)
        wait_until(lambda: not shown(qapp))
