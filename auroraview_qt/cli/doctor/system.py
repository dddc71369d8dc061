"""Run the checks that need no Qt: Python, packages, display, sandbox, shared memory. Thread: any."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from auroraview_qt._resources import resource_path
from auroraview_qt._version import __version__
from auroraview_qt.cli.doctor.finding import Finding
from auroraview_qt.qt.support.preflight import sandbox_is_off

_REQUIRED = ("qtpy", "orjson", "msgspec")
#: Megabytes of shared memory that Chromium needs for a page with pictures; containers often have 64.
_SHARED_MEMORY_MB = 256
#: Switches of the Linux kernel with the values that stop Chromium's sandbox, and the command against each.
_KERNEL_SWITCHES = (
    ("/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that allows userns",
    ),
)


def of_python(interpreter: str | None) -> Iterator[Finding]:
    """Check Python, the required packages, and the package's own files.

    Parameters
    ----------
    interpreter : str or None
        The Python program of this process, or None in a host that has Python built in.
    """
    where = interpreter or f"built into {sys.executable or 'the host'}"
    yield Finding("Python", f"{platform.python_version()} ({where})")
    found, missing = [], []
    for name in _REQUIRED:
        version = _version_of(name)
        if version is None:
            missing.append(name)
        else:
            found.append(f"{name} {version}".rstrip())
    text = f"{__version__}, " + ", ".join(found + [f"{name} missing" for name in missing])
    pip = f"{interpreter or f'python{sys.version_info[0]}.{sys.version_info[1]}'} -m pip install"
    into = "" if interpreter else "--target FOLDER "
    note = "" if interpreter else ", with a FOLDER on the host's path"
    yield Finding("auroraview_qt", text, f"`{pip} {into}{' '.join(missing)}`{note}" if missing else "")
    try:
        yield Finding("resources", str(resource_path("bridge.js").parent))
    except FileNotFoundError as error:
        yield Finding("resources", "missing", str(error))


def _version_of(package: str) -> str | None:
    """Return a package's version; empty if it has no metadata, None if it is missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        pass
    try:
        return "" if importlib.util.find_spec(package) is not None else None
    except (ImportError, ValueError):
        return None


def of_system() -> Iterator[Finding]:
    """Check the display, the sandbox and the shared memory on Linux."""
    if not sys.platform.startswith("linux"):
        return
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    yield Finding("display", screen or "none; windows can only be drawn with QT_QPA_PLATFORM=offscreen")
    yield _sandbox()
    yield from _shared_memory()


def _sandbox() -> Finding:
    if sandbox_is_off():
        return Finding("sandbox", "switched off, by QTWEBENGINE_DISABLE_SANDBOX or a flag")
    if os.geteuid() == 0:
        return Finding(
            "sandbox",
            "this is root, and Chromium refuses to start as root",
            "run as another user, or set QTWEBENGINE_DISABLE_SANDBOX=1 if only your own pages are shown",
        )
    for path, value, command in _KERNEL_SWITCHES:
        try:
            is_closed = Path(path).read_text(encoding="ascii").strip() == value
        except OSError:  # another kernel lacks the switch
            continue
        if is_closed:
            return Finding(
                "sandbox",
                f"the kernel does not allow users to make namespaces ({path} is {value}), and Chromium's sandbox needs them",
                f"as root: {command}; or set QTWEBENGINE_DISABLE_SANDBOX=1 if only your own pages are shown",
            )
    return Finding("sandbox", "on")


def _shared_memory() -> Iterator[Finding]:
    try:
        stat = os.statvfs("/dev/shm")
    except OSError:
        return
    size_mb = stat.f_frsize * stat.f_blocks // 2**20
    too_small = size_mb < _SHARED_MEMORY_MB and "--disable-dev-shm-usage" not in os.environ.get(
        "QTWEBENGINE_CHROMIUM_FLAGS", ""
    )
    advice = (
        "start the container with --shm-size=1g, or set QTWEBENGINE_CHROMIUM_FLAGS=--disable-dev-shm-usage: "
        "pages with large pictures crash"
    )
    yield Finding("shared memory", f"/dev/shm has {size_mb} MB", advice if too_small else "", is_note=True)
