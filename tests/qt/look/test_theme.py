"""The host's look in the page: there before the first script, live, and never a white flash."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from auroraview_qt.qt.look.colors import BORDER_CONTRAST, MARK_CONTRAST, TEXT_CONTRAST, contrast, visible_background
from auroraview_qt.qt.look.theme import host_theme
from auroraview_qt.qt.support.binding import BINDING, QtCore, QtGui, QtWidgets
from tests.qt.programs import run_python

Role = QtGui.QPalette.ColorRole
DARK = {
    Role.Window: "#444444",
    Role.WindowText: "#dddddd",
    Role.Base: "#2b2b2b",
    Role.Text: "#dcdcdc",
    Role.Button: "#4d4d4d",
    Role.ButtonText: "#dedede",
    Role.Highlight: "#4a6a88",
    Role.HighlightedText: "#fefefe",
}
LIGHT = {
    Role.Window: "#efefef",
    Role.WindowText: "#1f1f1f",
    Role.Base: "#ffffff",
    Role.Text: "#202020",
    Role.Button: "#e7e7e7",
    Role.ButtonText: "#212121",
    Role.Highlight: "#308cc6",
    Role.HighlightedText: "#fdfdfd",
}
AT_START = "<script>window.first = getComputedStyle(document.documentElement).getPropertyValue('--host-window')</script>"


def palette(colors):
    made = QtGui.QPalette()
    for role, color in colors.items():
        made.setColor(role, QtGui.QColor(color))
    return made


def variable(js, view, name):
    return js(view, f"getComputedStyle(document.documentElement).getPropertyValue('--host-{name}').trim()")


def style(js, view, selector, name):
    return js(view, f"getComputedStyle(document.querySelector('{selector}')).getPropertyValue('{name}')")


@pytest.fixture
def themed(make_view, wait_until):
    """Make a view whose palette is set before its page loads."""

    def make(html, colors=DARK, **keywords):
        view = make_view(**keywords)
        view.setPalette(palette(colors))
        view.load_html(html)
        wait_until(lambda: view.is_ready)
        return view

    return make


def test_theme_stands_before_the_first_script(make_view, js, wait_until):
    view = make_view()
    view.setPalette(palette(DARK))
    wait_until(lambda: view._theme.theme["variables"]["--host-window"] == "#444444")
    view.load_html(AT_START)
    wait_until(lambda: view.is_ready)
    assert js(view, "first") == "#444444"


@pytest.mark.parametrize(("colors", "scheme"), [(DARK, "dark"), (LIGHT, "light")])
def test_theme_gives_the_palette_as_variables(themed, js, wait_until, colors, scheme):
    view = themed("<p>", colors)
    wait_until(lambda: variable(js, view, "window") == colors[Role.Window])
    for name, role in (
        ("text", Role.WindowText),
        ("base", Role.Base),
        ("base-text", Role.Text),
        ("button", Role.Button),
        ("button-text", Role.ButtonText),
        ("highlight", Role.Highlight),
        ("highlight-text", Role.HighlightedText),
    ):
        assert variable(js, view, name) == colors[role], name
    assert js(view, "document.documentElement.dataset.hostScheme") == scheme
    assert variable(js, view, "scheme") == scheme


def test_theme_follows_the_host_while_the_page_runs(themed, js, wait_until):
    view = themed("<script>window.changes = 0; window.addEventListener('hostthemechange', () => { changes += 1 })</script>")
    wait_until(lambda: variable(js, view, "window") == "#444444")
    before = js(view, "changes")
    view.setPalette(palette(LIGHT))
    wait_until(lambda: variable(js, view, "window") == "#efefef")
    assert js(view, "changes") == before + 1
    assert variable(js, view, "scheme") == "light"
    view.reload()
    wait_until(lambda: js(view, "window.changes") == 0)
    assert variable(js, view, "window") == "#efefef"


def test_theme_follows_the_hosts_font(themed, js, wait_until):
    view = themed("<p>")
    font = view.font()
    font.setPixelSize(19)
    view.setFont(font)
    wait_until(lambda: variable(js, view, "font-size") == "19px")
    assert int(variable(js, view, "row").replace("px", "")) > 22
    assert QtGui.QFontInfo(font).family() in variable(js, view, "font-family")


def test_theme_reads_colours_of_a_style_sheet(make_view, js, wait_until):
    window = QtWidgets.QWidget()
    view = make_view("<p>", parent=window)
    window.setStyleSheet("QWidget { background: #313131; color: #eeeeee } QTreeView { background: #212121; color: #cccccc }")
    window.show()
    wait_until(lambda: variable(js, view, "window") == "#313131")
    assert [variable(js, view, name) for name in ("text", "base", "base-text")] == ["#eeeeee", "#212121", "#cccccc"]
    view.setParent(None)
    window.deleteLater()


def test_theme_is_that_of_the_dock_where_a_style_sheet_colours_docks_alone(make_view, js, wait_until):
    window = QtWidgets.QMainWindow()
    dock = QtWidgets.QDockWidget(window)
    view = make_view("<p>", parent=dock)
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    window.setStyleSheet("QMainWindow, QDockWidget { background-color: #232932; color: #d2d8e1 }")
    wait_until(lambda: variable(js, view, "window") == "#232932")
    assert [variable(js, view, name) for name in ("text", "scheme")] == ["#d2d8e1", "dark"]
    wait_until(lambda: pixel(view) == "#232932", "the page's ground painted")
    window.setStyleSheet("")
    wait_until(lambda: variable(js, view, "scheme") == "light")
    view.setParent(None)
    window.deleteLater()


def test_theme_may_be_switched_off(make_view, js):
    view = make_view("<html data-aurora-style='host'><p>", theme=False)
    assert variable(js, view, "window") == ""
    assert not js(view, "document.documentElement.hasAttribute('style')")


def test_theme_is_not_for_foreign_pages(make_view, js, wait_until):
    view = make_view("<p>")
    view.load_url("data:text/html,<html data-aurora-style='host'><p id=there><title>foreign</title>")
    wait_until(lambda: view.title() == "foreign", "the page")
    assert js(view, "!!window.there")
    assert variable(js, view, "window") == ""


@pytest.mark.parametrize("colors", [DARK, LIGHT, {**DARK, Role.Highlight: "#464646"}, {**LIGHT, Role.Highlight: "#fafafa"}])
def test_theme_accent_can_be_told_from_what_is_behind_it(qapp, colors):
    widget = QtWidgets.QWidget()
    widget.setPalette(palette(colors))
    accent = QtGui.QColor(host_theme(widget)["variables"]["--host-accent"])
    assert contrast(accent, QtGui.QColor(colors[Role.Window])) >= MARK_CONTRAST
    assert contrast(accent, QtGui.QColor(colors[Role.Base])) >= MARK_CONTRAST


# Readable with every set of host colours

PAIRS = (
    ("text", "window"),
    ("quiet", "window"),
    ("base-text", "base"),
    ("base-text", "alternate"),
    ("button-text", "button"),
)
PAIRS += (("link", "window"), ("error", "window"), ("warning", "window"))
ON_LISTS = (("link", "base"), ("error", "base"), ("warning", "base"))
BLACK_ON_BLACK = dict.fromkeys(DARK, "#000000")
WHITE_ON_WHITE = dict.fromkeys(DARK, "#ffffff")
GREY_ON_GREY = dict.fromkeys(DARK, "#808080")
FLAT_DARK = {**DARK, Role.Window: "#1e1e1e", Role.Base: "#1e1e1e"}
FLAT_LIGHT = {**LIGHT, Role.Window: "#ffffff", Role.Base: "#ffffff"}
PALETTES = [DARK, LIGHT, BLACK_ON_BLACK, WHITE_ON_WHITE, GREY_ON_GREY, FLAT_DARK, FLAT_LIGHT]
PALETTES += [{**DARK, Role.WindowText: "#222222"}, {**DARK, Role.Text: "#333333"}, {**LIGHT, Role.ButtonText: "#e0e0e0"}]
PALETTES += [{**DARK, Role.AlternateBase: "#ffffff"}, {**FLAT_DARK, Role.Window: "#000000", Role.Base: "#000000"}]


def assert_readable(widget):
    values = {name[7:]: value for name, value in host_theme(widget)["variables"].items()}
    alike = contrast(QtGui.QColor(values["window"]), QtGui.QColor(values["base"])) < 2  # else no colour suits both
    low = {pair: contrast(*(QtGui.QColor(values[name]) for name in pair)) for pair in (*PAIRS, *(ON_LISTS if alike else ()))}
    assert not {pair: value for pair, value in low.items() if value < TEXT_CONTRAST - 0.05}, values
    window, base, border = (QtGui.QColor(values[name]) for name in ("window", "base", "border"))
    assert contrast(border, window) >= BORDER_CONTRAST - 0.01
    if window == base:
        assert contrast(border, base) >= BORDER_CONTRAST - 0.01
    return values


@pytest.mark.parametrize("colors", PALETTES)
def test_theme_is_readable_over_any_palette(qapp, colors):
    widget = QtWidgets.QWidget()
    widget.setPalette(palette(colors))
    values = assert_readable(widget)
    assert values["window"] == colors[Role.Window]


SHEETS = {
    "QWidget { background: transparent } QMainWindow { color: #ddd; background: #323232 }": "#323232",
    "QWidget { background-color: transparent; color: #111 } QMainWindow { background: #202020 }": "#202020",
    "QMainWindow { background: #101010 } QWidget { color: black }": "#101010",
    "QWidget { background: transparent; color: white } QMainWindow { background: #fafafa }": "#fafafa",
    "QMainWindow { background: #404040 } #place { background: rgba(255, 255, 255, 128) }": "#a0a0a0",
    "QMainWindow { background: qlineargradient(x1:0, y1:0, x2:0, y2:1, stop:0 #202020, stop:1 #404040) }": "#303030",
    "QTreeView { background: transparent; color: #222 } QMainWindow { background: #252525 }": "#252525",
    "QTreeView { background: #222 } QMainWindow { background: #252525 }": "#252525",
}


@pytest.mark.parametrize(("sheet", "expected"), SHEETS.items())
@pytest.mark.parametrize("host", [DARK, LIGHT])
def test_theme_is_readable_under_any_style_sheet(qapp, host, sheet, expected):
    before = qapp.palette()
    qapp.setPalette(palette(host))
    window, place = QtWidgets.QMainWindow(), QtWidgets.QWidget()
    place.setObjectName("place")
    window.setCentralWidget(place)
    window.setStyleSheet(sheet)
    try:
        window.show()
        values = assert_readable(place)
    finally:
        qapp.setPalette(before)
        window.close()
    seen, wanted = QtGui.QColor(values["window"]), QtGui.QColor(expected)
    assert abs(seen.lightness() - wanted.lightness()) <= 2, values["window"]
    assert (values["scheme"] == "dark") == (wanted.lightness() < 128)


def test_background_behind_transparent_widgets_alone_is_that_of_the_application(qapp):
    widget = QtWidgets.QWidget()
    widget.setStyleSheet("background: transparent")
    widget.ensurePolished()
    assert visible_background(widget)[0] == qapp.palette().color(Role.Window)
    assert_readable(widget)


def test_background_of_a_picture_is_its_mean_colour(qapp):
    picture = QtGui.QPixmap(4, 4)
    picture.fill(QtGui.QColor("#204060"))
    widget = QtWidgets.QWidget()
    colors = widget.palette()
    colors.setBrush(Role.Window, QtGui.QBrush(picture))
    widget.setPalette(colors)
    assert visible_background(widget)[0].name() == "#204060"
    assert_readable(widget)


@pytest.fixture
def dark_host(qapp):
    """A dark host, with dark floating windows."""
    before = qapp.palette()
    qapp.setPalette(palette(DARK))
    yield
    qapp.setPalette(before)


def pixel(view):
    return view.grab().toImage().pixelColor(60, 60).name()


def test_view_is_never_white_under_a_dark_host(dark_host, make_view, js, wait_until):
    view = make_view()
    seen = {pixel(view)}
    for _ in range(3):
        pages = view.stats()["pages"]
        view.load_html("<p>")

        def loaded(pages=pages):
            seen.add(pixel(view))
            return view.stats()["pages"] > pages and view.is_ready

        wait_until(loaded)
    for _ in range(5):
        js(view, "new Promise(requestAnimationFrame) && 1")
        seen.add(pixel(view))
    assert seen == {"#444444"}


def test_view_is_never_white_while_it_floats_and_docks(dark_host, make_view, js, wait_until):
    window = QtWidgets.QMainWindow()
    dock = QtWidgets.QDockWidget(window)
    view = make_view("<p>", parent=dock)
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.resize(500, 400)
    window.show()
    wait_until(lambda: variable(js, view, "window") == "#444444" and pixel(view) == "#444444")
    for floating in (True, False, True, False):
        dock.setFloating(floating)
        dock.hide()
        dock.show()
        assert pixel(view) == "#444444"
        js(view, "1")
        assert pixel(view) == "#444444"
    view.setParent(None)
    window.deleteLater()


# The style sheet for plain controls


@pytest.mark.parametrize("where", ["before", "after"])
def test_page_wins_over_the_host_sheet_whatever_its_selectors(make_view, js, where):
    style = "<style>input { border-color: rgb(1, 2, 3); } body { padding: 3px }</style>"
    parts = [style, "<input type=checkbox id=c>"] if where == "before" else ["<input type=checkbox id=c>", style]
    view = make_view("<html data-aurora-style='host'>" + "".join(parts))
    has_layers = tuple(map(int, BINDING[1].split(".")[:2])) >= (6, 4)
    assert (js(view, "getComputedStyle(c).borderTopColor") == "rgb(1, 2, 3)") == has_layers
    assert js(view, "getComputedStyle(document.body).paddingTop") == "3px"
    assert js(view, "getComputedStyle(c).position") == "relative"


def test_content_can_be_selected_and_labels_cannot(make_view, js):
    view = make_view(
        "<html data-aurora-style='host'><p id=a>t</p><button><span id=b>t</span></button><output id=c>t</output>"
        "<label id=d>t</label><span id=e>t</span><table><tbody><tr><td id=f>t</table>"
    )
    assert js(view, "[a, c, f].map((one) => getComputedStyle(one).userSelect)") == ["text"] * 3
    assert js(view, "[d, e].map((one) => getComputedStyle(one).userSelect)") == ["none"] * 2
    assert js(view, "getComputedStyle(b).cursor") == "default"


CONTROLS = "<!doctype html><html data-aurora-style='host'><head>{}</head><body><button>b</button></body></html>"


def test_controls_take_the_hosts_look_where_the_page_asks_for_it(themed, js, wait_until):
    view = themed(CONTROLS.format(""))
    wait_until(lambda: style(js, view, "button", "background-color") == "rgb(77, 77, 77)")
    assert style(js, view, "body", "background-color") == "rgb(68, 68, 68)"
    assert style(js, view, "html", "color-scheme") == "dark"
    plain = themed("<button>b</button>")
    assert style(js, plain, "button", "border-radius") != style(js, view, "button", "border-radius")


def test_controls_obey_the_pages_own_style(themed, js):
    view = themed(CONTROLS.format("<style>button { border-radius: 7px }</style>"))
    assert style(js, view, "button", "border-radius") == "7px"
    assert style(js, view, "button", "appearance") in ("none", "")


def test_controls_need_no_permission_of_the_pages_policy(make_view, js, tmp_path, wait_until, expect_log):
    expect_log("Refused to apply inline style")
    expect_log("Applying inline style violates")
    expect_log("so says the app's Content Security Policy")
    policy = "<meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\">"
    (tmp_path / "index.html").write_text(CONTROLS.format(policy), encoding="utf-8")
    view = make_view(app_dir=tmp_path)
    wait_until(lambda: view.is_ready)
    assert style(js, view, "button", "border-radius") == "2px"


def test_controls_look_the_same_on_a_development_server(make_view, js, tmp_path, wait_until):
    (tmp_path / "index.html").write_text(CONTROLS.format(""), encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        view = make_view(app_dir=tmp_path, dev_url=f"http://127.0.0.1:{server.server_port}/")
        wait_until(lambda: view.is_ready)
        assert style(js, view, "button", "border-radius") == "2px"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_controls_show_a_ring_for_the_keyboard_only(themed, js, wait_until):
    view = themed(CONTROLS.format(""))
    view.activateWindow()
    view.setFocus()
    wait_until(lambda: js(view, "document.hasFocus()"))
    js(view, "window.dispatchEvent(new KeyboardEvent('keydown', {key: 'Tab'})) && document.querySelector('button').focus()")
    assert style(js, view, "button", "outline-style") == "solid"
    js(view, "window.dispatchEvent(new MouseEvent('mousedown')) && 1")
    assert style(js, view, "button", "outline-style") == "none"


@pytest.mark.parametrize(
    ("window", "flags", "is_dark"),
    [
        ("#333", "", True),
        ("#eee", "", False),
        ("#333", "--lang=de", True),
        ("#333", "--blink-settings=imagesEnabled=true", False),
    ],
)
def test_page_prefers_the_colour_scheme_of_a_dark_host(window, flags, is_dark):
    code, told = run_python(
        f"""
        import os, sys
        from auroraview_qt import WebView
        from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets
        app = QtWidgets.QApplication(["tool"])
        palette = QtGui.QPalette(QtGui.QColor("{window}"))
        app.setPalette(palette)
        view = WebView(html="<script>auroraview.emit('seen', matchMedia('(prefers-color-scheme: dark)').matches)</script>")
        view.on("seen", lambda data: (print("DARK", data, repr(os.environ["QTWEBENGINE_CHROMIUM_FLAGS"])), app.quit()))
        view.show()
        QtCore.QTimer.singleShot(50000, lambda: app.exit(3))
        sys.exit((getattr(app, "exec", None) or app.exec_)())
        """,
        QTWEBENGINE_CHROMIUM_FLAGS=flags,
    )
    assert code == 0, told
    assert f"DARK {is_dark} {flags!r}" in told
