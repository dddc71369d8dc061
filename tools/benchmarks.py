"""Run the benchmarks in a separate environment."""

from __future__ import annotations

from tools.environments import MATRIX_VENVS, child_environment, ensure_environment, ensure_venv_module, headless
from tools.matrix import found_pythons
from tools.shell import run
from tools.system_packages import ensure_system


def bench(arguments: list[str], system: bool) -> int:
    """Measure the bridge beside its alternatives, on the newest Python that was found."""
    ensure_venv_module(system)
    pythons = found_pythons()
    venv = MATRIX_VENVS / "bench"
    python = ensure_environment(venv, pythons[max(pythons)], "bench")
    ensure_system(venv, system, ["offscreen"])
    with child_environment(**headless(), QT_API="pyside6") as env:
        return run([python, "tests/benchmarks/run.py", *arguments], env)
