"""The TypeScript compiler: the version of `dev.py lint`, through npx."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable

import pytest

from auroraview_qt._resources import resource_path
from tools.checks import TYPESCRIPT

_ERROR = re.compile(r"^(?P<file>[^(\n]+)\((?P<line>\d+),\d+\): error (?P<text>.*)$", re.MULTILINE)

Compile = Callable[..., "dict[tuple[str, int], str]"]


@pytest.fixture
def tsc(tmp_path: Path) -> Compile:
    """Check files under --strict beside the library's own types; return the errors by file and line."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("the TypeScript compiler is run with npx")
    shutil.copy(resource_path("auroraview.d.ts"), tmp_path)

    def compile_files(**files: str) -> dict[tuple[str, int], str]:
        names = []
        for name, text in files.items():
            file = f"{name}.d.ts" if name == "api" else f"{name}.ts"
            (tmp_path / file).write_text(text, encoding="utf-8")
            names.append(file)
        options = ["--strict", "--noEmit", "--target", "ES2019", "--lib", "ES2019,DOM", "--pretty", "false"]
        command = [npx, "-y", "-p", TYPESCRIPT, "tsc", *options, "auroraview.d.ts", *names]
        done = subprocess.run(command, check=False, cwd=tmp_path, text=True, capture_output=True, timeout=300)
        errors = {(m["file"], int(m["line"])): m["text"] for m in _ERROR.finditer(done.stdout)}
        assert bool(errors) == bool(done.returncode), done.stdout + done.stderr
        return errors

    return compile_files
