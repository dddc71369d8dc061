"""Development: a tool loaded again, the package loaded again, two versions of a panel in the same host."""

from __future__ import annotations

import importlib
import sys
import textwrap
import types
import weakref

import pytest

from auroraview_qt import WebView, hosts
from auroraview_qt.hosts.reloading import is_reloaded
from tests.qt.programs import run_python

pytestmark = pytest.mark.usefixtures("fresh_hosts")

TOOL = """
from auroraview_qt import WebView, hosts

heard = []


def make_panel():
    view = WebView(html="<p>{version}")
    view.command("version", lambda: {version!r})
    view.on("save", heard.append)
    return view


def open_panel(window, **keywords):
    return hosts.dock(make_panel, title="Tool", object_name="{name}", window=window, **keywords)
"""


@pytest.fixture
def write_tool(tmp_path, monkeypatch):
    """Write a version of a tool's module; the module is importable, and forgotten when the test ends."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a file written twice within a second would count as unchanged

    def write(version, module="reloaded_tool", name="test.tool"):
        (tmp_path / f"{module}.py").write_text(TOOL.format(version=version, name=name), encoding="utf-8")
        importlib.invalidate_caches()
        monkeypatch.delitem(sys.modules, module, raising=False)
        return module

    return write


def version_of(panel, wait_until):
    wait_until(lambda: panel.view.is_ready)
    asked = panel.view.eval_js("auroraview.call('version')")
    wait_until(asked.done)
    return asked.result()


@pytest.mark.parametrize("how", ["reload", "purge"])
def test_tool_loaded_again_puts_its_new_page_in_the_place_of_the_old(window, write_tool, wait_until, wait_collected, how):
    tool = importlib.import_module(write_tool("one"))
    panel = tool.open_panel(window, area="left")
    assert version_of(panel, wait_until) == "one"
    panel.area = "bottom"
    gone = weakref.ref(panel.view)
    name = write_tool("two")
    if how == "reload":
        sys.modules[name] = tool
        tool = importlib.reload(tool)
    else:
        tool = importlib.import_module(name)
    assert tool.open_panel(window) is panel
    wait_collected(gone)
    assert version_of(panel, wait_until) == "two"
    assert panel.area == "bottom"
    panel.view.page().runJavaScript("auroraview.emit('save', {n: 1})")
    wait_until(lambda: tool.heard, "the event")
    assert tool.heard == [{"n": 1}]


def test_tool_loaded_again_before_its_panel_was_shown_makes_the_new_page_alone(window, write_tool, wait_until):
    tool = importlib.import_module(write_tool("one"))
    panel = tool.open_panel(window, show=False)
    tool = importlib.import_module(write_tool("two"))
    tool.open_panel(window, show=False)
    assert panel.widget is None
    panel.show()
    assert version_of(panel, wait_until) == "two"


def test_tool_loaded_again_that_fails_leaves_the_old_page(window, write_tool, wait_until):
    tool = importlib.import_module(write_tool("one"))
    panel = tool.open_panel(window)
    tool = importlib.import_module(write_tool("two"))

    def broken(html):
        raise LookupError("no such project")

    tool.WebView = broken
    with pytest.raises(LookupError, match="no such project"):
        tool.open_panel(window)
    assert version_of(panel, wait_until) == "one"


def test_functions_made_anew_by_one_def_are_no_reload(window, wait_until):
    def open_panel(text):
        return hosts.dock(lambda: WebView(html=text), title="T", object_name="test.lambda", window=window)

    panel = open_panel("one")
    view = panel.view
    assert open_panel("two").view is view
    other = hosts.dock(lambda: WebView(html="three"), title="T", object_name="test.lambda", window=window)
    assert other.view is view


def test_two_tools_with_one_object_name_share_the_panel_of_the_first(window, write_tool, wait_until):
    first = importlib.import_module(write_tool("one", "tool_one"))
    second = importlib.import_module(write_tool("two", "tool_two"))
    panel = first.open_panel(window)
    assert second.open_panel(window) is panel
    assert version_of(panel, wait_until) == "one"


def test_two_versions_with_names_of_their_own_live_side_by_side(window, write_tool, wait_until, js):
    first = importlib.import_module(write_tool("one", "tool_one", "test.one")).open_panel(window)
    second = importlib.import_module(write_tool("two", "tool_two", "test.two")).open_panel(window)
    assert [version_of(panel, wait_until) for panel in (first, second)] == ["one", "two"]
    origins = {js(panel.view, "location.origin") for panel in (first, second)}
    assert len(origins) == 2
    first.view.state["x"] = 1
    assert "x" not in second.view.state
    first.destroy()
    assert version_of(second, wait_until) == "two"


# The package itself loaded again, by studios that purge sys.modules or ship a copy with each tool

PROGRAM = """
import sys
from auroraview_qt import WebView, hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

app = QtWidgets.QApplication(sys.argv)
window = QtWidgets.QMainWindow()
window.show()


def until(condition):
    loop, poll, limit = QtCore.QEventLoop(), QtCore.QTimer(), QtCore.QTimer()
    poll.timeout.connect(lambda: condition() and loop.quit())
    limit.timeout.connect(loop.quit)
    poll.start(5)
    limit.start(20000)
    getattr(loop, "exec", getattr(loop, "exec_", None))()
    assert condition()


def forget_all():
    for name in [name for name in sys.modules if name.partition(".")[0] == "auroraview_qt"]:
        del sys.modules[name]


def opened(hosts, WebView, name, answer):
    def make():
        view = WebView(html="<p>" + answer)
        view.command("who", lambda: answer)
        return view

    panel = hosts.dock(make, title="T", object_name=name, window=window)
    until(lambda: panel.view.is_ready)
    return panel


def ask(panel):
    asked = panel.view.eval_js("auroraview.call('who')")
    until(asked.done)
    return asked.result()


first = opened(hosts, WebView, "test.panel", "first")
old_view = first.view
forget_all()
import auroraview_qt
assert auroraview_qt.WebView is not WebView
"""


@pytest.mark.parametrize(
    "what",
    [
        # the same panel: the later copy replaces the earlier panel
        """
        second = opened(auroraview_qt.hosts, auroraview_qt.WebView, "test.panel", "second")
        until(lambda: not is_alive(old_view))
        assert ask(second) == "second"
        docks = window.findChildren(QtWidgets.QDockWidget)
        assert [dock.objectName() for dock in docks] == ["test.panel"], docks
        """,
        # another panel: both live, each on its own profile
        """
        second = opened(auroraview_qt.hosts, auroraview_qt.WebView, "test.other", "second")
        assert [ask(first), ask(second)] == ["first", "second"]
        assert old_view.page().profile() is not second.view.page().profile()
        """,
    ],
)
def test_package_loaded_again_works_beside_the_pages_of_the_first(what):
    source = PROGRAM + "import auroraview_qt.hosts\n" + textwrap.dedent(what)
    source += "QtCore.QTimer.singleShot(0, app.quit)\ngetattr(app, 'exec', getattr(app, 'exec_', None))()\nprint('done')\n"
    code, output = run_python(source)
    assert code == 0, output
    assert "done" in output
    for trouble in ("Traceback", "Release of profile", "Expect troubles", "QObject::"):
        assert trouble not in output, output


def test_package_loaded_again_leaves_no_window_of_a_panel_without_host():
    source = PROGRAM.replace("window=window", "window=None").replace("window.show()", "window.deleteLater()")
    source += textwrap.dedent(
        """
        import auroraview_qt.hosts
        second = opened(auroraview_qt.hosts, auroraview_qt.WebView, "test.panel", "second")
        until(lambda: not is_alive(old_view))
        assert ask(second) == "second"
        names = [w.objectName() for w in QtWidgets.QApplication.topLevelWidgets() if w.isVisible()]
        assert names.count("test.panel") == 1, names
        """
    )
    code, output = run_python(source.replace("window = QtWidgets.QMainWindow()", "window = QtWidgets.QWidget()"))
    assert code == 0, output
    assert "Traceback" not in output, output


# Reloaded factories and other factories


@pytest.fixture
def module(monkeypatch):
    """Run source as a module of the same name, again and again; return its names."""

    def load(source):
        made = types.ModuleType("reloaded_module")
        monkeypatch.setitem(sys.modules, "reloaded_module", made)
        exec(textwrap.dedent(source), made.__dict__)
        return made

    return load


@pytest.mark.parametrize(
    "source",
    [
        "def factory(): pass",
        "class factory: pass",
        "import functools\ndef make(n): pass\nfactory = functools.partial(make, 1)",
        "class Tool:\n    def make(self): pass\nfactory = Tool().make",
        "class Maker:\n    def __call__(self): pass\nfactory = Maker()",
        "def outer():\n    return lambda: None\nfactory = outer()",
        "import functools\ndef plain(): pass\n@functools.wraps(plain)\ndef other(): pass\nplain = factory = other",
    ],
)
def test_factory_of_a_module_loaded_again_is_known_as_such(module, source):
    old, new = module(source).factory, None
    assert not is_reloaded(old, old)
    new = module(source).factory
    assert is_reloaded(old, new)
    assert not is_reloaded(new, old)


def test_factory_without_a_name_at_the_top_of_its_module_is_never_known(module):
    old = module("factory = lambda: None").factory
    assert not is_reloaded(old, module("factory = lambda: None").factory)


def test_factory_of_another_name_is_no_reload(module):
    tool = module("def one(): pass\ndef two(): pass")
    assert not is_reloaded(tool.one, tool.two)
    assert not is_reloaded(tool.one, print)
