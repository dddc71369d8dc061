"""Make the virtual environments of a checkout, one for each dependency group. Standard library only."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tools.shell import ON_LINUX, ON_WINDOWS, ROOT, output_of, run, say
from tools.system_packages import Need, ensure_system, platform_plugins, provide

if TYPE_CHECKING:
    from collections.abc import Iterator

VENV = ROOT / ".venv"
MATRIX_VENVS = ROOT / ".venv-matrix"
PIP = "pip==26.0.1"  # --group came with 25.1; the last version for Python 3.9


def executable(venv: Path, name: str) -> Path:
    """Return the path of a program in an environment."""
    return venv / "Scripts" / f"{name}.exe" if ON_WINDOWS else venv / "bin" / name


def fingerprint(python: str | Path, group: str) -> str:
    """Return a hash of everything that an environment is made from; a new hash means a new environment."""
    version = output_of([python, "-c", "import sys; print(sys.version)"])
    parts = (version, group, PIP, str(ROOT), (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def ensure_venv_module(system: bool) -> None:
    """Make sure that the module `venv` works; Debian has a separate package for it."""
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        packages = (f"python{version}-venv", "python3-venv")
        provide([Need(f"the venv module of Python {version}", packages, True)], system)
        importlib.invalidate_caches()


def ensure_environment(venv: Path, python: str | Path, group: str) -> Path:
    """Make or renew a virtual environment with one dependency group of pyproject.toml and this checkout.

    Parameters
    ----------
    venv : Path
        The folder of the environment.
    python : str or Path
        The interpreter that makes the environment.
    group : str
        The name of the dependency group.

    Returns
    -------
    Path
        The interpreter of the environment.
    """
    inner = executable(venv, "python")
    stamp = venv / "dev-stamp.txt"
    wanted = fingerprint(python, group)
    if inner.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return inner
    if Path(sys.prefix).resolve() != venv.resolve():  # an environment must not delete itself
        say(f"making {venv.relative_to(ROOT)} (once; some minutes when packages have to be downloaded)")
        shutil.rmtree(venv, ignore_errors=True)
        if run([python, "-m", "venv", venv]) != 0:
            raise SystemExit(f"dev.py: {python} could not make an environment in {venv}")
    stamp.unlink(missing_ok=True)
    pip = [str(inner), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for wish in ([PIP], ["--group", group, "--editable", "."]):
        if run(pip + wish) != 0:
            raise SystemExit("dev.py: pip could not install the packages; see its message above")
    stamp.write_text(wanted, encoding="utf-8")
    return inner


def ensure_checkout_environment(system: bool) -> Path:
    """Make .venv and the system libraries it needs; return its interpreter."""
    ensure_venv_module(system)
    python = ensure_environment(VENV, sys.executable, "dev")
    ensure_system(VENV, system, platform_plugins())
    return python


@contextlib.contextmanager
def child_environment(**variables: str) -> Iterator[dict[str, str]]:
    """Provide the variables for a program that uses Qt, with a runtime folder if the session has none."""
    env = {**os.environ, **variables}
    if not ON_LINUX:
        yield env
        return
    if os.geteuid() == 0:
        env.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # Chromium refuses to start as root otherwise
    with tempfile.TemporaryDirectory(prefix="auroraview-qt-") as private:  # the mode is 0700, as Qt demands
        env.setdefault("XDG_RUNTIME_DIR", private)
        yield env


def headless() -> dict[str, str]:
    """Return the variables that keep test windows off the developer's screen."""
    return {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")} if ON_LINUX else {}
