"""The built wheel and sdist, and environments to install them into, all without the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Callable

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Files of a checkout that no build may depend on.
_BY_PRODUCTS = (".git", ".venv*", ".*_cache", "__pycache__", "node_modules", "build", "dist")


class Environment:
    """A fresh virtual environment, which sees only the given packages of this environment."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=os.name != "nt")
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        scheme = "nt" if os.name == "nt" else "posix_prefix"
        self._packages = Path(sysconfig.get_path("purelib", scheme, {"base": str(folder)}))

    def install(self, wheel: Path) -> None:
        """Install a wheel without its requirements, with the pip of this environment."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "--quiet"]
        subprocess.run([*pip, "install", "--no-index", "--no-deps", str(wheel)], check=True)

    def share(self, *names: str) -> None:
        """Let the environment import these packages from this environment."""
        for name in names:
            source = Path(sys.modules[name].__file__ or "").parent
            (self._packages / name).symlink_to(source, target_is_directory=True)

    def run(self, code: str, cwd: Path) -> str:
        """Run code in the environment, isolated from this one, and return its output."""
        done = subprocess.run(
            [str(self.python), "-I", "-W", "error", "-c", code],
            cwd=cwd,
            check=False,
            text=True,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist of this checkout, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("build")
    source = folder / "checkout"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*_BY_PRODUCTS))
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(source)]
    done = subprocess.run(command, cwd=folder, check=False, text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "dist"


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    """The wheel."""
    (path,) = distributions.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def sdist(distributions: Path) -> Path:
    """The sdist."""
    (path,) = distributions.glob("*.tar.gz")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Run code with only the wheel and orjson installed: no qtpy, no Qt."""
    import orjson  # noqa: F401 - it has to be in sys.modules to be shared

    folder = tmp_path_factory.mktemp("no-qt")
    environment = Environment(folder / "venv")
    environment.install(wheel)
    environment.share("orjson")
    return lambda code: environment.run(code, folder)
