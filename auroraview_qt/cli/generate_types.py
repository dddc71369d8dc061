"""Write TypeScript for a tool's commands, events and state: `auroraview-qt types`.

A child process imports the tool and makes the text; this module writes or compares files. The child makes no page and loads
no QtWebEngine. It loads Qt only if the tool does. Thread: main.
"""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from auroraview_qt._resources import resource_path
from auroraview_qt.cli import ask_tool

#: The types that every generated file extends; written beside it.
RUNTIME = "auroraview.d.ts"
#: The hooks of a front-end framework, written beside it with `--hooks`.
HOOKS = "aurora.ts"

_SHOWN_LINES = 40


class TargetError(Exception):
    """The tool could not be found or loaded; the text is the reason."""


def run(argv: Sequence[str]) -> int:
    """Write the TypeScript of a tool, or with ``--check`` compare it with the existing file.

    Thread: GUI.

    Returns
    -------
    int
        0 for success, 1 for a stale file, 2 if the tool failed or a file cannot be read or written.

    Raises
    ------
    SystemExit
        For `--help` and wrong arguments, as argparse does.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    if (options.check or options.hooks) and options.output is None:
        parser.error(f"{'--check' if options.check else '--hooks'} needs -o FILE")
    name = options.output.name if options.output else "api.d.ts"
    if name in (RUNTIME, HOOKS):
        sys.stderr.write(f"auroraview-qt types: {name} is the name of a file of the library: choose another\n")
        return 2
    try:
        text = text_of(options.target, name)
        if options.output is None:
            sys.stdout.write(text)
            return 0
        return _compare(options, text) if options.check else _write(options, text)
    except (TargetError, OSError) as error:
        sys.stderr.write(f"auroraview-qt types: {error}\n")
        return 2


def _files(options: argparse.Namespace, text: str) -> dict[Path, str]:
    """Return the files with their wanted content."""
    output: Path = options.output
    files = {output: text, output.with_name(RUNTIME): resource_path(RUNTIME).read_text(encoding="utf-8")}
    if options.hooks:
        files[output.with_name(HOOKS)] = resource_path("hooks", f"{options.hooks}.ts").read_text(encoding="utf-8")
    return files


def _compare(options: argparse.Namespace, text: str) -> int:
    stale = [path for path, wanted in _files(options, text).items() if _is_stale(path, wanted)]
    if stale:
        hooks = f" --hooks {options.hooks}" if options.hooks else ""
        print(f"run: auroraview-qt types {options.target} -o {options.output}{hooks}")
    return 1 if stale else 0


def _write(options: argparse.Namespace, text: str) -> int:
    for path, wanted in _files(options, text).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if _read(path) != wanted:
            path.write_bytes(wanted.encode())
            print(f"wrote {path}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="auroraview-qt types",
        description="Write TypeScript for the commands, events and state of a tool. auroraview.d.ts, the types of the "
        "library that the file extends, is written beside it.",
    )
    parser.add_argument(
        "target",
        metavar="MODULE:ATTRIBUTE",
        help="a WebView, a class or function that makes a WebView, or an object with a WebView in its attribute `view`",
    )
    where = "path of the file, such as src/api.d.ts; printed if left out"
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=where)
    about_hooks = f"also write {HOOKS} beside FILE: hooks for events, state, commands and streams"
    parser.add_argument("--hooks", choices=("react", "vue"), help=about_hooks)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if FILE is stale")
    return parser


def text_of(target: str, name: str) -> str:
    """Return the TypeScript of a tool, or its policy for the name `ask_tool.POLICY`; a child process imports the tool.

    Thread: any.

    Raises
    ------
    TargetError
        If the tool cannot be found or loaded.
    """
    module, _, path = target.partition(":")
    if not (module and path):
        raise TargetError(f"{target!r} should be MODULE:ATTRIBUTE, such as mytool:view")
    for mode in (ask_tool.PLAIN, ask_tool.WIDGETS):
        answer, died = _ask(mode, target, name)
        if "text" in answer:
            return str(answer["text"])
        if "error" in answer:
            raise TargetError(str(answer["error"]))
    raise TargetError(f"{target} could not be loaded: {died}")


def _ask(mode: str, target: str, name: str) -> tuple[dict[str, object], str]:
    """Start the child process; return its answer, and the cause of death if the answer is empty."""
    paths = [str(Path.cwd()), *sys.path]
    script = f"import sys; sys.path[:] = {paths!r}; from auroraview_qt.cli.ask_tool import main; main()"
    with tempfile.TemporaryDirectory(prefix="auroraview-qt-types-") as folder:
        answer = Path(folder, "answer.json")
        command = [sys.executable, "-c", script, mode, target, name, str(answer)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
        )
        found: dict[str, object] = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {}
    if (found and "retry" not in found) or mode == ask_tool.WIDGETS:
        sys.stderr.write(done.stdout + done.stderr)  # lines of the tool
    return found, f"it ended its process with code {done.returncode}"


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return None


def _is_stale(path: Path, wanted: str) -> bool:
    """Compare, and print the difference."""
    found = _read(path)
    if found == wanted:
        return False
    if found is None:
        print(f"{path} is missing")
    else:
        names = (f"{path} (as it is)", f"{path} (as it should be)")
        lines = list(difflib.unified_diff(found.splitlines(), wanted.splitlines(), *names, n=1, lineterm=""))
        print(*lines[:_SHOWN_LINES], sep="\n")
        if len(lines) > _SHOWN_LINES:
            print(f"… and {len(lines) - _SHOWN_LINES} lines more")
    return True
