"""Fuzz the code that reads a page's messages, with atheris. An input that breaks a target goes into its corpus."""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from tools.environments import MATRIX_VENVS, child_environment, ensure_environment, ensure_venv_module
from tools.shell import ON_LINUX, ROOT, run, say

OLDEST_PYTHON = (3, 11)  # the oldest with wheels of atheris
CORPUS = ROOT / "tests" / "fuzz" / "corpus"


def fuzz(arguments: list[str], system: bool) -> int:
    """Fuzz each target for some minutes, or the targets that are named; tell which inputs break one."""
    names = sorted(folder.name for folder in CORPUS.iterdir())
    parser = argparse.ArgumentParser(prog="dev.py fuzz", description=fuzz.__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target (default: 1)")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(names)}; all if none is named")
    options = parser.parse_args(arguments)
    unknown = set(options.targets) - set(names)
    if unknown:
        parser.error(f"there is no target {sorted(unknown)[0]!r}; there are: {', '.join(names)}")
    if not (ON_LINUX and platform.machine() == "x86_64" and sys.version_info[:2] >= OLDEST_PYTHON):
        say("fuzzing needs atheris, which has wheels for Linux and Python 3.11 or later")
        return 2
    ensure_venv_module(system)
    python = ensure_environment(MATRIX_VENVS / "fuzz", sys.executable, "fuzz")
    broken = [name for name in options.targets or names if not _holds(name, python, options.minutes)]
    say(f"broken: {', '.join(broken)}" if broken else "no input breaks anything")
    return 1 if broken else 0


def _holds(name: str, python: Path, minutes: float) -> bool:
    """Fuzz one target. An input that breaks the target is kept in the corpus; an input that only reaches new code is not."""
    say(f"{name}: {minutes:g} minutes")
    corpus = CORPUS / name
    with tempfile.TemporaryDirectory() as fresh, child_environment() as env:
        seeds = Path(fresh, "seeds")
        shutil.copytree(corpus, seeds)
        limits = [f"-max_total_time={int(minutes * 60)}", "-max_len=400", "-timeout=20", "-print_final_stats=1"]
        command = [str(python), "-m", "tests.fuzz.run", name, str(seeds), f"-artifact_prefix={corpus}/", *limits]
        return run(command, env) == 0
