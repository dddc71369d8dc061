"""Check this Python and its Qt, and report the problems that a panel would have: `auroraview-qt doctor`.

In a separate process, doctor loads no Qt and starts child processes for the checks. Inside a host with a running Qt, doctor
checks the host itself: ``from auroraview_qt.cli import doctor; doctor.run()``. Thread: GUI.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from auroraview_qt._version import __version__
from auroraview_qt.cli import ask_tool
from auroraview_qt.cli.doctor.finding import Finding
from auroraview_qt.cli.doctor.probes import of_child
from auroraview_qt.cli.doctor.system import of_python, of_system
from auroraview_qt.cli.doctor.this_process import of_this_process, running_binding
from auroraview_qt.cli.generate_types import TargetError, text_of
from auroraview_qt.qt.support.preflight import BINDINGS, Problem, find_problem, installed_bindings, stops_import

__all__ = ["Finding", "findings", "run"]

#: Codes of `find_problem` that other findings cover.
_TOLD_ELSEWHERE = ("no_binding", "root_sandbox")
#: Names of programs that are Python itself. Any other ``sys.executable`` is a host, and doctor never starts it.
_INTERPRETERS = re.compile(r"(python[w\d.]*|pypy[\d.]*|mayapy|hython[\d.]*)(\.exe)?", re.IGNORECASE)


def findings() -> Iterator[Finding]:
    """Run every check in order; slow checks start a process each.

    Yields
    ------
    Finding
        In the order in which a person would check.

    Notes
    -----
    Thread: GUI, if the process has a QApplication.
    """
    interpreter = _interpreter()
    yield from of_python(interpreter)
    problem = find_problem()
    binding = running_binding()
    if binding is not None:
        yield from of_this_process(binding, problem)
    elif interpreter is not None:
        yield from of_child(interpreter, asks_page=problem is None or _is_averted(problem))
    else:
        yield _of_files()
    told = (*_TOLD_ELSEWHERE, "no_engine") if binding is None else _TOLD_ELSEWHERE
    if problem is not None and problem.code not in told:
        yield Finding("panels", problem.text, problem.advice, is_note=_is_averted(problem))
    yield from of_system()


def _interpreter() -> str | None:
    """Return the Python program of this process, or None in a host that has Python built in."""
    path = sys.executable
    if not path or _INTERPRETERS.fullmatch(Path(path).name) is None:
        return None
    return path if os.access(path, os.X_OK) else None


def _is_averted(problem: Problem) -> bool:
    """Return whether the host's adapter solves a problem when it makes its first panel, as Blender's does on Linux."""
    return problem.code == "known_crash" and "bpy" in sys.modules and not stops_import(problem)


def _of_files() -> Finding:
    """Report the installed binding if neither this process nor a child may load it."""
    found = installed_bindings()
    text = f"{', '.join(found)} is installed and not loaded yet" if found else "none is installed for this Python"
    advice = "" if found else "the host has no Qt for its Python; install one of " + ", ".join(BINDINGS)
    return Finding("Qt binding", text, advice)


def run(argv: Sequence[str] = ()) -> int:
    """Print the findings and return 1 if there is a fault, else 0.

    Parameters
    ----------
    argv : sequence of str
        Arguments of the command line: ``--json``, ``--policy``.

    Returns
    -------
    int
        The exit code of the verb; notes do not count as faults.

    Raises
    ------
    SystemExit
        For `--help` and wrong arguments, as argparse does.

    Notes
    -----
    Thread: GUI, if the process has a QApplication.
    """
    options = _parser().parse_args(list(argv))
    if options.policy:
        return _print_policy(options.policy)
    found: list[Finding] = []
    for finding in findings():
        found.append(finding)
        if not options.json:
            print(f"{_MARKS[finding.status]} {finding.subject:14} {finding.text}")
            if finding.advice:
                print(f"  {'':14} -> {finding.advice}")
    faults = sum(finding.status == "fault" for finding in found)
    if options.json:
        print(json.dumps(_document(found), indent=2))
    else:
        print("nothing is missing" if not faults else f"to put right: {faults}")
    return 1 if faults else 0


def _print_policy(target: str) -> int:
    """Print the policy of a tool's view; return 2 if the tool cannot be loaded."""
    try:
        sys.stdout.write(text_of(target, ask_tool.POLICY))
    except TargetError as error:
        sys.stderr.write(f"auroraview-qt doctor: {error}\n")
        return 2
    return 0


_MARKS = {"ok": " ", "note": "-", "fault": "!"}


def _document(found: list[Finding]) -> dict[str, object]:
    """Return the findings as ``--json`` prints them."""
    return {
        "auroraview_qt": __version__,
        "faults": sum(finding.status == "fault" for finding in found),
        "findings": [
            {"subject": one.subject, "status": one.status, "text": one.text, "advice": one.advice} for one in found
        ],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="auroraview-qt doctor",
        description="Check this Python and its Qt for panels; the exit code is 1 if there is a fault. "
        "In a host's console: from auroraview_qt.cli import doctor; doctor.run()",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object, for bug reports")
    parser.add_argument("--policy", metavar="MODULE:ATTRIBUTE", help="print the policy of a tool's view instead")
    return parser
