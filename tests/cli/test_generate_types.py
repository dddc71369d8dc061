"""`auroraview-qt types`: finding the tool's view, writing the file, noticing that it is stale."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auroraview_qt._resources import resource_path
from auroraview_qt.cli import generate_types, main

TOOL = '''
import types
from auroraview_qt.ipc.calls.handler import IpcHandler

class Panel:
    def __init__(self):
        self.view = handler

def bake(start: int) -> str:
    """Bake."""

handler = IpcHandler()
handler.register_command("bake", bake)

def make():
    return Panel()

def fail():
    raise RuntimeError("no scene is open")

def leave():
    raise SystemExit(3)

number = 3
holder = types.SimpleNamespace(panel=Panel)
'''

VIEW_TOOL = """
from auroraview_qt import WebView

class Panel(WebView):
    def __init__(self):
        super().__init__(html="<p>")
        self.command("bake", self.bake)

    def bake(self, start: int) -> str: ...

def make() -> WebView:
    return Panel()

module_view = Panel()
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Make a separate module for each test, in the working directory."""
    name = "tool_" + "".join(c if c.isalnum() else "_" for c in request.node.name)
    (tmp_path / f"{name}.py").write_text(TOOL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return name


@pytest.mark.parametrize("attribute", ["handler", "make", "Panel", "holder.panel"])
def test_types_target_of_each_kind_is_found(tool: str, attribute: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["types", f"{tool}:{attribute}"]) == 0
    printed = capsys.readouterr().out
    assert "params: { start: number };" in printed
    assert f"auroraview-qt types {tool}:{attribute} -o api.d.ts" in printed


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("{}", "should be MODULE:ATTRIBUTE, such as mytool:view"),
        ("{}:", "should be MODULE:ATTRIBUTE"),
        ("{}_not:view", "import of {}_not failed: ModuleNotFoundError"),
        ("{}:missing", "{} has no attribute 'missing'"),
        ("{}:handler.missing", "{} has no attribute 'handler.missing'"),
        ("{}:number", "{}:number: int is no WebView, makes none, and has none as its attribute 'view'"),
        ("{}:fail", "fail() failed: RuntimeError: no scene is open"),
        ("{}:leave", "leave() failed: SystemExit: 3"),
        ("{}:bake", "bake() failed: TypeError"),
    ],
)
def test_types_target_that_cannot_be_asked_is_told(
    tool: str, target: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["types", target.replace("{}", tool)]) == 2
    assert why.replace("{}", tool) in capsys.readouterr().err


def test_types_output_is_written_beside_the_types_of_the_library(tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["types", f"{tool}:handler", "-o", "src/api.d.ts"]) == 0
    assert Path("src/auroraview.d.ts").read_bytes() == resource_path("auroraview.d.ts").read_bytes()
    assert "bake" in Path("src/api.d.ts").read_text(encoding="utf-8")
    assert capsys.readouterr().out.count("wrote ") == 2
    assert main(["types", f"{tool}:handler", "-o", "src/api.d.ts"]) == 0
    assert capsys.readouterr().out == ""


def test_types_check_of_a_file_that_is_true_is_silent(tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["types", f"{tool}:handler", "-o", "api.d.ts"]
    assert main(arguments) == 0
    Path("api.d.ts").write_bytes(Path("api.d.ts").read_bytes().replace(b"\n", b"\r\n"))  # as git may check it out
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_types_check_of_a_stale_file_says_what_differs_and_changes_nothing(
    tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["types", f"{tool}:handler", "-o", "api.d.ts"]
    assert main(arguments) == 0
    stale = Path("api.d.ts").read_text(encoding="utf-8").replace("start: number", "begin: number")
    Path("api.d.ts").write_text(stale, encoding="utf-8")
    Path("auroraview.d.ts").unlink()
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 1
    out = capsys.readouterr().out
    assert "-      params: { begin: number };" in out
    assert "+      params: { start: number };" in out
    assert "auroraview.d.ts is missing" in out
    assert out.endswith(f"run: auroraview-qt types {tool}:handler -o api.d.ts\n")
    assert Path("api.d.ts").read_text(encoding="utf-8") == stale


def test_types_check_of_a_file_that_is_all_different_is_cut_short(
    tool: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate_types, "_SHOWN_LINES", 5)
    Path("api.d.ts").write_text("nothing\n", encoding="utf-8")
    assert main(["types", f"{tool}:handler", "-o", "api.d.ts", "--check"]) == 1
    assert "lines more" in capsys.readouterr().out


def test_types_output_that_would_be_the_library_types_is_refused(tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["types", f"{tool}:handler", "-o", "src/auroraview.d.ts"]) == 2
    assert "choose another" in capsys.readouterr().err
    assert not Path("src").exists()


@pytest.mark.parametrize("option", [["--check"], ["--hooks", "vue"]])
def test_types_option_that_needs_a_file_without_one_is_an_error(
    tool: str, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["types", f"{tool}:handler", *option])
    assert ended.value.code == 2
    assert f"{option[0]} needs -o FILE" in capsys.readouterr().err


def test_types_changed_hooks_are_stale(tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["types", f"{tool}:handler", "-o", "src/api.d.ts", "--hooks", "react"]
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    Path("src/aurora.ts").write_text("// mine\n", encoding="utf-8")
    assert main([*arguments, "--check"]) == 1
    assert f"run: auroraview-qt types {tool}:handler -o src{os.sep}api.d.ts --hooks react" in capsys.readouterr().out
    assert main(["types", f"{tool}:handler", "-o", "src/api.d.ts", "--check"]) == 0


@pytest.mark.parametrize("attribute", ["Panel", "make", "module_view"])
def test_types_of_a_real_view_need_no_application_of_the_tool(tmp_path: Path, attribute: str) -> None:
    (tmp_path / "viewtool.py").write_text(VIEW_TOOL, encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    env.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, "-m", "auroraview_qt", "types", f"viewtool:{attribute}"]
    done = subprocess.run(command, check=False, cwd=tmp_path, env=env, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "params: { start: number };" in done.stdout
    assert "Traceback" not in done.stderr


PLAIN_TOOL = """
import sys
from auroraview_qt import WebView, create_view
from auroraview_qt.qt.view import WebView as same

def make():
    assert WebView is same
    view = create_view(title="Bake", html="<p>", devtools=True)
    view.ready.connect(lambda: None)
    view.enable("fs", roots=["/"])
    view.page().settings().setAttribute(1, True)
    view.state["frame"] = 1

    @view.command(thread="pool", undo="")
    def bake(start: int) -> str: ...

    @view.command("named.one")
    def other(end: int) -> str: ...

    @view.on("picked")
    def picked(data): ...

    assert not [name for name in sys.modules if name.partition(".")[0] in ("qtpy", "PySide6", "PyQt5", "PyQt6", "PySide2")]
    return view
"""

WIDGET_TOOL = """
from qtpy import QtWidgets
from auroraview_qt import WebView

class Panel(QtWidgets.QWidget):
    def __init__(self):
        super().__init__()
        self.view = WebView(self, html="<p>")
        column = QtWidgets.QVBoxLayout(self)
        column.addWidget(self.view)
        self.view.command("bake", self.bake)

    def bake(self, start: int) -> str: ...

module_label = QtWidgets.QLabel("made when it is imported")
"""


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No web engine can be started, and nothing switches its sandbox off."""
    monkeypatch.setenv("QTWEBENGINEPROCESS_PATH", "/nowhere")
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    monkeypatch.setenv("AURORAVIEW_QT_DISABLE", "1")


@pytest.mark.parametrize(("source", "attribute"), [(PLAIN_TOOL, "make"), (WIDGET_TOOL, "Panel"), (VIEW_TOOL, "make")])
@pytest.mark.usefixtures("no_engine")
def test_types_need_no_engine(source: str, attribute: str, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("enginetool.py").write_text(source, encoding="utf-8")
    assert main(["types", f"enginetool:{attribute}"]) == 0
    printed = capsys.readouterr()
    assert "params: { start: number };" in printed.out
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("end", ["os._exit(1)", "os.abort()", "os._exit(0)"])
@pytest.mark.parametrize("widgets", ["", "from qtpy import QtWidgets"])
def test_types_check_of_a_tool_that_ends_the_process_could_not_look(end, widgets, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("endtool.py").write_text(f"import os\n{widgets}\ndef make():\n    {end}\n", encoding="utf-8")
    Path("api.d.ts").write_text("old", encoding="utf-8")
    assert main(["types", "endtool:make", "-o", "api.d.ts", "--check"]) == 2
    assert "endtool:make could not be loaded: it ended its process with code" in capsys.readouterr().err


def test_types_check_of_a_file_that_cannot_be_read_could_not_look(tool: str, capsys) -> None:
    Path("api.d.ts").mkdir()
    assert main(["types", f"{tool}:handler", "-o", "api.d.ts", "--check"]) == 2
    assert "api.d.ts" in capsys.readouterr().err
