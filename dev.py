#!/usr/bin/env python3
"""The developer's shell of a checkout. It needs Python 3.9 or later and makes everything else itself.

    python3 dev.py demo [FILE]          the scene outliner on FILE (a .gltf or .glb), or on the bundled scene
    python3 dev.py test [PYTEST ARGS]   every test; with arguments, what they select and no coverage gate
    python3 dev.py lint                 ruff, mypy also against the types of hosts, the layers, the types of the page runtime
    python3 dev.py matrix [LEGS]        every test on each Qt binding there is
    python3 dev.py hosts [NAMES]        the panel in real hosts: freecad, krita, blender; all when none is named
    python3 dev.py bench [OPTIONS]      the bridge side by side with its alternatives; `bench --help` lists the options

The tools live in .venv beside this file, made with the Python that runs it and renewed when pyproject.toml
changes. On Debian and Ubuntu the system libraries Qt needs are installed with apt-get where that is
allowed; `--no-system` forbids it, and the command to run is printed instead.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import itertools
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MATRIX_VENVS = ROOT / ".venv-matrix"
PIP = "pip==26.0.1"  # --group came with 25.1; the last version for Python 3.9
TYPESCRIPT = "typescript@5.9.3"
OLDEST_NODE = 18  # the first with `node --test`
ON_LINUX = sys.platform.startswith("linux")
ON_WINDOWS = os.name == "nt"

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
    """Something the system lacks: its name, packages that may hold it, whether all depends on it."""

    what: str
    packages: tuple[str, ...]
    vital: bool


def say(text: str) -> None:
    """Tell the developer what is going on."""
    print(f"dev.py: {text}", flush=True)


def run(command: Sequence[str | Path], env: dict[str, str] | None = None, cwd: Path | None = ROOT) -> int:
    """Run a command in the foreground and return its exit code."""
    return subprocess.run([str(part) for part in command], env=env, cwd=cwd, check=False).returncode


def output_of(command: Sequence[str | Path]) -> str | None:
    """Return what a command printed, or None when it failed or is not there."""
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


# ---------------------------------------------------------------------------------------- system packages


def may_install() -> list[str] | None:
    """Return what goes before apt-get: nothing for root, a silent sudo for others; None without rights."""
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
    """Install what is missing, or say in one line how to; stop when Qt cannot start without it.

    Parameters
    ----------
    needs : list of Need
        What was found missing; nothing happens when it is empty.
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
    """Tell whether any scalable font is installed; without one a page shows boxes."""
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]
    paths = (path for folder in folders for path in Path(folder).expanduser().rglob("*"))
    return any(path.suffix.lower() in {".ttf", ".otf", ".ttc", ".pfb"} for path in paths)


def ensure_system(venv: Path, system: bool, plugins: Sequence[str]) -> None:
    """See to the system libraries and the font that Qt in an environment needs."""
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


# ------------------------------------------------------------------------------------ Python environments


def executable(venv: Path, name: str) -> Path:
    """Return the path of a program in an environment."""
    return venv / "Scripts" / f"{name}.exe" if ON_WINDOWS else venv / "bin" / name


def fingerprint(python: str | Path, group: str) -> str:
    """Return what an environment has been made from: when it differs, the environment is made anew."""
    version = output_of([python, "-c", "import sys; print(sys.version)"])
    parts = (version, group, PIP, str(ROOT), (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def ensure_venv_module(system: bool) -> None:
    """See to the module that makes environments; Debian keeps it in a package of its own."""
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
        Where it stands.
    python : str or Path
        The interpreter it is made with.
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
    if Path(sys.prefix).resolve() != venv.resolve():  # never pull away what runs us
        say(f"making {venv.relative_to(ROOT)} (once; some minutes when packages have to be downloaded)")
        shutil.rmtree(venv, ignore_errors=True)
        if run([python, "-m", "venv", venv]) != 0:
            raise SystemExit(f"dev.py: {python} could not make an environment in {venv}")
    stamp.unlink(missing_ok=True)
    pip = [str(inner), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for wish in ([PIP], ["--group", group, "--editable", "."]):
        if run(pip + wish) != 0:
            raise SystemExit("dev.py: pip could not install what is needed; its own message stands above")
    stamp.write_text(wanted, encoding="utf-8")
    return inner


def ensure_checkout_environment(system: bool) -> Path:
    """Return the interpreter of .venv, after making it and what it needs from the system."""
    ensure_venv_module(system)
    python = ensure_environment(VENV, sys.executable, "dev")
    ensure_system(VENV, system, platform_plugins())
    return python


@contextlib.contextmanager
def child_environment(**variables: str) -> Iterator[dict[str, str]]:
    """Give the variables for a program that uses Qt, and a runtime folder if the session has none."""
    env = {**os.environ, **variables}
    if not ON_LINUX:
        yield env
        return
    if os.geteuid() == 0:
        env.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # Chromium refuses to start as root otherwise
    with tempfile.TemporaryDirectory(prefix="auroraview-qt-") as private:  # made with mode 0700, as Qt asks
        env.setdefault("XDG_RUNTIME_DIR", private)
        yield env


def headless() -> dict[str, str]:
    """Return the variables that keep test windows off the developer's screen."""
    return {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")} if ON_LINUX else {}


# --------------------------------------------------------------------------------------------------- verbs


def demo(arguments: list[str], system: bool) -> int:
    """Run the scene outliner; without a screen it runs a scripted session and writes a picture."""
    python = ensure_checkout_environment(system)
    with child_environment() as env:
        return run([python, "-m", "auroraview_qt", "demo", *arguments], env, cwd=None)


def node_test_files() -> list[Path]:
    """Return the JavaScript tests, as `node --test` would name them."""
    files = (ROOT / "tests" / "js").rglob("*")
    return sorted(path for path in files if re.fullmatch(r"(test[-_].+|.+[._-]test)\.[cm]?js", path.name))


def node_program() -> str | None:
    """Return node's path, or None where it is missing or too old for the tests."""
    node = shutil.which("node")
    version = re.match(r"v(\d+)", (output_of([node, "--version"]) or "") if node else "")
    return node if version and int(version[1]) >= OLDEST_NODE else None


def test(arguments: list[str], system: bool) -> int:
    """Run the tests; without arguments all of them, with ipc/ and schema/ covered completely."""
    python = ensure_checkout_environment(system)
    with child_environment(**headless()) as env:
        if arguments:
            return run([python, "-m", "pytest", *arguments], env)
        node, scripts = node_program(), node_test_files()
        if scripts and node is None:
            say(f"the JavaScript tests are left out: they need node {OLDEST_NODE} or later")
        gate = ["--cov", "--cov-report=term", "--cov-fail-under=100"]
        code = run([python, "-m", "pytest", *gate], env)
        if scripts and node is not None:
            code = run([node, "--test", "--test-reporter=spec", *scripts], env) or code
        return code


def host_types(python: Path) -> Path:
    """Return the folder of host applications' published types, which hold no code, after installing them."""
    folder = MATRIX_VENVS / "host-stubs"
    stamp, wanted = folder / "dev-stamp.txt", fingerprint(python, "host-stubs")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        if run([*pip, "--target", str(folder), "--group", "host-stubs"]) != 0:
            raise SystemExit("dev.py: pip could not install the types of hosts; its own message stands above")
        stamp.write_text(wanted, encoding="utf-8")
    return folder


def lint(_arguments: list[str], system: bool) -> int:
    """Run every static check, also after one has failed, and name those that failed."""
    python = ensure_checkout_environment(system)
    types = host_types(python)
    binding_flags = (output_of([python, "-m", "qtpy", "mypy-args"]) or "").split()
    checks: list[tuple[str, list[str | Path]]] = [
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("mypy", [python, "-m", "mypy", *binding_flags, "auroraview_qt", "dev.py"]),
        ("fakes of hosts", [python, "-m", "tests.typings.conformity", types]),
        ("layers", [executable(VENV, "lint-imports")]),
    ]
    npx = shutil.which("npx")
    if (ROOT / "resources" / "tsconfig.json").exists():
        if npx:
            checks.append(("tsc", [npx, "-y", "-p", TYPESCRIPT, "tsc", "-p", "resources/tsconfig.json"]))
        else:
            say("the types of the page runtime are not checked: that needs node and npx")
    failed = []
    for name, command in checks:
        say(name)
        if run(command, {**os.environ, "PYTHONPATH": str(types)}) != 0:  # where mypy looks for types, too
            failed.append(name)
    say("failed: " + ", ".join(failed) if failed else "all checks passed")
    return 1 if failed else 0


# -------------------------------------------------------------------------------------------------- matrix


def found_pythons() -> dict[tuple[int, int], Path]:
    """Return the interpreters that run and can make an environment, by version, those on PATH first."""
    name = re.compile(r"python3\.\d+(\.exe)?")
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += sorted((Path.home() / ".pyenv" / "versions").glob("*/bin"))
    programs = (path for folder in folders if folder.is_dir() for path in sorted(folder.glob("python3.*")))
    found: dict[tuple[int, int], Path] = {sys.version_info[:2]: Path(sys.executable)}
    for program in programs:
        # A name alone proves nothing: shims of version managers exist for versions that do not run.
        if name.fullmatch(program.name):
            probe = "import ensurepip, sys, venv; print(*sys.version_info[:2])"
            answer = (output_of([program, "-c", probe]) or "").split()
            if len(answer) == 2:
                found.setdefault((int(answer[0]), int(answer[1])), program)
    return found


@contextlib.contextmanager
def virtual_display(screen: str = "1280x1024x24") -> Iterator[str]:
    """Run Xvfb on a display number of its own choice and give the name of the display."""
    reader, writer = os.pipe()
    options = ["-screen", "0", screen, "-noreset", "-nolisten", "tcp"]
    command = ["Xvfb", "-displayfd", str(writer), *options]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()  # empty when the server died
        if not number:
            raise SystemExit("dev.py: Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class Leg(NamedTuple):
    """A binding on a Python: what the table calls it, and what it is made of."""

    title: str
    api: str  # as qtpy and pytest-qt spell it
    group: str  # of pyproject.toml
    pythons: tuple[tuple[int, int], ...]  # the first that is there is taken
    display: bool = False  # an X display, where the offscreen platform cannot draw all there is


LEGS = {
    "oldest": Leg("PySide2 5.15.2", "pyside2", "pyside2", ((3, 9),), display=True),
    "pyside2": Leg("PySide2 5.15.2", "pyside2", "pyside2", ((3, 10),), display=True),
    "pyqt5": Leg("PyQt5 5.15", "pyqt5", "pyqt5", ((3, 11), (3, 10), (3, 12)), display=True),
    "pyside6.5": Leg("PySide6 6.5.3", "pyside6", "pyside65", ((3, 11),), display=True),
    "pyside6.8": Leg("PySide6 6.8", "pyside6", "pyside68", ((3, 12), (3, 11))),
    "pyqt6": Leg("PyQt6, newest", "pyqt6", "pyqt6", ((3, 12), (3, 13), (3, 11))),
    "newest": Leg("PySide6, newest", "pyside6", "pyside6", ((3, 13), (3, 12))),
}


def why_impossible(leg: Leg, pythons: dict[tuple[int, int], Path], system: bool) -> str | None:
    """Return what a leg needs that cannot be had on this machine, or None when it can run."""
    if not set(leg.pythons) & pythons.keys():
        wanted = " or ".join(f"3.{minor}" for _, minor in leg.pythons)
        return f"no Python {wanted} that runs was found on PATH or in ~/.pyenv/versions"
    if not leg.display:
        return None
    if not ON_LINUX:
        return "it needs Xvfb, which is for Linux"
    if leg.api in {"pyside2", "pyqt5"} and platform.machine() != "x86_64":
        return f"there are no wheels of Qt 5 for {platform.machine()}"
    if not shutil.which("Xvfb"):
        provide([Need("Xvfb", ("xvfb",), False)], system)
    return None if shutil.which("Xvfb") else "Xvfb is not installed"


def outcome_of(code: int, report: Path, minutes: float) -> str:
    """Return what the table says about tests that ended with `code` and may have written a JUnit report."""
    if not report.exists():
        return f"FAILED: the process ended with {code} before it could tell how the tests went"
    suite = next(ET.parse(report).iter("testsuite"))  # our own file, of our own tests
    total, failed, errors, skipped = (int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped"))
    counts = f"{total - failed - errors - skipped} passed, {skipped} skipped, {minutes:.1f} min"
    return f"passed: {counts}" if code == 0 else f"FAILED: {failed + errors} failed, {counts}, exit code {code}"


def run_leg(name: str, pythons: dict[tuple[int, int], Path], arguments: list[str], system: bool) -> str:
    """Run the tests of one leg in an environment of its own, and return what the table says about it."""
    leg = LEGS[name]
    reason = why_impossible(leg, pythons, system)
    if reason:
        return f"impossible: {reason}"
    venv = MATRIX_VENVS / name
    python = ensure_environment(venv, next(pythons[wish] for wish in leg.pythons if wish in pythons), leg.group)
    with contextlib.ExitStack() as stack:
        variables = {"QT_API": leg.api, "PYTEST_QT_API": leg.api, **headless()}
        if leg.display:
            variables.update(DISPLAY=stack.enter_context(virtual_display()), QT_QPA_PLATFORM="xcb")
        ensure_system(venv, system, [variables.get("QT_QPA_PLATFORM", "offscreen")])
        env = stack.enter_context(child_environment(**variables))
        report = Path(stack.enter_context(tempfile.TemporaryDirectory()), "report.xml")
        say(f"{name}: {leg.title}")
        start = time.monotonic()
        code = run([python, "-m", "pytest", f"--junit-xml={report}", *arguments], env)
        return outcome_of(code, report, (time.monotonic() - start) / 60)


def matrix(arguments: list[str], system: bool) -> int:
    """Run the tests on the bindings named, or on all of them, one after another, and print a table."""
    rest = list(itertools.dropwhile(lambda argument: argument in LEGS, arguments))  # for pytest
    names = arguments[: len(arguments) - len(rest)] or list(LEGS)
    if rest and not rest[0].startswith(("-", "tests")):
        say(f"there is no leg {rest[0]!r}; there are: {', '.join(LEGS)}")
        return 2
    ensure_venv_module(system)
    pythons = found_pythons()
    table = [(name, run_leg(name, pythons, rest, system)) for name in names]
    print()
    for name, outcome in table:
        leg = LEGS[name]
        version = next((f"3.{minor}" for _, minor in leg.pythons if (3, minor) in pythons), "")
        print(f"{name:10} {leg.title:16} Python {version:5} {outcome}", flush=True)
    return 1 if any(outcome.startswith("FAILED") for _, outcome in table) else 0


# --------------------------------------------------------------------------------------------------- hosts

PYSIDE2 = ("python3-pyside2.qtwebenginewidgets", "python3-pyside2.qtwebenginecore", "python3-pyside2.qtwebchannel")
PYQT5 = ("python3-pyqt5.qtwebengine", "python3-pyqt5.qtwebchannel")
# Host -> its program, and the Debian packages of the program and of its binding's QtWebEngine.
HOSTS = {
    "freecad": ("freecad", ("freecad", *PYSIDE2)),
    "blender": ("blender", ("blender", *PYSIDE2, *PYQT5)),
    "krita": ("krita", ("krita", *PYQT5)),
}
QT6_OF_HOSTS = "PySide6==6.8.3"  # for Blender, which has no Qt of its own
SYSTEM_PYTHON = "/usr/bin/python3"  # what the hosts of Debian and Ubuntu embed, whatever else is on PATH


def host_libraries(folder: Path, qt6: Path | None) -> None:
    """Install what the package depends on for the Python inside the hosts, and a binding of Qt 6, which none of them has."""
    version = output_of([SYSTEM_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    if version is None:
        raise SystemExit(f"dev.py: there is no {SYSTEM_PYTHON}")
    pip_venv = MATRIX_VENVS / "hosts"
    if not executable(pip_venv, "python").exists() and run([sys.executable, "-m", "venv", pip_venv]) != 0:
        raise SystemExit(f"dev.py: {sys.executable} could not make an environment in {pip_venv}")
    # Python 3.9 and 3.10 come without a TOML reader.
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[$(.*?)^\]$", settings, re.MULTILINE | re.DOTALL)
    needed = re.findall(r'^  "([^"]+)"', block[1], re.MULTILINE) if block else []
    if not needed:
        raise SystemExit("dev.py: pyproject.toml has no dependencies that could be read")
    pip = [str(executable(pip_venv, "python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--only-binary=:all:", "--python-version", version.strip()]
    if run([*pip, "--target", str(folder), *needed]) != 0 or (qt6 and run([*pip, "--target", str(qt6), QT6_OF_HOSTS]) != 0):
        raise SystemExit("dev.py: pip could not install what is needed; its own message stands above")


def hosts(names: list[str], system: bool) -> int:
    """Run the checks in tests/hosts inside real host applications, on a display of their own."""
    unknown = [name for name in names if name not in HOSTS]
    if unknown:
        say(f"there is no host {unknown[0]!r}; there are: {', '.join(HOSTS)}")
        return 2
    if not ON_LINUX:
        say("the hosts are run on Linux, where they can be installed by one command")
        return 2
    ensure_venv_module(system)
    tools = [Need("Xvfb", ("xvfb",), True), Need("xdotool", ("xdotool",), True)]  # a screen, and somebody who types
    provide([need for need in tools if not shutil.which(need.what)], system)
    for name in names or HOSTS:
        program, packages = HOSTS[name]
        installed = output_of(["dpkg-query", "-W", "-f=${db:Status-Abbrev}\n", *packages]) or ""
        if not shutil.which(program) or installed.count("ii") < len(packages):
            provide([Need(package, (package,), True) for package in packages], system)
    failed = []
    with tempfile.TemporaryDirectory(prefix="auroraview-qt-hosts-") as scratch:
        libraries = Path(scratch, "libraries")
        qt6 = Path(scratch, "qt6") if "blender" in (names or HOSTS) else None
        host_libraries(libraries, qt6)
        variables = {"AURORAVIEW_HOSTS_QT6": str(qt6 or "")}
        with virtual_display("1400x900x24") as display, child_environment(DISPLAY=display, **variables) as env:
            for name in names or HOSTS:
                say(name)
                if run([sys.executable, "tests/hosts/run.py", name, Path(scratch, name), libraries], env) != 0:
                    failed.append(name)
    say("failed: " + ", ".join(failed) if failed else "all hosts passed")
    return 1 if failed else 0


# --------------------------------------------------------------------------------------------------- bench


def bench(arguments: list[str], system: bool) -> int:
    """Measure the bridge beside what one would use instead, on the newest Python that was found."""
    ensure_venv_module(system)
    pythons = found_pythons()
    venv = MATRIX_VENVS / "bench"
    python = ensure_environment(venv, pythons[max(pythons)], "bench")
    ensure_system(venv, system, ["offscreen"])
    with child_environment(**headless(), QT_API="pyside6") as env:
        return run([python, "tests/benchmarks/run.py", *arguments], env)


VERBS = {"demo": demo, "test": test, "lint": lint, "matrix": matrix, "hosts": hosts, "bench": bench}


def main(arguments: list[str]) -> int:
    """Carry out one verb and return the exit code."""
    if sys.version_info < (3, 9):  # noqa: UP036 - whoever has an older one should read a sentence
        raise SystemExit("dev.py: it needs Python 3.9 or later, this is " + platform.python_version())
    system = "--no-system" not in arguments
    arguments = [argument for argument in arguments if argument != "--no-system"]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return 0
    if arguments[0] not in VERBS:
        print(f"dev.py: there is no verb {arguments[0]!r}; there are: {', '.join(VERBS)}", file=sys.stderr)
        return 2
    try:
        return VERBS[arguments[0]](arguments[1:], system)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
