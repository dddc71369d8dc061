"""Programs in processes of their own: how they end counts, and what has happened before the first import."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap


def run_python(source: str, *, timeout_s: float = 60, **env: str) -> tuple[int, str]:
    """Run a program; give its exit code, and what it has written."""
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
