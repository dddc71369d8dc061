"""Each slot, Qt virtual and callback of the engine in this package is guarded: read from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import auroraview_qt

ROOT = Path(auroraview_qt.__file__).parent

#: Virtuals of the Qt classes that this package derives from.
VIRTUALS = re.compile(
    r"[a-z]+[A-Za-z]*Event|event|eventFilter|javaScript\w+|acceptNavigationRequest|createWindow|certificateError|chooseFiles"
    r"|requestStarted|interceptRequest|(dis)?connectNotify|sizeHint|canvasChanged|setVisible"
)
#: Slots of Qt's own classes.
OF_QT = {"quit", "reject", "deleteLater", "close", "update"}
#: Functions of others, which are checked at their place of use.
CHECKED_ELSEWHERE = {("qt/support/lazy_timer.py", "_callback")}
#: Virtuals that return at once and call nothing that may fail.
TRIVIAL = {"canvasChanged", "javaScriptPrompt"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("qt", "hosts"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "startup" in path.parent.parts:  # files that hosts run, outside the package
                continue
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def calls_of(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and name_of(each.func) in names:
            yield each


def name_of(node: ast.AST) -> str:
    """Return the last name of an expression: of ``self._page.load``, ``load``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_guarded(function: ast.FunctionDef) -> bool:
    """Return whether no exception leaves a function: it is decorated, or handles `BaseException` itself."""
    if any(name_of(getattr(each, "func", each)) == "guarded" for each in function.decorator_list):
        return True
    return any(calls_of(function, "contain"))


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def safe_names() -> dict[str, set[str]]:
    """Return the safe names of each module, with the names of all modules that it imports."""
    signals, guarded, bare = set(OF_QT), {}, {}
    for path, module in modules():
        guarded[path], bare[path] = set(), set()
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef):
                (guarded if is_guarded(node) else bare)[path].add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and name_of(node.value.func) == "Signal":
                signals.update(name_of(target) for target in node.targets)
    everywhere = signals.union(*guarded.values()).difference(*bare.values())
    return {path: (everywhere | OF_QT | guarded[path]) - bare[path] for path in guarded}


def test_virtuals_of_qt_are_guarded():
    bare = [
        f"{path}: {function.name}"
        for path, function in functions()
        if VIRTUALS.fullmatch(function.name) and not is_guarded(function) and function.name not in TRIVIAL
    ]
    assert not bare


def test_slots_timers_and_callbacks_of_scripts_are_guarded():
    safe, bare = safe_names(), []
    for path, module in modules():
        for call in calls_of(module, "connect", "singleShot", "LazyTimer", "runJavaScript"):
            kind = name_of(call.func)
            if kind == "runJavaScript" and (len(call.args) < 3 or isinstance(call.args[0], ast.Starred)):
                continue  # no function is called
            target = call.args[{"connect": 0, "runJavaScript": 2}.get(kind, 1)]
            if isinstance(target, ast.Call) and name_of(target.func) == "partial":
                target = target.args[0]
            if isinstance(target, ast.Call) and isinstance(target.func, ast.Call) and name_of(target.func.func) == "guarded":
                continue
            if name_of(target) not in safe[path] and (path, name_of(target)) not in CHECKED_ELSEWHERE:
                bare.append(f"{path}:{call.lineno}: {kind}({ast.unparse(target)})")
    assert not bare
