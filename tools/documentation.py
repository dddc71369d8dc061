"""Build the documentation site."""

from __future__ import annotations

import sys

from tools.environments import MATRIX_VENVS, ensure_environment, ensure_venv_module
from tools.shell import run


def docs(arguments: list[str], system: bool) -> int:
    """Build the site in build/site; every warning is an error. `docs serve` shows it while you write."""
    ensure_venv_module(system)
    python = ensure_environment(MATRIX_VENVS / "docs", sys.executable, "docs")
    return run([python, "-m", "mkdocs", *(arguments or ["build", "--strict", "--quiet"])])
