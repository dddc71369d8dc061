"""Run the tests on each Qt binding."""

from __future__ import annotations

import contextlib
import itertools
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tools.environments import MATRIX_VENVS, child_environment, ensure_environment, ensure_venv_module, headless
from tools.shell import ON_LINUX, output_of, run, say
from tools.system_packages import Need, ensure_system, provide

if TYPE_CHECKING:
    from collections.abc import Iterator


def found_pythons() -> dict[tuple[int, int], Path]:
    """Return the interpreters that run and can make an environment, by version, those on PATH first."""
    name = re.compile(r"python3\.\d+(\.exe)?")
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += sorted((Path.home() / ".pyenv" / "versions").glob("*/bin"))
    programs = (path for folder in folders if folder.is_dir() for path in sorted(folder.glob("python3.*")))
    found: dict[tuple[int, int], Path] = {sys.version_info[:2]: Path(sys.executable)}
    for program in programs:
        # A name alone proves nothing: shims of version managers exist for versions that do not run.
        if name.fullmatch(program.name):
            probe = "import ensurepip, sys, venv; print(*sys.version_info[:2])"
            answer = (output_of([program, "-c", probe]) or "").split()
            if len(answer) == 2:
                found.setdefault((int(answer[0]), int(answer[1])), program)
    return found


@contextlib.contextmanager
def virtual_display(screen: str = "1280x1024x24") -> Iterator[str]:
    """Run Xvfb with a free display number and yield the name of the display."""
    reader, writer = os.pipe()
    options = ["-screen", "0", screen, "-noreset", "-nolisten", "tcp"]
    command = ["Xvfb", "-displayfd", str(writer), *options]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()  # empty when the server died
        if not number:
            raise SystemExit("dev.py: Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class Leg(NamedTuple):
    """A binding on a Python version."""

    title: str
    api: str  # as in QT_API and pytest-qt
    group: str  # in pyproject.toml
    pythons: tuple[tuple[int, int], ...]  # in order of preference
    display: bool = False  # needs an X display, because the offscreen platform cannot draw


LEGS = {
    "oldest": Leg("PySide2 5.15.2", "pyside2", "pyside2", ((3, 9),), display=True),
    "pyside2": Leg("PySide2 5.15.2", "pyside2", "pyside2", ((3, 10),), display=True),
    "pyqt5": Leg("PyQt5 5.15", "pyqt5", "pyqt5", ((3, 11), (3, 10), (3, 12)), display=True),
    "pyside6.5": Leg("PySide6 6.5.3", "pyside6", "pyside65", ((3, 11),), display=True),
    "pyside6.8": Leg("PySide6 6.8", "pyside6", "pyside68", ((3, 12), (3, 11))),
    "pyqt6": Leg("PyQt6, newest", "pyqt6", "pyqt6", ((3, 12), (3, 13), (3, 11))),
    "newest": Leg("PySide6, newest", "pyside6", "pyside6", ((3, 13), (3, 12))),
}


def why_impossible(leg: Leg, pythons: dict[tuple[int, int], Path], system: bool) -> str | None:
    """Return the reason why a leg cannot run on this machine, or None."""
    if not set(leg.pythons) & pythons.keys():
        wanted = " or ".join(f"3.{minor}" for _, minor in leg.pythons)
        return f"no Python {wanted} that runs was found on PATH or in ~/.pyenv/versions"
    if not leg.display:
        return None
    if not ON_LINUX:
        return "it needs Xvfb, which is for Linux"
    if leg.api in {"pyside2", "pyqt5"} and platform.machine() != "x86_64":
        return f"there are no wheels of Qt 5 for {platform.machine()}"
    if not shutil.which("Xvfb"):
        provide([Need("Xvfb", ("xvfb",), False)], system)
    return None if shutil.which("Xvfb") else "Xvfb is not installed"


def outcome_of(code: int, report: Path, minutes: float) -> str:
    """Return the table's text for tests that ended with `code` and may have written a JUnit report."""
    if not report.exists():
        return f"FAILED: the process ended with {code} before it reported the tests"
    suite = next(ET.parse(report).iter("testsuite"))  # a trusted file: our own tests wrote it
    total, failed, errors, skipped = (int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped"))
    counts = f"{total - failed - errors - skipped} passed, {skipped} skipped, {minutes:.1f} min"
    return f"passed: {counts}" if code == 0 else f"FAILED: {failed + errors} failed, {counts}, exit code {code}"


def run_leg(name: str, pythons: dict[tuple[int, int], Path], arguments: list[str], system: bool) -> str:
    """Run the tests of a leg in its own environment, and return the table's text."""
    leg = LEGS[name]
    reason = why_impossible(leg, pythons, system)
    if reason:
        return f"impossible: {reason}"
    venv = MATRIX_VENVS / name
    python = ensure_environment(venv, next(pythons[wish] for wish in leg.pythons if wish in pythons), leg.group)
    with contextlib.ExitStack() as stack:
        variables = {"QT_API": leg.api, "PYTEST_QT_API": leg.api, **headless()}
        if leg.display:
            variables.update(DISPLAY=stack.enter_context(virtual_display()), QT_QPA_PLATFORM="xcb")
        ensure_system(venv, system, [variables.get("QT_QPA_PLATFORM", "offscreen")])
        env = stack.enter_context(child_environment(**variables))
        report = Path(stack.enter_context(tempfile.TemporaryDirectory()), "report.xml")
        say(f"{name}: {leg.title}")
        start = time.monotonic()
        code = run([python, "-m", "pytest", f"--junit-xml={report}", *arguments], env)
        return outcome_of(code, report, (time.monotonic() - start) / 60)


def matrix(arguments: list[str], system: bool) -> int:
    """Run the tests on the named bindings or on all bindings, one by one, and print a table."""
    rest = list(itertools.dropwhile(lambda argument: argument in LEGS, arguments))  # for pytest
    names = arguments[: len(arguments) - len(rest)] or list(LEGS)
    if rest and not rest[0].startswith(("-", "tests")):
        say(f"there is no leg {rest[0]!r}; there are: {', '.join(LEGS)}")
        return 2
    ensure_venv_module(system)
    pythons = found_pythons()
    table = [(name, run_leg(name, pythons, rest, system)) for name in names]
    print()
    for name, outcome in table:
        leg = LEGS[name]
        version = next((f"3.{minor}" for _, minor in leg.pythons if (3, minor) in pythons), "")
        print(f"{name:10} {leg.title:16} Python {version:5} {outcome}", flush=True)
    return 1 if any(outcome.startswith("FAILED") for _, outcome in table) else 0
