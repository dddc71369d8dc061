"""Start a real host with its script of checks, and print the findings: ``run.py HOST FOLDER LIBRARIES [STARTS]``.

FOLDER becomes the host's home, so that no user settings change; LIBRARIES holds the package's requirements for its Python.
The host is started once for each of `STARTS`, or for the named starts. Qt messages of the start without a panel are allowed
in the other starts. `dev.py hosts` calls it; it needs a display.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TIMEOUT_S = 600

#: The starts with an installed panel; the second start has to find it at its place from the first. As in installed_checks.
INSTALLED = ("installed", "installed-again")
#: A folder with a Qt 6 binding, for a host that has none.
QT6 = os.environ.get("AURORAVIEW_HOSTS_QT6", "")
#: The Python of the environment that has napari.
NAPARI = os.environ.get("AURORAVIEW_HOSTS_NAPARI", "")
#: A folder for a picture of each host, or an empty text.
PICTURES = os.environ.get("AURORAVIEW_HOSTS_PICTURES", "")
#: The starts: the host alone; the checks; the panel restored; a week of an artist's work.
STARTS = ("bare", "first", "again", "endurance")

#: The file that a host runs at its start. An error here goes to the real stderr, because hosts show Python's own elsewhere.
START = """\
import sys
sys.path[:0] = {paths!r}
try:
    import {script}
except BaseException:
    import os, traceback
    os.write(2, traceback.format_exc().encode())
    os._exit(3)
"""

#: Forbidden texts while a panel lives and dies.
FORBIDDEN = ("Traceback", "Expect troubles", "Release of profile", "QObject::~QObject", "QThread: Destroyed")
#: Qt messages about faults; forbidden unless the host prints them without a panel, too.
QT_WARNING = re.compile(r"\bQ[A-Z]\w*(::\w+)?: |\bQ[A-Z]\w+::|WebEngine|\bqt\.\w+|\bjs: ")
#: QtWebEngine's messages about this machine: root cannot use the sandbox. And of Qt 6 without OpenGL, as in Blender.
OF_THIS_MACHINE = (
    "Sandboxing disabled by user",
    "QStandardPaths: ",
    "QXcbIntegration: Cannot create platform",
    "QRhiGles2: Failed",
    "ended: killed",  # the package's own line, of the renderer that the checks kill
    "WebEngineContext used before",  # QGIS shares no OpenGL contexts, and the package leaves that as it is
)


def start_script(libraries, script):
    return START.format(paths=[str(libraries), str(ROOT), str(ROOT / "examples"), str(HERE)], script=script)


#: Title of the installed panel, with all characters that could break a start-up file.
TITLE = """Assets "of" Ana's \\ größe [x] & <y>"""


def install(home, libraries, host, *options):
    """Install a panel by the command, in the folder that the command finds."""
    command = [sys.executable, "-m", "auroraview_qt", "install", "--host", host, "--title", TITLE]
    command += ["--object-name", "studio.installed", "--path", str(libraries), "--path", str(ROOT), *options]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **folders(home, host)}, check=True)


def folders(home, host):
    """Return the folder in which a host and the command look for the user's files."""
    data = home / "data" if host == "krita" else home / ".local" / "share"
    return {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(data)}


def freecad(home, libraries, start):
    """Install an addon: FreeCAD runs other files after its own web page, too late to register the scheme."""
    addon = home / ".local" / "share" / "FreeCAD" / "Mod" / "AuroraView"
    addon.mkdir(parents=True, exist_ok=True)
    if start in INSTALLED:
        install(home, libraries, "freecad")
    (addon / "InitGui.py").write_text(start_script(libraries, "in_freecad"), encoding="utf-8")
    return ["freecad"], {}


def krita(home, libraries, start):
    """Install a plugin and switch it on."""
    plugins = home / "data" / "krita" / "pykrita"
    (plugins / "auroraview_hosts").mkdir(parents=True, exist_ok=True)
    (plugins / "auroraview_hosts" / "__init__.py").write_text(start_script(libraries, "in_krita"), encoding="utf-8")
    (plugins / "auroraview_hosts.desktop").write_text(
        "[Desktop Entry]\nType=Service\nServiceTypes=Krita/PythonPlugin\nX-KDE-Library=auroraview_hosts\n"
        "X-Python-2-Compatible=false\nName=AuroraView\nComment=A panel\n",
        encoding="utf-8",
    )
    settings = home / "config" / "kritarc"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[python]\nenable_auroraview_hosts=true\n", encoding="utf-8")
    if start in INSTALLED:
        install(home, libraries, "krita", "--enable")
    return ["krita", "--nosplash"], {}


def blender(home, libraries, start):
    """Write the script for the start; Blender has no Qt, so each start uses another binding."""
    script = home / "start.py"
    text = start_script(libraries, "in_blender")
    if start == "qt6":
        text = f"import sys\nsys.path.insert(0, {QT6!r})\n" + text
    script.write_text(text, encoding="utf-8")
    options = ["--factory-startup"]
    if start in INSTALLED:
        version = subprocess.run(["blender", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        user = home / "config" / "blender" / ".".join(version.split(".")[:2])
        user.mkdir(parents=True, exist_ok=True)  # Blender makes it when it first saves something
        install(home, libraries, "blender")
        options = []  # with --factory-startup Blender runs no start-up files of the user's
    elif start == "endurance":
        # Drawing it in software takes most of a second, so it should not be drawn before each move of a panel.
        options += ["--window-geometry", "0", "0", "700", "500"]
    return ["blender", *options, "--python", str(script)], {
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QT_API": "pyside6" if start == "qt6" else "pyside2" if start in ("again", *INSTALLED) else "pyqt5",
    }


def qgis(home, libraries, start):
    """Write the script it is given, and install a plugin."""
    script = home / "start.py"
    script.write_text(start_script(libraries, "in_qgis"), encoding="utf-8")
    profiles = home / "profiles"
    if start in INSTALLED:
        install(home, libraries, "qgis", "--enable", "--folder", str(profiles / "profiles" / "default"))
    options = ["--nologo", "--noversioncheck", "--profiles-path", str(profiles)]
    return ["qgis", *options, "--code", str(script)], {}


def napari(home, libraries, start):
    """Write the script that opens it; it stands in an environment of its own, which has what the package needs."""
    script = home / "start.py"
    script.write_text(start_script(HERE, "in_napari"), encoding="utf-8")
    variables = {"NAPARI_CONFIG": str(home / "napari.yaml"), "QT_API": "pyqt6", "LIBGL_ALWAYS_SOFTWARE": "1"}
    return [NAPARI, str(script)], variables


HOSTS = {"freecad": freecad, "krita": krita, "blender": blender, "qgis": qgis, "napari": napari}
#: Hosts that `auroraview-qt install` knows, and that are started with a panel of its.
INSTALLABLE = ("freecad", "krita", "blender", "qgis")


def run_once(name, home, libraries, start):
    """Start the host once; print its report and return whether all was well."""
    command, variables = HOSTS[name](home, libraries, start)
    report, log = home / f"report-{start}.jsonl", home / f"log-{start}.txt"
    env = {key: value for key, value in os.environ.items() if not key.startswith(("QT_API", "QT_QPA_", "PYTHON"))}
    env.update(
        # An embedded Python looks for its library beside the first python3 on PATH, and another python3 lacks the host's
        # binding.
        PATH="/usr/local/bin:/usr/bin:/bin:/usr/games",
        **folders(home, name),
        XDG_CACHE_HOME=str(home / "cache"),
        AURORAVIEW_HOSTS_REPORT=str(report),
        AURORAVIEW_HOSTS_START=start,
        AURORAVIEW_HOSTS_TITLE=TITLE,
        AURORAVIEW_HOSTS_PICTURES=PICTURES and str(Path(PICTURES).resolve()),
        **variables,
    )
    if start == "endurance":
        env["QTWEBENGINE_CHROMIUM_FLAGS"] = "--js-flags=--expose-gc"
    with log.open("wb") as output:
        try:
            code = subprocess.run(command, env=env, stdout=output, stderr=output, check=False, timeout=TIMEOUT_S).returncode
        except subprocess.TimeoutExpired:
            code = None
    said = log.read_text(encoding="utf-8", errors="replace")
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()] if report.exists() else []
    for line in lines:
        tell(line)
    checks = [line for line in lines if "check" in line]
    well = bool(checks) and all(line["ok"] for line in checks)
    well &= verdict(code == 0, "the host quits with code 0", f"{code}" if code is not None else f"it ran for {TIMEOUT_S} s")
    found = [text for text in FORBIDDEN if text in said]
    if start == "bare":
        (home / "known.txt").write_text("\n".join(sorted(warnings(said))), encoding="utf-8")
    elif (home / "known.txt").exists():
        found += sorted(warnings(said) - set((home / "known.txt").read_text(encoding="utf-8").splitlines()))
    well &= verdict(not found, "nothing is said that should not be", ", ".join(found))
    if not well:
        print(said[-4000:], flush=True)
    return well


def warnings(said):
    """Return the warnings of Qt in a log, without numbers and addresses, which differ from start to start."""
    lines = (line.removeprefix("Qt: ").strip() for line in said.splitlines() if QT_WARNING.search(line))
    return {re.sub(r"0x[0-9a-f]+|\d+", "#", line) for line in lines if not any(part in line for part in OF_THIS_MACHINE)}


def tell(line):
    """Print a line of the report."""
    if "note" in line:
        print(f"  {'':6} {line['note']}: {line['detail']}", flush=True)
    else:
        detail = f" ({line['detail']})" if line["detail"] and line["ok"] else ""
        print(f"  {'ok' if line['ok'] else 'FAILED':6} {line['check']}{detail}", flush=True)
        if not line["ok"]:
            print(line["detail"], flush=True)


def verdict(ok, what, detail):
    tell({"check": what, "ok": ok, "detail": "" if ok else detail})
    return ok


def main():
    name, home, libraries = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    home.mkdir(parents=True, exist_ok=True)
    installed = INSTALLED if name in INSTALLABLE else ()
    starts = sys.argv[4:] or [*STARTS, *installed, *(["qt6"] if name == "blender" and QT6 else [])]
    return 0 if all(run_once(name, home, libraries, start) for start in starts) else 1


if __name__ == "__main__":
    sys.exit(main())
