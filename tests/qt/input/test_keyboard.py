"""Keys between host and page, with real key events: their receiver, before and after the page's report."""

from __future__ import annotations

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import WebView
from auroraview_qt.qt.input import keyboard as keys
from auroraview_qt.qt.support.binding import BINDING, QtCore, QtGui, QtWidgets, is_alive

Key, Modifier, Type = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier, QtCore.QEvent.Type
QShortcut = getattr(QtGui, "QShortcut", None) or QtWidgets.QShortcut
NONE, CTRL = Modifier.NoModifier, Modifier.ControlModifier

#: Shortcuts of the host, and a page's names of their keys.
KEYS = {
    "Space": (Key.Key_Space, NONE, " "),
    "S": (Key.Key_S, NONE, "s"),
    "F": (Key.Key_F, NONE, "f"),
    "1": (Key.Key_1, NONE, "1"),
    "Up": (Key.Key_Up, NONE, "ArrowUp"),
    "Return": (Key.Key_Return, NONE, "Enter"),
    "Delete": (Key.Key_Delete, NONE, "Delete"),
    "F5": (Key.Key_F5, NONE, "F5"),
    "Ctrl+S": (Key.Key_S, CTRL, "s"),
    "Ctrl+Z": (Key.Key_Z, CTRL, "z"),
    "Ctrl+C": (Key.Key_C, CTRL, "c"),
}

PAGE = """<!doctype html><style>body > * { display: block; width: 90px; height: 18px }</style>
<script>
  window.seen = [];
  window.left = [];
  window.watch = (target) => {
    target.addEventListener('keydown', (event) => seen.push(event.key), true);
    target.addEventListener('keyup', (event) => left.push(event.key), true);
  };
  watch(window);
  class Box extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({mode: 'open'}).innerHTML = '<button>b</button><input>';
    }
  }
  customElements.define('a-box', Box);
  class Closed extends HTMLElement {
    constructor() {
      super();
      this.root = this.attachShadow({mode: 'closed'});
      this.root.innerHTML = '<input>';
    }
  }
  customElements.define('a-closed', Closed);
</script>
<input id="text"><input id="number" type="number"><input id="password" type="password">
<input id="readonly" readonly value="x">
<textarea id="area"></textarea><div id="editable" contenteditable>x</div>
<select id="select"><option>1<option>s<option>f</select><div id="role" role="textbox" tabindex="0">x</div>
<a-box id="box"></a-box><a-closed id="hiding"></a-closed>
<iframe id="frame" srcdoc="<input id=i><button id=b>b</button><script>parent.watch(window)</script>"></iframe>
<canvas id="canvas" tabindex="0"></canvas><button id="button">b</button><input id="check" type="checkbox">
<input id="range" type="range"><canvas id="wanting" tabindex="0" data-aurora-keys="page"></canvas>
<div data-aurora-keys="host"><input id="handed"></div>
<div data-aurora-host-keys="F5 Ctrl+S Space"><input id="some"></div>
"""

FIELDS = {
    "text": "text.focus()",
    "number": "number.focus()",
    "password": "password.focus()",
    "readonly": "readonly.focus()",
    "textarea": "area.focus()",
    "contenteditable": "editable.focus()",
    "role": "role.focus()",
    "shadow": "box.shadowRoot.lastChild.focus()",
    "shadow, from within": "(box.shadowRoot.firstChild.focus(), box.shadowRoot.lastChild.focus())",
    "closed shadow": "hiding.root.firstChild.focus()",
    "iframe": "(frame.contentWindow.focus(), frame.contentDocument.getElementById('i').focus())",
    "element that wants keys": "wanting.focus()",
}
OTHERS = {
    "nothing": "document.activeElement.blur()",
    "canvas": "canvas.focus()",
    "button": "button.focus()",
    "checkbox": "check.focus()",
    "range": "range.focus()",
    "button in shadow": "box.shadowRoot.firstChild.focus()",
    "button in iframe": "(frame.contentWindow.focus(), frame.contentDocument.getElementById('b').focus())",
    "field that hands keys back": "handed.focus()",
}


class Recorder(QtCore.QObject):
    """Notes the keys that QtWebEngine sends on to the parent of the view."""

    def __init__(self, watched):
        super().__init__(watched)
        self.released = []
        watched.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == Type.KeyRelease:
            self.released.append(event.key())
        return False


class Host:
    """A host's window with shortcuts, a viewport, and the view in a dock."""

    def __init__(self, view, js, wait_until):
        self.view, self.js, self.wait_until = view, js, wait_until
        self.fired = []
        self.window = QtWidgets.QMainWindow()
        self.viewport = QtWidgets.QLineEdit()
        self.window.setCentralWidget(self.viewport)
        self.dock = QtWidgets.QDockWidget(self.window)
        self.dock.setWidget(view)
        self.window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        for keys_text in KEYS:
            shortcut = QShortcut(QtGui.QKeySequence(keys_text), self.window)
            shortcut.activated.connect(lambda name=keys_text: self.fired.append(name))
        self.recorder = Recorder(view.parentWidget())
        self.window.resize(700, 500)
        self.window.show()
        self.window.activateWindow()

    def enter(self, script):
        """Focus the view and an element of its page; wait until the guard is certain."""
        self.view.setFocus()
        self.js(self.view, f"{script}, 1")
        self.view._keys._doubt_focus()  # asks the page, after its pending messages
        self.settle()

    def settle(self):
        guard = self.view._keys
        self.wait_until(lambda: not guard._focus_unknown and not guard._settled.is_set())

    def press(self, name):
        """Press a key in the view; return its receivers."""
        key, modifiers, in_page = KEYS[name]
        self.fired.clear()
        self.recorder.released.clear()
        self.js(self.view, "(seen = [], left = [], 1)")
        QTest.keyClick(self.view.focusProxy(), key, modifiers)
        # Unused keys of the page come back; a button uses the release of Space.
        self.wait_until(lambda: key in self.recorder.released or in_page in self.js(self.view, "left"), f"the end of {name}")
        who = "page" if in_page in self.js(self.view, "seen") else ""
        assert self.fired in ([], [name])
        return who + ("host" if self.fired else "")

    def table(self, keys_text=tuple(KEYS)):
        """Press every key; return the receivers of each."""
        table = {}
        for name in keys_text:
            table[name] = self.press(name)
            self.settle()
        return table


@pytest.fixture
def host(make_view, js, wait_until):
    hosts = []

    def make(html=PAGE, **keywords):
        view = make_view(html, **keywords)
        wait_until(lambda: js(view, "document.readyState") == "complete")
        host = Host(view, js, wait_until)
        hosts.append(host)
        return host

    yield make
    for host in hosts:
        host.window.deleteLater()
    wait_until(lambda: not any(is_alive(host.window) for host in hosts))


@pytest.mark.parametrize("script", FIELDS.values(), ids=list(FIELDS))
def test_keys_in_a_field_are_the_pages_alone(host, script):
    host = host()
    host.enter(script)
    assert host.view.is_editing
    assert host.table() == dict.fromkeys(KEYS, "page")


def test_keys_in_a_select_are_the_pages_alone(host):
    host = host()
    host.enter("select.focus()")
    closed = [name for name in KEYS if name not in ("Space", "Return")]  # these open its list, a separate window
    assert host.table(closed) == dict.fromkeys(closed, "page")


@pytest.mark.parametrize("script", OTHERS.values(), ids=list(OTHERS))
def test_keys_outside_of_fields_fire_the_hosts_shortcuts(host, script):
    host = host()
    host.enter("text.focus()")
    host.enter(script)
    assert not host.view.is_editing
    assert host.table() == dict.fromkeys(KEYS, "host")


@pytest.mark.parametrize("script", ["text.focus()", "canvas.focus()", "document.activeElement.blur()"])
def test_keyboard_all_keeps_every_key_in_the_page(host, script):
    host = host(keyboard="all")
    host.enter(script)
    assert host.table() == dict.fromkeys(KEYS, "page")


def test_keyboard_function_decides_for_each_key(host):
    host = host(keyboard=lambda event: keys.key_text(event) in ("F5", "Ctrl+Z"))
    host.enter("canvas.focus()")
    assert host.table() == {name: "page" if name in ("F5", "Ctrl+Z") else "host" for name in KEYS}
    host.enter("text.focus()")
    assert host.press("F5") == "page"
    assert host.press("S") == "host"


def test_keyboard_function_that_fails_leaves_the_key_to_the_page(host, caplog, expect_log):
    expect_log("the key stays in the page")
    host = host(keyboard=lambda event: 1 / 0)
    host.enter("canvas.focus()")
    assert host.press("F5") == "page"
    assert "ZeroDivisionError" in caplog.text


def test_keyboard_mode_changes_while_it_runs(host):
    host = host()
    host.enter("canvas.focus()")
    assert host.press("F5") == "host"
    host.view.keyboard = "all"
    assert host.press("F5") == "page"
    assert host.view.keyboard == "all"


@pytest.mark.parametrize("keyboard", ["input", None, 1])
def test_keyboard_unknown_mode_is_refused(qapp, keyboard):
    with pytest.raises(ValueError, match="'inputs', 'all'"):
        WebView(keyboard=keyboard)


def test_page_hands_single_keys_back(host):
    host = host()
    host.enter("some.focus()")
    assert host.table() == {name: "host" if name in ("F5", "Ctrl+S", "Space") else "page" for name in KEYS}


def test_page_changes_its_mind_while_a_field_has_the_focus(host, js, wait_until):
    host = host()
    host.enter("text.focus()")
    assert host.press("F5") == "page"
    js(host.view, "document.body.setAttribute('data-aurora-host-keys', 'F5'), 1")
    wait_until(lambda: "F5" in host.view._keys._host_keys)
    assert host.press("F5") == "host"
    assert host.press("S") == "page"


def test_copy_belongs_to_the_page_while_text_is_selected(host, js, wait_until):
    host = host()
    host.enter("document.activeElement.blur()")
    assert host.press("Ctrl+C") == "host"
    host.settle()
    js(host.view, "(getSelection().selectAllChildren(button), 1)")
    wait_until(host.view.page().hasSelection)
    QtGui.QGuiApplication.clipboard().setText("before")
    assert host.press("Ctrl+C") == "page"
    wait_until(lambda: QtGui.QGuiApplication.clipboard().text() == "b")
    host.settle()
    assert [host.press(name) for name in ("Ctrl+S", "S")] == ["host", "host"]
    js(host.view, "(getSelection().removeAllRanges(), 1)")
    wait_until(lambda: not host.view.page().hasSelection())
    host.settle()
    assert host.press("Ctrl+C") == "host"


def click(host, element, js):
    js(host.view, f"{element}.scrollIntoView() || 1")
    left, top = js(host.view, f"(() => {{ const b = {element}.getBoundingClientRect(); return [b.x + 8, b.y + 8]; }})()")
    QTest.mouseClick(host.view.focusProxy(), QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(int(left), int(top)))


def test_key_right_after_the_click_into_a_field_does_not_leak(host, js, wait_until):
    host = host()
    host.enter("canvas.focus()")
    assert host.press("Delete") == "host"
    host.fired.clear()
    click(host, "text", js)
    for name in ("S", "1", "Ctrl+S", "F5"):
        QTest.keyClick(host.view.focusProxy(), *KEYS[name][:2])
    wait_until(lambda: len(js(host.view, "left")) > 4)
    assert js(host.view, "[text.value, document.activeElement.id]") == ["s1", "text"]
    host.settle()
    assert host.fired == []
    assert host.press("Delete") == "page"


def test_keys_right_after_a_key_that_opens_a_field_do_not_leak(host, js, wait_until):
    host = host()
    js(host.view, "canvas.addEventListener('keydown', (event) => event.key === 'F2' && text.focus()), 1")
    host.enter("canvas.focus()")
    QTest.keyClick(host.view.focusProxy(), Key.Key_F2)
    for name in ("S", "1", "F"):
        QTest.keyClick(host.view.focusProxy(), *KEYS[name][:2])
    wait_until(lambda: js(host.view, "text.value") == "s1f")
    assert host.fired == []


def test_focus_that_a_script_moves_inside_a_shadow_root_is_heard_of(host, js, wait_until):
    host = host()
    host.enter("box.shadowRoot.firstChild.focus()")
    assert not host.view.is_editing
    js(host.view, "box.shadowRoot.lastChild.focus(), 1")
    wait_until(lambda: host.view._keys._focus_owner == "page")
    js(host.view, "box.shadowRoot.firstChild.focus(), 1")
    wait_until(lambda: host.view._keys._focus_owner == "none")


def test_click_beside_fields_gives_the_keys_back_to_the_host(host, js):
    host = host()
    host.enter("text.focus()")
    click(host, "canvas", js)
    host.settle()
    assert host.press("Delete") == "host"


def test_field_that_is_removed_with_the_focus_gives_the_keys_back(host, js):
    host = host()
    host.enter("text.focus()")
    js(host.view, "text.remove(), 1")
    host.press("Up")  # nothing reports the removal: the next key finds out
    host.settle()
    # The page may get it, too: the engine learns later than its page that nothing is edited any more.
    assert "host" in host.press("Delete")


def test_key_that_closes_its_field_does_not_fire_the_hosts_shortcut(host, js):
    host = host()
    js(host.view, "text.addEventListener('keydown', (event) => event.key === 'Enter' && text.blur()), 1")
    host.enter("text.focus()")
    assert host.press("Return") == "page"
    host.settle()
    assert host.press("Return") == "host"


def test_keys_of_a_sibling_reach_the_shared_parent(host, js, wait_until):
    host = host()
    host.enter("text.focus()")
    assert host.press("S") == "page"
    box = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(box)
    sibling = QtWidgets.QPushButton("host")
    column.addWidget(sibling)
    column.addWidget(host.view)
    host.dock.setWidget(box)
    host.recorder = Recorder(box)
    box.show()
    host.view.show()
    host.enter("text.focus()")
    assert host.press("S") == "page"
    sibling.setFocus()
    host.fired.clear()
    QTest.keyClick(sibling, Key.Key_S)
    assert host.fired == ["S"]
    assert not host.view.is_editing


def test_view_that_moves_to_another_parent_keeps_its_keys(host):
    host = host()
    host.enter("text.focus()")
    host.dock.setFloating(True)
    other = QtWidgets.QTabWidget(host.window)
    other.addTab(host.view, "tab")
    host.window.setCentralWidget(other)
    other.show()
    host.recorder = Recorder(host.view.parentWidget())
    host.window.activateWindow()
    host.enter("text.focus()")
    assert host.press("F5") == "page"
    host.enter("canvas.focus()")
    assert host.press("F5") == "host"


def test_load_leaves_the_focus_with_the_host(host, js, wait_until):
    host = host("<p>")
    host.viewport.setFocus()
    page = "<input id=i autofocus><script>window.focus(); i.focus(); addEventListener('load', () => i.select())</script>"
    for _ in range(3):
        loads = host.view.stats()["pages"]
        host.view.load_html(page)
        wait_until(lambda loads=loads: host.view.stats()["pages"] > loads and host.view.is_ready)
        assert js(host.view, "document.activeElement.id") == "i"
        assert host.viewport.hasFocus()
    host.view.reload()
    js(host.view, "1")
    assert host.viewport.hasFocus()


def test_load_leaves_the_focus_in_the_view(host, js, wait_until, tmp_path):
    host = host()
    host.enter("text.focus()")
    (tmp_path / "page.html").write_text("<input id=text autofocus>", encoding="utf-8")
    host.view.load_file(tmp_path / "page.html")  # in another process than the page before
    wait_until(lambda: "page.html" in host.view.url().toString() and host.view.is_ready)
    wait_until(lambda: js(host.view, "typeof text") == "object")
    host.settle()
    assert host.view.focusProxy().hasFocus()
    js(host.view, "(text.focus(), 1)")
    wait_until(lambda: host.view.is_editing)
    host.fired.clear()
    QTest.keyClick(host.view.focusProxy(), Key.Key_S)
    wait_until(lambda: js(host.view, "text.value") == "s")
    assert host.fired == []


def test_view_that_loads_with_the_focus_keeps_the_keys_until_its_page_is_asked(host, wait_until):
    host = host()
    host.enter("document.activeElement.blur()")
    assert not host.view.is_editing
    begun = []
    host.view.page().loadStarted.connect(lambda: begun.append(host.view.is_editing))
    host.view.load_html("<p>no field here")
    wait_until(lambda: begun)
    assert begun == [True], "its page may have a field with the focus before it can say so"
    host.settle()
    assert not host.view.is_editing


def test_keys_of_a_dead_page_are_the_hosts(host, wait_until, expect_log):
    expect_log("the renderer of")
    host = host(keyboard="all", auto_reload=False)
    host.enter("text.focus()")
    died = []
    host.view.renderer_crashed.connect(lambda *_: died.append(1))
    host.view.terminate_page()
    wait_until(lambda: died)
    QTest.keyClick(host.view.focusProxy() or host.view, Key.Key_F5)
    assert host.fired == ["F5"]


def test_page_without_a_bridge_keeps_its_keys_too(host, js, wait_until, tmp_path):
    host = host("<p>")
    host.view.load(QtCore.QUrl("data:text/html,<input id=text autofocus>"))
    wait_until(lambda: host.view.url().scheme() == "data")
    wait_until(lambda: js(host.view, "typeof text") == "object")
    assert js(host.view, "typeof auroraview") == "undefined"
    host.enter("text.focus()")
    host.fired.clear()
    QTest.keyClick(host.view.focusProxy(), Key.Key_S)
    QTest.keyClick(host.view.focusProxy(), Key.Key_F5)
    wait_until(lambda: js(host.view, "text.value") == "s")
    assert host.fired == []


@pytest.mark.skipif(BINDING[0].startswith("pyside"), reason="such a filter of Python takes QtWebEngine down under PySide")
def test_filter_of_the_host_on_the_application_sees_no_key_go_on_to_the_host(host, qapp):
    host = host()
    host.enter("text.focus()")
    seen = []

    class Filter(QtCore.QObject):
        def eventFilter(self, watched, event):
            if event.type() == Type.KeyPress and isinstance(watched, QtWidgets.QMainWindow):
                seen.append(event.key())
            return False

    watcher = Filter()
    qapp.installEventFilter(watcher)
    try:
        assert host.table() == dict.fromkeys(KEYS, "page")
    finally:
        qapp.removeEventFilter(watcher)
    assert seen == []


@pytest.mark.parametrize(
    ("written", "key", "modifiers"),
    [
        ("Ctrl+S", Key.Key_S, CTRL),
        ("ctrl+s", Key.Key_S, CTRL),
        ("Shift+Ctrl+F5", Key.Key_F5, CTRL | Modifier.ShiftModifier),
        ("Delete", Key.Key_Delete, NONE),
        ("Esc", Key.Key_Escape, NONE),
        ("+", Key.Key_Plus, NONE),
        ("Ctrl++", Key.Key_Plus, CTRL),
        ("Space", Key.Key_Space, Modifier.KeypadModifier),
    ],
)
def test_key_is_named_as_a_page_writes_it(qapp, written, key, modifiers):
    event = QtGui.QKeyEvent(Type.KeyPress, key, modifiers)
    assert keys.key_text(event) == keys._normal(written)
