"""Programs in separate processes, to test their exit and the state before the first import."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap


def run_python(source: str, *, timeout_s: float = 60, **env: str) -> tuple[int, str]:
    """Run a program; return its exit code and its output."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return done.returncode, done.stdout
