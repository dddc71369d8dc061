"""Install the system libraries and the font that QtWebEngine needs. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tools.shell import ON_LINUX, output_of, run, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Shared library -> Debian packages that hold it, the name of newer releases first.
LIBRARY_PACKAGES = {
    "libasound.so.2": ("libasound2t64", "libasound2"),
    "libbrotlicommon.so.1": ("libbrotli1",),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libdrm.so.2": ("libdrm2",),
    "libEGL.so.1": ("libegl1",),
    "libexpat.so.1": ("libexpat1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libgbm.so.1": ("libgbm1",),
    "libGL.so.1": ("libgl1",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libgthread-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libnspr4.so": ("libnspr4",),
    "libnss3.so": ("libnss3",),
    "libnssutil3.so": ("libnss3",),
    "libsmime3.so": ("libnss3",),
    "libudev.so.1": ("libudev1",),
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
    "libwayland-egl.so.1": ("libwayland-egl1",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libX11.so.6": ("libx11-6",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-dri3.so.0": ("libxcb-dri3-0",),
    "libxcb-glx.so.0": ("libxcb-glx0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxcb.so.1": ("libxcb1",),
    "libXcomposite.so.1": ("libxcomposite1",),
    "libXcursor.so.1": ("libxcursor1",),
    "libXdamage.so.1": ("libxdamage1",),
    "libXext.so.6": ("libxext6",),
    "libXfixes.so.3": ("libxfixes3",),
    "libXi.so.6": ("libxi6",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxkbfile.so.1": ("libxkbfile1",),
    "libXrandr.so.2": ("libxrandr2",),
    "libXrender.so.1": ("libxrender1",),
    "libxshmfence.so.1": ("libxshmfence1",),
    "libXtst.so.6": ("libxtst6",),
}
FONT_PACKAGE = "fonts-dejavu-core"


class Need(NamedTuple):
    """A missing part of the system: its name, the packages that may hold it, whether it is required."""

    what: str
    packages: tuple[str, ...]
    vital: bool


def may_install() -> list[str] | None:
    """Return the prefix for apt-get: nothing for root, a silent sudo for others, or None without rights."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and output_of(["sudo", "-n", "true"]) is not None:
        return ["sudo", "-n"]
    return None


def first_known_package(candidates: Iterable[str]) -> str | None:
    """Return the first of these names that this release of Debian or Ubuntu has a package for."""
    for name in candidates:
        shown = output_of(["apt-cache", "show", "--no-all-versions", name]) or ""
        if re.search(rf"^Package: {re.escape(name)}$", shown, re.MULTILINE):
            return name
    return None


def provide(needs: list[Need], system: bool) -> None:
    """Install missing parts, or print the command for it; stop if Qt cannot start without them.

    Parameters
    ----------
    needs : list of Need
        The missing parts; an empty list is fine.
    system : bool
        Whether apt-get may be used.
    """
    if not needs:
        return
    say("the system lacks " + ", ".join(need.what for need in needs))
    if shutil.which("apt-get"):
        rights = may_install() if system else None
        if rights is not None and any(first_known_package(need.packages) is None for need in needs):
            run([*rights, "apt-get", "update", "-qq"])
        choices = [need.packages for need in needs if need.packages]
        packages = sorted({first_known_package(choice) or choice[0] for choice in choices})
        if rights is not None and packages:
            say("installing " + " ".join(packages))
            prefix = [*rights, "env", "DEBIAN_FRONTEND=noninteractive"]
            if run([*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]) == 0:
                return
        if packages:
            say("to install it: sudo apt-get install --no-install-recommends " + " ".join(packages))
    else:
        say("install it with the package manager of this system")
    if any(need.vital for need in needs):
        raise SystemExit("dev.py: it cannot go on without; run the same command again afterwards")


def platform_plugins() -> list[str]:
    """Return the Qt platform plugins that may be loaded here."""
    plugins = ["offscreen"]
    if os.environ.get("DISPLAY"):
        plugins.append("xcb")
    if os.environ.get("WAYLAND_DISPLAY"):
        plugins += ["wayland", "wayland-generic"]
    return plugins


def missing_libraries(venv: Path, plugins: Sequence[str]) -> list[str]:
    """Return the names of the shared libraries that QtWebEngine in an environment would not find."""
    binaries = [
        path
        for qt in venv.glob("lib/python*/site-packages/Py*/Qt*")  # PySide6/Qt, PyQt5/Qt5
        for path in [
            *qt.glob("lib/libQt*WebEngineWidgets.so.?"),
            qt / "libexec" / "QtWebEngineProcess",
            *(qt / "plugins" / "platforms" / f"libq{plugin}.so" for plugin in plugins),
        ]
        if path.is_file()
    ]
    listing = "".join(output_of(["ldd", binary]) or "" for binary in binaries)
    return sorted(set(re.findall(r"^\s*(\S+) => not found", listing, re.MULTILINE)))


def has_font() -> bool:
    """Return whether a scalable font is installed; without a font, pages show boxes."""
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]
    paths = (path for folder in folders for path in Path(folder).expanduser().rglob("*"))
    return any(path.suffix.lower() in {".ttf", ".otf", ".ttc", ".pfb"} for path in paths)


def ensure_system(venv: Path, system: bool, plugins: Sequence[str]) -> None:
    """Install the system libraries and the font that Qt in an environment needs."""
    if not ON_LINUX:
        return
    missing = missing_libraries(venv, plugins)
    needs = [Need(name, LIBRARY_PACKAGES.get(name, ()), True) for name in missing]
    if not has_font():
        needs.append(Need("a font", (FONT_PACKAGE,), False))
    provide(needs, system)
    left = missing_libraries(venv, plugins) if missing else []
    if left:
        raise SystemExit("dev.py: install the packages that hold " + ", ".join(left))
