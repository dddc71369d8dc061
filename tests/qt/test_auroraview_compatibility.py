"""The names that front-ends for AuroraView use, row by row, on a real page."""

from __future__ import annotations

import gc
import json
import logging
from concurrent.futures import Future

import pytest

from auroraview_qt import AuroraViewError, QtWebView
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, delete_now

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"/>'


def never(_):
    return Future()


@pytest.fixture
def settle(js, wait_until):
    """Await a promise in the page; return its value, or ``{"name", "code", "data", "isError"}`` of its rejection."""

    def settle(view, source):
        js(
            view,
            f"""(window.settled = null, Promise.resolve().then(() => {source}).then(
                (value) => {{ settled = [value === undefined ? null : value]; }},
                (e) => {{ settled = [{{name: e.name, code: e.code, data: e.data, isError: e instanceof Error}}]; }}), 1)""",
        )
        wait_until(lambda: js(view, "settled") is not None, source)
        return js(view, "settled")[0]

    return settle


# When and how the object exists


def test_object_exists_before_the_first_script_with_every_bound_method(make_view, js, wait_until):
    view = make_view("<script>first = auroraview && Object.keys(auroraview.api).join()</script>", wait=False)
    view.bind_api(type("Api", (), {"bake": lambda self: 1})())
    view.bind_call("api.extra", lambda: 2)
    view.command("plain", lambda: 3)
    wait_until(lambda: view.is_ready)
    assert js(view, "first") == "bake,extra,plain"
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "first") == "bake,extra,plain"


def test_stand_in_planted_by_the_page_is_not_used(make_view, js):
    view = make_view("<script>if (!window.auroraview) window.auroraview = {api: {}}; kept = auroraview</script>")
    assert js(view, "[typeof auroraview.call, kept === auroraview]") == ["function", True]


def test_object_is_stable_and_its_properties_can_be_patched(make_view, js, wait_until):
    view = make_view("<script>one = auroraview; seen = []</script>")
    assert js(
        view, "Object.entries(Object.getOwnPropertyDescriptors(auroraview)).every(([k, d]) => d.configurable && d.writable)"
    )
    js(view, "(inner = auroraview.trigger, auroraview.trigger = (e, d) => { seen.push(e); inner(e, d); }, 1)")
    js(view, "(auroraview.on('tick', () => seen.push('handler')), 1)")
    view.emit("tick", 1)
    wait_until(lambda: len(js(view, "seen")) == 2)
    assert js(view, "[seen, one === auroraview]") == [["tick", "handler"], True]


def test_ready_is_told_five_ways(make_view, js, wait_until):
    view = make_view(
        "<script>seen = [auroraview._ready, auroraview.isReady()];"
        "auroraview.whenReady().then((a) => seen.push(a === auroraview));"
        "addEventListener('auroraviewready', (e) => seen.push(typeof e.detail.timestamp, e.detail.url));</script>",
        wait=False,
    )
    told = []
    view.on("__auroraview_ready", told.append)
    wait_until(lambda: told and view.is_ready)
    assert sorted(told[0]) == ["timestamp", "url"]
    assert js(view, "seen") == [True, True, "number", told[0]["url"], True]
    assert js(view, "[auroraview._ready, auroraview.isReady()]") == [True, True]


def test_api_ready_is_told_after_binding_and_for_late_binds(make_view, js, wait_until):
    view = make_view(
        "<script>told = []; addEventListener('auroraview-api-ready', (e) => told.push(e.detail.methods))</script>"
    )
    before = js(view, "told.length")
    assert before == 1
    view.bind_call("api.late", lambda: None)
    wait_until(lambda: js(view, "told.length") == 2)
    assert js(view, "told[1]") == ["api.late"]


# Keys of window.auroraview


@pytest.mark.parametrize(("params", "sent"), [("", []), (", undefined", []), (", null", [None]), (", {a: 1}", [{"a": 1}])])
def test_call_params_are_absent_only_where_undefined(make_view, settle, params, sent):
    view = make_view("<p>")
    view.command("probe", lambda *args, **keywords: [*args, *([keywords] if keywords else [])])
    assert settle(view, f"auroraview.call('probe'{params})") == sent


def test_call_times_out_after_its_own_timeout(make_view, settle):
    view = make_view("<p>")
    view.command("never", never)
    assert settle(view, "auroraview.call('never', null, {timeout: 20})")["code"] == "TIMEOUT"


def test_send_event_reaches_python_and_returns_nothing(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("x", got.append)
    assert js(view, "[typeof auroraview.send_event('x', {a: 1}), typeof auroraview.send_event('x')]") == ["undefined"] * 2
    wait_until(lambda: len(got) == 2)
    assert got == [{"a": 1}, {}]


@pytest.mark.parametrize("name", ["node picked", 'say "hi"', "back\\slash", "名前 🎬", "',", "</script>"])
def test_event_name_is_any_text(make_view, js, wait_until, name):
    view, heard = make_view("<script>window.got = []</script>", kind=QtWebView), []
    view.on(name, heard.append)
    js(view, f"(auroraview.on({json.dumps(name)}, (data) => got.push(data)), 1)")
    for number in (1, 2):
        view.emit(name, {"n": number})
    wait_until(lambda: js(view, "got") == [{"n": 1}, {"n": 2}], "the events of Python")
    js(view, f"(auroraview.send_event({json.dumps(name)}, {{n: 3}}), 1)")
    js(view, f"(window.dispatchEvent(new CustomEvent({json.dumps(name)}, {{detail: 4}})), 1)")
    wait_until(lambda: heard == [{"n": 3}, 4], "the page's events")


def test_on_and_off(make_view, js, wait_until, expect_log):
    view = make_view(
        "<script>seen = []; f = (d) => seen.push(d); stop = auroraview.on('x', f); auroraview.on('x', f)</script>"
    )
    expect_log("needs a function")
    assert js(view, "[typeof stop, typeof auroraview.on('x', 7), auroraview.on('x', 7)() === undefined]") == [
        "function",
        "function",
        True,
    ]
    view.emit("x", 1)
    wait_until(lambda: js(view, "seen") == [1])
    js(view, "(stop(), auroraview.on('x', f), auroraview.on('x', () => seen.push('other')), auroraview.off('x', f), 1)")
    view.emit("x", 2)
    wait_until(lambda: js(view, "seen") == [1, "other"])
    js(view, "(auroraview.off('x'), auroraview.on('last', f), 1)")
    view.emit("x", 3)
    view.emit("last", 4)
    wait_until(lambda: js(view, "seen") == [1, "other", 4])


def test_trigger_one_raising_handler_does_not_stop_the_next(make_view, js, wait_until, expect_log):
    view = make_view(
        "<script>seen = []; auroraview.on('x', () => { throw new Error('no') });"
        "auroraview.on('x', (d) => seen.push(d))</script>"
    )
    expect_log("handler of")
    view.emit("x", 1)
    wait_until(lambda: js(view, "seen") == [1])


def test_api_is_a_plain_object_whose_methods_pass_one_argument(make_view, js, wait_until, settle):
    view = make_view("<p>")
    view.bind_call("api.echo", lambda *args, **keywords: [list(args), keywords])
    wait_until(lambda: js(view, "'echo' in auroraview.api"))
    assert js(view, "[Object.keys(auroraview.api), Object.getPrototypeOf(auroraview.api) === Object.prototype]") == [
        ["echo"],
        True,
    ]
    assert settle(view, "auroraview.api.echo('x')") == [["x"], {}]
    assert settle(view, "auroraview.api.echo({a: 1})") == [[], {"a": 1}]
    assert settle(view, "auroraview.api.echo()") == [[], {}]


def test_bound_methods_are_listed(make_view, js, wait_until):
    view = make_view("<p>")
    view.bind_call("ns.m", lambda: None)
    wait_until(lambda: js(view, "auroraview.isMethodBound('ns.m')"))
    assert js(view, "[auroraview._boundMethods, auroraview.isMethodBound('ns.x')]") == [{"ns.m": True}, False]
    assert js(view, "auroraview.getBoundMethods()") == ["ns.m"]


def test_set_config_and_first_values_of_the_page(make_view, settle):
    view = make_view("<script>window.__AURORAVIEW_CONFIG__ = {callTimeoutMs: 20}</script>")
    view.command("never", never)
    assert settle(view, "auroraview.call('never', 1)")["code"] == "TIMEOUT"
    assert settle(view, "(auroraview.setConfig({callTimeoutMs: 10}), auroraview.call('never', 1))")["code"] == "TIMEOUT"


def test_channel_messages_wait_for_on_message_and_keep_their_order(make_view, js, wait_until):
    view = make_view("<script>seen = []; auroraview.on('mark', (d) => seen.push(d))</script>", wait=False)
    channel = view.channel("progress")
    channel.send({"n": 1})
    view.emit("mark", "between")
    channel.send(2)
    wait_until(lambda: view.is_ready and js(view, "seen") == ["between"])
    js(
        view,
        "(c = auroraview.channel('progress'), c.onMessage((d) => seen.push(d)), c.onClose(() => seen.push('closed')), 1)",
    )
    channel.close()
    wait_until(lambda: js(view, "seen.length") == 4)
    assert js(view, "[seen, c.isClosed]") == [["between", {"n": 1}, 2, "closed"], True]


def test_channel_survives_the_death_of_the_page_as_events_do(make_view, js, wait_until, expect_log):
    view = make_view("<script>seen = []; auroraview.channel('a').onMessage((d) => seen.push(d))</script>")
    expect_log("the renderer of")
    view.channel("a").send(1)
    assert view.terminate_page()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready and js(view, "seen") == [1])


def test_invoke_runs_commands_of_plugins(make_view, settle, expect_log):
    view = make_view("<p>")
    view.command("plugin:mine/double", lambda n: 2 * n)
    assert settle(view, "auroraview.invoke('plugin:mine|double', {n: 4})") == 8
    assert settle(view, "auroraview.invoke('plugin:mine|dubble', {n: 4})")["code"] == "COMMAND_NOT_FOUND"
    assert settle(view, "auroraview.invoke('plugin:other|x')")["code"] == "PLUGIN_NOT_FOUND"
    assert settle(view, "auroraview.invoke('plugin:mine|double', {m: 4})")["code"] == "INVALID_ARGS"
    view.command("plugin:mine/never", never)
    assert settle(view, "auroraview.invoke('plugin:mine|never', {_: 1}, {timeout: 10})")["code"] == "TIMEOUT"


def test_fs_dialog_clipboard_and_shell_are_present_only_where_enabled(make_view, js, wait_until, tmp_path):
    names = "['fs', 'dialog', 'clipboard', 'shell'].filter((name) => name in auroraview)"
    view = make_view(f"<script>first = {names}</script>", wait=False)
    view.enable("fs", roots=[tmp_path])
    view.enable("shell")
    wait_until(lambda: view.is_ready)
    assert js(view, "first") == ["fs", "shell"]
    view.enable("clipboard")
    view.disable("fs")
    wait_until(lambda: js(view, names) == ["clipboard", "shell"])
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "first") == ["clipboard", "shell"]
    assert js(make_view("<p>"), names) == []


def test_state_of_the_page(make_view, js, wait_until):
    view = make_view(
        "<script>told = []; stop = auroraview.state.onChange((...change) => told.push(change))</script>", wait=False
    )
    view.state["frame"] = 1
    wait_until(lambda: view.is_ready)
    assert js(view, "auroraview.state.frame") == 1
    js(view, "(auroraview.state.name = 'pCube1', auroraview.state.gone = 1, delete auroraview.state.gone, 1)")
    wait_until(lambda: view.state.to_dict() == {"frame": 1, "name": "pCube1"})
    view.state["frame"] = 2
    wait_until(lambda: js(view, "auroraview.state.frame") == 2)
    assert js(view, "told.filter(([key]) => key !== 'gone')") == [["name", "pCube1", "javascript"], ["frame", 2, "python"]]
    assert js(view, "[auroraview.state.keys().sort(), auroraview.state.toJSON()]") == [
        ["frame", "name"],
        {"frame": 2, "name": "pCube1"},
    ]
    before = js(view, "(stop(), told.length)")
    js(view, "(auroraview.state.onChange(late = () => told.push('late')), auroraview.state.offChange(late), 1)")
    view.state["frame"] = 3
    wait_until(lambda: js(view, "auroraview.state.frame") == 3)
    assert js(view, "told.length") == before


def test_start_drag_throws_nothing_and_moves_nothing_without_a_button_held(make_view, js, wait_until):
    view, got = make_view("<p>"), []
    view.on("after", got.append)
    before = view.pos()
    js(view, "(auroraview.startDrag(), auroraview.send_event('after'), 1)")
    wait_until(lambda: got)
    assert view.pos() == before
    assert not view._drag._timer.isActive()


def test_utils(make_view, js, wait_until):
    view = make_view(
        "<script>seen = []; const {debounce, throttle, once} = auroraview.utils;"
        "d = debounce((x) => seen.push('d' + x), 5); d(1); d(2);"
        "t = throttle((x) => seen.push('t' + x), 5); t(1); t(2); t(3);"
        "o = once(() => seen.push('o')); o(); o();</script>"
    )
    wait_until(lambda: len(js(view, "seen")) == 4)
    assert sorted(js(view, "seen")) == ["d2", "o", "t1", "t3"]


# Calls


def test_wire_messages_of_the_page_itself_are_answered(make_view, js, wait_until):
    view, got = make_view("<script>seen = []; auroraview.on('__auroraview_call_result', (d) => seen.push(d))</script>"), []
    view.on("low", got.append)
    view.command("double", lambda n: 2 * n)
    view.command("plugin:p/double", lambda n: 2 * n)
    for message in (
        {"type": "event", "event": "low", "detail": {"a": 1}},
        {"type": "call", "id": "mine-1", "method": "double", "params": {"n": 2}},
        {"type": "invoke", "id": "mine-2", "cmd": "plugin:p|double", "args": {"n": 3}},
        {"type": "invoke", "id": "mine-3", "cmd": "plugin:q|x", "args": {}},
    ):
        js(view, f"(ipc.postMessage({json.dumps(json.dumps(message))}), 1)")
    wait_until(lambda: js(view, "seen.length") == 3)
    seen = js(view, "seen")
    assert got == [{"a": 1}]
    assert seen[:2] == [{"id": "mine-1", "ok": True, "result": 4}, {"id": "mine-2", "ok": True, "result": 6}]
    assert (seen[2]["id"], seen[2]["ok"], seen[2]["error"]["code"]) == ("mine-3", False, "PLUGIN_NOT_FOUND")


def test_error_of_a_call_is_an_error_with_name_code_and_data(make_view, settle, expect_log):
    class LockedError(AuroraViewError):
        code = "LOCKED"

    view = make_view("<p>")
    expect_log("command 'fail'")

    @view.command
    def fail():
        raise LockedError("no", data={"by": "Ada"})

    assert settle(view, "auroraview.call('fail')") == {
        "name": "LockedError",
        "code": "LOCKED",
        "data": {"by": "Ada"},
        "isError": True,
    }


def test_errors_the_page_makes_itself(make_view, js, settle, wait_until):
    view = make_view("<p>")
    view.command("never", never)
    found = settle(view, "auroraview.call('never', 1, {timeout: 5})")
    assert (found["name"], found["code"]) == ("TimeoutError", "TIMEOUT")
    js(
        view,
        "(auroraview.call('never', 1).catch((e) => sessionStorage.setItem('end', e.name + ' ' + e.code)),"
        "addEventListener('pagehide', () => Promise.resolve().then(() => 1)), 1)",
    )
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "sessionStorage.getItem('end')") == "CancelledError CANCELLED"


def test_none_is_null(make_view, settle):
    view = make_view("<p>")
    view.command("nothing", lambda: None)
    assert settle(view, "auroraview.call('nothing').then((r) => [r])") == [None]


@pytest.mark.parametrize(
    ("params", "arguments"),
    [
        ("", [[], {}]),
        (", {a: 1}", [[], {"a": 1}]),
        (", [1, 2]", [[1, 2], {}]),
        (", 'x'", [["x"], {}]),
        (", null", [[None], {}]),
    ],
)
def test_params_become_arguments_of_python(make_view, settle, params, arguments):
    view = make_view("<p>")
    view.command("probe", lambda *args, **keywords: [args, keywords])
    assert settle(view, f"auroraview.call('probe'{params})") == arguments


# Dialogs and other capabilities, if enabled


@pytest.fixture
def opened(qapp, wait_until):
    """Wait until a dialog of Qt is open, and return it."""

    def opened(kind):
        found = []
        wait_until(lambda: found.extend(w for w in qapp.topLevelWidgets() if isinstance(w, kind) and w.isVisible()) or found)
        return found[0]

    return opened


@pytest.fixture
def ask(js, wait_until, opened):
    """Call a method of the page that opens a dialog, do something with the dialog, and return the result."""

    def ask(view, source, kind, answer):
        js(view, f"(window.asked = null, {source}.then((value) => {{ asked = [value]; }}), 1)")
        answer(opened(kind))
        wait_until(lambda: js(view, "asked") is not None, source)
        return js(view, "asked")[0]

    return ask


def choose(*paths):
    """Choose files in a dialog, as a person would."""

    def choose(dialog):
        for path in paths:
            dialog.selectFile(str(path))
        edit = dialog.findChild(QtWidgets.QLineEdit, "fileNameEdit")
        edit.setText(" ".join(f'"{path}"' for path in paths) if len(paths) > 1 else str(paths[0]))
        dialog.accept()

    return choose


def press(name):
    """Press a standard button of a message box."""
    return lambda box: box.button(getattr(QtWidgets.QMessageBox.StandardButton, name)).click()


@pytest.fixture
def files(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "sub").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("method", "chosen", "expected"),
    [
        ("openFile", ["a.txt"], {"path": "{0}/a.txt", "cancelled": False}),
        ("openFiles", ["a.txt", "b.txt"], {"paths": ["{0}/a.txt", "{0}/b.txt"], "cancelled": False}),
        ("openFolder", ["sub"], {"path": "{0}/sub", "cancelled": False}),
        ("openFolders", ["sub"], {"paths": ["{0}/sub"], "cancelled": False}),
        ("saveFile", ["new.txt"], {"path": "{0}/new.txt", "cancelled": False}),
    ],
)
def test_file_dialogs_give_what_was_chosen_or_cancelled(make_view, ask, files, method, chosen, expected):
    view = make_view("<p>")
    view.enable("dialog", native=False)
    options = json.dumps(
        {"title": "Choose", "defaultPath": str(files), "filters": [{"name": "Text", "extensions": ["txt"]}]}
    )
    source = f"auroraview.invoke('plugin:dialog|{method.replace('F', '_f')}', {options}, {{timeout: 0}})"
    found = ask(view, source, QtWidgets.QFileDialog, choose(*(files / name for name in chosen)))
    assert found == json.loads(json.dumps(expected).replace("{0}", str(files)))
    nothing = {"paths": []} if "s" in method[-1] else {"path": None}
    assert ask(view, source, QtWidgets.QFileDialog, lambda dialog: dialog.reject()) == {**nothing, "cancelled": True}


@pytest.mark.parametrize(
    ("source", "button", "expected"),
    [
        ("message({message: 'm', title: 'T', level: 'warning', buttons: 'yes_no_cancel'})", "No", {"response": "no"}),
        ("message({message: 'm', buttons: 'ok_cancel'})", "Cancel", {"response": "cancel"}),
        ("message({message: 'm'})", "Ok", {"response": "ok"}),
        ("confirm({message: 'm'})", "Yes", {"confirmed": True}),
        ("confirm({message: 'm'})", "No", {"confirmed": False}),
        ("ask('m', 'T')", "Yes", True),
        ("ask('m')", "No", False),
    ],
)
def test_message_confirm_and_ask_give_what_was_pressed(make_view, wait_until, js, ask, source, button, expected):
    view = make_view("<p>")
    view.enable("dialog", native=False)
    wait_until(lambda: js(view, "'dialog' in auroraview"))
    assert ask(view, f"auroraview.dialog.{source}", QtWidgets.QMessageBox, press(button)) == expected


def test_clipboard(make_view, js, wait_until, settle):
    view = make_view("<p>")
    view.enable("clipboard")
    wait_until(lambda: js(view, "'clipboard' in auroraview"))
    board = QtGui.QGuiApplication.clipboard()
    assert settle(view, "auroraview.clipboard.writeText('ä 🎬')") is None
    assert board.text() == "ä 🎬"
    assert settle(view, "Promise.all([auroraview.clipboard.readText(), auroraview.clipboard.hasText()])") == ["ä 🎬", True]
    settle(view, "auroraview.clipboard.clear()")
    assert settle(view, "Promise.all([auroraview.clipboard.readText(), auroraview.clipboard.hasText()])") == ["", False]


class Opener:
    """Takes requests to the system."""

    def __init__(self):
        self.opened, self.shown = [], []

    def open_url(self, url):
        self.opened.append(url.toString())
        return "nobody" not in url.toString()

    def show(self, path):
        self.shown.append(path)
        return True


def test_shell(make_view, js, click, wait_until, settle, files):
    view, opener = make_view("<p>"), Opener()
    view.enable("shell", paths=[files], opener=opener)
    wait_until(lambda: js(view, "'shell' in auroraview"))
    path = json.dumps(str(files / "a.txt"))
    click(view, "p")  # without a gesture a page opens nothing
    settle(view, "auroraview.shell.open('https://example.com/a?b=c')")
    settle(view, f"auroraview.shell.openPath({path})")
    settle(view, f"auroraview.shell.showInFolder({path})")
    assert opener.opened == ["https://example.com/a?b=c", QtCore.QUrl.fromLocalFile(str(files / "a.txt")).toString()]
    assert opener.shown == [files / "a.txt"]


def test_fs(make_view, js, wait_until, settle, files):
    view = make_view(f"<script>root = {json.dumps(str(files))}</script>")
    view.enable("fs", roots=[files], write=True)
    wait_until(lambda: js(view, "'fs' in auroraview"))
    steps = [
        ("readFile(root + '/a.txt')", "a.txt"),
        ("readFile(root + '/a.txt', {encoding: 'base64'})", "YS50eHQ="),
        ("readFile(root + '/a.txt', {encoding: 'binary'}).then((b) => [b.constructor.name, b.length])", ["Uint8Array", 5]),
        ("writeFile(root + '/c/d.txt', 'neu')", None),
        ("writeFile(root + '/c/d.txt', 'er', true)", None),
        ("readFile(root + '/c/d.txt')", "neuer"),
        ("exists(root + '/c')", True),
        ("exists(root + '/x')", False),
        ("stat(root + '/c/d.txt').then((s) => [s.size, s.isFile, s.isDir])", [5, True, False]),
        ("createDir(root + '/e')", None),
        ("copy(root + '/c', root + '/e/f')", None),
        ("rename(root + '/e/f/d.txt', root + '/e/g.txt')", None),
        ("readDir(root + '/e', true).then((l) => l.map((e) => e.name + e.isDir))", ["ftrue", "g.txtfalse"]),
        ("remove(root + '/e', true)", None),
        ("exists(root + '/e')", False),
    ]
    for source, expected in steps:
        assert settle(view, f"auroraview.fs.{source}") == expected, source


def test_error_codes_of_capabilities(make_view, js, wait_until, settle, files):
    view = make_view(f"<script>root = {json.dumps(str(files))}</script>")
    view.enable("fs", roots=[files])
    wait_until(lambda: js(view, "'fs' in auroraview"))
    found = {
        source: settle(view, source)["code"]
        for source in (
            "auroraview.invoke('plugin:shell|open', {path: 'https://a'})",
            "auroraview.invoke('plugin:fs|format', {path: root})",
            "auroraview.fs.readFile(7)",
            "auroraview.fs.writeFile(root + '/a.txt', '')",
            "auroraview.fs.readFile(root + '/../x')",
            "auroraview.fs.readFile(root + '/x')",
            "auroraview.fs.readFile(root)",
        )
    }
    assert list(found.values()) == [
        "PLUGIN_NOT_FOUND",
        "COMMAND_NOT_FOUND",
        "INVALID_ARGS",
        "PERMISSION_DENIED",
        "SCOPE_VIOLATION",
        "FILE_NOT_FOUND",
        "IO_ERROR",
    ]


# URLs


@pytest.fixture
def app_dir(tmp_path):
    app, disk = tmp_path / "app", tmp_path / "disk ä"
    for folder in (app, disk):
        folder.mkdir()
        (folder / "p.svg").write_text(SVG)
        (folder / "data.json").write_text(json.dumps({"from": folder.name[:4]}))
        (folder / "s.js").write_text(f"window.{folder.name[:4].strip()}Script = 1")
        (folder / "sub.html").write_text("<script src=sub.js></script>")
        (folder / "sub.js").write_text(f"parent.postMessage('{folder.name[:4]} ' + typeof qt, '*')")
    (app / "index.html").write_text("<title>app</title><script src=main.js></script>")
    (app / "main.js").write_text(
        "window.seen = []; addEventListener('message', (e) => seen.push(e.data));"
        "loaded = (e, src) => new Promise((r, f) => {"
        " e.onload = () => r(e); e.onerror = f; e.src = src; document.body.append(e); });"
    )
    return app


def local_url(path, *, on_disk):
    return "https://auroraview.localhost" + (f"/file/{path.as_posix()}" if on_disk else f"/{path.name}")


@pytest.mark.parametrize("on_disk", [False, True])
def test_local_urls_are_image_script_frame_and_fetch(make_view, js, wait_until, settle, app_dir, on_disk, expect_log):
    view = make_view()
    home = app_dir.parent / "disk ä" if on_disk else app_dir
    if on_disk:  # where they are scripts, unlike in an app
        view.allow_files(home)
        view.serve_assets(app_dir)
        view.load_url("https://auroraview.localhost/index.html")
    else:
        view.load_app(app_dir)
    wait_until(lambda: view.is_ready)
    url = {name: json.dumps(local_url(home / name, on_disk=on_disk)) for name in ("p.svg", "s.js", "sub.html", "data.json")}
    assert settle(view, f"loaded(new Image(), {url['p.svg']}).then((i) => i.width)") == 7
    source = f"loaded(document.createElement('script'), {url['s.js']}).then(() => window.{home.name[:4]}Script)"
    assert settle(view, source) == 1
    assert settle(view, f"fetch({url['data.json']}).then((r) => r.json())") == {"from": home.name[:4]}
    expect_log("script")  # of the document from disk, which runs none
    assert settle(view, f"loaded(document.createElement('iframe'), {url['sub.html']}).then(() => 1)") == 1
    if on_disk:
        assert js(view, "seen") == []
    else:
        wait_until(lambda: js(view, "seen.length"))
        assert js(view, "seen") == [f"{home.name[:4]} undefined"]


def test_local_url_as_page_has_the_bridge(make_view, js, wait_until, app_dir):
    view = make_view()
    view.serve_assets(app_dir)
    view.load_url("https://auroraview.localhost/index.html")
    wait_until(lambda: view.is_ready)
    assert js(view, "[document.title, typeof auroraview.call]") == ["app", "function"]
    view.allow_files(app_dir)
    view.load_url(local_url(app_dir / "index.html", on_disk=True))
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "[document.title, typeof auroraview.call]") == ["app", "function"]


def test_link_to_a_local_url_stays_in_the_panel(make_view, js, wait_until, app_dir):
    view = make_view(app_dir=app_dir)
    view.page().open_external = None
    wait_until(lambda: view.is_ready)
    js(view, "(location.href = 'https://auroraview.localhost/index.html?again#part', 1)")
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "[document.title, location.search, location.hash]") == ["app", "?again", "#part"]


# Python names of AuroraView's users


def test_qt_web_view_takes_the_keywords_of_auroraview(make_view, js, wait_until, app_dir, caplog):
    caplog.set_level(logging.INFO, "auroraview_qt")
    keywords = {"kind": QtWebView, "title": "Tool", "width": 410, "height": 300, "dev_tools": True, "context_menu": False}
    view = make_view("<p>", asset_root=app_dir, embed_mode="owner", auto_prewarm=False, **keywords)
    other = make_view("<p>", embed_mode="child", **keywords)
    lines = [r.getMessage() for r in caplog.records if "mean nothing" in r.getMessage()]
    assert len(lines) == 1
    assert "auto_prewarm, embed_mode" in lines[0]
    assert (view.windowTitle(), other.windowTitle()) == ("Tool", "Tool")
    assert view.contextMenuPolicy() == QtCore.Qt.ContextMenuPolicy.NoContextMenu
    view.open_devtools()
    with pytest.raises(TypeError, match=r"QtWebView\(\).*'asset_rot'.*did you mean 'asset_root'"):
        QtWebView(asset_rot="x")


def test_qt_web_view_has_the_size_it_was_given(qapp):
    view = QtWebView(None, "Tool", 410, 300)
    assert (view.width(), view.height(), view.windowTitle()) == (410, 300, "Tool")
    view.deleteLater()


def test_qt_web_view_methods_take_auroraview_spelling(make_view, js, wait_until, settle):
    view, got = make_view("<script>seen = []; auroraview.on('x', (d) => seen.push(d))</script>", kind=QtWebView), []

    @view.on("up")
    def up(data):
        got.append(data)

    view.register_callback("up", got.append)
    view.emit("x", {"n": 1}, auto_process=False)
    view.emit("x", {"n": 2}, True)
    view.bind_call("api.add", lambda a, b: a + b)
    view.bind_api(type("Api", (), {"add": lambda self, a, b: [a, b]})())
    view.bind_api(type("Api", (), {"add": lambda self, a, b: [b, a]})(), "api", allow_rebind=True)
    with pytest.raises(ValueError, match="already"):
        view.bind_api(type("Api", (), {"add": lambda self: 0})(), allow_rebind=False)
    wait_until(lambda: len(js(view, "seen")) == 2)
    assert settle(view, "auroraview.api.add([1, 2])") == [2, 1]
    js(view, "(auroraview.send_event('up', 5), 1)")
    wait_until(lambda: len(got) == 2)
    with view.create_channel("c") as channel:
        assert channel.id == "c"


def test_state_of_python(make_view, js, wait_until):
    view, told = make_view("<p>", kind=QtWebView), []
    view.state.on_change(lambda *change: told.append(change))
    with view.state.batch_update():
        view.state["a"] = 1
        view.state["b"] = 2
    wait_until(lambda: js(view, "auroraview.state.toJSON()") == {"a": 1, "b": 2})
    js(view, "(auroraview.state.a = 3, 1)")
    wait_until(lambda: ("a", 3, "javascript") in told)
    assert told == [("a", 1, "python"), ("b", 2, "python"), ("a", 3, "javascript")]


def test_eval_js_runs_statements_nobody_waits_for(make_view, js, wait_until):
    view = make_view(kind=QtWebView, wait=False)
    view.eval_js("window.ran = 1; document.title = 'told';")
    view.load_html("<p>")
    wait_until(lambda: js(view, "[window.ran, document.title]") == [1, "told"])


def test_title_is_text_and_method(make_view, wait_until):
    view = make_view("<title>page</title>", kind=QtWebView, title="window")
    wait_until(lambda: view.title() == "page")
    assert view.title == "window"
    assert isinstance(view.title, str)
    view.title = "other"
    assert (view.title, view.windowTitle(), view.title()) == ("other", "other", "page")


def test_get_hwnd_is_the_handle_of_the_window(make_view):
    view = make_view("<p>", kind=QtWebView)
    assert view.get_hwnd() == int(view.winId())
    assert isinstance(view.get_hwnd(), int)


def test_create_deferred_returns_at_once_and_makes_the_view_later(qapp, js, wait_until):
    parent, made, failed = QtWidgets.QWidget(), [], []
    place = QtWebView.create_deferred(
        parent, title="Tool", html="<title>later</title>", on_ready=made.append, on_error=failed.append
    )
    assert place.parent() is parent
    assert not made
    wait_until(lambda: made)
    assert made[0].parent() is parent
    wait_until(lambda: made[0].is_ready)
    assert js(made[0], "document.title") == "later"
    assert place.isHidden()
    assert not failed
    parent.deleteLater()


def test_create_deferred_whose_place_nobody_keeps_makes_the_view(qapp, wait_until):
    made = []
    QtWebView.create_deferred(None, on_ready=made.append)
    gc.collect()
    wait_until(lambda: made)
    made[0].deleteLater()


def test_create_deferred_tells_what_failed(qapp, wait_until, caplog):
    failed, made = [], []
    place = QtWebView.create_deferred(None, asset_root="/nowhere/at/all", on_ready=made.append, on_error=failed.append)
    wait_until(lambda: failed)
    assert "/nowhere/at/all" in failed[0]
    assert not made
    place.deleteLater()


def test_create_deferred_whose_place_is_deleted_makes_no_view(qapp, wait_until):
    made, later = [], []
    place = QtWebView.create_deferred(None, html="<p>", on_ready=made.append)
    delete_now(place)
    QtCore.QTimer.singleShot(50, lambda: later.append(1))
    wait_until(lambda: later)
    assert not made


def test_qt_signals_are_there(make_view, wait_until):
    view = make_view(kind=QtWebView)
    seen = []
    view.loadStarted.connect(lambda: seen.append("started"))
    view.loadProgress.connect(lambda n: seen.append("progress"))
    view.loadFinished.connect(lambda ok: seen.append(ok))
    view.urlChanged.connect(lambda url: seen.append("url"))
    view.titleChanged.connect(lambda title: seen.append(title))
    view.load_html("<title>here</title>")
    wait_until(lambda: {"started", "progress", True, "url", "here"} <= set(seen))


def test_close_keeps_the_page_for_the_next_show(make_view, js):
    view = make_view("<script>n = 1</script>", kind=QtWebView)
    js(view, "(n = 2, 1)")
    assert view.close()
    view.show()
    assert js(view, "n") == 2
