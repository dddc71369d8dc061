"""Run the demo, the tests and the static checks."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from tools.environments import (
    MATRIX_VENVS,
    VENV,
    child_environment,
    ensure_checkout_environment,
    executable,
    fingerprint,
    headless,
)
from tools.shell import ROOT, output_of, run, say

TYPESCRIPT = "typescript@5.9.3"
OLDEST_NODE = 18  # the first with `node --test`


def demo(arguments: list[str], system: bool) -> int:
    """Run the scene outliner; without a screen it runs a scripted session and writes a picture."""
    python = ensure_checkout_environment(system)
    path = os.pathsep.join(filter(None, (str(ROOT / "examples"), os.environ.get("PYTHONPATH"))))
    with child_environment(PYTHONPATH=path) as env:
        return run([python, "-m", "outliner", *arguments], env, cwd=None)


def node_test_files() -> list[Path]:
    """Return the JavaScript tests, as `node --test` would name them."""
    files = (ROOT / "tests" / "js").rglob("*")
    return sorted(path for path in files if re.fullmatch(r"(test[-_].+|.+[._-]test)\.[cm]?js", path.name))


def node_program() -> str | None:
    """Return node's path, or None if node is missing or too old for the tests."""
    node = shutil.which("node")
    version = re.match(r"v(\d+)", (output_of([node, "--version"]) or "") if node else "")
    return node if version and int(version[1]) >= OLDEST_NODE else None


def test(arguments: list[str], system: bool) -> int:
    """Run the tests; without arguments all of them, with ipc/ and schema/ covered completely."""
    python = ensure_checkout_environment(system)
    with child_environment(**headless()) as env:
        if arguments:
            return run([python, "-m", "pytest", *arguments], env)
        node, scripts = node_program(), node_test_files()
        if scripts and node is None:
            say(f"the JavaScript tests are left out: they need node {OLDEST_NODE} or later")
        gate = ["--cov", "--cov-report=term", "--cov-fail-under=100"]
        code = run([python, "-m", "pytest", *gate], env)
        if scripts and node is not None:
            code = run([node, "--test", "--test-reporter=spec", *scripts], env) or code
        return code


def host_types(python: Path) -> Path:
    """Return the folder of host applications' published types, which hold no code, after installing them."""
    folder = MATRIX_VENVS / "host-stubs"
    stamp, wanted = folder / "dev-stamp.txt", fingerprint(python, "host-stubs")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        if run([*pip, "--target", str(folder), "--group", "host-stubs"]) != 0:
            raise SystemExit("dev.py: pip could not install the types of hosts; see its message above")
        stamp.write_text(wanted, encoding="utf-8")
    return folder


def lint(_arguments: list[str], system: bool) -> int:
    """Run every static check, also after a failure, and name the failed checks."""
    python = ensure_checkout_environment(system)
    types = host_types(python)
    binding_flags = (output_of([python, "-m", "qtpy", "mypy-args"]) or "").split()
    checks: list[tuple[str, list[str | Path]]] = [
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("mypy", [python, "-m", "mypy", *binding_flags, "auroraview_qt", "dev.py", "tools", "examples/outliner"]),
        ("fakes of hosts", [python, "-m", "tests.typings.conformity", types]),
        ("words", [python, "-m", "tools.words"]),
        ("layers", [executable(VENV, "lint-imports")]),
    ]
    npx = shutil.which("npx")
    if (ROOT / "resources" / "tsconfig.json").exists():
        if npx:
            checks.append(("tsc", [npx, "-y", "-p", TYPESCRIPT, "tsc", "-p", "resources/tsconfig.json"]))
        else:
            say("the types of the page runtime are not checked: that needs node and npx")
    failed = []
    for name, command in checks:
        say(name)
        if run(command, {**os.environ, "PYTHONPATH": str(types)}) != 0:  # mypy looks for types there
            failed.append(name)
    say("failed: " + ", ".join(failed) if failed else "all checks passed")
    return 1 if failed else 0
