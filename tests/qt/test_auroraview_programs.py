"""Programs and front-ends written for AuroraView, row by row of the migration guide, on a real page."""

from __future__ import annotations

import functools
import types

import pytest

from auroraview_qt import Policy, QtWebView, compat
from auroraview_qt.qt import compat as qt_compat
from auroraview_qt.qt.input import window_drag
from auroraview_qt.qt.input.window_drag import WindowDrag
from auroraview_qt.qt.script_globals import with_globals
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive
from tests.servers import serving

# Names of the page


def test_first_script_finds_the_bridge_ready(make_view, js):
    view = make_view(
        "<script>seen = [auroraview._ready, auroraview.isReady(), !!window.auroraview]</script>", kind=QtWebView
    )
    assert js(view, "seen") == [True, True, True]


def test_module_that_plants_a_stand_in_throws_nothing_and_keeps_the_bridge(make_view, js, wait_until):
    view = make_view(
        "<script type=module>'use strict'; window.auroraview = window.auroraview || {}; window.ipc = window.ipc || {};"
        "window.done = typeof auroraview.call</script>",
        kind=QtWebView,
    )
    wait_until(lambda: js(view, "window.done || ''") == "function")


def test_object_that_would_replace_the_bridge_is_refused_with_a_warning(make_view, js, wait_until, expect_log):
    expect_log("window.auroraview cannot be replaced")
    page = "<script>'use strict'; window.auroraview = {}; window.kept = typeof auroraview.call</script>"
    view = make_view(page, kind=QtWebView)
    assert js(view, "kept") == "function"


def test_patched_post_message_sees_the_traffic_of_its_callers(make_view, js, wait_until):
    view = make_view(
        "<script>sent = []; const inner = ipc.postMessage;"
        "ipc.postMessage = (text) => { sent.push(JSON.parse(text).event); inner(text); }</script>",
        kind=QtWebView,
    )
    got = []
    view.on("picked", got.append)
    js(view, "(ipc.postMessage(JSON.stringify({type: 'event', event: 'picked', detail: {n: 1}})), 1)")
    wait_until(lambda: got == [{"n": 1}])
    assert js(view, "sent") == ["picked"]


# Addresses and files


def test_page_of_this_machine_that_the_program_loads_has_the_bridge(make_view, js, wait_until):
    with serving({"/": "<title>dev</title>", "/other": "<title>other</title>"}) as server:
        view = QtWebView(url=server.url + "/")
        try:
            view.bind_call("api.hello", lambda: 1)
            view.show()
            wait_until(lambda: view.is_ready)
            assert js(view, "typeof auroraview.api.hello") == "function"
            view.load_url(server.url + "/other")
            wait_until(lambda: js(view, "document.title") == "other" and view.is_ready)
        finally:
            view.deleteLater()
            wait_until(lambda: not is_alive(view))


@pytest.mark.parametrize(
    "url", ["http://tool.studio.invalid/", "http://me@localhost:9/", "http://localhost.studio.invalid/"]
)
def test_page_of_another_machine_has_no_bridge_and_says_once_why(make_view, monkeypatch, caplog, expect_log, url):
    expect_log("is shown without auroraview")
    monkeypatch.setattr(qt_compat, "_untrusted", set())
    view = make_view("<p>", kind=QtWebView)
    trusted = view._trust.prefixes
    for _ in range(2):
        view.load_url(url)
    assert view._trust.prefixes == trusted
    told = [record.getMessage() for record in caplog.records if "trusted_origins" in record.getMessage()]
    assert len(told) == (0 if "@" in url else 1)
    view.stop()


def test_file_below_the_asset_root_is_a_page_of_the_app(make_view, js, wait_until, tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "tool.html").write_text("<script src='../tool.js'></script><title>tool</title>", "utf-8")
    (tmp_path / "tool.js").write_text("loaded = 1", "utf-8")
    view = make_view(kind=QtWebView, wait=False, asset_root=tmp_path)
    view.load_file(tmp_path / "pages" / "tool.html")
    wait_until(lambda: view.is_ready)
    assert js(view, "[window.loaded, location.pathname, document.title]") == [1, "/pages/tool.html", "tool"]


# Binding


class Api:
    """With a method, a value and nothing else."""

    value = 3

    def add(self, a, b):
        return a + b


def test_names_are_bound_again_and_odd_objects_are_accepted(make_view, js, wait_until, expect_log):
    expect_log("it has no public function")
    view, got = make_view("<p>", kind=QtWebView), []
    view.on("got", got.append)
    for answer in (1, 2):
        view.bind_call("api.number", lambda answer=answer: answer)
        view.command("number2", lambda answer=answer: answer * 10)
    view.bind_api(types.SimpleNamespace())
    module = types.ModuleType("tool")
    module.shout = lambda text: text.upper()
    view.bind_api(module, "module")
    view.bind_call("api.three", functools.partial(Api().add, 1, 2))
    calls = "[auroraview.api.number(), auroraview.call('number2'), auroraview.module.shout('a'), auroraview.api.three()]"
    wait_until(lambda: js(view, "auroraview.isMethodBound('api.three')"))
    js(view, f"(Promise.all({calls}).then((all) => auroraview.emit('got', all)), 1)")
    wait_until(lambda: got == [[2, 20, "A", 3]])


# Title bars of the page


@pytest.fixture
def asked(monkeypatch):
    """Windows that a drag would move, with the left button held."""
    windows = []
    monkeypatch.setattr(window_drag, "is_held", lambda: True)
    monkeypatch.setattr(window_drag, "_moved_by_system", lambda handle: windows.append(handle) or True)
    return windows


BAR = """<style>body { margin: 0 } div { height: 40px }</style>
<div id="region" style="-webkit-app-region: drag">bar <b id="no" style="-webkit-app-region: no-drag">x</b></div>
<div id="handle" class="drag-handle">bar <button id="button">x</button></div><div id="plain">page</div>"""


@pytest.mark.parametrize(("spot_of", "moves"), [("region", 1), ("no", 0), ("handle", 1), ("button", 0), ("plain", 0)])
def test_drag_region_of_the_page_moves_its_window(make_view, js, click, asked, wait_until, spot_of, moves):
    view = make_view(BAR, kind=QtWebView)
    told = []
    view.on("told", told.append)
    js(view, "(addEventListener('mousedown', () => setTimeout(() => auroraview.emit('told', 1))), 1)")
    click(view, f"#{spot_of}")
    wait_until(lambda: bool(told))
    assert len(asked) == moves


def test_drag_region_moves_no_window_of_the_host(qapp, asked, wait_until):
    window, dock, view = QtWidgets.QMainWindow(), QtWidgets.QDockWidget(), QtWidgets.QWidget()
    window.setCentralWidget(QtWidgets.QTextEdit())
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    drag = WindowDrag(view)
    drag.start({"region": True})
    assert not asked
    drag.start()  # startDrag() of the page
    assert asked == [window.windowHandle()]
    dock.setFloating(True)
    drag.start({"region": True})
    assert asked[1:] == [dock.windowHandle()]
    dock.setFloating(False)
    window.setCentralWidget(view)
    drag.start({"region": True})
    assert asked[2:] == [window.windowHandle()]
    window.deleteLater()
    wait_until(lambda: not is_alive(window))


# Python names


def test_keyword_capture_file_drop_makes_the_page_a_zone(make_view, js, wait_until):
    view = make_view("<p>", kind=QtWebView, capture_file_drop=True)
    zone = "document.documentElement.getAttribute('data-aurora-drop')"
    wait_until(lambda: js(view, zone) == "page")
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 2 and js(view, zone) == "page")


@pytest.mark.parametrize(("policy", "expected"), [(None, "ask"), (Policy(zoom=True), "ask"), (Policy(downloads="/x"), "/x")])
def test_keyword_allow_downloads_asks_the_artist_unless_the_policy_says_more(make_view, policy, expected):
    view = make_view("<p>", kind=QtWebView, allow_downloads=True, policy=policy)
    assert view._downloads._choice == expected


def test_console_and_uncaught_errors_are_signalled(make_view, js, wait_until, expect_log):
    for text in ("told 1", "told 2", "told 3", "Uncaught"):
        expect_log(text)
    view = make_view("<p>", kind=QtWebView)
    lines, errors = [], []
    view.consoleMessage.connect(lambda level, text, line, source: lines.append((level, text)))
    view.jsError.connect(lambda text, line, source: errors.append(text))
    js(view, "(console.info('told 1'), console.warn('told 2'), console.error('told 3'), 1)")
    js(view, "(setTimeout(() => { throw new Error('broken') }), 1)")
    wait_until(lambda: bool(errors))
    assert errors == ["Uncaught Error: broken"]
    assert lines[:3] == [(0, "told 1"), (1, "told 2"), (2, "told 3")]


def test_closing_is_signalled_and_so_is_a_page_that_asks_for_it(make_view, js, wait_until):
    view = make_view("<p>", kind=QtWebView)
    seen = []
    view.aboutToClose.connect(lambda: seen.append("about to close"))
    view.windowCloseRequested.connect(lambda: seen.append("close requested"))
    view.close()
    assert seen == ["about to close", "close requested"]
    view.page().windowCloseRequested.emit()
    assert seen[2:] == ["close requested"]


def test_properties_tell_of_the_page(make_view, wait_until):
    view = make_view("<p>", kind=QtWebView)
    wait_until(lambda: not view.is_loading)
    assert view.is_alive
    assert view.current_url == view.url().toString()
    during = []
    view.loadProgress.connect(lambda _: during.append(view.is_loading))
    view.load_html("<p>again")
    wait_until(lambda: view.stats()["pages"] == 2 and not view.is_loading)
    assert True in during


def test_eval_js_defines_globals_as_a_script_does(make_view, js, wait_until):
    view = make_view("<p>", kind=QtWebView)
    view.eval_js("var count = 1; const step = 2; function more() { count += step; }\nclass Tool {}")
    view.eval_js("more(); count += 10").result  # noqa: B018 - nobody waits for it
    wait_until(lambda: js(view, "window.count || 0") == 13)
    assert js(view, "[typeof step, typeof more, typeof Tool]") == ["number", "function", "function"]
    view.eval_js("var count = 5")
    wait_until(lambda: js(view, "count") == 5)
    view.eval_js("var name = 'tool'")
    wait_until(lambda: js(view, "window.name") == "tool")


@pytest.mark.parametrize(
    "source",
    [
        *("1 + 1", "document.title = 'var x'", "(function () { var inner = 1; return inner; })()", "tool.function"),
        *("if (true) { let inner = 1; }", "// var x = 1\n2", "({ function: 1, class: 2 })", "`${1} var x`"),
    ],
)
def test_eval_js_source_without_declarations_at_its_top_is_left_alone(source):
    assert with_globals(source) == source


# auroraview_qt.compat


def test_compat_offers_the_names_of_auroraview():
    assert {name for name in compat.__all__ if getattr(compat, name)} == set(compat.__all__)
    assert set(compat.__all__) <= set(dir(compat))
    assert compat.QtWebView is QtWebView
    with pytest.raises(AttributeError, match="run_desktop"):
        _ = compat.run_desktop


class Tool(compat.AuroraView):
    """A subclass whose methods belong to the page, as programs write it."""

    def __init__(self, **keywords):
        self.told = []
        super().__init__(html="<script>seen = []; auroraview.on('x', (d) => seen.push(d))</script>", **keywords)

    def greet(self, name):
        return f"hello {name}"

    def on_show(self):
        self.told.append("show")

    def on_hide(self):
        self.told.append("hide")

    def on_ready(self):
        self.told.append("ready")

    def on_close(self):
        self.told.append("close")


def test_aurora_view_is_a_tool_with_a_view(make_view, qapp, js, wait_until):
    tool, got = Tool(title="Tool", width=300, height=200, frame=False, debug=True), []
    tool.on("got", got.append)
    tool.command("twice")(lambda n: 2 * n)
    tool.bind_call("api.half", lambda n: n / 2)
    tool.bind_api(Api(), "math")
    tool.show()
    view = tool.view
    wait_until(lambda: view.is_ready and "ready" in tool.told)
    tool.emit("x", {"n": 1})
    tool.state["frame"] = 3
    assert js(view, "Object.keys(auroraview.api).sort().join()") == "greet,half,twice"
    calls = "[auroraview.api.greet('you'), auroraview.call('twice', 4), auroraview.api.half(4), auroraview.math.add(1, 2)]"
    js(view, f"(Promise.all({calls}).then((all) => auroraview.emit('got', all)), 1)")
    wait_until(lambda: got == [["hello you", 8, 2, 3]] and js(view, "[seen, auroraview.state.frame]") == [[{"n": 1}], 3])
    tool.set_size(320, 240)
    tool.set_position(10, 20)
    assert (view.width(), view.height(), view.windowTitle()) == (320, 240, "Tool")
    assert tool.get_hwnd()
    tool.set_visible(False)
    tool.close()
    tool.close()
    wait_until(lambda: not is_alive(view))
    assert tool.told == ["show", "ready", "hide", "close"]


def test_aurora_view_takes_an_api_a_parent_and_no_window_handle(make_view, qapp, wait_until, expect_log):
    parent = QtWidgets.QWidget()
    tool = compat.AuroraView(parent=parent, api=Api())
    assert tool.view.parentWidget() is parent
    assert list(tool.view.ipc_handler.commands()) == ["api.add"]
    parent.deleteLater()
    wait_until(lambda: not is_alive(tool.view))
    tool.close()
    expect_log("hosts.dock")
    alone = compat.AuroraView(parent_hwnd=42)
    assert alone.view.parentWidget() is None
    alone.close()
    wait_until(lambda: not is_alive(alone.view))


def test_signal_calls_its_handlers_and_stops_for_none_that_fails(make_view, expect_log):
    expect_log("a handler of the signal 'saved' failed")
    signal, got = compat.Signal("saved"), []

    def fail(_):
        raise ValueError("broken")

    signal.connect(fail)
    kept = signal.connect(got.append)
    signal.connect_once(lambda value: got.append(-value))
    assert (signal.handler_count, signal.is_connected) == (3, True)
    assert signal.emit(1) == 2
    assert signal(2) == 1
    assert got == [1, -1, 2]
    assert signal.disconnect(kept)
    assert not signal.disconnect(kept)
    assert signal.disconnect_all() == 1
    signal.connect(lambda: got.append("nothing"))
    assert signal.emit() == 1
    assert got[-1] == "nothing"
