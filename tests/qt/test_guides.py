"""Code blocks of the README and docs/guides: their Python runs in real views, and their JavaScript parses in a real page.

Other tests run the blocks of docs/guides/types.md, of docs/hosts, and the first example of the README.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import logging
import re
import sys
import threading
import types
from pathlib import Path

import pytest

import auroraview_qt
from auroraview_qt import QtWebView, WebView, create_view
from auroraview_qt.qt.support.binding import QtGui

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
#: Guides whose blocks another test runs.
ELSEWHERE = {"testing", "types"}
#: A page with the function and the elements that the blocks use.
PAGE = """<title>Guide</title><table><tr></tr></table><script>
  auroraview.expose('pickColor', async (params, {progress}) => { progress(0.5, 'half'); return params.r + 1; });
</script>"""
PYTHON = [
    ("calls", 0, "rename"),
    ("calls", 1, "bake"),
    ("calls", 2, "search"),
    ("calls", 3, "LayerLockedError"),
    ("calls", 4, "await"),
    ("calls", 5, "eval_js"),
    ("capabilities", 0, "enable"),
    ("compatibility", 0, "QtWebView"),
    ("data", 0, "mesh"),
    ("data", 1, "store"),
    ("data", 2, "thumbnail"),
    ("data", 3, "push"),
    ("debugging", 0, "open_inspector"),
    ("debugging", 1, "record"),
    ("debugging", 2, "without_paths"),
    ("debugging", 3, "replay"),
    ("delivery", 0, "emit"),
    ("delivery", 1, "renderer_crashed"),
    ("drag-and-drop", 0, "files_dropped"),
    ("drag-and-drop", 1, "enable"),
    ("keyboard", 0, "keyboard"),
    ("migration", 0, "AuroraView"),
    ("packaging", 0, "app_dir"),
    ("packaging", 1, "sys.path"),
    ("policy", 0, "Policy"),
    ("policy", 1, "decide"),
    ("policy", 2, "credentials"),
    ("policy", 3, "downloads"),
    ("policy", 4, "clipboard"),
    ("printing", 0, "printToPdf"),
    ("printing", 1, "grab"),
    ("security", 0, "Policy"),
    ("start-up", 0, "create_view"),
    ("start-up", 1, "register_scheme"),
    ("start-up", 2, "doctor"),
    ("start-up", 3, "prewarm"),
    ("state", 0, "on_change"),
    ("state", 1, "splice_path"),
    ("state", 2, "batch_update"),
    ("storage", 0, "persist"),
    ("storage", 1, "set_path"),
    ("troubleshooting", 0, "doctor"),
    ("troubleshooting", 1, "logging"),
]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def context(make_view, tmp_path, monkeypatch):
    """The names that the blocks use, in a folder with an app."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("<title>built</title>", encoding="utf-8")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text("<title>asset</title>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("AURORAVIEW_QT_DATA_DIR", str(tmp_path / "data"))
    made = []

    def adopted(kind):
        def make(*args, **keywords):
            view = kind(*args, **keywords)
            make_view.adopt(view)
            made.append(view)
            return view

        return make

    view = make_view(PAGE, storage="studio.guides")
    view.state["scene"] = {"nodes": [{"name": "a"}]}
    monkeypatch.setattr(auroraview_qt, "WebView", adopted(WebView))
    monkeypatch.setattr(auroraview_qt, "QtWebView", adopted(QtWebView))
    monkeypatch.setattr(auroraview_qt, "create_view", adopted(create_view))
    node = types.SimpleNamespace(name="arm")
    return {
        "__file__": str(tmp_path / "tool.py"),
        "__name__": __name__,
        "APP": tmp_path / "dist",
        "LIBRARY": tmp_path,
        "Policy": auroraview_qt.Policy,
        "WebView": adopted(WebView),
        "auroraview_qt": auroraview_qt,
        "bake_frame": lambda frame: None,
        "keyring_entry": lambda origin: ("ann", "secret"),
        "key_text": lambda event: QtGui.QKeySequence(event.key()).toString(),
        "list_nodes": list,
        "load": lambda paths, into: None,
        "log": logging.getLogger(__name__),
        "made": made,
        "parent": None,
        "picture": QtGui.QImage(4, 4, QtGui.QImage.Format.Format_RGB32),
        "scene": types.SimpleNamespace(nodes=lambda: [node]),
        "show_in_the_help_panel": lambda url: None,
        "tools": types.SimpleNamespace(align=lambda: None),
        "use_color": lambda future: None,
        "view": view,
    }


def run_block(page: str, index: int, context: dict[str, object]) -> None:
    """Run a block in this thread; await its coroutine in an asyncio loop."""
    source = blocks(ROOT / "docs" / "guides" / f"{page}.md", "python")[index]
    code = compile(source, f"{page}.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    result = eval(code, context)
    if inspect.iscoroutine(result):
        asyncio.run(result)


def test_guides_every_python_block_is_run():
    found = [(page.stem, index) for page in GUIDES for index in range(len(blocks(page, "python")))]
    assert [name for name in found if name[0] not in ELSEWHERE] == [(page, index) for page, index, _ in PYTHON]


@pytest.mark.parametrize(
    ("page", "index", "word"),
    [block for block in PYTHON if block[2] not in {"await", "LayerLockedError", "enable", "logging", "printToPdf"}],
)
def test_guides_python_block_runs(page, index, word, context, monkeypatch, capsys):
    monkeypatch.setattr(auroraview_qt, "prewarm", lambda delay_ms: True)
    assert word in blocks(ROOT / "docs" / "guides" / f"{page}.md", "python")[index]
    run_block(page, index, context)


@pytest.mark.parametrize(("page", "index"), [(page, index) for page, index, word in PYTHON if word == "enable"])
def test_guides_capabilities_are_enabled(page, index, context, tmp_path, monkeypatch):
    roots = {"/projects/shot010": tmp_path, "/projects/shot010/renders": tmp_path, "/library": tmp_path}
    view, names = context["view"], []

    def enable(name, **options):
        names.append(name)
        for key in ("roots", "paths"):
            if key in options:
                options[key] = [roots[path] for path in options[key]]
        WebView.enable(view, name, **options)

    context["view"] = types.SimpleNamespace(enable=enable, disable=view.disable)
    run_block(page, index, context)
    assert names


def test_guides_error_of_a_program_has_its_code(context):
    with pytest.raises(auroraview_qt.AuroraViewError) as raised:
        run_block("calls", 3, context)
    assert (raised.value.code, raised.value.data) == ("LAYER_LOCKED", {"layer": "base"})


def test_guides_page_is_called_from_a_worker(context, wait_until, capsys):
    worker = threading.Thread(target=run_block, args=("calls", 4, context))
    worker.start()
    wait_until(lambda: not worker.is_alive(), "the block")
    worker.join()
    assert context["color"] == 2
    assert "0.5 half" in capsys.readouterr().out


def test_guides_page_is_printed_to_a_file(context, wait_until, js, tmp_path):
    told = []
    context["print"] = told.append
    run_block("printing", 0, context)
    wait_until(lambda: told == ["shot_list.pdf"], "the first file")
    js(context["view"], "(window.print(), 1)")
    wait_until(lambda: told == ["shot_list.pdf", "sheet.pdf"], "the second file")
    for name in ("shot_list.pdf", "sheet.pdf"):
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")


def test_guides_logging_goes_to_a_file(context, tmp_path):
    names = (None, "auroraview_qt", "auroraview_qt.page")
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    try:
        loggers[0].handlers.clear()
        run_block("troubleshooting", 1, context)
        logging.getLogger("auroraview_qt.page").error("a line")
        assert "a line" in (tmp_path / "panel.log").read_text(encoding="utf-8")
    finally:
        for logger, (level, handlers) in zip(loggers, before):
            for handler in set(logger.handlers) - set(handlers):
                handler.close()
            logger.setLevel(level)
            logger.handlers[:] = handlers


@pytest.mark.parametrize("page", [ROOT / "README.md", *GUIDES], ids=lambda page: page.stem)
def test_guides_javascript_parses(page, make_view, js):
    """Replace each `…`, and parse the block as an asynchronous function body, on the oldest engine, too."""
    found = blocks(page, "js")
    if page.stem == "react":
        found += [re.sub(r"^import .*$", "", block, flags=re.MULTILINE) for block in blocks(page, "ts")]
    view = make_view("<p>")
    for block in found:
        body = block.replace("…", "null")
        parse = f"new (async () => {{}}).constructor({json.dumps(body)})"
        assert js(view, f"(() => {{ try {{ {parse}; }} catch (e) {{ return `${{e}}`; }} }})()") is None, block
