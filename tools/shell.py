"""Run programs and print messages. Standard library only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
ON_LINUX = sys.platform.startswith("linux")
ON_WINDOWS = os.name == "nt"


def say(text: str) -> None:
    """Print a message of dev.py."""
    print(f"dev.py: {text}", flush=True)


def run(command: Sequence[str | Path], env: dict[str, str] | None = None, cwd: Path | None = ROOT) -> int:
    """Run a command in the foreground and return its exit code."""
    return subprocess.run([str(part) for part in command], env=env, cwd=cwd, check=False).returncode


def output_of(command: Sequence[str | Path]) -> str | None:
    """Return the output of a command, or None if the command failed or is missing."""
    env = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=env,
            cwd=ROOT,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
